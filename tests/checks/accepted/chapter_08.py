"""Other right ways to answer the tasks of sheet 08, averaging the weights."""

import numpy as np


def _averages_copy_then_pull(weights, m):
    found = [weights[0]]
    for w in weights[1:]:
        found.append(found[-1] + (1 - m) * (w - found[-1]))
    return found


def _averages_with_m_zero_at_first(weights, ema_momentum):
    rows, a = np.empty_like(weights), 0.0
    for t, w in enumerate(weights):
        m = ema_momentum if t else 0.0
        a = a * m + w * (1 - m)
        rows[t] = a
    return rows


def _averages_unrolled(weights, m):
    steps = len(weights)
    ages = np.arange(steps)[:, None] - np.arange(steps)
    coefficients = np.where(ages >= 0, (1 - m) * m ** np.maximum(ages, 0), 0.0)
    coefficients[:, 0] = m ** np.arange(steps)
    return coefficients @ weights


def _averages_in_place(weights, m):
    found, average = [], weights[0].copy()
    for w in weights:
        average *= m
        average += (1 - m) * w
        found.append(average.copy())
    return tuple(found)


def _calm_by_q(eta, lam, m):
    e, q = eta * lam, 1 - m
    both = (1 - e) * (1 - q)
    return 1 / q - 1, q / (2 - q) * (1 + both) / (1 - both)


def _calm_by_covariance(eta, lam, m):
    rho = 1 - eta * lam
    shared = (1 - m) / (1 - m * rho)
    square = (2 * m * (1 - m) * rho * shared + (1 - m) ** 2) / (1 - m * m)
    return np.array([m / (1 - m), square])


def _call_counting_early(w, v, a, updates, gradient, learning_rate, momentum, m, every):
    if updates == 0:
        m = 0
    updates += 1
    v = momentum * v - learning_rate * gradient
    w = w + v
    a = m * a + (1 - m) * w
    if updates % every == 0:
        w = a
    return w, v, a, updates


def _call_otherwise(w, v, a, updates, gradient, learning_rate, momentum, m, every):
    v = momentum * v - learning_rate * gradient
    w = w + v
    a = w if updates == 0 else a + (1 - m) * (w - a)
    return [a if (updates + 1) % every == 0 else w, v, a, updates + 1]


def _call_in_place(w, v, a, updates, gradient, learning_rate, momentum, m, every):
    w, v, a = (np.array(each, float) for each in (w, v, a))
    v *= momentum
    v -= learning_rate * gradient
    w += v
    a *= m * (updates > 0)
    a += (1 - m * (updates > 0)) * w
    return (w if (updates + 1) % every else a), v, a, updates + 1


ACCEPTED = {
    "08.after_fit": (11.5, "11.5", np.float32(11.5), 0.75 * 14 + 1),
    "08.averages": (
        _averages_copy_then_pull,
        _averages_with_m_zero_at_first,
        _averages_unrolled,
        _averages_in_place,
    ),
    "08.calm": (_calm_by_q, _calm_by_covariance),
    "08.overwriting": (_call_counting_early, _call_otherwise, _call_in_place),
    "08.levels": ("cba", "C B A", " CBA"),
    "08.goal": ((0.8, 0.975), [1.2, 0.98], np.array([0.6, 0.98]), (1, 0.97)),
}

#: mutants of a reference that are as good as it: task -> {the mutant: the reason}
SURVIVORS = {
    "08.calm": {
        "lag = m / (1 - m) after the next": "neither of the two lines needs the other",
    },
    "08.overwriting": {
        "w = w + v after the next": "m = 0 must come before the pull, not after the step",
        "a = m * a + (1 - m) * w after the next": "the pull does not need the count",
    },
}
