"""02.clouds, read a picture: Three floors."""

from course.checks.chapter_02.spread import square_and_floor
from course.checks.tasks import Choice, Mistake


def _clouds(figure):
    """The mean square of three runs against the step; their rates and batches unsaid."""
    axes = figure.subplots()
    runs = (("A", 0.2, 64, "-"), ("B", 0.2, 4, "--"), ("C", 0.05, 4, ":"))
    for letter, rate, size, style in runs:
        squares = [square_and_floor(9.0, step, rate, 1.0, 4.0, size)[0] for step in range(101)]
        axes.semilogy(squares, style, color="black", lw=1.8)
        axes.annotate(letter, (100, squares[-1]), xytext=(6, -4), textcoords="offset points")
    axes.set(xlabel="step", ylabel="mean square of $w$", xlim=(0, 108))
    axes.grid(alpha=0.25)


CLOUDS = Choice(
    name="02.clouds",
    title="Three floors",
    asks="runs",
    points=0,
    reference="BAC",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_clouds,
    mistakes=(
        Mistake(
            "ABC",
            "C is right. Of the two that fall equally fast, the larger batch ends lower: you have "
            "them the other way round.",
        ),
        Mistake(
            "CAB",
            "A is right. Runs 1 and 3 differ in their rate: the larger rate falls faster, and ends "
            "higher.",
        ),
        Mistake(
            "BCA",
            "B is right. Runs 1 and 2 have one rate, so they must fall equally fast at first, "
            "whatever their batch.",
        ),
        Mistake(
            "ACB",
            "Two curves fall equally fast: they have one rate, so they are runs 1 and 2. The "
            "larger batch of the two ends lower.",
        ),
        Mistake(
            "CBA",
            "Two curves fall equally fast: they have one rate, so they are runs 1 and 2. The "
            "larger batch of the two ends lower.",
        ),
    ),
    hints=(
        "Two things tell the curves apart: how fast they fall at first, and where they end.",
        "The way down is a matter of the learning rate only. Which two curves share it?",
        "The slow one is run 3. Of the other two, the lower floor belongs to the larger batch.",
    ),
)
