"""The bench of chapter 12: one small network on the digits, trained many times side by side.

`train` trains runs, each with its own seed, learning rate, momentum and decay; `score` judges
them; `paired` compares two settings; `by_routine` spends whole hours of trials. NumPy alone, by
the functions of `course.sgd`: Keras's `fit` is too slow for thousands of trainings, and chapter
12 holds one against the other. Arrays of weights have the runs as their first axis.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from course import sgd
from course.digits import load_digits

#: A diverged run's loss: far above ln 10 = 2.3, which is guessing.
DIVERGED = 10


@cache
def digits():
    """The digits, shuffled once; returns (images, labels, rows to learn, to judge by, final).

    Shapes: images (1797, 64) float64 in [0, 1]; labels (1797,); the rows (896,), (400,), (501,).
    """
    images, labels = load_digits()
    shuffled = np.random.default_rng(12).permutation(len(labels))
    return images.astype(float), labels, *np.split(shuffled, (896, 1296))


def first_weights(seed):
    """One run's weights: 64 inputs, 32 hidden units, 10 classes; drawn as Keras's he_normal is.

    Source: He and others 2015, arXiv:1502.01852 (here without cutting off the tails).
    """
    random = np.random.default_rng(seed)
    w1, w2 = random.normal(size=(64, 32)), random.normal(size=(32, 10))
    return w1 * np.sqrt(2 / 64), np.zeros((1, 32)), w2 * np.sqrt(2 / 32), np.zeros((1, 10))


def forward(weights, x):
    """Hidden units, and the logarithms of the ten classes' probabilities.

    x: shape (runs, batch, 64) or (batch, 64); returns (..., batch, 32) and (..., batch, 10).
    """
    w1, b1, w2, b2 = weights
    hidden = np.maximum(x @ w1 + b1, 0)
    logits = hidden @ w2 + b2
    logits = logits - logits.max(axis=-1, keepdims=True)  # so that exp stays finite
    return hidden, logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def mean_loss(log_softmax, y):
    """Each run's mean cross-entropy, shape (runs,)."""
    return -np.take_along_axis(log_softmax, y[..., None], axis=-1)[..., 0].mean(axis=-1)


def losses_and_gradients(weights, x, y):
    """Each run's loss on its own batch, shape (runs,), and the gradients, shaped as the weights.

    x: shape (runs, batch, 64); y: shape (runs, batch).
    """
    hidden, log_softmax = forward(weights, x)
    error = (np.exp(log_softmax) - np.eye(10)[y]) / x.shape[-2]
    back = (error @ weights[2].swapaxes(1, 2)) * (hidden > 0)
    layers = (x.swapaxes(1, 2), back), (hidden.swapaxes(1, 2), error)
    gradients = [g for a, d in layers for g in (a @ d, d.sum(axis=1, keepdims=True))]
    return mean_loss(log_softmax, y), gradients


def ball(w, memory, g, rate, momentum, decay, step):
    """One step of Keras's SGD; returns (weights, memory), the memory being (velocity, None)."""
    w, velocity = sgd.heavy_ball(sgd.decay(w, rate, decay), memory[0], g, rate, momentum)
    return w, (velocity, None)


def nesterov(w, memory, g, rate, momentum, decay, step):
    """The same with `nesterov=True`."""
    w, velocity = sgd.nesterov_momentum(sgd.decay(w, rate, decay), memory[0], g, rate, momentum)
    return w, (velocity, None)


def adam(w, memory, g, rate, momentum, decay, step):
    """One step of Keras's Adam, step counted from 1; momentum is its beta_1.

    Returns (weights, memory), the memory being the running means of g and g².
    Source: Kingma & Ba 2015, arXiv:1412.6980, with Keras's decoupled decay.
    """
    mean = momentum * memory[0] + (1 - momentum) * g
    square = 0.999 * memory[1] + 0.001 * g**2
    length = rate * np.sqrt(1 - 0.999**step) / (1 - momentum**step)
    return sgd.decay(w, rate, decay) - length * mean / (np.sqrt(square) + 1e-7), (mean, square)


def constant(part):
    """A schedule: what part of the learning rate is used after this part of the run."""
    return 1.0


def cosine(part):
    """Half a wave from 1 to 0; chapter 03."""
    return (1 + np.cos(np.pi * part)) / 2


def rising(part):
    """The range test's: five decades from 0.0001 to 10, evenly on a logarithmic scale."""
    return 10 ** (5 * part - 4)


