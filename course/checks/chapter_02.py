"""Exercise 02, stochastic gradients: three rules, a prediction, a picture and a goal."""

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.sgd import gradient_descent

# ---- 1, write the rule ---------------------------------------------------------------


def _batch_gradient(w, x, y, rows):
    errors = x[rows] @ w - y[rows]
    return x[rows].T @ errors / len(rows)


def _batch_arguments(random):
    x, y, w = random.normal(size=(7, 2)), random.normal(size=7), random.normal(size=2)
    # The last row of the batch is there twice, as happens when examples are drawn one by one.
    rows = random.permutation(7)[: random.integers(2, 5)]
    return w, x, y, np.append(rows, rows[-1])


_X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])
_Y = np.array([1.0, 0.0, 2.0, 2.0])

GRADIENT = Rule(
    name="02.gradient",
    title="The gradient of a batch",
    asks="batch_gradient",
    points=3,
    results=("gradient",),
    reference=_batch_gradient,
    shown=(
        Case("one example", (np.array([2.0, 1.0]), _X, _Y, np.array([3]))),
        Case("three examples", (np.array([2.0, 1.0]), _X, _Y, np.array([3, 0, 2]))),
        Case("an example drawn twice", (np.array([2.0, 1.0]), _X, _Y, np.array([1, 3, 1]))),
    ),
    draw=_batch_arguments,
    mistakes=(
        Mistake(
            lambda w, x, y, rows: 0 * w,
            "Nothing is computed yet: put your lines in place of the dots.",
        ),
        Mistake(
            lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]),
            "You summed the batch, so larger batches take longer steps. The mean is wanted: divide "
            "by len(rows).",
        ),
        Mistake(
            lambda w, x, y, rows: x[rows].T @ (x[rows] @ w - y[rows]) / len(x),
            "You divided by the number of all examples, but only those of the batch are in the "
            "sum: divide by len(rows).",
        ),
        Mistake(
            lambda w, x, y, rows: x[rows].T @ (y[rows] - x[rows] @ w) / len(rows),
            "Your gradient points downhill: the derivative of the square contains prediction "
            "minus y, not y minus prediction.",
        ),
        Mistake(
            lambda w, x, y, rows: 2 * _batch_gradient(w, x, y, rows),
            "You have exactly twice the gradient: the ½ in the loss cancels the 2 that "
            "differentiating the square brings.",
        ),
        Mistake(
            lambda w, x, y, rows: _batch_gradient(w, x, y, np.arange(len(x))),
            "This is the full gradient: all examples are in it, and `rows` is not used.",
        ),
        Mistake(
            lambda w, x, y, rows: _batch_gradient(w, x, y, np.arange(len(rows))),
            "You took the first len(rows) examples; `rows` says which ones to take: x[rows].",
        ),
        Mistake(
            lambda w, x, y, rows: _batch_gradient(w, x, y, np.unique(rows)),
            "An example that was drawn twice counts twice; you let it count once.",
        ),
        Mistake(
            lambda w, x, y, rows: np.mean((x[rows] @ w - y[rows])[:, None] * x[rows]),
            "You averaged over everything. Average over the batch only, axis=0, so that each "
            "weight keeps its own slope.",
        ),
        Mistake(
            lambda w, x, y, rows: np.mean(x[rows] @ w - y[rows]),
            "This is the mean error. Multiply each error by its own x first: that is how the "
            "weights enter.",
        ),
        Mistake(
            lambda w, x, y, rows: np.mean(x[rows] @ w - y[rows]) * x[rows].mean(axis=0),
            "You multiplied two means. The mean of the products is wanted: each error times its "
            "own x, then average.",
        ),
        Mistake(
            lambda w, x, y, rows: np.mean((x[rows] @ w - y[rows]) ** 2) / 2,
            "This is the batch's loss itself. Differentiate it by w.",
        ),
    ),
    hints=(
        "Which examples take part? Compute for each of them how far its prediction is off.",
        "The gradient of one example is its error, prediction minus y, times its x. The batch's "
        "is their mean, one entry for each weight.",
        "errors = x[rows] @ w - y[rows]; then x[rows].T @ errors sums error times x over the "
        "batch. Divide by len(rows).",
    ),
)

# ---- 2, predict a number -------------------------------------------------------------

