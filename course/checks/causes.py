"""What is said by rule of wrong results, whatever the task: only what is true of every case.

A cause is looked for among all cases that a check has tried: in the results' order and shape, in
the quantities that came in, and in what the right function gives where one argument is changed.
"""

from itertools import permutations
from typing import NamedTuple

from course.checks import quantities
from course.checks.calling import agree
from course.checks.seen import NAN, column, has_a_nan, has_shapes, how_far, in_words, which_cases
from course.checks.series import in_a_series

ALWAYS = "Your function gives the same in every case, whatever comes in."


class Asked(NamedTuple):
    """What was asked for: the names of results and parameters, and the right function.

    reference: arguments -> results as arrays; it may raise.
    unused:    a sentence on the parameters that the learner's lines never use, or "".
    """

    results: tuple
    parameters: tuple
    reference: object
    unused: str = ""


def of_results(seen, asked):
    """One sentence or two on the likely cause, true of all cases; "" where none is known.

    seen: all cases that have results, in order, of which at least one is wrong.
    """
    first = next(case for case in seen if not all(case.right))
    if not has_shapes(first):
        return _wrong_shapes(first, seen, asked)
    if has_a_nan(first):
        return which_cases(seen, NAN) or NAN
    if _is_always_the_same(seen):
        return " ".join(filter(None, [ALWAYS, asked.unused]))
    numbers = [case for case in seen if has_shapes(case) and not has_a_nan(case)]
    return " ".join(filter(None, [_of_numbers(numbers, seen, asked), _otherwise(seen)]))


def _otherwise(seen):
    """In which case there are no numbers of the right shape, so that nothing is said of it."""
    for case in seen:
        if not has_shapes(case):
            return f"But in “{case.title}” a result has another shape."
        if has_a_nan(case):
            return f"But in “{case.title}” there is nan. {NAN}"
    return ""


def _of_numbers(seen, whole, asked):
    """What is true of all cases that have results of the right shapes and no nan.

    whole: all cases, of which what is right must be so.
    """
    if all(all(case.right) for case in seen if not case.shown):
        # Of a few round numbers alone much is true by chance.
        return _by_results(whole, asked, {})
    came_in = _each_phrase(seen, asked, _as_it_came)
    return (
        _swapped(seen, asked)
        or (_by_results(whole, asked, came_in) if any(came_in.values()) else "")
        or _as_if(seen, asked)
        or _by_results(whole, asked, _each_phrase(seen, asked, _of_one))
    )


# ---- all results together --------------------------------------------------------------


def _wrong_shapes(case, seen, asked):
    """The results of a case whose shape is wrong, and what was done to the first one's entries."""
    parts = enumerate(zip(asked.results, case.yours, case.expected))
    wrong = [(i, name, a, b) for i, (name, a, b) in parts if a.shape != b.shape]
    said = [f"{name} must {_shape(b)}; yours has shape {a.shape}." for _, name, a, b in wrong]
    series = in_a_series(*column(seen, wrong[0][0]))
    return " ".join([*said, *([f"{wrong[0][1]} {series}."] if series else [])])


def _shape(value):
    """What must hold of a result's shape, in words that a learner knows."""
    return f"have shape {value.shape}" if value.ndim else "be one number"


def _swapped(seen, asked):
    for order in permutations(range(len(asked.results))):
        if all(agree([case.yours[i] for i in order], case.expected) for case in seen):
            return f"The values are right, but in another order: return {', '.join(asked.results)}."
    return ""


def _is_always_the_same(seen):
    """Whether the results are the same in all cases, and should not be."""
    varied = sum(not agree(case.expected, seen[0].expected) for case in seen)
    return varied > 1 and all(agree(case.yours, seen[0].yours) for case in seen)


def _as_if(seen, asked):
    changed = _changed(seen, asked)
    who = "Your result is" if len(asked.results) == 1 else "Your results are"
    return f"{who} what {changed}." if changed else ""


def _changed(seen, asked, which=None):
    """What would have to come in for the results to be right; which: one of them alone."""
    places = range(len(asked.results)) if which is None else [which]
    wrong = [case for case in seen if not all(case.right[i] for i in places)]
    if len(wrong) < 2:
        return ""
    for words, change in quantities.changes(seen[0].arguments, asked.parameters):
        # The wrong ones first: most changes fail there at once.
        if all(_gives(case, change, asked, places) for case in [*wrong, *seen]):
            return f"would be right if {words}"
    return ""


def _gives(case, change, asked, places):
    """Whether the right function, with something else coming in, gives a case's results."""
    try:
        given = asked.reference(change(case.arguments))
        return agree([case.yours[i] for i in places], [given[i] for i in places])
    except Exception:  # the reference is asked what nobody asks it
        return False


# ---- each result by itself -------------------------------------------------------------


def _each_phrase(seen, asked, of_one):
    """Result's number -> what is true of it, "" for nothing, of each that is wrong."""
    wrong = [i for i in range(len(asked.results)) if not all(case.right[i] for case in seen)]
    return {i: of_one(seen, asked, i) for i in wrong}


def _by_results(seen, asked, phrases):
    """What is right, and of each result that is wrong what is true of it.

    phrases: as `_each_phrase` returns them.
    """
    good = [n for i, n in enumerate(asked.results) if all(case.right[i] for case in seen)]
    bad = [name for name in asked.results if name not in good]
    said = [*_joined({asked.results[i]: phrases[i] for i in phrases if phrases[i]})]
    if good and bad:
        is_right = f"{in_words(good)} {'are' if len(good) > 1 else 'is'} right"
        said = [f"{is_right}; look at {in_words(bad)}.", *said]
    if not any(phrases[i] for i in phrases):
        said.append(asked.unused or which_cases(seen) or how_far(seen, asked))
    return " ".join(filter(None, said))


def _joined(phrases):
    """Sentences on the results, those of which the same is true in one."""
    for phrase in dict.fromkeys(phrases.values()):
        first, *others = [name for name in phrases if phrases[name] == phrase]
        end = "" if phrase[-1] == "?" else "."
        also = f" The same is true of {in_words(others)}." if others else ""
        yield f"{first} {phrase}{end}{also}"


def _as_it_came(seen, asked, i):
    name = quantities.as_it_came(seen, asked.parameters, column(seen, i)[0])
    if name == asked.results[i]:
        return "is what came in, unchanged"
    return f"is {name} as it came in" if name else ""


def _of_one(seen, asked, i):
    """What is true of one wrong result, such as "is half of what it should be", or ""."""
    yours, expected = column(seen, i)
    changed = _changed(seen, asked, i) if len(asked.results) > 1 else ""
    others = [(asked.results[k], column(seen, k)[1]) for k in range(len(asked.results)) if k != i]
    return (
        _as_another(seen, asked, i)
        or quantities.by_a_number(yours, expected)
        or quantities.by_a_factor(seen, asked.parameters, yours, expected)
        or (changed and f"is what {changed}")
        or quantities.by_a_term(seen, asked.parameters, others, yours, expected)
        or in_a_series(yours, expected)
    )


def _as_another(seen, asked, i):
    yours, expected = column(seen, i)
    for k, name in enumerate(asked.results):
        other = column(seen, k)[1]
        if k != i and all(agree([a], [b]) for a, b in zip(yours, other)):
            return f"is what {name} should be"
    return ""
