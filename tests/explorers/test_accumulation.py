"""The Python side of gradient accumulation: the calls it sends, and what it says of them."""

import numpy as np
import pytest

from course import sgd
from course.explorers import Accumulation
from course.explorers.accumulation import SEED
from tests.explorers.sent import sent

NOISE = 2 * np.random.default_rng(SEED).standard_normal(64)


def by_steps(k, learning_rate, noise=NOISE):
    """Weights and accumulators from `sgd.step`, called once for every call."""
    weights, sums = [np.array([4.0])], [0.0]
    state, path = sgd.initial_state(weights), [4.0]
    for draw in noise:
        weights, state = sgd.step(
            weights,
            [weights[0] + draw],
            state,
            learning_rate=learning_rate,
            gradient_accumulation_steps=k if k > 1 else None,
        )
        path.append(weights[0][0])
        sums.append(state.accumulator[0][0])
    return np.array(path), np.array(sums)


@pytest.fixture(scope="module")
def explorer():
    return Accumulation()


def told(explorer, k, learning_rate=0.3):
    return explorer.compute(k, learning_rate)[1]["told"][0]


@pytest.mark.parametrize("row", range(6))
def test_each_row_of_the_sweep_over_k_is_what_the_numpy_step_does(explorer, row):
    path, sums = by_steps(explorer.positions["gradient_accumulation_steps"][row], 0.3)
    sweep = explorer.by_gradient_accumulation_steps
    np.testing.assert_allclose(sent(sweep, row, "w"), path, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(sent(sweep, row, "accumulator"), sums, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("row", [0, 5, 19, 41])
def test_each_row_of_the_learning_rate_sweep_is_what_the_numpy_step_does(explorer, row):
    rate, sweep = explorer.positions["learning_rate"][row], explorer.by_learning_rate
    for name, k in (("w", 4), ("each", 1)):
        path, _ = by_steps(k, rate)
        np.testing.assert_allclose(sent(sweep, row, name), path, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("k", "rate"), [(1, 0.3), (3, 0.5), (8, 0.3), (32, 1.9), (16, 2.1)])
def test_one_step_on_each_joined_batch_ends_where_accumulation_does(explorer, k, rate):
    row = {name: column[0] for name, column in explorer.compute(k, rate)[0].items()}
    np.testing.assert_allclose(row["joined"][::k], row["w"][::k], rtol=1e-9, atol=1e-9)
    between = np.arange(65) % k > 0
    assert np.isnan(row["joined"][between]).all() and not np.isnan(row["joined"][~between]).any()


@pytest.mark.parametrize("k", [2, 5, 16])
def test_the_weight_moves_at_each_kth_call_only_and_then_by_the_mean_of_its_group(explorer, k):
    row = {name: column[0] for name, column in explorer.compute(k, 0.3)[0].items()}
    moved = np.flatnonzero(np.diff(row["w"])) + 1
    np.testing.assert_array_equal(moved, np.arange(k, 65, k))
    for call in moved:
        group = row["gradient"][call - k + 1 : call + 1]
        assert row["mean"][call] == pytest.approx(group.mean())
        assert row["sum"][call] == pytest.approx(group.sum())
        assert row["accumulator"][call] == 0 and row["position"][call] == k
        assert row["w"][call] - row["w"][call - 1] == pytest.approx(row["change"][call])
        assert np.ptp(row["slope"][call - k + 1 : call + 1]) == 0  # all at the same weight


@pytest.mark.parametrize("k", [1, 4, 16])
def test_the_noise_floor_is_what_many_runs_measure_and_its_square_falls_as_1_over_k(explorer, k):
    columns, _ = explorer.compute(k, 0.3)
    assert columns["floor"][0, 0] == pytest.approx(np.sqrt(0.3 * 4 / (k * 1.7)))
    assert columns["floor.each"][0, 0] == pytest.approx(np.sqrt(k) * columns["floor"][0, 0])
    path, _ = by_steps(k, 0.3, 2 * np.random.default_rng(1).standard_normal(6000 * k))
    settled = np.sqrt(np.mean(path[40 * k :: k] ** 2))
    assert settled == pytest.approx(columns["floor"][0, 0], rel=0.05)


@pytest.mark.parametrize(
    ("k", "says"),
    [
        (1, "k = 1 is a step at each call, 64 in all: no accumulation, argument left out. The"),
        (2, "All 64 calls make 32 steps: each step costs 2 times the examples. The noise floor"),
        (3, "All 64 calls make 21 steps and leave 1 waiting: each step costs 3 times"),
        (33, "All 64 calls make 1 step and leave 31 waiting: each step costs 33 times"),
        (64, "All 64 calls make 1 step: each step costs 64 times the examples."),
    ],
)
def test_the_words_say_how_many_steps_the_calls_make_and_what_one_costs(explorer, k, says):
    assert told(explorer, k).startswith(says)


def test_the_words_weigh_the_floor_against_the_slower_way(explorer):
    says = told(explorer, 8)
    assert "The noise floor is 0.30 instead of 0.84, a mean square of 1/8." in says
    assert says.endswith(
        "5.8 % of the start would be left, and less than 0.01 % with a step at each call."
    )  # 0.7 ** 8 and 0.7 ** 64
    assert told(explorer, 1).endswith("less than 0.01 % of the start.")


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        (1.0, "without noise less than 0.01 % of the start would be left"),
        (1.999, "The noise floor is"),
        (2.0, "At η = 2/λ a step only turns the weight to the other side and adds noise: with"),
        (2.001, "Above η = 2/λ each step makes the weight 1.001 times as large, at any k."),
    ],
)
def test_the_words_name_the_regime_at_its_edges(explorer, rate, says):
    assert says in told(explorer, 4, rate)
    assert np.isinf(explorer.compute(4, rate)[0]["floor"][0, 0]) == (rate >= 2)


def test_the_sliders_keep_what_was_given_and_reach_past_the_edge():
    positions = Accumulation(3, learning_rate=0.123, curvature=4.0, calls=20).positions
    assert positions["gradient_accumulation_steps"] == [1, 2, 3, 4, 8, 16]
    assert 0.123 in positions["learning_rate"] and positions["learning_rate"][-1] == 2.1 / 4
    assert len(Accumulation(calls=200).by_learning_rate["data"]) < 3e6


@pytest.mark.parametrize(
    "given", [{"start": 0}, {"start": -3}, {"calls": 4}, {"learning_rate": 1e3}, {"noise": 1e-6}]
)
def test_extreme_settings_are_drawn(given):
    assert Accumulation(**given).still().startswith(b"\x89PNG")
