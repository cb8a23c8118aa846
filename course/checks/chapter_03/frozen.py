"""03.frozen, predict a number: A callable in three fits."""

from course.checks.slips import elsewhere
from course.checks.tasks import Mistake, Number

SLIPS = (
    Mistake(
        0.2,
        "You let the second `fit` ask again. It runs the step that the first one compiled, and "
        "in that step the rate is a constant.",
    ),
    Mistake(
        0.512,
        "You kept 0.1 for ever. It is frozen in the compiled step, and `compile` throws that "
        "step away.",
    ),
    Mistake(
        0.125,
        "You used the new rate from the start. When the first `fit` asked, the callable still "
        "said 0.1.",
    ),
    Mistake(0.64, "That is w after two steps. One more `fit` follows."),
    Mistake(0.4, "Close, but only two steps: each of the three calls of `fit` makes one."),
    Mistake(
        0.5,
        "You let `compile` set the weight back to 1. It changes how the model is trained, not "
        "its weights.",
    ),
    Mistake(
        0.9 * 0.9 * 0.75,
        "The right rates, but the gradient of w² is 2w: a step multiplies w by 1 - 2η.",
    ),
    Mistake(
        0.8,
        "That is w after one step: each of the three calls of `fit` makes one.",
    ),
    Mistake(
        0.9 * 0.9 * 0.9,
        "Two things: the gradient of w² is 2w, so a step multiplies w by 1 - 2η; and `compile` "
        "throws the frozen 0.1 away.",
    ),
    Mistake(
        0.9 * 0.75 * 0.75,
        "Two things: the gradient of w² is 2w, so a step multiplies w by 1 - 2η; and the second "
        "`fit` runs the step that the first one compiled.",
    ),
    Mistake(
        0.75**3,
        "Two things: the gradient of w² is 2w, so a step multiplies w by 1 - 2η; and when the "
        "first `fit` asked, the callable still said 0.1.",
    ),
    Mistake(0.81, "Two things: a third `fit` follows; and a step multiplies w by 1 - 2η."),
    Mistake(0.25, "All three steps multiply w, and not all of them with the rate 0.25."),
    Mistake(1.0, "Each `fit` makes a step, and moves w: here by 2ηw."),
    Mistake(
        1 - 2 * (0.1 + 0.1 + 0.25),
        "You added up the rates. Each step starts from the w that the step before it left: their "
        "factors 1 - 2η multiply.",
    ),
    Mistake(
        1 - 2 * (0.1 + 0.25 + 0.25),
        "You added up the rates. Each step starts from the w that the step before it left: their "
        "factors 1 - 2η multiply. And which rate has the second `fit`?",
    ),
    Mistake(
        0.8 * 0.8 * 0.8 * 0.5,
        "You made four steps: there are three calls of `fit`, and `compile` makes none.",
    ),
    Mistake(
        0.8 * 0.8 * 0.75,
        "Nearly: the third step has the new rate, and its factor is 1 - 2η as that of the others.",
    ),
    Mistake(
        0.9 * 0.9 * 0.5,
        "Nearly: the first two steps have the rate 0.1, and their factor is 1 - 2η as well.",
    ),
)


FROZEN = Number(
    name="03.frozen",
    title="A callable in three fits",
    asks="last_weight",
    points=0,
    reference=0.32,
    mistakes=(
        *SLIPS,
        *elsewhere(
            SLIPS,
            (
                -1.0,
                "No step here leads across 0: each multiplies w by 1 - 2η, which is above 0.",
                lambda weight: weight <= 0,
            ),
            (
                1.5,
                "Each step makes w smaller: it multiplies it by 1 - 2η.",
                lambda weight: weight >= 1,
            ),
            (
                0.6,
                "That is too large. Write the factor 1 - 2η of each of the three steps, and "
                "multiply them.",
                lambda weight: 0.32 < weight < 1,
            ),
            (
                0.3,
                "That is too small. Write the factor 1 - 2η of each of the three steps, and "
                "multiply them.",
                lambda weight: 0 < weight < 0.32,
            ),
        ),
    ),
    hints=(
        "When is the callable asked: at each step, at each `fit`, or more rarely still?",
        "It is asked while a step is being compiled, which the first `fit` after a `compile` does. "
        "Which of the three fits come first after a `compile`?",
        "The rates are 0.1, 0.1 and 0.25, and each step multiplies w by 1 - 2η.",
    ),
)
