"""`course.SGD` where numbers are short: loss scaling and mixed policies, beside Keras's SGD."""

import numpy as np
import pytest

import course
from course.digits import load_digits
from course.quietly import keras


def train(cls, policy, wrap=None, **arguments):
    """A small network trained under a policy; returns (its optimizer, its weights)."""
    images, labels = (part[:512] for part in load_digits())
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(policy)
    try:
        keras.utils.set_random_seed(0)
        model = keras.Sequential(
            [keras.Input((64,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(10)]
        )
        optimizer = cls(0.1, momentum=0.9, **arguments)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(wrap(optimizer) if wrap else optimizer, loss)
        model.fit(images, labels, epochs=2, verbose=0)
        return model.optimizer, model.get_weights()
    finally:
        keras.mixed_precision.set_dtype_policy(before)


def assert_twins(policy, atol=0.0, **how):
    (ours, our_weights), (theirs, their_weights) = (
        train(cls, policy, **how) for cls in (course.SGD, keras.optimizers.SGD)
    )
    assert type(ours) is type(theirs) or type(ours) is course.SGD
    for our, their in zip(our_weights, their_weights, strict=True):
        np.testing.assert_allclose(our, their, rtol=0, atol=atol)
    return ours


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16", "bfloat16"])
def test_a_policy_in_fit_gives_keras_weights_to_the_last_bit(policy):
    assert_twins(policy)


def test_compile_wraps_our_class_under_mixed_float16_as_it_does_keras_own():
    optimizer = assert_twins("mixed_float16")
    assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    assert type(optimizer.inner_optimizer) is course.SGD


def test_a_loss_scale_optimizer_around_it_gives_keras_weights():
    assert_twins("float32", wrap=keras.optimizers.LossScaleOptimizer)


@pytest.mark.parametrize("scale", [1024.0, 3.0])
def test_a_fixed_loss_scale_alone_gives_keras_weights_within_rounding(scale):
    assert_twins("float32", atol=1e-5, loss_scale_factor=scale)
