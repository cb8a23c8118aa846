"""08.calm, repair: how far behind, how much calmer: How far behind, and how much calmer."""

import numpy as np

from course.checks.calling import agree
from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def _calm(learning_rate, curvature, ema_momentum):
    m, rho = ema_momentum, 1 - learning_rate * curvature
    lag = m / (1 - m)
    ratio = (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho))
    return lag, ratio


def _calm_with(lag=None, ratio=None, rho=None):
    """A known mistake: another lag, of m; another ratio, of m and ρ; another ρ, of η and λ."""

    def calm(learning_rate, curvature, m):
        right = _calm(learning_rate, curvature, m)
        left = (rho or _left)(learning_rate, curvature)
        ratio_of = ratio or (_correlated if rho else None)
        return lag(m) if lag else right[0], ratio_of(m, left) if ratio_of else right[1]

    return calm


def _left(learning_rate, curvature):
    return 1 - learning_rate * curvature


def _memory(m):
    return 1 / (1 - m)


def _independent(m, rho):
    return (1 - m) / (1 + m)


def _correlated(m, rho):
    return (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho))


def _calm_arguments(random):
    step, curvature = random.uniform((0.05, 0.5), (0.9, 4.0))
    return step / curvature, curvature, random.uniform(0.3, 0.99)


#: Another lag, of m, and the sentence that explains it.
_LAGS = (
    (
        lambda m: (1 - m) / m if m else np.inf,
        "The lag stands on its head: the longer the memory, the longer it is.",
    ),
    (
        lambda m: 1 / (1 - m) + 1,
        "The lag is a step shorter than the memory 1/(1 - m), not longer.",
    ),
    (
        lambda m: 1 / (1 - m) / 2,
        "The lag is not half of the memory. A gap that a pull leaves as it was obeys d = m (d + s) "
        "with s = 1.",
    ),
    (
        lambda m: m / (1 - m) / 2,
        "The lag is right but for the ½: nothing is halved in d = m (d + s), with s = 1.",
    ),
    (
        lambda m: m / 1 - m,
        "Python divides by the 1 only, and then subtracts m: put 1 - m into brackets.",
    ),
    (
        lambda m: m / (1 + m),
        "Mind the sign in the lag: a longer memory makes 1 - m small and the lag long.",
    ),
    (lambda m: m, "m is not the lag: steps go by until a pull keeps the gap. Solve d = m (d + 1)."),
    (
        lambda m: -1 / np.log(m) if m else 0.0,
        "-1/ln m is the time in which an old weight fades to 1/e. The lag obeys d = m (d + 1).",
    ),
)
#: Another ρ, of η and λ.
_RHOS = (
    (
        lambda eta, lam: eta * lam,
        "Your ρ is what a step takes away of w. It is what a step leaves: 1 − ηλ.",
    ),
    (lambda eta, lam: 1 - eta, "A step leaves 1 − ηλ of w: the curvature is missing in your ρ."),
    (lambda eta, lam: 1 - lam, "A step leaves 1 − ηλ of w: the rate is missing in your ρ."),
    (lambda eta, lam: 1 + eta * lam, "Mind the sign in ρ: a step leaves 1 − ηλ of w."),
    (
        lambda eta, lam: abs(1 - eta * lam),
        "You took the size of ρ. Beyond the minimum it is negative, and successive weights cancel "
        "all the better.",
    ),
    (
        lambda eta, lam: (1 - eta * lam) ** 2,
        "You squared ρ. The formula in the box takes ρ itself, what a step leaves of w.",
    ),
    (
        lambda eta, lam: np.exp(-eta * lam),
        "Your ρ is that of a smooth decay. A single step leaves exactly 1 − ηλ of w.",
    ),
    (
        lambda eta, lam: 1 - eta / lam,
        "You divided by the curvature. A step leaves 1 − ηλ of w.",
    ),
)
#: Another ratio, of m and ρ.
_RATIOS = (
    (
        lambda m, rho: _correlated(m, -rho),
        "In the ratio the signs of mρ are exchanged: weights that resemble each other cancel less, "
        "so ρ near 1 must bring the ratio near 1.",
    ),
    (
        lambda m, rho: (1 - m) * (1 + m * rho) / (1 + m) * (1 - m * rho),
        "Python divides by the next bracket only: put the two factors below the line into one pair "
        "of brackets.",
    ),
    (
        lambda m, rho: np.sqrt(_correlated(m, rho)),
        "That is the ratio of the typical distances. The variances' ratio is wanted: no root.",
    ),
    (
        lambda m, rho: _correlated(m, rho) ** 2,
        "Your ratio is squared: the formula in the box is that of the variances already.",
    ),
    (
        lambda m, rho: 1 / _correlated(m, rho),
        "The fraction stands on its head: the average's variance is the smaller one.",
    ),
    (
        lambda m, rho: (1 - m) / (1 - m + 1 - rho),
        "That is the approximation for small ηλ and 1 − m. The exact formula stands in the box of "
        "chapter 08.",
    ),
    (
        lambda m, rho: (1 - m * rho) / (1 + m * rho),
        "You put mρ in the place of m. The formula in the box keeps (1 − m)/(1 + m), and "
        "multiplies it.",
    ),
    (
        lambda m, rho: (1 - m) / (1 + m * rho),
        "Two of the four factors are there. In the formula in the box mρ stands on both sides of "
        "the line, and so does m.",
    ),
    (
        lambda m, rho: (1 - rho) / (1 + rho),
        "Your ratio does not depend on m: how long the memory is must matter.",
    ),
    (
        lambda m, rho: (1 + m * rho) / (1 - m * rho),
        "The factor (1 − m)/(1 + m) of independent weights is missing.",
    ),
    (
        lambda m, rho: 1 - _correlated(m, rho),
        "That is the part that the average takes away. The part that is left is wanted.",
    ),
)


