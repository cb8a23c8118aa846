"""Noisy steps in a bowl and the moving average of the weights, as `use_ema=True` keeps it."""

import functools

import numpy as np
import traitlets

from course import figures
from course.arguments import check_arguments
from course.explorers.averaging import CASES, cases, grows, told
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    level_lines,
    numbers,
    remembered,
    synced,
    xy,
)
from course.sgd import gradient_descent, moving_average, overwrite_is_due
from course.surfaces import quadratic

STEPS, RUNS, SEED, NOISE = 300, 100, 8, 1.2
BOWL = quadratic(curvatures=(1.0, 1.0), start=(-4.0, 1.5))
FRAME = (-4.9, 2.6), (-2.1, 2.1)
PATHS = {
    "weights": LOOKS["plain"]._replace(label="weights"),
    "average": LOOKS["yours"]._replace(label="their average"),
}


@functools.cache
def noise():
    """The gradient's noise, shape (STEPS, RUNS, 2): normal, of standard deviation NOISE."""
    return NOISE * np.random.default_rng(SEED).standard_normal((STEPS, RUNS, 2))


def walk_and_average(learning_rate, ema_momentum, period):
    """Walk all runs at once by plain SGD; yields (weights, average) after each step.

    learning_rate, ema_momentum, period: shape (n,); a period is a whole number of updates.
    weights, average: shape (n, RUNS, 2); all rows meet the same noise.
    """
    eta, m, period = (row[:, None, None] for row in (learning_rate, ema_momentum, period))
    weights = np.broadcast_to(BOWL.start, (len(eta), RUNS, 2))
    average = np.zeros_like(weights)
    for updates, disturbed in enumerate(noise()):
        gradient = BOWL.gradient(weights) + disturbed
        weights = gradient_descent(weights, gradient, eta)
        # The first update copies the weights; the start itself is never in the average.
        average = moving_average(average, weights, m if updates else 0 * m)
        due = overwrite_is_due(updates, period)
        weights = np.where(due, average, weights) if due.any() else weights
        yield weights, average


def observe(walking, rows):
    """What is drawn of a walk: the first run's path and its loss, the mean loss and the variance.

    Returns {"weights": seen, "average": seen}, where seen is {"path": shape (n, STEPS + 1, 2);
    "loss", "mean" and "variance": shape (n, STEPS + 1)}. The variance is that over the runs,
    summed over both coordinates. The average is nan before the first step: there is none.
    """
    start = np.broadcast_to(BOWL.start, (rows, RUNS, 2))
    steps = [(start, np.full_like(start, np.nan)), *walking]
    seen = {}
    for key, clouds in zip(PATHS, zip(*steps)):
        clouds = np.stack(clouds, axis=1)
        path, centres = clouds[:, :, 0], np.full(RUNS, 1 / RUNS) @ clouds
        loss, mean = BOWL.loss(path), np.einsum("nkrc,nkrc->nk", clouds, clouds) / (2 * RUNS)
        for each in (loss, mean):  # beyond float64 a walk is at inf - inf = nan: without bound
            each[:, 1:][np.isnan(each[:, 1:])] = np.inf
        seen[key] = {
            "path": path,
            "loss": loss,
            "mean": mean,
            # With both curvatures 1 a loss is half a square.
            "variance": 2 * (mean - BOWL.loss(centres)),
        }
    return seen


