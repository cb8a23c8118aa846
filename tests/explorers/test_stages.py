"""The Python side of the explorer of one call: what it sends to the browser, and what it says."""

import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import sgd
from course.explorers import Stages
from course.explorers.exchanges import EXCHANGES
from course.explorers.one_weight import CALLS, ORDER, START, gradient
from tests.effort import examples
from tests.explorers.sent import sent

OFF = {"momentum": 0.0, "weight_decay": 0.0, "clipvalue": None, "ema_momentum": None}
OFF |= {"nesterov": False, "loss_scale_factor": None, "gradient_accumulation_steps": None}
OFF |= {"ema_overwrite_frequency": None}
ARGUMENTS = st.fixed_dictionaries(
    {
        "learning_rate": st.sampled_from([0.02, 0.2, 0.34, 0.5]),
        "momentum": st.sampled_from([0.0, 0.5, 0.9, 1.0]),
        "nesterov": st.booleans(),
        "weight_decay": st.sampled_from([0.0, 0.1, 0.5, 1.0]),
        "clipvalue": st.sampled_from([None, 0.1, 1.0, 2.3]),
        "ema_momentum": st.sampled_from([None, 0.0, 0.8, 0.98, 1.0]),
        "ema_overwrite_frequency": st.sampled_from([None, 1, 2, 3]),
        "loss_scale_factor": st.sampled_from([None, 2.0, 1024.0, 3.0]),
        "gradient_accumulation_steps": st.sampled_from([None, 2, 3]),
    }
)
MINUS = str.maketrans("−", "-")


