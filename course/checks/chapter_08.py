"""Exercise 08, averaging the weights: write, repair, put in order, predict, read, choose."""

from itertools import permutations
from types import SimpleNamespace

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule

# ---- 1, predict a number -------------------------------------------------------------

AFTER_FIT = Number(
    name="08.after_fit",
    title="What fit leaves behind",
    asks="after_fit",
    points=0,
    reference=11.5,
    mistakes=(
        Mistake(4.0, "That is the raw weight after three steps. `fit` puts the average over it."),
        Mistake(
            4.75,
            "Your average starts at zero. Keras's starts as a copy of the weight after the first "
            "step.",
        ),
        Mistake(
            4.75 / (1 - 0.75**3),
            "You started at zero and corrected for it, as Adam does. Keras copies the first weight "
            "instead, and corrects nothing.",
        ),
        Mistake(
            11.5 / (1 - 0.75**3),
            "Your average is right, and then you corrected it. There is nothing to correct: it "
            "did not start at zero.",
        ),
        Mistake(
            18.25,
            "The initial weight 32 is in your average. Keras's begins with the weight after the "
            "first step.",
        ),
        Mistake(
            23.0,
            "You started the average at the initial weight, and it makes one pull too few. It "
            "begins as a copy of the weight after the first step.",
        ),
        Mistake(
            5.5,
            "You exchanged the two parts: ema_momentum is the part of the old average that stays.",
        ),
        Mistake(
            28 / 3,
            "That is the plain mean of the three weights. Here old weights fade: each pull keeps "
            "three quarters of the average.",
        ),
        Mistake(
            13.5,
            "That is a raw weight, and of another run: the loss w² has the slope 2w, so a step "
            "leaves half of w. And `fit` puts the average over the raw weight.",
        ),
        Mistake(14.0, "One pull is missing: this is the average after the second step."),
        Mistake(
            20.25,
            "The weights are not those of this run: the loss is w², so its slope is 2w, and a step "
            "leaves half of w.",
        ),
    ),
    hints=(
        "Write down the three weights first, each after its step. What is the average after the "
        "first?",
        "The loss w² has the slope 2w, so each step leaves half: 16, 8, 4. The average is 16 after "
        "the first step, and is pulled twice.",
        "0.75 · 16 + 0.25 · 8 = 14 after the second step. Pull once more, towards 4.",
    ),
)

# ---- 2, write the average ------------------------------------------------------------


def _averages(weights, ema_momentum):
    average, found = weights[0], []
    for w in weights:
        average = ema_momentum * average + (1 - ema_momentum) * w
        found.append(average)
    return np.array(found)


def _from_zero(weights, m):
    return _averages(np.vstack([0 * weights[:1], weights]), m)[1:]


def _correction(weights, m):
    return 1 - m ** np.arange(1.0, len(weights) + 1)[:, None]


def _one_array_for_all(weights, m):
    average, found = weights[0].copy(), []
    for w in weights:
        average *= m
        average += (1 - m) * w
        found.append(average)
    return found


def _no_part_taken(weights, m):
    average, found = weights[0], [weights[0]]
    for w in weights[1:]:
        average = m * average + w
        found.append(average)
    return found


def _of_neighbours(weights, m):
    return np.vstack([weights[:1], m * weights[:-1] + (1 - m) * weights[1:]])


def _averages_arguments(random):
    return random.normal(size=(random.integers(3, 6), 2)), random.uniform(0.3, 0.95)


_COLUMN = np.array([[16.0], [8.0], [4.0]])

