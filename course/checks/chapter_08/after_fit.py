"""08.after_fit, predict a number: What fit leaves behind."""

from course.checks import slips
from course.checks.tasks import Mistake, Number

START, RATE, KEEPS, STEPS = 32.0, 0.25, 0.75, 3


def _after_fit(slope=2.0, begins="first", keeps=KEEPS, corrected=False, steps=STEPS):
    """What the weight is in the end; each keyword is something that may be got wrong.

    slope:  what w is multiplied by in the loss's slope.
    begins: whether the average starts as the "first" weights, the "initial" ones, or at "zero".
    """
    weights = [START * (1 - RATE * slope) ** step for step in range(1, steps + 1)]
    average = {"first": weights[0], "initial": START, "zero": 0.0}[begins]
    for weight in weights[1:] if begins == "first" else weights:
        average = keeps * average + (1 - keeps) * weight
    return average / (1 - keeps**steps) if corrected else average


SLIPS = (
    (
        {"slope": 1.0},
        "The weights are not those of this run: the loss is w², so its slope is 2w, and a step "
        "leaves half of w.",
    ),
    (
        {"begins": "zero"},
        "Your average starts at zero. Keras's starts as a copy of the weight after the first step.",
    ),
    (
        {"begins": "initial"},
        "The initial weight 32 is in your average. Keras's begins with the weight after the first "
        "step.",
    ),
    (
        {"keeps": 1 - KEEPS},
        "You exchanged the two parts: ema_momentum is the part of the old average that stays.",
    ),
    (
        {"keeps": 0.99},
        "You took the default, 0.99. Here ema_momentum is 0.75.",
    ),
    (
        {"corrected": True},
        "You corrected the average, as Adam does. Keras's did not start at zero, so there is "
        "nothing to correct.",
    ),
    ({"steps": STEPS - 1}, "One step is missing: three epochs make three steps."),
    ({"steps": STEPS + 1}, "That is one step too many: three epochs make three steps."),
)

AFTER_FIT = Number(
    name="08.after_fit",
    title="What fit leaves behind",
    asks="after_fit",
    points=0,
    reference=_after_fit(),
    mistakes=slips.of_number(
        _after_fit,
        SLIPS,
        Mistake(4.0, "That is the raw weight after three steps. `fit` puts the average over it."),
        Mistake(
            28 / 3,
            "That is the plain mean of the three weights. Here old weights fade: each pull keeps "
            "three quarters of the average.",
        ),
        Mistake(
            15.0,
            "That is the plain mean of four weights. Old weights fade in Keras's average, and the "
            "initial one is not in it.",
        ),
        Mistake(
            13.5,
            "That is a raw weight, and of another run: the loss w² has the slope 2w, so a step "
            "leaves half of w. And `fit` puts the average over the raw weight.",
        ),
        Mistake(16.0, "That is the weight after the first step. The average is pulled twice more."),
        Mistake(
            0.75 * (0.75 * 4 + 0.25 * 8) + 0.25 * 16,
            "You went through the weights backwards: 16 comes first, and 4 last.",
        ),
        Mistake(
            0.75 * 8 + 0.25 * 4,
            "You pulled the weight before the last. It is the average that is pulled.",
        ),
    ),
    hints=(
        "Write down the three weights first, each after its step. What is the average after the "
        "first?",
        "The loss w² has the slope 2w, so each step leaves half: 16, 8, 4. The average is 16 after "
        "the first step, and is pulled twice.",
        "0.75 · 16 + 0.25 · 8 = 14 after the second step. Pull once more, towards 4.",
    ),
)
