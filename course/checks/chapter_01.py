"""Exercise 01, gradient descent: three rules, a prediction, a rate for a spectrum and a picture."""

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.descent import walk
from course.sgd import gradient_descent
from course.surfaces import quadratic

# ---- 1, write the rule ---------------------------------------------------------------


def _descend(w, curvatures, learning_rate, steps):
    for _ in range(steps):
        w = gradient_descent(w, curvatures * w, learning_rate)
    return w


def _steps_of(move, more=0):
    """A known mistake: `steps` steps, or some more, each with a wrong (w, lam, eta) -> w."""

    def descend(w, lam, eta, steps):
        for _ in range(steps + more):
            w = move(w, lam, eta)
        return w

    return descend


def _path(w, lam, eta, steps, first=0):
    """A known mistake: the weights after `first` steps, after one more, and so on to the last."""
    return [_descend(w, lam, eta, taken) for taken in range(first, steps + 1)]


def _right_move(w, lam, eta):
    return gradient_descent(w, lam * w, eta)


def _descend_arguments(random):
    w, curvatures = random.normal(size=3), random.uniform(0.2, 3, size=3)
    return w, curvatures, random.uniform(0.1, 0.9), int(random.integers(3, 8))


_ONLY_THE_LAST = "You returned the whole path. Only the weights after the last step are asked."

DESCEND = Rule(
    name="01.descend",
    title="Some steps down a bowl",
    asks="descend",
    points=3,
    results=("w",),
    reference=_descend,
    shown=(
        Case("one weight, one step", (4.0, 0.5, 0.4, 1)),
        Case("one weight, three steps", (4.0, 0.5, 0.4, 3)),
        Case(
            "two weights, three steps: the steep one flips sides",
            (np.array([4.0, 2.0]), np.array([0.5, 3.0]), 0.5, 3),
        ),
    ),
    draw=_descend_arguments,
    mistakes=(
        Mistake(
            lambda w, lam, eta, steps: w,
            "Nothing has moved yet: put your lines in place of the dots.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w + eta * lam * w),
            "Your weights climb: the gradient points uphill, so subtract it.",
        ),
        Mistake(
            lambda w, lam, eta, steps: _descend(w, lam, eta, 1),
            "You took one step only: `steps` of them are asked. Repeat it in a loop, and let "
            "`return` stand after the loop, not in it.",
        ),
        Mistake(_steps_of(_right_move, more=1), "You took one step too many: use range(steps)."),
        Mistake(_steps_of(_right_move, more=-1), "You took one step too few: use range(steps)."),
        Mistake(
            lambda w, lam, eta, steps: w - steps * eta * lam * w,
            "All your steps use the gradient of the start. Each must use the gradient where it "
            "begins, so compute it anew inside the loop.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w - eta * w),
            "Your gradient is w, as if every curvature were 1. The derivative of ½λw² is λw.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w - eta * lam),
            "You subtracted the curvature, which is the second derivative. The gradient is the "
            "first: λw.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w - eta * lam * w / 2),
            "Your gradient is half of what it should be: differentiating w² brings a 2, which "
            "the ½ cancels.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w - 2 * eta * lam * w),
            "Your gradient is twice what it should be: the ½ in the loss cancels the 2 that "
            "differentiating w² brings.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w - eta * lam * w**2 / 2),
            "You subtracted the loss itself. The step needs its gradient, the derivative by w.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w - lam * w),
            "The learning rate is missing: multiply the gradient by it before you subtract.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w - eta * lam * w / np.linalg.norm(lam * w)),
            "All your steps are learning_rate long. The rate is not the length of a step: it "
            "multiplies the gradient, whatever its length.",
        ),
        Mistake(
            _steps_of(lambda w, lam, eta: w - eta * np.sum(lam * w)),
            "You summed the slopes of all weights, so each weight goes the same way. Each has a "
            "slope of its own: leave out the sum.",
        ),
        Mistake(_path, _ONLY_THE_LAST),
        Mistake(lambda *arguments: _path(*arguments, first=1), _ONLY_THE_LAST),
    ),
    hints=(
        "What is the slope of ½λw² at w? And where is the slope of the second step taken?",
        "One step is: the weights minus the learning rate times the gradient. Repeat it, each "
        "time with the gradient of the new weights.",
        "In a loop over range(steps): w = w - learning_rate * curvatures * w. Return w after it.",
    ),
)

