"""09.recipe, translate a recipe: A recipe for Keras."""

from itertools import product

import numpy as np

from course.checks.calling import agree
from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def _to_keras(drop_after, ema_momentum, summed_rate, k):
    return drop_after * k, ema_momentum ** (1 / k), summed_rate * k


def _recipe_with(drop=None, ema=None, rate=None):
    """A known mistake: another count of calls, another momentum or another rate, each of (x, k)."""

    def to_keras(*arguments):
        *given, k = arguments
        right = _to_keras(*arguments)
        parts = zip((drop, ema, rate), given, right)
        return tuple(slip(x, k) if slip else good for slip, x, good in parts)

    return to_keras


def _unchanged(x, k):
    return x


def _recipe_arguments(random):
    k, drop_after = random.integers((2, 10), (7, 60))
    return int(drop_after), random.uniform(0.5, 0.95), random.uniform(0.01, 0.2), int(k)


_SUMS = (
    "backward() adds the gradients up, and that loop never divides. Keras's mean is k times "
    "shorter than the sum, so its rate must be k times larger."
)
_PULLS = (
    "Keras pulls at every call, so at k calls per update its ema_momentum acts k times. The k-th "
    "root undoes it."
)
_COUNTS = "A schedule counts calls, and there are k of them per update: multiply by k."

#: For each of the three numbers what learners write, and the sentence; the first leaves it alone.
_SLIPS = (
    (
        (_unchanged, f"drop_after is as it was. {_COUNTS}"),
        (lambda x, k: x / k, f"You divided the schedule's count. {_COUNTS}"),
        (lambda x, k: x // k, f"You divided the schedule's count. {_COUNTS}"),
        (
            lambda x, k: x * k - 1,
            "drop_after is one call too early: after drop_after updates there were drop_after * k "
            "calls.",
        ),
        (
            lambda x, k: x * k + 1,
            "drop_after is one call too late: after drop_after updates there were drop_after * k "
            "calls.",
        ),
        (
            lambda x, k: x * (k - 1),
            "You counted only the calls that collect. A schedule counts the updating calls, too: "
            "multiply by k.",
        ),
        (
            lambda x, k: x * (k + 1),
            "An update is one of the k calls, not one more: multiply by k.",
        ),
        (lambda x, k: x + k, f"You added k. {_COUNTS}"),
    ),
    (
        (_unchanged, f"ema_momentum is as it was. {_PULLS}"),
        (
            lambda x, k: x**k,
            "ema_momentum: you went the wrong way. m to the power of k is what Keras makes of m "
            "per update. To get m per update, take its k-th root.",
        ),
        (
            lambda x, k: x / k,
            f"You divided ema_momentum by k. {_PULLS} (If you wrote ** 1 / k: Python takes the "
            "power first, so put 1 / k into brackets.)",
        ),
        (lambda x, k: x * k, f"You multiplied ema_momentum by k. {_PULLS}"),
        (
            lambda x, k: 1 - (1 - x) / k,
            "ema_momentum is close: a memory k times as long. But k pulls multiply, they do not "
            "add: the exact answer is the k-th root.",
        ),
        (
            lambda x, k: 1 - (1 - x) * k,
            "ema_momentum: you made the memory k times shorter. Keras pulls at every call, so each "
            "pull must be weaker: take the k-th root.",
        ),
        (
            lambda x, k: 1 - (1 - x) ** (1 / k),
            "ema_momentum: you took the root of the part that is replaced. It is the part that is "
            "kept, m, whose powers multiply.",
        ),
        (
            lambda x, k: x ** (1 / (k - 1)),
            "ema_momentum: Keras pulls at the updating call, too, so there are k pulls per update.",
        ),
        (lambda x, k: np.sqrt(x), "You took the square root. There are k pulls per update."),
    ),
    (
        (_unchanged, f"learning_rate is as it was. {_SUMS}"),
        (lambda x, k: x / k, f"You divided the learning rate. {_SUMS}"),
        (
            lambda x, k: x * np.sqrt(k),
            "learning_rate: the root of k is a rule of thumb for noise. Here a mean replaces a sum "
            "exactly k times shorter: multiply by k.",
        ),
        (
            lambda x, k: x * k**2,
            "learning_rate: one k is too many. Keras's mean is k times shorter than the sum.",
        ),
    ),
)


def _slips_of_recipe():
    """Every slip in one number, those before it right, those after it right or unchanged."""
    for place, slips in enumerate(_SLIPS):
        for slip, because in slips:
            for rest in product((None, _unchanged), repeat=2 - place):
                lines = [None] * place + [slip, *rest]
                told = because if any(rest) else f"One number is left. {because}"
                if lines.count(_unchanged) < 2:
                    yield Mistake(_recipe_with(*lines), told)


def _observe(arguments, yours, expected):
    drop_after, ema_momentum, summed_rate, k = arguments
    drop, m, rate = map(float, yours)
    if not agree(yours[:1], expected[:1]):
        return (
            f"After {drop:.4g} calls there were {drop / k:.4g} updates here; the recipe drops "
            f"after {drop_after}."
        )
    if not agree(yours[1:2], expected[1:2]):
        return (
            f"Here k = {k} pulls keep {m**k:.4g} of the average with your ema_momentum; the "
            f"recipe's one pull keeps {ema_momentum:.4g}."
        )
    return (
        f"Per gradient your step is learning_rate / k = {rate / k:.4g} of it here; the recipe's is "
        f"{summed_rate:.4g}."
    )


RECIPE = Observed(
    name="09.recipe",
    title="A recipe for Keras",
    work="write",
    asks="to_keras",
    points=2,
    results=("drop_after", "ema_momentum", "learning_rate"),
    reference=_to_keras,
    shown=(
        Case("k = 2", (100, 0.81, 0.1, 2)),
        Case("k = 4", (100, 0.9, 0.1, 4)),
    ),
    draw=_recipe_arguments,
    mistakes=(
        Mistake(
            _recipe_with(_unchanged, _unchanged, _unchanged),
            "Nothing is translated yet: ask for each of the three numbers what Keras counts, and "
            "what it divides by.",
            untouched=True,
        ),
        Mistake(
            _recipe_with(None, _unchanged, _unchanged),
            "The schedule is right. Two numbers are left: how often does Keras pull the average "
            "per update, and what does the other loop never divide by?",
        ),
        Mistake(
            _recipe_with(_unchanged, None, _unchanged),
            "ema_momentum is right. Two numbers are left: what does a schedule count, and what "
            "does the other loop never divide by?",
        ),
        Mistake(
            _recipe_with(_unchanged, _unchanged, None),
            "The learning rate is right. Two numbers are left: what does a schedule count, and how "
            "often does Keras pull the average per update?",
        ),
        *_slips_of_recipe(),
        Mistake(
            _recipe_with(lambda x, k: x / k, lambda x, k: x**k, lambda x, k: x / k),
            "All three go the wrong way: you have written what Keras would make of the recipe, or "
            "divided where Keras already does.",
        ),
    ),
    observe=_observe,
    hints=(
        "Three questions: what does a schedule count? How often is the average pulled per update? "
        "Who divides by k?",
        "A schedule counts calls; the average is pulled at each call; and Keras divides the sum by "
        "k, where the other loop does not.",
        "drop_after * k; the k-th root, ema_momentum ** (1 / k); summed_rate * k.",
    ),
)
