"""Other right ways to answer the tasks of sheet 12, tuning SGD."""

import math

import numpy as np


def _edge_by_loops(rates, losses):
    product = 1.0
    for path in losses:
        index = list(path).index(min(loss for loss in path if loss == loss))
        while path[index] < path[0]:
            index += 1
        product *= rates[index]
    return product ** (1 / len(losses))


def _edge_with_inf(rates, losses):
    losses = np.where(np.isnan(losses), np.inf, losses)
    edges = []
    for path in losses:
        lowest = path.argmin()
        edges.append(rates[lowest + np.flatnonzero(path[lowest:] >= path[0])[0]])
    return 10 ** np.log10(edges).mean()


def _edge_at_once(rates, losses):
    steps = np.arange(losses.shape[1])
    after = steps > np.nanargmin(losses, axis=1)[:, None]
    crossed = after & ~(losses < losses[:, :1])
    return np.exp(np.log(rates[crossed.argmax(axis=1)]).mean())


def _edge_after_the_lowest(rates, losses):
    edges = []
    for path in losses:
        later = np.nanargmin(path) + 1
        edges.append(rates[later:][~(path[later:] < path[0])][0])
    return math.prod(edges) ** (1 / len(edges))


def _compare_by_hand(ours, theirs):
    def variance(values):
        mean = sum(values) / len(values)
        return sum((value - mean) ** 2 for value in values) / (len(values) - 1)

    pairs = [a - b for a, b in zip(ours, theirs)]
    bar = 2 * math.sqrt(variance(list(ours)) / len(ours) + variance(list(theirs)) / len(theirs))
    return [sum(pairs) / len(pairs), bar, 2 * math.sqrt(variance(pairs) / len(pairs))]


def _compare_by_covariance(ours, theirs):
    (a, both), (_, b) = np.cov(ours, theirs)
    bars = 2 * np.sqrt(np.maximum([a + b, a + b - 2 * both], 0) / ours.size)
    return np.mean(ours - theirs), *bars


def _compare_by_statistics(ours, theirs):
    import statistics

    sd_ours, sd_theirs = statistics.stdev(ours), statistics.stdev(theirs)
    bar = 2 * math.hypot(sd_ours, sd_theirs) / len(ours) ** 0.5
    paired = 2 * statistics.stdev(ours - theirs) / len(ours) ** 0.5
    return statistics.fmean(ours) - statistics.fmean(theirs), bar, paired


def _settings_by_logarithms(uniform, *ranges):
    ends = np.log(ranges)
    r, f, d = np.exp(ends[:, :1] + uniform * (ends[:, 1:] - ends[:, :1]))
    return r * f, 1 - f, d


def _settings_by_trial(uniform, effective, friction, decay):
    trials = []
    for u in uniform.T:
        r, f, d = (lo ** (1 - x) * hi**x for x, (lo, hi) in zip(u, (effective, friction, decay)))
        trials.append((r * f, 1 - f, d))
    return list(zip(*trials))


def _settings_by_decades(uniform, *ranges):
    lows, highs = np.log10(np.array(ranges).T)
    drawn = 10 ** (lows + (highs - lows) * uniform.T)
    return np.array([drawn[:, 0] * drawn[:, 1], 1 - drawn[:, 1], drawn[:, 2]])


ACCEPTED = {
    "12.range": (_edge_by_loops, _edge_with_inf, _edge_at_once, _edge_after_the_lowest),
    "12.old": (4, "4", np.float32(4), 1 + 0.01 * 300),
    "12.compare": (_compare_by_hand, _compare_by_covariance, _compare_by_statistics),
    "12.batches": ("cab", "C A B", "CAB "),
    "12.settings": (_settings_by_logarithms, _settings_by_trial, _settings_by_decades),
    "12.goal": ((0.3, 0.8), [0.15, 0.9], np.array([0.7, 0.5]), (0.25, 0.9)),
}

INDEPENDENT = "the three results do not depend on each other, so their lines may stand in any order"
SURVIVORS = {
    "12.compare": {
        "n = len(ours) after the next": INDEPENDENT,
        "difference = np.mean(ours) - np.mean(theirs) after the next": INDEPENDENT,
        "bar = 2 * np.sqrt((np.var(ours, ddof=1) + np.var(theirs, ddof=1)) / n) after the next": (
            INDEPENDENT
        ),
    },
}