# ---- 2, repair: find the edge --------------------------------------------------------


def _edge(x):
    hessian = x.T @ x / len(x)
    return 2 / np.linalg.eigvalsh(hessian)[-1]


def _curvatures(x):
    """The curvatures of the loss |Xw − y|² / 2n, from flat to steep."""
    return np.linalg.eigvalsh(x.T @ x / len(x))


_SQUARE_THE_SINGULAR = (
    "You took a singular value of X itself. A curvature is its square, divided by the number of "
    "rows."
)

EDGE = Rule(
    name="01.edge",
    title="The edge of a linear model",
    asks="edge",
    points=2,
    results=("rate",),
    reference=_edge,
    shown=(
        Case("one input, two examples", (np.array([[1.0], [3.0]]),)),
        Case("two inputs that are never on together", (np.array([[1.0, 0.0], [0.0, 2.0]]),)),
        Case("two inputs that go together", (np.array([[2.0, 1.0], [1.0, 2.0]]),)),
    ),
    # Means away from zero, so that inputs go together as pixels do.
    draw=lambda random: (random.normal(random.uniform(0.5, 2), size=(6, 3)),),
    mistakes=(
        Mistake(
            lambda x: 2 / np.diag(x.T @ x).max(),
            "Nothing is repaired yet: compare both lines with section *Many weights* of "
            "chapter 01.",
        ),
        Mistake(
            lambda x: 2 / np.diag(x.T @ x / len(x)).max(),
            "The Hessian is right now. But its diagonal knows each weight alone; where inputs go "
            "together, a direction between the axes is steeper. Take the eigenvalues.",
        ),
        Mistake(
            lambda x: 2 / np.linalg.eigvalsh(x.T @ x)[-1],
            "The eigenvalues are right now. But the loss is a mean over the examples: divide the "
            "Hessian by their number, len(X).",
        ),
        Mistake(
            lambda x: 2 / np.linalg.eigvalsh(x.T @ x / (2 * len(x)))[-1],
            "You divided by 2n. The ½ is used up: differentiating the square brings a 2, which "
            "cancels it. The Hessian is X.T @ X / len(X).",
        ),
        Mistake(
            lambda x: 2 / np.linalg.eigvalsh(x.T @ x / x.shape[1])[-1],
            "You divided by the number of inputs. The loss is a mean over the examples, which are "
            "the rows: len(X).",
        ),
        Mistake(
            lambda x: 2 / _curvatures(x)[0],
            "You took the flattest direction. It sets the time; the limit is set by the steepest, "
            "the largest eigenvalue.",
        ),
        Mistake(
            lambda x: 2 / np.linalg.eigvals(x.T @ x / len(x))[0],
            "You took the first eigenvalue. np.linalg.eig and eigvals do not sort them: take the "
            "largest, wherever it stands.",
        ),
        Mistake(
            lambda x: 1 / _curvatures(x)[-1],
            "This is 1/L, at which the steepest direction lands in one step. The edge is twice as "
            "far.",
        ),
        Mistake(
            lambda x: _curvatures(x)[-1],
            "This is the largest curvature itself. The edge is 2 divided by it.",
        ),
        Mistake(
            lambda x: 2 / (_curvatures(x)[0] + _curvatures(x)[-1]),
            "This is the best single rate, 2/(L + μ). It lies within the edge; the edge itself "
            "knows only the steepest direction.",
        ),
        Mistake(
            lambda x: 2 / np.sum(_curvatures(x)),
            "You took the sum of all curvatures. Directions do not add up: each goes its own way, "
            "and the steepest breaks first.",
        ),
        Mistake(
            lambda x: 2 / np.mean(_curvatures(x)),
            "You took the mean of the curvatures. On average is not enough: the steepest "
            "direction breaks first.",
        ),
        Mistake(
            lambda x: 2 / np.linalg.norm(x.T @ x / len(x)),
            "np.linalg.norm of a matrix is the root of its squares' sum. The largest eigenvalue "
            "is wanted: np.linalg.eigvalsh(hessian).max().",
        ),
        Mistake(lambda x: 2 / np.linalg.norm(x, 2), _SQUARE_THE_SINGULAR),
        Mistake(lambda x: 2 * len(x) / np.linalg.norm(x, 2), _SQUARE_THE_SINGULAR),
        Mistake(
            lambda x: _edge(x - x.mean(axis=0)),
            "You centred the data first. That changes the loss, and its edge with it: this is "
            "about X as it is.",
        ),
    ),
    hints=(
        "Two questions: how many examples share the loss? And is the steepest direction always "
        "one of the axes?",
        "The loss is a mean, so its Hessian is one, too. And the curvatures of a loss are not the "
        "diagonal of its Hessian, but its eigenvalues.",
        "hessian = X.T @ X / len(X); np.linalg.eigvalsh(hessian) gives the curvatures of all "
        "directions, from flat to steep.",
    ),
)

