"""Losses to walk on: each with its gradient, a start and its minimum.

A point is an array whose last axis holds the coordinates; everything before it is
carried along, so that a thousand walkers cost one call. Where a walker has left the
range of numbers its loss and gradient are inf or nan, without a warning.

`SURFACES` has each by its name, at its usual settings.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


def no_noise(steps):
    """The noise of an exact gradient: zeros of shape (steps, 1)."""
    return np.zeros((steps, 1))


class Surface(NamedTuple):
    """A loss over points of shape (..., d).

    loss:     points (..., d) to losses (...).
    gradient: points (..., d) to gradients (..., d), exact.
    start, minimum: points of shape (d,).
    noise:    a count of steps to what its minibatch adds to the gradient at each of them,
              shape (steps, d); the same at each call, and for all walkers.
    """

    name: str
    loss: Callable
    gradient: Callable
    start: np.ndarray
    minimum: np.ndarray
    noise: Callable = no_noise


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


def bowl(condition_number=10.0, start=(-4.0, 1.5)):
    """The bowl ½ (w₁² / κ + w₂²): a valley κ times as shallow along w₁ as it is steep across.

    condition_number: κ, the ratio of its curvatures: a finite number of 1 or more.
    Errors:           ValueError where it is not.
    """
    if not 1 <= condition_number < np.inf:
        raise ValueError(
            f"condition_number must be a finite number of 1 or more; got {condition_number!r}."
        )
    surface = quadratic((1 / condition_number, 1.0), start)
    return surface._replace(name=f"quadratic, κ = {condition_number:g}")


def rosenbrock():
    """The curved valley (1 − w₁)² + 100 (w₂ − w₁²)², with its minimum 0 at (1, 1).

    Its walls are steep, and its floor falls hardly at all.
    Source: Rosenbrock 1960, doi:10.1093/comjnl/3.3.175.
    """

    def loss(x, y):
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    def gradient(x, y):
        return 2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)

    return _plane("rosenbrock", loss, gradient, start=(-1.2, 1.0), minimum=(1.0, 1.0))


def beale():
    """Beale's function Σₖ (cₖ − w₁ (1 − w₂ᵏ))², with its minimum 0 at (3, 0.5).

    The c₁, c₂, c₃ are 1.5, 2.25 and 2.625; far out its walls are very steep.
    Source: Beale 1958; Moré, Garbow & Hillstrom 1981, doi:10.1145/355934.355936, problem 5.
    """
    terms = ((1, 1.5), (2, 2.25), (3, 2.625))

    def loss(x, y):
        return sum((c - x * (1 - y**k)) ** 2 for k, c in terms)

    def gradient(x, y):
        off = [(k, c - x * (1 - y**k)) for k, c in terms]
        along = sum(2 * miss * (y**k - 1) for k, miss in off)
        return along, sum(2 * miss * x * k * y ** (k - 1) for k, miss in off)

    return _plane("beale", loss, gradient, start=(1.0, 1.0), minimum=(3.0, 0.5))


def saddle():
    """Two wells with a saddle between them: ½ w₁² + ¼ (w₂² − 1)².

    At (0, 0) the gradient is 0, but the loss falls to both sides. `minimum` is the well at
    (0, 1); the one at (0, −1) is as deep: 0. The start lies beside the ridge w₂ = 0.
    Source: Dauphin et al. 2014, arXiv:1406.2572, on saddles; this one is ours.
    """

    def loss(x, y):
        return x**2 / 2 + (y**2 - 1) ** 2 / 4

    def gradient(x, y):
        return x, y * (y**2 - 1)

    return _plane("saddle", loss, gradient, start=(-2.0, 0.01), minimum=(0.0, 1.0))


def plateau():
    """A hole in a plateau, |w|² / (1 + |w|²), with its minimum 0 at (0, 0).

    Far out the loss is nearly 1, and the gradient falls off as 2 / |w|³.
    Source: Geman & McClure 1987, the robust error that carries their names.
    """

    def loss(x, y):
        return 1 - 1 / (1 + x**2 + y**2)

    def gradient(x, y):
        slope = 2 / (1 + x**2 + y**2) ** 2
        return slope * x, slope * y

    return _plane("plateau", loss, gradient, start=(-3.5, 2.0), minimum=(0.0, 0.0))


def noisy(surface, sigma, seed):
    """The surface with gradients as minibatches give them: normal noise at every step.

    Its `loss` and `gradient` stay exact; `noise` is what `descent.walk` adds.

    sigma:  the standard deviation of the noise in each coordinate, 0 or more; [gradient].
    Errors: ValueError for a sigma that is negative or not finite.
    """
    if not 0 <= sigma < np.inf:
        raise ValueError(f"sigma must be a finite number of 0 or more; got {sigma!r}.")

    def noise(steps):
        return sigma * np.random.default_rng(seed).standard_normal((steps, surface.start.size))

    return surface._replace(name=f"noisy {surface.name}", noise=noise)


def noisy_plateau():
    """The plateau with noise that is larger than its slope at the start: σ = 0.1, slope 0.027."""
    return noisy(plateau(), sigma=0.1, seed=7)


def cliff():
    """A gentle bowl that ends at a wall: 0.05 (w₁ + 4)² + 0.15 w₂² + 2 log(1 + e^(20 (c − w₁))).

    The bowl leads to the wall, whose slope is 40: one gradient from there throws a walker
    far away. c = −log(99) / 20 puts the minimum, of loss 0.8 + 2 log(100/99), to (0, 0).
    Source: the walls of Pascanu et al. 2013, arXiv:1211.5063, figure 6; the formula is ours.
    """
    edge = -np.log(99) / 20

    def loss(x, y):
        return 0.05 * (x + 4) ** 2 + 0.15 * y**2 + 2 * np.logaddexp(0, 20 * (edge - x))

    def gradient(x, y):
        return 0.1 * (x + 4) - 40 / (1 + np.exp(20 * (x - edge))), 0.3 * y

    return _plane("cliff", loss, gradient, start=(6.0, 2.0), minimum=(0.0, 0.0))


def network(seed=0, units=8):
    """A small network's loss, ½ mean (c · tanh(a x + b) + d − sin 3x)² over 32 places x.

    A point holds a, b and c, one number each for every unit, and d. Where the loss is lowest is
    not known: `minimum` is nan.

    seed:  deals the start, from a normal distribution.
    units: how many hidden units; a point has 3 · units + 1 coordinates.
    """
    x = np.linspace(-1, 1, 32)

    def forward(points):
        a, b, c = np.split(points[..., :-1], 3, axis=-1)
        hidden = np.tanh(x[:, None] * a[..., None, :] + b[..., None, :])
        miss = (hidden @ c[..., None])[..., 0] + points[..., -1:] - np.sin(3 * x)
        return c, hidden, miss

    def loss(points):
        with np.errstate(all="ignore"):  # a walker that diverges has an infinite loss
            return np.mean(forward(points)[-1] ** 2, axis=-1) / 2

    def gradient(points):
        c, hidden, miss = forward(points)
        each = miss[..., None] / x.size
        back = each * c[..., None, :] * (1 - hidden**2)
        parts = [(x[:, None] * back).sum(-2), back.sum(-2), (hidden * each).sum(-2), each.sum(-2)]
        return np.concatenate(parts, axis=-1)

    start = np.random.default_rng(seed).normal(size=3 * units + 1)
    return Surface("network", loss, gradient, start, np.full(start.shape, np.nan))


def steepest_curvature(surface, point):
    """The largest eigenvalue of the Hessian at a point of shape (d,), by differences of slopes."""
    ways = 1e-5 * np.eye(len(point))
    hessian = (surface.gradient(point + ways) - surface.gradient(point - ways)) / 2e-5
    return np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1]


def _plane(name, loss, gradient, start, minimum):
    """A surface over (w₁, w₂) from functions of both coordinates."""

    def loss_at(points):
        with np.errstate(over="ignore", invalid="ignore"):
            return loss(points[..., 0], points[..., 1])

    def gradient_at(points):
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack(gradient(points[..., 0], points[..., 1]), axis=-1)

    return Surface(name, loss_at, gradient_at, np.array(start), np.array(minimum))


#: Each surface's name, and the function that makes it without being told more.
SURFACES = {
    "quadratic": quadratic,
    "rosenbrock": rosenbrock,
    "beale": beale,
    "saddle": saddle,
    "plateau": plateau,
    "noisy plateau": noisy_plateau,
    "cliff": cliff,
}
