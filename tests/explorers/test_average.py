"""The Python side of the average: what it sends to the browser, and what it says."""

import functools

import numpy as np
import pytest

from course import sgd
from course.explorers import Average
from course.explorers.average import FRAME, NOISE, RUNS, STEPS, noise
from course.explorers.averaging import CASES
from course.theory import kept, variance_ratio
from tests.explorers.sent import sent

START = np.array([-4.0, 1.5])


@functools.cache
def average():
    return Average()


def by_steps(learning_rate, ema_momentum, frequency, disturbed=None):
    """All runs from `sgd.step`, called once for every step: points (steps + 1, runs, 2) of both."""
    disturbed = noise() if disturbed is None else disturbed
    weights = [np.tile(START, (disturbed.shape[1], 1))]
    state, points = sgd.initial_state(weights), {"weights": [weights[0]], "average": []}
    for shaken in disturbed:
        weights, state = sgd.step(
            weights,
            [weights[0] + shaken],  # the bowl's gradient at w is w
            state,
            learning_rate=learning_rate,
            use_ema=True,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=frequency,
        )
        points["weights"].append(weights[0])
        points["average"].append(state.average[0])
    points["average"].insert(0, np.full_like(weights[0], np.nan))
    return {key: np.array(found) for key, found in points.items()}


def says(*at):
    """What is said of the whole run."""
    return average().compute(*at)[1]["told"][0].replace("\N{NO-BREAK SPACE}", " ")


def case(at, step):
    """What is the case after a step, and what is said of it."""
    columns, words = average().compute(*at)
    name = CASES[int(columns["case"][0, step])]
    return name, words[name][0]


@pytest.mark.parametrize(
    ("over", "value", "at"),
    [
        ("learning_rate", 0.01, (0.01, 0.98, None)),
        ("learning_rate", 1.6, (1.6, 0.98, None)),
        ("ema_momentum", 0.0, (0.2, 0.0, None)),
        ("ema_momentum", 0.999, (0.2, 0.999, None)),
        ("ema_overwrite_frequency", 5, (0.2, 0.98, 5)),
        ("ema_overwrite_frequency", 100, (0.2, 0.98, 100)),
        ("ema_overwrite_frequency", None, (0.2, 0.98, None)),
    ],
)
def test_each_row_of_a_sweep_is_the_walk_of_the_numpy_step_with_its_average(over, value, at):
    sweep, row = getattr(average(), f"by_{over}"), average().positions[over].index(value)
    for key, points in by_steps(*at).items():
        losses = np.square(points).sum(axis=-1) / 2
        drawn = {"x": points[:, 0, 0], "y": points[:, 0, 1], "loss": losses[:, 0]}
        drawn["mean"] = losses.mean(axis=-1)
        for name, numbers in drawn.items():
            found = sent(sweep, row, f"{key}.{name}")
            np.testing.assert_allclose(found, numbers, rtol=2e-4, atol=2e-6, err_msg=name)


def test_a_period_marks_every_overwriting_and_there_both_are_one():
    row = average().positions["ema_overwrite_frequency"].index(20)
    sweep = average().by_ema_overwrite_frequency
    due = np.flatnonzero(sent(sweep, row, "overwritten"))
    assert due.tolist() == list(range(20, STEPS + 1, 20))
    for axis in "xy":
        weights, mean = (sent(sweep, row, f"{key}.{axis}") for key in ("weights", "average"))
        assert (weights == mean)[due].all() and not (weights == mean)[due[1:] - 1].any()


def test_before_the_first_step_there_is_no_average_and_the_first_copies_the_weights():
    weights, mean = (sent(average().by_ema_momentum, 20, f"{key}.x") for key in by_steps(0.2, 0, 1))
    assert np.isnan(mean[0]) and np.isfinite(mean[1:]).all() and mean[1] == weights[1]
    assert case((0.2, 0.98, None), 0)[0] == "none" and case((0.2, 0.98, None), 1)[0] == "copied"


