"""05.landing, predict a number: Where the ball lands."""

from course.checks.slips import elsewhere
from course.checks.tasks import Mistake, Number

W, V, ETA, BETA = -2.0, 4.0, 0.3, 0.9
GLIDE = W + BETA * V
PUSH = -ETA * GLIDE
NEW = BETA * V + PUSH
LANDING = W + NEW

SLIPS = (
    Mistake(
        W + BETA * V - ETA * W,
        "This is momentum: you read the slope here, at -2. Nesterov reads it where the glide ends.",
    ),
    Mistake(GLIDE, "This is the end of the glide. The push is still to come: read the slope."),
    Mistake(
        GLIDE - PUSH,
        "The slope is read at the right place, but there it points up to the right: the push goes "
        "against it, back to the left.",
    ),
    Mistake(
        W + BETA * (BETA * V - ETA * W) - ETA * W,
        "You put -2 into Keras's lines. In Keras's form the weights are the look-ahead point; here "
        "-2 is the original's w.",
    ),
    Mistake(
        W + V - ETA * (W + V),
        "You let it glide by the whole velocity. Friction leaves momentum * velocity of it.",
    ),
    Mistake(
        W + BETA * V - ETA * (W + V),
        "It glides by momentum * velocity, and the slope is read where that ends: not a whole "
        "velocity ahead.",
    ),
    Mistake(
        W + V + PUSH,
        "The slope is read at the right place. But the new velocity keeps momentum * velocity of "
        "the old one, not all of it.",
    ),
    Mistake(NEW, "This is its new velocity. Add it to where the ball was."),
    Mistake(
        GLIDE + NEW,
        "You added the new velocity at the end of the glide. It contains the glide already: add it "
        "to where the ball was.",
    ),
    Mistake(0.0, "You left out the learning rate: the push is learning_rate times the slope."),
    Mistake(
        GLIDE + 2 * PUSH,
        "Your push is twice what it should be: the derivative of ½w² is w, as the ½ cancels the 2.",
    ),
    Mistake(
        GLIDE - ETA * GLIDE**2 / 2,
        "You pushed with the loss itself, ½y². The push takes its slope, which is y.",
    ),
    Mistake(W - ETA * W, "This is plain descent: the ball has a velocity, and glides first."),
    Mistake(W + PUSH, "You have the push alone. The glide, momentum * velocity, is missing."),
    Mistake(
        W + ETA * V - BETA * (W + ETA * V),
        "Learning rate and momentum have changed places: the glide takes momentum, the push the "
        "learning rate.",
    ),
    Mistake(
        LANDING + BETA * NEW,
        "This is the look-ahead point of the next step. The ball itself lands one glide before.",
    ),
    Mistake(
        W - NEW,
        "You subtracted the new velocity. It has its sign already: add it.",
    ),
    Mistake(
        W + BETA * NEW + PUSH,
        "These are Keras's lines with the right slope. In the original's form the ball moves by "
        "the new velocity: w + v.",
    ),
    Mistake(
        W + BETA * NEW,
        "You let friction brake the new velocity once more. The ball moves by all of it.",
    ),
    Mistake(
        W + BETA * V - ETA * (W - BETA * V),
        "You read the slope one glide behind the ball. Nesterov reads it one glide ahead.",
    ),
    Mistake(PUSH, "This is the push alone. Where does the ball begin, and where does it glide?"),
    Mistake(
        BETA * V - ETA * W,
        "This is momentum's new velocity: the slope is read at -2, and it is not yet added to w.",
    ),
)

LANDED = Number(
    name="05.landing",
    title="Where the ball lands",
    asks="landing",
    points=0,
    reference=LANDING,
    mistakes=(
        *SLIPS,
        *elsewhere(
            SLIPS,
            (
                9.0,
                "That lies beyond the end of the glide. There the slope is positive: the push goes "
                "back from it.",
                lambda landing: landing > GLIDE,
            ),
            (
                -9.0,
                "That lies left of where the ball began. It glides to the right, by momentum * "
                "velocity, and the push is shorter than that.",
                lambda landing: landing < W,
            ),
            (
                0.5,
                "Compute the glide and the push one after the other: where does y lie, and what is "
                "the slope there?",
                lambda landing: W <= landing <= GLIDE,
            ),
        ),
    ),
    hints=(
        "A step has two parts, the glide and the push. Which of them needs no gradient?",
        "Go to the end of the glide, and read the slope there: on this loss the slope at w is w.",
        "The glide ends at -2 + 0.9 * 4 = 1.6, so the push is -0.3 * 1.6.",
    ),
)
