"""A race: up to four runners on one surface, each with any arguments of SGD or your own rule."""

import numpy as np
import traitlets

from course.explorers import tracks
from course.explorers.runners import Runner, run, runner
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    check_integer,
    nearest_position,
    numbers,
    synced,
    xy,
)
from course.explorers.shared.own_rule import walk_with
from course.surfaces import SURFACES, Surface

RUNNERS = (
    {},
    {"momentum": 0.9},
    {"momentum": 0.9, "nesterov": True},
    {"momentum": 0.9, "clipnorm": 1.0},
)


class Race(Explorer):
    """Runners on one surface, from one start, ranked by their loss above the minimum.

    surface: a name in `course.surfaces.SURFACES`, or a `Surface` over two coordinates such as
             `bowl(50)`. The others can be chosen in the picture.
    runners: one to four dicts of SGD's arguments, such as {"momentum": 0.9, "clipnorm": 1.0}.
             Where learning_rate is left out, each surface has one that suits it (0.01 on a
             surface of your own). `name` is what a runner is called.
    rule:    your own step, (variable, velocity, gradient, learning_rate, momentum) ->
             (variable, velocity): one more runner, at the last one's (first) learning rate and
             momentum. Its faults are told in words.
    start:   two numbers; the surface's own if left out.
    steps:   1 to 500.
    Errors:  ValueError or TypeError for arguments that make no sense.

    A runner stands where `fit` would leave the weights if it ended there: with `use_ema` that
    is their average. The sliders move the chosen runner: `factor` multiplies its learning rate.
    """

    script = "race.js"
    parameters = ("surface", "runner", "settings", "factor", "momentum", "start")
    swept = ("factor", "momentum")

    surface = synced(traitlets.Unicode())
    runner = synced(traitlets.Int(0))
    settings = synced(traitlets.List())  # (factor, momentum) of the runners that rest
    factor = synced(traitlets.Float(1.0))
    momentum = synced(traitlets.Float())
    start = synced(traitlets.List(traitlets.Float()))

    def __init__(self, surface="rosenbrock", runners=None, *, rule=None, start=None, steps=120):
        self._surfaces = {name: make() for name, make in SURFACES.items()}
        surface = self._add(surface)
        check_integer("steps", steps, 1, 500)
        self._steps, self._runners = steps, _line_up(runners, rule, steps)
        self._looks, self._entered, self._chosen = _dress(self._runners), surface, 0
        start = numbers("start", self._surfaces[surface].start if start is None else start, 2)
        momenta = [float(one.arguments.get("momentum", 0)) for one in self._runners]
        factors = np.outer([0.01, 0.1, 1, 10], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]).round(4)
        many = [*np.arange(0, 80, 5) / 100, *np.arange(80, 101) / 100, 0.995]
        super().__init__(
            surface=surface,
            settings=[[1.0, momentum] for momentum in momenta],
            momentum=momenta[0],
            start=start,
            step=min(20, steps),
            positions={
                "surface": list(self._surfaces),
                "factor": [*factors.ravel().tolist(), 100.0],
                "momentum": sorted({*map(float, many), *momenta}),
                "step": list(range(steps + 1)),
            },
            looks={str(i): look._asdict() for i, look in enumerate(self._looks)},
            scene=tracks.scene(self._surfaces[surface], start),
        )

    def _add(self, surface):
        """The name of a surface, which is put to the others if it is the caller's own."""
        if isinstance(surface, Surface) and len(surface.start) == 2:
            self._surfaces[surface.name] = surface
            return surface.name
        if not isinstance(surface, str) or surface not in self._surfaces:
            known = ", ".join(f'"{name}"' for name in self._surfaces)
            known += " or a Surface over two coordinates"
            raise ValueError(f"surface must be one of {known}; got {surface!r}.")
        return surface

    def __repr__(self):
        return f"Race({self.surface!r}, start={self.start})"

    _nearest = traitlets.validate("factor", "momentum")(nearest_position)

    @traitlets.validate("surface", "runner")
    def _known(self, proposal):
        known = self.positions["surface"], range(len(self._runners))
        if proposal.value not in known[proposal.trait.name == "runner"]:
            raise ValueError(f"There is no {proposal.trait.name} {proposal.value!r}.")
        return proposal.value

    def _refresh(self, _change=None):
        # A slider and the choice of a runner may change in one message, in any order: first all
        # is brought in line, then computed, then sent at once, so that no half a change is seen.
        with self.hold_sync():
            if self.surface != self._entered:
                self._enter()
            if self.runner != self._chosen:
                self._hand_over()
            super()._refresh()

    def _enter(self):
        """On another surface all start at its own start."""
        self._entered = self.surface
        self.scene, self.start = self.ground(self.surface)

    def ground(self, surface):
        """(scene, start) of a surface, by its name, from its own start."""
        found = self._surfaces[surface]
        return tracks.scene(found, found.start), found.start.tolist()

    def _hand_over(self):
        """Keep how the sliders stand for one runner, and set them as they stood for the other."""
        settings, left = list(self.settings), self._chosen
        self._chosen, settings[left] = self.runner, [self.factor, self.momentum]
        with self.hold_trait_notifications():
            self.settings = settings
            self.factor, self.momentum = settings[self.runner]

    def compute(self, surface, runner, settings, factor, momentum, start):
        """The columns and words of a sweep; see `Explorer`."""
        hill, columns, words = self._surfaces[surface], {}, {}
        moved = np.broadcast_arrays(*np.atleast_1d(factor, momentum))
        rate, count = tracks.track(surface).learning_rate, moved[0].size
        for i, one in enumerate(self._runners):
            at = moved if i == runner else np.atleast_1d(*settings[i])
            points, complaints = self._walk(one, hill, rate, *at, start)
            loss = tracks.above(hill, points)
            # Beyond float64 a walker is at inf - inf = nan; where no rule failed, it diverged.
            fine = np.array([not complaint for complaint in complaints])[:, None]
            loss = np.where(np.isnan(loss) & fine, np.inf, loss)
            for name, column in (xy(i, points) | {f"{i}.loss": loss}).items():
                columns[name] = np.broadcast_to(column, (count, *column.shape[1:]))
            labels = [one.label(rate, *setting) for setting in zip(*at)]
            words |= {str(i): labels * (count // len(labels))}
            words |= {f"{i}.complaint": complaints * (count // len(labels))}
        return columns, words

    def _walk(self, one, surface, rate, factor, momentum, start):
        """The points of one runner at all settings, and what is wrong with its rule."""
        rates = np.full(self._steps, rate) if one.rates is None else one.rates
        if one.rule:
            at = factor * rates[0], momentum, start
            walk, complaints = walk_with(one.rule, surface, self._steps, *at)
            return walk.points, complaints
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            points = run(surface, one.arguments, np.outer(factor, rates), momentum, start)
        return points, [""] * len(points)

    def draw(self, figure):
        """The still picture: the surface with the paths, and the loss over the steps."""
        hill, loss = figure.subplot_mosaic("HHHLL").values()
        at = {name: getattr(self, name) for name in self.parameters}
        columns, words = self.compute(**at)
        for _, xs, ys in self.scene["levels"]:
            hill.plot(xs, ys, color="0.8", lw=0.8)
        for i, look in enumerate(self._looks):
            x, y, losses = (columns[f"{i}.{name}"][0] for name in ("x", "y", "loss"))
            style = {"color": look.colour, "label": words[str(i)][0]}
            style |= {"ms": 4, "markevery": max(1, self._steps // 30)}
            near = np.clip([x, y], -1e6, 1e6)
            hill.plot(*near, look.line, marker=look.marker, lw=1.2, **style)
            loss.semilogy(np.clip(losses, 1e-30, 1e30), look.line, color=look.colour)
        hill.plot(*self.scene["minimum"], "x", color="0.3", ms=8, mew=2)
        figure.legend(*hill.get_legend_handles_labels(), loc="outside upper center", ncols=2)
        x, y = self.scene["frame"]
        hill.set(xlim=x, ylim=y, aspect="equal", xlabel="$w_1$", ylabel="$w_2$", title=self.surface)
        decades = 10.0 ** np.array(self.scene["decades"])
        loss.set(ylim=decades, xlabel="step", title="loss above the minimum")


def _line_up(runners, rule, steps):
    """The runners, checked; a rule comes last, at the learning rate and momentum before it."""
    if rule is not None and not callable(rule):
        raise TypeError(f"rule must be a function; got {rule!r}. Give its name without ().")
    free = 4 - (rule is not None)
    if runners is None:
        runners = RUNNERS[:free]
    if not isinstance(runners, (list, tuple)) or not 1 <= len(runners) <= free:
        most = "four" if free == 4 else "three, beside your rule"
        raise ValueError(f"runners must be a list of one to {most}, each a dict; got {runners!r}.")
    lined_up = [runner(i, arguments, steps) for i, arguments in enumerate(runners, 1)]
    if rule:
        last = lined_up[-1]
        beside = {"momentum": last.arguments.get("momentum", 0.0)}
        lined_up.append(Runner(beside, last.rates, rule))
    return lined_up


def _dress(runners):
    """A look for each: its method's if that is free, else the first that is."""
    free = dict(LOOKS)
    looks = [free.pop(_method(one), None) for one in runners]
    return [look or free.pop(next(iter(free))) for look in looks]


def _method(one):
    if one.rule:
        return "yours"
    ball = "nesterov" if one.arguments.get("nesterov") else "momentum"
    return ball if one.arguments.get("momentum") else "plain"