# ---- 3, predict a number -------------------------------------------------------------

_WRONG_WAY = (
    "You went the wrong way: larger inputs and a larger loss are both steeper, so the edge moves "
    "down."
)

UNITS = Number(
    name="01.units",
    title="The same trips in other units",
    asks="new_edge",
    points=0,
    reference=0.004,
    mistakes=(
        Mistake(
            0.04,
            "You let the inputs count once. They enter the gradient, and the weight, too, is "
            "measured anew: the curvature grows with their square.",
        ),
        Mistake(
            0.008,
            'The inputs are right. But "mse" has no ½: it is twice this loss, and twice as steep.',
        ),
        Mistake(
            0.016,
            "The inputs are right. But a loss without its ½ is steeper, so the edge is halved, "
            "not doubled.",
        ),
        Mistake(0.4, "The loss is right. But larger inputs make it steeper, too."),
        Mistake(
            0.08,
            "Two things: the curvature grows with the square of the inputs, and a loss without "
            "its ½ is twice as steep.",
        ),
        Mistake(
            0.16,
            "Two things: the curvature grows with the square of the inputs, and a loss without "
            "its ½ is steeper, not flatter.",
        ),
        Mistake(
            0.002,
            "The inputs are right. The loss without its ½ is twice as large, no more: the factor "
            "counts once, not squared.",
        ),
        Mistake(160.0, _WRONG_WAY),
        Mistake(40.0, "The loss is right. But larger inputs make it steeper: the edge moves down."),
        Mistake(16.0, _WRONG_WAY),
        Mistake(
            0.8,
            "The trips are the same, but a rate has a unit, 1/curvature: what becomes of the "
            "curvature?",
        ),
    ),
    hints=(
        "The edge is 2 divided by the curvature. What happens to the curvature?",
        "The curvature of ½ mean (wx − y)² is the mean of x². What becomes of it when each x is "
        "10 times as large? And what does the ½ do to it?",
        "100 times from the inputs and twice from the loss: the curvature is 200 times as large.",
    ),
)

# ---- 4, choose a rate that reaches a goal --------------------------------------------

SPECTRUM, SMALL, STEPS, PATIENCE = (0.1, 0.9, 4.0), 1e-3, 150, 2000


def _reach(learning_rate):
    """Whether every weight is, and stays, within SMALL of the minimum from step STEPS on."""
    if learning_rate <= 0:
        return False, "learning_rate must be above 0."
    factors = 1 - learning_rate * np.array(SPECTRUM)
    slowest = int(np.argmax(np.abs(factors)))
    which = f"the direction of curvature {SPECTRUM[slowest]:g} is multiplied by "
    which += f"{factors[slowest]:.4g} per step"
    if abs(factors[slowest]) >= 1:
        return False, f"It never settles: {which}."
    points = walk(quadratic(SPECTRUM, np.ones(3)), PATIENCE, learning_rate).points
    settled = int(np.sum(np.abs(points).max(axis=-1) >= SMALL))
    if settled <= STEPS:
        return True, ""
    when = f"after {settled} steps" if settled <= PATIENCE else f"after more than {PATIENCE} steps"
    return False, f"All within {SMALL} only {when}: {which}."


