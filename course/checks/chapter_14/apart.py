"""14.apart, choose an experiment: Telling three clips apart."""

import numpy as np

from course.checks.tasks import Goal, Mistake
from course.sgd import clip

CLIPS = ("clipvalue", "clipnorm", "global_clipnorm")
FAR = 0.2
LARGEST = 1e6


def _gradients(a, b, c):
    """What each clip, of 1, makes of a first variable's (a, b) and a second one's c."""
    given = [np.array([a, b], dtype=float), np.array([c], dtype=float)]
    with np.errstate(all="ignore"):
        return {name: np.concatenate(clip(given, **{name: 1.0})) for name in CLIPS}


def _differ(one, other, a, b, c):
    """By how much two clips leave different gradients, in the entry where it is most."""
    clipped = _gradients(a, b, c)
    return np.abs(clipped[one] - clipped[other]).max()


def _reach(a, b, c):
    """Whether no two clips leave gradients that are near one another."""
    if not np.isfinite([a, b, c]).all():
        return False, "a, b and c must be finite numbers."
    if np.abs([a, b, c]).max() > LARGEST:
        return False, f"Numbers up to {LARGEST:g} will do: larger ones overflow when squared."
    for one, other in (("clipvalue", "clipnorm"), *zip(CLIPS[:2], (CLIPS[2],) * 2)):
        difference = _differ(one, other, a, b, c)
        if difference < FAR:
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
        Mistake(
            (0.5, 0.5, 0.5),
            "No clip has anything to do here: the length of all together is not above 1.",
            when=lambda a, b, c: np.hypot(np.hypot(a, b), c) <= 1,
        ),
        Mistake(
            (2.0, 2.0, 0.1),
            "clipvalue is told from the other two now. But of the second variable there is too "
            "little for the global clip to shorten.",
            when=lambda a, b, c: (
                c != 0
                and _differ(*CLIPS[:2], a, b, c) >= FAR
                and _differ(*CLIPS[1:], a, b, c) < FAR
            ),
        ),
        Mistake(
            (3.0, 0.0, 0.0),
            "With a single entry that is not 0, a length is a value: all three clips do the same.",
            when=lambda a, b, c: np.count_nonzero([a, b, c]) == 1,
        ),
        Mistake(
            (3.0, 4.0, 0.0),
            "The first two differ now. But with nothing in the second variable, the first one's "
            "length and the length of all are one.",
            when=lambda a, b, c: c == 0 and _differ(*CLIPS[:2], a, b, c) >= FAR,
        ),
        Mistake(
            (3.0, 0.0, 3.0),
            "The global norm differs now. But along one axis, a variable's own length is its "
            "value.",
            when=lambda a, b, c: a * b == 0 and _differ(*CLIPS[1:], a, b, c) >= FAR,
        ),
        Mistake(
            (0.5, 0.5, 3.0),
            "clipvalue and clipnorm can differ in the first variable only, where two entries "
            "together are longer than 1.",
            when=lambda a, b, c: _differ(*CLIPS[:2], a, b, c) < FAR,
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
