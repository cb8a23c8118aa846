"""12.old, predict a number: A line of an old article."""

import numpy as np

from course.checks.tasks import Mistake, Number

OLD = Number(
    name="12.old",
    title="A line of an old article",
    asks="times_too_long",
    points=0,
    reference=4.0,
    mistakes=(
        Mistake(
            1.0,
            "That would hold if today's Keras still carried out `decay`. It does not: what does it "
            "do with it?",
        ),
        Mistake(
            0.25, "You divided the article's rate by yours: asked is how much longer yours is."
        ),
        Mistake(3.0, "That is decay · t. The rate was divided by 1 + decay · t."),
        Mistake(
            np.exp(3.0),
            "That would be an exponential decay. Keras 2 divided the rate by 1 + decay · t.",
        ),
        Mistake(
            0.99**-300.0,
            "You took 1 % away at each step. Keras 2 divided the first rate by 1 + decay · t, "
            "which falls far more slowly.",
        ),
        Mistake(0.0125, "That is the article's learning rate. By which factor is yours larger?"),
        Mistake(0.05, "That is your learning rate. By which factor is it above the article's?"),
        Mistake(40.0, "Momentum makes both runs' steps longer by the same factor: it cancels."),
        Mistake(
            0.01 * 300 * 0.05 + 1,
            "The learning rate does not enter the factor: decay · t is 0.01 · 300.",
        ),
        Mistake(301.0, "That is 1 + t. Where is the decay?"),
        Mistake(300.0, "That is t alone. The rate was divided by 1 + decay · t."),
        Mistake(
            4.01,
            "You counted one step too many: at the count 300 it is divided by 1 + decay · 300.",
        ),
        Mistake(
            3.99, "You counted one step too few: at the count 300 it is divided by 1 + decay · 300."
        ),
        Mistake(2.0, "You took a square root. The rate was divided by 1 + decay · t itself."),
        Mistake(1.01, "That is one step's factor. Which does 1 + decay · t become at t = 300?"),
        Mistake(31.0, "You took a decay of 0.1; it is 0.01."),
        Mistake(3.6, "Momentum is the same in both runs: it cancels."),
        Mistake(
            0.05 / (0.05 - 0.01 * 300),
            "You subtracted decay · t from the rate, which leads below 0. It divides the rate, "
            "as 1 + decay · t.",
        ),
    ),
    hints=(
        "Two questions: what did `decay` do in Keras 2, and what does it do today?",
        "It meant η/(1 + decay · t), with t the count of steps. Today it is ignored, with a "
        "warning.",
        "The article's rate is 0.05 / (1 + 0.01 · 300), and yours is still 0.05.",
    ),
)
