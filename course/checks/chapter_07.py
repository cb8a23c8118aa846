"""Exercise 07, clipping: six tasks; one to repair, one to write, one to put in order."""

from functools import cache
from itertools import product

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.descent import walk
from course.digits import load_digits
from course.surfaces import quadratic

# ---- 1, repair the clip of one gradient ----------------------------------------------


def _clip_by_norm(gradient, threshold):
    length = np.sqrt(np.sum(gradient**2))
    return gradient * threshold / np.maximum(length, threshold)


def _clip_arguments(random):
    gradient = random.normal(size=(2, 3))
    part = random.uniform(0.2, 0.8) if random.random() < 0.7 else random.uniform(1.2, 3.0)
    return gradient, float(part * np.linalg.norm(gradient))


def _shortened(length):
    """A known mistake: shortens by a factor as it should, but measures another length."""

    def slip(gradient, threshold):
        return gradient * np.minimum(1, threshold / length(gradient))

    return slip


def _norm(gradient):
    return np.sqrt(np.sum(gradient**2))


NORM = Rule(
    name="07.norm",
    title="One gradient, shortened",
    asks="clip_by_norm",
    points=2,
    results=("gradient",),
    reference=_clip_by_norm,
    shown=(
        Case("(6, 8), threshold 2", (np.array([6.0, 8.0]), 2.0)),
        Case("(0.6, 0.8), threshold 2", (np.array([0.6, 0.8]), 2.0)),
        Case("(0, 0), threshold 2", (np.array([0.0, 0.0]), 2.0)),
        Case("a matrix of length 5, threshold 1", (np.array([[3.0, 0.0], [0.0, 4.0]]), 1.0)),
    ),
    draw=_clip_arguments,
    pure=True,
    mistakes=(
        Mistake(
            lambda g, c: g / np.sum(g**2) * c,
            "Nothing is repaired yet: a clipped gradient has the length threshold. How long is "
            "yours?",
        ),
        Mistake(
            lambda g, c: g / _norm(g) * c,
            "Long gradients are right now. But short ones must pass as they are, and zero must "
            "stay zero, where your line has 0/0.",
        ),
        Mistake(
            lambda g, c: np.where(g == 0, 0.0, g / _norm(g) * c),
            "Long gradients and zero are right now. But short ones must pass as they are: a clip "
            "shortens, it never lengthens.",
        ),
        Mistake(
            lambda g, c: g / _norm(g) * min(_norm(g), c),
            "Long and short gradients are right now. But a gradient of zero must stay zero, and "
            "your line has 0/0.",
        ),
        Mistake(
            _shortened(lambda g: np.sum(g**2)),
            "The factor is right. But the length is the root of the sum of squares.",
        ),
        Mistake(
            _shortened(lambda g: np.sum(np.abs(g))),
            "The factor is right. But you added the entries' sizes: the length is the root of the "
            "sum of squares.",
        ),
        Mistake(
            _shortened(lambda g: np.max(np.abs(g))),
            "The factor is right. But you took the largest entry for the length, which is the root "
            "of the sum of squares.",
        ),
        Mistake(
            _shortened(lambda g: np.sqrt(np.mean(g**2))),
            "The factor is right. But the length is the root of the sum of squares, not of their "
            "mean.",
        ),
        Mistake(
            _shortened(lambda g: np.abs(np.sum(g))),
            "The factor is right. But entries of opposite sign must not cancel: square them before "
            "you add.",
        ),
        Mistake(
            _shortened(lambda g: np.sqrt(np.sum(g**2, axis=-1, keepdims=True))),
            "You clip each row of a matrix by itself. A variable has one length, over all of its "
            "entries.",
        ),
        Mistake(
            _shortened(lambda g: np.linalg.norm(g, 2)),
            "For a matrix, np.linalg.norm(..., 2) is its largest stretch. Leave the 2 out: the "
            "length is the root of the sum of all squares.",
        ),
        Mistake(
            lambda g, c: np.clip(g, -c, c),
            "This is clipvalue: it cuts each entry by itself and turns the direction. clipnorm "
            "shortens all of the gradient by one factor.",
        ),
        Mistake(
            lambda g, c: g / np.maximum(_norm(g), c),
            "You divide by the length and stop there, so a long gradient comes out at length 1: "
            "multiply by the threshold.",
        ),
        Mistake(
            lambda g, c: g if _norm(g) <= c else g / _norm(g),
            "A long gradient comes out at length 1: it should come out at length threshold.",
        ),
        Mistake(
            lambda g, c: g * np.minimum(1, _norm(g) / c),
            "The fraction stands on its head: the factor is threshold / length where that is below "
            "1.",
        ),
        Mistake(
            lambda g, c: g * np.maximum(1, c / np.maximum(_norm(g), 1e-300)),
            "You took the larger of 1 and threshold / length: short gradients grow, and long ones "
            "pass. It has to be the smaller.",
        ),
        Mistake(
            lambda g, c: g if _norm(g) <= c else np.zeros_like(g),
            "You throw the long gradients away. A clip shortens them to length threshold.",
        ),
    ),
    hints=(
        "Three questions: how long is the result for (6, 8)? For (0.6, 0.8)? And for (0, 0)?",
        "The factor is the smaller of 1 and threshold / length, and the length is a root.",
        "gradient * threshold / max(length, threshold) has no 0/0: the larger of the two is never "
        "zero.",
    ),
)

