"""How far the learner is: where each task stands, by the answers in the learner's own file."""

import contextlib
import sys
from pathlib import Path
from typing import NamedTuple

import course
from course import paths
from course.learner.workspace import Refused, digest, find_file, load, names, read, save

DONE, WRONG, OPEN = "done", "wrong", "open"


class NotRun(Refused):
    """A sheet that cannot be run here, through no fault of the learner's file."""


class Standing(NamedTuple):
    """Where a task stands: DONE, WRONG, or OPEN where it is not yet answered; and why."""

    task: object
    state: str
    words: str = ""


def sheet_of(copy, name):
    """The exercise sheet that a name, a task or a path means.

    Errors: Unknown for a name that is none, Refused for the name of a chapter.
    """
    folder, _, file = find_file(copy, name).partition("/")
    if folder != "exercises":
        raise paths.Unknown(name, paths.sheets(), "exercise")
    return file.removesuffix(".ipynb")


def tasks_of(sheet):
    """The tasks of a sheet, in their order."""
    from course.checks import chapter_tasks

    return chapter_tasks(sheet[:2])


def find_task(sheet, name):
    """The task that "04.step" or "4.step" means, or None where `name` means the whole sheet.

    Errors: Unknown, with the nearest tasks.
    """
    task = str(name).partition(".")[2]
    if not task or str(name).endswith(".ipynb"):
        return None
    tasks = {each.name: each for each in tasks_of(sheet)}
    if f"{sheet[:2]}.{task}" not in tasks:
        raise paths.Unknown(name, list(tasks), "task")
    return tasks[f"{sheet[:2]}.{task}"]


def standings(copy, sheet, fresh=False):
    """Where each task of a sheet stands; answers that were not yet run are run now.

    fresh:  run them all the same.
    Errors: Refused for a file that is missing or cannot be read; NotRun.
    """
    bare = read(paths.material() / f"exercises/{sheet}.ipynb")
    answers = read_answers(copy, sheet, bare)
    written = _written(bare, answers)
    verdicts = _verdicts(copy, sheet, bare, answers, fresh) if written else {}
    found = []
    for task in tasks_of(sheet):
        cell = task.answer_cell
        passed, words = verdicts.get(task.name, (False, ""))
        if not passed and cell not in written:
            missing = [note.sentence for note in answers.notes if note.about == cell]
            back = f" Have it back: course reset {task.name}" if missing else ""
            words = " ".join(missing) + back or "not answered yet"
        state = DONE if passed else WRONG if cell in written else OPEN
        found.append(Standing(task, state, words))
    return found


def read_answers(copy, sheet, bare=None):
    """The answers in the learner's file, and notes on what is odd about it.

    Errors: Refused for a file that is missing or cannot be read.
    """
    from course.grading.answers import Unreadable
    from course.grading.saving import read_saved

    path = copy / f"exercises/{sheet}.ipynb"
    bare = bare or read(paths.material() / f"exercises/{sheet}.ipynb")
    try:
        return read_saved(path, bare)[0]
    except Unreadable as problem:
        raise Refused(f"{problem} Start it afresh with: course reset {sheet[:2]}") from None


def chapters():
    """The names of all chapters, such as "04_momentum_as_friction", in order."""
    return sorted({Path(name).stem for name in names()})


def chapter_of(name):
    """The chapter that a name means, also one without a sheet.

    Errors: Unknown, with the nearest names.
    """
    number = str(name).partition(".")[0].zfill(2)
    for chapter in chapters():
        if chapter in (name, Path(name).stem) or chapter[:2] == number:
            return chapter
    raise paths.Unknown(name, chapters(), "chapter")


def everything(copy):
    """Chapter name -> its standings, or the sentence that says why they cannot be had."""
    return {chapter: standing_of(copy, chapter) for chapter in chapters()}


def standing_of(copy, chapter):
    """A chapter's standings, none where it has no sheet, or why they cannot be had."""
    try:
        return standings(copy, chapter) if chapter in paths.sheets() else []
    except Refused as refusal:
        return str(refusal)


def following(copy, sheet=None):
    """The first (sheet, task) that does not hold yet, or None where all do.

    sheet: the one that comes before all others.
    The task is None where the sheet cannot be read: to mend it comes first. What cannot be run here
    comes last.
    """
    last = None
    for each in sorted(paths.sheets(), key=lambda each: each != sheet):
        try:
            task = first_unfinished(standings(copy, each))
        except NotRun:
            last = last or (each, tasks_of(each)[0])
            continue
        except Refused:
            return each, None
        if task:
            return each, task
    return last


def first_unfinished(found):
    """The first task among standings that does not hold yet, or None."""
    return next((each.task for each in found if each.state != DONE), None)


def count(found):
    """The points earned, in words: "3 of 7 points"."""
    earned = sum(each.task.points for each in found if each.state == DONE)
    return f"{earned} of {sum(each.task.points for each in found)} points"


def title(stem):
    """The name of a chapter or sheet as a reader knows it: "04 Momentum as friction"."""
    return f"{stem.partition('_')[0]} {paths.words(stem)}"


def _written(bare, answers):
    """The names of the answer cells that are no longer as they were delivered."""
    from course.grading.answers import answered

    starters = {cell["metadata"]["name"]: "".join(cell["source"]) for cell in bare["cells"]}
    return {name for name, text in answered(answers, bare).items() if text != starters[name]}


def _verdicts(copy, sheet, bare, answers, fresh):
    """Task's name -> (whether it holds, its words), stored until the answers change."""
    from course.grading.answers import assemble

    filled, record = assemble(bare, answers), load(copy, "progress")
    key = f"{course.__version__} {digest(filled)}"
    if fresh or record.get(sheet, {}).get("answers") != key:
        record[sheet] = {"answers": key, "verdicts": _looked_at(sheet, filled, answers)}
        with contextlib.suppress(Refused):  # a copy on a full disk can still be checked
            save(copy, "progress", record)
    return record[sheet]["verdicts"]


def _looked_at(sheet, filled, answers):
    """What the grader's own judge says of the visible checks; nbval, where it cannot run."""
    from course.grading import sheets
    from course.grading.judge import NotJudged, look, own_level
    from course.grading.limits import Limits
    from course.grading.nbval import run

    paper = sheets.load(sheet)
    try:
        if paper.missing:
            raise NotJudged(paper.missing)
        if sys.platform.startswith("linux"):
            found = look(paper, answers.sources, Limits(own_level(paper)))
            return {verdict.name: verdict[1:3] for verdict in found}
        found = run.judge_with_nbval(filled)
    except NotJudged as problem:
        raise NotRun(f"{sheet} could not be run. {problem}") from None
    names = {task.check_cell: task.name for task in tasks_of(sheet)}
    return {names[verdict.name]: verdict[1:3] for verdict in found}