AVERAGES = Rule(
    name="08.averages",
    title="The average that Keras keeps",
    asks="averages",
    points=3,
    results=("table",),
    reference=_averages,
    pure=True,
    shown=(
        Case("one weight, one step", (np.array([[3.0]]), 0.9)),
        Case("one weight, three steps", (_COLUMN, 0.25)),
        Case("two weights at rest", (np.array([[5.0, -1.0]] * 3), 0.99)),
    ),
    draw=_averages_arguments,
    mistakes=(
        Mistake(
            lambda weights, m: 0 * weights,
            "Nothing is averaged yet: put your lines in place of the dots.",
        ),
        Mistake(
            _from_zero,
            "Your average starts at zero, so it has a bias at first. Keras's is a copy of the "
            "weights after the first step.",
        ),
        Mistake(
            lambda weights, m: _from_zero(weights, m) / _correction(weights, m),
            "You start at zero and correct the bias, as Adam does. That is an average, too, but "
            "not Keras's: it copies the first weights, and corrects nothing.",
        ),
        Mistake(
            lambda weights, m: _averages(weights, m) / _correction(weights, m),
            "Your average is right before the division. It did not start at zero, so there is no "
            "bias to correct.",
        ),
        Mistake(
            lambda weights, m: _averages(weights, 1 - m),
            "You exchanged the two parts: ema_momentum is the part of the old average that stays.",
        ),
        Mistake(
            lambda weights, m: np.cumsum(weights, axis=0) / (1 + np.arange(len(weights))[:, None]),
            "That is the plain mean of all weights so far. Here old weights fade: each pull keeps "
            "the part ema_momentum of the average.",
        ),
        Mistake(
            lambda weights, m: np.cumsum((1 - m) * weights, axis=0),
            "Nothing fades: the old average must be multiplied by ema_momentum in each pull.",
        ),
        Mistake(
            _no_part_taken,
            "The new weights enter in full. Take the part 1 - ema_momentum of them, so that the "
            "two parts sum to one.",
        ),
        Mistake(
            lambda weights, m: _averages(weights, m)[-1],
            "This is the last average only. Return all of them: one row for each row of weights.",
        ),
        Mistake(
            lambda weights, m: _averages(weights, m)[1:],
            "The first row is missing: after the first step the average is that step's weights.",
        ),
        Mistake(
            lambda weights, m: np.vstack([weights[:1], _averages(weights, m)]),
            "There is one row too many: the first weights stand there twice. The average is "
            "copied after the first step, and pulled from the second on.",
        ),
        Mistake(
            lambda weights, m: np.vstack([weights[:1], _averages(weights, m)[:-1]]),
            "Your rows come one step late: row t must have been pulled towards row t of weights "
            "already.",
        ),
        Mistake(
            _of_neighbours,
            "You pull the *weights* of the step before towards the new ones. It is the average of "
            "the step before, the row above in your own table, that is pulled.",
        ),
        Mistake(
            _one_array_for_all,
            "All your rows are one and the same array, which you changed in place: each shows the "
            "last average. Make a new one in each step.",
        ),
        Mistake(
            lambda weights, m: 1.0 * weights,
            "These are the weights themselves: nothing has been averaged.",
        ),
    ),
    hints=(
        "Which row do you know without computing anything? And how does each next one come from "
        "the one before?",
        "Start with average = weights[0]. From the second step on, keep the part ema_momentum of "
        "it, and add the part that is missing to one of the new weights.",
        "for t, w in enumerate(weights): average = ema_momentum * average + (1 - ema_momentum) * "
        "w, then found[t] = average. The first pull changes nothing: average is weights[0] there.",
    ),
)

# ---- 3, repair: how far behind, how much calmer --------------------------------------


def _calm(learning_rate, curvature, ema_momentum):
    m, rho = ema_momentum, 1 - learning_rate * curvature
    lag = m / (1 - m)
    ratio = (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho))
    return lag, ratio


def _calm_with(lag=None, ratio=None):
    """A known mistake: another lag, of m; or another ratio, of m and ρ."""

    def calm(learning_rate, curvature, m):
        right = _calm(learning_rate, curvature, m)
        rho = 1 - learning_rate * curvature
        return lag(m) if lag else right[0], ratio(m, rho) if ratio else right[1]

    return calm


def _memory(m):
    return 1 / (1 - m)


def _independent(m, rho):
    return (1 - m) / (1 + m)


def _correlated(m, rho):
    return (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho))


def _curvature_forgotten(learning_rate, curvature, m):
    return m / (1 - m), _correlated(m, 1 - learning_rate)


def _calm_arguments(random):
    step, curvature = random.uniform((0.05, 0.5), (0.9, 4.0))
    return step / curvature, curvature, random.uniform(0.3, 0.99)


