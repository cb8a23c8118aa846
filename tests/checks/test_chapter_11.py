"""What the sheet of chapter 11 says in words; its stages and its references beside Keras itself."""

import dataclasses

import numpy as np
import pytest

from course.checks import find
from course.checks.chapter_11.exchanges import EXCHANGED, walk_in_order
from course.checks.chapter_11.stages import NEUTRAL, STAGES, in_order
from course.checks.resuming import until_stop
from course.publish.notebooks import ROOT, read_source
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


def solution(task):
    """The text of the solution's cell."""
    (path,) = (ROOT / "solutions/source").glob("11_*.py")
    cells = [c for c in read_source(path).cells if c.id == task.answer_cell]
    return next(cell.source for cell in cells if "answer" in cell.metadata.tags)


def answer(task):
    """The solution's class, made in names of its own."""
    names = _given()
    exec(solution(task), names)
    return names[task.asks]


BOTH = pytest.mark.parametrize("task", [RESUME, TORCH], ids=["resume", "torch"])


@pytest.mark.parametrize(
    ("forgets", "says"),
    [
        ("get_config", "get_config returned nothing (None); end it with: return config"),
        ("build", "begin build with super().build(variables)"),
    ],
)
@BOTH
def test_a_class_that_has_forgotten_a_line_is_told_which(task, forgets, says):
    forgotten = type("Forgets", (answer(task),), {forgets: lambda self, *variables: None})
    finding = task.look(forgotten)
    assert not finding.passed and says in finding.lines[-1]


#: What stands in a solution, what a learner wrote in its place, and what is said of it.
SLIPS = (
    (RESUME, "momentum=0.5", "momentum=0.9", "Where no momentum is said, yours is 0.9."),
    (RESUME, "learning_rate=0.01", "learning_rate=0.1", "is said, yours is 0.1."),
    (RESUME, "__init__(learning_rate, **", "__init__(0.01, **", "hand it on in super().__init__"),
    (RESUME, "- learning_rate * g", "- self.rate * g", "You take the learning rate that __init__"),
    (RESUME, "self.momentum = momentum", "self.momentum = 0.5", "__init__ must store it"),
    (TORCH, "top_speed=1.0", "top_speed=10.0", "Where no top speed is said, yours is above 1."),
    (
        TORCH,
        "learning_rate * new",
        "self.rate * new",
        "You move with the learning rate that __init__",
    ),
    (TORCH, '"top_speed": self', '"top": self', "`top` is handed to an __init__ that does not"),
    (RESUME, "def get_config(self)", "def get_config()", "Is `self` missing in the first line of"),
    (
        RESUME,
        "learning_rate=0.01, momentum=0.5",
        "learning_rate, momentum",
        "Keep the first line of the sheet's __init__",
    ),
    (TORCH, "super().get_config() | ", "", "are lost when the optimizer is made anew"),
)


@pytest.mark.parametrize(("task", "right", "wrong", "says"), SLIPS)
def test_defaults_and_rates_are_those_of_the_sheet(task, right, wrong, says):
    source = solution(task)
    assert right in source
    kept = ")\n        self.momentum = momentum", ")\n        self.rate = learning_rate\n        "
    source = source.replace(kept[0], kept[1] + kept[0][10:]).replace(right, wrong)
    names = _given()
    exec(source, names)
    assert says in task.look(names[task.asks]).because


#: Where a class may keep its velocities, out of Keras's sight, so that no file has them.
HIDING = {
    "in the object": "{}",
    "in the class": "self.kept",
    "in the notebook's own names": "KEPT",
}
HIDES = """
class Hides(Right):
    kept = {}

    def build(self, variables):
        keras.optimizers.Optimizer.build(self, variables)
        kept = WHERE
        velocities = [kept.setdefault(i, keras.Variable(v * 0)) for i, v in enumerate(variables)]
        object.__setattr__(self, "velocities", velocities)
"""
GIVES_ITSELF_BACK = """
class Hides(Right):
    def __init__(self, *arguments, **settings):
        Right.__init__(self, *arguments, **settings)
        type(self).last = self

    def build(self, variables):
        if not self.built:
            keras.optimizers.Optimizer.build(self, variables)
            velocities = [keras.Variable(v * 0) for v in variables]
            object.__setattr__(self, "velocities", velocities)

    @classmethod
    def from_config(cls, config):
        return cls.last
"""
CASES = {way: HIDES.replace("WHERE", where) for way, where in HIDING.items()}
CASES["in the old object, which comes back"] = GIVES_ITSELF_BACK