# ---- 2, write the clip of all gradients ----------------------------------------------


def _clip_all(gradients, threshold):
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    scale = threshold / np.maximum(length, threshold)
    return [gradient * scale for gradient in gradients]


def _global_arguments(random):
    gradients = [random.normal(size=(2, 3)), random.normal(size=2) * random.uniform(0.2, 2)]
    whole = np.concatenate([gradient.ravel() for gradient in gradients])
    part = random.uniform(0.2, 0.8) if random.random() < 0.7 else random.uniform(1.2, 3.0)
    return gradients, float(part * np.linalg.norm(whole))


def _all_by(length):
    """A known mistake: one factor for all, but from another length, of the lengths of each."""

    def slip(gradients, threshold):
        lengths = np.array([_norm(gradient) for gradient in gradients])
        scale = threshold / np.maximum(length(lengths), threshold)
        return [gradient * scale for gradient in gradients]

    return slip


def _whole(gradients):
    return np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))


def _mean_square(gradients):
    return np.sqrt(np.mean(np.concatenate([gradient.ravel() for gradient in gradients]) ** 2))


GLOBAL = Rule(
    name="07.global",
    title="All gradients, shortened together",
    asks="clip_by_global_norm",
    points=3,
    results=("A", "B"),
    reference=_clip_all,
    shown=(
        Case("A (2, -1), B (2), threshold 1.5", ([np.array([2.0, -1.0]), np.array([2.0])], 1.5)),
        Case("A (6, 8), B (0.5), threshold 2", ([np.array([6.0, 8.0]), np.array([0.5])], 2.0)),
        Case("A (2, -1), B (2), threshold 4", ([np.array([2.0, -1.0]), np.array([2.0])], 4.0)),
        Case("A (0, 0), B (4), threshold 2", ([np.zeros(2), np.array([4.0])], 2.0)),
        Case("A (0, 0), B (0), threshold 2", ([np.zeros(2), np.zeros(1)], 2.0)),
    ),
    draw=_global_arguments,
    pure=True,
    mistakes=(
        Mistake(
            lambda gradients, c: gradients,
            "Nothing is clipped yet: put your lines in place of the dots.",
        ),
        Mistake(
            lambda gradients, c: [_clip_by_norm(gradient, c) for gradient in gradients],
            "This is clipnorm: each variable is clipped by itself, and the ratio between them "
            "changes. global_clipnorm has one length and one factor for all.",
        ),
        Mistake(
            lambda gradients, c: [np.clip(gradient, -c, c) for gradient in gradients],
            "This is clipvalue: it cuts each entry by itself. global_clipnorm has one factor for "
            "all entries of all variables.",
        ),
        Mistake(
            lambda gradients, c: [gradient * c / _whole(gradients) for gradient in gradients],
            "Where they are too long together, it is right. Where they are not, they must pass as "
            "they are; and zeros must stay zeros, where your line has 0/0.",
        ),
        Mistake(
            lambda gradients, c: [
                gradient / _whole(gradients) * min(_whole(gradients), c) for gradient in gradients
            ],
            "Only one case is left: where all gradients are zero, your line has 0/0. They must "
            "stay zero.",
        ),
        Mistake(
            _all_by(np.sum),
            "You added the variables' lengths. The length of all is the root of the sum of all "
            "squares: square the lengths, add, and then take the root.",
        ),
        Mistake(
            _all_by(np.max),
            "You took the longest variable's length. The length of all is the root of the sum of "
            "all squares, of every variable.",
        ),
        Mistake(
            _all_by(np.mean),
            "You took the mean of the variables' lengths. The length of all is the root of the sum "
            "of all squares.",
        ),
        Mistake(
            _all_by(lambda lengths: np.sum(lengths**2)),
            "One factor for all is right. But the length is the root of the sum of squares: the "
            "root is missing.",
        ),
        Mistake(
            lambda gradients, c: [
                gradient * c / np.maximum(_mean_square(gradients), c) for gradient in gradients
            ],
            "One factor for all is right. But the length is the root of the sum of squares, not of "
            "their mean.",
        ),
        Mistake(
            _all_by(lambda lengths: lengths[0]),
            "You measured the first variable only. The length of all needs the squares of every "
            "variable.",
        ),
        Mistake(
            _all_by(lambda lengths: lengths[-1]),
            "You measured the last variable only: does your loop overwrite its sum?",
        ),
        Mistake(
            lambda gradients, c: [
                gradient / np.maximum(_whole(gradients), c) for gradient in gradients
            ],
            "You divide by the length and stop there, so that the whole comes out at length 1: "
            "multiply by the threshold.",
        ),
        Mistake(
            lambda gradients, c: [
                gradient * np.minimum(1, _whole(gradients) / c) for gradient in gradients
            ],
            "The fraction stands on its head: the factor is threshold / length where that is below "
            "1.",
        ),
        Mistake(
            lambda gradients, c: [
                _clip_by_norm(gradient, c / np.sqrt(len(gradients))) for gradient in gradients
            ],
            "You gave each variable the same share of the threshold. The whole is short enough "
            "now, but the ratio between the variables changes: use one factor for all.",
        ),
    ),
    hints=(
        "What is the length of one vector that holds the entries of all variables?",
        "First one loop over the gradients that adds all their squares; then one factor, the "
        "smaller of 1 and threshold / length; then one loop that multiplies.",
        "length = np.sqrt(sum(np.sum(g**2) for g in gradients)); each g is multiplied by "
        "threshold / max(length, threshold).",
    ),
)

