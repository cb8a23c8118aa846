"""Judge one submission: run its answers in confined children, and look at what they print.

A child never decides: it prints numbers. First it is asked what the notebook's own check asks, and
the check looks at that on this side: all words are found by then. What passes is asked for marks,
by hidden cells: what they should print comes from the solution, run the same way with the same
seed, and the comparison is nbval's own. So nothing is marked right that the notebook's check
refuses, and no word can tell of a hidden input.
"""

import contextlib
from functools import lru_cache
from typing import NamedTuple

from course.checks.tasks import Resumed, Rule
from course.grading import check_cells, explain, messages, parts, sheets
from course.grading.limits import Limits, Settings
from course.grading.nbval.compare import same
from course.grading.sandbox import pool
from course.grading.sandbox.pool import NotJudged
from course.grading.sandbox.run_cells import run_cells

__all__ = ["Judged", "Limits", "NotJudged", "Verdict", "best_level", "judge", "look", "own_level"]


class Verdict(NamedTuple):
    """What became of one task.

    name:    the task, such as "04.step".
    words:   what the learner should read: plain text, never a hidden cell's input or output.
    seconds: what its cells took.
    because, ended, error: as a `tasks.Finding` has them.
    share:   of its points, which parts of it earn where the whole does not hold; 0 to 1.
    """

    name: str
    passed: bool
    words: str
    seconds: float
    because: str = ""
    ended: str = ""
    error: str = ""
    share: float = 0.0


class Judged(NamedTuple):
    """What became of one submission.

    verdicts:    one `Verdict` for each task of the sheet, in order.
    confinement: what held the answers in, as every report says it.
    notes:       sentences about the submission as a whole.
    """

    verdicts: tuple
    confinement: str
    notes: tuple = ()


def judge(sheet, answers, **settings):
    """Judge the answers to one sheet; all that goes in and comes out is plain data.

    sheet:    its whole name, such as "04_momentum_as_friction".
    answers:  answer cell's name -> source; a missing one costs only itself.
    settings: a seed, and what else `limits.Settings` has, by name.
    Errors:   ValueError for a setting that is none; NotJudged.
    """
    seed, limit, memory, confinement = Settings(**settings).checked()
    paper = sheets.load(sheet)
    limits = Limits(_level(paper, confinement), limit, memory)
    expected, found = _expected(paper, seed, limits.level), {}

    def at_the_end(cells):
        """The hidden cells of the rules whose visible check has passed in this process."""
        found.update({name: _seen(paper.task(name), answers, at) for name, at in cells.items()})
        return {name: c for name, c in _hidden_cells(paper, seed).items() if _holds(name, found)}

    seen = run_cells(paper, answers, visible_cells(paper), limits, at_the_end=at_the_end)
    asked = _go_on(paper, answers, seed, limits, seen.lasts, seen.seconds)
    # At the end, a cell further down may have changed what a function needs. Then it is asked
    # once more, right after its own cells.
    doubtful = [task for task in _rules(paper) if found[task.name].passed]
    doubtful = [task for task in doubtful if not _is_right(task, asked, expected)]
    again = _ask(paper, answers, doubtful, seed, limits, seen.seconds + asked.seconds)
    verdicts = [_verdict(task, found[task.name], seen, again, expected) for task in paper.tasks]
    spent = seen.seconds + asked.seconds + again.seconds
    verdicts = [_in_parts(paper, each, answers, seed, limits, spent) for each in verdicts]
    return Judged(tuple(verdicts), seen.confinement, seen.notes)


def _in_parts(paper, verdict, answers, seed, limits, spent):
    """A verdict with what the parts of its task earn, where the whole does not hold."""
    task = paper.task(verdict.name)
    if verdict.passed or not getattr(task, "parts", ()):
        return verdict
    share, words = parts.share(paper, task, answers, seed, limits, spent)
    return verdict._replace(share=share, words="\n".join(filter(None, [verdict.words, words])))


def _holds(name, found):
    return name in found and found[name].passed


def look(paper, answers, limits):
    """Judge answers to a `sheets.Sheet` by the visible checks alone; a tuple of `Verdict`.

    Errors: NotJudged.
    """
    _refuse_missing(paper)
    seen = run_cells(paper, answers, visible_cells(paper), limits)
    found = [_seen(task, answers, seen.cells[task.name]) for task in paper.tasks]
    return tuple(_verdict(*each, seen, NOT_ASKED, {}) for each in zip(paper.tasks, found))


def _seen(task, answers, asked):
    """The finding by what a visible check got; of copies of its answer cell the last counts."""
    source = answers.get(task.answer_cell)
    return explain.seen(task, asked, source[-1] if isinstance(source, list) else source)


