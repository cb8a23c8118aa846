"""12.compare, write an honest comparison: A difference, or none."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _compare(ours, theirs):
    n = len(ours)
    difference = np.mean(ours) - np.mean(theirs)
    bar = 2 * np.sqrt((np.var(ours, ddof=1) + np.var(theirs, ddof=1)) / n)
    paired_bar = 2 * np.std(ours - theirs, ddof=1) / np.sqrt(n)
    return difference, bar, paired_bar


def _bars(difference=None, bar=None, paired_bar=None):
    """A known mistake: what differs from the reference, of (ours, theirs, n)."""

    def compare(ours, theirs):
        right = _compare(ours, theirs)
        others = (difference, bar, paired_bar)
        return tuple(
            other(ours, theirs, len(ours)) if other else r for other, r in zip(others, right)
        )

    return compare


def _sum(ours, theirs, ddof=1):
    return np.var(ours, ddof=ddof) + np.var(theirs, ddof=ddof)


def _sd(a, b, ddof=1):
    return np.std(a - b, ddof=ddof)


def _losses_of_two(random):
    """Losses of two settings over the same seeds: partly the seed's luck, partly their own."""
    n = int(random.integers(3, 9))
    luck, ours, theirs = random.normal(size=(3, n))
    return 3 + luck + 0.5 * ours, 3 + luck + 0.8 * theirs + random.uniform(-1, 1)


