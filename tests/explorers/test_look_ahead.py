"""The Python side of the look-ahead: its rows, the step's parts, the words and the still."""

import numpy as np
import pytest

from course import sgd
from course.explorers import LookAhead
from course.explorers.shared.regimes import (
    COMES_DOWN,
    DIVERGES,
    FLIPS,
    NEVER,
    SWINGS,
)
from course.theory import factor, heavy_ball_roots, nesterov_roots
from tests.explorers.sent import sent

CURVATURES, START = np.array([0.2, 1.0]), np.array([-4.0, 2.0])
SETTINGS = [(0.5, 0.8), (0.02, 0.99), (1.2, 0.9), (1.36, 0.9), (0.5, 0.0), (2.2, 1.0)]


def by_steps(steps=40, **arguments):
    """A path from `sgd.step`, called once for every step."""
    weights, points = [START], [START]
    state = sgd.initial_state(weights)
    for _ in range(steps):
        weights, state = sgd.step(weights, [CURVATURES * weights[0]], state, **arguments)
        points.append(weights[0])
    return np.array(points)


def as_nesterov_wrote_it(learning_rate, momentum, steps=41):
    """The original: the gradient is read at y = w + βv; returns (weights, velocities)."""
    w, v = START, np.zeros(2)
    weights, velocities = [w], [v]
    for _ in range(steps):
        y = w + momentum * v
        v = momentum * v - learning_rate * CURVATURES * y
        w = w + v
        weights.append(w)
        velocities.append(v)
    return np.array(weights), np.array(velocities)


def parts(learning_rate, momentum):
    """The one row that `compute` gives, with the pairs of columns put together."""
    columns, _ = LookAhead().compute(learning_rate, momentum, START)
    row = {name: column[0] for name, column in columns.items()}
    pairs = [name.removesuffix(".x") for name in row if name.endswith(".x")]
    return row | {name: np.stack([row[f"{name}.x"], row[f"{name}.y"]], axis=-1) for name in pairs}


def relative(path):
    """The rounding that float64 allows a path: as far as it has come."""
    return 1e-13 * np.maximum(1, np.abs(path).max())


