"""10.group, put the stages in order: Three stages in order."""

import numpy as np

from course.checks.chapter_07.norm import observe_length
from course.checks.tasks import Case, Mistake, Observed
from course.sgd import clip_by_norm


def _group_gradient(scaled, scales, clipnorm):
    gradients = [gradient / scale for gradient, scale in zip(scaled, scales)]
    mean = sum(gradients) / len(gradients)
    return mean * clipnorm / max(np.sqrt(np.sum(mean**2)), clipnorm)


def _mean(gradients):
    return sum(gradients) / len(gradients)


def _unscale_with(which):
    """A known mistake: the mean is taken first, and unscaled by one number for all."""

    def group(scaled, scales, clipnorm):
        return clip_by_norm(_mean(scaled) / which(scales), clipnorm)

    return group


def _each(change):
    """The arguments of one gradient -> its part of the mean."""

    def group(scaled, scales, clipnorm):
        return _mean([change(g, s, clipnorm) for g, s in zip(scaled, scales)])

    return group


def _group_arguments(random):
    # One gradient stands out, and the scale is halved in the group: every order tells.
    parts = random.normal(size=(3, 2)) * np.array([[0.5], [6.0], [0.5]]) + 0.3
    scales = [64.0, 64.0, 32.0] if random.random() < 0.5 else [128.0, 64.0, 64.0]
    return [g * s for g, s in zip(parts, scales)], scales, float(random.uniform(0.6, 1.2))


_A, _B = np.array([0.3, 0.4]), np.array([0.5, 0.0])


def _observe(arguments, yours, expected):
    """What is true of a wrong result: its direction, or its length."""
    scaled, scales, clipnorm = arguments
    mean, result = _mean([g / s for g, s in zip(scaled, scales)]), yours[0]
    if not np.allclose(_unit(result), _unit(mean), rtol=1e-6, atol=1e-9):
        return (
            "Your gradient points in another direction than the mean of the true ones: is each "
            "divided by its own scale, is each taken once, and is there one clip, at the end?"
        )
    return observe_length(mean, result, clipnorm, ("The mean of the true gradients is", "yours is"))


def _unit(gradient):
    return gradient / max(np.linalg.norm(gradient), 1e-30)


def _of_true(finish):
    """A known mistake: the true gradients, their number and the clipnorm -> what is returned."""

    def group(scaled, scales, clipnorm):
        return finish([g / s for g, s in zip(scaled, scales)], scales, clipnorm)

    return group


GROUP = Observed(
    name="10.group",
    title="Three stages in order",
    work="put in order",
    asks="group_gradient",
    points=2,
    results=("gradient",),
    reference=_group_gradient,
    pure=True,
    shown=(
        Case("a single gradient, of length 0.5", ([1024 * _A], [1024.0], 1.0)),
        Case("a single gradient, of length 5", ([1024 * 10 * _A], [1024.0], 1.0)),
        Case("two, of which one is far too long", ([8 * _B, 8 * 100 * _A], [8.0, 8.0], 1.0)),
        Case("two, and the scale is halved between them", ([8 * _B, 4 * _A], [8.0, 4.0], 1.0)),
    ),
    draw=_group_arguments,
    mistakes=(
        Mistake(
            lambda scaled, scales, c: _mean([clip_by_norm(g, c) for g in scaled]) / scales[-1],
            "Nothing is in order yet. Ask of each stage: does it need gradients in their true "
            "unit?",
            untouched=True,
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(_mean(scaled), c) / scales[-1],
            "The mean is clipped now, and not each gradient. But it is still a scaled one, far too "
            "long for a threshold in the gradient's unit; and each gradient has its own scale.",
        ),
        Mistake(
            _each(lambda g, s, c: clip_by_norm(g / s, c)),
            "Unscaling comes first, as it should. But you clip each gradient of the group; Keras "
            "clips their mean.",
        ),
        Mistake(
            _each(lambda g, s, c: clip_by_norm(g, c) / s),
            "You clip before you unscale: these gradients are still as long as the scale makes "
            "them, so nearly all are cut, and then divided.",
        ),
        Mistake(
            _unscale_with(lambda scales: scales[-1]),
            "The mean is taken of gradients in two units. The scale may change within a group: "
            "divide each gradient by its own.",
        ),
        Mistake(
            _unscale_with(lambda scales: scales[0]),
            "You divide all by one and the same scale. It may change within a group: divide each "
            "gradient by its own.",
        ),
        Mistake(
            _unscale_with(np.mean),
            "A mean scale does not undo two different ones: divide each gradient by its own before "
            "you take the mean.",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(sum(g / s for g, s in zip(scaled, scales)), c),
            "You clip the sum of the group. Keras divides it by the number of gradients first.",
        ),
        Mistake(
            _each(lambda g, s, c: g / s),
            "The clip is missing: after the mean comes clip_by_norm.",
        ),
        Mistake(
            _unscale_with(lambda scales: 1.0),
            "The scales are not used at all: divide each gradient by its own.",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(
                _mean([g * s for g, s in zip(scaled, scales)]), c
            ),
            "You multiplied by the scale once more. The gradients come scaled: divide.",
        ),
        Mistake(
            _unscale_with(sum),
            "You divide by the sum of the scales. Divide each gradient by its own before you take "
            "the mean.",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(
                _mean([g / s for g, s in zip(scaled, scales[::-1])]), c
            ),
            "The scales are taken in the wrong order: scales[i] belongs to scaled[i].",
        ),
        Mistake(
            _of_true(lambda gradients, scales, c: np.clip(_mean(gradients), -c, c)),
            "You cut each entry, as clipvalue does. clip_by_norm shortens the mean as a whole.",
        ),
        Mistake(
            _of_true(lambda gradients, scales, c: _unit(_mean(gradients)) * c),
            "Your result is always clipnorm long: a clip shortens what is too long, and leaves the "
            "rest alone.",
        ),
        Mistake(
            _of_true(
                lambda gradients, scales, c: clip_by_norm(_mean(gradients), c / len(gradients))
            ),
            "What is cut comes out clipnorm / len(scaled) long. Divide the sum of the group first, "
            "and then clip to clipnorm.",
        ),
        Mistake(
            _of_true(lambda gradients, scales, c: clip_by_norm(_mean(gradients), c / scales[-1])),
            "You divide the clipnorm by the scale, too. It is in the true gradient's unit.",
        ),
        Mistake(
            _of_true(lambda gradients, scales, c: clip_by_norm(_mean(gradients), c * scales[-1])),
            "You scale the clipnorm. It is in the true gradient's unit, and so is the mean.",
        ),
        Mistake(
            _of_true(
                lambda gradients, scales, c: clip_by_norm(
                    _mean([clip_by_norm(g, c) for g in gradients]), c
                )
            ),
            "Unscaling comes first, as it should. But you clip each gradient of the group; Keras "
            "clips their mean.",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(scaled[-1] / scales[-1], c),
            "Only the last gradient of the group is in your result. All of them are wanted.",
        ),
        Mistake(
            lambda scaled, scales, c: clip_by_norm(scaled[0] / scales[0], c),
            "Only the first gradient of the group is in your result. All of them are wanted.",
        ),
    ),
    observe=_observe,
    hints=(
        "Which stages compare lengths or add gradients? Both are wrong on gradients that carry a "
        "scale.",
        "Unscale each gradient by its own scale, in the list. What is left is a mean and a clip; "
        "chapter 09 says which is first.",
        "gradients = [unscale(g, s) for g, s in zip(scaled, scales)], then mean, then "
        "clip_by_norm.",
    ),
)