CALM = Rule(
    name="08.calm",
    title="How far behind, and how much calmer",
    asks="calm",
    points=2,
    results=("lag", "ratio"),
    reference=_calm,
    shown=(
        Case("learning rate 0.25, curvature 1, m = 0.8", (0.25, 1.0, 0.8)),
        Case("curvature 4: every step goes to the minimum", (0.25, 4.0, 0.8)),
        Case("curvature 6: every step goes beyond it", (0.25, 6.0, 0.8)),
        Case("m = 0: no memory", (0.25, 1.0, 0.0)),
    ),
    draw=_calm_arguments,
    mistakes=(
        Mistake(
            _calm_with(_memory, _independent),
            "Two results are wrong still: the lag, and the ratio, which treats successive weights "
            "as independent. (rho is not even in it.)",
        ),
        Mistake(
            _calm_with(None, _independent),
            "The lag is right. The ratio is still that of independent weights: put ρ into it, with "
            "the formula in the box of chapter 08.",
        ),
        Mistake(
            _calm_with(_memory),
            "The ratio is right. 1/(1 - m) is the memory. The gap that a pull leaves as it was is "
            "a little shorter: d = m (d + s), with s = 1.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: _correlated(m, 1 - rho)),
            "The lag and the formula are right. But ρ is what a step leaves of w, 1 − ηλ; you took "
            "what it takes away.",
        ),
        Mistake(
            _curvature_forgotten,
            "The lag and the formula are right. But a step leaves 1 − ηλ of w: the curvature is "
            "missing in your ρ.",
        ),
        Mistake(
            _calm_with(_memory, lambda m, rho: _correlated(m, 1 - rho)),
            "The formula of the ratio is right. Its ρ is not: a step leaves 1 − ηλ of w. And "
            "1/(1 − m) is the memory; the lag is a little shorter.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: _correlated(m, -rho)),
            "The lag is right. In the ratio the signs of mρ are exchanged: weights that resemble "
            "each other cancel less, so ρ near 1 must bring the ratio near 1.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: (1 - m) * (1 + m * rho) / (1 + m) * (1 - m * rho)),
            "Python divides by the next bracket only: put the two factors below the line into one "
            "pair of brackets.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: np.sqrt(_correlated(m, rho))),
            "That is the ratio of the typical distances. The variances' ratio is wanted: no root.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: 1 / _correlated(m, rho)),
            "The fraction stands on its head: the average's variance is the smaller one.",
        ),
        Mistake(
            _calm_with(None, lambda m, rho: (1 - m) / (1 - m + 1 - rho)),
            "That is the approximation for small ηλ and 1 − m. The exact formula stands in the box "
            "of chapter 08.",
        ),
        Mistake(
            _calm_with(lambda m: (1 - m) / m if m else np.inf),
            "The ratio is right. The lag stands on its head: the longer the memory, the longer it "
            "is.",
        ),
        Mistake(
            _calm_with(lambda m: 1 / (1 - m) + 1),
            "The ratio is right. The lag is not: it is a step shorter than the memory, not longer.",
        ),
        Mistake(
            lambda *arguments: _calm(*arguments)[::-1],
            "The two values are right, but swapped: return the lag first, then the ratio.",
        ),
    ),
    hints=(
        "Each of the three lines is a phrase that is often heard. Which of them did the chapter "
        "correct, and when is the third one true?",
        "A step leaves 1 − ηλ of w, which is ρ. With s = 1 the gap obeys d = m (d + 1). And the "
        "ratio of *correlated* weights stands in a box in chapter 08.",
        "lag = m / (1 - m); ratio = (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho)).",
    ),
)

# ---- 4, put the lines in order -------------------------------------------------------


def _velocity(s):
    s.v = s.momentum * s.v - s.learning_rate * s.gradient


def _weights(s):
    s.w = s.w + s.v


def _copy_at_first(s):
    s.m = 0 if s.updates == 0 else s.m


def _pull(s):
    s.a = s.m * s.a + (1 - s.m) * s.w


def _count(s):
    s.updates = s.updates + 1


def _overwrite(s):
    s.w = s.a if s.updates % s.every == 0 else s.w


