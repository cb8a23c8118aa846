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

from course.grading import journal
from course.grading.gradebook import NO_ASIDE
from course.grading.reports.feedback import feedback_page
from course.grading.reports.index import index_page
from course.grading.reports.page import NO_RUN, Run, generator
from course.grading.reports.summary import summary_page

__all__ = ["Run", "feedback_page", "index_page", "page_names", "prepare", "remove_old_pages"]
__all__ += ["summary_page", "table", "write"]

COLUMNS = ("learner", "sheet", "task", "points", "of", "seconds", "note", "file")
LONGEST = 60  # characters of a learner's name that stand in the name of the page

# A spreadsheet may split at commas, semicolons or tabs, and drop quotes, whatever we meant. What
# stands before a sign is taken in one go, so that no text takes longer than its length.
_SIGN = re.compile(r"""((?:^|[,;\t\r\n"'])[\s,;"']*+)([=+\-@\uff1d\uff0b\uff0d\uff20]?)""")
_ANY_OF_OURS = generator(NO_RUN).partition('">')[0]  # whichever marking it was
#: Names that Windows keeps for devices.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", flags=re.IGNORECASE)


def prepare(out):
    """Make the folder `out` ready to be written to; returns its path.

    Errors: OSError, one sentence, if it cannot be made or written to; ValueError where somebody
            else's files would be written over.
    """
    out = Path(out)
    _refuse_others_files(out)
    try:
        (out / "feedback").mkdir(parents=True, exist_ok=True)
        for folder in (out, out / "feedback"):
            with tempfile.TemporaryFile(dir=folder):
                pass
    except OSError as problem:
        raise OSError(f"Cannot write to {out}: {problem.strerror}. Name another folder.") from None
    return out


def _refuse_others_files(out):
    """Without a journal, a page or table of one of our names may be the teacher's own."""
    if (out / journal.NAME).exists():
        return
    pages = [out / "index.html", out / "summary.html", *sorted(out.glob("feedback/*.html"))]
    others = [page for page in pages if os.path.lexists(page) and not _has(page, _ANY_OF_OURS)]
    if os.path.lexists(out / "grades.csv") and not _has(out / "grades.csv", ",".join(COLUMNS)):
        others.insert(0, out / "grades.csv")
    if others:
        raise ValueError(
            f"{others[0]} is not the grader's, and would be written over. Move it away, or name "
            "another folder by --out."
        )


def write(rows, out, run=NO_RUN, aside=NO_ASIDE):
    """Write all reports on `gradebook.Row`s, in their order, into a folder that was prepared.

    aside: `gradebook.Aside`, what else the teacher's pages must name.
    """
    out, pages = Path(out), page_names({row.learner for row in rows})
    by_learner = {}
    for row in rows:
        by_learner.setdefault(row.learner, []).append(row)
    for learner, theirs in by_learner.items():
        _replace(out / "feedback" / pages[learner], feedback_page(learner, theirs, run))
    _replace(out / "index.html", index_page(by_learner, pages, run, aside))
    _replace(out / "summary.html", summary_page(rows, run, aside))
    _replace(out / "grades.csv", table(rows))


def remove_old_pages(out, ever, rows, run):
    """Remove the pages of learners who are no longer in a marking, and nothing that is not ours.

    ever: all learners of whom the marking has known, each of whom may have had a page.
    """
    kept = {name.lower() for name in page_names({row.learner for row in rows}).values()}
    for name in {name for learner in ever for name in _page_names_of(learner)}:
        page, half = (Path(out, "feedback", f"{name}{end}") for end in ("", ".part"))
        if name.lower() not in kept and _has(page, generator(run)):
            page.unlink()
        half.unlink(missing_ok=True)  # of a grader that was killed


def table(rows):
    """The rows as CSV; no cell can be taken for a formula by a spreadsheet, however it splits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_no_formula(getattr(row, column)) for column in COLUMNS])
    return text.getvalue()


def page_names(learners):
    """Learner -> the file name of the feedback page: safe on any system, no two alike."""
    plain = Counter(_plain(learner).lower() for learner in learners)
    names = {}
    for learner in learners:
        short, long = _page_names_of(learner)
        alone = plain[_plain(learner).lower()] == 1 and _is_plain(learner)
        names[learner] = short if alone else long
    return names


def _page_names_of(learner):
    """The two names that a learner's page can have: plain, or with a digest of the name."""
    digest = hashlib.sha256(learner.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{_plain(learner)}.html", f"{_plain(learner)}-{digest}.html"


def _plain(learner):
    return re.sub(r"[^A-Za-z0-9_-]+", "_", learner)[:LONGEST].strip("_-") or "learner"


def _is_plain(learner):
    """Whether a name can be that of a file as it is, and looks like none with a digest."""
    taken = _DEVICE.fullmatch(learner) or re.search(r"-[0-9a-f]{16}$", learner, re.IGNORECASE)
    return _plain(learner) == learner and not taken


def _has(page, text):
    """Whether a text stands at the beginning of a file."""
    try:
        with page.open(encoding="utf-8", errors="replace") as file:
            return text in file.read(2000)
    except OSError:
        return False


def _no_formula(value):
    return _SIGN.sub(_guarded, value) if isinstance(value, str) else value


def _guarded(match):
    before, sign = match.groups()
    spaces = len(before) - len(before.rstrip(" \xa0\u3000"))
    return (
        f"{before[: len(before) - spaces]}'{before[len(before) - spaces :]}{sign}"
        if sign
        else before
    )


def _replace(path, text):
    """Write a file whole or not at all, so that a reader never meets half of one."""
    half = path.with_name(path.name + ".part")
    half.write_text(text, encoding="utf-8", errors="replace")
    os.replace(half, path)
