"""The Python side of the noise: the runs and the formula it sends, and what it says of them."""

import numpy as np
import pytest

from course import sgd
from course.explorers import Noise
from course.explorers.noise_floor import RUNS, SEED
from tests.explorers.sent import sent


def by_steps(learning_rate, batch_size, steps=60, curvature=1.0, noise=2.0):
    """The same runs from `sgd.step`, with all runs as one variable; shape (steps + 1, RUNS, 2)."""
    draws = np.random.default_rng(SEED).standard_normal((steps, RUNS, 2))
    weights = [np.tile([-4.0, 2.0], (RUNS, 1))]
    state, points = sgd.initial_state(weights), [weights[0]]
    for draw in draws:
        gradients = [curvature * weights[0] + noise / np.sqrt(batch_size) * draw]
        weights, state = sgd.step(weights, gradients, state, learning_rate=learning_rate)
        points.append(weights[0])
    return np.array(points)


def by_formula(learning_rate, batch_size, steps=60, curvature=1.0, noise=2.0):
    """E w² of each of the two weights, from step to step, then the distance of both."""
    squares = [np.array([16.0, 4.0])]
    for _ in range(steps):
        added = learning_rate**2 * noise**2 / batch_size
        squares.append((1 - learning_rate * curvature) ** 2 * squares[-1] + added)
    return np.sqrt(np.sum(squares, axis=-1))


@pytest.fixture(scope="module")
def noise():
    return Noise()


def words(explorer, learning_rate, batch_size=4):
    told = explorer.compute(learning_rate, batch_size)[1]
    return told["there"][0], told["before"][0]


@pytest.mark.parametrize("row", [0, 6, 14, 28])
def test_each_row_of_the_learning_rate_sweep_holds_the_runs_of_the_numpy_step(noise, row):
    runs = by_steps(noise.positions["learning_rate"][row], 4)
    for run in (0, 77, RUNS - 1):
        for axis, name in enumerate("xy"):
            drawn = sent(noise.by_learning_rate, row, f"{run}.{name}")
            np.testing.assert_allclose(drawn, runs[:, run, axis], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("row", range(9))
def test_the_measured_distance_is_that_of_all_runs_of_the_batch_size(noise, row):
    runs = by_steps(0.2, noise.positions["batch_size"][row])
    distance = np.sqrt((runs**2).sum(axis=-1).mean(axis=-1))
    drawn = sent(noise.by_batch_size, row, "measured")
    np.testing.assert_allclose(drawn, distance, rtol=1e-5)


@pytest.mark.parametrize("row", [0, 6, 14, 24, 28])
def test_the_formula_that_is_sent_follows_the_recurrence_and_the_runs_follow_the_formula(
    noise, row
):
    formula = by_formula(noise.positions["learning_rate"][row], 4)
    drawn = sent(noise.by_learning_rate, row, "formula")
    np.testing.assert_allclose(drawn, formula, rtol=1e-5)
    np.testing.assert_allclose(sent(noise.by_learning_rate, row, "measured"), formula, rtol=0.12)


@pytest.mark.parametrize(("rate", "batch"), [(0.1, 1), (0.2, 4), (1.0, 16), (1.5, 2)])
def test_the_floor_is_where_the_recurrence_ends(noise, rate, batch):
    columns, _ = noise.compute(rate, batch)
    assert columns["floor"][0, 0] == pytest.approx(by_formula(rate, batch, 4000)[-1])
    of_one_weight = rate * 2.0**2 / (batch * (2 - rate))  # chapter 02: η σ² / (B λ (2 - η λ))
    assert columns["floor"][0, 0] == pytest.approx(np.sqrt(2 * of_one_weight))


def test_without_noise_the_distance_shrinks_by_one_factor(noise):
    drawn = sent(noise.by_learning_rate, 6, "exact")
    np.testing.assert_allclose(drawn, np.hypot(4, 2) * 0.8 ** np.arange(61), rtol=1e-5)


def test_a_batch_four_times_as_large_halves_each_runs_way_off_the_noiseless_path(noise):
    path = -4 * 0.8 ** np.arange(61)
    small, large = (sent(noise.by_batch_size, row, "9.x") - path for row in (0, 2))
    np.testing.assert_allclose(small, 2 * large, atol=1e-5)


def test_a_sweep_is_at_most_3_megabytes_and_says_what_it_was_computed_for(noise):
    assert noise.by_learning_rate["at"] == {"batch_size": 4}
    assert noise.by_batch_size["at"] == {"learning_rate": 0.2}
    assert len(noise.by_learning_rate["data"]) < 3e6 and len(noise.by_batch_size["data"]) < 1e6


def test_the_learning_rate_reaches_past_the_edge_and_keeps_the_one_given():
    positions = Noise(learning_rate=0.123, curvature=4.0).positions["learning_rate"]
    assert 0.123 in positions and 0.5 in positions and positions[-1] == 2.1 / 4
    assert 3 in Noise(batch_size=3).positions["batch_size"]


# ---- words ---------------------------------------------------------------------------


def test_the_floor_counts_as_reached_from_the_first_step_within_5_percent_on(noise):
    reached = sent(noise.by_learning_rate, 6, "reached")
    near = by_formula(0.2, 4) <= 1.05 * np.sqrt(2 * 0.2 * 4 / (4 * 1.8))
    np.testing.assert_array_equal(reached, near)
    first = int(near.argmax())
    there, before = words(noise, 0.2)
    assert there.startswith("This is the noise floor, 0.47: more steps do not lower it.")
    assert f"still coming down to the noise floor, 0.47; step {first} brings" in before


def test_the_words_say_what_twice_the_batch_and_half_the_learning_rate_would_bring(noise):
    twice, half = (noise.compute(*at)[0]["floor"][0, 0] for at in ((0.2, 8), (0.1, 4)))
    says = f"Twice the batch makes it {twice:.2f}, half the learning rate {half:.2f}."
    assert all(sentence.endswith(says) for sentence in words(noise, 0.2))


def test_a_floor_above_the_start_is_reached_from_below(noise):
    columns, _ = noise.compute(1.95, 1)
    near = by_formula(1.95, 1) >= 0.95 * columns["floor"][0, 0]
    np.testing.assert_array_equal(columns["reached"][0], near)
    _, before = words(noise, 1.95, batch_size=1)
    first = int(near.argmax())
    assert f"still spreading out to the noise floor, 18; step {first} brings" in before


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        (1.0, "This is the noise floor"),
        (1.999, "This is the noise floor"),
        (2.0, "At η = 2/λ a step only turns each run to the other side and adds noise: the mean "),
        (2.001, "Above η = 2/λ the runs diverge: each step makes the distance at least 1.001 "),
    ],
)
def test_the_words_name_the_regime_at_its_edges(noise, rate, says):
    there, before = words(noise, rate)
    assert there.startswith(says)
    assert (before == there) == (rate >= 2)
    assert not (rate >= 2 and noise.compute(rate, 4)[0]["reached"].any())


