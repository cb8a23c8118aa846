"""07.goal, choose numbers that reach a goal: Ten faulty images."""

from functools import cache

import numpy as np

from course.checks.chapter_07.norm import clip_by_norm
from course.checks.tasks import Goal, Mistake
from course.digits import load_digits

DIGIT, LEARNED, FAULTY, BRIGHT = 5, 1000, 10, 255
BATCH, STEPS, LATE, GOOD = 20, 400, 50, 0.115
#: The longest gradient at the start of a batch without a faulty image, as the sheet says.
USUAL = 0.89


@cache
def _images_of_the_goal():
    """The learned images, ten of them stored wrongly, and the others: (x, y, x, y, batches)."""
    random = np.random.default_rng(0)
    images, labels = load_digits()
    order = random.permutation(len(images))
    batches = random.integers(0, LEARNED, size=(STEPS, BATCH))
    x = images[order].astype(float)
    middle = x[:LEARNED].mean(axis=0)
    x[:FAULTY] *= BRIGHT
    y = np.where(labels[order] == DIGIT, 1.0, -1.0)
    x, y = x - middle, y - y[:LEARNED].mean()
    return x[:LEARNED], y[:LEARNED], x[LEARNED:], y[LEARNED:], batches


def _train(learning_rate, clipnorm):
    """The mean test error over the last LATE of STEPS steps of clipped SGD."""
    x, y, test_x, test_y, batches = _images_of_the_goal()
    w, errors = np.zeros(64), []
    for step, batch in enumerate(batches):
        gradient = x[batch].T @ (x[batch] @ w - y[batch]) / BATCH
        w = w - learning_rate * clip_by_norm(gradient, clipnorm)
        if step >= STEPS - LATE:
            errors.append(np.mean((test_x @ w - test_y) ** 2))
    return np.mean(errors)


def _reach(learning_rate, clipnorm):
    """Whether the model learns in spite of the faulty images."""
    if learning_rate <= 0 or clipnorm <= 0:
        return False, "learning_rate and clipnorm must both be above 0."
    with np.errstate(all="ignore"):
        error = _train(learning_rate, clipnorm)
        if error < GOOD:
            return True, ""
        longest = f"ηc = {learning_rate * clipnorm:.3g}"
        if not np.isfinite(error) or error > 1e3:
            late = clipnorm > USUAL
            return False, (
                "The faulty images throw the weights away: a step may be "
                f"{longest} long. "
                + (
                    f"This clip comes too late: usual gradients are below {USUAL}."
                    if late
                    else "This learning rate is too large for the clip."
                )
            )
        return False, (
            f"The test error is {error:.3f} at the end; wanted: below {GOOD}. A clipped step is "
            f"{longest} long. {_why(learning_rate, clipnorm)}"
        )


def _why(learning_rate, clipnorm):
    """What would help most: the answer of the best neighbour."""
    neighbours = (
        (
            _train(2 * learning_rate, clipnorm),
            "The steps are too short: 400 of them do not get there. Raise the learning rate.",
        ),
        (
            _train(learning_rate, 2 * clipnorm),
            "The steps are too short: 400 of them do not get there. Raise the clip.",
        ),
        (
            _train(learning_rate / 2, clipnorm),
            "The learning rate is too large: what is left is noise.",
        ),
        (
            _train(learning_rate, clipnorm / 2),
            "The faulty images' steps are too long: lower the clip.",
        ),
    )
    return min(neighbours)[1]


GOAL = Goal(
    name="07.goal",
    title="Ten faulty images",
    asks="choice",
    points=2,
    results=("learning_rate", "clipnorm"),
    reach=_reach,
    reached=f"the test error is below {GOOD} in spite of the ten faulty images",
    reference=(0.2, 0.3),
    mistakes=(
        Mistake(
            (0.01, 1.0),
            "These are common defaults. The clip is fine, but Keras's 0.01 is too short for 400 "
            "steps of such gradients.",
        ),
        Mistake(
            (0.1, 10.0),
            "The clip lets pass what a faulty image does: thirty times the usual gradient. Set it "
            "where the usual gradients end.",
        ),
        Mistake(
            (0.1, 0.01),
            "This clip cuts every gradient, the usual ones, too: each step is 0.1 · 0.01 long. Let "
            "the usual ones pass.",
        ),
        Mistake(
            (1.0, 1.0),
            "The clip is fine for the usual gradients. But a faulty one still makes a step of "
            "ηc = 1, and all that is to be learned is hardly longer.",
        ),
    ),
    hints=(
        "Where should the threshold lie, seen from the two kinds of batches?",
        "Let the usual gradients pass, or nearly: a threshold between 0.1 and 1. Then see whether "
        "the steps are too short or too long.",
        "Leave the threshold at 0.3, and try the learning rates 0.01, 0.1 and 1.",
    ),
)
