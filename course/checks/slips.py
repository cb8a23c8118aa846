"""What known slips of one task have to know of each other."""

from itertools import combinations, product

import numpy as np

from course.checks.base import Mistake

#: Two numbers that are nearer than this, as a part of them, are taken for one and the same.
NEAR = 3e-3


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


def of_number(compute, slips, *others):
    """The mistakes of a predicted number: where each slip leads, and each two of different kinds.

    compute: keywords -> the number; without any the right one.
    slips:   pairs of (keywords of `compute`, the sentence that explains them).
    others:  mistakes that are no such slips.
    A pair of slips is left out where it leads to a number that something else leads to as well.
    Errors:  ValueError where two mistakes, or one and the right way, lead to the same number.
    """
    right, alone = compute(), [(compute(**slip), because) for slip, because in slips]
    alone += [(other.answer, other.because) for other in others]
    for i, (number, because) in enumerate(alone):
        if any(_is_near(number, other) for other in [right, *(n for n, _ in alone[:i])]):
            raise ValueError(f"Another way leads to {number}, too: {because}")
    both = [
        (compute(**one, **other), f"Two things. {first} And: {second}")
        for (one, first), (other, second) in combinations(slips, 2)
        if not one.keys() & other.keys()
    ]
    taken = [right, *(number for number, _ in alone)]
    told = [
        pair
        for i, pair in enumerate(both)
        if not any(_is_near(pair[0], n) for n in taken)
        and not any(_is_near(pair[0], n) for k, (n, _) in enumerate(both) if k != i)
    ]
    return tuple(Mistake(number, because) for number, because in [*alone, *told])


def _is_near(a, b):
    return bool(np.isclose(a, b, rtol=NEAR, atol=1e-9))
