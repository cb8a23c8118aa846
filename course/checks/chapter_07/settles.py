"""07.settles, predict a number: Where the clipped walker settles."""

import numpy as np

from course.checks.choices import ROUNDED
from course.checks.tasks import Mistake, Number

RIGHT = 2 + 3 / 4

KNOWN = (
    Mistake(
        4.0,
        "That is the mean, where the unclipped gradients balance. The fifth example's gradient "
        "is cut, the others' are not.",
    ),
    Mistake(
        2.0,
        "That is the median, where it settles for a very small threshold. At w = 2 the four "
        "examples have no gradient at all, and the fifth still pulls.",
    ),
    Mistake(
        (4 * 2 + 3) / 5,
        "You clipped the examples. It is their gradients, w - a, that are clipped.",
    ),
    Mistake(
        2 + 10 / 4,
        "Your balance has the right form, but the fifth example's pull was not cut to 3.",
    ),
    Mistake(
        2 + 3 / 5,
        "You shared the cut pull out among five. The fifth pulls, and four hold against it.",
    ),
    Mistake(
        2 + 3,
        "There one of the four would hold against the fifth. But there are four of them.",
    ),
    Mistake(
        2 + 4 * 3,
        "The fraction stands on its head: four examples hold against one, so it moves by less "
        "than one of them would let it.",
    ),
    Mistake(
        3 / 4,
        "That is how far it settles from 2, where the four examples are.",
    ),
    Mistake(
        3 / 5,
        "You shared the cut pull out among all five, and counted from 0: the four are at 2.",
    ),
    Mistake(
        3.0,
        "That is the threshold. It cuts the gradients w - a, and not the place w.",
    ),
    Mistake(
        12 - 3,
        "There the fifth example's gradient is just cut, but the four others pull back with 3 "
        "each.",
    ),
    Mistake(12.0, "There the fifth example is content, and the four others pull with 3 each."),
    Mistake(
        3 / 9 - 1,
        "That is the formula of the chapter's examples, nine of ten at -1. Balance the "
        "gradients of these five.",
    ),
    Mistake(
        2 - 3 / 4,
        "The distance from 2 is right; mind the sign: the fifth example pulls towards 12.",
    ),
)


def _elsewhere(low, high):
    """Whether a number lies between two, and is none of the known ones."""

    def is_there(number):
        near = (np.isclose(number, each.answer, rtol=ROUNDED) for each in KNOWN)
        return low < number < high and not any(near) and number != RIGHT

    return is_there


#: What is true of any other number.
REGIONS = (
    Mistake(
        -1.0,
        "There all five examples pull upwards: it settles where the pulls balance.",
        when=_elsewhere(-np.inf, 2),
    ),
    Mistake(
        2.3,
        "There the fifth example still pulls harder, with 3, than the four others together: each "
        "pulls with its own w - 2.",
        when=_elsewhere(2, RIGHT),
    ),
    Mistake(
        3.7,
        "There the four examples pull back harder together, each with its own w - 2, than the "
        "fifth pulls: its 10 or so is cut to 3.",
        when=_elsewhere(RIGHT, 5),
    ),
    Mistake(
        7.0,
        "There the four examples pull back with 3 each, and the fifth with no more than 3.",
        when=_elsewhere(5, np.inf),
    ),
)

SETTLES = Number(
    name="07.settles",
    title="Where the clipped walker settles",
    asks="resting_place",
    points=0,
    reference=RIGHT,
    mistakes=(*KNOWN, *REGIONS),
    hints=(
        "It settles where the mean of the five clipped gradients is zero.",
        "For a w between 2 and 5 the four examples have the gradient w - 2, uncut. The fifth has "
        "w - 12, which is cut. To what?",
        "4 · (w - 2) + 1 · (-3) = 0.",
    ),
)
