"""A learner's page: each task with its verdict, its points, and what the visible check said."""

import textwrap
from itertools import groupby

from course.grading.reports import page
from course.grading.reports.page import count, sheet_title

#: How a check's lines begin that only make sense in the notebook.
ONLY_THERE = ("Next:", "That was the last task", "To keep beside you")


def feedback_page(learner, rows, run=page.NO_RUN):
    """One learner's page, as HTML; `rows` are this learner's, each file's together."""
    files = [list(group) for _, group in groupby(rows, key=lambda row: (row.sheet, row.file))]
    title = f"{learner}: {', '.join(dict.fromkeys(sheet_title(f[0].sheet) for f in files))}"
    sections = list(map(_section, files, _file_names(files)))
    return page.filled("feedback.html", rows, run, title=title, learner=learner, files=sections)


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


def _section(rows, name):
    """One file's tasks, with the total above and, if they concern them all, the notes."""
    notes = rows[0].notes if len({row.notes for row in rows}) == 1 else ()
    tasks = [row for row in rows if row.task]
    return {
        "sheet": rows[0].sheet,
        "name": name,
        "points": sum(row.points for row in rows),
        "of": sum(row.of for row in rows),
        "right": _right(tasks) if tasks else "",
        "pieces": [_piece(row) for row in rows if row.of],
        "note": " ".join(notes),
        "tasks": [
            {"row": row, "said": _said(row), "note": "" if row.notes == notes else row.note}
            for row in tasks
        ],
    }


def _right(rows):
    by_hand = sum(bool(row.by_hand) for row in rows)
    right = f"{sum(row.right for row in rows)} of {count(len(rows), 'task')} right"
    return right + (f", {by_hand} set by hand" if by_hand else "")


def _piece(row):
    """A task's piece of the bar: as wide as it is worth, filled as far as points were earned."""
    if 0 < row.points < row.of:
        style = f"flex-grow:{row.of};--earned:{100 * row.points / row.of:.3g}%"
        return {"kind": "part", "style": style}
    return {"kind": "pass" if row.points else "fail", "style": f"flex-grow:{row.of}"}


def _said(row):
    """The lines of the check, without those that only make sense in the notebook."""
    lines = [line for line in row.words.splitlines() if line != f"✓ {row.title}"]
    if row.passed:
        lines = [line for line in lines if not line.startswith(ONLY_THERE)]
    lines = [line for line in lines if not line.strip().startswith("Stuck? hint(")]
    lines = textwrap.dedent("\n".join(lines)).splitlines()
    texts = [line.lstrip(" ") for line in lines]
    return [{"indent": len(line) - len(text), "text": text} for line, text in zip(lines, texts)]
