"""02.error, predict a number: The error of a batch."""

import numpy as np

from course.checks.slips import elsewhere
from course.checks.tasks import Mistake, Number

SLIPS = (
    Mistake(
        6.0,
        "That is drawing with replacement. Here no example is taken twice, and 25 of 33 leave "
        "little to guess: one more factor.",
    ),
    Mistake(9.0, "That is the mean square of the distance: take its root."),
    Mistake(
        36.0,
        "That is the mean square with replacement: take its root, and remember that no example "
        "is taken twice.",
    ),
    Mistake(
        1.2,
        "You divided by 25. The square of the error falls with B, so the error falls with "
        "√B only. (And none is taken twice.)",
    ),
    Mistake(
        0.6,
        "The factor for drawing without replacement is right. But the error falls with √B, "
        "not with B.",
    ),
    Mistake(
        0.3,
        "You divided the error by what divides its square: 30 stands for σ, not for σ². Both "
        "factors belong under the root.",
    ),
    Mistake(
        1.5,
        "√25 is right. The factor for drawing without replacement belongs under the root, too.",
    ),
    Mistake(
        15.0,
        "You have the factor for drawing without replacement. Averaging 25 examples divides "
        "by √25 besides.",
    ),
    Mistake(
        6 * np.sqrt(8 / 33),
        "Nearly: the factor is (N − B)/(N − 1). With N below, even a batch of one would miss "
        "by less than 30.",
    ),
    Mistake(30.0, "That is the error of a single example; the mean of 25 is closer."),
    Mistake(
        30 * 8 / 32,
        "The factor for drawing without replacement belongs under the root; and averaging 25 "
        "examples divides by √25.",
    ),
    Mistake(
        6 * np.sqrt(24 / 32),
        "Nearly: above the fraction stand those that are left, N − B, not those that are taken.",
    ),
    Mistake(
        30 / np.sqrt(33),
        "This is 30/√33. The batch has 25; and what drawing without replacement does is another "
        "factor, which is 0 for a batch of all.",
    ),
    Mistake(
        30 * np.sqrt(8 / 33),
        "Two things: the factor is (N − B)/(N − 1); and averaging 25 examples divides by √25.",
    ),
    Mistake(
        6 * 8 / 33,
        "Two things: the factor is (N − B)/(N − 1); and it belongs under the root.",
    ),
    Mistake(
        30 / np.sqrt(8),
        "You divided by the root of those that are left out. Averaging divides by √25.",
    ),
    Mistake(150.0, "You multiplied by √25. The mean of 25 examples is closer, not farther away."),
    Mistake(
        0.0,
        "Only a batch of all 33 would be exact.",
    ),
)


ERROR = Number(
    name="02.error",
    title="The error of a batch",
    asks="error_bar",
    points=0,
    reference=3.0,
    mistakes=(
        *SLIPS,
        *elsewhere(
            SLIPS,
            (-3.0, "A distance is not negative.", lambda error: error < 0),
            (
                99.0,
                "That is more than a single example is off; the mean of 25 is closer.",
                lambda error: error > 30,
            ),
            (
                10.0,
                "The mean of 25 examples is closer, even if one may be drawn again: there the mean "
                "square is 30²/25.",
                lambda error: 6 < error < 30,
            ),
            (
                5.0,
                "That is closer than with replacement, but not close enough: a batch of 25 out of "
                "33 knows most of them.",
                lambda error: 3 < error < 6,
            ),
            (2.0, "That is too close: 8 of 33 are not in the batch.", lambda error: error < 3),
        ),
    ),
    hints=(
        "Would a batch of all 33 miss at all? And one of 25 that may repeat itself?",
        "The mean square of the distance is σ²/B with replacement. Without, it has one more "
        "factor, which is 1 for B = 1 and 0 for B = N.",
        "30 is σ. The mean square is 30²/25 · (33 − 25)/(33 − 1); the answer is its root.",
    ),
)
