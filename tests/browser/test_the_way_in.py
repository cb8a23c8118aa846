"""A learner's way in: a real `course lab`, started without a terminal, in headless Chromium."""

import io
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from course.learner import workspace
from tests import waiting

pytestmark = pytest.mark.browser
CHAPTER, SHEET = (
    "notebooks/04_momentum_as_friction.ipynb",
    "exercises/04_momentum_as_friction.ipynb",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The empty home of a new user, whose .bashrc forgets the PATH."""
    folder = tmp_path_factory.mktemp("home")
    (folder / ".bashrc").write_text("PATH=/usr/bin:/bin\nPS1='$ '\n")
    return folder


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A folder with a learner's copy in it, and a folder of the name of one of the copy's."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / "notebooks").mkdir()
    workspace.start(folder / "my-course")
    return folder


def environment(home):
    """What a service has that was started without a terminal."""
    kept = {key: os.environ[key] for key in ("LANG",) if key in os.environ}
    return {**kept, "HOME": str(home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/bash", "BROWSER": ""}


@pytest.fixture(scope="module")
def address(clone, home):
    """Where a real `course lab` serves the copy."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "course", "lab", "my-course"],
        cwd=clone,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield waiting.Said(process).until(r"http://\S+/lab/tree/\S+(?=\s)")[0]
    finally:
        process.terminate()
        process.wait(timeout=60)
        waiting.end(process)


@pytest.fixture
def show(chromium, address):
    """Opens the first page, or one of the copy's files; gives the Playwright page."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900})

    def show(file=None):
        page = context.new_page()
        token = address.rpartition("token=")[2]
        start = re.sub(r"/lab/.*", "", address)
        page.goto(f"{start}/lab/tree/{file}?reset&token={token}" if file else address)
        page.locator(".jp-Notebook .jp-Cell >> visible=true").first.wait_for(timeout=120_000)
        return page

    yield show
    context.close()


def tabs(page):
    """The tabs of the documents that are open."""
    return page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab")


def label(tab):
    """What stands on a tab, with what a style sheet puts before it."""
    return tab.locator(".lm-TabBar-tabLabel").evaluate(
        "each => getComputedStyle(each, '::before').content.replace(/^none$|\"/g, '')"
        " + each.textContent"
    )


def until(page, script, argument=None):
    """Wait until a script says true."""
    page.wait_for_function(script, arg=argument, timeout=120_000)


KERNEL = "() => document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]')"


@pytest.mark.parametrize("file", [CHAPTER, SHEET, "notebooks/16_glossary.ipynb"])
def test_what_was_only_opened_is_closed_without_a_question(show, file):
    page = show(file)
    until(page, KERNEL)
    page.wait_for_timeout(1000)  # what JupyterLab would write into it, it writes at this moment
    (tab,) = tabs(page).all()
    assert "jp-mod-dirty" not in tab.get_attribute("class")
    tab.locator(".lm-TabBar-tabCloseIcon").click()
    until(page, "() => !document.querySelector('.jp-NotebookPanel')")
    assert page.locator(".jp-Dialog").count() == 0


def test_the_first_click_on_a_word_leads_to_its_explanation(show):
    page = show(CHAPTER)
    link = page.locator("a[href*='16_glossary.ipynb']:visible").first
    word = link.get_attribute("href").partition("#cell-id=")[2].replace("-", " ")
    link.click()
    seen = """word => [...document.querySelectorAll('h4')].some(each =>
        each.innerText.startsWith(word)
        && each.getBoundingClientRect().top > 0
        && each.getBoundingClientRect().bottom < innerHeight)"""
    until(page, seen, word)


def test_a_picture_follows_a_dark_theme_and_keeps_its_hues(show):
    page = show("notebooks/00_start_here.ipynb")
    picture = page.locator(".jp-RenderedImage img").first
    picture.scroll_into_view_if_needed()
    light = pixels(picture)
    # What JupyterLab does first of all when its theme is changed.
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    dark = pixels(picture)
    assert np.median(light) == 255 and np.median(dark) < 30
    vivid = np.ptp(light, axis=-1) > 100  # the colours that are no grey
    assert vivid.any()
    assert (light.argmax(axis=-1) == dark.argmax(axis=-1))[vivid].mean() > 0.9


def pixels(element):
    """What is seen of an element: rows, columns, and red, green and blue."""
    return np.array(Image.open(io.BytesIO(element.screenshot())).convert("RGB")).astype(int)


def test_the_first_page_shows_the_folder_of_the_exercises(show):
    page = show()
    page.locator(".jp-DirListing-item", has_text="exercises").wait_for(timeout=120_000)
    assert label(page.locator(".lm-TabBar-tab.jp-mod-current")) == "00_start_here.ipynb"


def test_a_chapter_and_its_exercise_are_told_apart_by_the_front_of_their_tabs(show):
    page = show(CHAPTER)
    page.locator("a", has_text="Exercise 04").first.click()
    page.get_by_role("heading", name="Exercise 04: momentum as friction").wait_for(timeout=120_000)
    until(page, "() => document.querySelectorAll('.lm-TabBar-tab[title*=\": exercises/\"]').length")
    said = sorted(label(tab)[:11] for tab in tabs(page).all())
    assert said == ["04_momentum", "Exercise 04"]


def test_a_terminal_knows_the_command_and_the_copy(show, clone):
    """Opened below `notebooks/`, a folder that is there beside the copy, too."""
    page = show(CHAPTER)
    page.locator(".jp-DirListing-item", has_text="16_glossary").wait_for(timeout=120_000)
    page.keyboard.press("Control+Shift+L")
    page.locator(".jp-LauncherCard", has_text="Terminal").click()
    page.locator(".jp-Terminal .xterm-screen").wait_for(timeout=60_000)
    said = clone / "said"
    page.locator(".jp-Terminal textarea").focus()
    page.keyboard.type(f"(pwd; course check 04) > {said}.part 2>&1; mv {said}.part {said}\n")
    waiting.until(said.exists, "what the terminal says")
    lines = said.read_text().splitlines()
    assert lines[0] == str(clone / "my-course/notebooks")
    assert lines[1].startswith("04 Momentum as friction  0 of 7 points")


def test_progress_leads_to_a_task_and_counts_what_was_run_and_saved(show, clone):
    page = show("notebooks/00_start_here.ipynb")
    until(page, KERNEL)
    cell = page.locator(".jp-CodeCell", has_text="import Progress").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    widget = page.locator(".course-progress")
    widget.get_by_text("Next: 01.").wait_for(timeout=120_000)
    page.keyboard.press("Control+s")
    until(page, "() => !document.querySelector('.lm-TabBar-tab.jp-mod-dirty')")
    saved = (clone / "my-course/notebooks/00_start_here.ipynb").read_text("utf-8")
    assert "widget-view" not in saved and "04 Momentum as friction, not read" in saved
    widget.get_by_role("button", name="Look again").click()
    widget.get_by_text("1 of ").first.wait_for(timeout=120_000)
    widget.get_by_text("04 Momentum as friction").click()
    widget.get_by_role("link", name="04.goal").click()
    seen = """() => [...document.querySelectorAll('h2')].some(each =>
        each.innerText.startsWith('4 · A ball for a long valley')
        && each.getBoundingClientRect().top > 0
        && each.getBoundingClientRect().top < innerHeight)"""
    until(page, seen)
    assert page.locator(".jp-Dialog").count() == 0


def test_a_second_start_shows_the_server_that_runs(address, clone, home):
    done = waiting.run(
        [sys.executable, "-m", "course", "lab", "my-course"], cwd=clone, env=environment(home)
    )
    assert done.returncode == 0
    assert f"JupyterLab runs already on my-course:\n\n    {address}\n" in done.stdout


def test_a_reset_says_how_to_reload_what_is_open(address, clone, home):
    path = clone / "my-course" / SHEET
    path.write_text(path.read_text("utf-8").replace("rates = ...", "rates = 1"), encoding="utf-8")
    command = [sys.executable, "-m", "course", "reset", "04.goal"]
    done = waiting.run(command, cwd=clone, env=environment(home))
    assert "written anew: goal-answer" in done.stdout
    assert "choose\nFile > Reload Notebook from Disk, and Reload; where" in done.stdout
    done = waiting.run(command, cwd=clone, env=environment(home))
    assert "nothing was changed" in done.stdout and "Reload" not in done.stdout
