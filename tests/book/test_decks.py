"""A chapter's deck in Chromium: what it asks and shows, its keys, its notes, its looks."""

import sys

import pytest

from course import paths, questions
from course.checks import chapter_tasks
from course.questions.markdown import inline_html
from tests import waiting
from tests.book.axe import violations
from tests.book.page import Explorer
from tests.browser.test_valley_in_lab import assert_drawn_is_what_numpy_says

pytestmark = pytest.mark.browser

MODULE, CHAPTERS = "course.publish.book.slides", ["04"]
DECK = "decks/04_momentum_as_friction.html"


@pytest.fixture
def deck(folder):
    return folder.open(DECK, height=768)


def go(page, slide):
    page.evaluate("i => Reveal.slide(i)", slide)
    page.wait_for_timeout(100)


def slides(page):
    """Each slide's heading, its text, and its notes."""
    return page.locator(".slides > section").evaluate_all(
        "all => all.map(s => [s.querySelector('h1, h2')?.textContent ?? '', "
        "[...s.children].filter(c => !c.matches('.notes')).map(c => c.textContent).join(' '), "
        "s.querySelector('.notes')?.textContent ?? ''])"
    )


def test_a_deck_asks_shows_moves_derives_surprises_and_recaps(deck):
    made = slides(deck)
    assert made[0][0] == "04 · Momentum as friction"
    assert "What is the ball that rolls down the loss" in made[0][1]
    assert [heading for heading, *_ in made][-2:] == ["Recap", "Your turn"]
    assert any("surprise" in heading for heading, *_ in made)
    assert deck.locator(".slides .course-live").count() == 1
    assert deck.locator(".slides .course-boxed").count() >= 1
    assert [heading for heading, *_ in slides(deck)].count("How fast does it get?") == 2


def test_no_answer_is_on_the_slide_that_asks(deck):
    made = [(text, notes) for _, text, notes in slides(deck)]
    asked = [(i, text) for i, (text, _) in enumerate(made) if "Predict:" in text]
    assert len(asked) >= 5
    for place, text in asked:
        [question] = [q for q in questions.predictions("04") if plain(deck, q.text) in text]
        assert plain(deck, question.answer.sentence) not in text
        assert question.shown in made[place + 1][0], question.name


def plain(page, markdown):
    """A line of Markdown as a page's text."""
    script = "html => Object.assign(document.createElement('p'), { innerHTML: html }).textContent"
    return page.evaluate(script, inline_html(markdown))


def test_notes_hold_the_known_mistakes_and_the_minutes(deck):
    made = slides(deck)
    told = " ".join(notes for *_, notes in made)
    assert "Core: about 20 minutes" in told
    assert "Dragging needs Python." in told
    for question in (questions.find("04.slope"), questions.find("04.edge")):
        [notes] = [n for _, text, n in made if plain(deck, question.text) in text]
        for label, sentence in question.mistakes:
            assert f"{label}: {sentence}" in notes
    for task in chapter_tasks("04"):
        for mistake in task.mistakes:
            assert mistake.because in told


def test_an_arrow_key_in_an_explorer_moves_it_and_no_slide(deck):
    place = next(i for i, (heading, *_) in enumerate(slides(deck)) if not heading)
    go(deck, place)
    valley = Explorer(deck, "Valley")
    valley.press("learning rate", "ArrowRight", "ArrowRight")
    now = valley.until(lambda now: now["at"]["learning_rate"] > 0.3)
    assert_drawn_is_what_numpy_says(now)
    valley.button("▶ play").focus()
    deck.keyboard.press("ArrowRight")
    assert deck.evaluate("Reveal.getIndices().h") == place
    deck.evaluate("document.activeElement.blur()")
    deck.keyboard.press("ArrowRight")
    assert deck.evaluate("Reveal.getIndices().h") == place + 1


def test_each_slide_fits(deck):
    for place in range(deck.evaluate("Reveal.getTotalSlides()")):
        go(deck, place)
        assert deck.evaluate("Reveal.getCurrentSlide().scrollHeight") <= 720, place


@pytest.mark.parametrize(("theme", "place"), [("light", 1), ("dark", 4)])
def test_axe_finds_no_serious_violation_on_a_slide(folder, theme, place):
    page = folder.open(DECK, theme=theme, height=768)
    go(page, place)
    page.wait_for_timeout(900)  # the slide before has left
    serious, passed = violations(page)
    assert serious == [] and passed > 20


def test_a_deck_is_printed_to_pdf_by_chromium(tmp_path):
    if paths.chromium() is None:
        pytest.skip("This needs Chromium, and none is installed.")
    command = [sys.executable, "-m", MODULE, *CHAPTERS, "--out", tmp_path / "decks", "--pdf"]
    done = waiting.run([*map(str, command)])
    assert done.returncode == 0, done.stdout + done.stderr
    [made] = (tmp_path / "decks").glob("*.pdf")
    assert made.read_bytes().startswith(b"%PDF")
