"""Other right ways to answer the tasks of sheet 07, clipping."""

import numpy as np


def _norm_by_branch(g, c):
    length = np.linalg.norm(g)
    if length <= c:
        return g
    return c * g / length


def _norm_by_factor(g, c):
    return min(1, c / (np.linalg.norm(g.ravel()) or 1.0)) * g


def _norm_by_largest(g, c):  # does not overflow
    largest = np.abs(g).max()
    if largest == 0:
        return g.tolist()
    unit = g / largest
    length = largest * np.sqrt(np.vdot(unit, unit))
    return np.where(length > c, unit * (c * largest / length), g)


def _global_by_concatenation(gradients, c):
    length = np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients]))
    return tuple(g if length <= c else g * (c / length) for g in gradients)


def _global_by_lengths(gradients, c):
    length = np.linalg.norm([np.linalg.norm(g) for g in gradients])
    clipped = []
    for g in gradients:
        clipped.append(g / max(1, length / c))
    return clipped


def _global_by_keras(gradients, c):
    length = sum((g**2).sum() for g in gradients) ** 0.5
    with np.errstate(divide="ignore"):
        scale = c * np.minimum(1 / length, 1 / c)
    return [scale * g for g in gradients]


def _stages_decay_first(w, v, g, eta, beta, wd, c):
    w = w - eta * wd * w
    g = np.clip(g, -c, c)
    v = beta * v - eta * g
    w = w + v
    return w, v


def _stages_decay_late(w, v, g, eta, beta, wd, c):
    g = np.clip(g, -c, c)
    v = beta * v - eta * g
    w = w - eta * wd * w
    w = w + v
    return [w, v]


def _stages_at_once(w, v, g, eta, beta, wd, c):
    v = beta * v - eta * np.maximum(np.minimum(g, c), -c)
    return (1 - wd * eta) * w + v, v


ACCEPTED = {
    "07.norm": (_norm_by_branch, _norm_by_factor, _norm_by_largest),
    "07.global": (_global_by_concatenation, _global_by_lengths, _global_by_keras),
    "07.paths": ("bca", "B C A", "BCA "),
    "07.settles": (2.75, "2.75", np.float32(2.75), 2 + 3 / 4),
    "07.stages": (_stages_decay_first, _stages_decay_late, _stages_at_once),
    "07.goal": ((0.3, 0.1), [0.1, 0.5], np.array([0.5, 0.3]), (0.2, 1), (1, 0.03)),
}

SURVIVORS = {
    "07.stages": {
        "gradient = np.clip(gradient, -clipvalue, clipvalue) after the next": (
            "clip and decay do not read each other"
        ),
        "w = w - learning_rate * weight_decay * w after the next": (
            "decay and velocity do not read each other"
        ),
    },
}
