"""A chapter and a sheet of the book in Chromium, from a folder and from a server."""

import json

import pytest

from course import questions
from course.explorers import Race, Valley
from course.publish.book import live
from course.questions.kinds import BadGuess
from course.questions.markdown import inline_html
from tests.book.axe import violations
from tests.book.page import Explorer
from tests.browser.test_valley_in_lab import assert_drawn_is_what_numpy_says

pytestmark = pytest.mark.browser

CHAPTERS = ["04"]
CHAPTER = "notebooks/04_momentum_as_friction.html"
FUNCTIONS = "functions/course.sgd.html"
SHEET = "exercises/04_momentum_as_friction.html"


def test_an_explorer_moves_by_keys_and_draws_what_compute_says(pages):
    valley = Explorer(pages.open(CHAPTER), "Valley")
    now = valley.settled()
    assert now["at"] == {"learning_rate": 0.3, "momentum": 0.8, "start": [-4, 1.5]}
    assert_drawn_is_what_numpy_says(now)
    before = valley.pictures()
    valley.press("learning rate", "ArrowRight", "ArrowRight").press("momentum", "ArrowLeft")
    now = valley.until(lambda now: now["at"]["momentum"] < 0.8 and now["at"]["learning_rate"] > 0.3)
    assert_drawn_is_what_numpy_says(now)
    assert all(new != old for new, old in zip(valley.pictures(), before, strict=True))
    valley.press("momentum", "End").press("learning rate", "End")
    now = valley.until(lambda now: now["at"]["momentum"] == 1 and now["at"]["learning_rate"] == 4.2)
    assert_drawn_is_what_numpy_says(now)


def test_an_explorer_moves_by_the_mouse_and_plays(pages):
    valley = Explorer(pages.open(CHAPTER), "Valley")
    box = valley.slider("momentum").bounding_box()
    valley.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    valley.page.mouse.down()
    valley.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=8)
    valley.page.mouse.up()
    now = valley.until(lambda now: now["at"]["momentum"] > 0.85)
    assert_drawn_is_what_numpy_says(now)
    valley.button("▶ play").click()
    valley.until(lambda now: now["step"] > 8)
    valley.button("❚❚ pause").click()
    assert_drawn_is_what_numpy_says(valley.now())


EDGE = """e => { const s = getComputedStyle(e);
  return [s.borderTopWidth, s.borderTopStyle, s.backgroundColor !== "rgba(0, 0, 0, 0)"] }"""


def test_a_button_is_seen_to_be_one(folder):
    page = folder.open(CHAPTER)
    Explorer(page, "Valley").settled()
    for within in (".course-live .course-row", ".course-question"):
        button = page.locator(f"{within} button").first
        assert button.evaluate(EDGE) == ["1px", "solid", True], within


def test_what_needs_python_is_not_there_but_told(folder):
    page = folder.open(CHAPTER)
    valley = Explorer(page, "Valley")
    assert valley.root.locator(".course-handle").count() == 1  # hidden, so that no key reaches it
    assert not valley.root.locator(".course-handle").is_visible()
    told = page.locator(".course-needs").first.inner_text()
    assert told.startswith("Dragging needs Python.") and "course lab my-course" in told
    assert "notebooks/04_momentum_as_friction.ipynb" in told


def test_a_sheets_explorer_moves_without_the_learners_own_rule(folder):
    page = folder.open(SHEET)
    assert_drawn_is_what_numpy_says(Explorer(page, "Valley").settled())
    assert page.locator(".course-needs").first.inner_text().startswith("Your own rule needs Python")
    told = page.locator(".course-run").inner_text()
    assert told.endswith("open exercises/04_momentum_as_friction.ipynb.") and "course lab" in told


def test_answers_of_a_sheet_are_folded_and_what_it_gives_is_not(folder):
    page = folder.open(SHEET)
    assert page.get_by_text("def ball_step(variable, velocity").first.is_visible()
    answer = page.locator("details", has=page.get_by_text("return variable + velocity, velocity"))
    assert answer.count() == 1 and answer.get_attribute("open") is None
    answer.locator("summary").click()
    assert answer.get_by_text("return variable + velocity, velocity").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", [CHAPTER, SHEET, "index.html", FUNCTIONS])
def test_no_page_scrolls_sideways_on_a_phone(folder, path, theme):
    page = folder.open(path, theme=theme, width=390, height=844)
    if path == CHAPTER:
        Explorer(page, "Valley").assert_nothing_overlaps_or_sticks_out()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("path", "theme"),
    [(CHAPTER, "dark"), (SHEET, "light"), ("index.html", "dark"), (FUNCTIONS, "light")],
)
def test_axe_finds_no_serious_violation(folder, path, theme):
    page = folder.open(path, theme=theme)
    if path == CHAPTER:
        Explorer(page, "Valley")
        page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    serious, passed = violations(page)
    print(f"{path}, {theme}: {passed} rules passed, {len(serious)} serious violations")
    assert serious == [] and passed > 30


