"""13.stages, put the stages in order: A step on all replicas."""

import numpy as np

from course.checks.tasks import Case, Mistake, Order


def _step_on_all(w, v, parts, learning_rate, momentum, clipnorm):
    examples = np.concatenate(parts)
    gradient = np.sum(w - examples, axis=0) / len(examples)
    gradient = gradient * clipnorm / np.maximum(np.sqrt(np.sum(gradient**2)), clipnorm)
    v = momentum * v - learning_rate * gradient
    return w + v, v


def _shorten(gradient, clipnorm):
    return gradient * clipnorm / max(np.sqrt(np.sum(gradient**2)), clipnorm)


def _ordered(stages):
    """A known mistake: stages on each replica's sum of gradients, then momentum's step.

    stages: letters: c clips each, r sums over replicas, a divides by all examples, l each by its
    own examples, f each by the first one's, m by the number of replicas, z adds no more than the
    first replica's.
    """

    def step_on_all(w, v, parts, learning_rate, momentum, clipnorm):
        gradients = [np.sum(w - part, axis=0) for part in parts]
        sizes = [len(part) for part in parts]
        for stage in stages:
            if stage == "r":
                gradients = [sum(gradients)] * len(parts)
            elif stage == "c":
                gradients = [_shorten(g, clipnorm) for g in gradients]
            else:
                by = {"a": sum(sizes), "f": sizes[0], "m": len(parts)}.get(stage)
                gradients = [g / (by or size) for g, size in zip(gradients, sizes)]
        v = momentum * v - learning_rate * gradients[0]
        return w + v, v

    return step_on_all


LINES = ("average", "all_reduce", "clip", "move")
#: Which line must come before which, and what a learner is told who has it otherwise.
BEFORE = (
    (
        "all_reduce",
        "move",
        "all_reduce must come before move: else each replica moves by its own examples' gradient.",
    ),
    (
        "average",
        "move",
        "average must come before move: the optimizer must get the mean gradient, not the sum.",
    ),
    (
        "clip",
        "move",
        "clip must come before move: only there does it shorten what the weights move by.",
    ),
    (
        "all_reduce",
        "clip",
        "all_reduce must come before clip. In Keras's order each replica clips alone, and the sum "
        "may be longer than the threshold; one device sums first.",
    ),
    (
        "average",
        "clip",
        "average must come before clip: a sum over examples is no mean yet, and what is clipped "
        "is the mean.",
    ),
)


def _lines_in_order(lines):
    """The learner's lines in this order; what stands after `move` does nothing."""
    before = lines[: lines.index("move")] if "move" in lines else None
    if before is None:
        return lambda w, v, *others: (w, v)
    return _ordered("".join({"average": "a", "all_reduce": "r", "clip": "c"}[x] for x in before))


def _clips_the_velocity(w, v, parts, learning_rate, momentum, clipnorm):
    v = _ordered("ra")(w, v, parts, learning_rate, momentum, clipnorm)[1]
    return w + _shorten(v, clipnorm), _shorten(v, clipnorm)


def _moves_twice(w, v, *others):
    gradient_at = w
    w, v = _step_on_all(w, v, *others)
    parts, learning_rate, momentum, clipnorm = others
    push = _step_on_all(gradient_at, 0 * v, *others)[1]
    v = momentum * v + push
    return w + v, v


def _parts_arguments(random):
    sizes = random.permutation([1, 2, 4])[: random.integers(2, 4)]
    centre = random.normal(size=2) * 4
    parts = [centre + 2 * random.normal(size=(int(size), 2)) for size in sizes]
    w, v = random.normal(size=(2, 2))
    rate, momentum, decades = random.uniform((0.05, 0.5, -0.3), (0.3, 0.9, 1.5))
    return w, 0.1 * v, parts, float(rate), float(momentum), float(10**decades)


_ONE = np.array([[3.0, 4.0]])
_FOUR = np.array([[3.0, 0.0], [3.0, 0.0], [0.0, 0.0], [-2.0, 8.0]])


def _from(v, parts, clipnorm):
    """Arguments at w = (0, 0); fresh arrays, so that none is two arguments at once."""
    return np.zeros(2), np.array(v), [part.copy() for part in parts], 0.1, 0.9, clipnorm


STAGES = Order(
    name="13.stages",
    title="A step on all replicas",
    work="put in order",
    asks="step_on_all",
    points=2,
    results=("w", "v"),
    reference=_step_on_all,
    shown=(
        Case("one replica, one example", _from([0.0, 0.0], [_ONE], 1.0)),
        Case("the batch on one replica", _from([0.0, 0.0], [_FOUR], 1.0)),
        Case("the same batch on two", _from([0.0, 0.0], [_FOUR[:3], _FOUR[3:]], 1.0)),
        Case("rolling fast", _from([6.0, 8.0], [_FOUR[:3], _FOUR[3:]], 1.0)),
        Case("with a high threshold", _from([1.0, 1.0], [_FOUR[:3], _FOUR[3:]], 100.0)),
    ),
    draw=_parts_arguments,
    right=LINES,
    arranged=_lines_in_order,
    needs=BEFORE,
    mistakes=(
        Mistake(
            _ordered("car"),
            "Nothing is in order yet: you clip each replica's sum of gradients, before anything "
            "else. One device clips what its optimizer gets, the joined batch's mean gradient.",
            untouched=True,
        ),
        Mistake(
            _ordered("lrc"),
            "Each replica divides by its own examples, and these means are then added: divide by "
            "the examples of all replicas together.",
        ),
        Mistake(
            _ordered("lrmc"),
            "You average the replicas' means. That is right for equal parts only: else one example "
            "on a small part counts more.",
        ),
        Mistake(
            _ordered("frc"),
            "You divide by the first replica's examples. Divide by those of all together.",
        ),
        Mistake(
            _ordered("rmc"),
            "You divide by the number of replicas. Divide by that of the examples on all of them.",
        ),
        Mistake(
            _ordered("rrac"),
            "You summed twice: after one all_reduce every replica holds the whole sum already.",
        ),
        Mistake(
            _ordered("raac"),
            "You divided twice by the number of examples.",
        ),
        Mistake(
            _moves_twice,
            "You moved twice with one gradient. A step has one move.",
        ),
        Mistake(
            lambda w, v, *others: (_step_on_all(w, v, *others)[0], v),
            "w is right. But you return the velocity that came in, not the one that move returns.",
        ),
        Mistake(
            lambda w, v, parts, rate, momentum, clipnorm: _step_on_all(
                w, v, parts, rate, momentum, clipnorm / len(parts)
            ),
            "You divided clipnorm by the number of replicas. The line of the clip is right as it "
            "stands.",
        ),
        Mistake(
            lambda w, v, parts, rate, momentum, clipnorm: _step_on_all(
                w, v, parts, rate / len(parts), momentum, clipnorm
            ),
            "You divided the learning rate by the number of replicas. The line of the move is "
            "right as it stands.",
        ),
        Mistake(
            _clips_the_velocity,
            "You clipped the velocity. The clip is for the gradient, before it enters there.",
        ),
        Mistake(
            lambda *given: _step_on_all(*given)[::-1],
            "The two values are right, but swapped: return w first, then v.",
        ),
    ),
    hints=(
        "What does one device do with the whole batch? Its clip never sees a part of it.",
        "Three stages are to be ordered: the clip, the sum over replicas and the division. Two of "
        "them may be swapped; the third is the last.",
        "differentiate, average, all_reduce, clip, move.",
    ),
)
