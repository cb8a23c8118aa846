"""The class summary: every bar counts what it says, nobody is exposed, and nothing is run."""

import re

import pytest

from course.checks.calling import ENDED
from course.grading import gradebook, reports
from course.grading.reports.summary import ENDINGS, NOTHING, ending
from tests.grading.reports.test_reports import EVIL, FAILED, PRACTICE, Text, row

STEP = row()
SUBTRACTED = "Your velocity is right, but you subtracted it."


def wrong(words, because="", note="", **changes):
    changes |= {"because": because, "notes": (note,) if note else ()}
    return STEP._replace(passed=False, points=0, words=words, **changes)


def page(rows):
    return Text(reports.summary_page(rows))


def test_each_task_says_how_many_held():
    rows = [STEP, STEP._replace(learner="bob"), wrong("✗ no", learner="eve"), PRACTICE]
    text = page(rows).text
    assert "One step of the ball 04.step 2 of 3" in text
    assert "The speed 04.terminal 1 of 1" in text


def test_mistakes_are_counted_and_the_most_frequent_comes_first():
    rows = [wrong(f"✗ no\n {SUBTRACTED}", SUBTRACTED, learner=str(n)) for n in range(3)]
    rows += [wrong("✗ no\n Uphill.", "Uphill.", learner="eve"), STEP]
    text = page(rows).text
    assert re.search(rf"{SUBTRACTED} 04.step 3× Uphill. 04.step 1×", text)


def test_only_the_ten_most_frequent_mistakes_are_shown():
    rows = [wrong("✗", f"Mistake {n}.", learner=str(n)) for n in range(12)]
    text = page(rows).text
    assert text.count("Mistake") == 10 and "And 2 rarer mistakes." in text


@pytest.mark.parametrize("ended", [*ENDED, "died", "unseen", "only there"])
def test_an_answer_that_does_not_hold_ended_in_a_way_that_has_words(ended):
    found = ending(wrong("✗ no", ended=ended))
    assert found == ENDINGS[ended]
    assert found in page([wrong("✗ no", ended=ended)]).text


def test_the_words_of_a_check_do_not_tell_how_an_answer_ended():
    """They may quote what a learner wrote: only what the check itself has found counts."""
    words = "✗ from rest\n yours has not ended after 5 s, raised NameError, nothing (None)"
    assert ending(wrong(words)) == "Another wrong answer"


def test_a_recognised_mistake_and_what_was_not_marked_are_told_apart():
    assert ending(wrong("✗ no", because="Uphill.")) == "A known mistake, explained above"
    dots = wrong("✗ no", because="Put your lines in place of the dots.", ended="unfilled")
    assert ending(dots) == "It was still as the sheet gives it"
    assert ending(wrong("", marked=False)) == "It could not be marked"


def test_an_answer_that_is_not_there_is_no_answer_whatever_the_check_says():
    assert ending(wrong("✗ it is not there yet.", ended="missing", answered=False)) == NOTHING


def test_exceptions_are_counted_by_kind():
    kinds = ("NameError", "NameError", "KeyError")
    rows = [wrong("✗ no", ended="raised", error=kind) for kind in kinds]
    assert "It raised an error NameError 2×, KeyError 1× 3×" in page(rows).text


def test_points_are_told_in_one_sentence():
    paper = [STEP, FAILED]
    rows = [each._replace(learner=str(n)) for n in range(3) for each in paper]
    text = page(rows).text
    assert "3 files: half of them earned 3 of 5 points or more; 0 earned them all, 0 none" in text


def test_only_those_whose_work_was_not_run_are_named():
    lost = wrong("", note="carla.ipynb is empty.", learner="carla")
    text = page([STEP._replace(learner="anna"), wrong("✗ no", learner="bob"), lost]).text
    assert "Nothing of theirs was run carla carla.ipynb is empty." in text
    assert "anna" not in text and "bob" not in text


def test_nothing_at_all_makes_a_page_too():
    assert "0 learners" in page([]).text


@pytest.mark.parametrize(
    "field", ["learner", "title", "words", "task", "sheet", "because", "error"]
)
def test_whatever_comes_from_outside_is_escaped(field):
    found = page([wrong("✗ no")._replace(**{field: EVIL}), wrong("")._replace(**{field: EVIL})])
    assert "script" not in found.tags
    assert not [name for name, _ in found.attributes if name.startswith("on")]


def test_it_fetches_nothing_and_prints_its_bars():
    text = reports.summary_page([STEP])
    assert not re.search(r"url\(|@import|https?:", text)
    assert "print-color-adjust: exact" in text
    assert not {"script", "img", "link", "iframe"} & set(Text(text).tags)


def test_the_teachers_pages_tell_the_seed_and_the_learners_do_not():
    run, rows = reports.Run(seed=987654321, name="ab12"), [STEP._replace(confinement="Landlock")]
    pages = reports.page_names(["anna"])
    for text in (reports.summary_page(rows, run), reports.index_page({"anna": rows}, pages, run)):
        assert "Answers ran confined by: Landlock. Marking ab12, seed 987654321." in text
    text = reports.feedback_page("anna", rows, run)
    assert "Answers ran confined by: Landlock. Marking ab12." in text
    assert "987654321" not in text


def test_what_was_left_aside_is_named_in_the_results_and_counted_in_the_summary():
    aside = gradebook.Aside(
        [("in/<u>.pdf", "It is a PDF.")], ["Line 17 of journal.jsonl is damaged."]
    )
    lost = wrong("", note="It is empty.", problem="It is empty.", file="in/carla.ipynb")
    by_learner = {"carla": [lost]}
    index = Text(reports.index_page(by_learner, reports.page_names(by_learner), aside=aside))
    summary = Text(reports.summary_page([lost], aside=aside))
    assert "u" not in index.tags and "in/<u>.pdf It is a PDF." in index.text
    assert "Not marked in/carla.ipynb (anna) It is empty." in index.text
    assert "in/" not in summary.text and "Left aside 1 file" in summary.text
    for found in (index, summary):
        assert "Line 17 of journal.jsonl is damaged." in found.text


def test_the_numbers_of_a_large_class_stay_within_their_card(tmp_path, chromium):
    """Measured in a browser: no number reaches over the card's edge, on a phone neither."""
    rows = [STEP._replace(learner=str(n)) for n in range(2237)]
    rows += [wrong("✗ no", SUBTRACTED, learner=str(n)) for n in range(2237, 3000)]
    (tmp_path / "summary.html").write_text(reports.summary_page(rows), encoding="utf-8")
    for width in (390, 1200):
        page = chromium.new_page(viewport={"width": width, "height": 800})
        page.goto(f"file://{tmp_path}/summary.html")
        assert page.locator("dd b").first.text_content() == "2237 of 3000"
        assert page.evaluate(OVER) == []
        page.close()


#: What reaches over its card, by its text: a box of fixed width does not tell.
OVER = """() => [...document.querySelectorAll("dl")].flatMap(card =>
  [...card.querySelectorAll("b, i, dt")].filter(each => {
    const text = document.createRange();
    text.selectNodeContents(each);
    const right = Math.max(each.getBoundingClientRect().right, text.getBoundingClientRect().right);
    return right > card.getBoundingClientRect().right - 8;
  }).map(each => each.textContent))"""


def test_long_reasons_stay_within_their_card_on_a_phone():
    """The table's cell breaks its words; a browser shows that it then needs no scrolling."""
    text = reports.index_page({}, {}, aside=gradebook.Aside([("in/" + "x" * 90, "y" * 300)], []))
    assert re.search(r"th \+ td:last-child \{[^}]*overflow-wrap: anywhere", text)
