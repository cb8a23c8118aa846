"""12.range, repair the reading of a range test: The edge in a range test."""

import numpy as np

from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def _read_test(rates, losses):
    edges = []
    for path in losses:
        lowest = np.nanargmin(path)
        back = np.argmax(~(path[lowest:] < path[0]))
        edges.append(rates[lowest + back])
    return np.exp(np.mean(np.log(edges)))


def _geometric(edges):
    return np.exp(np.mean(np.log(edges)))


def _is_not_below(rest, start):
    return ~(rest < start)


def _reading(begin=np.nanargmin, crossed=_is_not_below, mean=_geometric, shift=0):
    """A known mistake: how each edge is searched, and what is made of them."""

    def read_test(rates, losses):
        edges = []
        for path in losses:
            first = begin(path)
            rest = path[first:]
            edges.append(rates[first + np.argmax(crossed(rest, path[0])) + shift])
        return mean(edges)

    return read_test


def _first(path):
    return 0


def _second(path):
    return 1


def _seen(arguments, yours, expected):
    """Where a reading of one seed stops, and why that is not its edge."""
    rates, losses = arguments
    if len(losses) > 1:
        return "The cases with one seed are right: look at what you do with several rows."
    path, edge = losses[0], float(yours[0])
    found = np.flatnonzero(np.isclose(rates, edge))
    if not found.size:
        return "With one seed, the edge is one of the learning rates; yours is none of them."
    stop, lowest = found[0], np.nanargmin(path)
    where = f"You stop at {edge:g}, where the loss is {path[stop]:g}"
    if stop < lowest:
        return f"{where}: that is in front of the lowest loss, {path[lowest]:g}."
    if path[stop] < path[0]:
        return f"{where}: it is still below its start, {path[0]:g}."
    first = lowest + np.argmax(_is_not_below(path[lowest:], path[0]))
    return f"{where}. But already at {rates[first]:g} it is not below its start any more."


def _each(pick):
    """A known mistake: another learning rate of each seed, of (rates, path)."""
    return lambda rates, losses: _geometric([pick(rates, path) for path in losses])


def _test_of_one_seed(random, kind):
    """Losses of 40 steps that wiggle, fall, rise and cross their start, or become nan."""
    lowest, crossing = int(random.integers(14, 20)), int(random.integers(24, 32))
    path = np.concatenate(
        [
            np.linspace(2.3, 0.5, lowest) + random.uniform(0, 0.2, lowest),
            [0.2],
            np.linspace(0.4, 1.9, crossing - lowest - 1),
            random.uniform(2.8, 6.0, 40 - crossing),
        ]
    )
    path[1] = path[0] + random.uniform(0.1, 0.4)
    if kind == "back below":
        path[crossing + 2] = 1.7
    elif kind == "nan":
        path[crossing:] = np.nan
    else:
        path[crossing + 4 :] = np.nan
    return path


def _test_arguments(random):
    kinds = random.permutation(["back below", "nan", "above, then nan"])
    return np.geomspace(1e-3, 10, 40), np.stack([_test_of_one_seed(random, k) for k in kinds])


_RATES = np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0])
_CALM = [2.3, 2.2, 1.5, 0.8, 1.9, 4.0]
_WIGGLES = [2.3, 2.4, 1.5, 0.9, 2.35, 5.0]
_BREAKS = [2.3, 2.2, 1.1, 1.6, np.nan, np.nan]
_RETURNS = [2.3, 2.1, 0.8, 1.2, 2.3, 5.0]
_TWO_LEFT = "Two faults are left: "
_FROM_LOWEST = (
    "search from the lowest loss on, since noise may lift the first batches above the start"
)
_NAN = "a loss that is nan is neither above nor below anything, so `>` overlooks it"
_FACTOR = "learning rates differ by factors, so their mean is that of their logarithms"


def _above(rest, start):
    return rest > start


def _at_or_above(rest, start):
    return rest >= start


