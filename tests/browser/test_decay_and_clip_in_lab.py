"""Decay and clips in a real JupyterLab: keyboard, mouse, both pictures, both themes, words."""

import numpy as np
import pytest

from course import sgd
from tests.browser.explorer import Explorer, new_explorer

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import DecayAndClip\nDecayAndClip(show={show!r})"
ARGUMENTS = {"value": "clipvalue", "norm": "clipnorm", "global": "global_clipnorm"}
CELLS = ["1 + 1", SHOW.format(show="clip"), SHOW.format(show="decay"), "2 + 2"]

clip, decay = new_explorer(1), new_explorer(2)


def assert_clips_are_what_numpy_says(now):
    """Each tip is what `sgd.step` subtracts from weights of zero at a learning rate of 1."""
    gradients = [np.array(now["at"]["gradient"], float), np.array([now["at"]["other"]], float)]
    zeros = [np.zeros(2), np.zeros(1)]
    for key, argument in ARGUMENTS.items():
        rates = {"learning_rate": 1.0, argument: now["threshold"]}
        (a, b), _ = sgd.step(zeros, gradients, sgd.initial_state(zeros), **rates)
        drawn = [now[key][name] for name in "xyb"]
        assert drawn == pytest.approx([*-a, *-b], rel=1e-4, abs=1e-6), key


def assert_balls_are_where_numpy_says(now):
    at = now["at"]
    rates = {name: at[name] for name in ("learning_rate", "momentum")}
    penalties = {"decay": (0.0, at["weight_decay"]), "penalty": (at["weight_decay"], None)}
    for key, (penalty, weight_decay) in penalties.items():
        weights = [np.array(at["start"], float)]
        state = sgd.initial_state(weights)
        for _ in range(now["step"]):
            gradients = [np.array([0.25, 1.0]) * (weights[0] - 1) + penalty * weights[0]]
            weights, state = sgd.step(weights, gradients, state, weight_decay=weight_decay, **rates)
        assert now[key] == pytest.approx(weights[0], rel=1e-4, abs=1e-5), key


def test_the_drawn_numbers_are_those_of_the_numpy_rule(clip, decay):
    now = clip.now()
    assert now["at"] == {"show": "clip", "gradient": [3, 1], "other": 4.5}
    assert_clips_are_what_numpy_says(now)
    now = decay.now()
    assert now["step"] == 20 and now["at"]["weight_decay"] == 0.5
    assert_balls_are_where_numpy_says(now)
    assert now["rests"][0] == pytest.approx([0.25 / 0.3, 1 / 1.05])  # λ / (λ + wd (1 - β))
    assert now["rests"][1] == pytest.approx([0.25 / 0.75, 1 / 1.5])  # λ / (λ + wd)


def test_keys_move_the_threshold_the_gradients_and_the_picture_but_not_the_selected_cell(clip):
    before = clip.pictures()
    clip.slider("threshold").press("ArrowRight")
    now = clip.until(lambda now: now["threshold"] == 1.6)
    assert_clips_are_what_numpy_says(now)
    assert all(new != old for new, old in zip(clip.pictures(), before, strict=True))
    clip.slider("gradient of B").press("Home")
    assert_clips_are_what_numpy_says(clip.until(lambda now: now["at"]["other"] == 0))
    clip.button("gradient of A").press("ArrowUp")
    clip.button("gradient of A").press("Shift+ArrowLeft")
    now = clip.until(lambda now: now["at"]["gradient"] == [2.5, 1.1])
    assert_clips_are_what_numpy_says(now)
    now = clip.until(lambda now: now["sweep"] != "here")  # at rest the sliders hold again
    assert_clips_are_what_numpy_says(now)
    assert clip.selected() == 1


def test_the_mouse_drags_the_gradients_tip_and_the_threshold(clip):
    with clip.held(clip.button("gradient of A"), -100, 120):
        pass
    now = clip.until(lambda now: now["at"]["gradient"][1] < 0 and now["sweep"] != "here")
    assert 1 < now["at"]["gradient"][0] < 2.5
    assert_clips_are_what_numpy_says(now)
    clip.drag_slider("threshold", 0.25, 0.5)
    assert_clips_are_what_numpy_says(clip.until(lambda now: 3 < now["threshold"] < 4))


