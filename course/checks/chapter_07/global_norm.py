"""07.global, write the clip of all gradients: All gradients, shortened together."""

import numpy as np

from course.checks.chapter_07.norm import clip_by_norm, norm, observe_length
from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def _clip_all(gradients, threshold):
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    scale = threshold / np.maximum(length, threshold)
    return [gradient * scale for gradient in gradients]


def _global_arguments(random):
    gradients = [
        random.normal(size=(2, 3)),
        random.normal(size=2) * random.uniform(0.2, 2),
        random.normal(size=4) * random.uniform(0.2, 2),
    ]
    whole = np.concatenate([gradient.ravel() for gradient in gradients])
    part = random.uniform(0.2, 0.8) if random.random() < 0.7 else random.uniform(1.2, 3.0)
    return gradients, float(part * np.linalg.norm(whole))


def _all_by(length):
    """A known mistake: one factor for all, but from another length, of the lengths of each."""

    def slip(gradients, threshold):
        lengths = np.array([norm(gradient) for gradient in gradients])
        scale = threshold / np.maximum(length(lengths), threshold)
        return [gradient * scale for gradient in gradients]

    return slip


def _scaled(gradients, scales):
    return [gradient * scale for gradient, scale in zip(gradients, scales)]


def _while_it_adds(gradients, threshold):
    lengths = np.sqrt(np.cumsum([np.sum(gradient**2) for gradient in gradients]))
    return _scaled(gradients, threshold / np.maximum(lengths, threshold))


def _clip_each(gradients, threshold):
    return [clip_by_norm(gradient, threshold) for gradient in gradients]


def _whole(gradients):
    return np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))


def _mean_square(gradients):
    return np.sqrt(np.mean(np.concatenate([gradient.ravel() for gradient in gradients]) ** 2))


def _three(*gradients):
    return [np.array(gradient) for gradient in gradients]


def _observe(arguments, yours, expected):
    gradients, threshold = arguments
    before, after = (np.concatenate([each.ravel() for each in all_]) for all_ in (gradients, yours))
    words = ("Together the gradients are", "yours are")
    return observe_length(before, after, threshold, words)


