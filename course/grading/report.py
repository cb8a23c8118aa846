"""What comes out of marking: grades.csv, a page per learner, an index, and a summary.

A page is one file that fetches nothing. Whatever came from a submission is escaped.
"""

import csv
import hashlib
import io
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

from course.grading.feedback import feedback_page
from course.grading.overview import index_page
from course.grading.page import NO_RUN, Run
from course.grading.summary import summary_page

__all__ = ["Run", "feedback_page", "index_page", "prepare", "summary_page", "table", "write"]

COLUMNS = ("learner", "sheet", "task", "points", "of", "seconds", "note")


def prepare(out):
    """Make the folder `out` ready to be written to; returns its path.

    Errors: OSError, one sentence, if it cannot be made or written to.
    """
    out = Path(out)
    try:
        (out / "feedback").mkdir(parents=True, exist_ok=True)
        for folder in (out, out / "feedback"):
            with tempfile.TemporaryFile(dir=folder):
                pass
    except OSError as problem:
        raise OSError(f"Cannot write to {out}: {problem.strerror}. Name another folder.") from None
    return out


def write(rows, out, run=NO_RUN):
    """Write all reports on `marks.Row`s, in their order, into a folder that was prepared."""
    out, pages = Path(out), page_names({row.learner for row in rows})
    by_learner = {}
    for row in rows:
        by_learner.setdefault(row.learner, []).append(row)
    for learner, theirs in by_learner.items():
        _replace(out / "feedback" / pages[learner], feedback_page(learner, theirs, run))
    _replace(out / "index.html", index_page(by_learner, pages, run))
    _replace(out / "summary.html", summary_page(rows, run))
    _replace(out / "grades.csv", table(rows))


def table(rows):
    """The rows as CSV; no cell can be taken for a formula by a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_no_formula(getattr(row, column)) for column in COLUMNS])
    return text.getvalue()


def page_names(learners):
    """Learner -> the file name of the feedback page: safe on any system, no two alike."""
    plain = {
        learner: re.sub(r"[^A-Za-z0-9_-]+", "_", learner)[:60].strip("_-") or "learner"
        for learner in learners
    }
    count = Counter(name.lower() for name in plain.values())
    names = {}
    for learner, name in plain.items():
        if name != learner or count[name.lower()] > 1:
            name += "-" + hashlib.sha256(learner.encode()).hexdigest()[:8]
        names[learner] = f"{name}.html"
    return names


def _no_formula(value):
    risky = isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{value}" if risky else value


def _replace(path, text):
    """Write a file whole or not at all, so that a reader never meets half of one."""
    half = path.with_name(path.name + ".part")
    half.write_text(text, encoding="utf-8")
    os.replace(half, path)
