"""What becomes of a ball in a bowl, by theory: the roots of its recurrence, put in words.

On a parabola of curvature λ every rule multiplies the ball's distance by the roots of
x² - total x + product = 0; curvature here is learning rate times λ, without unit.
"""

import numpy as np

COMES_DOWN = "comes down to the floor without swinging"
SWINGS = "swings across the valley and settles"
FLIPS = "flips to the other side at each step and settles"
NEVER = "never settles"
DIVERGES = "diverges"


def plain_roots(curvature, momentum):
    """(total, product) for plain gradient descent, which has the one root 1 - curvature."""
    return 1 - curvature, 0 * momentum


def heavy_ball_roots(curvature, momentum):
    """(total, product) for momentum. Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5."""
    return 1 + momentum - curvature, momentum


def nesterov_roots(curvature, momentum):
    """(total, product) for Nesterov momentum as Keras writes it; derived in chapter 05."""
    return (1 + momentum) * (1 - curvature), momentum * (1 - curvature)


def fate(total, product):
    """What the longer of the two roots does to the ball: one sentence part for each entry.

    total, product: arrays of one shape (n,); returns n strings.
    """
    half = np.sqrt((total**2 / 4 - product).astype(complex))
    roots = np.stack([total / 2 + half, total / 2 - half])
    longer = np.where(np.abs(roots[0]) > np.abs(roots[1]), *roots)
    size = np.abs(longer)
    # A double root is critical damping; rounding splits it by the root of float64's epsilon.
    swings = np.abs(longer.imag) > 1e-7
    cases = [size > 1 + 1e-9, size > 1 - 1e-9, swings, longer.real < 0]
    return np.select(cases, [DIVERGES, NEVER, SWINGS, FLIPS], COMES_DOWN).tolist()


def friction(momentum):
    """What a momentum leaves of the speed, as a sentence."""
    if momentum == 0:
        return "Momentum 0 leaves no speed: each step starts from rest, as in plain SGD."
    if momentum == 1:
        return "Momentum 1 leaves all of the speed at each step: there is no friction."
    shown = f"{momentum:.2f}" if momentum == round(momentum, 2) else f"{momentum:.4g}"
    return f"Momentum {shown} leaves {100 * momentum:.4g} % of the speed at each step."