@pytest.mark.parametrize("row", [0, 49, 135, 219])
@pytest.mark.parametrize(
    ("key", "arguments"),
    [
        ("plain", {}),
        ("momentum", {"momentum": 0.8}),
        ("nesterov", {"momentum": 0.8, "nesterov": True}),
    ],
)
def test_each_row_of_the_learning_rate_sweep_is_the_path_of_the_numpy_step(key, arguments, row):
    explorer = LookAhead()
    rate = explorer.positions["learning_rate"][row]
    path = by_steps(learning_rate=rate, **arguments)
    for axis, name in enumerate("xy"):
        drawn = sent(explorer.by_learning_rate, row, f"{key}.{name}")
        np.testing.assert_allclose(drawn, path[:, axis], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("row", [0, 50, 100])
def test_each_row_of_the_momentum_sweep_is_the_path_of_the_numpy_step(row):
    explorer = LookAhead()
    momentum = explorer.positions["momentum"][row]
    path = by_steps(learning_rate=0.5, momentum=momentum, nesterov=momentum > 0)
    drawn = sent(explorer.by_momentum, row, "nesterov.loss")
    np.testing.assert_allclose(drawn, path**2 @ CURVATURES / 2, rtol=2e-4, atol=1e-9)


@pytest.mark.parametrize(("learning_rate", "momentum"), SETTINGS)
def test_keras_weights_are_the_originals_look_ahead_points_at_every_step(learning_rate, momentum):
    w, v = as_nesterov_wrote_it(learning_rate, momentum)
    drawn = parts(learning_rate, momentum)
    rounding = relative(w)
    np.testing.assert_allclose(drawn["original"], w[:-1], rtol=1e-12, atol=rounding)
    np.testing.assert_allclose(
        drawn["nesterov"], (w + momentum * v)[:-1], rtol=1e-12, atol=rounding
    )
    np.testing.assert_allclose(drawn["glide"], momentum * v[:-1], rtol=1e-12, atol=rounding)


@pytest.mark.parametrize(("learning_rate", "momentum"), SETTINGS)
def test_the_arrows_lead_from_each_point_to_the_next_in_both_writings(learning_rate, momentum):
    drawn = parts(learning_rate, momentum)
    theta, lands = drawn["nesterov"], drawn["nesterov"] + drawn["there"]
    near = {"rtol": 1e-12, "atol": relative(theta)}
    np.testing.assert_allclose(drawn["original"] + drawn["glide"], theta, **near)
    np.testing.assert_allclose(lands[:-1], drawn["original"][1:], **near)
    np.testing.assert_allclose((lands + drawn["onward"])[:-1], theta[1:], **near)


def test_momentum_lands_where_its_own_rule_takes_it_from_the_same_place_and_speed():
    w, v = as_nesterov_wrote_it(0.5, 0.8, steps=40)
    landed, _ = sgd.heavy_ball(w, v, CURVATURES * w, 0.5, 0.8)
    drawn = parts(0.5, 0.8)
    np.testing.assert_allclose(drawn["nesterov"] + drawn["here"], landed, atol=1e-12)
    np.testing.assert_allclose(drawn["heavy.loss"], landed**2 @ CURVATURES / 2, atol=1e-12)


@pytest.mark.parametrize(("learning_rate", "momentum"), SETTINGS)
def test_the_enlarged_picture_holds_every_part_of_its_step(learning_rate, momentum):
    drawn = parts(learning_rate, momentum)
    lands = drawn["nesterov"] + drawn["there"]
    half = drawn["height"][:, None] * [0.8, 0.5]
    seen = drawn["height"] < 2e4  # farther out nothing is drawn but what has left
    assert seen[:5].all()
    for point in (drawn["original"], drawn["nesterov"], lands, lands + drawn["onward"]):
        assert (np.abs(point - drawn["middle"]) < half)[seen].all()


def test_the_range_of_the_level_lines_is_that_of_the_loss_in_the_window():
    explorer, drawn = LookAhead(), parts(0.5, 0.8)
    for k in (0, 2, 9):
        across = drawn["height"][k] * np.array([0.8, 0.5])
        grid = drawn["middle"][k] + np.stack(np.mgrid[-1:1:41j, -1:1:41j], axis=-1) * across
        losses = np.sqrt(explorer._surface.loss(grid))
        assert drawn["highest"][k] == pytest.approx(losses.max())
        assert drawn["lowest"][k] == pytest.approx(losses.min(), abs=0.05 * losses.max())
    np.testing.assert_allclose(explorer._surface.loss(np.transpose(explorer.scene["ring"])), 1)


# ---- words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("learning_rate", "momentum", "says"),
    [
        (0.5, 0.8, "√β = 0.894 of momentum's swing and √(β(1 − ηλ)) = 0.632 of Nesterov's"),
        (0.5, 0.8, "along it (ηλ = 0.1) 0.894 and 0.849."),
        (0.5, 0.0, f"all are plain SGD, which {COMES_DOWN}."),
        (2.01, 0.0, f"all are plain SGD, which {DIVERGES}."),
        (0.02, 0.5, f"momentum {COMES_DOWN}; Nesterov {COMES_DOWN}."),
        (1.33, 0.9, f"momentum {SWINGS}; Nesterov {FLIPS}."),
        (
            1.33,
            0.9,
            "a step leaves 0.949 of momentum's distance and 0.942 of Nesterov's.",
        ),  # up to 1.333
        (1.34, 0.9, "a step leaves 0.949 of momentum's distance and 0.964 of Nesterov's."),
        (1.35, 0.9, f"Nesterov {FLIPS}."),  # the edge is (2 + 2 · 0.9) / (1 + 2 · 0.9) = 1.357
        (1.36, 0.9, f"momentum {SWINGS}; Nesterov {DIVERGES}."),
        (1.36, 0.9, "(2 + 2β)/(1 + 2β) = 1.357; momentum, below 2(1 + β) = 3.8."),
        (1.5, 0.5, f"momentum {SWINGS}; Nesterov {NEVER}."),
        (0.3, 1.0, f"momentum {NEVER}; Nesterov {SWINGS}."),
        (0.3, 1.0, "momentum, without friction, never."),
    ],
)
def test_the_words_name_the_regime_that_the_roots_give(learning_rate, momentum, says):
    _, words = LookAhead().compute(learning_rate, momentum, START)
    assert says in words["regime"][0]


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("curvature", [0.02, 0.7, 1.0, 1.34, 1.36, 2.2])
@pytest.mark.parametrize(
    ("rule", "roots"),
    [(sgd.heavy_ball, heavy_ball_roots), (sgd.nesterov_momentum, nesterov_roots)],
)
def test_the_factor_is_the_growth_of_the_rule_itself(rule, roots, curvature, momentum):
    step = [rule(w, v, curvature * w, 1.0, momentum) for w, v in ((1.0, 0.0), (0.0, 1.0))]
    growth = np.abs(np.linalg.eigvals(step)).max()
    found = factor(*(np.array([root]) for root in roots(curvature, momentum)))
    assert found == pytest.approx([growth], abs=1e-7)


# ---- arguments, and what a notebook stores -------------------------------------------


def test_a_walker_that_leaves_every_range_still_has_a_window():
    columns, _ = LookAhead(steps=500).compute(1e9, 1.0, START)
    for name in ("middle.x", "middle.y", "height", "lowest", "highest"):
        assert np.isfinite(columns[name]).all(), name
