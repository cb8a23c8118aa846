"""14.catch, write a test: A test that catches broken balls."""

import numpy as np

from course.checks.tasks import Case, Mistake, Tested

#: What a step is made of when nothing is wrong with it, in the order of `step_from`.
RIGHT = {
    "keep": 1.0,
    "push": 1.0,
    "moved": 1.0,
    "old": 0.0,
    "plain": 0.0,
    "ahead": 0.0,
    "averaged": 0.0,
    "power": 1,
    "limit": 1e30,
    "cap": 1.0,
    "absolute": 0.0,
    "stale": 0.0,
}
FAULTS = {
    "a ball that rolls uphill": {"push": -1.0},
    "a ball that subtracts its velocity": {"moved": -1.0},
    "a ball without memory": {"keep": 0.0},
    "a ball whose weight ignores the velocity": {"moved": 0.0, "plain": 1.0},
    "a ball that moves with its old velocity": {"moved": 0.0, "old": 1.0},
    "a ball that averages its gradients": {"averaged": 1.0},
    "a ball that does not hear the learning rate": {"power": 0},
    "Nesterov's ball": {"ahead": 1.0},
    "a ball that clips its gradient": {"limit": 10.0},
    "a ball whose momentum has an upper limit": {"cap": 0.9},
    "a ball that takes every slope for a rise": {"absolute": 1.0},
    "a ball that returns its old velocity": {"stale": 1.0},
}
#: Those of the numbers whose size is told with the fault.
SIZED = ("limit", "cap")


def row(split, **changes):
    """The arguments of `step_from` for a step in which these numbers differ from the right ones.

    split: how each of the three factors is cut in two, which changes no more than the rounding.
    """
    numbers = list({**RIGHT, **changes}.values())
    pairs = [(factor * (1 - split), factor * split) for factor in numbers[:3]]
    return (*pairs, *numbers[3:])


def _describe(*numbers):
    """What kind of step a row makes, in words."""
    factors = [sum(pair) for pair in numbers[:3]]
    found = dict(zip(RIGHT, [*np.round(factors, 9), *numbers[3:]]))
    other = {name: value for name, value in found.items() if value != RIGHT[name]}
    for words, changes in FAULTS.items():
        if other.keys() == changes.keys():
            size = "".join(f" ({value:.3g})" for name, value in other.items() if name in SIZED)
            return words + size
    return "a right ball" + " that adds in another order" * (numbers[0][1] != 0)


def _tries(step, velocities, gradients, learning_rates, momenta, close=np.isclose, compared=(0, 1)):
    """Whether a step is unlike the ball's somewhere on this grid: what every test here is.

    compared: which of the two results are looked at, w (0) and v (1).
    """
    for v in velocities:
        for g in gradients:
            for learning_rate in learning_rates:
                for momentum in momenta:
                    velocity = momentum * v - learning_rate * g
                    found = step(1.0, v, g, learning_rate, momentum)
                    wanted = 1.0 + velocity, velocity
                    if not all(close(found[i], wanted[i]) for i in compared):
                        return 1
    return 0


def is_broken(step):
    """The reference: both signs, large and small, with and without velocity."""
    return _tries(step, (0.7, -0.3), (2.0, -50.0), (0.3,), (0.5, 0.99))


def _draw(random):
    """A right step, or one of the faults, in another size where it has one."""
    changes = {}
    if random.random() < 0.7:
        changes = dict(list(FAULTS.values())[random.integers(len(FAULTS))])
    if "limit" in changes:
        changes["limit"] = random.uniform(5, 20)
    if "cap" in changes:
        changes["cap"] = random.uniform(0.7, 0.95)
    return row(random.uniform(0.1, 0.9), **changes)


CATCH = Tested(
    name="14.catch",
    title="A test that catches broken balls",
    work="write a test",
    asks="is_broken",
    points=4,
    results=("broken",),
    reference=is_broken,
    shown=tuple(
        Case(_describe(*each), each)
        for each in (row(0.0), row(0.3), *(row(0.0, **changes) for changes in FAULTS.values()))
    ),
    describe=_describe,
    draw=_draw,
    drawn=10,
    mistakes=(
        Mistake(
            lambda step: 0,
            "So far every ball passes: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(lambda step: 1, "You call every ball broken, the right ones, too."),
        Mistake(
            lambda step: 1 - is_broken(step),
            "Every verdict is turned round: 1 is for a broken ball, 0 for a right one.",
        ),
        Mistake(
            lambda step: _tries(
                step, (0.7, -0.3), (2.0, -50.0), (0.3,), (0.5, 0.99), close=lambda a, b: a == b
            ),
            "You refuse a right ball that adds in another order: its results differ in the last "
            "digit. Compare with np.isclose.",
        ),
        Mistake(
            lambda step: _tries(
                step, (0.7, -0.3), (2.0, -50.0), (0.3,), (0.5, 0.99), compared=(0,)
            ),
            "You compare the new w only. A step returns the new velocity, too, and it may be that "
            "which is wrong.",
        ),
        Mistake(
            lambda step: _tries(
                step, (0.7, -0.3), (2.0, -50.0), (0.3,), (0.5, 0.99), compared=(1,)
            ),
            "You compare the new velocity only. A step may do something else with it than add it "
            "to w.",
        ),
        Mistake(
            lambda step: _tries(step, (0.0,), (2.0, -50.0), (0.3,), (0.5, 0.99)),
            "Your balls all start from rest, and a ball at rest cannot show what it does with its "
            "velocity.",
        ),
        Mistake(
            lambda step: _tries(step, (0.7, -0.3), (2.0, -5.0), (0.3,), (0.5, 0.99)),
            "What happens to a large gradient? A fault may show there only.",
        ),
        Mistake(
            lambda step: _tries(step, (0.7, -0.3), (2.0, -50.0), (0.3,), (0.5, 0.7)),
            "What happens when momentum is near 1? A fault may show there only.",
        ),
        Mistake(
            lambda step: _tries(step, (0.7, -0.3), (2.0, 50.0), (0.3,), (0.5, 0.99)),
            "All your gradients have one sign. A fault may show at the other only.",
        ),
        Mistake(
            lambda step: _tries(step, (0.7, -0.3), (2.0, -50.0), (1.0,), (0.5, 0.99)),
            "With a learning rate of 1 a step that forgets it looks right. Try another.",
        ),
    ),
    hints=(
        "Give `step` numbers of your own, work out what a right step would return, and compare. "
        "Which numbers make each of the faults visible?",
        "One call is not enough: gradients of both signs, a very large one, a velocity that is not "
        "0, a momentum of 0.99, a learning rate that is not 1.",
        "Loop over such numbers; velocity = momentum * v - learning_rate * g, and the new w is "
        "w + velocity. Return 1 as soon as np.isclose is False for one of the two, 0 at the end.",
    ),
)
