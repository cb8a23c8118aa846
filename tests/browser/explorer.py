"""An explorer in an open notebook, as a browser test moves it and reads it."""

import json
from contextlib import contextmanager

import pytest

PARTS = "label, .course-buttons, .course-panels canvas, .course-words"


class Explorer:
    """The explorer in an output, as a test sees it."""

    def __init__(self, notebook, cell):
        self.page, self.root = notebook.page, notebook.output(cell).locator(".course-explorer")
        self.root.and_(self.page.locator("[data-now]")).wait_for(timeout=30_000)

    def selected(self):
        """Which cell of the notebook is selected, counted from 0."""
        return self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
        )

    def now(self):
        """The numbers of what is drawn at this moment."""
        return json.loads(self.root.get_attribute("data-now"))

    def until(self, holds):
        """Wait until what is drawn is as asked; returns its numbers."""
        for _ in range(200):
            if holds(found := self.now()):
                return found
            self.page.wait_for_timeout(25)
        raise AssertionError(f"It stays at {found}.")

    def slider(self, name):
        return self.root.get_by_role("slider", name=name)

    @contextmanager
    def held(self, element, right, down=0, at=0.5):
        """Hold an element with the mouse, at a part of its width, and move it by so many pixels.

        It is let go when the `with` ends.
        """
        element.scroll_into_view_if_needed()
        box, mouse = element.bounding_box(), self.page.mouse
        x, y = box["x"] + at * box["width"], box["y"] + box["height"] / 2
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + right, y + down, steps=15)
        try:
            yield
        finally:
            mouse.up()

    def drag_slider(self, name, start, end):
        """Drag a slider with the mouse from one part of its width to another, each 0 to 1."""
        slider = self.slider(name)
        with self.held(slider, (end - start) * slider.bounding_box()["width"], at=start):
            pass

    def button(self, name):
        return self.root.get_by_role("button", name=name)

    def reached_by_tab(self, count):
        """What has the focus now and after each Tab: "true" if it keeps its keys, and its name."""
        names = []
        for _ in range(count):
            names.append(
                self.page.evaluate(
                    "() => { const e = document.activeElement;"
                    "return e.dataset.lmSuppressShortcuts + ' ' +"
                    "(e.ariaLabel || e.closest('label')?.textContent || e.textContent) }"
                )
            )
            self.page.keyboard.press("Tab")
        return names

    def assert_nothing_overlaps_or_sticks_out(self, parts=PARTS):
        """Hold the visible parts, a selector, to their places within the explorer."""
        outer = self.root.bounding_box()
        found = self.root.locator(parts).all()
        boxes = [box for part in found if (box := part.bounding_box())]
        for i, a in enumerate(boxes):
            assert a["x"] >= outer["x"] - 1
            assert a["x"] + a["width"] <= outer["x"] + outer["width"] + 1
            for b in boxes[:i]:
                across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
                down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
                assert across <= 1 or down <= 1

    def words(self):
        return self.root.locator("[aria-live=polite]").inner_text()

    def pictures(self):
        """What the panels show, as text to compare."""
        return self.root.locator(".course-panels canvas").evaluate_all(
            "canvases => canvases.map(canvas => canvas.toDataURL())"
        )

    def count(self, colour):
        """How many pixels of the first panel have this colour, given as its hexadecimal digits."""
        return self.root.locator(".course-panels canvas").first.evaluate(
            "(c, colour) => { const at = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
            "const [r, g, b] = [0, 2, 4].map(i => parseInt(colour.slice(i, i + 2), 16)); let n = 0;"
            "for (let i = 0; i < at.data.length; i += 4) n += at.data[i + 3] === 255 &&"
            "at.data[i] === r && at.data[i + 1] === g && at.data[i + 2] === b; return n }",
            colour,
        )


def new_explorer(cell=1):
    """A fixture: a new explorer in a cell of the file's CELLS; the second one is selected."""

    @pytest.fixture
    def explorer(run_again):
        found = Explorer(run_again, cell)
        run_again.cell(1).locator(".jp-InputPrompt").click()  # command mode: arrows select cells
        return found

    return explorer
