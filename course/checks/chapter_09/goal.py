"""09.goal, choose numbers that reach a goal: A clip and an outlier."""

from itertools import cycle, islice

import numpy as np

from course.checks.tasks import Goal, Mistake

TARGETS, CLIP, EPOCHS, NEAR = (0.0,) * 9 + (10.0,), 0.5, 30, 0.02


def _weights(learning_rate, k):
    """The weight after each call; the mean of k gradients is clipped, as Keras does."""
    w, total, found = 0.0, 0.0, []
    for call, target in enumerate(islice(cycle(TARGETS), EPOCHS * len(TARGETS)), 1):
        total += w - target
        if call % k == 0:
            w, total = w - learning_rate * min(max(total / k, -CLIP), CLIP), 0.0
        found.append(w)
    return np.array(found)


def _reach(learning_rate, k):
    """Whether the weight is near 1 throughout the last five epochs."""
    if learning_rate <= 0:
        return False, "learning_rate must be above 0."
    if k != round(k) or k < 2:
        return False, f"k must be a whole number of 2 or more; it is {k:g}."
    k = int(k)
    late = _weights(learning_rate, k)[-5 * len(TARGETS) :]
    low, high = late.min(), late.max()
    if np.abs(late - 1).max() < NEAR:
        return True, ""
    where = f"is {low:.3f}" if high - low < 5e-4 else f"runs between {low:.3f} and {high:.3f}"
    return False, (
        f"In the last five epochs the weight {where}; wanted: within {NEAR} of 1. "
        f"{_why(learning_rate, k)}"
    )


def _why(learning_rate, k):
    """Which of the two numbers errs, and how."""
    updates = EPOCHS * len(TARGETS) // k
    counted = f"There are {updates} updates in the whole run"
    if k % len(TARGETS):
        outliers = np.array([x == max(TARGETS) for x in TARGETS * EPOCHS])[: updates * k]
        blind = int(sum(outliers.reshape(updates, k).sum(axis=1) == 0)) if updates else 0
        if blind:
            return f"{counted}, and {blind} of their groups never meet the outlier: look at k."
        return f"{counted}. Its groups meet the outlier more often or less: look at k."
    early = (EPOCHS - 5) * len(TARGETS) // k
    if early * learning_rate * CLIP < 1 - NEAR:
        return (
            f"{early} updates come before the last five epochs, each of at most "
            f"{learning_rate:g} * {CLIP} = {learning_rate * CLIP:.3g}: they do not reach 1."
        )
    if learning_rate >= 2:
        return f"k is right. But a step leaves 1 - {learning_rate:g} of the way: it never settles."
    return (
        f"{counted}, and near 1 each leaves 1 - {learning_rate:g} of the way: "
        f"{'take longer steps' if learning_rate < 1 else 'take shorter steps'}."
    )


GOAL = Goal(
    name="09.goal",
    title="A clip and an outlier",
    asks="rate_and_k",
    points=2,
    results=("learning_rate", "k"),
    reach=_reach,
    reached=f"the weight stays within {NEAR} of 1 in the last five epochs",
    reference=(1.0, 10),
    mistakes=(
        Mistake(
            (0.1, 2),
            "Four groups of five see nothing of the outlier, and each outvotes the clipped fifth. "
            "A group must see what the whole epoch sees.",
        ),
        Mistake(
            (0.1, 5),
            "Every other group sees nothing of the outlier, and the clip makes its pull as long "
            "as the outlier's. A group must see what the whole epoch sees.",
        ),
        Mistake(
            (0.1, 10),
            "k is right: a group is an epoch. But there are only 30 updates, and the first ones "
            "are clipped to 0.1 · 0.5: take longer steps.",
        ),
        Mistake(
            (0.1, 8),
            "Close, and for the wrong reason: groups of 8 drift through the epochs, and some of "
            "them never meet the outlier.",
        ),
        Mistake(
            (1.0, 300),
            "One single update in the whole run, and it is clipped. A group must see what an epoch "
            "sees, but not more than it needs to.",
        ),
        Mistake(
            (0.01, 10),
            "k is right: a group is an epoch. But there are only 30 updates: take longer steps.",
        ),
    ),
    hints=(
        "Which gradients does a group have to see so that its mean points to w = 1?",
        "The mean of ten gradients in a row is w − 1, whatever the order. With fewer, some groups "
        "see only zeros, and the clip lets them count as much as the outlier.",
        "k = 10 makes 30 updates with the gradient w − 1, clipped to 0.5. Which learning rates "
        "come from 0 to 1 in 25 of them?",
    ),
)