def test_the_clips_sentence_names_each_case(clip):
    says, now = clip.words(), clip.now()
    assert f"clipvalue cuts 2 of 3 entries and turns A by {now['value']['turned_A']:.1f}°" in says
    assert "clipnorm leaves 47 % of A and 33 % of B, so B : A goes from 1.42 to 1.00" in says
    assert "global_clipnorm leaves 27 % of every entry, so each ratio stays" in says
    turned = [now[key]["turned"] for key in ARGUMENTS]
    assert "turn by {:.1f}°, {:.1f}° and {:.1f}°.".format(*turned) in says
    clip.slider("threshold").press("End")
    clip.until(lambda now: now["threshold"] == 7)
    whole = np.hypot(4.5, 10**0.5)
    assert f"nothing is clipped: A and B together are only {whole:.2f} long" in clip.words()
    for _ in range(3):
        clip.slider("threshold").press("PageDown")
    clip.until(lambda now: 4.5 < now["threshold"] < 5.5)
    assert "clipvalue changes nothing, for no entry is larger" in clip.words()
    assert "clipnorm changes nothing, for neither variable is longer" in clip.words()


@pytest.mark.parametrize(
    ("name", "parameter", "key", "value"),
    [
        ("weight decay", "weight_decay", "ArrowRight", 0.51),
        ("momentum", "momentum", "Home", 0),
        ("learning rate", "learning_rate", "ArrowUp", 0.12),
    ],
)
def test_keys_move_each_slider_of_the_decay(decay, name, parameter, key, value):
    before = decay.pictures()
    decay.slider(name).press(key)
    now = decay.until(lambda now: now["at"][parameter] == value)
    assert_balls_are_where_numpy_says(now)
    assert all(new != old for new, old in zip(decay.pictures(), before, strict=True))
    assert decay.selected() == 2


def test_the_start_is_dragged_and_each_ball_settles_where_it_settled_before(decay):
    rests = decay.now()["rests"]
    with decay.held(decay.button("start of both balls"), 60, -80):
        pass
    now = decay.until(lambda now: now["at"]["start"][1] > 0.2 and now["sweep"] != "here")
    assert_balls_are_where_numpy_says(now)
    assert now["rests"] == rests


def test_play_step_and_reset_move_both_balls_and_the_words(decay):
    decay.button("reset").click()
    decay.until(lambda now: now["step"] == 0)
    decay.button("step").click()
    assert_balls_are_where_numpy_says(decay.until(lambda now: now["step"] == 1))
    decay.button("play").click()
    decay.until(lambda now: now["step"] > 3)
    sentence = decay.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"  # so it is not read out at every step
    decay.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"
    decay.slider("step").press("End")
    now = decay.until(lambda now: now["step"] == 100)
    assert_balls_are_where_numpy_says(now)
    assert "After 100 steps – decay: w = ({:.3f}, {:.3f})".format(*now["decay"]) in decay.words()


def test_the_radio_buttons_change_the_picture_and_stop_what_plays(decay):
    decay.button("play").click()
    decay.root.get_by_role("radio", name="weight decay").press("ArrowRight")
    now = decay.until(lambda now: now["at"]["show"] == "clip")
    assert_clips_are_what_numpy_says(now)
    assert decay.slider("momentum").count() == 0 and decay.selected() == 2
    assert decay.root.locator("[aria-live=polite]").get_attribute("aria-busy") == "false"
    decay.root.get_by_role("radio", name="weight decay").check()
    assert_balls_are_where_numpy_says(decay.until(lambda now: now["at"]["show"] == "decay"))
    assert decay.button("play").is_visible()


def test_the_light_theme_has_its_ink_and_the_wide_page_its_order(clip, decay):
    assert clip.count("56B4E9") > 50 and clip.count("F0E442") == 0
    assert decay.count("D55E00") > 50 and decay.count("E69F00") == 0
    clip.assert_nothing_overlaps_or_sticks_out()
    decay.assert_nothing_overlaps_or_sticks_out()


def test_the_dark_theme_has_its_ink_and_the_page_of_700_pixels_its_order(run_as):
    notebook = run_as("dark", 700)
    clip, decay = Explorer(notebook, 1), Explorer(notebook, 2)
    assert clip.count("F0E442") > 50 and clip.count("56B4E9") == 0
    assert decay.count("E69F00") > 50 and decay.count("D55E00") == 0
    clip.assert_nothing_overlaps_or_sticks_out()
    decay.assert_nothing_overlaps_or_sticks_out()
