"""What is found of an answer: what the notebook's own check says, found outside the sandbox.

A finding's `ended` tells the ways apart in which there can be no answer: those of `calling.ENDED`,
and "died", "unseen" (not looked at) and "only there" (for the check's own numbers).
"""

from course.checks import answer_text
from course.checks.calling import Sentence
from course.checks.tasks import Finding, Resumed, no_answer
from course.grading import check_cells
from course.grading.messages import also_printed, exception

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


def seen(task, asked, source=None):
    """The `Finding` on a task by what its visible check got.

    asked:  a `run_cells.CheckRun` of the cell that `check_cells.visible_cell` wrote.
    source: the text of the answer's cell, None where it is not known.
    """
    found = _check(task, asked, source)
    if found.passed:
        return right(task)._replace(remarks=found.remarks)
    other = answer_text.other_name(task, source) if found.ended == "missing" else ""
    return _with_causes(asked, found._replace(lines=[*found.lines, *filter(None, [other])]))


def right(task):
    """The finding where an answer holds: always the same, so that it tells of no hidden input."""
    return Finding(True, [f"✓ {task.title}", *task.look(task.reference).lines])


def only_there(task, asked):
    """The finding where the visible check holds, and the hidden one, `asked`, does not.

    Nothing of an answer's own words: by now it may know a hidden input.
    """
    if asked.reply is None:
        return _none(asked.unseen, "unseen")
    if asked.reply.why == "late":
        return _none(LATE.format(asked.limits.share), "endless")
    return _none(ONLY_HERE if isinstance(task, Resumed) else ONLY_THERE, "only there")


def _with_causes(asked, found):
    """The finding with the cells named that did not end before it: the first is its reason."""
    lines = [*asked.causes, *found.lines]
    if asked.limits.level != "none" and any(each in line for line in lines for each in REFUSALS):
        lines.append(CONFINED)
    first = next(iter(asked.causes), found)
    return found._replace(lines=lines, ended=first.ended, error=first.error)


def _check(task, asked, source):
    return _ended(asked) or _found(task, asked.reply.outputs, source)


def _ended(asked):
    """The finding on a check that did not run to its end; None of one that did."""
    reply = asked.reply
    if reply is None:
        return _none(asked.unseen, "unseen")
    if reply.why == "late":
        return _none(LATE.format(asked.limits.share), "endless")
    if reply.why == "died":
        return _none("The kernel died while your answer was checked.", "died")
    raised = [each for each in reply.outputs if each["output_type"] == "error"]
    if raised:
        kind, text = raised[-1]["ename"], raised[-1]["evalue"]
        return _none(f"The check raised {exception(kind, text)}", "raised", kind)
    return None


def _none(text, ended, error=""):
    return no_answer([text], Sentence(text, ended, error))


def _found(task, outputs, source):
    outputs = check_cells.without_errors(outputs)
    text = "".join(each["text"] for each in outputs if each.get("name") == "stdout")
    for line in reversed(text.splitlines()[-LINES:]):
        try:
            found = check_cells.finding(task, line, source)
        except ValueError:
            continue
        if not found.passed:
            return found
        besides = text.replace(line, "", 1).strip()
        if besides or len(outputs) > 1:
            return Finding(False, [also_printed(besides)])
        return found
    return Finding(False, ["The check did not print what it should."])
