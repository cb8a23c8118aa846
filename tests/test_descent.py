"""Walks and rates: a sweep is its single walks, and the roots say how fast a ball settles."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from course.descent import walk
from course.digits import load_digits
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import quadratic
from course.theory import heavy_ball_factor

BOWL = quadratic((0.1, 1.0), start=(-4.0, 1.5))
RATES = st.floats(0.001, 4.5)
MOMENTA = st.floats(0.0, 1.0)


@given(st.lists(st.tuples(RATES, MOMENTA), min_size=1, max_size=5))
def test_a_sweep_is_its_single_walks_bit_for_bit(pairs):
    for rule in (heavy_ball, nesterov_momentum):
        sweep = walk(BOWL, 9, [p[0] for p in pairs], [p[1] for p in pairs], rule=rule)
        for row, (rate, momentum) in enumerate(pairs):
            alone = walk(BOWL, 9, rate, momentum, rule=rule)
            np.testing.assert_array_equal(sweep.points[row], alone.points)
            np.testing.assert_array_equal(sweep.velocities[row], alone.velocities)


def test_a_walk_has_a_point_more_than_steps_and_starts_at_rest():
    ball = walk(BOWL, 5, np.full((2, 3), 0.1), 0.9)
    assert ball.points.shape == ball.velocities.shape == (2, 3, 6, 2)
    assert (ball.points[..., 0, :] == BOWL.start).all()
    assert not ball.velocities[..., 0, :].any()


def test_a_walk_that_diverges_ends_in_inf_or_nan_without_a_warning(recwarn):
    points = walk(BOWL, 2000, 5.0, 0.9).points
    assert not np.isfinite(BOWL.loss(points[-1]))
    assert not recwarn.list


@given(st.floats(0.001, 5.0), MOMENTA)
def test_the_rate_is_the_larger_root(step, momentum):
    root = np.abs(np.roots([1, -(1 + momentum - step), momentum])).max()
    # Where the roots coincide, a root finder loses half of its digits.
    np.testing.assert_allclose(heavy_ball_factor(step, momentum), root, rtol=1e-6)


@given(MOMENTA)
def test_a_ball_is_stable_up_to_twice_one_plus_momentum(momentum):
    edge = 2 * (1 + momentum)
    assert heavy_ball_factor(edge * 0.999, momentum) <= 1
    assert heavy_ball_factor(edge * 1.001, momentum) > 1


def test_a_start_that_does_not_fit_the_curvatures_is_refused():
    import pytest

    with pytest.raises(ValueError, match=r"one number per curvature \(3\); got 2"):
        quadratic((1.0, 2.0, 3.0), start=(1.0, 1.0))


def test_the_gradient_of_the_bowl_is_the_slope_of_its_loss():
    point, small = np.array([0.3, -0.7]), 1e-6
    for axis in range(2):
        there, here = point.copy(), point.copy()
        there[axis] += small
        here[axis] -= small
        slope = (BOWL.loss(there) - BOWL.loss(here)) / (2 * small)
        np.testing.assert_allclose(BOWL.gradient(point)[axis], slope, rtol=1e-8)


def test_the_digits_are_1797_images_of_64_pixels_between_0_and_1():
    images, labels = load_digits()
    assert images.shape == (1797, 64) and labels.shape == (1797,)
    assert images.dtype == "float32" and images.min() == 0.0 and images.max() == 1.0
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
