"""`course check --watch`: what the checks say of a sheet, again at each save of its file."""

import contextlib

from course.commands import terminal
from course.learner import progress
from course.learner.workspace import Refused


def follow(copy, sheet, only=None):
    """Print what a sheet's checks say whenever its file is saved, until Ctrl-C.

    only:   the task whose words are shown; None for the first that does not hold.
    Errors: Refused where answers cannot be run by the grader here.
    """
    from course.grading.judge import NotJudged
    from course.grading.watch import watch

    path = copy / "exercises" / f"{sheet}.ipynb"
    progress.read_answers(copy, sheet)  # refuses what is no notebook
    promise = f"Watching {path}; save it to see what the checks say. Ctrl-C ends this."
    after = _once(lambda: terminal.show(promise))  # a look has shown that it can be kept

    def shown(verdicts):
        show(sheet, verdicts, only)
        after()

    def said(sentence):
        say(sentence)
        after()

    with contextlib.suppress(KeyboardInterrupt):
        try:
            watch(path, shown, trouble=said)
        except NotJudged as problem:
            raise Refused(f"{sheet} could not be run. {problem}") from None


def _once(call):
    """A function that calls `call` the first time, and never again."""
    left = [call]
    return lambda: left and left.pop()()


def say(sentence):
    """Print why a file cannot be read."""
    terminal.show(terminal.plain(sentence, "dim"))


def show(sheet, verdicts, only=None):
    """Print each task's mark, and the words on one that does not hold."""
    found = standings(sheet, verdicts)
    terminal.show("")
    terminal.show(terminal.heading(sheet, found))
    for standing in found:
        if standing.task == (only or progress.first_unfinished(found)):
            terminal.show_standing(standing)
        else:
            terminal.show(terminal.task_line(standing))


def standings(sheet, verdicts):
    """Verdicts (of each, its name, whether it passed, its words) as `progress.Standing`s."""
    by_name = {verdict.name: verdict for verdict in verdicts}
    return [
        progress.Standing(
            task,
            progress.DONE if by_name[task.name].passed else progress.WRONG,
            by_name[task.name].words,
        )
        for task in progress.tasks_of(sheet)
        if task.name in by_name
    ]