class Average(Explorer):
    """Plain SGD in the bowl ½ (w₁² + w₂²) with noisy gradients, and the average of its weights.

    learning_rate: above 0; from 2 on the weights grow.
    ema_momentum:  0 to 1; its slider is even in the memory 1 / (1 - ema_momentum).
    ema_overwrite_frequency: after how many updates the weights become the average; None: never.
    Errors:        ValueError or TypeError for arguments that make no sense.
    """

    script = "average.js"
    parameters = swept = ("learning_rate", "ema_momentum", "ema_overwrite_frequency")

    learning_rate = synced(traitlets.Float())
    ema_momentum = synced(traitlets.Float())
    ema_overwrite_frequency = synced(traitlets.Int(None, allow_none=True))

    def __init__(self, learning_rate=0.2, ema_momentum=0.98, ema_overwrite_frequency=None):
        learning_rate, *_ = numbers("learning_rate", [learning_rate], 1, above=0)
        check_arguments(ema_momentum=ema_momentum, ema_overwrite_frequency=ema_overwrite_frequency)
        period = ema_overwrite_frequency and int(ema_overwrite_frequency)
        rates = [0.01, 0.02, 0.03, 0.05, 0.07, 0.15, *(np.arange(1, 17) / 10).tolist()]
        memories = np.outer([1, 0.1, 0.01], [1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15])
        momenta = [*(1 - memories).round(12).ravel().tolist(), 0.999]
        super().__init__(
            learning_rate=learning_rate,
            ema_momentum=float(ema_momentum),
            ema_overwrite_frequency=period,
            step=40,
            positions={
                "learning_rate": sorted({*rates, learning_rate}),
                "ema_momentum": sorted({*momenta, float(ema_momentum)}),
                "ema_overwrite_frequency": sorted({5, 10, 20, 50, 100, None, period}, key=_long),
                "step": list(range(STEPS + 1)),
            },
            looks={key: look._asdict() for key, look in PATHS.items()},
            scene={
                "runs": RUNS,
                "noise": NOISE,
                "frame": FRAME,
                "decades": [-3, 2],
                "levels": level_lines(BOWL, *FRAME),
                "cases": CASES,
            },
        )

    @traitlets.validate("learning_rate", "ema_momentum", "ema_overwrite_frequency")
    def _nearest_position(self, proposal):
        positions, value = self.positions[proposal.trait.name], proposal.value
        if value is None:
            return None
        return min(positions, key=lambda position: abs(_long(position) - value))

    @remembered
    def compute(self, learning_rate, ema_momentum, ema_overwrite_frequency):
        """The columns and words of a sweep; see `Explorer`."""
        asked = np.atleast_1d(learning_rate, ema_momentum, ema_overwrite_frequency)
        eta, m, periods = np.broadcast_arrays(*asked)
        period = np.array([STEPS + 1 if p is None else min(p, STEPS + 1) for p in periods])
        with np.errstate(over="ignore", invalid="ignore"):
            growing = [grows(*row, STEPS) for row in zip(eta, m, period)]
            seen = observe(walk_and_average(eta, m, period), len(eta))
        overwritten = overwrite_is_due(np.arange(-1, STEPS), period[:, None])
        overwritten[:, 0] = False  # before the first step nothing was
        means = (found["mean"] for found in seen.values())
        columns = {"case": cases(growing, overwritten, *means), "overwritten": overwritten}
        for key, found in seen.items():
            columns |= xy(key, found["path"])
            columns |= {f"{key}.{name}": found[name] for name in ("loss", "mean")}
        return columns, told([*zip(eta, m, period, growing)], columns["case"], seen, NOISE)

    def draw(self, figure):
        """The still picture: the bowl, the loss of one run, the mean loss of all."""
        axes = figure.subplot_mosaic("BBL;BBM")
        sent, _ = self.compute(*(getattr(self, name) for name in self.parameters))
        figures.draw_contours(axes["B"], BOWL, *(np.linspace(*ends, 200) for ends in FRAME))
        for key, look in PATHS.items():
            line = {"color": look.colour, "lw": 0.7 if key == "weights" else 2}
            axes["B"].plot(
                sent[f"{key}.x"][0], sent[f"{key}.y"][0], look.line, **line, label=look.label
            )
            for where, name in (("L", "loss"), ("M", "mean")):
                axes[where].semilogy(sent[f"{key}.{name}"][0], look.line, **line)
        axes["B"].set(xlim=FRAME[0], ylim=FRAME[1], aspect="equal", xlabel="$w_1$", ylabel="$w_2$")
        axes["B"].legend(loc="upper right")
        decades = 10.0 ** np.array(self.scene["decades"])
        axes["L"].set(ylim=decades, xlabel="step", title="loss of this run")
        axes["M"].set(ylim=decades, xlabel="step", title=f"mean loss of {RUNS} runs")


def _long(period):
    return np.inf if period is None else period
