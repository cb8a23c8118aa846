"""The whole book: every page judged, every explorer drawn as the rule says, and in time."""

import importlib
import json
import statistics

import nbformat
import numpy as np
import pytest

from course import paths
from course.bench.explorers import WATCH
from course.publish.book import live
from tests.book.axe import violations
from tests.book.page import Explorer

pytestmark = [pytest.mark.browser, pytest.mark.long]

CHAPTERS = []
#: Where each explorer is, two of its sliders, and what holds its numbers to the rule in JupyterLab.
PLACES = {
    "Step": ("01_gradient_descent", "learning rate", "curvature", "drawn_is_what_numpy_says"),
    "Noise": ("02_stochastic_gradients", "learning rate", "batch size", "drawn_is_what_numpy_says"),
    "Schedule": (
        "03_learning_rate_schedules",
        "learning rate",
        "momentum",
        "drawn_is_what_numpy_says",
    ),
    "Valley": ("04_momentum_as_friction", "learning rate", "momentum", "drawn_is_what_numpy_says"),
    "LookAhead": (
        "05_nesterov_look_ahead",
        "learning rate",
        "momentum",
        "drawn_is_what_numpy_says",
    ),
    "DecayAndClip": ("06_weight_decay", "weight decay", "momentum", "balls_are_where_numpy_says"),
    "Average": (
        "08_averaging_the_weights",
        "learning rate",
        "ema_momentum",
        "drawn_is_what_numpy_says",
    ),
    "Accumulation": (
        "09_gradient_accumulation",
        "learning rate",
        "accumulation",
        "drawn_is_what_numpy_says",
    ),
    "Scaling": ("10_loss_scaling", "loss scale", "steps of training", "drawn_is_what_numpy_says"),
    "Stages": ("11_the_whole_optimizer", "momentum β", "clipvalue", "drawn_is_what_the_step_says"),
}
FILES = {"LookAhead": "look_ahead", "DecayAndClip": "decay_and_clip"}


def held_to_the_rule(kind, explorer, now):
    """The helper of the explorer's own test in JupyterLab."""
    file = FILES.get(kind, kind.lower())
    module = importlib.import_module(f"tests.browser.test_{file}_in_lab")
    helper = getattr(module, f"assert_{PLACES[kind][-1]}")
    helper(explorer, now) if kind == "Stages" else helper(now)


@pytest.mark.parametrize("kind", PLACES)
def test_an_explorer_moves_and_what_is_drawn_is_what_the_rule_says(pages, kind):
    chapter, first, second, _ = PLACES[kind]
    explorer = Explorer(pages.open(f"notebooks/{chapter}.html"), kind)
    seen = [explorer.settled()]
    held_to_the_rule(kind, explorer, seen[0])
    for name, key in [
        (first, "ArrowRight"),
        (second, "ArrowLeft"),
        (first, "Home"),
        (second, "End"),
    ]:
        explorer.press(name, key)
        explorer.page.wait_for_timeout(150)
        seen.append(explorer.settled())
        held_to_the_rule(kind, explorer, seen[-1])
    assert len({json.dumps(now["at"]) for now in seen}) >= 4


def test_a_race_moves_each_runner_on_each_surface_as_compute_says(pages):
    chapter = "05_nesterov_look_ahead"
    cells = nbformat.read(paths.material() / f"notebooks/{chapter}.ipynb", as_version=4).cells
    names = [cell.metadata.get("name") for cell in cells]
    python, _ = live.build(cells, names.index("race"))
    race = Explorer(pages.open(f"notebooks/{chapter}.html"), "Race")

    def holds():
        now = race.settled()
        columns, words = python.compute(**now["at"])
        for i, runner in enumerate(now["runners"]):
            for name in ("x", "y", "loss"):
                wanted = float(columns[f"{i}.{name}"][0][now["step"]].astype("float32"))
                seen = pytest.approx(wanted, rel=1e-4) if np.isfinite(wanted) else None
                assert runner[name] == seen, (i, name)
            assert runner["label"] == words[str(i)][0]
        return now

    first = holds()
    race.press("learning rate", "ArrowRight")
    moved = race.until(lambda now: now["at"]["factor"] > 1) and holds()
    race.root.get_by_role("radio").nth(1).check()
    race.until(lambda now: now["at"]["runner"] == 1)
    assert holds()["at"]["settings"][0] == [moved["at"]["factor"], first["at"]["momentum"]]
    race.press("momentum", "ArrowLeft")
    race.root.get_by_role("combobox").select_option("rosenbrock")
    race.until(lambda now: now["at"]["surface"] == "rosenbrock")
    assert holds()["at"]["start"] == python.ground("rosenbrock")[1]


def test_every_page_passes_axe_in_both_themes_and_fits_a_phone(book, folder):
    totals, pages = {"light": 0, "dark": 0}, sorted(book.rglob("*.html"))
    for path in (path.relative_to(book).as_posix() for path in pages):
        page = folder.open(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        for theme in totals:
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(300)
            serious, passed = violations(page)
            assert serious == [], (path, theme)
            totals[theme] += passed
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.evaluate("[...document.images].every(image => image.alt.trim())"), path
    print(f"{len(pages)} pages: no serious violation; rules passed {totals}")


def test_links_within_the_book_lead_somewhere(book):
    from bs4 import BeautifulSoup

    whole = {
        path: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in book.rglob("*.html")
    }
    ids = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in whole.items()}
    for path, page in whole.items():
        for link in page.find_all("a", href=True):
            to, _, anchor = link["href"].partition("#")
            if not to.startswith(("http", "mailto:")):
                target = (path.parent / to).resolve() if to else path
                assert target.exists(), (path.name, link["href"])
                assert not anchor or anchor in ids[target], (path.name, link["href"])


def test_the_tiles_take_less_than_40_megabytes_and_each_less_than_300_kilobytes(book):
    tiles = [path.stat().st_size for path in (book / "_static/tiles").rglob("*.js")]
    print(f"{len(tiles)} tiles, {sum(tiles) / 1e6:.1f} MB, the largest {max(tiles)} bytes")
    assert sum(tiles) < 40e6 and max(tiles) < 300_000


def test_how_fast_a_slider_is_and_how_soon_the_first_explorer_is_there(folder):
    """Printed, never asserted: 60 presses, from the key to the frame with the new picture."""
    page = folder.open("notebooks/04_momentum_as_friction.html")
    valley = Explorer(page, "Valley")
    first = page.evaluate("performance.getEntriesByName('course-explorer')[0].startTime")
    valley.press("learning rate", "ArrowRight")
    page.wait_for_timeout(2000)  # all tiles are there
    valley.root.locator("..").evaluate(WATCH)
    times = []
    for turn in range(60):
        page.evaluate("() => (window.seen.times = [])")
        page.keyboard.press("ArrowRight" if turn % 20 < 10 else "ArrowLeft")
        page.wait_for_function("() => window.seen.times.length", timeout=3000)
        times += page.evaluate("() => window.seen.times")
    centiles = statistics.quantiles(times, n=20)
    late = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => "
        "/tiles.[^/]+.\\d+.js/.test(e.name)).map(e => e.duration)"
    )
    print(
        f"p50 {statistics.median(times):.1f} ms, p95 {centiles[-1]:.1f} ms; first explorer after "
        f"{first:.0f} ms; a tile from disk at most {max(late, default=0):.0f} ms"
    )
