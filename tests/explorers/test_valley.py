"""The Python side of the valley: what it sends to the browser, and what it stores."""

import base64
import os
import sys

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from course import sgd
from course.descent import walk
from course.explorers import Valley
from course.explorers.energy import energy
from course.explorers.shared.own_rule import walk_with
from course.explorers.shared.regimes import (
    COMES_DOWN,
    DIVERGES,
    FLIPS,
    NEVER,
    SWINGS,
)
from course.front_ends import drop_live_views
from course.surfaces import quadratic
from course.theory import critical_momentum
from tests import waiting
from tests.explorers.sent import sent

METHODS = {
    "plain": lambda momentum: {},
    "momentum": lambda momentum: {"momentum": momentum},
    "nesterov": lambda momentum: {"momentum": momentum, "nesterov": True},
}


def by_steps(key, learning_rate, momentum, start=(-4.0, 1.5), curvatures=(0.1, 1.0), steps=60):
    """The same path from `sgd.step`, called once for every step."""
    weights = [np.array(start)]
    state, points = sgd.initial_state(weights), [weights[0]]
    for _ in range(steps):
        gradients = [np.array(curvatures) * weights[0]]
        arguments = METHODS[key](momentum)
        weights, state = sgd.step(
            weights, gradients, state, learning_rate=learning_rate, **arguments
        )
        points.append(weights[0])
    return np.array(points)


def words(valley, key, learning_rate, momentum=0.8):
    return valley.compute(learning_rate, momentum, valley.start)[1][key][0]


