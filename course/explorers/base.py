"""What all explorers share: sweeps for the browser, a still picture, a learner's own rule.

The rule lives in Python only. For each slider an explorer computes all its positions in one
call and sends them as float32; the browser picks the row at once, and asks again only when
the slider has come to rest. Every sweep says what it was computed for, so that the browser
never draws one that no longer holds.
"""

import base64
import contextlib
import io
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from course import figures
from course.descent import Walk, walk

LOOKS = {
    "plain": figures.PLAIN,
    "momentum": figures.MOMENTUM,
    "nesterov": figures.NESTEROV,
    "yours": figures.Look("your rule", "#56B4E9", "#F0E442", "-.", "D"),
}
_FOLDER = Path(__file__).parent
ARROWS = {"push": figures.GRADIENT, "kept": figures.VELOCITY}


def synced(trait):
    """A trait that the browser sees, too."""
    return trait.tag(sync=True)


class Explorer(anywidget.AnyWidget):
    """A moving picture. A subclass has these, and a trait for each parameter and each sweep.

    script:     its ES module's file; the shared draw.js and controls.js are put before it.
    parameters: the names of the traits that decide what is drawn.
    swept:      those of them that have a slider; the sweep over x is the trait `by_x`.
    compute:    parameters, one of them an array of n values or all single ->
                (columns {name: array (n, steps + 1)}, words {name: n strings}).
    draw:       draws the still picture on a matplotlib Figure.
    """

    script = parameters = swept = None

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
            parts = ("draw.js", "controls.js", cls.script)
            cls._esm = "\n".join(_FOLDER.joinpath(name).read_text("utf-8") for name in parts)
        super().__init_subclass__(**kwargs)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.observe(self._refresh, [*self.parameters, "moving"])
        self._refresh()

    def _refresh(self, _change=None):
        """Compute again what no longer holds: both sweeps, or while moving the row at hand."""
        for over in [None] if self.moving else self.swept:
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
        data, metadata = super()._repr_mimebundle_(**kwargs)
        data["image/png"] = base64.b64encode(self.still()).decode()
        return data, metadata

    def still(self):
        """The picture as PNG bytes: the same for the same parameters, whatever style is set."""
        from matplotlib import style
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        kept = io.BytesIO()
        with style.context("default"):
            figure = Figure(figsize=(9, 3.6), dpi=100, layout="constrained")
            self.draw(figure)
            FigureCanvasAgg(figure).print_png(kept, metadata={"Software": None})
        return kept.getvalue()


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


def pack(columns):
    """Named columns, each of shape (rows, steps + 1), as controls.js reads them."""
    with np.errstate(over="ignore"):  # a walker that diverges leaves float32's range
        block = np.stack(list(columns.values()), axis=1).astype("<f4")
    return {"columns": list(columns), "shape": block.shape, "data": block.tobytes()}


class Nonsense(ValueError):
    """What is wrong with what a learner's rule returned, as a sentence."""


def walk_with(rule, surface, steps, learning_rate, momentum, start):
    """Walk with a learner's own rule; returns (`Walk`, complaints), never an error.

    The rule need not be written for arrays of walkers: where a sweep at once fails, or does
    not give what single walkers give, they walk one by one. What the rule prints is dropped:
    it would be printed thousands of times.

    learning_rate, momentum: scalars or arrays, as for `walk`; n positions in all.
    complaints: n strings, "" where a walk went well; a walk that failed is all nan.
    """
    rates = np.stack(np.broadcast_arrays(learning_rate, momentum), axis=-1).reshape(-1, 2)

    def at_once():
        return walk(surface, steps, *rates.T, rule=_insisting(rule), start=start)

    def alone(eta, beta):
        one = _insisting(lambda w, v, g, *_: rule(w, v, g, float(eta), float(beta)))
        return walk(surface, steps, eta, beta, rule=one, start=start)

    with contextlib.redirect_stdout(None), np.errstate(all="ignore"):
        together, _ = _try(at_once)
        samples = np.unique(np.linspace(0, len(rates) - 1, 4).astype(int))
        if together and all(_same(together, i, _try(alone, *rates[i])[0]) for i in samples):
            return together, [_first_nan(points) for points in together.points]
        walks, complaints = zip(*(_try(alone, *pair) for pair in rates))
    nowhere = np.full((steps + 1, len(start)), np.nan)
    walks = [w or Walk(nowhere, nowhere) for w in walks]
    complaints = [c or _first_nan(w.points) for w, c in zip(walks, complaints)]
    return Walk(*(np.stack(part) for part in zip(*walks))), complaints


def _insisting(rule):
    """The rule on copies, so that it may work in place, and only if it returns two arrays."""

    def careful(variable, velocity, gradient, *rates):
        answer = rule(variable.copy(), velocity.copy(), gradient.copy(), *rates)
        try:
            variable_, velocity_ = (np.asarray(part, float) for part in answer)
        except (TypeError, ValueError):
            raise Nonsense(
                f"it must return two arrays, (variable, velocity); it returned {_short(answer)}"
            ) from None
        if variable_.shape != variable.shape or velocity_.shape != variable.shape:
            raise Nonsense(
                f"it must return a variable and a velocity of shape {variable.shape}; "
                f"it returned shapes {variable_.shape} and {velocity_.shape}"
            )
        return variable_, velocity_

    return careful


def _try(walking, *arguments):
    """(what `walking` returns, "") or (None, why it failed)."""
    try:
        return walking(*arguments), ""
    except Nonsense as nonsense:
        return None, str(nonsense)
    except Exception as error:  # whatever a learner's function raises is shown, not passed on
        return None, f"it stops with {type(error).__name__}: {_short(error, str)}"


def _same(together, i, single):
    return single is not None and np.allclose(
        together.points[i], single.points, rtol=1e-9, atol=1e-12, equal_nan=True
    )


def _first_nan(points):
    """A complaint where a path turns into nan without having grown beyond bounds before."""
    bad = ~np.isfinite(points).all(axis=-1)
    first = int(bad.argmax())
    if bad.any() and np.isnan(points[first]).any() and np.abs(points[first - 1]).max() < 1e100:
        return f"it gives nan at step {first}"
    return ""


def _short(thing, words=repr):
    text = words(thing)
    return text if len(text) <= 80 else text[:79] + "…"
