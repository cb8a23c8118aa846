"""01.paths, read a picture: Three walks after four steps."""

import numpy as np

from course.checks.tasks import Choice, Mistake
from course.descent import walk
from course.surfaces import quadratic

WALKS = {"A": 0.6, "B": 2 / 1.1, "C": 1.0}


def _walks(figure):
    """Three walks of four steps in one valley; their rates unsaid."""
    valley = quadratic((0.1, 1.0), start=(-2.0, 3.0))
    x, y = np.linspace(-2.4, 0.6, 80), np.linspace(-3.2, 3.6, 80)
    heights = np.sqrt(valley.loss(np.stack(np.meshgrid(x, y), axis=-1)))
    for axes, (letter, rate) in zip(figure.subplots(1, 3, sharey=True), WALKS.items()):
        axes.contour(x, y, heights, levels=10, colors="0.8", linewidths=0.8)
        points = walk(valley, 4, rate).points
        axes.plot(*points.T, "o-", color="black", ms=4, lw=1)
        axes.plot(*points[0], "o", mfc="white", color="black", ms=8)
        axes.plot(0, 0, "+", color="#009E73", ms=12, mew=2)
        axes.set(title=letter, xlabel="$w_1$, along the valley")
    figure.axes[0].set_ylabel("$w_2$, across")


PATHS = Choice(
    name="01.paths",
    title="Three walks after four steps",
    asks="nearest_first",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_walks,
    mistakes=(
        Mistake(
            "CAB",
            "This is the order after four steps. But A and C have only the slow direction left; B "
            "still shrinks fast in both.",
        ),
        Mistake(
            "ACB",
            "You put the calmest walk first. Jumping from wall to wall is no harm while the jumps "
            "shrink; see who moves on along the valley.",
        ),
        Mistake(
            "CBA",
            "A is right. C lost its height at once, but that was the easy direction: compare how "
            "far B and C have come along the valley.",
        ),
        Mistake(
            "BAC",
            "B is right. Of the other two, one has come further along the valley in the same four "
            "steps.",
        ),
        Mistake(
            "ABC",
            "Look along the valley only: which walk has left the largest part of that way behind?",
        ),
    ),
    hints=(
        "Across the valley, all three come home sooner or later. Which direction sets the time?",
        "Each walk multiplies its distance along the valley by one factor per step. Read it from "
        "the picture: how far was it at the start, and how far after four steps?",
        "The larger the rate, the sooner the flat direction is done; the jumps across only have "
        "to shrink.",
    ),
)