def made(**arguments):
    """The explorer; nesterov without momentum warns, as it does in the optimizer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Stages(**arguments)


def stepped(ema_momentum, **arguments):
    """The arguments as `sgd.step` takes them."""
    averages = {} if ema_momentum is None else {"use_ema": True, "ema_momentum": ema_momentum}
    return arguments | averages


def arrives(weight, call, loss_scale_factor=None, **_):
    """The gradient of a call as the optimizer gets it."""
    return gradient(weight, call) * np.float32(loss_scale_factor or 1)


def by_steps(**arguments):
    """(weight, state) before the first call and after each, from `sgd.step` alone."""
    weights = [np.array([START], "float32")]
    state = sgd.initial_state(weights)
    seen = [(weights[0], state)]
    for call in range(CALLS):
        gradients = [arrives(weights[0], call, **arguments)]
        weights, state = sgd.step(weights, gradients, state, **stepped(**arguments))
        seen.append((weights[0], state))
    return seen


def computed(**arguments):
    """The one row of columns and the words of these arguments."""
    columns, words = Stages().compute(**arguments)
    return {n: column[0] for n, column in columns.items()}, {k: w[0] for k, w in words.items()}


@settings(max_examples=examples(150), deadline=None)
@given(ARGUMENTS)
def test_the_stages_end_exactly_where_the_step_ends(arguments):
    row, _ = computed(**arguments)
    for step, (weight, state) in enumerate(by_steps(**arguments)):
        ends = {"w.after": weight, "v.after": state.velocity[0]}
        ends |= {"sum.after": state.accumulator[0], "a.after": state.average[0]}
        for name, end in ends.items():
            assert row[name].dtype == "float32" and row[name][step] == end[0], (name, step)


@settings(max_examples=examples(60), deadline=None)
@given(ARGUMENTS)
def test_what_goes_out_of_one_stage_comes_in_at_the_next(arguments):
    row, _ = computed(**arguments)
    for memory in ("sum", "v", "a"):
        np.testing.assert_array_equal(row[f"{memory}.before"][1:], row[f"{memory}.after"][:-1])
    np.testing.assert_array_equal(row["w.before"][1:], row["w.after"][:-1])
    due = row["due"] == 1
    assert np.isnan(row["g.clipped"][~due]).all() and not np.isnan(row["g.clipped"][due]).any()
    np.testing.assert_array_equal(row["w.moved"][1:][~due[1:]], row["w.before"][1:][~due[1:]])
    if arguments["momentum"]:
        rolled = row["v.kept"] + row["v.push"]
        np.testing.assert_allclose(rolled[due], row["v.after"][due], rtol=1e-6, atol=1e-7)
    if arguments["clipvalue"] is not None:
        assert (abs(row["g.clipped"][due]) <= np.float32(arguments["clipvalue"])).all()


@pytest.mark.parametrize(
    ("over", "value"),
    [
        ("learning_rate", 0.02),
        ("learning_rate", 0.5),
        ("momentum", 0.0),
        ("weight_decay", 1.0),
        ("clipvalue", 0.1),
        ("clipvalue", None),
        ("ema_momentum", None),
        ("ema_momentum", 0.98),
    ],
)
def test_each_row_of_a_sweep_is_the_way_of_the_numpy_step_to_the_bit(over, value):
    stages = Stages()
    at = {name: getattr(stages, name) for name in stages.parameters} | {over: value}
    sweep, row = getattr(stages, f"by_{over}"), stages.positions[over].index(value)
    weights = [weight[0] for weight, _ in by_steps(**at)]
    np.testing.assert_array_equal(sent(sweep, row, "w.after"), weights)


def test_the_rows_of_the_picture_are_the_stages_of_the_step_in_their_order():
    names = [name for name, *_ in Stages().scene["rows"]]
    assert [name for name in names if name != "velocity"] == list(ORDER)
    assert list(ORDER) == [stage for stage in sgd.STAGES if stage in ORDER]
    assert {*sgd.STAGES} - {*ORDER} == {"drop missing", "constrain", "count"}


def test_an_argument_that_is_off_lets_through_what_comes_in():
    row, _ = computed(learning_rate=0.2, **OFF)
    for before, after in (
        ("g.arrived", "g.true"),
        ("g.true", "g.mean"),
        ("g.mean", "g.clipped"),
        ("w.before", "w.decayed"),
        ("v.before", "v.after"),
        ("a.before", "a.after"),
        ("w.moved", "w.after"),
    ):
        np.testing.assert_array_equal(row[before], row[after].clip(row[before], row[before]))
        np.testing.assert_array_equal(row[before][1:], row[after][1:])


#: What is left out of a call, by the word for it: how `sgd.step` is then called.
WITHOUT = {
    "Clip": {"clipvalue": None},
    "Decay": {"weight_decay": None},
    "Momentum": {"momentum": 0.0},
    "The look-ahead": {"nesterov": False},
    "Overwrite": {"ema_overwrite_frequency": None},
    "Taking the mean": {"gradient_accumulation_steps": None},
}


@settings(max_examples=examples(100), deadline=None)
@given(ARGUMENTS)
def test_the_words_name_the_argument_without_which_the_step_would_end_farthest(arguments):
    row, words = computed(**arguments)
    seen, count = by_steps(**arguments), arguments["gradient_accumulation_steps"] or 1
    for step in range(count, CALLS + 1, count):
        (weight, state), (end, _) = seen[step - 1 : step + 1]
        moves = {}
        for name, off in WITHOUT.items():
            changed = arguments | off
            mean = "gradient_accumulation_steps" in off
            before = state._replace(calls=state.calls // count) if mean else state
            gradients = [arrives(weight, step - 1, **arguments)]
            [other], _ = sgd.step([weight], gradients, before, **stepped(**changed))
            moves[name] = (other - weight)[0]
        real = (end - weight)[0]
        farthest = max(abs(move - real) for move in moves.values())
        if " changes this call most" not in words[str(step)]:
            assert farthest < 2e-4 and "no stage but the move itself" in words[str(step)]
            continue
        name = words[str(step)].split(" changes this call most")[0]
        assert abs(moves[name] - real) == pytest.approx(farthest, abs=1e-6)
        told = re.search(r"moves by (−?[\d.]+), without it by (−?[\d.]+)\.", words[str(step)])
        moved, without = (float(number.translate(MINUS)) for number in told.groups())
        assert (moved, without) == pytest.approx((real, moves[name]), abs=6e-5)
        assert moved != without


def test_decay_after_the_move_would_shrink_the_new_weight():
    arguments = OFF | {"learning_rate": 0.2, "weight_decay": 0.5}
    row, words = computed(**arguments)
    moved = row["w.before"][1] + row["v.push"][1]
    assert words["1"].endswith(
        "Decay shrinks the old weight: after the move it would shrink the new one, and the weight "
        f"would end at {moved * 0.9:.4f} instead of {row['w.after'][1]:.4f}."
    )


def test_a_clip_before_the_mean_would_cut_each_gradient():
    arguments = OFF | {"learning_rate": 0.2, "clipvalue": 1.0, "gradient_accumulation_steps": 2}
    row, words = computed(**arguments)
    first, second = row["g.true"][3:5]
    assert second < 1 < first  # the mean of the cut ones is another than the cut mean
    other = row["w.before"][4] - 0.2 * (1 + second) / 2
    assert words["4"].endswith(
        f"The clip sees the mean: if it cut each gradient before, the weight would end at "
        f"{other:.4f} instead of {row['w.after'][4]:.4f}."
    )


def test_a_clip_before_unscale_would_see_an_enlarged_gradient():
    arguments = OFF | {"learning_rate": 0.2, "clipvalue": 1.0, "loss_scale_factor": 2.0}
    row, words = computed(**arguments)
    other = row["w.before"][1] - 0.2 * 1.0 / 2
    assert row["g.true"][1] > 1
    assert words["1"].endswith(
        "The clip sees the true gradient: before unscale it would see an enlarged one, and the "
        f"weight would end at {other:.4f} instead of {row['w.after'][1]:.4f}."
    )


def test_an_average_before_the_move_would_not_see_this_step():
    row, words = computed(**OFF | {"learning_rate": 0.2, "ema_momentum": 0.8})
    other = 0.8 * row["a.before"][2] + 0.2 * row["w.before"][2]
    assert words["2"].endswith(
        "The average follows the moved weight: before the move it would not see this step, and be "
        f"{other:.4f} instead of {row['a.after'][2]:.4f}."
    )


def test_overwriting_before_the_average_would_bring_back_the_old_one():
    often = {"learning_rate": 0.2, "ema_momentum": 0.8, "ema_overwrite_frequency": 3}
    row, words = computed(**OFF | often)
    assert row["overwritten"].tolist()[1:7] == [0, 0, 1, 0, 0, 1]
    assert words["3"].startswith("Overwrite changes this call most: ")
    assert words["3"].endswith(
        "before average it would put in the old one, and the weight would end at "
        f"{row['a.before'][3]:.4f} instead of {row['a.after'][3]:.4f}."
    )


def test_a_call_that_does_not_update_says_what_waits_and_what_does_not():
    words = computed(**OFF | {"learning_rate": 0.2, "gradient_accumulation_steps": 3})[1]
    assert words["0"].startswith("Before the first call: the weight is 2; ")
    for call, due in ((1, 3), (2, 3), (4, 6), (11, 12)):
        assert words[str(call)].startswith(f"Call {call} adds its gradient to the sum, now ")
        assert f"clip, decay and move wait for call {due}. No exchange" in words[str(call)]
    also = {"gradient_accumulation_steps": 2, "ema_momentum": 0.8, "ema_overwrite_frequency": 2}
    words = computed(**OFF | {"learning_rate": 0.2, **also})[1]
    assert "wait for call 2, but the average follows." in words["1"]
    assert "wait for call 4, but the average follows and overwrites the weight." in words["3"]


def test_with_everything_off_no_stage_and_no_order_shows():
    row, words = computed(learning_rate=0.2, **OFF)
    for call in range(1, CALLS + 1):
        moves = f"{row['w.after'][call] - row['w.before'][call]:.4f}".replace("-", "−")
        assert words[str(call)] == (
            f"The weight moves by {moves} in this call; no stage but the move itself changes that. "
            "No exchange of two stages shows in this call."
        )


def test_every_exchange_is_of_two_stages_in_the_order_of_the_step():
    for first, second in EXCHANGES:
        assert ORDER.index(first) < ORDER.index(second)


def test_python_sets_an_argument_on_and_off():
    stages = Stages()
    stages.clipvalue, stages.ema_momentum, stages.nesterov = None, 0.805, True
    assert (stages.clipvalue, stages.nesterov) == (None, True)
    assert stages.ema_momentum in (0.8, 0.82)
    assert stages.by_momentum["at"]["clipvalue"] is None and stages.by_momentum["at"]["nesterov"]
    assert made(ema_momentum=None, weight_decay=None).weight_decay == 0


def test_a_sweep_stays_small():
    stages = Stages()
    for over in stages.swept:
        sweep = getattr(stages, f"by_{over}")
        told = sum(len(said) for sentences in sweep["words"].values() for said in sentences)
        assert len(sweep["data"]) + told < 500_000
