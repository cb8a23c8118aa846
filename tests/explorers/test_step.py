"""The Python side of the explorer of one step: what it sends to the browser, and what it says."""

import numpy as np
import pytest

from course import sgd
from course.explorers import Step
from course.explorers.shared.regimes import COMES_DOWN, DIVERGES, FLIPS, NEVER
from tests.explorers.sent import sent


def by_steps(learning_rate, curvature, start=(-4.0, 2.0), shallow=0.2, steps=20):
    """The same path from `sgd.step`, called once for every step."""
    weights = [np.array(start)]
    state, points = sgd.initial_state(weights), [weights[0]]
    for _ in range(steps):
        gradients = [np.array([shallow, curvature]) * weights[0]]
        weights, state = sgd.step(weights, gradients, state, learning_rate=learning_rate)
        points.append(weights[0])
    return np.array(points)


def said(learning_rate, curvature=1.0, shallow=0.2):
    """The two sentences for one setting."""
    step = Step(learning_rate, curvature, shallow=shallow)
    _, words = step.compute(learning_rate, curvature, step.start)
    return words["directions"][0], words["both"][0]


@pytest.mark.parametrize("row", [0, 49, 99, 150])
def test_each_row_of_the_learning_rate_sweep_is_the_path_of_the_numpy_step(row):
    step = Step()
    path = by_steps(step.positions["learning_rate"][row], 1.0).astype("float32")
    for axis, name in enumerate(("w1", "w2")):
        drawn = sent(step.by_learning_rate, row, name)
        np.testing.assert_allclose(drawn, path[:, axis], rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("row", [0, 6, 26])
def test_each_row_of_the_curvature_sweep_is_the_path_of_the_numpy_step(row):
    step = Step(learning_rate=0.9, start=(3, -1))
    curvature = step.positions["curvature"][row]
    w1, w2 = by_steps(0.9, curvature, start=(3.0, -1.0)).T
    np.testing.assert_allclose(sent(step.by_curvature, row, "w1"), w1, rtol=2e-5, atol=1e-6)
    height = sent(step.by_curvature, row, "height")
    np.testing.assert_allclose(height, curvature * w2**2 / 2, rtol=1e-4, atol=1e-9)
    slope = sent(step.by_curvature, row, "slope")
    np.testing.assert_allclose(slope, curvature * w2, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("learning_rate", [0.4, 1.0, 1.6])
def test_the_next_point_is_the_lowest_of_the_parabola_that_the_step_trusts(learning_rate):
    columns, _ = Step().compute(learning_rate, 1.0, [-4.0, 2.0])
    there = {name: column[0, 0] for name, column in columns.items()}
    way = np.linspace(-6, 6, 120_001)
    trusted = there["height"] + there["slope"] * way + way**2 / (2 * learning_rate)
    assert there["next2"] == pytest.approx(2 + way[trusted.argmin()], abs=1e-3)
    assert there["promised"] == pytest.approx(trusted.min(), abs=1e-6)
    assert columns["next2"][0, 0] == columns["w2"][0, 1]


@pytest.mark.parametrize("curvature", [0.7, 1.0, 2.0])
def test_the_strip_shows_at_each_learning_rate_what_a_step_leaves_of_the_distance(curvature):
    step = Step(curvature=curvature)
    for rate in (0.02, 0.5 / curvature, 1.2 / curvature, 3 / curvature):
        columns, _ = step.compute(rate, curvature, step.start)
        left = by_steps(rate, curvature, steps=1)[1] / step.start
        np.testing.assert_allclose(columns["factors"][0, :2], left, rtol=1e-6, atol=1e-7)
        for name, factor in zip(("shallow", "steep"), left):
            corners = [columns[f"{name}.{axis}"][0] for axis in ("rate", "factor")]
            assert np.interp(rate, *corners) == pytest.approx(abs(factor), abs=1e-6)


def test_the_edges_are_one_step_down_the_best_for_both_and_never_settling():
    one, best, edge = Step(curvature=2.0, shallow=0.5).compute(1.0, 2.0, [1, 1])[0]["edges"][0, :3]
    assert by_steps(one, 2.0, steps=1)[1, 1] == pytest.approx(0, abs=1e-7)
    assert by_steps(edge, 2.0, steps=1)[1, 1] == pytest.approx(-2.0, rel=1e-6)
    left = by_steps(best, 2.0, start=(1.0, 1.0), shallow=0.5, steps=1)[1]
    np.testing.assert_allclose(left, [0.6, -0.6], rtol=1e-6)  # (κ − 1) / (κ + 1), κ = 4


@pytest.mark.parametrize(
    ("learning_rate", "factor", "fate"),
    [
        (0.999, "0.001", COMES_DOWN),
        (1.0, "0", "lands on the floor in one step"),
        (1.0004, "−0.0004", FLIPS),
        (1.9996, "−0.9996", FLIPS),
        (2.0, "−1", NEVER),
        (2.0004, "−1.0004", DIVERGES),
    ],
)
def test_the_words_name_the_factor_and_the_regime_at_its_edges(learning_rate, factor, fate):
    directions, _ = said(learning_rate)
    if fate == COMES_DOWN:
        assert f"w₂ (steep) by {factor} and w₁" in directions and f"each {fate}" in directions
    else:
        assert f"w₂ (steep) by {factor}: it {fate}; w₁ (shallow) by" in directions
        assert directions.endswith(f"it {COMES_DOWN}.")


def test_where_rounding_misses_the_floor_by_a_hair_it_is_still_one_step():
    assert "by 0: it lands on the floor in one step" in said(1 / 49, curvature=49.0)[0]


@pytest.mark.parametrize(
    ("learning_rate", "shallow", "says"),
    [
        (1.66, 0.2, "The shallow one is slower here; the best η for both is 1.67, and past 2.00"),
        (2 / 1.2, 0.2, "Both shrink equally fast: this is the best η for both"),
        (1.68, 0.2, "The steep one is slower here"),
        (2.0, 0.2, "The steep one is slower here"),
        (2.02, 0.2, "The steep one breaks first, past 2/λ₂ = 2.00."),
        (2.6, 0.8, "The steep one breaks past 2.00, the shallow one past 2.50."),
        (0.5, 1.0, "The bowl is round: past 2.00 both diverge."),
    ],
)
def test_the_words_say_which_direction_is_slow_and_which_breaks_first(learning_rate, shallow, says):
    assert said(learning_rate, shallow=shallow)[1].startswith(says)


def test_the_sliders_reach_past_the_edge_and_hold_the_best_rate_and_what_was_given():
    positions = Step(learning_rate=0.37, curvature=2.0, shallow=0.5).positions
    assert 0.37 in positions["learning_rate"] and 2.0 in positions["curvature"]
    assert 2 / 2.5 in positions["learning_rate"]
    assert positions["learning_rate"][-1] > 2 / positions["curvature"][0]


def test_a_sweep_says_what_it_was_computed_for_and_moving_computes_one_row():
    step = Step(learning_rate=0.5, start=(1, 2))
    assert step.by_learning_rate["at"] == {"curvature": 1.0, "start": [1.0, 2.0]}
    assert step.by_curvature["at"] == {"learning_rate": 0.5, "start": [1.0, 2.0]}
    step.moving = True
    step.start = [2.0, -1.0]
    assert step.here["shape"][0] == 1 and step.here["at"]["start"] == [2.0, -1.0]


@pytest.mark.parametrize(
    "given",
    [{"steps": 2}, {"start": (0, 0)}, {"shallow": 1}, {"shallow": 1e-9}, {"curvature": 1e3}],
)
def test_extreme_settings_send_no_nan(given):
    step = Step(**given)
    for sweep in (step.by_learning_rate, step.by_curvature):
        assert not np.isnan(np.frombuffer(sweep["data"], "<f4")).any()
    assert step.still().startswith(b"\x89PNG")