RATE = Goal(
    name="01.spectrum",
    title="One rate for three curvatures",
    asks="rate",
    points=2,
    results=("learning_rate",),
    reach=_reach,
    reached=f"every weight is within {SMALL} of the minimum after {STEPS} steps, and stays there",
    reference=(2 / 4.1,),
    mistakes=(
        Mistake(
            (0.25,),
            "This is 1/L, which never overshoots. That caution costs twice the steps: let the "
            "steepest direction flip sides.",
        ),
        Mistake(
            (0.5,),
            "This is the edge itself: the steepest direction jumps from wall to wall for ever. "
            "Stay a little below.",
        ),
        Mistake(
            (0.01,),
            "This is Keras's default. It knows nothing of these curvatures; here it is fifty "
            "times below the edge.",
        ),
        Mistake(
            (10.0,),
            "This is 1 over the smallest curvature: the flattest direction would land in one "
            "step, but the steepest flies away.",
        ),
        Mistake(
            (2 / 5,),
            "You divided 2 by the sum of all curvatures. Only two directions compete: the flattest "
            "and the steepest.",
        ),
        Mistake(
            (2 / 4.9,),
            "You divided 2 by the sum of the two larger curvatures. The slow one is the flattest: "
            "take it in place of the middle one.",
        ),
        Mistake(
            (0.6,),
            "This is 1 over the mean curvature. The steepest direction does not care about the "
            "mean.",
        ),
    ),
    hints=(
        "Each direction has a factor of its own, 1 − ηλ. Which of the three is the slowest to "
        "shrink, and what would help it?",
        "The flat direction wants a larger rate. The steep one allows up to 2/4, and may flip "
        "sides on the way: go near that, not up to it.",
        "Make the flattest and the steepest equally fast: 1 − η·0.1 = η·4 − 1. Chapter 01 calls "
        "the solution 2/(L + μ).",
    ),
)

# ---- 5, write: how far one step may go -----------------------------------------------


def _one_step_edge(gradient, hessian):
    along = gradient @ hessian @ gradient / (gradient @ gradient)
    return 2 / along


def _one_step_arguments(random):
    root = random.normal(size=(3, 3))
    return random.normal(size=3), root.T @ root + 0.2 * np.eye(3)


_BOWL = np.diag([0.5, 2.0])
_ENTRY_BY_ENTRY = (
    "In NumPy * multiplies entry by entry. The products gᵀg and gᵀHg are written with @ and give "
    "one number each."
)

ONE_STEP = Rule(
    name="01.one_step",
    title="How far one step may go",
    asks="one_step_edge",
    points=3,
    results=("rate",),
    reference=_one_step_edge,
    shown=(
        Case("the gradient along a flat axis", (np.array([3.0, 0.0]), _BOWL)),
        Case("the gradient along a steep axis", (np.array([0.0, 3.0]), _BOWL)),
        Case("the gradient between them", (np.array([2.0, 1.0]), _BOWL)),
        Case("a bowl at a slant", (np.array([1.0, 2.0]), np.array([[2.0, 1.0], [1.0, 2.0]]))),
    ),
    draw=_one_step_arguments,
    mistakes=(
        Mistake(
            lambda g, h: 2 / np.linalg.eigvalsh(h)[-1],
            "This is 2/L, the edge for all steps. A single step meets only the curvature along "
            "its own gradient.",
        ),
        Mistake(
            lambda g, h: 2 / np.linalg.eigvalsh(h)[0],
            "You took the flattest direction of all. A step meets the curvature along its own "
            "gradient.",
        ),
        Mistake(
            lambda g, h: 1 / (g @ h @ g / (g @ g)),
            "Here the step lands lowest. From there the loss rises again; it is back where it was "
            "at twice this rate.",
        ),
        Mistake(
            lambda g, h: 4 / (g @ h @ g / (g @ g)),
            "Twice too far: one step changes the loss by −η|g|² + ½η² gᵀHg. Look for a second ½, "
            "or a 2 too many, in your lines.",
        ),
        Mistake(
            lambda g, h: g @ h @ g / (g @ g),
            "This is the curvature along the gradient, the right one. The rate is 2 divided by it.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ h @ g) / (g @ g),
            "Upside down: a rate is 1/curvature, so gᵀHg belongs below.",
        ),
        Mistake(
            lambda g, h: 2 / (g @ h @ g),
            "gᵀHg grows with the length of g, but the curvature along g does not: divide it by "
            "|g|² first.",
        ),
        Mistake(
            lambda g, h: 2 * np.linalg.norm(g) / (g @ h @ g),
            "|g| is there, but its square is wanted: gᵀHg contains g twice.",
        ),
        Mistake(
            lambda g, h: 2 * np.linalg.norm(g) / np.linalg.norm(h @ g),
            "You took the whole length of Hg. Only its part along g bends the loss on this line: "
            "g @ H @ g.",
        ),
        Mistake(
            lambda g, h: 2 / (g @ np.diag(np.diag(h)) @ g / (g @ g)),
            "You used only the diagonal of the Hessian. Where the bowl is at a slant, the other "
            "entries bend the line, too.",
        ),
        Mistake(
            lambda g, h: 2 * (g @ g) / (g @ np.linalg.inv(h) @ g),
            "You used the inverse of the Hessian; the change of the loss contains the Hessian "
            "itself.",
        ),
        Mistake(lambda g, h: 2 * (g * g) / (g * h * g), _ENTRY_BY_ENTRY),
        Mistake(lambda g, h: 2 * (g @ g) / (g * h * g), _ENTRY_BY_ENTRY),
        Mistake(lambda g, h: 2 * (g * g) / (g @ h @ g), _ENTRY_BY_ENTRY),
    ),
    hints=(
        "Follow the loss along the line w − ηg only. It is a parabola in η: when is it back at "
        "its first height?",
        "One step changes the loss by −η gᵀg + ½η² gᵀHg. Set that to 0, and leave η = 0 aside.",
        "Then η = 2 gᵀg / gᵀHg. In NumPy, gᵀg is gradient @ gradient and gᵀHg is "
        "gradient @ hessian @ gradient.",
    ),
)

