"""What a check cell calls in the marking child: it asks, and prints what comes.

No expected value, no comparison, no verdict: those never enter this process. `calling`,
`resuming` and `broken_steps` are those of `course.checks`, which hold no answer either, brought
along by their names.
"""

import contextlib
import json
import os
import sys

from broken_steps import called_with, tested
from calling import (
    NotAnAnswer,
    Sentence,
    as_results,
    ask,
    missing,
    no_function,
    parts_of,
    shorten,
    unfilled,
)
from codec import decode, encode, in_units
from resuming import after_stop, interrupted, until_stop

#: Python's own, and a stream of the child's, None for whatever `sys.stdout` is: an answer may have
#: put something else in their places, to keep a log of what it prints.
PRINT, STREAM = print, None


def hidden(names, asks, results, cases, pure=False, tests=False):
    """Print what the function gives in each case, rounded, one line for each result.

    names: the notebook's own names; asks: the function's.
    cases: JSON, a list of (arguments, for each result the units in which it is printed).
    pure:  print what the arguments are made of after the call as well.
    tests: the function is a test of steps.
    """
    function, trouble = _function(names, asks)
    function = tested(function) if function and tests else function
    _print_cases(function, asks, results, json.loads(cases), pure)
    if trouble:
        _print(trouble)


def stopped(names, asks, results, cases):
    """Print what an optimizer's class gives until it is stopped, and on a last line what is kept.

    cases: JSON, a list of ((weights, calls, arguments), units).
    """
    kept = []

    def run(*given):
        rows, file = until_stop(Optimizer, *given)
        kept.append(encode(file))
        return rows

    Optimizer, trouble = _function(names, asks)
    _print_cases(run if Optimizer else None, asks, results, json.loads(cases))
    _print(trouble or json.dumps(kept))


def gone_on(names, asks, results, cases):
    """Print what the class gives after it was made anew, in a process in which it is new.

    cases: JSON, a list of ((what was kept, calls), units).
    """
    Optimizer, trouble = _function(names, asks)
    run = Optimizer and (lambda *given: after_stop(Optimizer, *given))
    _print_cases(run, asks, results, json.loads(cases))
    if trouble:
        _print(trouble)


def _print_cases(function, asks, results, cases, pure=False):
    for number, (arguments, units) in enumerate(cases if function else ()):
        given = []
        (found,) = _ask(_keeping(function, given), [decode(arguments)], asks, results)
        _print(f"case {number}", *_lines(found, results, units), sep="\n")
        if pure:
            _print(json.dumps(list(map(_left, given))))
        if isinstance(found, str):  # an endless loop would be waited for in each case
            break


def visible(names, asks, results, cases, pure=False, resumes=False, tests=False):
    """Print what the function gives in each case as JSON, with every digit, or a sentence.

    resumes: the function is the class of an optimizer, which is stopped in mid-run.
    tests:   the function is a test of steps; what it calls the first one with stands at the end.
    """
    function, trouble = _function(names, asks)
    if function:
        cases = json.loads(cases)
        run = interrupted(function) if resumes and isinstance(function, type) else function
        run = tested(function) if tests else run
        found = _ask(run, map(decode, cases), asks, results, pure)
        if tests and not isinstance(found[-1], str):
            found += _ask(called_with(function), [decode(cases[0])], asks, ("calls",), pure)
        found = [_parts(each) if isinstance(each, str) else _shown(each) for each in found]
    _print(json.dumps(found if function else _parts(trouble)))


def numbers(names, asks, results):
    """Print the numbers that were chosen or predicted as JSON, or a sentence."""
    if asks not in names:
        _print(json.dumps(_parts(missing(asks))))
        return
    try:
        _print(json.dumps(encode(as_results(names[asks], results, f"{asks} is"))))
    except NotAnAnswer as problem:
        _print(json.dumps(_parts(problem.sentence, "✗ ")))


def word(names, asks):
    """Print the word that was chosen as JSON, as text and as Python writes it, or a sentence."""
    if asks not in names:
        _print(json.dumps(_parts(missing(asks))))
    elif names[asks] is ...:
        _print(json.dumps(_parts(Sentence(unfilled(f"{asks} is"), "unfilled"), "✗ ")))
    else:
        _print(json.dumps([str(names[asks])[:200], shorten(names[asks])]))


def _function(names, asks):
    """The function and "", or None and the sentence that says what is there in its place."""
    if asks not in names:
        return None, missing(asks)
    function = names[asks]
    return (function, "") if callable(function) else (None, Sentence(no_function(asks, function)))


def _shown(results):
    """A `Results` as JSON data."""
    return {"results": encode([*results]), "changed": [*results.changed]}


def _parts(sentence, sign=""):
    """A `Sentence` as JSON data."""
    return {"said": sign + sentence, "ended": sentence.ended, "error": sentence.error}


def _ask(function, cases, asks, results, pure=False):
    with _silence():
        return ask(function, cases, asks, results, pure)


@contextlib.contextmanager
def _silence():
    """Let what is printed meanwhile go nowhere, also by whoever kept an older `sys.stdout`."""
    _flush()
    kept, nowhere = [os.dup(number) for number in (1, 2)], os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    try:
        yield
    finally:
        _flush()
        for number, old in enumerate(kept, start=1):
            os.dup2(old, number)
            os.close(old)
        os.close(nowhere)


def _print(*words, **options):
    PRINT(*words, **options, file=STREAM or sys.stdout, flush=True)


def _flush():
    for stream in (STREAM, sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # it is none, or closed, or a learner's own
            stream.flush()


def _keeping(function, kept):
    def keeping(*given):
        kept[:] = [part for each in given for part in parts_of(each)]
        return function(*given)

    return keeping


def _left(part):
    """A part of an argument after the call, as JSON data: an array, or a list's length."""
    return len(part) if isinstance(part, dict | list | tuple) else encode(part)


def _lines(found, results, units):
    if isinstance(found, str):
        return [found]
    return [f"{name} {in_units(*each)}" for name, *each in zip(results, found, units)]
