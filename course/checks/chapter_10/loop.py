"""10.loop, predict a number: A loop of your own."""

from course.checks.tasks import Mistake, Number

LOOP = Number(
    name="10.loop",
    title="A loop of your own",
    asks="new_weight",
    points=0,
    reference=0.975,
    mistakes=(
        Mistake(
            0.9,
            "So it would be if the loss had been scaled. This loop never calls scale_loss, and "
            "`apply` divides all the same.",
        ),
        Mistake(
            -0.6,
            "You left out both the division and the clip: outside of `fit`, `apply` still does its "
            "half of the scaling.",
        ),
        Mistake(
            1 - 0.1 / 64,
            "You clipped first and divided by 64 then. Keras unscales before it clips.",
        ),
        Mistake(0.75, "That is the right gradient. The step is learning_rate times it."),
        Mistake(1.025, "The size of the step is right, its sign is not: the weight goes downhill."),
        Mistake(0.025, "That is the size of the step. Where does it lead, from 1?"),
        Mistake(
            1 - 0.1 * 16 * 64,
            "You multiplied by the factor. That is what scale_loss would do to the loss; `apply` "
            "divides the gradient.",
        ),
        Mistake(1.0, "The step is small, but it is not 0."),
    ),
    hints=(
        "A scale has two halves. Which of them happens in this loop?",
        "Nobody multiplied the loss, so the gradient arrives as 16. Then `apply` does three things "
        "with it: which, in which order?",
        "16 / 64 = 0.25, which is shorter than the clip. The step is 0.1 times that.",
    ),
)
