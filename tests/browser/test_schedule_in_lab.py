"""The schedules in a real JupyterLab: keyboard, mouse, both themes, words, a narrow window."""

import pytest

from course.schedules import SCHEDULES
from tests.browser.explorer import Explorer, new_explorer
from tests.explorers.test_schedule import by_steps, by_sums

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import Schedule\nSchedule()"
CELLS = ["1 + 1", SHOW, "Schedule('cosine')"]

schedule = new_explorer()


def assert_drawn_is_what_numpy_says(now):
    at, k = now["at"], now["step"]
    rule, rates = SCHEDULES[at["schedule"]], (at["learning_rate"], at["momentum"])
    assert now["rate"] == pytest.approx(float(rule(k, at["learning_rate"])), rel=1e-5, abs=1e-9)
    for key, ball in (("keras", by_steps), ("torch", by_sums)):
        for name, numbers in zip(("loss", "move"), ball(rule, *rates), strict=True):
            assert now[key][name] == pytest.approx(numbers[k], rel=1e-4, abs=1e-7), (key, name)


def test_right_after_the_drop_kerass_ball_keeps_its_speed_and_pytorchs_does_not(schedule):
    now = schedule.now()
    assert now["at"] == {"schedule": "step", "learning_rate": 0.1, "momentum": 0.9}
    assert now["step"] == 61 and now["rate"] == pytest.approx(0.01)
    assert now["keras"]["move"] > 8 * now["torch"]["move"]
    assert_drawn_is_what_numpy_says(now)


def test_arrow_keys_choose_the_schedule_and_not_another_cell(schedule):
    before = schedule.pictures()
    schedule.root.get_by_role("radio", name="step", exact=True).focus()
    for name in ("exponential", "cosine"):
        schedule.page.keyboard.press("ArrowDown")
        assert_drawn_is_what_numpy_says(
            schedule.until(lambda now, name=name: now["at"]["schedule"] == name)
        )
    assert all(new != old for new, old in zip(schedule.pictures(), before, strict=True))
    assert schedule.selected() == 1


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("learning rate", "learning_rate", ["ArrowRight", "ArrowUp", "ArrowLeft"], 0.12),
        ("learning rate", "learning_rate", ["End"], 4.0),
        ("momentum", "momentum", ["ArrowUp", "ArrowUp"], 0.92),
        ("momentum", "momentum", ["Home"], 0.0),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    schedule, name, parameter, keys, value
):
    before = schedule.pictures()
    schedule.slider(name).focus()
    for key in keys:
        schedule.page.keyboard.press(key)
    assert_drawn_is_what_numpy_says(schedule.until(lambda now: now["at"][parameter] == value))
    assert schedule.pictures()[1:] != before[1:]
    assert schedule.selected() == 1


def test_after_a_schedule_was_chosen_the_sliders_are_right_too(schedule):
    schedule.root.get_by_text("warm-up").click()
    schedule.until(lambda now: now["at"]["schedule"] == "warm-up")
    schedule.slider("momentum").press("ArrowLeft")
    now = schedule.until(lambda now: now["at"]["momentum"] == 0.89)
    assert now["at"]["schedule"] == "warm-up"
    assert_drawn_is_what_numpy_says(now)


def test_the_mouse_drags_a_slider_and_the_picture_follows(schedule):
    schedule.drag_slider("momentum", 0.87, 0.5)
    now = schedule.until(lambda now: 0.45 < now["at"]["momentum"] < 0.55)
    assert_drawn_is_what_numpy_says(now)


def test_the_keyboard_alone_reaches_every_control_in_order(schedule):
    schedule.root.get_by_role("radio", name="step", exact=True).focus()
    names = schedule.reached_by_tab(7)
    wanted = ["step", "learning rate", "momentum", "step", "▶ play", "step", "reset"]
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


def test_play_runs_step_adds_one_and_reset_returns(schedule):
    schedule.button("reset").click()
    schedule.until(lambda now: now["step"] == 0)
    schedule.button("step").click()
    assert_drawn_is_what_numpy_says(schedule.until(lambda now: now["step"] == 1))
    schedule.button("play").click()
    schedule.until(lambda now: now["step"] > 4)
    sentence = schedule.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"
    schedule.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"


def test_the_sentence_says_the_losses_the_moves_and_what_the_drop_does(schedule):
    now, says = schedule.now(), schedule.words()
    assert f"After 61 steps – mean loss: Keras's ball {now['keras']['loss']:.2f}" in says
    assert f"at η = 0.010: Keras's ball moves {now['keras']['move']:.2f}, PyTorch's 0.023" in says
    assert "Keras's ball moves 89 % as far as in the step before, PyTorch's 10 %." in says
    schedule.root.get_by_text("constant", exact=True).click()
    now = schedule.until(lambda now: now["at"]["schedule"] == "constant")
    assert "constant" not in now and now["keras"]["loss"] == pytest.approx(now["torch"]["loss"])
    assert "both rules are one" in schedule.words() and "at constant η" not in schedule.words()
    assert not schedule.root.get_by_text("at constant η").is_visible()  # nor in the legend


def test_at_a_learning_rate_of_0_pytorchs_ball_stands_still_and_nothing_breaks(schedule):
    schedule.root.get_by_text("cosine").click()
    schedule.slider("step").press("End")
    now = schedule.until(lambda now: now["step"] == 120 and now["at"]["schedule"] == "cosine")
    assert now["rate"] == now["torch"]["move"] == 0 and now["keras"]["move"] > 0.004
    assert "at η = 0: Keras's ball moves 0.0050, PyTorch's 0." in schedule.words()


def test_two_explorers_in_one_notebook_are_two_groups_of_radio_buttons(schedule, notebook):
    second = Explorer(notebook, 2)
    second.root.get_by_text("warm-up").click()
    second.until(lambda now: now["at"]["schedule"] == "warm-up")
    assert schedule.now()["at"]["schedule"] == "step"
    assert schedule.root.get_by_role("radio", name="step", exact=True).is_checked()


INKS = {"JupyterLab Light": "555555", "JupyterLab Dark": "bbbbbb"}  # the learning rate's line


def test_each_theme_has_its_ink(schedule, notebook):
    for theme, other in [[*INKS][::-1], [*INKS]]:
        notebook.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
        )
        for _ in range(200):
            if schedule.count(INKS[theme]) > 50:
                break
            notebook.page.wait_for_timeout(25)
        assert schedule.count(INKS[theme]) > 50 and schedule.count(INKS[other]) < 50


@pytest.mark.parametrize("width", [1100, 700])
def test_nothing_overlaps_and_nothing_sticks_out(schedule, width):
    schedule.page.set_viewport_size({"width": width, "height": 1000})
    schedule.page.wait_for_timeout(100)  # for the resize to arrive
    outer = schedule.root.bounding_box()
    assert outer["x"] + outer["width"] <= width
    schedule.assert_nothing_overlaps_or_sticks_out()
