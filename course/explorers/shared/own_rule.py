"""A learner's own rule in an explorer: walked with at all settings, its faults told in words."""

import contextlib

import numpy as np

from course.descent import Walk, walk


class Nonsense(ValueError):
    """What is wrong with what a learner's rule returned, as a sentence."""


def walk_with(rule, surface, steps, learning_rate, momentum, start):
    """Walk with a learner's own rule; returns (`Walk`, complaints), never an error.

    The rule need not be written for arrays of walkers: where a sweep at once fails, or does
    not give what single walkers give, they walk one by one. What the rule prints is dropped:
    it would be printed thousands of times.

    learning_rate, momentum: scalars or arrays, as for `walk`; n positions in all.
    complaints: n strings, "" where a walk went well; a walk that failed is all nan.
    """
    rates = np.stack(np.broadcast_arrays(learning_rate, momentum), axis=-1).reshape(-1, 2)

    def at_once():
        return walk(surface, steps, *rates.T, rule=_insisting(rule), start=start)

    def alone(eta, beta):
        one = _insisting(lambda w, v, g, *_: rule(w, v, g, float(eta), float(beta)))
        return walk(surface, steps, eta, beta, rule=one, start=start)

    with contextlib.redirect_stdout(None), np.errstate(all="ignore"):
        together, _ = _try(at_once)
        samples = np.unique(np.linspace(0, len(rates) - 1, 4).astype(int))
        if together and all(_same(together, i, _try(alone, *rates[i])[0]) for i in samples):
            return together, [_first_nan(points) for points in together.points]
        walks, complaints = zip(*(_try(alone, *pair) for pair in rates))
    nowhere = np.full((steps + 1, len(start)), np.nan)
    walks = [w or Walk(nowhere, nowhere) for w in walks]
    complaints = [c or _first_nan(w.points) for w, c in zip(walks, complaints)]
    return Walk(*(np.stack(part) for part in zip(*walks))), complaints


def _insisting(rule):
    """The rule on copies, so that it may work in place, and only if it returns two arrays."""

    def careful(variable, velocity, gradient, *rates):
        answer = rule(variable.copy(), velocity.copy(), gradient.copy(), *rates)
        try:
            variable_, velocity_ = (np.asarray(part, float) for part in answer)
        except (TypeError, ValueError):
            raise Nonsense(
                f"it must return two arrays, (variable, velocity); it returned {_short(answer)}"
            ) from None
        if variable_.shape != variable.shape or velocity_.shape != variable.shape:
            raise Nonsense(
                f"it must return a variable and a velocity of shape {variable.shape}; "
                f"it returned shapes {variable_.shape} and {velocity_.shape}"
            )
        return variable_, velocity_

    return careful


def _try(walking, *arguments):
    """(what `walking` returns, "") or (None, why it failed)."""
    try:
        return walking(*arguments), ""
    except Nonsense as nonsense:
        return None, str(nonsense)
    except Exception as error:  # whatever a learner's function raises is shown, not passed on
        return None, f"it stops with {type(error).__name__}: {_short(error, str)}"


def _same(together, i, single):
    return single is not None and np.allclose(
        together.points[i], single.points, rtol=1e-9, atol=1e-12, equal_nan=True
    )


def _first_nan(points):
    """A complaint where a path turns into nan without having grown beyond bounds before."""
    bad = ~np.isfinite(points).all(axis=-1)
    first = int(bad.argmax())
    if bad.any() and np.isnan(points[first]).any() and np.abs(points[first - 1]).max() < 1e100:
        return f"it gives nan at step {first}"
    return ""


def _short(thing, words=repr):
    text = words(thing)
    return text if len(text) <= 80 else text[:79] + "…"
