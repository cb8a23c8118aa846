"""Loss scaling: the numbers of a real backward pass slide over the range of float16."""

from functools import cache

import numpy as np
import traitlets

from course import figures
from course.explorers import half_precision
from course.explorers.half_precision import BINS, FATES, LOWEST, MOMENTS, PARTS, POWERS
from course.explorers.shared.base import Explorer, nearest_position, numbers, synced

LINES = {
    "lost": figures.Look("lost: stored as 0", "#777777", "#999999", "-", "s"),
    "faint": figures.Look("fewer digits", "#56B4E9", "#56B4E9", "--", "s"),
    "full": figures.Look("full precision", figures.GRADIENT, figures.GRADIENT, "-", "s"),
    "inf": figures.Look("overflow: inf", "#D55E00", "#E69F00", "-.", "s"),
}
#: Where float16 begins to be something else, as powers of two, and what it is from there on.
ZONES = ((LOWEST, "becomes 0"), (-25, "fewer digits"), (-14, "full precision"), (16, "inf"))
ROUNDING = 2.0**-11  # by so much at most a number changes that keeps all its digits
SLIDERS = ("loss_scale_factor", "trained")


class Scaling(Explorer):
    """The signals and gradients of the digits network over float16's range, at a loss scale.

    loss_scale_factor: above 0; its slider has the powers of two from 1 to 2^24.
    trained:    after how many steps of training: 0, 10, 50, 200 or 600.
    Errors:     ValueError for arguments that make no sense.

    Each number is computed in float32, scaled, and stored in float16; the zeros that the
    relu makes are left out.
    """

    script = "scaling.js"
    parameters = swept = SLIDERS

    loss_scale_factor = synced(traitlets.Float())
    trained = synced(traitlets.Int())

    def __init__(self, loss_scale_factor=1.0, trained=600):
        loss_scale_factor, *_ = numbers("loss_scale_factor", [loss_scale_factor], 1, above=0)
        if trained not in MOMENTS:
            raise ValueError(f"trained must be one of {MOMENTS}; got {trained!r}.")
        super().__init__(
            loss_scale_factor=loss_scale_factor,
            trained=int(trained),
            positions={
                "loss_scale_factor": sorted({*(2.0**POWERS).tolist(), loss_scale_factor}),
                "trained": list(MOMENTS),
            },
            looks={key: look._asdict() for key, look in LINES.items()},
            scene={"lowest": LOWEST, "bins": BINS, "zones": ZONES, "parts": PARTS},
        )

    _nearest = traitlets.validate(*SLIDERS)(nearest_position)

    def compute(self, loss_scale_factor, trained):
        """The columns and words of a sweep; see `Explorer`. A column has a place for each bin.

        lost, faint, full, inf: how many numbers have this fate, in each bin.
        share.lost, share.faint: of all numbers, in percent, at the scales 2^0 to 2^24.
        part.lost and so on: of each of `PARTS`, in percent.
        facts: how many numbers there are, n of the largest safe scale 2^n, and the error of
               the unscaled gradient.
        """
        scales, moments = np.broadcast_arrays(*np.atleast_1d(loss_scale_factor, trained))
        rows, words = [], []
        for scale, moment in zip(scales.tolist(), moments.tolist()):
            row = _row(moment, scale)
            words.append(_tell(row, scale))
            rows.append({name: _filled(column) for name, column in row.items()})
        columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
        return columns, {"told": words}

    def draw(self, figure):
        """The still picture: the histogram, the shares over the scale, and each array."""
        axes = figure.subplot_mosaic("HHS;HHP")
        columns, _ = self.compute(self.loss_scale_factor, self.trained)
        row = {name: column[0] for name, column in columns.items()}
        self._draw_histogram(axes["H"], row)
        for name in ("lost", "faint"):
            look = LINES[name]
            axes["S"].plot(POWERS, row[f"share.{name}"][: len(POWERS)], look.line, c=look.colour)
        safe = row["facts"][1]
        axes["S"].axvspan(safe + 0.5, 24.5, color=LINES["inf"].colour, alpha=0.2, lw=0)
        axes["S"].axvline(np.log2(self.loss_scale_factor), color="0.6", lw=0.8)
        axes["S"].set(title="lost, fewer digits, %", xlabel="scale, as a power of 2")
        left = np.zeros(len(PARTS))
        for name in FATES:
            share = row[f"part.{name}"][: len(PARTS)]
            axes["P"].barh(PARTS, share, left=left, color=LINES[name].colour)
            left = left + share
        axes["P"].invert_yaxis()
        axes["P"].set(xlabel="%")

    def _draw_histogram(self, axes, row):
        below, edges = np.zeros(BINS), LOWEST + np.arange(BINS)
        for name in FATES:
            look = {"color": LINES[name].colour, "label": LINES[name].label, "width": 1}
            axes.bar(edges, row[name], bottom=below, align="edge", **look)
            below = below + row[name]
        for start, _ in ZONES[1:]:
            axes.axvline(start, color="0.4", lw=0.8, ls="--")
        axes.set(
            xlim=(LOWEST, LOWEST + BINS), xlabel="size, as a power of 2", title="how many numbers"
        )
        axes.legend()


