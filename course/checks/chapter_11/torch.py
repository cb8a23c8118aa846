"""11.torch, write: A ball in PyTorch's form, with a top speed."""

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

_TOP = 1.0  # the top speed that the sheet's class takes if none is said


def _updates_of(calls, arguments):
    """(learning rate, gradient or None) for each call: what Keras's base class hands on."""
    total, k = 0.0, arguments.get("gradient_accumulation_steps", 1)
    clipvalue = arguments.get("clipvalue", np.inf)
    for call, (rate, gradients) in enumerate(with_own_rate(calls, arguments), start=1):
        total = total + in_a_row(gradients)
        due = call % k == 0
        yield rate, np.clip(total / k, -clipvalue, clipvalue) if due else None
        total = 0.0 if due else total


def _limited(velocity, top_speed):
    return np.clip(velocity, -top_speed, top_speed)


def _torch_ball(weights, calls, arguments, stop):
    w, decay, path = in_a_row(weights), arguments.get("weight_decay", 0.0), []
    velocity, top_speed = np.zeros_like(w), arguments.get("top_speed", _TOP)
    for rate, gradient in _updates_of(calls, arguments):
        if gradient is not None:
            momentum = arguments.get("momentum", DEFAULT)
            w = w - w * decay * rate
            velocity = _limited(momentum * velocity + gradient, top_speed)
            w = w - rate * velocity
        path.append(w)
    return path


def _torch_ball_with(
    velocity=lambda v, g, eta, beta, most: _limited(beta * v + g, most),
    step=lambda w, new, old, g, eta, beta, most: w - eta * new,
    keep=lambda new, old: new,
    change=lambda calls, arguments, stop: (calls, arguments),
    kept=1.0,
    lost=(),
):
    """A known mistake: what differs from the reference, or how much is kept at the stop.

    lost: the arguments that are no longer known after it.
    """

    def ball(weights, calls, arguments, stop):
        calls, s = change(calls, arguments, stop)
        w, old, total, path = in_a_row(weights), 0.0, 0.0, []
        for call, (eta, gradients) in enumerate(with_own_rate(calls, s)):
            if call == stop:
                # Without the base class's arguments, what its groups had summed is taken for v.
                sums = "gradient_accumulation_steps" in set(s) & {*lost}
                old, total = (total, 0.0) if sums else (kept * old, total)
                s = without(s, lost)
            total = total + in_a_row(gradients)
            if (call + 1) % s.get("gradient_accumulation_steps", 1) == 0:
                most = s.get("clipvalue", np.inf)
                g = np.clip(total / s.get("gradient_accumulation_steps", 1), -most, most)
                pace = eta, s.get("momentum", DEFAULT), s.get("top_speed", _TOP)
                w = w - w * s.get("weight_decay", 0.0) * eta
                new = velocity(old, g, *pace)
                w, old, total = step(w, new, old, g, *pace), keep(new, old), 0.0
            path.append(w)
        return path

    return ball


def _one_velocity_of_all(weights, calls, arguments, stop):
    """All variables share a velocity; there is nothing else to it where they have one shape."""
    count, path = len(weights), []
    w, v = np.array([np.ravel(each) for each in weights]), 0.0
    for eta, g in _updates_of(calls, arguments):
        for i in range(count if g is not None else 0):
            w[i] = w[i] - w[i] * arguments.get("weight_decay", 0.0) * eta
        for i in range(count if g is not None else 0):
            v = arguments.get("momentum", DEFAULT) * v + g.reshape(count, -1)[i]
            v = _limited(v, arguments.get("top_speed", _TOP))
            w[i] = w[i] - eta * v
        path.append(w.ravel().copy())
    return path


def _torch_ball_arguments(random):
    weights, *gradients = (list(sixteenths(random, (2, 2))) for _ in range(5))
    rates = [float(rate) for rate in random.choice([0.125, 0.25, 0.5], size=4)]
    rates[1] = rates[0] / 2  # the learning rate always falls: Keras's ball must be told apart
    settings = [{}, {"gradient_accumulation_steps": 2}, {"clipvalue": 1.0}]
    arguments = {
        "learning_rate": rates[0],
        "momentum": float(random.choice([0.25, 0.75])),
        "top_speed": float(random.choice([0.75, 1.25])),
        **settings[random.integers(3)],
    }
    return weights, calls_of(rates, gradients), arguments, int(random.integers(1, 3))


