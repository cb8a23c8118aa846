"""The Python side of decay and clips: rows that are sent, regimes, refusals, the stills."""

import numpy as np
import pytest

from course import sgd
from course.explorers import DecayAndClip
from course.explorers.clipping import clipped
from tests.explorers.sent import sent

CURVATURES, START = np.array([0.25, 1.0]), np.array([-1.0, 0.0])
ARGUMENTS = {"value": "clipvalue", "norm": "clipnorm", "global": "global_clipnorm"}


def by_steps(steps=100, penalty=0.0, start=START, **arguments):
    """A path from `sgd.step`, called once for every step; the bowl's minimum is at (1, 1)."""
    weights, points = [start], [start]
    state = sgd.initial_state(weights)
    for _ in range(steps):
        gradient = CURVATURES * (weights[0] - 1) + penalty * weights[0]
        weights, state = sgd.step(weights, [gradient], state, **arguments)
        points.append(weights[0])
    return np.array(points)


def both(weight_decay, **arguments):
    """The path with Keras's `weight_decay`, and that with a penalty instead."""
    decay = by_steps(weight_decay=weight_decay, **arguments)
    return {"decay": decay, "penalty": by_steps(penalty=weight_decay, **arguments)}


# ---- weight decay --------------------------------------------------------------------


@pytest.mark.parametrize("swept", ["weight_decay", "momentum", "learning_rate"])
@pytest.mark.parametrize("row", [0, 37, 100])
def test_each_row_of_a_decay_sweep_is_the_path_of_the_numpy_step(swept, row):
    explorer = DecayAndClip("decay")
    at = {"weight_decay": 0.5, "momentum": 0.9, "learning_rate": 0.1}
    at[swept] = explorer.positions[swept][row]
    sweep = getattr(explorer, f"by_{swept}")
    for key, path in both(**at).items():
        drawn = np.stack([sent(sweep, row, f"{key}.{axis}") for axis in "xy"], axis=-1)
        seen = np.abs(path).max(axis=-1) < 1e3
        np.testing.assert_allclose(drawn[seen], path[seen], rtol=3e-5, atol=3e-6)


def test_without_momentum_decay_and_penalty_are_one_path_and_with_momentum_two():
    for momentum, same in ((0.0, True), (0.9, False)):
        at = {"weight_decay": 0.5, "momentum": momentum, "learning_rate": 0.1, "start": START}
        columns, words = DecayAndClip("decay").compute("decay", **at)
        assert np.allclose(columns["decay.y"], columns["penalty.y"], rtol=0, atol=1e-14) is same
        assert ("are the same" in words["told"][0]) is same


@pytest.mark.parametrize(("momentum", "weight_decay"), [(0.9, 0.5), (0.5, 1.0), (0.0, 0.3)])
def test_the_places_where_they_settle_are_those_of_a_long_walk(momentum, weight_decay):
    explorer = DecayAndClip("decay", weight_decay=weight_decay, momentum=momentum)
    rates = {"momentum": momentum, "learning_rate": 0.1, "steps": 2000}
    for key, path in both(weight_decay, **rates).items():
        row = explorer.positions["momentum"].index(momentum)
        end = [sent(explorer.by_momentum, row, f"{key}.end.{axis}")[0] for axis in "xy"]
        np.testing.assert_allclose(end, path[-1], rtol=1e-6)


def test_at_momentum_0_9_and_decay_0_5_they_settle_at_0_952_and_0_667():
    says = DecayAndClip("decay").by_momentum["words"]["told"][90]
    assert "weight_decay · (1 − β) = 0.05: its ball settles at (0.833, 0.952);" in says
    assert "weight_decay = 0.5: its ball settles at (0.333, 0.667)." in says


@pytest.mark.parametrize(
    ("weight_decay", "momentum", "learning_rate", "decays", "is_penalised"),
    [
        (0.0, 0.9, 0.1, "settles at (1.000, 1.000)", None),
        (0.0, 1.0, 0.1, "never settles", None),
        (0.5, 1.0, 0.1, "settles at (1.000, 1.000)", "never settles"),
        # Edges: η (λ + (1 + β) wd) = 2 (1 + β) for decay, η (λ + wd) = 2 (1 + β) for a penalty.
        (0.5, 0.0, 1.33, "settles at (0.333, 0.667)", None),
        (0.5, 0.0, 1.34, "diverges", None),
        (1.0, 0.25, 1.10, "settles", "settles"),
        (1.0, 0.25, 1.12, "diverges", "settles"),
        (1.0, 0.25, 1.26, "diverges", "diverges"),
        (3.0, 0.9, 0.56, "settles", "settles"),
        (3.0, 0.9, 0.57, "diverges", "settles"),
    ],
)
def test_the_words_name_the_regime_that_a_long_walk_shows(
    weight_decay, momentum, learning_rate, decays, is_penalised
):
    at = {"weight_decay": weight_decay, "momentum": momentum, "learning_rate": learning_rate}
    told = DecayAndClip("decay").compute("decay", **at, start=START)[1]["told"][0]
    says = dict(zip(("decay", "penalty"), told.split(";" if is_penalised else "~")))
    for key, wanted in {"decay": decays, "penalty": is_penalised}.items():
        if wanted is None:
            continue
        assert wanted in says[key]
        with np.errstate(over="ignore", invalid="ignore"):
            path = both(steps=4000, **at)[key]
        moves = np.abs(path[-1] - path[-2]).max()
        assert (moves < 1e-6) == wanted.startswith("settles")
        assert (moves < 1e3) == (wanted != "diverges")


