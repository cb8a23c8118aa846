"""Tiles: what an explorer can show, cut and packed as scripts, which load from a folder, too.

A column that some axis does not change is stored once along it.
"""

import base64
import itertools
import json
import zlib

import numpy as np
from anywidget import AnyWidget

from course.explorers.tiles.grids import compute, grids, rounded

LARGEST = 224_000  # bytes of a packed tile: as base64 within 300 kB


def changing(values):
    """Which of its axes, but the last of an array of numbers, change some value."""
    axes = range(values.ndim - (values.dtype != object))
    same = [values == values.take([0], axis=axis) for axis in axes]
    if values.dtype != object:
        same = [s | (np.isnan(values) & np.isnan(values.take([0], a))) for a, s in enumerate(same)]
    return tuple(axis for axis in axes if not same[axis].all())


def parts(explorer, grid):
    """The grid's columns and words, together with those that the same axes change.

    Yields {"axes": names, "columns": names, "words": names}, bits of shape (rows, columns, steps
    + 1) as uint32, and the rows' sentences.
    """
    columns, words = compute(explorer, grid)
    groups = {}  # a word may have a column's name
    for kind, of_kind in enumerate((columns, words)):
        for name, values in of_kind.items():
            groups.setdefault(changing(values), ([], []))[kind].append(name)
    names = [*grid.axes]
    for axes, (mine, said) in groups.items():
        told = [np.ravel(_along(axes, words[name])).tolist() for name in said]
        bits = [bits_of(explorer, name, _along(axes, columns[name])) for name in mine]
        rows = int(np.prod([len(grid.axes[names[axis]]) for axis in axes]))
        block = np.stack(bits, axis=1) if bits else np.empty((rows, 0, 1), "<u4")
        yield (
            {"axes": [names[a] for a in axes], "columns": mine, "words": said},
            block,
            [*zip(*told)],
        )


def _along(axes, values):
    """The values along these axes alone, at the first position of every other."""
    free = range(values.ndim - (values.dtype != object))
    return values[tuple(slice(None) if axis in axes else 0 for axis in free)]


def bits_of(explorer, name, values):
    """A column's numbers as their bits, shape (rows, steps + 1), rounded where that is allowed."""
    bits = np.ascontiguousarray(values).reshape(-1, values.shape[-1]).view("<u4")
    return (bits + 0x200) & np.uint32(0xFFFFFC00) if rounded(explorer, name) else bits


def pack(bits, told):
    """Rows as one packed text: their sentences, then their numbers.

    Each number becomes its difference, as bits, from the one a step before, and all first bytes
    come first, then all second ones: so alike that they pack to half.
    """
    bits = bits.copy()
    bits[..., 1:] -= bits[..., :-1].copy()
    planes = np.ascontiguousarray(bits).reshape(-1, 1).view("u1").reshape(-1, 4).T
    words = as_json(told)
    return squeeze(len(words).to_bytes(4, "little") + words + planes.tobytes())


def cut(bits, told, rows=None):
    """Tiles of at most LARGEST bytes: yields (first row, packed)."""
    first, last = rows or (0, len(bits))
    some = slice(first, last)
    packed = b"" if bits[some].nbytes > 4 * LARGEST else pack(bits[some], told[some])
    if packed and len(packed) <= LARGEST:
        yield first, packed
        return
    if last - first < 2:
        raise ValueError(f"One row takes {len(packed)} bytes; a tile has {LARGEST} at most.")
    middle = (first + last) // 2
    yield from cut(bits, told, (first, middle))
    yield from cut(bits, told, (middle, last))


def write(explorer, key, folder, named=()):
    """Write an explorer's tiles and its state as scripts; returns the state as a dict.

    key: its name in the scripts; folder: where they are put, which exists.
    """
    numbers, stored = itertools.count(), []
    for grid in grids(explorer, named):
        groups = []
        for group, bits, told in parts(explorer, grid):
            tiles = [(first, next(numbers), packed) for first, packed in cut(bits, told)]
            for _, number, packed in tiles:
                push(folder / f"{number}.js", f"{key}/{number}", packed)
            starts = [tile[:2] for tile in tiles]
            groups.append(group | {"steps": bits.shape[-1], "tiles": starts})
        stored.append(grid._asdict() | {"groups": groups, "parameters": [*grid.fixed, *grid.axes]})
    state = {"class": type(explorer).__name__, "grids": stored, "swept": explorer.swept}
    state |= {"traits": _traits(explorer, stored), "brought": _brought(explorer)}
    push(folder / "state.js", key, squeeze(as_json(state)))
    first = [tile for grid in stored for tile in _first(explorer, grid)]
    (folder / "first.json").write_text(json.dumps(first))


def _first(explorer, grid):
    """The tiles of a grid that the first picture needs."""
    if any(getattr(explorer, name) != value for name, value in grid["where"].items()):
        return
    for group in grid["groups"]:
        row = 0
        for name in group["axes"]:
            value, axis = getattr(explorer, name), grid["axes"][name]
            if name in grid["resting"].get("places", {}):
                _, i, place = grid["resting"]["places"][name]
                value = explorer.settings[i][place]
            row = row * len(axis) + axis.index(value)
        yield max(number for start, number in group["tiles"] if start <= row)


def as_json(content):
    """What JSON can say, as bytes."""
    return json.dumps(content, ensure_ascii=False, default=lambda value: value.item()).encode()


def squeeze(data):
    """Bytes deflated, without a header."""
    squeezer = zlib.compressobj(9, wbits=-15)
    return squeezer.compress(data) + squeezer.flush()


def push(path, key, packed):
    """Write a script that brings what was squeezed under a key."""
    text = base64.b64encode(packed).decode()
    path.write_text(f'courseTiles.push(["{key}","{text}"]);\n', "utf-8")


def in_one_function(module, key):
    """An ES module with one `render` as a classic script: folders load no modules."""
    body = module.replace("export default { render };", f'courseTiles.push(["{key}", render]);')
    return f"(() => {{\n{body}\n}})();\n"


def _traits(explorer, stored):
    """What the browser begins with: all that is sent to it but the sweeps; sliders thinned."""
    names = {*explorer.traits(sync=True)} - {*AnyWidget.class_traits(sync=True)}
    found = {name: getattr(explorer, name) for name in names if not name.startswith("by_")}
    kept = {name: axis for grid in stored for name, axis in grid["axes"].items()}
    for name, slider in explorer.along.items():
        places = [explorer.positions[slider].index(position) for position in kept[slider]]
        found["scene"] = found["scene"] | {name: [found["scene"][name][i] for i in places]}
    return found | {"positions": found["positions"] | kept}


def _brought(explorer):
    """What each surface of a race brings along: {surface: its scene and its start}."""
    surfaces = explorer.positions.get("surface", [])
    return {name: dict(zip(("scene", "start"), explorer.ground(name))) for name in surfaces}
