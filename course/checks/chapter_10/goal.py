"""10.goal, choose numbers that reach a goal: A scale that keeps up."""

import numpy as np

from course.checks.chapter_10.scales import LARGEST, dynamic_scales
from course.checks.tasks import Goal, Mistake

CALLS, SKIPPED, USED, ROOM = 3000, 20, 0.99, 256.0


def training():
    """The largest gradient entry of each call of the run that the sheet describes."""
    noise = np.random.default_rng(10).normal(0, 0.5, CALLS)
    return 2.0 ** (3 - 16 * np.arange(CALLS) / CALLS + noise)


def _reach(initial_scale, growth_steps):
    """Whether few calls are skipped, and float16's range is used in most."""
    if initial_scale <= 0:
        return False, "initial_scale must be above 0."
    if growth_steps != int(growth_steps) or growth_steps < 1:
        return False, "growth_steps must be a whole number, 1 or more."
    sizes = training()
    path, skipped = dynamic_scales(sizes, initial_scale, int(growth_steps))
    used = np.mean(sizes * np.array(path) >= ROOM)
    if skipped <= SKIPPED and used >= USED:
        return True, ""
    too_many = f" ({SKIPPED} are allowed)" if skipped > SKIPPED else ""
    too_low = f" ({USED:.0%} are wanted)" if used < USED else ""
    return False, (
        f"{skipped} of {CALLS} calls are skipped{too_many}; {used:.1%} have a largest scaled "
        f"gradient of 256 or more{too_low}. {_why(sizes, np.array(path), skipped, growth_steps)}"
    )


def _why(sizes, path, skipped, growth_steps):
    """Which of the two numbers errs, and in which direction."""
    scaled = sizes * path
    fits = np.flatnonzero(scaled <= LARGEST)
    at_start = int(fits[0]) if fits.size else CALLS
    if skipped > SKIPPED and at_start > SKIPPED // 2:
        return f"The first {at_start} of them come before any gradient fits: begin lower."
    if skipped > SKIPPED:
        return f"The scale is doubled every {growth_steps:g} good calls, too often: wait longer."
    low = np.flatnonzero(scaled < ROOM)
    if low[0] == 0 and np.sum(low < CALLS / 4) > len(low) / 2:
        up = int(low[low < CALLS / 2][-1]) + 1
        return (
            f"The scale begins too low: after call {up} it has room enough at last. Begin higher."
        )
    return (
        f"The gradients halve every {CALLS / 16:.0f} calls, and the scale is doubled every "
        f"{growth_steps:g}: too seldom."
    )


GOAL = Goal(
    name="10.goal",
    title="A scale that keeps up",
    asks="search",
    points=2,
    results=("initial_scale", "growth_steps"),
    reach=_reach,
    reached=f"at most {SKIPPED} calls are skipped, and {USED:.0%} of all use float16's range",
    reference=(2.0**13, 150),
    mistakes=(
        Mistake(
            (2**15, 2000),
            "These are Keras's defaults. In a run of 3000 calls they double once; the gradients "
            "shrink by 2 to the power of 16.",
        ),
        Mistake(
            (2**15, 20),
            "The scale keeps up, but it tries its luck too often: at the top, about one call in "
            "growth_steps is skipped.",
        ),
        Mistake(
            (1, 150),
            "From 1 the scale has a long way up, at growth_steps calls for each doubling. Begin "
            "high: coming down costs one call for each halving.",
        ),
        Mistake(
            (1, 20),
            "From 1 the scale has a long way up. You made up for it by many doublings, and these "
            "go on when it has arrived. Begin high instead.",
        ),
        Mistake(
            (2**40, 150),
            "So high a start costs a call for each halving: from 2 to the power of 40 down to "
            "where the first gradients fit.",
        ),
    ),
    hints=(
        "The gradients shrink by half every 3000/16 calls. How often must the scale double, at "
        "least?",
        "growth_steps below 187 keeps up. At the top about one call in growth_steps is skipped; "
        "20 of 3000 are allowed, and a start that is too high costs some, too.",
        "The first gradients are near 2³, so 2¹³ just fits. With growth_steps=150 the scale climbs "
        "20 times in 3000 calls.",
    ),
)
