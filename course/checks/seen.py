"""The cases that a check has tried, and which of them are right."""

from typing import NamedTuple

import numpy as np

from course.checks.calling import agree, has_nan

#: What is said of nan where a number is expected.
NAN = (
    'nan, "not a number", comes from 0/0, inf - inf, or the root of a negative number: look which '
    "of them your lines can meet here."
)
FEW = 3  # cases that are named


class Seen(NamedTuple):
    """One case that was tried: its title and arguments, and both sides' results as arrays.

    shown: whether it is one of the sheet's own.
    """

    shown: bool
    title: str
    arguments: tuple
    yours: list
    expected: list

    @property
    def right(self):
        """For each result, whether it is right."""
        return [agree([a], [b]) for a, b in zip(self.yours, self.expected)]


def has_shapes(case):
    """Whether all results of a case have the shapes that they should."""
    return all(a.shape == b.shape for a, b in zip(case.yours, case.expected))


def has_a_nan(case):
    """Whether there is a nan where a number should be."""
    return has_nan(case.yours) and not has_nan(case.expected)


def column(seen, i):
    """One result in all cases: (yours, expected)."""
    return [case.yours[i] for case in seen], [case.expected[i] for case in seen]


def in_words(names):
    """Names in a sentence: "w", "w and v", "w, v and a"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def which_cases(seen, wrong_why=""):
    """Which cases are right and which are not, where both kinds are there."""
    right = [all(case.right) for case in seen]
    if not any(right):
        return wrong_why
    shown = [(f"“{case.title}”", holds) for case, holds in zip(seen, right) if case.shown]
    good, bad = ([title for title, holds in shown if holds is wanted] for wanted in (True, False))
    if not bad:
        arrays = ", no arrays" * _right_for_numbers_alone(seen, right)
        says = (
            "The sheet's own cases are right, other numbers are not. What do the sheet's have in "
            f"common: signs, round numbers{arrays}?"
        )
    elif _right_for_numbers_alone(seen, right):
        says = "It is right where numbers come in, and not where arrays do."
    else:
        says = f"Not right: {_few(bad)}; right: {_few(good)}." if good else ""
    return " ".join(filter(None, [says, wrong_why]))


def _few(titles):
    return in_words(titles) if len(titles) <= FEW else f"{len(titles)} of the sheet's cases"


def _right_for_numbers_alone(seen, right):
    alone = [not any(hasattr(each, "__len__") for each in case.arguments) for case in seen]
    return alone == right


def how_far(seen, asked):
    """Whether what is wrong is always too large, or always too small; the last thing to say."""
    for i, name in enumerate(asked.results):
        pairs = [(a, b) for a, b in zip(*column(seen, i)) if not agree([a], [b])]
        if any(a.shape != b.shape or has_nan([a]) for a, b in pairs):
            continue
        for word, sign in (("large", 1), ("small", -1)):
            if pairs and all(np.all(sign * (a - b) > 0) for a, b in pairs):
                return f"{name} is too {word} wherever it is wrong."
            if pairs and all(np.all(sign * (abs(a) - abs(b)) > 0) for a, b in pairs):
                return f"The size of {name} is too {word} wherever it is wrong."
    return ""
