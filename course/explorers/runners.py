"""The runners of a race: any arguments of SGD, walked with at many settings at once."""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from course import sgd
from course.arguments import check_arguments

#: NumPy for `sgd.step`, but with a norm for each row: every row is a walker of its own.
ROWS = SimpleNamespace(
    sum=lambda rows: np.sum(rows, axis=-1, keepdims=True),
    stack=lambda arrays: arrays[0],  # a walker has one variable, so it is the whole list
    **{name: getattr(np, name) for name in ("square", "sqrt", "where", "ones_like")},
    **{name: getattr(np, name) for name in ("maximum", "minimum", "clip")},
)


class Runner(NamedTuple):
    """One runner.

    arguments: those of SGD that were given, by name.
    rates:     its learning rate at each step, shape (steps,); None: the surface chooses.
    rule:      a learner's own step instead of SGD's, or None.
    """

    arguments: dict
    rates: np.ndarray | None
    rule: object = None

    def label(self, learning_rate, factor, momentum):
        """Its name, or its method and its arguments, with what the sliders say, in words."""
        given = self.arguments
        method = "Nesterov" if given.get("nesterov") else "momentum"
        method = f"{method} {momentum:.4g}" if momentum or self.rule else "plain SGD"
        rate = given.get("learning_rate", learning_rate)
        if self.rule:
            method, rate = f"your rule, {method}", self.rates[0] if self.rates is not None else rate
        told = f"{method}, η {_rate(rate, factor)}"
        if given.get("name"):
            return f"{given['name']} ({told})"
        told_already = ("learning_rate", "momentum", "nesterov", "name")
        more = {name: value for name, value in given.items() if name not in told_already}
        return told + "".join(f", {_argument(*item)}" for item in more.items() if item[1])


def runner(number, arguments, steps):
    """A `Runner` from a dict of SGD's arguments; refused in a sentence that names its number.

    steps: of how many steps the learning rate is asked; a schedule or function is called for each.
    """
    if not isinstance(arguments, dict):
        raise TypeError(
            f'Runner {number} must be a dict such as {{"learning_rate": 0.01, "momentum": 0.9}}; '
            f"got {arguments!r}."
        )
    try:
        check_arguments(**arguments)
    except (TypeError, ValueError) as refusal:
        raise type(refusal)(f"Runner {number}: {refusal}") from None
    if "learning_rate" not in arguments:
        return Runner(arguments, None)
    return Runner(arguments, _ask(number, arguments["learning_rate"], steps))


def _ask(number, rate, steps):
    """The learning rate at each step, shape (steps,); refused where it is no finite number."""
    try:
        rates = [float(sgd.current_learning_rate(rate, call)) for call in range(steps)]
    except Exception as error:  # whatever a learner's function raises is told in a sentence
        told = f"Runner {number}: its learning_rate stops with {type(error).__name__}: {error}"
        raise ValueError(told) from error
    for call, found in enumerate(rates):
        if not np.isfinite(found):
            raise ValueError(
                f"Runner {number}: its learning_rate must give finite numbers; "
                f"got {found} at call {call}."
            )
    return np.array(rates)


def run(surface, arguments, rates, momentum, start):
    """Walk at n settings at once; each row is what calls of `sgd.step` give, to the last bit.

    Each row has a norm, a learning rate and a momentum of its own.

    rates:    shape (n, steps), the learning rate of each call; momentum: shape (n,).
    Returns points of shape (n, steps + 1, d): where `fit` would leave the weights if it ended
    there. With use_ema that is their average.
    """
    scale, follows = arguments.get("loss_scale_factor"), arguments.get("use_ema")
    told = ("learning_rate", "momentum", "name")
    others = {name: value for name, value in arguments.items() if name not in told}
    others["momentum"] = np.asarray(momentum)[:, None]
    [weights] = points = [np.broadcast_to(start, (len(momentum), len(start)))]
    state = sgd.initial_state(points)
    rates = np.transpose(rates)
    for rate, noise in zip(rates, surface.noise(len(rates))):
        gradient = surface.gradient(weights) + noise
        gradient = gradient if scale is None else sgd.scale_loss(gradient, scale)
        [weights], state = sgd.step(
            [weights], [gradient], state, learning_rate=rate[:, None], ops=ROWS, **others
        )
        points.append(state.average[0] if follows else weights)
    return np.stack(points, axis=1)


def _rate(rate, factor):
    if not callable(rate):
        return f"{rate * factor:.3g}"
    name = getattr(rate, "__name__", type(rate).__name__).replace("<lambda>", "a function")
    return f"from {name}" + (f" × {factor:g}" if factor != 1 else "")


def _argument(name, value):
    return name if value is True else f"{name} {value:g}"
