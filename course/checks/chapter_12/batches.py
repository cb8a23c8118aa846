"""12.batches, read a picture: Three valleys."""

import numpy as np

from course.checks.chapter_12.network import train
from course.checks.tasks import Choice, Mistake

_SWEPT = 0.00625 * 2.0 ** np.arange(8)


def valleys(batch, seeds=3):
    """Mean loss to choose by after five epochs at eight learning rates, shape (8,).

    batch:  examples in a batch; the learning rates are 0.00625, doubled up to 0.8, constant.
    """
    with np.errstate(all="ignore"):
        runs = np.tile(np.arange(seeds), 8), np.repeat(_SWEPT, seeds), 0.9
        return train(*runs, 5, batch, cosine=False)[1].reshape(8, seeds).mean(axis=1)


def _batches(figure):
    """Loss against learning rate for three batch sizes, which are unsaid."""
    axes = figure.subplots()
    for letter, batch, line in (("A", 32, "o-"), ("B", 128, "s--"), ("C", 8, "^:")):
        axes.semilogx(_SWEPT, valleys(batch), line, color="black", label=letter)
    axes.set_xticks(_SWEPT, [f"{rate:g}" for rate in _SWEPT])
    axes.minorticks_off()
    axes.set(xlabel="learning rate", ylabel="loss after five epochs", ylim=(0, 2.5))
    axes.legend(loc="upper center")


BATCHES = Choice(
    name="12.batches",
    title="Three valleys",
    asks="batches_8_32_128",
    points=0,
    reference="CAB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_batches,
    mistakes=(
        Mistake(
            "BAC",
            "You gave the smallest batch the longest steps. It has the noisiest gradients, and the "
            "most steps in five epochs: which learning rate suits it?",
        ),
        Mistake(
            "CBA",
            "Batch 8 is right. Of the other two, the larger batch has less noise and fewer steps: "
            "its valley lies further right.",
        ),
        Mistake(
            "ACB",
            "Batch 128 is right. Of the other two, the smaller batch has more noise and more "
            "steps: its valley lies further left.",
        ),
        Mistake(
            "ABC",
            "The valleys of the three batches lie in the order of their sizes. Which of them lies "
            "furthest left?",
        ),
        Mistake(
            "BCA",
            "The valleys of the three batches lie in the order of their sizes. Which of them lies "
            "furthest left?",
        ),
    ),
    hints=(
        "Look at the lowest point of each curve: at which learning rate is it?",
        "Five epochs are 560 steps with batches of 8 and 35 with batches of 128. And the noise of "
        "a gradient has variance σ²/B.",
        "The best learning rate grows with the batch, and ever more slowly.",
    ),
)
