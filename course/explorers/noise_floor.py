"""How far noisy runs are from the minimum of a bowl: measured, by the formula, and in words.

In the bowl ½ λ |w|² of two weights each entry of the gradient has noise of deviation σ / √B.
"""

import numpy as np

from course.sgd import gradient_descent

RUNS, SEED = 200, 5


def descend(bowl, steps, learning_rate, noise):
    """Go down the bowl in `RUNS` noisy runs at once; returns points (n, RUNS, steps + 1, 2).

    learning_rate, noise: shape (n,); noise is the standard deviation of each gradient entry.
    The draws are the same for all n rows, so that a row differs from its neighbour by its
    rates alone, and the picture moves smoothly.
    """
    draws = np.random.default_rng(SEED).standard_normal((steps, RUNS, 2))
    eta, sigma = learning_rate[:, None, None], noise[:, None, None]
    points = np.empty((len(eta), steps + 1, RUNS, 2))
    points[:, 0] = bowl.start
    for k, draw in enumerate(draws):
        gradient = bowl.gradient(points[:, k]) + sigma * draw
        points[:, k + 1] = gradient_descent(points[:, k], gradient, eta)
    return np.moveaxis(points, 1, 2)


def floor(learning_rate, curvature, noise):
    """Where the mean square distance from the minimum settles: 2 η σ² / (λ (2 - η λ)).

    The 2 in front counts the weights; inf from η λ = 2 on, where nothing settles.
    Source: the fixed point of m ← (1 - η λ)² m + 2 η² σ².
    """
    room = np.maximum(2 - learning_rate * curvature, 0)
    with np.errstate(divide="ignore"):
        settled = 2 * learning_rate * noise**2 / (curvature * room)
    return np.where(room > 1e-9, settled, np.inf)


def expected(begin, steps, learning_rate, curvature, noise):
    """The expected square distance m from the minimum, shape (n, steps + 1), from m = begin.

    learning_rate, noise: shape (n,), as in `descend`.
    A step makes it (1 - η λ)² m + 2 η² σ², as its noise does not depend on where a run is; the
    2 counts the weights.
    """
    squares = [np.full(learning_rate.shape, begin)]
    for _ in range(steps):
        shrunk = (1 - learning_rate * curvature) ** 2 * squares[-1]
        squares.append(shrunk + 2 * learning_rate**2 * noise**2)
    return np.stack(squares, axis=-1)


def first_at_floor(begin, settled, learning_rate, curvature):
    """The first step at which the expected distance is within 5 % of its floor, or inf; (n,)."""
    gap = np.abs(begin / settled - 1)  # it shrinks by the factor (1 - η λ)² at each step
    near = np.where(begin > settled, 1.05**2 - 1, 1 - 0.95**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.ceil(np.log(gap / near) / -np.log((1 - learning_rate * curvature) ** 2))
    first = np.where(gap <= near, 0, np.maximum(steps, 1))
    return np.where(np.isfinite(settled), first, np.inf)


def tell(begin, settled, first, learning_rate, curvature, noise):
    """What becomes of the runs: {"there": once the floor is reached, "before": until then}.

    Each is n sentences; the other arguments are those of the functions above.
    """
    half = floor(learning_rate / 2, curvature, noise)
    growth = 2 * (learning_rate * noise) ** 2
    rows = zip(learning_rate * curvature, np.sqrt(settled), np.sqrt(half), first, growth)
    told = [_tell(*row, begin=np.sqrt(begin)) for row in rows]
    return {"there": [there for there, _ in told], "before": [before for _, before in told]}


def _tell(size, settled, half, first, growth, begin):
    """What becomes of the runs, as sentences: (from the floor on, before it).

    size: η λ; growth: what one step's noise adds to the mean square distance.
    """
    if abs(size - 2) <= 1e-9:
        told = (
            "At η = 2/λ a step only turns each run to the other side and adds noise: the mean "
            f"square distance grows by {brief(growth)} at each step, and there is no floor."
        )
        return told, told
    if size > 2:
        told = (
            f"Above η = 2/λ the runs diverge: each step makes the distance at least "
            f"{size - 1:.4g} times as large, there is no floor, and no batch is large enough."
        )
        return told, told
    change = f"Twice the batch makes it {brief(settled / np.sqrt(2))}, half the learning rate "
    change += f"{brief(half)}."
    there = f"This is the noise floor, {brief(settled)}: more steps do not lower it. {change}"
    way = "coming down" if begin > settled else "spreading out"
    before = f"They are still {way} to the noise floor, {brief(settled)}; step {first:.0f} brings "
    return there, f"{before}them within 5\N{NO-BREAK SPACE}% of it. {change}"


def brief(number):
    """Two figures, as `brief` in draw.js."""
    if 1e-3 <= number < 99.5:
        return f"{number:#.2g}".rstrip(".")
    return f"{float(f'{number:.2g}'):g}"
