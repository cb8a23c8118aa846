"""What weight decay does to the weights, and what the three clips do to a gradient."""

import numpy as np
import traitlets

from course import figures
from course.arguments import check_arguments
from course.explorers.clipping import KINDS, clipped
from course.explorers.decaying import BOWL, CURVATURES, MINIMUM, STEPS, decayed, settled
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    level_lines,
    nearest_position,
    numbers,
    synced,
)
from course.figures import GRADIENT, VELOCITY, Look

PARAMETERS = {
    "decay": ("show", "weight_decay", "momentum", "learning_rate", "start"),
    "clip": ("show", "gradient", "other"),
}
SLIDERS = {"decay": ("weight_decay", "momentum", "learning_rate"), "clip": ("other",)}
FRAMES = {"decay": [[-1.6, 2.4], [-0.44, 1.8]], "clip": [[-4, 4], [-2.24, 2.24]]}
PATHS = {  # PyTorch's weight_decay is such a penalty, so it has the look of PyTorch's ball
    "decay": LOOKS["momentum"]._replace(label="weight decay (Keras)"),
    "penalty": LOOKS["yours"]._replace(label="L2 penalty, through the velocity"),
}
CLIPS = {
    "gradient": Look("gradient", GRADIENT, GRADIENT, "-", "D"),
    "value": Look("clipvalue", "#E69F00", "#D55E00", "--", "s"),
    "norm": Look("clipnorm", "#56B4E9", "#F0E442", "-.", "o"),
    "global": Look("global_clipnorm", VELOCITY, VELOCITY, ":", "^"),
}
LONGEST = 5.0  # of B's gradient
_TURN = np.linspace(0, 2 * np.pi, 181)
SHAPES = {
    "square": np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1.0]]),
    "circle": np.stack([np.cos(_TURN), np.sin(_TURN)]),
}
# Within what a clip keeps the tips, in units of the threshold: A's own, and both lengths.
LIMITS = [
    ("V", "value", "square"),
    ("V", "norm", "circle"),
    ("U", "norm", "square"),
    ("U", "global", "circle"),
]


