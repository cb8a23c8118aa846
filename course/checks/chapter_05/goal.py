"""05.goal, choose numbers that reach a goal: Fast and calm."""

import numpy as np

from course.checks.chapter_04.goal import (
    CURVATURES,
    how_it_grows,
    out_of_range,
    what_holds_it_up,
    when_settled,
)
from course.checks.tasks import Goal, Mistake
from course.descent import walk
from course.sgd import nesterov_momentum
from course.surfaces import quadratic
from course.theory import nesterov_roots

STEPS, SMALL, PATIENCE = 60, 1e-6, 200


def _reach(learning_rate, momentum):
    """Whether Nesterov is below the loss SMALL from step STEPS on, and never above its start."""
    refused = out_of_range(learning_rate, momentum)
    if refused:
        return False, refused
    highest = (2 + 2 * momentum) / (1 + 2 * momentum)  # the steep side's curvature is 1
    if learning_rate >= highest:
        grows = how_it_grows(nesterov_roots, learning_rate, momentum)
        return False, f"{grows} With momentum {momentum:.4g} Nesterov settles below {highest:.4g}."
    valley = quadratic([*CURVATURES.values()], start=(1.0, 1.0))
    points = walk(valley, PATIENCE, learning_rate, momentum, rule=nesterov_momentum).points
    losses = valley.loss(points)
    if np.max(losses) > losses[0]:
        return False, _rises(losses, points)
    if np.max(losses[STEPS:]) < SMALL:
        return True, ""
    held_up = what_holds_it_up(nesterov_roots, learning_rate, momentum)
    return False, f"{when_settled(losses, SMALL, STEPS)} {held_up}"


def _rises(losses, points):
    """When the loss is above its start, by how much, and what makes it less."""
    worst = int(np.argmax(losses))
    return (
        f"The loss starts at {losses[0]:.3f} and rises to {losses[worst]:.3f} at step {worst}, "
        f"where the steep direction has jumped from 1 to {points[worst, 1]:.3g}; it must never be "
        "above its start. A smaller learning rate makes that jump shorter."
    )


GOAL = Goal(
    name="05.goal",
    title="Fast and calm",
    asks="rates",
    points=2,
    results=("learning_rate", "momentum"),
    reach=_reach,
    reached=f"the loss is below 1e-06 by step {STEPS}, and was never above its start",
    reference=(1.0, 9 / 11),
    mistakes=(
        Mistake(
            (3.306, 0.669),
            "This was momentum's pair. Nesterov's edge is lower: task 4 has its formula.",
        ),
        Mistake(
            (1.0, 0.9),
            "Good for the steep direction. Along the floor a momentum of 0.9 still swings: a "
            "little less lets it settle sooner.",
        ),
        Mistake(
            (4 / 3.01, (np.sqrt(301) - 2) / (np.sqrt(301) + 2)),
            "This pair has the smallest factor per step, and is fast enough. But its learning rate "
            "is above 1/L, so the steep direction flips, and the loss first rises.",
        ),
        Mistake(
            (0.1, 0.9),
            "The steps are too short for the flat direction: the steep one allows ten times that.",
        ),
        Mistake(
            (0.01, 0.9),
            "These are common defaults; for this valley the steps are far too short.",
        ),
        Mistake(
            (1.0, 0.5),
            "Good for the steep direction. Along the floor this momentum is too little: its steps "
            "stay short.",
        ),
        Mistake(
            (1.0, 0.0),
            "Without momentum this is plain descent; look-ahead has nothing to look ahead with.",
            when=lambda learning_rate, momentum: momentum == 0 < learning_rate < 2,
        ),
    ),
    hints=(
        "Begin with the steep direction, curvature 1. At which learning rate does Nesterov brake "
        "it best of all?",
        "At learning rate × curvature = 1 the steep direction is home in one step. Keep that rate, "
        "and ask which momentum suits the flat direction, where it is 0.01.",
        "A direction swings if learning rate × curvature is above ((1 - β)/(1 + β))². Let the flat "
        "one just not swing: (1 - β)/(1 + β) = √0.01.",
    ),
)
