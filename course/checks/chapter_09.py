"""Exercise 09, gradient accumulation: two rules, a repair, a prediction, a picture and a goal."""

from itertools import cycle, islice

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.sgd import clip_by_norm

# ---- 1, write one call ---------------------------------------------------------------


def _accumulated_call(w, accumulator, gradient, calls, k, learning_rate):
    accumulator = accumulator + gradient
    if (calls + 1) % k == 0:
        w = w - learning_rate * accumulator / k
        accumulator = np.zeros_like(accumulator)
    return w, accumulator


def _call_with(push=None, empty=None, due=None):
    """A known mistake: another gradient to step with, another rest, or another turn.

    push:  (accumulator, gradient, calls, k) -> what is multiplied by -learning_rate.
    empty: (accumulator, gradient) -> the accumulator after an update.
    due:   (calls, k) -> whether this call updates.
    """

    def call(w, accumulator, gradient, calls, k, learning_rate):
        if not (due(calls, k) if due else (calls + 1) % k == 0):
            return w, accumulator + gradient
        step = push(accumulator, gradient, calls, k) if push else (accumulator + gradient) / k
        rest = empty(accumulator, gradient) if empty else 0 * accumulator
        return w - learning_rate * step, rest

    return call


def _moves_at_each_call(part):
    """A known mistake: every call moves the weights, by a part (of k) of its gradient."""

    def call(w, accumulator, gradient, calls, k, learning_rate):
        rest = (accumulator + gradient) * ((calls + 1) % k > 0)
        return w - learning_rate * gradient * part(k), rest

    return call


def _divides_while_it_adds(w, accumulator, gradient, calls, k, learning_rate):
    accumulator = accumulator + gradient / k
    if (calls + 1) % k:
        return w, accumulator
    return w - learning_rate * accumulator, 0 * accumulator


def _call_arguments(random):
    k, group = int(random.integers(2, 6)), int(random.integers(1, 4))
    # A group's first call, its last, or another; never in the first group, which hides slips.
    calls = k * group + (0, k - 1, int(random.integers(k)))[random.integers(3)]
    w, accumulator, gradient = random.normal(size=(3, 2))
    return w, accumulator * (calls % k > 0), gradient, calls, k, random.uniform(0.1, 0.9)