# ---- 6, read a picture ---------------------------------------------------------------

WALKS = {"A": 0.6, "B": 2 / 1.1, "C": 1.0}


def _walks(figure):
    """Three walks of four steps in one valley; their rates unsaid."""
    valley = quadratic((0.1, 1.0), start=(-2.0, 3.0))
    x, y = np.linspace(-2.4, 0.6, 80), np.linspace(-3.2, 3.6, 80)
    heights = np.sqrt(valley.loss(np.stack(np.meshgrid(x, y), axis=-1)))
    for axes, (letter, rate) in zip(figure.subplots(1, 3, sharey=True), WALKS.items()):
        axes.contour(x, y, heights, levels=10, colors="0.8", linewidths=0.8)
        points = walk(valley, 4, rate).points
        axes.plot(*points.T, "o-", color="black", ms=4, lw=1)
        axes.plot(*points[0], "o", mfc="white", color="black", ms=8)
        axes.plot(0, 0, "+", color="#009E73", ms=12, mew=2)
        axes.set(title=letter, xlabel="$w_1$, along the valley")
    figure.axes[0].set_ylabel("$w_2$, across")


PATHS = Choice(
    name="01.paths",
    title="Three walks after four steps",
    asks="nearest_first",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_walks,
    mistakes=(
        Mistake(
            "CAB",
            "This is the order after four steps. But A and C have only the slow direction left; B "
            "still shrinks fast in both.",
        ),
        Mistake(
            "ACB",
            "You put the calmest walk first. Jumping from wall to wall is no harm while the jumps "
            "shrink; see who moves on along the valley.",
        ),
        Mistake(
            "CBA",
            "A is right. C lost its height at once, but that was the easy direction: compare how "
            "far B and C have come along the valley.",
        ),
        Mistake(
            "BAC",
            "B is right. Of the other two, one has come further along the valley in the same four "
            "steps.",
        ),
        Mistake(
            "ABC",
            "Look along the valley only: which walk has left the largest part of that way behind?",
        ),
    ),
    hints=(
        "Across the valley, all three come home sooner or later. Which direction sets the time?",
        "Each walk multiplies its distance along the valley by one factor per step. Read it from "
        "the picture: how far was it at the start, and how far after four steps?",
        "The larger the rate, the sooner the flat direction is done; the jumps across only have "
        "to shrink.",
    ),
)

TASKS = (DESCEND, EDGE, UNITS, RATE, ONE_STEP, PATHS)