# ---- slider positions ----------------------------------------------------------------


def test_ema_momentum_is_even_in_the_memory_and_reaches_0_and_0_999():
    momenta = np.array(average().positions["ema_momentum"])
    memory = 1 / (1 - momenta)
    ratios = memory[1:] / memory[:-1]
    assert momenta[0] == 0 and momenta[-1] == 0.999
    assert {*momenta}.issuperset([0.5, 0.9, 0.95, 0.98, 0.99])
    assert ratios.min() > 1.1 and ratios.max() < 1.6


def test_a_value_that_is_given_has_its_place_on_the_slider_and_never_is_the_longest_period():
    positions = Average(0.37, 0.9, 30).positions
    assert 0.37 in positions["learning_rate"]
    assert positions["ema_overwrite_frequency"] == [5, 10, 20, 30, 50, 100, None]


def test_a_value_set_from_python_moves_to_the_nearest_position_of_its_slider():
    explorer = Average(ema_overwrite_frequency=20)
    explorer.ema_momentum, explorer.ema_overwrite_frequency = 0.9901, 40
    assert (explorer.ema_momentum, explorer.ema_overwrite_frequency) == (0.99, 50)
    explorer.ema_overwrite_frequency = None
    assert explorer.ema_overwrite_frequency is None


# ---- the formula, and what overwriting leaves ----------------------------------------


@pytest.mark.parametrize(
    ("ema_momentum", "correlation", "ratio"),
    [(0, 0.9, 1), (0.99, 0, 0.005), (0.99, 0.99, 0.5), (1, 0.9, 0), (0.95, -0.9, 0.002)],
)
def test_the_formula_gives_the_ratios_of_the_curriculum(ema_momentum, correlation, ratio):
    assert variance_ratio(ema_momentum, correlation) == pytest.approx(ratio, abs=5e-4, rel=6e-3)


