"""04.terminal, predict a number: The speed on an endless slope."""

from course.checks.tasks import Mistake, Number

TERMINAL = Number(
    name="04.terminal",
    title="The speed on an endless slope",
    asks="terminal_velocity",
    points=0,
    reference=-2.0,
    mistakes=(
        Mistake(
            -0.2,
            "That is the velocity after the first step. Each later step keeps nine tenths of it "
            "and adds the same push again.",
        ),
        Mistake(2.0, "The size is right; mind the sign: the ball rolls against the gradient."),
        Mistake(0.2, "That is one step's push, and uphill: sum all the pushes, with their sign."),
        Mistake(-20.0, "You left out the learning rate: each push is learning_rate * gradient."),
        Mistake(20.0, "Two things: each push is learning_rate * gradient, and it points downhill."),
        Mistake(
            -0.02,
            "You weighted the push with 1 - momentum, as in an average. Keras adds it in full.",
        ),
        Mistake(
            -1.8,
            "Close: you have momentum times the answer. Ask which v comes out of the rule as it "
            "went in.",
        ),
    ),
    hints=(
        "At the terminal velocity, a step changes the velocity no more.",
        "Put the same v on both sides of the rule: v = 0.9 * v - 0.1 * 2.",
        "Then 0.1 * v = -0.2: the push, divided by what friction takes.",
    ),
)
