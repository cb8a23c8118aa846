"""07.norm, repair the clip of one gradient: One gradient, shortened."""

import numpy as np

from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def norm(gradient):
    """The length of a gradient of any shape."""
    return np.sqrt(np.sum(gradient**2))


def clip_by_norm(gradient, threshold):
    """A gradient, shortened to the length `threshold` if it is longer; zero stays zero."""
    return gradient * threshold / np.maximum(norm(gradient), threshold)


def _clip_arguments(random):
    gradient = random.normal(size=(2, 3))
    part = random.uniform(0.2, 0.8) if random.random() < 0.7 else random.uniform(1.2, 3.0)
    return gradient, float(part * np.linalg.norm(gradient))


def _shortened(length):
    """A known mistake: shortens by a factor as it should, but measures another length."""

    def slip(gradient, threshold):
        return gradient * np.minimum(1, threshold / length(gradient))

    return slip


def observe_length(gradient, clipped, threshold, words):
    """What is true of a wrongly clipped gradient: its direction, or its length.

    words: what comes in, and what came out, such as ("The gradient is", "yours is").
    """
    length, yours = norm(gradient), norm(clipped)
    if length == 0:
        return "Zeros must stay zeros."
    if not np.allclose(clipped * length, gradient * yours, rtol=1e-6, atol=1e-9):
        return "Not all entries were multiplied by one and the same factor here."
    wanted = f"{min(length, threshold):.4g} long, as the threshold is {threshold:.4g}"
    return (
        f"{words[0]} {length:.4g} long here. What comes out must be {wanted}; {words[1]} "
        f"{yours:.4g}."
    )


def _observe(arguments, yours, expected):
    return observe_length(arguments[0], yours[0], arguments[1], ("The gradient is", "yours is"))


