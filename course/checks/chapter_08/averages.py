"""08.averages, write the average: The average that Keras keeps."""

import numpy as np

from course.checks.calling import agree
from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def _averages(weights, ema_momentum):
    average, found = weights[0], []
    for w in weights:
        average = ema_momentum * average + (1 - ema_momentum) * w
        found.append(average)
    return np.array(found)


def _from_zero(weights, m):
    return _averages(np.vstack([0 * weights[:1], weights]), m)[1:]


def _correction(weights, m):
    return 1 - m ** np.arange(1.0, len(weights) + 1)[:, None]


def _one_array_for_all(weights, m):
    average, found = weights[0].copy(), []
    for w in weights:
        average *= m
        average += (1 - m) * w
        found.append(average)
    return found


def _no_part_taken(weights, m):
    average, found = weights[0], [weights[0]]
    for w in weights[1:]:
        average = m * average + w
        found.append(average)
    return found


def _of_neighbours(weights, m):
    return np.vstack([weights[:1], m * weights[:-1] + (1 - m) * weights[1:]])


def _powers(weights, m):
    """What is left of the first weights after each step, as an average from zero has them."""
    return m ** np.arange(len(weights))[:, None] * weights[0]


def _pulled(weights, momentum_of):
    average, found = weights[0], []
    for t, w in enumerate(weights):
        average = momentum_of(t) * average + (1 - momentum_of(t)) * w
        found.append(average)
    return np.array(found)


def _copies_twice(weights, m):
    return np.vstack([weights[:1], _averages(weights[1:], m)]) if len(weights) > 1 else weights


def _each_in_full(weights, m):
    average, found = weights[0], []
    for w in weights:
        average = m * average + w
        found.append(average)
    return np.array(found)


def _averages_arguments(random):
    return random.normal(size=(random.integers(3, 6), 2)), random.uniform(0.3, 0.95)


_COLUMN = np.array([[16.0], [8.0], [4.0]])


def _observe(arguments, yours, expected):
    weights, m = arguments
    rows = zip(yours[0], expected[0])
    t = next(t for t, (mine, good) in enumerate(rows) if not agree([mine], [good]))
    if t == 0:
        return "The first average is a copy: row 0 of your table must be row 0 of weights."
    above, new = yours[0][t - 1], weights[t]
    between = np.all((yours[0][t] - above) * (yours[0][t] - new) <= 1e-12)
    return f"Row {t} is your first wrong one" + (
        f": it must keep {m:.4g} of the row above it, and take the rest from row {t} of weights."
        if between
        else ", and does not lie between the row above it and the new weights: do the two parts "
        "sum to one?"
    )


