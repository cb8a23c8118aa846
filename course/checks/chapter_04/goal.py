"""04.goal, choose numbers that reach a goal: A ball for a long valley."""

import numpy as np

from course.checks.tasks import Goal, Mistake
from course.descent import walk
from course.surfaces import quadratic

STEPS, SMALL = 80, 1e-6


def _reach(learning_rate, momentum):
    """Whether the ball is, and stays, below the loss SMALL from step STEPS on."""
    if learning_rate <= 0 or not 0 <= momentum <= 1:
        return False, "learning_rate must be above 0, and momentum between 0 and 1."
    valley = quadratic((0.01, 1.0), start=(1.0, 1.0))
    losses = valley.loss(walk(valley, 200, learning_rate, momentum).points)
    if learning_rate >= 2 * (1 + momentum):  # the edge of the steep side, whose curvature is 1
        return False, "The ball does not settle: the steep side allows no such step."
    if momentum == 1:
        return False, "The ball never settles: momentum 1 leaves it no friction."
    if np.max(losses[STEPS:]) < SMALL:
        return True, ""
    settled = np.flatnonzero(losses >= SMALL)[-1] + 1
    when = f"only after step {settled}" if settled < len(losses) else "not within 200 steps"
    return False, f"The loss is below 1e-06 for good {when}; wanted: by step {STEPS}."


GOAL = Goal(
    name="04.goal",
    title="A ball for a long valley",
    asks="rates",
    points=2,
    results=("learning_rate", "momentum"),
    reach=_reach,
    reached=f"the loss is below 1e-06 by step {STEPS}, and stays there",
    reference=(3.306, 0.669),
    mistakes=(
        Mistake(
            (1.98, 0.0),
            "This is plain descent at its best rate, 2/(L + μ). Give the ball some momentum.",
        ),
        Mistake(
            (0.01, 0.9),
            "These are common defaults; for this valley the steps are far too short. The steep "
            "side allows up to 2 (1 + momentum).",
        ),
        Mistake(
            (1.0, 0.99),
            "So little friction lets the ball swing along the valley for hundreds of steps.",
        ),
    ),
    hints=(
        "The flat direction needs long steps, the steep one forbids too long ones. What does "
        "momentum change about the longest step that is stable?",
        "Stable is learning_rate * 1.0 < 2 (1 + momentum). When it swings, the loss shrinks by "
        "momentum per step: which momentum gives 1e-6 in about 60 steps?",
        "Chapter 04's best pair for curvatures 0.01 and 1: learning_rate = (2 / (1 + 0.1))², "
        "momentum = ((10 - 1) / (10 + 1))².",
    ),
)
