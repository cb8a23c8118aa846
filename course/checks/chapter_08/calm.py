"""08.calm, repair: how far behind, how much calmer: How far behind, and how much calmer."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _calm(learning_rate, curvature, ema_momentum):
    m, rho = ema_momentum, 1 - learning_rate * curvature
    lag = m / (1 - m)
    ratio = (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho))
    return lag, ratio


def _calm_with(lag=None, ratio=None):
    """A known mistake: another lag, of m; or another ratio, of m and ρ."""

    def calm(learning_rate, curvature, m):
        right = _calm(learning_rate, curvature, m)
        rho = 1 - learning_rate * curvature
        return lag(m) if lag else right[0], ratio(m, rho) if ratio else right[1]

    return calm


def _memory(m):
    return 1 / (1 - m)


def _independent(m, rho):
    return (1 - m) / (1 + m)


def _correlated(m, rho):
    return (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho))


def _curvature_forgotten(learning_rate, curvature, m):
    return m / (1 - m), _correlated(m, 1 - learning_rate)


def _calm_arguments(random):
    step, curvature = random.uniform((0.05, 0.5), (0.9, 4.0))
    return step / curvature, curvature, random.uniform(0.3, 0.99)


CALM = Rule(
    name="08.calm",
    title="How far behind, and how much calmer",
    work="repair",
    asks="calm",
    points=2,
    results=("lag", "ratio"),
    reference=_calm,
    shown=(
        Case("learning rate 0.25, curvature 1, m = 0.8", (0.25, 1.0, 0.8)),
        Case("curvature 4: every step goes to the minimum", (0.25, 4.0, 0.8)),
        Case("curvature 6: every step goes beyond it", (0.25, 6.0, 0.8)),
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
            "The lag is right. The ratio is still that of independent weights: put ρ into it, with "
            "the formula in the box of chapter 08.",
        ),
        Mistake(
            _calm_with(_memory),
            "The ratio is right. 1/(1 - m) is the memory. The gap that a pull leaves as it was is "
            "a little shorter: d = m (d + s), with s = 1.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: _correlated(m, 1 - rho)),
            "The lag and the formula are right. But ρ is what a step leaves of w, 1 − ηλ; you took "
            "what it takes away.",
        ),
        Mistake(
            _curvature_forgotten,
            "The lag and the formula are right. But a step leaves 1 − ηλ of w: the curvature is "
            "missing in your ρ.",
        ),
        Mistake(
            _calm_with(_memory, lambda m, rho: _correlated(m, 1 - rho)),
            "The formula of the ratio is right. Its ρ is not: a step leaves 1 − ηλ of w. And "
            "1/(1 − m) is the memory; the lag is a little shorter.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: _correlated(m, -rho)),
            "The lag is right. In the ratio the signs of mρ are exchanged: weights that resemble "
            "each other cancel less, so ρ near 1 must bring the ratio near 1.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: (1 - m) * (1 + m * rho) / (1 + m) * (1 - m * rho)),
            "Python divides by the next bracket only: put the two factors below the line into one "
            "pair of brackets.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: np.sqrt(_correlated(m, rho))),
            "That is the ratio of the typical distances. The variances' ratio is wanted: no root.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: 1 / _correlated(m, rho)),
            "The fraction stands on its head: the average's variance is the smaller one.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: (1 - m) / (1 - m + 1 - rho)),
            "That is the approximation for small ηλ and 1 − m. The exact formula stands in the box "
            "of chapter 08.",
        ),
        Mistake(
            _calm_with(lambda m: (1 - m) / m if m else np.inf),
            "The ratio is right. The lag stands on its head: the longer the memory, the longer it "
            "is.",
        ),
        Mistake(
            _calm_with(lambda m: 1 / (1 - m) + 1),
            "The ratio is right. The lag is not: it is a step shorter than the memory, not longer.",
        ),
        Mistake(
            lambda *arguments: _calm(*arguments)[::-1],
            "The two values are right, but swapped: return the lag first, then the ratio.",
        ),
    ),
    hints=(
        "Each of the three lines is a phrase that is often heard. Which of them did the chapter "
        "correct, and when is the third one true?",
        "A step leaves 1 − ηλ of w, which is ρ. With s = 1 the gap obeys d = m (d + 1). And the "
        "ratio of *correlated* weights stands in a box in chapter 08.",
        "lag = m / (1 - m); ratio = (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho)).",
    ),
)
