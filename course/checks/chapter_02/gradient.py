"""02.gradient, write the rule: The gradient of a batch."""

import numpy as np

from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule


def _batch_gradient(w, x, y, rows):
    errors = x[rows] @ w - y[rows]
    return x[rows].T @ errors / len(rows)


def _batch_arguments(random):
    x, y, w = random.normal(size=(7, 3)), random.normal(size=7), random.normal(size=3)
    # The last row of the batch is there twice, as happens when examples are drawn one by one.
    rows = random.permutation(7)[: random.integers(2, 5)]
    return w, x, y, np.append(rows, rows[-1])


_X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])
_Y = np.array([3.0, 0.0, 2.0, 2.0])

CASES = (
    Case("one example", (np.array([2.0, 1.0]), _X, _Y, np.array([3]))),
    Case("three examples", (np.array([2.0, 1.0]), _X, _Y, np.array([3, 0, 2]))),
    Case("an example drawn twice", (np.array([2.0, 1.0]), _X, _Y, np.array([1, 3, 1]))),
)

KNOWN = (
    Mistake(
        lambda w, x, y, rows: 0 * w,
        "Nothing is computed yet: put your lines in place of the dots.",
        untouched=True,
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]),
        "You summed the batch, so larger batches take longer steps. The mean is wanted: divide "
        "by len(rows).",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]) / len(x),
        "You divided by the number of all examples, but only those of the batch are in the "
        "sum: divide by len(rows).",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (y[rows] - x[rows] @ w) / len(rows),
        "Your gradient points downhill: the derivative of the square contains prediction "
        "minus y, not y minus prediction.",
    ),
    Mistake(
        lambda w, x, y, rows: 2 * _batch_gradient(w, x, y, rows),
        "You have exactly twice the gradient: the ½ in the loss cancels the 2 that "
        "differentiating the square brings.",
    ),
    Mistake(
        lambda w, x, y, rows: _batch_gradient(w, x, y, np.arange(len(x))),
        "This is the full gradient: all examples are in it, and `rows` is not used.",
    ),
    Mistake(
        lambda w, x, y, rows: _batch_gradient(w, x, y, np.arange(len(rows))),
        "You took the first len(rows) examples; `rows` says which ones to take: x[rows].",
    ),
    Mistake(
        lambda w, x, y, rows: _batch_gradient(w, x, y, np.unique(rows)),
        "An example that was drawn twice counts twice; you let it count once.",
    ),
    Mistake(
        lambda w, x, y, rows: np.mean((x[rows] @ w - y[rows])[:, None] * x[rows]),
        "You averaged over everything. Average over the batch only, axis=0, so that each "
        "weight keeps its own slope.",
    ),
    Mistake(
        lambda w, x, y, rows: np.mean(x[rows] @ w - y[rows]),
        "This is the mean error. Multiply each error by its own x first: that is how the "
        "weights enter.",
    ),
    Mistake(
        lambda w, x, y, rows: np.mean(x[rows] @ w - y[rows]) * x[rows].mean(axis=0),
        "You multiplied two means. The mean of the products is wanted: each error times its "
        "own x, then average.",
    ),
    Mistake(
        lambda w, x, y, rows: np.mean((x[rows] @ w - y[rows]) ** 2) / 2,
        "This is the batch's loss itself. Differentiate it by w.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]) / (2 * len(rows)),
        "You have half the gradient: differentiating the square brings a 2, and the ½ of the "
        "loss cancels it.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (y[rows] - x[rows] @ w),
        "Two things: your gradient points downhill, as an error is prediction minus y; and you "
        "summed the batch, where the mean is wanted.",
    ),
    Mistake(
        lambda w, x, y, rows: 2 * x[rows].T @ (x[rows] @ w - y[rows]),
        "Two things: the ½ in the loss cancels the 2; and you summed the batch, where the mean "
        "is wanted.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows] @ w - y[rows],
        "These are the errors, one for each example. A gradient has one entry for each weight: "
        "multiply each error by its own x, and average over the batch.",
    ),
    Mistake(
        lambda w, x, y, rows: (x[rows] @ w - y[rows])[:, None] * x[rows],
        "These are the gradients of the examples, one in each row. The batch's gradient is "
        "their mean.",
    ),
    Mistake(
        lambda w, x, y, rows: (x[rows] @ w - y[rows])[:, None] * x[rows] / len(rows),
        "You divided by the batch, but the sum over its examples is missing: axis=0.",
    ),
    Mistake(
        lambda w, x, y, rows: np.mean((x[rows] @ w - y[rows])[:, None] * x[rows], axis=1),
        "You averaged over the weights, which leaves one number for each example. Average over "
        "the examples: axis=0.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]) ** 2 / len(rows),
        "The derivative of a square contains the error once, not its square.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ np.abs(x[rows] @ w - y[rows]) / len(rows),
        "You took the size of each error. Its sign says on which side the prediction is off.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ np.sign(x[rows] @ w - y[rows]) / len(rows),
        "You took the sign of each error alone: that is the gradient of the mean distance. "
        "Here the loss is a square, so a larger error counts for more.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]) / len(w),
        "You divided by the number of weights. The mean is over the batch: len(rows).",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]) / x[rows].size,
        "You divided by all entries of the batch's table. The mean is over its examples: "
        "len(rows).",
    ),
    Mistake(
        lambda w, x, y, rows: (
            x[rows].T @ (x[rows] @ w - y[rows]) / (len(rows) - 1 if len(rows) > 1 else 1)
        ),
        "You divided by one less than the batch. A mean divides by len(rows).",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]) / len(np.unique(rows)),
        "The sum is right. An example that was drawn twice counts twice below, too: divide by "
        "len(rows).",
    ),
    Mistake(
        lambda w, x, y, rows: w - _batch_gradient(w, x, y, rows),
        "That is a step with learning rate 1. The gradient alone is asked.",
    ),
    Mistake(
        lambda w, x, y, rows: w * _batch_gradient(w, x, y, rows),
        "You multiplied by w once more. It is in the predictions already.",
    ),
    Mistake(
        lambda w, x, y, rows: (
            _batch_gradient(w, x, y, rows) / np.linalg.norm(_batch_gradient(w, x, y, rows))
        ),
        "Your gradient has length 1. Its length says how steep the loss is: leave it.",
    ),
    Mistake(
        lambda w, x, y, rows: _batch_gradient(w, x, y, rows - 1),
        "You counted the examples from 1. In Python row 3 is x[3], and the first is x[0].",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].mean(axis=0),
        "This is the mean input. Multiply each x by its own error before you average.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ y[rows] / len(rows),
        "The targets alone are in it. An error is prediction minus y: x[rows] @ w is missing.",
    ),
    Mistake(
        lambda w, x, y, rows: x[rows].T @ (x[rows] @ w) / len(rows),
        "The predictions alone are in it. An error is prediction minus y: the targets are missing.",
    ),
    Mistake(
        lambda w, x, y, rows: _batch_gradient(w, x, y, rows)[:, None],
        "The numbers are right, but they stand in a column: an array as long as w is asked.",
    ),
    Mistake(
        lambda w, x, y, rows: x.T @ (x @ w - y) / len(rows),
        "All examples are in your sum; those of the batch are x[rows] and y[rows].",
    ),
    Mistake(
        lambda w, x, y, rows: (
            x[np.unique(rows)].T @ (x[np.unique(rows)] @ w - y[np.unique(rows)]) / len(rows)
        ),
        "Below you count an example that was drawn twice twice, in the sum once: it counts twice "
        "in both.",
    ),
)

