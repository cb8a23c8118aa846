"""12.settings, write random draws: Trials at random."""

import numpy as np

from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def _settings(uniform, effective, friction, decay):
    drawn = []
    for numbers, (low, high) in zip(uniform, (effective, friction, decay)):
        drawn.append(low * (high / low) ** numbers)
    rates, frictions, decays = drawn
    return rates * frictions, 1 - frictions, decays


def _log(numbers, low, high):
    return low * (high / low) ** numbers


def _linear(numbers, low, high):
    return low + (high - low) * numbers


def _drawn(scale=_log, momentum=None, rate=None):
    """A known mistake: another scale, or other settings made of what is drawn."""

    def settings(uniform, *ranges):
        r, f, d = (scale(u, *pair) for u, pair in zip(uniform, ranges))
        if momentum:
            f = 1 - momentum(uniform[1], *ranges[1])
        return rate(r, f) if rate else r * f, 1 - f, d

    return settings


def _lies(arguments, yours, expected):
    """Where the first wrong entry lies in its range, on a log scale, and where it should."""
    uniform, *ranges = arguments
    values, right = _drawn_back(*yours), _drawn_back(*expected)
    words = "learning_rate / (1 - momentum)", "1 - momentum", "weight_decay"
    for i in (1, 0, 2):
        wrong = np.flatnonzero(~np.isclose(values[i], right[i], rtol=1e-4, atol=0))
        if wrong.size:
            (low, high), value = ranges[i], float(values[i][wrong[0]])
            if not value > 0:
                return f"{words[i]} is {value:.3g} there; it must be above 0."
            way, u = np.log(value / low) / np.log(high / low), uniform[i][wrong[0]]
            return (
                f"{words[i]} is {value:.3g} there: on a log scale from {low:.3g} to {high:.3g} it "
                f"lies at {way:.2f} of the way; `uniform` says {u:.2f}."
            )
    return ""


def _drawn_back(learning_rate, momentum, decay):
    """What settings were made of: η/(1 − β), 1 − β and the decay."""
    with np.errstate(all="ignore"):
        return learning_rate / (1 - momentum), 1 - momentum, decay


def _draw_arguments(random):
    lows, decades = 10 ** random.uniform((-3, -2, -5), (-1, -1, -3)), random.uniform(1, 3, size=3)
    highs = lows * 10**decades
    highs[1] = min(highs[1], 0.9)
    pairs = [(float(low), float(high)) for low, high in zip(lows, highs)]
    return random.uniform(size=(3, 4)), *pairs


_WIDE = (0.01, 1.0), (0.01, 1.0), (1e-5, 0.1)

