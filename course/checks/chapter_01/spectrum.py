"""01.spectrum, choose a rate that reaches a goal: One rate for three curvatures."""

import numpy as np

from course.checks.tasks import Goal, Mistake
from course.descent import walk
from course.surfaces import quadratic

SPECTRUM, SMALL, STEPS, PATIENCE = (0.1, 0.9, 4.0), 1e-3, 150, 2000

FLIPS = "It flips sides, and a smaller learning rate calms it."


def _reach(learning_rate):
    """Whether every weight is, and stays, within SMALL of the minimum from step STEPS on."""
    if learning_rate <= 0:
        return False, "learning_rate must be above 0: at 0 nothing moves, below 0 it climbs."
    factors = 1 - learning_rate * np.array(SPECTRUM)
    slowest = int(np.argmax(np.abs(factors)))
    which = f"the direction of curvature {SPECTRUM[slowest]:g} is multiplied by "
    which += f"{factors[slowest]:.4g} per step"
    if abs(factors[slowest]) >= 1:
        return False, f"It never settles: {which}. A smaller learning rate settles."
    points = walk(quadratic(SPECTRUM, np.ones(3)), PATIENCE, learning_rate).points
    settled = int(np.sum(np.abs(points).max(axis=-1) >= SMALL))
    if settled <= STEPS:
        return True, ""
    when = f"after {settled} steps" if settled <= PATIENCE else f"after more than {PATIENCE} steps"
    knob = "A larger learning rate shortens its way." if factors[slowest] > 0 else FLIPS
    return False, f"All within {SMALL} only {when}: {which}. {knob}"


RATE = Goal(
    name="01.spectrum",
    title="One rate for three curvatures",
    asks="rate",
    points=2,
    results=("learning_rate",),
    reach=_reach,
    reached=f"every weight is within {SMALL} of the minimum after {STEPS} steps, and stays there",
    reference=(2 / 4.1,),
    mistakes=(
        Mistake(
            (0.25,),
            "This is 1/L, which never overshoots. That caution costs twice the steps: let the "
            "steepest direction flip sides.",
        ),
        Mistake(
            (0.5,),
            "This is the edge itself: the steepest direction jumps from wall to wall for ever. "
            "Stay a little below.",
        ),
        Mistake(
            (0.01,),
            "This is Keras's default. It knows nothing of these curvatures; here it is fifty "
            "times below the edge.",
        ),
        Mistake(
            (10.0,),
            "This is 1 over the smallest curvature: the flattest direction would land in one "
            "step, but the steepest diverges.",
        ),
        Mistake(
            (2 / 5,),
            "You divided 2 by the sum of all curvatures. Only two directions compete: the flattest "
            "and the steepest.",
        ),
        Mistake(
            (2 / 4.9,),
            "You divided 2 by the sum of the two larger curvatures. The slow one is the flattest: "
            "take it in place of the middle one.",
        ),
        Mistake(
            (0.6,),
            "This is 1 over the mean curvature. The steepest direction does not care about the "
            "mean.",
        ),
        Mistake(
            (1 / 4.1,),
            "This is half of the best single rate, 2/(L + μ), so its steps are half as long.",
        ),
        Mistake(
            (2 / 3.9,),
            "You divided 2 by L − μ. At the best rate flattest and steepest shrink equally fast: "
            "1 − ημ = ηL − 1. Bring η to one side.",
        ),
        Mistake(
            (2 / 0.9,),
            "This is the edge of the middle direction. The steepest has curvature 4.",
        ),
        Mistake(
            (20.0,),
            "This is the edge of the flattest direction. The steepest diverges first.",
        ),
    ),
    hints=(
        "Each direction has a factor of its own, 1 − ηλ. Which of the three is the slowest to "
        "shrink, and what would help it?",
        "The flat direction wants a larger rate. The steep one allows up to 2/4, and may flip "
        "sides on the way: go near that, not up to it.",
        "Make the flattest and the steepest equally fast: 1 − η·0.1 = η·4 − 1. Chapter 01 calls "
        "the solution 2/(L + μ).",
    ),
)
