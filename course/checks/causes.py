"""What is said by rule of wrong results, whatever the task: only what is true of every case.

A cause is looked for among all cases that a check has tried: in the results' order and shape, in
the quantities that came in, and in what the right function gives where one argument is changed.
"""

from itertools import permutations
from typing import NamedTuple

import numpy as np

from course.checks import quantities
from course.checks.calling import agree, has_nan
from course.checks.series import in_a_series

#: What is said of nan where a number is expected.
NAN = (
    'nan, "not a number", comes from 0/0, inf - inf, or the root of a negative number: look which '
    "of them your lines can meet here."
)


class Seen(NamedTuple):
    """One case that was tried: its title and arguments, and both sides' results as arrays."""

    title: str
    arguments: tuple
    yours: list
    expected: list

    @property
    def right(self):
        """For each result, whether it is right."""
        return [agree([a], [b]) for a, b in zip(self.yours, self.expected)]


class Asked(NamedTuple):
    """What was asked for: the names of results and parameters, and the right function.

    reference: arguments -> results as arrays; it may raise.
    shown:     how many of the cases are the sheet's own, the first ones.
    """

    results: tuple
    parameters: tuple
    reference: object
    shown: int


def of_results(seen, asked):
    """One sentence or two on the likely cause, true of all cases; "" where none is known.

    seen: all cases that have results, in order, of which at least one is wrong.
    """
    first = next(case for case in seen if not all(case.right))
    if not _has_shapes(first):
        return _wrong_shapes(first, seen, asked)
    seen = [case for case in seen if _has_shapes(case)]
    if any(has_nan(case.yours) and not has_nan(case.expected) for case in seen):
        return _which_cases(seen, asked, NAN)
    return (
        _swapped(seen, asked)
        or _always_the_same(seen)
        or _as_if(seen, asked)
        or _by_results(seen, asked)
    )


def _names(names):
    """Names in a sentence: "w", "w and v", "w, v and a"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


# ---- all results together --------------------------------------------------------------


def _has_shapes(case):
    """Whether all results of a case have the shapes that they should."""
    return all(a.shape == b.shape for a, b in zip(case.yours, case.expected))


def _wrong_shapes(case, seen, asked):
    """The results of a case whose shape is wrong, and what was done to the first one's entries."""
    parts = enumerate(zip(asked.results, case.yours, case.expected))
    wrong = [(i, name, a, b) for i, (name, a, b) in parts if a.shape != b.shape]
    said = [f"{name} must {_shape(b)}; yours has shape {a.shape}." for _, name, a, b in wrong]
    series = in_a_series(*_column(seen, wrong[0][0]))
    return " ".join([*said, *([f"{wrong[0][1]} {series}."] if series else [])])


def _shape(value):
    """What must hold of a result's shape, in words that a learner knows."""
    return f"have shape {value.shape}" if value.ndim else "be one number"


def _swapped(seen, asked):
    for order in permutations(range(len(asked.results))):
        if all(agree([case.yours[i] for i in order], case.expected) for case in seen):
            return f"The values are right, but in another order: return {', '.join(asked.results)}."
    return ""


def _always_the_same(seen):
    first = seen[0].yours
    same = all(agree(case.yours, first) for case in seen)
    varied = sum(not agree(case.expected, seen[0].expected) for case in seen)
    if not same or varied < 2:
        return ""
    return "Your function gives the same in every case: are all arguments used in its lines?"


def _as_if(seen, asked, which=None):
    """What would have to come in for the results to be right; which: one of them alone."""
    places = range(len(asked.results)) if which is None else [which]
    wrong = [case for case in seen if not all(case.right[i] for i in places)]
    if len(wrong) < 2:
        return ""
    who = "Your results are what" if which is None else f"{asked.results[which]} is what"
    if len(asked.results) == 1:
        who = f"Your {asked.results[0]} is what"
    for words, change in quantities.changes(seen[0].arguments, asked.parameters):
        # The wrong ones first: most changes fail there at once.
        if all(_gives(case, change, asked, places) for case in [*wrong, *seen]):
            return f"{who} would be right if {words}."
    return ""


def _gives(case, change, asked, places):
    """Whether the right function, with something else coming in, gives a case's results."""
    try:
        given = asked.reference(change(case.arguments))
        return agree([case.yours[i] for i in places], [given[i] for i in places])
    except Exception:  # the reference is asked what nobody asks it
        return False


# ---- each result by itself -------------------------------------------------------------