CALL = Rule(
    name="09.call",
    title="One call, whether it updates or not",
    asks="accumulated_call",
    points=3,
    results=("w", "accumulator"),
    reference=_accumulated_call,
    shown=(
        Case("the first call of three", (5.0, 0.0, 2.0, 0, 3, 0.5)),
        Case("the second call", (5.0, 2.0, 3.0, 1, 3, 0.5)),
        Case("the third call", (5.0, 5.0, 7.0, 2, 3, 0.5)),
        Case("the fourth call", (3.0, 0.0, 1.0, 3, 3, 0.5)),
    ),
    draw=_call_arguments,
    mistakes=(
        Mistake(
            lambda w, accumulator, *rest: (w, accumulator),
            "Nothing happens yet: put your lines in place of the dots.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a + g),
            "You step with the sum, as a PyTorch loop does that calls backward() k times. Keras "
            "steps with the mean: divide by k.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a / k),
            "The last gradient of the group is lost. It is one of the k: add it before you step.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: g),
            "You step with the last gradient alone. The mean over the whole group is wanted.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: a + g / k),
            "You divide the last gradient only. The sum of all k is divided by k.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: (a + g) / (calls + 1)),
            "You divide by the number of all calls so far. Only the k gradients since the last "
            "update are in the sum.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: (a + g) / (k - 1)),
            "You divide by the calls that only collect. The gradient of the updating call is in "
            "the sum, too: divide by k.",
        ),
        Mistake(
            _call_with(push=lambda a, g, calls, k: -(a + g) / k),
            "Your step goes uphill: the gradient points up, so subtract.",
        ),
        Mistake(
            _call_with(empty=lambda a, g: a + g),
            "Your w is right, but the sum is kept. The next group must begin with an empty "
            "accumulator.",
        ),
        Mistake(
            _call_with(empty=lambda a, g: g),
            "Your w is right, but this gradient has had its say: the next group begins with an "
            "empty accumulator, not with it.",
        ),
        Mistake(
            _call_with(empty=lambda a, g: a),
            "Your w is right, but the old sum is kept. The next group must begin with an empty "
            "accumulator.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls % k == 0),
            "You update on the first call of a group, with nothing collected yet. `calls` counts "
            "those before this one, so the group is full when (calls + 1) % k is 0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls > 0 and calls % k == 0),
            "Your update comes one call late. `calls` counts those before this one, so the group "
            "is full when (calls + 1) % k is 0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls + 1 == k),
            "Only the first group is ever used. Every k-th call updates: (calls + 1) % k is 0.",
        ),
        Mistake(
            _call_with(due=lambda calls, k: calls + 1 >= k),
            "After the first group you update at each call. Every k-th call does: (calls + 1) % k "
            "is 0.",
        ),
        Mistake(
            _divides_while_it_adds,
            "You divide while you add. The accumulator that comes in is a plain sum: keep it so, "
            "and divide when you step.",
        ),
        Mistake(
            _moves_at_each_call(lambda k: 1 / k),
            "You move at each call, by a k-th. Nothing may move within a group: its k gradients "
            "are taken at the same weights.",
        ),
        Mistake(
            _moves_at_each_call(lambda k: 1),
            "You move at each call. That is plain SGD: with accumulation only every k-th call "
            "moves the weights.",
        ),
        Mistake(
            lambda *arguments: _accumulated_call(*arguments)[::-1],
            "The two values are right, but swapped: return w first, then the accumulator.",
        ),
    ),
    hints=(
        "What does every call do, whether it updates or not? And what do only some do?",
        "Every call adds its gradient to the accumulator. If (calls + 1) % k is 0, the group is "
        "full: step, and empty the accumulator.",
        "accumulator = accumulator + gradient; if the group is full: w = w - learning_rate * "
        "accumulator / k, and then accumulator = 0 * accumulator.",
    ),
)

# ---- 2, predict a number -------------------------------------------------------------

GRADIENTS = (8, None, None, 6, 2, 8)

MISSING = Number(
    name="09.missing",
    title="A layer that is not always used",
    asks="last_weight",
    points=0,
    reference=2.0,
    mistakes=(
        Mistake(
            -2.0,
            "You let the 8 of call 1 count. Call 2 updates, and there the gradient is None: the "
            "weight rests, and what was collected is thrown away.",
        ),
        Mistake(
            -1.0,
            "The 6 of call 4 is divided by 2 all the same: a None on a call that only collects "
            "counts as zero.",
        ),
        Mistake(
            -9.0,
            "You divided by the number of gradients that are there. The divisor is always k; and "
            "a None on an updating call throws the group away.",
        ),
        Mistake(
            5.0,
            "You threw away both groups that have a None. Call 3 only collects: there a None "
            "counts as zero, and call 4 updates.",
        ),
        Mistake(
            1.0,
            "You have the groups the other way round: call 2 updates, not call 3. Its None freezes "
            "the weight; that of call 3, which only collects, counts as zero.",
        ),
        Mistake(
            -6.0,
            "You stepped with the sums. Keras steps with the mean, so divide by 2.",
        ),
        Mistake(-14.0, "You stepped at each call. With k = 2 every second call steps."),
        Mistake(7.0, "There is a third group: calls 5 and 6."),
    ),
    hints=(
        "Put the six calls into three groups. Which call of each collects, and which one updates?",
        "A None on a call that collects counts as zero. A None on the call that updates freezes "
        "the weight, and the group's sum is thrown away.",
        "Group 1 is lost; group 2 steps by (0 + 6)/2 = 3. Group 3 is an ordinary one.",
    ),
)

# ---- 3, repair a loop ----------------------------------------------------------------


def _joined_gradient(gradients, sizes, clipnorm):
    total = 0
    for gradient, size in zip(gradients, sizes):
        total = total + size * gradient
    return clip_by_norm(total / np.sum(sizes), clipnorm)


