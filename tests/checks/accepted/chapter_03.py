"""Other right ways to answer the tasks of sheet 03, learning rate schedules."""

import numpy as np


def _schedule_by_arrays(calls, peak, warmup_steps, decay_steps):
    count = np.arange(calls)
    part = np.clip((count - warmup_steps) / decay_steps, 0, 1)
    return np.minimum(count / warmup_steps, 1) * peak * np.cos(np.pi * part / 2) ** 2


def _schedule_by_where(calls, peak, warmup_steps, decay_steps):
    t = np.arange(float(calls))
    wave = 0.5 * peak * (1 + np.cos((t - warmup_steps) * np.pi / decay_steps))
    wave[t >= warmup_steps + decay_steps] = 0
    return tuple(np.where(t <= warmup_steps, peak / warmup_steps * t, wave))


def _schedule_by_pieces(calls, peak, warmup_steps, decay_steps):
    up = np.linspace(0, peak, warmup_steps + 1)
    down = peak / 2 + peak / 2 * np.cos(np.linspace(0, np.pi, decay_steps + 1))
    return np.concatenate([up, down[1:], np.zeros(calls)])[:calls]


def _plan_by_counting(examples, size, epochs, warmup_epochs, accumulation):
    batches = len(range(0, examples, size))
    return [batches * warmup_epochs, batches * epochs - batches * warmup_epochs]


def _plan_by_floor(examples, size, epochs, warmup_epochs, accumulation):
    batches = (examples + size - 1) // size
    return np.array([warmup_epochs, epochs - warmup_epochs]) * batches


def _best_next_by_inverses(square, curvature, variance):
    left = 1 / (1 / square + curvature**2 / variance)
    return curvature * left / variance, left


def _best_next_by_ratio(a, lam, var):
    trust = 1 / (1 + var / (lam * lam * a))
    return np.array([trust / lam, a * (1 - trust)])


ACCEPTED = {
    "03.schedule": (_schedule_by_arrays, _schedule_by_where, _schedule_by_pieces),
    "03.plan": (_plan_by_counting, _plan_by_floor),
    "03.frozen": (0.32, "0.32", np.float32(0.8) ** 2 / 2, [0.32][0]),
    "03.greedy": (_best_next_by_inverses, _best_next_by_ratio),
    "03.plateaus": ("BCA", "bca", " B C A"),
    "03.goal": ((1, 0.5), [1.5, 0.6], np.array([0.5, 0.4]), (1.9, 0.7)),
}

#: mutants of a reference that are as good as it: task -> {the mutant: the reason}
SURVIVORS = {
    "03.schedule": {
        "count < warmup_steps one off": "where they meet, the line and the wave are both the peak",
    },
}
