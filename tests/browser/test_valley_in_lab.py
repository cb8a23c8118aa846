"""The valley in a real JupyterLab: keyboard, mouse, both themes, words, and its still picture."""

import re

import pytest

from course.descent import walk
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import quadratic
from tests.browser.explorer import Explorer, new_explorer

pytestmark = pytest.mark.browser

RULES = {"plain": (heavy_ball, 0), "momentum": (heavy_ball, 1), "nesterov": (nesterov_momentum, 1)}
CELLS = ["from course.explorers import Valley", "Valley()", "2 + 2"]

valley = new_explorer()


def numpy_says(key, now):
    """The same ball by the NumPy rule."""
    rule, has_momentum = RULES[key]
    at = now["at"]
    rates = at["learning_rate"], at["momentum"] * has_momentum
    steps = now["step"]
    ball = walk(quadratic(), steps, *rates, rule=rule, start=at["start"])
    (x, y), velocity = ball.points[-1], ball.velocities[-1, 1]
    return {"x": x, "y": y, "velocity": velocity, "loss": quadratic().loss(ball.points[-1])}


def assert_drawn_is_what_numpy_says(now):
    for key in RULES:
        for name, number in numpy_says(key, now).items():
            assert now[key][name] == pytest.approx(number, rel=1e-4, abs=1e-6), (key, name)


def test_the_drawn_numbers_are_those_of_the_numpy_rule(valley):
    now = valley.now()
    assert now["at"] == {"learning_rate": 0.3, "momentum": 0.8, "start": [-4, 1.5]}
    assert_drawn_is_what_numpy_says(now)


@pytest.mark.parametrize(
    ("name", "parameter", "keys", "value"),
    [
        ("learning rate", "learning_rate", ["ArrowRight", "ArrowUp", "ArrowLeft"], 0.32),
        ("learning rate", "learning_rate", ["End"], 4.2),
        ("momentum", "momentum", ["ArrowUp", "ArrowUp", "ArrowUp"], 0.83),
        ("momentum", "momentum", ["Home"], 0.0),
    ],
)
def test_keys_move_a_slider_and_the_picture_but_not_the_selected_cell(
    valley, name, parameter, keys, value
):
    before = valley.pictures()
    valley.slider(name).focus()
    for key in keys:
        valley.page.keyboard.press(key)
    now = valley.until(lambda now: now["at"][parameter] == value)
    assert_drawn_is_what_numpy_says(now)
    assert all(new != old for new, old in zip(valley.pictures(), before, strict=True))
    assert valley.selected() == 1


def test_after_one_slider_has_moved_the_other_one_is_right_too(valley):
    valley.slider("learning rate").press("PageUp")
    rate = valley.until(lambda now: now["at"]["learning_rate"] != 0.3)["at"]["learning_rate"]
    valley.slider("momentum").press("ArrowLeft")
    now = valley.until(lambda now: now["at"]["momentum"] == 0.79)
    assert now["at"]["learning_rate"] == rate
    assert_drawn_is_what_numpy_says(now)


def keep_busy(notebook, until):
    """Have Python do nothing else until a file is there; does not wait for it."""
    code = f"import os, time\nwhile not os.path.exists({str(until)!r}): time.sleep(0.01)"
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    notebook.page.evaluate(f"code => {{ {kernel}.requestExecute({{ code }}) }}", code)


def test_while_python_is_busy_one_slider_moves_and_no_stale_picture_is_drawn(
    valley, notebook, tmp_path
):
    keep_busy(notebook, until=tmp_path / "go")
    valley.slider("learning rate").press("ArrowRight")
    now = valley.until(lambda now: now["at"]["learning_rate"] == 0.32)
    assert_drawn_is_what_numpy_says(now)
    valley.slider("momentum").press("ArrowLeft")
    valley.root.and_(valley.page.locator(".course-waiting")).wait_for()
    assert valley.now() == now  # what is still seen is greyed, and was right for its own numbers
    (tmp_path / "go").touch()
    now = valley.until(lambda now: now["at"]["momentum"] == 0.79)
    assert_drawn_is_what_numpy_says(now)
    assert "course-waiting" not in valley.root.get_attribute("class")


