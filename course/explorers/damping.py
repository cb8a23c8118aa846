"""How momentum and Nesterov fare in a bowl with the same rates, by theory, as a sentence."""

from course.explorers.shared import regimes
from course.theory import factor, heavy_ball_roots, nesterov_roots

ROOTS = (heavy_ball_roots, nesterov_roots)


def compared(curvatures, momentum):
    """One sentence for each setting: what becomes of both balls, and what a step leaves of them.

    curvatures: learning rate × (λ₁, λ₂), the smaller first, without unit; shape (n, 2).
    momentum:   shape (n,).
    """
    directions = [_fared(curvature, momentum) for curvature in curvatures.T]
    return [_compared(*row) for row in zip(curvatures.tolist(), momentum.tolist(), *directions)]


def _fared(curvature, momentum):
    """For each setting ((momentum's fate, Nesterov's), (momentum's factor, Nesterov's))."""
    roots = [rule(curvature, momentum) for rule in ROOTS]
    fates, factors = [regimes.fate(*r) for r in roots], [factor(*r) for r in roots]
    return list(zip(zip(*fates), zip(*factors)))


def _compared(curvatures, beta, along, across):
    (shallow, steep), (fates, factors) = curvatures, across
    if beta == 0:
        return f"With momentum 0 there is no velocity: all are plain SGD, which {fates[0]}."
    if {*fates} == {regimes.SWINGS}:
        words = (
            f"Across the valley (ηλ = {steep:.3g}) both swing: a step leaves √β = {factors[0]:.3f} "
            f"of momentum's swing and √(β(1 − ηλ)) = {factors[1]:.3f} of Nesterov's."
        )
        both = {*along[0]} == {regimes.SWINGS}
        less = "along it (ηλ = {:.3g}) {:.3f} and {:.3f}".format(shallow, *along[1])
        return f"{words[:-1]}; {less}." if both else words
    words = (
        f"In the steep direction, where ηλ = {steep:.3g}, momentum {fates[0]}; "
        f"Nesterov {fates[1]}. "
    )
    if {regimes.DIVERGES, regimes.NEVER} & {*fates}:
        return words + _edges(beta)
    left = [f"{round(factor, 3):g}" for factor in factors]
    return (
        f"{words}In the long run a step leaves {left[0]} of momentum's distance "
        f"and {left[1]} of Nesterov's."
    )


def _edges(beta):
    ball = "without friction, never" if beta == 1 else f"below 2(1 + β) = {2 + 2 * beta:.3g}"
    nesterov = (2 + 2 * beta) / (1 + 2 * beta)
    return f"Nesterov settles below ηλ = (2 + 2β)/(1 + 2β) = {nesterov:.3f}; momentum, {ball}."
