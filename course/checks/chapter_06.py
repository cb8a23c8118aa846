"""Exercise 06, weight decay: six tasks, three of them to write or repair."""

from functools import cache
from itertools import product

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.descent import walk
from course.digits import load_digits
from course.sgd import decay, gradient_descent, heavy_ball
from course.surfaces import quadratic

# ---- 1, predict a number -------------------------------------------------------------

CALLS = Number(
    name="06.calls",
    title="Four calls",
    asks="last_weight",
    points=0,
    reference=1.5,
    mistakes=(
        Mistake(
            1.0,
            "In call 4 the learning rate is 0.5: a call takes away learning_rate * weight_decay of "
            "the weight, a quarter here and no longer a half.",
        ),
        Mistake(
            0.75,
            "In call 3 the weight has no gradient at all. None is not zero: the weight rests, and "
            "does not decay either.",
        ),
        Mistake(
            0.5,
            "Two things: in call 3 the gradient is None, so the weight rests altogether; and in "
            "call 4 the halved learning rate halves the decay.",
        ),
        Mistake(
            2.25,
            "In call 2 you stepped first and shrank the step, too. Keras shrinks the weight first, "
            "and then takes the whole step.",
        ),
        Mistake(
            6.0,
            "A gradient of zero is a gradient: in calls 1 and 4 the weight decays, too.",
        ),
        Mistake(
            4.5,
            "In call 2 the weight decays and takes a step: 8 becomes 4, and the step takes 2 "
            "more. You left the decay out there.",
        ),
        Mistake(
            3.0,
            "In call 2 the weight decays and takes a step: 8 becomes 4, and the step takes 2 "
            "more. You left the step out there.",
        ),
        Mistake(2.0, "That is the weight before call 4. A gradient of zero still lets it decay."),
        Mistake(14.0, "That is the step alone. In which calls does the weight decay, too?"),
    ),
    hints=(
        "A call has two parts for a weight: first it shrinks, then it takes its step. Go through "
        "the four calls one by one.",
        "A call leaves 1 - learning_rate * weight_decay of the weight: a half at the learning rate "
        "1, three quarters at 0.5. Where the gradient is None, it leaves all.",
        "16 becomes 8 in call 1, and 8 · ½ - 1 · 2 in call 2.",
    ),
)

# ---- 2, write the rule ---------------------------------------------------------------


def _step(variable, velocity, gradient, learning_rate, momentum, weight_decay):
    velocity = momentum * velocity - learning_rate * gradient
    return variable - learning_rate * weight_decay * variable + velocity, velocity


def _step_arguments(random):
    w, v, g = random.normal(size=(3, 2))
    return w, v, g, random.uniform(0.05, 0.5), random.uniform(0.3, 0.95), random.uniform(0.2, 0.9)


def _taking(taken):
    """A known mistake that differs only in what the decay takes, of (w, eta, beta, wd)."""

    def slip(w, v, g, eta, beta, wd):
        moved, velocity = heavy_ball(w, v, g, eta, beta)
        return moved - taken(w, eta, beta, wd), velocity

    return slip


def _pytorch(w, v, g, eta, beta, wd):
    buffer = beta * v + g + wd * w
    return w - eta * buffer, buffer


