"""The Python side of the race: each row is what `sgd.step` gives, called once for every step."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import sgd
from course.explorers import Race
from course.explorers.runners import run
from course.surfaces import SURFACES, bowl, noisy, quadratic
from tests.explorers.sent import sent

EVERYTHING = {
    "learning_rate": 0.02,
    "momentum": 0.9,
    "nesterov": True,
    "weight_decay": 0.01,
    "global_clipnorm": 0.5,
    "use_ema": True,
    "ema_momentum": 0.9,
    "ema_overwrite_frequency": 4,
}


def by_steps(surface, arguments, start=None, steps=120):
    """Where the weights are after each call of `sgd.step`, or their average where one is kept."""
    given = {name: value for name, value in arguments.items() if name != "name"}
    weights = [np.array(surface.start if start is None else start, float)]
    state, points = sgd.initial_state(weights), [weights[0]]
    with np.errstate(all="ignore"):
        for noise in surface.noise(steps):
            gradient = surface.gradient(weights[0]) + noise
            if given.get("loss_scale_factor"):
                gradient = sgd.scale_loss(gradient, given["loss_scale_factor"])
            weights, state = sgd.step(weights, [gradient], state, **given)
            points.append((state.average if given.get("use_ema") else weights)[0])
    return np.array(points)


# ---- all settings at once are single calls of sgd.step -------------------------------


@st.composite
def arguments(draw):
    """Arguments of SGD in any combination that it takes."""
    clip = draw(st.sampled_from([None, "clipnorm", "clipvalue", "global_clipnorm"]))
    return {
        "nesterov": draw(st.booleans()),
        "weight_decay": draw(st.sampled_from([None, 0.0, 0.1])),
        "use_ema": draw(st.booleans()),
        "ema_momentum": draw(st.sampled_from([0.0, 0.5, 0.99])),
        "ema_overwrite_frequency": draw(st.sampled_from([None, 1, 3])),
        "loss_scale_factor": draw(st.sampled_from([None, 3.0, 1024.0])),
        "gradient_accumulation_steps": draw(st.sampled_from([None, 2, 3])),
    } | ({clip: draw(st.sampled_from([0.1, 1.0]))} if clip else {})


@settings(max_examples=60, deadline=None)
@given(
    arguments=arguments(),
    name=st.sampled_from([*SURFACES]),
    rates=st.lists(st.floats(0, 0.3), min_size=1, max_size=3),
    momentum=st.sampled_from([0.0, 0.5, 0.9, 1.0]),
)
def test_each_row_of_a_run_is_its_walker_by_sgd_step_to_the_last_bit(
    arguments, name, rates, momentum
):
    surface, falling = SURFACES[name](), np.linspace(1, 0.5, 9)
    with np.errstate(all="ignore"):
        momenta = np.array([momentum, 0.5, 0.0])[: len(rates)]
        points = run(surface, arguments, np.outer(rates, falling), momenta, surface.start)
    for row, (rate, beta) in enumerate(zip(rates, momenta)):
        given = arguments | {"momentum": beta}
        given["learning_rate"] = lambda call, rate=rate: rate * falling[call]
        expected = by_steps(surface, given, steps=9)
        seen = np.abs(expected).max(axis=-1) < 1e100  # until it has left the range of numbers
        first = len(seen) if seen.all() else seen.argmin()
        np.testing.assert_array_equal(points[row, :first], expected[:first])


@pytest.mark.parametrize("name", SURFACES)
def test_the_rows_that_are_sent_are_the_points_of_sgd_step(name):
    race = Race(name, [EVERYTHING, {"learning_rate": 0.01, "clipnorm": 1.0}])
    surface = SURFACES[name]()
    for sweep, parameter, row in [("by_factor", "factor", 17), ("by_momentum", "momentum", 20)]:
        value, moved = race.positions[parameter][row], dict(EVERYTHING)
        moved["learning_rate"] *= value if parameter == "factor" else 1
        moved["momentum"] = value if parameter == "momentum" else 0.9
        path = by_steps(surface, moved)
        for axis, column in enumerate("xy"):
            drawn = sent(getattr(race, sweep), row, f"0.{column}")
            np.testing.assert_allclose(drawn, path[:, axis], rtol=1e-5, atol=1e-6)
    drawn = sent(race.by_factor, 3, "1.loss")  # the other runner stays as it is
    path = by_steps(surface, {"learning_rate": 0.01, "clipnorm": 1.0})
    losses = surface.loss(path) - surface.loss(surface.minimum)
    np.testing.assert_allclose(drawn, losses, rtol=1e-5, atol=1e-9)


class Halving:
    def __call__(self, step):
        return 0.02 * 0.5 ** (step // 30)


@pytest.mark.parametrize(
    ("rate", "name"), [(Halving(), "Halving"), (lambda: 0.02, "a function")], ids=["count", "none"]
)
def test_a_schedule_or_a_function_is_asked_at_each_step_and_the_slider_multiplies_it(rate, name):
    race = Race("beale", [{"learning_rate": rate}])
    race.factor = 0.5
    halved = lambda call: 0.5 * sgd.current_learning_rate(rate, call)  # noqa: E731
    path = by_steps(SURFACES["beale"](), {"learning_rate": halved})
    row = race.positions["factor"].index(0.5)
    np.testing.assert_allclose(sent(race.by_factor, row, "0.x"), path[:, 0], rtol=1e-5)
    assert race.by_factor["words"]["0"][row] == f"plain SGD, η from {name} × 0.5"


def test_a_learning_rate_left_out_is_the_surfaces_and_one_that_is_given_stays():
    race = Race("quadratic", [{}, {"learning_rate": 0.2}, {"name": "bold"}])
    for name, rates in [("quadratic", ("0.3", "0.2", "0.3")), ("saddle", ("0.1", "0.2", "0.1"))]:
        race.surface = name
        words = [race.by_momentum["words"][str(i)][0] for i in range(3)]
        told = [f"plain SGD, η {rate}" for rate in rates]
        assert words == [*told[:2], f"bold ({told[2]})"]


# ---- choosing ------------------------------------------------------------------------


def test_another_runner_has_its_own_slider_settings_and_the_first_keeps_its_own():
    race = Race("quadratic")
    race.factor, race.momentum = 0.5, 0.3
    race.runner = 2
    assert (race.factor, race.momentum) == (1.0, 0.9)
    race.factor = 2.0
    row = race.positions["factor"].index(2.0)
    both = [{"learning_rate": 0.15, "momentum": 0.3}]
    both += [{"learning_rate": 0.6, "momentum": 0.9, "nesterov": True}]
    for i, arguments in zip((0, 2), both, strict=True):
        path = by_steps(quadratic(), arguments)
        drawn = sent(race.by_factor, row, f"{i}.x")
        np.testing.assert_allclose(drawn, path[:, 0], rtol=1e-4, atol=1e-6)
    race.runner = 0
    assert (race.factor, race.momentum) == (0.5, 0.3)


def test_a_slider_and_a_choice_that_come_in_one_message_are_one_change(monkeypatch):
    race, seen = Race("quadratic"), []
    monkeypatch.setattr(race, "compute", lambda **at: seen.append(at) or Race.compute(race, **at))
    race.set_state({"factor": 1.2, "runner": 1, "surface": "cliff"})  # as the browser sends them
    assert race.settings[0] == [1.2, 0.0] and (race.factor, race.momentum) == (1.0, 0.9)
    assert len(seen) == 2  # once for each slider, and nothing of half a change
    for at in seen:
        assert (at["surface"], at["start"], at["runner"]) == ("cliff", [6.0, 2.0], 1)
        assert at["settings"][0] == [1.2, 0.0]


def test_on_another_surface_all_start_at_its_start_and_the_frame_is_its_own():
    race = Race("rosenbrock", start=(0, 0))
    assert race.start == [0.0, 0.0]
    race.surface = "cliff"
    assert race.start == [6.0, 2.0] and race.scene["minimum"] == [0.0, 0.0]
    assert race.by_factor["at"]["surface"] == "cliff"
    assert race.by_factor["at"]["start"] == [6.0, 2.0]


def test_while_the_start_moves_only_one_row_is_computed():
    race = Race()
    kept = race.by_factor, race.by_momentum
    race.moving = True
    race.start = [1.5, 2.0]
    assert race.here["shape"][0] == 1 and race.here["at"]["start"] == [1.5, 2.0]
    assert (race.by_factor, race.by_momentum) == kept


def test_a_surface_of_ones_own_is_raced_on_and_seen_whole():
    race = Race(noisy(bowl(50, start=(8, -3)), 0.1, 1), [{"momentum": 0.9}])
    (left, right), (low, high) = race.scene["frame"]
    assert left < 0 < 8 < right and low < -3 < 0 < high
    assert race.surface == "noisy quadratic, κ = 50" and race.surface in race.positions["surface"]
    path = by_steps(noisy(bowl(50, start=(8, -3)), 0.1, 1), {"momentum": 0.9})
    row = race.positions["factor"].index(1.0)
    np.testing.assert_allclose(sent(race.by_factor, row, "0.x"), path[:, 0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_has_its_start_and_minimum_in_a_picture_of_one_shape(name):
    race = Race(name)
    frame = np.array(race.scene["frame"])
    for point in (race.start, race.scene["minimum"]):
        assert (frame[:, 0] < point).all() and (point < frame[:, 1]).all()
    across, up = frame[:, 1] - frame[:, 0]
    assert across / up == pytest.approx(1.5) and race.scene["about"]
    assert len(race.scene["levels"]) > 5 and json.dumps(race.scene, allow_nan=False)


def test_on_the_cliff_momentum_is_thrown_out_of_the_picture_and_with_a_clip_it_settles():
    race = Race("cliff")
    row = race.positions["factor"].index(1.0)
    last = [sent(race.by_factor, row, f"{i}.loss")[-1] for i in range(4)]
    assert last[1] > 10 and last[3] < 0.01


def test_each_runner_has_a_look_of_its_own_its_methods_if_that_is_free():
    looks = [look["marker"] for look in Race().looks.values()]
    assert looks == ["o", "s", "^", "D"]
    twice = Race("quadratic", [{"momentum": 0.5}, {"momentum": 0.9}, {}, {"momentum": 0.99}])
    assert [look["marker"] for look in twice.looks.values()] == ["s", "^", "o", "D"]


def test_a_runner_that_diverges_has_a_loss_without_bound_and_no_nan():
    race = Race("beale", [{"learning_rate": 50.0}])
    assert sent(race.by_factor, -1, "0.loss")[-1] == np.inf
    assert not np.isnan(sent(race.by_factor, -1, "0.loss")).any()


# ---- a rule of the learner's own -----------------------------------------------------


def ball(w, v, g, learning_rate, momentum):
    v = momentum * v - learning_rate * g
    return w + v, v


def broken(w, v, g, learning_rate, momentum):
    return w - rate * g, v  # noqa: F821


@pytest.mark.parametrize("name", ["rosenbrock", "noisy plateau"])
def test_a_rule_runs_last_with_the_learning_rate_and_momentum_of_the_one_before(name):
    race = Race(name, [{}, {"momentum": 0.8}], rule=ball)
    theirs, yours = (sent(race.by_factor, 0, f"{i}.x") for i in (1, 2))
    np.testing.assert_allclose(yours, theirs, rtol=1e-4, atol=1e-5)
    assert race.by_factor["words"]["2"][0].startswith("your rule, momentum 0.8, η 0.")
    assert race.looks["2"]["marker"] == "D"
    race.runner = 2
    race.momentum = 0.0
    row = race.positions["momentum"].index(0.0)
    plain, yours = (sent(race.by_momentum, row, f"{i}.x") for i in (0, 2))
    np.testing.assert_allclose(yours, plain, rtol=1e-4, atol=1e-5)


def test_a_rule_that_fails_is_told_in_words_and_the_others_go_on():
    race = Race("quadratic", rule=broken)
    words = race.by_factor["words"]["3.complaint"]
    assert set(words) == {"it stops with NameError: name 'rate' is not defined"}
    assert np.isnan(sent(race.by_factor, 0, "3.loss")[1:]).all()
    assert np.isfinite(sent(race.by_factor, 0, "1.loss")).all()
    assert race.still().startswith(b"\x89PNG")


def test_a_rule_that_diverges_is_no_fault():
    race = Race("beale", [{"learning_rate": 50.0}], rule=ball)
    assert set(race.by_factor["words"]["1.complaint"]) == {""}
    assert sent(race.by_factor, -1, "1.loss")[-1] == np.inf


# ---- arguments and the still picture -------------------------------------------------


def test_the_text_says_the_surface_and_the_start():
    assert repr(Race("cliff")) == "Race('cliff', start=[6.0, 2.0])"
