"""Exercise 12, tuning SGD: six tasks, two of them to write and one to repair."""

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.digits import load_digits
from course.sgd import heavy_ball

# ---- the network of chapter 12, for trials, the picture and the goal -------------------


def _digits():
    """Images, labels, and chapter 12's rows to learn from, to choose by and for the end."""
    images, labels = load_digits()
    shuffled = np.random.default_rng(12).permutation(1797)
    return images.astype(float), labels, np.split(shuffled, (896, 1296))


def _first_weights(seed):
    random = np.random.default_rng(seed)
    w1, w2 = random.normal(size=(64, 32)), random.normal(size=(32, 10))
    return w1 * np.sqrt(2 / 64), np.zeros((1, 32)), w2 * np.sqrt(2 / 32), np.zeros((1, 10))


def _losses_and_gradients(weights, x, y):
    """Each run's mean cross-entropy, shape (runs,), and its gradients."""
    w1, b1, w2, b2 = weights
    hidden = np.maximum(x @ w1 + b1, 0)
    logits = hidden @ w2 + b2
    logits = logits - logits.max(axis=-1, keepdims=True)
    totals = np.exp(logits).sum(axis=-1, keepdims=True)
    truth = np.eye(10)[y]
    loss = (np.log(totals[..., 0]) - (truth * logits).sum(axis=-1)).mean(axis=-1)
    error = (np.exp(logits) / totals - truth) / x.shape[-2]
    back = (error @ w2.swapaxes(1, 2)) * (hidden > 0)
    layers = (np.swapaxes(x, -1, -2), back), (hidden.swapaxes(1, 2), error)
    return loss, [g for a, d in layers for g in (a @ d, d.sum(axis=1, keepdims=True))]