ERROR = Number(
    name="02.error",
    title="The error of a batch",
    asks="error_bar",
    points=0,
    reference=3.0,
    mistakes=(
        Mistake(
            6.0,
            "That is drawing with replacement. Here no example is taken twice, and 25 of 33 leave "
            "little to guess: one more factor.",
        ),
        Mistake(9.0, "That is the mean square of the distance: take its root."),
        Mistake(
            36.0,
            "That is the mean square with replacement: take its root, and remember that no example "
            "is taken twice.",
        ),
        Mistake(
            1.2,
            "You divided by 25. The square of the error falls with B, so the error falls with "
            "√B only. (And none is taken twice.)",
        ),
        Mistake(
            0.6,
            "The factor for drawing without replacement is right. But the error falls with √B, "
            "not with B.",
        ),
        Mistake(
            0.3,
            "You divided the error by what divides its square: 30 stands for σ, not for σ². Both "
            "factors belong under the root.",
        ),
        Mistake(
            1.5,
            "√25 is right. The factor for drawing without replacement belongs under the root, too.",
        ),
        Mistake(
            15.0,
            "You have the factor for drawing without replacement. Averaging 25 examples divides "
            "by √25 besides.",
        ),
        Mistake(
            6 * np.sqrt(8 / 33),
            "Nearly: the factor is (N − B)/(N − 1). With N below, even a batch of one would miss "
            "by less than 30.",
        ),
        Mistake(30.0, "That is the error of a single example; the mean of 25 is closer."),
    ),
    hints=(
        "Would a batch of all 33 miss at all? And one of 25 that may repeat itself?",
        "The mean square of the distance is σ²/B with replacement. Without, it has one more "
        "factor, which is 1 for B = 1 and 0 for B = N.",
        "30 is σ. The mean square is 30²/25 · (33 − 25)/(33 − 1); the answer is its root.",
    ),
)

# ---- 3, repair a broken epoch --------------------------------------------------------


def _fit_epoch(w, x, order, size, learning_rate):
    for first in range(0, len(x), size):
        w = w - learning_rate * np.mean(w - x[order[first : first + size]])
    return w


def _epoch(w, batches, learning_rate):
    """Plain steps through ready batches: what the known mistakes hand over differs."""
    for batch in batches:
        w = gradient_descent(w, np.mean(w - batch), learning_rate)
    return w


def _cut(x, size, until=None):
    return [x[first : first + size] for first in range(0, until or len(x), size)]


def _short_batches_are_diluted(w, x, order, size, learning_rate):
    for batch in _cut(x[order], size):
        w = gradient_descent(w, np.sum(w - batch) / size, learning_rate)
    return w


def _gradients_of_the_start(w, x, order, size, learning_rate):
    return w - learning_rate * sum(np.mean(w - batch) for batch in _cut(x[order], size))


def _epoch_arguments(random):
    count, size = int(random.integers(5, 10)), int(random.integers(2, 5))
    x, order = random.normal(size=count), random.permutation(count)
    return random.normal(), x, order, size, random.uniform(0.1, 0.5)


_FIVE = np.array([1.0, 2.0, 4.0, 8.0, 16.0])

