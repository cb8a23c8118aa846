"""08.after_fit, predict a number: What fit leaves behind."""

from course.checks.tasks import Mistake, Number

AFTER_FIT = Number(
    name="08.after_fit",
    title="What fit leaves behind",
    asks="after_fit",
    points=0,
    reference=11.5,
    mistakes=(
        Mistake(4.0, "That is the raw weight after three steps. `fit` puts the average over it."),
        Mistake(
            4.75,
            "Your average starts at zero. Keras's starts as a copy of the weight after the first "
            "step.",
        ),
        Mistake(
            4.75 / (1 - 0.75**3),
            "You started at zero and corrected for it, as Adam does. Keras copies the first weight "
            "instead, and corrects nothing.",
        ),
        Mistake(
            11.5 / (1 - 0.75**3),
            "Your average is right, and then you corrected it. There is nothing to correct: it "
            "did not start at zero.",
        ),
        Mistake(
            18.25,
            "The initial weight 32 is in your average. Keras's begins with the weight after the "
            "first step.",
        ),
        Mistake(
            23.0,
            "You started the average at the initial weight, and it makes one pull too few. It "
            "begins as a copy of the weight after the first step.",
        ),
        Mistake(
            5.5,
            "You exchanged the two parts: ema_momentum is the part of the old average that stays.",
        ),
        Mistake(
            28 / 3,
            "That is the plain mean of the three weights. Here old weights fade: each pull keeps "
            "three quarters of the average.",
        ),
        Mistake(
            13.5,
            "That is a raw weight, and of another run: the loss w² has the slope 2w, so a step "
            "leaves half of w. And `fit` puts the average over the raw weight.",
        ),
        Mistake(14.0, "One pull is missing: this is the average after the second step."),
        Mistake(
            20.25,
            "The weights are not those of this run: the loss is w², so its slope is 2w, and a step "
            "leaves half of w.",
        ),
    ),
    hints=(
        "Write down the three weights first, each after its step. What is the average after the "
        "first?",
        "The loss w² has the slope 2w, so each step leaves half: 16, 8, 4. The average is 16 after "
        "the first step, and is pulled twice.",
        "0.75 · 16 + 0.25 · 8 = 14 after the second step. Pull once more, towards 4.",
    ),
)
