"""Losses to walk on: each with its gradient, a start and its minimum.

A point is an array whose last axis holds the coordinates; everything before it is
carried along, so that a thousand walkers cost one call.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Surface(NamedTuple):
    """A loss over points of shape (..., d).

    loss:     points (..., d) to losses (...).
    gradient: points (..., d) to gradients (..., d).
    start, minimum: points of shape (d,).
    """

    name: str
    loss: Callable
    gradient: Callable
    start: np.ndarray
    minimum: np.ndarray


def quadratic(curvatures=(0.1, 1.0), start=(-4.0, 1.5)):
    """The bowl ½ Σ λᵢ wᵢ², with its minimum at 0.

    curvatures: the λᵢ, one for each coordinate; their largest ratio is the condition number.
    start:      one number per curvature.
    Errors:     ValueError where start and curvatures differ in length.
    """
    curvatures, start = np.asarray(curvatures, float), np.asarray(start, float)
    if curvatures.shape != start.shape:
        raise ValueError(
            f"start must have one number per curvature ({curvatures.size}); got {start.size}."
        )

    def loss(points):
        with np.errstate(over="ignore"):  # a walker that diverges has an infinite loss
            return 0.5 * np.sum(curvatures * np.square(points), axis=-1)

    return Surface(
        name="quadratic",
        loss=loss,
        gradient=lambda points: curvatures * points,
        start=start,
        minimum=np.zeros_like(start),
    )
