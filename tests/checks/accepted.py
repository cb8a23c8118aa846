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


def _look_ahead_by_both_velocities(w, v, g, eta, beta):
    new = beta * v - eta * g
    return w - beta * v + (1 + beta) * new, new  # as in many lecture notes


def _look_ahead_in_place(w, v, g, eta, beta):
    w, v = np.array(w, float), np.array(v, float)
    v *= beta
    v += -eta * g
    w += beta * v - eta * g
    return [w, v]


def _look_ahead_expanded(theta, speed, slope, rate, keep):
    return theta + keep**2 * speed - (1 + keep) * rate * slope, keep * speed - rate * slope


def _look_ahead_by_the_original(theta, v, g, eta, beta):
    w = theta - beta * v
    v = -(eta * g - beta * v)
    w = w + v
    return w + beta * v, v


def _translate_at_once(theta, v, old, new):
    return theta - v * old, theta + (new - old) * v


def _translate_as_list(theta, velocity, old_momentum, new_momentum):
    w = -(old_momentum * np.asarray(velocity) - theta)
    return [w, w - (-new_momentum * velocity)]


def _edge_by_python(curvatures, momentum):
    return min(2 * (1 + momentum) / (lam + 2 * momentum * lam) for lam in curvatures)


def _edge_by_bisection(curvatures, momentum):
    def rate(step):
        kept = momentum * (1 - step)
        return np.max(np.abs(np.roots([1, -(1 + kept - step), kept])))

    low, high = 0.5, 2.5
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rate(middle) < 1 else (low, middle)
    return np.array(low / max(curvatures))


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
    "02.gradient": (_gradient_by_loop, _gradient_by_mean, _gradient_by_counts),
    "02.error": (3, "3", np.float32(3), 6 * np.sqrt(8 / 32)),
    "02.epoch": (_epoch_by_pack, _epoch_by_split),
    "02.spread": (_spread_by_formula, _spread_by_series),
    "02.clouds": ("BAC", "bac", " B A C"),
    "02.goal": ((0.8, 128), [1, 256], np.array([0.6, 128.0]), (1.0, 200.0)),
    "03.schedule": (_schedule_by_arrays, _schedule_by_where, _schedule_by_pieces),
    "03.plan": (_plan_by_counting, _plan_by_floor),
    "03.frozen": (0.32, "0.32", np.float32(0.8) ** 2 / 2, [0.32][0]),
    "03.greedy": (_best_next_by_inverses, _best_next_by_ratio),
    "03.plateaus": ("BCA", "bca", " B C A"),
    "03.goal": ((1, 0.5), [1.5, 0.6], np.array([0.5, 0.4]), (1.9, 0.7)),
    "04.step": (_grouped, _in_place, _expanded, _by_loop),
    "04.physics": (_physics_by_powers, _physics_by_time_constant),
    "04.terminal": (-2, np.float32(-2.0), [-2.0][0], np.array([-2.0])[0]),
    "04.goal": ([3.3, 0.67], np.array([3.0, 0.7]), (3, 0.72)),
    "04.portrait": ("CAB", "cab", "C A B", list("CAB")[0] + "AB"),
    "05.landing": (1.5, "1.5", np.float64(1.5), -1 + 4 - 0.5 * 3),
    "05.step": (
        _look_ahead_by_both_velocities,
        _look_ahead_in_place,
        _look_ahead_expanded,
        _look_ahead_by_the_original,
    ),
    "05.translate": (_translate_at_once, _translate_as_list),
    "05.edge": (_edge_by_python, _edge_by_bisection),
    "05.paths": ("bca", "B C A", "BCA "),
    "05.goal": ((1, 0.82), [0.9, 0.84], np.array([1.05, 0.83]), (0.7, 0.85)),
}
