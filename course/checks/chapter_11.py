"""Exercise 11, the whole optimizer: stages to put in order, an optimizer to repair, one to write.

The references are NumPy; a learner's Keras classes are stopped and go on (`resuming`).
"""

from itertools import product
from types import SimpleNamespace

import numpy as np

from course.checks.tasks import Case, Choice, Mistake, Number, Resumed, Rule

# ---- 1, put the stages in order ------------------------------------------------------

NEUTRAL = {
    "learning_rate": 0.5,
    "rate_factor": 1.0,
    "momentum": 0.0,
    "weight_decay": 0.0,
    "clipnorm": np.inf,
    "loss_scale_factor": 1.0,
    "gradient_accumulation_steps": 1,
    "ema_momentum": 0.0,
    "ema_overwrite_frequency": None,
    "lowest": -np.inf,
}


def _clipped(gradient, clipnorm):
    return gradient * min(1.0, clipnorm / max(np.linalg.norm(gradient), 1e-30))


def _train(w, calls, settings):
    s = SimpleNamespace(**NEUTRAL | settings)
    k, often = s.gradient_accumulation_steps, s.ema_overwrite_frequency
    velocity = total = average = np.zeros_like(w)
    for call, gradient in enumerate(calls):
        rate = s.learning_rate * s.rate_factor**call
        total = total + gradient / s.loss_scale_factor
        if (call + 1) % k == 0:
            gradient = _clipped(total / k, s.clipnorm)
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


# The sheet's stages, one letter each; a test holds them equal to those that the sheet gives.


def _due(s):
    return (s.calls + 1) % s.gradient_accumulation_steps == 0


def _rate(s):
    return s.learning_rate * s.rate_factor**s.calls


def _updates(s):
    return s.calls // s.gradient_accumulation_steps


def _unscale(s):
    s.g = s.g / s.loss_scale_factor


def _accumulate(s):
    s.total = s.total + s.g
    if _due(s):
        s.g, s.total = s.total / s.gradient_accumulation_steps, np.zeros_like(s.w)


def _clip(s):
    s.g = _clipped(s.g, s.clipnorm)


def _decay(s):
    if _due(s):
        s.w = s.w - s.w * s.weight_decay * _rate(s)


def _move(s):
    if _due(s):
        s.v = s.momentum * s.v - _rate(s) * s.g
        s.w = s.w + s.v


def _average(s):
    kept = s.ema_momentum if _updates(s) else 0.0
    s.average = kept * s.average + (1 - kept) * s.w


def _overwrite(s):
    if s.ema_overwrite_frequency and (_updates(s) + 1) % s.ema_overwrite_frequency == 0:
        s.w = s.average


def _constrain(s):
    s.w = np.maximum(s.w, s.lowest)


def _count(s):
    s.calls += 1


STAGES = {
    "u": _unscale,
    "a": _accumulate,
    "c": _clip,
    "d": _decay,
    "m": _move,
    "e": _average,
    "o": _overwrite,
    "k": _constrain,
    "n": _count,
}


def _begin(w, settings):
    zeros = np.zeros_like(w)
    return SimpleNamespace(w=w, v=zeros, total=zeros, average=zeros, calls=0, **NEUTRAL | settings)


def in_order(letters):
    """The optimizer whose stages stand in this order, such as "uacdmeokn", which is Keras's."""

    def train(w, calls, settings):
        s = _begin(w, settings)
        for s.g in calls:
            for letter in letters:
                STAGES[letter](s)
        return s.w, s.average

    return train


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
        yield "uacdmeokn".replace(letter, ""), f"One of the nine stages is missing: {missing}(s)."
    several = []
    for parts in product(_PREPARED.items(), _MOVED.items(), _FINISHED.items()):
        letters = "".join(order for order, _ in parts)
        slips = [because for _, because in parts if because]
        if len(slips) == 1:
            yield letters, slips[0]
        elif slips:
            several.append((letters, f"More than one stage is out of place. {slips[0]}"))
    yield from several