AVERAGES = Observed(
    name="08.averages",
    title="The average that Keras keeps",
    asks="averages",
    points=3,
    results=("table",),
    reference=_averages,
    pure=True,
    shown=(
        Case("one weight, one step", (np.array([[3.0]]), 0.9)),
        Case("one weight, three steps", (_COLUMN, 0.25)),
        Case("two weights at rest", (np.array([[5.0, -1.0]] * 3), 0.99)),
    ),
    draw=_averages_arguments,
    mistakes=(
        Mistake(
            lambda weights, m: 0 * weights,
            "Nothing is averaged yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _from_zero,
            "Your average starts at zero, so it has a bias at first. Keras's is a copy of the "
            "weights after the first step.",
        ),
        Mistake(
            lambda weights, m: _from_zero(weights, m) / _correction(weights, m),
            "You start at zero and correct the bias, as Adam does. That is an average, too, but "
            "not Keras's: it copies the first weights, and corrects nothing.",
        ),
        Mistake(
            lambda weights, m: _averages(weights, m) / _correction(weights, m),
            "Your average is right before the division. It did not start at zero, so there is no "
            "bias to correct.",
        ),
        Mistake(
            lambda weights, m: _averages(weights, 1 - m),
            "You exchanged the two parts: ema_momentum is the part of the old average that stays.",
        ),
        Mistake(
            lambda weights, m: np.cumsum(weights, axis=0) / (1 + np.arange(len(weights))[:, None]),
            "That is the plain mean of all weights so far. Here old weights fade: each pull keeps "
            "the part ema_momentum of the average.",
        ),
        Mistake(
            lambda weights, m: np.cumsum((1 - m) * weights, axis=0),
            "Nothing fades: the old average must be multiplied by ema_momentum in each pull.",
        ),
        Mistake(
            _no_part_taken,
            "The new weights enter in full. Take the part 1 - ema_momentum of them, so that the "
            "two parts sum to one.",
        ),
        Mistake(
            lambda weights, m: _averages(weights, m)[-1],
            "This is the last average only. Return all of them: one row for each row of weights.",
        ),
        Mistake(
            lambda weights, m: _averages(weights, m)[1:],
            "The first row is missing: after the first step the average is that step's weights.",
        ),
        Mistake(
            lambda weights, m: np.vstack([weights[:1], _averages(weights, m)]),
            "There is one row too many: the first weights stand there twice. The average is "
            "copied after the first step, and pulled from the second on.",
        ),
        Mistake(
            lambda weights, m: np.vstack([weights[:1], _averages(weights, m)[:-1]]),
            "Your rows come one step late: row t must have been pulled towards row t of weights "
            "already.",
        ),
        Mistake(
            _of_neighbours,
            "You pull the *weights* of the step before towards the new ones. It is the average of "
            "the step before, the row above in your own table, that is pulled.",
        ),
        Mistake(
            _one_array_for_all,
            "All your rows are one and the same array, which you changed in place: each shows the "
            "last average. Make a new one in each step.",
        ),
        Mistake(
            lambda weights, m: np.vstack([0 * weights[:1], _averages(weights, m)[1:]]),
            "The first row is still zero: after the first step the average is that step's weights.",
        ),
        Mistake(
            lambda weights, m: np.vstack([_averages(weights, m)[:-1], 0 * weights[-1:]]),
            "The last row is still zero: your loop ends one step too early.",
        ),
        Mistake(
            lambda weights, m: np.vstack(
                [weights[:1], (_from_zero(weights, m) - (1 - m) * _powers(weights, m))[1:]]
            ),
            "Only your first row begins with the first weights. The average that you go on with "
            "begins at zero: let it begin as that row.",
        ),
        Mistake(
            _each_in_full,
            "The new weights enter in full, and the first ones twice. Take the part "
            "1 - ema_momentum of them, so that the two parts sum to one.",
        ),
        Mistake(
            _copies_twice,
            "The second row is a copy of its weights, too. Only the first average is a copy; from "
            "the second step on it is pulled.",
        ),
        Mistake(
            lambda weights, m: _pulled(weights, lambda t: m**t),
            "Your ema_momentum changes from step to step: it is the same in each pull.",
        ),
        Mistake(
            lambda weights, m: _pulled(weights, lambda t: 2 - m),
            "The average runs away from the weights: mind the sign. It is pulled towards them.",
        ),
        Mistake(
            lambda weights, m: 0 * weights + _averages(weights.mean(axis=1, keepdims=True), m),
            "You took the mean over the weights of a step. Each weight has an average of its own, "
            "over the steps.",
        ),
        Mistake(
            lambda weights, m: 1.0 * weights,
            "These are the weights themselves: nothing has been averaged.",
        ),
    ),
    observe=_observe,
    hints=(
        "Which row do you know without computing anything? And how does each next one come from "
        "the one before?",
        "Start with average = weights[0]. From the second step on, keep the part ema_momentum of "
        "it, and add the part that is missing to one of the new weights.",
        "for t, w in enumerate(weights): average = ema_momentum * average + (1 - ema_momentum) * "
        "w, then found[t] = average. The first pull changes nothing: average is weights[0] there.",
    ),
)
