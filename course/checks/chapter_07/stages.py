"""07.stages, put the stages in order: Four stages in order."""

from types import SimpleNamespace

import numpy as np

from course.checks.tasks import Case, Mistake, Order


def _whole_step(w, v, gradient, learning_rate, momentum, weight_decay, clipvalue):
    gradient = np.clip(gradient, -clipvalue, clipvalue)
    w = w - learning_rate * weight_decay * w
    v = momentum * v - learning_rate * gradient
    w = w + v
    return w, v


def _stage_arguments(random):
    w, v, g = random.normal(size=(3, 3)) * [[1], [0.3], [4]]
    return (w, v, g, *random.uniform((0.1, 0.3, 0.2, 0.5), (0.5, 0.9, 0.9, 1.5)))


def _clip(s):
    s.gradient = np.clip(s.gradient, -s.clipvalue, s.clipvalue)


def _decay(s):
    s.w = s.w - s.learning_rate * s.weight_decay * s.w


def _velocity(s):
    s.v = s.momentum * s.v - s.learning_rate * s.gradient


def _move(s):
    s.w = s.w + s.v


def _cut_above(s):
    s.gradient = np.minimum(s.gradient, s.clipvalue)


def _cut_below(s):
    s.gradient = np.maximum(s.gradient, -s.clipvalue)


def _in_order(lines):
    """A step that runs these lines in this order."""

    def step(w, v, gradient, learning_rate, momentum, weight_decay, clipvalue):
        s = SimpleNamespace(**{name: value for name, value in locals().items() if name != "lines"})
        for line in lines:
            line(s)
        return s.w, s.v

    return step


LINES = (_clip, _decay, _velocity, _move)
#: Which line must come before which, and what a learner is told who has it otherwise.
BEFORE = (
    (
        _clip,
        _velocity,
        "The clip must come before the velocity, which takes the gradient as it is then.",
    ),
    (
        _velocity,
        _move,
        "The velocity must be renewed before the weights move: else they move by the old one.",
    ),
    (
        _decay,
        _move,
        "The decay must come before the move: after it, it would shrink the step, too. Keras "
        "shrinks the weights before they move.",
    ),
)


def _with_penalty(w, v, g, eta, beta, wd, c):
    v = beta * v - eta * np.clip(g + wd * w, -c, c)
    return w + v, v


def _with_clipped_velocity(w, v, g, eta, beta, wd, c):
    v = np.clip(beta * v - eta * g, -c, c)
    return w - eta * wd * w + v, v


STAGES = Order(
    name="07.stages",
    title="Four stages in order",
    work="put in order",
    asks="whole_step",
    points=2,
    results=("w", "v"),
    reference=_whole_step,
    shown=(
        Case("a gradient of 8, clipvalue 1", (2.0, 0.0, 8.0, 0.1, 0.9, 0.5, 1.0)),
        Case("rolling, a gradient of -8, clipvalue 1", (2.0, -0.5, -8.0, 0.1, 0.9, 0.5, 1.0)),
        Case("rolling, a gradient of 0.5, clipvalue 1", (2.0, -0.5, 0.5, 0.1, 0.9, 0.5, 1.0)),
    ),
    draw=_stage_arguments,
    right=LINES,
    arranged=_in_order,
    needs=BEFORE,
    mistakes=(
        Mistake(
            _in_order((_velocity, _move, _decay, _clip)),
            "Nothing is put in order yet: where in the chain do clipping and decay stand?",
            untouched=True,
        ),
        Mistake(
            _in_order((_cut_above, _decay, _velocity, _move)),
            "Your clip cuts at clipvalue only. A gradient below -clipvalue must be cut, too: the "
            "sheet's line does both.",
        ),
        Mistake(
            _in_order((_cut_below, _decay, _velocity, _move)),
            "Your clip cuts at -clipvalue only. A gradient above clipvalue must be cut, too: the "
            "sheet's line does both.",
        ),
        Mistake(
            _with_penalty,
            "The decay has got into the gradient and is clipped with it: that is a penalty. Keep "
            "the four lines as they are, and only put them in order.",
        ),
        Mistake(
            _with_clipped_velocity,
            "You clip the velocity. Keras clips the gradient, before the velocity takes it.",
        ),
    ),
    hints=(
        "Ask of each line what it reads, and whether that should be the old or the new.",
        "The velocity must read the clipped gradient, the move must read the new velocity, and the "
        "decay must read weights that have not moved yet.",
        "Chapter 00's chain: clip, decay, velocity, weights.",
    ),
)
