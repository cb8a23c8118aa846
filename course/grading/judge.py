"""Judge one submission: run its answers in a confined child, compare what hidden cells print.

The child never decides: it prints numbers. What they should be comes from the solution, run the
same way with the same seed; the comparison is nbval's own; the words come from the visible checks.
"""

from functools import lru_cache
from typing import NamedTuple

from course.grading import explain, hidden, sheets, warm
from course.grading.inside.confine import LEVELS
from course.grading.nbval_says import same
from course.grading.play import play
from course.grading.warm import NotJudged

__all__ = ["Judged", "NotJudged", "Verdict", "judge"]


class Verdict(NamedTuple):
    """What became of one task.

    name:    the task, such as "04.step".
    words:   what the learner should read: plain text, never a hidden cell's input or output.
    seconds: what its cells took.
    because: the sentence of the known mistake that was recognised, "" if none was.
    """

    name: str
    passed: bool
    words: str
    seconds: float
    because: str = ""


class Judged(NamedTuple):
    """What became of one submission.

    verdicts:    one `Verdict` for each task of the sheet, in order.
    confinement: what held the answers in, as every report says it.
    notes:       sentences about the submission as a whole.
    """

    verdicts: tuple
    confinement: str
    notes: tuple = ()


def judge(sheet, answers, *, seed, limit=60.0, memory=2048, confinement=None):
    """Judge the answers to one sheet; all that goes in and comes out is plain data.

    sheet:       its whole name, such as "04_momentum_as_friction".
    answers:     answer cell's name -> source; a missing one costs only itself.
    seed:        an integer of 0 or more, from which the hidden inputs are drawn.
    limit:       seconds for the submission; one cell may take a sixth of them.
    memory:      MB that the answers may take.
    confinement: the level: "landlock", "namespaces" or "none"; None means the best there is, and
                 none below Landlock.
    Errors:      ValueError for an argument that is none; NotJudged.
    """
    _refuse(seed, limit, memory, confinement)
    paper = sheets.load(sheet)
    level = _level(paper.needs, confinement)
    limits = {"level": level, "limit": limit, "memory": memory}
    expected = _expected(paper, seed, level)
    asked = play(paper, answers, _hidden_cells(paper, seed), **limits)
    held = [_holds(task, asked.cells[task.name], expected[task.name]) for task in paper.tasks]
    # Words come from another child, which never sees a hidden input, so it can tell none.
    wrong = [task for task, holds in zip(paper.tasks, held) if not holds]
    asks = {task.name: visible_cells(paper)[task.name] for task in wrong}
    heard = play(paper, answers, asks, **limits).cells if wrong else {}
    verdicts = [_verdict(*each, asked.cells, heard) for each in zip(paper.tasks, held)]
    return Judged(tuple(verdicts), asked.confinement, asked.notes)


def _level(kind, wanted):
    level = wanted or warm.best_level(kind)
    if warm.refusal(kind, level):
        raise NotJudged(warm.refusal(kind, level))
    return level


@lru_cache
def visible_cells(paper):
    """Task's name -> the source of its visible cell."""
    return {task.name: paper.given_again(task) + hidden.visible_cell(task) for task in paper.tasks}


def _verdict(task, holds, asked, heard):
    told = explain.right(task) if holds else explain.wrong(task, heard[task.name])
    seconds = asked[task.name].seconds + (heard[task.name].seconds if not holds else 0.0)
    return Verdict(task.name, holds, told.words, seconds, told.because)


def _holds(task, asked, expected):
    """Whether a hidden cell ran to its end and printed what it should."""
    if asked.reply is None or asked.reply.why:
        return False
    return same(hidden.comparable(task, asked.reply.outputs), expected)


@lru_cache
def _hidden_cells(paper, seed):
    return {
        task.name: paper.given_again(task) + hidden.hidden_cell(task, seed) for task in paper.tasks
    }


@lru_cache
def _expected(paper, seed, level):
    """Task's name -> what its hidden cell prints where the solution's answers were run."""
    asked = play(paper, paper.right, _hidden_cells(paper, seed), level=level).cells
    for name, each in asked.items():
        if each.causes or each.reply is None or each.reply.why or not _is_text(each.reply.outputs):
            raise NotJudged(f"The solution of {name} could not be run; nobody is failed for that.")
    expected = {
        task.name: hidden.comparable(task, asked[task.name].reply.outputs) for task in paper.tasks
    }
    # A check that failed its own solution would pass whoever fails in the same way.
    for name in (name for name, outputs in expected.items() if outputs == hidden.NOT_RIGHT):
        raise NotJudged(f"The solution of {name} does not hold; nobody is failed for that.")
    return expected


def _is_text(outputs):
    return [each.get("name") for each in outputs] == ["stdout"]


def _refuse(seed, limit, memory, confinement):
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed must be an integer of 0 or more; got {seed!r}.")
    if not 0 < limit < float("inf"):
        raise ValueError(f"limit must be a number of seconds above 0; got {limit}.")
    if not memory > 0:
        raise ValueError(f"memory must be a number of MB above 0; got {memory}.")
    if confinement not in (None, *LEVELS):
        raise ValueError(f"confinement must be one of {', '.join(LEVELS)}; got {confinement!r}.")
