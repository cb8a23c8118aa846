"""What all explorers share: sweeps for the browser, and a still picture.

The rule lives in Python only. For each slider an explorer computes all its positions in one
call and sends them as float32; the browser picks the row at once, and asks again only when
the slider has come to rest. Every sweep says what it was computed for, so that the browser
never draws one that no longer holds.
"""

import base64
import functools
import hashlib
import io
import json
from numbers import Integral
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from course import figures
from course.front_ends import COLOURS, with_still

LOOKS = {
    "plain": figures.PLAIN,
    "momentum": figures.MOMENTUM,
    "nesterov": figures.NESTEROV,
    "yours": figures.Look("your rule", "#56B4E9", "#F0E442", "-.", "D"),
}
CAPTION = "A still of the start: run the cell to move it."
_FOLDER = Path(__file__).parents[1]
_FIRST = ("shared/draw.js", "shared/panel.js", "shared/controls.js")
ARROWS = {"push": figures.GRADIENT, "kept": figures.VELOCITY}


def synced(trait):
    """A trait that the browser sees, too; no late echo undoes what it has changed since."""
    return trait.tag(sync=True, echo_update=False)


class Explorer(anywidget.AnyWidget):
    """A moving picture. A subclass has these, and a trait for each parameter and each sweep.

    script:     its ES module's file in course/explorers; draw.js, panel.js and controls.js are
                put before it, and the files there that it names as `shared`.
    parameters: the names of the traits that decide what is drawn.
    swept:      those of them that have a slider; the sweep over x becomes the trait `by_x`.
    compute:    parameters, sliders' ones single values or arrays of n values, ->
                (columns {name: array (n, steps + 1)}, words {name: n strings}).
    draw:       draws the still picture on a matplotlib Figure; its caption is put below it.
    along:      the lists in `scene` that have an entry for each position of a slider, and whose.
    """

    _css = COLOURS
    script = parameters = swept = None
    shared, along = (), {}

    looks = synced(traitlets.Dict({name: look._asdict() for name, look in LOOKS.items()}))
    arrows = synced(traitlets.Dict(ARROWS))
    scene = synced(traitlets.Dict())  # what stays as it is: frame, level lines, labels
    positions = synced(traitlets.Dict())  # parameter -> the values its slider can take
    step = synced(traitlets.Int(0))
    # While something is dragged only the row at hand is wanted, and comes as `here`.
    moving = synced(traitlets.Bool(False))
    here = synced(traitlets.Dict())

    def __init_subclass__(cls, **kwargs):
        # An ES module that arrives as text has no place to import a neighbour from.
        if "script" in vars(cls):
            parts = (*_FIRST, *cls.shared, cls.script)
            cls._esm = "\n".join(_FOLDER.joinpath(name).read_text("utf-8") for name in parts)
            for name in cls.swept:
                sweep = synced(traitlets.Dict())
                setattr(cls, f"by_{name}", sweep)
                sweep.class_init(cls, f"by_{name}")
            cls._stills = {}  # what was drawn -> its PNG
        super().__init_subclass__(**kwargs)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.observe(self._refresh, [*self.parameters, "moving"])
        self._refresh()

    @property
    def sliders(self):
        """Those of `swept` whose sliders are shown now."""
        return self.swept

    def _refresh(self, _change=None):
        """Compute again what no longer holds: both sweeps, or while moving the row at hand."""
        for over in [None] if self.moving else self.sliders:
            name = f"by_{over}" if over else "here"
            at = {p: getattr(self, p) for p in self.parameters if p != over}
            if getattr(self, name).get("at") != at:
                swept = {over: np.array(self.positions[over])} if over else {}
                columns, words = self.compute(**at, **swept)
                self.set_trait(name, {"over": over, "at": at, "words": words, **pack(columns)})
        if not self.moving:
            self.here = {}  # the next movement must not begin with the end of this one

    def __repr__(self):
        shown = ", ".join(f"{p}={getattr(self, p)!r}" for p in self.parameters)
        return f"{type(self).__name__}({shown})"

    def _repr_mimebundle_(self, **kwargs):
        still = base64.b64encode(self.still()).decode()
        return with_still(super()._repr_mimebundle_(**kwargs), "image/png", still)

    def still(self):
        """The picture as PNG bytes: the same for the same parameters, whatever style is set.

        To draw it takes longer than all else, so a cell that runs again takes what was drawn.
        """
        key = self.fingerprint()
        if key not in self._stills:
            self._stills[key] = self._draw_still()
            if len(self._stills) > 20:  # the oldest
                del self._stills[next(iter(self._stills))]
        return self._stills[key]

    def fingerprint(self):
        """A text that differs where anything differs that is sent to the browser."""
        names = {*self.traits(sync=True)} - {*anywidget.AnyWidget.class_traits(sync=True)}
        shown = {name: getattr(self, name) for name in sorted(names)}
        return json.dumps(shown, default=lambda data: hashlib.sha256(data).hexdigest())

    def _draw_still(self):
        from matplotlib import style
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        kept = io.BytesIO()
        with style.context("default"):
            figure = Figure(figsize=(9, 3.6), dpi=100, layout="constrained")
            self.draw(figure)
            figure.supxlabel(CAPTION, fontsize=9)
            FigureCanvasAgg(figure).print_png(kept, metadata={"Software": None})
        return kept.getvalue()