#: Asked after the pull or after the count, the question comes to the same.
FIRST_TOO_LATE = (
    "At the first pull m is not 0 yet, so the first average is no copy of the weights. Ask whether "
    "`updates` is 0 before you pull, and before you count."
)
#: Which line must come before which, and what a learner is told who has it otherwise.
BEFORE = (
    (
        _velocity,
        _weights,
        "The weights move before the velocity is new. Update the velocity first, as in chapter 04.",
    ),
    (
        _copy_at_first,
        _pull,
        FIRST_TOO_LATE,
    ),
    (_copy_at_first, _count, FIRST_TOO_LATE),
    (
        _weights,
        _pull,
        "The average is pulled before the weights have moved. It follows the weights *after* each "
        "step.",
    ),
    (
        _count,
        _overwrite,
        "You ask whether to overwrite before you count, so it happens one call late, and at the "
        "very first call, too.",
    ),
    (
        _pull,
        _overwrite,
        "The weights get the average of the call before: pull the average first, then overwrite.",
    ),
    (
        _weights,
        _overwrite,
        "You overwrite before the weights have moved, so they step away from the average at once.",
    ),
)
LINES = (_velocity, _weights, _copy_at_first, _pull, _count, _overwrite)


def _in_order(lines):
    """A call that runs these lines in this order."""

    def call(w, v, a, updates, gradient, learning_rate, momentum, m, every):
        s = SimpleNamespace(**{name: value for name, value in locals().items() if name != "lines"})
        for line in lines:
            line(s)
        return s.w, s.v, s.a, s.updates

    return call


def _whole_call(w, v, a, updates, gradient, learning_rate, momentum, m, every):
    v = momentum * v - learning_rate * gradient
    w = w + v
    if updates == 0:
        m = 0
    a = m * a + (1 - m) * w
    updates = updates + 1
    if updates % every == 0:
        w = a
    return w, v, a, updates


def _also_stops_the_ball(*arguments):
    w, v, a, updates = _whole_call(*arguments)
    return w, v * (updates % arguments[-1] != 0), a, updates


def _pulls_only_once(w, v, a, updates, *others):
    right = _whole_call(w, v, a, updates, *others)
    moved, average = right[0], right[2] if updates == 0 else a
    if right[3] % others[-1] == 0:
        moved = average
    return moved, right[1], average, right[3]


#: updates, every: the first call, one that overwrites, one just after, the first of each call's.
TURNS = ((0, 3), (2, 3), (3, 3), (0, 1), (4, 7), (5, 2), (8, 3))


def _call_arguments(random):
    updates, every = TURNS[random.integers(len(TURNS))]
    w, v, a, gradient = random.normal(size=(4, 2))
    rate, momentum, m = random.uniform((0.1, 0.3, 0.3), (0.5, 0.9, 0.9))
    return w, v, a * (updates > 0), updates, gradient, rate, momentum, m, every


UNTOUCHED = Mistake(
    _in_order(LINES[::-1]),
    "Nothing is in order yet. Begin with the line that everything else waits for: which one needs "
    "only the gradient?",
)


def _wrong_orders():
    """A `Mistake` for each thing that a wrong order of the lines can do, with its reason."""
    random = np.random.default_rng(0)
    trials = [_call_arguments(random) for _ in range(24)]
    found = {_does(LINES[::-1], trials): (0, UNTOUCHED)}
    for lines in permutations(LINES):
        broken = [told for first, then, told in BEFORE if lines.index(first) > lines.index(then)]
        does = _does(lines, trials)
        if broken and len(broken) < found.get(does, (len(BEFORE) + 1,))[0]:
            found[does] = len(broken), Mistake(_in_order(lines), broken[0])
    return [mistake for _, mistake in sorted(found.values(), key=lambda each: each[0])]


def _does(lines, trials):
    """What an order of the lines does in all trials, as a key."""
    return np.round([np.hstack(_in_order(lines)(*each)) for each in trials], 9).tobytes()


