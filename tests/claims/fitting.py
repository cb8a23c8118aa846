"""What several chapters' claims are tried with."""

import numpy as np


def weights_after_each_epoch(model, epochs):
    """The one weight of a model after each epoch of fitting 0 at x = 1: its loss is w²."""
    x, y, path = np.ones((1, 1)), np.zeros((1, 1)), []
    for _ in range(epochs):
        model.fit(x, y, verbose=0)
        path.append(round(float(model.get_weights()[0][0, 0]), 4))
    return path
