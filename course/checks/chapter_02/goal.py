"""02.goal, choose numbers that reach a goal: A rate and a batch."""

from course.checks.chapter_02.spread import square_and_floor
from course.checks.tasks import Goal, Mistake

STEPS, ENOUGH, MEMORY = 100, 0.005, 256


def _losses(learning_rate, size):
    """The mean loss after STEPS steps: what is left of the start, and what the noise adds."""
    left = noise = 0.0
    for curvature in (1.0, 0.05):
        left += curvature / 2 * square_and_floor(9.0, STEPS, learning_rate, curvature, 0.0, size)[0]
        noise += (
            curvature / 2 * square_and_floor(0.0, STEPS, learning_rate, curvature, 1.0, size)[0]
        )
    return left, noise


def _reach(learning_rate, size):
    """Whether the mean loss after STEPS steps is below ENOUGH."""
    if 1 <= learning_rate == int(learning_rate) <= MEMORY and 0 < size < 1:
        return False, "Did the two change places? The learning rate comes first."
    if learning_rate <= 0:
        return False, "learning_rate must be above 0: at 0 nothing moves, below 0 it climbs."
    if size != int(size) or not 1 <= size <= MEMORY:
        return False, f"The batch must be a whole number from 1 to {MEMORY}."
    if learning_rate >= 2:
        return False, "The runs leave the valley: no batch moves the edge 2/λ of its steep side."
    left, noise = _losses(learning_rate, size)
    if left + noise < ENOUGH:
        return True, ""
    return False, (
        f"After {STEPS} steps the mean loss is {left + noise:.4f}, and {ENOUGH} is allowed: "
        f"{left:.4f} is left of the way, {noise:.4f} is noise. {_advice(learning_rate, size)}"
    )


def _advice(learning_rate, size):
    """What makes the loss smaller, by trying each number a little larger and smaller."""
    now = sum(_losses(learning_rate, size))
    better = [
        words
        for words, rate, batch in (
            ("a larger learning rate", learning_rate * 1.01, size),
            ("a smaller learning rate", learning_rate * 0.99, size),
            ("a larger batch", learning_rate, min(size + 1, MEMORY)),
        )
        if sum(_losses(rate, batch)) < now
    ]
    return f"From here {' or '.join(better)} makes it smaller."


GOAL = Goal(
    name="02.goal",
    title="A rate and a batch",
    asks="rate_and_batch",
    points=2,
    results=("learning_rate", "batch_size"),
    reach=_reach,
    reached=f"the mean loss is below {ENOUGH} after {STEPS} steps",
    reference=(0.8, 200),
    mistakes=(
        Mistake(
            (0.1, 16),
            "These are the colleague's: little noise, but 100 such short steps do not cover the "
            "flat direction.",
        ),
        Mistake(
            (0.1, 256),
            "A larger batch calms the noise. It does not shorten the way: only the rate does.",
        ),
        Mistake(
            (0.4, 64),
            "Each of the two would be small enough alone; their sum counts. Lengthen the step a "
            "little more.",
        ),
        Mistake(
            (1.6, 16),
            "Now the step is long enough, and its noise too large: what can calm it?",
        ),
        Mistake(
            (1.6, 256),
            "You scaled both by 16. That keeps the floor only while ηλ is small: at 1.6, 1/(2 − "
            "ηλ) raises it.",
        ),
    ),
    hints=(
        "Two things are left after 100 steps: a part of the way, and the noise. Which of your two "
        "numbers changes which?",
        "The flat direction keeps (1 − 0.05 η) of its distance per step: which η leaves next to "
        "nothing after 100? Keep clear of η = 2, where the steep side's noise grows without limit.",
        "Take a rate between 0.6 and 1. Its noise is about η/(2B)·(1/(2 − η) + 1/2): choose B so "
        "that it is below 0.004.",
    ),
)
