"""What becomes of a ball in a bowl, by theory: the roots of its recurrence, put in words."""

import numpy as np

from course.theory import critical_momentum, longer_root

COMES_DOWN = "comes down to the floor without swinging"
SWINGS = "swings across the valley and settles"
FLIPS = "flips to the other side at each step and settles"
NEVER = "never settles"
DIVERGES = "diverges"


def fate(total, product):
    """What the longer of the two roots does to the ball: one sentence part for each entry.

    total, product: arrays of one shape (n,); returns n strings.
    """
    longer = longer_root(total, product)
    size = np.abs(longer)
    # A double root is critical damping; rounding splits it by the root of float64's epsilon.
    swings = np.abs(longer.imag) > 1e-7
    cases = [size > 1 + 1e-9, size > 1 - 1e-9, swings, longer.real < 0]
    return np.select(cases, [DIVERGES, NEVER, SWINGS, FLIPS], COMES_DOWN).tolist()


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
