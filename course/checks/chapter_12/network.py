"""The network of chapter 12, for trials, the picture and the goal."""

import numpy as np

from course.digits import load_digits
from course.sgd import heavy_ball


def _digits():
    """Images, labels, and chapter 12's rows to learn from, to choose by and for the end."""
    images, labels = load_digits()
    shuffled = np.random.default_rng(12).permutation(1797)
    return images.astype(float), labels, np.split(shuffled, (896, 1296))


def _first_weights(seed):
    random = np.random.default_rng(seed)
    w1, w2 = random.normal(size=(64, 32)), random.normal(size=(32, 10))
    return w1 * np.sqrt(2 / 64), np.zeros((1, 32)), w2 * np.sqrt(2 / 32), np.zeros((1, 10))


def _losses_and_gradients(weights, x, y):
    """Each run's mean cross-entropy, shape (runs,), and its gradients."""
    w1, b1, w2, b2 = weights
    hidden = np.maximum(x @ w1 + b1, 0)
    logits = hidden @ w2 + b2
    logits = logits - logits.max(axis=-1, keepdims=True)
    totals = np.exp(logits).sum(axis=-1, keepdims=True)
    truth = np.eye(10)[y]
    loss = (np.log(totals[..., 0]) - (truth * logits).sum(axis=-1)).mean(axis=-1)
    error = (np.exp(logits) / totals - truth) / x.shape[-2]
    back = (error @ w2.swapaxes(1, 2)) * (hidden > 0)
    layers = (np.swapaxes(x, -1, -2), back), (hidden.swapaxes(1, 2), error)
    return loss, [g for a, d in layers for g in (a @ d, d.sum(axis=1, keepdims=True))]


def train(seeds, learning_rate, momentum, epochs, batch, cosine):
    """Runs side by side; returns (batch losses, losses to choose by, losses at the end)."""
    images, labels, (learn, judge, final) = _digits()
    seeds, *settings = np.broadcast_arrays(np.atleast_1d(seeds), learning_rate, momentum)
    rates, momenta = (setting[:, None, None] for setting in settings)
    weights = [np.stack(arrays) for arrays in zip(*map(_first_weights, seeds))]
    velocity, path = [np.zeros_like(w) for w in weights], []
    steps = len(learn) // batch * epochs
    for step in range(steps):
        epoch, place = divmod(step, len(learn) // batch)
        if place == 0:
            deals = [np.random.default_rng((s, epoch)).permutation(learn) for s in seeds]
        now = np.stack(deals)[:, place * batch : (place + 1) * batch]
        part = (1 + np.cos(np.pi * step / steps)) / 2 if cosine else 1.0
        loss, gradients = _losses_and_gradients(weights, images[now], labels[now])
        moved = (
            heavy_ball(*each, rates * part, momenta) for each in zip(weights, velocity, gradients)
        )
        weights, velocity = map(list, zip(*moved))
        path.append(loss)
    ends = (
        _losses_and_gradients(weights, images[rows], labels[rows])[0] for rows in (judge, final)
    )
    return np.array(path).T, *(np.fmin(loss, 10) for loss in ends)


def trial(seeds, learning_rate, momentum, *, epochs=5, cosine=True):
    """Train chapter 12's network once for each seed; returns the losses to choose by.

    seeds:  one seed or an array of them, shape (runs,); a seed deals first weights and batches.
    Shapes: the rates are scalars; returns (runs,). Where a run flew away its loss is 10.
    Source: the bench of chapter 12, with batches of 32.
    """
    with np.errstate(all="ignore"):
        return train(seeds, learning_rate, momentum, epochs, 32, cosine)[1]
