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
            "That is what one device does, and `course.SGD`: sum, then clip. Keras clips on each "
            "replica.",
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
            "You clipped by 1.5, or the sum to 1: each replica's gradient alone is clipped to 2.",
        ),
    ),
    hints=(
        "In which order do the clip and the sum over replicas come in Keras?",
        "Each replica clips its own gradient to length 2, where it is longer. Then they are added.",
        "10 becomes 2, -0.5 stays. The weight moves by -0.1 times their sum.",
    ),
)
