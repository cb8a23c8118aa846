"""11.resume, repair: A ball that forgets."""

import numpy as np

from course.checks.chapter_11.optimizers import (
    BACK,
    DEFAULT,
    FEW,
    ITS_OWN_RATE,
    PUSH,
    REST,
    TWO,
    at_half,
    calls_of,
    first_rates,
    in_a_row,
    sixteenths,
    with_own_rate,
    without,
)
from course.checks.tasks import Case, Mistake, Resumed


def _stopped_uphill(velocity, gradient):
    return np.where(velocity * gradient > 0, 0.0, velocity)


def _resumed(weights, calls, arguments, stop):
    w, path = in_a_row(weights), []
    velocity, most = np.zeros_like(w), arguments.get("clipvalue", np.inf)
    for learning_rate, gradients in with_own_rate(calls, arguments):
        g = np.clip(in_a_row(gradients), -most, most)
        velocity = _stopped_uphill(velocity, g)
        velocity = arguments.get("momentum", DEFAULT) * velocity - learning_rate * g
        w = w + velocity
        path.append(w)
    return path


def _resumed_with(
    lost=(),
    kept=1.0,
    stops=_stopped_uphill,
    keep=lambda v, old: v,
    step=lambda w, v, old: w + v,
    sign=-1,
    change=lambda arguments: arguments,
    rates=lambda calls, arguments, stop: with_own_rate(calls, arguments),
):
    """A known mistake: which arguments are lost at the stop and what is kept, or another step.

    change: what the class makes of the arguments that it gets.
    rates:  the calls with the learning rates that are taken.
    """

    def resumed(weights, calls, arguments, stop):
        w, path, arguments = in_a_row(weights), [], change(arguments)
        old = np.zeros_like(w)
        for call, (eta, gradients) in enumerate(rates(calls, arguments, stop)):
            if call == stop:
                old, arguments = kept * old, without(arguments, lost)
            most = arguments.get("clipvalue", np.inf)
            g = np.clip(in_a_row(gradients), -most, most)
            v = arguments.get("momentum", DEFAULT) * stops(old, g) + sign * eta * g
            w, old = step(w, v, old), keep(v, old)
            path.append(w)
        return path

    return resumed


def _one_velocity(weights, calls, arguments, stop):
    """Both variables, which have one shape, share a velocity."""
    w, v, path = [np.array(each) for each in weights], 0.0, []
    beta, most = arguments.get("momentum", DEFAULT), arguments.get("clipvalue", np.inf)
    for eta, gradients in with_own_rate(calls, arguments):
        for i, g in enumerate(np.clip(gradients, -most, most)):
            v = beta * _stopped_uphill(v, g) - eta * g
            w[i] = w[i] + v
        path.append(in_a_row(w))
    return path


def _rate_when_moving(weights, calls, arguments, stop):
    """PyTorch's form: the learning rate enters when the weights move."""
    w, path = in_a_row(weights), []
    velocity, most = np.zeros_like(w), arguments.get("clipvalue", np.inf)
    for eta, gradients in with_own_rate(calls, arguments):
        g = np.clip(in_a_row(gradients), -most, most)
        velocity = arguments.get("momentum", DEFAULT) * _stopped_uphill(velocity, g) - g
        w = w + eta * velocity
        path.append(w)
    return path


def _with_default(name, value):
    """A class whose default is another one."""
    return _resumed_with(change=lambda arguments: {name: value} | arguments)


def _resumed_arguments(random):
    weights, *gradients = (list(sixteenths(random, (2, 2))) for _ in range(5))
    eta, beta = random.choice([0.25, 0.5]), random.choice([0.25, 0.75])
    arguments = {"learning_rate": float(eta), "momentum": float(beta)}
    arguments |= {"clipvalue": 1.0} if random.integers(2) else {}
    rates = [eta, eta / 2, eta, eta / 2]  # it changes: one that was kept as a number is told apart
    return weights, calls_of(rates, gradients), arguments, int(random.integers(1, 3))


