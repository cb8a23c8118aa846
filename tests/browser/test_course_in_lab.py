"""The course as a learner meets it: their copy, opened and run in a real JupyterLab."""

import json
import re

import pytest

from course.learner import workspace

pytestmark = pytest.mark.browser
# The first, one with figures and an explorer, and the cheat sheet; the others in `make test-all`.
FIRST = ("notebooks/00", "notebooks/04", "notebooks/15")
CHAPTERS = [
    pytest.param(name, marks=[] if name.startswith(FIRST) else pytest.mark.long)
    for name in workspace.names()
    if name.startswith("notebooks/")
]
WRONG = """def ball_step(variable, velocity, gradient, learning_rate, momentum):
velocity = momentum * velocity - learning_rate * gradient
return variable - velocity, velocity"""
EXERCISE = "exercises/04_momentum_as_friction.ipynb"


@pytest.fixture(scope="module")
def copy(server):
    """A learner's copy in the server's folder, as `course start` makes it."""
    folder = server.folder / "my-course"
    workspace.start(folder)
    return folder


def code_cells(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def printed(path):
    """What the cells of a notebook file have printed, by name, but for those that measure.

    JupyterLab stores what is printed before and after a picture as two outputs, the build as one.
    """
    return {
        cell["id"]: "".join(text for output in cell["outputs"] for text in output.get("text", ""))
        for cell in code_cells(path)
        if "nbval-ignore-output" not in cell["metadata"].get("tags", [])
    }


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_from_top_to_bottom_and_saves_no_error_and_no_widget(lab, copy, name):
    notebook = lab.open(copy / name)
    before = printed(notebook.path)
    notebook.run_all()
    notebook.save()
    outputs = [output for cell in code_cells(notebook.path) for output in cell["outputs"]]
    assert "error" not in [output["output_type"] for output in outputs]
    assert printed(notebook.path) == before
    assert "widget-view" not in notebook.path.read_text(encoding="utf-8")


def cell_called(notebook, first_words):
    """The cell whose source begins with some words, scrolled into view."""
    cell = notebook.page.locator(".jp-CodeCell").filter(has_text=first_words).first
    cell.scroll_into_view_if_needed()
    return cell


def answer(notebook, starts, text):
    """Type an answer over the cell that starts so, run it, and run the check beneath it."""
    cell = cell_called(notebook, starts)
    cell.locator(".cm-content").click()
    notebook.page.keyboard.press("Control+a")
    notebook.page.keyboard.type(text)
    notebook.page.keyboard.press("Shift+Enter")
    notebook.page.keyboard.press("Shift+Enter")


def run_cell(notebook, starts):
    cell = cell_called(notebook, starts)
    cell.locator(".cm-content").click()
    notebook.page.keyboard.press("Shift+Enter")


def test_a_wrong_answer_typed_into_the_exercise_is_explained_and_a_right_one_ticked(lab, copy):
    notebook = lab.open(copy / EXERCISE, theme="dark")
    page = notebook.page
    run_cell(notebook, "import numpy")
    run_cell(notebook, "from course.checks")

    answer(notebook, "def ball_step", WRONG)
    output = cell_called(notebook, 'check("04.step")').locator(".jp-OutputArea")
    page.wait_for_function("() => document.body.innerText.includes('Stuck?')")
    said = output.inner_text()
    assert "✗ from rest" in said
    assert re.search(r"expected +w = 0.8 +v = -0.2\s+yours +w = 1.2 +v = -0.2", said)
    assert "you subtracted it: v already points downhill, so add it." in said
    assert "Traceback" not in said

    answer(notebook, "def ball_step", WRONG.replace("variable - velocity", "variable + velocity"))
    page.wait_for_function("() => document.body.innerText.includes('✓ One step of the ball')")
    assert "Next: 04.terminal" in output.inner_text()


def test_an_exercise_shows_no_tick_before_it_is_answered(lab, copy):
    notebook = lab.open(copy / EXERCISE, kernel=False)
    assert "✓" not in notebook.page.locator(".jp-Notebook").inner_text()