def test_no_key_is_lost_when_python_answers_late(valley, notebook, tmp_path):
    keep_busy(notebook, until=tmp_path / "go")
    for _ in range(8):
        valley.slider("learning rate").press("ArrowRight")
        valley.page.wait_for_timeout(200)  # long enough for Python to be asked each time
    (tmp_path / "go").touch()
    for _ in range(8):  # Python's late answers fall between these
        valley.slider("learning rate").press("ArrowRight")
        valley.page.wait_for_timeout(60)
    valley.until(lambda now: now["at"]["learning_rate"] == pytest.approx(0.3 + 16 * 0.02))


def test_the_keyboard_alone_reaches_every_control_in_order(valley):
    valley.slider("learning rate").focus()
    names = valley.reached_by_tab(10)
    wanted = ["learning rate", "momentum", "step", "▶ play", "step", "reset"]
    wanted += ["plain SGD", "momentum", "Nesterov", "start of all balls"]
    assert all(name.startswith(f"true {want}") for name, want in zip(names, wanted, strict=True))


def test_arrow_keys_move_the_start_and_not_the_selected_cell(valley):
    valley.button("start of all balls").focus()
    valley.page.keyboard.press("ArrowRight")
    valley.page.keyboard.press("Shift+ArrowDown")
    now = valley.until(lambda now: now["at"]["start"] == [-3.9, 1.0])
    assert_drawn_is_what_numpy_says(now)
    assert valley.selected() == 1
    now = valley.until(lambda now: now["sweep"] != "here")  # at rest both sliders hold again
    assert_drawn_is_what_numpy_says(now)


def test_the_mouse_drags_the_start_and_the_balls_follow(valley):
    knob = valley.button("start of all balls")
    box = knob.bounding_box()
    # The canvas is symmetric about the origin, but for its margins of 44 and 8 pixels.
    canvas = valley.root.locator(".course-panels canvas").first.bounding_box()
    middle = canvas["x"] + 44 + (canvas["width"] - 52) / 2
    with valley.held(knob, middle - box["x"] - box["width"] / 2, 30):
        now = valley.until(lambda now: abs(now["at"]["start"][0]) < 0.05)
        assert_drawn_is_what_numpy_says(now)
    now = valley.until(lambda now: now["sweep"] != "here")
    assert abs(now["at"]["start"][0]) < 0.05 and 0.5 < now["at"]["start"][1] < 1.4
    assert_drawn_is_what_numpy_says(now)


def test_dragging_a_slider_with_the_mouse_moves_the_picture(valley):
    valley.drag_slider("learning rate", 0.09, 0.5)
    now = valley.until(lambda now: 2 < now["at"]["learning_rate"] < 2.2)
    assert_drawn_is_what_numpy_says(now)


def test_play_runs_to_the_end_step_adds_one_and_reset_returns(valley):
    valley.button("reset").click()
    valley.until(lambda now: now["step"] == 0)
    valley.button("step").click()
    assert_drawn_is_what_numpy_says(valley.until(lambda now: now["step"] == 1))
    valley.button("play").click()
    assert valley.button("pause").is_visible()
    valley.until(lambda now: now["step"] > 4)
    sentence = valley.root.locator("[aria-live=polite]")
    assert sentence.get_attribute("aria-busy") == "true"  # so it is not read out at every step
    valley.button("pause").click()
    assert sentence.get_attribute("aria-busy") == "false"
    valley.slider("step").press("End")
    assert_drawn_is_what_numpy_says(valley.until(lambda now: now["step"] == 60))


def test_the_sentence_says_the_losses_and_the_regime_and_follows(valley):
    says = valley.words()
    losses = {key: f"loss {numpy_says(key, valley.now())['loss']:.2f}" for key in RULES}
    assert says.startswith("After 6 steps") and all(loss in says for loss in losses.values())
    assert "Momentum 0.80 leaves 80 % of the speed" in says and "diverges" not in says
    valley.slider("learning rate").press("End")
    valley.until(lambda now: now["at"]["learning_rate"] == 4.2)
    says = valley.words()
    assert len(re.findall("diverges, out of the picture at step 1", says)) == 3
    valley.root.get_by_role("checkbox", name="Nesterov").uncheck()
    valley.until(lambda now: "nesterov" not in now)
    assert "Nesterov" not in valley.words()


