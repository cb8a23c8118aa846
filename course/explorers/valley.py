"""A ball in a valley: plain SGD, momentum and Nesterov side by side, and a rule of your own."""

import numpy as np
import traitlets

from course import figures, theory
from course.arguments import check_arguments
from course.descent import walk
from course.explorers.energy import energy
from course.explorers.shared import regimes
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    bowl_arguments,
    level_lines,
    nearest_position,
    numbers,
    synced,
    xy,
)
from course.explorers.shared.own_rule import walk_with
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import quadratic

RULES = {"plain": heavy_ball, "momentum": heavy_ball, "nesterov": nesterov_momentum}
ROOTS = {
    "plain": theory.plain_roots,
    "momentum": theory.heavy_ball_roots,
    "nesterov": theory.nesterov_roots,
}


class Valley(Explorer):
    """Balls in the bowl ½ (λ₁ w₁² + λ₂ w₂²), with sliders for what drives them.

    learning_rate: above 0; its slider goes past the edge of stability, to 4.2 / λ₂.
    momentum:   0 to 1; 1 is no friction.
    start:      two numbers; all balls start there, from rest.
    curvatures: (λ₁, λ₂), the smaller first, both above 0.
    steps:      1 to 500.
    rule:       your own step, (variable, velocity, gradient, learning_rate, momentum) ->
                (variable, velocity), drawn beside the others; its faults are told in words.
    Errors:     ValueError or TypeError for arguments that make no sense.
    """

    script, shared = "valley.js", ("energy.js",)
    parameters = ("learning_rate", "momentum", "start")
    swept = ("learning_rate", "momentum")
    along = {"frictions": "momentum", "critical": "learning_rate"}

    learning_rate = synced(traitlets.Float())
    momentum = synced(traitlets.Float())
    start = synced(traitlets.List(traitlets.Float()))

    def __init__(
        self,
        learning_rate=0.3,
        momentum=0.8,
        start=(-4, 1.5),
        curvatures=(0.1, 1.0),
        steps=60,
        rule=None,
    ):
        check_arguments(momentum=momentum)
        learning_rate, *_ = numbers("learning_rate", [learning_rate], 1, above=0)
        start, curvatures = bowl_arguments(start, curvatures, steps)
        if rule is not None and not callable(rule):
            raise TypeError(f"rule must be a function; got {rule!r}. Give its name without ().")
        self._surface, self._curvatures = quadratic(curvatures, start), curvatures
        self._steps, self._rule = steps, rule
        self._frame = np.array([25 / 14, 1]) * max(1.6 * abs(start[1]), 0.7 * abs(start[0]), 0.1)
        rates, momenta = np.arange(1, 211) * 0.02 / curvatures[1], np.arange(101) / 100
        positions = {
            "learning_rate": sorted({*rates.round(12).tolist(), learning_rate}),
            "momentum": sorted({*momenta.tolist(), float(momentum)}),
            "step": list(range(steps + 1)),
        }
        super().__init__(
            learning_rate=learning_rate,
            momentum=float(momentum),
            start=start,
            step=min(6, steps),
            positions=positions,
            scene=self._scene(positions["learning_rate"], positions["momentum"]),
        )

    _nearest = traitlets.validate("learning_rate", "momentum")(nearest_position)

    def _scene(self, rates, momenta):
        """What stays: the frame, level lines, what stands beside the momentum slider."""
        x, y = self._frame
        top = int(np.ceil(np.log10(self._surface.loss(self._frame))))
        critical = theory.critical_momentum(np.outer(rates, self._curvatures))
        marks = np.interp(critical, momenta, np.linspace(0, 1, len(momenta)))
        return {
            "methods": [*RULES, "yours"] if self._rule else [*RULES],
            "curvatures": self._curvatures,
            "frame": [x, y],
            "decades": [top - 5, top],
            "levels": level_lines(self._surface, (-x, x), (-y, y)),
            "frictions": [regimes.friction_per_step(momentum) for momentum in momenta],
            "critical": np.where(np.isnan(marks), None, marks).tolist(),
        }

    def compute(self, learning_rate, momentum, start):
        """The columns and words of a sweep; see `Explorer`."""
        eta, beta = np.broadcast_arrays(*np.atleast_1d(learning_rate, momentum))
        columns, words = {}, {"friction": [regimes.friction(b) for b in beta]}
        words["critical"] = regimes.critical_damping(np.outer(eta, self._curvatures))
        for key, rule in RULES.items():
            kept = 0 * beta if key == "plain" else beta
            balls = walk(self._surface, self._steps, eta, kept, rule=rule, start=start)
            columns |= self._columns(key, balls)
            fates = regimes.fate(*ROOTS[key](eta * self._curvatures[1], beta))
            words[key] = [fate + left for fate, left in zip(fates, self._leaving(balls))]
            if key == "momentum":
                columns |= self._taken_apart(balls, eta, beta)
        if self._rule:
            balls, complaints = walk_with(self._rule, self._surface, self._steps, eta, beta, start)
            columns |= self._columns("yours", balls)
            words["yours"] = [left.removeprefix(", ") for left in self._leaving(balls)]
            words["complaint"] = complaints
        return columns, words

    def _columns(self, key, balls):
        loss, velocity = self._surface.loss(balls.points), balls.velocities[..., 1]
        return xy(key, balls.points) | {f"{key}.velocity": velocity, f"{key}.loss": loss}

    def _taken_apart(self, balls, eta, beta):
        """The two parts of a ball's next step, to lay end to end, and the parts of its energy."""
        push = -eta[:, None, None] * self._surface.gradient(balls.points)
        parts = energy(self._surface, balls, eta, beta)._asdict()
        named = {f"energy.{part}": shares for part, shares in parts.items()}
        return xy("push", push) | xy("kept", beta[:, None, None] * balls.velocities) | named

    def _leaving(self, balls):
        """For each ball, when it first leaves the picture, as the end of a sentence part."""
        outside = (np.abs(balls.points) > self._frame).any(axis=-1)
        return [f", out of the picture at step {o.argmax()}" if o.any() else "" for o in outside]

    def draw(self, figure):
        """The still picture: the valley, the loss over the steps, the phase portrait."""
        axes = figure.subplot_mosaic("VVL;VVP")
        columns, _ = self.compute(self.learning_rate, self.momentum, self.start)
        (x, y), decades = self._frame, 10.0 ** np.array(self.scene["decades"])
        grid = np.linspace(-x, x, 200), np.linspace(-y, y, 200)
        figures.draw_contours(axes["V"], self._surface, *grid)
        for key in self.scene["methods"]:
            path = {name: columns[f"{key}.{name}"][0] for name in ("x", "y", "velocity", "loss")}
            look = LOOKS[key]
            figures.draw_path(axes["V"], np.stack([path["x"], path["y"]], axis=-1), look)
            axes["L"].semilogy(path["loss"], look.line, color=look.colour)
            axes["P"].plot(path["y"], path["velocity"], look.line, color=look.colour)
        axes["V"].set(xlim=(-x, x), ylim=(-y, y), aspect="equal")
        axes["V"].legend(loc="upper right")
        axes["L"].set(ylim=decades, xlabel="step", title="loss")
        axes["P"].set(xlim=(-y, y), ylim=(-y / 2, y / 2), xlabel="$w_2$", title="velocity of $w_2$")
