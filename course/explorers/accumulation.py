"""Gradient accumulation: k calls fill the accumulator, and the k-th of them makes one step."""

import numpy as np
import traitlets

from course import figures
from course.explorers.accumulating import floor, joined, run, tell
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    check_integer,
    nearest_position,
    numbers,
    synced,
)

SEED = 16  # whose runs are about as far from 0 as the formulas say
LINES = {
    "w": LOOKS["plain"]._replace(label="accumulate k, then step"),
    "each": figures.Look("a step at each call", "#777777", "#999999", "-.", ""),
    "joined": figures.Look("one step on each joined batch", "#56B4E9", "#F0E442", ":", "D"),
}
SLIDERS = ("gradient_accumulation_steps", "learning_rate")


class Accumulation(Explorer):
    """A weight in the parabola ½ λ w² whose gradients are noisy: k calls make one step.

    gradient_accumulation_steps: k, an integer from 1 (a step at each call) to `calls`.
    learning_rate: above 0; its slider goes past the edge of stability, to 2.1 / λ.
    start:      the weight at first, a number.
    curvature:  λ, above 0.
    noise:      σ, the standard deviation of one call's gradient, above 0.
    calls:      2 to 200.
    Errors:     ValueError for arguments that make no sense.
    """

    script = "accumulation.js"
    parameters = swept = SLIDERS

    gradient_accumulation_steps = synced(traitlets.Int())
    learning_rate = synced(traitlets.Float())

    def __init__(
        self,
        gradient_accumulation_steps=4,
        learning_rate=0.3,
        start=4.0,
        curvature=1.0,
        noise=2.0,
        calls=64,
    ):
        learning_rate, *_ = numbers("learning_rate", [learning_rate], 1, above=0)
        curvature, *_ = numbers("curvature", [curvature], 1, above=0)
        noise, *_ = numbers("noise", [noise], 1, above=0)
        start, *_ = numbers("start", [start], 1)
        check_integer("calls", calls, 2, 200)
        check_integer("gradient_accumulation_steps", gradient_accumulation_steps, 1, calls)
        self._start, self._curvature, self._deviation = start, curvature, noise
        self._noise = noise * np.random.default_rng(SEED).standard_normal(calls)
        powers = {2**power for power in range(6) if 2**power <= calls}
        rates = (np.arange(1, 43) / 20 / curvature).round(12).tolist()
        super().__init__(
            gradient_accumulation_steps=int(gradient_accumulation_steps),
            learning_rate=learning_rate,
            step=min(7, calls),
            positions={
                "gradient_accumulation_steps": sorted({*powers, int(gradient_accumulation_steps)}),
                "learning_rate": sorted({*rates, learning_rate}),
                "step": list(range(calls + 1)),
            },
            looks={key: look._asdict() for key, look in LINES.items()},
            scene=self._scene(start, floor(0.3 / curvature, curvature, noise)),
        )

    _nearest = traitlets.validate(*SLIDERS)(nearest_position)

    def _scene(self, start, usual):
        """What stays: a frame for the start and the noise floor of a usual learning rate."""
        far = max(abs(start), 3 * usual)
        frame = [-0.6 * far, 1.15 * far] if start >= 0 else [-1.15 * far, 0.6 * far]
        return {"frame": frame, "curvature": self._curvature, "noise": self._deviation}

    def compute(self, gradient_accumulation_steps, learning_rate):
        """The columns and words of a sweep; see `Explorer`."""
        k, eta = np.broadcast_arrays(*np.atleast_1d(gradient_accumulation_steps, learning_rate))
        given = self._start, self._curvature, self._noise, k, eta
        columns = run(*given) | {"joined": joined(*given)}
        calls = np.arange(len(self._noise) + 1)
        columns["group"] = (calls - 1) // k[:, None] + 1
        columns["position"] = (calls - 1) % k[:, None] + (calls > 0)
        for name, of in (("floor", k), ("floor.each", 1)):
            settled = floor(eta, self._curvature, self._deviation, of)
            columns[name] = np.repeat(settled[:, None], len(calls), axis=1)
        told = tell(len(self._noise), self._curvature, self._deviation, k, eta)
        return columns, {"told": told}

    def draw(self, figure):
        """The still picture: the weight, this group's gradients, and the accumulator."""
        axes = figure.subplot_mosaic("WWG;WWA")
        columns, _ = self.compute(self.gradient_accumulation_steps, self.learning_rate)
        row = {name: column[0] for name, column in columns.items()}
        self._draw_weights(axes["W"], row)
        self._draw_group(axes["G"], row)
        self._draw_sum(axes["A"], row)

    def _draw_weights(self, axes, row):
        k, calls = self.gradient_accumulation_steps, np.arange(len(row["w"]))
        each, joint = LINES["each"], LINES["joined"]
        if np.isfinite(settled := row["floor"][0]):
            axes.axhspan(-settled, settled, color="k", alpha=0.08, lw=0)
        axes.plot(row["each"], each.line, color=each.colour, lw=1.2, label=each.label)
        axes.step(calls, row["w"], "k-", where="post", label=f"accumulate {k}, then step")
        steps = slice(k, None, k)
        look = {"color": joint.colour, "mfc": "none", "mew": 2, "ms": 8, "label": joint.label}
        axes.plot(calls[steps], row["joined"][steps], joint.marker, **look)
        axes.plot(calls[steps], row["w"][steps], "ko", ms=3)
        axes.plot(self.step, row["w"][self.step], "ko", ms=8)
        axes.set(ylim=self.scene["frame"], xlabel="call", title="weight w")
        axes.legend()

    def _draw_group(self, axes, row):
        """The gradients of the group that this call belongs to, and their mean so far."""
        k, place = self.gradient_accumulation_steps, int(row["position"][self.step])
        given = row["gradient"][self.step - place + 1 : self.step + 1]
        axes.bar(np.arange(1, len(given) + 1), given, color=figures.GRADIENT, width=0.7)
        axes.axhline(row["slope"][self.step], color="0.6", ls="--", label="without noise")
        axes.axhline(0, color="k", lw=0.8)
        axes.set(xlim=(0.4, k + 0.6), xlabel="call of the group", title="gradients of this group")
        axes.legend()

    def _draw_sum(self, axes, row):
        axes.step(range(len(row["sum"])), row["accumulator"], color=figures.VELOCITY, where="post")
        axes.plot(self.step, row["sum"][self.step], "s", color=figures.VELOCITY)
        axes.set(xlabel="call", title="accumulator")
