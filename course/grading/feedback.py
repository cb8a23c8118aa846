"""A learner's page: each task with its verdict, its points, and what the visible check said."""

import textwrap
from html import escape
from itertools import groupby

from course.grading import page
from course.grading.page import count, sheet_title


def feedback_page(learner, rows, run=page.NO_RUN):
    """One learner's page, as HTML; `rows` are this learner's, each file's together."""
    files = [list(group) for _, group in groupby(rows, key=lambda row: (row.sheet, row.file))]
    several = len({row.sheet for row in rows}) < len(files)
    sections = "".join(_section(each, several) for each in files)
    title = f"{learner}: {', '.join(dict.fromkeys(sheet_title(f[0].sheet) for f in files))}"
    body = f'<p class="over">Feedback for</p><h1>{escape(learner)}</h1>{sections}'
    return page.page(title, body, page.foot(rows, run))


def _section(rows, several):
    """One file's tasks, with the total above and, if it concerns them all, the note."""
    note = rows[0].note if len({row.note for row in rows}) == 1 else ""
    of_file = f'<p class="file">{escape(rows[0].file)}</p>' if several else ""
    tasks = "".join(_task(row, row.note != note) for row in rows if row.task)
    return (
        f"<section><header><div><h2>{escape(sheet_title(rows[0].sheet))}</h2>{of_file}</div>"
        f"{_total(rows)}</header>{_bar(rows)}{_note(note)}{tasks}</section>"
    )


def _total(rows):
    held, tasks = sum(row.passed for row in rows), sum(bool(row.task) for row in rows)
    if not tasks:
        return ""
    points, _, of = page.marks_in_words(rows).partition(" ")
    marks = f"<b>{points}</b> {of} points" if of else "practice, no marks"
    return f'<p class="total">{marks}<span>{held} of {count(tasks, "task")} right</span></p>'


def _bar(rows):
    """A bar with one piece for each task with marks, as wide as the task is worth."""
    pieces = "".join(
        f'<i class="{"pass" if row.points else "fail"}" style="flex-grow:{row.of}"></i>'
        for row in rows
        if row.of
    )
    return f'<div class="bar" aria-hidden="true">{pieces}</div>' if pieces else ""


def _task(row, with_note):
    sign, word, state = ("✓", "right", "pass") if row.passed else ("✗", "not yet", "fail")
    marks = f"{row.points:g} of {count(row.of, 'point')}" if row.of else "practice, no marks"
    marks += ", set by hand" if row.by_hand else ""
    words = "".join(_line_of_words(line) for line in _said(row))
    return (
        f'<article class="{state}"><span class="sign" role="img" aria-label="{word}">{sign}</span>'
        f"<h3>{escape(row.title)}</h3>"
        f'<p class="marks">{marks}</p><p class="name">{escape(row.task)}</p>'
        + (f"<pre>{words}</pre>" if words else "")
        + _note(row.note if with_note else "")
        + "</article>"
    )


def _said(row):
    """The lines of the check, without those that only make sense in the notebook."""
    lines = [line for line in row.words.splitlines() if line != f"✓ {row.title}"]
    if row.passed and lines and lines[-1].startswith(("Next:", "That was the last task")):
        lines.pop()
    lines = [line for line in lines if not line.strip().startswith("Stuck? hint(")]
    return textwrap.dedent("\n".join(lines)).splitlines()


def _line_of_words(line):
    """One line of a check's text; where it must be broken, its rest is indented as it is."""
    text = line.lstrip(" ")
    return f'<span style="padding-left:{len(line) - len(text)}ch">{escape(text)}\n</span>'


def _note(note):
    return f'<p class="note">{escape(note)}</p>' if note else ""