OVERWRITING = Rule(
    name="08.overwriting",
    title="Six lines in order",
    asks="overwriting_call",
    points=2,
    results=("w", "v", "a", "updates"),
    reference=_whole_call,
    shown=(
        Case("the first call", (4.0, 0.0, 0.0, 0, 2.0, 0.5, 0.5, 0.75, 3)),
        Case("the second call", (3.0, -1.0, 3.0, 1, 2.0, 0.5, 0.5, 0.75, 3)),
        Case("the third call, with an overwrite", (1.5, -1.5, 2.625, 2, 2.0, 0.5, 0.5, 0.75, 3)),
        Case("the fourth call", (1.90625, -1.75, 1.90625, 3, 2.0, 0.5, 0.5, 0.75, 3)),
    ),
    draw=_call_arguments,
    mistakes=(
        Mistake(
            _also_stops_the_ball,
            "The order is right, but you stopped the ball, too. An overwrite is not told to the "
            "velocity.",
        ),
        Mistake(
            _pulls_only_once,
            "After the first call your average stands still. Only m = 0 belongs to that `if`: the "
            "line a = … must stand as far left as the `if` itself.",
        ),
        *_wrong_orders(),
    ),
    hints=(
        "Three things happen, one after the other: a step, a pull of the average, an overwrite. "
        "Which lines belong to which?",
        "The step is chapter 04's: velocity, then weights. `updates` counts the calls *before* "
        "this one: with which line does that end, and which line still needs the old count?",
        "v, then w; then m = 0 at the first update; then a; then count; and the overwrite last.",
    ),
)

# ---- 5, read a picture ---------------------------------------------------------------


def _mean_squares(step, noise, m, steps, square, every=None):
    """The mean squares of w and of its average after each step, exactly; shape (steps, 2).

    step:  ηλ. noise: the variance that a step adds to w. square: the start's mean square.
    """
    rho, both, found = 1 - step, np.diag([square, 0.0]), []
    for updates in range(steps):
        kept = m if updates else 0.0
        moves = np.array([[rho, 0.0], [(1 - kept) * rho, kept]])
        fresh = np.array([1.0, 1 - kept])
        if every and (updates + 1) % every == 0:
            moves[0], fresh[0] = moves[1], fresh[1]
        both = moves @ both @ moves.T + noise * np.outer(fresh, fresh)
        found.append(np.diag(both))
    return np.array(found)


PERIOD = 20


def _levels(steps=600):
    """The three curves of the picture, by letter, at the ends of the periods."""
    watched = _mean_squares(0.1, 0.01, 0.98, steps, 100.0)
    over = _mean_squares(0.1, 0.01, 0.98, steps, 100.0, PERIOD)
    curves = {"A": over[:, 0], "B": watched[:, 1], "C": watched[:, 0]}
    return {letter: curve[PERIOD - 1 :: PERIOD] for letter, curve in curves.items()}


def _draw_levels(figure):
    """Mean squares against the steps; which curve is which run is unsaid."""
    axes = figure.subplots()
    for (letter, curve), line in zip(_levels().items(), ("-", "--", ":")):
        steps = PERIOD * np.arange(1, len(curve) + 1)
        axes.semilogy(steps, curve, line, color="black", lw=2)
        at = {"A": 9, "B": 5, "C": 24}[letter]
        box = {"boxstyle": "circle", "fc": "white", "ec": "black"}
        axes.text(steps[at], curve[at], letter, ha="center", va="center", bbox=box)
    axes.set(xlabel="step", ylabel="mean square", xlim=(0, 600))
    axes.grid(alpha=0.25)


