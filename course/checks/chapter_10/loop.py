"""10.loop, predict a number: A loop of your own."""

from course.checks import slips
from course.checks.tasks import Mistake, Number

GRADIENT, FACTOR, CLIP, RATE = 16.0, 64.0, 1.0, 0.1


def _new_weight(unscale=1 / FACTOR, clip="last", step=-RATE):
    """The weight after the call; each keyword is something that may be got wrong.

    unscale: what the gradient is multiplied by.
    clip:    whether it is cut "last", "first", "never", or "stretched" to the clip.
    """
    gradient = min(GRADIENT, CLIP) if clip == "first" else GRADIENT
    gradient = gradient * unscale
    if clip == "last":
        gradient = min(gradient, CLIP)
    elif clip == "stretched":
        gradient = CLIP
    return 1 + step * gradient


LOOP = Number(
    name="10.loop",
    title="A loop of your own",
    asks="new_weight",
    points=0,
    reference=_new_weight(),
    mistakes=slips.of_number(
        _new_weight,
        (
            (
                {"clip": "first"},
                "You clipped first and divided by 64 then. Keras unscales before it clips.",
            ),
            (
                {"clip": "stretched"},
                "So it would be if the loss had been scaled: this loop never calls scale_loss, and "
                "`apply` divides all the same. (And a clip never makes a gradient longer.)",
            ),
            (
                {"step": -1.0},
                "That is the right gradient. The step is learning_rate times it.",
            ),
            (
                {"step": RATE},
                "The size of the step is right, its sign is not: the weight goes downhill.",
            ),
        ),
        Mistake(
            1 - RATE * GRADIENT,
            "You left out both the division and the clip: outside of `fit`, `apply` still does its "
            "half of the scaling.",
        ),
        Mistake(1 - GRADIENT, "You left out the division, the clip and the learning rate."),
        Mistake(
            1 - RATE * GRADIENT * FACTOR,
            "You multiplied by the factor. That is what scale_loss would do to the loss; `apply` "
            "divides the gradient.",
        ),
        Mistake(0.0, "You left out the division by 64 and the learning rate."),
        Mistake(0.25, "That is the gradient after the division. Where does its step lead, from 1?"),
        Mistake(0.025, "That is the size of the step. Where does it lead, from 1?"),
        Mistake(-0.025, "That is the step. Where does it lead, from 1?"),
    )
    + (Mistake(1.0, "The step is small, but it is not 0."),),
    hints=(
        "A scale has two halves. Which of them happens in this loop?",
        "Nobody multiplied the loss, so the gradient arrives as 16. Then `apply` does three things "
        "with it: which, in which order?",
        "16 / 64 = 0.25, which is shorter than the clip. The step is 0.1 times that.",
    ),
)
