"""What known slips of one task have to know of each other."""

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