@pytest.mark.parametrize("key", METHODS)
@pytest.mark.parametrize("row", [0, 14, 97])
def test_each_row_of_the_learning_rate_sweep_is_the_path_of_the_numpy_step(key, row):
    valley = Valley()
    rate = valley.positions["learning_rate"][row]
    path = by_steps(key, rate, 0.8).astype("float32")
    for axis, name in enumerate("xy"):
        drawn = sent(valley.by_learning_rate, row, f"{key}.{name}")
        np.testing.assert_allclose(drawn, path[:, axis], rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("key", METHODS)
@pytest.mark.parametrize("row", [0, 50, 100])
def test_each_row_of_the_momentum_sweep_is_the_path_of_the_numpy_step(key, row):
    valley = Valley()
    momentum = valley.positions["momentum"][row]
    losses = quadratic().loss(by_steps(key, 0.3, momentum))
    np.testing.assert_allclose(
        sent(valley.by_momentum, row, f"{key}.loss"), losses, rtol=1e-4, atol=1e-9
    )


def test_the_two_arrows_end_to_end_are_the_next_step():
    valley = Valley()
    position = {axis: sent(valley.by_momentum, 80, f"momentum.{axis}") for axis in "xy"}
    for axis in "xy":
        arrows = [sent(valley.by_momentum, 80, f"{arrow}.{axis}") for arrow in ("push", "kept")]
        end = position[axis] + sum(arrows)
        np.testing.assert_allclose(end[:-1], position[axis][1:], atol=1e-6)


def test_the_learning_rate_reaches_past_every_edge_of_stability_and_keeps_the_one_given():
    positions = Valley(learning_rate=0.37, curvatures=(0.5, 2.0)).positions["learning_rate"]
    assert 0.37 in positions
    assert positions[0] > 0 and positions[-1] * 2.0 > 4  # 2 (1 + momentum) at momentum 1


def test_momentum_runs_from_0_to_1_with_both_ends():
    assert Valley().positions["momentum"][::50] == [0.0, 0.5, 1.0]


def test_a_sweep_says_what_it_was_computed_for():
    valley = Valley(learning_rate=0.5, momentum=0.9, start=(1, 2))
    assert valley.by_learning_rate["at"] == {"momentum": 0.9, "start": [1.0, 2.0]}
    assert valley.by_momentum["at"] == {"learning_rate": 0.5, "start": [1.0, 2.0]}


def test_a_new_learning_rate_computes_the_momentum_sweep_again_and_only_that():
    valley = Valley()
    kept = valley.by_learning_rate
    valley.learning_rate = 0.6
    assert valley.by_momentum["at"]["learning_rate"] == 0.6
    assert valley.by_learning_rate is kept


def test_while_the_start_moves_only_one_row_is_computed():
    valley = Valley()
    kept = valley.by_learning_rate, valley.by_momentum
    valley.moving = True
    valley.start = [2.0, -1.0]
    assert valley.here["shape"][0] == 1 and valley.here["at"]["start"] == [2.0, -1.0]
    assert (valley.by_learning_rate, valley.by_momentum) == kept
    valley.moving = False
    assert valley.by_momentum["at"]["start"] == [2.0, -1.0] and valley.here == {}


@pytest.mark.parametrize(
    ("key", "learning_rate", "momentum", "says"),
    [
        ("plain", 0.99, 0.8, COMES_DOWN),
        ("plain", 1.5, 0.8, FLIPS),
        ("plain", 2.0, 0.8, NEVER),
        ("plain", 2.02, 0.8, DIVERGES),
        ("momentum", 0.36, 0.16, COMES_DOWN),  # critical damping: (1 - √0.36)²
        ("momentum", 0.36, 0.17, SWINGS),
        ("momentum", 3.5, 0.8, SWINGS),
        ("momentum", 3.599, 0.8, FLIPS),  # from (1 + √0.8)² to 2 (1 + 0.8)
        ("momentum", 3.602, 0.8, DIVERGES),
        ("momentum", 0.3, 1.0, NEVER),
        ("nesterov", 0.5, 0.9, SWINGS),
        ("nesterov", 1.35, 0.9, FLIPS),
        ("nesterov", 1.36, 0.9, DIVERGES),  # the edge is (2 + 2 · 0.9) / (1 + 2 · 0.9) = 1.357
    ],
)
def test_the_words_name_the_regime_that_the_roots_give(key, learning_rate, momentum, says):
    assert words(Valley(), key, learning_rate, momentum).startswith(says)


def test_the_words_say_when_a_ball_leaves_the_picture():
    valley = Valley()
    frame = valley.scene["frame"]
    path = np.abs(by_steps("plain", 2.1, 0.8))
    first = (path > frame).any(axis=1).argmax()
    assert words(valley, "plain", 2.1) == f"diverges, out of the picture at step {first}"


@pytest.mark.parametrize(
    ("momentum", "says"),
    [
        (0.8, "0.80 leaves 80 % of the speed at each step: friction 1 − β = 0.20 takes the rest."),
        (0.995, "0.995 leaves 99.5 % of the speed at each step: friction 1 − β = 0.005 takes"),
        (0.0, "Momentum 0 leaves no speed, as friction takes all of it"),
        (1.0, "Momentum 1 leaves all of the speed at each step: there is no friction."),
    ],
)
def test_the_words_say_what_friction_leaves_and_what_it_takes(momentum, says):
    assert says in words(Valley(), "friction", 0.3, momentum)


def test_beside_each_momentum_stands_its_friction():
    valley = Valley(momentum=0.995)
    shown = dict(zip(valley.positions["momentum"], valley.scene["frictions"], strict=True))
    assert [shown[m] for m in (0.0, 0.8, 0.995, 1.0)] == ["1.00", "0.20", "0.005", "0.00"]


# ---- critical damping ----------------------------------------------------------------


@pytest.mark.parametrize("learning_rate", [0.02, 0.3, 0.9])
def test_critical_damping_is_the_last_momentum_that_comes_down_without_swinging(learning_rate):
    critical = critical_momentum(learning_rate)
    assert critical == pytest.approx((1 - learning_rate**0.5) ** 2)
    assert words(Valley(), "momentum", learning_rate, critical).startswith(COMES_DOWN)
    assert words(Valley(), "momentum", learning_rate, critical + 1e-6).startswith(SWINGS)


def test_above_a_curvature_of_1_no_momentum_comes_down_without_swinging():
    momenta = np.linspace(0, 0.99, 100)
    fates = Valley().compute(1.02, momenta, [-4.0, 1.5])[1]["momentum"]
    assert not any(fate.startswith(COMES_DOWN) for fate in fates)
    assert np.isnan(critical_momentum(1.02)) and critical_momentum(1.0) == 0


@pytest.mark.parametrize("momentum", [0.8, 0.995])
def test_the_marks_are_where_the_thumb_is_at_critical_damping(momentum):
    valley = Valley(momentum=momentum)
    rates, momenta = valley.positions["learning_rate"], valley.positions["momentum"]
    marks = dict(zip(rates, valley.scene["critical"], strict=True))
    assert marks[0.36][1] == pytest.approx(momenta.index(0.16) / (len(momenta) - 1))
    assert marks[0.1][0] == pytest.approx(0.81 * 100 / (len(momenta) - 1))
    assert marks[1.0][1] == 0 and marks[1.02][1] is None
    assert all(shallow > (steep or 0) for shallow, steep in marks.values())


@pytest.mark.parametrize(
    ("learning_rate", "curvatures", "says"),
    [
        (0.3, (0.1, 1), "for the steep axis is at momentum 0.205, for the shallow one at 0.684."),
        (2.0, (0.1, 1), "the shallow axis is at momentum 0.306; the steep one has none"),
        (2.0, (0.9, 1), "Neither axis can be damped critically: ηλ is above 1 on both."),
    ],
)
def test_the_words_say_where_critical_damping_is(learning_rate, curvatures, says):
    valley = Valley(learning_rate=learning_rate, curvatures=curvatures)
    assert says in words(valley, "critical", learning_rate)


# ---- energy --------------------------------------------------------------------------


def account(learning_rate, momentum):
    """The parts that are sent, and what they must be, from the path of the NumPy step."""
    valley = Valley(learning_rate=learning_rate, momentum=momentum)
    row = valley.positions["momentum"].index(momentum)
    path = by_steps("momentum", learning_rate, momentum)
    velocities = np.diff(path, axis=0, prepend=path[:1])
    height = quadratic().loss(path)
    motion = np.sum(velocities**2, axis=1) / (2 * learning_rate)  # ½ m (v/h)², as η = h²/m
    late = -0.5 * np.sum(velocities * quadratic().gradient(path), axis=1)
    parts = ("height", "motion", "friction", "error")
    return [sent(valley.by_momentum, row, f"energy.{p}") for p in parts], (height, motion, late)


@pytest.mark.parametrize(("learning_rate", "momentum"), [(0.3, 0.8), (0.1, 1.0), (1.5, 0.0)])
def test_height_motion_and_friction_miss_the_start_by_half_of_velocity_times_gradient(
    learning_rate, momentum
):
    found, (height, motion, late) = account(learning_rate, momentum)
    friction = height[0] - height - motion - late
    for part, wanted in zip(found, (height, motion, friction, late), strict=True):
        np.testing.assert_allclose(part, wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("learning_rate", [0.1, 0.3, 1.0])
def test_without_friction_energy_is_kept_but_for_an_error_that_the_step_bounds(learning_rate):
    (height, motion, friction, _), _ = account(learning_rate, 1.0)
    assert not friction.any()  # and yet, at 0.3, the bar may be 25 % too long: an error, no gain
    bound = learning_rate**0.5 / 2
    energies = (height + motion) / height[0]
    assert energies.min() >= 1 / (1 + bound) - 1e-6 and energies.max() <= 1 / (1 - bound) + 1e-6
    assert energies.max() > 1 + bound / 3


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.8, 0.95])
def test_friction_only_takes_and_at_last_has_taken_all(momentum):
    balls = walk(quadratic(), 1000, 0.2, momentum)
    parts = energy(quadratic(), balls, 0.2, momentum)
    assert parts.friction[-1] == pytest.approx(parts.height[0])
    assert parts.friction.min() >= 0