@pytest.mark.parametrize("learning_rate", [0.1, 0.5, 1.0, 1.6])
@pytest.mark.parametrize("ema_momentum", [0.5, 0.9, 0.98])
def test_the_measured_variance_is_that_of_the_formula_to_a_sixth(learning_rate, ema_momentum):
    points = by_steps(learning_rate, ema_momentum, None)
    weights, mean = (points[key][STEPS // 2 + 1 :].var(axis=1).sum() for key in points)
    formula = variance_ratio(ema_momentum, 1 - learning_rate)
    assert mean / weights == pytest.approx(formula, rel=1 / 6)
    told = says(learning_rate, ema_momentum, None)
    assert f"variance is {mean / weights:.2g} of" in told and f"gives {formula:.2g}" in told
    assert "few" not in told


@pytest.mark.parametrize(("ema_momentum", "learning_rate"), [(0.95, 0.1), (0.98, 1.6), (0.5, 2.1)])
def test_what_a_period_leaves_is_what_the_steps_without_noise_leave(ema_momentum, learning_rate):
    still = np.zeros((40, 1, 2))
    distance = np.abs(by_steps(learning_rate, ema_momentum, 10, still)["weights"][:, 0, 0])
    left = kept(ema_momentum, 1 - learning_rate, 10)
    assert distance[40] / distance[30] == pytest.approx(left, rel=1e-6)


# ---- words ---------------------------------------------------------------------------


def test_the_words_say_behind_while_the_average_comes_down_and_better_from_then_on():
    at = (0.2, 0.98, None)
    mean = {key: np.square(p).sum(axis=-1).mean(axis=-1) for key, p in by_steps(*at).items()}
    last = int(np.flatnonzero(mean["average"] > 1.02 * mean["weights"]).max())
    assert 50 < last < STEPS // 2
    name, words = case(at, last)
    assert name == "behind" and f"for the last time at step {last}" in words
    assert "m/(1 − m) = 49 steps" in words
    assert case(at, last + 2)[0] in ("equal", "better") and case(at, STEPS)[0] == "better"


@pytest.mark.parametrize(
    ("at", "step", "name", "words"),
    [
        ((0.2, 0.999, None), STEPS, "behind", f"and still is at step {STEPS}"),
        ((0.2, 0.999, 5), STEPS - 1, "behind", f"and still is at step {STEPS}"),
        ((0.2, 0.999, 5), STEPS, "overwritten", "this step put the average in the weights' place"),
        ((0.2, 0.5, None), 3, "behind", "lag is m/(1 − m) = 1 step."),
        ((0.2, 0, None), 9, "equal", "with ema_momentum 0 the average is the weights"),
        ((0.2, 1, None), 99, "behind", "with ema_momentum 1 it stays at the first weights"),
        ((1.9, 1, None), 99, "better", "with ema_momentum 1 it stays at the first weights"),
        ((1.0, 0.95, None), 60, "better", "partly cancels"),
        ((1.99, 0.95, None), STEPS, "better", "partly cancels"),
        ((2.0, 0.95, None), STEPS, "grows", "Both grow without bound"),
        ((2.1, 0.95, 5), STEPS - 1, "better", "partly cancels"),
        ((2.1, 0.95, 100), STEPS - 1, "grows", "Both grow without bound"),
    ],
)
def test_the_words_name_the_case_at_its_edges(at, step, name, words):
    assert case(at, step)[0] == name and words in case(at, step)[1]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ((1.0, 0.95, None), "gives 0.026: at ηλ = 1 successive weights are independent."),
        ((0.2, 0.98, None), "gives 0.083, and 0.01 if successive weights were independent."),
        ((0.2, 0.985, None), "300 steps are few for a memory of 67."),
        ((0.01, 0.5, None), "300 steps are few for a memory of 100."),
        ((0.2, 0, 20), "Overwriting would change nothing."),
        ((0.1, 0.98, 20), "leaves 79 % of the distance to the minimum, without overwriting 12.2 %"),
        ((0.1, 0.98, 20), "variance is 0.8 of what it is without: slower and quieter, as with"),
        ((0.1, 0.999, 5), "So the weights do not come down in 300 steps."),
        ((0.1, 0.98, 1), "Every step the weights become the average; such a period leaves 99.8 %"),
        ((2.0, 0.95, None), "from 2/λ = 2 on the weights grow."),
        ((2.1, 0.95, 5), "leaves 71 % of the distance to the minimum. Without overwriting they"),
        ((2.1, 0.95, 100), "and overwriting every 100 steps does not hold them."),
    ],
)
def test_the_words_on_the_whole_run_are_right_in_every_regime(at, words):
    assert words in says(*at)


def test_a_period_longer_than_the_run_says_and_does_what_never_does():
    at_last, beyond, never = (says(0.2, 0.98, period) for period in (STEPS, STEPS + 1, None))
    assert beyond == never and at_last != never


def test_weights_beyond_every_float_have_a_loss_without_bound_and_not_nan():
    columns, words = average().compute(1e200, 0.95, np.array([None, 5]))
    for name in ("weights.loss", "weights.mean", "average.loss", "average.mean"):
        assert not np.isnan(columns[name][:, 1:]).any() and np.isinf(columns[name][:, -1]).all()
    assert all("is too large here" in told for told in words["told"])


# ---- arguments and the still ---------------------------------------------------------


def test_the_picture_has_room_for_the_start_and_for_the_noise_at_the_floor():
    points = by_steps(0.2, 0.98, None)["weights"][:, 0]
    assert all(
        (low < points[:, i]).all() and (points[:, i] < high).all()
        for i, (low, high) in enumerate(FRAME)
    )
    assert noise().shape == (STEPS, RUNS, 2) and noise().std() == pytest.approx(NOISE, rel=0.01)