def test_the_edge_moves_with_the_curvature_and_there_the_square_grows_as_told():
    explorer = Noise(curvature=0.7)
    there, _ = words(explorer, 2 / 0.7)
    squares = explorer.compute(2 / 0.7, 4)[0]["formula"][0] ** 2
    assert np.diff(squares) == pytest.approx(2 * (2 / 0.7) ** 2)
    assert f"grows by {2 * (2 / 0.7) ** 2:.0f} at each step, and there is no floor" in there


def test_runs_outside_the_picture_are_counted(noise):
    right, top = noise.scene["frame"]
    runs = np.abs(by_steps(2.0, 4))
    outside = ((runs[..., 0] > right) | (runs[..., 1] > top)).sum(axis=-1)
    row = noise.positions["learning_rate"].index(2.0)
    np.testing.assert_array_equal(sent(noise.by_learning_rate, row, "outside"), outside)


def test_runs_that_leave_the_range_of_all_numbers_are_without_bound_and_never_nan():
    columns, told = Noise(learning_rate=1e9, noise=1e3).compute(1e9, 1)
    assert columns["measured"][0, -1] == np.inf == columns["formula"][0, -1]
    assert not any(np.isnan(columns[key]).any() for key in ("measured", "formula", "exact"))
    assert told["there"][0].startswith("Above η = 2/λ") and columns["outside"][0, -1] == RUNS


# ---- arguments, and what a notebook stores -------------------------------------------


def test_a_start_in_the_minimum_and_a_single_step_are_drawn():
    assert Noise(start=(0, 0), steps=1).still().startswith(b"\x89PNG")