EPOCH = Rule(
    name="02.epoch",
    title="An epoch of fit",
    asks="fit_epoch",
    points=2,
    results=("w",),
    reference=_fit_epoch,
    shown=(
        Case("4 examples in batches of 2", (0.0, _FIVE[:4], np.array([3, 0, 2, 1]), 2, 0.5)),
        Case("5 examples in batches of 2", (0.0, _FIVE, np.array([4, 1, 0, 3, 2]), 2, 0.5)),
        Case("5 examples in batches of 8", (0.0, _FIVE, np.array([4, 1, 0, 3, 2]), 8, 0.5)),
    ),
    draw=_epoch_arguments,
    mistakes=(
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x, size, len(x) - size + 1), eta),
            "Nothing is repaired yet: follow by hand which examples take their turn, and when.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x[order], size, len(x) - size + 1), eta),
            "The order is right, but what does not fill a whole batch never gets its turn: the "
            "range must go on to len(x).",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x[order], size, len(x) - 1), eta),
            "A last batch of a single example is lost: the range must go on to len(x), not to "
            "len(x) - 1.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x, size), eta),
            "Every example has its turn now, but as they lie in x: `order` says which are dealt "
            "first.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(w, _cut(x[np.argsort(order)], size), eta),
            "You read `order` backwards: order[0] is the example that comes first, so x[order] "
            "puts the examples in their order.",
        ),
        Mistake(
            _short_batches_are_diluted,
            "Your short batch takes a smaller step. Keras divides by the number of examples that "
            "are there, not by size.",
        ),
        Mistake(
            lambda w, x, order, size, eta: _epoch(
                w, [*_cut(x[order], size)[:-1], x[order][-size:]], eta
            ),
            "You filled the last batch with examples that have had their turn. In `fit` it stays "
            "short.",
        ),
        Mistake(
            _gradients_of_the_start,
            "All your gradients are taken where the epoch began. Each step starts from the w that "
            "the step before it left.",
        ),
    ),
    hints=(
        "Write down on paper which examples are in which batch, for 5 examples in batches of 2.",
        "One line forgets the examples that do not fill a batch, the other one whose turn it is.",
        "range(0, len(x), size) reaches the short batch, too; x[order[first : first + size]] "
        "takes the examples whose turn it is.",
    ),
)

# ---- 4, write the noise floor --------------------------------------------------------


