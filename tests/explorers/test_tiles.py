"""Tiles hold what `compute` says, bit for bit where words spell it out, at every position kept."""

import base64
import itertools
import json
import zlib

import numpy as np
import pytest

from course.explorers import Accumulation, Average, DecayAndClip, Race, Scaling, Stages, Valley
from course.explorers.tiles import grids as tiles
from course.explorers.tiles import packing


def unpacked(script):
    """What a script pushes, as bytes."""
    text = script.read_text("utf-8").removeprefix("courseTiles.push(").removesuffix(");\n")
    return zlib.decompress(base64.b64decode(json.loads(text)[1]), wbits=-15)


def rows_of(folder, group):
    """The rows of a group, put together again: (words, numbers of shape (columns, steps))."""
    found = []
    for _, number in group["tiles"]:
        whole = unpacked(folder / f"{number}.js")
        end = 4 + int.from_bytes(whole[:4], "little")
        words, planes = json.loads(whole[4:end]), np.frombuffer(whole[end:], "u1").reshape(4, -1)
        wide = len(group["columns"]), group["steps"]
        count = planes.shape[1] // np.prod(wide) if wide[0] else len(words)
        steps = planes.T.copy().view("<u4").reshape(count, *wide)
        numbers = np.cumsum(steps, axis=-1, dtype="<u4").view("<f4")
        found += zip(words or itertools.repeat([]), numbers, strict=False)
    return found


@pytest.mark.parametrize("make", [Scaling, Accumulation, Average])
def test_every_stored_row_is_the_row_that_compute_gives(make, tmp_path):
    explorer = make()
    packing.write(explorer, "key", tmp_path)
    state = json.loads(unpacked(tmp_path / "state.js"))
    [grid] = state["grids"]
    every = [*itertools.product(*grid["axes"].values())]
    rows = [rows_of(tmp_path, group) for group in grid["groups"]]
    for place in every[:: len(every) // 40]:
        at = dict(zip(grid["axes"], place))
        columns, words = explorer.compute(**grid["fixed"], **at)
        for kind, wanted in (("columns", columns), ("words", words)):
            assert sorted(sum((group[kind] for group in grid["groups"]), [])) == sorted(wanted)
        for group, stored_rows in zip(grid["groups"], rows, strict=True):
            row = 0
            for name in group["axes"]:
                row = row * len(grid["axes"][name]) + grid["axes"][name].index(at[name])
            told, numbers = stored_rows[row]
            for name, stored in zip(group["columns"], numbers, strict=True):
                wanted = columns[name][0].astype("<f4")
                near = 2.0**-14 if tiles.rounded(explorer, name) else 0
                np.testing.assert_allclose(stored, wanted, near, 0, err_msg=f"{name} at {at}")
            assert told == [words[name][0] for name in group["words"]]


def test_a_slider_keeps_its_first_place_its_ends_and_what_the_text_names():
    explorer = Valley()
    [grid] = tiles.grids(explorer, named={0.66, 7.0})
    assert {0.3, 0.02, 4.2} <= {*grid.axes["learning_rate"]}
    assert {0.8, 0.0, 1.0, 0.66} <= {*grid.axes["momentum"]} <= {*explorer.positions["momentum"]}
    assert len(grid.axes["momentum"]) < len(explorer.positions["momentum"])


def test_off_is_a_position_that_is_never_left_out():
    [grid] = tiles.grids(Stages())
    assert None in grid.axes["clipvalue"] and None in grid.axes["ema_momentum"]
    assert grid.axes["nesterov"] == [True, False]


def test_all_runners_of_a_race_share_the_sliders_positions():
    first, *others = tiles.grids(Race())
    assert all(grid.axes == first.axes for grid in others)
    assert {1.0, 0.01, 100.0} <= {*first.axes["factor"]} and {0.0, 0.9} <= {*first.axes["momentum"]}


def test_an_explorer_of_two_pictures_has_a_grid_for_each_and_stays_as_it_was():
    explorer = DecayAndClip(show="clip")
    decay, clip = tiles.grids(explorer)
    assert (decay.where, clip.where) == ({"show": "decay"}, {"show": "clip"})
    assert explorer.show == "clip"


def test_what_no_slider_changes_is_stored_once():
    explorer = Valley()
    [grid] = tiles.grids(explorer)
    groups = [group for group, *_ in packing.parts(explorer, grid)]
    axes = {name: group["axes"] for group in groups for name in group["columns"]}
    assert axes["plain.loss"] == ["learning_rate"]
    assert axes["momentum.loss"] == ["momentum", "learning_rate"]


def test_coordinates_are_finer_than_a_pixel_and_a_loss_is_not_rounded():
    explorer, values = Valley(), np.array([[1 / 3, 4e20, np.inf, np.nan, -2.5]], "<f4")
    rounded = packing.bits_of(explorer, "plain.x", values).view("<f4")
    np.testing.assert_allclose(rounded, values, rtol=2.0**-14)
    assert np.count_nonzero(rounded.view("<u4") & 0x3FF) == 0
    loss = packing.bits_of(explorer, "plain.loss", values).view("<f4")
    np.testing.assert_array_equal(loss, values)


def test_no_tile_is_larger_than_300_kilobytes():
    noise = np.random.default_rng(1).integers(0, 2**32, (400, 10, 61), dtype="<u4")
    cuts = [*packing.cut(noise, [[]] * 400)]
    assert len(cuts) > 3 and [first for first, _ in cuts] == sorted({first for first, _ in cuts})
    assert max(len(base64.b64encode(packed)) for _, packed in cuts) < 300_000