# ---- 3, read a picture ---------------------------------------------------------------

WALKS = {"A": "norm", "B": "none", "C": "value"}
BOWL = quadratic((0.5, 4.0), start=(-3.0, 2.0))


def _clipping(way):
    """One step of plain descent on a gradient that was clipped with threshold 1, or not."""
    clips = {
        "none": lambda g: g,
        "value": lambda g: np.clip(g, -1, 1),
        "norm": lambda g: _clip_by_norm(g, 1.0),
    }

    def rule(w, v, g, eta, beta):
        return w - eta * clips[way](g), v

    return rule


def _walks(figure):
    """Three walks into one bowl with the same learning rate; how each clips is unsaid."""
    x, y = np.meshgrid(np.linspace(-3.6, 1.2, 80), np.linspace(-2.2, 2.4, 80))
    heights = np.sqrt(BOWL.loss(np.stack([x, y], axis=-1)))
    for axes, letter in zip(figure.subplots(1, 3, sharey=True), WALKS):
        path = walk(BOWL, 16, 0.4, rule=_clipping(WALKS[letter])).points
        axes.contour(x, y, heights, levels=9, colors="0.8", linewidths=0.8)
        axes.plot(*path.T, "o-", color="black", ms=4, lw=1)
        axes.plot(*path[0], "o", mfc="white", color="black", ms=9)
        axes.plot(0, 0, "+", color="#009E73", ms=12, mew=2)
        axes.set(title=letter, xlabel="$w_1$", xlim=(-3.5, 0.7), ylim=(-1.6, 2.3), aspect="equal")
    figure.axes[0].set_ylabel("$w_2$")


