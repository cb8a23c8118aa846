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
