"""Exercise 05, Nesterov look-ahead: six tasks, two of them to write and one to repair."""

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.descent import walk
from course.sgd import gradient_descent, heavy_ball, nesterov_momentum
from course.surfaces import quadratic

# ---- 1, predict a number -------------------------------------------------------------

LANDING = Number(
    name="05.landing",
    title="Where the ball lands",
    asks="landing",
    points=0,
    reference=1.5,
    mistakes=(
        Mistake(
            3.5,
            "This is momentum: you read the slope here, at -1. Nesterov reads it there, where the "
            "glide ends.",
        ),
        Mistake(3.0, "This is the end of the glide. The push is still to come: read the slope."),
        Mistake(
            4.5,
            "The slope is read at the right place, but there it points up to the right: the push "
            "goes against it, back to the left.",
        ),
        Mistake(
            3.1,
            "You put -1 into Keras's lines. In Keras's form the weights are the look-ahead point; "
            "here -1 is the original's w.",
        ),
        Mistake(
            2.0,
            "You let it glide by the whole velocity. Friction leaves momentum * velocity of it.",
        ),
        Mistake(
            1.0,
            "It glides by momentum * velocity, and the slope is read where that ends: not a whole "
            "velocity ahead.",
        ),
        Mistake(2.5, "This is its new velocity. Add it to where the ball was."),
        Mistake(
            5.5,
            "You added the new velocity at the end of the glide. It contains the glide already: "
            "add it to where the ball was.",
        ),
        Mistake(0.0, "You left out the learning rate: the push is learning_rate times the slope."),
        Mistake(-0.5, "This is plain descent: the ball has a velocity, and glides first."),
    ),
    hints=(
        "A step has two parts, the glide and the push. Which of them needs no gradient?",
        "Go to the end of the glide, and read the slope there: on this loss the slope at w is w.",
        "The glide ends at -1 + 0.8 * 5 = 3, so the push is -0.5 * 3.",
    ),
)

# ---- 2, write the rule ---------------------------------------------------------------


def _step_arguments(random):
    theta, v, g = random.normal(size=(3, 2))
    return theta, v, g, random.uniform(0.05, 0.5), random.uniform(0.3, 0.95)


def _with_new_velocity(move, velocity=None):
    """A known mistake whose velocity is right: how it moves, of (w, old, new, push, beta)."""

    def slip(w, v, g, eta, beta):
        new, push = beta * v - eta * g, -eta * g
        return move(w, v, new, push, beta), velocity(v, new, push, beta) if velocity else new

    return slip