def _changed(change):
    return lambda calls, arguments, stop: (calls, change(arguments))


def _first_rates(calls, arguments, stop):
    return first_rates(calls, arguments, stop), arguments


_SETTINGS = ("clipvalue", "gradient_accumulation_steps", "weight_decay")


def _forgotten(words, lose):
    """An argument that __init__ does not store, and one that get_config does not name."""
    return (
        Mistake(
            _torch_ball_with(change=_changed(lose)),
            f"The {words} is the default here, whatever was asked for: __init__ must store what it "
            "gets, and your lines use that.",
        ),
        Mistake(
            _torch_ball_with(lost=(words.replace(" ", "_"),)),
            f"The {words} is the default after the optimizer was made anew: whatever __init__ "
            "takes must stand in get_config.",
        ),
    )


def _other_default(name, word, *values):
    """Classes whose default is another one."""
    return (
        Mistake(
            _torch_ball_with(change=_changed(lambda given, value=value: {name: value} | given)),
            f"Where no {word} is said, yours is {value:g}. Leave the default as the sheet has it.",
        )
        for value in values
    )


def _without_one(name):
    return lambda arguments: without(arguments, (name,))


def _shortened(v, most):
    """The velocities of variables with two weights each, cut by length."""
    lengths = np.linalg.norm(v.reshape(-1, 2), axis=1).repeat(2)
    return v * most / np.maximum(lengths, most)


_FREE = {"learning_rate": 0.5, "momentum": 0.75, "top_speed": 8.0}
_GROUPS = {"gradient_accumulation_steps": 2, "clipvalue": 0.5}