LEVELS = Choice(
    name="08.levels",
    title="Watching or overwriting",
    asks="weights_average_overwritten",
    points=0,
    reference="CBA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_draw_levels,
    mistakes=(
        Mistake(
            "CAB",
            "The weights are right. The other two are exchanged: an overwrite throws the weights "
            "back, and what it leaves of the distance in 20 steps is more than m²⁰.",
        ),
        Mistake(
            "BCA",
            "The overwritten run is right. Of the other two, which settles at the noise floor "
            "ησ²/(2 − η) = 0.053, and which far below it?",
        ),
        Mistake(
            "ABC",
            "The average is right. Of the other two, which falls by 0.9 in each step, and which "
            "is thrown back every 20 steps?",
        ),
        Mistake(
            "BAC",
            "You let overwriting make the weights faster and noisier. It does the opposite: most "
            "of their speed goes.",
        ),
        Mistake(
            "ACB",
            "The raw weights cannot be the slowest: no other run falls by 0.9 in each step.",
        ),
    ),
    hints=(
        "One of the three is only watched, one is thrown back every 20 steps, one runs freely. "
        "Which is fastest, and which of them settle low?",
        "The free weights leave 0.9²⁰ = 0.12 of the distance in 20 steps, and settle at "
        "ησ²/(2 − η). Only one curve falls that fast.",
        "The average that watches fades by m²⁰ = 0.67 in 20 steps; the overwritten run leaves 0.79 "
        "of the distance. So the slower one is overwritten.",
    ),
)

# ---- 6, choose numbers that reach a goal ---------------------------------------------

STEPS, SMALL, CURVATURES, START = 200, 0.0125, (1.0, 0.02), 3.0


def _mean_losses(learning_rate, m):
    """The mean loss after the last step: rows for the two directions; columns for w and average."""
    return np.array(
        [
            lam / 2 * _mean_squares(learning_rate * lam, learning_rate**2 * lam, m, STEPS, START**2)
            for lam in CURVATURES
        ]
    )[:, -1]


def _reach(learning_rate, ema_momentum):
    """Whether the average's mean loss is below SMALL after the last step."""
    if not 0 < learning_rate < 2 or not 0 <= ema_momentum < 1:
        return False, "learning_rate must be above 0 and below 2, ema_momentum from 0 to below 1."
    (steep_w, steep), (flat_w, flat) = _mean_losses(learning_rate, ema_momentum)
    if steep + flat < SMALL:
        return True, ""
    copied = ema_momentum ** (STEPS - 1)
    return False, (
        f"The average's mean loss is {steep + flat:.4f}: steep {steep:.4f}, flat {flat:.4f}. (The "
        f"weights' own: {steep_w + flat_w:.4f}. Of the copied first weights {copied:.2g} is left "
        f"in the average.) Wanted: below {SMALL}."
    )


GOAL = Goal(
    name="08.goal",
    title="A short run",
    asks="rate_and_memory",
    points=2,
    results=("learning_rate", "ema_momentum"),
    reach=_reach,
    reached=f"the average's mean loss after {STEPS} steps is below {SMALL}",
    reference=(1.0, 0.98),
    mistakes=(
        Mistake(
            (0.5, 0.99),
            "0.99 is Keras's default. In 200 steps its copy of the first weights has not faded: "
            "0.99¹⁹⁹ = 0.14 of it is left.",
        ),
        Mistake(
            (1.0, 0.99),
            "0.99 is Keras's default. In 200 steps its copy of the first weights has not faded: "
            "0.99¹⁹⁹ = 0.14 of it is left.",
        ),
        Mistake(
            (0.1, 0.98),
            "The memory suits 200 steps. But so short steps do not bring the flat direction home: "
            "the average does not need them, it is calm at a large learning rate, too.",
        ),
        Mistake(
            (0.1, 0.99),
            "Too careful twice: the flat direction is still on its way, and the copy of the first "
            "weights has not faded.",
        ),
        Mistake(
            (0.5, 0.9),
            "The weights are home, but a memory of 10 steps is too short to calm them.",
        ),
        Mistake(
            (0.12, 0.0),
            "That is about the best that the weights alone can do. Let the average have the calm, "
            "and the learning rate the way.",
        ),
    ),
    hints=(
        "Two jobs: bring the flat direction home in 200 steps, and be calm in the steep one. Which "
        "of your two numbers does which?",
        "Take a learning rate that is good for the way: 200 steps leave (1 − 0.02 η)²⁰⁰ of the "
        "flat direction. Then the longest memory that has faded in time: about five fit into 200.",
        "η = 1 leaves 0.018 of the flat direction's way. Five memories of 40 steps are 200 steps: "
        "1/(1 − m) = 40, or a little more.",
    ),
)

TASKS = (AFTER_FIT, AVERAGES, CALM, OVERWRITING, LEVELS, GOAL)