PATHS = Choice(
    name="07.paths",
    title="Three walks into a bowl",
    asks="none_value_norm",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_walks,
    mistakes=(
        Mistake(
            "BAC",
            "No clip is right. The other two are exchanged: where both entries are beyond c, "
            "clipvalue makes them equal. In which direction is that?",
        ),
        Mistake(
            "ACB",
            "clipvalue is right. But a walk without a clip makes steps of very different lengths: "
            "which of the walks has a long step in it?",
        ),
        Mistake(
            "CBA",
            "clipnorm is right. But clipvalue bounds each entry's move, to 0.4 here: can it make "
            "the longest step of the picture?",
        ),
        Mistake(
            "CAB",
            "The longest step of the picture belongs to the walk that nothing shortens. Begin with "
            "that one.",
        ),
        Mistake(
            "ABC",
            "The longest step of the picture belongs to the walk that nothing shortens. Begin with "
            "that one.",
        ),
    ),
    hints=(
        "Look at the first few steps of each walk: how long are they, and where do they point?",
        "Without a clip the step is as long as the slope is steep. With clipnorm it is never "
        "longer than ηc = 0.4, and points where the gradient does.",
        "With clipvalue both entries are cut to the same size as long as both are beyond c, so the "
        "walk goes off at 45°.",
    ),
)

# ---- 4, predict a number -------------------------------------------------------------

SETTLES = Number(
    name="07.settles",
    title="Where the clipped walker settles",
    asks="resting_place",
    points=0,
    reference=0.5,
    mistakes=(
        Mistake(
            2.0,
            "That is the mean, where the unclipped gradients balance. The fifth example's gradient "
            "is cut, the others' are not.",
        ),
        Mistake(
            0.0,
            "That is the median, where it settles for a very small threshold. At w = 0 the four "
            "examples have no gradient at all, and the fifth still pulls.",
        ),
        Mistake(
            0.4,
            "You clipped the examples. It is their gradients, w - a, that are clipped.",
        ),
        Mistake(
            2.5,
            "Your balance has the right form, but the fifth example's pull was not cut to 2.",
        ),
        Mistake(
            2 / 9 - 1,
            "That is the formula of the chapter's examples, nine of ten at -1. Balance the "
            "gradients of these five.",
        ),
        Mistake(
            -0.5,
            "The size is right; mind the sign: the fifth example pulls towards 10.",
        ),
    ),
    hints=(
        "It settles where the mean of the five clipped gradients is zero.",
        "For a w between 0 and 2 the four examples have the gradient w, uncut. The fifth has "
        "w - 10, which is cut. To what?",
        "4 · w + 1 · (-2) = 0.",
    ),
)

# ---- 5, put the stages in order ------------------------------------------------------


def _whole_step(w, v, gradient, learning_rate, momentum, weight_decay, clipvalue):
    gradient = np.clip(gradient, -clipvalue, clipvalue)
    w = w - learning_rate * weight_decay * w
    v = momentum * v - learning_rate * gradient
    w = w + v
    return w, v


def _stage_arguments(random):
    w, v, g = random.normal(size=(3, 3)) * [[1], [0.3], [4]]
    return (w, v, g, *random.uniform((0.1, 0.3, 0.2, 0.5), (0.5, 0.9, 0.9, 1.5)))


