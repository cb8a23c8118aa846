"""The table and the pages: complete, safe to open, and self-contained."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest

from course.grading import gradebook, reports
from course.grading.gradebook import Row

EVIL = "<script>alert('1')</script>\"&'"


def row(learner="anna", **changes):
    base = Row(
        learner=learner,
        sheet="04_momentum_as_friction",
        task="04.step",
        points=3,
        of=3,
        seconds=0.25,
        notes=(),
        title="One step of the ball",
        passed=True,
        words="✓ One step of the ball\n    from rest: w = 0.8\nNext: 04.terminal, the speed.",
        file="subs/anna.ipynb",
    )
    return base._replace(**changes)


PRACTICE = row(task="04.terminal", title="The speed", points=0, of=0, words="")
FAILED = row(
    task="04.goal", title="The goal", points=0, of=2, passed=False, words="✗ no\n    expected 1"
)


class Text(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.parts = [], [], []
        self.feed(page)
        self.text = " ".join(" ".join(self.parts).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        if self.tags and self.tags[-1] != "style":
            self.parts.append(data)


def cells(rows):
    return list(csv.reader(io.StringIO(reports.table(rows))))


# ---- grades.csv -----------------------------------------------------------------------


def test_the_table_has_the_promised_columns_and_survives_any_name():
    name = 'Li, "Na"'
    head, line = cells([row(name, notes=("a, b",))])
    assert head == ["learner", "sheet", "task", "points", "of", "seconds", "note", "file"] + [
        "late",
        "counts",
    ]
    expected = [name, "04_momentum_as_friction", "04.step", "3", "3", "0.25", "a, b"]
    assert line == [*expected, "subs/anna.ipynb", "", "yes"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " ="])
def test_no_cell_is_a_formula(start):
    _, line = cells([row(f"{start}cmd|' /C calc'!A0", notes=(f"{start}1",))])
    assert line[0].startswith("'" + start)
    assert line[6].startswith("'" + start)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d"])
@pytest.mark.parametrize(
    "before", ["", " ", ";", "; ", "\t", ",", '"', ';"', "a;b\t", "x\n", "'", ";;"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
def test_no_cell_is_a_formula_however_the_table_is_split(sign, before, delimiter, quoting):
    evil = f"{before}{sign}1+1"
    text = reports.table([row(evil, notes=(evil,), file=evil, sheet=evil)])
    for line in csv.reader(text.splitlines(), delimiter=delimiter, quoting=quoting):
        for found in line:
            assert not found.strip(' "').startswith(("=", "+", "-", "@", "\uff1d")), (line, text)


def test_a_long_note_takes_no_longer_than_its_length():
    assert len(reports.table([row(notes=("\"' ;," * 400_000,))])) > 2_000_000


# ---- the names of pages ---------------------------------------------------------------


def test_page_names_are_safe_and_no_two_alike_on_any_system():
    learners = {"anna", "Bob", "bob", "../../etc/passwd", "a b", "a_b", "", "é" * 300, "/", "\\"}
    names = reports.page_names(learners)
    assert names["anna"] == "anna.html"
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+\.html", name) for name in names.values())
    assert len({name.lower() for name in names.values()}) == len(learners)
    assert max(map(len, names.values())) < 80
    assert names == reports.page_names(sorted(learners))


def test_a_learner_cannot_take_anothers_page():
    """Whoever is called as somebody's page is, or as it would be, gets a page of their own."""
    (evil,) = {reports.page_names({"é"})["é"].removesuffix(".html")}
    alike = {"é", evil, evil.upper(), "anna", "Anna", "e\u0301", "CON", "nul", "Com1", "x" * 300}
    names = reports.page_names(alike)
    assert len({name.lower() for name in names.values()}) == len(alike)
    for reserved in ("CON", "nul", "Com1"):  # Windows would open a device
        assert names[reserved] != f"{reserved}.html"
    assert reports.page_names({"\ud800"})


# ---- a feedback page ------------------------------------------------------------------


def test_a_page_shows_each_task_its_points_its_words_and_the_total():
    page = Text(reports.feedback_page("anna", [row(), PRACTICE, FAILED]))
    assert "Exercise 04 · Momentum as friction" in page.text
    assert "3 of 5 points 2 of 3 tasks right" in page.text
    assert "✓ One step of the ball 3 of 3 points 04.step from rest: w = 0.8" in page.text
    assert "✓ The speed practice, no marks" in page.text
    assert "✗ The goal 0 of 2 points 04.goal ✗ no expected 1" in page.text
    assert "Next:" not in page.text  # it only makes sense in the notebook


def test_a_sheet_without_marks_says_so():
    assert (
        "practice, no marks 1 of 1 task right"
        in Text(reports.feedback_page("anna", [PRACTICE])).text
    )


def test_a_note_on_every_task_is_shown_once():
    rows = [each._replace(notes=("It is empty.",)) for each in (row(), PRACTICE, FAILED)]
    assert Text(reports.feedback_page("anna", rows)).text.count("It is empty.") == 1
    rows[0] = rows[0]._replace(notes=())
    assert Text(reports.feedback_page("anna", rows)).text.count("It is empty.") == 2


