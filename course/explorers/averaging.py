"""Whether an average of noisy weights is behind or better, and by how much, put in words."""

import numpy as np

from course.theory import kept, variance_ratio

FORMULA = "(1 − m)(1 + mρ)/((1 + m)(1 − mρ))".replace(" ", "\N{NO-BREAK SPACE}")
#: What can be the case after a step; the words for each are in `told`.
CASES = ["none", "copied", "overwritten", "equal", "behind", "better", "grows"]
ALWAYS = {  # what needs no numbers
    "none": "There is no average yet: the first update will copy the weights into it.",
    "copied": "They are equal: the first update has copied the weights.",
    "overwritten": "They are equal: this step put the average in the weights' place.",
    "grows": "Both grow without bound.",
}


def grows(learning_rate, ema_momentum, period, steps):
    """Whether the weights grow without bound in a bowl of curvature 1; scalars, returns a bool."""
    rho = 1 - learning_rate
    if period > steps:  # never overwritten; at 2 exactly noise adds up for ever
        return abs(rho) >= 1 - 1e-12
    return not kept(ema_momentum, rho, period) <= 1 + 1e-9  # beyond every float it is nan


def cases(growing, overwritten, weights, average):
    """For every step which of `CASES` holds, as its number; shape (n, steps + 1).

    growing:     shape (n,), from `grows`.
    overwritten: bools, shape (n, steps + 1).
    weights, average: mean losses, shape (n, steps + 1); within 2 % they count as equal.
    """
    number = {name: float(i) for i, name in enumerate(CASES)}
    conditions = {
        "overwritten": overwritten,
        "grows": np.broadcast_to(np.asarray(growing)[:, None], weights.shape),
        "behind": average > 1.02 * weights,
        "better": weights > 1.02 * average,
    }
    found = np.select(
        [*conditions.values()], [number[name] for name in conditions], number["equal"]
    )
    found[:, :2] = number["none"], number["copied"]
    return found


def told(rows, found, seen, noise):
    """The words: for each of `CASES` and for the whole run ("told") one sentence part per row.

    rows:  n tuples (learning_rate, ema_momentum, period, growing).
    found: from `cases`.
    seen:  {"weights": …, "average": …} with the "mean" losses and "variance", shape (n, steps + 1).
    noise: the standard deviation of each entry of the gradient's noise.
    """
    steps = found.shape[1] - 1
    last = slice(steps // 2 + 1, None)
    over = [(key, name) for key in seen for name in ("mean", "variance")]
    halves = [
        {f"{key} {name}": seen[key][name][i, last].mean() for key, name in over}
        for i in range(len(rows))
    ]
    return {case: [words] * len(rows) for case, words in ALWAYS.items()} | {
        "equal": [_equal(m) for _, m, *_ in rows],
        "behind": [_behind(m, case, steps) for (_, m, *_), case in zip(rows, found)],
        "better": [_better(m) for _, m, *_ in rows],
        "told": [_whole(row, half, noise, steps) for row, half in zip(rows, halves)],
    }


def _equal(m):
    if m == 0:
        return "They are equal: with ema_momentum 0 the average is the weights."
    return "They are about equal."


def _behind(m, case, steps):
    if m == 1:
        return "The average is behind: with ema_momentum 1 it stays at the first weights."
    free = np.flatnonzero(case != CASES.index("overwritten"))
    last = np.max(np.flatnonzero(case == CASES.index("behind")), initial=0)
    when = (
        f"and still is at step {steps}" if last == free[-1] else f"for the last time at step {last}"
    )
    lag = _brief(m / (1 - m), 4)
    return (
        f"The average is behind, {when}: it still comes down, "
        f"and its lag is m/(1 − m) = {lag} {'step' if lag == '1' else 'steps'}."
    )


def _better(m):
    if m == 1:
        return "The average is better: with ema_momentum 1 it stays at the first weights."
    return "The average is better: what differs from step to step partly cancels in it."


def _whole(row, half, noise, steps):
    """What holds for the whole run, whatever step is shown."""
    eta, m, period, growing = row
    if growing:
        helpless = f", and overwriting {_every(period)} does not hold them"
        return (
            f"η = {eta:.4g} is too large here: from 2/λ = 2 on the weights grow"
            f"{helpless if period <= steps else ''}."
        )
    losses = (
        f"Mean loss over the last half of the run: weights {_brief(half['weights mean'])}, "
        f"average {_brief(half['average mean'])}."
    )
    if m == 0:
        return f"{losses} Overwriting would change nothing."
    if period <= steps:
        return f"{losses} {_overwriting(row, noise, half['weights variance'], steps)}"
    return f"{losses} {_variance(eta, m, half, steps)}" if m < 1 else losses


def _variance(eta, m, half, steps):
    """The variance that was measured, beside the formula."""
    rho, measured = 1 - eta, half["average variance"] / half["weights variance"]
    words = (
        f"There the average's variance is {_brief(measured)} of the weights'; the formula "
        f"{FORMULA} with ρ = 1 − ηλ = {_brief(rho, 4)} "
        f"gives {_brief(variance_ratio(m, rho))}"
    )
    if abs(rho) < 1e-9:
        words += ": at ηλ = 1 successive weights are independent."
    else:
        words += f", and {_brief(variance_ratio(m, 0))} if successive weights were independent."
    memory = max(1 / (1 - m), 1 / min(eta, 2 - eta))
    if memory > steps / 6 * 1.001:
        words += (
            f" The formula is for long runs: {steps} steps are few "
            f"for a memory of {_brief(memory)}."
        )
    return words


def _overwriting(row, noise, variance, steps):
    """What overwriting does to the way down and to the floor."""
    eta, m, period, _ = row
    left = kept(m, 1 - eta, period)
    words = (
        f"{_every(period).capitalize()} the weights become the average; such a period leaves "
        f"{_percent(left)} of the distance to the minimum"
    )
    if eta >= 2:
        return f"{words}. Without overwriting they would grow."
    alone, floor = abs(1 - eta) ** period, 2 * noise**2 * eta / (2 - eta)
    words += f", without overwriting {_percent(alone)}."
    if left ** (steps // period) > 0.05:
        return f"{words} So the weights do not come down in {steps} steps."
    words += f" The weights' variance is {_brief(variance / floor)} of what it is without"
    calmer = left > alone and variance < 0.95 * floor
    return words + (": slower and quieter, as with a smaller learning rate." if calmer else ".")


def _every(period):
    return "every step" if period == 1 else f"every {period} steps"


def _percent(part):
    return f"{100 * part:.3g} %" if part == 0 or part >= 1e-4 else "less than 0.01 %"


def _brief(value, digits=2):
    """A number for reading, without powers of ten."""
    rounded = float(f"{value:.{digits}g}")
    return np.format_float_positional(rounded, trim="-").replace("-", "−")
