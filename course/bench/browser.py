"""A real JupyterLab or Notebook 7, and headless Chromium: for the bench and the browser tests.

with chromium() as browser, serve(home, folder) as server, closing(Lab(server, browser)) as lab:
    notebook = lab.open(["1 + 1"], theme="dark")
    notebook.run_all()
    notebook.output(0)  # a Playwright locator
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from course import paths

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
#: What the package installs for every Jupyter server, read from where it lies, installed or not.
CONFIG = Path(__file__).parents[1] / "data/jupyter"


class App(NamedTuple):
    """What an application is called in its settings, and the address of its notebooks."""

    name: str
    page: str


APPS = {
    "jupyterlab": App("LabApp", "doc/tree"),
    "notebook": App("JupyterNotebookApp", "notebooks"),
}


@contextmanager
def chromium():
    """A headless Chromium, the system's own; nothing is downloaded.

    Errors: ImportError without Playwright; FileNotFoundError where no Chromium is installed.
    """
    from playwright.sync_api import sync_playwright

    found = paths.chromium()
    if found is None:
        raise FileNotFoundError("This needs Chromium, and none is installed.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def serve(home, folder, app="jupyterlab"):
    """A Jupyter server with an empty home, as its own command would start it; a `Server`.

    app: "jupyterlab", or "notebook" for Notebook 7; both read what the package has for servers.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", app, "--no-browser", "--allow-root"]
    command += [f"--ServerApp.root_dir={folder}", "--ip=127.0.0.1", f"--port={port}"]
    command += [f"--IdentityProvider.token={token}", "--ServerApp.port_retries=0"]
    command += [f"--{APPS[app].name}.expose_app_in_browser=True"]  # commands run by their names
    clean = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    log = (home / "server.log").open("wb")
    clean |= {"HOME": str(home), "JUPYTER_CONFIG_PATH": str(CONFIG)}
    process = subprocess.Popen(command, cwd=folder, env=clean, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api?token={token}", process, log.name)
        yield Server(f"http://127.0.0.1:{port}", token, home, folder, APPS[app].page)
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def _wait_for(address, process, log):
    for _ in range(300):
        try:
            return urllib.request.urlopen(address, timeout=5)
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.2)
    raise RuntimeError(f"Jupyter did not start:\n{Path(log).read_text()[-2000:]}")


class Server:
    """Where the server is, where its home and its notebooks lie, and where it shows one."""

    def __init__(self, address, token, home, folder, page):
        self.address, self.token, self.home, self.folder = address, token, home, folder
        self.page = page

    def end_kernels(self, names):
        """End the kernels of the notebooks with these names."""
        for session in json.load(self._ask("sessions")):
            if session["path"] in names:
                self._ask(f"sessions/{session['id']}", "DELETE")

    def _ask(self, what, method="GET"):
        headers = {"Authorization": f"token {self.token}"}
        address = f"{self.address}/api/{what}"
        return urllib.request.urlopen(
            urllib.request.Request(address, headers=headers, method=method), timeout=30
        )

    def set(self, plugin, **settings):
        """Write a JupyterLab user setting; the next page that is opened reads it."""
        extension, _, name = plugin.partition(":")
        path = self.home / f".jupyter/lab/user-settings/{extension}/{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))


class Lab:
    """JupyterLab, or Notebook 7, as a test sees it."""

    def __init__(self, server, chromium):
        self.server, self.folder = server, server.folder
        self._chromium, self._contexts, self._names = chromium, [], set()

    def close(self):
        """Close the pages, and end the kernels of the notebooks that were opened."""
        for context in self._contexts:
            context.close()
        self.server.end_kernels(self._names)

    def open(self, notebook, *, theme="light", width=1100, height=1000, kernel=True, files=False):
        """Open a notebook; returns a `Notebook`.

        notebook: code cells as strings, or the path of a notebook in the server's folder.
        theme:    "light" or "dark".
        kernel:   whether a kernel is started for it, as JupyterLab does by itself.
        files:    whether the file browser is open beside it, as at JupyterLab's start.
        """
        if isinstance(notebook, list):
            notebook = self.write(notebook)
        self.server.set("@jupyterlab/apputils-extension:themes", theme=THEMES[theme])
        self.server.set("@jupyterlab/apputils-extension:notification", fetchNews="false")
        self.server.set("@jupyterlab/notebook-extension:tracker", autoStartDefaultKernel=kernel)
        self._contexts.append(
            self._chromium.new_context(viewport={"width": width, "height": height})
        )
        page = self._contexts[-1].new_page()
        name = str(Path(notebook).resolve().relative_to(self.folder.resolve()))
        self._names.add(name)
        way = "lab/tree" if files else self.server.page
        page.goto(f"{self.server.address}/{way}/{name}?reset&token={self.server.token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        return Notebook(page, self.folder / name)

    def change(self, notebook, cells, width=1100, height=1000):
        """Open another notebook of these cells in the page of an open one, which is closed.

        It has the light theme and a kernel of its own; returns a `Notebook`.
        """
        page, path = notebook.page, self.write(cells)
        self._names.add(path.name)
        page.evaluate("() => window.jupyterapp.shell.currentWidget.dispose()")
        self.server.end_kernels({notebook.path.name})
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(
            "path => window.jupyterapp.commands.execute('docmanager:open', { path }).then(() => 0)",
            path.name,
        )
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        changed = Notebook(page, path)
        changed.set_theme("light")
        return changed

    def write(self, cells, name=None):
        """Write code cells as a notebook that has not been run; returns its path."""
        import nbformat

        name = name or f"{secrets.token_hex(4)}.ipynb"
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        path = self.folder / name
        nbformat.write(notebook, path)
        return path


class Notebook:
    """An open notebook: run its cells, read its outputs."""

    def __init__(self, page, path):
        self.page, self.path = page, path

    def command(self, name):
        """Run one of JupyterLab's commands, and wait for its end."""
        return self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def wait_for_kernel(self, timeout=120):
        """Return when the kernel has started and rests."""
        self.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
            "?.status === 'idle'",
            timeout=timeout * 1000,
        )

    def run_all(self, timeout=120):
        """Run every cell; returns when the last has finished."""
        self.wait_for_kernel(timeout)
        self.command("notebook:run-all-cells")

    def set_theme(self, theme, timeout=30):
        """Change JupyterLab's theme, "light" or "dark"; returns when the page has it."""
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
            THEMES[theme],
        )
        self.page.wait_for_function(
            "theme => document.body.dataset.jpThemeName === theme",
            arg=THEMES[theme],
            timeout=timeout * 1000,
        )

    def set_source(self, position, source):
        """Put another text into the cell at a position."""
        self.page.evaluate(
            "([position, source]) => window.jupyterapp.shell.currentWidget.content.model"
            ".sharedModel.getCell(position).setSource(source)",
            [position, source],
        )

    def save(self):
        """Save the notebook as the menu does."""
        self.command("docmanager:save")

    def cell(self, position):
        """The cell at a position, as a Playwright locator."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(position)

    def output(self, position):
        """The outputs of the cell at a position, as a Playwright locator."""
        return self.cell(position).locator(".jp-Cell-outputArea")
