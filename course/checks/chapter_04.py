"""Exercise 04, momentum as friction: five tasks, five kinds."""

import numpy as np

from course.checks.tasks import Case, Choice, Goal, Mistake, Number, Rule
from course.descent import walk
from course.sgd import gradient_descent, heavy_ball
from course.surfaces import quadratic

# ---- 1, write the rule ---------------------------------------------------------------


def _step_arguments(random):
    w, v, g = random.normal(size=(3, 2))
    return w, v, g, random.uniform(0.05, 0.5), random.uniform(0.3, 0.95)


STEP = Rule(
    name="04.step",
    title="One step of the ball",
    asks="ball_step",
    points=3,
    results=("w", "v"),
    reference=heavy_ball,
    shown=(
        Case("from rest", (1.0, 0.0, 2.0, 0.1, 0.9)),
        Case("rolling, on flat ground", (1.0, -0.5, 0.0, 0.1, 0.9)),
        Case("rolling downhill", (1.0, -0.5, 2.0, 0.1, 0.9)),
    ),
    draw=_step_arguments,
    mistakes=(
        Mistake(
            lambda w, v, g, eta, beta: (w, v),
            "Nothing has moved yet: put your lines in place of the dots.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (w - (beta * v - eta * g), beta * v - eta * g),
            "Your velocity is right, but you subtracted it: v already points downhill, so add it.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (w + beta * v + eta * g, beta * v + eta * g),
            "Your ball rolls uphill: the gradient points up, so it enters the velocity with minus.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (w - eta * (beta * v + g), beta * v + g),
            "This is PyTorch's ball: it keeps the learning rate outside the velocity. Keras's "
            "velocity already contains it: v = momentum * v - learning_rate * g.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (
                w + beta * v - (1 - beta) * eta * g,
                beta * v - (1 - beta) * eta * g,
            ),
            "You average the gradients with a factor 1 - momentum. Keras has no such factor: "
            "the full gradient enters at every step.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (w + v, beta * v - eta * g),
            "You moved with the old velocity. Update the velocity first, then move with the new.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (w - eta * g, beta * v - eta * g),
            "Your velocity is right, but the weights do not use it: they must move by the "
            "velocity, not by the gradient alone.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (w + (1 - beta) * v - eta * g, (1 - beta) * v - eta * g),
            "You took momentum for the friction. It is what friction leaves: the velocity is "
            "multiplied by momentum itself.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (gradient_descent(w, g, eta), v),
            "This is plain gradient descent: the velocity is neither used nor updated.",
        ),
        Mistake(
            lambda w, v, g, eta, beta: (beta * v - eta * g, w + beta * v - eta * g),
            "The two values are right, but swapped: return the variable first, then the velocity.",
        ),
    ),
    hints=(
        "A ball keeps a part of its speed, and the slope adds to it. Which part, and with which "
        "sign?",
        "Two lines: first the new velocity from the old one and the gradient, then the variable "
        "from the new velocity.",
        "velocity = momentum * velocity - learning_rate * gradient; then add the velocity to the "
        "variable and return both.",
    ),
)

# ---- 2, predict a number -------------------------------------------------------------

TERMINAL = Number(
    name="04.terminal",
    title="The speed on an endless slope",
    asks="terminal_velocity",
    points=0,
    reference=-2.0,
    mistakes=(
        Mistake(
            -0.2,
            "That is the velocity after the first step. Each later step keeps nine tenths of it "
            "and adds the same push again.",
        ),
        Mistake(2.0, "The size is right; mind the sign: the ball rolls against the gradient."),
        Mistake(0.2, "That is one step's push, and uphill: sum all the pushes, with their sign."),
        Mistake(-20.0, "You left out the learning rate: each push is learning_rate * gradient."),
        Mistake(20.0, "Two things: each push is learning_rate * gradient, and it points downhill."),
        Mistake(
            -0.02,
            "You weighted the push with 1 - momentum, as in an average. Keras adds it in full.",
        ),
        Mistake(
            -1.8,
            "Close: you have momentum times the answer. Ask which v comes out of the rule as it "
            "went in.",
        ),
    ),
    hints=(
        "At the terminal velocity, a step changes the velocity no more.",
        "Put the same v on both sides of the rule: v = 0.9 * v - 0.1 * 2.",
        "Then 0.1 * v = -0.2: the push, divided by what friction takes.",
    ),
)

# ---- 3, repair a broken rule ---------------------------------------------------------


def _from_physics(mass, friction, time_step):
    return time_step**2 / mass, 1 - time_step * friction / mass


