"""Free text: it is collected on one page, waits for a person, and gets points from a table."""

import csv
import json
import re
from copy import deepcopy

import pytest

from course.checks import chapter_04
from course.checks.tasks import Essay
from course.grading import batch, sheets
from course.grading.answers import read_answers
from course.grading.judge import judge
from tests.grading import stub
from tests.grading.sheet import NAME, submission, write
from tests.test_command_line import run

WHY = Essay(name="04.why", title="Why a ball rolls on", points=4)
CELL = {
    "cell_type": "markdown",
    "id": "why-essay",
    "metadata": {"name": "why-essay", "tags": ["essay"]},
    "source": "Write here:",
}
TEXT = "Friction takes speed, <script>alert(1)</script> and\n=1+1 what is left rolls on.\x1b[31m"


@pytest.fixture
def sheet_with_essay(monkeypatch):
    """Sheet 04 with a text to write at its end."""
    monkeypatch.setattr(chapter_04, "TASKS", (*chapter_04.TASKS, WHY))
    monkeypatch.setitem(sheets.pristine(NAME), "cells", [*sheets.pristine(NAME)["cells"], CELL])
    sheets.load.cache_clear()
    yield
    sheets.load.cache_clear()


def with_text(text, **cell):
    notebook = deepcopy(submission())
    notebook["cells"].append(CELL | {"source": text} | cell)
    return notebook


@pytest.fixture
def marked(sheet_with_essay, tmp_path, monkeypatch):
    """A class: anna and =ben wrote a text, carla left the cell as it is."""
    write(tmp_path / "in/anna.ipynb", with_text(f"Write here: {TEXT}"))
    write(tmp_path / "in/=ben.ipynb", with_text(["It has ", "mass."], cell_type="code"))
    write(tmp_path / "in/carla.ipynb", with_text("Write here:"))
    monkeypatch.chdir(tmp_path)
    batch.grade([tmp_path / "in"], tmp_path / "out", judge=stub.judge)
    return tmp_path / "out"


def rows(out):
    with (out / "grades.csv").open(newline="") as file:
        return {(row["learner"], row["task"]): row for row in csv.DictReader(file)}


def test_texts_are_on_one_page_as_text_and_wait(marked):
    page = (marked / "essays.html").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script" not in page
    assert "\x1b" not in page and "It has mass." in page and "carla" not in page
    assert page.count(">not marked yet<") == 2
    assert 'href="essays.html"' in (marked / "index.html").read_text()
    feedback = (marked / "feedback/anna.html").read_text()
    assert "to be marked by hand, 4 points" in feedback and "Friction takes speed" in feedback
    assert rows(marked)["anna", "04.why"]["points"] == "0"
    assert "There was no answer" in (marked / "summary.html").read_text()  # carla's


def test_points_come_from_a_table_and_stand_when_marked_again(marked):
    text = (marked / "essays.csv").read_text()
    assert text.splitlines()[1:] == [
        "'=ben,04.why,,4,,in/=ben.ipynb",
        "anna,04.why,,4,,in/anna.ipynb",
    ]
    filled = text.replace("'=ben,04.why,,4,", "'=ben,04.why,2.5,4,good")
    (marked / "essays.csv").write_text(filled.replace("anna,04.why,,", "anna,04.why,4,"))
    batch.grade([marked.parent / "in"], marked, judge=stub.judge, resume=True)
    assert (marked / "essays.csv").read_text() == filled.replace("anna,04.why,,", "anna,04.why,4,")
    result = run("override", "out", "--file", "out/essays.csv", "--by", "Maria")
    assert (result.exit_code, result.stdout) == (0, "2 decisions from out/essays.csv.\n")
    assert rows(marked)["'=ben", "04.why"]["points"] == "2.5"
    assert re.search(r"to 2.5 by Maria on [\d-]+: good", (marked / "grades.csv").read_text())
    assert "4 of 4 points" in (marked / "feedback/anna.html").read_text()
    batch.grade([marked.parent / "in"], marked, judge=stub.judge, resume=True)
    assert rows(marked)["anna", "04.why"]["points"] == "4"


BAD = {
    "nobody": ("learner,task,points\ndora,04.why,1\n", "row 2: There is no learner 'dora'"),
    "too much": ("learner,task,points\nanna,04.why,1\nanna,04.step,9\n", "row 3: 04.step is worth"),
    "no number": ("learner,task,points\nanna,04.why,good\n", "row 2: points must be a number"),
    "not a number": ("learner,task,points\nanna,04.why,nan\n", "worth 0 to 4 points; got nan"),
    "twice": ("learner,task,points\nanna,04.why,1\nanna,04.why,2\n", "two rows for 'anna'"),
    "no column": ("learner;points\nanna;1\n", "has no column task"),
    "empty": ("", "has no column learner and no column task and no column points"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_table_with_a_mistake_changes_nothing(marked, kind):
    text, why = BAD[kind]
    (marked.parent / "marks.csv").write_text(text)
    before = (marked / "journal.jsonl").read_bytes()
    result = run("override", "out", "--file", "marks.csv")
    assert result.exit_code == 2 and why in result.stderr
    assert (marked / "journal.jsonl").read_bytes() == before


def test_one_decision_or_a_table_and_never_half_of_one(marked):
    result = run("override", "out", "--file", "marks.csv", "--learner", "anna")
    assert result.exit_code == 2 and "leave the other options out" in result.stderr
    result = run("override", "out", "--learner", "anna", "--task", "04.why")
    assert result.exit_code == 2 and "Add --reason" in result.stderr
    result = run("override", "out", "--file", "nowhere.csv")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "nowhere.csv cannot be read: No such file" in result.stderr


def test_nothing_of_a_text_is_run(sheet_with_essay, tmp_path):
    path = write(tmp_path / "x.ipynb", with_text("raise SystemExit", cell_type="code"))
    answers = read_answers(path, sheets.pristine(NAME)).sources
    assert answers["text why-essay"] == "raise SystemExit"
    verdicts = judge(NAME, answers, seed=1, confinement="landlock").verdicts
    assert [verdict.passed for verdict in verdicts] == [True] * 5


def test_a_submission_of_a_text_alone_is_one(sheet_with_essay, tmp_path):
    only = {"cells": [CELL | {"source": "It has mass."}], "nbformat": 4, "nbformat_minor": 5}
    write(tmp_path / "in/anna.ipynb", json.dumps(only))
    made = batch.grade([tmp_path / "in"], tmp_path / "out", judge=stub.judge, sheet=NAME)
    assert made[-1].words == "It has mass." and made[-1].waits