def test_an_unknown_sheet_makes_a_page_with_its_note():
    lost = row(
        sheet="", task="", title="", of=0, points=0, passed=False, words="", notes=("No JSON.",)
    )
    assert Text(reports.feedback_page("anna", [lost])).text.endswith(
        "Feedback for anna Unknown sheet No JSON. No answer was run."
    )


BY_HAND = {"by_hand": "Set by hand from 0 to 2 by M", "notes": ("Set by hand from 0 to 2 by M",)}


def test_points_set_by_hand_and_what_the_check_says_do_not_contradict_each_other():
    rows = [
        FAILED._replace(points=2, **BY_HAND),
        row(points=0, **BY_HAND),
        row("x", points=1.5, **BY_HAND),
    ]
    up, down, half = (Text(reports.feedback_page("anna", [each])).text for each in rows)
    assert "2 of 2 points 1 of 1 task right, 1 set by hand" in up
    assert "✓ The goal 2 of 2 points, set by hand" in up
    assert "The check by itself: not yet right. ✗ no expected 1" in up
    assert "0 of 3 points 0 of 1 task right, 1 set by hand" in down
    assert "✗ One step of the ball 0 of 3 points, set by hand" in down
    assert "The check by itself: right." in down
    assert "1.5 of 3 points 0 of 1 task right, 1 set by hand" in half
    by_learner = {"anna": [rows[0]], "ben": [FAILED]}
    index = Text(reports.index_page(by_learner, reports.page_names(by_learner))).text
    assert "Right 1 of 2" in index and "anna ✓ 2, by hand 2 of 2" in index
    summary = Text(reports.summary_page([rows[0]])).text
    assert "1 of 1" in summary and "1 earned them all" in summary


def test_points_in_part_are_drawn_and_shown_as_such():
    text = reports.feedback_page("anna", [row(points=4 / 3), FAILED, row(points=3)])
    assert re.findall(r'<i class="(\w+)" style="([^"]*)"', text) == [
        ("part", "flex-grow:3;--earned:44.4%"),
        ("fail", "flex-grow:2"),
        ("pass", "flex-grow:3"),
    ]
    assert "1.33 of 3 points" in Text(text).text and "4.33 of 8 points" in Text(text).text


def test_a_decision_on_a_file_that_is_not_there_says_which_there_are():
    decision = {"learner": "anna", "task": "04.step", "points": 1, "reason": "x", "by": "M"}
    with pytest.raises(ValueError, match=r"anna has no file 'x'; there is 'subs/anna.ipynb'\.$"):
        gradebook.override([row()], **decision, on="today", file="x")


def test_two_files_of_one_sheet_are_kept_apart():
    page = Text(reports.feedback_page("anna", [row(), row(file="subs/second.ipynb", points=0)]))
    assert page.tags.count("section") == 2
    assert "friction anna.ipynb 3" in page.text
    assert "friction second.ipynb 0" in page.text
    assert "subs" not in page.text  # how the teacher's folders are called


@pytest.mark.parametrize("field", ["learner", "title", "words", "file", "task", "sheet"])
def test_whatever_comes_from_outside_is_escaped(field):
    rows = [row(**{field: EVIL}), row(**{field: EVIL, "file": EVIL, "notes": (EVIL,)})]
    learner = rows[0].learner
    pages = reports.page_names([learner])
    for text in (
        reports.feedback_page(learner, rows),
        reports.index_page({learner: rows}, pages),
    ):
        page = Text(text)
        assert "script" not in page.tags
        assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_a_page_fetches_nothing_and_knows_light_and_dark():
    text = reports.feedback_page("anna", [row(), FAILED])
    page = Text(text)
    assert not {"script", "img", "link", "iframe", "a"} & set(page.tags)
    assert not re.search(r"url\(|@import|https?:", text)
    assert "prefers-color-scheme: dark" in text
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
    assert ("content", policy) in page.attributes


# ---- the index, and the files ---------------------------------------------------------


def test_the_index_links_each_learner_and_counts_each_task():
    by_learner = {"anna": [row(), FAILED], "b<b>": [row(passed=False, points=0), FAILED]}
    pages = reports.page_names(by_learner)
    page = Text(reports.index_page(by_learner, pages))
    links = [value for name, value in page.attributes if name == "href"]
    assert links == [
        "summary.html",
        "grades.csv",
        "totals.csv",
        "feedback/anna.html",
        f"feedback/{pages['b<b>']}",
    ]
    assert "2 learners, 2 files" in page.text
    assert "anna ✓ ✗ 3 of 5" in page.text
    assert "b<b> ✗ ✗ 0 of 5" in page.text
    assert "Right 1 of 2 0 of 2" in page.text


def test_the_index_says_each_note_once():
    rows = [row(notes=("One.", "Two.")), FAILED._replace(notes=("One.", "Three."))]
    page = Text(reports.index_page({"anna": rows}, {"anna": "anna.html"}))
    assert "One. Two. Three." in page.text
    assert page.text.count("One.") == 1


def test_writing_again_replaces_every_file_and_leaves_no_half_one(tmp_path):
    for rows in ([row(), FAILED], [row(passed=False, points=0)]):
        out = reports.prepare(tmp_path / "a/new/folder")
        reports.write(rows, out)
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert files == [
        "feedback/anna.html",
        "grades.csv",
        "index.html",
        "summary.html",
        "totals.csv",
    ]
    assert "0 of 3 points" in Text((out / "feedback/anna.html").read_text(encoding="utf-8")).text