@pytest.mark.parametrize("way", CASES)
@BOTH
def test_what_no_file_keeps_is_gone_after_the_stop(task, way):
    Right = answer(task)
    names = Right.get_config.__globals__ | {"KEPT": {}, "Right": Right}
    exec(CASES[way], names)
    finding = task.look(names["Hides"])
    assert not finding.passed
    # It is the stop that they do not outlive: all the rest is right.
    case = task.cases()[1]
    weights, calls, arguments, _ = case.arguments
    rows, _ = until_stop(names["Hides"], weights, calls, arguments)
    np.testing.assert_allclose(rows, task.reference(*case.arguments))


#: Ways to write the same class, and what may stand beside it in a notebook.
HABITS = {
    "a helper with an underscore": (
        "def _kept(config): return config\n",
        "def get_config(self): return _kept(super().get_config()) | WANTED(self)",
    ),
    "a decorated method": (
        "def logged(f):\n    def g(*a):\n        return f(*a)\n    return g\n",
        "@logged\n    def build(self, variables): super().build(variables)",
    ),
    "a number of NumPy's": ("", "def get_config(self): return super().get_config() | WANTED(self)"),
    "an enum beside it": (
        "import enum\nclass Kind(enum.Enum):\n    A = 1\n    def f(self): return 1\n",
        "pass",
    ),
    "slots beside it": ("class S:\n    __slots__ = ('a',)\n    def f(self): return 1\n", "pass"),
    "a stream as a default": ("import sys\ndef say(x, out=sys.stdout): return x\n", "pass"),
}
WANTED = """
def WANTED(self):
    mine = {name: getattr(self, name, None) for name in ("momentum", "top_speed")}
    return {name: np.float32(value) for name, value in mine.items() if value is not None}
"""


@pytest.mark.parametrize("habit", HABITS)
@BOTH
def test_a_right_optimizer_is_right_whatever_its_notebook_looks_like(task, habit):
    before, body = HABITS[habit]
    names = answer(task).get_config.__globals__
    names["Right"] = names[task.asks]
    exec(f"{WANTED}{before}\nclass Mine(Right):\n    {body}\n", names)
    finding = task.look(names["Mine"])
    assert finding.passed, finding.lines


def test_at_a_constant_rate_pytorchs_ball_takes_the_steps_of_kerass():
    weights, calls, arguments, stop = TORCH.cases()[-1].arguments
    calls = [(0.25, gradients) for _, gradients in calls]
    free = {"momentum": arguments["momentum"], "top_speed": np.inf}
    variables = [keras.Variable(w, dtype="float32") for w in weights]
    optimizer = keras.optimizers.SGD(0.25, momentum=arguments["momentum"])
    for row, (_, gradients) in zip(TORCH.reference(weights, calls, free, stop), calls):
        optimizer.apply([keras.ops.convert_to_tensor(g, "float32") for g in gradients], variables)
        np.testing.assert_allclose(row, np.concatenate([v.numpy() for v in variables]), rtol=1e-6)


@pytest.mark.parametrize("task", [RESUME, TORCH], ids=lambda task: task.name)
def test_float32_computes_every_case_exactly_so_that_no_rounding_fails_an_answer(task):
    for case in dataclasses.replace(task, drawn=20).cases(seed=7):
        if "learning_rate" not in case.arguments[2]:
            continue  # the default rate, 0.01, has no exact float32
        exact = np.array(task.reference(*case.arguments))
        assert np.array_equal(exact, exact.astype("float32"))