STEP = Rule(
    name="05.step",
    title="One step as Keras writes it",
    asks="look_ahead_step",
    points=3,
    results=("variable", "velocity"),
    reference=nesterov_momentum,
    shown=(
        Case("from rest", (1.0, 0.0, 2.0, 0.1, 0.9)),
        Case("rolling, on flat ground", (1.0, -0.5, 0.0, 0.1, 0.9)),
        Case("rolling downhill", (1.0, -0.5, 2.0, 0.1, 0.9)),
        Case("with momentum 0", (1.0, 0.0, 2.0, 0.1, 0.0)),
    ),
    draw=_step_arguments,
    mistakes=(
        Mistake(
            lambda w, v, g, eta, beta: (w, v),
            "Nothing has moved yet: put your lines in place of the dots.",
        ),
        Mistake(
            heavy_ball,
            "This is momentum without the look-ahead: the ball of chapter 04. (It also comes out "
            "if your last line takes the old velocity: it must take the new one.)",
        ),
        Mistake(
            _with_new_velocity(lambda w, v, new, push, beta: w + beta * new),
            "Your velocity is right, and the weights glide with it; but they need the push, too: "
            "- learning_rate * gradient stands in both lines.",
        ),
        Mistake(
            _with_new_velocity(lambda w, v, new, push, beta: w + push),
            "Your velocity is right, but the weights take the push alone: let them glide by "
            "momentum * velocity, too.",
        ),
        Mistake(
            _with_new_velocity(lambda w, v, new, push, beta: w + new + push),
            "Almost: the weights glide by momentum * velocity, not by the whole velocity.",
        ),
        Mistake(
            _with_new_velocity(lambda w, v, new, push, beta: w + new + beta * new + push),
            "You moved twice: by the ball's step of chapter 04, and then by the look-ahead's. The "
            "second one is the whole step.",
        ),
        Mistake(
            _with_new_velocity(lambda w, v, new, push, beta: w + new + beta * new),
            "You glanced ahead of a ball's step. But the weights that came in are a look-ahead "
            "point already: the old glance, momentum times the old velocity, must be taken back.",
        ),
        Mistake(
            _with_new_velocity(lambda w, v, new, push, beta: w - (beta * new + push)),
            "Your velocity is right, but you subtracted the move: it points downhill already, so "
            "add it.",
        ),
        Mistake(
            _with_new_velocity(lambda w, v, new, push, beta: w + beta * new - push),
            "Your velocity is right; in the weights' line the gradient has the wrong sign: the "
            "push goes downhill there, too.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: nesterov_momentum(w, v, -g, eta, beta),
            "Your ball rolls uphill: the gradient points up, so it enters both lines with minus.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (w - eta * (g + beta * (beta * v + g)), beta * v + g),
            "This is PyTorch's form: it keeps the learning rate outside the velocity. Keras's "
            "velocity already contains it: v = momentum * v - learning_rate * g.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: nesterov_momentum(w, v, (1 - beta) * g, eta, beta),
            "You average the gradients with a factor 1 - momentum. Keras has no such factor: "
            "the full gradient enters both lines.",
        ),
        Mistake(
            _with_new_velocity(
                lambda w, v, new, push, beta: w + beta * new + push,
                lambda v, new, push, beta: beta * new + push,
            ),
            "The weights are right, but you kept their move as the velocity. The velocity that is "
            "remembered is that of the first line, without the look-ahead.",
        ),
        Mistake(
            _with_new_velocity(
                lambda w, v, new, push, beta: w + beta * new + push,
                lambda v, new, push, beta: v,
            ),
            "The weights are right, but you returned the old velocity: the next step needs the "
            "new one.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (gradient_descent(w, g, eta), v),
            "This is plain gradient descent: the velocity is neither used nor updated.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: heavy_ball(w, v, w + beta * v, eta, beta),
            "You never use `gradient`: you took the slope of ½w² one glance ahead. The loss can be "
            "any; `gradient` is its slope at the look-ahead point already.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: nesterov_momentum(w, v, g, eta, beta)[::-1],
            "The two values are right, but swapped: return the variable first, then the velocity.",
        ),
    ),
    hints=(
        "Begin as in chapter 04: the new velocity is that of the ball. Only what the weights do "
        "with it is new.",
        "In Keras's form the weights take the next glide and the push: momentum times the new "
        "velocity, and once more the gradient.",
        "velocity = momentum * velocity - learning_rate * gradient; then add "
        "momentum * velocity - learning_rate * gradient to the variable.",
    ),
)

# ---- 3, write the translation --------------------------------------------------------


def _translate(theta, velocity, old_momentum, new_momentum):
    w = theta - old_momentum * velocity
    return w, w + new_momentum * velocity


def _translate_arguments(random):
    theta, v = random.normal(size=(2, 2))
    return theta, v, random.uniform(0.6, 0.95), random.uniform(0.1, 0.5)


