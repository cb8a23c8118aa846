"""Many submissions → a journal, and from it one row for each learner and task.

A submission that cannot be read or run gets rows that say why; it never stops the others.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from course import paths
from course.checks import chapter_tasks
from course.grading import (
    counted,
    gradebook,
    handed_in_before,
    journal,
    limits,
    machine,
    papers,
    reports,
    told_besides,
)
from course.grading.dispatch import Marking, not_marked
from course.grading.due import NOTHING, due_now, not_asked_for, refuse_missing
from course.grading.due import Again as Again
from course.grading.learners import refuse_nonsense as refuse_no_way_to_tell
from course.grading.submissions import is_named_notebook
from course.grading.workers.pipe import Workers

UNHELD = (
    "Nothing holds the answers (--confinement none): they can read the solutions and the files of "
    "this machine, and take marks that are not theirs. Mark so only what people wrote whom you "
    "trust."
)


def grade(
    submissions,
    out,
    *,
    resume=False,
    again=NOTHING,
    besides=told_besides.NOTHING,
    jobs=None,
    executor=None,
    judge=None,
    progress=None,
    tell=None,
    **wanted,
):
    """Mark submissions, write the reports into the folder `out`, and return the `gradebook.Row`s.

    submissions: files, or folders that are searched for notebooks.
    resume:      go on with the journal that is in `out`; else there must be none.
    again:       what of it is marked again.
    besides:     which of several files counts, until when it was due, the class list; as
                 `told_besides.Besides` has them.
    jobs:        how many at once; by default one for each processor, if there is memory for them.
    executor:    any `concurrent.futures.Executor` that does the work instead of our own; where
                 its workers have other versions of Python and the like, its `versions()` tells.
    judge:       called instead of `course.grading.judge.judge`, with the same arguments.
    progress:    called with (done, total, learner) after each submission that is run.
    tell:        called with a sentence on what a teacher should know at once, or with "".
    wanted:      sheet (its name, such as "04"; else the files tell), seed (else it is drawn),
                 limit (seconds for one submission), memory (MB), the least confinement, and
                 learner_from (as `learners.learners` says).
    Errors:      OSError if `out` cannot be written to, LookupError for an unknown sheet and
                 ValueError for what makes no sense: a number that is none, a journal that does
                 not fit, a path of which it is unclear whose it is, a sheet whose Keras is not
                 installed; all before anything runs.
    """
    tell = tell or (lambda sentence: None)
    _refuse_nonsense(wanted, jobs, again)
    counted.refuse(besides.keep, besides.due)
    if wanted.get("sheet") is not None:
        wanted["sheet"] = paths.find_sheet(wanted["sheet"])
    _refuse_same_folder(submissions, out)
    with reports.prepared(out) as out, journal.Journal(out) as book:
        theirs = executor.versions() if hasattr(executor, "versions") else None
        terms = book.terms(wanted, resume or again != NOTHING, theirs)
        if executor is None:
            jobs, sentence = machine.jobs_that_fit(jobs, terms["memory"])
            tell(sentence)
        known = book.lines()
        handed = papers.read_all(submissions, terms["sheet"], out, terms["learner_from"])
        handed_in_before.keep_names(handed, known)
        told_besides.add_times(handed.papers, besides.roster or told_besides.roster(known))
        tell(told_besides.untimed(handed.papers, besides.due))
        due = due_now(handed.papers, known, again)
        refuse_missing(due, terms["versions"])
        news = handed_in_before.news(handed, known, terms["learner_from"])
        tell(handed_in_before.in_words(news, known, handed))
        tell(UNHELD if terms["confinement"] == "none" else "")
        book.begin(terms | (counted.terms(besides.keep, besides.due) if not known else {}))
        for line in [*news, *told_besides.news(handed.papers, known, besides)]:
            book.write(line)
        for paper in not_asked_for(handed.papers, due, known):
            book.write(not_marked(paper, "it was not asked for this time."))
        with _own_pool(jobs, judge) if executor is None else _borrowed(executor) as pool:
            Marking(book, terms, again.task, judge).run(due, pool, progress)
        return write_reports(book.lines(), out, book.damage)


def write_reports(lines, out, damage=()):
    """Write every report anew from the lines of a journal; returns the `gradebook.Row`s.

    damage: sentences on lines that could not be read.
    """
    terms, rows = journal.begun(lines, out), gradebook.rows(lines)
    run = reports.Run(terms["seed"], terms["name"])
    roster = told_besides.roster(lines)
    joined = told_besides.joined(roster, rows)
    reports.write(rows, out, run, _aside(lines, damage), joined, roster.heads)
    reports.remove_old_pages(out, gradebook.ever(lines), rows, run)
    return rows


def _aside(lines, damage):
    rows = gradebook.rows(lines)
    joined = told_besides.joined(told_besides.roster(lines), rows)
    told = [*told_besides.in_words(joined), *reports.left_out(rows, joined)]
    return gradebook.Aside(gradebook.left_aside(lines), list(damage), told)


def aside(out):
    """What a marking left aside, as `gradebook.Aside`, from the journal in `out`."""
    with journal.Journal(out) as book:
        lines = book.lines()
        return _aside(lines, book.damage)


def override(out, *, decisions=None, **decision):
    """Set points by hand, as `by_hand.override` says, and write the reports anew.

    decisions: called with the `gradebook.Row`s, gives many decisions at once, of which either all
               are written or none; None where `decision` is the only one.
    Errors:    ValueError, also where there is no journal in `out`; OSError.
    """
    if not (Path(out) / journal.NAME).is_file():
        raise ValueError(f"There is no journal in {out}; name the folder that --out named.")
    with journal.Journal(out) as book:
        rows = gradebook.rows(book.lines())
        wanted = [decision] if decisions is None else decisions(rows)
        for line in [gradebook.override(rows, **each) for each in wanted]:
            book.write(line)
        return write_reports(book.lines(), reports.prepare(out), book.damage)


# ---- what makes no sense --------------------------------------------------------------


def _refuse_nonsense(wanted, jobs, again):
    limits.refuse({name: wanted.get(name) for name in limits.Settings._fields})
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs must be 1 or more; got {jobs}.")
    refuse_no_way_to_tell(wanted.get("learner_from") or "")
    if again.task:
        _refuse_no_task(again.task)


def _refuse_no_task(task):
    tasks = [each.name for each in chapter_tasks(paths.find_sheet(task)[:2])]
    if task not in tasks:
        raise ValueError(f"No task is called {task!r}; there are {', '.join(tasks)}.")


def _refuse_same_folder(submissions, out):
    """Reports among submissions would be searched next time; a folder within them is not."""
    for given in submissions:
        for folder in (Path(out), Path(out) / "feedback"):
            if os.path.isdir(given) and os.path.realpath(given) == os.path.realpath(folder):
                raise ValueError(f"{given} holds the submissions; name another folder by --out.")
    for path in Path(out).rglob("*") if os.path.isdir(out) else ():
        if is_named_notebook(path):
            raise ValueError(f"{out} holds notebooks itself; name another folder by --out.")
    within = handed_in_before.is_below(os.path.realpath(out), map(os.path.realpath, submissions))
    ours = os.path.exists(Path(out) / journal.NAME)
    if within and not ours and os.path.isdir(out) and os.listdir(out):
        raise ValueError(
            f"{out} lies among the submissions and holds files that are not the grader's; what is "
            "in there would not be marked. Name a new folder by --out."
        )


# ---- who does it -----------------------------------------------------------------------


def _own_pool(jobs, judge):
    """A pool of processes that judge; of threads, where another judge is called instead."""
    return ThreadPoolExecutor(jobs) if judge else Workers(jobs)


@contextmanager
def _borrowed(executor):
    yield executor  # whoever made it ends it
