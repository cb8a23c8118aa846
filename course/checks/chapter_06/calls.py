"""06.calls, predict a number: Four calls."""

from course.checks import slips
from course.checks.tasks import Mistake, Number

#: The sheet's table: the learning rate and the gradient of each call.
CALLS_OF_THE_SHEET = ((1.0, 0.0), (0.5, 4.0), (1.0, None), (0.5, 0.0))
START, WEIGHT_DECAY = 64.0, 0.25


def _weight(
    part=lambda rate, decay: rate * decay,
    step_first=False,
    at_none="rests",
    at_zero="decays",
    step=lambda rate: -rate,
    with_step="decays",
    calls=CALLS_OF_THE_SHEET,
):
    """The weight after the calls; each keyword is something that may be got wrong.

    part: (learning rate, weight_decay) -> the part of the weight that a call takes away.
    step: learning rate -> what the gradient is multiplied by, to be added.
    """
    weight, last = START, 0.0
    for rate, gradient in calls:
        if (gradient is None and at_none == "rests") or (gradient == 0 and at_zero == "rests"):
            continue
        if gradient is None:
            gradient = last if at_none == "repeats" else 0.0
        left = 1.0 if gradient and with_step == "does not" else 1 - part(rate, WEIGHT_DECAY)
        move, last = step(rate) * gradient, gradient or last
        weight = (weight + move) * left if step_first else weight * left + move
    return weight


SLIPS = (
    (
        {"part": lambda rate, decay: decay},
        "A call takes away learning_rate * weight_decay of the weight: in calls 2 and 4, at the "
        "learning rate 0.5, that is less than in call 1.",
    ),
    (
        {"part": lambda rate, decay: rate},
        "You took away the learning rate's part of the weight. The part is learning_rate * "
        "weight_decay.",
    ),
    (
        {"part": lambda rate, decay: 2 * rate * decay},
        "You took away twice too much: the factor 2 belongs to the regularizer L2, not to "
        "weight_decay.",
    ),
    (
        {"part": lambda rate, decay: -rate * decay},
        "Your weight grows at each decay. A decay takes a part of it away.",
    ),
    (
        {"step_first": True},
        "In call 2 you stepped first and shrank the step, too. Keras shrinks the weight first, "
        "and then takes the whole step.",
    ),
    (
        {"at_none": "decays"},
        "In call 3 the weight has no gradient at all. None is not zero: the weight rests, and "
        "does not decay either.",
    ),
    (
        {"at_none": "repeats"},
        "In call 3 you took the gradient of call 2 once more. Where it is None the weight rests.",
    ),
    (
        {"at_zero": "rests"},
        "A gradient of zero is a gradient: in calls 1 and 4 the weight decays, too.",
    ),
    (
        {"step": lambda rate: rate},
        "Your step of call 2 goes uphill: the gradient points up, so subtract.",
    ),
    (
        {"step": lambda rate: -1.0},
        "In call 2 you took the gradient itself for the step. It is learning_rate * gradient.",
    ),
    (
        {"step": lambda rate: 0.0},
        "In call 2 the weight decays, and takes a step after that. You left the step out.",
    ),
    (
        {"with_step": "does not"},
        "In call 2 the weight decays, and takes a step after that. You left the decay out.",
    ),
    (
        {"calls": CALLS_OF_THE_SHEET[1:]},
        "You left call 1 out: a gradient of zero still lets the weight decay.",
    ),
    (
        {"calls": CALLS_OF_THE_SHEET[:-1]},
        "That is the weight before call 4. A gradient of zero still lets it decay.",
    ),
)

CALLS = Number(
    name="06.calls",
    title="Four calls",
    asks="last_weight",
    points=0,
    reference=_weight(),
    mistakes=slips.of_number(
        _weight,
        SLIPS,
        Mistake(
            START - 0.25 - 0.125 - 2.0 - 0.125,
            "You took learning_rate * weight_decay itself away. It is the part of the weight that "
            "goes: multiply by the weight.",
        ),
        Mistake(
            40.0 * 0.75,
            "In call 4 the learning rate is 0.5, and so the decay is half as strong as in call 1.",
        ),
        Mistake(START, "The weight decays in call 1 already, though its gradient is 0."),
    ),
    hints=(
        "A call has two parts for a weight: first it shrinks, then it takes its step. Go through "
        "the four calls one by one.",
        "A call leaves 1 - learning_rate * weight_decay of the weight: three quarters at the "
        "learning rate 1, seven eighths at 0.5. Where the gradient is None, it leaves all.",
        "64 becomes 48 in call 1, and 48 · ⅞ - 0.5 · 4 in call 2.",
    ),
)