def _slips_of_calm():
    """Each slip with the other result right, and with the other as the starter has it."""
    for lag, because in _LAGS:
        yield Mistake(_calm_with(lag), f"The ratio is right. {because}")
        yield Mistake(_calm_with(lag, _independent), f"{because} And the ratio needs ρ.")
    still = "And 1/(1 − m) is the memory; the lag is a little shorter."
    for rho, because in _RHOS:
        yield Mistake(_calm_with(rho=rho), f"The lag and the formula are right. {because}")
        yield Mistake(
            _calm_with(_memory, rho=rho), f"The formula of the ratio is right. {because} {still}"
        )
    for ratio, because in _RATIOS:
        yield Mistake(_calm_with(ratio=ratio), f"The lag is right. {because}")
        yield Mistake(_calm_with(_memory, ratio), f"{because} {still}")


def _observe(arguments, yours, expected):
    learning_rate, curvature, m = arguments
    lag, ratio = map(float, yours)
    if not agree(yours[:1], expected[:1]):
        return (
            f"A lag of {lag:.4g} would not last here: a step makes it {lag + 1:.4g}, and a pull "
            f"leaves {m:.4g} of that, {m * (lag + 1):.4g}."
        )
    return (
        f"Here ρ = {_left(learning_rate, curvature):.4g}, and independent weights would have the "
        f"ratio {_independent(m, 0):.4g}; yours is {ratio:.4g}, and should be "
        f"{'larger' if expected[1] > ratio else 'smaller'}."
    )


CALM = Observed(
    name="08.calm",
    title="How far behind, and how much calmer",
    work="repair",
    asks="calm",
    points=2,
    results=("lag", "ratio"),
    reference=_calm,
    shown=(
        Case("learning rate 0.25, curvature 1, m = 0.75", (0.25, 1.0, 0.75)),
        Case("curvature 4: every step goes to the minimum", (0.25, 4.0, 0.75)),
        Case("curvature 6: every step goes beyond it", (0.25, 6.0, 0.75)),
        Case("m = 0: no memory", (0.25, 1.0, 0.0)),
    ),
    draw=_calm_arguments,
    mistakes=(
        Mistake(
            _calm_with(_memory, _independent),
            "Two results are wrong still: the lag, and the ratio, which treats successive weights "
            "as independent. (rho is not even in it.)",
        ),
        Mistake(
            _calm_with(None, _independent),
            "The lag is right. The ratio is still that of independent weights: ρ must change "
            "it, as in the box of chapter 08.",
        ),
        Mistake(
            _calm_with(_memory),
            "The ratio is right. 1/(1 - m) is the memory. The gap that a pull leaves as it was is "
            "a little shorter: d = m (d + s), with s = 1.",
        ),
        *_slips_of_calm(),
        Mistake(
            lambda eta, lam, m: (m / (1 - m), _calm(eta, lam, m)[1] * eta / lam / (2 - eta * lam)),
            "The lag is right. That is the average's variance itself: divide it by the weights' "
            "variance.",
        ),
        Mistake(
            lambda *arguments: _calm(*arguments)[::-1],
            "The two values are right, but swapped: return the lag first, then the ratio.",
        ),
    ),
    observe=_observe,
    hints=(
        "Each of the three lines is a phrase that is often heard. Which of them did the chapter "
        "correct, and when is the third one true?",
        "A step leaves 1 − ηλ of w, which is ρ. With s = 1 the gap obeys d = m (d + 1). And the "
        "ratio of *correlated* weights stands in a box in chapter 08.",
        "lag = m / (1 - m); ratio = (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho)).",
    ),
)
