"""13.goal, choose numbers that reach a goal: How many devices."""

import numpy as np

from course.checks.tasks import Goal, Mistake

EXAMPLES, LARGEST, LONGEST, AT_LEAST = 100_000, 1024, 10.0, 0.65
EACH, GRADIENT, LINK, UPDATE = 0.4e-3, 100e6, 10e9, 0.5e-3  # seconds, bytes, bytes/s, seconds


def step_parts(devices, batch):
    """The three parts of a step: computing gradients, adding them up over devices, updating.

    Shapes: devices and batch are whole numbers, or arrays of them that broadcast.
    Units:  returns seconds; what an image, a byte and an update cost stands above.
    """
    computing = np.ceil(batch / devices) * EACH
    adding = 2 * (devices - 1) / devices * GRADIENT / LINK
    return computing, adding, UPDATE


def _reach(devices, batch):
    """Whether an epoch is short enough, and the devices spend their time on gradients."""
    if devices < 1 or batch < devices or devices % 1 or batch % 1:
        return False, (
            f"Both must be whole numbers, with at least one example for each device; you chose "
            f"{devices:g} devices and a batch of {batch:g}."
        )
    if batch > LARGEST:
        return False, f"The batch may have at most {LARGEST} examples; yours has {batch:g}."
    parts = step_parts(devices, batch)
    epoch, share = _epoch_and_share(parts, batch)
    if epoch <= LONGEST and share >= AT_LEAST:
        return True, ""
    computing, adding, _ = (1e3 * part for part in parts)
    return False, (
        f"A step computes for {computing:.1f} ms and adds up for {adding:.1f} ms: {share:.1%} of "
        f"the time goes into gradients, and an epoch takes {epoch:.1f} s. {_why(devices, batch)}"
    )


def _epoch_and_share(parts, batch):
    """Seconds of an epoch, and the part of a step's time in which gradients are computed."""
    return np.ceil(EXAMPLES / batch) * sum(parts), parts[0] / sum(parts)


def _why(devices, batch):
    """Which of the two numbers errs, by what the largest batch would do."""
    if devices * LONGEST < EXAMPLES * EACH:
        need = EXAMPLES * EACH / devices
        return (
            f"The gradients alone take {need:.3g} s an epoch on {devices:g} "
            f"device{'s' * (devices > 1)}, whatever the batch: use more."
        )
    epoch, share = _epoch_and_share(step_parts(devices, LARGEST), LARGEST)
    if epoch <= LONGEST and share >= AT_LEAST:
        return (
            "The devices are well chosen. It is the batch: which part of a step costs the same for "
            "any batch?"
        )
    what = "compute too little of the time" if share < AT_LEAST else "take too long"
    many = "many" if share < AT_LEAST else "few"
    return f"Even with a batch of {LARGEST} so {many} devices {what}: begin with them."


GOAL = Goal(
    name="13.goal",
    title="How many devices",
    asks="devices_and_batch",
    points=2,
    results=("devices", "batch"),
    reach=_reach,
    reached=f"an epoch takes at most {LONGEST:g} s, and the devices compute for at least "
    f"{AT_LEAST:.0%} of it",
    reference=(8, 1024),
    mistakes=(
        Mistake(
            (1, 32),
            "One device needs 40 s for the gradients of an epoch alone; and each of the many small "
            "steps updates, too.",
        ),
        Mistake(
            (8, 256),
            "Eight devices, but each step gives them little to compute, and the sum over devices "
            "costs the same whatever the batch.",
        ),
        Mistake(
            (16, 1024),
            "Fast enough. But more devices make each one's part smaller, and the sum no cheaper: "
            "more than a third of the time they wait.",
        ),
        Mistake((32, 1024), "Thirty-two devices spend most of their time on adding up."),
        Mistake((4, 1024), "They compute nearly all of the time. But four are too few for 10 s."),
    ),
    hints=(
        "Which part of a step gets shorter with more devices, and which one with none?",
        "The sum over devices costs up to 20 ms a step. Take few, long steps: the largest batch.",
        "With 1024 examples a step, try 6, 8 and 10 devices.",
    ),
)
