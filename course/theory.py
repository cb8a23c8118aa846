"""What theory says of the rules: what a step leaves in a bowl, and what an average leaves of noise.

On a parabola of curvature λ every rule here multiplies the ball's distance from the minimum by
the roots of x² - total x + product = 0. `step` is learning rate × curvature, without unit.
"""

import numpy as np

from course.sgd import moving_average


def plain_roots(step, momentum=0.0):
    """(total, product) for plain gradient descent, which has the one root 1 - step."""
    return 1 - step, 0 * momentum


def heavy_ball_roots(step, momentum):
    """(total, product) for momentum. Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5."""
    return 1 + momentum - step, momentum


def nesterov_roots(step, momentum):
    """(total, product) for Nesterov momentum as Keras writes it; derived in chapter 05."""
    return (1 + momentum) * (1 - step), momentum * (1 - step)


def longer_root(total, product):
    """The root that decides in the long run, as complex numbers: the one of the larger size.

    total, product: scalars or arrays of any shapes that broadcast.
    """
    total, product = np.asarray(total, float), np.asarray(product, float)
    half = np.sqrt((total**2 / 4 - product).astype(complex))
    roots = np.stack([total / 2 + half, total / 2 - half])
    return np.where(np.abs(roots[0]) > np.abs(roots[1]), *roots)


def factor(total, product):
    """What a step leaves of a ball's distance in the long run: the size of the longer root.

    total, product: scalars or arrays of any shapes that broadcast, from one of the `…_roots`.
    Errors: none; a factor above 1 means that the ball diverges.
    """
    return np.abs(longer_root(total, product))


def heavy_ball_factor(step, momentum):
    """The factor by which a ball's distance from a parabola's minimum shrinks per step, at last.

    step, momentum: scalars or arrays that broadcast.
    Errors: none; a factor above 1 means that the ball diverges.
    """
    return factor(*heavy_ball_roots(np.asarray(step, float), np.asarray(momentum, float)))


def critical_momentum(step):
    """The momentum of critical damping, (1 - √step)²; nan where the step is above 1.

    Below it a ball comes down without swinging, above it it swings. Where the step is above 1 a
    ball overshoots even without momentum: what meets there, at (√step - 1)², are flipping and
    swinging.

    step: an array of any shape, above 0.
    """
    root = np.sqrt(step)
    return np.where(root <= 1 + 1e-9, np.square(1 - root), np.nan)


def variance_ratio(ema_momentum, correlation):
    """The average's variance at the floor, as a part of the weights'; without unit.

    ema_momentum: m, from 0 to 1.
    correlation:  ρ of successive weights, between -1 and 1: 1 - ηλ for plain SGD; 0 where
                  they are independent. Both broadcast.
    Source: the variance of Σ (1 - m) mⁱ wₖ₋ᵢ where wₖ and wₖ₋ᵢ are correlated by ρⁱ; chapter 08.
    """
    m, rho = ema_momentum, correlation
    return (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho))


def kept(ema_momentum, correlation, period):
    """What a period that ends with overwriting leaves of the distance to the minimum, no noise.

    ema_momentum, correlation: scalars, the latter what one plain step leaves; period: steps.
    """
    weight = average = 1.0
    for _ in range(period):
        weight = weight * correlation
        average = moving_average(average, weight, ema_momentum)
    return abs(average)
