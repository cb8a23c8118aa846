"""03.goal, choose numbers that reach a goal: Just fast enough."""

import numpy as np

from course.checks.chapter_03.plateaus import squares
from course.checks.tasks import Goal, Mistake

STEPS, ENOUGH = 1000, 0.02


def _losses(first_rate, power):
    """The mean loss after STEPS steps: what is left of the way, and what the noise adds."""
    rates = first_rate * np.arange(1.0, STEPS + 1) ** -power
    parts = [(lam / 2, squares(rates, lam, 16.0)) for lam in (1.0, 0.05)]
    return tuple(sum(half * pair[which][-1] for half, pair in parts) for which in (0, 1))


def _reach(first_rate, power):
    """Whether the mean loss after STEPS steps is below ENOUGH."""
    if not 0 < first_rate < 2:
        return False, (
            f"first_rate must be above 0 and below 2, the edge of the steep side; it is "
            f"{first_rate:.4g}."
        )
    if power < 0:
        return False, "With a power below 0 the rate grows; it must be 0 or more."
    left, noise = _losses(first_rate, power)
    if left + noise < ENOUGH:
        return True, ""
    return False, (
        f"After {STEPS} steps the mean loss is {left + noise:.4f}, and {ENOUGH} is allowed: "
        f"{left:.4f} is left of the way, {noise:.4f} is noise. {_advice(first_rate, power, left)}"
    )


def _advice(first_rate, power, left):
    """Which of the two numbers makes the loss smaller, by trying it a little larger and smaller."""
    now = sum(_losses(first_rate, power))
    better = [
        words
        for words, rate, other in (
            ("a larger first rate", min(first_rate * 1.02, 1.999), power),
            ("a smaller first rate", first_rate * 0.98, power),
            ("a larger power", first_rate, power + 0.01),
            ("a smaller power", first_rate, max(power - 0.01, 0)),
        )
        if sum(_losses(rate, other)) < now
    ]
    part = "There is too much way left" if left > now / 2 else "There is too much noise"
    return f"{part}; from here {' or '.join(better)} makes the loss smaller."


GOAL = Goal(
    name="03.goal",
    title="Just fast enough",
    asks="fall",
    points=2,
    results=("first_rate", "power"),
    reach=_reach,
    reached=f"the mean loss is below {ENOUGH} after {STEPS} steps",
    reference=(0.9, 0.5),
    mistakes=(
        Mistake(
            (1.0, 1.0),
            "1/t is made for curvature 1. The flat side starves under it: there the distance "
            "shrinks only like t to the power of -0.05.",
        ),
        Mistake(
            (0.1, 0.0),
            "A constant rate keeps its noise, however long it runs. Let it fall, and let it start "
            "higher.",
        ),
        Mistake(
            (0.5, 2.0),
            "All these steps together are 0.82 long: more of them would not help.",
        ),
        Mistake(
            (0.5, 0.5),
            "The power will do, the start will not: more than half of this loss is way that is "
            "left. Begin higher.",
        ),
        Mistake(
            (1.0, 0.3),
            "It falls, but too slowly: after 1000 steps the rate is still above 0.12.",
        ),
        Mistake(
            (0.0265, 0.0),
            "A constant rate keeps its noise, however long it runs: at its best it ends at 0.0270. "
            "Let it fall, and let it start higher.",
            when=lambda first_rate, power: power == 0 and 0 < first_rate < 2 and first_rate != 0.1,
        ),
    ),
    hints=(
        "Two things are left after 1000 steps: some of the way, and noise. Which of them does a "
        "larger power make worse, and which a larger first rate?",
        "Power 0 keeps all its noise, power 1 starves the flat side. Begin between them, and then "
        "see which part is the larger one.",
        "Take the power 0.5: the last rate is then first_rate / 32, and a first rate of 0.5 is too "
        "small. Raise it.",
    ),
)
