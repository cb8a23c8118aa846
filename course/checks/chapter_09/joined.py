"""09.joined, repair a loop: A loop of your own, for unequal batches."""

import numpy as np

from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake
from course.sgd import clip_by_norm


def _joined_gradient(gradients, sizes, clipnorm):
    total = 0
    for gradient, size in zip(gradients, sizes):
        total = total + size * gradient
    return clip_by_norm(total / np.sum(sizes), clipnorm)


def _plain_mean(gradients, sizes):
    return np.mean(gradients, axis=0)


def _weighted_mean(gradients, sizes):
    return np.average(gradients, axis=0, weights=sizes)


def _each_clipped(gradients, clipnorm):
    return np.array([clip_by_norm(gradient, clipnorm) for gradient in gradients])


def _normalised(gradients, sizes, clipnorm):
    mean = _weighted_mean(gradients, sizes)
    return mean * clipnorm / np.linalg.norm(mean)


def _clips_while_it_adds(gradients, sizes, clipnorm):
    total = 0
    for gradient, size in zip(gradients, sizes):
        total = clip_by_norm(total + gradient * size / np.sum(sizes), clipnorm)
    return total


def _joined_arguments(random):
    gradients, (a, b, c) = random.normal(size=(3, 2)), random.integers((1, 4, 8), (4, 8, 14))
    sizes = random.permutation([a, b, c])
    # The joined gradient is longer than the threshold, and so is one of the three at least.
    return gradients, sizes, 0.7 * np.linalg.norm(_weighted_mean(gradients, sizes))


_TWO = np.array([[0.0, 1.0], [6.0, 1.0]])


def _observe(arguments, yours, expected):
    gradients, sizes, clipnorm = arguments
    mine, good = yours[0], expected[0]
    lengths = np.linalg.norm(mine), np.linalg.norm(good)
    if np.allclose(mine * lengths[1], good * lengths[0], rtol=1e-6, atol=1e-9):
        return (
            f"The direction is right here, the length is not: yours is {lengths[0]:.4g} long, the "
            f"joined batch's gradient {lengths[1]:.4g}, with clipnorm {clipnorm:.4g}."
        )
    return (
        "The direction is wrong here: of the joined batch's examples "
        f"{' and '.join(f'{size} of {sum(sizes)}' for size in sizes)} come from the batches."
    )


