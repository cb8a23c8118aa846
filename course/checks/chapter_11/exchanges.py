"""11.exchanges, explain a picture: Find the exchanged stages."""

import numpy as np

from course.checks.chapter_11.stages import STAGES, begin
from course.checks.tasks import Choice, Mistake

CALLS = 60
_PICTURED = {
    "learning_rate": 0.15,
    "momentum": 0.5,
    "weight_decay": 0.05,
    "clipnorm": 1.0,
    "loss_scale_factor": 16.0,
    "ema_momentum": 0.7,
    "ema_overwrite_frequency": 10,
    "lowest": 0.0,
}
EXCHANGED = {"A": "uadcmeokn", "B": "uacdmekon", "C": "acudmeokn"}


def walk_in_order(letters):
    """The weight after each call, from 3, on ½(w + 1)² with a little noise; shape (CALLS + 1,)."""
    noise = np.random.default_rng(11).normal(0, 0.3, size=(CALLS, 1))
    s = begin(np.array([3.0]), _PICTURED)
    path = [s.w]
    for each in noise:
        s.g = s.loss_scale_factor * (s.w + 1 + each)
        for letter in letters:
            STAGES[letter](s)
        path.append(s.w)
    return np.concatenate(path)


def _exchanges(figure):
    """The weight under three optimizers with two stages exchanged; which two is unsaid."""
    right = walk_in_order("uacdmeokn")
    for axes, (letter, order) in zip(figure.subplots(1, 3, sharey=True), EXCHANGED.items()):
        axes.plot(right, "-", color="0.75", lw=6, label="in Keras's order")
        axes.plot(walk_in_order(order), "--", color="black", lw=1.6, label="exchanged")
        axes.axhline(0, color="#D55E00", lw=1, ls=":")
        axes.set(title=letter, xlabel="call", xlim=(0, CALLS), ylim=(-0.6, 3.2))
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("weight $w$")
    figure.axes[0].legend(fontsize=9)


EXCHANGES = Choice(
    name="11.exchanges",
    title="Find the exchanged stages",
    work="explain a picture",
    asks="which_is_which",
    points=0,
    reference="ACB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_exchanges,
    mistakes=(
        Mistake(
            "ABC",
            "A is right. In B the weight falls as fast as it should, so its gradients are sound. "
            "What is not sound there is where it stands at every tenth call.",
        ),
        Mistake(
            "BCA",
            "C is right. In A nothing changed at all: which two of these stages do not look at "
            "each other's results?",
        ),
        Mistake(
            "CAB",
            "B is right. Of the other two exchanges one changes nothing: a decay looks at the "
            "weights only, a clip at the gradient only.",
        ),
        Mistake(
            "BAC",
            "Begin with C: its steps are all far too short. Which exchange leaves only a 16th of "
            "every clipped gradient?",
        ),
        Mistake(
            "CBA",
            "Begin with C: its steps are all far too short. Which exchange leaves only a 16th of "
            "every clipped gradient?",
        ),
    ),
    hints=(
        "One exchange is harmless, one acts at every call, one at every tenth only.",
        "Every tenth call the average overwrites. What may go wrong there if nothing comes after "
        "it to forbid negative weights?",
        "Decay and clip do not meet: A. A clip before unscale cuts to 1, and 1/16 is left: C. B "
        "overwrites after its constraint.",
    ),
)