def _in_order(clip_first, velocity_first, decay_first):
    """The four lines in an order with some of the three right, as a function."""

    def step(w, v, g, eta, beta, wd, c):
        new = beta * v - eta * (np.clip(g, -c, c) if clip_first else g)
        move = new if velocity_first else v
        moved = w - eta * wd * w + move if decay_first else (w + move) * (1 - eta * wd)
        return moved, new

    return step


def _known_orders():
    """Every wrong order, explained by the first thing that is wrong in it."""
    because = (
        "The gradient is clipped when the velocity has taken it already: the clip comes too late, "
        "and changes nothing.",
        "The weights move before the velocity is renewed, so they take the old one.",
        "The decay comes after the move, and shrinks the step, too. Keras shrinks the weights "
        "before they move.",
    )
    yield Mistake(
        _in_order(False, True, False),
        "Nothing is put in order yet: where in the chain do clipping and decay stand?",
    )
    for right in product((True, False), repeat=3):
        if not all(right) and right != (False, True, False):
            yield Mistake(_in_order(*right), because[right.index(False)])


def _with_penalty(w, v, g, eta, beta, wd, c):
    v = beta * v - eta * np.clip(g + wd * w, -c, c)
    return w + v, v


def _with_clipped_velocity(w, v, g, eta, beta, wd, c):
    v = np.clip(beta * v - eta * g, -c, c)
    return w - eta * wd * w + v, v


STAGES = Rule(
    name="07.stages",
    title="Four stages in order",
    asks="whole_step",
    points=2,
    results=("w", "v"),
    reference=_whole_step,
    shown=(
        Case("a gradient of 8, clipvalue 1", (2.0, 0.0, 8.0, 0.1, 0.9, 0.5, 1.0)),
        Case("rolling, a gradient of -8, clipvalue 1", (2.0, -0.5, -8.0, 0.1, 0.9, 0.5, 1.0)),
        Case("rolling, a gradient of 0.5, clipvalue 1", (2.0, -0.5, 0.5, 0.1, 0.9, 0.5, 1.0)),
    ),
    draw=_stage_arguments,
    mistakes=(
        *_known_orders(),
        Mistake(
            _with_penalty,
            "The decay has got into the gradient and is clipped with it: that is a penalty. Keep "
            "the four lines as they are, and only put them in order.",
        ),
        Mistake(
            _with_clipped_velocity,
            "You clip the velocity. Keras clips the gradient, before the velocity takes it.",
        ),
    ),
    hints=(
        "Ask of each line what it reads, and whether that should be the old or the new.",
        "The velocity must read the clipped gradient, the move must read the new velocity, and the "
        "decay must read weights that have not moved yet.",
        "Chapter 00's chain: clip, decay, velocity, weights.",
    ),
)

# ---- 6, choose numbers that reach a goal ---------------------------------------------

DIGIT, LEARNED, FAULTY, BRIGHT = 5, 1000, 10, 255
BATCH, STEPS, LATE, GOOD = 20, 400, 50, 0.115


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
        w = w - learning_rate * _clip_by_norm(gradient, clipnorm)
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
        if not np.isfinite(error) or error > 1e3:
            return False, "The faulty images throw the weights away: this clip comes too late."
        return False, (
            f"The test error is {error:.3f} at the end; wanted: below {GOOD}. "
            f"{_why(learning_rate, clipnorm)}"
        )


def _why(learning_rate, clipnorm):
    """What would help most: the answer of the best neighbour."""
    longer = "The steps are too short: 400 of them do not get there."
    neighbours = (
        (_train(2 * learning_rate, clipnorm), longer),
        (_train(learning_rate, 2 * clipnorm), longer),
        (_train(learning_rate / 2, clipnorm), "The steps are too long: what is left is noise."),
        (_train(learning_rate, clipnorm / 2), "The faulty images' steps are too long."),
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

TASKS = (NORM, GLOBAL, PATHS, SETTLES, STAGES, GOAL)