RANGE = Observed(
    name="12.range",
    title="The edge in a range test",
    work="repair",
    asks="read_test",
    points=2,
    results=("edge",),
    reference=_read_test,
    shown=(
        Case("one calm seed", (_RATES, np.array([_CALM]))),
        Case("noise in the first batches", (_RATES, np.array([_WIGGLES]))),
        Case("a loss that becomes nan", (_RATES, np.array([_BREAKS]))),
        Case("a loss that comes back to its start exactly", (_RATES, np.array([_RETURNS]))),
        Case("two seeds, with edges 3 and 1", (_RATES, np.array([_CALM, _WIGGLES]))),
    ),
    draw=_test_arguments,
    observe=_seen,
    mistakes=(
        Mistake(
            _reading(_first, _above, np.mean),
            "Nothing is repaired yet: mark on paper, for each shown case, which loss your line "
            "stops at.",
            untouched=True,
        ),
        Mistake(
            _reading(crossed=_above, mean=np.mean),
            f"You search from the lowest loss on: right. {_TWO_LEFT}{_NAN}; and {_FACTOR}.",
        ),
        Mistake(
            _reading(_first, _above),
            f"The mean of the edges is right. {_TWO_LEFT}{_FROM_LOWEST}; and {_NAN}.",
        ),
        Mistake(
            _reading(_first),
            "You ask for “not below”, so that nan counts: right. But the first loss is not below "
            f"itself, so each search ends where it begins: {_FROM_LOWEST}.",
        ),
        Mistake(
            _reading(_second, mean=np.mean),
            f"nan counts as above now. {_TWO_LEFT}{_FROM_LOWEST}; and {_FACTOR}.",
        ),
        Mistake(_reading(_second), f"One fault is left: {_FROM_LOWEST}."),
        Mistake(
            _reading(crossed=_above),
            f"One fault is left: {_NAN}. Ask for “not below” instead.",
        ),
        Mistake(
            _reading(crossed=_at_or_above),
            "One fault is left: a loss that is nan is neither above nor below anything, so `>=` "
            "overlooks it. Ask for “not below” instead.",
        ),
        Mistake(
            _reading(crossed=_at_or_above, mean=np.mean),
            "Two faults are left: a loss that is nan is neither above nor below anything, so `>=` "
            f"overlooks it; and {_FACTOR}.",
        ),
        Mistake(
            _reading(crossed=lambda rest, start: ~(rest <= start)),
            "nan counts now, and you search from the lowest loss on. But a loss that equals its "
            "start is not below it, and you search on.",
        ),
        Mistake(
            _reading(crossed=lambda rest, start: np.isnan(rest)),
            "You stop at nan alone. A loss may cross its start without breaking.",
        ),
        Mistake(
            _reading(crossed=lambda rest, start: ~(rest < 2 * rest[0])),
            "You compare with twice the lowest loss. Compare with the start, the first entry.",
        ),
        Mistake(
            _reading(crossed=lambda rest, start: ~(rest <= rest[0])),
            "You compare with the lowest loss, above which the very next one lies. Compare with "
            "the start, the first entry.",
        ),
        Mistake(
            _reading(mean=np.max),
            "Each edge is right. You kept the largest; the geometric mean of all seeds is asked.",
        ),
        Mistake(
            _reading(mean=np.sum),
            "Each edge is right. You added them; the geometric mean is asked.",
        ),
        Mistake(
            _reading(mean=lambda edges: np.sqrt(np.prod(edges))),
            "You took the square root of the product. That is the mean of two edges; of n it is "
            "the n-th root.",
        ),
        Mistake(
            _reading(mean=lambda edges: len(edges) / np.sum(1 / np.array(edges))),
            "Each edge is right. You took the mean of their inverses; take that of their "
            "logarithms.",
        ),
        Mistake(
            _reading(mean=lambda edges: np.exp(np.mean(np.log10(edges)))),
            "Each edge is right. But np.log10 is undone by 10 **, and np.exp undoes np.log.",
        ),
        Mistake(
            _reading(mean=lambda edges: 10 ** np.mean(np.log(edges))),
            "Each edge is right. But np.log is undone by np.exp, and 10 ** undoes np.log10.",
        ),
        Mistake(
            _reading(mean=lambda edges: np.mean(np.log10(edges))),
            "This is the mean of the logarithms to base 10. 10 ** it is a learning rate again.",
        ),
        Mistake(_reading(mean=np.mean), f"One fault is left: {_FACTOR}."),
        Mistake(
            _reading(mean=np.median),
            "Each edge is right. The median is a fair guess, but the geometric mean is asked: it "
            "uses all seeds.",
        ),
        Mistake(
            _reading(mean=np.min),
            "Each edge is right. You kept the smallest; the geometric mean of all seeds is asked.",
        ),
        Mistake(
            _reading(mean=lambda edges: np.mean(np.log(edges))),
            "This is the mean of the logarithms. np.exp of it is a learning rate again.",
        ),
        Mistake(
            _reading(mean=lambda edges: np.prod(edges)),
            "You multiplied the edges: of n of them the n-th root is still missing.",
        ),
        Mistake(
            _reading(shift=-1),
            "You stopped one step early: the edge is the first learning rate whose loss is not "
            "below the start any more.",
        ),
        Mistake(
            _each(
                lambda rates, path: rates[
                    np.argmax(~(path[np.nanargmin(path) :] < path[0]))  # counted from the lowest
                ]
            ),
            "Your index counts from the lowest loss, and `rates` from the start of the test: add "
            "the two.",
        ),
        Mistake(
            _each(lambda rates, path: rates[np.nanargmin(path)]),
            "This is the learning rate of the lowest loss. The edge lies beyond: where the loss is "
            "back at its start.",
        ),
        Mistake(
            _each(lambda rates, path: rates[np.argmin(np.diff(path[: np.nanargmin(path) + 1]))]),
            "This is where the loss falls most steeply, an accident of a noisy curve. The edge is "
            "asked.",
        ),
        Mistake(
            _each(
                lambda rates, path: rates[
                    np.argmin(path) + np.argmax(~(path[np.argmin(path) :] < path[0]))
                ]
            ),
            "nan was taken for the lowest loss: np.argmin does so, and so does any search in which "
            "a small number stands in its place. np.nanargmin passes over nan.",
        ),
        Mistake(
            _each(lambda rates, path: rates[np.flatnonzero(path < path[0])[-1] + 1]),
            "You took the last crossing. Beyond the edge a loss may fall once more, but that is no "
            "descent: take the first crossing after the lowest loss.",
        ),
        Mistake(
            lambda rates, losses: _read_test(rates, np.mean(losses, axis=0)[None]),
            "You averaged the losses of all seeds and read one edge. Read each seed's own, then "
            "average the edges.",
        ),
    ),
    hints=(
        "Take the shown cases one by one. In which step does the learner's eye see the edge, and "
        "in which does this function?",
        "Three things go wrong: noise at the start counts as a crossing, nan does not, and two "
        "learning rates are averaged like lengths.",
        "lowest = np.nanargmin(path); then the first True in ~(path[lowest:] < path[0]), plus "
        "lowest. At the end np.exp(np.mean(np.log(edges))).",
    ),
)
