"""07.paths, read a picture: Three walks into a bowl."""

import numpy as np

from course.checks.chapter_07.norm import clip_by_norm
from course.checks.tasks import Choice, Mistake
from course.descent import walk
from course.surfaces import quadratic

WALKS = {"A": "norm", "B": "none", "C": "value"}
BOWL = quadratic((0.5, 4.0), start=(-3.0, 2.0))


def _clipping(way):
    """One step of plain descent on a gradient that was clipped with threshold 1, or not."""
    clips = {
        "none": lambda g: g,
        "value": lambda g: np.clip(g, -1, 1),
        "norm": lambda g: clip_by_norm(g, 1.0),
    }

    def rule(w, v, g, eta, beta):
        return w - eta * clips[way](g), v

    return rule


def _walks(figure):
    """Three walks into one bowl with the same learning rate; how each clips is unsaid."""
    x, y = np.meshgrid(np.linspace(-3.6, 1.2, 80), np.linspace(-2.2, 2.4, 80))
    heights = np.sqrt(BOWL.loss(np.stack([x, y], axis=-1)))
    for axes, letter in zip(figure.subplots(1, 3, sharey=True), WALKS):
        path = walk(BOWL, 16, 0.4, rule=_clipping(WALKS[letter])).points
        axes.contour(x, y, heights, levels=9, colors="0.8", linewidths=0.8)
        axes.plot(*path.T, "o-", color="black", ms=4, lw=1)
        axes.plot(*path[0], "o", mfc="white", color="black", ms=9)
        axes.plot(0, 0, "+", color="#009E73", ms=12, mew=2)
        axes.set(title=letter, xlabel="$w_1$", xlim=(-3.5, 0.7), ylim=(-1.6, 2.3), aspect="equal")
    figure.axes[0].set_ylabel("$w_2$")


PATHS = Choice(
    name="07.paths",
    title="Three walks into a bowl",
    work="explain a picture",
    asks="none_value_norm",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_walks,
    mistakes=(
        Mistake(
            "BAC",
            "No clip is right. The other two are exchanged: where both entries are beyond c, "
            "clipvalue makes them equal. In which direction is that?",
        ),
        Mistake(
            "ACB",
            "clipvalue is right. But a walk without a clip makes steps of very different lengths: "
            "which of the walks has a long step in it?",
        ),
        Mistake(
            "CBA",
            "clipnorm is right. But clipvalue bounds each entry's move, to 0.4 here: can it make "
            "the longest step of the picture?",
        ),
        Mistake(
            "CAB",
            "The longest step of the picture belongs to the walk that nothing shortens. Begin with "
            "that one.",
        ),
        Mistake(
            "ABC",
            "The longest step of the picture belongs to the walk that nothing shortens. Begin with "
            "that one.",
        ),
    ),
    hints=(
        "Look at the first few steps of each walk: how long are they, and where do they point?",
        "Without a clip the step is as long as the slope is steep. With clipnorm it is never "
        "longer than ηc = 0.4, and points where the gradient does.",
        "With clipvalue both entries are cut to the same size as long as both are beyond c, so the "
        "walk goes off at 45°.",
    ),
)
