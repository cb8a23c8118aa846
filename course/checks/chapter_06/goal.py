"""06.goal, choose numbers that reach a goal: Eights from a hundred images."""

from functools import cache

import numpy as np

from course.checks.chapter_06.step import step
from course.checks.tasks import Goal, Mistake
from course.digits import load_digits

DIGIT, LEARNED, RATE = 8, 100, 0.1
START, END, GOOD = 100, 2000, 0.23


@cache
def _images_of_the_goal():
    """What decides the goal, of the learned images and of the others: two quadratic errors.

    Each is (A, b, c), the error being w·A·w - 2 b·w + c.
    """
    images, labels = load_digits()
    order = np.random.default_rng(0).permutation(len(images))
    few, rest = order[:LEARNED], order[LEARNED:]
    x = images - images[few].mean(axis=0, dtype=float)
    y = np.where(labels == DIGIT, 1.0, -1.0)
    y = y - y[few].mean()
    return [
        (x[s].T @ x[s] / len(s), x[s].T @ y[s] / len(s), np.mean(y[s] ** 2)) for s in (few, rest)
    ]


def _test_errors(momentum, weight_decay, steps=END):
    """The error on the other images after each step, shape (steps + 1,)."""
    (hessian, pull, _), (square, cross, constant) = _images_of_the_goal()
    w = v = np.zeros(64)
    path = [w]
    for _ in range(steps):
        w, v = step(w, v, hessian @ w - pull, RATE, momentum, weight_decay)
        path.append(w)
    path = np.array(path)
    return np.einsum("si,si->s", path @ square, path) - 2 * path @ cross + constant


def _in_the_long_run(strength):
    """The error on the other images where the weights settle under a decay of this strength."""
    (hessian, pull, _), (square, cross, constant) = _images_of_the_goal()
    w = np.linalg.lstsq(hessian + strength * np.eye(64), pull)[0]
    return w @ square @ w - 2 * w @ cross + constant


def _growth(momentum, weight_decay):
    """What a step multiplies the slowest or wildest part of the way by, in the long run."""
    curvatures = np.linalg.eigvalsh(_images_of_the_goal()[0][0])
    left = 1 - RATE * weight_decay
    return max(
        np.abs(np.linalg.eigvals([[left - RATE * h, momentum], [-RATE * h, momentum]])).max()
        for h in curvatures
    )


def _reach(momentum, weight_decay):
    """Whether the error on the other images is below GOOD from step START to step END."""
    if not 0 <= momentum < 1 or weight_decay < 0:
        return False, _out_of_range(momentum, weight_decay)
    growth = _growth(momentum, weight_decay)
    if growth > 1:
        return False, (
            f"The weights fly away, by a factor of {growth:.2f} per step in the long run: the "
            f"decay of a single step is too strong, it leaves 1 - {RATE} * {weight_decay:g} of "
            "them."
        )
    errors = _test_errors(momentum, weight_decay)
    if np.max(errors[START:]) < GOOD:
        return True, ""
    happened = (
        f"The test error is {errors[START]:.4f} at step {START} and {errors[-1]:.4f} at step "
        f"{END}; wanted: below {GOOD} from step {START} on."
    )
    return False, f"{happened} {_why(errors, momentum, weight_decay)}"


def _out_of_range(momentum, weight_decay):
    if weight_decay < 0:
        return "weight_decay must be at least 0: below that the weights would be driven apart."
    if momentum == 1:
        return "momentum must be below 1: at 1 the ball has no friction from it at all."
    return f"momentum must be at least 0 and below 1; it is {momentum:g}."


def _why(errors, momentum, weight_decay):
    strength = weight_decay * (1 - momentum)
    acts = f"it acts with strength weight_decay * (1 - momentum) = {strength:.3g}"
    settles = f"where the test error settles at {_in_the_long_run(strength):.4f}"
    if _in_the_long_run(strength) >= GOOD:
        weak = strength < 0.025
        change = "more" if weak else "less"
        return (
            f"In the long run this decay is too {'weak' if weak else 'strong'}: {acts}, {settles}. "
            f"At momentum {momentum:g} take {change} of it."
        )
    late = np.flatnonzero(errors >= GOOD)[-1] + 1
    knob = "less momentum, it still swings" if momentum > 0.97 else "more momentum"
    return (
        f"The strength is good: {acts}, {settles}. But it is below {GOOD} for good only from step "
        f"{late} on: take {knob}, and keep the strength."
        if late < END
        else f"The strength is good: {acts}, {settles}. But {END} steps do not get there: {knob}."
    )


GOAL = Goal(
    name="06.goal",
    title="Eights from a hundred images",
    asks="choice",
    points=2,
    results=("momentum", "weight_decay"),
    reach=_reach,
    reached=f"the test error is below {GOOD} from step {START} on",
    reference=(0.9, 0.25),
    mistakes=(
        Mistake(
            (0.0, 0.025),
            "The strength is the best there is, but plain SGD is too slow at this learning rate: "
            "take momentum, and keep the strength.",
        ),
        Mistake(
            (0.9, 0.025),
            "The strength 0.025 was plain SGD's. With momentum 0.9 a decay acts with a tenth of "
            "its number.",
        ),
        Mistake(
            (0.9, 0.0025),
            "The wrong way: with momentum 0.9 a decay acts with a tenth of its number, so the "
            "number has to be larger, not smaller.",
        ),
        Mistake(
            (0.9, 0.03),
            "This is the chapter's 0.03, which was found without momentum. With momentum 0.9 it "
            "acts with a tenth of that.",
        ),
        Mistake(
            (0.9, 0.0),
            "Without decay the model learns the noise of the 100 images, too, and with momentum it "
            "gets there sooner.",
        ),
        Mistake(
            (0.0, 0.0),
            "Without decay the model learns the noise of the 100 images, too.",
        ),
    ),
    hints=(
        "Two things are wanted: fast enough by step 100, and the right strength in the end. Which "
        "of your two numbers decides what?",
        "Speed comes with learning_rate / (1 - momentum), and momentum 0.9 is fast enough. The "
        "strength that was good without momentum is good with it; only its number is another.",
        "weight_decay * (1 - momentum) = 0.025.",
    ),
)