_W = np.array([1.0, -0.5])
_G = np.array([0.3, 0.4])
_BALL = {"momentum": 0.5}

TRAIN = Rule(
    name="11.train",
    title="Nine stages in order",
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
    mistakes=tuple(Mistake(in_order(letters), because) for letters, because in _wrong_orders()),
    hints=(
        "Begin with the gradient's way: what must happen to it before the weights may move by it, "
        "and which of these stages looks at its length?",
        "unscale, accumulate, clip; then decay and move. After the move: the average, then what "
        "uses the average, then what must hold whatever came before.",
        "unscale, accumulate, clip, decay, move, average, overwrite, constrain, count.",
    ),
)

# ---- 2, predict a number -------------------------------------------------------------

BY_HAND = Number(
    name="11.by_hand",
    title="One call by hand",
    asks="new_weight",
    points=0,
    reference=1.45,
    mistakes=(
        Mistake(
            1.4725,
            "You let the weight decay after the move. Keras shrinks it first, where the gradient "
            "was taken.",
        ),
        Mistake(
            1.65,
            "The look-ahead is missing: with nesterov=True the weight glides by momentum times the "
            "new velocity, and takes the push besides.",
        ),
        Mistake(
            1.7875,
            "You clipped 4 to 1 and divided then. Keras unscales first, and a gradient of 0.5 "
            "passes the clip.",
        ),
        Mistake(
            1.0,
            "Here the gradient counts as 1. Unscaled it is 0.5, and a clip makes nothing longer.",
        ),
        Mistake(-1.7, "Here the gradient counts as 4: it comes scaled, so divide it by 8."),
        Mistake(
            1.75,
            "Two things are missing: the weight decays by 5 % first, and with nesterov=True it "
            "glides by momentum times the new velocity besides.",
        ),
        Mistake(1.55, "The weight decay is missing, or it is too small to be seen: it takes 5 %."),
        Mistake(
            1.35,
            "The decay is too strong: the weight shrinks by learning_rate * weight_decay of "
            "itself, here 5 %.",
        ),
        Mistake(
            1.37,
            "You put the decay into the gradient, as a penalty would. Keras shrinks the weight "
            "apart from it.",
        ),
        Mistake(1.37 + 0.05 * 0.7, "You put the decay into the gradient, as a penalty would."),
        Mistake(2.35, "The sizes are right, but the step leads uphill."),
        Mistake(0.45, "That is the length of the step. Where does it lead?"),
        Mistake(1.2, "You moved by the whole velocity and the push; it glides by momentum of it."),
    ),
    hints=(
        "Take the list of stages and go through it: which of them act here, in which order?",
        "Unscaled, the gradient is 0.5; the clip lets it pass. The weight decays to 1.9. Then the "
        "step of Nesterov, from a velocity of 0.",
        "The velocity is -0.5 * 0.5 = -0.25. The step is 0.8 times that, and another -0.25.",
    ),
)

# ---- 3, explain a picture ------------------------------------------------------------

CALLS = 60
_PICTURED = {
    "learning_rate": 0.15,
    "momentum": 0.5,
    "weight_decay": 0.05,
    "clipnorm": 1.0,
    "loss_scale_factor": 16.0,
    "ema_momentum": 0.7,
    "ema_overwrite_frequency": 10,
    "lowest": 0.0,
}
EXCHANGED = {"A": "uadcmeokn", "B": "uacdmekon", "C": "acudmeokn"}


def walk_in_order(letters):
    """The weight after each call, from 3, on ½(w + 1)² with a little noise; shape (CALLS + 1,)."""
    noise = np.random.default_rng(11).normal(0, 0.3, size=(CALLS, 1))
    s = _begin(np.array([3.0]), _PICTURED)
    path = [s.w]
    for each in noise:
        s.g = s.loss_scale_factor * (s.w + 1 + each)
        for letter in letters:
            STAGES[letter](s)
        path.append(s.w)
    return np.concatenate(path)


