"""08.levels, read a picture: Watching or overwriting."""

import numpy as np

from course.checks.tasks import Choice, Mistake


def mean_squares(step, noise, m, steps, square, every=None):
    """The mean squares of w and of its average after each step, exactly; shape (steps, 2).

    step:  ηλ. noise: the variance that a step adds to w. square: the start's mean square.
    """
    rho, both, found = 1 - step, np.diag([square, 0.0]), []
    for updates in range(steps):
        kept = m if updates else 0.0
        moves = np.array([[rho, 0.0], [(1 - kept) * rho, kept]])
        fresh = np.array([1.0, 1 - kept])
        if every and (updates + 1) % every == 0:
            moves[0], fresh[0] = moves[1], fresh[1]
        both = moves @ both @ moves.T + noise * np.outer(fresh, fresh)
        found.append(np.diag(both))
    return np.array(found)


PERIOD = 20


def _levels(steps=600):
    """The three curves of the picture, by letter, at the ends of the periods."""
    watched = mean_squares(0.1, 0.01, 0.98, steps, 100.0)
    over = mean_squares(0.1, 0.01, 0.98, steps, 100.0, PERIOD)
    curves = {"A": over[:, 0], "B": watched[:, 1], "C": watched[:, 0]}
    return {letter: curve[PERIOD - 1 :: PERIOD] for letter, curve in curves.items()}


def _draw_levels(figure):
    """Mean squares against the steps; which curve is which run is unsaid."""
    axes = figure.subplots()
    for (letter, curve), line in zip(_levels().items(), ("-", "--", ":")):
        steps = PERIOD * np.arange(1, len(curve) + 1)
        axes.semilogy(steps, curve, line, color="black", lw=2)
        at = {"A": 9, "B": 5, "C": 24}[letter]
        box = {"boxstyle": "circle", "fc": "white", "ec": "black"}
        axes.text(steps[at], curve[at], letter, ha="center", va="center", bbox=box)
    axes.set(xlabel="step", ylabel="mean square", xlim=(0, 600))
    axes.grid(alpha=0.25)


LEVELS = Choice(
    name="08.levels",
    title="Watching or overwriting",
    work="explain a picture",
    asks="weights_average_overwritten",
    points=0,
    reference="CBA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_draw_levels,
    mistakes=(
        Mistake(
            "CAB",
            "The weights are right. The other two are exchanged: an overwrite throws the weights "
            "back, and what it leaves of the distance in 20 steps is more than m²⁰.",
        ),
        Mistake(
            "BCA",
            "The overwritten run is right. Of the other two, which settles at the noise floor "
            "ησ²/(2 − η) = 0.053, and which far below it?",
        ),
        Mistake(
            "ABC",
            "The average is right. Of the other two, which falls by 0.9 in each step, and which "
            "is thrown back every 20 steps?",
        ),
        Mistake(
            "BAC",
            "You let overwriting make the weights faster and noisier. It does the opposite: most "
            "of their speed goes.",
        ),
        Mistake(
            "ACB",
            "The raw weights cannot be the slowest: no other run falls by 0.9 in each step.",
        ),
    ),
    hints=(
        "One of the three is only watched, one is thrown back every 20 steps, one runs freely. "
        "Which is fastest, and which of them settle low?",
        "The free weights leave 0.9²⁰ = 0.12 of the distance in 20 steps, and settle at "
        "ησ²/(2 − η). Only one curve falls that fast.",
        "The average that watches fades by m²⁰ = 0.67 in 20 steps; the overwritten run leaves 0.79 "
        "of the distance. So the slower one is overwritten.",
    ),
)