_BALL_OF = {"learning_rate": 0.5, "momentum": 0.75}
_OTHER_MOMENTUM = "Where no momentum is said, yours is {:g}. Leave the default at 0.5."
_OTHER_RATE = "Where no learning rate is said, yours is {:g}. Leave the default at 0.01."

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
        Case(
            "the learning rate falls, stopped after one call",
            (TWO, calls_of([0.5, 0.25, 0.125], [PUSH, PUSH, PUSH]), _BALL_OF, 1),
        ),
        Case(
            "with the momentum that it has by default",
            (TWO, at_half(PUSH, PUSH), {"learning_rate": 0.5}, 1),
        ),
        *ITS_OWN_RATE,
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
            _resumed_with(lost=("momentum", "clipvalue")),
            "The velocity comes back now. The momentum does not, nor the base class's own "
            "arguments: get_config begins with super().get_config(), and adds the momentum.",
        ),
        Mistake(
            _resumed_with(change=lambda arguments: arguments | {"momentum": 1.0}),
            "The velocity keeps all of itself. Only momentum times the old one stays, where it "
            "does not stop.",
        ),
        Mistake(
            _resumed_with(step=lambda w, v, old: w - v),
            "The weights move against the velocity. They move by it: self.assign_add.",
        ),
        Mistake(
            _resumed_with(lost=("clipvalue",)),
            "Velocity and momentum come back now. The base class's own arguments, such as "
            "clipvalue, do not: begin with super().get_config(), and add the momentum to it.",
        ),
        Mistake(
            _resumed_with(keep=lambda v, old: old),
            "Nothing is left of the old velocity. Is the new one kept? A variable changes by "
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
            _resumed_with(stops=lambda v, g: np.where(v * g > 0, v, 0.0)),
            "Everything comes back. But now your ball stops where it rolls downhill: the gradient "
            "points up, so velocity * gradient > 0 is uphill.",
        ),
        Mistake(
            _resumed_with(stops=lambda v, g: np.where(g > 0, 0.0, v)),
            "Your ball stops wherever the gradient is positive. It stops where it would roll "
            "uphill: where velocity * gradient > 0.",
        ),
        Mistake(
            _resumed_with(sign=1),
            "Your ball is pushed uphill: the sheet's arithmetic takes learning_rate * gradient "
            "away, and was right.",
        ),
        Mistake(
            _resumed_with(keep=lambda v, old: v + old),
            "The new velocity is added to the old one. It takes its place: self.assign, and not "
            "self.assign_add.",
        ),
        Mistake(
            _resumed_with(stops=lambda v, g: np.where(v * g >= 0, 0.0, v)),
            "Your ball stops where the ground is flat, too. It rolls on there: only where "
            "velocity * gradient > 0 it stops.",
        ),
        Mistake(
            _resumed_with(step=lambda w, v, old: v),
            "The velocity is put in the weights' place. They move by it: self.assign_add.",
        ),
        Mistake(
            _rate_when_moving,
            "The learning rate enters when the weights move, as in PyTorch's ball. The sheet's "
            "arithmetic was right: here it enters the velocity.",
        ),
        Mistake(
            _resumed_with(rates=first_rates),
            "You take the learning rate that __init__ got. Take the one that update_step is "
            "handed: it is that of this call.",
        ),
        Mistake(
            _resumed_with(change=lambda arguments: without(arguments, ("momentum",))),
            "The momentum is the default here, whatever was asked for: __init__ must store it.",
        ),
        Mistake(
            _resumed_with(change=lambda arguments: without(arguments, ("learning_rate",))),
            "The learning rate that __init__ gets does not arrive: hand it on in super().__init__.",
        ),
        Mistake(
            _resumed_with(change=lambda arguments: without(arguments, ("clipvalue",))),
            "The arguments that Keras's base class understands do not arrive there: hand "
            "**settings on in super().__init__.",
        ),
        *(
            Mistake(_with_default("momentum", beta), _OTHER_MOMENTUM.format(beta))
            for beta in (0.0, 0.9, 0.95, 0.99)
        ),
        *(
            Mistake(_with_default("learning_rate", eta), _OTHER_RATE.format(eta))
            for eta in (0.001, 0.05, 0.1, 0.5, 1.0)
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
