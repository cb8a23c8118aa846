"""The cells that ask: hidden ones, which earn marks, and visible ones, which explain.

Neither holds an expected value, an assertion or a verdict. A hidden cell calls the learner's
function with inputs drawn from the marker's seed, written as literals, and prints what comes,
rounded; what it should print is found by running the solution through the same cell.
"""

import json
import math
import zlib

import numpy as np

from course.checks.calling import ask, call
from course.checks.tasks import Choice, Finding, Number, Rule
from course.grading.inside.plain import TINY, decode, encode, rounded

#: What stands for every answer that is not right, where many are.
NOT_RIGHT = [{"output_type": "stream", "name": "stdout", "text": "not right"}]
MORE = 200  # cases more are tried where a known mistake would not be seen in a task's own
# In which order numbers of digits are tried until a value lies far from where rounding turns;
# they are about as exact as the visible check.
DIGITS = (5, 4, 6, 3)
FAR = 0.25  # of the last printed digit
# A shown case cannot be redrawn, and 2/3 is nowhere farther than a sixth, 4/9 than an 18th.
FAR_ENOUGH = 0.05
ATTEMPTS = 5000


def hidden_cell(task, seed):
    """The source of the cell that asks for marks; the same for the same task and seed.

    Errors: ValueError where no inputs can be drawn whose results all round safely.
    """
    if not isinstance(task, Rule):
        return _chosen(task)
    cases = [_with_digits(task, case.arguments, FAR_ENOUGH) for case in task.shown]
    cases += [_drawn(task, seed, number) for number in range(task.drawn)]
    if None in cases:
        raise ValueError(f"{task.name}: a shown case has a result that no rounding keeps apart.")
    return _call("hidden", task, [*cases, *_telling(task, seed, cases)])


def visible_cell(task):
    """The source of the cell that asks for what the notebook's own check looks at."""
    if not isinstance(task, Rule):
        return _chosen(task)
    return _call("visible", task, [encode(case.arguments) for case in task.cases()])


def finding(task, text):
    """What the task says of what its visible cell printed; a `Finding`.

    Errors: ValueError for a text that no such cell prints.
    """
    try:
        said = json.loads(text)
        if isinstance(said, str):
            return Finding(False, [said])
        if isinstance(task, Rule):
            return task.explain(_answers(task, said))
        if isinstance(task, Choice):
            return task.look(_Word(*said))
        values = tuple(np.asarray(decode(each), dtype=float) for each in said)
        return task.look(values[0] if len(values) == 1 else values)
    except (TypeError, KeyError, AttributeError, RecursionError, OverflowError) as problem:
        raise ValueError(f"No check prints this: {problem}") from None


class _Word(str):
    """A chosen word that looks as the learner's own did."""

    def __new__(cls, text, shown):
        word = super().__new__(cls, text)
        word.shown = str(shown)
        return word

    def __repr__(self):
        return self.shown


def _answers(task, said):
    """What each visible case gave, as `calling.ask` returns it."""
    found = [each if isinstance(each, str) else _results(task, each) for each in said]
    broke_off = bool(found) and isinstance(found[-1], str)
    if len(found) != len(task.cases()) and not broke_off:
        raise ValueError("These are not as many cases as were asked for.")
    return found


def _results(task, said):
    found = [np.asarray(decode(each), dtype=float) for each in said]
    if len(found) != len(task.results):
        raise ValueError("These are not as many results as were asked for.")
    return found


def comparable(task, outputs):
    """Outputs as they are compared: where many answers are right, all of those are one.

    What a `Goal` is worth is found here, by walking down the surface with the learner's numbers.
    """
    if isinstance(task, Rule) or len(outputs) != 1 or "text" not in outputs[0]:
        return outputs
    try:
        passed = finding(task, outputs[0]["text"]).passed
    except ValueError:
        return outputs
    return [outputs[0] | {"text": "right"}] if passed else NOT_RIGHT


# ---- writing the cells ----------------------------------------------------------------


def _call(name, task, cases):
    """One line that calls `asking`, whatever the notebook's own names mean by now."""
    text = json.dumps(cases)
    return (
        f"__import__('asking').{name}(globals(), {task.asks!r}, {task.results!r}, "
        f"{text!r}, pure={task.pure})"
    )


def _chosen(task):
    if isinstance(task, Choice):
        return f"__import__('asking').word(globals(), {task.asks!r})"
    results = (task.asks,) if isinstance(task, Number) else task.results
    return f"__import__('asking').numbers(globals(), {task.asks!r}, {results!r})"


# ---- drawing inputs -------------------------------------------------------------------


def _drawn(task, seed, number):
    """One drawn case and its digits, the first of many whose results all round safely."""
    for attempt in range(ATTEMPTS):
        salt = (seed, zlib.crc32(task.name.encode()), number, attempt)
        case = _with_digits(task, task.draw(np.random.default_rng(salt)), FAR)
        if case is not None:
            return case
    raise ValueError(f"{task.name}: of {ATTEMPTS} drawn cases none rounds safely; return less.")


def _telling(task, seed, cases):
    """More drawn cases, until every known mistake gives something else in one of all these."""
    unseen = [mistake for mistake in task.mistakes if not _seen(task, mistake, cases)]
    for number in range(task.drawn, task.drawn + MORE):
        if not unseen:
            return
        case = _drawn(task, seed, number)
        left = [mistake for mistake in unseen if not _seen(task, mistake, [case])]
        if len(left) < len(unseen):
            yield case
        unseen = left


def _seen(task, mistake, cases):
    """Whether a known mistake prints something else than the reference in one of the cases."""
    answers = (task.reference, mistake.answer)
    return any(len({_printed(task, answer, *case) for answer in answers}) == 2 for case in cases)


def _printed(task, function, arguments, digits):
    (found,) = ask(function, [decode(arguments)], task.asks, task.results)
    if isinstance(found, str):
        return found
    flat = [(value.shape, value.ravel().tolist()) for value in found]
    return str(
        [
            (shape, [rounded(*pair) for pair in zip(xs, each)])
            for (shape, xs), each in zip(flat, digits)
        ]
    )


def _with_digits(task, arguments, far):
    """(arguments, the digits of each result's numbers) as JSON data; None where one has none."""
    results = call(task.reference, arguments, task.asks, task.results)
    digits = [[_digits(abs(x), far) for x in value.ravel().tolist()] for value in results]
    return None if any(None in each for each in digits) else [encode(arguments), digits]


def _digits(size, far):
    """How many digits to print, so that a value of this size lies far from a rounding edge."""
    if not math.isfinite(size) or size < TINY / 4:
        return DIGITS[0]
    if size < 4 * TINY:  # too near to where it would be called nothing
        return None
    good = [digits for digits in DIGITS if _distance(size, digits) >= FAR]
    best = good[0] if good else max(DIGITS, key=lambda digits: _distance(size, digits))
    return best if _distance(size, best) >= far else None


def _distance(size, digits):
    """How far a size lies from the nearest rounding edge, in units of its last digit."""
    unit = 10.0 ** (math.floor(math.log10(size)) + 1 - digits)
    return abs(size / unit % 1 - 0.5)
