"""05.landing, predict a number: Where the ball lands."""

from course.checks.tasks import Mistake, Number

LANDING = Number(
    name="05.landing",
    title="Where the ball lands",
    asks="landing",
    points=0,
    reference=1.5,
    mistakes=(
        Mistake(
            3.5,
            "This is momentum: you read the slope here, at -1. Nesterov reads it there, where the "
            "glide ends.",
        ),
        Mistake(3.0, "This is the end of the glide. The push is still to come: read the slope."),
        Mistake(
            4.5,
            "The slope is read at the right place, but there it points up to the right: the push "
            "goes against it, back to the left.",
        ),
        Mistake(
            3.1,
            "You put -1 into Keras's lines. In Keras's form the weights are the look-ahead point; "
            "here -1 is the original's w.",
        ),
        Mistake(
            2.0,
            "You let it glide by the whole velocity. Friction leaves momentum * velocity of it.",
        ),
        Mistake(
            1.0,
            "It glides by momentum * velocity, and the slope is read where that ends: not a whole "
            "velocity ahead.",
        ),
        Mistake(2.5, "This is its new velocity. Add it to where the ball was."),
        Mistake(
            5.5,
            "You added the new velocity at the end of the glide. It contains the glide already: "
            "add it to where the ball was.",
        ),
        Mistake(0.0, "You left out the learning rate: the push is learning_rate times the slope."),
        Mistake(-0.5, "This is plain descent: the ball has a velocity, and glides first."),
    ),
    hints=(
        "A step has two parts, the glide and the push. Which of them needs no gradient?",
        "Go to the end of the glide, and read the slope there: on this loss the slope at w is w.",
        "The glide ends at -1 + 0.8 * 5 = 3, so the push is -0.5 * 3.",
    ),
)
