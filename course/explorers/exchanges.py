"""Which stage changed a call most, and what another order of the stages would change, in words.

Nothing is said that was not run: the call is made again without a stage, or in another order.
"""

import numpy as np

from course.explorers.one_weight import LEFT_OUT, START, after, changed, exchanged, without

SEEN = 1.5e-4  # a smaller difference need not show in four decimals
BEFORE = f"Before the first call: the weight is {START:g}; velocity, sum and average are 0."
NO_STAGE = "The weight moves by {} in this call; no stage but the move itself changes that."
NO_ORDER = "No exchange of two stages shows in this call."
NAMES = {"accumulate": "Taking the mean", "momentum": "Momentum", "nesterov": "The look-ahead"}
#: Two stages, the first of them first; why; what the other order would do.
EXCHANGES = {
    ("unscale", "clip"): (
        "The clip sees the true gradient",
        "before unscale it would see an enlarged one, and the weight would end at",
    ),
    ("accumulate", "clip"): (
        "The clip sees the mean",
        "if it cut each gradient before, the weight would end at",
    ),
    ("decay", "move"): (
        "Decay shrinks the old weight",
        "after the move it would shrink the new one, and the weight would end at",
    ),
    ("move", "average"): (
        "The average follows the moved weight",
        "before the move it would not see this step, and be",
    ),
    ("average", "overwrite"): (
        "Overwrite puts in the newest average",
        "before average it would put in the old one, and the weight would end at",
    ),
}


def number(value):
    """Four decimals, with a true minus."""
    return f"{value:.4f}".replace("-", "−") if abs(value) >= 5e-5 else "0.0000"


def told(calls):
    """The sentences {str(step): n strings} for each step, from 0, before the first call.

    calls: what `one_weight.run` gives, (the bag before, its numbers, the bag after) a call.
    """
    words, totals = {}, {}
    for k, (s, numbers, end) in enumerate(calls, 1):
        firsts = _most(s, end) if numbers["due"].all() else _waits(s, numbers, k)
        words[str(k)] = [
            f"{first} {second}" for first, second in zip(firsts, _orders(s, end, totals))
        ]
    return {"0": [BEFORE] * len(words["1"])} | words


def _most(s, end):
    """Which stage moved the weight most in a call that updates: a sentence a row."""
    ends = np.stack([without(s, name).w for name in LEFT_OUT])
    most = np.abs(ends - end.w).argmax(axis=0)
    rows = zip(most, np.take_along_axis(ends, most[None], 0)[0], end.w, s.w)
    return [_stage(LEFT_OUT[i], other - before, w - before) for i, other, w, before in rows]


def _stage(name, other, step):
    if abs(other - step) < SEEN:
        return NO_STAGE.format(number(step))
    return (
        f"{NAMES.get(name, name.capitalize())} changes this call most: the weight moves by "
        f"{number(step)}, without it by {number(other)}."
    )


def _waits(s, numbers, k):
    """What a call does that adds to the sum and updates nothing: a sentence a row."""
    due = k + s.count - 1 - s.calls % s.count
    rows = zip(numbers["sum.after"], s.averages.tolist(), numbers["overwritten"] > 0)
    return [
        f"Call {k} adds its gradient to the sum, now {number(total)}; clip, decay and move wait "
        f"for call {due}{', but the average follows' if averages else ''}"
        f"{' and overwrites the weight' if overwritten else ''}."
        for total, averages, overwritten in rows
    ]


def _orders(s, end, totals):
    """The exchange that would change the weight most, or if none the average: a sentence a row.

    totals: for each exchange the sum as it would be, since the last update; brought up to date.
    """
    others = []
    # Without a loss scale there is nothing that unscale could come too late for.
    pairs = [pair for pair in EXCHANGES if s.loss_scale_factor or "unscale" not in pair]
    for pair in pairs:
        others.append(after(changed(s, total=totals.get(pair, s.total)), exchanged(*pair)))
        totals[pair] = others[-1].total
    weights, averages = ([getattr(o, name) for o in others] for name in ("w", "average"))
    said = zip(_exchange(pairs, end.w, weights), _exchange(pairs, end.average, averages))
    return [weight or mean or NO_ORDER for weight, mean in said]


def _exchange(pairs, value, others):
    """The sentence for the exchange that changes a value most; empty where none shows."""
    others = np.stack(others)
    most = np.abs(others - value).argmax(axis=0)
    rows = zip(most, np.take_along_axis(others, most[None], 0)[0], value)
    return [
        "{}: {} {} instead of {}.".format(*EXCHANGES[pairs[i]], number(other), number(here))
        if abs(other - here) >= SEEN
        else ""
        for i, other, here in rows
    ]
