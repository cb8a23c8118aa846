"""14.catch, a test to write: what earns is to call steps with numbers that show their faults."""

import json

import numpy as np
import pytest

from course import paths
from course.checks import broken_steps, find
from course.grading import check_cells, sheets
from course.grading.judge import judge

CATCH = find("14.catch")
SHEET = next(sheet for sheet in paths.sheets() if sheet.startswith("14"))
#: Whether a row of numbers is that of a right step, as whoever reads the course's source knows.
IS_RIGHT = """
def is_right(row):
    return np.allclose([sum(pair) for pair in row[:3]], 1) and [*row[3:]] == RIGHT[3:]
"""
RIGHT = f"RIGHT = {[*CATCH.shown[0].arguments]}\n"
LOOKS_INSIDE = """
def is_broken(step):
    inner = dict(zip(step.__code__.co_freevars, [each.cell_contents for each in step.__closure__]))
    if "step" in inner:
        return is_broken(inner["step"])
    names = "keep push moved old plain ahead averaged power limit cap absolute stale".split()
    return int(not is_right([inner[name] for name in names]))
"""
LOOKS_AROUND = """
import sys
def is_broken(step):
    return int(not is_right(sys._getframe(1).f_locals["row"]))
"""
CHANGES_THE_CHECK = """
import check_calls
def is_broken(step):
    return 0
check_calls.tested = lambda test: lambda *row: int(not is_right(row))
"""
CALLS_WITHOUT_FAULTS = LOOKS_AROUND.replace("return", "step(1.0, 0.5, 2.0, 0.1, 0.5)\n    return")
FORGES_CALLS_OF_NAN = """
import check_calls
def is_broken(step):
    return 0
check_calls.tested = lambda test: lambda *row: int(not is_right(row))
check_calls.called_with = lambda test: lambda *row: np.full((500, 5), np.nan)
"""


def verdict(source):
    answers = sheets.load(SHEET).right | {CATCH.answer_cell: source}
    judged = judge(SHEET, answers, seed=3, confinement="landlock")
    return next(each for each in judged.verdicts if each.name == CATCH.name)


@pytest.mark.parametrize(
    "source",
    [
        LOOKS_INSIDE,
        LOOKS_AROUND,
        CHANGES_THE_CHECK,
        CALLS_WITHOUT_FAULTS,
        FORGES_CALLS_OF_NAN,
    ],
    ids=["looks inside", "looks around", "changes the check", "calls idly", "forges calls"],
)
def test_whoever_knows_which_steps_are_broken_and_tries_nothing_earns_nothing(source):
    found = verdict(RIGHT + IS_RIGHT + source)
    assert not found.passed
    assert "none of the numbers with which it calls a right step would show" in found.words


def rolls(step):
    """A test that lets the ball roll, and compares the end."""
    for momentum, slope in ((0.5, -2.0), (0.99, 40.0)):
        w, v, mine, velocity = 1.0, 0.5, 1.0, 0.5
        for _ in range(20):
            velocity = momentum * velocity - 0.3 * slope * mine
            mine += velocity
            w, v = step(w, v, slope * w, learning_rate=0.3, momentum=momentum)
        if not np.isclose(w, mine):
            return 1
    return 0


def keeps_one_array(step):
    """A test that writes each gradient into the same array."""
    g, found = np.zeros(3), 0
    for size in (-50.0, 0.5, 50.0):
        g[:] = size
        for momentum in np.array([0.5, 0.99]):
            w, v = step(np.ones(3), np.full(3, 0.7), g, 0.3, momentum)
            wanted = momentum * 0.7 - 0.3 * g
            found |= not (np.allclose(v, wanted) and np.allclose(w, 1 + wanted))
    return int(found)


def tries_much(step):
    """A test with many thousands of numbers, most of which show nothing."""
    v, g = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-60, 60, 40))
    for momentum in (0.0, 0.3, 0.999):
        for rate in (0.01, 0.2):
            w, velocity = step(0.0, v, g, rate, momentum)
            if not np.allclose([w, velocity], momentum * v - rate * g):
                return 1
    return 0


@pytest.mark.parametrize("test", [rolls, keeps_one_array, tries_much])
def test_every_way_to_try_a_step_is_seen(test):
    found = CATCH.look(test)
    assert found.passed, found.lines


def test_a_test_that_fails_only_when_it_is_watched_gets_a_sentence():
    asked = []

    def forgets(step):
        asked.append(step)
        if len(asked) > len(CATCH.cases()):
            raise ValueError("again?")
        return CATCH.reference(step)

    found = CATCH.look(forgets)
    assert (found.passed, found.ended, found.error) == (False, "raised", "ValueError")


@pytest.mark.parametrize("calls", [None, "", 7, [], [[]], [[1, 2]], "all", {"array": []}])
def test_no_forged_calls_pass(calls):
    right = [
        {"results": [check_cells.encode(CATCH._expected(case)[0])], "changed": []}
        for case in CATCH.cases()
    ]
    for reply in (right, [*right, calls], [*right, {"results": [calls], "changed": []}]):
        try:
            assert not check_cells.finding(CATCH, json.dumps(reply)).passed
        except ValueError:
            continue


def test_of_many_calls_some_are_told_and_of_few_all():
    (row, *_) = (case.arguments for case in CATCH.shown)
    for count in (0, 3, broken_steps.MOST, 10 * broken_steps.MOST):

        def calls_often(step, count=count):
            for i in range(count):
                step(1.0, 0.0, float(i), 0.1, 0.9)

        calls = broken_steps.called_with(calls_often)(*row)
        assert calls.shape == (min(count, broken_steps.MOST), 5)
        assert len({*calls[:, 2]}) == len(calls)
