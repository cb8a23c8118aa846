"""07.settles, predict a number: Where the clipped walker settles."""

from course.checks.tasks import Mistake, Number

SETTLES = Number(
    name="07.settles",
    title="Where the clipped walker settles",
    asks="resting_place",
    points=0,
    reference=2 + 3 / 4,
    mistakes=(
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
            2 + 10 / 5 * 3 / 4,
            "The mean gradient is not what is clipped: each example's own gradient is, before any "
            "mean is taken.",
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
    ),
    hints=(
        "It settles where the mean of the five clipped gradients is zero.",
        "For a w between 2 and 5 the four examples have the gradient w - 2, uncut. The fifth has "
        "w - 12, which is cut. To what?",
        "4 · (w - 2) + 1 · (-3) = 0.",
    ),
)
