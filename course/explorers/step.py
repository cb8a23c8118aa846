"""How far one step goes: plain gradient descent on a parabola and in the bowl it is cut from."""

import numpy as np
import traitlets

from course import figures
from course.descent import walk
from course.explorers.shared import regimes
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    check_integer,
    level_lines,
    nearest_position,
    numbers,
    synced,
)
from course.sgd import gradient_descent
from course.surfaces import quadratic
from course.theory import plain_roots


class Step(Explorer):
    """One walker in the bowl ½ (λ₁ w₁² + λ₂ w₂²), and its cut, the parabola ½ λ₂ w₂².

    learning_rate: above 0; its slider goes past the edge 2 / λ₂, to 3 / curvature.
    curvature:  λ₂, of the steep direction; its slider goes from 0.7 to 2 times what is given.
    start:      two numbers (w₁, w₂); the parabola starts at w₂.
    shallow:    λ₁, of the other direction: above 0 and not above the curvature.
    steps:      2 to 200.
    Errors:     ValueError for arguments that make no sense.
    """

    script = "step.js"
    parameters = ("learning_rate", "curvature", "start")
    swept = ("learning_rate", "curvature")

    learning_rate = synced(traitlets.Float())
    curvature = synced(traitlets.Float())
    start = synced(traitlets.List(traitlets.Float()))

    def __init__(self, learning_rate=0.4, curvature=1.0, start=(-4, 2), shallow=0.2, steps=20):
        learning_rate, *_ = numbers("learning_rate", [learning_rate], 1, above=0)
        curvature, *_ = numbers("curvature", [curvature], 1, above=0)
        shallow, *_ = numbers("shallow", [shallow], 1, above=0)
        start = numbers("start", start, 2)
        if shallow > curvature:
            raise ValueError(f"shallow must not be above the curvature {curvature}; got {shallow}.")
        check_integer("steps", steps, 2, 200)
        self._shallow, self._steps, self._far = shallow, steps, 6 / curvature
        self._frame = np.array([5 / 3, 1]) * max(1.5 * abs(start[1]), 0.7 * abs(start[0]), 0.1)
        rates = np.arange(1, 151) * 0.02 / curvature
        steeper = np.arange(14, 41) * 0.05 * curvature
        best = round(2 / (shallow + curvature), 12)
        super().__init__(
            learning_rate=learning_rate,
            curvature=curvature,
            start=start,
            step=1,
            positions={
                "learning_rate": sorted({*rates.round(12).tolist(), learning_rate, best}),
                "curvature": sorted({*steeper[steeper >= shallow].round(12).tolist(), curvature}),
                "step": list(range(steps + 1)),
            },
            scene=self._scene(curvature),
        )

    _nearest = traitlets.validate("learning_rate", "curvature")(nearest_position)

    def _scene(self, curvature):
        """What stays: the frames; a parabola and level lines, both for curvature 1 of w₂.

        At a curvature λ₂ the parabola is λ₂ times as high, the lines are √λ₂ times as narrow.
        """
        (x, y), wide = self._frame, 1.5 * np.sqrt(2 * curvature) * self._frame[1]
        across, bowl = np.linspace(-y, y, 161), quadratic((self._shallow, 1), (0, 0))
        return {
            "shallow": self._shallow,
            "frame": [x, y],
            "top": curvature * y**2 / 2,
            "last_rate": self._far / 2,
            "parabola": [across.tolist(), (across**2 / 2).tolist()],
            "levels": level_lines(bowl, (-1.5 * x, 1.5 * x), (-wide, wide), count=24),
        }

    def compute(self, learning_rate, curvature, start):
        """The columns and words of a sweep; see `Explorer`."""
        eta, steep = np.broadcast_arrays(*np.atleast_1d(learning_rate, curvature))
        curvatures = np.stack([np.full_like(steep, self._shallow), steep], axis=-1)
        bowl = quadratic(curvatures, np.broadcast_to(start, curvatures.shape))
        points = walk(bowl, self._steps + 1, eta, rule=_plain, start=start).points
        (w1, w2), slope = np.moveaxis(points, -1, 0), steep[:, None] * points[..., 1]
        height = slope * w2 / 2  # ½ λ w², as the slope is λ w
        # What a step trusts: f + slope · d + d² / 2η, lowest at the next point, at this height.
        promised = height - eta[:, None] * slope**2 / 2
        columns = {"w1": w1, "w2": w2, "next1": w1[:, 1:], "next2": w2[:, 1:]}
        columns |= {"height": height, "slope": slope, "promised": promised}
        columns = {name: column[:, : self._steps + 1] for name, column in columns.items()}
        words = {
            "directions": _fates(eta, curvatures),
            "both": list(map(_verdict, eta, *curvatures.T)),
        }
        return columns | self._strip(eta, *curvatures.T), words

    def _strip(self, eta, shallow, steep):
        """The factors per step over the learning rate: their values, edges, and lines' corners.

        Each is filled up with its last number, as all columns have steps + 1.
        """
        columns = {
            "factors": [_factor(eta, shallow), _factor(eta, steep)],
            "edges": [1 / steep, 2 / (shallow + steep), 2 / steep],
        }
        for name, curvature in (("shallow", shallow), ("steep", steep)):
            corners = [0 * eta, np.minimum(1 / curvature, self._far), 0 * eta + self._far]
            columns[f"{name}.rate"] = corners
            columns[f"{name}.factor"] = [abs(_factor(rate, curvature)) for rate in corners]
        filled = {key: (list(c) + c[-1:] * self._steps) for key, c in columns.items()}
        return {key: np.stack(c[: self._steps + 1], axis=-1) for key, c in filled.items()}

    def draw(self, figure):
        """The still picture: the parabola, the bowl, the factor per step."""
        cut, bowl, strip = figure.subplots(1, 3, width_ratios=[3, 3, 2.6])
        columns, _ = self.compute(self.learning_rate, self.curvature, self.start)
        row = {name: column[0] for name, column in columns.items()}
        (x, y), top, look = self._frame, self.scene["top"], LOOKS["plain"]
        across, height = np.array(self.scene["parabola"])
        cut.plot(across, height * self.curvature, color="0.6")
        figures.draw_path(cut, np.stack([row["w2"], row["height"]], axis=-1), look)
        cut.set(xlim=(-y, y), ylim=(-0.3 * top, top), xlabel="$w_2$", title="the cut along $w_2$")
        surface = quadratic((self._shallow, self.curvature), self.start)
        figures.draw_contours(bowl, surface, np.linspace(-x, x, 200), np.linspace(-y, y, 200))
        figures.draw_path(bowl, np.stack([row["w1"], row["w2"]], axis=-1), look)
        bowl.set(xlim=(-x, x), ylim=(-y, y), title="the bowl")
        self._draw_strip(strip, row)

    def _draw_strip(self, axes, row):
        for name, line, marker, factor in zip(*STRIP, row["factors"]):
            label = f"{name}: {_shown(factor)}"
            look = {"color": "k", "markevery": [], "label": label}
            axes.plot(row[f"{name}.rate"], row[f"{name}.factor"], line + marker, **look)
            axes.plot(self.learning_rate, abs(factor), marker, color="k")
        axes.vlines(row["edges"][:3], 0, 2.6, color="0.6", linestyle=":")
        for edge, says in zip(row["edges"], ("1/λ₂", "best", "2/λ₂")):
            says = f"{says} = {_rate(edge)}"
            axes.text(edge, 1.05, says, rotation=90, ha="right", va="bottom", fontsize=9)
        axes.set(xlim=(0, self._far / 2), ylim=(0, 2.6), xlabel="learning rate")
        axes.set_title("factor per step")
        axes.legend(loc="upper left")


