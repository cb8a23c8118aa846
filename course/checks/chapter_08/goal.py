"""08.goal, choose numbers that reach a goal: A short run."""

import numpy as np

from course.checks.chapter_08.levels import mean_squares
from course.checks.tasks import Goal, Mistake

STEPS, SMALL, CURVATURES, START = 200, 0.0125, (1.0, 0.02), 3.0


def _mean_losses(learning_rate, m):
    """The mean loss after the last step: rows for the two directions; columns for w and average."""
    return np.array(
        [
            lam / 2 * mean_squares(learning_rate * lam, learning_rate**2 * lam, m, STEPS, START**2)
            for lam in CURVATURES
        ]
    )[:, -1]


def _reach(learning_rate, ema_momentum):
    """Whether the average's mean loss is below SMALL after the last step."""
    if not 0 < learning_rate < 2 or not 0 <= ema_momentum < 1:
        return False, _out_of_range(learning_rate, ema_momentum)
    (steep_w, steep), (flat_w, flat) = _mean_losses(learning_rate, ema_momentum)
    if steep + flat < SMALL:
        return True, ""
    return False, (
        f"The average's mean loss is {steep + flat:.4f}: steep {steep:.4f}, flat {flat:.4f}; "
        f"wanted: below {SMALL}. (The weights' own: {steep_w + flat_w:.4f}.) "
        f"{_why(learning_rate, ema_momentum)}"
    )


def _out_of_range(learning_rate, ema_momentum):
    if learning_rate <= 0:
        return "learning_rate must be above 0."
    if learning_rate >= 2:
        return (
            "learning_rate must be below 2: along the steep direction a step leaves "
            f"1 - {learning_rate:g} of w, which never settles."
        )
    if ema_momentum == 1:
        return "ema_momentum must be below 1: at 1 the average is never pulled from its first copy."
    return f"ema_momentum must be from 0 to below 1; it is {ema_momentum:g}."


def _why(learning_rate, m):
    """What would help most: the answer of the best neighbour, with half or twice of one number."""
    memory = 1 / (1 - m)
    copied, way = m ** (STEPS - 1), (1 - CURVATURES[1] * learning_rate) ** STEPS
    neighbours = (
        (
            min(2 * learning_rate, (2 + learning_rate) / 2),
            m,
            f"A larger learning rate would help: {way:.2g} of the flat direction's way is left.",
        ),
        (learning_rate / 2, m, "A smaller learning rate would help: the weights are too restless."),
        (
            learning_rate,
            1 - 1 / (2 * memory),
            f"A longer memory would help: {memory:.3g} steps are too few to calm the weights.",
        ),
        (
            learning_rate,
            1 - 2 / memory if memory > 2 else 0.0,
            f"A shorter memory would help: with {memory:.3g} steps {copied:.2g} of the first "
            "weights' copy is left in the average.",
        ),
    )
    return min(neighbours, key=lambda each: _mean_losses(*each[:2])[:, 1].sum())[2]


GOAL = Goal(
    name="08.goal",
    title="A short run",
    asks="rate_and_memory",
    points=2,
    results=("learning_rate", "ema_momentum"),
    reach=_reach,
    reached=f"the average's mean loss after {STEPS} steps is below {SMALL}",
    reference=(1.0, 0.98),
    mistakes=(
        Mistake(
            (0.5, 0.99),
            "0.99 is Keras's default. In 200 steps its copy of the first weights has not faded: "
            "0.99¹⁹⁹ = 0.14 of it is left.",
        ),
        Mistake(
            (1.0, 0.99),
            "0.99 is Keras's default. In 200 steps its copy of the first weights has not faded: "
            "0.99¹⁹⁹ = 0.14 of it is left.",
        ),
        Mistake(
            (0.1, 0.98),
            "The memory suits 200 steps. But so short steps do not bring the flat direction home: "
            "the average does not need them, it is calm at a large learning rate, too.",
        ),
        Mistake(
            (0.1, 0.99),
            "Too careful twice: the flat direction is still on its way, and the copy of the first "
            "weights has not faded.",
        ),
        Mistake(
            (0.5, 0.9),
            "The weights are home, but a memory of 10 steps is too short to calm them.",
        ),
        Mistake(
            (0.12, 0.0),
            "That is about the best that the weights alone can do. Let the average have the calm, "
            "and the learning rate the way.",
        ),
    ),
    hints=(
        "Two jobs: bring the flat direction home in 200 steps, and be calm in the steep one. Which "
        "of your two numbers does which?",
        "Take a learning rate that is good for the way: 200 steps leave (1 − 0.02 η)²⁰⁰ of the "
        "flat direction. Then the longest memory that has faded in time: about five fit into 200.",
        "η = 1 leaves 0.018 of the flat direction's way. Five memories of 40 steps are 200 steps: "
        "1/(1 − m) = 40, or a little more.",
    ),
)