def test_a_dark_page_has_dark_explorers_and_the_button_changes_them(folder):
    page = folder.open(CHAPTER, theme="dark")
    valley = Explorer(page, "Valley")
    assert valley.count("e69f00") > 50 and valley.count("d55e00") == 0
    page.evaluate("document.body.dataset.theme = 'light'")
    valley.page.wait_for_timeout(200)
    assert valley.count("d55e00") > 50 and valley.count("e69f00") == 0


def test_motion_is_reduced_where_that_is_asked_for(folder):
    page = folder.open(CHAPTER)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_paper_has_what_is_folded_but_a_sheets_answers_and_no_line_is_cut_off(folder):
    page = folder.open(CHAPTER)
    page.emulate_media(media="print")
    hidden = page.locator("article details:not(.above-input) > :is(p, div)").evaluate_all(
        "all => all.filter(p => !p.checkVisibility({ contentVisibilityAuto: true })).length"
    )
    wide = page.locator("pre").evaluate_all(
        "all => all.filter(p => p.scrollWidth > p.clientWidth + 1).length"
    )
    assert (hidden, wide) == (0, 0)
    assert not page.locator(".skip-to-content").is_visible()
    page = folder.open(SHEET)
    page.emulate_media(media="print")
    assert not page.get_by_text("return variable + velocity, velocity").is_visible()


def test_what_folds_is_called_what_stands_there(folder):
    page = folder.open(CHAPTER)
    page.locator("summary").get_by_text("Show the output").first.wait_for()
    assert page.locator("summary[aria-label]").count() == 0


def test_a_link_to_a_term_says_what_it_means_and_leads_there(pages):
    page = pages.open(CHAPTER)
    link = page.locator("article a[title]").filter(has_text="friction").first
    assert "speed" in link.get_attribute("title")


def test_search_finds_a_chapter_without_the_network(pages):
    page = pages.open("search.html?q=heavy+ball")
    page.locator("#search-results li a").first.wait_for(timeout=20_000)


def test_a_question_answers_at_once_and_the_browser_keeps_the_guess(pages):
    page = pages.open(CHAPTER)
    asked = page.locator('[data-question="04.slope"]')
    asked.get_by_role("button", name="0.9").click()
    told = asked.locator("[aria-live]").inner_text()
    assert told.startswith("✗ Not so.")
    page.reload()
    assert page.locator('[data-question="04.slope"] [aria-live]').inner_text() == told


# What one language reads as a number and another does not, too.
TYPED = ["−0,5", "1/0", "x", "0x1", "1_0", "1/", "/2", "1/2/3", "٣", " .5 / +2. ", "1E-1", ""]


def guesses(question):
    """All guesses at a choice; at a number the right one, the slips, another and no number."""
    if question.kind == "choice":
        return [*range(len(question.options))]
    if question.kind == "order":
        right = [question.labels.index(label) for label, _ in question.steps]
        return [right, right[::-1], [right[1], right[0], *right[2:]]]
    numbers = [question.value, *(slip for slip, _ in question.slips), 1234.5]
    return [*map(str, numbers), f"{question.value:g}/1", *TYPED]


def test_each_guess_at_each_question_is_judged_as_in_the_notebooks(folder):
    page = folder.open(CHAPTER)
    for question in questions.everything():
        for guess in guesses(question):
            try:
                verdict = question.judge(guess)
                wanted = {"passed": verdict.passed, "html": inline_html(verdict.sentence)}
            except BadGuess as problem:
                wanted = {"html": inline_html(str(problem))}
            found = page.evaluate(
                "async ([name, guess]) => { const chapter = name.slice(0, 2);"
                "const bytes = await fetched(`questions/${chapter}`, `questions/${chapter}.js`);"
                "const table = parsed(bytes)[name]; return JUDGES[table.kind](table, guess) }",
                [question.name, guess],
            )
            assert found == wanted, (question.name, guess)


def test_the_tiles_are_named_by_what_they_are_computed_from(tmp_path):
    explorer = Valley()
    first = live.tiles_of(explorer, tmp_path)
    made = (first / "state.js").stat().st_mtime_ns
    assert live.tiles_of(Valley(), tmp_path) == first
    assert (first / "state.js").stat().st_mtime_ns == made, "unchanged tiles are not made again"
    assert live.tiles_of(Valley(steps=61), tmp_path) != first
    assert live.tiles_of(Valley(curvatures=(0.1, 0.5)), tmp_path) != first
    races = [Race(runners=[{"momentum": 0.9, "clipnorm": norm}]) for norm in (1.0, 2.0)]
    assert races[0].fingerprint() != races[1].fingerprint()
    assert json.loads((first / "first.json").read_text())