STEP = Rule(
    name="06.step",
    title="One step with decay",
    asks="decayed_step",
    points=3,
    results=("w", "v"),
    reference=_step,
    shown=(
        Case("from rest, on flat ground", (1.0, 0.0, 0.0, 0.1, 0.9, 0.5)),
        Case("from rest", (1.0, 0.0, 2.0, 0.1, 0.9, 0.5)),
        Case("rolling", (-2.0, -0.5, 2.0, 0.1, 0.9, 0.5)),
        Case("without decay", (1.0, -0.5, 2.0, 0.1, 0.9, 0.0)),
    ),
    draw=_step_arguments,
    mistakes=(
        Mistake(
            lambda w, v, g, eta, beta, wd: (w, v),
            "Nothing has moved yet: put your lines in place of the dots.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: heavy_ball(w, v, g, eta, beta),
            "This is the ball of chapter 04: nothing shrinks the weights.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: heavy_ball(w, v, g + wd * w, eta, beta),
            "Your weights are right, but the decay has got into the velocity, and lives on there: "
            "that is the penalty, a spring. Keras's velocity is the gradient's alone.",
        ),
        Mistake(
            _pytorch,
            "This is PyTorch's step: a penalty in the gradient, and a velocity without learning "
            "rate. Keras shrinks the weights themselves.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (
                (1 - eta * wd) * heavy_ball(w, v, g, eta, beta)[0],
                heavy_ball(w, v, g, eta, beta)[1],
            ),
            "You shrank the weights after the step, so the step shrank, too. Keras shrinks them "
            "before it.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: wd * w),
            "You took away weight_decay of the weights. Keras multiplies by the learning rate, "
            "too: learning_rate * weight_decay of them.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: -eta * wd * w),
            "Your weights grow: the decay takes a part of them away.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * wd),
            "You took the same amount from every weight. Decay takes a part of each: multiply by "
            "the variable, too.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * wd * np.sign(w)),
            "You took the same amount from every weight, towards zero. Decay takes a part of each: "
            "multiply by the variable itself.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: 2 * eta * wd * w),
            "You took twice too much: the factor 2 belongs to Keras's L2 regularizer, not to its "
            "weight_decay.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: eta * wd * w / 2),
            "You took only half: the ½ stands in the penalty's loss, and its gradient has lost it.",
        ),
        Mistake(
            _taking(lambda w, eta, beta, wd: (1 - beta) * eta * wd * w),
            "You put 1 - momentum into the rule. It is what comes out in the long run; a single "
            "step takes learning_rate * weight_decay of the weights.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (_step(w, v, g, eta, beta, wd)[0], v),
            "The weights are right, but you returned the old velocity: the next step needs the "
            "new one.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: heavy_ball(w, (1 - eta * wd) * v, g, eta, beta),
            "You shrank the velocity. It is the weights that decay.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (decay(w, eta, wd), v),
            "The decay is right, but that is only half of the step: now let the ball roll.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (decay(w, eta, wd), heavy_ball(w, v, g, eta, beta)[1]),
            "Decay and velocity are right, but the weights do not use the velocity: add it.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (gradient_descent(decay(w, eta, wd), g, eta), v),
            "The decay is right, but this is plain descent: the velocity is neither used nor "
            "updated.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: (
                decay(w, eta, wd) - heavy_ball(w, v, g, eta, beta)[1],
                heavy_ball(w, v, g, eta, beta)[1],
            ),
            "The decay and the velocity are right, but you subtracted the velocity: it points "
            "downhill already, so add it.",
        ),
        Mistake(
            lambda w, v, g, eta, beta, wd: _step(w, v, g, eta, beta, wd)[::-1],
            "The two values are right, but swapped: return the variable first, then the velocity.",
        ),
    ),
    hints=(
        "Current or spring: which of the two is Keras's decay, and does the velocity feel it?",
        "Three lines: shrink the variable, renew the velocity as in chapter 04, add it to the "
        "variable. The gradient stays as it was given.",
        "Begin with variable = variable - learning_rate * weight_decay * variable; the rest is "
        "the ball of chapter 04.",
    ),
)

# ---- 3, read a picture ---------------------------------------------------------------

LOOKS = {"A": ("-.", "D"), "B": ("--", "s"), "C": (":", "^")}


def _spring(w, v, g, eta, beta):
    return heavy_ball(w, v, g + 0.5 * w, eta, beta)


def _current(w, v, g, eta, beta):
    return _step(w, v, g, eta, beta, 0.5)


def _swings(figure):
    """Three balls without friction around the minimum at 1; what shrinks them is unsaid."""
    parabola = quadratic((1.0,), start=(0.0,))
    rules = {"A": _current, "B": _spring, "C": heavy_ball}
    for axes, letter in zip(figure.subplots(1, 3, sharey=True), rules):
        rule, (line, marker) = rules[letter], LOOKS[letter]

        def around_one(w, v, g, eta, beta, rule=rule):
            return rule(w, v, g - 1, eta, beta)

        ball = walk(parabola, 120, 0.1, 1.0, rule=around_one)
        axes.plot(ball.points[:, 0], line, color="black", marker=marker, ms=4, lw=1, markevery=5)
        axes.axhline(1, color="#009E73", lw=1)
        axes.set(title=letter, xlabel="step", ylim=(-0.15, 2.2))
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("$w$")


