"""The cells that ask: visible ones, which ask what the notebook's own check asks, and hidden ones.

Neither holds an expected value, an assertion or a verdict. A hidden cell calls the learner's
function with inputs drawn from the marker's seed, written as literals, and prints what comes,
rounded; what it should print is found by running the solution through the same cell. It is
rounded so that a right answer in any order of arithmetic, in float32 too, prints the same. Numbers
and words that a learner chose have no hidden cell: `finding` looks at them on this side.
"""

import json
import math
import zlib

import numpy as np

from course.checks.calling import ENDED, Results, Sentence, ask, call
from course.checks.tasks import Choice, Number, Resumed, Rule, Tested, no_answer
from course.grading.sandbox.inside.codec import decode, encode, in_units

ATTEMPTS = 20  # draws of a case until one is safe in 32 bits; some tasks cannot be
SAFE = 0.05  # of a step, as far as the reference is off there at most
MORE = 200  # cases more are tried where a known mistake would not be seen in a task's own
DIGITS = 4  # that are printed of a result's largest number; of all others, as far as these reach
LONGEST = 80  # characters of an exception's name
TINY = 1e-9  # a result no larger than this is nothing: what remains where two numbers cancel


def hidden_cell(task, seed):
    """The source of the cell that asks a `Rule` for marks; the same for the same task and seed."""
    cases = _hidden_cases(task, seed)
    if isinstance(task, Resumed):
        return _call("stopped", task, [_until(case) for case in cases])
    return _call("hidden", task, cases, pure=task.pure, tests=isinstance(task, Tested))


def gone_on_cell(task, seed, kept):
    """The source of the cell by which a `Resumed` goes on in another process.

    kept:   what the first cell's last line says, as `without_kept` returns it.
    Errors: ValueError where it has not as many parts as there are cases.
    """
    cases = _hidden_cases(task, seed)
    if not isinstance(kept, list) or len(kept) != len(cases):
        raise ValueError("These are not as many cases as were asked for.")
    return _call("gone_on", task, [_after(*each) for each in zip(cases, kept)])


def without_kept(outputs):
    """The outputs of a `Resumed`'s first cell without their last line, and what that line says.

    Errors: ValueError where there is no such line.
    """
    if [each.get("name") for each in outputs] != ["stdout"]:
        raise ValueError("This is no text.")
    text, _, last = outputs[0]["text"].rstrip("\n").rpartition("\n")
    return [outputs[0] | {"text": f"{text}\n"}], _loaded(last)


def without_errors(outputs):
    """Outputs without what was written to stderr, such as warnings: it never decides."""
    return [each for each in outputs if each.get("name") != "stderr"]


def visible_cell(task):
    """The source of the cell that asks for what the notebook's own check looks at."""
    if not isinstance(task, Rule):
        return _chosen(task)
    cases = [encode(case.arguments) for case in task.cases()]
    kinds = {"resumes": isinstance(task, Resumed), "tests": isinstance(task, Tested)}
    return _call("visible", task, cases, pure=task.pure, **kinds)


def finding(task, text, source=None):
    """What the task says of what its visible cell printed; a `Finding`.

    source: the text of the answer's cell, None where it is not known.
    Errors: ValueError for a text that no such cell prints.
    """
    said = _loaded(text)
    try:
        if isinstance(said, dict):
            return no_answer([_sentence(said)], _sentence(said))
        if isinstance(task, Rule):
            return task.explain(_answers(task, said), source)
        if isinstance(task, Choice):
            return task.look(_Word(*said))
        values = tuple(map(_numbers, said))
        return task.look(values[0] if len(values) == 1 else values)
    except Exception as problem:  # whoever wrote it, it is no reason to stop a batch
        raise ValueError(f"No check prints this: {type(problem).__name__}: {problem}") from None


def _loaded(text):
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("This is nested without end.") from None


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
    found = [_sentence(each) if _is_sentence(each) else _results(task, each) for each in said]
    broke_off = bool(found) and isinstance(found[-1], str)
    if len(found) != len(task.cases()) + isinstance(task, Tested) and not broke_off:
        raise ValueError("These are not as many cases as were asked for.")
    return found


def _is_sentence(said):
    return isinstance(said, dict) and "said" in said


def _sentence(said):
    """A `Sentence` from its parts, which anybody may have written."""
    text, ended, error = (said[part] for part in ("said", "ended", "error"))
    if not (isinstance(text, str) and isinstance(error, str)):
        raise ValueError("This is no sentence.")
    known = ended in ENDED and (error.isidentifier() or not error) and len(error) <= LONGEST
    return Sentence(text, *((ended, error) if known else ()))


def _numbers(said):
    """One result as an array; a check prints numbers, never a word such as `true`."""
    if isinstance(said, bool):
        raise ValueError("This is no number.")
    return np.asarray(decode(said), dtype=float)


def _results(task, said):
    found = Results(map(_numbers, said["results"]))
    found.changed = tuple(int(number) for number in said["changed"])
    count = len(task.cases()[0].arguments)
    if len(found) != len(task.results) or not all(0 < n <= count for n in found.changed):
        raise ValueError("These are not as many results as were asked for.")
    return found


# ---- writing the cells ----------------------------------------------------------------