SETTINGS = Observed(
    name="12.settings",
    title="Trials at random",
    work="write",
    asks="settings",
    points=3,
    results=("learning_rate", "momentum", "weight_decay"),
    reference=_settings,
    shown=(
        Case("at the low ends", (np.zeros((3, 1)), *_WIDE)),
        Case("half-way", (np.full((3, 1), 0.5), *_WIDE)),
        Case("two trials", (np.array([[0.5, 1.0], [1.0, 0.5], [0.25, 0.75]]), *_WIDE)),
    ),
    draw=_draw_arguments,
    observe=_lies,
    mistakes=(
        Mistake(
            lambda u, *ranges: tuple(0 * row for row in u),
            "Nothing is drawn yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _drawn(_linear),
            "This is a linear scale, on which nearly all draws fall into the highest decade. Half-"
            "way between 0.01 and 1 on a log scale is 0.1.",
        ),
        Mistake(
            _drawn(rate=lambda r, f: r),
            "You returned η/(1 − β) as the learning rate. Multiply it by the friction 1 − β.",
        ),
        Mistake(
            _drawn(rate=lambda r, f: r / f),
            "You divided by the friction. If η/(1 − β) is given, then η is that times 1 − β.",
        ),
        Mistake(
            _drawn(rate=lambda r, f: r * (1 - f)),
            "You multiplied by the momentum. If η/(1 − β) is given, then η is that times 1 − β.",
        ),
        Mistake(
            lambda u, *ranges: (
                _settings(u, *ranges)[0],
                1 - _settings(u, *ranges)[1],
                _settings(u, *ranges)[2],
            ),
            "You returned the friction as the momentum. Momentum is what friction leaves.",
        ),
        Mistake(
            _drawn(rate=lambda r, f: r, momentum=lambda u, low, high: _log(u, low, high)),
            "You took the friction's range for the momentum's, and η/(1 − β) for η. The second row "
            "draws 1 − β; multiply the first by it.",
        ),
        Mistake(
            _drawn(momentum=lambda u, low, high: _log(u, low, high)),
            "You drew β from the friction's range. It is 1 − β that is drawn there; β is what it "
            "leaves.",
        ),
        Mistake(
            _drawn(momentum=lambda u, low, high: 1 - _linear(u, low, high)),
            "Learning rate and decay are on a log scale, the friction is not yet: 0.9 and 0.99 are "
            "a decade apart, too.",
        ),
        Mistake(
            lambda u, *ranges: _settings(1 - u, *ranges),
            "Your scales run the wrong way: 0 stands for the low end, 1 for the high one.",
        ),
        Mistake(
            _drawn(lambda u, low, high: low * (high / low) ** (u * (u < 1))),
            "At 1 the high end itself must come out.",
        ),
        Mistake(
            _drawn(lambda u, low, high: _linear(u, np.log(low), np.log(high))),
            "These are logarithms still. Take np.exp of them (or 10 ** them, for np.log10).",
        ),
        Mistake(
            _drawn(lambda u, low, high: _linear(u, np.log10(low), np.log10(high))),
            "These are logarithms still. Take 10 ** them (or np.exp, for np.log).",
        ),
        Mistake(
            _drawn(lambda u, low, high: np.exp(_linear(u, np.log10(low), np.log10(high)))),
            "You mixed two logarithms: np.log10 is undone by 10 **, np.log by np.exp.",
        ),
        Mistake(
            _drawn(lambda u, low, high: 10 ** _linear(u, np.log(low), np.log(high))),
            "You mixed two logarithms: np.log is undone by np.exp, np.log10 by 10 **.",
        ),
        Mistake(
            _drawn(lambda u, low, high: high**u),
            "The low end is missing: at 0 it must come out, at 1 the high end.",
        ),
        Mistake(
            _drawn(lambda u, low, high: low * high**u),
            "At 1 you have low times high. From low to high the factor is high / low.",
        ),
        Mistake(
            lambda u, *ranges: (lambda r, m, d: (m, r, d))(*_settings(u, *ranges)),
            "The values are right, but learning rate and momentum are swapped.",
        ),
        Mistake(
            _drawn(lambda u, low, high: low * (high - low) ** u),
            "From low to high leads the factor high / low, not their difference.",
        ),
        Mistake(
            _drawn(lambda u, low, high: low * (high / low) * u),
            "You multiplied the factor by u. Equal parts of the way are equal factors: a power.",
        ),
        Mistake(
            _drawn(lambda u, low, high: np.exp(_linear(u, low, high))),
            "You went evenly from low to high and then took np.exp. Go evenly from np.log(low) to "
            "np.log(high).",
        ),
        Mistake(
            _drawn(lambda u, low, high: 10 ** _linear(u, low, high)),
            "You went evenly from low to high and then took 10 **. Go evenly from np.log10(low) to "
            "np.log10(high).",
        ),
        Mistake(
            _drawn(lambda u, low, high: low * 10 ** (u * np.log(high / low))),
            "You mixed two logarithms: np.log is undone by np.exp, np.log10 by 10 **.",
        ),
        Mistake(
            _drawn(lambda u, low, high: low * np.exp(u * np.log10(high / low))),
            "You mixed two logarithms: np.log10 is undone by 10 **, np.log by np.exp.",
        ),
        Mistake(
            _drawn(lambda u, low, high: np.sqrt(low * high) + 0 * u),
            "This is the middle of each range, whatever `uniform` says.",
        ),
        Mistake(
            lambda u, *ranges: _settings(u[:1].repeat(3, axis=0), *ranges),
            "You used the first row for all three. Each has a row of its own.",
        ),
        Mistake(
            lambda u, *ranges: (
                *_settings(u, *ranges)[:2],
                _linear(u[2], *ranges[2]),
            ),
            "Learning rate and momentum are right. The decay is on a linear scale.",
        ),
        Mistake(
            lambda u, *ranges: (
                *_settings(u, *ranges)[:2],
                _settings(u, *ranges)[2] * _settings(u, *ranges)[0],
            ),
            "Learning rate and momentum are right. The decay is drawn itself: no learning rate in "
            "it.",
        ),
        Mistake(
            lambda u, *ranges: (
                *_settings(u, *ranges)[:2],
                1 - _settings(u, *ranges)[2],
            ),
            "Learning rate and momentum are right. The decay is drawn itself, not 1 minus it.",
        ),
    ),
    hints=(
        "On a log scale equal parts of the way are equal factors. Which factor leads from low to "
        "high, and which half of the way?",
        "low * (high / low) ** u goes from low to high in equal factors. Draw η/(1 − β), 1 − β and "
        "the decay so; then make η and β of the first two.",
        "With r, f and d drawn so, return r * f, 1 - f, d.",
    ),
)