def assert_energy_is_what_numpy_says(now):
    at, surface = now["at"], quadratic()
    rates = at["learning_rate"], at["momentum"]
    ball = walk(surface, now["step"], *rates, start=at["start"])
    parts, (begun, *_, height) = now["energy"], surface.loss(ball.points)
    motion = sum(ball.velocities[-1] ** 2) / (2 * at["learning_rate"])
    late = -0.5 * sum(ball.velocities[-1] * surface.gradient(ball.points[-1]))
    wanted = {"start": begun, "height": height, "motion": motion, "error": late}
    wanted["friction"] = begun - height - motion - late
    for name, number in wanted.items():
        assert parts[name] == pytest.approx(number, rel=1e-4, abs=1e-6), name


def test_the_energy_is_drawn_told_and_hidden_with_its_ball(valley):
    now = valley.now()
    assert_energy_is_what_numpy_says(now)
    says = "1.92 at the start; now 0.52 in height, 0.26 in motion, 1.05 taken by friction; 0.09 is"
    assert says in valley.words()
    bar = valley.root.locator(".course-energy canvas")
    before = bar.evaluate("canvas => canvas.toDataURL()")
    valley.slider("step").press("ArrowRight")
    assert_energy_is_what_numpy_says(valley.until(lambda now: now["step"] == 7))
    assert bar.evaluate("canvas => canvas.toDataURL()") != before
    valley.root.get_by_role("checkbox", name="momentum").uncheck()
    valley.until(lambda now: now["energy"] is None)
    assert not bar.is_visible() and "Energy" not in valley.words()


LISTEN = """() => {
  const pen = CanvasRenderingContext2D.prototype, { rect, fillText } = pen;
  const bar = (one, tall) => one.canvas.closest(".course-energy") && tall > 12;
  pen.rect = function (x, y, wide, tall) {
    if (bar(this, tall)) window.barEnds = x + wide;
    rect.call(this, x, y, wide, tall);
  };
  pen.fillText = function (words, x, ...rest) {
    if (words.startsWith("start ")) window.wordsBegin = x;
    fillText.call(this, words, x, ...rest);
  };
}"""


def test_the_words_at_the_energys_line_keep_off_a_bar_that_ends_behind_it(run_as):
    notebook = run_as(cells={1: "Valley(momentum=0.85)"})
    valley = Explorer(notebook, 1)
    notebook.page.evaluate(LISTEN)
    for step in range(7, 16):
        valley.slider("step").press("ArrowRight")
        now = valley.until(lambda now, step=step: now["step"] == step)
        bar, words = notebook.page.evaluate("[window.barEnds, window.wordsBegin]")
        assert words >= bar + 3, step
    assert now["energy"]["error"] < 0 and not now["energy"]["grown"]


def test_without_friction_the_words_own_up_to_the_error_of_finite_steps(valley):
    valley.slider("momentum").press("End")
    now = valley.until(lambda now: now["at"]["momentum"] == 1.0)
    assert_energy_is_what_numpy_says(now)
    lost = "1.12 in height, 0.64 in motion, 0.00 taken by friction; 0.16 is missing, an error of"
    assert lost in valley.words()
    valley.slider("step").press("ArrowLeft")
    valley.slider("step").press("ArrowLeft")
    now = valley.until(lambda now: now["step"] == 4)
    assert_energy_is_what_numpy_says(now)
    gained = (
        "1.92 at the start, 2.29 now. No real ball gains energy: steps of this length put it in"
    )
    assert gained in valley.words()
    valley.slider("learning rate").press("End")
    assert valley.until(lambda now: now["at"]["learning_rate"] == 4.2)["energy"]["grown"]
    assert "No real ball gains energy" in valley.words()


def test_a_click_at_the_mark_of_critical_damping_sets_that_momentum(valley):
    for _ in range(3):
        valley.slider("learning rate").press("ArrowRight")
    valley.until(lambda now: now["at"]["learning_rate"] == 0.36)
    mark = valley.root.get_by_text("steep", exact=True).bounding_box()
    slider = valley.slider("momentum").bounding_box()
    middle = mark["x"] + mark["width"] / 2
    valley.page.mouse.click(middle, slider["y"] + slider["height"] / 2)
    now = valley.until(lambda now: now["at"]["momentum"] != 0.8)
    assert now["at"]["momentum"] == 0.16  # (1 - √0.36)²
    assert valley.slider("momentum").get_attribute("aria-valuetext").endswith("0.84 per step")
    assert "Critical damping for the steep axis is at momentum 0.160" in valley.words()
    valley.slider("learning rate").press("End")
    valley.until(lambda now: now["at"]["learning_rate"] == 4.2)
    assert not valley.root.get_by_text("steep", exact=True).is_visible()
    assert valley.root.get_by_text("shallow", exact=True).is_visible()


