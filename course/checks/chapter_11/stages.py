"""The nine stages of sheet 11, one letter each, and any order of them as an optimizer.

A test holds the stages equal to those that the sheet gives.
"""

from types import SimpleNamespace

import numpy as np

NEUTRAL = {
    "learning_rate": 0.5,
    "rate_factor": 1.0,
    "momentum": 0.0,
    "weight_decay": 0.0,
    "clipnorm": np.inf,
    "loss_scale_factor": 1.0,
    "gradient_accumulation_steps": 1,
    "ema_momentum": 0.0,
    "ema_overwrite_frequency": None,
    "lowest": -np.inf,
}


def clipped(gradient, clipnorm):
    """A gradient, shortened to the length `clipnorm` if it is longer."""
    return gradient * min(1.0, clipnorm / max(np.linalg.norm(gradient), 1e-30))


def _due(s):
    return (s.calls + 1) % s.gradient_accumulation_steps == 0


def _rate(s):
    return s.learning_rate * s.rate_factor**s.calls


def _updates(s):
    return s.calls // s.gradient_accumulation_steps


def _unscale(s):
    s.g = s.g / s.loss_scale_factor


def _accumulate(s):
    s.total = s.total + s.g
    if _due(s):
        s.g, s.total = s.total / s.gradient_accumulation_steps, np.zeros_like(s.w)


def _clip(s):
    s.g = clipped(s.g, s.clipnorm)


def _decay(s):
    if _due(s):
        s.w = s.w - s.w * s.weight_decay * _rate(s)


def _move(s):
    if _due(s):
        s.v = s.momentum * s.v - _rate(s) * s.g
        s.w = s.w + s.v


def _average(s):
    kept = s.ema_momentum if _updates(s) else 0.0
    s.average = kept * s.average + (1 - kept) * s.w


def _overwrite(s):
    if s.ema_overwrite_frequency and (_updates(s) + 1) % s.ema_overwrite_frequency == 0:
        s.w = s.average


def _constrain(s):
    s.w = np.maximum(s.w, s.lowest)


def _count(s):
    s.calls += 1


STAGES = {
    "u": _unscale,
    "a": _accumulate,
    "c": _clip,
    "d": _decay,
    "m": _move,
    "e": _average,
    "o": _overwrite,
    "k": _constrain,
    "n": _count,
}


def begin(w, settings):
    """An optimizer's state before its first call; `settings` as in NEUTRAL."""
    zeros = np.zeros_like(w)
    return SimpleNamespace(w=w, v=zeros, total=zeros, average=zeros, calls=0, **NEUTRAL | settings)


def in_order(letters):
    """The optimizer whose stages stand in this order, such as "uacdmeokn", which is Keras's."""

    def train(w, calls, settings):
        s = begin(w, settings)
        for s.g in calls:
            for letter in letters:
                STAGES[letter](s)
        return s.w, s.average

    return train