GLOBAL = Observed(
    name="07.global",
    title="All gradients, shortened together",
    asks="clip_by_global_norm",
    points=3,
    results=("A", "B", "C"),
    reference=_clip_all,
    shown=(
        Case("length 5, threshold 2.5", (_three((2.0, -1.0), (2.0,), (-4.0,)), 2.5)),
        Case("a long A, threshold 2", (_three((6.0, 8.0), (0.5,), (0.1,)), 2.0)),
        Case("length 5, threshold 6", (_three((2.0, -1.0), (2.0,), (-4.0,)), 6.0)),
        Case("length 0.5, threshold 0.4", (_three((0.2, -0.1), (0.2,), (-0.4,)), 0.4)),
        Case("only B is not zero, threshold 2", (_three((0.0, 0.0), (4.0,), (0.0,)), 2.0)),
        Case("nothing but zeros, threshold 2", (_three((0.0, 0.0), (0.0,), (0.0,)), 2.0)),
    ),
    draw=_global_arguments,
    pure=True,
    mistakes=(
        Mistake(
            lambda gradients, c: gradients,
            "Nothing is clipped yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _clip_each,
            "This is clipnorm: each variable is clipped by itself, and the ratio between them "
            "changes. global_clipnorm has one length and one factor for all.",
        ),
        Mistake(
            lambda gradients, c: [np.clip(gradient, -c, c) for gradient in gradients],
            "This is clipvalue: it cuts each entry by itself. global_clipnorm has one factor for "
            "all entries of all variables.",
        ),
        Mistake(
            lambda gradients, c: [gradient * c / _whole(gradients) for gradient in gradients],
            "Where they are too long together, it is right. Where they are not, they must pass as "
            "they are; and zeros must stay zeros, where your line has 0/0.",
        ),
        Mistake(
            lambda gradients, c: [
                gradient / _whole(gradients) * min(_whole(gradients), c) for gradient in gradients
            ],
            "Only one case is left: where all gradients are zero, your line has 0/0. They must "
            "stay zero.",
        ),
        Mistake(
            _all_by(np.sum),
            "You added the variables' lengths. The length of all is the root of the sum of all "
            "squares: square the lengths, add, and then take the root.",
        ),
        Mistake(
            _all_by(np.max),
            "You took the longest variable's length. The length of all is the root of the sum of "
            "all squares, of every variable.",
        ),
        Mistake(
            _all_by(np.mean),
            "You took the mean of the variables' lengths. The length of all is the root of the sum "
            "of all squares.",
        ),
        Mistake(
            _all_by(lambda lengths: np.sum(lengths**2)),
            "One factor for all is right. But the length is the root of the sum of squares: the "
            "root is missing.",
        ),
        Mistake(
            lambda gradients, c: [
                gradient * c / np.maximum(_mean_square(gradients), c) for gradient in gradients
            ],
            "One factor for all is right. But the length is the root of the sum of squares, not of "
            "their mean.",
        ),
        Mistake(
            _all_by(lambda lengths: lengths[0]),
            "You measured the first variable only. The length of all needs the squares of every "
            "variable.",
        ),
        Mistake(
            _all_by(lambda lengths: lengths[-1]),
            "You measured the last variable only: does your loop overwrite its sum?",
        ),
        Mistake(
            lambda gradients, c: [
                gradient / np.maximum(_whole(gradients), c) for gradient in gradients
            ],
            "You divide by the length and stop there, so that the whole comes out at length 1: "
            "multiply by the threshold.",
        ),
        Mistake(
            lambda gradients, c: [
                gradient * np.minimum(1, _whole(gradients) / c) for gradient in gradients
            ],
            "The fraction stands on its head: the factor is threshold / length where that is below "
            "1.",
        ),
        Mistake(
            lambda gradients, c: [
                clip_by_norm(gradient, c / np.sqrt(len(gradients))) for gradient in gradients
            ],
            "You gave each variable the same share of the threshold. The whole is short enough "
            "now, but the ratio between the variables changes: use one factor for all.",
        ),
        Mistake(
            lambda gradients, c: _clip_all(_clip_each(gradients, c), c),
            "You clip each variable by itself first, and then all together. The first clip changes "
            "the ratio between them: leave it out.",
        ),
        Mistake(
            _while_it_adds,
            "You clip while you still add: the first variable does not know the squares of those "
            "after it. Add all squares in one loop, and multiply in a second one.",
        ),
        Mistake(
            lambda gradients, c: (
                gradients
                if _whole(gradients) <= c
                else [gradient / _whole(gradients) for gradient in gradients]
            ),
            "The whole comes out at length 1: multiply by the threshold, too.",
        ),
        Mistake(
            lambda gradients, c: (
                gradients if _whole(gradients) <= c else [gradient / c for gradient in gradients]
            ),
            "You divide by the threshold. Divide by the length, and multiply by the threshold.",
        ),
        Mistake(
            lambda gradients, c: (
                gradients
                if _whole(gradients) ** 2 <= c
                else [gradient * c / _whole(gradients) for gradient in gradients]
            ),
            "You compare the sum of squares with the threshold, and shorten by the length. Compare "
            "the length, too: below 1 a square is smaller than its root, above 1 it is larger.",
        ),
        Mistake(
            lambda gradients, c: (
                gradients
                if _whole(gradients) <= c
                else [gradient * c / _whole(gradients) ** 2 for gradient in gradients]
            ),
            "You compare the length, as you should, and then divide by the sum of squares: divide "
            "by the length.",
        ),
        Mistake(
            lambda gradients, c: _scaled(
                gradients, [c / np.minimum(_whole(gradients), c)] * len(gradients)
            ),
            "You took the smaller of length and threshold: short gradients are stretched, and long "
            "ones pass. It has to be the larger.",
        ),
        Mistake(
            lambda gradients, c: _scaled(
                gradients, [c / np.maximum(_whole(gradients), 1)] * len(gradients)
            ),
            "You compare the length with 1. Compare it with the threshold.",
        ),
        Mistake(
            _all_by(lambda lengths: np.sqrt(np.sum(lengths**2)) / len(lengths)),
            "You divided the length by the number of variables. The length of all is the root of "
            "the sum of all squares, divided by nothing.",
        ),
        Mistake(
            _all_by(lambda lengths: np.sqrt(np.mean(lengths**2))),
            "You took the mean of the squared lengths. The length of all is the root of their sum.",
        ),
        Mistake(
            _all_by(lambda lengths: np.sqrt(np.sum(lengths))),
            "You added the variables' lengths, and then took a root: square the lengths before you "
            "add them.",
        ),
        Mistake(
            _all_by(lambda lengths: np.sqrt(np.sum(lengths[:2] ** 2))),
            "You measured the first two variables only. There may be any number of them: add in a "
            "loop.",
        ),
        Mistake(
            lambda gradients, c: _scaled(
                gradients, [c / np.maximum(_whole(gradients), c), *[1] * (len(gradients) - 1)]
            ),
            "The factor is right, but only the first variable is multiplied by it.",
        ),
        Mistake(
            lambda gradients, c: (
                [0 * gradient for gradient in gradients] if _whole(gradients) > c else gradients
            ),
            "You throw long gradients away. A clip shortens them, all by one factor.",
        ),
    ),
    observe=_observe,
    hints=(
        "What is the length of one vector that holds the entries of all variables?",
        "First one loop over the gradients that adds all their squares; then one factor, the "
        "smaller of 1 and threshold / length; then one loop that multiplies.",
        "length = np.sqrt(sum(np.sum(g**2) for g in gradients)); each g is multiplied by "
        "threshold / max(length, threshold).",
    ),
)
