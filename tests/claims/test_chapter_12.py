"""What chapter 12, *Tuning SGD*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

import course
from course.quietly import keras


def test_lr_is_not_recognized_and_a_decay_is_ignored_with_a_warning():
    with pytest.raises(ValueError, match=r"not recognized: \{'lr': 0.001\}"):
        keras.optimizers.SGD(lr=0.001, momentum=0.9)
    with pytest.warns(UserWarning, match="`decay` is no longer supported and will be ignored"):
        optimizer = keras.optimizers.SGD(learning_rate=0.1, decay=1.0)
    w = keras.Variable(0.0)
    for _ in range(3):
        optimizer.apply([keras.ops.ones_like(w)], [w])
    assert float(w) == pytest.approx(-0.3)
    for old in ({"lr": 0.001}, {"decay": 1e-6}):
        with pytest.raises(TypeError, match="Keras [23]"):
            course.SGD(**old)


def test_validation_split_takes_the_last_rows_before_it_shuffles():
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.0), loss="mae")
    rows = np.arange(10.0)[:, None]
    seen = model.fit(rows, np.zeros((10, 1)), validation_split=0.2, verbose=0).history
    assert (seen["loss"], seen["val_loss"]) == ([3.5], [8.5])
