"""What chapter 04, *Momentum as friction*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

import course
from course.descent import walk
from course.quietly import keras
from course.surfaces import quadratic
from course.theory import heavy_ball_factor


@pytest.mark.parametrize("whole", [0, 1])
def test_a_momentum_that_is_an_integer_is_refused_and_1_point_0_is_taken(whole):
    with pytest.raises(ValueError, match="`momentum` must be a float between"):
        keras.optimizers.SGD(momentum=whole)
    assert keras.optimizers.SGD(momentum=1.0).momentum == course.SGD(momentum=1).momentum == 1.0


def test_the_page_says_what_is_quoted_of_momentum():
    page = " ".join(keras.optimizers.SGD.__doc__.split())
    quoted = "accelerates gradient descent in the relevant direction and dampens oscillations"
    assert quoted in page


def test_kerass_ball_is_newtons_in_oil_with_semi_implicit_steps():
    mass, friction, h, x, u = 2.0, 0.4, 0.5, 1.0, 0.0
    optimizer = keras.optimizers.SGD(h**2 / mass, momentum=1 - h * friction / mass)
    w = keras.Variable(1.0)
    for _ in range(30):
        u = u + h / mass * (-x - friction * u)
        x = x + h * u
        optimizer.apply([w * 1.0], [w])
        assert float(w) == pytest.approx(x, abs=1e-6)


def test_measured_factors_per_step_are_the_larger_roots():
    random = np.random.default_rng(0)
    steps, momenta = random.uniform(0.02, 4, 2000), random.uniform(0.3, 0.99, 2000)
    walks = walk(quadratic((1.0,), start=(1.0,)), 600, steps, momenta)
    # Position and velocity together: a swing passes through zero, its energy does not.
    size = np.log(np.hypot(walks.points[..., 0], walks.velocities[..., 0]))
    late = np.where(np.isfinite(size[:, -1]), 600, 200)
    measured = np.exp((size[np.arange(2000), late] - size[:, 100]) / (late - 100))
    apart = np.abs(measured / heavy_ball_factor(steps, momenta) - 1)
    assert np.quantile(apart, 0.99) < 0.02


def test_momentum_shrinks_faster_than_plain_descent_only_near_0_and_near_the_edge():
    steps, root = np.linspace(0.001, 2, 20_001)[:-1], np.sqrt(0.9)
    ahead = heavy_ball_factor(steps, 0.9) < np.abs(1 - steps) - 1e-9
    assert not ahead[(steps > 1 - root + 2e-4) & (steps < 1 + root - 2e-4)].any()
    assert ahead[(steps < 1 - root - 2e-4) | (steps > 1 + root + 2e-4)].all()
