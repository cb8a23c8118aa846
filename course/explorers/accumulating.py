"""One weight under noisy gradients: k calls that become one step, a step at each call, and words.

The loss is ½ λ w²; each call's gradient has normal noise of deviation σ.
"""

import numpy as np

from course.explorers.noise_floor import brief
from course.explorers.noise_floor import floor as mean_square
from course.sgd import accumulate, gradient_descent, mean_gradient


def run(start, curvature, noise, steps_of, learning_rate):
    """Each call of n runs; returns {name: (n, calls + 1)}, where call 0 is the start.

    noise:         what is added to the gradient at each call, shape (calls,).
    steps_of:      k, how many calls make one step, integers of shape (n,).
    learning_rate: shape (n,).

    w, each:     the weight with a step at each k-th call, and with one at each call.
    gradient:    what the call was given; slope: the same without noise.
    sum:         the accumulator with this call's gradient; accumulator: what is left after it.
    mean, change: the sum over k, and how far a step with it goes.
    """
    k, eta = steps_of, learning_rate
    w = each = np.full(k.shape, float(start))
    total = zero = np.zeros(k.shape)
    rows = [(w, each, zero, curvature * w, zero, zero, zero, zero)]
    with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges
        for call, draw in enumerate(noise, 1):
            slope, full = curvature * w, call % k == 0
            mean = mean_gradient(total, slope + draw, k)
            gathered = accumulate(total, slope + draw)
            w = np.where(full, gradient_descent(w, mean, eta), w)
            each = gradient_descent(each, curvature * each + draw, eta)
            total = np.where(full, 0, gathered)
            change = gradient_descent(0, mean, eta)
            rows.append((w, each, slope + draw, slope, gathered, total, mean, change))
    names = "w", "each", "gradient", "slope", "sum", "accumulator", "mean", "change"
    return {name: np.stack(c, axis=-1) for name, c in zip(names, zip(*rows))}


def joined(start, curvature, noise, steps_of, learning_rate):
    """One step for each batch of k calls' examples, shape (n, calls + 1); nan between the steps.

    The arguments are those of `run`. A joined batch's noise is the mean of its parts'.
    """
    path = np.full((len(steps_of), len(noise) + 1), np.nan)
    path[:, 0] = start
    for row, k, eta in zip(path, steps_of, learning_rate):
        w = start
        for end in range(k, len(row), k):
            with np.errstate(over="ignore", invalid="ignore"):
                slope = curvature * w + noise[end - k : end].mean()
                row[end] = w = gradient_descent(w, slope, eta)
    return path


def floor(learning_rate, curvature, deviation, steps_of=1):
    """The noise floor, as a distance: √(η σ² / (k λ (2 - η λ))); inf from η λ = 2 on.

    Source: as `noise_floor.floor`, with the noise of k gradients' mean.
    """
    square = mean_square(learning_rate, curvature, deviation / np.sqrt(steps_of)) / 2
    return np.sqrt(square)  # of two weights there, of one here


def tell(calls, curvature, deviation, steps_of, learning_rate):
    """What k calls for a step cost and give, as a sentence or three for each of n rows."""
    return [
        f"{_cost(calls, k)} {_gain(calls, k, eta * curvature, eta, curvature, deviation)}"
        for k, eta in zip(steps_of.tolist(), learning_rate.tolist())
    ]


def _cost(calls, k):
    steps, rest = divmod(calls, k)
    if k == 1:
        return f"k = 1 is a step at each call, {calls} in all: no accumulation, argument left out."
    waits = f" and leave {rest} waiting" if rest else ""
    return (
        f"All {calls} calls make {steps} {'step' if steps == 1 else 'steps'}{waits}: "
        f"each step costs {k} times the examples."
    )


def _gain(calls, k, size, eta, curvature, deviation):
    """The noise floor with and without accumulation, and how much of the start is left."""
    if abs(size - 2) <= 1e-9:
        return (
            "At η = 2/λ a step only turns the weight to the other side and adds noise: "
            "with any k there is no floor."
        )
    if size > 2:
        return f"Above η = 2/λ each step makes the weight {size - 1:.4g} times as large, at any k."
    alone, grouped = (brief(floor(eta, curvature, deviation, of)) for of in (1, k))
    left = [_percent(abs(1 - size) ** count) for count in (calls // k, calls)]
    if k == 1:
        return f"The noise floor is {alone}; the steps leave {left[1]} of the start."
    return (
        f"The noise floor is {grouped} instead of {alone}, a mean square of 1/{k}. But without "
        f"noise {left[0]} of the start would be left, and {left[1]} with a step at each call."
    )


def _percent(part):
    """A part in percent, to two figures; in words where it is next to nothing."""
    return "less than 0.01 %" if part < 1e-4 else f"{float(f'{100 * part:.2g}'):g} %"