PHYSICS = Rule(
    name="04.physics",
    title="From mass and friction to Keras's arguments",
    asks="from_physics",
    points=2,
    results=("learning_rate", "momentum"),
    reference=_from_physics,
    shown=(
        Case("a ball of mass 2 with friction 1, time step 0.5", (2.0, 1.0, 0.5)),
        Case("the same ball without friction", (2.0, 0.0, 0.5)),
        Case("friction so strong that no speed is left", (2.0, 4.0, 0.5)),
    ),
    draw=lambda random: tuple(random.uniform((0.5, 0.1, 0.1), (2.0, 0.5, 0.9))),
    mistakes=(
        Mistake(
            lambda m, c, h: (h / m, h * c / m),
            "Nothing is repaired yet: compare both lines with the derivation in chapter 04.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, h * c / m),
            "The learning rate is right. Momentum is not the friction: it is what friction "
            "leaves of the speed, so it is 1 when there is none.",
        ),
        Mistake(
            lambda m, c, h: (h / m, 1 - h * c / m),
            "Momentum is right. The learning rate is not: the time step enters twice, once from "
            "force to velocity and once from velocity to position.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, m / (m + h * c)),
            "This is Qian's implicit form, with friction taken at the end of the step. Our ball "
            "takes it at the start: momentum = 1 - h c / m.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, np.exp(-h * c / m)),
            "This is friction in continuous time. One discrete step takes 1 - h c / m, which is "
            "near it only for small h c / m.",
        ),
    ),
    hints=(
        "Try the ball without friction: what must its momentum be?",
        "Start from m a = -gradient - c v, and write a = (new v - old v) / h.",
        "With velocity = h times speed: velocity = (1 - h c / m) * velocity - (h² / m) * gradient.",
    ),
)

# ---- 4, choose numbers that reach a goal ---------------------------------------------

STEPS, SMALL = 80, 1e-6


def _reach(learning_rate, momentum):
    """Whether the ball is, and stays, below the loss SMALL from step STEPS on."""
    if learning_rate <= 0 or not 0 <= momentum <= 1:
        return False, "learning_rate must be above 0, and momentum between 0 and 1."
    valley = quadratic((0.01, 1.0), start=(1.0, 1.0))
    losses = valley.loss(walk(valley, 200, learning_rate, momentum).points)
    if not np.isfinite(losses[-1]) or losses[-1] > losses[0]:
        return False, "The ball flies out of the valley: the steep side allows no such step."
    if np.max(losses[STEPS:]) < SMALL:
        return True, ""
    settled = np.flatnonzero(losses >= SMALL)[-1] + 1
    when = f"only after step {settled}" if settled < len(losses) else "not within 200 steps"
    return False, f"The loss is below 1e-06 for good {when}; wanted: by step {STEPS}."


GOAL = Goal(
    name="04.goal",
    title="A ball for a long valley",
    asks="rates",
    points=2,
    results=("learning_rate", "momentum"),
    reach=_reach,
    reached=f"the loss is below 1e-06 by step {STEPS}, and stays there",
    reference=(3.306, 0.669),
    mistakes=(
        Mistake(
            (1.98, 0.0),
            "This is the best plain descent can do. Give the ball some momentum.",
        ),
        Mistake(
            (0.01, 0.9),
            "These are common defaults; for this valley the steps are far too short. The steep "
            "side allows up to 2 (1 + momentum).",
        ),
        Mistake(
            (1.0, 0.99),
            "So little friction lets the ball swing along the valley for hundreds of steps.",
        ),
    ),
    hints=(
        "The flat direction needs long steps, the steep one forbids too long ones. What does "
        "momentum change about the longest step that is stable?",
        "Stable is learning_rate * 1.0 < 2 (1 + momentum). When it swings, the loss shrinks by "
        "momentum per step: which momentum gives 1e-6 in about 60 steps?",
        "Chapter 04's best pair for curvatures 0.01 and 1: learning_rate = (2 / (1 + 0.1))², "
        "momentum = ((10 - 1) / (10 + 1))².",
    ),
)

# ---- 5, read a picture ---------------------------------------------------------------


def _portraits(figure):
    """Three balls in one bowl, their position against their velocity; the momenta unsaid."""
    bowl = quadratic((1.0,), start=(1.0,))
    for axes, letter, momentum in zip(figure.subplots(1, 3), "ABC", (0.9, 1.0, 0.3)):
        ball = walk(bowl, 60, 0.1, momentum)
        axes.plot(ball.points[:, 0], ball.velocities[:, 0], "s--", color="#D55E00", ms=3, lw=1)
        axes.plot(1, 0, "o", mfc="white", color="black", ms=8)
        axes.set(title=letter, xlabel="position $w$", xlim=(-1.15, 1.15), ylim=(-0.36, 0.36))
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("velocity $v$")


PORTRAIT = Choice(
    name="04.portrait",
    title="Three phase portraits",
    asks="most_friction_first",
    points=0,
    reference="CAB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_portraits,
    mistakes=(
        Mistake(
            "BAC",
            "You ordered by momentum. Momentum is what friction leaves, so the largest momentum "
            "has the least friction.",
        ),
        Mistake(
            "CBA",
            "C is right. Of the other two, one ball comes to rest and one never does: which of "
            "them has friction?",
        ),
        Mistake(
            "ACB",
            "B is right. Of the other two, one swings through the middle and one creeps home: "
            "which of them is braked harder?",
        ),
        Mistake("ABC", "A ball without friction never settles: which curve never reaches (0, 0)?"),
        Mistake("BCA", "A ball without friction never settles: which curve never reaches (0, 0)?"),
    ),
    hints=(
        "Every ball starts at the open circle. Where does each end?",
        "A closed loop means that no energy is lost.",
        "Creeping home without a swing is the most friction, the closed loop is none.",
    ),
)

TASKS = (STEP, TERMINAL, PHYSICS, GOAL, PORTRAIT)
