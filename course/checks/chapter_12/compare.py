"""12.compare, write an honest comparison: A difference, or none."""

from itertools import product

import numpy as np

from course.checks.slips import distinct
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


CASES = (
    Case("two seeds", (np.array([1.0, 3.0]), np.array([2.0, 6.0]))),
    Case("worse by 1 for every seed", (np.arange(2.0, 6.0), np.arange(1.0, 5.0))),
    Case("the seeds do not agree", (np.arange(1.0, 5.0), np.array([5.0, 4.0, 3.0, 2.0]))),
)

KNOWN = (
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
        _bars(None, lambda a, b, n: 2 * np.sqrt(_sum(a, b)) / n, lambda a, b, n: 2 * _sd(a, b) / n),
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
        "`bar` is too low by √2. Do the variances add, or did you take their mean? And does the 2 "
        "stand outside the root?",
    ),
    Mistake(
        _bars(None, lambda a, b, n: 2 * np.sqrt(abs(np.var(a, ddof=1) - np.var(b, ddof=1)) / n)),
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
        "`bar` is right, and you returned it twice. For `paired_bar` subtract seed by seed first.",
    ),
    Mistake(
        lambda a, b: (_compare(a, b)[0], *_compare(a, b)[:0:-1]),
        "The bars are right, but swapped: return `bar` before `paired_bar`.",
    ),
)

#: Line -> its sentence; the right one first.
DIFFERENCES = {
    lambda a, b, n: np.mean(a) - np.mean(b): "",
    lambda a, b, n: np.mean(b) - np.mean(a): (
        "The difference is ours minus theirs: below 0 where ours is lower."
    ),
    lambda a, b, n: abs(np.mean(a) - np.mean(b)): (
        "Leave the difference its sign: it says whose loss is lower."
    ),
    lambda a, b, n: np.median(a) - np.median(b): (
        "The difference is one of means; you took medians."
    ),
    lambda a, b, n: np.sum(a) - np.sum(b): (
        "`difference` adds all losses up: a mean is that divided by n."
    ),
    lambda a, b, n: np.median(a - b): "`difference` is the mean of the pairs, not their median.",
    lambda a, b, n: (np.mean(a) - np.mean(b)) / np.mean(b): (
        "You divided the difference by the mean of theirs: it is asked as a loss, not as a part."
    ),
    lambda a, b, n: (np.mean(a) - np.mean(b)) / np.mean(a): (
        "You divided the difference by the mean of ours: it is asked as a loss, not as a part."
    ),
    lambda a, b, n: a[0] - b[0]: "`difference` is that of the first seed alone.",
    lambda a, b, n: np.max(a) - np.max(b): "`difference` is that of the worst runs, not of means.",
    lambda a, b, n: (np.mean(a) + np.mean(b)) / 2: "You took the mean of both: subtract.",
    lambda a, b, n: np.mean(a) + np.mean(b): "You added the two means: subtract.",
}
BARS = {
    lambda a, b, n: 2 * np.sqrt(_sum(a, b) / n): "",
    lambda a, b, n: 2 * np.sqrt(_sum(a, b, 0) / n): "In `bar` NumPy divides by n: write ddof=1.",
    lambda a, b, n: np.sqrt(_sum(a, b) / n): (
        "`bar` is the standard deviation of the difference: double it."
    ),
    lambda a, b, n: np.sqrt(_sum(a, b)): (
        "`bar` is the standard deviation for single runs: means of n scatter less, by √n; and it "
        "is to be doubled."
    ),
    lambda a, b, n: 2 * np.sqrt(_sum(a, b) / (n - 1)): (
        "In `bar` the variances are divided by n - 1 once too often: ddof=1 does that; a mean of "
        "n runs has sd²/n."
    ),
    lambda a, b, n: 2 * np.sqrt(_sum(a, b, 0) / (n - 1) ** 2 * n): (
        "In `bar` n and n - 1 have changed places."
    ),
    lambda a, b, n: 2 * np.sqrt((np.std(a, ddof=1) + np.std(b, ddof=1)) / n): (
        "In `bar` there are standard deviations under the root: it is the variances that add there."
    ),
    lambda a, b, n: 2 * np.sqrt(_sum(a, b)) / n: (
        "In `bar` the variance is divided by n, so the n belongs under the root."
    ),
    lambda a, b, n: _sum(a, b) / n: (
        "`bar` is a variance, in squared units. Take the root, then double."
    ),
    lambda a, b, n: 2 * np.sqrt(2 * np.var(a, ddof=1) / n): (
        "`bar` knows the scatter of ours alone: theirs has a variance of its own."
    ),
    lambda a, b, n: 2 * np.sqrt(2 * np.var(b, ddof=1) / n): (
        "`bar` knows the scatter of theirs alone: ours has a variance of its own."
    ),
    lambda a, b, n: 2 * np.sqrt(np.var(a, ddof=1) / n): (
        "`bar` is that of the mean of ours: the mean of theirs scatters, too."
    ),
    lambda a, b, n: 2 * np.sqrt(np.var(b, ddof=1) / n): (
        "`bar` is that of the mean of theirs: the mean of ours scatters, too."
    ),
    lambda a, b, n: 2 * _sd(a, b) / np.sqrt(n): (
        "In `bar` you subtracted seed by seed: that is for `paired_bar`. Here the two means are "
        "independent."
    ),
    lambda a, b, n: 4 * np.sqrt(_sum(a, b) / n): "`bar` is doubled twice.",
    lambda a, b, n: 1.96 * np.sqrt(_sum(a, b) / n): "`bar` is twice the deviation, not 1.96 times.",
}
PAIRED = {
    lambda a, b, n: 2 * _sd(a, b) / np.sqrt(n): "",
    lambda a, b, n: 2 * _sd(a, b, 0) / np.sqrt(n): (
        "In `paired_bar` NumPy divides by n: write ddof=1."
    ),
    lambda a, b, n: _sd(a, b) / np.sqrt(n): (
        "`paired_bar` is the standard deviation itself: double it."
    ),
    lambda a, b, n: 2 * _sd(a, b): (
        "`paired_bar` is that of one pair: a mean of n scatters less, by √n."
    ),
    lambda a, b, n: _sd(a, b): (
        "`paired_bar` is how far one pair scatters: a mean of n scatters less, by √n; and it is to "
        "be doubled."
    ),
    lambda a, b, n: 2 * _sd(a, b) / np.sqrt(n - 1): (
        "In `paired_bar` you divide by n - 1 once too often: ddof=1 does that already."
    ),
    lambda a, b, n: 2 * _sd(a, b) / n: (
        "In `paired_bar` the variance is divided by n, so the standard deviation by √n."
    ),
    lambda a, b, n: 2 * _sd(a, b) ** 2 / n: (
        "`paired_bar` is a variance, in squared units. Take the root, then double."
    ),
    lambda a, b, n: _sd(a, b) ** 2 / n: (
        "`paired_bar` is a variance, in squared units. Take the root, then double."
    ),
    lambda a, b, n: 2 * np.std(np.sort(a) - np.sort(b), ddof=1) / np.sqrt(n): (
        "You sorted the losses first, so that no pair belongs to one seed any more."
    ),
    lambda a, b, n: 2 * np.std(a + b, ddof=1) / np.sqrt(n): (
        "In `paired_bar` you added seed by seed: subtract, so that the seed's luck cancels."
    ),
    lambda a, b, n: 2 * np.sqrt(np.sum((a - b) ** 2) / (n - 1) / n): (
        "In `paired_bar` the mean of the differences is not taken off before they are squared."
    ),
    lambda a, b, n: 2 * np.sqrt(np.mean((a - b) ** 2) / n): (
        "In `paired_bar` the mean of the differences is not taken off before they are squared, and "
        "a sample's variance divides by n - 1."
    ),
    lambda a, b, n: np.ptp(a - b): (
        "`paired_bar` is the width from the lowest difference to the highest: the standard "
        "deviation is asked."
    ),
    lambda a, b, n: 2 * np.mean(abs(a - b)) / np.sqrt(n): (
        "In `paired_bar` you took the mean size of the differences, not their scatter."
    ),
    lambda a, b, n: 1.96 * _sd(a, b) / np.sqrt(n): (
        "`paired_bar` is twice the deviation, not 1.96 times."
    ),
}