COLOURS = {  # plain SGD, momentum, Nesterov; as course/figures.py has them
    "light": ["000000", "D55E00", "0072B2"],
    "dark": ["FFFFFF", "E69F00", "56B4E9"],
}


@pytest.mark.parametrize(("theme", "other"), [("light", "dark"), ("dark", "light")])
def test_each_theme_has_its_colours_and_a_switch_brings_the_others(run_as, theme, other):
    notebook = run_as(theme)
    valley = Explorer(notebook, 1)
    assert all(valley.count(colour) > 50 for colour in COLOURS[theme])
    notebook.set_theme(other)
    for _ in range(200):
        if all(valley.count(colour) > 50 for colour in COLOURS[other]):
            break
        notebook.page.wait_for_timeout(25)
    assert all(valley.count(colour) > 50 for colour in COLOURS[other])
    assert not any(valley.count(colour) > 50 for colour in COLOURS[theme][1:])


@pytest.mark.parametrize("width", [700, 1100])
def test_nothing_overlaps_and_nothing_sticks_out(run_as, width):
    at_the_end = "Valley(learning_rate=0.98)"  # there a mark comes near the words beside it
    valley = Explorer(run_as(width=width, cells={1: at_the_end}), 1)
    valley.assert_nothing_overlaps_or_sticks_out(
        "label, .course-marked > span, .course-buttons, .course-panels canvas, .course-words"
    )


def test_a_learners_rule_is_drawn_and_a_broken_one_is_told_in_words(run_as):
    rule = "def mine(w, v, g, learning_rate, momentum):\n    return w - learning_rate * g, v\n"
    broken = "def broken(w, v, g, learning_rate, momentum):\n    return w - rate * g, v\n"
    notebook = run_as(cells={1: rule + "Valley(rule=mine)", 2: broken + "Valley(rule=broken)"})
    mine, failing = Explorer(notebook, 1), Explorer(notebook, 2)
    assert mine.now()["yours"]["loss"] == pytest.approx(mine.now()["plain"]["loss"])
    assert "your rule: loss 0.57" in mine.words()
    says = "⚠ Your rule fails: it stops with NameError: name 'rate' is not defined."
    assert failing.words().startswith(says)
    failing.slider("learning rate").press("ArrowRight")
    failing.until(lambda now: now["at"]["learning_rate"] == 0.32)
    assert failing.words().startswith(says) and "momentum: loss" in failing.words()


def test_a_value_set_from_python_moves_the_picture(run_as):
    notebook = run_as(cells={1: "valley = Valley()\nvalley"})
    valley = Explorer(notebook, 1)
    notebook.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({code: 'valley.momentum = 0.5'}).done.then(() => null)"
    )
    now = valley.until(lambda now: now["at"]["momentum"] == 0.5)
    assert_drawn_is_what_numpy_says(now)
    says = valley.slider("momentum").get_attribute("aria-valuetext")
    assert says == "0.50, friction 0.50 per step"


def test_reopened_without_a_kernel_the_notebook_shows_the_picture(lab):
    notebook = lab.open(["\n".join(CELLS[:2])])
    notebook.run_all()
    Explorer(notebook, 0)
    notebook.save()
    again = lab.open(notebook.path, kernel=False)
    picture = again.output(0).locator("img")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") == 900
    assert "Error" not in again.output(0).inner_text()
    assert again.output(0).locator(".course-explorer").count() == 0


def test_the_start_of_a_very_large_valley_can_be_moved(run_as):
    valley = Explorer(run_as(cells={1: "Valley(start=(-4000, 1500))"}), 1)
    valley.button("start of all balls").press("ArrowRight")
    assert valley.until(lambda now: now["at"]["start"] != [-4000, 1500])["at"]["start"] == [
        -3900,
        1500,
    ]
