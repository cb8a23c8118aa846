"""VS Code and Colab, by emulation: see `emulated.py` for what is real there, and what is not."""

import contextlib

import pytest

from course import explorers
from course.learner.predict import predict
from course.learner.progress_widget import Progress
from tests.browser.emulated import PAGES, Host
from tests.browser.explorer import Explorer
from tests.browser.test_valley_in_lab import assert_drawn_is_what_numpy_says
from tests.effort import only

pytestmark = pytest.mark.browser
TEXT, CURVE = 4.5, 3.0  # WCAG 2.2: contrast of text (1.4.3) and of what a picture needs (1.4.11)
# Okabe and Ito's sky blue and orange reach 2.3 on white; they draw dashed lines with markers only.
PALE = {(0x56, 0xB4, 0xE9), (0xE6, 0x9F, 0x00)}

# Each text of a widget: its colour, and the first one behind it.
TEXTS = """root => [...root.querySelectorAll("*")].filter((each) =>
  each.checkVisibility() && !["STYLE", "CANVAS"].includes(each.tagName) &&
  [...each.childNodes].some((child) => child.nodeType === 3 && child.data.trim())
).map((each) => {
  const paper = (each) => getComputedStyle(each).backgroundColor;
  let behind = each;
  while (/rgba\\(.*, 0\\)/.test(paper(behind))) behind = behind.parentElement;
  return [each.textContent, getComputedStyle(each).color, paper(behind)];
})"""
# Each colour that covers more than a few pixels of a widget's pictures.
DRAWN = """root => {
  const found = new Map();
  for (const canvas of root.querySelectorAll("canvas")) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) {
      const key = data[i] * 65536 + data[i + 1] * 256 + data[i + 2];
      found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
  return [...found].filter(([, count]) => count > 5).map(([key]) => key);
}"""


@pytest.fixture
def host(chromium):
    """Opens a page like a front end's."""
    with contextlib.ExitStack() as stack:

        def host(front_end):
            page = chromium.new_page(viewport={"width": 1000, "height": 900})
            stack.callback(page.close)
            return Host(page, front_end)

        yield host


def luminance(colour):
    """The relative luminance of a colour, as WCAG 2.2 defines it; red, green, blue: 0 to 255."""
    parts = [each / 255 for each in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    """The contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def rgb(text):
    """Red, green and blue of "rgb(1, 2, 3)" or "#010203"."""
    if text.startswith("#"):
        return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))
    assert text.startswith("rgb("), text
    return tuple(int(part) for part in text[4:-1].split(","))


def looks(widget, theme):
    """The colours of the curves and arrows of an explorer."""
    key = "dark" if theme == "dark" else "colour"
    arrows = widget.arrows.values()
    return {rgb(look[key]) for look in widget.looks.values()} | {rgb(each) for each in arrows}


def test_contrast_is_measured_as_wcag_has_it():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("front_end", only(PAGES, "VS Code, dark"))
def test_emulated_every_text_and_every_curve_stands_out_from_its_paper(host, front_end):
    host, theme = host(front_end), front_end.partition(", ")[2]
    shown = [getattr(explorers, name)() for name in explorers.EXPLORERS]
    shown += [predict("04.slope"), predict("04.coast"), Progress()]
    for position, widget in enumerate(shown):
        host.show(widget)
        root = host.output(position).locator("> div").last
        root.wait_for()
        name = f"{type(widget).__name__} in {front_end}"
        texts = root.evaluate(TEXTS)
        assert texts, name
        for text, ink, paper in texts:
            least = CURVE if text in "➞⇢" else TEXT  # samples of arrows in a legend
            assert contrast(rgb(ink), rgb(paper)) >= least, (name, text, ink, paper)
        if isinstance(widget, explorers.shared.base.Explorer):
            Explorer(host, position)
            paper = rgb(root.evaluate("e => getComputedStyle(e).backgroundColor"))
            assert (luminance(paper) < 0.1) == (theme == "dark"), name
            drawn = {(n >> 16, n >> 8 & 255, n & 255) for n in root.evaluate(DRAWN)}
            curves = drawn & looks(widget, theme)
            assert curves, name
            for colour in curves - PALE:
                assert contrast(colour, paper) >= CURVE, (name, colour)


def test_emulated_a_slider_and_a_handle_are_moved_and_python_answers(host):
    host = host("VS Code, dark")
    host.show(explorers.Valley())
    valley = Explorer(host, 0)
    valley.slider("learning rate").focus()
    host.page.keyboard.press("ArrowRight")
    assert_drawn_is_what_numpy_says(valley.until(lambda now: now["at"]["learning_rate"] == 0.32))
    valley.drag_slider("momentum", 0.8, 0.4)
    assert_drawn_is_what_numpy_says(valley.until(lambda now: now["at"]["momentum"] < 0.5))
    with valley.held(valley.button("start of all balls"), 60, -20):
        now = valley.until(lambda now: now["at"]["start"][0] > -3.9)
        assert_drawn_is_what_numpy_says(now)
    now = valley.until(lambda now: now["sweep"] != "here")
    assert host.widgets[0].start == now["at"]["start"] and host.widgets[0].momentum < 0.5


def test_emulated_a_prediction_answers_and_progress_says_what_it_can(host):
    host = host("Colab, dark")
    host.show(predict("04.slope"))
    host.page.get_by_role("button", name="1.0").click()
    host.page.get_by_text("✓ That holds.").wait_for()
    host.page.get_by_text("Not recorded for your review.").wait_for()
    host.show(Progress())
    host.page.get_by_text("course start").last.wait_for()
    host.page.get_by_role("button", name="Look again").click()
    host.page.locator(".course-progress button:enabled").wait_for()
