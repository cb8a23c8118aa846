"""The arguments of SGD: one table that the optimizer, the cheat sheet and the tests read.

Each row says what an argument is, what it defaults to, which chapter teaches it, and how
a value is refused: with a sentence that names what came and what to write instead.
"""

import math
import numbers
import warnings
from collections.abc import Callable
from typing import NamedTuple

from course.old_names import refuse_unknown


class Argument(NamedTuple):
    """One argument of SGD.

    must:    what a value must be, as the error says it.
    accepts: value -> bool, for values of the right type; None itself is in `optional`.
    kind:    "number", "integer", "flag", "rate" (a number, schedule or function) or "name".
    instead: what to write, as the error says it.
    """

    name: str
    default: object
    chapter: str
    meaning: str
    must: str
    accepts: Callable
    kind: str
    instead: str
    optional: bool = False


def _positive(value):
    return math.isfinite(value) and value > 0


def _fraction(value):
    return 0 <= value <= 1


def _clip(name, meaning):
    must, instead = "must be a finite number above 0, or None", "Leave it out for no clipping."
    return Argument(name, None, "07", meaning, must, _positive, "number", instead, True)


ARGUMENTS = (
    Argument(
        "learning_rate",
        0.01,
        "01, 03",
        "How far a step goes for a gradient of 1.",
        "must be a finite number of 0 or more, a LearningRateSchedule or a function of nothing",
        lambda value: math.isfinite(value) and value >= 0,
        "rate",
        "Write learning_rate=0.01, say.",
    ),
    Argument(
        "momentum",
        0.0,
        "04",
        "The part of the velocity that friction leaves at each step.",
        # These words up to the stop are Keras's own: its shipped tests look for them.
        "must be a float between [0, 1]",
        _fraction,
        "number",
        "Write momentum=0.9 for a ball that keeps nine tenths of its speed.",
    ),
    Argument(
        "nesterov",
        False,
        "05",
        "Whether the weights are the look-ahead points.",
        "must be True or False",
        lambda value: True,
        "flag",
        "Write nesterov=True together with a momentum.",
    ),
    Argument(
        "weight_decay",
        None,
        "06",
        "How fast the weights shrink towards zero, apart from the gradient.",
        "must be a finite number of 0 or more, or None",
        lambda value: math.isfinite(value) and value >= 0,
        "number",
        "Leave it out for no decay.",
        True,
    ),
    _clip("clipnorm", "The longest gradient that one variable may have."),
    _clip("clipvalue", "The largest absolute value that a gradient's entry may have."),
    _clip("global_clipnorm", "The longest that all gradients may be together."),
    Argument(
        "use_ema",
        False,
        "08",
        "Whether a moving average of the weights is kept.",
        "must be True or False",
        lambda value: True,
        "flag",
        "Write use_ema=True to keep an average of the weights.",
    ),
    Argument(
        "ema_momentum",
        0.99,
        "08",
        "The part of the average that stays at each update.",
        "must be a number between 0 and 1",
        _fraction,
        "number",
        "Leave it out for 0.99, a memory of about 100 updates.",
    ),
    Argument(
        "ema_overwrite_frequency",
        None,
        "08",
        "After how many updates the weights become their average.",
        "must be an integer of 1 or more, or None",
        lambda value: value >= 1,
        "integer",
        "Leave it out to overwrite only at the end of training.",
        True,
    ),
    Argument(
        "loss_scale_factor",
        None,
        "10",
        "By what the loss is multiplied, and the gradients divided.",
        "must be a finite number above 0, or None",
        _positive,
        "number",
        "Leave it out for no scaling, or write a power of two such as 1024.0.",
        True,
    ),
    Argument(
        "gradient_accumulation_steps",
        None,
        "09",
        "How many gradients are averaged into one update.",
        "must be an integer of 2 or more, or None",
        lambda value: value >= 2,
        "integer",
        "Leave it out to update at every step.",
        True,
    ),
    Argument(
        "name",
        None,
        "11",
        "The optimizer's name; None names it sgd, sgd_1 and so on.",
        "must be a string or None",
        lambda value: True,
        "name",
        'Write name="sgd", say.',
        True,
    ),
)

#: In the order in which Keras looks for the one that is set.
CLIPS = ("clipnorm", "global_clipnorm", "clipvalue")

#: Those that, once set, ask for more than the rule of learning_rate, momentum and nesterov.
#: `use_ema` does, too, but has no None.
FURTHER = ("weight_decay", *CLIPS, "loss_scale_factor", "gradient_accumulation_steps")

#: The numbers that may also stand in a variable, so that a callback can set them.
NUMBERS = ("momentum", "weight_decay", *CLIPS, "loss_scale_factor", "ema_momentum")


def check_arguments(**given):
    """Refuse the first argument that makes no sense; say nothing where all do.

    given:  any of SGD's arguments by name, and whatever else the caller was given.
    Errors: TypeError for a wrong type or an unknown name, ValueError for a wrong value;
            each names the argument, what came and what to write.
    """
    known = {argument.name: argument for argument in ARGUMENTS}
    refuse_unknown(given, {name: argument.default for name, argument in known.items()})
    for name, value in given.items():
        _check_one(known[name], value)
    clips = {name: given.get(name) for name in CLIPS}
    if sum(value is not None for value in clips.values()) > 1:
        came = ", ".join(f"{k}={v!r}" for k, v in clips.items() if v is not None)
        raise ValueError(
            "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set; "
            f"got {came}. Keep one of them."
        )
    if given.get("nesterov") and not given.get("momentum"):
        warnings.warn(
            "nesterov=True does nothing while momentum is 0; write momentum=0.9 with it.",
            stacklevel=3,
        )


def _check_one(argument, value):
    if value is None and argument.optional:
        return
    if argument.kind == "rate" and callable(value):
        return
    refusal = f"`{argument.name}` {argument.must}. Got {value!r}. {argument.instead}"
    if argument.name in NUMBERS and argument.name != "momentum":
        value = _held(value)
    if not _has_kind(argument.kind, value):
        raise TypeError(refusal)
    if not argument.accepts(value):
        raise ValueError(refusal)


def _has_kind(kind, value):
    is_flag = isinstance(value, bool) or type(value).__name__ == "bool"  # numpy's bool, too
    if kind == "flag":
        return is_flag
    if kind == "name":
        return isinstance(value, str)
    wanted = numbers.Integral if kind == "integer" else numbers.Real
    return isinstance(value, wanted) and not is_flag


def _held(value):
    """The number in a variable or a tensor that has just one; other values as they are."""
    plain = isinstance(value, numbers.Number) or type(value).__name__ == "bool"
    one = not plain and hasattr(value, "dtype") and getattr(value, "shape", None) == ()
    return float(value) if one else value


def clip_in_force(optimizer):
    """The name of the clip that is in force, or None; an optimizer may have been given more.

    As in Keras the first that is above 0 counts; one in a variable counts while it is set.
    """
    for name in CLIPS:
        limit = getattr(optimizer, name)
        if limit is not None and (not isinstance(limit, numbers.Real) or limit > 0):
            return name
    return None


def asks_for_more(optimizer):
    """Whether more is asked for than the rule of learning_rate, momentum and nesterov."""
    return optimizer.use_ema or any(getattr(optimizer, name) is not None for name in FURTHER)
