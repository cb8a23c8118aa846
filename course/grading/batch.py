"""Many submissions → a journal, and from it one row for each learner and task.

A submission that cannot be read or run gets rows that say why; it never stops the others.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from course import places
from course.grading import journal, marks, papers, report
from course.grading.marking import Marking


class Again(NamedTuple):
    """What to mark again although it is marked: these learners' papers; or one task of theirs.

    learners: their names; none means everyone's, if there is a task.
    task:     its name, "" for all of a sheet.
    """

    learners: tuple = ()
    task: str = ""


NOTHING = Again()


def grade(
    submissions,
    out,
    *,
    resume=False,
    again=NOTHING,
    jobs=None,
    executor=None,
    judge=None,
    progress=None,
    **wanted,
):
    """Mark submissions, write the reports into the folder `out`, and return the `marks.Row`s.

    submissions: files, or folders that are searched for notebooks.
    resume:      go on with the journal that is in `out`; else there must be none.
    again:       what of it is marked again.
    jobs:        how many at once; by default, one for each processor.
    executor:    any `concurrent.futures.Executor` that does the work instead of our own; where
                 its workers have other versions of Python and the like, its `versions()` tells.
    judge:       called instead of `course.grading.judge.judge`, with the same arguments.
    progress:    called with (done, total, learner) after each submission that is run.
    wanted:      sheet (its name, such as "04"; else the files tell), seed (else it is drawn),
                 limit (seconds for one submission), memory (MB) and the least confinement.
    Errors:      OSError if `out` cannot be written to, LookupError for an unknown sheet and
                 ValueError for a number that is none or a journal that does not fit, all before
                 anything runs.
    """
    _refuse_nonsense(wanted, jobs)
    if wanted.get("sheet") is not None:
        wanted["sheet"] = places.find_sheet(wanted["sheet"])
    out = report.prepare(out)
    with journal.Journal(out) as book:
        theirs = executor.versions() if hasattr(executor, "versions") else None
        terms = book.begin(wanted, resume or again != NOTHING, theirs)
        known = book.lines()
        found = papers.read_all(submissions, terms["sheet"], leave_out=out)
        due = _due(found, known, again)
        with _own_pool(jobs) if executor is None else _borrowed(executor) as pool:
            Marking(book, terms, again.task, judge).run(due, pool, progress)
        return write_reports(book.lines(), out)


def write_reports(lines, out):
    """Write every report anew from the lines of a journal; returns the `marks.Row`s."""
    terms, rows = journal.begun(lines, out), marks.rows(lines)
    report.write(rows, out, report.Run(terms["seed"], journal.run_name(terms)))
    return rows


def override(out, **decision):
    """Set the points of one task by hand, as `marks.override` says, and write the reports anew.

    Errors: ValueError; OSError where there is no journal in `out`.
    """
    if not (Path(out) / journal.NAME).is_file():
        raise ValueError(f"There is no journal in {out}; name the folder that --out named.")
    with journal.Journal(out) as book:
        line = marks.override(marks.rows(book.lines()), **decision)
        book.write(line)
        return write_reports(book.lines(), report.prepare(out))


def _refuse_nonsense(wanted, jobs):
    limit, memory = wanted.get("limit"), wanted.get("memory")
    if limit is not None and not 0 < limit < float("inf"):
        raise ValueError(f"limit must be a number of seconds above 0; got {limit}.")
    if memory is not None and memory < 1:
        raise ValueError(f"memory must be 1 MB or more; got {memory}.")
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs must be 1 or more; got {jobs}.")
    if wanted.get("seed") is not None and wanted["seed"] < 0:
        raise ValueError(f"seed must be 0 or more; got {wanted['seed']}.")


def _due(found, known, again):
    """The papers that must be marked: those not yet marked, or marked but wanted again."""
    for paper in found:
        _refuse_other_sheet(paper, known)
    done = marks.keys(known)
    if again == NOTHING:
        return [paper for paper in found if paper.key not in done]
    chapter = again.task.partition(".")[0]
    due = [
        paper
        for paper in found
        if (not again.learners or paper.submission.learner in again.learners)
        and (not chapter or paper.sheet.startswith(f"{chapter}_"))
    ]
    for learner in set(again.learners) - {paper.submission.learner for paper in due}:
        raise ValueError(f"There is no submission of {learner!r} to be marked again.")
    return due


def _refuse_other_sheet(paper, known):
    for line in known:
        same = paper.sheet and line.get("sheet") == paper.sheet and line["what"] != "begun"
        if same and line.get("digest") != paper.digest:
            raise journal.WrongJournal(
                f"Sheet {paper.sheet} or its checks have changed since this journal was begun. "
                "Marks made differently are not mixed: name another folder."
            )


def _own_pool(jobs):
    """A pool of threads: each only waits for a process of its own, which may die as it likes."""
    return ThreadPoolExecutor(jobs or _processors())


def _processors():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


@contextmanager
def _borrowed(executor):
    yield executor  # whoever made it ends it
