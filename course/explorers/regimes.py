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


def critical_momentum(curvature):
    """The momentum of critical damping, (1 - √curvature)²; nan where curvature is above 1.

    Below it a ball comes down without swinging, above it it swings. Where the curvature is above
    1 a ball overshoots even without momentum: what meets there, at (√curvature - 1)², are
    flipping and swinging.

    curvature: an array of any shape, above 0.
    """
    root = np.sqrt(curvature)
    return np.where(root <= 1 + 1e-9, np.square(1 - root), np.nan)


def critical_damping(curvatures):
    """Where the two axes of a valley are damped critically: a sentence for each row.

    curvatures: shape (n, 2), the shallow axis first.
    """
    return [_critical(*momenta) for momenta in critical_momentum(curvatures).tolist()]


def _critical(shallow, steep):
    if np.isnan(shallow):
        return "Neither axis can be damped critically: ηλ is above 1 on both."
    if np.isnan(steep):
        return (
            f"Critical damping for the shallow axis is at momentum {shallow:.3f}; "
            "the steep one has none, as its ηλ is above 1."
        )
    return (
        f"Critical damping for the steep axis is at momentum {steep:.3f}, "
        f"for the shallow one at {shallow:.3f}."
    )


def friction_per_step(momentum):
    """The friction hc/m = 1 - momentum, as a short text: "0.20"."""
    return _number(1 - momentum)


def friction(momentum):
    """What a momentum leaves of the speed, and what friction takes, as a sentence."""
    if momentum == 0:
        return (
            "Momentum 0 leaves no speed, as friction takes all of it: each step starts from rest, "
            "as in plain SGD."
        )
    if momentum == 1:
        return "Momentum 1 leaves all of the speed at each step: there is no friction."
    return (
        f"Momentum {_number(momentum)} leaves {100 * momentum:.4g} % of the speed at each step: "
        f"friction 1 − β = {friction_per_step(momentum)} takes the rest."
    )


def _number(value):
    """Two decimals, more only where there are more in the first four figures."""
    value = float(f"{value:.4g}")
    return f"{value:.2f}" if value == round(value, 2) else f"{value:.4g}"
