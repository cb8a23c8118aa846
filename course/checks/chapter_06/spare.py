"""06.spare, write: spare the biases: Spare the biases."""

from itertools import product

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _spare(weights, paths, words, learning_rate, weight_decay):
    names = [path.removesuffix(":0").split("/")[-1] for path in paths]
    spared = np.array([name in words for name in names])
    return np.where(spared, weights, weights * (1 - learning_rate * weight_decay))


def _sparing(is_spared, kept=None):
    """A known mistake: which path is spared, and what the decay leaves of the others."""

    def slip(weights, paths, words, eta, wd):
        spared = np.array([is_spared(path, words) for path in paths])
        return np.where(
            spared, weights, kept(weights, eta, wd) if kept else weights - eta * wd * weights
        )

    return slip


def _last(path):
    return path.removesuffix(":0").split("/")[-1]


def _named(path, words):
    return _last(path) in words


MODELS = ("net", "unbiased", "gamma")
LAYERS = ("dense", "beta_block", "norm/norm_1")
NAMES = ("kernel", "bias", "gamma", "beta", "log_gamma", "bias_scale")


def _spare_arguments(random):
    places = [*product(MODELS, LAYERS, NAMES)]
    chosen = [places[i] for i in random.choice(len(places), 8, replace=False)]
    paths = ["/".join(parts) + ":0" for parts in chosen]
    words = [str(word) for word in random.permutation(["bias", "gamma", "beta"])[:2]]
    return random.normal(size=8), paths, words, random.uniform(0.1, 0.5), random.uniform(0.2, 0.9)


def _spare_case(title, words, *paths):
    weights = np.arange(1.0, len(paths) + 1)
    return Case(title, (weights, [path + ":0" for path in paths], words, 0.5, 0.2))


SPARE = Rule(
    name="06.spare",
    title="Spare the biases",
    work="write",
    asks="decay_but",
    points=2,
    results=("weights",),
    reference=_spare,
    shown=(
        _spare_case("net/dense, spare bias", ["bias"], "net/dense/kernel", "net/dense/bias"),
        _spare_case(
            "unbiased/dense, spare bias", ["bias"], "unbiased/dense/kernel", "unbiased/dense/bias"
        ),
        _spare_case(
            "gamma/dense and gamma/norm, spare gamma and beta",
            ["gamma", "beta"],
            *("gamma/dense/kernel", "gamma/dense/bias", "gamma/norm/gamma", "gamma/norm/beta"),
        ),
        _spare_case(
            "net/head, spare gamma and bias",
            ["gamma", "bias"],
            *("net/head/log_gamma", "net/head/bias_scale", "net/head/bias"),
        ),
    ),
    draw=_spare_arguments,
    mistakes=(
        Mistake(
            lambda weights, *rest: weights,
            "Nothing decays yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            _sparing(lambda path, words: False),
            "Every weight decays, the biases too. Do you compare the words with a path that still "
            "ends in :0?",
        ),
        Mistake(
            _sparing(lambda path, words: any(word in path for word in words)),
            'You search the words anywhere in the path, as Keras does: "unbiased" contains "bias". '
            "Compare whole words, with the last part alone.",
        ),
        Mistake(
            _sparing(
                lambda path, words: any(w in path.removesuffix(":0").split("/") for w in words)
            ),
            "You compare whole words, but with every part of the path: a model called gamma is no "
            "gamma. Only the last part is the variable's own name.",
        ),
        Mistake(
            _sparing(lambda path, words: any(word in _last(path) for word in words)),
            "You look at the last part, as you should. But there you search for the word anywhere: "
            "log_gamma is not gamma.",
        ),
        Mistake(
            _sparing(lambda path, words: any(_last(path).endswith(word) for word in words)),
            "You look whether the name ends with a word. log_gamma does, and is not gamma: the "
            "whole last part must be the word.",
        ),
        Mistake(
            _sparing(lambda path, words: any(_last(path).startswith(word) for word in words)),
            "You look whether the last part begins with a word. bias_scale does, and is no bias: "
            "the whole last part must be the word.",
        ),
        Mistake(
            _sparing(lambda path, words: not _named(path, words)),
            "The wrong way round: the biases decay, and all others are spared.",
        ),
        Mistake(
            _sparing(lambda path, words: _named(path, words[:1])),
            "You heed only the first of the words.",
        ),
        Mistake(
            _sparing(lambda path, words: _named(path, words[-1:])),
            "You heed only the last of the words. If you loop over them, a weight that one word "
            "has spared must stay so.",
        ),
        Mistake(
            _sparing(_named, lambda w, eta, wd: w * (1 - wd)),
            "The right weights are spared. The others decay by learning_rate * weight_decay of "
            "themselves, not by weight_decay.",
        ),
        Mistake(
            _sparing(_named, lambda w, eta, wd: w - eta * wd),
            "The right weights are spared. From the others you took the same amount each: decay "
            "takes a part of the weight, so multiply by it.",
        ),
        Mistake(
            _sparing(_named, lambda w, eta, wd: w * (1 + eta * wd)),
            "The right weights are spared. But the others grow: the decay takes a part away.",
        ),
        Mistake(
            _sparing(_named, lambda w, eta, wd: eta * wd * w),
            "The right weights are spared. Of the others you return what the decay takes; return "
            "what it leaves.",
        ),
        Mistake(
            lambda weights, paths, words, eta, wd: (
                weights * np.array([not _named(path, words) for path in paths]) * (1 - eta * wd)
            ),
            "To spare a weight is to leave it as it is. Yours becomes 0.",
        ),
    ),
    hints=(
        "Take one path apart first: what do you have to cut off, and where, to be left with the "
        "variable's own name?",
        'path.split("/")[-1] is the last part, and still ends in ":0". Compare what is left with '
        "the words: name in words.",
        'name = path.removesuffix(":0").split("/")[-1]; where name in words the weight stays, else '
        "it is multiplied by 1 - learning_rate * weight_decay.",
    ),
)
