"""06.step, write the rule: One step with decay."""

import numpy as np

from course.checks.calling import agree, say
from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake
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


def _rolling(new, moved=lambda w, v, g, eta, beta, new: w + new):
    """A known mistake whose decay is right: another new velocity, or another move by it.

    new:   (v, g, eta, beta, eta * wd) -> the new velocity.
    moved: (the decayed w, v, g, eta, beta, the new velocity) -> the new w.
    """

    def slip(w, v, g, eta, beta, wd):
        velocity = new(v, g, eta, beta, eta * wd)
        return moved(decay(w, eta, wd), v, g, eta, beta, velocity), velocity

    return slip


def _ball(v, g, eta, beta, decayed):
    return beta * v - eta * g


def _pytorch(w, v, g, eta, beta, wd):
    buffer = beta * v + g + wd * w
    return w - eta * buffer, buffer


def _observe(arguments, yours, expected):
    w, v, g, eta, beta, wd = arguments
    if not agree(yours[1:], expected[1:]):
        return (
            f"Here momentum * velocity is {say(beta * v)}, and learning_rate * gradient is "
            f"{say(eta * g)}; your new velocity is {say(yours[1])}."
        )
    return (
        f"Without the velocity your w is {say(yours[0] - expected[1])} here; the decay should "
        f"leave {1 - eta * wd:.4g} of {say(w)}."
    )


STEP = Observed(
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
            _taking(lambda w, eta, beta, wd: w - eta * wd * w),
            "learning_rate * weight_decay is the part of the weights that goes. You kept that "
            "part, and took away the rest.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * wd * w**2),
            "Your decay grows with the square of the weight. The penalty has a square, but its "
            "slope has not: a decay takes learning_rate * weight_decay * variable.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * w),
            "You took the learning rate's part of the weights away: weight_decay is not in your "
            "decay.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: beta * wd * w),
            "You multiplied the decay by the momentum. It is the learning rate that belongs there.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: beta * eta * wd * w),
            "You multiplied the decay by the momentum, too. A single step takes learning_rate * "
            "weight_decay of the weights, whatever the momentum.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * wd * w / (1 - beta)),
            "You divided the decay by 1 - momentum. A single step takes learning_rate * "
            "weight_decay of the weights, whatever the momentum.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: w - w / (1 + eta * wd)),
            "You divided by 1 + learning_rate * weight_decay. For a small decay that is nearly the "
            "same; Keras takes the part away: multiply by 1 - learning_rate * weight_decay.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: w - w * np.exp(-eta * wd)),
            "That is a decay in continuous time. A single step of Keras leaves exactly "
            "1 - learning_rate * weight_decay of the weights.",
        ),
        Mistake(
            _rolling(lambda v, g, eta, beta, d: beta * v + eta * g),
            "The decay is right. The velocity goes uphill: the gradient points up, so subtract "
            "learning_rate * gradient.",
        ),
        Mistake(
            _rolling(
                lambda v, g, eta, beta, d: beta * v + eta * g,
                lambda w, v, g, eta, beta, new: w - new,
            ),
            "The decay is right. But your velocity points uphill, and the weights subtract it. In "
            "Keras it points downhill: subtract the gradient there, and add the velocity.",
        ),
        Mistake(
            _rolling(
                lambda v, g, eta, beta, d: beta * v + g,
                lambda w, v, g, eta, beta, new: w - eta * new,
            ),
            "The decay is right, but the velocity is PyTorch's, without the learning rate. Keras's "
            "velocity is the step itself: momentum * velocity - learning_rate * gradient.",
        ),
        Mistake(
            _rolling(lambda v, g, eta, beta, d: beta * v - (1 - beta) * eta * g),
            "The decay is right. But Keras takes the whole gradient into the velocity, not "
            "1 - momentum of it.",
        ),
        Mistake(
            _rolling(lambda v, g, eta, beta, d: v - eta * g),
            "The decay is right. But nothing slows the ball: only momentum of the old velocity is "
            "left after a step.",
        ),
        Mistake(
            _rolling(lambda v, g, eta, beta, d: beta * v - g),
            "The decay is right. But the gradient enters the velocity with the learning rate.",
        ),
        Mistake(
            _rolling(lambda v, g, eta, beta, d: beta * (v - eta * g)),
            "The decay is right. But momentum multiplies the old velocity alone, not the gradient.",
        ),
        Mistake(
            _rolling(lambda v, g, eta, beta, d: eta * (beta * v - g)),
            "The decay is right. But the learning rate multiplies the gradient alone, not the old "
            "velocity.",
        ),
        Mistake(
            _rolling(lambda v, g, eta, beta, d: -eta * g),
            "The decay is right. But the old velocity is forgotten: momentum of it goes on.",
        ),
        Mistake(
            _rolling(lambda v, g, eta, beta, d: (1 - d) * (beta * v - eta * g)),
            "You shrank the velocity, too. Only the weights decay.",
        ),
        Mistake(
            _rolling(_ball, lambda w, v, g, eta, beta, new: w + v),
            "Decay and velocity are right, but the weights move by the old velocity: renew it "
            "first.",
        ),
        Mistake(
            _rolling(_ball, lambda w, v, g, eta, beta, new: w + eta * new),
            "Decay and velocity are right, but the learning rate is in the velocity already: add "
            "the velocity as it is.",
        ),
        Mistake(
            _rolling(_ball, lambda w, v, g, eta, beta, new: w + beta * new),
            "Decay and velocity are right, but momentum is in the velocity already: add the "
            "velocity as it is.",
        ),
        Mistake(
            _rolling(_ball, lambda w, v, g, eta, beta, new: w + beta * new - eta * g),
            "Decay and velocity are right, but your weights take Nesterov's step. Without "
            "nesterov=True they move by the velocity.",
        ),
        Mistake(
            _rolling(_ball, lambda w, v, g, eta, beta, new: w + new - eta * g),
            "Decay and velocity are right, but you subtracted the gradient twice: it is in the "
            "velocity already.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (
                w + heavy_ball(w, v, g, eta, beta)[1] - eta * wd * (w + v),
                heavy_ball(w, v, g, eta, beta)[1],
            ),
            "The decay is taken from weights that have moved by the old velocity already. It is "
            "taken from the weights that come in.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (
                w,
                heavy_ball(w, v, g, eta, beta)[1],
            ),
            "The velocity is right. But the weights come back as they were: they decay, and they "
            "move by the velocity.",
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
    observe=_observe,
    hints=(
        "Current or spring: which of the two is Keras's decay, and does the velocity feel it?",
        "Three lines: shrink the variable, renew the velocity as in chapter 04, add it to the "
        "variable. The gradient stays as it was given.",
        "Begin with variable = variable - learning_rate * weight_decay * variable; the rest is "
        "the ball of chapter 04.",
    ),
)
