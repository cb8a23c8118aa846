"""Many submissions → one row for each learner and task.

A submission that cannot be read or run gets rows that say why; it never stops the others.
"""

import json
import os
from collections import Counter
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from course import places
from course.checks import chapter_tasks
from course.grading import answers as cells_of
from course.grading import report
from course.grading.judge import judge
from course.grading.submissions import Submission, bears_name_of, find, one_line


class Row(NamedTuple):
    """What a learner earned at one task; the first seven are the columns of grades.csv.

    points: earned, out of `of`; both are 0 where a task is practice, without marks.
    note:   sentences on the submission itself, "" where it was as it should be.
    words:  what the check said.
    file:   the submission, as it was found.
    """

    learner: str
    sheet: str
    task: str
    points: int
    of: int
    seconds: float
    note: str
    title: str
    passed: bool
    words: str
    file: str


@dataclass
class _Paper:
    """A submission on its way: read, then judged, then turned into rows."""

    submission: Submission
    sheet: str = ""
    answers: cells_of.Answers = cells_of.Answers({}, [])
    notes: list = field(default_factory=list)
    verdicts: dict = field(default_factory=dict)  # check cell's name -> Verdict


def grade(submissions, out, *, sheet=None, limit=60.0, jobs=None, executor=None, progress=None):
    """Mark submissions, write the reports into the folder `out`, and return the `Row`s.

    submissions: files, or folders that are searched for notebooks.
    sheet:       its name, such as "04"; by default, each file's answer cells tell.
    limit:       seconds for one submission, as `judge` counts them.
    jobs:        how many at once; by default, one for each processor.
    executor:    any `concurrent.futures.Executor` that does the work instead of our own.
    progress:    called with (done, total, learner) after each submission that is run.
    Errors:      OSError if `out` cannot be written to, LookupError for an unknown sheet and
                 ValueError for a limit or a number of jobs that is none, all before anything runs.
    """
    if not 0 < limit < float("inf"):
        raise ValueError(f"limit must be a number of seconds above 0; got {limit}.")
    wanted = places.find_sheet(sheet) if sheet is not None else ""
    pool = _own_pool(jobs) if executor is None else _borrowed(executor)
    report.prepare(out)
    papers = [_read(each, wanted) for each in find(submissions, leave_out=out)]
    _settle_sheets(papers)
    _note_doubles(papers)
    with pool as workers:
        _judge_all(papers, workers, limit, progress)
    rows = [row for paper in sorted(papers, key=_order) for row in _rows(paper)]
    report.write(rows, out)
    return rows


# ---- reading --------------------------------------------------------------------------


def _read(submission, wanted):
    """Read one submission; whatever is wrong with it becomes a note."""
    paper = _Paper(submission, sheet=wanted)
    try:
        cells = [] if submission.problem else cells_of.read_cells(submission.path)
    except cells_of.Unreadable as problem:
        paper.submission = submission._replace(problem=str(problem))
    if paper.submission.problem:
        paper.notes.append(paper.submission.problem)
        return paper
    looks_like = _sheet_of(cells)
    paper.sheet = wanted or looks_like
    if wanted and looks_like not in ("", wanted):
        paper.notes.append(f"This looks like sheet {looks_like}, not {wanted}.")
    if paper.sheet:
        paper.answers = cells_of.pick(cells, _pristine(paper.sheet))
    if not paper.answers.sources:  # one sentence says it better than one on each answer
        paper.answers = cells_of.Answers({}, [])
        paper.notes.append(f"It has no answer cell of {paper.sheet or 'any sheet'}.")
    return paper


@cache
def _pristine(sheet):
    path = places.material() / "exercises" / f"{sheet}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def _sheet_of(cells):
    """The sheet that shares most cells with a submission; "" where none shares an answer cell."""
    shared = {}
    for sheet in places.sheets():
        pristine = _pristine(sheet)
        ours = {cell["metadata"]["name"] for cell in pristine["cells"]}
        names = {cells_of.name_among(ours, cell) for cell in cells} - {None}
        if names & set(cells_of.answer_names(pristine)):
            shared[sheet] = len(names)
    return max(shared, key=shared.get, default="")