SWINGS = Choice(
    name="06.swings",
    title="Three balls without friction",
    asks="none_decay_penalty",
    points=0,
    reference="CAB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_swings,
    mistakes=(
        Mistake(
            "CBA",
            "Without decay is right. Of the other two, one swings for ever about a lower place and "
            "one comes to rest: which does a spring do?",
        ),
        Mistake(
            "ACB",
            "The penalty is right. But without decay and without friction nothing takes energy "
            "away: can that ball come to rest?",
        ),
        Mistake(
            "BAC",
            "The decay is right. The other two are exchanged: a penalty moves the place about "
            "which the ball swings.",
        ),
        Mistake(
            "ABC",
            "One of the three comes to rest, and momentum 1 has no friction. Without decay it "
            "would swing for ever: so what acts as the friction?",
        ),
        Mistake(
            "BCA",
            "A ball with nothing but the loss swings about the loss's minimum, the green line, for "
            "ever. Begin with that one.",
        ),
    ),
    hints=(
        "A spring moves the place about which a ball swings, and takes nothing from the swing.",
        "In the long run the decay acts with strength wd (1 - β). What is that at β = 1, and where "
        "does the ball then settle?",
        "A current leaves only √(1 - η wd) of a swing after each step: at momentum 1, the decay is "
        "the friction.",
    ),
)

# ---- 4, repair the translation -------------------------------------------------------


def _to_keras(number, old_momentum, momentum):
    from_pytorch = number / (1 - momentum)
    from_l2 = 2 * number / (1 - momentum)
    from_keras = number * (1 - old_momentum) / (1 - momentum)
    return from_pytorch, from_l2, from_keras


_TORCH = "PyTorch's weight_decay is a penalty: a spring of strength number, whatever the momentum."
_L2 = "Keras's L2(c) is c · Σw², and its gradient 2c · w: as a spring it has the strength 2c."
_KEPT = (
    "The old weight_decay acted with strength number * (1 - old_momentum); the new one has to act "
    "with the same strength, at another momentum."
)
_DIVIDE = "A current of strength s needs s / (1 - momentum): the smaller, the less friction."
#: For each recipe the starter's line and what learners may write instead, each with its sentence.
_SLIPS = (
    (
        (lambda c, old, new: c * (1 - new), f"from_pytorch: {_TORCH} {_DIVIDE}"),
        (lambda c, old, new: c, "from_pytorch: the number is the same only without momentum."),
        (
            lambda c, old, new: c / (1 - old),
            "from_pytorch: you divided by 1 - old_momentum. The spring does not feel its own "
            "momentum; the current will feel the new one.",
        ),
        (
            lambda c, old, new: c * (1 - old) / (1 - new),
            f"from_pytorch: {_TORCH} So the old momentum does not enter.",
        ),
    ),
    (
        (lambda c, old, new: c / 2, f"from_l2: {_L2} And mind the momentum."),
        (
            lambda c, old, new: 2 * c,
            "from_l2: the 2 is right. But a current is weaker than a spring by the factor "
            "1 - momentum: make up for it.",
        ),
        (lambda c, old, new: c / (1 - new), f"from_l2: the momentum is right. {_L2}"),
        (
            lambda c, old, new: c / 2 / (1 - new),
            f"from_l2: the momentum is right, but the 2 is on the wrong side. {_L2}",
        ),
        (lambda c, old, new: 2 * c * (1 - new), f"from_l2: the 2 is right. {_DIVIDE}"),
        (
            lambda c, old, new: 2 * c / (1 - old),
            "from_l2: you divided by 1 - old_momentum. The spring does not feel its own momentum; "
            "the current will feel the new one.",
        ),
        (
            lambda c, old, new: 2 * c * (1 - old) / (1 - new),
            "from_l2: a regularizer is a spring, and a spring does not feel its own momentum: "
            "old_momentum does not enter.",
        ),
    ),
    (
        (lambda c, old, new: c, f"from_keras: {_KEPT}"),
        (
            lambda c, old, new: c * (1 - new) / (1 - old),
            f"from_keras: the fraction stands on its head. {_KEPT}",
        ),
        (
            lambda c, old, new: c / (1 - new),
            "from_keras: this recipe is a current, too, and not a spring: its strength was less "
            "than the number, by 1 - old_momentum.",
        ),
        (
            lambda c, old, new: c * (1 - old),
            "from_keras: that is the strength with which the old one acted. Which weight_decay "
            "acts so at the new momentum?",
        ),
    ),
)