def _call(name, task, cases, **flags):
    """One line that calls `check_calls`, whatever the notebook's own names mean by now."""
    more = "".join(f", {flag}=True" for flag, is_set in flags.items() if is_set)
    return (
        f"__import__('check_calls').{name}(globals(), {task.asks!r}, {task.results!r}, "
        f"{json.dumps(cases)!r}{more})"
    )


def _until(case):
    """A case of a `Resumed` until it is stopped: its arguments and how its results are printed."""
    (weights, calls, arguments, stop), place, halves, width = _parts(case)
    return [encode((weights, calls[:stop], arguments)), [[place, halves[: stop * width]]]]


def _after(case, kept):
    (_, calls, _, stop), place, halves, width = _parts(case)
    return [{"tuple": [kept, encode(calls[stop:])]}, [[place, halves[stop * width :]]]]


def _parts(case):
    arguments, ((place, halves),) = decode(case[0]), case[1]
    return arguments, place, halves, len(halves) // len(arguments[1])


def _chosen(task):
    if isinstance(task, Choice):
        return f"__import__('check_calls').word(globals(), {task.asks!r})"
    results = (task.asks,) if isinstance(task, Number) else task.results
    return f"__import__('check_calls').numbers(globals(), {task.asks!r}, {results!r})"


# ---- drawing inputs -------------------------------------------------------------------


def _hidden_cases(task, seed):
    """Pairs of arguments and units: what every known mistake is told from, and no shown case.

    Those the visible cell has asked for already, and without it nothing is earned.
    """
    cases = [_drawn(task, seed, number) for number in range(task.drawn)]
    return [*cases, *_telling(task, seed, cases)]


def _drawn(task, seed, number):
    """One drawn case: the first of some that is safe in 32 bits, or else the first."""
    first = None
    for attempt in range(ATTEMPTS):
        salt = (seed, zlib.crc32(task.name.encode()), number, attempt)
        arguments = task.draw(np.random.default_rng(salt))
        results = _results_of_reference(task, arguments)
        case = _with_units(task, arguments, results)
        if _is_safe(task, arguments, results, case[1]):
            return case
        first = first or case
    return first


def _results_of_reference(task, arguments):
    return call(task.called(task.reference), arguments, task.asks, task.results)


def _with_units(task, arguments, results):
    """As JSON data: the arguments, and for each result in which units its numbers are printed."""
    units = [_units(value.ravel().tolist()) for value in results]
    for name, unit, value in zip(task.results, units, results):
        unit += [list(value.shape)] if name in task.zeros else []
    return [encode(arguments), units]


def _is_safe(task, arguments, results, units):
    """Whether the reference prints about the same in 32 bits: nothing large has cancelled."""
    coarse_arguments = [_in_32_bits(arguments)]
    (coarse,) = ask(task.called(task.reference), coarse_arguments, task.asks, task.results)
    if isinstance(coarse, str):
        return False
    with np.errstate(all="ignore"):
        return all(
            one.shape == other.shape
            and np.allclose(one, other, rtol=0, atol=SAFE * 10.0**place, equal_nan=True)
            for one, other, (place, *_) in zip(results, coarse, units)
        )


def _in_32_bits(value):
    """The value with every number of 64 bits, in whatever it holds, rounded to 32."""
    if isinstance(value, float | np.floating):
        return np.float32(value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float32)
    if isinstance(value, list | tuple):
        return type(value)(map(_in_32_bits, value))
    if isinstance(value, dict):
        return {name: _in_32_bits(each) for name, each in value.items()}
    return value


def _telling(task, seed, cases):
    """More drawn cases, until every known mistake gives something else in one of all these.

    One that only a shown case tells apart is left to that.
    """
    shown = [
        _with_units(task, case.arguments, _results_of_reference(task, case.arguments))
        for case in task.shown
    ]
    tried = _with_printed(task, [*cases, *shown])
    unseen = [mistake for mistake in task.mistakes if not _seen(task, mistake, tried)]
    for number in range(task.drawn, task.drawn + MORE):
        if not unseen:
            return
        case = _drawn(task, seed, number)
        tried = _with_printed(task, [case])
        left = [mistake for mistake in unseen if not _seen(task, mistake, tried)]
        if len(left) < len(unseen):
            yield case
        unseen = left


def _with_printed(task, cases):
    """(case, what the reference prints there) for each case."""
    return [(case, _printed(task, task.reference, *case)) for case in cases]


def _seen(task, mistake, tried):
    """Whether a known mistake prints something else than the reference in one of the cases."""
    return any(_printed(task, mistake.answer, *case) != expected for case, expected in tried)


def _printed(task, function, arguments, units):
    (found,) = ask(task.called(function), [decode(arguments)], task.asks, task.results)
    return found if isinstance(found, str) else list(map(in_units, found, units))


# ---- rounding -------------------------------------------------------------------------


def _units(numbers):
    """[place, halves]: how a result's numbers are printed, as whole steps of 10**place.

    A step ends in the middle of two whole numbers; where a number lies nearer to such an end than
    a quarter, its steps begin half a step further. So whatever is off by less than a quarter of a
    step, 2.5e-5 of the largest number at least, prints the same.
    """
    sizes = [abs(number) for number in numbers if math.isfinite(number)]
    place = math.floor(math.log10(max([TINY, *sizes]))) + 1 - DIGITS
    return [place, [int(_is_near_an_end(number, place)) for number in numbers]]


def _is_near_an_end(number, place):
    return math.isfinite(number) and abs(number / 10.0**place % 1 - 0.5) < 0.25