def _plain_mean(gradients, sizes):
    return np.mean(gradients, axis=0)


def _weighted_mean(gradients, sizes):
    return np.average(gradients, axis=0, weights=sizes)


def _each_clipped(gradients, clipnorm):
    return np.array([clip_by_norm(gradient, clipnorm) for gradient in gradients])


def _normalised(gradients, sizes, clipnorm):
    mean = _weighted_mean(gradients, sizes)
    return mean * clipnorm / np.linalg.norm(mean)


def _joined_arguments(random):
    gradients, (a, b, c) = random.normal(size=(3, 2)), random.integers((1, 4, 8), (4, 8, 14))
    sizes = random.permutation([a, b, c])
    # The joined gradient is longer than the threshold, and so is one of the three at least.
    return gradients, sizes, 0.7 * np.linalg.norm(_weighted_mean(gradients, sizes))


_TWO = np.array([[0.0, 1.0], [6.0, 1.0]])

JOINED = Rule(
    name="09.joined",
    title="A loop of your own, for unequal batches",
    asks="joined_gradient",
    points=2,
    results=("gradient",),
    reference=_joined_gradient,
    shown=(
        Case("two batches of 4, nothing to clip", (_TWO, np.array([4, 4]), 100.0)),
        Case("batches of 4 and 2, nothing to clip", (_TWO, np.array([4, 2]), 100.0)),
        Case("batches of 4 and 2, clipped to length 1", (_TWO, np.array([4, 2]), 1.0)),
    ),
    draw=_joined_arguments,
    mistakes=(
        Mistake(
            lambda g, n, c: _plain_mean(_each_clipped(g, c), n),
            "Nothing is repaired yet. Compare with the joined batch: how much does each of its "
            "examples count, and what is it that gets clipped?",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(_plain_mean(g, n), c),
            "The clip comes after the mean now. One fault is left: a mean of means lets each "
            "example of a short batch count more. Weight each gradient by its batch's size.",
        ),
        Mistake(
            lambda g, n, c: _weighted_mean(_each_clipped(g, c), n),
            "The sizes count now. One fault is left: the joined batch is clipped once, after the "
            "mean, and no gradient before it. (A second clip after the mean changes nothing then.)",
        ),
        Mistake(
            lambda g, n, c: _weighted_mean(g, n),
            "The mean is right, but it is not clipped any more. Clip it once, at the end.",
        ),
        Mistake(
            lambda g, n, c: _plain_mean(g, n),
            "This is the plain mean of the gradients: the sizes are not in it, nor the clip.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g * n[:, None], axis=0) / len(n), c),
            "You weight by the sizes, and still divide by the number of batches. Divide by the "
            "number of examples: sum(sizes).",
        ),
        Mistake(
            lambda g, n, c: np.sum(g * n[:, None], axis=0) / len(n),
            "You weight by the sizes, and still divide by the number of batches: divide by "
            "sum(sizes). And clip the mean.",
        ),
        Mistake(
            lambda g, n, c: np.sum(_each_clipped(g, c) * n[:, None], axis=0) / len(n),
            "You weight by the sizes, and still divide by the number of batches: divide by "
            "sum(sizes). And clip once, after the mean.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g * n[:, None], axis=0), c),
            "You clip the sum. The joined batch's gradient is a mean: divide by sum(sizes) first.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g * n[:, None], axis=0), c) / np.sum(n),
            "You clip before you divide, so that the result is far too short. First the mean, then "
            "the clip.",
        ),
        Mistake(
            lambda g, n, c: clip_by_norm(np.sum(g / n[:, None], axis=0), c),
            "You divide each gradient by its size. It is a mean already: multiply by the size to "
            "get the batch's sum back.",
        ),
        Mistake(
            _normalised,
            "You stretch short gradients, too. A norm clip leaves alone what is short enough: use "
            "clip_by_norm.",
        ),
    ),
    hints=(
        "Write down what one example of the short batch counts, and what one of the long batch "
        "does.",
        "A batch's mean gradient times its size is the sum over its examples. Add these sums, and "
        "divide by the number of all examples. Where does Keras clip?",
        "total = total + size * gradient in the loop; clip_by_norm(total / sum(sizes), clipnorm) "
        "at the end.",
    ),
)

