"""What chapter 01, *Gradient descent*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

from course.quietly import keras


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
