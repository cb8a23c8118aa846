"""What the noise of minibatches does to SGD: a cloud of runs, its noise floor and the formula."""

import numpy as np
import traitlets

from course import figures
from course.descent import walk
from course.explorers.noise_floor import RUNS, descend, expected, first_at_floor, floor, tell
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    check_integer,
    level_lines,
    nearest_position,
    numbers,
    synced,
    xy,
)
from course.surfaces import quadratic

PATHS = 3
FORMULA = "formula: mean square ← (1 − ηλ)² · mean square + 2η²σ²/B"
LINES = {
    "measured": LOOKS["plain"]._replace(label=f"measured over {RUNS} runs"),
    "formula": figures.Look(FORMULA, figures.GRADIENT, figures.GRADIENT, "--", "D"),
    "exact": figures.Look("without noise", "#777777", "#999999", "-.", ""),
}
WIDTHS = {"formula": 3, "measured": 1.2, "exact": 1.2}
# Multiples of 1 / λ: close together where the floor is low, and about the edge 2 / λ.
RATES = [0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, *(np.arange(3, 20) / 10), 1.95, 2, 2.05, 2.1]


class Noise(Explorer):
    """Many runs of SGD from one start in the bowl ½ λ |w|², each with minibatch noise of its own.

    learning_rate: above 0; its slider goes past the edge of stability, to 2.1 / λ.
    batch_size: an integer of 1 or more; a gradient entry's noise has deviation σ / √batch_size.
    start:      two numbers; all runs start there.
    curvature:  λ, above 0.
    noise:      σ, the standard deviation of a gradient entry for one example, above 0.
    steps:      1 to 60.
    Errors:     ValueError for arguments that make no sense.
    """

    script = "noise.js"
    parameters = swept = ("learning_rate", "batch_size")

    learning_rate = synced(traitlets.Float())
    batch_size = synced(traitlets.Int())

    def __init__(
        self, learning_rate=0.2, batch_size=4, start=(-4, 2), curvature=1.0, noise=2.0, steps=60
    ):
        learning_rate, *_ = numbers("learning_rate", [learning_rate], 1, above=0)
        curvature, *_ = numbers("curvature", [curvature], 1, above=0)
        noise, *_ = numbers("noise", [noise], 1, above=0)
        start = numbers("start", start, 2)
        check_integer("batch_size", batch_size, 1, 10**6)
        check_integer("steps", steps, 1, 60)
        self._bowl = quadratic((curvature, curvature), start)
        self._curvature, self._noise, self._steps = curvature, noise, steps
        rates = (np.array(RATES) / curvature).round(12).tolist()
        super().__init__(
            learning_rate=learning_rate,
            batch_size=int(batch_size),
            step=min(30, steps),
            positions={
                "learning_rate": sorted({*rates, learning_rate}),
                "batch_size": sorted({*(2**power for power in range(9)), int(batch_size)}),
                "step": list(range(steps + 1)),
            },
            looks={key: look._asdict() for key, look in LINES.items()},
            scene=self._scene(rates[0], batch_size),
        )

    _nearest = traitlets.validate("learning_rate", "batch_size")(nearest_position)

    def _scene(self, slowest, batch_size):
        """What stays: a frame for the start and most clouds, decades down to the lowest floor."""
        x, y = np.abs(self._bowl.start)
        wide, low = (
            np.sqrt(floor(rate, self._curvature, self._noise / np.sqrt(size)))
            for rate, size in ((1 / self._curvature, batch_size), (slowest, 256))
        )
        self._frame = np.array([1.5, 1]) * max(1.6 * y, 0.8 * x, 2 * wide)
        right, top = self._frame
        return {
            "runs": RUNS,
            "paths": PATHS,
            "frame": [right, top],
            "decades": [float(np.floor(np.log10(low))), float(np.ceil(np.log10(right))) + 1],
            # Rings that are all closed: one cut by the frame would have its level at the edge.
            "levels": level_lines(self._bowl, *[(-1.25 * right, 1.25 * right)] * 2, count=18),
            "curvature": self._curvature,
            "noise": self._noise,
        }

    def compute(self, learning_rate, batch_size):
        """The columns and words of a sweep; see `Explorer`."""
        eta, batch = np.broadcast_arrays(*np.atleast_1d(learning_rate, batch_size))
        noise, curvature, count = self._noise / np.sqrt(batch), self._curvature, self._steps
        begin, settled = np.square(self._bowl.start).sum(), floor(eta, curvature, noise)
        with np.errstate(over="ignore", invalid="ignore"):
            points = descend(self._bowl, count, eta, noise)
            squares = {
                # The two weights one by one: NumPy sums pairs slowly.
                "measured": sum(np.square(points[..., i]) for i in (0, 1)).mean(axis=1),
                "formula": expected(begin, count, eta, curvature, noise),
                "exact": np.square(walk(self._bowl, count, eta).points).sum(axis=-1),
                "floor": np.repeat(settled[:, None], count + 1, axis=1),
            }
            first = first_at_floor(begin, settled, eta, curvature)
        # Beyond float64 a run is at inf - inf = nan: as a distance, that is without bound, too.
        columns = {
            key: np.sqrt(np.where(np.isnan(column), np.inf, column))
            for key, column in squares.items()
        }
        inside = [np.abs(points[..., i]) <= self._frame[i] for i in (0, 1)]
        columns["outside"] = RUNS - (inside[0] & inside[1]).sum(axis=1)
        columns["reached"] = np.arange(count + 1) >= first[:, None]
        for run in range(RUNS):
            columns |= xy(str(run), points[:, run])
        return columns, tell(begin, settled, first, eta, curvature, noise)

    def draw(self, figure):
        """The still picture: the cloud in the bowl, and its distance over the steps."""
        bowl, distance = figure.subplots(1, 2, width_ratios=[3, 2])
        columns, _ = self.compute(self.learning_rate, self.batch_size)
        row, k = {name: column[0] for name, column in columns.items()}, self.step
        self._draw_cloud(bowl, row, k)
        around = np.linspace(0, 2 * np.pi, 97)
        for key, width in WIDTHS.items():
            look = {"color": LINES[key].colour, "ls": LINES[key].line, "lw": width}
            distance.semilogy(row[key], **look, label=LINES[key].label.split(":")[0])
            if key != "exact":
                bowl.plot(row[key][k] * np.cos(around), row[key][k] * np.sin(around), **look)
        title = "distance from the minimum"
        distance.set(ylim=10.0 ** np.array(self.scene["decades"]), xlabel="step", title=title)
        distance.legend()

    def _draw_cloud(self, axes, row, k):
        x, y = self._frame
        grid = np.linspace(-x, x, 200), np.linspace(-y, y, 200)
        figures.draw_contours(axes, self._bowl, *grid)
        for run in range(PATHS):
            axes.plot(row[f"{run}.x"][: k + 1], row[f"{run}.y"][: k + 1], "k", lw=0.7, alpha=0.4)
        cloud = [[row[f"{run}.{axis}"][k] for run in range(RUNS)] for axis in "xy"]
        axes.plot(*cloud, "ko", ms=2.5, alpha=0.6, mew=0)
        axes.plot(*self._bowl.start, "ko", mfc="w", ms=9)
        axes.set(xlim=(-x, x), ylim=(-y, y), aspect="equal", title=f"{RUNS} runs at step {k}")
        axes.set(xlabel="$w_1$", ylabel="$w_2$")
