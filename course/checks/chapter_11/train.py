"""11.train, put the stages in order: Nine stages in order."""

from itertools import product
from types import SimpleNamespace

import numpy as np

from course.checks.chapter_11.stages import NEUTRAL, STAGES, begin, clipped, in_order
from course.checks.tasks import Case, Mistake, Stages


def _train(w, calls, settings):
    s = SimpleNamespace(**NEUTRAL | settings)
    k, often = s.gradient_accumulation_steps, s.ema_overwrite_frequency
    velocity = total = average = np.zeros_like(w)
    for call, gradient in enumerate(calls):
        rate = s.learning_rate * s.rate_factor**call
        total = total + gradient / s.loss_scale_factor
        if (call + 1) % k == 0:
            gradient = clipped(total / k, s.clipnorm)
            total = np.zeros_like(w)
            w = w - w * s.weight_decay * rate
            velocity = s.momentum * velocity - rate * gradient
            w = w + velocity
        kept = s.ema_momentum if call >= k else 0.0
        average = kept * average + (1 - kept) * w
        if often and (call // k + 1) % often == 0:
            w = average
        w = np.maximum(w, s.lowest)
    return w, average


def _everything(random):
    """Settings with all arguments in use."""
    return {
        "learning_rate": float(random.uniform(0.2, 0.5)),
        "rate_factor": float(random.uniform(0.8, 0.95)),
        "momentum": float(random.uniform(0.5, 0.9)),
        "weight_decay": float(random.uniform(0.1, 0.3)),
        "clipnorm": float(random.uniform(0.6, 1.0)),
        "loss_scale_factor": float(random.choice([4.0, 16.0, 64.0])),
        "gradient_accumulation_steps": int(random.integers(2, 4)),
        "ema_momentum": float(random.uniform(0.3, 0.7)),
        "ema_overwrite_frequency": int(random.integers(2, 4)),
        "lowest": float(random.uniform(-0.3, 0.0)),
    }


def _train_arguments(random):
    settings = _everything(random)
    sizes = np.array([0.2, 1.5, 0.4, 1.0, 1.2, 0.3, 0.8, 0.6, 1.1, 0.2])[:, None]
    gradients = settings["loss_scale_factor"] * sizes * random.normal(size=(10, 2))
    return random.uniform(-0.5, 1.5, size=2), list(gradients), settings


_CLIP_UNSCALE = (
    "You clip before you unscale: the clip looks at gradients that are loss_scale_factor times too "
    "long, cuts them, and what is left is divided."
)
_CLIP_EACH = (
    "You clip before you accumulate: each call is clipped, and not the mean of the group. One "
    "outlier no longer decides the direction; in Keras it does."
)
_CLIP_FIRST = (
    "You clip first of all: each call by itself, and while its gradient is still scaled. The clip "
    "belongs after both unscale and accumulate."
)
_CLIP_LATE = "The clip comes after the move, or it is missing: nothing of it reaches the weights."
_UNSCALE_LATE = (
    "You unscale after the move, or not at all: the velocity has taken up gradients that are "
    "loss_scale_factor times too long."
)
_ACCUMULATE_LATE = (
    "You accumulate after the move, or not at all: on a call that updates, the weights move by "
    "its own gradient, and not by the mean of the group."
)
_MOVE_EARLY = (
    "You move too early. Unscale, accumulate and clip prepare the gradient, and decay the weights: "
    "all four come before the move."
)
_DECAY_LATE = (
    "You decay after the move, so the step just made shrinks, too. Keras shrinks the weights where "
    "their gradient was taken, and then moves them."
)
_AVERAGE_EARLY = (
    "You average before the move: the average follows the weights one step late, and its first "
    "copy is the initial weights, which Keras's average never sees."
)
_OVERWRITE_EARLY = (
    "You overwrite before you average: the weights become the average of the call before, and the "
    "newest step is thrown away."
)
_CONSTRAIN_EARLY = (
    "You constrain before you overwrite: the average, which has seen the weights as they were "
    "before the constraint, brings forbidden values back."
)
_CONSTRAIN_AVERAGE = (
    "You constrain before you average. In Keras the average takes the weights as they leave the "
    "move; the constraint comes after the overwrite."
)
_CONSTRAIN_FIRST = "You constrain before the move, and the move leads out of what is allowed again."
_COUNT_EARLY = (
    "You count too early. Stages that ask how many calls there were before this one (is an update "
    "due? which learning rate? is it the average's first?) then get the next call's answer."
)
_ALPHABET = (
    "Nothing is in order yet: the stages stand in the order of the alphabet. Ask of each which "
    "ones it must have before it."
)

# Wrong orders of the stages that prepare the gradient, of decay and move, and of the rest.
_PREPARED = {"uac": None, "acu": _CLIP_UNSCALE, "uca": _CLIP_EACH, "cua": _CLIP_FIRST}
_MOVED = {"dm": None, "md": _DECAY_LATE}
_FINISHED = {
    "eokn": None,
    "oekn": _OVERWRITE_EARLY,
    "ekon": _CONSTRAIN_EARLY,
    "keon": _CONSTRAIN_AVERAGE,
}
_SINGLE = {
    "uadmceokn": _CLIP_LATE,
    "acdmueokn": _UNSCALE_LATE,
    "ucdmaeokn": _ACCUMULATE_LATE,
    "muacdeokn": _MOVE_EARLY,
    "dmuaceokn": _MOVE_EARLY,
    "umacdeokn": _MOVE_EARLY,
    "uamcdeokn": _MOVE_EARLY,
    "uacmedokn": _DECAY_LATE,
    "uacmeoknd": _DECAY_LATE,
    "uacmeodkn": _DECAY_LATE,
    "uacmeokdn": _DECAY_LATE,
    "uacdemokn": _AVERAGE_EARLY,
    "euacdmokn": _AVERAGE_EARLY,
    "uacdeomkn": _AVERAGE_EARLY,
    "euacdmkon": _AVERAGE_EARLY,
    "uacdeokmn": _AVERAGE_EARLY,
    "uacdeoknm": _AVERAGE_EARLY,
    "uacdomekn": _OVERWRITE_EARLY,
    "uacdmoken": _OVERWRITE_EARLY,
    "uacdmokne": _OVERWRITE_EARLY,
    "uacdmekno": _CONSTRAIN_EARLY,
    "ouacdmekn": _OVERWRITE_EARLY,
    "uacdkmeon": _CONSTRAIN_FIRST,
    "kuacdmeon": _CONSTRAIN_FIRST,
    "nuacdmeok": _COUNT_EARLY,
    "uancdmeok": _COUNT_EARLY,
    "uacdnmeok": _COUNT_EARLY,
    "uacdmneok": _COUNT_EARLY,
    "uacdmenok": _COUNT_EARLY,
    "aecknmdou": _ALPHABET,
    "aeckndmou": _ALPHABET,
}


def _wrong_orders():
    """(order, sentence): single slips first; of two or three, the first one is explained."""
    yield from _SINGLE.items()
    for letter in "dmeokn":
        missing = STAGES[letter].__name__[1:]
        yield (
            "uacdmeokn".replace(letter, ""),
            f"One of the nine stages is missing in the loop: {missing}(s).",
        )
    several = []
    for parts in product(_PREPARED.items(), _MOVED.items(), _FINISHED.items()):
        letters = "".join(order for order, _ in parts)
        slips = [because for _, because in parts if because]
        if len(slips) == 1:
            yield letters, slips[0]
        elif slips:
            several.append((letters, f"More than one stage is out of place. {slips[0]}"))
    yield from several


def _clipped_by_entry(w, calls, settings):
    """A known mistake: in Keras's order, but with another clip."""
    s = begin(w, settings)
    for s.g in calls:
        for letter in "ua":
            STAGES[letter](s)
        s.g = np.clip(s.g, -s.clipnorm, s.clipnorm)
        for letter in "dmeokn":
            STAGES[letter](s)
    return s.w, s.average


_W = np.array([1.0, -0.5])
_G = np.array([0.3, 0.4])
_BALL = {"momentum": 0.5}


def _order_of(names):
    letters = {stage.__name__[1:]: letter for letter, stage in STAGES.items()}
    return in_order("".join(letters[name] for name in names))


_UNSCALED = "unscale must come before {}: {}."
_COUNTED = "count must come after {}, which asks how many calls there were before this one."
#: What must come before what: every order for which all this holds is right.
BEFORE = (
    ("unscale", "clip", _UNSCALED.format("clip", "the threshold is in the true gradient's unit")),
    ("unscale", "move", _UNSCALED.format("move", "the weights move by the true gradient")),
    (
        "accumulate",
        "clip",
        "accumulate must come before clip: Keras clips the group's mean, not each gradient.",
    ),
    (
        "accumulate",
        "move",
        "accumulate must come before move: the weights move by the mean of the group.",
    ),
    ("clip", "move", "clip must come before move: the weights move by the clipped gradient."),
    (
        "decay",
        "move",
        "decay must come before move: Keras shrinks the weights where their gradient was taken.",
    ),
    (
        "move",
        "average",
        "move must come before average: the average takes in the weights that this call has made.",
    ),
    (
        "average",
        "overwrite",
        "average must come before overwrite: the weights become the newest average.",
    ),
    (
        "overwrite",
        "constrain",
        "overwrite must come before constrain: the average may bring forbidden weights back.",
    ),
    *(
        (name, "count", _COUNTED.format(name))
        for name in ("accumulate", "decay", "move", "average", "overwrite")
    ),
)

TRAIN = Stages(
    name="11.train",
    title="Nine stages in order",
    work="put in order",
    asks="train",
    points=3,
    results=("w", "average"),
    reference=_train,
    shown=(
        Case("one plain step", (_W, [_G], {})),
        Case(
            "a loss scale and a clip", (_W, [8 * _G], {"loss_scale_factor": 8.0, "clipnorm": 1.0})
        ),
        Case(
            "a group of two, and a clip",
            (_W, [_G, 9 * _G[::-1]], {"gradient_accumulation_steps": 2, "clipnorm": 1.0}),
        ),
        Case("weight decay and momentum", (_W, [_G, _G], _BALL | {"weight_decay": 0.2})),
        Case("a learning rate that falls", (_W, [_G, _G, _G], {"rate_factor": 0.5})),
        Case("an average", (_W, [_G, _G, _G], {"ema_momentum": 0.5})),
        Case(
            "an average that overwrites at every other call",
            (_W, [_G, _G, -_G], {"ema_momentum": 0.5, "ema_overwrite_frequency": 2}),
        ),
        Case(
            "the same, and no weight below 0",
            (_W, [_G, _G], {"ema_momentum": 0.5, "ema_overwrite_frequency": 2, "lowest": 0.0}),
        ),
    ),
    draw=_train_arguments,
    right=tuple(STAGES[letter].__name__[1:] for letter in "uacdmeokn"),
    arranged=_order_of,
    needs=BEFORE,
    mistakes=tuple(
        Mistake(in_order(letters), because, untouched=because is _ALPHABET)
        for letters, because in _wrong_orders()
    )
    + (
        Mistake(
            _clipped_by_entry,
            "You cut each entry of the gradient, as clipvalue does. The sheet's clip shortens it "
            "as a whole, to the length clipnorm.",
        ),
    ),
    hints=(
        "Begin with the gradient's way: what must happen to it before the weights may move by it, "
        "and which of these stages looks at its length?",
        "unscale, accumulate, clip; then decay and move. After the move: the average, then what "
        "uses the average, then what must hold whatever came before.",
        "unscale, accumulate, clip, decay, move, average, overwrite, constrain, count.",
    ),
)
