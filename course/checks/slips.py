"""What known slips of one task have to know of each other."""

from itertools import product

import numpy as np

from course.checks.base import Mistake


def elsewhere(slips, *ranges):
    """Mistakes whose sentence is true in a whole range, said where no slip has its own.

    slips:  the mistakes whose numbers go first.
    ranges: (a number in it, its sentence, number -> whether the sentence is true there) each;
            of two that are true, the first is said.
    """
    return tuple(
        Mistake(number, because, when=_first_of(slips, ranges[:place], holds))
        for place, (number, because, holds) in enumerate(ranges)
    )


def _first_of(slips, before, holds):
    def when(number):
        known = any(np.isclose(number, slip.answer, rtol=1e-3, atol=0) for slip in slips)
        return holds(number) and not known and not any(told(number) for *_, told in before)

    return when


def in_two_lines(whole, first, second, pairs=6):
    """Mistakes in one of an answer's two lines, and then in both.

    whole:         (first line, second line) -> the function with these lines.
    first, second: dictionaries, line -> its sentence; the right line first, then the likely ones.
    pairs:         of how many wrong lines of each the mistakes in both are made.
    """
    (right, *wrong), (well, *badly) = first, second
    lines = [(one, well) for one in wrong] + [(right, other) for other in badly]
    lines += product(wrong[:pairs], badly[:pairs])
    return [
        Mistake(whole(one, other), _said(first[one], second[other], turned=other == well))
        for one, other in lines
    ]


def _said(first, second, turned):
    """Both sentences; turned where the second line is right, which is said before what is not."""
    return " ".join(filter(None, (second, first) if turned else (first, second)))


def distinct(reference, cases, known, more=()):
    """The known mistakes, and more that differ from the right function and from all before.

    cases: the arguments of some calls.
    """
    seen = {_results(reference, cases)} | {_results(each.answer, cases) for each in known}
    kept = [*known]
    for mistake in more:
        results = _results(mistake.answer, cases)
        if results and results not in seen:
            seen.add(results)
            kept.append(mistake)
    return tuple(kept)


def _results(function, cases):
    """What a function gives in all cases, to six digits; "" where it gives no finite numbers."""
    with np.errstate(all="ignore"):
        try:
            found = [np.asarray(part, float) for case in cases for part in _parts(function(*case))]
        except (ArithmeticError, ValueError, TypeError):
            return ""
    if not all(np.isfinite(part).all() for part in found):
        return ""
    return " ".join(f"{part.shape}" + " ".join(f"{x:.5e}" for x in part.ravel()) for part in found)


def _parts(value):
    return value if isinstance(value, tuple) else (value,)
