"""The look-ahead in a real JupyterLab: keyboard, mouse, both themes, both widths, words."""

import numpy as np
import pytest

from course.descent import walk
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import quadratic
from tests.browser.explorer import Explorer, new_explorer

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import LookAhead\nLookAhead()"
BOWL = quadratic((0.2, 1.0), (-4.0, 2.0))
RULES = {"plain": (heavy_ball, 0), "momentum": (heavy_ball, 1), "nesterov": (nesterov_momentum, 1)}
CELLS = ["1 + 1", SHOW, "2 + 2"]

explorer = new_explorer()


def assert_drawn_is_what_numpy_says(now):
    at, k = now["at"], now["step"]
    for key, (rule, has_momentum) in RULES.items():
        rates = at["learning_rate"], at["momentum"] * has_momentum
        ball = walk(BOWL, k + 1, *rates, rule=rule, start=at["start"])
        assert now[key] == pytest.approx(ball.points[k], rel=1e-4, abs=1e-6), key
        assert now["loss"][key] == pytest.approx(BOWL.loss(ball.points[k]), rel=1e-4, abs=1e-6)
    glides = at["momentum"] * ball.velocities
    weights = ball.points - glides
    landed, _ = heavy_ball(
        weights[k], ball.velocities[k], BOWL.gradient(weights[k]), *rates
    )  # momentum, from where the original's weights are
    said = {"original": weights[k], "glide": glides[k], "heavy": landed, "lands": weights[k + 1]}
    for name, point in said.items():
        assert now[name] == pytest.approx(point, rel=1e-4, abs=1e-6), name


def test_the_drawn_numbers_are_those_of_the_numpy_rule(explorer):
    now = explorer.now()
    assert now["at"] == {"learning_rate": 0.5, "momentum": 0.8, "start": [-4, 2]}
    assert now["step"] == 2
    assert_drawn_is_what_numpy_says(now)


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("learning rate", "learning_rate", ["ArrowRight", "ArrowUp", "ArrowLeft"], 0.51),
        ("momentum", "momentum", ["ArrowUp", "ArrowUp"], 0.82),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    explorer, name, parameter, keys, value
):
    before = explorer.pictures()
    explorer.slider(name).focus()
    for key in keys:
        explorer.page.keyboard.press(key)
    assert_drawn_is_what_numpy_says(explorer.until(lambda now: now["at"][parameter] == value))
    assert all(new != old for new, old in zip(explorer.pictures(), before, strict=True))
    assert explorer.selected() == 1


def test_dragging_a_slider_with_the_mouse_moves_the_picture(explorer):
    explorer.drag_slider("learning rate", 0.091, 0.5)
    now = explorer.until(lambda now: 1 < now["at"]["learning_rate"] < 1.2)
    assert_drawn_is_what_numpy_says(now)


def test_the_start_is_dragged_by_mouse_and_by_arrow_keys(explorer):
    knob = explorer.button("start of all balls")
    with explorer.held(knob, 60, 20):
        assert_drawn_is_what_numpy_says(explorer.until(lambda now: now["at"]["start"][0] > -3.5))
    now = explorer.until(lambda now: now["sweep"] != "here")  # at rest both sliders hold again
    assert_drawn_is_what_numpy_says(now)
    knob.press("ArrowRight")
    moved = round(now["at"]["start"][0] + 0.1, 2)
    now = explorer.until(lambda now: now["at"]["start"][0] == moved)
    assert_drawn_is_what_numpy_says(now)
    assert explorer.selected() == 1


def test_play_step_and_reset_take_every_step_apart(explorer):
    explorer.button("reset").click()
    explorer.until(lambda now: now["step"] == 0)
    assert "here and there are one point" in explorer.words()
    explorer.button("step").click()
    assert_drawn_is_what_numpy_says(explorer.until(lambda now: now["step"] == 1))
    explorer.button("play").click()
    explorer.until(lambda now: now["step"] > 3)
    sentence = explorer.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"  # so it is not read out at every step
    explorer.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"
    explorer.slider("step").press("End")
    assert_drawn_is_what_numpy_says(explorer.until(lambda now: now["step"] == 40))


def test_the_sentence_tells_what_the_push_does_here_and_there_and_follows(explorer):
    says, now = explorer.words(), explorer.now()
    here, there, glide = (np.hypot(*now[name]) for name in ("here", "there", "glide"))
    assert f"here, at w, the push is {here:.2f} long and drives on" in says
    assert f"there, {glide:.2f} farther on, it is {there:.2f} long and holds back" in says
    assert f"loss {now['loss']['heavy']:.2f}, Nesterov lands at {now['loss']['lands']:.2f}" in says
    explorer.slider("learning rate").press("End")
    explorer.until(lambda now: now["at"]["learning_rate"] == 2.2)
    assert "Nesterov diverges" in explorer.words()
    explorer.slider("step").press("End")
    explorer.until(lambda now: now["step"] == 40)
    assert "Nesterov is too far away to be drawn" in explorer.words()


def test_each_box_takes_its_own_writing_out_of_the_enlarged_step(explorer):
    assert explorer.count("009E73") > 50
    for name in ("Nesterov, Keras", "Nesterov, original", "momentum"):
        before = explorer.pictures()[0]
        explorer.root.get_by_role("checkbox", name=name).uncheck()
        for _ in range(100):
            if explorer.pictures()[0] != before:
                break
            explorer.page.wait_for_timeout(20)
        assert explorer.pictures()[0] != before, name
    assert explorer.count("009E73") == 0  # no arrow without the step that it belongs to


def test_the_light_theme_has_its_ink_and_the_wide_page_its_order(explorer):
    assert explorer.count("0072B2") > 50 and explorer.count("56B4E9") == 0
    explorer.assert_nothing_overlaps_or_sticks_out()


def test_the_dark_theme_has_its_ink_and_the_page_of_700_pixels_its_order(run_as):
    explorer = Explorer(run_as("dark", 700), 1)
    assert explorer.count("56B4E9") > 50 and explorer.count("0072B2") == 0
    explorer.assert_nothing_overlaps_or_sticks_out()
