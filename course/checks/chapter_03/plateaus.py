"""03.plateaus, read a picture: Three ways to settle."""

import numpy as np

from course.checks.chapter_03.greedy import mean_after_step
from course.checks.chapter_03.schedule import half_wave
from course.checks.tasks import Choice, Mistake


def squares(rates, curvature, square):
    """What is left of the start and what the noise adds in E w², at each step; σ² is 1."""
    left, noise = [square], [0.0]
    for rate in rates:
        left.append(mean_after_step(rate, left[-1], curvature, 0.0))
        noise.append(mean_after_step(rate, noise[-1], curvature, 1.0))
    return np.array(left), np.array(noise)


def _plateaus(figure):
    """The mean loss of three schedules in a long valley; which is which is unsaid."""
    count = np.arange(400)
    curves = (
        ("A", 0.5 * half_wave(count / 400), "-"),
        ("B", 0.5 + 0.0 * count, "--"),
        ("C", 0.5 * 0.95**count, ":"),
    )
    axes = figure.subplots()
    for letter, rates, line in curves:
        loss = sum(lam / 2 * sum(squares(rates, lam, 81.0)) for lam in (1.0, 0.01))
        axes.plot(loss, line, color="black", label=letter)
    axes.set(xlabel="step", ylabel="mean loss", ylim=(0, 0.8), xlim=(0, 400))
    axes.legend()


PLATEAUS = Choice(
    name="03.plateaus",
    title="Three ways to settle",
    asks="runs",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_plateaus,
    mistakes=(
        Mistake(
            "CBA",
            "A is right. The other two end level, for two reasons: B still carries its noise, C "
            "has no steps left. Which of them is flat as soon as 0.95ᵗ has died away?",
        ),
        Mistake(
            "BAC",
            "B is right. The cosine is still at half its height at step 200, and there C has long "
            "stopped moving.",
        ),
        Mistake(
            "ACB",
            "C is right. Of the other two, one gets rid of its noise in the end: its rate must be "
            "going to 0.",
        ),
        Mistake(
            "ABC",
            "Begin with run 2: after 100 steps its rate is below 0.003, so its curve can hardly "
            "move from there on.",
        ),
        Mistake(
            "CAB",
            "Begin with run 2: after 100 steps its rate is below 0.003, so its curve can hardly "
            "move from there on.",
        ),
    ),
    hints=(
        "Two things can hold up a curve: noise, as long as the rate is large, or distance, once "
        "the rate is too small. Which of them is it?",
        "After 100 steps 0.95ᵗ is below 0.006. What does the curve of such a run do from there on?",
        "The one that is frozen early is run 2. Of the others, a constant rate keeps its noise, "
        "and the cosine gets rid of it on its way to 0.",
    ),
)
