"""Which papers of a marking are to be marked now, and which cannot be."""

from typing import NamedTuple

from course import extras
from course.grading import gradebook, journal, sheets


class Again(NamedTuple):
    """What to mark again although it is marked: these learners' papers; or one task of theirs.

    learners: their names; none means everyone's, if there is a task.
    task:     its name, "" for all of a sheet.
    """

    learners: tuple = ()
    task: str = ""


NOTHING = Again()


def due_now(found, known, again):
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


def refuse_missing(due, versions):
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


def not_asked_for(found, due, known):
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
