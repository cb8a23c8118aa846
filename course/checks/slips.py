"""Known mistakes of a task, made from its slips: each alone, and each two of them together."""

from itertools import combinations

import numpy as np

from course.checks.tasks import Mistake

#: Two numbers that are nearer than this, as a part of them, are taken for one and the same.
NEAR = 3e-3


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
