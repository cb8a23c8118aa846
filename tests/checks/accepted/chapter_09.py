"""Other right ways to answer the tasks of sheet 09, gradient accumulation."""

import numpy as np


def _call_as_keras_writes_it(w, accumulator, gradient, calls, k, learning_rate):
    if (calls + 1) % k != 0:
        return w, gradient + accumulator
    mean = (gradient + accumulator) / k
    return w - mean * learning_rate, np.zeros_like(accumulator)


def _call_in_place(w, accumulator, gradient, calls, k, learning_rate):
    w, accumulator = np.array(w, float), np.array(accumulator, float)
    accumulator += gradient
    if calls % k == k - 1:
        w -= learning_rate / k * accumulator
        accumulator *= 0
    return [w, accumulator]


def _call_by_a_switch(w, total, g, calls, k, eta):
    full = int((calls + 1) / k == (calls + 1) // k)
    return w - full * eta * (total / k + g / k), (1 - full) * (total + g)


def _joined_by_average(gradients, sizes, clipnorm):
    mean = np.average(gradients, axis=0, weights=sizes)
    return mean * min(1.0, clipnorm / np.linalg.norm(mean))


def _joined_by_parts(gradients, sizes, clipnorm):
    examples, mean = sum(sizes), 0.0
    for gradient, size in zip(gradients, sizes):
        mean = mean + gradient * (size / examples)
    length = np.sqrt(mean @ mean)
    return list(mean / length * clipnorm) if length > clipnorm else mean


def _recipe_by_logarithms(drop_after, ema_momentum, summed_rate, k):
    return [k * drop_after, np.exp(np.log(ema_momentum) / k), k * summed_rate]


def _recipe_as_array(drop_after, m, rate, k):
    return np.array([drop_after * k, np.power(m, 1 / k), rate / (1 / k)])


def _call_that_empties_by_a_number(w, accumulator, gradient, calls, k, learning_rate):
    accumulator = accumulator + gradient
    if (calls + 1) % k:
        return w, accumulator
    return w - learning_rate * accumulator / k, 0


ACCEPTED = {
    "09.call": (
        _call_that_empties_by_a_number,
        _call_as_keras_writes_it,
        _call_in_place,
        _call_by_a_switch,
    ),
    "09.missing": (2, "2", np.float32(2.0), 10 - 3 - 5),
    "09.joined": (_joined_by_average, _joined_by_parts),
    "09.recipe": (_recipe_by_logarithms, _recipe_as_array),
    "09.runs": ("acb", "A C B", "ACB "),
    "09.goal": ((0.5, 10), [1.5, 20], np.array([1.0, 30.0]), (0.9, 40)),
}

#: mutants of a reference that are as good as it: task -> {the mutant: the reason}
SURVIVORS = {
    "09.recipe": {"1 / k without 1": "a missing numerator is a 1 again"},
}