def test_with_shorter_steps_of_time_the_account_becomes_that_of_newtons_ball():
    mass, drag, errors = 1.0, 0.4, []
    for h in (0.02, 0.01, 0.005):
        rates = h**2 / mass, 1 - h * drag / mass
        balls = walk(quadratic(), int(6 / h), *rates)
        parts = energy(quadratic(), balls, *rates)
        errors.append(np.abs(parts.error).max())
        power = drag * np.sum((balls.velocities / h) ** 2, axis=-1)  # c ẋ², what friction takes
        assert parts.friction[-1] == pytest.approx(h * power.sum(), rel=h)
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(2, rel=0.05)


# ---- a rule of the learner's own -----------------------------------------------------


def ball(w, v, g, learning_rate, momentum):
    v = momentum * v - learning_rate * g
    return w + v, v


def ball_in_place(w, v, g, learning_rate, momentum):
    v *= momentum
    v -= learning_rate * g
    w += v
    return [w, v]


def ball_for_one_walker(w, v, g, learning_rate, momentum):
    v = [momentum * v[i] - (learning_rate if learning_rate < 9 else 0) * g[i] for i in range(2)]
    return (w[0] + v[0], w[1] + v[1]), v


def ball_that_mixes_walkers(w, v, g, learning_rate, momentum):
    g = g / max(1.0, np.linalg.norm(g) / 1e3)  # over a whole sweep this is another norm
    return ball(w, v, g, learning_rate, momentum)


