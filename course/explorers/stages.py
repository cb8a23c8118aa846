"""The way of one weight through the stages of `course.sgd.step`, call after call."""

import numpy as np
import traitlets

from course.arguments import check_arguments
from course.explorers.exchanges import told
from course.explorers.one_weight import CALLS, MINIMUM, START, run
from course.explorers.shared.base import ARROWS, LOOKS, Explorer, numbers, synced
from course.figures import VELOCITY, Look

SWITCHES = {
    "loss_scale_factor": 2.0,
    "gradient_accumulation_steps": 2,
    "nesterov": True,
    "ema_overwrite_frequency": 2,
}
FRAMES = {"gradient": [-3, 5], "weight": [-1, 2.5]}
PATHS = {
    "weight": LOOKS["plain"]._replace(label="weight"),
    "average": LOOKS["yours"]._replace(label="average"),
    "velocity": Look("velocity", VELOCITY, VELOCITY, "--", "s"),
}
#: The rows of the picture: name, axis, what comes in, what goes out, what was remembered.
ROWS = (
    ("unscale", "gradient", "g.arrived", "g.true", None),
    ("accumulate", "gradient", "g.true", "g.mean", "sum"),
    ("clip", "gradient", "g.mean", "g.clipped", None),
    ("decay", "weight", "w.before", "w.decayed", None),
    ("velocity", "weight", "g.clipped", "v.after", "v"),
    ("move", "weight", "w.decayed", "w.moved", None),
    ("average", "weight", "w.moved", "a.after", "a"),
    ("overwrite", "weight", "w.moved", "w.after", None),
)


class Stages(Explorer):
    """One weight in the parabola ½ (w − ½)² with noisy slopes, through all stages of each call.

    The arguments are those of SGD. Here a weight_decay of 0, a clipvalue or an ema_momentum of
    None (without which there is no average) is that stage off.
    Errors: ValueError or TypeError for arguments that make no sense.
    """

    script = "stages.js"
    swept = ("learning_rate", "momentum", "weight_decay", "clipvalue", "ema_momentum")
    parameters = (*swept, *SWITCHES)

    learning_rate = synced(traitlets.Float())
    momentum = synced(traitlets.Float())
    weight_decay = synced(traitlets.Float())
    clipvalue = synced(traitlets.Float(None, allow_none=True))
    ema_momentum = synced(traitlets.Float(None, allow_none=True))
    loss_scale_factor = synced(traitlets.Float(None, allow_none=True))
    gradient_accumulation_steps = synced(traitlets.Int(None, allow_none=True))
    nesterov = synced(traitlets.Bool())
    ema_overwrite_frequency = synced(traitlets.Int(None, allow_none=True))

    def __init__(
        self,
        learning_rate=0.2,
        momentum=0.8,
        nesterov=False,
        weight_decay=0.5,
        clipvalue=1.0,
        ema_momentum=0.8,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=2,
    ):
        given = {name: value for name, value in locals().items() if name in self.parameters}
        learning_rate, *_ = numbers("learning_rate", [learning_rate], 1, above=0)
        optional = {} if ema_momentum is None else {"ema_momentum": ema_momentum}
        check_arguments(**{n: v for n, v in given.items() if n != "ema_momentum"}, **optional)
        given |= {"learning_rate": learning_rate, "weight_decay": weight_decay or 0.0}
        given |= {n: given[n] if given[n] is None else float(given[n]) for n in self.swept}
        hundredths = np.arange(101) / 100
        ranges = {
            "learning_rate": np.arange(1, 26) / 50,
            "momentum": hundredths[::2],
            "weight_decay": hundredths[::2],
            "clipvalue": np.arange(1, 31) / 10,
            "ema_momentum": hundredths[::2],
        }
        super().__init__(
            **given,
            step=4,
            positions={
                "step": list(range(CALLS + 1)),
                **{name: _positions(name, r.tolist(), given[name]) for name, r in ranges.items()},
            },
            looks={key: look._asdict() for key, look in PATHS.items()},
            scene={
                "rows": ROWS,
                "columns": [*next(run(**given))[1]],
                "frames": FRAMES,
                "start": START,
                "minimum": MINIMUM,
                "on": {name: given[name] or value for name, value in SWITCHES.items()},
            },
        )

    @traitlets.validate(*swept)
    def _nearest(self, proposal):
        positions = self.positions[proposal.trait.name]
        if proposal.value is None:
            return None
        numbers = [position for position in positions if position is not None]
        return min(numbers, key=lambda position: abs(position - proposal.value))

    def compute(self, **at):
        """The columns and words of a sweep; see `Explorer`. A column's first entry is nan."""
        calls = [*run(**at)]
        columns = {}
        for name in calls[0][1]:
            seen = [found[name] for _, found, _ in calls]
            columns[name] = np.stack([np.full_like(seen[0], np.nan), *seen], axis=-1)
        columns["w.after"][:, 0] = START
        for name in ("v.after", "a.after", "sum.after"):
            columns[name][:, 0] = 0
        return columns, told(calls)

    def draw(self, figure):
        """The still picture: what each stage does to the gradient, and to the weight."""
        columns, _ = self.compute(**{name: getattr(self, name) for name in self.parameters})
        row = {name: column[0, self.step] for name, column in columns.items()}
        for axes, (title, frame) in zip(figure.subplots(1, 2, width_ratios=[2, 3]), FRAMES.items()):
            rows = [one for one in ROWS if one[1] == title]
            for y, (name, _, before, after, _) in enumerate(rows):
                for way in _ways(name, row, before, after):
                    _draw_way(axes, -y, *way)
            axes.set_yticks([-y for y in range(len(rows))], [name for name, *_ in rows])
            axes.set(xlim=frame, ylim=(0.6 - len(rows), 0.6), xlabel=title)
            axes.axvline(0, color="0.7", lw=0.8)
        figure.suptitle(f"what each stage does in call {self.step}", fontsize=11)


def _ways(name, row, before, after):
    """The arrows of a stage, as (from, to, colour)."""
    if name == "velocity":
        kept = row["w.decayed"] + row["v.kept"]
        push = kept, kept + row["v.push"], ARROWS["push"]
        return [(row["w.decayed"], kept, ARROWS["kept"]), push]
    if name == "average":
        return [(row["a.before"], row["a.after"], PATHS["average"].colour)]
    gradient = before.startswith("g.")
    return [(row[before], row[after], ARROWS["push"] if gradient else PATHS["weight"].colour)]


def _draw_way(axes, y, start, end, colour):
    arrow = {"arrowstyle": "-|>", "lw": 2, "shrinkA": 0, "shrinkB": 0, "color": colour}
    axes.annotate("", (end, y), (start, y), annotation_clip=True, arrowprops=arrow)
    axes.plot(start, y, "o", color=colour, ms=4)


def _positions(name, values, given):
    """A slider's positions with what was given; None, off, beside what comes nearest to it."""
    found = sorted({*values, given} - {None})
    off = {"clipvalue": [*found, None], "ema_momentum": [None, *found]}
    return off.get(name, found)
