"""A learner's page: each task with its verdict, its points, and what the visible check said."""

import textwrap
from html import escape
from itertools import groupby

from course.grading.gradebook import in_words
from course.grading.reports import page
from course.grading.reports.page import count, sheet_title


def feedback_page(learner, rows, run=page.NO_RUN):
    """One learner's page, as HTML; `rows` are this learner's, each file's together."""
    files = [list(group) for _, group in groupby(rows, key=lambda row: (row.sheet, row.file))]
    sections = "".join(map(_section, files, _file_names(files)))
    title = f"{learner}: {', '.join(dict.fromkeys(sheet_title(f[0].sheet) for f in files))}"
    body = f'<p class="over">Feedback for</p><h1>{escape(learner)}</h1>{sections}'
    return page.page(title, body, rows, run)


def _file_names(files):
    """What each file is called on the page, if that must be said at all.

    By its own name alone: how the teacher's folders are called is nothing to tell.
    """
    if len({rows[0].sheet for rows in files}) == len(files):
        return [""] * len(files)
    names = [rows[0].file.rpartition("/")[2] for rows in files]
    return [
        f"{name}, {names[:at].count(name) + 1} of {names.count(name)}"
        if names.count(name) > 1
        else name
        for at, name in enumerate(names)
    ]


def _section(rows, file):
    """One file's tasks, with the total above and, if it concerns them all, the note."""
    note = rows[0].note if len({row.note for row in rows}) == 1 else ""
    of_file = f'<p class="file">{escape(file)}</p>' if file else ""
    tasks = "".join(_task(row, row.note != note) for row in rows if row.task)
    return (
        f"<section><header><div><h2>{escape(sheet_title(rows[0].sheet))}</h2>{of_file}</div>"
        f"{_total(rows)}</header>{_bar(rows)}{_note(note)}{tasks}</section>"
    )


def _total(rows):
    tasks = sum(bool(row.task) for row in rows)
    if not tasks:
        return ""
    points, _, of = page.marks_in_words(rows).partition(" ")
    marks = f"<b>{points}</b> {of} points" if of else "practice, no marks"
    right = f"{sum(row.right for row in rows)} of {count(tasks, 'task')} right"
    by_hand = sum(bool(row.by_hand) for row in rows)
    right += f", {by_hand} set by hand" if by_hand else ""
    return f'<p class="total">{marks}<span>{right}</span></p>'


def _bar(rows):
    """A bar with one piece for each task with marks, as wide as the task is worth."""
    pieces = "".join(_piece(row) for row in rows if row.of)
    return f'<div class="bar" aria-hidden="true">{pieces}</div>' if pieces else ""


def _piece(row):
    """Filled as far as points were earned."""
    if 0 < row.points < row.of:
        style = f"flex-grow:{row.of};--earned:{100 * row.points / row.of:.3g}%"
        return f'<i class="part" style="{style}"></i>'
    return f'<i class="{"pass" if row.points else "fail"}" style="flex-grow:{row.of}"></i>'


def _task(row, with_note):
    sign, word, state = ("✓", "right", "pass") if row.right else ("✗", "not yet", "fail")
    marks = (
        f"{in_words(row.points)} of {count(row.of, 'point')}" if row.of else "practice, no marks"
    )
    marks += ", set by hand" if row.by_hand else ""
    words = "".join(_line_of_words(line) for line in _said(row))
    return (
        f'<article class="{state}"><span class="sign" role="img" aria-label="{word}">{sign}</span>'
        f"<h3>{escape(row.title)}</h3>"
        f'<p class="marks">{marks}</p><p class="name">{escape(row.task)}</p>'
        + _check_says(row)
        + (f"<pre>{words}</pre>" if words else "")
        + _note(row.note if with_note else "")
        + "</article>"
    )


def _check_says(row):
    """Where points were set by hand, what stands below is the check's, and may say otherwise."""
    verdict = "right" if row.passed else "not yet right"
    return f'<p class="name">The check by itself: {verdict}.</p>' if row.by_hand else ""


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