def _exchanges(figure):
    """The weight under three optimizers with two stages exchanged; which two is unsaid."""
    right = walk_in_order("uacdmeokn")
    for axes, (letter, order) in zip(figure.subplots(1, 3, sharey=True), EXCHANGED.items()):
        axes.plot(right, "-", color="0.75", lw=6, label="in Keras's order")
        axes.plot(walk_in_order(order), "--", color="black", lw=1.6, label="exchanged")
        axes.axhline(0, color="#D55E00", lw=1, ls=":")
        axes.set(title=letter, xlabel="call", xlim=(0, CALLS), ylim=(-0.6, 3.2))
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("weight $w$")
    figure.axes[0].legend(fontsize=9)


EXCHANGES = Choice(
    name="11.exchanges",
    title="Find the exchanged stages",
    asks="which_is_which",
    points=0,
    reference="ACB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_exchanges,
    mistakes=(
        Mistake(
            "ABC",
            "A is right. In B the weight falls as fast as it should, so its gradients are sound. "
            "What is not sound there is where it stands at every tenth call.",
        ),
        Mistake(
            "BCA",
            "C is right. In A nothing changed at all: which two of these stages do not look at "
            "each other's results?",
        ),
        Mistake(
            "CAB",
            "B is right. Of the other two exchanges one changes nothing: a decay looks at the "
            "weights only, a clip at the gradient only.",
        ),
        Mistake(
            "BAC",
            "Begin with C: its steps are all far too short. Which exchange leaves only a 16th of "
            "every clipped gradient?",
        ),
        Mistake(
            "CBA",
            "Begin with C: its steps are all far too short. Which exchange leaves only a 16th of "
            "every clipped gradient?",
        ),
    ),
    hints=(
        "One exchange is harmless, one acts at every call, one at every tenth only.",
        "Every tenth call the average overwrites. What may go wrong there if nothing comes after "
        "it to forbid negative weights?",
        "Decay and clip do not meet: A. A clip before unscale cuts to 1, and 1/16 is left: C. B "
        "overwrites after its constraint.",
    ),
)

# ---- 4 and 5, Keras optimizers -------------------------------------------------------

FEW = 1  # drawn case: one run of a Keras optimizer takes as long as a hundred NumPy steps


def _in_a_row(arrays):
    """All entries of several variables' arrays in one row."""
    return np.concatenate([np.ravel(array) for array in arrays])


def _sixteenths(random, size, most=32):
    """Multiples of 1/16 that are not 0: float32 adds and multiplies a few of them exactly."""
    return random.choice([-1.0, 1.0], size=size) * random.integers(1, most, size=size) / 16


# ---- 4, repair -----------------------------------------------------------------------


def _resumed(weights, calls, arguments, stop):
    w, path = _in_a_row(weights), []
    velocity, most = np.zeros_like(w), arguments.get("clipvalue", np.inf)
    for learning_rate, gradients in calls:
        g = np.clip(_in_a_row(gradients), -most, most)
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
        w, path = _in_a_row(weights), []
        old = np.zeros_like(w)
        for call, (eta, gradients) in enumerate(calls):
            if call == stop:
                old, arguments = kept * old, _without(arguments, lost)
            most = arguments.get("clipvalue", np.inf)
            g = np.clip(_in_a_row(gradients), -most, most)
            v = arguments.get("momentum", _DEFAULT) * stops(old, g) - eta * g
            w, old = step(w, v, old), keep(v, old)
            path.append(w)
        return path

    return resumed


def _without(arguments, names):
    return {name: value for name, value in arguments.items() if name not in names}


def _one_velocity(weights, calls, arguments, stop):
    """Both variables, which have one shape, share a velocity."""
    w, v, path = [np.array(each) for each in weights], 0.0, []
    beta, most = arguments["momentum"], arguments.get("clipvalue", np.inf)
    for eta, gradients in calls:
        for i, g in enumerate(np.clip(gradients, -most, most)):
            v = beta * np.where(v * g > 0, 0.0, v) - eta * g
            w[i] = w[i] + v
        path.append(_in_a_row(w))
    return path


