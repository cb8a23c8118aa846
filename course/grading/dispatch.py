"""Papers on their way to a judge, wherever it is, and their lines on the way to the journal.

Work goes through any `concurrent.futures.Executor`; only this process writes to the journal,
one line as each result comes.
"""

import queue
from concurrent.futures import Future
from typing import NamedTuple

from course.checks import chapter_tasks
from course.checks.essay import WAITS, Essay
from course.grading import answers as cells_of
from course.grading import journal
from course.grading.limits import Settings
from course.grading.submissions import one_line
from course.grading.workers.pipe import StoodStill

TRIES = 3  # a worker can die through no fault of the answer that it was judging
HOPELESS = 5  # papers that could not be marked, and none that could: it is not for their sake
LONGEST_ESSAY = 20_000  # characters of a text that are kept
CUT = f"The text is longer than {LONGEST_ESSAY} characters; its end is only in the file."
LONGEST = 4000  # characters of words that are kept
MOST_OF_A_NAME = 80  # characters of an exception's name
MOST = 20  # notes of one kind that are kept


class Job(NamedTuple):
    """What a worker, wherever it is, needs to judge one paper; plain, picklable data.

    settings: as `limits.Settings` has them.
    versions, digest: what its own must be equal to.
    """

    sheet: str
    answers: dict
    settings: dict
    versions: dict
    digest: str


def work(job, judge=None):
    """Judge one paper where this runs: here, in another process, or on another machine.

    Errors: NotJudged; RuntimeError where this is not the course that the journal was begun with.
    """
    for name, version in journal.versions().items():
        if job.versions.get(name) != version:
            raise RuntimeError(f"the worker has {name} {version}, not {job.versions.get(name)}.")
    if journal.sheet_digest(job.sheet) != job.digest:
        raise RuntimeError(f"the worker has another version of sheet {job.sheet}.")
    if judge is None:
        from course.grading.judge import judge
    return judge(job.sheet, job.answers, **job.settings)


class Marking:
    """A journal being filled: papers go to a pool, and their lines come into the journal."""

    def __init__(self, book, terms, only, judge):
        self.book, self.only, self.judge = book, only, judge
        self.versions = terms["versions"]
        self.settings = {name: terms[name] for name in Settings._fields}
        self.futures, self.ended = {}, queue.SimpleQueue()
        self.missed, self.marked = 0, 0

    def run(self, due, pool, progress):
        """Mark the papers; those without an answer need no judge."""
        to_run = [paper for paper in due if paper.answers.sources]
        for paper in due:
            if not paper.answers.sources:
                self.book.write(_line(paper))
        try:
            for paper in to_run:
                self._submit(pool, paper, tries=1)
            for done, paper in enumerate(self._as_they_end(pool), 1):
                if progress:
                    progress(done, len(to_run), paper.submission.learner)
        except BaseException:  # Ctrl-C among them: what has not begun shall not begin
            for future in self.futures:
                future.cancel()
            raise

    def _submit(self, pool, paper, tries):
        sources = paper.answers.sources
        job = Job(paper.sheet, sources, self.settings, self.versions, paper.digest)
        try:
            future = pool.submit(work, job, self.judge)
        except Exception as problem:  # a pool that has broken refuses all further work
            future = Future()
            future.set_exception(problem)
        self.futures[future] = paper, tries
        future.add_done_callback(self.ended.put)

    def _as_they_end(self, pool):
        """Yield each paper once its line is in the journal."""
        while self.futures:
            future = self.ended.get()
            paper, tries = self.futures.pop(future)
            try:
                judged = future.result()
            except Exception as problem:
                if tries < TRIES and not isinstance(problem, StoodStill):
                    self._submit(pool, paper, tries + 1)
                    continue
                reason = one_line(str(problem))[:LONGEST] or type(problem).__name__
                self.book.write(not_marked(paper, reason))
                self._miss(reason)
            else:
                self.book.write(_line(paper, judged, self.only))
                self.marked += 1
            yield paper

    def _miss(self, reason):
        """Give up where nothing can be marked at all, before a whole class has been tried."""
        self.missed += 1
        if self.missed >= HOPELESS and not self.marked:
            raise ValueError(f"Nothing can be marked here: {reason}")


def not_marked(paper, why):
    """The journal's line about a paper that was not marked."""
    return _line(paper) | {"what": "not marked", "why": why}


def _line(paper, judged=None, only=""):
    """The journal's line about a paper and what a judge said of it, if one was asked."""
    verdicts = {verdict.name: verdict for verdict in judged.verdicts} if judged else {}
    tasks = chapter_tasks(paper.sheet[:2]) if paper.sheet else ()
    line = {
        "what": "marked",
        "key": paper.key,
        "learner": paper.submission.learner,
        "file": paper.submission.file,
        "path": str(paper.submission.path),
        "sheet": paper.sheet,
        "digest": paper.digest,
        "notes": _few(paper.notes),
        "origin": paper.submission.origin._asdict(),
        "tasks": [_task(task, verdicts.get(task.name), paper.answers) for task in tasks],
    }
    if not paper.answers.sources:  # a list, as the sentences of a line are
        line["problem"] = line["notes"]
    if judged:
        line |= {"confinement": judged.confinement, "said": _few(judged.notes)}
    return line | ({"only": only} if only else {})


def _task(task, verdict, answers):
    if isinstance(task, Essay):
        return _essay(task, answers)
    passed = verdict is not None and verdict.passed
    share = verdict.share if verdict else 0.0
    earned = {"earned": round(task.points * share, 2)} if share and not passed else {}
    return earned | {
        "task": task.name,
        "title": task.title,
        "of": task.points,
        "passed": passed,
        "words": cells_of.readable(verdict.words)[:LONGEST] if verdict else "",
        "seconds": round(verdict.seconds, 4) if verdict else 0.0,
        "because": verdict.because if verdict else "",
        "ended": verdict.ended if verdict else "",
        "error": verdict.error[:MOST_OF_A_NAME] if verdict else "",
        "answered": cells_of.is_answered(answers, task.answer_cell),
        "notes": _few(_notes_on(answers, task.answer_cell, passed)),
    }


def _essay(task, answers):
    """A text waits for somebody who reads it; it stands in the journal in place of words."""
    text = cells_of.readable(answers.sources.get(cells_of.essay(task.answer_cell), ""))
    written = bool(text.strip())
    return {
        "task": task.name,
        "title": task.title,
        "of": task.points,
        "passed": False,
        "words": text[:LONGEST_ESSAY],
        "seconds": 0.0,
        "because": "",
        "ended": WAITS if written else "",
        "error": "",
        "answered": written,
        "notes": [] if len(text) <= LONGEST_ESSAY else [CUT],
    }


def _few(notes):
    """The first of the notes, and how many more there are: a notebook can bring any number."""
    notes = [note[:LONGEST] for note in notes]
    more = [f"And {len(notes) - MOST} more such notes."] if len(notes) > MOST else []
    return notes[:MOST] + more


def _notes_on(answers, name, passed):
    """The notes about one answer and, where it failed, those about the whole notebook."""
    for note in answers.notes:
        if note.about == name or (not note.about and not passed):
            yield note.sentence
