"""What the sheet of chapter 11 says in words; its stages and its references beside Keras itself."""

import dataclasses

import numpy as np
import pytest

from course.checks import find
from course.checks.chapter_11 import EXCHANGED, NEUTRAL, STAGES, in_order, walk_in_order
from course.quietly import keras
from tests.checks.accepted.chapter_11 import _given

RIGHT = "uacdmeokn"
SINGLE_MOVES = {
    (rest := RIGHT.replace(letter, ""))[:place] + letter + rest[place:]
    for letter in RIGHT
    for place in range(len(RIGHT))
}
HARMLESS = {RIGHT, "aucdmeokn", "uadcmeokn", "duacmeokn", "udacmeokn", "uacdmeonk"}
TRAIN, RESUME, TORCH = (find(f"11.{name}") for name in ("train", "resume", "torch"))


@pytest.mark.parametrize("case", TRAIN.cases(seed=5), ids=lambda case: case.title)
def test_the_nine_stages_in_order_are_kerass_optimizer(case):
    w, calls, settings = case.arguments
    settings = NEUTRAL | settings
    rate, factor, lowest = (settings.pop(n) for n in ("learning_rate", "rate_factor", "lowest"))
    settings["learning_rate"] = keras.optimizers.schedules.ExponentialDecay(rate, 1, factor)
    neutral = {"gradient_accumulation_steps": 1, "clipnorm": np.inf}
    settings |= {name: None for name, value in neutral.items() if settings[name] == value}
    optimizer = keras.optimizers.SGD(use_ema=True, **settings)
    variable = keras.Variable(w, dtype="float32")
    variable.constraint = lambda values: keras.ops.maximum(values, lowest)
    for gradient in calls:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, "float32")], [variable])
    weights = variable.numpy()
    optimizer.finalize_variable_values([variable])
    for ours, theirs in zip(TRAIN.reference(w, calls, case.arguments[2]), (weights, variable)):
        np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(theirs), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("letters", [RIGHT, "aecknmdou", "uacdmneok", "muacdeokn", "cuamdkeon"])
def test_the_stages_of_the_sheet_are_those_of_its_check(letters):
    names, stages = _given(), {letter: stage.__name__[1:] for letter, stage in STAGES.items()}
    for case in TRAIN.cases():
        w, calls, settings = case.arguments
        s = names["begin"](w, settings)
        for s.g in calls:
            for letter in letters:
                names[stages[letter]](s)
        np.testing.assert_allclose((s.w, s.average), in_order(letters)(w, calls, settings))


@pytest.mark.parametrize("letters", sorted(SINGLE_MOVES))
def test_a_single_stage_in_a_wrong_place_is_explained_and_a_harmless_one_accepted(letters):
    finding = TRAIN.look(in_order(letters))
    assert finding.passed == (letters in HARMLESS)
    assert finding.passed or not finding.lines[-1].startswith("    yours")


def test_the_call_by_hand_ends_where_keras_ends():
    weight = keras.Variable(2.0)
    settings = {"weight_decay": 0.1, "clipnorm": 1.0, "loss_scale_factor": 8.0}
    optimizer = keras.optimizers.SGD(0.5, momentum=0.8, nesterov=True, **settings)
    optimizer.apply([keras.ops.convert_to_tensor(4.0)], [weight])
    assert float(weight) == pytest.approx(find("11.by_hand").reference)


def test_the_exchanges_look_as_the_words_beside_the_picture_say():
    right = walk_in_order(RIGHT)
    a, b, c = (walk_in_order(order) for order in EXCHANGED.values())
    assert 0.4 < right[9] < 0.5 and 0.8 < right[10] < 0.9
    assert right[12] > 0 and (right[13:] == 0).all()
    assert np.array_equal(a, right)
    assert list(np.flatnonzero(b != right)) == [20, 30, 40, 50, 60] == list(np.flatnonzero(b < 0))
    assert c[60] > 1 and (c[10:60:10] > c[9:59:10]).all()


@pytest.mark.parametrize(
    ("forgets", "says"),
    [
        ("get_config", "get_config returned nothing (None); end it with: return config"),
        ("build", "begin build with super().build(variables)"),
    ],
)
@pytest.mark.parametrize(
    ("name", "task"), [("StoppingBall", RESUME), ("PyTorchBall", TORCH)], ids=["resume", "torch"]
)
def test_the_given_functions_say_which_line_a_class_has_forgotten(name, task, forgets, says):
    names = _given()
    forgotten = {forgets: lambda self, *variables: None}
    names[name] = type(name, (keras.optimizers.Optimizer,), {"__init__": _takes, **forgotten})
    finding = task.look(names[task.asks])
    assert not finding.passed and says in finding.lines[-1]


def _takes(self, learning_rate, momentum=0.5, **settings):
    keras.optimizers.Optimizer.__init__(self, learning_rate, **settings)


def test_at_a_constant_rate_pytorchs_ball_takes_the_steps_of_kerass():
    weights, calls, _, momentum, _ = TORCH.cases()[-1].arguments
    variables = [keras.Variable(w, dtype="float32") for w in weights]
    optimizer = keras.optimizers.SGD(0.25, momentum=momentum)
    rates = [0.25] * len(calls)
    for row, gradients in zip(TORCH.reference(weights, calls, rates, momentum, {}), calls):
        optimizer.apply([keras.ops.convert_to_tensor(g, "float32") for g in gradients], variables)
        np.testing.assert_allclose(row, np.concatenate([v.numpy() for v in variables]), rtol=1e-6)


@pytest.mark.parametrize("task", [RESUME, TORCH], ids=lambda task: task.name)
def test_float32_computes_every_case_exactly_so_that_no_rounding_fails_an_answer(task):
    for case in dataclasses.replace(task, drawn=20).cases(seed=7):
        exact = np.array(task.reference(*case.arguments))
        assert np.array_equal(exact, exact.astype("float32"))
