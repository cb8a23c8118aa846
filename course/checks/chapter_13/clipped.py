"""13.clipped, predict a number: Two replicas and a clip."""

from course.checks.tasks import Mistake, Number

CLIPPED = Number(
    name="13.clipped",
    title="Two replicas and a clip",
    asks="w_by_keras",
    points=0,
    reference=-0.15,
    mistakes=(
        Mistake(
            -0.2,
            "That is a step with a gradient of 2, as one device takes it, and `course.SGD`: sum, "
            "then clip. In Keras each replica clips its own, and then both are added.",
        ),
        Mistake(-0.95, "Without a clip it would be that. Which of the two gradients is too long?"),
        Mistake(
            -0.075,
            "Keras adds the replicas' gradients; it does not average them.",
        ),
        Mistake(
            -0.4,
            "Each replica is clipped, but a gradient that is shorter than the threshold passes as "
            "it is, with its sign.",
        ),
        Mistake(
            0.0,
            "A clip shortens what is too long. It does not lengthen the other one.",
        ),
        Mistake(-0.25, "The gradient of the second replica is negative: it takes away."),
        Mistake(0.15, "The size is right. Descent goes against the gradient."),
        Mistake(1.5, "That is the joined gradient. Take the step."),
        Mistake(-1.5, "That is minus the joined gradient. Multiply by the learning rate."),
        Mistake(
            -0.1,
            "That is a step with a joined gradient of 1. Each replica's own is clipped to 2, and "
            "both are added.",
        ),
        Mistake(-0.475, "Nothing is clipped here, and the gradients are averaged: they are added."),
        Mistake(
            -0.1 * 9.5 * 2 / 100.25**0.5,
            "You took one norm for both gradients: a replica knows only its own.",
        ),
        Mistake(
            -0.19,
            "You shortened both by the same factor. The second gradient is shorter than 2 already.",
        ),
        Mistake(
            -0.05,
            "The first gradient has become 1 with you. clipnorm is 2 on every replica; it is not "
            "shared out.",
        ),
        Mistake(0.05, "That is the second replica's step alone. Both gradients are added."),
        Mistake(2.0, "That is the clipped gradient of the first replica. Go on."),
    ),
    hints=(
        "In which order do the clip and the sum over replicas come in Keras?",
        "Each replica clips its own gradient to length 2, where it is longer. Then they are added.",
        "10 becomes 2, -0.5 stays. The weight moves by -0.1 times their sum.",
    ),
)