TORCH = Resumed(
    name="11.torch",
    title="A ball in PyTorch's form, with a top speed",
    work="write the optimizer",
    asks="PyTorchBall",
    points=3,
    results=("weights",),
    reference=_torch_ball,
    shown=(
        Case("one call, from rest", (TWO, at_half(PUSH), _FREE, 0)),
        Case("three calls", (TWO, at_half(PUSH, PUSH, REST), _FREE, 2)),
        Case(
            "the learning rate falls",
            (TWO, calls_of([0.5, 0.25, 0.0], [PUSH, REST, REST]), _FREE, 1),
        ),
        Case("with a top speed", (TWO, at_half(PUSH, PUSH, BACK), _FREE | {"top_speed": 1.5}, 1)),
        Case("a low top speed", (TWO, at_half(PUSH, PUSH), _FREE | {"top_speed": 0.25}, 1)),
        Case("weight decay", (TWO, at_half(PUSH, PUSH), _FREE | {"weight_decay": 0.25}, 1)),
        Case("groups of two, and a clip", (TWO, at_half(*[PUSH] * 4), _FREE | _GROUPS, 3)),
        Case(
            "with the momentum and the top speed that it has by default",
            (TWO, at_half(PUSH, PUSH, PUSH), {"learning_rate": 0.5}, 1),
        ),
        *ITS_OWN_RATE,
    ),
    draw=_torch_ball_arguments,
    drawn=FEW,
    mistakes=(
        Mistake(
            _torch_ball_with(step=lambda w, new, old, g, eta, beta, most: w),
            "Nothing moves yet. (If you did compute new weights: a variable changes by "
            "self.assign(variable, value) only.)",
        ),
        Mistake(
            _torch_ball_with(
                velocity=lambda v, g, eta, beta, most: _limited(beta * v - eta * g, most),
                step=lambda w, new, old, g, eta, beta, most: w + new,
            ),
            "This is Keras's own ball: its velocity contains the learning rate, so it keeps its "
            "speed when the rate falls. PyTorch's takes the rate only when it moves.",
        ),
        Mistake(
            _torch_ball_with(step=lambda w, new, old, g, eta, beta, most: w + eta * new),
            "Your ball rolls uphill. The velocity sums gradients, which point up, so the weights "
            "move against it: one minus sign, not none and not two.",
        ),
        Mistake(
            _torch_ball_with(keep=lambda new, old: old),
            "This is plain gradient descent: nothing is left of the old velocity. Is the new one "
            "kept, by self.assign(velocity, ...)?",
        ),
        Mistake(
            _torch_ball_with(step=lambda w, new, old, g, eta, beta, most: w - eta * old),
            "You move with the old velocity. Update the velocity first, then move with the new.",
        ),
        Mistake(
            _torch_ball_with(
                velocity=lambda v, g, eta, beta, most: _limited(beta * v + (1 - beta) * g, most)
            ),
            "You average the gradients with a factor 1 - momentum. This ball takes the full "
            "gradient at every step.",
        ),
        Mistake(
            _torch_ball_with(
                velocity=lambda v, g, eta, beta, most: _limited(beta * v + eta * g, most)
            ),
            "The learning rate enters twice: into the velocity, and again when the weights move. "
            "Only the second belongs here.",
        ),
        Mistake(
            _torch_ball_with(
                step=lambda w, new, old, g, eta, beta, most: w - eta * (g + beta * new)
            ),
            "This is the look-ahead of PyTorch's nesterov=True. The plain ball moves by "
            "learning_rate * velocity.",
        ),
        Mistake(
            _torch_ball_with(step=lambda w, new, old, g, eta, beta, most: w - new),
            "The learning rate is nowhere: the weights move by learning_rate * velocity.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: _limited(v + g, most)),
            "Your velocity keeps all of itself. Only momentum times the old one stays.",
        ),
        Mistake(
            _one_velocity_of_all,
            "All variables share one velocity. Each needs its own: `build` makes a list of them, "
            "and self._get_variable_index(variable) says which is whose.",
        ),
        Mistake(
            _torch_ball_with(change=_first_rates),
            "You move with the learning rate that __init__ got. Use the one that update_step is "
            "handed: it is that of this call.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: beta * v + g),
            "There is no top speed: no entry of the velocity may be farther from 0 than "
            "top_speed; cut what is beyond, by keras.ops.clip.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: beta * v + _limited(g, most)),
            "You cut the gradient. It is the velocity that has a top speed: add the gradient to "
            "what is left of the old one, then cut.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: beta * _limited(v, most) + g),
            "You cut the old velocity before momentum multiplies it, and then add the gradient, so "
            "the weights may still move faster. Cut the new one, before the weights move.",
        ),
        Mistake(
            _torch_ball_with(
                velocity=lambda v, g, eta, beta, most: beta * v + g,
                step=lambda w, new, old, g, eta, beta, most: w - eta * _limited(new, most),
            ),
            "The weights move at no more than top_speed, but the velocity remembers more. Keep "
            "the velocity that was cut.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: np.minimum(beta * v + g, most)),
            "Your top speed holds in one direction only. Below -top_speed the velocity must be "
            "cut, too.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: _limited(beta * v, most) + g),
            "You cut what is left of the old velocity, and then add the gradient, so the weights "
            "may still move faster. Add first, then cut.",
        ),
        Mistake(
            _torch_ball_with(
                velocity=lambda v, g, eta, beta, most: np.clip(beta * v + g, 0.0, most)
            ),
            "Your velocity is never negative: it is cut at 0 in place of -top_speed.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: beta * _limited(v + g, most)),
            "The momentum multiplies all of the velocity, the newest gradient too. Only the old "
            "velocity is multiplied by it; then add the gradient, and cut.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: _limited(beta * (v + g), most)),
            "The momentum multiplies all of the velocity, the newest gradient too. Only the old "
            "velocity is multiplied by it; then add the gradient, and cut.",
        ),
        Mistake(
            _torch_ball_with(
                velocity=lambda v, g, eta, beta, most: np.maximum(beta * v + g, -most)
            ),
            "Your top speed holds in one direction only. Above top_speed the velocity must be cut, "
            "too.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: 0 * v + most),
            "Every entry of your velocity is top_speed: keras.ops.clip takes the low end first.",
        ),
        Mistake(
            _torch_ball_with(step=lambda w, new, old, g, eta, beta, most: w - eta * g),
            "You move by the gradient alone. The weights move by learning_rate * velocity.",
        ),
        Mistake(
            _torch_ball_with(step=lambda w, new, old, g, eta, beta, most: w - eta * (g + new)),
            "You move by the velocity and the gradient. The velocity contains the gradient: move "
            "by it alone.",
        ),
        Mistake(
            _torch_ball_with(keep=lambda new, old: new + old),
            "The new velocity is added to the old one. It takes its place: self.assign, and not "
            "self.assign_add.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: _limited(v + beta * g, most)),
            "The momentum multiplies the gradient. It is the old velocity of which it leaves a "
            "part.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: _limited(beta * v - g, most)),
            "Your ball rolls uphill. The velocity sums gradients, which point up, so the weights "
            "move against it: one minus sign, not none and not two.",
        ),
        Mistake(
            _torch_ball_with(step=lambda w, new, old, g, eta, beta, most: eta * new),
            "The step is put in the weights' place. They move by it: self.assign_sub.",
        ),
        Mistake(
            _torch_ball_with(velocity=lambda v, g, eta, beta, most: _shortened(beta * v + g, most)),
            "You shorten the velocity as a whole, by its length. Here each entry is cut by itself.",
        ),
        Mistake(
            _torch_ball_with(lost=("momentum", "top_speed")),
            "Momentum and top speed are the defaults after the optimizer was made anew: whatever "
            "__init__ takes must stand in get_config.",
        ),
        Mistake(
            _torch_ball_with(change=_changed(_without_one("learning_rate"))),
            "The learning rate that __init__ gets does not arrive: hand it on in super().__init__.",
        ),
        *_other_default("momentum", "momentum", 0.0, 0.9, 0.99),
        *_other_default("top_speed", "top speed", 0.1, 0.5),
        Mistake(
            _torch_ball_with(change=_changed(lambda given: {"top_speed": np.inf} | given)),
            "Where no top speed is said, yours is above 1. Leave the default as the sheet has it.",
        ),
        *_other_default("learning_rate", "learning rate", 0.001, 0.05, 0.1, 0.5, 1.0),
        Mistake(
            _torch_ball_with(kept=0.0),
            "After the optimizer was made anew, it starts from rest: its velocity is lost. Only "
            "variables that `build` has made, by self.add_optimizer_variables, are kept.",
        ),
        Mistake(
            _torch_ball_with(lost=("momentum",), kept=0.0),
            "After the optimizer was made anew, it knows nothing of what went before: build makes "
            "the velocities that are kept, and get_config names the arguments.",
        ),
        *_forgotten("momentum", _without_one("momentum")),
        *_forgotten("top speed", _without_one("top_speed")),
        Mistake(
            _torch_ball_with(
                change=_changed(lambda given: {n: x for n, x in given.items() if n in _FREE})
            ),
            "The arguments that Keras's base class understands do not arrive there: hand "
            "**settings on in super().__init__.",
        ),
        Mistake(
            _torch_ball_with(lost=_SETTINGS),
            "The arguments that Keras's base class understands are lost when the optimizer is made "
            "anew: keep them in get_config, by super().get_config().",
        ),
    ),
    hints=(
        "Keras's base class does everything but the rule: it asks you for the variables to "
        "remember (build), one step (update_step) and the arguments (get_config).",
        "build as in task 4. In update_step: new velocity = momentum * velocity + gradient, cut to "
        "top_speed; assign it; then assign variable - learning_rate * velocity.",
        "velocity = self.velocities[self._get_variable_index(variable)]; new = keras.ops.clip("
        "self.momentum * velocity + gradient, -self.top_speed, self.top_speed); "
        "self.assign(velocity, new); self.assign_sub(variable, learning_rate * new); get_config "
        "as in task 4, with top_speed besides.",
    ),
)
