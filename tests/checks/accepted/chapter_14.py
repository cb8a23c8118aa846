"""Other right ways to answer the tasks of sheet 14, when training goes wrong."""

import numpy as np


def _infer_two_equations(moves, gradients):
    """Cramer's rule on the second and third move."""
    (a, b), (c, d) = (-gradients[1], moves[0]), (-gradients[2], moves[1])
    determinant = a * d - b * c
    return (
        (moves[1] * d - b * moves[2]) / determinant,
        (a * moves[2] - c * moves[1]) / determinant,
    )


def _infer_normal_equations(moves, gradients):
    g, before, now = gradients[1:], moves[:-1], moves[1:]
    table = np.array([[g @ g, -g @ before], [-g @ before, before @ before]])
    return list(np.linalg.inv(table) @ [-g @ now, before @ now])


def _blame_by_elimination(weights, gradients, learning_rate):
    moves = weights[1:] - weights[:-1]
    plain = -learning_rate * gradients
    along = np.sum(moves * plain, axis=1) / np.sum(plain * plain, axis=1)
    if np.abs(moves - along[:, None] * plain).max() < 1e-6:
        if np.abs(along - 1).max() < 1e-6:
            return 0
        falls = along[1:] / along[:-1]
        return 4 if np.ptp(falls) < 1e-6 else 3
    decayed = (moves - plain) / weights[:-1]
    return 2 if np.ptp(decayed) < 1e-6 else 1


def _blame_by_trying(weights, gradients, learning_rate):
    moves, plain = np.diff(weights, axis=0), -learning_rate * gradients
    rest = moves - plain
    if np.allclose(rest, 0):
        return 0.0
    beta = rest[1, 0] / moves[0, 0]
    if np.allclose(rest[1:], beta * moves[:-1]):
        return 1.0
    part = rest[0, 0] / weights[0, 0]
    if np.allclose(rest, part * weights[:-1]):
        return 2.0
    factor = moves[1, 0] / plain[1, 0]
    powers = factor ** np.arange(len(moves))
    return 4.0 if np.allclose(moves, plain * powers[:, None]) else 3.0


def _catch_at_random(step):
    random = np.random.default_rng(0)
    for _ in range(50):
        w, v, g = random.normal(size=3) * [1, 1, 100]
        rate, momentum = random.uniform(0.01, 0.9), random.uniform(0, 1)
        velocity = v * momentum - g * rate
        if not np.allclose(step(w, v, g, rate, momentum), (w + velocity, velocity)):
            return True
    return False


def _catch_with_arrays(step):
    v, g = np.array([1.0, 1.0, -2.0, -2.0]), np.array([-100.0, 0.5, 100.0, -0.5])
    wrong = 0
    for momentum in (0.2, 0.999):
        w, velocity = step(np.zeros(4), v, g, 0.01, momentum)
        wrong += np.abs(velocity - (momentum * v - 0.01 * g)).max() > 1e-9
        wrong += np.abs(w - (momentum * v - 0.01 * g)).max() > 1e-9
    return int(wrong > 0)


ACCEPTED = {
    "14.infer": (_infer_two_equations, _infer_normal_equations),
    "14.blame": (_blame_by_elimination, _blame_by_trying),
    "14.catch": (_catch_at_random, _catch_with_arrays),
    "14.apart": ((5.0, -5.0, 0.9), (2.0, 2.0, -0.8)),
    "14.falls": ((2.05, 3.0, 1e-7), (2.2, -1.0, 1e-7)),
    "14.false": ((4, 0.5, -3.0), (4.0, 10.0, 0.1)),
}

OTHER_TRIES = "another number to try a step with, which shows the same faults"
SURVIVORS = {
    "14.blame": {
        "lengths < 0.999 * learning_rate * np.linalg.norm(gradients, axis=1) one off": (
            "no move is exactly that long"
        )
    },
    "14.catch": {
        "0.7 becomes 1.7": OTHER_TRIES,
        "-0.3 without its sign": OTHER_TRIES,
        "2.0 becomes 3.0": OTHER_TRIES,
        "0.3 becomes 1.3": OTHER_TRIES,
        "50.0 becomes 51.0": OTHER_TRIES,
    },
}
