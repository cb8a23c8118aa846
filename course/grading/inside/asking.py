"""What a check cell calls in the marking child: it asks, and prints what comes.

No expected value, no comparison, no verdict: those never enter this process. `calling` is
`course.checks.calling`, which holds no answer either, brought along under that name.
"""

import contextlib
import io
import json
import warnings
from itertools import zip_longest

from calling import NotAnAnswer, as_results, ask, missing, no_function, shorten, unfilled
from plain import LAST, decode, encode, rounded


def hidden(names, asks, results, cases, pure=False):
    """Print what the function gives in each case, rounded, one line for each result.

    names: the notebook's own names; asks: the function's.
    cases: JSON, a list of (arguments, for each result the digits of each of its numbers).
    pure:  print the arguments after the call as well.
    """
    function, trouble = _function(names, asks)
    for number, (arguments, digits) in enumerate(json.loads(cases) if function else ()):
        given = []
        (found,) = _ask(_keeping(function, given), [decode(arguments)], asks, results)
        print(f"case {number}", *_lines(found, results, digits), sep="\n")
        if pure:
            print(json.dumps(encode(given)))
        if isinstance(found, str):  # an endless loop would be waited for in each case
            break
    if trouble:
        print(trouble)


def visible(names, asks, results, cases, pure=False):
    """Print what the function gives in each case as JSON, with every digit, or a sentence."""
    function, trouble = _function(names, asks)
    if function:
        found = _ask(function, map(decode, json.loads(cases)), asks, results, pure)
        found = [each if isinstance(each, str) else encode(each) for each in found]
    print(json.dumps(found if function else trouble))


def numbers(names, asks, results):
    """Print the numbers that were chosen or predicted as JSON, or a sentence."""
    if asks not in names:
        print(json.dumps(missing(asks)))
        return
    try:
        print(json.dumps(encode(as_results(names[asks], results, f"{asks} is"))))
    except NotAnAnswer as problem:
        print(json.dumps(f"✗ {problem}"))


def word(names, asks):
    """Print the word that was chosen as JSON, as text and as Python writes it, or a sentence."""
    if asks not in names:
        print(json.dumps(missing(asks)))
    elif names[asks] is ...:
        print(json.dumps(f"✗ {unfilled(f'{asks} is')}"))
    else:
        print(json.dumps([str(names[asks])[:200], shorten(names[asks])]))


def _function(names, asks):
    """The function and "", or None and the sentence that says what is there in its place."""
    if asks not in names:
        return None, missing(asks)
    function = names[asks]
    return (function, "") if callable(function) else (None, no_function(asks, function))


def _ask(function, cases, asks, results, pure=False):
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a warning is not a wrong answer
        return ask(function, cases, asks, results, pure)


def _keeping(function, kept):
    def keeping(*given):
        kept[:] = given
        return function(*given)

    return keeping


def _lines(found, results, digits):
    if isinstance(found, str):
        return [found]
    return [_line(*each) for each in zip(results, found, digits)]


def _line(name, value, digits):
    flat = value.ravel().tolist()
    parts = [rounded(x, d or LAST) for x, d in zip_longest(flat, digits[: len(flat)])]
    return f"{name} {value.shape} {' '.join(parts)}"