@pytest.mark.parametrize(
    "rule", [ball, ball_in_place, ball_for_one_walker, ball_that_mixes_walkers]
)
def test_a_rule_gives_its_own_path_however_it_is_written(rule):
    valley = Valley(rule=rule)
    for sweep in (valley.by_learning_rate, valley.by_momentum):
        for name in ("x", "y", "velocity", "loss"):
            yours, momentum = (sent(sweep, 30, f"{key}.{name}") for key in ("yours", "momentum"))
            np.testing.assert_allclose(yours, momentum, rtol=1e-5, atol=1e-7)
    assert set(valley.by_momentum["words"]["complaint"]) == {""}


def raises(w, v, g, learning_rate, momentum):
    return 1 / 0


def forgets_the_velocity(w, v, g, learning_rate, momentum):
    return w - learning_rate * g


def forgets_to_return(w, v, g, learning_rate, momentum):
    w - learning_rate * g


def has_another_shape(w, v, g, learning_rate, momentum):
    return w.sum(), v.sum()


def gives_nan(w, v, g, learning_rate, momentum):
    return w - learning_rate * g * np.sqrt(-np.ones_like(w)), v


def takes_too_few(w, v, g):
    return w, v


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (raises, "it stops with ZeroDivisionError: division by zero"),
        (forgets_the_velocity, "a velocity of shape (2,); it returned shapes () and ()"),
        (forgets_to_return, "two arrays, (variable, velocity); it returned None"),
        (has_another_shape, "it returned shapes () and ()"),
        (gives_nan, "it gives nan at step 1"),
        (takes_too_few, "it stops with TypeError: takes_too_few() takes 3 positional arguments"),
    ],
)
def test_a_rule_that_fails_is_told_in_words_and_the_others_go_on(rule, says):
    valley = Valley(rule=rule)
    assert says in valley.by_learning_rate["words"]["complaint"][14]
    assert np.isnan(sent(valley.by_learning_rate, 14, "yours.loss")[1:]).all()
    assert np.isfinite(sent(valley.by_learning_rate, 14, "momentum.loss")).all()


def test_a_rule_that_fails_at_some_settings_is_drawn_at_the_others():
    def picky(w, v, g, learning_rate, momentum):
        if learning_rate > 1:
            raise ValueError("too far")
        return ball(w, v, g, learning_rate, momentum)

    complaints = Valley(rule=picky).by_learning_rate["words"]["complaint"]
    assert complaints[49] == "" and complaints[50] == "it stops with ValueError: too far"


def test_a_rule_that_diverges_is_no_fault():
    _, complaints = walk_with(ball, quadratic(), 2000, 4.2, 0.5, [-4.0, 1.5])
    assert complaints == [""]


def test_what_a_rule_prints_is_not_printed_thousands_of_times(capsys):
    def chatty(w, v, g, learning_rate, momentum):
        print("here")
        return ball(w, v, g, learning_rate, momentum)

    Valley(rule=chatty)
    assert capsys.readouterr().out == ""


# ---- arguments -----------------------------------------------------------------------


# ---- what a notebook stores ----------------------------------------------------------


def test_the_bundle_holds_the_live_view_the_picture_and_a_text_without_an_address():
    valley = Valley()
    data, _ = valley._repr_mimebundle_()
    assert data["text/plain"] == "Valley(learning_rate=0.3, momentum=0.8, start=[-4.0, 1.5])"
    assert base64.b64decode(data["image/png"]) == valley.still()
    assert "application/vnd.jupyter.widget-view+json" in data


def executed():
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("from course.explorers import Valley\nValley()", id="a")]
    )
    NotebookClient(notebook, record_timing=False, store_widget_state=False).execute()
    return notebook


def test_a_stored_notebook_is_the_same_bytes_at_each_run_and_passes_nbval(tmp_path):
    first, second = (nbformat.writes(drop_live_views(executed())) for _ in range(2))
    assert first == second and "image/png" in first and "widget-view" not in first
    (tmp_path / "valley.ipynb").write_text(first)
    command = [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest"]
    command += ["--nbval", "-q", "valley.ipynb"]
    finished = waiting.run(command, cwd=tmp_path)
    assert finished.returncode == 0 and "1 passed" in finished.stdout, finished.stdout


def test_importing_and_building_an_explorer_starts_neither_matplotlib_nor_tensorflow():
    code = (
        "import sys; import course.explorers; assert 'anywidget' not in sys.modules;"
        "course.explorers.Valley();"
        "assert not {'matplotlib', 'tensorflow', 'keras'} & set(sys.modules)"
    )
    waiting.run([sys.executable, "-c", code], check=True, env=os.environ)