def _spread(square, steps, learning_rate, curvature, variance, size):
    for _ in range(steps):
        square = (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance / size
    floor = learning_rate * variance / (size * curvature * (2 - learning_rate * curvature))
    return square, floor


def _spread_arguments(random):
    rate, curvature, variance = random.uniform((0.1, 0.3, 0.5), (0.6, 1.6, 3.0))
    square, steps, size = random.uniform(1, 9), random.integers(2, 9), random.integers(2, 9)
    return square, int(steps), rate, curvature, variance, int(size)


def _slip(after=None, floor=None):
    """A known mistake: what differs from the reference, of (s, n, eta, lam, var, B)."""

    def spread(*arguments):
        right = _spread(*arguments)
        return (
            after(*arguments) if after else right[0],
            floor(*arguments) if floor else right[1],
        )

    return spread


def _repeat(square, steps, keep, add):
    for _ in range(steps):
        square = keep * square + add
    return square


_NOISE_ENTERS_TIMES_RATE = (
    "The noise enters w multiplied by the learning rate, so its mean square enters multiplied by "
    "learning_rate**2."
)
_SHRINKS_BY_THE_SQUARE = "w shrinks by 1 − ηλ in each step, so its square shrinks by (1 − ηλ)²."

SPREAD = Rule(
    name="02.spread",
    title="The mean square after some steps, and for ever",
    asks="spread",
    points=3,
    results=("after", "floor"),
    reference=_spread,
    shown=(
        Case("before the first step", (4.0, 0, 0.5, 1.0, 3.0, 2)),
        Case("one step", (4.0, 1, 0.5, 1.0, 3.0, 2)),
        Case("two steps without noise, each beyond the minimum", (4.0, 2, 0.5, 3.0, 0.0, 2)),
        Case("three steps on another curvature", (4.0, 3, 0.5, 0.4, 3.0, 2)),
    ),
    draw=_spread_arguments,
    mistakes=(
        Mistake(
            lambda s, n, eta, lam, var, B: (s, s),
            "Nothing is computed yet: put your lines in place of the dots.",
        ),
        Mistake(
            _slip(lambda s, n, eta, lam, var, B: _repeat(s, n, (1 - eta * lam) ** 2, 0)),
            "The floor is right. But your steps add no noise: each adds η²σ²/B to what the "
            "shrinking leaves.",
        ),
        Mistake(
            _slip(lambda s, n, eta, lam, var, B: (1 - eta * lam) ** (2 * n) * s + eta**2 * var / B),
            "You added the noise once. Each step adds it, and later steps shrink what earlier ones "
            "added.",
        ),
        Mistake(
            _slip(
                lambda s, n, eta, lam, var, B: (1 - eta * lam) ** (2 * n) * s + n * eta**2 * var / B
            ),
            "You added up all the noise in full. The later steps shrink what the earlier ones "
            "added: go step by step.",
        ),
        Mistake(
            _slip(
                lambda s, n, eta, lam, var, B: _repeat(s, n, (1 - eta * lam) ** 2, eta * var / B)
            ),
            _NOISE_ENTERS_TIMES_RATE,
        ),
        Mistake(
            _slip(
                lambda s, n, eta, lam, var, B: _repeat(s, n, (1 - eta * lam) ** 2, eta * var / B),
                lambda s, n, eta, lam, var, B: var / (B * lam * (2 - eta * lam)),
            ),
            _NOISE_ENTERS_TIMES_RATE,
        ),
        Mistake(
            _slip(lambda s, n, eta, lam, var, B: _repeat(s, n, 1 - eta * lam, eta**2 * var / B)),
            _SHRINKS_BY_THE_SQUARE,
        ),
        Mistake(
            _slip(
                lambda s, n, eta, lam, var, B: _repeat(s, n, 1 - eta * lam, eta**2 * var / B),
                lambda s, n, eta, lam, var, B: eta * var / (B * lam),
            ),
            _SHRINKS_BY_THE_SQUARE,
        ),
        Mistake(
            lambda *arguments: _spread(*arguments[:-1], 1),
            "The batch is missing: the mean of `size` examples has the variance variance / size.",
        ),
        Mistake(
            lambda *arguments: _spread(*arguments[:-1], arguments[-1] ** 2),
            "You divided by size twice. The mean of `size` examples has the variance "
            "variance / size.",
        ),
        Mistake(
            lambda *arguments: _spread(*arguments[:-1], arguments[-1] ** 0.5),
            "The error of a batch falls with √B. This is its square, which falls with B itself.",
        ),
        Mistake(
            lambda s, n, eta, lam, var, B: _spread(s, n, eta, lam, var**2, B),
            "`variance` is σ² already; you squared it once more.",
        ),
        Mistake(
            _slip(floor=lambda s, n, eta, lam, var, B: eta * var / (2 * B * lam)),
            "The steps are right. Your floor holds for small ηλ only: put E w² on both sides of "
            "one step and keep the square of ηλ.",
        ),
        Mistake(
            _slip(floor=lambda s, n, eta, lam, var, B: eta * var / (B * (2 - eta * lam))),
            "The steps are right. The floor lacks the curvature: 1 − (1 − ηλ)² is ηλ(2 − ηλ), "
            "with a λ in front, too.",
        ),
        Mistake(
            _slip(lambda *arguments: _spread(*arguments)[1]),
            "The floor is right. But `after` is still on its way there: it starts at `square`, "
            "and comes down step by step.",
        ),
        Mistake(
            _slip(floor=lambda *arguments: _spread(*arguments)[0]),
            "The steps are right. But `floor` is what they would reach without end, not what these "
            "few have reached.",
        ),
        Mistake(
            lambda *arguments: tuple(np.sqrt(_spread(*arguments))),
            "You took the roots: these are typical distances. The mean squares themselves are "
            "asked.",
        ),
        Mistake(
            lambda *arguments: _spread(*arguments)[::-1],
            "Both values are right, but swapped: return `after` first, then `floor`.",
        ),
    ),
    hints=(
        "What does one step do to the mean square? It shrinks what is there, and it adds a little.",
        "One step: the new mean square is (1 − ηλ)² times the old one, plus η²σ²/B. Repeat it "
        "`steps` times. The floor is the value that a step leaves unchanged.",
        "In a loop: square = (1 - learning_rate * curvature)**2 * square + learning_rate**2 * "
        "variance / size. The floor is ησ²/(Bλ(2 − ηλ)).",
    ),
)

# ---- 5, read a picture ---------------------------------------------------------------


def _clouds(figure):
    """The mean square of three runs against the step; their rates and batches unsaid."""
    axes = figure.subplots()
    runs = (("A", 0.2, 64, "-"), ("B", 0.2, 4, "--"), ("C", 0.05, 4, ":"))
    for letter, rate, size, style in runs:
        squares = [_spread(9.0, step, rate, 1.0, 4.0, size)[0] for step in range(101)]
        axes.semilogy(squares, style, color="black", lw=1.8)
        axes.annotate(letter, (100, squares[-1]), xytext=(6, -4), textcoords="offset points")
    axes.set(xlabel="step", ylabel="mean square of $w$", xlim=(0, 108))
    axes.grid(alpha=0.25)


CLOUDS = Choice(
    name="02.clouds",
    title="Three floors",
    asks="runs",
    points=0,
    reference="BAC",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_clouds,
    mistakes=(
        Mistake(
            "ABC",
            "C is right. Of the two that fall equally fast, the larger batch ends lower: you have "
            "them the other way round.",
        ),
        Mistake(
            "CAB",
            "A is right. Runs 1 and 3 differ in their rate: the larger rate falls faster, and ends "
            "higher.",
        ),
        Mistake(
            "BCA",
            "B is right. Runs 1 and 2 have one rate, so they must fall equally fast at first, "
            "whatever their batch.",
        ),
        Mistake(
            "ACB",
            "Two curves fall equally fast: they have one rate, so they are runs 1 and 2. The "
            "larger batch of the two ends lower.",
        ),
        Mistake(
            "CBA",
            "Two curves fall equally fast: they have one rate, so they are runs 1 and 2. The "
            "larger batch of the two ends lower.",
        ),
    ),
    hints=(
        "Two things tell the curves apart: how fast they fall at first, and where they end.",
        "The way down is a matter of the learning rate only. Which two curves share it?",
        "The slow one is run 3. Of the other two, the lower floor belongs to the larger batch.",
    ),
)

# ---- 6, choose numbers that reach a goal ---------------------------------------------

STEPS, ENOUGH, MEMORY = 100, 0.005, 256


def _losses(learning_rate, size):
    """The mean loss after STEPS steps: what is left of the start, and what the noise adds."""
    left = noise = 0.0
    for curvature in (1.0, 0.05):
        left += curvature / 2 * _spread(9.0, STEPS, learning_rate, curvature, 0.0, size)[0]
        noise += curvature / 2 * _spread(0.0, STEPS, learning_rate, curvature, 1.0, size)[0]
    return left, noise


def _reach(learning_rate, size):
    """Whether the mean loss after STEPS steps is below ENOUGH."""
    if learning_rate <= 0:
        return False, "learning_rate must be above 0."
    if size != int(size) or not 1 <= size <= MEMORY:
        return False, f"The batch must be a whole number from 1 to {MEMORY}."
    if learning_rate >= 2:
        return False, "The runs leave the valley: no batch moves the edge 2/λ of its steep side."
    left, noise = _losses(learning_rate, size)
    if left + noise < ENOUGH:
        return True, ""
    return False, (
        f"After {STEPS} steps the mean loss is {left + noise:.4f}, and {ENOUGH} is allowed: "
        f"{left:.4f} is left of the way, {noise:.4f} is noise."
    )


GOAL = Goal(
    name="02.goal",
    title="A rate and a batch",
    asks="rate_and_batch",
    points=2,
    results=("learning_rate", "batch_size"),
    reach=_reach,
    reached=f"the mean loss is below {ENOUGH} after {STEPS} steps",
    reference=(0.8, 200),
    mistakes=(
        Mistake(
            (0.1, 16),
            "These are the colleague's: little noise, but 100 such short steps do not cover the "
            "flat direction.",
        ),
        Mistake(
            (0.1, 256),
            "A larger batch calms the noise. It does not shorten the way: only the rate does.",
        ),
        Mistake(
            (0.4, 64),
            "Each of the two would be small enough alone; their sum counts. Lengthen the step a "
            "little more.",
        ),
        Mistake(
            (1.6, 16),
            "Now the step is long enough, and its noise too large: what can calm it?",
        ),
        Mistake(
            (1.6, 256),
            "You scaled both by 16. That keeps the floor only while ηλ is small: at 1.6, 1/(2 − "
            "ηλ) raises it.",
        ),
    ),
    hints=(
        "Two things are left after 100 steps: a part of the way, and the noise. Which of your two "
        "numbers changes which?",
        "The flat direction keeps (1 − 0.05 η) of its distance per step: which η leaves next to "
        "nothing after 100? Keep clear of η = 2, where the steep side's noise grows without limit.",
        "Take a rate between 0.6 and 1. Its noise is about η/(2B)·(1/(2 − η) + 1/2): choose B so "
        "that it is below 0.004.",
    ),
)

TASKS = (GRADIENT, ERROR, EPOCH, SPREAD, CLOUDS, GOAL)