# ---- clipping ------------------------------------------------------------------------


@pytest.mark.parametrize("key", ARGUMENTS)
@pytest.mark.parametrize(("row", "threshold"), [(0, 0.1), (20, 1.5), (45, 1.5), (50, 7.0)])
def test_each_row_of_the_clips_is_what_the_numpy_step_subtracts(key, row, threshold):
    explorer = DecayAndClip()
    a, b = np.array([3.0, 1.0]), np.array([explorer.positions["other"][row]])
    zeros = [np.zeros(2), np.zeros(1)]
    clip = {ARGUMENTS[key]: threshold}
    (of_a, of_b), _ = sgd.step(zeros, [a, b], sgd.initial_state(zeros), learning_rate=1.0, **clip)
    k = explorer.positions["threshold"].index(threshold)
    drawn = [sent(explorer.by_other, row, f"{key}.{name}")[k] for name in "xyb"]
    np.testing.assert_allclose(drawn, [*-of_a, *-of_b], rtol=1e-6, atol=1e-7)


def one(gradient, other, threshold):
    columns = clipped(gradient, other, np.array([threshold]))
    return {name: column[0, 0] for name, column in columns.items()}


def test_clipvalue_turns_clipnorm_keeps_each_variable_and_global_clipnorm_keeps_all():
    found = one([3.0, 1.0], 4.5, 1.5)
    turn = np.degrees(np.arctan2(1, 1.5) - np.arctan2(1, 3))  # from (3, 1) to (1.5, 1)
    assert found["value.turned_A"] == pytest.approx(turn)
    cosine = (10**0.5 * 1.5 + 4.5 * 1.5) / (30.25**0.5 * 4.5**0.5)  # lengths (√10, 4.5), (c, c)
    assert found["norm.turned"] == pytest.approx(np.degrees(np.arccos(cosine)))
    kept = ["norm.turned_A", "global.turned_A", "global.turned"]
    assert [found[name] for name in kept] == pytest.approx([0, 0, 0], abs=1e-6)
    assert np.hypot(found["global.A"], found["global.b"]) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("threshold", "cut"),
    # The entries of ((3, 4), 12) are 3, 4 and 12 large, its variables 5 and 12, the whole 13.
    [(2.9, (3, 2, 1)), (3.0, (2, 2, 1)), (4.0, (1, 2, 1)), (5.0, (1, 1, 1)), (12.0, (0, 0, 1))],
)
def test_what_is_exactly_as_large_as_the_threshold_is_not_cut(threshold, cut):
    found = one([3.0, 4.0], 12.0, threshold)
    assert tuple(found[f"{key}.cut"] for key in ARGUMENTS) == cut
    assert one([3.0, 4.0], 12.0, 13.0)["global.cut"] == 0


def test_a_zero_gradient_stays_zero_without_a_warning():
    assert set(one([0.0, 0.0], 0.0, 1.0).values()) == {0.0}


# ---- what it is made of --------------------------------------------------------------


def test_what_is_shown_is_computed_and_the_other_picture_when_it_is_asked_for():
    explorer = DecayAndClip("clip")
    assert explorer.by_other["at"] == {"show": "clip", "gradient": [3.0, 1.0]}
    assert explorer.by_momentum == {}
    explorer.show = "decay"
    kept = explorer.by_other
    explorer.weight_decay = 0.2
    assert explorer.by_momentum["at"]["weight_decay"] == 0.2 and explorer.by_other is kept


def test_a_new_threshold_computes_nothing():
    explorer = DecayAndClip()
    kept = explorer.by_other
    explorer.threshold = 0.3333
    assert explorer.threshold == 0.3 and explorer.by_other is kept


def test_while_the_gradient_moves_only_one_row_is_computed():
    explorer = DecayAndClip()
    explorer.moving = True
    explorer.gradient = [1.0, 2.0]
    assert explorer.here["shape"][0] == 1 and explorer.here["at"]["gradient"] == [1.0, 2.0]
    explorer.moving = False
    assert explorer.by_other["at"]["gradient"] == [1.0, 2.0] and explorer.here == {}


def test_no_decay_may_be_written_as_none_and_values_between_positions_get_their_own():
    explorer = DecayAndClip("decay", weight_decay=None, momentum=0.123)
    assert (explorer.weight_decay, explorer.momentum) == (0.0, 0.123)
    assert "momentum=0.123" in repr(explorer) and "threshold" not in repr(explorer)