COMPARE = Rule(
    name="12.compare",
    title="A difference, or none",
    work="write",
    asks="compare",
    points=3,
    results=("difference", "bar", "paired_bar"),
    reference=_compare,
    shown=(
        Case("two seeds", (np.array([1.0, 3.0]), np.array([2.0, 6.0]))),
        Case("worse by 1 for every seed", (np.arange(2.0, 6.0), np.arange(1.0, 5.0))),
        Case("the seeds do not agree", (np.arange(1.0, 5.0), np.array([5.0, 4.0, 3.0, 2.0]))),
    ),
    draw=_losses_of_two,
    mistakes=(
        Mistake(
            lambda a, b: (0.0, 0.0, 0.0),
            "Nothing is computed yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _bars(lambda a, b, n: np.mean(b) - np.mean(a)),
            "The bars are right. The difference is ours minus theirs: below 0 where ours is lower.",
        ),
        Mistake(
            _bars(lambda a, b, n: abs(np.mean(a) - np.mean(b))),
            "The bars are right. Leave the difference its sign: it says whose loss is lower.",
        ),
        Mistake(
            _bars(lambda a, b, n: np.min(a) - np.min(b)),
            "You compared the best runs of the two. The best of many is lucky: compare the means.",
        ),
        Mistake(
            _bars(
                None,
                lambda a, b, n: 2 * np.sqrt(_sum(a, b, 0) / n),
                lambda a, b, n: 2 * _sd(a, b, 0) / np.sqrt(n),
            ),
            "NumPy's std and var divide by n unless you write ddof=1, which divides by n - 1.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: 2 * np.sqrt(_sum(a, b, 0) / n)),
            "In `bar` NumPy divides by n: write ddof=1 there, too.",
        ),
        Mistake(
            _bars(None, None, lambda a, b, n: 2 * _sd(a, b, 0) / np.sqrt(n)),
            "In `paired_bar` NumPy divides by n: write ddof=1 there, too.",
        ),
        Mistake(
            _bars(
                None,
                lambda a, b, n: np.sqrt(_sum(a, b) / n),
                lambda a, b, n: _sd(a, b) / np.sqrt(n),
            ),
            "These are the standard deviations of the difference. A bar is twice that.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: np.sqrt(_sum(a, b) / n)),
            "`paired_bar` is right. `bar` is the standard deviation itself: double it.",
        ),
        Mistake(
            _bars(None, None, lambda a, b, n: _sd(a, b) / np.sqrt(n)),
            "`bar` is right. `paired_bar` is the standard deviation itself: double it.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: 2 * np.sqrt(_sum(a, b)), lambda a, b, n: 2 * _sd(a, b)),
            "This is how far single runs scatter. A mean of n runs scatters less, by √n.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: 2 * np.sqrt(_sum(a, b))),
            "`paired_bar` is right. `bar` is that of two single runs: means of n runs scatter "
            "less, by √n.",
        ),
        Mistake(
            _bars(None, None, lambda a, b, n: 2 * _sd(a, b)),
            "`bar` is right. `paired_bar` is that of one pair: a mean of n scatters less, by √n.",
        ),
        Mistake(
            _bars(
                None, lambda a, b, n: 2 * np.sqrt(_sum(a, b)) / n, lambda a, b, n: 2 * _sd(a, b) / n
            ),
            "You divided the standard deviations by n. The variance is divided by n, so the "
            "standard deviation by √n.",
        ),
        Mistake(
            _bars(None, None, lambda a, b, n: 2 * _sd(a, b) / n),
            "`bar` is right. In `paired_bar` the variance is divided by n, so the standard "
            "deviation by √n.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: 2 * np.sqrt(_sum(a, b)) / n),
            "`paired_bar` is right. In `bar` the variance is divided by n, so the standard "
            "deviation by √n: the n belongs under the root.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: 2 * (np.std(a, ddof=1) + np.std(b, ddof=1)) / np.sqrt(n)),
            "Of two independent means the variances add, not the standard deviations: add first, "
            "then take the root.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: 2 * np.sqrt(_sum(a, b) / 2 / n)),
            "You took the mean of the two variances. They add: the difference scatters more than "
            "either mean.",
        ),
        Mistake(
            _bars(
                None, lambda a, b, n: 2 * np.sqrt(abs(np.var(a, ddof=1) - np.var(b, ddof=1)) / n)
            ),
            "You subtracted the variances. Also in a difference they add: both means scatter.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: 2 * _sum(a, b) / n, lambda a, b, n: 2 * _sd(a, b) ** 2 / n),
            "These are variances, in squared units. Take the root, then double.",
        ),
        Mistake(
            _bars(None, lambda a, b, n: 2 * np.std([*a, *b], ddof=1) * np.sqrt(2 / n)),
            "You threw all runs together, so that the difference itself makes the bar higher. Each "
            "setting has its own variance.",
        ),
        Mistake(
            _bars(None, None, lambda a, b, n: 2 * _sd(a, b) * np.sqrt(2 / n)),
            "`bar` is right. In `paired_bar` there is one list of n differences, and one mean: no "
            "factor √2.",
        ),
        Mistake(
            _bars(None, None, lambda a, b, n: 2 * np.std(abs(a - b), ddof=1) / np.sqrt(n)),
            "`bar` is right. In `paired_bar` leave the differences their signs: a seed that "
            "disagrees must count.",
        ),
        Mistake(
            _bars(
                None,
                None,
                lambda a, b, n: 2 * abs(np.std(a, ddof=1) - np.std(b, ddof=1)) / np.sqrt(n),
            ),
            "`bar` is right. `paired_bar` needs the spread of the differences, not the difference "
            "of the spreads: subtract first.",
        ),
        Mistake(
            _bars(None, None, lambda a, b, n: 2 * np.sqrt(_sum(a, b) / n)),
            "`bar` is right, and you returned it twice. For `paired_bar` subtract seed by seed "
            "first.",
        ),
        Mistake(
            lambda a, b: (_compare(a, b)[0], *_compare(a, b)[:0:-1]),
            "The bars are right, but swapped: return `bar` before `paired_bar`.",
        ),
    ),
    hints=(
        "Begin with one mean of n runs: how far does it scatter if a single run scatters by sd?",
        "Its variance is sd²/n. For `bar` the two variances add; for `paired_bar` there is only "
        "one list, ours - theirs, and one variance. Root, then double.",
        "bar = 2 * np.sqrt((np.var(ours, ddof=1) + np.var(theirs, ddof=1)) / n); paired_bar = "
        "2 * np.std(ours - theirs, ddof=1) / np.sqrt(n).",
    ),
)
