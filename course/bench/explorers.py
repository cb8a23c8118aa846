"""From a slider to pixels: each explorer beside `ipywidgets.interact` with inline matplotlib.

Both draw the same picture, in a real JupyterLab in headless Chromium, moved by real keys and by a
real mouse, in turns. Source of the rival: what most courses do, and ipywidgets' own guide.
"""

import contextlib
import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

from course.bench.browser import Lab, chromium, serve

# Notes when a key goes down, or a mark is set, and when the frame with the new picture was shown.
WATCH = """root => {
  const seen = (window.seen = { times: [], pictures: 0, from: null });
  document.addEventListener("keydown", () => (seen.from = performance.now()), true);
  let last = "";
  const drawn = async () => {
    const from = seen.from, images = [...root.querySelectorAll("img")];
    const now = root.querySelector("[data-now]")?.dataset.now ?? images.map((i) => i.src).join();
    if (!now || now === last) return;
    last = now;
    await Promise.all(images.map((image) => image.decode()));
    seen.pictures += 1;
    if (from === null) return;
    seen.from = null;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => seen.times.push(performance.now() - from);
      after.port2.postMessage(0);
    });
  };
  const kinds = { childList: true, subtree: true, attributes: true };
  new MutationObserver(drawn).observe(root, { ...kinds, attributeFilter: ["data-now", "src"] });
}"""
SETUP = """import matplotlib.pyplot as plt
from ipywidgets import SelectionSlider, interact
from course.explorers import {name}
explorer = {name}()
swept = [name for name in explorer.sliders if isinstance(explorer.positions[name][0], (int, float))]
first, positions = swept[0], explorer.positions[swept[0]]

def picture(value):
    setattr(explorer, first, value)
    figure = plt.figure(figsize=(9, 3.6), layout="constrained")
    explorer.draw(figure)
    plt.show()
"""
RIVAL = (
    "interact(picture, value=SelectionSlider(options=positions, value=getattr(explorer, first)));"
)


class Measured(NamedTuple):
    """Milliseconds from a key to the new pixels, pictures a second while dragging, first paint."""

    p50: float
    p95: float
    pictures: float
    first: float


def measure(lab, name, presses=60):
    """Move an explorer and its rival; returns two `Measured`, the explorer's first.

    lab:  an open `course.bench.browser.Lab`; name: a class of `course.explorers`.
    """
    found = []
    for cell, slider in (
        (f"{name}()", '.course-explorer input[data-parameter]:not([data-parameter="step"])'),
        (RIVAL, ".widget-slider [role=slider]"),
    ):
        notebook = lab.open([SETUP.format(name=name), cell], height=1200)
        notebook.run_all()
        output = notebook.output(1)
        handle = output.locator(slider).first
        handle.wait_for(timeout=60_000)
        output.locator("img, [data-now]").first.wait_for()
        first = _first_paint(notebook, output)
        output.evaluate(WATCH)
        times = _press(notebook.page, output.locator(slider).first, presses)
        pictures = _drag(notebook.page, output.locator(slider).first)
        centiles = statistics.quantiles(times, n=20)
        found.append(Measured(statistics.median(times), centiles[-1], pictures, first))
        notebook.page.close()
    return found


def _first_paint(notebook, output):
    """Milliseconds until a cell that runs for the second time shows its picture."""
    times = []
    for _ in range(3):
        notebook.command("notebook:clear-all-cell-outputs")
        output.evaluate(WATCH)
        notebook.cell(1).locator(".jp-InputPrompt").click()
        notebook.page.evaluate(
            "() => { window.seen.from = performance.now();"
            "window.jupyterapp.commands.execute('notebook:run-cell') }"
        )
        notebook.page.wait_for_function("() => window.seen.times.length")
        times.append(notebook.page.evaluate("() => window.seen.times[0]"))
    return statistics.median(times)


def _press(page, slider, presses):
    """Milliseconds from each press of an arrow key to its pixels."""
    slider.focus()
    times = []
    for turn in range(presses):
        page.evaluate("() => (window.seen.times = [])")
        page.keyboard.press("ArrowRight" if turn % 20 < 10 else "ArrowLeft")
        with contextlib.suppress(Exception):  # at a slider's end nothing is drawn
            page.wait_for_function("() => window.seen.times.length", timeout=3000)
            times += page.evaluate("() => window.seen.times")
    return times


def _drag(page, slider, seconds=3.0):
    """Pictures a second while the mouse drags the slider to and fro."""
    box = slider.bounding_box()
    wide = slider.evaluate("e => (e.closest('.noUi-target') ?? e).getBoundingClientRect().toJSON()")
    row = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, row)
    page.mouse.down()
    page.evaluate("() => (window.seen.pictures = 0, window.seen.start = performance.now())")
    turn = 0
    while page.evaluate("() => performance.now() - window.seen.start") < 1000 * seconds:
        part = 0.1 + 0.08 * (5 * turn % 9)  # every move reaches another position
        page.mouse.move(wide["left"] + part * wide["width"], row)
        turn += 1
    pictures, span = page.evaluate(
        "() => [window.seen.pictures, (performance.now() - window.seen.start) / 1000]"
    )
    page.mouse.up()
    return pictures / span


def table(names):
    """Measure explorers by name; returns a Rich table whose boxes are Markdown's."""
    from rich import box
    from rich.table import Table

    result = Table(box=box.MARKDOWN)
    for head in ("explorer", "p50 / p95, ms", "interact", "times faster", "pictures a second"):
        result.add_column(head)
    result.add_column("first paint, ms")
    with contextlib.ExitStack() as stack:
        home, folder = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        browser = stack.enter_context(chromium())
        server = stack.enter_context(serve(home, folder))
        lab = stack.enter_context(contextlib.closing(Lab(server, browser)))
        for name in names:
            ours, rival = measure(lab, name)
            result.add_row(
                name,
                f"{ours.p50:.1f} / {ours.p95:.1f}",
                f"{rival.p50:.0f} / {rival.p95:.0f}",
                f"{rival.p50 / ours.p50:.0f} / {rival.p95 / ours.p95:.0f}",
                f"{ours.pictures:.0f} ({rival.pictures:.1f})",
                f"{ours.first:.0f} ({rival.first:.0f})",
            )
    return result
