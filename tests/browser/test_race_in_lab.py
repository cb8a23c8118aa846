"""The race in a real JupyterLab: keyboard, mouse, both themes, words, a narrow window."""

import numpy as np
import pytest

from course.surfaces import SURFACES
from tests.browser.explorer import Explorer, new_explorer
from tests.explorers.test_race import by_steps

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import Race\nRace('quadratic')"
RATES = {"quadratic": 0.3, "rosenbrock": 0.001, "cliff": 0.3}
RUNNERS = [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}]
RUNNERS += [{"momentum": 0.9, "clipnorm": 1.0}]
BROKEN = """
def broken(w, v, g, learning_rate, momentum):
    return w - rate * g, v
Race('cliff', [{"momentum": 0.9, "name": "bold"}], rule=broken)"""
CELLS = ["1 + 1", SHOW, BROKEN]

race = new_explorer()


def assert_drawn_is_what_sgd_step_says(now):
    at, k = now["at"], now["step"]
    surface = SURFACES[at["surface"]]()
    for i, (arguments, (factor, momentum)) in enumerate(zip(RUNNERS, at["settings"])):
        if i == at["runner"]:
            factor, momentum = at["factor"], at["momentum"]
        moved = {"learning_rate": factor * RATES[at["surface"]], "momentum": momentum}
        point = by_steps(surface, arguments | moved, at["start"], k)[-1]
        drawn = now["runners"][i]
        assert (drawn["x"], drawn["y"]) == pytest.approx(tuple(point), rel=1e-4, abs=1e-5)
        loss = surface.loss(point) - surface.loss(surface.minimum)
        assert drawn["loss"] == pytest.approx(loss, rel=1e-3, abs=1e-8)
    order = [i for _, i in now["order"]]
    assert order == sorted(order, key=lambda i: now["runners"][i]["loss"])


def test_the_drawn_numbers_are_those_of_sgd_step(race):
    now = race.now()
    assert now["at"]["start"] == [-4, 1.5] and now["step"] == 20
    assert_drawn_is_what_sgd_step_says(now)


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("learning rate", "factor", ["ArrowRight", "ArrowUp", "ArrowLeft"], 1.2),
        ("learning rate", "factor", ["Home"], 0.01),
        ("momentum", "momentum", ["ArrowUp", "ArrowUp"], 0.1),
        ("momentum", "momentum", ["End"], 1.0),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    race, name, parameter, keys, value
):
    before = race.pictures()
    race.slider(name).focus()
    for key in keys:
        race.page.keyboard.press(key)
    assert_drawn_is_what_sgd_step_says(race.until(lambda now: now["at"][parameter] == value))
    assert all(new != old for new, old in zip(race.pictures(), before, strict=True))
    assert race.selected() == 1


def test_keys_choose_the_surface_and_the_runner_and_not_another_cell(race):
    race.root.get_by_role("combobox").focus()
    race.page.keyboard.press("ArrowDown")
    now = race.until(lambda now: now["at"]["surface"] == "rosenbrock")
    assert now["at"]["start"] == [-1.2, 1]
    assert_drawn_is_what_sgd_step_says(now)
    assert "A bent valley" in race.words()
    race.root.get_by_role("radio").nth(0).focus()
    race.page.keyboard.press("ArrowDown")
    race.page.keyboard.press("ArrowDown")
    now = race.until(lambda now: now["at"]["runner"] == 2)
    assert now["at"]["momentum"] == 0.9
    assert race.slider("momentum").get_attribute("aria-valuetext") == "0.90"
    race.slider("momentum").press("ArrowLeft")
    assert_drawn_is_what_sgd_step_says(race.until(lambda now: now["at"]["momentum"] == 0.89))
    assert race.selected() == 1


def test_a_slider_moved_and_a_runner_chosen_at_once_lose_nothing(race):
    race.slider("learning rate").press("ArrowRight")
    race.root.get_by_role("radio").nth(1).check()
    now = race.until(lambda now: now["at"]["runner"] == 1)
    assert now["at"]["settings"][0] == [1.2, 0] and now["at"]["factor"] == 1
    assert_drawn_is_what_sgd_step_says(now)
    assert race.root.get_by_text("plain SGD, η 0.36", exact=True).is_visible()


def test_the_keyboard_alone_reaches_every_control_in_order(race):
    race.root.get_by_role("combobox").focus()
    names = race.reached_by_tab(9)
    wanted = ["surface", "step", "▶ play", "step", "reset", "plain SGD"]
    wanted += ["learning rate", "momentum", "start of all runners"]
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


def test_the_mouse_drags_the_start_and_all_runners_follow(race):
    with race.held(race.button("start of all runners"), 60, 40):
        now = race.until(lambda now: now["at"]["start"][0] > -3.9)
        assert_drawn_is_what_sgd_step_says(now)  # while it moves, too
    now = race.until(lambda now: now["sweep"] != "here" and now["at"]["start"][1] < 1.2)
    assert_drawn_is_what_sgd_step_says(now)
    race.button("start of all runners").focus()
    race.page.keyboard.press("ArrowUp")
    moved = race.until(lambda new: new["at"]["start"][1] > now["at"]["start"][1])
    assert moved["at"]["start"][1] == pytest.approx(now["at"]["start"][1] + 0.1)
    assert race.selected() == 1