def _slips():
    """Mistakes in one of the three lines, then in two, with what is right and what is not."""
    tables = [list(each.items()) for each in (DIFFERENCES, BARS, PAIRED)]
    for lines in product(*(each[:4] for each in tables)):
        if sum(bool(words) for _, words in lines) == 2:
            yield _slip(lines)


def _single_slips():
    tables = [list(each.items()) for each in (DIFFERENCES, BARS, PAIRED)]
    right = [each[0] for each in tables]
    for place, table in enumerate(tables):
        for line in table[1:]:
            yield _slip([*right[:place], line, *right[place + 1 :]])


def _slip(lines):
    names = ("`difference`", "`bar`", "`paired_bar`")
    good = [name for name, (_, words) in zip(names, lines) if not words]
    right = f"{' and '.join(good)} {'are' if len(good) > 1 else 'is'} right." if good else ""
    words = [right, *(words for _, words in lines)]
    return Mistake(_bars(*(line for line, _ in lines)), " ".join(filter(None, words)))


COMPARE = Rule(
    name="12.compare",
    title="A difference, or none",
    work="write",
    asks="compare",
    points=3,
    results=("difference", "bar", "paired_bar"),
    reference=_compare,
    shown=CASES,
    draw=_losses_of_two,
    mistakes=distinct(
        _compare,
        [*(case.arguments for case in CASES), _losses_of_two(np.random.default_rng(0))],
        KNOWN,
        [*_single_slips(), *_slips()],
    ),
    hints=(
        "Begin with one mean of n runs: how far does it scatter if a single run scatters by sd?",
        "Its variance is sd²/n. For `bar` the two variances add; for `paired_bar` there is only "
        "one list, ours - theirs, and one variance. Root, then double.",
        "bar = 2 * np.sqrt((np.var(ours, ddof=1) + np.var(theirs, ddof=1)) / n); paired_bar = "
        "2 * np.std(ours - theirs, ddof=1) / np.sqrt(n).",
    ),
)
