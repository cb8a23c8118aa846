"""Weight decay beside an L2 penalty: two balls in a bowl whose minimum is not at zero."""

import numpy as np

from course import theory
from course.descent import walk
from course.explorers.shared import regimes
from course.explorers.shared.base import xy
from course.sgd import decay, heavy_ball
from course.surfaces import quadratic

STEPS = 100
CURVATURES, MINIMUM = np.array([0.25, 1.0]), np.array([1.0, 1.0])
_AT_ZERO = quadratic(CURVATURES, (0, 0))
BOWL = _AT_ZERO._replace(
    loss=lambda points: _AT_ZERO.loss(points - MINIMUM),
    gradient=lambda points: _AT_ZERO.gradient(points - MINIMUM),
    minimum=MINIMUM,
)


def with_decay(weight_decay):
    """Keras's rule: the weights shrink, then the ball takes its step, as a rule for `walk`."""

    def rule(variable, velocity, gradient, learning_rate, momentum):
        smaller = decay(variable, learning_rate, weight_decay)
        return heavy_ball(smaller, velocity, gradient, learning_rate, momentum)

    return rule


def with_penalty(weight_decay):
    """The ball with (weight_decay / 2) |w|² added to its loss, as a rule for `walk`."""

    def rule(variable, velocity, gradient, learning_rate, momentum):
        penalised = gradient + weight_decay * variable
        return heavy_ball(variable, velocity, penalised, learning_rate, momentum)

    return rule


def decay_roots(step, shrinkage, momentum):
    """(total, product) of `with_decay`'s recurrence x² - total x + product = 0, as in `regimes`.

    step:      learning rate × curvature; shrinkage: learning rate × weight_decay; no units.
    """
    return 1 + momentum - shrinkage - step, momentum * (1 - shrinkage)


def settled(strength):
    """Where a ball comes to rest that is drawn to zero with a strength, shape (...,).

    There λ (minimum - w) = strength w; returns points, shape (..., 2).
    """
    strength = np.asarray(strength, float)[..., None]
    return MINIMUM * CURVATURES / (CURVATURES + strength)


def decayed(weight_decay, momentum, learning_rate, start):
    """The columns and words of a sweep, as `Explorer.compute` gives them.

    Columns: the paths `decay` and `penalty`, and where each ends, `decay.end` and `penalty.end`:
    nan where it never settles. The rates are scalars or arrays of one length.
    """
    wd, beta, eta = np.broadcast_arrays(*np.atleast_1d(weight_decay, momentum, learning_rate))
    shrinkage, steps = (eta * wd)[:, None], eta[:, None] * CURVATURES
    roots = {
        "decay": decay_roots(steps, shrinkage, beta[:, None]),
        "penalty": theory.heavy_ball_roots(steps + shrinkage, beta[:, None]),
    }
    strengths = {"decay": wd * (1 - beta), "penalty": wd}
    columns, slowest = {}, {}
    for key, rule in {"decay": with_decay, "penalty": with_penalty}.items():
        balls = walk(BOWL, STEPS, eta, beta, rule=rule(wd[:, None]), start=start)
        slowest[key] = theory.factor(*np.broadcast_arrays(*roots[key])).max(axis=-1)
        rests = slowest[key][:, None] < 1 - 1e-9
        end = np.where(rests, settled(strengths[key]), np.nan)
        columns |= xy(key, balls.points)
        columns |= xy(f"{key}.end", np.repeat(end[:, None], STEPS + 1, axis=1))
    rows = zip(wd, beta, strengths["decay"], slowest["decay"], slowest["penalty"])
    return columns, {"told": [_told(*row) for row in rows]}


def _told(wd, beta, strength, slow_decay, slow_penalty):
    """What becomes of both balls in the long run, as a sentence."""
    if wd == 0:
        return f"With weight_decay 0 both are one ball, which {_ends(slow_decay, 0)}."
    if beta == 0:
        ends = _ends(slow_decay, wd)
        return f"Without momentum decay and penalty are the same: one ball, which {ends}."
    return (
        f"In the long run decay acts with weight_decay · (1 − β) = {strength:.3g}: its ball "
        f"{_ends(slow_decay, strength)}; the penalty acts with weight_decay = {wd:.3g}: its ball "
        f"{_ends(slow_penalty, wd)}."
    )


def _ends(slowest, strength):
    if slowest > 1 + 1e-9:
        return regimes.DIVERGES
    if slowest > 1 - 1e-9:
        return regimes.NEVER
    return "settles at ({:.3f}, {:.3f})".format(*settled(strength))
