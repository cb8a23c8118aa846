"""10.stops, explain a picture: Three trainings that stand still."""

import numpy as np

from course.checks.tasks import Choice, Mistake

STEPS, RATE, BROKEN = 300, 0.03, 150


def trainings():
    """Three trainings that stop: letter -> (distance from the target, gradient), at each step.

    The loss is the mean of (w - 0.5)² x² over 2²⁰ outputs, in 64 sorts of x up to 1.
    """
    x, count = np.arange(1, 65) / 64.0, 2**20
    runs = {}
    for letter, dtype, scale in (
        ("A", "float32", 2.0**15),
        ("B", "float16", 2.0**15),
        ("C", "float32", 1.0),
    ):
        w, distances, slopes = np.ones(1, dtype), [], []
        for step in range(STEPS):
            signals = (scale * 2 / count * (float(w[0]) - 0.5) * x).astype("float16")
            slope = np.sum(signals.astype("float32") * x) * (count / 64) / scale
            if letter == "A" and step >= BROKEN:
                slope = np.nan
            distances.append(float(w[0]) - 0.5)
            slopes.append(slope)
            if np.isfinite(slope):
                w = (w - np.float32(RATE * slope)).astype(dtype)
        runs[letter] = np.array(distances), np.array(slopes)
    return runs


def _stops(figure):
    """Distance and gradient of the three trainings; what is the matter with each is unsaid."""
    runs = trainings()
    for axes, letter in zip(figure.subplots(1, 3, sharey=True), "ABC"):
        distance, slope = runs[letter]
        axes.semilogy(distance, "-", color="black", lw=1.8, label="distance $w - 0.5$")
        axes.semilogy(
            np.where(slope > 0, slope, np.nan), "--", color="#009E73", lw=1.8, label="gradient"
        )
        axes.set(title=letter, xlabel="step", xlim=(0, STEPS), ylim=(1e-4, 2))
        axes.grid(alpha=0.25)
    figure.axes[0].legend(loc="lower left", fontsize=9)


STOPS = Choice(
    name="10.stops",
    title="Three trainings that stand still",
    work="explain a picture",
    asks="which_is_which",
    points=0,
    reference="CAB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_stops,
    mistakes=(
        Mistake(
            "ACB",
            "B is right. A loses its gradient at once, while it is still large; where signals are "
            "too small, the smallest go first, and the gradient dwindles.",
        ),
        Mistake(
            "CBA",
            "C is right. In one of the others a gradient arrives at every step, and the weight "
            "does not move by it; in the other none arrives any more.",
        ),
        Mistake(
            "BAC",
            "A is right. But in B a gradient arrives at every step, to the end: it is not lost on "
            "the way.",
        ),
        Mistake(
            "BCA",
            "Begin with B: a gradient arrives at every step, to the end, and still the weight does "
            "not move. So it is the step that is lost, not the gradient.",
        ),
        Mistake(
            "ABC",
            "Begin with B: a gradient arrives at every step, to the end, and still the weight does "
            "not move. So it is the step that is lost, not the gradient.",
        ),
    ),
    hints=(
        "Look at the gradients first: in which panel does one arrive to the end?",
        "B has its gradient and does not move: the step is lost when it is added to the weight. "
        "Of the other two, one loses its gradient little by little, one at once.",
        "Little by little is the small end of float16, cause 1: C. At once, and at any size, is a "
        "nan, cause 2: A.",
    ),
)
