"""What the chapters say that Keras does, held against Keras itself: one test for each claim."""

import numpy as np
import pytest

from course.quietly import keras


def weights_after_each_epoch(model, epochs):
    """The one weight of a model after each epoch of fitting 0 at x = 1: its loss is w²."""
    x, y, path = np.ones((1, 1)), np.zeros((1, 1)), []
    for _ in range(epochs):
        model.fit(x, y, verbose=0)
        path.append(round(float(model.get_weights()[0][0, 0]), 4))
    return path


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


def test_a_rate_too_small_for_float32_moves_nothing_and_one_near_the_gap_moves_too_far():
    moved = []
    for rate in (5e-8, 2e-8):
        optimizer, w = keras.optimizers.SGD(rate), keras.Variable(1.0)
        for _ in range(1000):
            optimizer.apply([keras.ops.ones_like(w)], [w])
        moved.append(1 - float(w))
    assert moved == [1000 * 2.0**-24, 0.0]


def test_the_learning_rate_is_float32_for_float64_weights_too():
    optimizer, w = keras.optimizers.SGD(0.1), keras.Variable(np.array(1.0), dtype="float64")
    optimizer.apply([keras.ops.ones_like(w)], [w])
    assert float(w) == 1 - float(np.float32(0.1)) != 1 - 0.1
    assert float(keras.optimizers.SGD().learning_rate) == float(np.float32(0.01))


def test_an_integer_learning_rate_is_refused():
    with pytest.raises(ValueError, match="Argument `learning_rate` should be float"):
        keras.optimizers.SGD(learning_rate=1)


def test_a_negative_learning_rate_is_accepted_and_climbs():
    optimizer, w = keras.optimizers.SGD(learning_rate=-0.1), keras.Variable(1.0)
    for _ in range(5):
        optimizer.apply([w * 1.0], [w])
    assert float(w) == pytest.approx(1.1**5)


@pytest.mark.parametrize(("reduction", "weight"), [("mean", 0.020947), ("sum", 0.670312)])
def test_a_summed_loss_steps_batch_size_times_as_far_as_a_mean(reduction, weight):
    x = np.arange(1, 33)[:, None] / 32
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    loss = keras.losses.MeanSquaredError(reduction=reduction)
    model.compile(keras.optimizers.SGD(), loss=loss)
    model.fit(x, 3 * x, batch_size=32, verbose=0)
    assert float(model.get_weights()[0][0, 0]) == pytest.approx(weight, abs=1e-6)