def best_level(paper):
    """The best level of confinement that holds for a sheet here; errors: NotJudged."""
    _refuse_missing(paper)
    return pool.best_level(paper.needs)


def own_level(paper):
    """The level in which one's own answers are looked at: the best there is, or none."""
    try:
        return best_level(paper)
    except NotJudged:
        return "none"


def _refuse_missing(paper):
    if paper.missing:
        raise NotJudged(paper.missing)


def _level(paper, wanted):
    _refuse_missing(paper)
    level = wanted or best_level(paper)
    for kind in {*paper.kinds.values()}:
        if pool.refusal(kind, level):
            raise NotJudged(pool.refusal(kind, level))
    return level


@lru_cache
def visible_cells(paper):
    """Task's name -> the source of its visible cell."""
    return {task.name: check_cells.visible_cell(task) for task in paper.tasks}


def _verdict(task, found, seen, again, expected):
    """A task's verdict, by its visible check, and by its hidden cells where it was doubtful."""
    seconds = seen.cells[task.name].seconds
    seconds += seen.lasts[task.name].seconds if task.name in seen.lasts else 0.0
    if task.name in again.cells:
        last = again.cells[task.name]
        seconds += last.seconds
        if not _is_right(task, again, expected):
            found = explain.only_there(task, last)
    words = messages.tidy("\n".join([*found.lines, *found.remarks]))
    return Verdict(task.name, found.passed, words, seconds, *found[2:5])


# ---- hidden cells ---------------------------------------------------------------------


class Hidden(NamedTuple):
    """What hidden cells gave: task's name -> its last `CheckRun`, and -> the outputs, cell by cell.

    An output is missing where a cell did not run to its end.
    """

    cells: dict
    outputs: dict
    seconds: float = 0.0


NOT_ASKED = Hidden({}, {})


def _rules(paper):
    return [task for task in paper.tasks if isinstance(task, Rule)]


def _ask(paper, answers, tasks, seed, limits, spent=0.0):
    """Ask these tasks for marks, each right after its own cells; a `Hidden`."""
    cells = {task.name: _hidden_cells(paper, seed)[task.name] for task in tasks}
    done = run_cells(paper, answers, cells, limits, spent)
    found = _go_on(paper, answers, seed, limits, done.cells, spent + done.seconds)
    return found._replace(seconds=found.seconds + done.seconds)


def _go_on(paper, answers, seed, limits, asked, spent):
    """What was asked, and what came of it in a second process for all that was stopped.

    asked: task's name -> `CheckRun`, of its first hidden cell.
    """
    outputs, later = {name: _outputs(each) for name, each in asked.items()}, {}
    for task in (each for each in _rules(paper) if each.name in asked):
        # Where it has kept nothing that can be handed on, there is nothing to go on with.
        with contextlib.suppress(ValueError, IndexError, RecursionError):
            if isinstance(task, Resumed):
                outputs[task.name][0], kept = check_cells.without_kept(outputs[task.name][0])
                later[task.name] = check_cells.gone_on_cell(task, seed, kept)
    after = run_cells(paper, answers, later, limits, spent)
    for name, each in after.cells.items():
        outputs[name] += _outputs(each)
    return Hidden(asked | after.cells, outputs, after.seconds)


def _outputs(asked):
    """A list of the one cell's outputs, or an empty one where it did not run to its end."""
    ended = asked.reply is not None and not asked.reply.why
    return [check_cells.without_errors(asked.reply.outputs)] if ended else []


def _is_right(task, asked, expected):
    """Whether a task's hidden cells all printed what they should, as nbval compares it."""
    found, wanted = asked.outputs.get(task.name, []), expected[task.name]
    return len(found) == len(wanted) and all(map(same, found, wanted))


@lru_cache
def _hidden_cells(paper, seed):
    return {task.name: check_cells.hidden_cell(task, seed) for task in _rules(paper)}


@lru_cache
def _expected(paper, seed, level):
    """Task's name -> what its hidden cells print where the solution's answers were run.

    Errors: NotJudged where the solution itself is not right: nobody is failed for that.
    """
    limits = Limits(level)
    for verdict in look(paper, paper.right, limits):
        if not verdict.passed:
            raise NotJudged(f"The solution of {verdict.name} does not hold: {verdict.words}")
    asked = _ask(paper, paper.right, _rules(paper), seed, limits)
    for task in _rules(paper):
        texts = [[each.get("name") for each in outputs] for outputs in asked.outputs[task.name]]
        wanted = [["stdout"]] * (2 if isinstance(task, Resumed) else 1)
        if asked.cells[task.name].causes or texts != wanted:
            raise NotJudged(f"The solution of {task.name} could not be run.")
    return asked.outputs