def _recipes(lines):
    return lambda *arguments: tuple(line(*arguments) for line in lines)


def _known_recipes():
    """Every slip in one line, the other two right or as the starter has them; then none left."""
    right = [lambda *a, i=i: _to_keras(*a)[i] for i in range(3)]
    starter = [slips[0][0] for slips in _SLIPS]
    yield Mistake(
        _recipes(starter),
        "Nothing is repaired yet: of each recipe ask whether it is a spring or a current, and how "
        "strong.",
    )
    for place, slips in enumerate(_SLIPS):
        # The sentence is about the first line that is wrong, so those before it are right.
        rest = [(right[i],) if i < place else (right[i], starter[i]) for i in range(3)]
        for line, because in slips:
            for lines in product(*rest[:place], [line], *rest[place + 1 :]):
                if list(lines) != starter:
                    yield Mistake(_recipes(lines), because)


PORT = Rule(
    name="06.port",
    title="Three recipes from elsewhere",
    asks="to_keras",
    points=3,
    results=("from_pytorch", "from_l2", "from_keras"),
    reference=_to_keras,
    shown=(
        Case("the number 0.01, from momentum 0.5 to 0.9", (0.01, 0.5, 0.9)),
        Case("from no momentum to 0.9", (0.01, 0.0, 0.9)),
        Case("without momentum", (0.01, 0.0, 0.0)),
    ),
    draw=lambda random: tuple(random.uniform((0.01, 0.1, 0.6), (0.2, 0.5, 0.95))),
    mistakes=(
        *_known_recipes(),
        Mistake(
            lambda c, old, new: _to_keras(c, new, old),
            "You exchanged the two momenta: the recipe was run with old_momentum, and momentum is "
            "what Keras will have.",
        ),
    ),
    hints=(
        "Spring or current? Two of the recipes are penalties, one is Keras's decay.",
        "First write down how strong each recipe is in the long run: number, 2 * number, "
        "number * (1 - old_momentum).",
        "Keras's decay acts with weight_decay * (1 - momentum). Set that equal to each strength, "
        "and solve for weight_decay.",
    ),
)

# ---- 5, write: spare the biases ------------------------------------------------------


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

# ---- 6, choose numbers that reach a goal ---------------------------------------------

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
        w, v = _step(w, v, hessian @ w - pull, RATE, momentum, weight_decay)
        path.append(w)
    path = np.array(path)
    return np.einsum("si,si->s", path @ square, path) - 2 * path @ cross + constant


def _reach(momentum, weight_decay):
    """Whether the error on the other images is below GOOD from step START to step END."""
    if not 0 <= momentum < 1 or weight_decay < 0:
        return False, "momentum must be at least 0 and below 1, and weight_decay at least 0."
    with np.errstate(all="ignore"):
        errors = _test_errors(momentum, weight_decay)
    if not np.isfinite(errors).all() or errors[-1] > errors[0]:
        return False, "The weights fly away: the decay of a single step is too strong."
    if np.max(errors[START:]) < GOOD:
        return True, ""
    happened = (
        f"The test error is {errors[START]:.4f} at step {START} and {errors[-1]:.4f} at step "
        f"{END}; wanted: below {GOOD} from step {START} on."
    )
    return False, f"{happened} {_why(errors, momentum, weight_decay)}"


def _why(errors, momentum, weight_decay):
    if errors[-1] < GOOD:
        return "It ends low enough, but is on its way for too long."
    strength = weight_decay * (1 - momentum)
    if strength < 0.025:
        return f"In the long run this decay is too weak: it acts with strength {strength:.3g}."
    return f"In the long run this decay is too strong: it acts with strength {strength:.3g}."


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
    ),
    hints=(
        "Two things are wanted: fast enough by step 100, and the right strength in the end. Which "
        "of your two numbers decides what?",
        "Speed comes with learning_rate / (1 - momentum), and momentum 0.9 is fast enough. The "
        "strength that was good without momentum is good with it; only its number is another.",
        "weight_decay * (1 - momentum) = 0.025.",
    ),
)

TASKS = (CALLS, STEP, SWINGS, PORT, SPARE, GOAL)
