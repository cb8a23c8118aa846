"""Loss scaling in a real JupyterLab: keyboard, mouse, both themes, 700 px, and its words."""

import numpy as np
import pytest

from course.explorers.half_precision import stored
from tests.browser.explorer import Explorer, new_explorer

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import Scaling\nScaling()"
CELLS = ["1 + 1", SHOW, "2 + 2"]

scaling = new_explorer()


def assert_drawn_is_what_numpy_says(now):
    alive = [part[part != 0] for part in stored()[now["at"]["trained"]]]
    scale = np.float32(now["at"]["loss_scale_factor"])
    with np.errstate(over="ignore"):
        kept = [np.abs(np.float16(part * scale)).astype(float) for part in alive]
    every, tiny = np.concatenate(kept), np.finfo("float16").tiny
    assert now["count"] == len(every)
    assert now["lost"] == (every == 0).sum()
    assert now["faint"] == ((every > 0) & (every < tiny)).sum()
    assert now["inf"] == np.isinf(every).sum()
    assert now["full"] == now["count"] - now["lost"] - now["faint"] - now["inf"]
    lost = [100 * np.mean(part == 0) for part in kept]
    assert now["parts"] == pytest.approx(lost, rel=1e-5)
    assert (now["inf"] > 0) == (scale > 2.0 ** now["safe"])


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("loss scale", "loss_scale_factor", ["ArrowRight", "ArrowUp", "ArrowLeft"], 2.0),
        ("loss scale", "loss_scale_factor", ["End"], 2.0**24),
        ("steps of training", "trained", ["ArrowLeft", "ArrowLeft"], 50),
        ("steps of training", "trained", ["Home"], 0),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    scaling, name, parameter, keys, value
):
    before = scaling.pictures()
    assert_drawn_is_what_numpy_says(scaling.now())
    scaling.slider(name).focus()
    for key in keys:
        scaling.page.keyboard.press(key)
    assert_drawn_is_what_numpy_says(scaling.until(lambda now: now["at"][parameter] == value))
    assert all(new != old for new, old in zip(scaling.pictures(), before, strict=True))
    assert scaling.selected() == 1


def test_after_one_slider_has_moved_the_other_one_is_right_too(scaling):
    scaling.slider("steps of training").press("ArrowLeft")
    scaling.until(lambda now: now["at"]["trained"] == 200)
    scaling.slider("loss scale").press("End")
    now = scaling.until(lambda now: now["at"]["loss_scale_factor"] == 2.0**24)
    assert now["at"]["trained"] == 200 and now["safe"] == 20
    assert_drawn_is_what_numpy_says(now)


def test_dragging_the_scale_with_the_mouse_moves_the_picture(scaling):
    scaling.drag_slider("loss scale", 0.036, 0.5)
    now = scaling.until(lambda now: 2**11 <= now["at"]["loss_scale_factor"] <= 2**13)
    assert_drawn_is_what_numpy_says(now)


def test_the_words_follow_from_what_is_lost_to_the_largest_safe_scale_to_overflow(scaling):
    now = scaling.now()
    assert f"At a scale of 2⁰ float16 loses {now['lost']} (19.0%) of 3244" in scaling.words()
    slider = scaling.slider("loss scale")
    assert slider.get_attribute("aria-valuetext") == "2⁰ = 1"
    slider.press("End")
    for _ in range(3):
        slider.press("ArrowLeft")
    scaling.until(lambda now: now["at"]["loss_scale_factor"] == 2.0**21)
    assert "this is the largest power of two without overflow" in scaling.words()
    assert slider.get_attribute("aria-valuetext") == "2²¹ = 2097152"
    slider.press("ArrowRight")
    now = scaling.until(lambda now: now["inf"] > 0)
    assert f"{now['inf']} overflow to inf, and inf stays inf" in scaling.words()


def test_the_keyboard_alone_reaches_every_control_in_order(scaling):
    scaling.slider("loss scale").focus()
    names = scaling.reached_by_tab(2)
    wanted = ["loss scale", "steps of training"]
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


@pytest.mark.parametrize(
    ("theme", "width", "ink", "lost"),
    [("light", 1100, "000000", "777777"), ("dark", 700, "FFFFFF", "999999")],
)
def test_each_theme_has_its_ink_and_nothing_overlaps_or_sticks_out(run_as, theme, width, ink, lost):
    scaling = Explorer(run_as(theme, width), 1)
    assert all(scaling.count(colour) > 50 for colour in ("009E73", "56B4E9", lost))
    other = "777777" if theme == "dark" else "999999"
    assert scaling.count(other) < 20
    scaling.assert_nothing_overlaps_or_sticks_out("label, .course-panels canvas, .course-words")
