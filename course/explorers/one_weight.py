"""One weight on its way through calls of `sgd.step`, with what goes in and out of each stage.

A stage is a function that changes `s`, a bag with everything SGD knows, as in chapter 11; so the
order of the stages is a list, and a call can be made again in another order or without a stage.
All is float32, as Keras's weights are, and of shape (n,): n settings of the arguments side by side.
"""

from types import SimpleNamespace

import numpy as np

from course import sgd

CALLS, START, MINIMUM = 12, 2.0, 0.5
#: The gradient's noise, a number a call.
NOISE = 1.2 * np.random.default_rng(11).standard_normal(CALLS).astype("float32")
#: What can be left out of a call. Not "unscale": it only undoes what the loss went through.
LEFT_OUT = ("accumulate", "clip", "decay", "momentum", "nesterov", "overwrite")


def gradient(weight, call):
    """The slope of ½ (w - MINIMUM)² with the noise of a call, counted from 0."""
    return weight - np.float32(MINIMUM) + NOISE[call]


def unscale(s):
    """Divide the gradient by the loss scale, if there is one."""
    if s.loss_scale_factor is not None:
        s.g = sgd.unscale(s.g, sgd.like(s.g, s.loss_scale_factor))


def accumulate(s):
    """Add to the sum; on a call that updates, take the mean instead and empty it."""
    if not s.due:
        s.total = sgd.accumulate(s.total, s.g)
    elif s.count > 1:
        s.g = sgd.mean_gradient(s.total, s.g, s.count)
        s.total = np.zeros_like(s.total)


def clip(s):
    """Cut the gradient to ±clipvalue."""
    s.g = sgd.clip_by_value(s.g, s.clipvalue)


def decay(s):
    """Shrink the weight, on a call that updates."""
    if s.due:
        s.w = sgd.decay(s.w, s.learning_rate, s.weight_decay)


def move(s):
    """Move velocity and weight, on a call that updates."""
    if s.due:
        rest = s.w, s.velocity, s.g, s.learning_rate, s.momentum
        s.w, rolling = sgd.move(*rest, s.nesterov)
        s.velocity = np.where(s.momentum, rolling, s.velocity)  # without momentum there is none


def average(s):
    """Let the average follow the weight, where there is one."""
    kept = s.ema_momentum if s.updates else 0 * s.ema_momentum
    s.average = np.where(s.averages, sgd.moving_average(s.average, s.w, kept), s.average)


def overwrites(s):
    """Whether the average takes the weight's place in this call, where there is one."""
    k = s.ema_overwrite_frequency
    return k is not None and sgd.overwrite_is_due(s.updates, k)


def overwrite(s):
    """Put the average in the weight's place, where that is due."""
    if overwrites(s):
        s.w = np.where(s.averages, s.average, s.w)


_STAGES = {f.__name__: f for f in (unscale, accumulate, clip, decay, move, average, overwrite)}
ORDER = tuple(stage for stage in sgd.STAGES if stage in _STAGES)


def start(**arguments):
    """The bag before the first call; the arguments are those of `Stages`.

    A clipvalue or ema_momentum of None, or one None among an array of them, is that argument off.
    """
    many = ("learning_rate", "momentum", "weight_decay", "clipvalue", "ema_momentum")
    rates = {
        name: np.atleast_1d(np.asarray(arguments[name], float)).astype("float32") for name in many
    }
    rates = dict(zip(many, np.broadcast_arrays(*rates.values())))  # None became nan
    rates["clipvalue"] = np.nan_to_num(rates["clipvalue"], nan=np.inf)
    w = np.full_like(rates["momentum"], START)
    zeros = {name: np.zeros_like(w) for name in ("velocity", "total", "average")}
    averages, count = ~np.isnan(rates["ema_momentum"]), arguments["gradient_accumulation_steps"]
    more = {"averages": averages, "count": count or 1, "calls": 0, "w": w}
    return SimpleNamespace(**arguments | rates | zeros | more)


def changed(s, **what):
    """The bag with something else in it; the given one stays as it is."""
    return SimpleNamespace(**vars(s) | what)


def begin(s):
    """What is known when a call begins: its gradient, as it arrives; which update; whether due."""
    g = gradient(s.w, s.calls)
    if s.loss_scale_factor is not None:
        g = sgd.scale_loss(g, sgd.like(g, s.loss_scale_factor))
    due = (s.calls + 1) % s.count == 0
    return changed(s, g=g, updates=s.calls // s.count, due=due)


def call(s, order=ORDER):
    """The bag after one call, with the stages in this order; yields it after each stage."""
    s = begin(s)
    for stage in order:
        _STAGES[stage](s)
        yield stage, changed(s)


def after(s, order=ORDER):
    """The bag after one call."""
    *_, (_, end) = call(s, order)
    return changed(end, calls=s.calls + 1)


def without(s, name):
    """The bag after one call in which something of LEFT_OUT is left out."""
    off = {"momentum": {"momentum": 0 * s.momentum}, "nesterov": {"nesterov": False}}
    return after(changed(s, **off.get(name, {})), [stage for stage in ORDER if stage != name])


def exchanged(first, second):
    """The order with two stages in each other's place."""
    places = {first: second, second: first}
    return [places.get(stage, stage) for stage in ORDER]


def numbers_of(s):
    """What goes into and out of each stage of one call, as {name: shape (n,)}, and the bag after.

    s: the bag before it. g is the gradient, w the weight, v the velocity, a the average, sum the
    accumulator; nan is what a call that only adds to the sum does not have.
    """
    arrived, stages = begin(s), dict(call(s))
    seen = SimpleNamespace(**stages)
    nothing = np.full_like(s.w, np.nan)
    only_due = [seen.accumulate.g, seen.clip.g, s.velocity * s.momentum]
    only_due.append(sgd.descent(seen.clip.g, s.learning_rate))
    mean, clipped, kept, push = only_due if arrived.due else [nothing] * 4
    numbers = {
        "due": np.full_like(s.w, arrived.due),
        "overwritten": (s.averages & overwrites(arrived)).astype("float32"),
        "g.arrived": arrived.g,
        "g.true": seen.unscale.g,
        "sum.before": s.total,
        "sum.after": seen.accumulate.total,
        "g.mean": mean,
        "g.clipped": clipped,
        "w.before": s.w,
        "w.decayed": seen.decay.w,
        "v.before": s.velocity,
        "v.kept": kept,
        "v.push": -push,
        "v.after": seen.move.velocity,
        "w.moved": seen.move.w,
        "a.before": s.average,
        "a.after": seen.average.average,
        "w.after": seen.overwrite.w,
    }
    return numbers, changed(seen.overwrite, calls=s.calls + 1)


def run(**arguments):
    """All calls: for each the bag before it, its numbers, and the bag after it.

    arguments: those of `Stages`, of which five may be arrays of one length n.
    """
    s = start(**arguments)
    for _ in range(CALLS):
        numbers, end = numbers_of(s)
        yield s, numbers, end
        s = end