def _resumed_arguments(random):
    weights, *gradients = (list(_sixteenths(random, (2, 2))) for _ in range(5))
    eta, beta = random.choice([0.25, 0.5]), random.choice([0.25, 0.75])
    arguments = {"learning_rate": float(eta), "momentum": float(beta)}
    arguments |= {"clipvalue": 1.0} if random.integers(2) else {}
    return weights, _calls([eta] * 4, gradients), arguments, int(random.integers(1, 3))


def _calls(rates, gradients):
    """Pairs of a learning rate and the gradients of all variables."""
    return [(float(rate), each) for rate, each in zip(rates, gradients)]


def _half(*gradients):
    return _calls([0.5] * len(gradients), gradients)


_TWO = [np.array([1.0, -1.0]), np.array([0.5, 2.0])]
_PUSH = [np.array([1.0, 0.5]), np.array([-1.0, 0.25])]
_REST = [np.zeros(2), np.zeros(2)]
_BACK = [-_PUSH[0], _PUSH[1]]
_DEFAULT = 0.5  # the momentum that the sheet's class takes if none is said
_BALL_OF = {"learning_rate": 0.5, "momentum": 0.75}

RESUME = Resumed(
    name="11.resume",
    title="A ball that forgets",
    asks="StoppingBall",
    points=2,
    results=("weights",),
    reference=_resumed,
    shown=(
        Case("stopped before the first call", (_TWO, _half(_PUSH, _PUSH), _BALL_OF, 0)),
        Case(
            "stopped after one call, on flat ground",
            (_TWO, _half(_PUSH, _REST, _REST), _BALL_OF, 1),
        ),
        Case("stopped after two calls, then back", (_TWO, _half(_PUSH, _PUSH, _BACK), _BALL_OF, 2)),
        Case(
            "with clipvalue=0.5, stopped after one call",
            (_TWO, _half(_PUSH, _PUSH), _BALL_OF | {"clipvalue": 0.5}, 1),
        ),
    ),
    draw=_resumed_arguments,
    drawn=FEW,
    mistakes=(
        Mistake(
            _resumed_with(lost=("momentum",), kept=0.0),
            "Nothing is repaired yet: after loading, the velocity starts from rest, and the "
            "momentum is the default. What does the file know of the two?",
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
            lambda weights, calls, *rest: [_in_a_row(weights)] * len(calls),
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

# ---- 5, write ------------------------------------------------------------------------

_TOP = 1.0  # the top speed that the sheet's class takes if none is said


def _updates_of(calls, arguments):
    """(learning rate, gradient or None) for each call: what Keras's base class hands on."""
    total, k = 0.0, arguments.get("gradient_accumulation_steps", 1)
    clipvalue = arguments.get("clipvalue", np.inf)
    for call, (rate, gradients) in enumerate(calls, start=1):
        total = total + _in_a_row(gradients)
        due = call % k == 0
        yield rate, np.clip(total / k, -clipvalue, clipvalue) if due else None
        total = 0.0 if due else total


def _limited(velocity, top_speed):
    return np.clip(velocity, -top_speed, top_speed)


def _torch_ball(weights, calls, arguments, stop):
    w, decay, path = _in_a_row(weights), arguments.get("weight_decay", 0.0), []
    velocity, top_speed = np.zeros_like(w), arguments["top_speed"]
    for rate, gradient in _updates_of(calls, arguments):
        if gradient is not None:
            w = w - w * decay * rate
            velocity = _limited(arguments["momentum"] * velocity + gradient, top_speed)
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
        w, old, total, path = _in_a_row(weights), 0.0, 0.0, []
        for call, (eta, gradients) in enumerate(calls):
            if call == stop:
                old, s = kept * old, _without(s, lost)
            total = total + _in_a_row(gradients)
            if (call + 1) % s.get("gradient_accumulation_steps", 1) == 0:
                most = s.get("clipvalue", np.inf)
                g = np.clip(total / s.get("gradient_accumulation_steps", 1), -most, most)
                pace = eta, s.get("momentum", _DEFAULT), s.get("top_speed", _TOP)
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
            v = arguments["momentum"] * v + g.reshape(count, -1)[i]
            v = _limited(v, arguments["top_speed"])
            w[i] = w[i] - eta * v
        path.append(w.ravel().copy())
    return path


def _torch_ball_arguments(random):
    weights, *gradients = (list(_sixteenths(random, (2, 2))) for _ in range(5))
    rates = [float(rate) for rate in random.choice([0.125, 0.25, 0.5], size=4)]
    rates[1] = rates[0] / 2  # the learning rate always falls: Keras's ball must be told apart
    settings = [{}, {"gradient_accumulation_steps": 2}, {"clipvalue": 1.0}]
    arguments = {
        "learning_rate": rates[0],
        "momentum": float(random.choice([0.25, 0.75])),
        "top_speed": float(random.choice([0.75, 1.25])),
        **settings[random.integers(3)],
    }
    return weights, _calls(rates, gradients), arguments, int(random.integers(1, 3))


def _changed(change):
    return lambda calls, arguments, stop: (calls, change(arguments))


def _first_rates(calls, arguments, stop):
    """The learning rate that __init__ got; after the stop, it gets the one that was kept."""
    rates = [rate for rate, _ in calls]
    first, last = rates[0], rates[stop - 1] if stop else rates[0]
    known = [first] * stop + [last] * (len(calls) - stop)
    return _calls(known, [gradients for _, gradients in calls]), arguments


_SETTINGS = ("clipvalue", "gradient_accumulation_steps", "weight_decay")


def _forgotten(words, lose):
    """An argument that __init__ does not store, and one that get_config does not name."""
    return (
        Mistake(
            _torch_ball_with(change=_changed(lose)),
            f"The {words} is the default here, whatever was asked for: __init__ must store it.",
        ),
        Mistake(
            _torch_ball_with(lost=(words.replace(" ", "_"),)),
            f"The {words} is the default after the optimizer was made anew: whatever __init__ "
            "takes must stand in get_config.",
        ),
    )


def _without_one(name):
    return lambda arguments: _without(arguments, (name,))


_FREE = {"learning_rate": 0.5, "momentum": 0.75, "top_speed": 8.0}
_GROUPS = {"gradient_accumulation_steps": 2, "clipvalue": 0.5}

TORCH = Resumed(
    name="11.torch",
    title="A ball in PyTorch's form, with a top speed",
    asks="PyTorchBall",
    points=3,
    results=("weights",),
    reference=_torch_ball,
    shown=(
        Case("one call, from rest", (_TWO, _half(_PUSH), _FREE, 0)),
        Case("three calls", (_TWO, _half(_PUSH, _PUSH, _REST), _FREE, 2)),
        Case(
            "the learning rate falls",
            (_TWO, _calls([0.5, 0.25, 0.0], [_PUSH, _REST, _REST]), _FREE, 1),
        ),
        Case("with a top speed", (_TWO, _half(_PUSH, _PUSH, _BACK), _FREE | {"top_speed": 1.5}, 1)),
        Case("weight decay", (_TWO, _half(_PUSH, _PUSH), _FREE | {"weight_decay": 0.25}, 1)),
        Case("groups of two, and a clip", (_TWO, _half(*[_PUSH] * 4), _FREE | _GROUPS, 3)),
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
            "You cut the old velocity, and then add the gradient, so the weights may still move "
            "faster. Cut the new one, before the weights move.",
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
            _torch_ball_with(change=_changed(lambda given: {n: given[n] for n in _FREE})),
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

TASKS = (TRAIN, BY_HAND, EXCHANGES, RESUME, TORCH)
