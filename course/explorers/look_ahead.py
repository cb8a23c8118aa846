"""One Nesterov step taken apart: the slope here, the slope there, and its two ways of writing."""

import numpy as np
import traitlets

from course import figures
from course.arguments import check_arguments
from course.descent import walk
from course.explorers.damping import compared
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    bowl_arguments,
    nearest_position,
    numbers,
    synced,
    xy,
)
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import quadratic

RULES = {"plain": heavy_ball, "momentum": heavy_ball, "nesterov": nesterov_momentum}
PAIRS = (*RULES, "original", "glide", "here", "there", "onward", "middle")
KERAS = figures.NESTEROV._replace(label="Nesterov, Keras: θ")
ORIGINAL = figures.NESTEROV._replace(label="Nesterov, original: w", line="-.", marker="D")
SHAPE = np.array([1.6, 1.0])  # of each picture of the bowl: width, height


class LookAhead(Explorer):
    """A Nesterov step in the bowl ½ (λ₁ w₁² + λ₂ w₂²), beside momentum's from the same place.

    learning_rate: above 0; its slider goes past both edges of plain SGD and Nesterov, to 2.2 / λ₂.
    momentum:   0 to 1; 1 is no friction.
    start:      two numbers; all balls start there, from rest.
    curvatures: (λ₁, λ₂), the smaller first, both above 0.
    steps:      1 to 500.
    Errors:     ValueError or TypeError for arguments that make no sense.
    """

    script = "look_ahead.js"
    parameters = ("learning_rate", "momentum", "start")
    swept = ("learning_rate", "momentum")

    learning_rate = synced(traitlets.Float())
    momentum = synced(traitlets.Float())
    start = synced(traitlets.List(traitlets.Float()))

    def __init__(
        self, learning_rate=0.5, momentum=0.8, start=(-4, 2), curvatures=(0.2, 1.0), steps=40
    ):
        check_arguments(momentum=momentum)
        learning_rate, *_ = numbers("learning_rate", [learning_rate], 1, above=0)
        start, curvatures = bowl_arguments(start, curvatures, steps)
        self._surface, self._curvatures = quadratic(curvatures, start), np.array(curvatures)
        self._steps = steps
        self._frame = 1.25 * SHAPE * max(*np.abs(start) / SHAPE, 0.1)
        rates, momenta = np.arange(1, 221) * 0.01 / curvatures[1], np.arange(101) / 100
        super().__init__(
            learning_rate=learning_rate,
            momentum=float(momentum),
            start=start,
            step=min(2, steps),
            positions={
                "learning_rate": sorted({*rates.round(12).tolist(), learning_rate}),
                "momentum": sorted({*momenta.tolist(), float(momentum)}),
                "step": list(range(steps + 1)),
            },
            scene=self._scene(),
        )

    _nearest = traitlets.validate("learning_rate", "momentum")(nearest_position)

    def _scene(self):
        """What stays: the frame, one level line to enlarge, the loss's decades."""
        (x, y), turn = self._frame, np.linspace(0, 2 * np.pi, 721)
        ring = np.sqrt(2 / self._curvatures)[:, None] * [np.cos(turn), np.sin(turn)]
        top = int(np.ceil(np.log10(self._surface.loss(self._frame))))
        return {
            "looks": {"nesterov": KERAS._asdict(), "original": ORIGINAL._asdict()},
            "curvatures": self._curvatures.tolist(),
            "frame": [x, y],
            "decades": [top - 8, top],
            "ring": ring.tolist(),  # where the loss is 1; where it is r², all is r times as far
            "highest": float(np.sqrt(self._surface.loss(self._frame))),
        }

    def compute(self, learning_rate, momentum, start):
        """The columns and words of a sweep; see `Explorer`."""
        eta, beta = np.broadcast_arrays(*np.atleast_1d(learning_rate, momentum))
        columns = {}
        for key, rule in RULES.items():
            kept = 0 * beta if key == "plain" else beta
            balls = walk(self._surface, self._steps + 1, eta, kept, rule=rule, start=start)
            columns |= xy(key, balls.points[:, :-1])
            columns[f"{key}.loss"] = self._surface.loss(balls.points[:, :-1])
        with np.errstate(over="ignore", invalid="ignore"):  # a walker that diverges
            columns |= self._taken_apart(balls, eta[:, None, None], beta[:, None, None])
        return columns, {"regime": compared(eta[:, None] * self._curvatures, beta)}

    def _taken_apart(self, balls, eta, beta):
        """The parts of every step, from Nesterov's walk; a part that is a vector starts anywhere.

        Keras's weights θ are the look-ahead points, so the original's are θ - βv (see
        `nesterov_momentum`). From w the glide βv leads to θ, the push there on to the next w,
        and `onward`, the next glide, to the next θ. Momentum takes the push read at w.
        """
        glides = beta * balls.velocities
        ahead, glide, onward = balls.points[:, :-1], glides[:, :-1], glides[:, 1:]
        weights = ahead - glide
        here, there = (-eta * self._surface.gradient(point) for point in (weights, ahead))
        heavy, lands = ahead + here, ahead + there
        return {
            **xy("original", weights),
            **xy("glide", glide),
            **xy("here", here),
            **xy("there", there),
            **xy("onward", onward),
            "heavy.loss": self._surface.loss(heavy),
            "lands.loss": self._surface.loss(lands),
            **self._windows(
                np.stack([weights, weights + here, ahead, heavy, lands, lands + onward])
            ),
        }

    def _windows(self, points):
        """The part of the bowl that shows a step: its middle, its height, the range of √loss.

        points: shape (points, rows, steps + 1, 2). Sizes and places are rounded, so that
        the window stays for some steps and does not shake.
        """
        low, high = points.min(axis=0), points.max(axis=0)
        height = np.max((high - low) / SHAPE, axis=-1)
        height = 1.4 * np.maximum(height, np.linalg.norm(points[0], axis=-1) / 12)
        # Where a step has settled or left, the picture stops at these sizes.
        least, most = 1e-4 * self._frame[1], 1e4 * self._frame[1]
        height = np.clip(np.nan_to_num(height, nan=most), least, most)[..., None]
        low, high = (np.where(height < most, corner, 0) for corner in (low, high))
        height = 10 ** (np.ceil(6 * np.log10(height)) / 6)
        middle = np.round((low + high) * 4 / height) * height / 8
        half = SHAPE * height / 2
        nearest, farthest = np.maximum(np.abs(middle) - half, 0), np.abs(middle) + half
        return xy("middle", middle) | {
            "height": height[..., 0],
            "lowest": np.sqrt(self._surface.loss(nearest)),
            "highest": np.sqrt(self._surface.loss(farthest)),
        }

    def draw(self, figure):
        """The still picture: the step taken apart, the paths, the loss over the steps."""
        axes = figure.subplot_mosaic("SKP;SKL", width_ratios=[11, 5, 7])
        columns, _ = self.compute(self.learning_rate, self.momentum, self.start)
        row = {name: column[0] for name, column in columns.items()}
        at = {name: np.stack([row[f"{name}.x"], row[f"{name}.y"]], axis=-1) for name in PAIRS}
        k, half = self.step, SHAPE / 2 * row["height"][self.step]
        for name, (x, y) in {"S": half, "P": self._frame}.items():
            middle = at["middle"][k] if name == "S" else np.zeros(2)
            grid = middle[:, None] + np.linspace((-x, -y), (x, y), 200).T
            figures.draw_contours(axes[name], self._surface, *grid)
            axes[name].set(xlim=grid[0, [0, -1]], ylim=grid[1, [0, -1]], aspect="equal")
        for key in RULES:
            look = LOOKS[key]
            axes["P"].plot(*at[key].T, look.line, color=look.colour, marker=look.marker, ms=2)
            axes["L"].semilogy(row[f"{key}.loss"], look.line, color=look.colour, label=look.label)
        self._draw_step(axes["S"], {name: part[k] for name, part in at.items()})
        axes["K"].legend(*axes["S"].get_legend_handles_labels(), loc="center", frameon=False)
        axes["K"].axis("off")
        axes["S"].set(title=f"step {k} to {k + 1}, enlarged")
        axes["P"].set(xlabel="", ylabel="", title="paths")
        axes["L"].set(ylim=10.0 ** np.array(self.scene["decades"]), xlabel="step", title="loss")
        axes["L"].legend(fontsize=8)

    def _draw_step(self, axes, at):
        """The step's arrows, and where it starts (filled) and lands (open)."""
        w, ahead = at["original"], at["nesterov"]
        arrows = [
            (w, at["glide"], figures.VELOCITY, "-", "glide βv"),
            (w, at["here"], figures.GRADIENT, "--", "push −η∇f, read here"),
            (ahead, at["here"], figures.GRADIENT, "--", None),
            (ahead, at["there"], figures.GRADIENT, "-", "push −η∇f, read there"),
        ]
        for start, along, colour, line, label in arrows:
            arrow = {"arrowstyle": "->", "color": colour, "ls": line, "lw": 2, "shrinkA": 0}
            axes.annotate("", start + along, start, arrowprops=arrow | {"shrinkB": 0})
            if label:
                axes.plot([], [], line, color=colour, label=label)
        places = [
            (w, ORIGINAL, True, "here: w"),
            (ahead, KERAS, True, "there: θ = w + βv"),
            (ahead + at["here"], figures.MOMENTUM, False, "momentum lands"),
            (ahead + at["there"], ORIGINAL, False, "Nesterov lands"),
        ]
        for point, look, full, label in places:
            face = look.colour if full else "none"
            axes.plot(*point, look.marker, color=look.colour, mfc=face, ms=9, label=label)
