"""What comes out of marking: grades.csv, a page per learner, an index, and a summary.

A page is one file that fetches nothing. Whatever came from a submission is escaped.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

from course.grading import journal, whole_file
from course.grading.gradebook import NO_ASIDE
from course.grading.intake.who_is_who import NOBODY
from course.grading.reports import essays, given_back, totals
from course.grading.reports.feedback import feedback_page
from course.grading.reports.index import index_page
from course.grading.reports.page import NO_RUN, Run, generator
from course.grading.reports.summary import summary_page
from course.grading.reports.tables import csv_text

__all__ = ["Run", "feedback_page", "index_page", "page_names", "prepare", "prepared"]
__all__ += ["remove_old_pages", "left_out", "summary_page", "table", "write"]

COLUMNS = ("learner", "sheet", "task", "points", "of", "seconds", "note", "file", "late")
COLUMNS += ("counts",)
PAGES = ("index", "summary", "essays")
LONGEST = 60  # characters of a learner's name that stand in the name of the page

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


@contextlib.contextmanager
def prepared(out):
    """`prepare`, and where what follows is refused, the folders that were made for it go again."""
    out = Path(out)
    made = [folder for folder in (out / "feedback", out, *out.parents) if not folder.exists()]
    try:
        yield prepare(out)
    except BaseException:
        with contextlib.suppress(OSError):  # the first that holds something stays, and all above
            for folder in made:
                folder.rmdir()
        raise


def _refuse_others_files(out):
    """Without a journal, a page or table of one of our names may be the teacher's own."""
    if (out / journal.NAME).exists():
        return
    pages = [*(out / f"{each}.html" for each in PAGES), *sorted(out.glob("feedback/*.html"))]
    others = [page for page in pages if os.path.lexists(page) and not _has(page, _ANY_OF_OURS)]
    tables = {"grades.csv": COLUMNS[:8], "totals.csv": totals.COLUMNS, "essays.csv": essays.COLUMNS}
    for name, head in tables.items():
        if os.path.lexists(out / name) and not _has(out / name, ",".join(head)):
            others.insert(0, out / name)
    others += given_back.files(out)
    if others:
        raise ValueError(
            f"{others[0]} is not the grader's, and would be written over. Move it away, or name "
            "another folder by --out."
        )


def write(rows, out, run=NO_RUN, aside=NO_ASIDE, joined=NOBODY, heads=()):
    """Write all reports on `gradebook.Row`s, in their order, into a folder that was prepared.

    aside:  `gradebook.Aside`, what else the teacher's pages must name.
    joined: `who_is_who.Joined`; heads: of the columns of the class list that are no person's.
    """
    out, pages = Path(out), page_names({row.learner for row in rows})
    by_learner = {}
    for row in rows:
        by_learner.setdefault(row.learner, []).append(row)

    def page_of(learner):
        return feedback_page(learner, by_learner[learner], run)

    for learner in by_learner:
        whole_file.write(out / "feedback" / pages[learner], page_of(learner))
    if essays.essays(rows):
        whole_file.write(out / "essays.html", essays.essays_page(rows, run))
        if not essays.is_filled(out / "essays.csv", rows):  # else it is somebody's work
            whole_file.write(out / "essays.csv", essays.table(rows))
    made = totals.totals(rows, joined)
    back = given_back.made(made, page_of, heads).files
    for name, data in back.items():
        whole_file.write(out / name, data)
    given_back.remove_old(out, back)
    whole_file.write(out / "index.html", index_page(by_learner, pages, run, aside))
    whole_file.write(out / "summary.html", summary_page(rows, run, aside))
    whole_file.write(out / "totals.csv", totals.table(made, joined))
    whole_file.write(out / "grades.csv", table(rows))


def left_out(rows, joined=NOBODY):
    """Pairs of a learner and why no learning platform is given the points."""
    return given_back.made(totals.totals(rows, joined), lambda learner: "").left


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
    return csv_text(COLUMNS, [[_cell(row, column) for column in COLUMNS] for row in rows])


def _cell(row, column):
    words = {"late": "late" if row.late else "", "counts": "yes" if row.counts else "no"}
    return words[column] if column in words else getattr(row, column)


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
