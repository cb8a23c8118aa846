"""04.step, write the rule: One step of the ball."""

import numpy as np

from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule
from course.sgd import gradient_descent, heavy_ball, nesterov_momentum


def step_arguments(random):
    """Two weights, two velocities, two gradients, a learning rate and a momentum, drawn."""
    w, v, g = random.normal(size=(3, 2))
    return w, v, g, random.uniform(0.05, 0.5), random.uniform(0.3, 0.95)


CASES = (
    Case("from rest", (1.0, 0.0, 2.0, 0.1, 0.9)),
    Case("rolling, on flat ground", (1.0, -0.5, 0.0, 0.1, 0.9)),
    Case("rolling downhill", (1.0, -0.5, 2.0, 0.1, 0.9)),
    Case(
        "two weights, of which one rolls uphill",
        (np.array([3.0, -2.0]), np.array([0.5, 0.25]), np.array([4.0, -0.5]), 0.1, 0.8),
    ),
)

KNOWN = (
    Mistake(
        lambda w, v, g, eta, beta: (w, v),
        "Nothing has moved yet: put your lines in place of the dots.",
        untouched=True,
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w - (beta * v - eta * g), beta * v - eta * g),
        "Your velocity is right, but you subtracted it: v already points downhill, so add it.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + beta * v + eta * g, beta * v + eta * g),
        "Your ball rolls uphill: the gradient points up, so it enters the velocity with minus.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w - eta * (beta * v + g), beta * v + g),
        "This is PyTorch's ball: it keeps the learning rate outside the velocity. Keras's "
        "velocity already contains it: v = momentum * v - learning_rate * g.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (
            w + beta * v - (1 - beta) * eta * g,
            beta * v - (1 - beta) * eta * g,
        ),
        "You average the gradients with a factor 1 - momentum. Keras has no such factor: "
        "the full gradient enters at every step.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + v, beta * v - eta * g),
        "You moved with the old velocity. Update the velocity first, then move with the new.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w - eta * g, beta * v - eta * g),
        "Your velocity is right, but the weights do not use it: they must move by the "
        "velocity, not by the gradient alone.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + (1 - beta) * v - eta * g, (1 - beta) * v - eta * g),
        "You took momentum for the friction. It is what friction leaves: the velocity is "
        "multiplied by momentum itself.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (gradient_descent(w, g, eta), v),
        "This is plain gradient descent: the velocity is neither used nor updated.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (beta * v - eta * g, w + beta * v - eta * g),
        "The two values are right, but swapped: return the variable first, then the velocity.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: nesterov_momentum(w, v, g, eta, beta),
        "Your velocity is right. But the weights take momentum times it and the push again: "
        "that is Nesterov's step, of chapter 05. Add the velocity, once.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w - (beta * v + eta * g), beta * v + eta * g),
        "Your velocity points uphill and is subtracted. In Keras the minus stands in the "
        "velocity: the gradient enters it with minus, and the weights add it.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (
            w - eta * (beta * v + (1 - beta) * g),
            beta * v + (1 - beta) * g,
        ),
        "This is an average of the gradients, times the learning rate. Keras's velocity has no "
        "factor 1 - momentum, and the learning rate is in it, with a minus.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + beta * (v - eta * g), beta * (v - eta * g)),
        "Friction brakes your new push, too. Only the old velocity is multiplied by momentum; "
        "the push enters in full.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + eta * (beta * v - eta * g), beta * v - eta * g),
        "Your velocity is right, and the learning rate is in it already: the weights take the "
        "whole velocity.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + beta * v - 2 * eta * g, beta * v - eta * g),
        "Your velocity is right, and contains the push. The weights take the push a second "
        "time: add the velocity alone.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + v - eta * g, beta * v - eta * g),
        "Your velocity is right. The weights take the old velocity as it came in and the push; "
        "they take the new velocity, in which friction is.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + beta * (beta * v - eta * g), beta * v - eta * g),
        "Your velocity is right, and friction is in it already: the weights take the whole of "
        "it, not momentum times it.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + v - eta * g, v - eta * g),
        "Your ball has no friction: the old velocity is multiplied by momentum before the push "
        "is added.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + beta * v - g, beta * v - g),
        "The learning rate is missing: the push is learning_rate * gradient.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + eta * (beta * v - g), beta * v - g),
        "You keep the learning rate outside the velocity. In Keras it is in it: the push is "
        "learning_rate * gradient, and the weights add the velocity as it is.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: heavy_ball(w, v, w, eta, beta),
        "You never use `gradient`: you took the slope of ½w², which is w. The loss can be any.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: heavy_ball(w, v, np.sign(g), eta, beta),
        "You took the sign of the gradient alone. Where it is steeper, the push is larger.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: heavy_ball(w, v, np.abs(g), eta, beta),
        "You took the size of the gradient without its sign: where it is negative, downhill "
        "lies the other way.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (beta * v - eta * g, beta * v - eta * g),
        "Your velocity is right, but you return it twice: the new variable is the old one plus "
        "the velocity.",
    ),
)

