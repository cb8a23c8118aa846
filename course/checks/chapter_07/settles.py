"""07.settles, predict a number: Where the clipped walker settles."""

from course.checks.tasks import Mistake, Number

SETTLES = Number(
    name="07.settles",
    title="Where the clipped walker settles",
    asks="resting_place",
    points=0,
    reference=0.5,
    mistakes=(
        Mistake(
            2.0,
            "That is the mean, where the unclipped gradients balance. The fifth example's gradient "
            "is cut, the others' are not.",
        ),
        Mistake(
            0.0,
            "That is the median, where it settles for a very small threshold. At w = 0 the four "
            "examples have no gradient at all, and the fifth still pulls.",
        ),
        Mistake(
            0.4,
            "You clipped the examples. It is their gradients, w - a, that are clipped.",
        ),
        Mistake(
            2.5,
            "Your balance has the right form, but the fifth example's pull was not cut to 2.",
        ),
        Mistake(
            2 / 9 - 1,
            "That is the formula of the chapter's examples, nine of ten at -1. Balance the "
            "gradients of these five.",
        ),
        Mistake(
            -0.5,
            "The size is right; mind the sign: the fifth example pulls towards 10.",
        ),
    ),
    hints=(
        "It settles where the mean of the five clipped gradients is zero.",
        "For a w between 0 and 2 the four examples have the gradient w, uncut. The fifth has "
        "w - 10, which is cut. To what?",
        "4 · w + 1 · (-2) = 0.",
    ),
)
