"""05.goal, choose numbers that reach a goal: Fast and calm."""

import numpy as np

from course.checks.tasks import Goal, Mistake
from course.descent import walk
from course.sgd import nesterov_momentum
from course.surfaces import quadratic

STEPS, SMALL = 60, 1e-6


def _reach(learning_rate, momentum):
    """Whether Nesterov is below the loss SMALL from step STEPS on, and never above its start."""
    if learning_rate <= 0 or not 0 <= momentum <= 1:
        return False, "learning_rate must be above 0, and momentum between 0 and 1."
    valley = quadratic((0.01, 1.0), start=(1.0, 1.0))
    ball = walk(valley, 200, learning_rate, momentum, rule=nesterov_momentum)
    losses = valley.loss(ball.points)
    if not np.isfinite(losses[-1]) or losses[-1] > losses[0]:
        return False, "The ball diverges: this pair is beyond Nesterov's edge."
    if np.max(losses) > losses[0]:
        return False, (
            f"The loss starts at {losses[0]:.3f} and rises to {np.max(losses):.3f} at step "
            f"{np.argmax(losses)}; it must never be above its start."
        )
    if np.max(losses[STEPS:]) < SMALL:
        return True, ""
    return False, _too_slow(losses, ball.points[STEPS:], valley)


def _too_slow(losses, late, valley):
    """When the loss is small for good, and what holds it up; late: the points from STEPS on."""
    settled = np.flatnonzero(losses >= SMALL)[-1] + 1
    when = f"only after step {settled}"
    if settled == len(losses):
        when = f"only after more than {len(losses) - 1} steps"
    slow = int(np.argmax(late[0] * valley.gradient(late[0])))
    how = "still swings" if np.any(late[:, slow] * late[0, slow] < 0) else "still creeps"
    return (
        f"The loss is below 1e-06 for good {when}; wanted: by step {STEPS}. There most of it lies "
        f"in the {('flat', 'steep')[slow]} direction, which {how}."
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
            "This was momentum's pair. Nesterov's edge at this momentum is "
            "(2 + 2 · 0.669)/(1 + 2 · 0.669) = 1.43.",
        ),
        Mistake(
            (1.0, 0.9),
            "Good for the steep direction. Along the floor a momentum of 0.9 still swings: a "
            "little less lets it settle sooner.",
        ),
        Mistake(
            (4 / 3.01, (np.sqrt(301) - 2) / (np.sqrt(301) + 2)),
            "This is the pair with the best rate, and fast enough. But its learning rate is beyond "
            "1/L, so the steep direction flips, and the loss first rises.",
        ),
        Mistake(
            (0.1, 0.9),
            "The steps are too short for the flat direction: the steep one allows ten times that.",
        ),
        Mistake(
            (0.01, 0.9),
            "These are common defaults; for this valley the steps are far too short.",
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
