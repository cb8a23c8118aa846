"""README's picture: the Valley as it is today, photographed in a real JupyterLab. `make build`."""

import contextlib
import sys
import tempfile
from pathlib import Path

from course.bench import browser

PATH = Path(__file__).resolve().parents[2] / "docs" / "valley.png"
CELLS = [
    "from course.explorers import Valley\nvalley = Valley(momentum=0.85)\nvalley.step = 15",
    "valley",
]


def photograph(notebook):
    """The explorer of an open notebook with these CELLS, run, as the bytes of a PNG.

    notebook: a `course.bench.browser.Notebook`, as `Lab.open` opens it: 1100 wide, light theme.
    """
    notebook.run_all()
    explorer = notebook.output(1).locator(".course-explorer[data-now]")
    explorer.wait_for(timeout=60_000)
    # Drawn once more by the browser, after its fonts and the theme's colours are there.
    drawn = "() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))"
    notebook.page.evaluate(drawn)
    return explorer.screenshot(animations="disabled")


def main():
    """Take the picture anew, where Chromium and Playwright are; else leave it and say so."""
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        home, notebooks = Path(folder, "home"), Path(folder, "notebooks")
        for made in (home, notebooks):
            made.mkdir()
        try:
            chromium = stack.enter_context(browser.chromium())
        except (ImportError, FileNotFoundError):
            print(f"{PATH.name} is left as it is: there is no Chromium, or no Playwright.")
            return 0
        server = stack.enter_context(browser.serve(home, notebooks))
        lab = stack.enter_context(contextlib.closing(browser.Lab(server, chromium)))
        PATH.write_bytes(photograph(lab.open(CELLS)))
    print(f"{PATH.name} is the Valley of today.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
