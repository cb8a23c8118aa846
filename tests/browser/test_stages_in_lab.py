"""The explorer of one call in a real JupyterLab: keyboard, mouse, both themes, and its words."""

import numpy as np
import pytest

from course import sgd
from course.explorers.one_weight import START, gradient
from tests.browser.explorer import Explorer, new_explorer

pytestmark = pytest.mark.browser

SHOW = "from course.explorers import Stages\nStages()"
CELLS = ["1 + 1", SHOW, "2 + 2"]

stages = new_explorer()


def assert_drawn_is_what_the_step_says(explorer, now):
    """The same calls by `sgd.step`; the table's last line shows where they end."""
    arguments, m = dict(now["at"]), now["at"]["ema_momentum"]
    arguments |= {"use_ema": m is not None, "ema_momentum": m or 0.0}
    weights = [np.array([START], "float32")]
    state = sgd.initial_state(weights)
    for call in range(now["step"]):
        arrives = gradient(weights[0], call) * np.float32(arguments["loss_scale_factor"] or 1)
        weights, state = sgd.step(weights, [arrives], state, **arguments)
    ends = {"w": weights, "v": state.velocity, "a": state.average, "sum": state.accumulator}
    for name, [[end]] in ends.items():
        assert now[f"{name}.after"] == pytest.approx(float(end), rel=1e-6, abs=1e-9), name
    out = explorer.root.locator(".course-stages tr", has_text="overwrite").locator("td").nth(2)
    shown = f"{now['w.after']:.4f}".replace("-", "−") if now["step"] else "2.0000"
    assert out.inner_text() == shown


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("learning_rate", "learning_rate", ["ArrowRight", "ArrowUp", "ArrowLeft"], 0.22),
        ("momentum β", "momentum", ["Home"], 0.0),
        ("weight_decay", "weight_decay", ["End"], 1.0),
        ("clipvalue", "clipvalue", ["End"], None),
        ("ema_momentum", "ema_momentum", ["Home"], None),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    stages, name, parameter, keys, value
):
    before = pictures(stages)
    assert_drawn_is_what_the_step_says(stages, stages.now())
    for key in keys:
        stages.slider(name).press(key)
    now = stages.until(lambda now: now["at"][parameter] == value)
    assert_drawn_is_what_the_step_says(stages, now)
    assert pictures(stages) != before
    assert stages.selected() == 1


def pictures(stages):
    """What the panels show, as text to compare."""
    return stages.root.locator("canvas").evaluate_all("all => all.map(one => one.toDataURL())")


def off(stages):
    """The stages that are grey."""
    return stages.root.locator(".course-stages tr.course-off b").all_inner_texts()


def test_a_box_switches_an_argument_on_and_its_stage_is_no_longer_grey(stages):
    assert off(stages) == ["unscale", "overwrite"]
    for name in ("loss_scale_factor", "nesterov", "ema_overwrite_frequency"):
        stages.root.get_by_role("checkbox", name=name).press("Space")
        now = stages.until(lambda now, name=name: now["at"][name])
        assert_drawn_is_what_the_step_says(stages, now)
    assert off(stages) == [] and stages.selected() == 1
    stages.root.get_by_role("checkbox", name="gradient_accumulation_steps").uncheck()
    now = stages.until(lambda now: now["at"]["gradient_accumulation_steps"] is None)
    assert_drawn_is_what_the_step_says(stages, now)
    assert "accumulate" in off(stages)


def test_a_call_that_only_adds_to_the_sum_greys_what_waits(stages):
    stages.slider("call").press("ArrowRight")
    now = stages.until(lambda now: now["step"] == 5)
    assert_drawn_is_what_the_step_says(stages, now)
    assert off(stages) == ["unscale", "clip", "decay", "velocity", "move", "overwrite"]
    assert stages.words().startswith("Call 5 adds its gradient to the sum, now ")


def test_dragging_a_slider_with_the_mouse_moves_the_numbers(stages):
    stages.drag_slider("weight_decay", 0.5, 0.8)
    now = stages.until(lambda now: now["at"]["weight_decay"] > 0.7)
    assert now["at"]["weight_decay"] == pytest.approx(0.82, abs=0.05)
    assert_drawn_is_what_the_step_says(stages, now)


def test_play_runs_on_step_adds_one_and_reset_returns(stages):
    stages.button("reset").click()
    now = stages.until(lambda now: now["step"] == 0)
    assert_drawn_is_what_the_step_says(stages, now | {"sum.after": 0, "a.after": 0, "v.after": 0})
    assert stages.words().startswith("Before the first call: the weight is 2;")
    stages.button("call").click()
    assert_drawn_is_what_the_step_says(stages, stages.until(lambda now: now["step"] == 1))
    stages.button("play").click()
    stages.until(lambda now: now["step"] > 2)
    sentence = stages.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"
    stages.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"
    assert_drawn_is_what_the_step_says(stages, stages.now())


def test_the_keyboard_alone_reaches_every_control_in_order(stages):
    stages.slider("learning_rate").focus()
    names = stages.reached_by_tab(13)
    wanted = ["learning_rate", "momentum", "weight_decay", "clipvalue", "ema_momentum"]
    wanted += ["loss_scale_factor=2", "gradient_accumulation_steps=2", "nesterov"]
    wanted += ["ema_overwrite_frequency=2", "call", "▶ play", "call", "reset"]
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


def count(canvas, colour):
    """How many pixels of a canvas have this colour, given as its hexadecimal digits."""
    return canvas.evaluate(
        "(c, colour) => { const at = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
        "const [r, g, b] = [0, 2, 4].map(i => parseInt(colour.slice(i, i + 2), 16)); let n = 0;"
        "for (let i = 0; i < at.data.length; i += 4) n += at.data[i + 3] === 255 &&"
        "at.data[i] === r && at.data[i + 1] === g && at.data[i + 2] === b; return n }",
        colour,
    )


@pytest.mark.parametrize(
    ("theme", "width", "ink", "other", "average"),
    [("light", 1100, "000000", "FFFFFF", "56B4E9"), ("dark", 700, "FFFFFF", "000000", "F0E442")],
)
def test_each_theme_has_its_ink_and_nothing_overlaps_or_sticks_out(
    run_as, theme, width, ink, other, average
):
    stages = Explorer(run_as(theme, width), 1)
    gradients, weights = stages.root.locator(".course-axis canvas").all()
    assert count(gradients, "009E73") > 20
    assert count(weights, "CC79A7") > 20 and count(weights, average) > 10
    assert count(weights, ink) > 20 and count(weights, other) < 20
    stages.assert_nothing_overlaps_or_sticks_out(
        "label, .course-buttons, .course-stages b, .course-stages td:not(.course-axis):not(:empty),"
        ".course-axis canvas, canvas.course-over, .course-words"
    )
    narrow = stages.root.locator(".course-stages :is(th, td):not(.course-axis)").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    )
    assert narrow == []
