"""04.physics, repair a broken rule: From mass and friction to Keras's arguments."""

import numpy as np

from course.checks.slips import distinct, in_two_lines
from course.checks.tasks import Case, Mistake, Rule


def _from_physics(mass, friction, time_step):
    return time_step**2 / mass, 1 - time_step * friction / mass


def _with(learning_rate, momentum):
    """The function with these two lines, each of (mass, friction, time step)."""
    return lambda m, c, h: (learning_rate(m, c, h), momentum(m, c, h))


CASES = (
    Case("a ball of mass 2 with friction 1, time step 0.5", (2.0, 1.0, 0.5)),
    Case("the same ball without friction", (2.0, 0.0, 0.5)),
    Case("a light ball, time step 0.3", (0.8, 0.5, 0.3)),
    Case("friction so strong that no speed is left", (2.0, 4.0, 0.5)),
)

KNOWN = (
    Mistake(
        lambda m, c, h: (h / m, h * c / m),
        "Nothing is repaired yet: compare both lines with the derivation in chapter 04.",
        untouched=True,
    ),
    Mistake(
        lambda m, c, h: (h**2 / (m + h * c), m / (m + h * c)),
        "This is Qian's form: friction at the new velocity, at the end of the step. Here it is "
        "taken at the old velocity, so a step divides by the mass alone.",
    ),
    Mistake(
        lambda m, c, h: (2 * h**2 / (2 * m + h * c), (2 * m - h * c) / (2 * m + h * c)),
        "You took friction halfway between the old velocity and the new. Here it is taken at the "
        "old one alone.",
    ),
    Mistake(
        lambda m, c, h: (h / m, 1 - c / m),
        "In both lines one time step is missing. Between force and position it enters twice, "
        "between friction and velocity once.",
    ),
    Mistake(
        lambda m, c, h: (h**2, 1 - c * h),
        "The mass is missing in both lines: force divided by mass is the acceleration.",
    ),
    Mistake(
        lambda m, c, h: _from_physics(m, c, h)[::-1],
        "Both values are right, but swapped: return the learning rate first.",
    ),
)

LEARNING_RATES = {
    lambda m, c, h: h**2 / m: "The learning rate is right.",
    lambda m, c, h: h / m: (
        "In the learning rate the time step enters twice, once from force to velocity and once "
        "from velocity to position."
    ),
    lambda m, c, h: h**2: "In the learning rate the mass is missing.",
    lambda m, c, h: h: (
        "In the learning rate the mass is missing, and the time step enters twice, by way of the "
        "velocity."
    ),
    lambda m, c, h: (
        h**2 * m
    ): "In the learning rate the mass belongs below: a heavy ball moves less.",
    lambda m, c, h: h * 2 / m: "In the learning rate h * 2 is twice the time step, not its square.",
    lambda m, c, h: h**2 / (2 * m): (
        "½ a t² is the way under a constant force from rest. A step is simpler: the new velocity "
        "moves the ball for the whole time step."
    ),
    lambda m, c, h: m / h**2: "The learning rate stands on its head: a heavy ball moves less.",
    lambda m, c, h: m / h: (
        "The learning rate stands on its head, as a heavy ball moves less; and the time step "
        "enters it twice."
    ),
    lambda m, c, h: (h / m) ** 2: (
        "The time step enters the learning rate squared, the mass does not."
    ),
    lambda m, c, h: h / m**2: "In the learning rate it is the time step that is squared.",
    lambda m, c, h: -(h**2) / m: (
        "The learning rate is above 0: Keras's rule has its minus already."
    ),
    lambda m, c, h: (h / m) ** 0.5: "The learning rate holds no root: the time step enters twice.",
    lambda m, c, h: (
        h**2 / m * (c or 1)
    ): "Friction is in the momentum alone, not in the learning rate.",
    lambda m, c, h: h**2 / (m * (c or 1)): (
        "Friction is in the momentum alone, not in the learning rate."
    ),
}

