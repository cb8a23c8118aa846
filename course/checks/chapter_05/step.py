"""05.step, write the rule: One step as Keras writes it."""

from course.checks.chapter_04.step import CASES as BALLS
from course.checks.chapter_04.step import VELOCITIES, step_arguments
from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule
from course.sgd import gradient_descent, heavy_ball, nesterov_momentum


def _with_new_velocity(move, velocity=None):
    """A known mistake whose velocity is right: how it moves, of (w, old, new, push, beta)."""

    def slip(w, v, g, eta, beta):
        new, push = beta * v - eta * g, -eta * g
        return move(w, v, new, push, beta), velocity(v, new, push, beta) if velocity else new

    return slip


*_ONE_WEIGHT, _TWO_WEIGHTS = BALLS
CASES = (*_ONE_WEIGHT, Case("with momentum 0", (1.0, 0.0, 2.0, 0.1, 0.0)), _TWO_WEIGHTS)

KNOWN = (
    Mistake(
        lambda w, v, g, eta, beta: (w, v),
        "Nothing has moved yet: put your lines in place of the dots.",
        untouched=True,
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w - eta * (beta * v + g), beta * v + g),
        "This is PyTorch's momentum, without look-ahead. In Keras the learning rate is in the "
        "velocity, with a minus; and with nesterov=True the weights take the next glide.",
    ),
    Mistake(
        heavy_ball,
        "This is momentum without the look-ahead: the ball of chapter 04. (It also comes out "
        "if your last line takes the old velocity: it must take the new one.)",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + beta * new),
        "Your velocity is right, and the weights glide with it; but they need the push, too: "
        "- learning_rate * gradient stands in both lines.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + push),
        "Your velocity is right, but the weights take the push alone: let them glide by "
        "momentum * velocity, too.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + new + push),
        "Almost: the weights glide by momentum * velocity, not by the whole velocity.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + new + beta * new + push),
        "You moved twice: by the ball's step of chapter 04, and then by the look-ahead's. The "
        "second one is the whole step.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + new + beta * new),
        "You looked ahead of a ball's step. But the weights that came in are a look-ahead "
        "point already: the old glide, momentum times the old velocity, must be taken back.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w - (beta * new + push)),
        "Your velocity is right, but you subtracted the move: it points downhill already, so "
        "add it.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + beta * new - push),
        "Your velocity is right; in the weights' line the gradient has the wrong sign: the "
        "push goes downhill there, too.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: nesterov_momentum(w, v, -g, eta, beta),
        "Your ball rolls uphill: the gradient points up, so it enters both lines with minus.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w - eta * (g + beta * (beta * v + g)), beta * v + g),
        "This is PyTorch's form: it keeps the learning rate outside the velocity. Keras's "
        "velocity already contains it: v = momentum * v - learning_rate * g.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: nesterov_momentum(w, v, (1 - beta) * g, eta, beta),
        "You average the gradients with a factor 1 - momentum. Keras has no such factor: "
        "the full gradient enters both lines.",
    ),
    Mistake(
        _with_new_velocity(
            lambda w, v, new, push, beta: w + beta * new + push,
            lambda v, new, push, beta: beta * new + push,
        ),
        "The weights are right, but you kept their move as the velocity. The velocity that is "
        "remembered is that of the first line, without the look-ahead.",
    ),
    Mistake(
        _with_new_velocity(
            lambda w, v, new, push, beta: w + beta * new + push,
            lambda v, new, push, beta: v,
        ),
        "The weights are right, but you returned the old velocity: the next step needs the "
        "new one.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (gradient_descent(w, g, eta), v),
        "This is plain gradient descent: the velocity is neither used nor updated.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: heavy_ball(w, v, w + beta * v, eta, beta),
        "You never use `gradient`: you took the slope of ½w² one glide ahead. The loss can be "
        "any; `gradient` is its slope at the look-ahead point already.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w - beta * v - eta * g, beta * v + eta * g),
        "Your velocity points uphill. In Keras the gradient enters it with minus, and the "
        "weights add momentum times it.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (
            w - beta * (beta * v + eta * g) - eta * g,
            beta * v + eta * g,
        ),
        "Your velocity points uphill and is subtracted. In Keras the minus stands in the "
        "velocity: the gradient enters it with minus, and the weights add it.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + push * beta + new * beta),
        "Your velocity is right. In the weights' line momentum brakes the glide only; the push "
        "enters in full.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + beta**2 * new + push),
        "Your velocity is right. In the weights' line the new velocity is braked twice: once "
        "is enough.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + beta * new + 2 * push),
        "Your velocity is right. In the weights' line the push is there twice.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + beta * (beta * v - eta * g) - g, beta * v - eta * g),
        "Your velocity is right. In the weights' line the learning rate is missing: the push "
        "is learning_rate * gradient there, too.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: nesterov_momentum(w, v, g, 1.0, beta),
        "The learning rate is missing in both lines: the push is learning_rate * gradient.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + eta * (beta * (beta * v - g) - g), beta * v - g),
        "You keep the learning rate outside the velocity. In Keras it is in it: the push is "
        "learning_rate * gradient in both lines.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: (w + beta * (v - eta * g) - eta * g, v - eta * g),
        "In the velocity's line momentum is missing: the old velocity is braked before the "
        "push is added.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: w + (1 - beta) * new + push),
        "Your velocity is right. The glide is momentum times it, not 1 - momentum.",
    ),
    Mistake(
        _with_new_velocity(lambda w, v, new, push, beta: new),
        "Your velocity is right, but you return it twice: the new variable is the old one, and "
        "the glide, and the push.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: heavy_ball(w, v, g + beta * v, eta, beta),
        "You added the glide to the gradient. A glide is a way, not a slope: `gradient` is the "
        "slope at the look-ahead point already.",
    ),
    Mistake(
        _with_new_velocity(
            lambda w, v, new, push, beta: w + beta * new + push,
            lambda v, new, push, beta: push,
        ),
        "The weights are right, but the velocity you return is the push alone: it keeps "
        "momentum times the old one, too.",
    ),
    Mistake(
        lambda w, v, g, eta, beta: nesterov_momentum(w, v, g, eta, beta)[::-1],
        "The two values are right, but swapped: return the variable first, then the velocity.",
    ),
)

