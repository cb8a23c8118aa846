"""07.stages, put the stages in order: Four stages in order."""

from itertools import product

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _whole_step(w, v, gradient, learning_rate, momentum, weight_decay, clipvalue):
    gradient = np.clip(gradient, -clipvalue, clipvalue)
    w = w - learning_rate * weight_decay * w
    v = momentum * v - learning_rate * gradient
    w = w + v
    return w, v


def _stage_arguments(random):
    w, v, g = random.normal(size=(3, 3)) * [[1], [0.3], [4]]
    return (w, v, g, *random.uniform((0.1, 0.3, 0.2, 0.5), (0.5, 0.9, 0.9, 1.5)))


def _in_order(clip_first, velocity_first, decay_first):
    """The four lines in an order with some of the three right, as a function."""

    def step(w, v, g, eta, beta, wd, c):
        new = beta * v - eta * (np.clip(g, -c, c) if clip_first else g)
        move = new if velocity_first else v
        moved = w - eta * wd * w + move if decay_first else (w + move) * (1 - eta * wd)
        return moved, new

    return step


def _known_orders():
    """Every wrong order, explained by the first thing that is wrong in it."""
    because = (
        "The gradient is clipped when the velocity has taken it already: the clip comes too late, "
        "and changes nothing.",
        "The weights move before the velocity is renewed, so they take the old one.",
        "The decay comes after the move, and shrinks the step, too. Keras shrinks the weights "
        "before they move.",
    )
    yield Mistake(
        _in_order(False, True, False),
        "Nothing is put in order yet: where in the chain do clipping and decay stand?",
    )
    for right in product((True, False), repeat=3):
        if not all(right) and right != (False, True, False):
            yield Mistake(_in_order(*right), because[right.index(False)])


def _with_penalty(w, v, g, eta, beta, wd, c):
    v = beta * v - eta * np.clip(g + wd * w, -c, c)
    return w + v, v


def _with_clipped_velocity(w, v, g, eta, beta, wd, c):
    v = np.clip(beta * v - eta * g, -c, c)
    return w - eta * wd * w + v, v


STAGES = Rule(
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
    mistakes=(
        *_known_orders(),
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
