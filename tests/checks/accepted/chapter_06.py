"""Other right ways to answer the tasks of sheet 06, weight decay."""

import re

import numpy as np


def _step_by_factor(w, v, g, eta, beta, wd):
    v = -(eta * g - beta * v)
    return [(1 - eta * wd) * w + v, v]


def _step_in_place(w, v, g, eta, beta, wd):
    w, v = np.array(w, float), np.array(v, float)
    v *= beta
    v -= eta * g
    w *= 1 - wd * eta
    w += v
    return w, v


def _step_by_moves(w, v, g, eta, beta, wd):
    current, new = -wd * w * eta, beta * v - g * eta
    return w + (new + current), new


def _port_by_strengths(number, old, new):
    strengths = np.array([number, 2 * number, number - number * old])
    return strengths / (1 - new)


def _port_by_memory(number, old, new):
    friction = 1 - new
    return [number * friction**-1, number / (friction / 2), (1 - old) / friction * number]


def _spare_by_pattern(weights, paths, words, eta, wd):
    pattern = f"(^|/)({'|'.join(words)})(:|$)"
    return [w if re.search(pattern, p) else w - eta * wd * w for w, p in zip(weights, paths)]


def _spare_in_place(weights, paths, words, eta, wd):
    spared = [path.rsplit("/", 1)[1].split(":")[0] in {*words} for path in paths]
    weights[~np.array(spared)] *= 1 - eta * wd
    return weights


def _spare_by_endings(weights, paths, words, eta, wd):
    endings = tuple(f"/{word}:0" for word in words)
    kept = np.array([1.0 if path.endswith(endings) else 1 - eta * wd for path in paths])
    return tuple(kept * weights)


ACCEPTED = {
    "06.calls": (35, "35", np.float32(35), (48 * 7 / 8 - 2) * 0.875),
    "06.step": (_step_by_factor, _step_in_place, _step_by_moves),
    "06.swings": ("cab", "C A B", "CAB "),
    "06.port": (_port_by_strengths, _port_by_memory),
    "06.spare": (_spare_by_pattern, _spare_in_place, _spare_by_endings),
    "06.goal": ((0.9, 0.2), [0.95, 0.5], np.array([0.8, 0.1]), (0.98, 1), (0.7, 0.08)),
}

SURVIVORS = {
    "06.port": {
        "from_pytorch = number / (1 - momentum) after the next": "no line needs another",
        "from_l2 = 2 * number / (1 - momentum) after the next": "no line needs another",
    },
}
