"""The cloud of noisy runs in a real JupyterLab: keyboard, mouse, both themes, 700 px, words."""

import numpy as np
import pytest

from course.explorers.noise_floor import RUNS, SEED
from course.sgd import gradient_descent
from tests.browser.explorer import Explorer, new_explorer

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import Noise\nNoise()"
CELLS = ["1 + 1", SHOW, "2 + 2"]

noise = new_explorer()


def assert_drawn_is_what_numpy_says(now):
    rate, batch = now["at"]["learning_rate"], now["at"]["batch_size"]
    runs, square = np.tile([-4.0, 2.0], (RUNS, 1)), 20.0
    draws = np.random.default_rng(SEED).standard_normal((60, RUNS, 2))
    for draw in draws[: now["step"]]:
        runs = gradient_descent(runs, runs + 2 / np.sqrt(batch) * draw, rate)
        square = (1 - rate) ** 2 * square + 2 * rate**2 * 4 / batch
    assert now["first"] == pytest.approx(runs[0], rel=1e-3, abs=1e-5)
    assert now["measured"] == pytest.approx(np.sqrt((runs**2).sum() / RUNS), rel=1e-4)
    assert now["formula"] == pytest.approx(np.sqrt(square), rel=1e-4)


def test_the_drawn_numbers_are_those_of_the_numpy_rule(noise):
    now = noise.now()
    assert now["at"] == {"learning_rate": 0.2, "batch_size": 4} and now["step"] == 30
    assert now["floor"] == pytest.approx(np.sqrt(2 * 0.2 * 4 / (4 * 1.8)), rel=1e-5)
    assert_drawn_is_what_numpy_says(now)


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("learning rate", "learning_rate", ["ArrowRight", "ArrowUp", "ArrowLeft"], 0.25),
        ("batch size", "batch_size", ["ArrowRight"], 8),
        ("batch size", "batch_size", ["Home"], 1),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    noise, name, parameter, keys, value
):
    before = noise.pictures()
    noise.slider(name).focus()
    for key in keys:
        noise.page.keyboard.press(key)
    assert_drawn_is_what_numpy_says(noise.until(lambda now: now["at"][parameter] == value))
    assert all(new != old for new, old in zip(noise.pictures(), before, strict=True))
    assert noise.slider(name).get_attribute("aria-valuetext") == str(value)
    assert noise.selected() == 1


def test_after_one_slider_has_moved_the_other_one_is_right_too(noise):
    noise.slider("batch size").press("End")
    noise.until(lambda now: now["at"]["batch_size"] == 256)
    noise.slider("learning rate").press("ArrowLeft")
    now = noise.until(lambda now: now["at"]["learning_rate"] == 0.15)
    assert now["at"]["batch_size"] == 256
    assert_drawn_is_what_numpy_says(now)


def test_dragging_a_slider_with_the_mouse_moves_the_picture(noise):
    noise.drag_slider("learning rate", 0.091, 0.5)
    now = noise.until(lambda now: 0.8 <= now["at"]["learning_rate"] <= 1)
    assert_drawn_is_what_numpy_says(now)


def test_play_runs_to_the_end_step_adds_one_and_reset_returns(noise):
    noise.button("reset").click()
    now = noise.until(lambda now: now["step"] == 0)
    assert now["first"] == [-4, 2] and "After 0 steps the 200 runs are 4.5 from" in noise.words()
    noise.button("step").click()
    assert_drawn_is_what_numpy_says(noise.until(lambda now: now["step"] == 1))
    noise.button("play").click()
    noise.until(lambda now: now["step"] > 4)
    sentence = noise.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"  # so it is not read out at every step
    noise.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"
    noise.slider("step").press("End")
    assert_drawn_is_what_numpy_says(noise.until(lambda now: now["step"] == 60))


def test_the_sentence_says_both_distances_and_the_regime_and_follows(noise):
    now, says = noise.now(), noise.words()
    assert f"runs are {now['measured']:.2f} from the minimum" in says
    assert f"the formula says {now['formula']:.2f}. This is the noise floor, 0.47:" in says
    noise.slider("step").press("Home")
    noise.until(lambda now: now["step"] == 0)
    assert "They are still coming down to the noise floor" in noise.words()
    noise.slider("learning rate").press("End")
    noise.slider("step").press("End")
    now = noise.until(lambda now: now["at"]["learning_rate"] == 2.1 and now["step"] == 60)
    assert now["outside"] == RUNS and now["floor"] is None
    assert "Out of the picture: all 200 runs. Above η = 2/λ the runs diverge" in noise.words()


def test_the_keyboard_alone_reaches_every_control_in_order(noise):
    noise.slider("learning rate").focus()
    names = noise.reached_by_tab(6)
    wanted = ["learning rate", "batch size", "step", "▶ play", "step", "reset"]
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


@pytest.mark.parametrize(
    ("theme", "width", "ink"), [("light", 1100, "000000"), ("dark", 700, "FFFFFF")]
)
def test_each_theme_has_its_ink_and_nothing_overlaps_or_sticks_out(run_as, theme, width, ink):
    noise = Explorer(run_as(theme, width), 1)
    assert noise.count(ink) > 30 and noise.count("009E73") > 50  # the measured ring, the formula's
    assert (noise.count("000000") == 0) == (theme == "dark")
    noise.assert_nothing_overlaps_or_sticks_out()
