"""11.resume, repair: A ball that forgets."""

import numpy as np

from course.checks.chapter_11.optimizers import (
    BACK,
    DEFAULT,
    FEW,
    PUSH,
    REST,
    TWO,
    at_half,
    calls_of,
    in_a_row,
    sixteenths,
    without,
)
from course.checks.tasks import Case, Mistake, Resumed


def _resumed(weights, calls, arguments, stop):
    w, path = in_a_row(weights), []
    velocity, most = np.zeros_like(w), arguments.get("clipvalue", np.inf)
    for learning_rate, gradients in calls:
        g = np.clip(in_a_row(gradients), -most, most)
        velocity = np.where(velocity * g > 0, 0.0, velocity)
        velocity = arguments["momentum"] * velocity - learning_rate * g
        w = w + velocity
        path.append(w)
    return path


def _resumed_with(
    lost=(),
    kept=1.0,
    stops=lambda v, g: np.where(v * g > 0, 0.0, v),
    keep=lambda v, old: v,
    step=lambda w, v, old: w + v,
):
    """A known mistake: which arguments are lost at the stop and what is kept, or another step."""

    def resumed(weights, calls, arguments, stop):
        w, path = in_a_row(weights), []
        old = np.zeros_like(w)
        for call, (eta, gradients) in enumerate(calls):
            if call == stop:
                old, arguments = kept * old, without(arguments, lost)
            most = arguments.get("clipvalue", np.inf)
            g = np.clip(in_a_row(gradients), -most, most)
            v = arguments.get("momentum", DEFAULT) * stops(old, g) - eta * g
            w, old = step(w, v, old), keep(v, old)
            path.append(w)
        return path

    return resumed


def _one_velocity(weights, calls, arguments, stop):
    """Both variables, which have one shape, share a velocity."""
    w, v, path = [np.array(each) for each in weights], 0.0, []
    beta, most = arguments["momentum"], arguments.get("clipvalue", np.inf)
    for eta, gradients in calls:
        for i, g in enumerate(np.clip(gradients, -most, most)):
            v = beta * np.where(v * g > 0, 0.0, v) - eta * g
            w[i] = w[i] + v
        path.append(in_a_row(w))
    return path


def _resumed_arguments(random):
    weights, *gradients = (list(sixteenths(random, (2, 2))) for _ in range(5))
    eta, beta = random.choice([0.25, 0.5]), random.choice([0.25, 0.75])
    arguments = {"learning_rate": float(eta), "momentum": float(beta)}
    arguments |= {"clipvalue": 1.0} if random.integers(2) else {}
    return weights, calls_of([eta] * 4, gradients), arguments, int(random.integers(1, 3))


_BALL_OF = {"learning_rate": 0.5, "momentum": 0.75}

RESUME = Resumed(
    name="11.resume",
    title="A ball that forgets",
    work="repair",
    asks="StoppingBall",
    points=2,
    results=("weights",),
    reference=_resumed,
    shown=(
        Case("stopped before the first call", (TWO, at_half(PUSH, PUSH), _BALL_OF, 0)),
        Case(
            "stopped after one call, on flat ground",
            (TWO, at_half(PUSH, REST, REST), _BALL_OF, 1),
        ),
        Case("stopped after two calls, then back", (TWO, at_half(PUSH, PUSH, BACK), _BALL_OF, 2)),
        Case(
            "with clipvalue=0.5, stopped after one call",
            (TWO, at_half(PUSH, PUSH), _BALL_OF | {"clipvalue": 0.5}, 1),
        ),
    ),
    draw=_resumed_arguments,
    drawn=FEW,
    mistakes=(
        Mistake(
            _resumed_with(lost=("momentum",), kept=0.0),
            "Nothing is repaired yet: after loading, the velocity starts from rest, and the "
            "momentum is the default. What does the file know of the two?",
            untouched=True,
        ),
        Mistake(
            _resumed_with(kept=0.0),
            "The momentum comes back now. The velocity does not: only variables that `build` has "
            "made are saved. They change by self.assign; `self.velocities[i] = …` would put "
            "something else in their place.",
        ),
        Mistake(
            _resumed_with(lost=("momentum",)),
            "The velocity comes back now. The momentum does not: whatever __init__ takes must "
            "stand in `get_config`.",
        ),
        Mistake(
            _resumed_with(lost=("clipvalue",)),
            "Velocity and momentum come back now. The base class's own arguments, such as "
            "clipvalue, do not: begin with super().get_config(), and add the momentum to it.",
        ),
        Mistake(
            _resumed_with(keep=lambda v, old: old),
            "The new velocity is computed, but not kept: a variable changes by "
            "self.assign(variable, value) only.",
        ),
        Mistake(
            lambda weights, calls, *rest: [in_a_row(weights)] * len(calls),
            "The weights do not move any more: `update_step` has to add the velocity to the "
            "variable, by self.assign or self.assign_add.",
        ),
        Mistake(
            _resumed_with(step=lambda w, v, old: w + old),
            "The weights move by the old velocity. Update it first, then move by the new one.",
        ),
        Mistake(
            _resumed_with(stops=lambda v, g: v),
            "Everything comes back. But your ball no longer stops where it would roll uphill: "
            "where velocity * gradient > 0, the velocity is set to 0 before the push.",
        ),
        Mistake(
            _resumed_with(stops=lambda v, g: np.where(v * g < 0, 0.0, v)),
            "Everything comes back. But now your ball stops where it rolls downhill: the gradient "
            "points up, so velocity * gradient > 0 is uphill.",
        ),
        Mistake(
            _one_velocity,
            "All variables share one velocity now. Each needs its own: `build` makes a list of "
            "them, and self._get_variable_index(variable) says which is whose.",
        ),
    ),
    hints=(
        "A file keeps two things of an optimizer: its config, from which a new one is made, and "
        "its variables. Which of the two should the momentum be in, and which the velocity?",
        "build: super().build(variables), then self.velocities = "
        'self.add_optimizer_variables(variables, "velocity"). get_config: that of super(), with '
        "the momentum added.",
        "In update_step: velocity = self.velocities[self._get_variable_index(variable)], and "
        "self.assign(velocity, ...). get_config returns super().get_config() | "
        '{"momentum": self.momentum}.',
    ),
)
