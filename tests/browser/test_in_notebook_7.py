"""Chapters and sheets in a real Notebook 7: explorers, predictions, checks, progress, saving."""

import contextlib
import re

import pytest

from course import explorers
from course.bench import browser
from course.learner import guesses, workspace
from tests.browser.explorer import Explorer

pytest.importorskip("notebook")
pytestmark = pytest.mark.browser
NAME = "04_momentum_as_friction.ipynb"
EXPLORER, PREDICTION = 7, 11  # where they stand in the chapter
GIVEN, TOOLS, ANSWER, CHECK, PICTURE = 1, 2, 4, 5, 7  # … and in the sheet
WRONG = """def ball_step(variable, velocity, gradient, learning_rate, momentum):
velocity = momentum * velocity - learning_rate * gradient
return variable - velocity, velocity"""


@pytest.fixture(scope="module")
def classic(chromium, tmp_path_factory):
    """Opens notebooks in Notebook 7, started as a bare `jupyter notebook`."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("notebooks")
    with (
        browser.serve(home, folder, "notebook") as server,
        contextlib.closing(browser.Lab(server, chromium)) as classic,
    ):
        yield classic


@pytest.fixture(scope="module")
def copy(classic):
    """A learner's copy in the server's folder."""
    workspace.start(classic.folder / "my-course")
    return classic.folder / "my-course"


def run_cell(notebook, position):
    """Run a cell as the keyboard does, and wait for its number."""
    notebook.wait_for_kernel()
    cell = notebook.cell(position)
    cell.scroll_into_view_if_needed()
    cell.locator(".jp-InputPrompt").first.click()
    notebook.page.keyboard.press("Control+Enter")
    cell.locator(".jp-InputPrompt").get_by_text(re.compile(r"\[\d+\]")).wait_for(timeout=60_000)


def test_a_chapters_explorer_and_prediction_answer_and_are_saved_as_stills(classic, copy):
    notebook = classic.open(copy / "notebooks" / NAME)
    page = notebook.page
    assert "/notebooks/" in page.url and page.locator("#jp-MainLogo, #jp-top-bar").count()
    run_cell(notebook, 2)
    run_cell(notebook, EXPLORER)
    valley = Explorer(notebook, EXPLORER)
    selected = valley.selected()

    valley.slider("learning rate").focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    now = valley.until(lambda now: now["at"]["learning_rate"] == 0.32)
    valley.drag_slider("momentum", 0.8, 0.5)
    now = valley.until(lambda now: 0.4 < now["at"]["momentum"] < 0.6)
    assert now["at"]["learning_rate"] == 0.32
    before = valley.pictures()
    with valley.held(valley.button("start of all balls"), 60, -20):
        valley.until(lambda now: now["at"]["start"][0] > -3.9)
    assert valley.pictures() != before
    for key in ("a", "b", "d", "d", "m"):  # command mode's: new cells, deleted cells, a text cell
        valley.slider("learning rate").press(key)
    assert valley.selected() == selected == EXPLORER
    assert page.locator(".jp-Cell").count() == len(workspace.read(notebook.path)["cells"])

    run_cell(notebook, PREDICTION)
    widget = notebook.output(PREDICTION).locator(".course-predict")
    widget.get_by_role("button", name="0.1").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    widget.get_by_text("✗ Not so.").wait_for()
    assert [(g.name, g.passed) for g in guesses.read(copy).made] == [("04.slope", False)]

    notebook.save()
    text = notebook.path.read_text(encoding="utf-8")
    assert "widget-view" not in text and text.count("image/png") > 5
    again = classic.open(notebook.path)
    still = again.output(EXPLORER).locator("img")
    still.wait_for(timeout=60_000)
    assert still.evaluate("image => image.naturalWidth") == 900
    again.cell(PREDICTION).scroll_into_view_if_needed()
    again.output(PREDICTION).get_by_text("Run this cell to answer here.").wait_for()
    assert not again.page.get_by_text("Error displaying widget").count()


def answer(notebook, text):
    """Type an answer to the first task, run it and its check; returns what the check says."""
    notebook.cell(ANSWER).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+a")
    notebook.page.keyboard.type(text)
    run_cell(notebook, ANSWER)
    run_cell(notebook, CHECK)
    return notebook.output(CHECK)


@pytest.mark.long
def test_a_sheets_check_names_the_mistake_and_ticks_the_right_answer_in_the_dark(classic, copy):
    notebook = classic.open(copy / "exercises" / NAME, theme="dark")
    run_cell(notebook, GIVEN)
    run_cell(notebook, TOOLS)
    said = answer(notebook, WRONG)
    said.get_by_text("you subtracted it: v already points downhill").wait_for(timeout=60_000)
    said = answer(notebook, WRONG.replace("variable - velocity", "variable + velocity"))
    said.get_by_text("✓ One step of the ball").wait_for(timeout=60_000)

    run_cell(notebook, PICTURE)
    valley = Explorer(notebook, PICTURE)
    assert valley.count("FFFFFF") > 30 and valley.count("000000") == 0
    notebook.save()
    assert "widget-view" not in notebook.path.read_text(encoding="utf-8")


@pytest.mark.long
def test_progress_is_shown_and_leads_to_a_task(classic, copy):
    notebook = classic.open(copy / "notebooks/00_start_here.ipynb")
    run_cell(notebook, 3)
    widget = notebook.output(3).locator(".course-progress")
    widget.get_by_text("04 Momentum as friction").click(timeout=60_000)
    assert widget.get_by_role("link", name="04.step").is_visible()
    with notebook.page.context.expect_page() as opened:
        widget.get_by_role("link", name="04.goal").click()
    sheet = opened.value
    sheet.get_by_role("heading", name="4 · A ball for a long valley").wait_for(timeout=60_000)
    assert sheet.url.partition("?")[0].endswith(f"/notebooks/my-course/exercises/{NAME}")


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_slider_of_every_explorer_follows_keys_and_the_mouse(classic, theme):
    cells = [f"from course.explorers import {name}\n{name}()" for name in explorers.EXPLORERS]
    notebook = classic.open(cells, theme=theme)
    notebook.run_all()
    for position in range(len(cells)):
        notebook.cell(position).scroll_into_view_if_needed()
        explorer = Explorer(notebook, position)
        notebook.cell(position).locator(".jp-InputPrompt").first.click()
        slider = explorer.root.locator("input[type=range]").first
        before = explorer.now()
        slider.focus()
        notebook.page.keyboard.press("Home")
        notebook.page.keyboard.press("ArrowRight")
        moved = explorer.until(lambda now, before=before: now != before)
        with explorer.held(slider, 60, at=0.3):
            explorer.until(lambda now, moved=moved: now != moved)
        assert explorer.selected() == position
        assert explorer.root.evaluate("root => root.style.colorScheme") == theme
