"""09.recipe, translate a recipe: A recipe for Keras."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


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

RECIPE = Rule(
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
        Mistake(_recipe_with(drop=_unchanged), f"One number is left. {_COUNTS}"),
        Mistake(_recipe_with(ema=_unchanged), f"One number is left. {_PULLS}"),
        Mistake(_recipe_with(rate=_unchanged), f"One number is left. {_SUMS}"),
        Mistake(
            _recipe_with(drop=lambda x, k: x / k),
            f"You divided the schedule's count. {_COUNTS}",
        ),
        Mistake(
            _recipe_with(drop=lambda x, k: x // k),
            f"You divided the schedule's count. {_COUNTS}",
        ),
        Mistake(
            _recipe_with(rate=lambda x, k: x / k),
            f"You divided the learning rate. {_SUMS}",
        ),
        Mistake(
            _recipe_with(ema=lambda x, k: x**k),
            "You went the wrong way: m to the power of k is what Keras makes of m per update. To "
            "get m per update, take its k-th root.",
        ),
        Mistake(
            _recipe_with(ema=lambda x, k: x / k),
            f"You divided ema_momentum by k. {_PULLS} (If you wrote ** 1 / k: Python takes the "
            "power first, so put 1 / k into brackets.)",
        ),
        Mistake(
            _recipe_with(ema=lambda x, k: 1 - (1 - x) / k),
            "Close: a memory k times as long. But k pulls multiply, they do not add: the exact "
            "answer is the k-th root.",
        ),
        Mistake(
            _recipe_with(ema=lambda x, k: np.sqrt(x)),
            "You took the square root. There are k pulls per update, so take the k-th root.",
        ),
        Mistake(
            _recipe_with(lambda x, k: x / k, lambda x, k: x**k, lambda x, k: x / k),
            "All three go the wrong way: you have written what Keras would make of the recipe, or "
            "divided where Keras already does.",
        ),
    ),
    hints=(
        "Three questions: what does a schedule count? How often is the average pulled per update? "
        "Who divides by k?",
        "A schedule counts calls; the average is pulled at each call; and Keras divides the sum by "
        "k, where the other loop does not.",
        "drop_after * k; the k-th root, ema_momentum ** (1 / k); summed_rate * k.",
    ),
)