MOVES = {
    lambda w, old, new, g, eta, beta: w + beta * new - eta * g: "",
    lambda w, old, new, g, eta, beta: w + new: (
        "The weights move as in chapter 04. Here they take momentum times the new velocity, and "
        "the push."
    ),
    lambda w, old, new, g, eta, beta: w + beta * new: "In the weights' line the push is missing.",
    lambda w, old, new, g, eta, beta: w - eta * g: (
        "In the weights' line the glide is missing: momentum times the new velocity."
    ),
    lambda w, old, new, g, eta, beta: w + new - eta * g: (
        "The weights glide by momentum times the velocity, not by all of it."
    ),
    lambda w, old, new, g, eta, beta: w - (beta * new - eta * g): "The weights add their move.",
    lambda w, old, new, g, eta, beta: w - (beta * new + eta * g): (
        "The weights add momentum times the velocity."
    ),
    lambda w, old, new, g, eta, beta: w + beta * new + eta * g: (
        "In the weights' line the push has a minus, too."
    ),
    lambda w, old, new, g, eta, beta: w + beta * new - g: (
        "In the weights' line the learning rate is missing."
    ),
    lambda w, old, new, g, eta, beta: w + beta * old + new: (
        "You added the old glide and the new velocity: momentum times the new one is the glide."
    ),
    lambda w, old, new, g, eta, beta: w + beta**2 * old: (
        "In the weights' line the push is missing, both times."
    ),
    lambda w, old, new, g, eta, beta: w + new + beta * old - eta * g: (
        "You added the old glide, the new velocity and the push: momentum times the new velocity, "
        "and the push, are the whole move."
    ),
    lambda w, old, new, g, eta, beta: (1 + beta) * (w + new): (
        "Momentum multiplies the velocity, not the weights."
    ),
    lambda w, old, new, g, eta, beta: w + beta * new - beta**2 * eta * g: (
        "In the weights' line the push enters in full, without momentum."
    ),
    lambda w, old, new, g, eta, beta: w: "The weights do not move: add the glide and the push.",
    lambda w, old, new, g, eta, beta: beta * new - eta * g: (
        "The weights are lost: add their move to them."
    ),
    lambda w, old, new, g, eta, beta: w - eta * (beta * new + g): (
        "The weights add momentum times the velocity as it is: no minus, no learning rate."
    ),
}


def _with(velocity, move):
    """A step with these two lines."""

    def step(w, v, g, eta, beta):
        new = velocity(v, g, eta, beta)
        return move(w, v, new, g, eta, beta), new

    return step


STEP = Rule(
    name="05.step",
    title="One step as Keras writes it",
    asks="look_ahead_step",
    points=3,
    results=("variable", "velocity"),
    reference=nesterov_momentum,
    shown=CASES,
    draw=step_arguments,
    mistakes=distinct(
        nesterov_momentum,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, VELOCITIES, MOVES, pairs=8),
    ),
    hints=(
        "Begin as in chapter 04: the new velocity is that of the ball. Only what the weights do "
        "with it is new.",
        "In Keras's form the weights take the next glide and the push: momentum times the new "
        "velocity, and once more the gradient.",
        "velocity = momentum * velocity - learning_rate * gradient; then add "
        "momentum * velocity - learning_rate * gradient to the variable.",
    ),
)