TRANSLATE = Rule(
    name="05.translate",
    title="From one form to the other, and back",
    asks="translate",
    points=3,
    results=("w", "new_theta"),
    reference=_translate,
    shown=(
        Case("momentum falls from 0.9 to 0.5", (1.0, -0.2, 0.9, 0.5)),
        Case("momentum falls to 0", (1.0, -0.2, 0.9, 0.0)),
        Case("momentum stays", (1.0, -0.2, 0.9, 0.9)),
        Case("at rest", (1.0, 0.0, 0.9, 0.5)),
    ),
    draw=_translate_arguments,
    mistakes=(
        Mistake(
            lambda theta, v, old, new: (theta, theta),
            "Nothing is translated yet: put your lines in place of the dots.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta),
            "w is right. But Keras's weights are still one old glance ahead of it: from w, glance "
            "ahead with the new momentum.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta + new * v),
            "w is right. But you put the new glance on top of the old one: it starts at w, not at "
            "theta.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta, theta + new * v),
            "You took theta for the original's weights. It is a glance ahead of them already: take "
            "that back first.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta, theta + (new - old) * v),
            "new_theta is right. But you return theta as w: the original's weights lie one old "
            "glance behind it.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v + new / old * v),
            "w is right. From there the glance is new_momentum times the velocity: the velocity "
            "is the same in both forms and is not rescaled.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta + old * v, theta + old * v + new * v),
            "You went ahead where you should go back: theta = w + momentum * velocity, so w is "
            "theta minus the glance.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta + old * v, theta + old * v - new * v),
            "You have the two forms the wrong way round: theta is the look-ahead point, and w lies "
            "one glance behind it.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v - new * v),
            "w is right. The new look-ahead point lies ahead of it: add the glance.",
        ),
        Mistake(
            lambda theta, v, old, new: _translate(theta, v, new, old),
            "You exchanged the two momenta: the glance that is in theta was taken with the old "
            "one.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - new * v, theta),
            "The glance that is in theta was taken with the old momentum: take that one back, and "
            "only then glance ahead with the new one.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - v, theta - v + new * v),
            "You took back a whole velocity. The glance is only momentum times that.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v + v),
            "w is right. From there you went ahead by a whole velocity; the glance is only "
            "new_momentum times that.",
        ),
        Mistake(
            lambda theta, v, old, new: _translate(theta, v, old, new)[::-1],
            "The two values are right, but swapped: return w first, then new_theta.",
        ),
    ),
    hints=(
        "Which of the two, w and theta, stands still while the momentum changes?",
        "theta = w + momentum * velocity holds before the change with the old momentum, and after "
        "it with the new one. Solve the first for w.",
        "w = theta - old_momentum * velocity; then use theta = w + momentum * velocity once more.",
    ),
)

# ---- 4, repair the edge --------------------------------------------------------------


def _edge(curvatures, momentum):
    stiffest = np.max(curvatures)
    return (2 + 2 * momentum) / (1 + 2 * momentum) / stiffest


def _edge_arguments(random):
    return random.uniform(0.2, 5.0, size=3), random.uniform(0.3, 0.95)


def _faster_than_the_ball(momentum):
    root = np.sqrt(momentum)
    return 1 + root / (1 + root + momentum)


