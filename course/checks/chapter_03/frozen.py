"""03.frozen, predict a number: A callable in three fits."""

from course.checks.tasks import Mistake, Number

FROZEN = Number(
    name="03.frozen",
    title="A callable in three fits",
    asks="last_weight",
    points=0,
    reference=0.32,
    mistakes=(
        Mistake(
            0.2,
            "You let the second `fit` ask again. It runs the step that the first one compiled, and "
            "in that step the rate is a constant.",
        ),
        Mistake(
            0.512,
            "You kept 0.1 for ever. It is frozen in the compiled step, and `compile` throws that "
            "step away.",
        ),
        Mistake(
            0.125,
            "You used the new rate from the start. When the first `fit` asked, the callable still "
            "said 0.1.",
        ),
        Mistake(0.64, "That is w after two steps. One more `fit` follows."),
        Mistake(0.4, "Close, but only two steps: each of the three calls of `fit` makes one."),
        Mistake(
            0.5,
            "You let `compile` set the weight back to 1. It changes how the model is trained, not "
            "its weights.",
        ),
        Mistake(
            0.9 * 0.9 * 0.75,
            "The right rates, but the gradient of w² is 2w: a step multiplies w by 1 - 2η.",
        ),
    ),
    hints=(
        "When is the callable asked: at each step, at each `fit`, or more rarely still?",
        "It is asked while a step is being compiled, which the first `fit` after a `compile` does. "
        "Which of the three fits come first after a `compile`?",
        "The rates are 0.1, 0.1 and 0.25, and each step multiplies w by 1 - 2η.",
    ),
)