def side_by_side(
    seeds, rate, momentum, decay, shape=constant, *, rule=ball, batch=32, epochs=10, rows=None
):
    """Train runs at once; returns (weights, the batches' losses of shape (runs, steps)).

    seeds, rate, momentum, decay: shape (runs,); a seed deals first weights and batches.
    rows:   the images to train on; the 896 to learn from if left out.
    Errors: none for a run that diverges: it ends in inf or nan.
    """
    images, labels, learn, *_ = digits()
    rows = learn if rows is None else rows
    settings = [setting[:, None, None] for setting in (rate, momentum, decay)]
    weights = [np.stack(arrays) for arrays in zip(*map(first_weights, seeds))]
    memory, path = [(np.zeros_like(w), np.zeros_like(w)) for w in weights], []
    steps = len(rows) // batch * epochs
    for step in range(steps):
        epoch, place = divmod(step, len(rows) // batch)
        if place == 0:
            deals = np.stack([np.random.default_rng((s, epoch)).permutation(rows) for s in seeds])
        now = deals[:, place * batch : (place + 1) * batch]
        with np.errstate(all="ignore"):
            loss, gradients = losses_and_gradients(weights, images[now], labels[now])
            at = settings[0] * shape(step / steps), *settings[1:], step + 1
            moved = [rule(*each, *at) for each in zip(weights, memory, gradients)]
        weights, memory = map(list, zip(*moved))
        path.append(loss)
    return weights, np.array(path).T


def train(seeds, rate, momentum=0.9, decay=0, shape=constant, **how):
    """The same for any number of runs, in groups of up to 64 on two threads.

    Fewer side by side waste Python's time, more do not fit into the processor's cache.
    """
    settings = np.broadcast_arrays(seeds, rate, momentum, decay)
    parts = min(settings[0].size, 2 * -(-settings[0].size // 128))  # both threads have their part
    groups = zip(*(np.array_split(each, parts) for each in settings))
    with ThreadPoolExecutor(2) as pool:
        trained = pool.map(lambda group: side_by_side(*group, shape, **how), groups)
    weights, paths = zip(*trained)
    return [np.concatenate(arrays) for arrays in zip(*weights)], np.concatenate(paths)


def score(weights, rows):
    """Each run's loss on these rows (DIVERGED at most) and its errors in per cent."""
    images, labels, *_ = digits()
    x, y, loss, wrong = images[rows], labels[rows], [], []
    for run in zip(*weights):  # one after the other: all at once would not fit into the cache
        with np.errstate(all="ignore"):
            _, log_softmax = forward(run, x)
            loss.append(mean_loss(log_softmax, y))
        wrong.append(100 * (log_softmax.argmax(axis=-1) != y).mean())
    return np.fmin(loss, DIVERGED), np.array(wrong)


def repeat(settings, seeds=range(8), **how):
    """Train each setting (rate, momentum, decay) with the same seeds.

    Returns the losses to choose by and those on the images to learn from, both of shape
    (settings, seeds): column by column the runs share first weights and batches.
    """
    _, _, learn, judge, _ = digits()
    columns = np.repeat(np.array(settings, float), len(seeds), axis=0).T
    weights, _ = train(np.tile(seeds, len(settings)), *columns, **how)
    return [score(weights, rows)[0].reshape(-1, len(seeds)) for rows in (judge, learn)]


def paired(ours, theirs):
    """Mean of ours minus theirs, seed by seed, and its standard error; shapes (seeds,).

    What a seed does to both cancels; where it does nothing, nothing is lost.
    """
    difference = ours - theirs
    return difference.mean(), difference.std(ddof=1) / np.sqrt(len(difference))


def told(values, digits=3):
    """Mean and standard deviation of the runs, as text."""
    return f"{np.mean(values):.{digits}f} (sd {np.std(values, ddof=1):.{digits}f})"


def told_gap(ours, theirs, digits=3):
    """Difference and its standard error, as text, with a star from 2.4 standard errors on."""
    difference, error = paired(ours, theirs)
    star = "*" if abs(difference) > 2.4 * error else ""
    return f"{round(difference, digits) + 0.0:+.{digits}f} ± {error:.{digits}f}{star}"


def tried(rate, friction, decay, seeds, rule):
    """Losses of trials with a cosine, to choose by and at the end; shape (2, hours, trials).

    All but the rule have the shape (hours, trials); friction is 1 - momentum, 1 at most.
    """
    *_, judge, final = digits()
    momentum = 1 - np.minimum(friction, 1)
    columns = (setting.ravel() for setting in (seeds, rate, momentum, decay))
    weights, _ = train(*columns, cosine, rule=rule)
    return np.array([score(weights, rows)[0].reshape(len(seeds), -1) for rows in (judge, final)])


def keep_best(losses):
    """The losses, shape (2, hours), of each hour's best trial by the first of the two."""
    return losses[:, np.arange(losses.shape[1]), losses[0].argmin(axis=1)]


def by_routine(rule, stages, edges, seeds, steps=280):
    """Hours of trials, knob after knob; returns their losses, shape (2, hours, trials).

    stages: pairs (knob, factors). "rate" and "friction" multiply what was best so far, at first
            `edges`, shape (hours,), and 0.1; "decay" is put in units of 1/(rate × steps).
    seeds:  shape (hours, trials), one for each training.
    While SGD's friction moves, the effective rate is kept; Adam's step is free of it.
    """
    hours = len(seeds)
    now = {"rate": edges, "friction": np.full(hours, 0.1), "decay": np.zeros(hours)}
    losses, best = np.zeros((2, hours, 0)), np.full(hours, np.inf)
    for knob, factors in stages:
        trials = {name: np.repeat(value[:, None], len(factors), 1) for name, value in now.items()}
        trials[knob] = (1 if knob == "decay" else trials[knob]) * np.tile(factors, (hours, 1))
        if knob == "friction" and rule is not adam:
            trials["rate"] = trials["rate"] * factors
        rate, friction, decay = trials.values()
        stage = seeds[:, losses.shape[2] :][:, : len(factors)]
        new = tried(rate, friction, decay / (rate * steps), stage, rule)
        better, pick = new[0].min(axis=1) < best, (np.arange(hours), new[0].argmin(axis=1))
        now = {name: np.where(better, trials[name][pick], now[name]) for name in now}
        losses, best = np.concatenate([losses, new], 2), np.minimum(best, new[0].min(axis=1))
    return losses