class DecayAndClip(Explorer):
    """Two pictures: `show="decay"`, two balls in a bowl, or `show="clip"`, a gradient clipped.

    decay: from `start`, two numbers, with `learning_rate`, `momentum` and `weight_decay`, by
           Keras's decay beside the weights' step and by a penalty (weight_decay / 2) |w|².
    clip:  the gradients of a variable A, two numbers, and of B, `other`, one number; what
           clipvalue, clipnorm and global_clipnorm leave of them at a `threshold`.
    Errors: ValueError or TypeError for arguments that make no sense or leave the picture.
    """

    script = "decay_and_clip.js"
    parameters = property(lambda self: PARAMETERS[self.show])
    swept = ("weight_decay", "momentum", "learning_rate", "other")
    sliders = property(lambda self: SLIDERS[self.show])

    show = synced(traitlets.Enum([*PARAMETERS]))
    weight_decay = synced(traitlets.Float())
    momentum = synced(traitlets.Float())
    learning_rate = synced(traitlets.Float())
    start = synced(traitlets.List(traitlets.Float()))
    gradient = synced(traitlets.List(traitlets.Float()))
    other = synced(traitlets.Float())
    threshold = synced(traitlets.Float())  # no parameter: each row holds all thresholds

    def __init__(
        self,
        show="clip",
        weight_decay=0.5,
        momentum=0.9,
        learning_rate=0.1,
        start=(-1, 0),
        gradient=(3, 1),
        other=4.5,
        threshold=1.5,
    ):
        if show not in PARAMETERS:
            raise ValueError(f"show must be 'decay' or 'clip'; got {show!r}.")
        check_arguments(momentum=momentum, weight_decay=weight_decay)
        rates = {"weight_decay": weight_decay or 0.0, "momentum": momentum}
        for name, given in {"learning_rate": learning_rate, "threshold": threshold}.items():
            rates[name], *_ = numbers(name, [given], 1, above=0)
        rates["other"], *_ = _within("other", numbers("other", [other], 1), [[0, LONGEST]])
        ranges = {
            "weight_decay": np.arange(101) / 100,
            "momentum": np.arange(101) / 100,
            "learning_rate": np.arange(1, 111) / 50,
            "other": np.arange(51) / 10,
            "threshold": np.arange(1, 71) / 10,
        }
        super().__init__(
            show=show,
            start=_within("start", numbers("start", start, 2), FRAMES["decay"]),
            gradient=_within("gradient", numbers("gradient", gradient, 2), FRAMES["clip"]),
            step=20,
            positions={
                "step": list(range(STEPS + 1)),
                **{n: sorted({*r.tolist(), float(rates[n])}) for n, r in ranges.items()},
            },
            looks={key: look._asdict() for key, look in (PATHS | CLIPS).items()},
            scene=self._scene(),
            **{name: float(rate) for name, rate in rates.items()},
        )
        every = {name for names in PARAMETERS.values() for name in names}
        self.observe(self._refresh, [*every - {*self.parameters}])

    _nearest = traitlets.validate(
        "weight_decay", "momentum", "learning_rate", "other", "threshold"
    )(nearest_position)

    def _scene(self):
        """What stays: frames, the bowl's level lines, and where any strength of decay settles."""
        return {
            "frames": FRAMES,
            "longest": LONGEST,
            "curvatures": CURVATURES.tolist(),
            "minimum": MINIMUM.tolist(),
            "levels": level_lines(BOWL, *FRAMES["decay"]),
            "limits": [[panel, key, SHAPES[shape].tolist()] for panel, key, shape in LIMITS],
            "ends": settled([0, *np.geomspace(1e-3, 1e3, 121)]).T.tolist(),
        }

    def __repr__(self):
        words = super().__repr__()
        return f"{words[:-1]}, threshold={self.threshold!r})" if self.show == "clip" else words

    def compute(self, show, **at):
        """The columns and words of a sweep; see `Explorer`. A clip's columns go over thresholds."""
        if show == "decay":
            return decayed(**at)
        return clipped(**at, thresholds=np.array(self.positions["threshold"])), {}

    def draw(self, figure):
        """The still picture: of the decay, or of the clips."""
        axes = figure.subplot_mosaic("VVU;VVL")
        columns, _ = self.compute(**{name: getattr(self, name) for name in self.parameters})
        row = {name: column[0] for name, column in columns.items()}
        (self._draw_decay if self.show == "decay" else self._draw_clips)(axes, row)
        (x, y), labels = FRAMES[self.show], axes["V"].get_legend_handles_labels()
        axes["V"].set(xlim=x, ylim=y, aspect="equal")
        axes["V"].legend(*labels, loc="lower right", fontsize=8)

    def _draw_decay(self, axes, row):
        """The bowl with both paths, and each weight over the steps."""
        figures.draw_contours(
            axes["V"], BOWL, *(np.linspace(*ends, 200) for ends in FRAMES["decay"])
        )
        axes["V"].plot(*self.scene["ends"], "k-", lw=0.8, label="where any strength settles")
        for key, look in PATHS.items():
            path = np.stack([row[f"{key}.x"], row[f"{key}.y"]], axis=-1)
            end = row[f"{key}.end.x"][0], row[f"{key}.end.y"][0]
            figures.draw_path(axes["V"], path[: self.step + 1], look)
            axes["V"].plot(*end, look.marker, color=look.colour, mfc="white", mew=2, ms=9)
            for name, values, rest in zip("LU", path.T, end):
                axes[name].plot(values, look.line, color=look.colour)
                axes[name].axhline(rest, color=look.colour, lw=0.6)
        axes["U"].set(title="$w_2$", ylim=FRAMES["decay"][1])
        axes["L"].set(title="$w_1$", ylim=FRAMES["decay"][0], xlabel="step")

    def _draw_clips(self, axes, row):
        """A's gradient in its plane, the lengths of A and B, and how far all turns."""
        (x, y), k = self.gradient, self.positions["threshold"].index(self.threshold)
        tips = {"gradient": (x, y, self.other, np.hypot(x, y))}
        tips |= {key: [row[f"{key}.{name}"][k] for name in "xybA"] for key in KINDS}
        for key, (a1, a2, b, length) in tips.items():
            look = CLIPS[key]
            ink = {"color": look.colour, "marker": look.marker, "lw": 2, "markevery": [1]}
            axes["V"].plot([0, a1], [0, a2], look.line, **ink, label=look.label)
            axes["U"].plot([0, length], [0, b], look.line, **ink)
            if key in KINDS:
                turned = self.positions["threshold"], row[f"{key}.turned"]
                axes["L"].plot(*turned, look.line, **ink | {"markevery": [k]})
        for panel, key, shape in LIMITS:
            axes[panel].plot(
                *self.threshold * SHAPES[shape], CLIPS[key].line, color=CLIPS[key].colour, lw=0.8
            )
        axes["L"].axvline(self.threshold, color="0.6", lw=0.8)
        axes["V"].set(xlabel="$a_1$", ylabel="gradient of A: $a_2$")
        axes["U"].set(
            xlabel="length of A", ylabel="length of B", xlim=(0, LONGEST), ylim=(0, LONGEST)
        )
        axes["L"].set(xlabel="threshold c", ylabel="all turns by, °", ylim=(-4, 60))


def _within(name, values, frame):
    """The values, refused in a sentence where one is outside its range (low, high)."""
    if not all(low <= value <= high for value, (low, high) in zip(values, frame)):
        ranges = " and ".join(f"{low:g} to {high:g}" for low, high in frame)
        raise ValueError(f"{name} must lie in the picture, {ranges}; got {values}.")
    return values
