"""4 and 5, Keras optimizers."""

import numpy as np

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
    """Pairs of a learning rate and the gradients of all variables."""
    return [(float(rate), each) for rate, each in zip(rates, gradients)]


def at_half(*gradients):
    """Calls with these gradients, all with learning rate 0.5."""
    return calls_of([0.5] * len(gradients), gradients)


TWO = [np.array([1.0, -1.0]), np.array([0.5, 2.0])]
PUSH = [np.array([1.0, 0.5]), np.array([-1.0, 0.25])]
REST = [np.zeros(2), np.zeros(2)]
BACK = [-PUSH[0], PUSH[1]]
DEFAULT = 0.5  # the momentum that the sheet's classes take if none is said
