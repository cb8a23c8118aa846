"""04.terminal, predict a number: The speed on an endless slope."""

from course.checks.slips import elsewhere
from course.checks.tasks import Mistake, Number

LIMIT, KEPT = -2.0, 0.9


def _after(steps):
    """The velocity after so many steps from rest."""
    return LIMIT * (1 - KEPT**steps)


SLIPS = (
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
    Mistake(
        -1.0,
        "The push is learning_rate times the gradient, and the gradient is 2: you have half of it.",
    ),
    Mistake(
        1.0,
        "Two things: the gradient is 2, which doubles the push, and the push points downhill.",
    ),
    Mistake(
        -10.0,
        "This is 1/(1 - momentum), by which the limit is larger than a single push. What is a "
        "single push?",
    ),
    Mistake(
        10.0,
        "This is 1/(1 - momentum), by which the limit is larger than a single push. What is a "
        "single push, with its sign?",
    ),
    Mistake(-4.0, "Twice too fast: does the gradient enter your push squared?"),
    Mistake(
        -2.2,
        "That is one push too many: the first push is one of those in the sum.",
    ),
    Mistake(
        -0.2 / 0.9,
        "You divided the push by what friction leaves of a velocity. Ask what it takes.",
    ),
    Mistake(
        -0.2 / 1.9,
        "You divided by 1 + momentum. Put the same v on both sides of the rule, and mind the "
        "sign when you bring them together.",
    ),
    Mistake(1.8, "Two things: the sign, and a factor momentum too much."),
    Mistake(
        0.0,
        "Friction never stops a ball that is pushed at every step. It takes more the faster "
        "the ball is: at which speed is that as much as the push adds?",
    ),
    *(
        Mistake(
            _after(steps),
            f"That is the velocity after {steps} steps, and the next step changes it still.",
        )
        for steps in range(2, 40)
    ),
)

TERMINAL = Number(
    name="04.terminal",
    title="The speed on an endless slope",
    asks="terminal_velocity",
    points=0,
    reference=LIMIT,
    mistakes=(
        *SLIPS,
        *elsewhere(
            SLIPS,
            (
                -1.99,
                "If you stopped the steps there, go on: they come closer still. On paper, ask "
                "which v comes out of the rule as it went in.",
                lambda velocity: LIMIT < velocity < _after(40),
            ),
            (
                18.0,
                "The ball rolls against the gradient, so its velocity is negative here.",
                lambda velocity: velocity > 0,
            ),
            (
                -18.0,
                "Too fast: at that speed friction takes more from the ball in a step than the push "
                "adds.",
                lambda velocity: velocity < LIMIT,
            ),
            (
                -0.1,
                "Too slow: at that speed the push adds more in a step than friction takes.",
                lambda velocity: LIMIT < velocity < 0,
            ),
        ),
    ),
    hints=(
        "At the terminal velocity, a step changes the velocity no more.",
        "Put the same v on both sides of the rule: v = 0.9 * v - 0.1 * 2.",
        "Then 0.1 * v = -0.2: the push, divided by what friction takes.",
    ),
)
