"""13.bars, read a picture: What faster memory buys."""

import numpy as np

from course.checks.tasks import Choice, Mistake

START = 10e-6  # seconds to start an operation
#: Variables, weights in each, operations for each variable, bytes moved for each weight.
SITUATIONS = ((1, 25_000_000, 4, 40), (1, 25_000_000, 1, 20), (1000, 100, 1, 20))


def milliseconds(variables, weights, operations, size, bandwidth):
    """A step's time as chapter 13 counts it: operations to start, and bytes to move.

    Units:  size in bytes per weight, bandwidth in GB/s; returns milliseconds.
    """
    return 1e3 * variables * (operations * START + weights * size / (bandwidth * 1e9))


def _bars(figure):
    """Three situations on two machines; which is which is unsaid."""
    axes = figure.subplots()
    for shift, bandwidth, colour, hatch in ((-0.2, 50, "0.35", ""), (0.2, 1000, "white", "//")):
        times = [milliseconds(*SITUATIONS[i], bandwidth) for i in (2, 0, 1)]
        label = f"{bandwidth} GB/s"
        look = {"color": colour, "edgecolor": "black", "hatch": hatch, "label": label}
        axes.bar_label(axes.bar(np.arange(3) + shift, times, 0.38, **look), fmt="%.1f")
    axes.set_xticks(range(3), "ABC")
    axes.set(ylabel="milliseconds a step", ylim=(0, 23))
    axes.legend()


BARS = Choice(
    name="13.bars",
    title="What faster memory buys",
    asks="bars",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_bars,
    mistakes=(
        Mistake(
            "CBA",
            "You found the thousand variables. Of the other two, one moves 40 bytes per weight and "
            "one 20: which bar is the longer?",
        ),
        Mistake(
            "BAC",
            "You found the separate operations. Of the other two, one moves half a gigabyte, and "
            "one next to nothing: which of them gains by faster memory?",
        ),
        Mistake(
            "ACB",
            "You found the fused operation on one variable. The longest bar is not the thousand "
            "small ones: it shrinks with the bandwidth, so it is made of bytes.",
        ),
        Mistake(
            "ABC",
            "Begin with A: faster memory does not help it. Which of the three hardly moves any "
            "bytes?",
        ),
        Mistake(
            "CAB",
            "Begin with A: faster memory does not help it. Which of the three hardly moves any "
            "bytes?",
        ),
    ),
    hints=(
        "Each step takes time for two things. Which of them does the bandwidth change?",
        "1000 operations of 10 µs are 10 ms, whatever the memory; 25 million weights times 20 "
        "bytes are 10 ms at 50 GB/s.",
        "A does not change, so it is made of starts: run 3. B moves twice the bytes of C.",
    ),
)