MOMENTA = {
    lambda m, c, h: 1 - h * c / m: "Momentum is right.",
    lambda m, c, h: h * c / m: (
        "Momentum is not the friction: it is what friction leaves of the velocity, so it is 1 when "
        "there is none."
    ),
    lambda m, c, h: 1 - c: (
        "Friction is a force: what it takes of the velocity per step depends on the time step and "
        "on the mass, too."
    ),
    lambda m, c, h: 1 - c * h: (
        "In momentum the mass is missing: a heavy ball loses less of its velocity to the same "
        "friction."
    ),
    lambda m, c, h: 1 - c / m: (
        "In momentum the time step is missing: a short step leaves friction little time."
    ),
    lambda m, c, h: h * c / m - 1: (
        "Momentum has the wrong sign: without friction the whole velocity is left, +1."
    ),
    lambda m, c, h: 1 + h * c / m: "Your friction makes the ball faster: it is subtracted.",
    lambda m, c, h: 1.0: "Your momentum knows no friction: it is what friction leaves of 1.",
    lambda m, c, h: (1 - c * h) / m: (
        "In momentum the mass divides the friction only, not the 1: look at your brackets."
    ),
    lambda m, c, h: m - c * h: (
        "In momentum the friction is divided by the mass, and then taken from 1."
    ),
    lambda m, c, h: 1 - h * m / c if c else 1.0: (
        "In momentum mass and friction have changed places: which of them brakes?"
    ),
    lambda m, c, h: 1 - m * c / h: (
        "In momentum mass and time step have changed places: a heavy ball loses less of its "
        "velocity, a short step takes less of it."
    ),
    lambda m, c, h: 1 - h * c * m: "In momentum the mass belongs below: a heavy ball loses less.",
    lambda m, c, h: 1 - h**2 * c / m: (
        "In momentum one time step stands beside the friction, not two: it changes the velocity "
        "only."
    ),
    lambda m, c, h: 1 - h**2 * c / m**2: (
        "In momentum time step and mass stand once beside the friction, not squared."
    ),
    lambda m, c, h: 1 - h * c / m**2: "In momentum the mass divides once.",
    lambda m, c, h: 1 - 2 * h * c / m: "In momentum your friction is twice as strong as it is.",
    lambda m, c, h: 1 - h * c / (2 * m): "In momentum your friction is half as strong as it is.",
    lambda m, c, h: (1 - h * c / m) ** 2: (
        "In momentum you took friction off twice: leave out the square."
    ),
    lambda m, c, h: m / (m + h * c): (
        "Your momentum belongs to friction at the new velocity. Here it is taken at the old one: "
        "what is left of 1 after a step's friction?"
    ),
    lambda m, c, h: np.exp(-h * c / m): (
        "Your momentum is that of friction in continuous time. One discrete step takes 1 - h c / "
        "m, which is near it only for small h c / m."
    ),
    lambda m, c, h: 1 / (1 + c): (
        "Momentum is no fraction of the friction's number: what a step takes of the velocity "
        "depends on time step and mass, and is subtracted from 1."
    ),
    lambda m, c, h: c: "Momentum is not the friction: it is what friction leaves of the velocity.",
    lambda m, c, h: c / m: (
        "Momentum is what friction leaves of the velocity in one time step, not what it takes."
    ),
    lambda m, c, h: c * h: (
        "Momentum is what friction leaves of the velocity, and a heavy ball keeps more of it."
    ),
}


PHYSICS = Rule(
    name="04.physics",
    title="From mass and friction to Keras's arguments",
    work="repair",
    asks="from_physics",
    points=2,
    results=("learning_rate", "momentum"),
    reference=_from_physics,
    shown=CASES,
    draw=lambda random: tuple(random.uniform((0.5, 0.1, 0.1), (2.0, 0.5, 0.9))),
    mistakes=distinct(
        _from_physics,
        [case.arguments for case in CASES],
        KNOWN,
        in_two_lines(_with, LEARNING_RATES, MOMENTA),
    ),
    hints=(
        "Try the ball without friction: what must its momentum be?",
        "Start from m a = -gradient - c v, and write a = (new v - old v) / h.",
        "With velocity = h times speed: velocity = (1 - h c / m) * velocity - (h² / m) * gradient.",
    ),
)