JOINED = Observed(
    name="09.joined",
    title="A loop of your own, for unequal batches",
    work="repair",
    asks="joined_gradient",
    points=2,
    results=("gradient",),
    reference=_joined_gradient,
    shown=(
        Case("two batches of 4, nothing to clip", (_TWO, np.array([4, 4]), 100.0)),
        Case("batches of 4 and 2, nothing to clip", (_TWO, np.array([4, 2]), 100.0)),
        Case("batches of 4 and 2, clipped to length 1", (_TWO, np.array([4, 2]), 1.0)),
        Case("batches of 4 and 2, short enough", (_TWO / 10, np.array([4, 2]), 1.0)),
    ),
    draw=_joined_arguments,
    mistakes=(
        Mistake(
            lambda g, n, c: _plain_mean(_each_clipped(g, c), n),
            "Nothing is repaired yet. Compare with the joined batch: how much does each of its "
            "examples count, and what is it that gets clipped?",
            untouched=True,
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(_plain_mean(g, n), c),
            "The clip comes after the mean now. One fault is left: a mean of means lets each "
            "example of a short batch count more. Weight each gradient by its batch's size.",
        ),
        Mistake(
            lambda g, n, c: _weighted_mean(_each_clipped(g, c), n),
            "The sizes count now. One fault is left: the joined batch is clipped once, after the "
            "mean, and no gradient before it. (A second clip after the mean changes nothing then.)",
        ),
        Mistake(
            lambda g, n, c: _weighted_mean(g, n),
            "The mean is right, but it is not clipped any more. Clip it once, at the end.",
        ),
        Mistake(
            lambda g, n, c: _plain_mean(g, n),
            "This is the plain mean of the gradients: the sizes are not in it, nor the clip.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g * n[:, None], axis=0) / len(n), c),
            "You weight by the sizes, and still divide by the number of batches. Divide by the "
            "number of examples: sum(sizes).",
        ),
        Mistake(
            lambda g, n, c: np.sum(g * n[:, None], axis=0) / len(n),
            "You weight by the sizes, and still divide by the number of batches: divide by "
            "sum(sizes). And clip the mean.",
        ),
        Mistake(
            lambda g, n, c: np.sum(_each_clipped(g, c) * n[:, None], axis=0) / len(n),
            "You weight by the sizes, and still divide by the number of batches: divide by "
            "sum(sizes). And clip once, after the mean.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g * n[:, None], axis=0), c),
            "You clip the sum. The joined batch's gradient is a mean: divide by sum(sizes) first.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g * n[:, None], axis=0), c) / np.sum(n),
            "You clip before you divide, so that the result is far too short. First the mean, then "
            "the clip.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g / n[:, None], axis=0), c),
            "You divide each gradient by its size. It is a mean already: multiply by the size to "
            "get the batch's sum back.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g, axis=0), c),
            "You add the gradients as they are, and divide by nothing. Weight each by its batch's "
            "size, and divide by the number of all examples.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g, axis=0) / np.sum(n), c),
            "You divide by the number of examples, but each gradient counts once. Multiply it by "
            "its batch's size first.",
        ),
        Mistake(
            lambda g, n, c: np.sum(_each_clipped(g, c), axis=0) / np.sum(n),
            "You divide by the number of examples now; so multiply each gradient by its batch's "
            "size. And clip once, after the mean.",
        ),
        Mistake(
            lambda g, n, c: np.sum(_each_clipped(g * n[:, None], c), axis=0) / np.sum(n),
            "You weight by the sizes, as you should. But each batch's sum is clipped by itself: "
            "clip once, after the mean.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g * n[:, None], axis=0) / np.max(n), c),
            "You divide by the largest batch. Divide by the number of all examples: sum(sizes).",
        ),
        Mistake(
            lambda g, n, c: np.clip(_weighted_mean(g, n), -c, c),
            "The mean is right. But you cut each entry by itself, which is clipvalue: shorten the "
            "whole with clip_by_norm.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g * n[:, None], axis=0) / (np.sum(n) - 1), c),
            "You divide by one example less than there are: divide by sum(sizes).",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.average(g, axis=0, weights=np.sqrt(n)), c),
            "You weight by the roots of the sizes. Each example counts the same, so weight by the "
            "sizes themselves.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.average(g, axis=0, weights=1 / n), c),
            "You weight by 1 / size, so a short batch counts more. Multiply by the size.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.average(g, axis=0, weights=n[::-1]), c),
            "The sizes are in the wrong order: each gradient goes with its own batch's size.",
        ),
        Mistake(
            lambda g, n, c: g[-1] * n[-1] / np.sum(n),
            "Only the last batch is in your result: does your loop overwrite the total?",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(g[-1] * n[-1] / np.sum(n), c),
            "Only the last batch is in your result: does your loop overwrite the total?",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.mean(g / n[:, None], axis=0), c),
            "You divide each gradient by its size. It is a mean already: multiply by the size to "
            "get the batch's sum back, and divide by the number of all examples in the end.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(_weighted_mean(g, n) / len(n), c),
            "You divide twice, by the number of examples and by the number of batches. The sizes "
            "are all that counts.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(_weighted_mean(g, n), c / len(n)),
            "The mean is right. But your threshold is shared out among the batches: there is one "
            "clip, to clipnorm itself.",
        ),
        Mistake(
            _clips_while_it_adds,
            "You clip in the loop, where the sum is not complete. Clip once, behind the loop.",
        ),
        Mistake(
            _normalised,
            "You stretch short gradients, too. A norm clip leaves alone what is short enough: use "
            "clip_by_norm.",
        ),
    ),
    observe=_observe,
    hints=(
        "Write down what one example of the short batch counts, and what one of the long batch "
        "does.",
        "A batch's mean gradient times its size is the sum over its examples. Add these sums, and "
        "divide by the number of all examples. Where does Keras clip?",
        "total = total + size * gradient in the loop; clip_by_norm(total / sum(sizes), clipnorm) "
        "at the end.",
    ),
)