def test_the_mouse_drags_a_slider_and_the_picture_follows(race):
    race.drag_slider("learning rate", 0.5, 0.25)
    assert_drawn_is_what_sgd_step_says(race.until(lambda now: now["at"]["factor"] < 0.15))


def test_play_runs_step_adds_one_and_reset_returns(race):
    race.button("reset").click()
    now = race.until(lambda now: now["step"] == 0)
    assert [rank for rank, _ in now["order"]] == [1, 1, 1, 1]
    race.button("step").click()
    assert_drawn_is_what_sgd_step_says(race.until(lambda now: now["step"] == 1))
    race.button("play").click()
    race.until(lambda now: now["step"] > 4)
    sentence = race.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"
    race.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"


def test_the_sentence_ranks_the_runners_and_says_who_has_left_the_picture(race):
    says, now = race.words(), race.now()
    first, last = (now["runners"][now["order"][i][1]] for i in (0, -1))
    assert says.startswith(f"After 20 steps – 1. {first['label']}: loss {first['loss']:.2g}")
    assert f"4. {last['label']}: loss {last['loss']:.2g}" in says
    assert "picture" not in says
    race.root.get_by_role("combobox").select_option("cliff")
    now = race.until(lambda now: now["at"]["surface"] == "cliff")
    ball = by_steps(SURFACES["cliff"](), RUNNERS[1] | {"learning_rate": 0.3})
    (left, right), (low, high) = [-1.9, 7.1], [-3, 3]
    out = (ball[:, 0] < left) | (ball[:, 0] > right) | (ball[:, 1] < low) | (ball[:, 1] > high)
    gone = out.argmax()
    back = gone + np.flatnonzero(~out[gone:])[0]
    race.slider("step").focus()
    for _ in range(20 - gone):
        race.page.keyboard.press("ArrowLeft")
    race.until(lambda now: now["step"] == gone)
    ours = next(part for part in race.words().split(";") if "momentum 0.9, η 0.3: " in part)
    assert f"out of the picture since step {gone}" in ours
    for _ in range(back - gone):
        race.page.keyboard.press("ArrowRight")
    race.until(lambda now: now["step"] == back)
    ours = next(part for part in race.words().split(";") if "momentum 0.9, η 0.3: " in part)
    assert f"was out of the picture, first at step {gone}" in ours


def test_a_broken_rule_is_told_in_words_and_the_others_race_on(race, notebook):
    failing = Explorer(notebook, 2)
    says = "⚠ Your rule fails: it stops with NameError: name 'rate' is not defined."
    assert failing.words().startswith(says)
    assert "1. bold (momentum 0.9, η 0.3): loss" in failing.words()
    assert "2. your rule, momentum 0.9, η 0.3: loss no number" in failing.words()
    failing.slider("learning rate").press("Home")
    failing.until(lambda now: now["at"]["factor"] == 0.01)
    assert failing.words().startswith(says)


def test_a_learning_rate_far_too_large_breaks_nothing(race):
    race.root.get_by_role("combobox").select_option("rosenbrock")
    race.until(lambda now: now["at"]["surface"] == "rosenbrock")
    race.slider("learning rate").press("End")
    race.until(lambda now: now["at"]["factor"] == 100)
    race.slider("step").press("End")
    now = race.until(lambda now: now["step"] == 120)
    assert now["order"][-1] == [4, 0] and now["runners"][0]["loss"] is None  # JSON's Infinity
    assert "4. plain SGD, η 0.1: loss without bound, out of the picture since" in race.words()


COLOURS = {  # plain SGD, momentum, Nesterov, the fourth; as course/figures.py has them
    "JupyterLab Light": ["000000", "D55E00", "0072B2", "56B4E9"],
    "JupyterLab Dark": ["FFFFFF", "E69F00", "56B4E9", "F0E442"],
}


def test_each_theme_has_its_colours(race, notebook):
    for theme in [*COLOURS][::-1]:
        notebook.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
        )
        for _ in range(200):
            if all(race.count(colour) > 50 for colour in COLOURS[theme]):
                break
            notebook.page.wait_for_timeout(25)
        assert all(race.count(colour) > 50 for colour in COLOURS[theme]), theme


@pytest.mark.parametrize("width", [1100, 700])
def test_nothing_overlaps_and_nothing_sticks_out(race, width):
    race.page.set_viewport_size({"width": width, "height": 1000})
    race.page.wait_for_timeout(100)  # for the resize to arrive
    outer = race.root.bounding_box()
    assert outer["x"] + outer["width"] <= width
    race.assert_nothing_overlaps_or_sticks_out()
