"""14.falls, give a counterexample: A fall that proves nothing."""

import numpy as np

from course.checks.tasks import Goal, Mistake
from course.descent import walk
from course.surfaces import quadratic

CURVATURES, FALLING, LONG = (0.1, 1.0), 30, 1000


def _reach(learning_rate, w1, w2):
    """Whether the loss falls at each of the first steps, and is above its start in the end."""
    if not np.isfinite([learning_rate, w1, w2]).all() or learning_rate <= 0:
        return False, "learning_rate must be above 0, and all three numbers finite."
    bowl = quadratic(CURVATURES, start=(w1, w2))
    with np.errstate(all="ignore"):
        losses = bowl.loss(walk(bowl, LONG, learning_rate).points)
    rises = np.flatnonzero(~(losses[1 : FALLING + 1] < losses[:FALLING]))
    if len(rises):
        return (
            False,
            f"The loss does not fall at step {rises[0] + 1}; wanted: at each of {FALLING}.",
        )
    if losses[-1] < losses[0]:
        return False, f"After {LONG} steps the loss is {losses[-1]:.3g}, below where it began."
    return True, ""


def _is_soon_seen(rate, w1, w2):
    """Whether the steep axis grows and the loss rises within the first steps."""
    bowl = quadratic(CURVATURES, start=(w1, w2))
    with np.errstate(all="ignore"):
        losses = bowl.loss(walk(bowl, FALLING, rate).points)
    return rate > 2 and not (losses[1:] < losses[:-1]).all()


FALLS = Goal(
    name="14.falls",
    title="A fall that proves nothing",
    work="give a counterexample",
    asks="run",
    points=2,
    results=("learning_rate", "w1", "w2"),
    reach=_reach,
    reached=f"the loss falls for {FALLING} steps, and the run diverges all the same",
    reference=(2.1, 1.0, 1e-6),
    mistakes=(
        Mistake(
            (1.9, 1.0, 1.0),
            "The steep axis settles for each learning rate below 2/1. Look above it.",
            when=lambda rate, w1, w2: 0 < rate < 2,
        ),
        Mistake(
            (2.0, 1.0, 1.0),
            "At 2 exactly the weight along the steep axis changes sides for ever, and neither "
            "shrinks nor grows. Look above 2.",
            when=lambda rate, w1, w2: rate == 2,
        ),
        Mistake(
            (21.0, 1.0, 0.0),
            f"Above {2 / CURVATURES[0]:g} the flat axis diverges, too, so nothing falls. Between 2 "
            "and that only the steep one grows.",
            when=lambda rate, w1, w2: rate > 2 / CURVATURES[0],
        ),
        Mistake(
            (2.1, 0.0, 0.0),
            "This start is the minimum itself: nothing falls from there, and nothing grows.",
        ),
        Mistake(
            (2.1, 1.0, 0.0),
            "At w2 = 0 exactly there is nothing to grow: the run settles for good. It needs a "
            "little there.",
            when=lambda rate, w1, w2: w1 != 0 and w2 == 0,
        ),
        Mistake(
            (2.1, 0.0, 1e-6),
            "Right on the steep axis; but nothing falls meanwhile. The flat axis must have "
            "something to lose.",
            when=lambda rate, w1, w2: w1 == 0,
        ),
        Mistake(
            (2.1, 1.0, 1.0),
            "Right above 2; but within 30 steps the steep axis grows by more than the flat one "
            "falls. From where would that take longer to be seen?",
            when=_is_soon_seen,
        ),
        Mistake(
            (2.001, 1.0, 0.001),
            "This diverges, but so slowly that 1000 steps do not show it. Grow a little faster, "
            "or start with a little more.",
            when=lambda rate, w1, w2: rate > 2 and w2 != 0,
        ),
    ),
    hints=(
        "The loss is a sum of two parts, one for each axis. Which one can fall while the other "
        "grows?",
        "Above 2 (that is 2/curvature of the steep axis), w2 grows by |1 - learning_rate| per "
        "step. While it is tiny, nobody sees it in the loss.",
        "A learning rate a little above 2, w1 of about 1, and a w2 so small that 30 steps of "
        "growth do not yet count.",
    ),
)
