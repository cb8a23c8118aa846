"""The network of chapter 12, for trials, the picture and the goal."""

import numpy as np

from course.tuning import constant, digits, score, side_by_side
from course.tuning import cosine as half_a_wave


def train(seeds, learning_rate, momentum, epochs, batch, cosine):
    """Runs side by side; returns (batch losses, losses to choose by, losses at the end).

    On one thread: where answers are marked, a process must have no other.
    """
    _, _, _, judge, final = digits()
    runs = np.broadcast_arrays(np.atleast_1d(seeds), learning_rate, momentum, 0.0)
    shape = half_a_wave if cosine else constant
    weights, path = side_by_side(*runs, shape, batch=batch, epochs=epochs)
    return path, *(score(weights, rows)[0] for rows in (judge, final))


def trial(seeds, learning_rate, momentum, *, epochs=5, cosine=True):
    """Train chapter 12's network once for each seed; returns the losses to choose by.

    seeds:  one seed or an array of them, shape (runs,); a seed deals first weights and batches.
    Shapes: the rates are scalars; returns (runs,). Where a run diverged its loss is 10.
    Source: the bench of chapter 12, with batches of 32.
    """
    with np.errstate(all="ignore"):
        return train(seeds, learning_rate, momentum, epochs, 32, cosine)[1]
