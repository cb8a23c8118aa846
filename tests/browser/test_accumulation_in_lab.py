"""Gradient accumulation in a real JupyterLab: keyboard, mouse, both themes, 700 px, words."""

import numpy as np
import pytest

from course import sgd
from course.explorers.accumulation import SEED
from tests.browser.explorer import Explorer, new_explorer

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import Accumulation\nAccumulation()"
CELLS = ["1 + 1", SHOW, "2 + 2"]

acc = new_explorer()


def assert_drawn_is_what_numpy_says(now):
    rate, k = now["at"]["learning_rate"], now["at"]["gradient_accumulation_steps"]
    weights, each = [np.array([4.0])], 4.0
    state, given = sgd.initial_state(weights), [0.0]
    for draw in 2 * np.random.default_rng(SEED).standard_normal(64)[: now["step"]]:
        given.append(weights[0][0] + draw)
        each = sgd.gradient_descent(each, each + draw, rate)
        weights, state = sgd.step(
            weights,
            [weights[0] + draw],
            state,
            learning_rate=rate,
            gradient_accumulation_steps=k if k > 1 else None,
        )
    expected = {"w": weights[0][0], "each": each, "gradient": given[-1]}
    expected["accumulator"] = state.accumulator[0][0] if k > 1 else 0
    expected["sum"] = sum(given[max(1, now["step"] - (now["step"] - 1) % k) :])
    for name, number in expected.items():
        assert now[name] == pytest.approx(number, rel=1e-3, abs=1e-4), name
    if now["step"] and now["step"] % k == 0:
        assert now["joined"] == pytest.approx(now["w"], rel=1e-5, abs=1e-5)
    else:
        assert now["joined"] is None or now["step"] == 0


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("accumulation steps", "gradient_accumulation_steps", ["ArrowRight"], 8),
        ("accumulation steps", "gradient_accumulation_steps", ["Home"], 1),
        ("learning rate", "learning_rate", ["ArrowRight", "ArrowUp", "ArrowLeft"], 0.35),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    acc, name, parameter, keys, value
):
    before = acc.pictures()
    assert_drawn_is_what_numpy_says(acc.now())
    acc.slider(name).focus()
    for key in keys:
        acc.page.keyboard.press(key)
    assert_drawn_is_what_numpy_says(acc.until(lambda now: now["at"][parameter] == value))
    assert all(new != old for new, old in zip(acc.pictures(), before, strict=True))
    assert acc.selected() == 1


def test_after_one_slider_has_moved_the_other_one_is_right_too(acc):
    acc.slider("accumulation steps").press("End")
    acc.until(lambda now: now["at"]["gradient_accumulation_steps"] == 32)
    acc.slider("learning rate").press("End")
    now = acc.until(lambda now: now["at"]["learning_rate"] == 2.1)
    assert now["at"]["gradient_accumulation_steps"] == 32
    assert_drawn_is_what_numpy_says(now)
    assert "Above η = 2/λ each step makes the weight 1.1 times as large" in acc.words()


def test_dragging_the_calls_with_the_mouse_moves_the_picture(acc):
    acc.drag_slider("call", 0.14, 0.5)
    assert_drawn_is_what_numpy_says(acc.until(lambda now: 30 <= now["step"] <= 34))


def test_call_by_call_the_sum_fills_up_and_the_weight_moves_at_the_last_of_a_group(acc):
    acc.button("reset").click()
    now = acc.until(lambda now: now["step"] == 0)
    assert now["w"] == 4 and acc.words().startswith("Before the first call the accumulator is")
    for call in range(1, 6):
        acc.button("call").click()
        now = acc.until(lambda now, call=call: now["step"] == call)
        assert (now["w"] == 4) == (call < 4) and (now["accumulator"] == 0) == (call == 4)
        assert_drawn_is_what_numpy_says(now)
        place = f"Call {call} is number {(call - 1) % 4 + 1} of 4 in group {(call + 3) // 4}"
        assert acc.words().startswith(place)
        end = (
            "and the accumulator is 0 again" if call == 4 else f"until call {4 if call < 4 else 8}."
        )
        assert end in acc.words()


def test_play_runs_and_is_read_out_only_when_it_rests(acc):
    acc.button("play").click()
    acc.until(lambda now: now["step"] > 14)
    sentence = acc.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"
    acc.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"
    acc.slider("call").press("End")
    assert_drawn_is_what_numpy_says(acc.until(lambda now: now["step"] == 64))


def test_the_keyboard_alone_reaches_every_control_in_order(acc):
    acc.slider("accumulation steps").focus()
    names = acc.reached_by_tab(6)
    wanted = ["accumulation steps", "learning rate", "call", "▶ play", "call", "reset"]
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


@pytest.mark.parametrize(
    ("theme", "width", "ink"), [("light", 1100, "000000"), ("dark", 700, "FFFFFF")]
)
def test_each_theme_has_its_ink_and_nothing_overlaps_or_sticks_out(run_as, theme, width, ink):
    acc = Explorer(run_as(theme, width), 1)
    assert acc.count(ink) > 30 and acc.count("56B4E9" if theme == "light" else "F0E442") > 5
    assert (acc.count("000000") == 0) == (theme == "dark")
    acc.assert_nothing_overlaps_or_sticks_out()