def _settle_sheets(papers):
    """A paper of unknown sheet is of the one it is called after, or else of the only one known."""
    for paper in papers:
        stem = paper.submission.path.stem
        named = [sheet for sheet in places.sheets() if bears_name_of(sheet, stem)]
        paper.sheet = paper.sheet or next(iter(named), "")
    known = {paper.sheet for paper in papers} - {""}
    for paper in papers:
        paper.sheet = paper.sheet or (min(known) if len(known) == 1 else "")


def _note_doubles(papers):
    count = Counter((paper.submission.learner, paper.sheet) for paper in papers)
    for paper in papers:
        number = count[paper.submission.learner, paper.sheet]
        if number > 1:
            note = f"One of {number} files of this learner for this sheet: {paper.submission.file}."
            paper.notes.append(note)


# ---- judging --------------------------------------------------------------------------


def _own_pool(jobs):
    """A pool of threads: each only waits for a process of its own, which may die as it likes."""
    jobs = os.cpu_count() or 1 if jobs is None else jobs
    if jobs < 1:
        raise ValueError(f"jobs must be 1 or more; got {jobs}.")
    return ThreadPoolExecutor(jobs)


@contextmanager
def _borrowed(executor):
    yield executor  # whoever made it ends it


def _judge_all(papers, workers, limit, progress):
    """Judge every paper that has an answer; the work and its result are plain, picklable data."""
    futures = {}
    for paper in papers:
        if paper.answers.sources:
            sheet = cells_of.assemble(_pristine(paper.sheet), paper.answers)
            futures[_submit(workers, sheet, limit)] = paper
    try:
        for done, future in enumerate(as_completed(futures), 1):
            _collect(futures[future], future)
            if progress:
                progress(done, len(futures), futures[future].submission.learner)
    except BaseException:  # Ctrl-C among them: what has not begun shall not begin
        for future in futures:
            future.cancel()
        raise


def _submit(workers, sheet, limit):
    try:
        return workers.submit(judge, sheet, limit=limit)
    except Exception as problem:  # a pool that has broken refuses all further work
        failed = Future()
        failed.set_exception(problem)
        return failed


def _collect(paper, future):
    try:
        paper.verdicts = {verdict.name: verdict for verdict in future.result()}
    except (Exception, CancelledError) as problem:
        reason = one_line(str(problem)) or type(problem).__name__
        paper.notes.append(f"Not marked, mark it again: {reason}")


# ---- rows -----------------------------------------------------------------------------


def _order(paper):
    return paper.submission.learner.casefold(), paper.submission, paper.sheet


def _rows(paper):
    """One row for each task of the paper's sheet; one without a task if the sheet is unknown."""
    who, file = paper.submission.learner, paper.submission.file
    if not paper.sheet:
        yield Row(who, "", "", 0, 0, 0.0, " ".join(paper.notes), "", False, "", file)
        return
    for task in chapter_tasks(paper.sheet[:2]):
        stem = task.name.partition(".")[2]
        verdict = paper.verdicts.get(f"{stem}-check")
        passed = verdict is not None and verdict.passed
        yield Row(
            learner=who,
            sheet=paper.sheet,
            task=task.name,
            points=task.points if passed else 0,
            of=task.points,
            seconds=round(verdict.seconds, 2) if verdict else 0.0,
            note=" ".join([*paper.notes, *_notes_on(paper.answers, f"{stem}-answer", passed)]),
            title=task.title,
            passed=passed,
            words=verdict.words if verdict else "",
            file=file,
        )


def _notes_on(answers, name, passed):
    """The notes about one answer and, where it failed, those about the whole notebook."""
    for note in answers.notes:
        general = not note.startswith(cells_of.about())
        if note.startswith(cells_of.about(name)) or (general and not passed):
            yield note
