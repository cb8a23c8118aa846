"""A real JupyterLab, opened in headless Chromium, for every browser test.

A test takes the fixture `lab`, opens a notebook with `lab.open(cells, theme="dark")`, runs it
with `run_all()` and reads `output(0)`, a Playwright locator; see `course.bench.browser`.
"""

import contextlib

import pytest

from course.bench import browser


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A JupyterLab server with an empty home, as `course lab` would start it."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("notebooks")
    with browser.serve(home, folder) as server:
        yield server


@pytest.fixture
def lab(chromium, server):
    """Opens notebooks in JupyterLab for one test."""
    with contextlib.closing(browser.Lab(server, chromium)) as lab:
        yield lab


@pytest.fixture(scope="module")
def shared_lab(chromium, server):
    """Opens notebooks in JupyterLab for all tests of a file, each in a page of its own."""
    with contextlib.closing(browser.Lab(server, chromium)) as lab:
        yield lab


@pytest.fixture(scope="session")
def opened(chromium, server):
    """One JupyterLab for the notebooks of all files: several seconds faster for each file.

    Its `open` closes the notebook before.
    """
    with contextlib.closing(browser.Lab(server, chromium)) as lab:
        yield OneAfterAnother(lab)


class OneAfterAnother:
    """Opens one notebook after another in one page of JupyterLab."""

    def __init__(self, lab):
        self.lab, self.notebook = lab, None

    def open(self, cells):
        if self.notebook is None:
            self.notebook = self.lab.open(cells)
        else:
            self.notebook = self.lab.change(self.notebook, cells)
        return self.notebook


@pytest.fixture(scope="module")
def notebook(request, opened):
    """A notebook of the cells that a file calls CELLS, open in JupyterLab."""
    return opened.open(request.module.CELLS)


@pytest.fixture
def run_again(notebook):
    """The file's notebook after all its cells ran anew."""
    run_anew(notebook)
    return notebook


@pytest.fixture
def run_as(request, notebook):
    """Runs the file's notebook anew, in a theme, at a width, with other texts in some cells.

    All is as before at the end of the test. Seconds faster than another JupyterLab.
    """

    def change(theme="light", width=1100, cells=()):
        notebook.set_theme(theme)
        notebook.page.set_viewport_size({"width": width, "height": 1000})
        for position, source in dict(cells).items():
            notebook.set_source(position, source)

    def run(*how, **given):
        change(*how, **given)
        run_anew(notebook)
        return notebook

    yield run
    change(cells=enumerate(request.module.CELLS))


def run_anew(notebook):
    """Run all cells of an open notebook, whose outputs are cleared first."""
    notebook.command("notebook:clear-all-cell-outputs")
    notebook.run_all()
