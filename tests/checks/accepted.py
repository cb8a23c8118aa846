"""Other right ways to answer each writing task: the checks must take them all."""

import numpy as np


def _grouped(w, v, g, eta, beta):
    v = -(eta * g - beta * v)
    return [w + v, v]


def _in_place(w, v, g, eta, beta):
    w, v = np.asarray(w, float), np.asarray(v, float)
    v *= beta
    v -= eta * g
    w += v
    return w, v


def _expanded(position, speed, slope, rate, keep):
    return position + keep * speed - rate * slope, keep * speed - rate * slope


def _by_loop(w, v, g, eta, beta):
    if np.ndim(w) == 0:
        return _expanded(w, v, g, eta, beta)
    pairs = [_expanded(*each, eta, beta) for each in zip(w, v, g)]
    return np.array(pairs).T


def _physics_by_powers(m, c, h):
    return np.array([h * h / m, (m - h * c) / m])


def _physics_by_time_constant(m, c, h):
    return pow(h, 2) * (1 / m), 1 - h / (m / c) if c else 1.0


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
    "04.step": (_grouped, _in_place, _expanded, _by_loop),
    "04.physics": (_physics_by_powers, _physics_by_time_constant),
    "04.terminal": (-2, np.float32(-2.0), [-2.0][0], np.array([-2.0])[0]),
    "04.goal": ([3.3, 0.67], np.array([3.0, 0.7]), (3, 0.72)),
    "04.portrait": ("CAB", "cab", "C A B", list("CAB")[0] + "AB"),
}
