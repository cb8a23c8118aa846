"""Walk down a surface with any rule: one walker, or a whole sweep of rates at once."""

from typing import NamedTuple

import numpy as np

from course.sgd import heavy_ball


class Walk(NamedTuple):
    """A trajectory, or a sweep of them.

    points, velocities: shape (..., steps + 1, d), where ... is the shape of the sweep.
    """

    points: np.ndarray
    velocities: np.ndarray


def walk(surface, steps, learning_rate, momentum=0.0, *, rule=heavy_ball, start=None):
    """Take `steps` steps from rest; returns a `Walk`.

    learning_rate, momentum: scalars, or arrays that broadcast against each other; their
                             common shape is the shape of the sweep.
    rule:   (variable, velocity, gradient, learning_rate, momentum) -> (variable, velocity),
            as `sgd.heavy_ball` and `sgd.nesterov_momentum`.
    start:  shape (d,); the surface's own if left out.
    The surface's noise, if it has any, is added to its gradients.
    Errors: none for a walk that diverges: it ends in inf or nan.
    """
    learning_rate, momentum = np.broadcast_arrays(learning_rate, momentum)
    learning_rate, momentum = learning_rate[..., None], momentum[..., None]
    start = np.asarray(surface.start if start is None else start, float)
    point = np.broadcast_to(start, learning_rate.shape[:-1] + start.shape)
    velocity = np.zeros_like(point)
    points, velocities = [point], [velocity]
    with np.errstate(over="ignore", invalid="ignore"):
        for noise in surface.noise(steps):
            gradient = surface.gradient(point) + noise
            point, velocity = rule(point, velocity, gradient, learning_rate, momentum)
            points.append(point)
            velocities.append(velocity)
    return Walk(np.stack(points, axis=-2), np.stack(velocities, axis=-2))


def heavy_ball_rate(step, momentum):
    """The factor by which a ball's distance from a parabola's minimum shrinks per step, at last.

    It is the larger absolute root of x² − (1 + momentum − step) x + momentum = 0.

    step:   learning_rate × curvature; without unit. Both broadcast.
    Errors: none; a factor above 1 means that the ball flies away.
    Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5.
    """
    step, momentum = np.asarray(step, float), np.asarray(momentum, float)
    trace = 1 + momentum - step
    discriminant = trace**2 - 4 * momentum
    real = (np.abs(trace) + np.sqrt(np.maximum(discriminant, 0))) / 2
    return np.where(discriminant < 0, np.sqrt(momentum), real)
