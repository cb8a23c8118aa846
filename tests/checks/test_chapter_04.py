"""What the sheet of chapter 04 says in words, and that what its goals answer is true."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course.checks import find
from course.checks.chapter_04.goal import CURVATURES, what_holds_it_up
from course.descent import walk
from course.surfaces import quadratic
from course.theory import factor, heavy_ball_roots, nesterov_roots

ROOTS = [heavy_ball_roots, nesterov_roots]


def says(*pair):
    finding = find("04.goal").look(pair)
    assert not finding.passed
    return "\n".join(finding.lines)


def test_plain_descent_needs_216_steps_in_the_long_valley_as_the_sheet_says():
    valley = quadratic((0.01, 1.0), start=(1.0, 1.0))
    losses = valley.loss(walk(valley, 1000, np.linspace(1.0, 1.9999, 2000)).points)
    assert ((losses >= 1e-6).sum(axis=-1)).min() == 216


def test_the_goal_says_what_happened_to_the_ball():
    assert "grows to 3.867 times its size per step. With momentum 0.9" in says(6.0, 0.9)
    assert "it settles below 3.8" in says(6.0, 0.9)
    assert "This is the edge itself" in says(3.0, 0.5)
    assert "only after more than 200 steps" in says(0.1, 0.9)
    assert "only after step 126" in says(1.0, 0.9)


def test_momentum_one_never_settles_at_any_learning_rate():
    for learning_rate in (0.5, 4.0, 4.5):
        assert "never settles: momentum 1 leaves it no friction" in says(learning_rate, 1.0)


def test_the_goal_says_which_number_no_ball_can_have():
    assert "learning_rate must be above 0" in says(-1.0, 0.9)
    assert "momentum must be between 0 and 1" in says(3.0, 1.5)
    assert "Did the two change places?" in says(0.669, 3.306)
    assert "one finite number" in says(np.nan, 0.9)


def slowest(roots, learning_rate, momentum):
    return max(float(factor(*roots(learning_rate * lam, momentum))) for lam in CURVATURES.values())


@pytest.mark.parametrize("roots", ROOTS)
@given(st.floats(1e-3, 3.9), st.floats(0.0, 0.999))
def test_what_holds_a_ball_up_is_the_slowest_direction_and_the_advice_makes_it_faster(
    roots, learning_rate, momentum
):
    now = slowest(roots, learning_rate, momentum)
    assume(0.85 < now < 1)  # slower than either goal allows, and no ball that diverges
    said = what_holds_it_up(roots, learning_rate, momentum)
    assert float(re.search(r"keeps? (\S+) of", said)[1]) == float(f"{now:.4g}")
    little = 1e-7
    if "Less momentum" in said:
        assert slowest(roots, learning_rate, momentum - little) < now
    elif "A larger learning rate" in said:
        assert slowest(roots, learning_rate + little, momentum) < now
        assert slowest(roots, learning_rate, momentum + little) < now
    else:
        assert "A smaller learning rate" in said
        assert slowest(roots, learning_rate - little, momentum) < now


@given(st.floats(-30, 30))
def test_a_wrong_speed_on_the_slope_is_told_something_true(velocity):
    task = find("04.terminal")
    finding = task.look(velocity)
    assume(not finding.passed)
    push, lost = 0.2, 0.1 * abs(velocity)
    if "Too slow" in finding.because:
        assert velocity < 0 and lost < push
    if "Too fast" in finding.because:
        assert velocity < 0 and lost > push
    if "rolls against the gradient" in finding.because:
        assert velocity > 0