def _by_results(seen, asked):
    """What is right, and of each result that is wrong what is true of it."""
    good, bad = [], []
    for i, name in enumerate(asked.results):
        (good if all(case.right[i] for case in seen) else bad).append((i, name))
    said = [of for of in (_of_one(seen, asked, i) for i, _ in bad) if of]
    if good and bad:
        is_right = f"{_names([n for _, n in good])} {'are' if len(good) > 1 else 'is'} right"
        said = [f"{is_right}; look at {_names([name for _, name in bad])}.", *said]
    if not said or (good and len(said) == 1):
        said.append(_which_cases(seen, asked))
    return " ".join(filter(None, said))


def _column(seen, i):
    """One result in all cases: (yours, expected)."""
    return [case.yours[i] for case in seen], [case.expected[i] for case in seen]


def _of_one(seen, asked, i):
    """A sentence on one wrong result, or ""."""
    name, (yours, expected) = asked.results[i], _column(seen, i)
    simple = (
        _as_another(seen, asked, i)
        or quantities.as_it_came(seen, asked.parameters, yours)
        or quantities.by_a_number(yours, expected)
        or quantities.by_a_factor(seen, asked.parameters, yours, expected)
    )
    if simple:
        return f"{name} {simple}."
    changed = _as_if(seen, asked, i) if len(asked.results) > 1 else ""
    if changed:
        return changed
    others = [(asked.results[k], _column(seen, k)[1]) for k in range(len(asked.results)) if k != i]
    more = quantities.by_a_term(seen, asked.parameters, others, yours, expected)
    more = more or in_a_series(yours, expected)
    return f"{name} {more}{'' if more[-1:] in '.?' else '.'}" if more else ""


def _as_another(seen, asked, i):
    yours, expected = _column(seen, i)
    for k, name in enumerate(asked.results):
        other = _column(seen, k)[1]
        if k != i and all(agree([a], [b]) for a, b in zip(yours, other)):
            return f"is what {name} should be"
    return ""


# ---- which cases -----------------------------------------------------------------------


def _which_cases(seen, asked, wrong_why=""):
    """Which cases are right and which are not, where both kinds are there."""
    right = [all(case.right) for case in seen]
    shown = right[: asked.shown]
    if not any(right):
        return wrong_why or _how_far(seen, asked)
    if all(shown):
        says = (
            "The sheet's own cases are right, other numbers are not: does a number in your lines "
            "belong to these cases only?"
        )
    elif _right_for_numbers_alone(seen, right):
        says = "It is right where numbers come in, and not where arrays do."
    else:
        good = [f"“{case.title}”" for case, holds in zip(seen, shown) if holds]
        bad = [f"“{case.title}”" for case, holds in zip(seen, shown) if not holds]
        says = f"Not right: {_names(bad)}; right: {_names(good)}." if good else ""
    return " ".join(filter(None, [says, wrong_why]))


def _right_for_numbers_alone(seen, right):
    alone = [not any(hasattr(each, "__len__") for each in case.arguments) for case in seen]
    return alone == right


def _how_far(seen, asked):
    """Whether what is wrong is always too large, or always too small; the last thing to say."""
    for i, name in enumerate(asked.results):
        pairs = [(a, b) for a, b in zip(*_column(seen, i)) if not agree([a], [b])]
        for word, sign in (("large", 1), ("small", -1)):
            if pairs and all(np.all(sign * (a - b) > 0) for a, b in pairs):
                return f"{name} is too {word} wherever it is wrong."
            if pairs and all(np.all(sign * (abs(a) - abs(b)) > 0) for a, b in pairs):
                return f"The size of {name} is too {word} wherever it is wrong."
    return ""


# ---- a single number -------------------------------------------------------------------


def of_number(yours, reference):
    """A sentence on a number that was predicted, "" where none is true; it tells no answer."""
    if yours.size != 1:
        return "One number is wanted."
    number = float(yours.reshape(()))
    if not np.isfinite(number):
        return NAN if np.isnan(number) else "The number that is wanted is finite."
    if np.isclose(number, -reference):
        return "The size is right, the sign is not."
    if number * reference < 0:
        return "Look at the sign first: it is the other one."
    if reference and number:
        digits = np.log10(abs(number / reference))
        if np.isclose(digits, round(digits), atol=1e-6):
            return "The digits are right. The decimal point is at another place."
        if np.isclose(number * reference, 1):
            return "It is upside down: 1 divided by your number would be right."
        if abs(number / reference - 1) < 0.005:
            return "That is close, but rounded: write the number exactly, as a formula if you like."
    return f"It is too {'large' if number > reference else 'small'}."
