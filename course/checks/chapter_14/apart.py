"""14.apart, choose an experiment: Telling three clips apart."""

import numpy as np

from course.checks.tasks import Goal, Mistake
from course.sgd import clip

CLIPS = ("clipvalue", "clipnorm", "global_clipnorm")
FAR = 0.2


def _gradients(a, b, c):
    """What each clip, of 1, makes of a first variable's (a, b) and a second one's c."""
    given = [np.array([a, b], dtype=float), np.array([c], dtype=float)]
    with np.errstate(all="ignore"):
        return {name: np.concatenate(clip(given, **{name: 1.0})) for name in CLIPS}


def _reach(a, b, c):
    """Whether no two clips leave gradients that are near one another."""
    if not np.isfinite([a, b, c]).all():
        return False, "a, b and c must be finite numbers."
    clipped = _gradients(a, b, c)
    for one, other in (("clipvalue", "clipnorm"), *zip(CLIPS[:2], (CLIPS[2],) * 2)):
        difference = np.abs(clipped[one] - clipped[other]).max()
        if not difference >= FAR:  # also where a length has overflowed to nan
            both = "the same" if difference < 1e-9 else f"{difference:.3f} apart at most"
            return False, f"{one}=1 and {other}=1 leave gradients that are {both}; wanted: {FAR}."
    return True, ""


APART = Goal(
    name="14.apart",
    title="Telling three clips apart",
    work="choose an experiment",
    asks="gradients",
    points=2,
    results=("a", "b", "c"),
    reach=_reach,
    reached=f"any two of the three clips now differ by {FAR} or more in one entry",
    reference=(3.0, 4.0, 0.5),
    mistakes=(
        Mistake((0.5, 0.5, 0.5), "No clip has anything to do here: each length is below 1."),
        Mistake(
            (2.0, 2.0, 0.1),
            "clipvalue is told from the other two now. But of the second variable there is too "
            "little for the global clip to shorten.",
        ),
        Mistake(
            (3.0, 0.0, 0.0),
            "With a single entry that is not 0, a length is a value: all three clips do the same.",
        ),
        Mistake(
            (3.0, 4.0, 0.0),
            "The first two differ now. But with nothing in the second variable, its length and "
            "the length of all are one.",
        ),
        Mistake(
            (3.0, 0.0, 3.0),
            "The global norm differs now. But along one axis, a variable's own length is its "
            "value.",
        ),
    ),
    hints=(
        "When do the length of a vector and its largest entry differ? When do the length of one "
        "variable and the length of both?",
        "Two entries in the first variable tell clipvalue from clipnorm. The second variable tells "
        "clipnorm from global_clipnorm: what must it hold?",
        "Long in the first variable along both axes, and something shorter than 1 in the second, "
        "which only the global clip shortens.",
    ),
)