VELOCITIES = {
    lambda v, g, eta, beta: beta * v - eta * g: "Your velocity is right.",
    lambda v, g, eta, beta: beta * v + eta * g: (
        "The gradient points up, so it enters the velocity with minus."
    ),
    lambda v, g, eta, beta: beta * v - g: "In the velocity the learning rate is missing.",
    lambda v, g, eta, beta: beta * v + g: (
        "In the velocity the gradient has no minus and no learning rate, as in PyTorch."
    ),
    lambda v, g, eta, beta: v - eta * g: "In the velocity momentum is missing.",
    lambda v, g, eta, beta: (1 - beta) * v - eta * g: (
        "The old velocity is multiplied by momentum, not by 1 - momentum."
    ),
    lambda v, g, eta, beta: beta * v - (1 - beta) * eta * g: (
        "Keras's velocity is no average: the gradient has no factor 1 - momentum."
    ),
    lambda v, g, eta, beta: beta * (v - eta * g): (
        "In the velocity momentum multiplies the old velocity alone, not the push."
    ),
    lambda v, g, eta, beta: beta * (v + eta * g): (
        "In the velocity momentum multiplies the old velocity alone, and the push has a minus."
    ),
    lambda v, g, eta, beta: -eta * g: "The old velocity is not in your new one.",
    lambda v, g, eta, beta: eta * g: (
        "Your velocity is a plain step, and points uphill: momentum times the old one is missing."
    ),
    lambda v, g, eta, beta: beta * v: "The gradient is not in your velocity.",
    lambda v, g, eta, beta: eta * v - beta * g: (
        "In the velocity learning rate and momentum have changed places."
    ),
    lambda v, g, eta, beta: -beta * v - eta * g: "The old velocity keeps its sign: + momentum.",
    lambda v, g, eta, beta: v - eta * (g + beta * v): (
        "Your friction is a force, times the learning rate. In Keras's rule momentum multiplies "
        "the old velocity itself."
    ),
    lambda v, g, eta, beta: (1 - beta) * v + beta * g: (
        "Your velocity is an average of the gradients, and momentum stands beside the gradient: it "
        "multiplies the old velocity."
    ),
    lambda v, g, eta, beta: eta * beta * v - g: (
        "In the velocity the learning rate multiplies the gradient, not the old velocity."
    ),
    lambda v, g, eta, beta: -(beta * v - eta * g): (
        "You return the velocity with the other sign: it points where the ball rolls."
    ),
    lambda v, g, eta, beta: v: "You return the velocity that came in: the next step needs the new.",
}

MOVES = {
    lambda w, old, new, g, eta, beta: w + new: "",
    lambda w, old, new, g, eta, beta: w - new: "The weights add the velocity.",
    lambda w, old, new, g, eta, beta: w + old: "The weights move by the new velocity, not the old.",
    lambda w, old, new, g, eta, beta: w - eta * new: (
        "The weights add the velocity as it is: no minus, no learning rate."
    ),
    lambda w, old, new, g, eta, beta: w + eta * new: (
        "The weights add the whole velocity: the learning rate is in it already."
    ),
    lambda w, old, new, g, eta, beta: w + beta * new: (
        "The weights add the whole velocity: momentum is in it already."
    ),
    lambda w, old, new, g, eta, beta: w - eta * g: (
        "The weights move by the velocity, not by the gradient alone."
    ),
    lambda w, old, new, g, eta, beta: w + beta * old: (
        "The weights take the glide alone: they move by the new velocity, in which the push is."
    ),
    lambda w, old, new, g, eta, beta: w + beta * old + new: (
        "The weights add the old glide besides: it is in the new velocity already."
    ),
    lambda w, old, new, g, eta, beta: w * new: "The weights add the velocity; you multiplied.",
    lambda w, old, new, g, eta, beta: w: "The weights do not move: add the new velocity.",
    lambda w, old, new, g, eta, beta: new: "The weights are lost: add the velocity to them.",
    lambda w, old, new, g, eta, beta: beta * w + new: (
        "Momentum multiplies the velocity, not the weights."
    ),
    lambda w, old, new, g, eta, beta: w - eta * g + beta * (new - old): (
        "The weights move by the new velocity alone: w + v."
    ),
}


def _with(velocity, move):
    """A step with these two lines."""

    def step(w, v, g, eta, beta):
        new = velocity(v, g, eta, beta)
        return move(w, v, new, g, eta, beta), new

    return step


STEP = Rule(
    name="04.step",
    title="One step of the ball",
    asks="ball_step",
    points=3,
    results=("w", "v"),
    reference=heavy_ball,
    shown=CASES,
    draw=step_arguments,
    mistakes=distinct(
        heavy_ball,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, VELOCITIES, MOVES, pairs=9),
    ),
    hints=(
        "A ball keeps a part of its speed, and the slope adds to it. Which part, and with which "
        "sign?",
        "Two lines: first the new velocity from the old one and the gradient, then the variable "
        "from the new velocity.",
        "velocity = momentum * velocity - learning_rate * gradient; then add the velocity to the "
        "variable and return both.",
    ),
)