ONE_STEP = "lands on the floor in one step"
STRIP = (("shallow", "steep"), ("-.", "-"), ("D", "o"))


def _plain(variable, velocity, gradient, learning_rate, _momentum):
    """`sgd.gradient_descent` as a rule for `walk`."""
    return gradient_descent(variable, gradient, learning_rate), velocity


def _factor(learning_rate, curvature):
    """What one step leaves of a distance of 1 from the floor: 1 − ηλ."""
    return gradient_descent(1.0, curvature * 1.0, learning_rate)


def _shown(factor):
    """A factor to two or three decimals; to more where it would look like −1, 0 or 1."""
    shown = f"{factor:.3f}".removesuffix("0")
    if float(shown) in (-1, 0, 1):
        shown = f"{round(factor, 9) + 0:.9g}"  # + 0 makes -0 a 0
    return shown.replace("-", "−")


def _fates(learning_rates, curvatures):
    """What each step does to both directions, as a sentence for each row."""
    factors = _factor(learning_rates[:, None], curvatures)
    ends = regimes.fate(*plain_roots(1 - factors, 0 * factors))
    said = []
    for (w1, w2), (end1, end2) in zip(factors, ends):
        end1, end2 = (ONE_STEP if abs(w) < 1e-9 else end for w, end in ((w1, end1), (w2, end2)))
        first = f"Each step multiplies w₂ (steep) by {_shown(w2)}"
        second = f"w₁ (shallow) by {_shown(w1)}"
        if end1 == end2:
            said.append(f"{first} and {second}: each {end1}.")
        else:
            said.append(f"{first}: it {end2}; {second}: it {end1}.")
    return said


def _verdict(eta, shallow, steep):
    """Which direction is slow at this learning rate, or broke first, as a sentence."""
    best, edge, last = 2 / (shallow + steep), 2 / steep, 2 / shallow
    if steep == shallow:
        return f"The bowl is round: past {_rate(edge)} both diverge."
    if eta > last * (1 + 1e-9):
        return f"The steep one breaks past {_rate(edge)}, the shallow one past {_rate(last)}."
    if eta > edge * (1 + 1e-9):
        return f"The steep one breaks first, past 2/λ₂ = {_rate(edge)}."
    if abs(eta - best) < 1e-9 * best:
        return f"Both shrink equally fast: this is the best η for both; the edge is {_rate(edge)}."
    slow = "shallow" if eta < best else "steep"
    ahead = f"the best η for both is {_rate(best)}, and past {_rate(edge)} the steep one diverges."
    return f"The {slow} one is slower here; {ahead}"


def _rate(number):
    """A learning rate as its slider shows it."""
    fixed = f"{number:.2f}"
    return fixed if float(fixed) == number else f"{number:.3g}"
