"""Surfaces: each gradient is its loss's slope, each minimum is one, and noise repeats itself."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.descent import walk
from course.surfaces import (
    SURFACES,
    bowl,
    network,
    noisy,
    plateau,
    quadratic,
    saddle,
    steepest_curvature,
)

ALL = [*(make() for make in SURFACES.values()), bowl(50.0)]
EACH = pytest.mark.parametrize("surface", ALL, ids=lambda surface: surface.name)
POINTS = st.tuples(st.floats(-3, 5), st.floats(-3, 3)).map(np.array)


@EACH
@given(point=POINTS)
def test_each_gradient_is_the_slope_of_its_loss(surface, point):
    small, gradient = 1e-5, surface.gradient(point)
    ways = small * np.eye(2)
    slopes = (surface.loss(point + ways) - surface.loss(point - ways)) / (2 * small)
    # A difference of two losses has lost the digits that the losses share.
    lost = 1e-9 * (1 + abs(surface.loss(point)))
    np.testing.assert_allclose(gradient, slopes, rtol=1e-4, atol=1e-4 + lost / small)


@EACH
def test_the_gradient_vanishes_at_the_minimum_and_nowhere_is_the_loss_lower(surface):
    assert np.abs(surface.gradient(surface.minimum)).max() < 1e-12
    far = np.random.default_rng(1).uniform(-6, 6, (10_000, 2))
    near = surface.minimum + np.random.default_rng(2).normal(0, 0.01, (10_000, 2))
    lowest = surface.loss(surface.minimum)
    assert (surface.loss(np.concatenate([near, far])) > lowest).all()


@EACH
@given(shape=st.lists(st.integers(1, 3), max_size=3), seed=st.integers(0, 99))
def test_a_block_of_points_gives_what_each_point_gives(surface, shape, seed):
    points = np.random.default_rng(seed).uniform(-3, 3, (*shape, 2))
    losses, gradients = surface.loss(points), surface.gradient(points)
    assert losses.shape == tuple(shape) and gradients.shape == points.shape
    for place in np.ndindex(*shape):
        assert losses[place] == surface.loss(points[place])
        np.testing.assert_array_equal(gradients[place], surface.gradient(points[place]))


@pytest.mark.parametrize(
    ("name", "start", "loss", "minimum", "lowest"),
    [
        ("rosenbrock", (-1.2, 1), 24.2, (1, 1), 0),  # Moré, Garbow & Hillstrom 1981, problem 1
        ("beale", (1, 1), 14.203125, (3, 0.5), 0),  # and problem 5
        ("quadratic", (-4, 1.5), 1.925, (0, 0), 0),
        ("cliff", (6, 2), 5.6, (0, 0), 0.8 + 2 * np.log(100 / 99)),
    ],
)
def test_starts_minima_and_losses_are_those_of_the_sources(name, start, loss, minimum, lowest):
    surface = SURFACES[name]()
    assert surface.start.tolist() == [*start] and surface.minimum.tolist() == [*minimum]
    assert surface.loss(surface.start) == pytest.approx(loss)
    assert surface.loss(surface.minimum) == pytest.approx(lowest)


@pytest.mark.parametrize("name", SURFACES)
def test_each_name_makes_the_surface_of_this_name(name):
    assert SURFACES[name]().name == name


@EACH
def test_nothing_warns_where_a_walker_has_left_the_range_of_numbers(surface, recwarn):
    far = np.array([[1e200, -1e200], [np.inf, 1.0], [np.nan, 0.0]])
    surface.loss(far), surface.gradient(far)
    assert not recwarn.list


@given(st.floats(1, 1e6))
def test_a_bowl_has_the_condition_number_that_was_asked(condition_number):
    surface = bowl(condition_number)
    shallow, steep = (surface.gradient(way) @ way for way in np.eye(2))
    assert steep / shallow == pytest.approx(condition_number)


def test_the_saddles_other_well_is_as_deep_and_its_middle_is_flat_but_no_minimum():
    surface = saddle()
    assert surface.loss(np.array([0.0, -1.0])) == surface.loss(surface.minimum) == 0
    assert not surface.gradient(np.zeros(2)).any() and surface.loss(np.zeros(2)) == 0.25


def test_the_plateaus_noise_is_larger_than_its_slope_at_the_start():
    surface = SURFACES["noisy plateau"]()
    slope = np.linalg.norm(surface.gradient(surface.start))
    assert slope == pytest.approx(0.027, abs=5e-4) and surface.noise(1000).std() > 3 * slope


# ---- noise ---------------------------------------------------------------------------


def test_noise_repeats_itself_and_a_longer_walk_begins_with_the_same():
    surface = noisy(plateau(), sigma=0.3, seed=5)
    np.testing.assert_array_equal(surface.noise(20)[:7], surface.noise(7))
    assert (noisy(plateau(), sigma=0.3, seed=6).noise(7) != surface.noise(7)).all()
    assert surface.noise(100_000).std(axis=0) == pytest.approx(0.3, rel=0.01)


def test_a_walk_adds_the_noise_to_the_gradient_of_each_step_for_all_walkers_alike():
    clean, rates = quadratic(), np.array([0.1, 0.2])
    surface = noisy(clean, sigma=0.5, seed=1)
    walks, point = walk(surface, 6, rates).points, clean.start
    for step, noise in enumerate(surface.noise(6), 1):
        point = point - 0.2 * (np.array([0.1, 1.0]) * point + noise)
        np.testing.assert_allclose(walks[1, step], point)
    # All walkers meet one noise: over the first step they differ by their rates only.
    first = (walks[:, 1] - clean.start) / rates[:, None]
    np.testing.assert_allclose(first[0], first[1])


def test_noise_of_no_size_changes_no_walk():
    still = noisy(quadratic(), sigma=0, seed=1)
    np.testing.assert_array_equal(walk(still, 9, 0.3).points, walk(quadratic(), 9, 0.3).points)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: bowl(0.5), "condition_number must be a finite number of 1 or more; got 0.5."),
        (lambda: bowl(np.inf), "condition_number must be a finite number of 1 or more; got inf."),
        (lambda: noisy(plateau(), -1, 0), "sigma must be a finite number of 0 or more; got -1."),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(wrong, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        wrong()


def test_the_gradient_of_a_network_is_the_slope_of_its_loss_for_a_block_of_points():
    surface, points = network(), np.random.default_rng(4).normal(size=(3, 25))
    ways, gradients = 1e-5 * np.eye(25), surface.gradient(points)
    for point, gradient in zip(points, gradients):
        slopes = (surface.loss(point + ways) - surface.loss(point - ways)) / 2e-5
        np.testing.assert_allclose(gradient, slopes, atol=1e-8)


def test_the_steepest_curvature_of_a_bowl_is_its_largest():
    surface = quadratic((0.2, 3.0, 1.0), start=(1.0, 1.0, 1.0))
    assert steepest_curvature(surface, surface.start) == pytest.approx(3.0)
