"""02.error, predict a number: The error of a batch."""

import numpy as np

from course.checks.tasks import Mistake, Number

ERROR = Number(
    name="02.error",
    title="The error of a batch",
    asks="error_bar",
    points=0,
    reference=3.0,
    mistakes=(
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
    ),
    hints=(
        "Would a batch of all 33 miss at all? And one of 25 that may repeat itself?",
        "The mean square of the distance is σ²/B with replacement. Without, it has one more "
        "factor, which is 1 for B = 1 and 0 for B = N.",
        "30 is σ. The mean square is 30²/25 · (33 − 25)/(33 − 1); the answer is its root.",
    ),
)