NORM = Observed(
    name="07.norm",
    title="One gradient, shortened",
    work="repair",
    asks="clip_by_norm",
    points=2,
    results=("gradient",),
    reference=clip_by_norm,
    shown=(
        Case("(6, 8), threshold 2", (np.array([6.0, 8.0]), 2.0)),
        Case("(0.6, 0.8), threshold 2", (np.array([0.6, 0.8]), 2.0)),
        Case("(0, 0), threshold 2", (np.array([0.0, 0.0]), 2.0)),
        Case("(0.3, 0.4), threshold 0.4", (np.array([0.3, 0.4]), 0.4)),
        Case("a matrix of length 5, threshold 1", (np.array([[3.0, 0.0], [0.0, 4.0]]), 1.0)),
    ),
    draw=_clip_arguments,
    pure=True,
    mistakes=(
        Mistake(
            lambda g, c: g / np.sum(g**2) * c,
            "Nothing is repaired yet: a clipped gradient has the length threshold. How long is "
            "yours?",
            untouched=True,
        ),
        Mistake(
            lambda g, c: g / norm(g) * c,
            "Long gradients are right now. But short ones must pass as they are, and zero must "
            "stay zero, where your line has 0/0.",
        ),
        Mistake(
            lambda g, c: np.where(g == 0, 0.0, g / norm(g) * c),
            "Long gradients and zero are right now. But short ones must pass as they are: a clip "
            "shortens, it never lengthens.",
        ),
        Mistake(
            lambda g, c: g / norm(g) * min(norm(g), c),
            "Long and short gradients are right now. But a gradient of zero must stay zero, and "
            "your line has 0/0.",
        ),
        Mistake(
            _shortened(lambda g: np.sum(g**2)),
            "The factor is right. But the length is the root of the sum of squares.",
        ),
        Mistake(
            _shortened(lambda g: np.sum(np.abs(g))),
            "The factor is right. But you added the entries' sizes: the length is the root of the "
            "sum of squares.",
        ),
        Mistake(
            _shortened(lambda g: np.max(np.abs(g))),
            "The factor is right. But you took the largest entry for the length, which is the root "
            "of the sum of squares.",
        ),
        Mistake(
            _shortened(lambda g: np.sqrt(np.mean(g**2))),
            "The factor is right. But the length is the root of the sum of squares, not of their "
            "mean.",
        ),
        Mistake(
            _shortened(lambda g: np.abs(np.sum(g))),
            "The factor is right. But entries of opposite sign must not cancel: square them before "
            "you add.",
        ),
        Mistake(
            _shortened(lambda g: np.sqrt(np.sum(g**2, axis=-1, keepdims=True))),
            "You clip each row of a matrix by itself. A variable has one length, over all of its "
            "entries.",
        ),
        Mistake(
            _shortened(lambda g: np.linalg.norm(g, 2)),
            "For a matrix, np.linalg.norm(..., 2) is its largest stretch. Leave the 2 out: the "
            "length is the root of the sum of all squares.",
        ),
        Mistake(
            lambda g, c: np.clip(g, -c, c),
            "This is clipvalue: it cuts each entry by itself and turns the direction. clipnorm "
            "shortens all of the gradient by one factor.",
        ),
        Mistake(
            lambda g, c: g / np.maximum(norm(g), c),
            "You divide by the length and stop there, so a long gradient comes out at length 1: "
            "multiply by the threshold.",
        ),
        Mistake(
            lambda g, c: g if norm(g) <= c else g / norm(g),
            "A long gradient comes out at length 1: it should come out at length threshold.",
        ),
        Mistake(
            lambda g, c: g * np.minimum(1, norm(g) / c),
            "The fraction stands on its head: the factor is threshold / length where that is below "
            "1.",
        ),
        Mistake(
            lambda g, c: g * np.maximum(1, c / np.maximum(norm(g), 1e-300)),
            "You took the larger of 1 and threshold / length: short gradients grow, and long ones "
            "pass. It has to be the smaller.",
        ),
        Mistake(
            lambda g, c: g * c / np.minimum(norm(g), c),
            "You took the smaller of length and threshold: short gradients are stretched, and long "
            "ones pass. It has to be the larger.",
        ),
        Mistake(
            lambda g, c: g if np.sum(g**2) <= c else g * c / norm(g),
            "You compare the sum of squares with the threshold, and shorten by the length. Compare "
            "the length, too: below 1 a square is smaller than its root, above 1 it is larger.",
        ),
        Mistake(
            lambda g, c: g if norm(g) <= c else g * c / np.sum(g**2),
            "You compare the length, as you should, and then divide by the sum of squares: divide "
            "by the length.",
        ),
        Mistake(
            _shortened(lambda g: np.sqrt(np.sum(g**2, axis=0))),
            "You clip each column of a matrix, or each entry of a vector, by itself. A variable "
            "has one length, over all of its entries.",
        ),
        Mistake(
            lambda g, c: g * c / np.maximum(norm(g), 1),
            "You compare the length with 1. Compare it with the threshold.",
        ),
        Mistake(
            lambda g, c: g * (c / np.maximum(norm(g), c)) ** 2,
            "Your factor is squared: the result comes out shorter than the threshold.",
        ),
        Mistake(
            lambda g, c: g * np.sqrt(c / np.maximum(norm(g), c)),
            "You took the root of the factor. The root belongs to the length alone.",
        ),
        Mistake(
            lambda g, c: g / np.maximum(norm(g), c) / c,
            "You divided by the threshold. Multiply by it: a larger threshold cuts off less.",
        ),
        Mistake(
            lambda g, c: g if norm(g) <= c else g - (norm(g) - c),
            "You took the same amount from every entry, which turns the gradient. Multiply all of "
            "it by one factor.",
        ),
        Mistake(
            lambda g, c: g if norm(g) <= c else g / c,
            "You divide long gradients by the threshold. Divide by the length, and multiply by the "
            "threshold.",
        ),
        Mistake(
            lambda g, c: g,
            "Your function returns the gradient that came in: long ones must become shorter.",
        ),
        Mistake(
            lambda g, c: g if norm(g) <= c else np.zeros_like(g),
            "You throw the long gradients away. A clip shortens them to length threshold.",
        ),
    ),
    observe=_observe,
    hints=(
        "Three questions: how long is the result for (6, 8)? For (0.6, 0.8)? And for (0, 0)?",
        "The factor is the smaller of 1 and threshold / length, and the length is a root.",
        "gradient * threshold / max(length, threshold) has no 0/0: the larger of the two is never "
        "zero.",
    ),
)
