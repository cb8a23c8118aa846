"""06.step, write the rule: One step with decay."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule
from course.sgd import decay, gradient_descent, heavy_ball


def step(variable, velocity, gradient, learning_rate, momentum, weight_decay):
    """One step with momentum and Keras's weight decay; returns the variable and the velocity."""
    velocity = momentum * velocity - learning_rate * gradient
    return variable - learning_rate * weight_decay * variable + velocity, velocity


def _step_arguments(random):
    w, v, g = random.normal(size=(3, 2))
    return w, v, g, random.uniform(0.05, 0.5), random.uniform(0.3, 0.95), random.uniform(0.2, 0.9)


def _taking(taken):
    """A known mistake that differs only in what the decay takes, of (w, eta, beta, wd)."""

    def slip(w, v, g, eta, beta, wd):
        moved, velocity = heavy_ball(w, v, g, eta, beta)
        return moved - taken(w, eta, beta, wd), velocity

    return slip


def _pytorch(w, v, g, eta, beta, wd):
    buffer = beta * v + g + wd * w
    return w - eta * buffer, buffer


STEP = Rule(
    name="06.step",
    title="One step with decay",
    asks="decayed_step",
    points=3,
    results=("w", "v"),
    reference=step,
    shown=(
        Case("from rest, on flat ground", (1.0, 0.0, 0.0, 0.1, 0.9, 0.5)),
        Case("from rest", (1.0, 0.0, 2.0, 0.1, 0.9, 0.5)),
        Case("rolling", (-2.0, -0.5, 2.0, 0.1, 0.9, 0.5)),
        Case("without decay", (1.0, -0.5, 2.0, 0.1, 0.9, 0.0)),
    ),
    draw=_step_arguments,
    mistakes=(
        Mistake(
            lambda w, v, g, eta, beta, wd: (w, v),
            "Nothing has moved yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: heavy_ball(w, v, g, eta, beta),
            "This is the ball of chapter 04: nothing shrinks the weights.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: heavy_ball(w, v, g + wd * w, eta, beta),
            "Your weights are right, but the decay has got into the velocity, and lives on there: "
            "that is the penalty, a spring. Keras's velocity is the gradient's alone.",
        ),
        Mistake(
            _pytorch,
            "This is PyTorch's step: a penalty in the gradient, and a velocity without learning "
            "rate. Keras shrinks the weights themselves.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (
                (1 - eta * wd) * heavy_ball(w, v, g, eta, beta)[0],
                heavy_ball(w, v, g, eta, beta)[1],
            ),
            "You shrank the weights after the step, so the step shrank, too. Keras shrinks them "
            "before it.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: wd * w),
            "You took away weight_decay of the weights. Keras multiplies by the learning rate, "
            "too: learning_rate * weight_decay of them.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: -eta * wd * w),
            "Your weights grow: the decay takes a part of them away.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * wd),
            "You took the same amount from every weight. Decay takes a part of each: multiply by "
            "the variable, too.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * wd * np.sign(w)),
            "You took the same amount from every weight, towards zero. Decay takes a part of each: "
            "multiply by the variable itself.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: 2 * eta * wd * w),
            "You took twice too much: the factor 2 belongs to Keras's L2 regularizer, not to its "
            "weight_decay.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * wd * w / 2),
            "You took only half: the ½ stands in the penalty's loss, and its gradient has lost it.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: (1 - beta) * eta * wd * w),
            "You put 1 - momentum into the rule. It is what comes out in the long run; a single "
            "step takes learning_rate * weight_decay of the weights.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (step(w, v, g, eta, beta, wd)[0], v),
            "The weights are right, but you returned the old velocity: the next step needs the "
            "new one.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: heavy_ball(w, (1 - eta * wd) * v, g, eta, beta),
            "You shrank the velocity. It is the weights that decay.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (decay(w, eta, wd), v),
            "The decay is right, but that is only half of the step: now let the ball roll.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (decay(w, eta, wd), heavy_ball(w, v, g, eta, beta)[1]),
            "Decay and velocity are right, but the weights do not use the velocity: add it.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (gradient_descent(decay(w, eta, wd), g, eta), v),
            "The decay is right, but this is plain descent: the velocity is neither used nor "
            "updated.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (
                decay(w, eta, wd) - heavy_ball(w, v, g, eta, beta)[1],
                heavy_ball(w, v, g, eta, beta)[1],
            ),
            "The decay and the velocity are right, but you subtracted the velocity: it points "
            "downhill already, so add it.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: step(w, v, g, eta, beta, wd)[::-1],
            "The two values are right, but swapped: return the variable first, then the velocity.",
        ),
    ),
    hints=(
        "Current or spring: which of the two is Keras's decay, and does the velocity feel it?",
        "Three lines: shrink the variable, renew the velocity as in chapter 04, add it to the "
        "variable. The gradient stays as it was given.",
        "Begin with variable = variable - learning_rate * weight_decay * variable; the rest is "
        "the ball of chapter 04.",
    ),
)