# ---- 4, translate a recipe -----------------------------------------------------------


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

# ---- 5, read a picture ---------------------------------------------------------------

#: What the runs of the picture do: their learning rate and their k.
RUNS = {"A": (0.4, 1), "B": (1.6, 4), "C": (0.4, 4)}
CALLS = 64


def _mean_squares(rate, k, square=100.0):
    """The mean square of w on ½w², noise of variance 1 in each gradient, after 0, 4, 8 … calls."""
    found = [square]
    for _ in range(CALLS // k):
        square = (1 - rate) ** 2 * square + rate**2 / k
        found.append(square)
    return np.array(found)[:: 4 // k]


def _draw_runs(figure):
    """Three runs, by the mean square after every fourth call; which is which is unsaid."""
    axes = figure.subplots()
    for (letter, run), line, at in zip(RUNS.items(), ("-", "--", ":"), (3, 11, 9)):
        squares = _mean_squares(*run)
        calls = 4 * np.arange(len(squares))
        axes.semilogy(calls, squares, line, color="black", lw=2)
        box = {"boxstyle": "circle", "fc": "white", "ec": "black"}
        axes.text(calls[at], squares[at], letter, ha="center", va="center", bbox=box)
    axes.set(xlabel="call", ylabel="mean square of $w$", xticks=range(0, CALLS + 1, 8))
    axes.grid(alpha=0.25)


PICTURE = Choice(
    name="09.runs",
    title="Three runs, two of them accumulate",
    asks="runs",
    points=0,
    reference="ACB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_draw_runs,
    mistakes=(
        Mistake(
            "ABC",
            "Run 1 is right. The other two are exchanged: the mean of four gradients has a quarter "
            "of the noise, and a rate of 1.6 turns it into the highest floor of all.",
        ),
        Mistake(
            "CAB",
            "Run 3 is right. The other two are exchanged: which one makes four steps in four "
            "calls?",
        ),
        Mistake(
            "BCA",
            "Run 2 is right. But a rate of 1.6 does not come down in one step: it jumps beyond the "
            "minimum, and −0.6 of the distance is left.",
        ),
        Mistake(
            "CBA",
            "You gave run 3 the fastest curve. At rate 1.6 a step jumps beyond the minimum, and "
            "−0.6 of the distance is left, in four calls.",
        ),
        Mistake(
            "BAC",
            "You gave run 2 the fastest curve. It makes one step in four calls; run 1 makes four "
            "of the same length.",
        ),
    ),
    hints=(
        "By how much does each run multiply the distance in four calls?",
        "In four calls run 1 leaves 0.6⁴ = 0.13 of the distance, runs 2 and 3 leave 0.6 and −0.6. "
        "So two of the curves fall alike, and only their floors differ.",
        "The floor is ησ²/(k(2 − η)): 0.25, 0.0625 and 1 for the runs 1, 2 and 3.",
    ),
)

# ---- 6, choose numbers that reach a goal ---------------------------------------------

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
    if learning_rate <= 0 or k != round(k) or k < 2:
        return False, "learning_rate must be above 0, and k a whole number of 2 or more."
    late = _weights(learning_rate, int(k))[-5 * len(TARGETS) :]
    low, high = late.min(), late.max()
    if np.abs(late - 1).max() < NEAR:
        return True, ""
    where = f"is {low:.3f}" if high - low < 5e-4 else f"runs between {low:.3f} and {high:.3f}"
    return False, (
        f"In the last five epochs the weight {where}; wanted: within {NEAR} of 1. "
        f"(Updates in the whole run: {EPOCHS * len(TARGETS) // int(k)}.)"
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

TASKS = (CALL, MISSING, JOINED, RECIPE, PICTURE, GOAL)
