"""What was done to the entries of a result: shifted, turned round, left out, summed."""

import numpy as np

from course.checks.calling import agree

#: What is true of a result, and the function of the right one that would give it.
_DONE = (
    ("comes in reverse order", lambda x: x[::-1]),
    ("is transposed", lambda x: x.T),
    ("holds the last entry alone", lambda x: x[-1]),
    ("holds the first entry alone", lambda x: x[0]),
    ("lacks its first entry", lambda x: x[1:]),
    ("lacks its last entry", lambda x: x[:-1]),
    ("is the sum of what should be returned", np.sum),
    ("is the mean of what should be returned", np.mean),
    ("is summed over its rows", lambda x: np.sum(x, axis=0)),
    ("is averaged over its rows", lambda x: np.mean(x, axis=0)),
    ("is cumulated: each entry contains those before it", lambda x: np.cumsum(x, axis=0)),
)
#: What is true of both together, as a question of (yours, the right one).
_BOTH = (
    ("comes one step late", lambda a, b: len(a) == len(b) > 2 and _same(a[1:], b[:-1])),
    ("comes one step early", lambda a, b: len(a) == len(b) > 2 and _same(a[:-1], b[1:])),
    ("has one entry too many, its first", lambda a, b: _same(a[1:], b)),
    ("has one entry too many, its last", lambda a, b: _same(a[:-1], b)),
    ("has the right values in another order", lambda a, b: _same(np.sort(a), np.sort(b))),
    ("is right but for its first entry", lambda a, b: len(b) > 2 and _same(a[1:], b[1:])),
    ("is right but for its last entry", lambda a, b: len(b) > 2 and _same(a[:-1], b[:-1])),
    ("is right in its first entry alone", lambda a, b: len(b) > 1 and _first_alone(a, b)),
)


def in_a_series(yours, expected):
    """What is true of a result in all cases, such as "comes one step late"; "" for nothing.

    yours, expected: lists of arrays, one for each case.
    """
    wrong = [(a, b) for a, b in zip(yours, expected) if not agree([a], [b])]
    if not wrong or any(b.ndim == 0 for _, b in wrong):
        return ""
    for words, change in _DONE:
        if all(_holds(lambda a, b, change=change: _same(a, change(b)), *pair) for pair in wrong):
            return words
    for words, holds in _BOTH:
        if all(_holds(holds, *pair) for pair in wrong):
            return words
    return ""


def _holds(question, a, b):
    try:
        return bool(question(a, b))
    except (ValueError, IndexError, TypeError):
        return False


def _same(a, b):
    return agree([np.asarray(a)], [np.asarray(b)])


def _first_alone(a, b):
    return a.shape == b.shape and _same(a[0], b[0]) and not np.any(np.isclose(a[1:], b[1:]))
