"""Many submissions → a journal, and from it one row for each learner and task.

A submission that cannot be read or run gets rows that say why; it never stops the others.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from course import extras, paths
from course.checks import chapter_tasks
from course.grading import (
    gradebook,
    handed_in_before,
    journal,
    limits,
    machine,
    papers,
    reports,
    sheets,
)
from course.grading.dispatch import Marking, not_marked
from course.grading.learners import refuse_nonsense as refuse_no_way_to_tell
from course.grading.submissions import is_named_notebook
from course.grading.workers.pipe import Workers

UNHELD = (
    "Nothing holds the answers (--confinement none): they can read the solutions and the files of "
    "this machine, and take marks that are not theirs. Mark so only what people wrote whom you "
    "trust."
)


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
    tell=None,
    **wanted,
):
    """Mark submissions, write the reports into the folder `out`, and return the `gradebook.Row`s.

    submissions: files, or folders that are searched for notebooks.
    resume:      go on with the journal that is in `out`; else there must be none.
    again:       what of it is marked again.
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
    if wanted.get("sheet") is not None:
        wanted["sheet"] = paths.find_sheet(wanted["sheet"])
    _refuse_same_folder(submissions, out)
    out = reports.prepare(out)
    with journal.Journal(out) as book:
        theirs = executor.versions() if hasattr(executor, "versions") else None
        terms = book.terms(wanted, resume or again != NOTHING, theirs)
        if executor is None:
            jobs, sentence = machine.jobs_that_fit(jobs, terms["memory"])
            tell(sentence)
        known = book.lines()
        handed = papers.read_all(submissions, terms["sheet"], out, terms["learner_from"])
        handed_in_before.keep_names(handed, known)
        due = _due(handed.papers, known, again)
        _refuse_missing(due, terms["versions"])
        news = handed_in_before.news(handed, known, terms["learner_from"])
        tell(handed_in_before.in_words(news, known, handed))
        tell(UNHELD if terms["confinement"] == "none" else "")
        book.begin(terms)
        for line in news:
            book.write(line)
        for paper in _not_asked_for(handed.papers, due, known):
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
    reports.write(rows, out, run, gradebook.Aside(gradebook.left_aside(lines), list(damage)))
    reports.remove_old_pages(out, gradebook.ever(lines), rows, run)
    return rows


def aside(out):
    """What a marking left aside, as `gradebook.Aside`, from the journal in `out`."""
    with journal.Journal(out) as book:
        return gradebook.Aside(gradebook.left_aside(book.lines()), book.damage)


def override(out, **decision):
    """Set the points of one task by hand, as `gradebook.override` says, and write the reports anew.

    Errors: ValueError; OSError where there is no journal in `out`.
    """
    if not (Path(out) / journal.NAME).is_file():
        raise ValueError(f"There is no journal in {out}; name the folder that --out named.")
    with journal.Journal(out) as book:
        line = gradebook.override(gradebook.rows(book.lines()), **decision)
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


# ---- what is due ----------------------------------------------------------------------


def _due(found, known, again):
    """The papers that must be marked: those not yet marked, or marked but wanted again."""
    _refuse_other_sheets(found, known)
    done = gradebook.keys(known)
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
    if not due:
        raise ValueError(f"There is no submission with the task {again.task} to be marked again.")
    return due


def _refuse_missing(due, versions):
    """Nothing is begun where Keras is missing: with it, a journal could not be gone on with.

    versions: those of whoever marks, which may be other machines.
    """
    if "missing" not in (versions["keras"], versions["tensorflow"]):
        return
    named = {paper.sheet for paper in due if paper.sheet and paper.answers.sources}
    for sheet in sorted(named):
        if sheets.load(sheet).needs == "keras":
            why = extras.without_keras() or "Keras or TensorFlow is not installed on the workers."
            raise ValueError(
                f"{sheet} cannot be marked. {why}\n"
                "Or name only the submissions to other sheets; nothing was marked."
            )


def _not_asked_for(found, due, known):
    """The papers that are not marked yet, and would not be now: they are named, too."""
    done, due = gradebook.keys(known), {paper.key for paper in due}
    return [paper for paper in found if paper.key not in done | due]


def _refuse_other_sheets(found, known):
    marked = {(line["sheet"], line["digest"]) for line in known if "digest" in line}
    now = {sheet: journal.sheet_digest(sheet) for sheet in {paper.sheet for paper in found} - {""}}
    for sheet, digest in sorted(marked):
        if digest != now.get(sheet, digest):
            raise journal.WrongJournal(
                f"Sheet {sheet} or its checks have changed since this journal was begun. "
                "Marks made differently are not mixed: name another folder."
            )


def _own_pool(jobs, judge):
    """A pool of processes that judge; of threads, where another judge is called instead."""
    return ThreadPoolExecutor(jobs) if judge else Workers(jobs)


@contextmanager
def _borrowed(executor):
    yield executor  # whoever made it ends it
