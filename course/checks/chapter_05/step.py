"""05.step, write the rule: One step as Keras writes it."""

from course.checks.tasks import Case, Mistake, Rule
from course.sgd import gradient_descent, heavy_ball, nesterov_momentum


def _step_arguments(random):
    theta, v, g = random.normal(size=(3, 2))
    return theta, v, g, random.uniform(0.05, 0.5), random.uniform(0.3, 0.95)


def _with_new_velocity(move, velocity=None):
    """A known mistake whose velocity is right: how it moves, of (w, old, new, push, beta)."""

    def slip(w, v, g, eta, beta):
        new, push = beta * v - eta * g, -eta * g
        return move(w, v, new, push, beta), velocity(v, new, push, beta) if velocity else new

    return slip


STEP = Rule(
    name="05.step",
    title="One step as Keras writes it",
    asks="look_ahead_step",
    points=3,
    results=("variable", "velocity"),
    reference=nesterov_momentum,
    shown=(
        Case("from rest", (1.0, 0.0, 2.0, 0.1, 0.9)),
        Case("rolling, on flat ground", (1.0, -0.5, 0.0, 0.1, 0.9)),
        Case("rolling downhill", (1.0, -0.5, 2.0, 0.1, 0.9)),
        Case("with momentum 0", (1.0, 0.0, 2.0, 0.1, 0.0)),
    ),
    draw=_step_arguments,
    mistakes=(
        Mistake(
            lambda w, v, g, eta, beta: (w, v),
            "Nothing has moved yet: put your lines in place of the dots.",
            untouched=True,
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
            lambda w, v, g, eta, beta: nesterov_momentum(w, v, g, eta, beta)[::-1],
            "The two values are right, but swapped: return the variable first, then the velocity.",
        ),
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
