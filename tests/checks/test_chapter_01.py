"""What the sheet of chapter 01 says in words, and what its goal answers."""

import numpy as np

from course.checks import find
from course.checks.chapter_01.paths import WALKS
from course.checks.chapter_01.spectrum import SMALL, SPECTRUM
from course.descent import walk
from course.digits import load_digits
from course.surfaces import quadratic


def walks(steps):
    valley = quadratic((0.1, 1.0), start=(-2.0, 3.0))
    return {letter: walk(valley, steps, rate).points[-1] for letter, rate in WALKS.items()}


def nearest_first(steps):
    far = {letter: np.linalg.norm(point) for letter, point in walks(steps).items()}
    return "".join(sorted(far, key=far.get))


def test_the_walks_are_as_the_words_beside_the_picture_say():
    along = {letter: 1 + point[0] / 2 for letter, point in walks(4).items()}
    assert 0.18 < along["A"] < 0.22
    assert 0.5 < along["B"] < 0.6
    assert 0.3 < along["C"] < 0.36
    assert walks(1)["C"][1] == 0


def test_the_nearest_walk_after_four_steps_is_not_the_nearest_after_60():
    assert nearest_first(4) == "CAB"
    assert nearest_first(60) == "BCA"


def test_one_over_L_takes_273_steps_on_the_sheets_spectrum():
    points = walk(quadratic(SPECTRUM, np.ones(3)), 400, 1 / max(SPECTRUM)).points
    assert np.sum(np.abs(points).max(axis=-1) >= SMALL) == 273


def says(rate):
    return "\n".join(find("01.spectrum").look(rate).lines)


def test_the_goal_names_the_direction_that_is_too_slow_or_diverges():
    assert "only after 273 steps: the direction of curvature 0.1 is multiplied by 0.975" in says(
        1 / 4
    )
    assert "after more than 2000 steps" in says(0.01)
    assert "never settles: the direction of curvature 4 is multiplied by -1.4" in says(0.6)
    assert "direction of curvature 4 is multiplied by -0.996" in says(0.499)
    assert "must be above 0" in says(-0.4)


def test_a_bare_number_is_told_the_same_mistake_as_one_in_brackets():
    for rate in (0.25, (0.25,), [0.25], np.float64(0.25)):
        assert "This is 1/L, which never overshoots." in says(rate)


def test_the_units_are_what_the_edge_of_the_sheet_confirms():
    kilometres = load_digits()[0][:, 20:21].astype(float)
    edge = find("01.edge").reference
    ratio = edge(10 * kilometres) / 2 / edge(kilometres)
    assert np.isclose(0.8 * ratio, find("01.units").reference)
