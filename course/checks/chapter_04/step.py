"""04.step, write the rule: One step of the ball."""

from course.checks.tasks import Case, Mistake, Rule
from course.sgd import gradient_descent, heavy_ball


def _step_arguments(random):
    w, v, g = random.normal(size=(3, 2))
    return w, v, g, random.uniform(0.05, 0.5), random.uniform(0.3, 0.95)


STEP = Rule(
    name="04.step",
    title="One step of the ball",
    asks="ball_step",
    points=3,
    results=("w", "v"),
    reference=heavy_ball,
    shown=(
        Case("from rest", (1.0, 0.0, 2.0, 0.1, 0.9)),
        Case("rolling, on flat ground", (1.0, -0.5, 0.0, 0.1, 0.9)),
        Case("rolling downhill", (1.0, -0.5, 2.0, 0.1, 0.9)),
    ),
    draw=_step_arguments,
    mistakes=(
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
