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


def _with(batches=_cut, gradient=lambda w, batch: np.mean(w - batch)):
    """A known mistake: what differs of the batches or of a batch's gradient.

    batches:  (the examples in their order, size) -> batches.
    gradient: (w, batch) -> a number.
    """

    def epoch(w, x, order, size, learning_rate):
        for batch in batches(x[order], size):
            w = w - learning_rate * gradient(w, batch)
        return w

    return epoch


def _each_in_turn(w, batches, learning_rate):
    for batch in batches:
        for example in batch:
            w = w - learning_rate * (w - example) / len(batch)
    return w


def _falling(w, batches, learning_rate, kept):
    for batch in batches:
        w = w - learning_rate * np.mean(w - batch)
        learning_rate = learning_rate * kept
    return w


def _lost(w, batches, learning_rate):
    for batch in batches:
        w = learning_rate * np.mean(w - batch)
    return w


def _filled(x, size):
    """Batches of which the last is filled with the first examples."""
    *whole, last = _cut(x, size)
    return [*whole, np.append(last, x[: size - len(last)])]


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
        Mistake(
            _with(gradient=lambda w, batch: np.sum(w - batch)),
            "You summed the gradients of a batch. Its loss is a mean: divide by how many examples "
            "are in it.",
        ),
        Mistake(
            _with(lambda x, size: [*_cut(x, size), x[:0]]),
            "Your range goes on after the last example: a batch with nothing in it has no mean.",
        ),
        Mistake(
            _with(lambda x, size: _cut(x, size, len(x) + 1)),
            "Where size divides the number of examples, your range goes on after the last one: a "
            "batch with nothing in it has no mean.",
        ),
        Mistake(
            _with(lambda x, size: _cut(x, size, max(len(x) - size, 0) or -1)),
            "Your range ends a whole batch early: it must go on to len(x).",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(order, size), eta),
            "Your batches hold the numbers of the examples. The examples are x[those numbers].",
        ),
        Mistake(
            _with(lambda x, size: [x[:size]]),
            "Only the first batch makes a step. Does `return` stand in the loop?",
        ),
        Mistake(
            _with(lambda x, size: [x]),
            "You made one step with all examples. An epoch makes one for each batch.",
        ),
        Mistake(
            _with(lambda x, size: _cut(x, 1)),
            "You made a step for each example. One for each batch is made, with the mean of its "
            "gradients.",
        ),
        Mistake(
            _with(lambda x, size: x[::size]),
            "Of each batch you took the first example only.",
        ),
        Mistake(
            _with(lambda x, size: [x[i : i + size - 1] for i in range(0, len(x), size)]),
            "Each batch lacks its last example: a slice from first to first + size holds size of "
            "them, as its end is not in it.",
        ),
        Mistake(
            _with(lambda x, size: [x[i : i + size + 1] for i in range(0, len(x), size)]),
            "Each batch holds one example more than size: the end of a slice is not in it.",
        ),
        Mistake(
            _with(lambda x, size: [x[i : i + size] for i in range(len(x))]),
            "Your batches overlap: the next one begins where the last one ended, size further on.",
        ),
        Mistake(
            _with(lambda x, size: [x[i:] for i in range(0, len(x), size)]),
            "Each of your batches goes on to the last example: it ends at first + size.",
        ),
        Mistake(
            _with(lambda x, size: [x[: i + size] for i in range(0, len(x), size)]),
            "Each of your batches begins with the first example: it begins at first.",
        ),
        Mistake(
            _with(lambda x, size: [x[i : i + size] for i in range(1, len(x), size)]),
            "The first example has no turn: the range begins at 0.",
        ),
        Mistake(
            _with(_filled),
            "You filled the last batch with examples that have had their turn. In `fit` it stays "
            "short.",
        ),
        Mistake(
            _with(lambda x, size: _cut(x[::-1], size)),
            "You dealt from the end of the pack: x[order[0]] comes first.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(np.sort(x), size), eta),
            "You sorted the examples. Their turns are in `order`.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x[order[order]], size), eta),
            "You put `order` in order, too: it is used once, x[order].",
        ),
        Mistake(
            _with(gradient=lambda w, batch: np.median(w - batch)),
            "You took the median of the gradients. A batch's gradient is their mean.",
        ),
        Mistake(
            _with(gradient=lambda w, batch: np.mean(batch - w)),
            "Your steps go away from the examples: the gradient of ½(w − x)² is w − x.",
        ),
        Mistake(
            _with(gradient=lambda w, batch: 2 * np.mean(w - batch)),
            "Your gradient is twice what it should be: the ½ in the loss cancels the 2.",
        ),
        Mistake(
            _with(gradient=lambda w, batch: np.mean(batch)),
            "That is the mean example. The gradient of ½(w − x)² is w − x.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _fit_epoch(w, x, order, size, eta / len(x)),
            "You divided by the number of all examples besides. Each batch makes a full step.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _each_in_turn(w, _cut(x[order], size), eta),
            "Within a batch you step from example to example. All its gradients are taken at the "
            "same w, and their mean makes one step.",
        ),
        Mistake(
            _with(gradient=lambda w, batch: w - np.max(batch)),
            "You went towards the largest example. A batch's gradient is the mean of w − x.",
        ),
        Mistake(
            _with(gradient=lambda w, batch: np.mean(w - batch) ** 2),
            "You squared the gradient. It is the mean of w − x, with its sign.",
        ),
        Mistake(
            _with(gradient=lambda w, batch: np.sign(np.mean(w - batch))),
            "You took the gradient's sign alone: the step is as long as the gradient says.",
        ),
        Mistake(
            _with(gradient=lambda w, batch: w * np.mean(batch)),
            "You multiplied w by the mean example. The gradient of ½(w − x)² is w − x.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _falling(w, _cut(x[order], size), eta, 0.5),
            "Your learning rate is halved from batch to batch: it stays as it came in.",
        ),
        Mistake(
            lambda w, x, order, size, eta: np.mean(
                [w - eta * np.mean(w - batch) for batch in _cut(x[order], size)]
            ),
            "You took each step from where the epoch began, and averaged where they led. Each step "
            "starts from the w that the step before it left.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _lost(w, _cut(x[order], size), eta),
            "You kept the step and lost w: the step is subtracted from it.",
        ),
    ),
    hints=(
        "Write down on paper which examples are in which batch, for 5 examples in batches of 2.",
        "One line forgets the examples that do not fill a batch, the other one whose turn it is.",
        "range(0, len(x), size) reaches the short batch, too; x[order[first : first + size]] "
        "takes the examples whose turn it is.",
    ),
)
