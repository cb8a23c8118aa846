"""12.range, repair the reading of a range test: The edge in a range test."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _read_test(rates, losses):
    edges = []
    for path in losses:
        lowest = np.nanargmin(path)
        back = np.argmax(~(path[lowest:] < path[0]))
        edges.append(rates[lowest + back])
    return np.exp(np.mean(np.log(edges)))


def _geometric(edges):
    return np.exp(np.mean(np.log(edges)))


def _reading(begin=np.nanargmin, nan_is_above=True, mean=_geometric, shift=0):
    """A known mistake: how each edge is searched, and what is made of them."""

    def read_test(rates, losses):
        edges = []
        for path in losses:
            first = begin(path)
            rest = path[first:]
            above = ~(rest < path[0]) if nan_is_above else rest > path[0]
            edges.append(rates[first + np.argmax(above) + shift])
        return mean(edges)

    return read_test


def _first(path):
    return 0


def _second(path):
    return 1


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
_TWO_LEFT = "Two faults are left: "
_FROM_LOWEST = (
    "search from the lowest loss on, since noise may lift the first batches above the start"
)
_NAN = "a loss that is nan is neither above nor below anything, so `>` overlooks it"
_FACTOR = "learning rates differ by factors, so their mean is that of their logarithms"

RANGE = Rule(
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
        Case("two seeds, with edges 3 and 1", (_RATES, np.array([_CALM, _WIGGLES]))),
    ),
    draw=_test_arguments,
    mistakes=(
        Mistake(
            _reading(_first, False, np.mean),
            "Nothing is repaired yet: mark on paper, for each shown case, which loss your line "
            "stops at.",
            untouched=True,
        ),
        Mistake(
            _reading(nan_is_above=False, mean=np.mean),
            f"You search from the lowest loss on: right. {_TWO_LEFT}{_NAN}; and {_FACTOR}.",
        ),
        Mistake(
            _reading(_first, False),
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
            _reading(nan_is_above=False),
            f"One fault is left: {_NAN}. Ask for “not below” instead.",
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
            "np.argmin takes the first nan for the smallest number, and finds the edge too late. "
            "np.nanargmin passes over nan.",
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