ERRORS = {
    lambda prediction, target: prediction - target: "",
    lambda prediction, target: target - prediction: (
        "An error is prediction minus y: yours points downhill."
    ),
    lambda prediction, target: 2 * (prediction - target): "The ½ in the loss cancels the 2.",
    lambda prediction, target: (prediction - target) ** 2: "The error enters once, not squared.",
    lambda prediction, target: np.abs(prediction - target): "Each error keeps its sign.",
    lambda prediction, target: np.sign(prediction - target): (
        "Each error enters with its size, not with its sign alone."
    ),
    lambda prediction, target: (
        prediction
    ): "The targets are missing: an error is prediction minus y.",
    lambda prediction, target: (
        target
    ): "The predictions are missing: an error is prediction minus y.",
    lambda prediction, target: prediction + target: (
        "You added y: an error is prediction minus y."
    ),
}

#: What becomes of a batch's rows and their errors.
MEANS = {
    lambda rows, errors: rows.T @ errors / len(rows): "",
    lambda rows, errors: rows.T @ errors: "You summed the batch: divide by len(rows).",
    lambda rows, errors: rows.T @ errors / (2 * len(rows)): "The mean divides by len(rows) alone.",
    lambda rows, errors: rows.T @ errors / rows.shape[1]: (
        "You divided by the number of weights: the mean is over the batch, len(rows)."
    ),
    lambda rows, errors: np.mean(errors[:, None] * rows): (
        "You averaged over everything: average over the batch only, axis=0."
    ),
    lambda rows, errors: np.mean(errors) * rows.mean(axis=0): (
        "You multiplied two means: each error times its own x, then average."
    ),
    lambda rows, errors: np.mean(errors): "Each error is multiplied by its own x.",
    lambda rows, errors: errors[:, None] * rows: "The mean over the batch is missing: axis=0.",
    lambda rows, errors: rows.T @ errors / np.sqrt(len(rows)): (
        "You divided by the root of the batch: a mean divides by len(rows)."
    ),
    lambda rows, errors: rows[-1] * errors[-1] / len(rows): (
        "Your loop keeps the last example alone: add to what was there, +=."
    ),
    lambda rows, errors: rows[0] * errors[0] / len(rows): (
        "Only the first example is in it: does `return` stand in the loop?"
    ),
    lambda rows, errors: np.median(errors[:, None] * rows, axis=0): (
        "You took the median over the batch: its mean is asked."
    ),
    lambda rows, errors: np.full(rows.shape[1], np.mean(rows) * np.mean(errors)): (
        "You multiplied two means, and all weights got one slope: each has its own."
    ),
    lambda rows, errors: np.max(errors[:, None] * rows, axis=0): (
        "You took the largest over the batch: its mean is asked."
    ),
    lambda rows, errors: (rows.T @ errors / len(rows)) ** 2: "The gradient itself, not its square.",
    lambda rows, errors: np.mean(errors) * rows[0]: (
        "You multiplied the mean error by one x: each error times its own x, then average."
    ),
}


def _with(error, mean):
    """A gradient from this error and this mean."""
    return lambda w, x, y, rows: mean(x[rows], error(x[rows] @ w, y[rows]))


GRADIENT = Rule(
    name="02.gradient",
    title="The gradient of a batch",
    asks="batch_gradient",
    points=3,
    results=("gradient",),
    reference=_batch_gradient,
    shown=CASES,
    draw=_batch_arguments,
    mistakes=distinct(
        _batch_gradient,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, ERRORS, MEANS),
    ),
    hints=(
        "Which examples take part? Compute for each of them how far its prediction is off.",
        "The gradient of one example is its error, prediction minus y, times its x. The batch's "
        "is their mean, one entry for each weight.",
        "errors = x[rows] @ w - y[rows]; then x[rows].T @ errors sums error times x over the "
        "batch. Divide by len(rows).",
    ),
)
