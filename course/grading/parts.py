"""Parts of points: what of a rule holds where the whole does not, if its task says that counts.

A part is judged as a whole rule is: what its visible cell gets is looked at on this side, and what
its hidden cell prints must be what the solution prints. So a part earns as little by the numbers
of the visible check alone as a whole does.
"""

from functools import lru_cache

from course.grading import check_cells, explain
from course.grading.limits import Limits
from course.grading.nbval.compare import same
from course.grading.sandbox.run_cells import run_cells

EARNED = "In parts: {} of {} hold ({})."


def share(paper, task, answers, seed, limits, spent=0.0):
    """Which share of a task's points its parts earn, from 0 to 1, and a sentence on that, or "".

    paper:  a `sheets.Sheet`; answers: as `judge.judge` has them.
    Errors: NotJudged.
    """
    if not task.parts:
        return 0.0, ""
    held = []
    for number, part in enumerate(task.parts):
        right, seconds = _holds(paper, task.name, number, answers, seed, limits, spent)
        held += [part.title] if right else []
        spent += seconds
    words = EARNED.format(len(held), len(task.parts), "; ".join(held)) if held else ""
    return len(held) / len(task.parts), words


def _holds(paper, name, number, answers, seed, limits, spent):
    """Whether a part holds, and the seconds that it took to know."""
    rule, visible, hidden = _cells(paper, name, number, seed)
    seen = run_cells(paper, answers, {name: visible}, limits, spent)
    if not explain.seen(rule, seen.cells[name]).passed:
        return False, seen.seconds
    asked = run_cells(paper, answers, {name: hidden}, limits, spent + seen.seconds)
    found, wanted = _printed(asked, name), _expected(paper, name, number, seed, limits.level)
    return bool(found and wanted and same(found, wanted)), seen.seconds + asked.seconds


@lru_cache
def _cells(paper, name, number, seed):
    """A part's rule, and the sources of its visible and its hidden cell."""
    task = paper.task(name)
    rule = task.of_part(task.parts[number])
    return rule, check_cells.visible_cell(rule), check_cells.hidden_cell(rule, seed)


@lru_cache
def _expected(paper, name, number, seed, level):
    """What the hidden cell prints where the solution was run."""
    hidden = _cells(paper, name, number, seed)[-1]
    return _printed(run_cells(paper, paper.right, {name: hidden}, Limits(level)), name)


def _printed(asked, name):
    """The outputs of a hidden cell; None where it did not run to its end."""
    reply = asked.cells[name].reply
    ended = reply is not None and not reply.why
    return check_cells.without_errors(reply.outputs) if ended else None
