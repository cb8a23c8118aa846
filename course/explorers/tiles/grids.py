"""All that an explorer can show, computed once by `compute` itself and packed by packing.py.

An explorer's states are a grid: an axis for each slider and each choice. Where a grid has more
positions than a page should carry, every second, third, … is left out of the longest axis; what
stands there at first, both ends and the numbers that the text names are always kept.
"""

import itertools
import re
from typing import NamedTuple

import numpy as np

BUDGET = 5_000_000  # bytes of one explorer, as they are estimated
#: Where most rows turn out to pack better, or worse, than estimated.
WORTH = {"Stages": 3, "DecayAndClip": 2, "Noise": 0.6, "Average": 0.8}
#: Explorers whose coordinates no words spell out: there 14 significant bits are finer than a pixel.
#: A float16 has 11, and cannot hold a walker that diverges.
DRAWN_ONLY = {"Valley", "LookAhead", "Race", "Noise", "Average"}
COORDINATE = re.compile(r"\.(x|y|velocity)$")
ROUNDED, FULL = 1.5, 2.7  # bytes a number takes once it is packed, about


class Grid(NamedTuple):
    """States of an explorer that are computed together.

    fixed: parameter -> its value; axes: parameter -> its positions; the last is swept.
    mine:  which columns and words are taken.
    where: trait -> value where this grid holds, or axis -> the place in a trait where its value
           is while the runner rests.
    """

    fixed: dict
    axes: dict
    mine: str = ""
    where: dict = {}
    resting: dict = {}


def grids(explorer, named=()):
    """The grids of an explorer, thinned; named: numbers that its page names."""
    if hasattr(explorer, "runner"):
        whole = [_runner(explorer, i) for i in range(len(explorer.settings))]
    elif hasattr(explorer, "show"):
        whole = [_shown(explorer, show) for show in explorer.traits()["show"].values]
    else:
        whole = [_all(explorer)]
    budget = BUDGET * WORTH.get(type(explorer).__name__, 1) / len(whole)
    return [_thinned(explorer, grid, named, budget) for grid in whole]


def _all(explorer, where=None):
    choices = {
        name: trait.values
        for name, trait in explorer.traits().items()
        if name in explorer.parameters and hasattr(trait, "values") and name not in (where or {})
    }
    choices |= {name: [on, False if on is True else None] for name, on in _switches(explorer)}
    swept = sorted(explorer.sliders, key=lambda name: len(explorer.positions[name]))
    axes = choices | {name: explorer.positions[name] for name in swept if name not in choices}
    fixed = {name: getattr(explorer, name) for name in explorer.parameters if name not in axes}
    return Grid(fixed, axes, where=where or {})


def _switches(explorer):
    return explorer.scene.get("on", {}).items()


def _shown(explorer, show):
    """One of two pictures; the explorer is turned to it for as long as its grid is made."""
    before, explorer.show = explorer.show, show
    grid = _all(explorer, {"show": show})
    explorer.show = before
    return grid


def _runner(explorer, i):
    """A runner of a race: the sliders move one at a time, and the others rest as they were left."""
    axes = {name: explorer.positions[name] for name in ("surface", "momentum", "factor")}
    fixed = {"runner": i, "settings": explorer.settings, "start": explorer.start}
    resting = {name: ["settings", i, place] for place, name in enumerate(("factor", "momentum"))}
    return Grid(fixed, axes, f"{i}", resting={"runner": i, "places": resting})


def _thinned(explorer, grid, named, budget):
    """The grid with fewer positions, until what it takes is within the budget."""
    columns, _ = _at(explorer, grid, {name: axis[0] for name, axis in grid.axes.items()})
    size = sum(
        (ROUNDED if rounded(explorer, name) else FULL) * column.shape[-1]
        for name, column in columns.items()
    )
    steps = {name: 1 for name in grid.axes if name in explorer.swept}
    axes = grid.axes
    while np.prod([len(axis) for axis in axes.values()]) * size > budget:
        free = [name for name, step in steps.items() if step < len(grid.axes[name])]
        if not free:
            break  # what the text names takes more: so be it
        steps[max(free, key=lambda name: len(axes[name]))] += 1
        axes = grid.axes | {
            name: _every(explorer, grid, name, step, named) for name, step in steps.items()
        }
    return grid._replace(axes=axes)


def _every(explorer, grid, name, step, named):
    """Every so-manieth position of a slider, and those that are always kept."""
    positions, first = grid.axes[name], [getattr(explorer, name)]
    if grid.resting:
        *_, place = grid.resting["places"][name]
        first = [setting[place] for setting in explorer.settings]
    kept = {positions[0], positions[-1], *first, *(p for p in positions if p in named or p is None)}
    start = positions.index(first[0]) % step
    return [p for i, p in enumerate(positions) if i % step == start or p in kept]


def rounded(explorer, name):
    """Whether a column is drawn only, so that 14 significant bits do."""
    return type(explorer).__name__ in DRAWN_ONLY and COORDINATE.search(name)


def _at(explorer, grid, values):
    """The grid's columns and words at some values, single ones or arrays of one length."""
    at = grid.fixed | values
    if "surface" in at:
        at["start"] = explorer.ground(at["surface"])[1]
    found = explorer.compute(**at)
    return [{k: v for k, v in kind.items() if k.startswith(grid.mine)} for kind in found]


def compute(explorer, grid):
    """All rows of a grid: (columns {name: shape (*axes, steps + 1)}, words {name: shape axes}).

    `compute` is called once for each combination of choices, with all positions of all sliders.
    """
    shape, columns, words = [len(axis) for axis in grid.axes.values()], {}, {}
    sliders = [name for name in grid.axes if name in explorer.swept]
    choices = [name for name in grid.axes if name not in sliders]  # they come before the sliders
    every = np.array(list(itertools.product(*(grid.axes[n] for n in sliders))), object).T
    swept = {name: np.array(values.tolist()) for name, values in zip(sliders, every)}
    for place in itertools.product(*(range(len(grid.axes[name])) for name in choices)):
        chosen = {name: grid.axes[name][i] for name, i in zip(choices, place)}
        found, told = _at(explorer, grid, chosen | swept)
        with np.errstate(over="ignore"):  # a walker that diverges leaves float32's range
            for name, values in found.items():
                empty = np.empty((*shape, values.shape[-1]), "<f4")
                block = columns.setdefault(name, empty)[place]
                block[...] = values.reshape(block.shape)
        for name, said in told.items():
            block = words.setdefault(name, np.empty(shape, object))[place]
            block[...] = np.array(said, object).reshape(block.shape)
    return columns, words