EDGE = Rule(
    name="05.edge",
    title="The edge of the bowl",
    asks="edge",
    points=2,
    results=("learning_rate",),
    reference=_edge,
    shown=(
        Case("one direction, momentum 0.9", (np.array([1.0]), 0.9)),
        Case("one direction, momentum 0", (np.array([1.0]), 0.0)),
        Case("curvatures 0.5, 1 and 4, momentum 0.5", (np.array([0.5, 1.0, 4.0]), 0.5)),
    ),
    draw=_edge_arguments,
    mistakes=(
        Mistake(
            lambda curvatures, beta: 2 * (1 + beta) / np.mean(curvatures),
            "Nothing is repaired yet. With momentum 0 and one direction it happens to be right: "
            "so look at what momentum does, and at what several directions do.",
        ),
        Mistake(
            lambda curvatures, beta: 2 * (1 + beta) / np.max(curvatures),
            "The stiffest direction is the right one. But 2 (1 + momentum) is the edge of momentum "
            "without look-ahead; Nesterov's is lower.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(np.mean(curvatures), beta),
            "The formula is Nesterov's now. But a mean curvature protects nobody: which direction "
            "flies away first?",
        ),
        Mistake(
            lambda curvatures, beta: _edge(np.min(curvatures), beta),
            "The formula is Nesterov's now. But you took the flattest direction, which allows the "
            "longest steps: by then the stiffest has flown away.",
        ),
        Mistake(
            lambda curvatures, beta: 2 * (1 + beta) / np.min(curvatures),
            "This is the edge of momentum without look-ahead, and of the flattest direction: the "
            "stiffest flies away first.",
        ),
        Mistake(
            lambda curvatures, beta: 2 / np.max(curvatures),
            "This is plain descent's edge. Nesterov's depends on the momentum, and is lower.",
        ),
        Mistake(
            lambda curvatures, beta: _faster_than_the_ball(beta) / np.max(curvatures),
            "Up to there Nesterov is faster than momentum. It is slower a little longer, and only "
            "then flies away.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(curvatures, beta) * np.max(curvatures) ** 2,
            "The formula gives learning rate times curvature: divide it by the curvature, do not "
            "multiply.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(np.sum(curvatures), beta),
            "The formula is Nesterov's now. But curvatures do not add up: each direction goes its "
            "own way, and the stiffest flies away first.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(1.0, beta) / curvatures,
            "The formula is Nesterov's now. But these are the edges of all directions: return one "
            "number, the edge of the one that flies away first.",
        ),
        Mistake(
            lambda curvatures, beta: 4 / 3 / np.max(curvatures),
            "4/3 is where Nesterov stops being the calmer one at momentum 0.9. The edge lies a "
            "little further, and depends on the momentum.",
        ),
        Mistake(
            lambda curvatures, beta: 1 / np.max(curvatures),
            "There the steep direction is braked best of all. The edge lies further.",
        ),
        Mistake(
            lambda curvatures, beta: _edge(1.0, beta),
            "This is learning rate times curvature at the edge. Divide it by the stiffest "
            "curvature.",
        ),
        Mistake(
            lambda curvatures, beta: 1 / (_edge(1.0, beta) * np.max(curvatures)),
            "The fraction stands on its head: 2 + 2β goes above, 1 + 2β below.",
        ),
        Mistake(
            lambda curvatures, beta: (2 + 2 * beta / (1 + 2 * beta)) / np.max(curvatures),
            "Python divides before it adds: put the whole of 2 + 2β into brackets.",
        ),
        Mistake(
            lambda curvatures, beta: 2 + 2 * beta / (1 + 2 * beta) / np.max(curvatures),
            "Python divides before it adds: put the whole of 2 + 2β into brackets.",
        ),
        Mistake(
            lambda curvatures, beta: (2 + 2 * beta) / 1 + 2 * beta / np.max(curvatures),
            "Python divides before it adds: put the whole of 1 + 2β into brackets.",
        ),
        Mistake(
            lambda curvatures, beta: ((2 + 2 * beta) / 1 + 2 * beta) / np.max(curvatures),
            "Python divides before it adds: put the whole of 1 + 2β into brackets.",
        ),
    ),
    hints=(
        "One line answers for the wrong direction, the other for the wrong method.",
        "The stiffest direction flies away first. For it, use chapter 05's edge, the box in "
        "“Oscillates less and converges faster”.",
        "learning rate × curvature is (2 + 2β)/(1 + 2β) at the edge; divide by np.max(curvatures).",
    ),
)

# ---- 5, read a picture ---------------------------------------------------------------


def _paths(figure):
    """Three methods on one parabola, beyond Nesterov's edge; their names unsaid."""
    parabola = quadratic((1.0,), start=(1.0,))
    runs = ((nesterov_momentum, 0.9), (heavy_ball, 0.0), (heavy_ball, 0.9))
    for axes, letter, (rule, momentum) in zip(figure.subplots(1, 3, sharey=True), "ABC", runs):
        ball = walk(parabola, 14, 1.5, momentum, rule=rule)
        axes.plot(ball.points[:, 0], "o-", color="black", ms=4, lw=1)
        axes.plot(0, 1, "o", mfc="white", color="black", ms=8)
        axes.set(title=letter, xlabel="step", ylim=(-3.4, 3.4))
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("$w$")


PATHS = Choice(
    name="05.paths",
    title="Three balls at one learning rate",
    asks="plain_momentum_nesterov",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_paths,
    mistakes=(
        Mistake(
            "CAB",
            "You gave Nesterov the calmest path. Below its edge that would be so; your function "
            "of task 4 says where the edge is for this curvature.",
        ),
        Mistake(
            "ACB",
            "Momentum is right. The other two are exchanged: plain descent settles up to 2, and "
            "Nesterov, however calm its name, only up to its own edge.",
        ),
        Mistake(
            "BAC",
            "Plain descent is right. The other two are exchanged: momentum settles up to "
            "2 (1 + 0.9); where is Nesterov's edge?",
        ),
        Mistake(
            "CBA",
            "Nesterov is right. Of the other two, one multiplies w by 1 - 1.5 in each step, and "
            "nothing else happens to it: which is that?",
        ),
        Mistake(
            "ABC",
            "One of the three is beyond its edge, and it is not plain descent, which settles up to "
            "2. Compute the two other edges.",
        ),
    ),
    hints=(
        "Each method has its own edge. Which of the three edges lies below 1.5?",
        "Plain descent: 2. Momentum: 2 (1 + β). Nesterov: (2 + 2β)/(1 + 2β). The one beyond its "
        "edge flies away.",
        "With β = 0.9 Nesterov's edge is 1.357. Of the other two, plain descent keeps -0.5 of w in "
        "each step, and momentum √0.9 of its swing.",
    ),
)

