"""4 and 5, Keras optimizers."""

import numpy as np

from course.checks.base import Case

FEW = 1  # drawn case: one run of a Keras optimizer takes as long as a hundred NumPy steps


def in_a_row(arrays):
    """All entries of several variables' arrays in one row."""
    return np.concatenate([np.ravel(array) for array in arrays])


def sixteenths(random, size, most=32):
    """Multiples of 1/16 that are not 0: float32 adds and multiplies a few of them exactly."""
    return random.choice([-1.0, 1.0], size=size) * random.integers(1, most, size=size) / 16


def without(arguments, names):
    """A class's arguments but these, as where a config forgets them."""
    return {name: value for name, value in arguments.items() if name not in names}


def calls_of(rates, gradients):
    """Pairs of a learning rate and the gradients of all variables; a rate is None for its own."""
    rates = [None if rate is None else float(rate) for rate in rates]
    return list(zip(rates, gradients))


def with_own_rate(calls, arguments):
    """The calls with the rate that the optimizer got, where they say none of their own."""
    own = arguments.get("learning_rate", RATE)
    return [(own if rate is None else rate, each) for rate, each in calls]


def first_rates(calls, arguments, stop):
    """A known slip: the rate that __init__ got; after the stop, it gets the one that was kept."""
    rates = [rate for rate, _ in with_own_rate(calls, arguments)]
    last = rates[stop - 1] if stop else arguments.get("learning_rate", RATE)
    known = [arguments.get("learning_rate", RATE)] * stop + [last] * (len(calls) - stop)
    return calls_of(known, [gradients for _, gradients in calls])


def at_half(*gradients):
    """Calls with these gradients, all with learning rate 0.5."""
    return calls_of([0.5] * len(gradients), gradients)


TWO = [np.array([1.0, -1.0]), np.array([0.5, 2.0])]
PUSH = [np.array([1.0, 0.5]), np.array([-1.0, 0.25])]
REST = [np.zeros(2), np.zeros(2)]
BACK = [-PUSH[0], PUSH[1]]
DEFAULT = 0.5  # the momentum that the sheet's classes take if none is said
RATE = 0.01  # and the learning rate

#: Two runs in which no call says a learning rate: it is the optimizer's own.
ITS_OWN_RATE = (
    Case(
        "with the learning rate that it got",
        (TWO, calls_of([None, None], [PUSH, PUSH]), {"learning_rate": 0.5}, 1),
    ),
    Case(
        "with the learning rate that it has by default",
        (TWO, calls_of([None, None], [PUSH, PUSH]), {}, 1),
    ),
)
