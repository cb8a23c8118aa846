"""11.by_hand, predict a number: One call by hand."""

from course.checks import slips
from course.checks.tasks import Mistake, Number


def _new_weight(gradient=0.5, kept=0.95, rate=0.5, glide=0.8, push=1.0, sign=-1.0):
    """The weight after the call; each keyword is something that may be got wrong.

    gradient: what is left of 4 after unscaling and the clip.
    kept:     the part of the weight that the decay leaves.
    glide:    how much of the new velocity is added; push: and how much of the plain step.
    """
    return 2 * kept + sign * (glide + push) * rate * gradient


_PENALTY = "You put the decay into the gradient, as a penalty would. It shrinks the weight."
_STRONG = "The decay is too strong: it takes learning_rate * weight_decay of the weight, here 5 %."
_GLIDES = "With nesterov=True the weight glides by momentum times the new velocity, and is pushed "

BY_HAND = Number(
    name="11.by_hand",
    title="One call by hand",
    asks="new_weight",
    points=0,
    reference=_new_weight(),
    mistakes=slips.of_number(
        _new_weight,
        (
            (
                {"gradient": 4.0},
                "Here the gradient counts as 4: it comes scaled, so divide it by 8.",
            ),
            (
                {"gradient": 1.0},
                "Your step is twice as long as it should be. Unscaled, the gradient is 0.5, and a "
                "clip makes nothing longer; and the learning rate is 0.5.",
            ),
            (
                {"gradient": 1 / 8},
                "You clipped 4 to 1 and divided then. Keras unscales first, and a gradient of 0.5 "
                "passes the clip.",
            ),
            ({"gradient": 32.0}, "You multiplied by the scale. The gradient comes scaled: divide."),
            (
                {"kept": 1.0},
                "The weight decay is missing: it takes 5 %. (Or you decayed by 10 %, and left out "
                "the look-ahead.)",
            ),
            ({"kept": 0.9}, _STRONG),
            ({"kept": 0.5}, _STRONG),
            (
                {"kept": 0.95**2},
                "The weight decays twice. One call shrinks it once, by 5 %.",
            ),
            (
                {"glide": 0.0},
                "The look-ahead is missing: with nesterov=True the weight glides by momentum times "
                "the new velocity, and takes the push besides.",
            ),
            (
                {"glide": 1.0},
                "You moved by the whole velocity and the push; it glides by momentum of it. (Or "
                "you took a gradient of 1, and left out the look-ahead.)",
            ),
            ({"push": 0.0}, f"{_GLIDES}besides: the push is missing."),
            ({"glide": 0.64, "push": 0.0}, f"{_GLIDES}besides: momentum once, and the push."),
            (
                {"glide": 0.64},
                "Momentum multiplies twice: from rest the new velocity is the push alone, and the "
                "weight glides by momentum of that.",
            ),
            (
                {"glide": 0.2},
                f"{_GLIDES}besides. It is momentum, 0.8, and not 1 - momentum.",
            ),
            (
                {"rate": 0.25},
                "Your step is half as long as it should be: is the learning rate in it twice?",
            ),
            ({"sign": 1.0}, "The sizes are right, but the step leads uphill."),
        ),
        Mistake(
            1.4725,
            "You let the weight decay after the move. Keras shrinks it first, where the gradient "
            "was taken.",
        ),
        Mistake(1.37, _PENALTY),
        Mistake(1.405, _PENALTY),
        Mistake(0.45, "That is the length of the step. Where does it lead?"),
        Mistake(-0.45, "That is the step. Where does it lead, from 2?"),
        Mistake(1.9, "That is the weight after the decay. Then comes the step."),
        Mistake(2.0, "That is the weight before the call. It decays, and moves."),
        Mistake(-0.25, "That is the new velocity. Where does the weight move?"),
    ),
    hints=(
        "Take the list of stages and go through it: which of them act here, in which order?",
        "Unscaled, the gradient is 0.5; the clip lets it pass. The weight decays to 1.9. Then the "
        "step of Nesterov, from a velocity of 0.",
        "The velocity is -0.5 * 0.5 = -0.25. The step is 0.8 times that, and another -0.25.",
    ),
)
