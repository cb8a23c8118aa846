"""01.units, predict a number: The same trips in other units."""

from course.checks.slips import elsewhere
from course.checks.tasks import Mistake, Number

_WRONG_WAY = (
    "You went the wrong way: larger inputs and a larger loss are both steeper, so the edge moves "
    "down."
)

SLIPS = (
    Mistake(
        0.04,
        "You let the inputs count once. They enter the gradient, and the weight, too, is "
        "measured anew: the curvature grows with their square.",
    ),
    Mistake(
        0.008,
        'The inputs are right. But "mse" has no ½: it is twice this loss, and twice as steep.',
    ),
    Mistake(
        0.016,
        "The inputs are right. But a loss without its ½ is steeper, so the edge is halved, "
        "not doubled.",
    ),
    Mistake(0.4, "The loss is right. But larger inputs make it steeper, too."),
    Mistake(
        0.08,
        "Two things: the curvature grows with the square of the inputs, and a loss without "
        "its ½ is twice as steep.",
    ),
    Mistake(
        0.16,
        "Two things: the curvature grows with the square of the inputs, and a loss without "
        "its ½ is steeper, not flatter.",
    ),
    Mistake(
        0.002,
        "The inputs are right. The loss without its ½ is twice as large, no more: the factor "
        "counts once, not squared.",
    ),
    Mistake(160.0, _WRONG_WAY),
    Mistake(40.0, "The loss is right. But larger inputs make it steeper: the edge moves down."),
    Mistake(16.0, _WRONG_WAY),
    Mistake(8.0, _WRONG_WAY),
    Mistake(80.0, _WRONG_WAY),
    Mistake(4.0, _WRONG_WAY),
    Mistake(
        1.6,
        "Two things: a loss without its ½ is steeper, so the edge is halved; and the inputs make "
        "it steeper, too.",
    ),
    Mistake(
        0.02,
        "The inputs count squared: each counts in the prediction and once more in the gradient. 10 "
        "times as large makes 100.",
    ),
    Mistake(
        0.0004,
        "The loss is right. But the inputs count squared, not to the power of 3: 10 times as large "
        "makes the curvature 100 times as large.",
    ),
    Mistake(
        0.0008,
        "The inputs count squared, not to the power of 3. And a loss without its ½ is twice as "
        "steep.",
    ),
    Mistake(
        0.00004,
        "The loss is right. But the curvature grows with the inputs' square, once: 100 times.",
    ),
    Mistake(
        250.0,
        "That is 1 divided by the edge.",
    ),
    Mistake(
        0.8,
        "The trips are the same, but a rate has a unit, 1/curvature: what becomes of the "
        "curvature?",
    ),
)

UNITS = Number(
    name="01.units",
    title="The same trips in other units",
    asks="new_edge",
    points=0,
    reference=0.004,
    mistakes=(
        *SLIPS,
        *elsewhere(
            SLIPS,
            (-1.0, "An edge is a learning rate: it is above 0.", lambda edge: edge <= 0),
            (1.0, _WRONG_WAY, lambda edge: edge > 0.8),
            (
                0.3,
                "The edge moves down further than that. Count what becomes of the mean of x², and "
                "what the ½ did.",
                lambda edge: 0.004 < edge < 0.8,
            ),
            (
                0.001,
                "That is too far down. Count what becomes of the mean of x², and what the ½ did.",
                lambda edge: 0 < edge < 0.004,
            ),
        ),
    ),
    hints=(
        "The edge is 2 divided by the curvature. What happens to the curvature?",
        "The curvature of ½ mean (wx − y)² is the mean of x². What becomes of it when each x is "
        "10 times as large? And what does the ½ do to it?",
        "100 times from the inputs and twice from the loss: the curvature is 200 times as large.",
    ),
)
