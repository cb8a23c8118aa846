"""04.physics, repair a broken rule: From mass and friction to Keras's arguments."""

import numpy as np

from course.checks.tasks import Case, Mistake, Rule


def _from_physics(mass, friction, time_step):
    return time_step**2 / mass, 1 - time_step * friction / mass


PHYSICS = Rule(
    name="04.physics",
    title="From mass and friction to Keras's arguments",
    work="repair",
    asks="from_physics",
    points=2,
    results=("learning_rate", "momentum"),
    reference=_from_physics,
    shown=(
        Case("a ball of mass 2 with friction 1, time step 0.5", (2.0, 1.0, 0.5)),
        Case("the same ball without friction", (2.0, 0.0, 0.5)),
        Case("a light ball, time step 0.3", (0.8, 0.5, 0.3)),
        Case("friction so strong that no speed is left", (2.0, 4.0, 0.5)),
    ),
    draw=lambda random: tuple(random.uniform((0.5, 0.1, 0.1), (2.0, 0.5, 0.9))),
    mistakes=(
        Mistake(
            lambda m, c, h: (h / m, h * c / m),
            "Nothing is repaired yet: compare both lines with the derivation in chapter 04.",
            untouched=True,
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
            "The learning rate is right. Your momentum belongs to friction at the new velocity. "
            "Here it is taken at the old one: what is left of 1 after a step's friction?",
        ),
        Mistake(
            lambda m, c, h: (h**2 / (m + h * c), m / (m + h * c)),
            "This is Qian's form: friction at the new velocity, at the end of the step. Here it is "
            "taken at the old velocity, so a step divides by the mass alone.",
        ),
        Mistake(
            lambda m, c, h: (2 * h**2 / (2 * m + h * c), (2 * m - h * c) / (2 * m + h * c)),
            "You took friction halfway between the old velocity and the new. Here it is taken at "
            "the old one alone.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, np.exp(-h * c / m)),
            "This is friction in continuous time. One discrete step takes 1 - h c / m, which is "
            "near it only for small h c / m.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, 1 - c),
            "The learning rate is right. Friction is a force: what it takes per step depends on "
            "the length of the step and on the mass, too.",
        ),
        Mistake(
            lambda m, c, h: (h / m, 1 - c),
            "The time step enters the learning rate twice, by way of velocity and of position. And "
            "what friction takes per step depends on time step and mass, too.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, 1 - c * h),
            "The learning rate is right. In momentum the mass is missing: a heavy ball loses less "
            "of its velocity to the same friction.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, 1 - c / m),
            "The learning rate is right. In momentum the time step is missing: a short step leaves "
            "friction little time.",
        ),
        Mistake(
            lambda m, c, h: (h**2, 1 - c * h),
            "The mass is missing in both lines: force divided by mass is the acceleration.",
        ),
        Mistake(
            lambda m, c, h: (h / m, 1 - c / m),
            "In both lines one time step is missing. Between force and position it enters twice, "
            "between friction and velocity once.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, (1 - c * h) / m),
            "The learning rate is right. In momentum the mass divides the friction only, not the "
            "1: look at your brackets.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, 1 - h * m / c if c else 1.0),
            "The learning rate is right. In momentum mass and friction have changed places: which "
            "of them brakes?",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, 1 - h**2 * c / m),
            "The learning rate is right. Friction changes the velocity only, so one time step "
            "stands beside it, not two.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, 1 - 2 * h * c / m),
            "The learning rate is right. Your friction is twice as strong as it should be.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, 1 - h * c / (2 * m)),
            "The learning rate is right. Your friction is half as strong as it should be.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, h * c / m - 1),
            "The learning rate is right. Momentum has the wrong sign: without friction the whole "
            "velocity is left, +1.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / m, (1 - h * c / m) ** 2),
            "The learning rate is right. You took friction off twice in one step: leave out the "
            "square.",
        ),
        Mistake(
            lambda m, c, h: (h**2 / (2 * m), 1 - h * c / m),
            "Momentum is right. ½ a t² is the way under a constant force from rest. A step is "
            "simpler: the new velocity moves the ball for the whole time step.",
        ),
        Mistake(
            lambda m, c, h: (m / h**2, 1 - h * c / m),
            "Momentum is right. The learning rate stands on its head: a heavy ball moves less.",
        ),
        Mistake(
            lambda m, c, h: (h * 2 / m, 1 - h * c / m),
            "Momentum is right. h * 2 is twice the time step; its square is h**2.",
        ),
        Mistake(
            lambda m, c, h: (h**2 * m, 1 - h * c / m),
            "Momentum is right. In the learning rate the mass belongs below: a heavy ball moves "
            "less.",
        ),
        Mistake(
            lambda m, c, h: ((h / m) ** 2, 1 - h * c / m),
            "Momentum is right. The time step enters the learning rate squared, the mass does not.",
        ),
    ),
    hints=(
        "Try the ball without friction: what must its momentum be?",
        "Start from m a = -gradient - c v, and write a = (new v - old v) / h.",
        "With velocity = h times speed: velocity = (1 - h c / m) * velocity - (h² / m) * gradient.",
    ),
)
