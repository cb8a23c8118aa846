"""What chapter 05, *Nesterov look-ahead*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

from course.descent import walk
from course.quietly import keras
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import quadratic
from course.theory import factor, nesterov_roots
from tests.claims.fitting import weights_after_each_epoch


@pytest.fixture
def nesterov_model():
    """One weight, at 1, and an optimizer that looks ahead."""
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), loss="mse")
    return model


def test_momentum_changed_between_two_fits_is_ignored(nesterov_model):
    assert weights_after_each_epoch(nesterov_model, 3) == [0.81, 0.5751, 0.3273]
    nesterov_model.optimizer.momentum = 0.0
    assert weights_after_each_epoch(nesterov_model, 3) == [0.0939, -0.1046, -0.2549]


def test_momentum_changed_before_compiling_again_is_heeded(nesterov_model):
    assert weights_after_each_epoch(nesterov_model, 3) == [0.81, 0.5751, 0.3273]
    nesterov_model.optimizer.momentum = 0.0
    nesterov_model.compile(nesterov_model.optimizer, loss="mse")
    assert weights_after_each_epoch(nesterov_model, 3) == [0.2946, 0.2651, 0.2386]


def test_momentum_changed_in_a_loop_that_is_not_compiled_is_heeded():
    optimizer, w = keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), keras.Variable(1.0)
    optimizer.apply([w * 1.0], [w])
    optimizer.momentum, before, velocity = 0.5, float(w), float(optimizer.momentums[0])
    optimizer.apply([w * 1.0], [w])
    assert float(optimizer.momentums[0]) == pytest.approx(0.5 * velocity - 0.1 * before)


def test_nesterov_without_momentum_is_plain_descent_without_a_warning(recwarn):
    optimizer, w = keras.optimizers.SGD(0.1, nesterov=True), keras.Variable(1.0)
    path = []
    for _ in range(3):
        optimizer.apply([w * 1.0], [w])
        path.append(round(float(w), 4))
    assert path == [0.9, 0.81, 0.729]
    assert len(recwarn) == 0


def test_the_weights_of_keras_are_the_look_ahead_points():
    optimizer, theta = keras.optimizers.SGD(0.3, momentum=0.9, nesterov=True), keras.Variable(3.0)
    w, v = 3.0, 0.0
    for _ in range(10):
        ahead = w + 0.9 * v
        assert float(theta) == pytest.approx(ahead, abs=1e-5)
        v = 0.9 * v - 0.3 * np.tanh(ahead)
        w = w + v
        optimizer.apply([keras.ops.tanh(theta)], [theta])


@pytest.mark.parametrize(("step", "with_momentum"), [(1.2, 15), (1.3, 16)])
def test_from_1_to_the_edge_nesterov_changes_sign_at_each_of_40_steps(step, with_momentum):
    changes = {}
    for nesterov in (False, True):
        optimizer = keras.optimizers.SGD(step, momentum=0.9, nesterov=nesterov)
        w, path = keras.Variable(1.0), [1.0]
        for _ in range(40):
            optimizer.apply([w * 1.0], [w])
            path.append(float(w))
        changes[nesterov] = int(np.sum(np.sign(path[1:]) != np.sign(path[:-1])))
    assert changes == {False: with_momentum, True: 40}


def test_on_a_parabola_the_original_is_a_ball_with_momentum_beta_times_1_minus_step():
    w, v, ball, velocity = 1.0, 0.0, 1.0, 0.0
    for _ in range(50):
        w, v = w + 0.9 * v - 0.3 * (w + 0.9 * v), 0.9 * v - 0.3 * (w + 0.9 * v)
        ball, velocity = heavy_ball(ball, velocity, 0.3 * ball, 1.0, 0.9 * (1 - 0.3))
        assert w == pytest.approx(ball, abs=1e-12)


def test_measured_factors_per_step_are_those_of_the_formula():
    random = np.random.default_rng(5)
    steps, momenta = random.uniform(0.02, 1.6, 2000), random.uniform(0.3, 0.99, 2000)
    parabola = quadratic((1.0,), start=(1.0,))
    balls = walk(parabola, 100, steps, momenta, rule=nesterov_momentum)
    size = np.hypot(balls.points[..., 0], balls.velocities[..., 0])
    measured = (size[:, 100] / size[:, 20]) ** (1 / 80)
    close = np.abs(measured / factor(*nesterov_roots(steps, momenta)) - 1) < 0.05
    assert np.mean(close) > 0.98
