"""06.calls, predict a number: Four calls."""

from course.checks.tasks import Mistake, Number

CALLS = Number(
    name="06.calls",
    title="Four calls",
    asks="last_weight",
    points=0,
    reference=1.5,
    mistakes=(
        Mistake(
            1.0,
            "In call 4 the learning rate is 0.5: a call takes away learning_rate * weight_decay of "
            "the weight, a quarter here and no longer a half.",
        ),
        Mistake(
            0.75,
            "In call 3 the weight has no gradient at all. None is not zero: the weight rests, and "
            "does not decay either.",
        ),
        Mistake(
            0.5,
            "Two things: in call 3 the gradient is None, so the weight rests altogether; and in "
            "call 4 the halved learning rate halves the decay.",
        ),
        Mistake(
            2.25,
            "In call 2 you stepped first and shrank the step, too. Keras shrinks the weight first, "
            "and then takes the whole step.",
        ),
        Mistake(
            6.0,
            "A gradient of zero is a gradient: in calls 1 and 4 the weight decays, too.",
        ),
        Mistake(
            4.5,
            "In call 2 the weight decays and takes a step: 8 becomes 4, and the step takes 2 "
            "more. You left the decay out there.",
        ),
        Mistake(
            3.0,
            "In call 2 the weight decays and takes a step: 8 becomes 4, and the step takes 2 "
            "more. You left the step out there.",
        ),
        Mistake(2.0, "That is the weight before call 4. A gradient of zero still lets it decay."),
        Mistake(14.0, "That is the step alone. In which calls does the weight decay, too?"),
    ),
    hints=(
        "A call has two parts for a weight: first it shrinks, then it takes its step. Go through "
        "the four calls one by one.",
        "A call leaves 1 - learning_rate * weight_decay of the weight: a half at the learning rate "
        "1, three quarters at 0.5. Where the gradient is None, it leaves all.",
        "16 becomes 8 in call 1, and 8 · ½ - 1 · 2 in call 2.",
    ),
)