@cache
def _at_each_scale(moment):
    """What a moment's rows share: its numbers without zeros by array, and all the shares."""
    alive = [part[part != 0] for part in half_precision.stored()[moment]]
    every = np.concatenate(alive)
    shares = [_percents(every, 2.0**power) for power in POWERS]
    return alive, every, shares, half_precision.largest_safe(every)


def _row(moment, scale):
    """The columns of one row, each as long as what it holds."""
    alive, every, shares, safe = _at_each_scale(moment)
    row = dict(zip(FATES, half_precision.histogram(every, scale)))
    parts = [_percents(part, scale) for part in alive]
    for i, name in enumerate(FATES):
        row[f"share.{name}"] = [share[i] for share in shares]
        row[f"part.{name}"] = [part[i] for part in parts]
    gradients = half_precision.stored()[moment][2:]
    row["facts"] = [len(every), safe, half_precision.error(gradients, scale)]
    return row


def _percents(values, scale):
    """Which part of the numbers has each fate, in percent."""
    counts = np.bincount(half_precision.fates(values, scale), minlength=len(FATES))
    return 100 * counts / len(values)


def _filled(column):
    """A column filled up with nan, as all have a place for each bin."""
    return np.concatenate([column, np.full(BINS - len(column), np.nan)])


def _tell(row, scale):
    """What is lost, what loses digits and what overflows, and the largest safe scale."""
    count, safe, error = row["facts"]
    lost, faint, _, over = (int(row[name].sum()) for name in FATES)
    told = (
        f"At a scale of {power_of_two(scale)} float16 loses {_part(lost, count)} of {count} "
        f"numbers, and {_part(faint, count)} keep fewer digits"
    )
    best = f"the largest power of two without overflow is {power_of_two(2.0**safe)}"
    if over:
        many = "1 overflows" if over == 1 else f"{over} overflow"
        return f"{told}; {many} to inf, and inf stays inf when it is unscaled: {best}."
    end = "this is the largest power of two without overflow" if scale == 2.0**safe else best
    return f"{told}; none overflows: {end}. {_harm(lost + faint, error)}"


def _part(some, count):
    return f"{some} ({some / count:.1%})" if some else "none"


def _harm(touched, error):
    """How far the gradient is off, and whether that is more than any rounding to float16."""
    off = f"Unscaled, the weights' gradient is off by {error:.2g} of its length"
    if error > ROUNDING:
        return f"{off}, which is more than rounding, 2⁻¹¹ at most: small entries are missed."
    small = ": what was lost is small beside the rest" if touched else ""
    return f"{off}, no more than rounding makes{small}."


def power_of_two(scale):
    """2¹⁵ for 32768; another number as it is."""
    power = np.log2(scale)
    if power != round(power):
        return f"{scale:g}"
    return "2" + str(round(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
