"""04.goal, choose numbers that reach a goal: A ball for a long valley."""

import numpy as np

from course.checks.tasks import Goal, Mistake
from course.descent import walk
from course.surfaces import quadratic
from course.theory import factor, heavy_ball_roots, longer_root

STEPS, SMALL, PATIENCE = 80, 1e-6, 200
CURVATURES = {"flat": 0.01, "steep": 1.0}
LESS_MOMENTUM = "Less momentum brakes a swing."


def _reach(learning_rate, momentum):
    """Whether the ball is, and stays, below the loss SMALL from step STEPS on."""
    refused = out_of_range(learning_rate, momentum)
    if refused:
        return False, refused
    if momentum == 1:
        return False, "The ball never settles: momentum 1 leaves it no friction."
    highest = 2 * (1 + momentum)  # learning rate × curvature at the edge; the steep side has 1
    if learning_rate >= highest:
        grows = how_it_grows(heavy_ball_roots, learning_rate, momentum)
        return False, f"{grows} With momentum {momentum:.4g} it settles below {highest:.4g}."
    valley = quadratic([*CURVATURES.values()], start=(1.0, 1.0))
    losses = valley.loss(walk(valley, PATIENCE, learning_rate, momentum).points)
    if np.max(losses[STEPS:]) < SMALL:
        return True, ""
    held_up = what_holds_it_up(heavy_ball_roots, learning_rate, momentum)
    return False, f"{when_settled(losses, SMALL, STEPS)} {held_up}"


def out_of_range(learning_rate, momentum):
    """Which of the two numbers no ball can have, and why; "" where both are possible."""
    if momentum > 1 >= learning_rate > 0:
        return "momentum must be between 0 and 1. Did the two change places? The rate comes first."
    if learning_rate <= 0:
        return "learning_rate must be above 0: at 0 nothing pushes, below 0 it pushes uphill."
    if not 0 <= momentum <= 1:
        return "momentum must be between 0 and 1: it is the part of the velocity that is kept."
    return ""


def how_it_grows(roots, learning_rate, momentum):
    """What the steep direction does at its edge, and above it.

    roots: `heavy_ball_roots` or `nesterov_roots`.
    """
    kept = float(factor(*roots(min(learning_rate, 1e6), momentum)))
    if np.isclose(kept, 1):
        return "This is the edge itself: the steep direction flips sides for ever."
    times = f"{kept:.4g}" if kept < 1000 else "more than 1000"
    return (
        f"The learning rate is too large: the steep direction grows to {times} times its size per "
        "step."
    )


def when_settled(losses, small, wanted):
    """When the loss is below `small` for good, and when it should be."""
    settled = int(np.flatnonzero(~(losses < small))[-1]) + 1
    when = f"only after step {settled}"
    if settled == len(losses):
        when = f"only after more than {settled - 1} steps"
    return f"The loss is below {small:g} for good {when}; wanted: by step {wanted}."


def what_holds_it_up(roots, learning_rate, momentum):
    """Which direction is slowest, how it moves, and which number makes it faster.

    roots: `heavy_ball_roots` or `nesterov_roots`.
    """
    parts = {name: roots(learning_rate * lam, momentum) for name, lam in CURVATURES.items()}
    kept = {name: float(factor(*parts[name])) for name in parts}
    slow = max(kept, key=kept.get)
    root, part = longer_root(*parts[slow]), f"{kept[slow]:.4g}"
    if np.allclose(*kept.values()) and abs(root.imag) > 0:
        return f"Both directions swing, and keep {part} of their swing per step. {LESS_MOMENTUM}"
    if abs(root.imag) > 0:
        swings = f"The {slow} direction is slowest: it swings, and keeps {part} of that per step."
        return f"{swings} {LESS_MOMENTUM}"
    if root.real > 0:
        return (
            f"The {slow} direction is slowest: it creeps, and keeps {part} of its way per step. A "
            "larger learning rate, or more momentum, makes longer steps."
        )
    return (
        f"The {slow} direction is slowest: it flips sides at each step, and keeps {part} of its "
        "size. A smaller learning rate calms it."
    )


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
            "This is plain descent: at its best it needs 216 steps. Give the ball some momentum.",
            when=lambda learning_rate, momentum: momentum == 0 < learning_rate < 2,
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
        Mistake(
            ((2 / 1.01) ** 2, (0.99 / 1.01) ** 2),
            "You put the curvatures into the formula. The best pair is made of their roots: √0.01 "
            "is 0.1.",
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