# ---- 6, choose numbers that reach a goal ---------------------------------------------

STEPS, SMALL = 60, 1e-6


def _reach(learning_rate, momentum):
    """Whether Nesterov is below the loss SMALL from step STEPS on, and never above its start."""
    if learning_rate <= 0 or not 0 <= momentum <= 1:
        return False, "learning_rate must be above 0, and momentum between 0 and 1."
    valley = quadratic((0.01, 1.0), start=(1.0, 1.0))
    ball = walk(valley, 200, learning_rate, momentum, rule=nesterov_momentum)
    losses = valley.loss(ball.points)
    if not np.isfinite(losses[-1]) or losses[-1] > losses[0]:
        return False, "The ball flies out of the valley: this pair is beyond Nesterov's edge."
    if np.max(losses) > losses[0]:
        return False, (
            f"The loss starts at {losses[0]:.3f} and rises to {np.max(losses):.3f} at step "
            f"{np.argmax(losses)}; it must never be above its start."
        )
    if np.max(losses[STEPS:]) < SMALL:
        return True, ""
    return False, _too_slow(losses, ball.points[STEPS:], valley)


def _too_slow(losses, late, valley):
    """When the loss is small for good, and what holds it up; late: the points from STEPS on."""
    settled = np.flatnonzero(losses >= SMALL)[-1] + 1
    when = f"only after step {settled}"
    if settled == len(losses):
        when = f"only after more than {len(losses) - 1} steps"
    slow = int(np.argmax(late[0] * valley.gradient(late[0])))
    how = "still swings" if np.any(late[:, slow] * late[0, slow] < 0) else "still creeps"
    return (
        f"The loss is below 1e-06 for good {when}; wanted: by step {STEPS}. There most of it lies "
        f"in the {('flat', 'steep')[slow]} direction, which {how}."
    )


GOAL = Goal(
    name="05.goal",
    title="Fast and calm",
    asks="rates",
    points=2,
    results=("learning_rate", "momentum"),
    reach=_reach,
    reached=f"the loss is below 1e-06 by step {STEPS}, and was never above its start",
    reference=(1.0, 9 / 11),
    mistakes=(
        Mistake(
            (3.306, 0.669),
            "This was momentum's pair. Nesterov's edge at this momentum is "
            "(2 + 2 · 0.669)/(1 + 2 · 0.669) = 1.43.",
        ),
        Mistake(
            (1.0, 0.9),
            "Good for the steep direction. Along the floor a momentum of 0.9 still swings: a "
            "little less lets it settle sooner.",
        ),
        Mistake(
            (4 / 3.01, (np.sqrt(301) - 2) / (np.sqrt(301) + 2)),
            "This is the pair with the best rate, and fast enough. But its learning rate is beyond "
            "1/L, so the steep direction flips, and the loss first rises.",
        ),
        Mistake(
            (0.1, 0.9),
            "The steps are too short for the flat direction: the steep one allows ten times that.",
        ),
        Mistake(
            (0.01, 0.9),
            "These are common defaults; for this valley the steps are far too short.",
        ),
    ),
    hints=(
        "Begin with the steep direction, curvature 1. At which learning rate does Nesterov brake "
        "it best of all?",
        "At learning rate × curvature = 1 the steep direction is home in one step. Keep that rate, "
        "and ask which momentum suits the flat direction, where it is 0.01.",
        "A direction swings if learning rate × curvature is above ((1 - β)/(1 + β))². Let the flat "
        "one just not swing: (1 - β)/(1 + β) = √0.01.",
    ),
)

TASKS = (LANDING, STEP, TRANSLATE, EDGE, PATHS, GOAL)
