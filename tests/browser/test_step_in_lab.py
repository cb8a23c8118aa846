"""The explorer of one step in a real JupyterLab: keyboard, mouse, both themes, and its words."""

import numpy as np
import pytest

from course.sgd import gradient_descent
from tests.browser.explorer import Explorer, new_explorer

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import Step\nStep()"
CELLS = ["1 + 1", SHOW, "2 + 2"]

step = new_explorer()


def assert_drawn_is_what_numpy_says(now):
    """The same walker by the NumPy rule, step by step."""
    eta, curvatures = now["at"]["learning_rate"], np.array([0.2, now["at"]["curvature"]])
    points = [np.array(now["at"]["start"], float)]
    for _ in range(now["step"] + 1):
        points.append(gradient_descent(points[-1], curvatures * points[-1], eta))
    (w1, w2), (next1, next2) = points[-2:]
    expected = {"w1": w1, "w2": w2, "next1": next1, "next2": next2}
    expected |= {"height": curvatures[1] * w2**2 / 2, "slope": curvatures[1] * w2}
    for name, number in expected.items():
        assert now[name] == pytest.approx(number, rel=1e-4, abs=1e-6), name
    assert now["factors"] == pytest.approx(list(1 - eta * curvatures), abs=1e-6)
    edges = [1 / curvatures[1], 2 / curvatures.sum(), 2 / curvatures[1]]
    assert now["edges"] == pytest.approx(edges, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("learning rate", "learning_rate", ["ArrowRight", "ArrowUp", "ArrowLeft"], 0.42),
        ("learning rate", "learning_rate", ["End"], 3.0),
        ("curvature", "curvature", ["ArrowUp", "ArrowUp"], 1.1),
        ("curvature", "curvature", ["Home"], 0.7),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    step, name, parameter, keys, value
):
    before = step.pictures()
    assert_drawn_is_what_numpy_says(step.now())
    step.slider(name).focus()
    for key in keys:
        step.page.keyboard.press(key)
    now = step.until(lambda now: now["at"][parameter] == value)
    assert_drawn_is_what_numpy_says(now)
    assert all(new != old for new, old in zip(step.pictures(), before, strict=True))
    assert step.selected() == 1


def test_the_words_follow_from_creeping_to_the_best_rate_to_diverging(step):
    assert step.words().startswith("After 1 step w₂ = 1.2 and w₁ = −3.7. Each step multiplies")
    assert "by 0.60 and w₁ (shallow) by 0.92: each comes down" in step.words()
    for key in ["PageUp"] * 4 + ["ArrowRight"] * 4:
        step.slider("learning rate").press(key)
    step.until(lambda now: now["at"]["learning_rate"] == pytest.approx(2 / 1.2))
    assert "by −0.667: it flips" in step.words() and "this is the best η" in step.words()
    step.slider("learning rate").press("End")
    step.until(lambda now: now["at"]["learning_rate"] == 3.0)
    assert "by −2.00: it diverges" in step.words() and "breaks first" in step.words()


def test_dragging_a_slider_with_the_mouse_stops_on_the_scale_of_the_strip_below_it(step):
    slider = step.slider("learning rate").bounding_box()
    strip = step.root.locator(".course-strip > canvas").bounding_box()
    unit = (strip["width"] - 44 - 20) / 3.06  # pixels for a learning rate of 1, between margins
    at = [strip["x"] + 44 + rate * unit - slider["x"] for rate in (0.4, 2.0)]
    step.drag_slider("learning rate", *(place / slider["width"] for place in at))
    now = step.until(lambda now: now["at"]["learning_rate"] > 1.9)
    assert now["at"]["learning_rate"] == pytest.approx(2.0, abs=0.03)
    assert_drawn_is_what_numpy_says(now)


def test_the_mouse_drags_the_start_and_arrow_keys_move_it_on(step):
    bowl = step.root.locator(".course-panels canvas").nth(1).bounding_box()
    unit = (bowl["width"] - 44 - 8) / 10  # pixels for a weight of 1, between margins
    with step.held(step.button("start"), 60, 30):
        now = step.until(lambda now: now["at"]["start"][0] > -3.6)
        assert_drawn_is_what_numpy_says(now)
    now = step.until(lambda now: now["sweep"] != "here")
    w1, w2 = now["at"]["start"]
    assert [w1, w2] == pytest.approx([-4 + 60 / unit, 2 - 30 / unit], abs=0.05)
    step.button("start").press("ArrowRight")
    now = step.until(lambda now: now["at"]["start"] == pytest.approx([w1 + 0.1, w2]))
    assert_drawn_is_what_numpy_says(now)
    assert step.selected() == 1


def test_the_keyboard_alone_reaches_every_control_in_order(step):
    step.slider("learning rate").focus()
    names = step.reached_by_tab(7)
    wanted = ["learning rate", "curvature", "step", "▶ play", "step", "reset", "start, at"]
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


def test_play_runs_on_step_adds_one_and_reset_returns(step):
    step.button("reset").click()
    step.until(lambda now: now["step"] == 0)
    step.button("step").click()
    step.until(lambda now: now["step"] == 1)
    step.button("play").click()
    step.until(lambda now: now["step"] > 4)
    sentence = step.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"
    step.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"
    assert_drawn_is_what_numpy_says(step.now())


@pytest.mark.parametrize(
    ("theme", "width", "ink", "other"),
    [("light", 700, "000000", "FFFFFF"), ("dark", 1100, "FFFFFF", "000000")],
)
def test_each_theme_has_its_ink_and_nothing_overlaps_or_sticks_out(
    run_as, theme, width, ink, other
):
    step = Explorer(run_as(theme, width), 1)
    assert step.count(ink) > 50 and step.count("009E73") > 50
    assert step.count(other) < 50
    step.assert_nothing_overlaps_or_sticks_out(
        "label, .course-strip input, .course-buttons, canvas:not(.course-swatch), .course-words"
    )
