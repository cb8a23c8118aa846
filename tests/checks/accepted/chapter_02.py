"""Other right ways to answer the tasks of sheet 02, stochastic gradients."""

import numpy as np


def _gradient_by_loop(w, x, y, rows):
    total = 0 * w
    for i in rows:
        total = total + (sum(a * b for a, b in zip(x[i], w)) - y[i]) * x[i]
    return list(total / len(rows))


def _gradient_by_mean(w, x, y, rows):
    return -np.mean((y - x @ w)[rows][:, np.newaxis] * x[rows], axis=0)


def _gradient_by_counts(w, x, y, rows):
    weights = np.bincount(rows, minlength=len(y)) / len(rows)
    return np.einsum("i,ij->j", weights * (np.dot(x, w) - y), x)


def _epoch_by_pack(w, x, order, size, learning_rate):
    pack = list(x[order])
    while pack:
        batch, pack = pack[:size], pack[size:]
        w -= learning_rate * sum(w - each for each in batch) / len(batch)
    return w


def _epoch_by_split(w, x, order, size, learning_rate):
    for rows in np.split(order, range(size, len(x), size)):
        w = (1 - learning_rate) * w + learning_rate * x[rows].mean()
    return np.array(w)


def _spread_by_formula(square, steps, eta, lam, variance, size):
    floor = eta * variance / size / (2 * lam - eta * lam**2)
    return floor + (1 - eta * lam) ** (2 * steps) * (square - floor), floor


def _spread_by_series(square, steps, eta, lam, variance, size):
    keep, add = (1 - eta * lam) ** 2, eta**2 * variance / size
    after = keep**steps * square + add * sum(keep**k for k in range(steps))
    return [after, add / (1 - keep)]


ACCEPTED = {
    "02.gradient": (_gradient_by_loop, _gradient_by_mean, _gradient_by_counts),
    "02.error": (3, "3", np.float32(3), 6 * np.sqrt(8 / 32)),
    "02.epoch": (_epoch_by_pack, _epoch_by_split),
    "02.spread": (_spread_by_formula, _spread_by_series),
    "02.clouds": ("BAC", "bac", " B A C"),
    "02.goal": ((0.8, 128), [1, 256], np.array([0.6, 128.0]), (1.0, 200.0)),
}
