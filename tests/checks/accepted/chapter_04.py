"""Other right ways to answer the tasks of sheet 04, momentum as friction."""

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


ACCEPTED = {
    "04.step": (_grouped, _in_place, _expanded, _by_loop),
    "04.physics": (_physics_by_powers, _physics_by_time_constant),
    "04.terminal": (-2, np.float32(-2.0), [-2.0][0], np.array([-2.0])[0]),
    "04.goal": ([3.3, 0.67], np.array([3.0, 0.7]), (3, 0.72)),
    "04.portrait": ("CAB", "cab", "C A B", list("CAB")[0] + "AB"),
}
