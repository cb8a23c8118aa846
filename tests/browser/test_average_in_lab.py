"""The average in a real JupyterLab: keyboard, mouse, both themes, words, a narrow window."""

import functools

import numpy as np
import pytest

from tests.browser.explorer import Explorer, new_explorer
from tests.explorers.test_average import by_steps

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import Average\nAverage()"
START = {"learning_rate": 0.2, "ema_momentum": 0.98, "ema_overwrite_frequency": None}
walked = functools.cache(by_steps)
CELLS = ["1 + 1", SHOW, "2 + 2"]

average = new_explorer()


def assert_drawn_is_what_numpy_says(now):
    for key, points in walked(*(now["at"][name] for name in START)).items():
        cloud = points[now["step"]]
        losses = np.square(cloud).sum(axis=-1) / 2
        (x, y), mean = cloud[0], losses.mean()
        for name, number in {"x": x, "y": y, "loss": losses[0], "mean": mean}.items():
            found = np.nan if now[key][name] is None else now[key][name]
            assert found == pytest.approx(number, rel=1e-4, abs=1e-6, nan_ok=True), (key, name)


def test_at_first_the_average_is_behind_and_at_the_end_it_is_better(average):
    now = average.now()
    assert (now["at"], now["step"], now["case"]) == (START, 40, "behind")
    assert_drawn_is_what_numpy_says(now)
    assert "The average is behind, for the last time at step 99" in average.words()
    average.slider("step").press("End")
    now = average.until(lambda now: now["step"] == 300)
    assert now["case"] == "better" and now["average"]["mean"] < now["weights"]["mean"] / 5
    assert_drawn_is_what_numpy_says(now)
    assert "The average is better" in average.words()


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value", "shown"),
    [
        ("learning rate", "learning_rate", ["End"], 1.6, "1.60"),
        ("ema_momentum", "ema_momentum", ["ArrowRight", "ArrowUp"], 0.99, "0.99, memory 100"),
        ("ema_momentum", "ema_momentum", ["Home"], 0, "0, memory 1"),
        ("overwrite", "ema_overwrite_frequency", ["ArrowLeft"], 100, "every 100 steps"),
        ("overwrite", "ema_overwrite_frequency", ["Home"], 5, "every 5 steps"),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    average, name, parameter, keys, value, shown
):
    before = average.pictures()
    average.slider(name).focus()
    for key in keys:
        average.page.keyboard.press(key)
    now = average.until(lambda now: now["at"][parameter] == value)
    assert now["at"] == {**START, parameter: value}
    assert average.slider(name).get_attribute("aria-valuetext") == shown
    assert now["overwritten"] == 300 // (now["at"]["ema_overwrite_frequency"] or 301)
    assert_drawn_is_what_numpy_says(now)
    assert all(new != old for new, old in zip(average.pictures(), before, strict=True))
    assert average.selected() == 1


def test_the_mouse_drags_a_slider_and_the_other_sweeps_follow(average):
    average.drag_slider("overwrite", 0.96, 0.4)
    now = average.until(lambda now: now["at"]["ema_overwrite_frequency"] == 20)
    assert_drawn_is_what_numpy_says(now)
    average.slider("ema_momentum").press("ArrowLeft")
    now = average.until(lambda now: now["at"]["ema_momentum"] == 0.97)
    assert now["at"]["ema_overwrite_frequency"] == 20
    assert_drawn_is_what_numpy_says(now)


def test_before_the_first_step_there_is_no_average_then_play_step_and_reset_move(average):
    average.button("reset").click()
    now = average.until(lambda now: now["step"] == 0)
    assert now["average"] == dict.fromkeys(("x", "y", "loss", "mean")) and now["case"] == "none"
    assert "There is no average yet" in average.words() and "NaN" not in average.words()
    average.button("step").click()
    now = average.until(lambda now: now["step"] == 1)
    assert now["average"] == now["weights"] and now["case"] == "copied"
    average.button("play").click()
    average.until(lambda now: now["step"] > 4)
    sentence = average.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"  # so it is not read out at every step
    average.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"
    assert_drawn_is_what_numpy_says(average.now())


def test_the_keyboard_alone_reaches_every_control_in_order(average):
    average.slider("learning rate").focus()
    wanted = ["learning rate", "ema_momentum", "overwrite", "step", "▶ play", "step", "reset"]
    names = average.reached_by_tab(len(wanted))
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


COLOURS = {"light": ["000000", "56B4E9"], "dark": ["FFFFFF", "F0E442"]}  # weights, average


@pytest.mark.parametrize(("theme", "width"), [("dark", 1100), ("light", 700)])
def test_each_theme_has_its_colours_and_nothing_overlaps_or_sticks_out(run_as, theme, width):
    average = Explorer(run_as(theme, width), 1)
    other = COLOURS["light" if theme == "dark" else "dark"]
    assert all(average.count(colour) > 50 for colour in COLOURS[theme])
    assert average.count(other[1]) == 0
    average.assert_nothing_overlaps_or_sticks_out()
