"""09.runs, read a picture: Three runs, two of them accumulate."""

import numpy as np

from course.checks.tasks import Choice, Mistake

#: What the runs of the picture do: their learning rate and their k.
RUNS = {"A": (0.4, 1), "B": (1.6, 4), "C": (0.4, 4)}
CALLS = 64


def _mean_squares(rate, k, square=100.0):
    """The mean square of w on ½w², noise of variance 1 in each gradient, after 0, 4, 8 … calls."""
    found = [square]
    for _ in range(CALLS // k):
        square = (1 - rate) ** 2 * square + rate**2 / k
        found.append(square)
    return np.array(found)[:: 4 // k]


def _draw_runs(figure):
    """Three runs, by the mean square after every fourth call; which is which is unsaid."""
    axes = figure.subplots()
    for (letter, run), line, at in zip(RUNS.items(), ("-", "--", ":"), (3, 11, 9)):
        squares = _mean_squares(*run)
        calls = 4 * np.arange(len(squares))
        axes.semilogy(calls, squares, line, color="black", lw=2)
        box = {"boxstyle": "circle", "fc": "white", "ec": "black"}
        axes.text(calls[at], squares[at], letter, ha="center", va="center", bbox=box)
    axes.set(xlabel="call", ylabel="mean square of $w$", xticks=range(0, CALLS + 1, 8))
    axes.grid(alpha=0.25)


PICTURE = Choice(
    name="09.runs",
    title="Three runs, two of them accumulate",
    work="explain a picture",
    asks="runs",
    points=0,
    reference="ACB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_draw_runs,
    mistakes=(
        Mistake(
            "ABC",
            "Run 1 is right. The other two are exchanged: the mean of four gradients has a quarter "
            "of the noise, and a rate of 1.6 turns it into the highest floor of all.",
        ),
        Mistake(
            "CAB",
            "Run 3 is right. The other two are exchanged: which one makes four steps in four "
            "calls?",
        ),
        Mistake(
            "BCA",
            "Run 2 is right. But a rate of 1.6 does not come down in one step: it jumps beyond the "
            "minimum, and −0.6 of the distance is left.",
        ),
        Mistake(
            "CBA",
            "You gave run 3 the fastest curve. At rate 1.6 a step jumps beyond the minimum, and "
            "−0.6 of the distance is left, in four calls.",
        ),
        Mistake(
            "BAC",
            "You gave run 2 the fastest curve. It makes one step in four calls; run 1 makes four "
            "of the same length.",
        ),
    ),
    hints=(
        "By how much does each run multiply the distance in four calls?",
        "In four calls run 1 leaves 0.6⁴ = 0.13 of the distance, runs 2 and 3 leave 0.6 and −0.6. "
        "So two of the curves fall alike, and only their floors differ.",
        "The floor is ησ²/(k(2 − η)): 0.25, 0.0625 and 1 for the runs 1, 2 and 3.",
    ),
)
