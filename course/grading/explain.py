"""The words of a verdict: those of the notebook's own check, found on this side of the wall."""

from typing import NamedTuple

from course.checks.tasks import Resumed
from course.grading import check_cells
from course.grading.messages import also_printed, exception, tidy

ONLY_THERE = (
    "Your answer holds for the numbers that the notebook's check tries, but not for others. "
    "Does it use a number that stands in the check, or a name that another cell changes?"
)
LATE = "The check took longer than {:g} s; your answer may never end."
ONLY_HERE = (
    "Your answer holds in this notebook, but not where the optimizer goes on in another process, "
    "or not for other numbers. Does it keep something in a place that no file knows?"
)
#: What Python says where the confinement refused something, and what is said of that.
REFUSALS = (
    *("PermissionError", "Operation not permitted", "Permission denied", "gaierror"),
    *("FileNotFoundError", "EOFError", "StdinNotImplementedError"),
)
CONFINED = (
    "Answers are checked and marked where they can write no file, read none but Python's own, "
    "ask nobody for input, start no program and reach no network."
)
LINES = 20  # of what a check printed that are looked at: who prints more gets no explanation


class Told(NamedTuple):
    """What a learner reads.

    because: the known mistake's sentence that was recognised, "" if none was.
    passed:  whether the visible check holds.
    """

    words: str
    because: str = ""
    passed: bool = False


def seen(task, asked):
    """What is told of a task by what its visible check got.

    asked: a `run_cells.CheckRun` of the cell that `check_cells.visible_cell` wrote.
    """
    told = _check(task, asked)
    return right(task) if told.passed else _with_causes(asked, told)


def right(task):
    """What is told where an answer holds: always the same, so that it tells of no hidden input."""
    lines = [f"✓ {task.title}", *task.look(task.reference).lines]
    return Told("\n".join(lines), passed=True)


def only_there(task, asked):
    """What is told where the visible check holds, and the hidden one, `asked`, does not.

    Nothing of an answer's own words: by now it may know a hidden input.
    """
    if asked.reply is None:
        return Told(asked.unseen)
    if asked.reply.why == "late":
        return Told(LATE.format(asked.limits.share))
    return Told(ONLY_HERE if isinstance(task, Resumed) else ONLY_THERE)


def _with_causes(asked, told):
    words = "\n".join([*asked.causes, told.words])
    if asked.limits.level != "none" and any(each in words for each in REFUSALS):
        words += f"\n{CONFINED}"
    return Told(tidy(words), told.because)


def _check(task, asked):
    return _ended(asked) or _found(task, asked.reply.outputs)


def _ended(asked):
    """What is told of a check that did not run to its end; None of one that did."""
    reply = asked.reply
    if reply is None:
        return Told(asked.unseen)
    if reply.why == "late":
        return Told(LATE.format(asked.limits.share))
    if reply.why == "died":
        return Told("The kernel died while your answer was checked.")
    raised = [each for each in reply.outputs if each["output_type"] == "error"]
    if raised:
        return Told(f"The check raised {exception(raised[-1]['ename'], raised[-1]['evalue'])}")
    return None


def _found(task, outputs):
    outputs = check_cells.without_errors(outputs)
    text = "".join(each["text"] for each in outputs if each.get("name") == "stdout")
    for line in reversed(text.splitlines()[-LINES:]):
        try:
            found = check_cells.finding(task, line)
        except ValueError:
            continue
        if not found.passed:
            return Told("\n".join(found.lines), found.because)
        besides = text.replace(line, "", 1).strip()
        if besides or len(outputs) > 1:
            return Told(also_printed(besides))
        return Told("", passed=True)
    return Told("The check did not print what it should.")
