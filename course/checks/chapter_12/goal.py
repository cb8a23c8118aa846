"""12.goal, choose numbers that reach a goal: A short run."""

import numpy as np

from course.checks.chapter_12.network import train
from course.checks.tasks import Goal, Mistake

ENOUGH, SEEDS = 0.15, (100, 101, 102)


def _reach(learning_rate, momentum):
    """Whether chapter 12's network gets below ENOUGH at the end, in the mean over SEEDS."""
    if learning_rate <= 0:
        return False, "learning_rate must be above 0: with 0 nothing moves, below it uphill."
    if not 0 <= momentum < 1:
        return False, "momentum must be from 0 to below 1: with 1 the velocity never fades."
    path, (end, half, twice) = _ends(learning_rate, momentum)
    if end < ENOUGH:
        return True, ""
    epochs = ", ".join(f"{loss:.2f}" for loss in path)
    return False, (
        f"At the end the mean loss is {end:.3f}; it must be below {ENOUGH}. The batches' "
        f"loss in the five epochs: {epochs}. {_why(learning_rate, momentum, end, half, twice)}"
    )


def _ends(learning_rate, momentum):
    """The loss of each epoch; and the end with this learning rate, half and twice of it."""
    rates, seeds = np.repeat([1.0, 0.5, 2.0], 3) * learning_rate, np.tile(SEEDS, 3)
    with np.errstate(all="ignore"):
        path, _, end = train(seeds, rates, momentum, 5, 32, cosine=True)
        return path[:3].reshape(-1, 5, 28).mean(axis=(0, 2)), end.reshape(3, 3).mean(axis=1)


def _why(learning_rate, momentum, end, half, twice):
    """In which direction the learning rate errs, or that it is not the knob to turn."""
    whole = f"η/(1 − β) is {learning_rate / (1 - momentum):.3g}"
    if min(half, twice) < max(0.9 * end, ENOUGH):
        which, steps = ("Half", "shorter") if half < twice else ("Twice", "longer")
        best = min(half, twice)
        return f"{whole}. {which} the learning rate ends at {best:.3f}: take {steps} steps."
    if end > 2:
        return f"{whole}. Neither half nor twice the learning rate learns: it is far off."
    return (
        f"{whole}. Half the learning rate ends at {half:.3f}, twice at {twice:.3f}: "
        "now it is the momentum's turn."
    )


GOAL = Goal(
    name="12.goal",
    title="A short run",
    asks="rates",
    points=2,
    results=("learning_rate", "momentum"),
    reach=_reach,
    reached=f"the mean loss at the end is below {ENOUGH}",
    reference=(0.2, 0.9),
    mistakes=(
        Mistake(
            (0.001, 0.9),
            "These are the numbers of an old article. They were made for another network, loss and "
            "length of run.",
        ),
        Mistake(
            (0.01, 0.9),
            "Keras's default learning rate, with η/(1 − β) = 0.1. Look at whole runs at larger "
            "learning rates.",
        ),
        Mistake(
            (0.1, 0.99),
            "The memory of 100 steps is long for a run of 140, and η/(1 − β) is 10.",
        ),
        Mistake((0.1, 0.0), "Here η/(1 − β) is 0.1. Which knob raises it tenfold at once?"),
        Mistake(
            (1.0, 0.9), "Beyond the edge. From there go down by factors of 3, not by a little."
        ),
    ),
    hints=(
        "Learning rate first: a few trials with momentum 0.9, in factors of 3, from 0.01 to 1.",
        "Plain SGD cannot do it, and a memory near 100 steps is too long. With 0.8 or 0.9 look for "
        "η/(1 − β) between 1 and 3.",
        "With momentum 0.9 a learning rate of 0.1 is nearly enough: the cosine ends calm, so it "
        "may travel faster.",
    ),
)
