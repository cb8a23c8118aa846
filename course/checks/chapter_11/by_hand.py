"""11.by_hand, predict a number: One call by hand."""

from course.checks.tasks import Mistake, Number

BY_HAND = Number(
    name="11.by_hand",
    title="One call by hand",
    asks="new_weight",
    points=0,
    reference=1.45,
    mistakes=(
        Mistake(
            1.4725,
            "You let the weight decay after the move. Keras shrinks it first, where the gradient "
            "was taken.",
        ),
        Mistake(
            1.65,
            "The look-ahead is missing: with nesterov=True the weight glides by momentum times the "
            "new velocity, and takes the push besides.",
        ),
        Mistake(
            1.7875,
            "You clipped 4 to 1 and divided then. Keras unscales first, and a gradient of 0.5 "
            "passes the clip.",
        ),
        Mistake(
            1.0,
            "Here the gradient counts as 1. Unscaled it is 0.5, and a clip makes nothing longer.",
        ),
        Mistake(-1.7, "Here the gradient counts as 4: it comes scaled, so divide it by 8."),
        Mistake(
            1.75,
            "Two things are missing: the weight decays by 5 % first, and with nesterov=True it "
            "glides by momentum times the new velocity besides.",
        ),
        Mistake(1.55, "The weight decay is missing, or it is too small to be seen: it takes 5 %."),
        Mistake(
            1.35,
            "The decay is too strong: the weight shrinks by learning_rate * weight_decay of "
            "itself, here 5 %.",
        ),
        Mistake(
            1.37,
            "You put the decay into the gradient, as a penalty would. Keras shrinks the weight "
            "apart from it.",
        ),
        Mistake(1.37 + 0.05 * 0.7, "You put the decay into the gradient, as a penalty would."),
        Mistake(2.35, "The sizes are right, but the step leads uphill."),
        Mistake(0.45, "That is the length of the step. Where does it lead?"),
        Mistake(1.2, "You moved by the whole velocity and the push; it glides by momentum of it."),
    ),
    hints=(
        "Take the list of stages and go through it: which of them act here, in which order?",
        "Unscaled, the gradient is 0.5; the clip lets it pass. The weight decays to 1.9. Then the "
        "step of Nesterov, from a velocity of 0.",
        "The velocity is -0.5 * 0.5 = -0.25. The step is 0.8 times that, and another -0.25.",
    ),
)
