"""Where a ball's energy is: in its height, in its motion, or taken by friction."""

from typing import NamedTuple

import numpy as np


class Energy(NamedTuple):
    """A ball's energy at each step, in the unit of the loss; each of shape (..., steps + 1).

    height, motion: what the ball has: its loss, and half its mass times its velocity squared.
    friction:       what friction has taken up to this step.
    error:          what is missing from the start's energy; below 0, what is too much.
    """

    height: np.ndarray
    motion: np.ndarray
    friction: np.ndarray
    error: np.ndarray


def energy(surface, balls, learning_rate, momentum):
    """The energy of balls that a `Walk` by `heavy_ball` gives; returns an `Energy`.

    Newton's ball m ẍ = −∇f − c ẋ, in steps of time h, has η = h²/m and β = 1 − hc/m. So its
    motion is ½ m (v/h)² = v²/(2η). Friction brakes with (1 − β)/η times the velocity before the
    step, over a way of the mean of the velocities before and after it.

    On a parabola the three then miss the start by −½ v·∇f exactly: the height is that of the
    weights at a step, the velocity is half a step older. That is the error of finite steps, and
    not small: in a direction of curvature λ up to √(ηλ)/2 of what the ball has.

    learning_rate, momentum: as for `walk`, of the sweep's shape.
    Errors: none; a ball that diverges has an energy of inf or nan.
    Source: chapter 04; Hairer, Lubich & Wanner 2006, "Geometric Numerical Integration", IX.
    """
    mass = 1 / np.asarray(learning_rate, float)[..., None]
    drag = mass * (1 - np.asarray(momentum, float)[..., None])
    before, after = balls.velocities[..., :-1, :], balls.velocities[..., 1:, :]
    with np.errstate(over="ignore", invalid="ignore"):
        height = surface.loss(balls.points)
        motion = mass / 2 * np.sum(balls.velocities**2, axis=-1)
        work = drag / 2 * np.sum(before * (before + after), axis=-1)
        friction = np.concatenate([np.zeros_like(height[..., :1]), work.cumsum(-1)], axis=-1)
        error = height[..., :1] - height - motion - friction
    return Energy(height, motion, friction, error)