def _train(seeds, learning_rate, momentum, epochs, batch, cosine):
    """Runs side by side; returns (batch losses, losses to choose by, losses at the end)."""
    images, labels, (learn, judge, final) = _digits()
    seeds, *settings = np.broadcast_arrays(np.atleast_1d(seeds), learning_rate, momentum)
    rates, momenta = (setting[:, None, None] for setting in settings)
    weights = [np.stack(arrays) for arrays in zip(*map(_first_weights, seeds))]
    velocity, path = [np.zeros_like(w) for w in weights], []
    steps = len(learn) // batch * epochs
    for step in range(steps):
        epoch, place = divmod(step, len(learn) // batch)
        if place == 0:
            deals = [np.random.default_rng((s, epoch)).permutation(learn) for s in seeds]
        now = np.stack(deals)[:, place * batch : (place + 1) * batch]
        part = (1 + np.cos(np.pi * step / steps)) / 2 if cosine else 1.0
        loss, gradients = _losses_and_gradients(weights, images[now], labels[now])
        moved = (
            heavy_ball(*each, rates * part, momenta) for each in zip(weights, velocity, gradients)
        )
        weights, velocity = map(list, zip(*moved))
        path.append(loss)
    ends = (
        _losses_and_gradients(weights, images[rows], labels[rows])[0] for rows in (judge, final)
    )
    return np.array(path).T, *(np.fmin(loss, 10) for loss in ends)


def trial(seeds, learning_rate, momentum, *, epochs=5, cosine=True):
    """Train chapter 12's network once for each seed; returns the losses to choose by.

    seeds:  one seed or an array of them, shape (runs,); a seed deals first weights and batches.
    Shapes: the rates are scalars; returns (runs,). Where a run flew away its loss is 10.
    Source: the bench of chapter 12, with batches of 32.
    """
    with np.errstate(all="ignore"):
        return _train(seeds, learning_rate, momentum, epochs, 32, cosine)[1]


# ---- 1, repair the reading of a range test ---------------------------------------------


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

# ---- 2, predict a number ---------------------------------------------------------------

OLD = Number(
    name="12.old",
    title="A line of an old article",
    asks="times_too_long",
    points=0,
    reference=4.0,
    mistakes=(
        Mistake(
            1.0,
            "That would hold if today's Keras still carried out `decay`. It does not: what does it "
            "do with it?",
        ),
        Mistake(
            0.25, "You divided the article's rate by yours: asked is how much longer yours is."
        ),
        Mistake(3.0, "That is decay · t. The rate was divided by 1 + decay · t."),
        Mistake(
            np.exp(3.0),
            "That would be an exponential decay. Keras 2 divided the rate by 1 + decay · t.",
        ),
        Mistake(
            0.99**-300.0,
            "You took 1 % away at each step. Keras 2 divided the first rate by 1 + decay · t, "
            "which falls far more slowly.",
        ),
        Mistake(0.0125, "That is the article's learning rate. By which factor is yours larger?"),
        Mistake(0.05, "That is your learning rate. By which factor is it above the article's?"),
        Mistake(40.0, "Momentum makes both runs' steps longer by the same factor: it cancels."),
        Mistake(
            0.01 * 300 * 0.05 + 1,
            "The learning rate does not enter the factor: decay · t is 0.01 · 300.",
        ),
    ),
    hints=(
        "Two questions: what did `decay` do in Keras 2, and what does it do today?",
        "It meant η/(1 + decay · t), with t the count of steps. Today it is ignored, with a "
        "warning.",
        "The article's rate is 0.05 / (1 + 0.01 · 300), and yours is still 0.05.",
    ),
)

# ---- 3, write an honest comparison -----------------------------------------------------


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

# ---- 4, read a picture -----------------------------------------------------------------

_SWEPT = 0.00625 * 2.0 ** np.arange(8)


def valleys(batch, seeds=3):
    """Mean loss to choose by after five epochs at eight learning rates, shape (8,).

    batch:  examples in a batch; the learning rates are 0.00625, doubled up to 0.8, constant.
    """
    with np.errstate(all="ignore"):
        runs = np.tile(np.arange(seeds), 8), np.repeat(_SWEPT, seeds), 0.9
        return _train(*runs, 5, batch, cosine=False)[1].reshape(8, seeds).mean(axis=1)


def _batches(figure):
    """Loss against learning rate for three batch sizes, which are unsaid."""
    axes = figure.subplots()
    for letter, batch, line in (("A", 32, "o-"), ("B", 128, "s--"), ("C", 8, "^:")):
        axes.semilogx(_SWEPT, valleys(batch), line, color="black", label=letter)
    axes.set_xticks(_SWEPT, [f"{rate:g}" for rate in _SWEPT])
    axes.minorticks_off()
    axes.set(xlabel="learning rate", ylabel="loss after five epochs", ylim=(0, 2.5))
    axes.legend(loc="upper center")


BATCHES = Choice(
    name="12.batches",
    title="Three valleys",
    asks="batches_8_32_128",
    points=0,
    reference="CAB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_batches,
    mistakes=(
        Mistake(
            "BAC",
            "You gave the smallest batch the longest steps. It has the noisiest gradients, and the "
            "most steps in five epochs: which learning rate suits it?",
        ),
        Mistake(
            "CBA",
            "Batch 8 is right. Of the other two, the larger batch has less noise and fewer steps: "
            "its valley lies further right.",
        ),
        Mistake(
            "ACB",
            "Batch 128 is right. Of the other two, the smaller batch has more noise and more "
            "steps: its valley lies further left.",
        ),
        Mistake(
            "ABC",
            "The valleys of the three batches lie in the order of their sizes. Which of them lies "
            "furthest left?",
        ),
        Mistake(
            "BCA",
            "The valleys of the three batches lie in the order of their sizes. Which of them lies "
            "furthest left?",
        ),
    ),
    hints=(
        "Look at the lowest point of each curve: at which learning rate is it?",
        "Five epochs are 560 steps with batches of 8 and 35 with batches of 128. And the noise of "
        "a gradient has variance σ²/B.",
        "The best learning rate grows with the batch, and ever more slowly.",
    ),
)

# ---- 5, write random draws -------------------------------------------------------------


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


def _draw_arguments(random):
    lows, decades = 10 ** random.uniform((-3, -2, -5), (-1, -1, -3)), random.uniform(1, 3, size=3)
    highs = lows * 10**decades
    highs[1] = min(highs[1], 0.9)
    pairs = [(float(low), float(high)) for low, high in zip(lows, highs)]
    return random.uniform(size=(3, 4)), *pairs


_WIDE = (0.01, 1.0), (0.01, 1.0), (1e-5, 0.1)

SETTINGS = Rule(
    name="12.settings",
    title="Trials at random",
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
    mistakes=(
        Mistake(
            lambda u, *ranges: tuple(0 * row for row in u),
            "Nothing is drawn yet: put your lines in place of the dots.",
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
    ),
    hints=(
        "On a log scale equal parts of the way are equal factors. Which factor leads from low to "
        "high, and which half of the way?",
        "low * (high / low) ** u goes from low to high in equal factors. Draw η/(1 − β), 1 − β and "
        "the decay so; then make η and β of the first two.",
        "With r, f and d drawn so, return r * f, 1 - f, d.",
    ),
)

# ---- 6, choose numbers that reach a goal -----------------------------------------------

ENOUGH, SEEDS = 0.15, (100, 101, 102)


def _reach(learning_rate, momentum):
    """Whether chapter 12's network gets below ENOUGH at the end, in the mean over SEEDS."""
    if learning_rate <= 0 or not 0 <= momentum < 1:
        return False, "learning_rate must be above 0, and momentum from 0 to below 1."
    with np.errstate(all="ignore"):
        path, _, end = _train(SEEDS, learning_rate, momentum, 5, 32, cosine=True)
    if np.mean(end) < ENOUGH:
        return True, ""
    epochs = ", ".join(f"{loss:.2f}" for loss in path.reshape(-1, 5, 28).mean(axis=(0, 2)))
    return False, (
        f"At the end the mean loss is {np.mean(end):.3f}; it must be below {ENOUGH}. The batches' "
        f"loss in the five epochs: {epochs}."
    )


GOAL = Goal(
    name="12.goal",
    title="A short run",
    asks="rates",
    points=2,
    results=("learning_rate", "momentum"),
    reach=_reach,
    reached=f"the mean loss at the end is below {ENOUGH}",
    reference=(0.2, 0.9),
    mistakes=(
        Mistake(
            (0.001, 0.9),
            "These are the numbers of an old article. They were made for another network, loss and "
            "length of run.",
        ),
        Mistake(
            (0.01, 0.9),
            "Keras's default learning rate, with η/(1 − β) = 0.1. Look at whole runs at larger "
            "learning rates.",
        ),
        Mistake(
            (0.1, 0.99),
            "The memory of 100 steps is long for a run of 140, and η/(1 − β) is 10.",
        ),
        Mistake((0.1, 0.0), "Here η/(1 − β) is 0.1. Which knob raises it tenfold at once?"),
        Mistake(
            (1.0, 0.9), "Beyond the edge. From there go down by factors of 3, not by a little."
        ),
    ),
    hints=(
        "Learning rate first: a few trials with momentum 0.9, in factors of 3, from 0.01 to 1.",
        "Plain SGD cannot do it, and a memory near 100 steps is too long. With 0.8 or 0.9 look for "
        "η/(1 − β) between 1 and 3.",
        "With momentum 0.9 a learning rate of 0.1 is nearly enough: the cosine ends calm, so it "
        "may travel faster.",
    ),
)

TASKS = (RANGE, OLD, COMPARE, BATCHES, SETTINGS, GOAL)
