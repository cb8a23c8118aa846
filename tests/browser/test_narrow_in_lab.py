"""Every explorer beside an open file browser, in narrow and in low windows, in both themes."""

from itertools import combinations

import pytest

from course import explorers
from tests.browser.explorer import Explorer
from tests.effort import part

pytestmark = pytest.mark.browser
CELLS = [f"from course.explorers import {name}\n{name}()" for name in explorers.EXPLORERS]
NAMES = dict(zip(explorers.EXPLORERS, range(len(CELLS))))
SIZES = [(700, 800), (1100, 800), (700, 1000), (1100, 1000), (1500, 800)]
TRIED = [(name, size) for size in SIZES for name in ("Valley", "Stages", "Scaling")]
OTHERS = [(n, s) for s in SIZES for n in explorers.EXPLORERS if (n, s) not in TRIED]
#: What a low window (800 pixels) leaves for an explorer below its task and its code.
LOW = {"Stages": 660, "Schedule": 600, "Valley": 560}

# What may not be cut off at an edge of the explorer.
INSIDE = "label, label > *, .course-buttons, button, select, .course-words, th, canvas, .course-row"
# Each text that a panel writes: where it begins and ends, by its own measure and its alignment.
WATCH_TEXT = """() => {
  const pen = CanvasRenderingContext2D.prototype, own = pen.fillText;
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, "width");
  Object.defineProperty(HTMLCanvasElement.prototype, "width", { get, set(value) {
    set.call(this, value); // drawn anew from here on
    window.written = window.written?.filter(({ canvas }) => canvas !== this.number);
  } });
  pen.fillText = function (words, x, y) {
    if (!window.watched?.contains(this.canvas)) return own.call(this, words, x, y);
    const wide = this.measureText(words).width;
    const left = x - wide * { left: 0, start: 0, center: 0.5, right: 1 }[this.textAlign];
    const { width } = this.canvas, scale = this.getTransform().a;
    this.canvas.number ??= Math.random();
    window.written?.push({ words, left: scale * left, right: scale * (left + wide), width,
      top: scale * (y - 7), low: scale * y, canvas: this.canvas.number });
    return own.call(this, words, x, y);
  };
}"""


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """A notebook with every explorer, the file browser open beside it."""
    notebook = shared_lab.open(CELLS, files=True)
    notebook.run_all()
    notebook.page.evaluate(WATCH_TEXT)
    return notebook


def shown(notebook, name, size):
    """The explorer called so, drawn anew in a window of a size, and what its panels then wrote."""
    width, height = size
    page = notebook.page
    page.set_viewport_size({"width": width + 1, "height": height})
    notebook.cell(NAMES[name]).evaluate("cell => cell.scrollIntoView({ block: 'start' })")
    explorer = Explorer(notebook, NAMES[name])
    explorer.root.evaluate("root => (window.written = [], window.watched = root, 0)")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("() => window.written.length > 10")
    page.wait_for_timeout(200)
    return explorer, page.evaluate("() => window.written")


def overlap(a, b):
    """Whether two texts on one canvas cover each other, as a panel wrote them."""
    across = min(a["right"], b["right"]) - max(a["left"], b["left"])
    down = min(a["low"], b["low"]) - max(a["top"], b["top"])
    return a["canvas"] == b["canvas"] and across > 1 and down > 1


@pytest.mark.parametrize(("name", "size"), [*TRIED[:3], *part([*TRIED[3:], *OTHERS], 0)])
def test_nothing_is_cut_off_and_nothing_covers_another(notebook, name, size):
    explorer, written = shown(notebook, name, size)
    outer = explorer.root.bounding_box()
    area = notebook.output(NAMES[name]).bounding_box()
    assert outer["x"] + outer["width"] <= area["x"] + area["width"] + 1
    for inside in explorer.root.locator(INSIDE).all():
        box = inside.bounding_box()
        if box and box["width"]:
            assert box["x"] >= outer["x"] - 2, inside.evaluate("e => e.outerHTML")
            right = box["x"] + box["width"]
            assert right <= outer["x"] + outer["width"] + 1, inside.evaluate("e => e.outerHTML")
    values = explorer.root.locator(".course-slider output").all()
    assert all(o.evaluate("e => e.scrollWidth <= e.clientWidth + 1") for o in values)
    explorer.assert_nothing_overlaps_or_sticks_out()
    cut = [each for each in written if each["left"] < -1 or each["right"] > each["width"] + 1]
    assert not cut
    assert not [(a["words"], b["words"]) for a, b in combinations(written, 2) if overlap(a, b)]


@pytest.mark.parametrize("name", part(explorers.EXPLORERS, 3))
def test_in_a_low_window_there_is_room_for_a_task_above_the_explorer(notebook, name):
    explorer, _ = shown(notebook, name, (1100, 800))
    assert explorer.root.bounding_box()["height"] <= LOW.get(name, 545)