def remembered(compute):
    """Remember what `compute` gave, so that a cell that runs again need not wait for it.

    For an explorer whose sweeps depend on nothing but the parameters.
    """
    found = {}

    @functools.wraps(compute)
    def look_up(self, *values, **at):
        values += tuple(at[name] for name in self.parameters if name in at)
        key = tuple(tuple(np.atleast_1d(value).tolist()) for value in values)
        if key not in found:
            found[key] = compute(self, *values)
            if len(found) > 12:  # the oldest
                del found[next(iter(found))]
        return found[key]

    return look_up


def nearest_position(explorer, proposal):
    """What a slider's trait becomes when Python sets it: the nearest of its positions.

    Write `_nearest = traitlets.validate("learning_rate")(nearest_position)` in the class.
    """
    positions = explorer.positions[proposal.trait.name]
    return min(positions, key=lambda position: abs(position - proposal.value))


def bowl_arguments(start, curvatures, steps):
    """(start, curvatures) as lists of two floats, for a bowl that is walked in; refused if not.

    Errors: ValueError that names the argument, what came and what it must be.
    """
    start, curvatures = numbers("start", start, 2), numbers("curvatures", curvatures, 2, above=0)
    if curvatures[0] > curvatures[1]:
        raise ValueError(f"curvatures must have the smaller one first; got {curvatures}.")
    check_integer("steps", steps, 1, 500)
    return start, curvatures


def numbers(name, given, count, above=-np.inf):
    """The given numbers as a list of `count` floats above a bound; refused in a sentence if not.

    Errors: ValueError that names the argument, what came and what it must be.
    """
    try:
        found = [float(number) for number in given]
    except (TypeError, ValueError):
        found = []
    if len(found) != count or not all(np.isfinite(n) and n > above for n in found):
        what = "a finite number" if count == 1 else f"{count} finite numbers"
        least = f" above {above}" if np.isfinite(above) else ""
        came = given[0] if count == 1 else given
        raise ValueError(f"{name} must be {what}{least}; got {came!r}.")
    return found


def check_integer(name, given, low, high):
    """Refuse what is no integer from low to high.

    Errors: ValueError that names the argument, what came and what it must be.
    """
    if not isinstance(given, Integral) or isinstance(given, bool) or not low <= given <= high:
        raise ValueError(f"{name} must be an integer from {low} to {high}; got {given!r}.")


def xy(name, points):
    """Two columns for a path of points, shape (rows, steps + 1, 2)."""
    return {f"{name}.x": points[..., 0], f"{name}.y": points[..., 1]}


def level_lines(surface, x, y, count=15):
    """Level lines of a surface as [level, xs, ys], lowest first; even in √loss, so that a bowl
    shows evenly spaced rings.

    x, y: the ranges (low, high) of the picture.
    """
    from contourpy import contour_generator  # matplotlib's own, which works without it

    xs, ys = np.linspace(*x, 161), np.linspace(*y, 121)
    heights = surface.loss(np.stack(np.meshgrid(xs, ys), axis=-1)) - surface.loss(surface.minimum)
    units = np.outer(10.0 ** np.arange(-12, 13), [1, 2, 5])
    levels = max(units[units <= heights.max() / count**2 * 2.8]) * np.arange(1, count + 1) ** 2
    lines = contour_generator(xs, ys, heights).multi_lines(levels)
    return [
        [float(f"{level:.6g}"), *line.T.round(4).tolist()]
        for level, found in zip(levels, lines)
        for line in found
    ]


def pack(columns):
    """Named columns, each of shape (rows, steps + 1), as controls.js reads them."""
    rows, steps = next(iter(columns.values())).shape
    block = np.empty((rows, len(columns), steps), "<f4")
    with np.errstate(over="ignore"):  # a walker that diverges leaves float32's range
        for i, column in enumerate(columns.values()):
            block[:, i] = column
    return {"columns": list(columns), "shape": block.shape, "data": block.tobytes()}
