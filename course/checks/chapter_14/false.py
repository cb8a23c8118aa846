"""14.false, find the false step in a derivation, and show it by numbers."""

import numpy as np

from course.checks.tasks import Goal, Mistake
from course.sgd import clip_by_norm

CLIP, FAR = 1.0, 0.1
FALSE_ONE = 4


def _short(gradient):
    return float(clip_by_norm(np.array([gradient], dtype=float), CLIP)[0])


def _factor(gradient):
    return min(1.0, CLIP / abs(gradient)) if gradient else 1.0


def _sides(first, second):
    """What stands left and right of each line's equals sign, for two examples' gradients."""
    mean = (first + second) / 2
    clipped = (_short(first) + _short(second)) / 2
    factored = (_factor(mean) * first + _factor(mean) * second) / 2
    return {
        1: (_short(mean), _factor(mean) * mean),
        2: (_factor(mean) * mean, _factor(mean) * (first + second) / 2),
        3: (_factor(mean) * (first + second) / 2, factored),
        4: (factored, (_factor(first) * first + _factor(second) * second) / 2),
        5: ((_factor(first) * first + _factor(second) * second) / 2, clipped),
    }


def _reach(line, first, second):
    """Whether this is the false line, and these numbers show it."""
    if not np.isfinite([line, first, second]).all() or line not in range(1, 6):
        return False, "line must be a whole number from 1 to 5, and the gradients finite."
    left, right = _sides(first, second)[int(line)]
    if abs(left - right) >= FAR:
        return True, ""
    found = f"With these gradients, line {int(line)} says {left:.6g} = {right:.6g}"
    if line != FALSE_ONE:
        return False, f"{found}, and it holds for all others, too."
    return False, f"{found}: they do not show it (wanted: {FAR} between the sides)."


FALSE = Goal(
    name="14.false",
    title="A derivation with a false line",
    work="find the false step",
    asks="witness",
    points=2,
    results=("line", "a", "b"),
    reach=_reach,
    reached="this line is false, and your numbers show it",
    reference=(4, 3.0, -1.0),
    mistakes=(
        Mistake(
            (4, 0.5, 0.5),
            "The line is right. Nothing is clipped here; a difference needs a gradient above 1.",
            when=lambda line, a, b: line == FALSE_ONE and max(abs(a), abs(b)) <= CLIP,
        ),
        Mistake(
            (4, 3.0, 3.0),
            "The line is right. But two equal gradients are cut by one factor, which is also that "
            "of their mean.",
            when=lambda line, a, b: line == FALSE_ONE and a == b,
        ),
        Mistake(
            (4, 3.0, -3.0),
            "The line is right. But two opposite gradients are cut by one factor, and both means "
            "are 0.",
            when=lambda line, a, b: line == FALSE_ONE and a == -b,
        ),
        Mistake(
            (4, 2.0, 3.0),
            "The line is right. But both gradients are longer than 1 and point to the same side: "
            "both are cut to one number, and their mean to the same. What if they pull against "
            "each other?",
            when=lambda line, a, b: line == FALSE_ONE and min(a * b, abs(a), abs(b)) > CLIP,
        ),
        Mistake(
            (1, 3.0, -1.0),
            "This line is the definition of clipping by the length, for one number.",
            when=lambda line, a, b: line == 1,
        ),
        Mistake(
            (2, 3.0, -1.0),
            "This line puts in what the mean of two gradients is.",
            when=lambda line, a, b: line == 2,
        ),
        Mistake(
            (3, 3.0, -1.0),
            "This line multiplies out a bracket.",
            when=lambda line, a, b: line == 3,
        ),
        Mistake(
            (5, 3.0, -1.0),
            "This line is the definition of clipping again, for each of the two gradients.",
            when=lambda line, a, b: line == 5,
        ),
    ),
    hints=(
        "Each line claims that one thing equals another for all gradients. Try the lines with "
        "numbers: one gradient far above 1, one below.",
        "The factor min(1, 1/|mean|) belongs to the mean. In which line does it become something "
        "else without a word?",
        "Take the gradients 3 and -1 and compute both sides of each line.",
    ),
)
