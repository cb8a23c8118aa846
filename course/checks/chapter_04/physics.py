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
