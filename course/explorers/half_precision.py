"""The numbers that backpropagation stores for a small network, and what float16 keeps of them."""

from functools import cache

import numpy as np

from course.digits import load_digits
from course.sgd import initial_state, scale_loss, step, unscale

MOMENTS = (0, 10, 50, 200, 600)
PARTS = ("output signal", "hidden signal", "gradient of W₁", "gradient of W₂")
FATES = ("lost", "faint", "full", "inf")
POWERS = np.arange(25)  # of two: the scales that the slider has
LOWEST, BINS = -60, 84  # the histogram's bins, from 2^-60 to 2^24
NORMAL = 2.0**-14  # the smallest number of float16 with all its digits


def backward(weights, images, targets):
    """The signals at the output and at the hidden layer, then the gradients of both weights.

    Shapes: weights (64, 32) and (32, 10); images (B, 64); targets (B, 10), one 1 in a row.
    """
    a, b = weights
    hidden = np.maximum(images @ a, 0)
    odds = np.exp(hidden @ b)
    output = (odds / odds.sum(axis=1, keepdims=True) - targets) / np.float32(len(images))
    inner = (output @ b.T) * (hidden > 0)
    return output, inner, images.T @ inner, hidden.T @ output


@cache
def stored():
    """For each of `MOMENTS`, so many steps into training, the four arrays of `backward`.

    They are those of one batch of 64 digits, in float32; the network is that of chapter 10.
    """
    images, labels = load_digits()
    targets = np.eye(10, dtype="float32")[labels]
    start, draws = np.random.default_rng(0), np.random.default_rng(1)
    weights = [
        start.normal(0, 0.15, (64, 32)).astype("float32"),
        start.normal(0, 0.2, (32, 10)).astype("float32"),
    ]
    state, shown = initial_state(weights), np.random.default_rng(5).integers(0, 1797, 64)
    found = {}
    for count in range(MOMENTS[-1] + 1):
        if count in MOMENTS:
            found[count] = backward(weights, images[shown], targets[shown])
        rows = draws.integers(0, 1797, 64)
        *_, a, b = backward(weights, images[rows], targets[rows])
        weights, state = step(weights, [a, b], state, learning_rate=0.1, momentum=0.9)
    return found


def half(values):
    """The values as float16 stores them, in float32 again."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(values, "float16").astype("float32")


def scaled(values, scale):
    """The values with the loss scaled, which scales each of them alike, in float32."""
    with np.errstate(over="ignore", under="ignore"):
        return scale_loss(np.float32(values), np.float32(scale))


def fates(values, scale):
    """What becomes of each number in float16: its position in `FATES`, shape of values.

    Lost is 0, faint is subnormal: below 2^-14, where there are fewer digits.
    """
    found = np.abs(half(scaled(values, scale)))
    return np.select([found == 0, found < NORMAL, np.isfinite(found)], [0, 1, 2], 3)


def histogram(values, scale):
    """How many scaled numbers are in each factor of two, and their fates; shape (4, BINS).

    What is outside the bins is counted in the first or the last of them.
    """
    with np.errstate(divide="ignore", over="ignore"):
        powers = np.floor(np.log2(np.abs(np.float64(values) * scale)))
    bins = np.clip(powers - LOWEST, 0, BINS - 1).astype(int)
    counts = np.zeros((len(FATES), BINS))
    np.add.at(counts, (fates(values, scale), bins), 1)
    return counts


def largest_safe(values):
    """The largest n for which no number overflows at the scale 2^n."""
    powers = np.arange(-32, 64)
    largest = np.float32(np.abs(values).max())
    return int(powers[[np.isfinite(half(scaled(largest, 2.0**p))) for p in powers]].max())


def error(gradients, scale):
    """How far gradients are off that were scaled, stored in float16 and unscaled in float32.

    A part of their length, all together; inf where one overflows.
    """
    exact = np.concatenate([np.ravel(g) for g in gradients])
    back = unscale(half(scaled(exact, scale)), np.float32(scale))
    return np.linalg.norm(np.float64(back) - exact) / np.linalg.norm(exact)
