"""02.epoch, repair a broken epoch: An epoch of fit."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule
from course.sgd import gradient_descent


def _fit_epoch(w, x, order, size, learning_rate):
    for first in range(0, len(x), size):
        w = w - learning_rate * np.mean(w - x[order[first : first + size]])
    return w


def _epoch(w, batches, learning_rate):
    """Plain steps through ready batches: what the known mistakes hand over differs."""
    for batch in batches:
        w = gradient_descent(w, np.mean(w - batch), learning_rate)
    return w


def _cut(x, size, until=None):
    return [x[first : first + size] for first in range(0, until or len(x), size)]


def _short_batches_are_diluted(w, x, order, size, learning_rate):
    for batch in _cut(x[order], size):
        w = gradient_descent(w, np.sum(w - batch) / size, learning_rate)
    return w


def _gradients_of_the_start(w, x, order, size, learning_rate):
    return w - learning_rate * sum(np.mean(w - batch) for batch in _cut(x[order], size))


def _epoch_arguments(random):
    count, size = int(random.integers(5, 10)), int(random.integers(2, 5))
    x, order = random.normal(size=count), random.permutation(count)
    return random.normal(), x, order, size, random.uniform(0.1, 0.5)


_FIVE = np.array([1.0, 2.0, 4.0, 8.0, 16.0])

EPOCH = Rule(
    name="02.epoch",
    title="An epoch of fit",
    work="repair",
    asks="fit_epoch",
    points=2,
    results=("w",),
    reference=_fit_epoch,
    shown=(
        Case("4 examples in batches of 2", (0.0, _FIVE[:4], np.array([3, 0, 2, 1]), 2, 0.5)),
        Case("5 examples in batches of 2", (0.0, _FIVE, np.array([4, 1, 0, 3, 2]), 2, 0.5)),
        Case("5 examples in batches of 8", (0.0, _FIVE, np.array([4, 1, 0, 3, 2]), 8, 0.5)),
    ),
    draw=_epoch_arguments,
    mistakes=(
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x, size, len(x) - size + 1), eta),
            "Nothing is repaired yet: follow by hand which examples take their turn, and when.",
            untouched=True,
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x[order], size, len(x) - size + 1), eta),
            "The order is right, but what does not fill a whole batch never gets its turn: the "
            "range must go on to len(x).",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x[order], size, len(x) - 1), eta),
            "A last batch of a single example is lost: the range must go on to len(x), not to "
            "len(x) - 1.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x, size), eta),
            "Every example has its turn now, but as they lie in x: `order` says which are dealt "
            "first.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x[np.argsort(order)], size), eta),
            "You read `order` backwards: order[0] is the example that comes first, so x[order] "
            "puts the examples in their order.",
        ),
        Mistake(
            _short_batches_are_diluted,
            "Your short batch takes a smaller step. Keras divides by the number of examples that "
            "are there, not by size.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(
                w, [*_cut(x[order], size)[:-1], x[order][-size:]], eta
            ),
            "You filled the last batch with examples that have had their turn. In `fit` it stays "
            "short.",
        ),
        Mistake(
            _gradients_of_the_start,
            "All your gradients are taken where the epoch began. Each step starts from the w that "
            "the step before it left.",
        ),
    ),
    hints=(
        "Write down on paper which examples are in which batch, for 5 examples in batches of 2.",
        "One line forgets the examples that do not fill a batch, the other one whose turn it is.",
        "range(0, len(x), size) reaches the short batch, too; x[order[first : first + size]] "
        "takes the examples whose turn it is.",
    ),
)
