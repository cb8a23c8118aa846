"""What chapter 10, *Loss scaling*, says that Keras does, held against Keras itself."""

import re

import numpy as np
import pytest

from course.quietly import keras
from course.sgd import initial_state, step
from tests.claims import shown


@pytest.fixture
def policy_given_back():
    """Keras's dtype policy is after the test what it was before."""
    policy = keras.mixed_precision.dtype_policy()
    yield
    keras.mixed_precision.set_dtype_policy(policy)


def test_the_code_that_the_chapter_shows_prints_what_it_shows(policy_given_back):
    names, blocks = {}, shown.blocks("10")
    assert len(blocks) == 4
    for code, output in blocks:
        assert shown.printed(code, names) == output
        forgotten = re.sub(r"optimizer\.scale_loss\((mse\(.+\))\)", r"\1", code)
        if forgotten != code:  # the chapter says in words what is printed then
            assert shown.printed(forgotten, names) == "w = 1.000\n"


def test_a_scale_that_is_a_power_of_two_leaves_every_bit_of_a_run():
    def run(scale):
        noise, weights = np.random.default_rng(3), [np.ones(4, "float32")]
        state = initial_state(weights)
        for _ in range(50):
            g = noise.normal(size=4).astype("float32") * np.float32(scale)
            settings = {"momentum": 0.9, "clipnorm": 1.5, "loss_scale_factor": scale}
            weights, state = step(weights, [g], state, **settings)
        return weights[0]

    assert np.array_equal(run(1.0), run(1024.0))


def half_model(policy="float32", layer=None):
    """One weight, at 1, under a policy for the model or for the layer alone."""
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(policy)
    try:
        dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones", dtype=layer)
        return keras.Sequential([keras.layers.Input((1,)), dense])
    finally:
        keras.mixed_precision.set_dtype_policy(before)


def fit_to_zero(model, epochs=1):
    """The model's one weight after fitting 0 at x = 1, one step an epoch."""
    model.fit(np.ones((4, 1)), np.zeros((4, 1)), epochs=epochs, verbose=0)
    return float(model.get_weights()[0][0, 0])


def test_compile_under_mixed_float16_wraps_and_drops_your_loss_scale_factor():
    model, optimizer = half_model("mixed_float16"), keras.optimizers.SGD(0.1, loss_scale_factor=8.0)
    model.compile(optimizer, "mse")
    assert type(model.optimizer) is keras.optimizers.LossScaleOptimizer
    assert model.optimizer.initial_scale == 2.0**15
    assert model.optimizer.dynamic_growth_steps == 2000
    assert optimizer.loss_scale_factor is None


@pytest.mark.parametrize(
    ("policy", "layer", "arguments"),
    [
        ("mixed_float16", None, {"auto_scale_loss": False}),
        ("float32", "mixed_float16", {}),
        ("float16", None, {}),
        ("mixed_bfloat16", None, {}),
    ],
)
def test_compile_wraps_only_where_the_model_itself_has_mixed_float16(policy, layer, arguments):
    model, optimizer = half_model(policy, layer), keras.optimizers.SGD(0.1, loss_scale_factor=8.0)
    model.compile(optimizer, "mse", **arguments)
    assert model.optimizer is optimizer
    assert optimizer.loss_scale_factor == 8.0


def test_a_fixed_scale_lets_an_overflow_reach_the_weights_and_the_wrap_does_not():
    model = half_model("mixed_float16")
    optimizer = keras.optimizers.SGD(0.1, loss_scale_factor=2.0**15)
    model.compile(optimizer, "mse", auto_scale_loss=False)
    assert fit_to_zero(model) == -np.inf
    model = half_model("mixed_float16")
    model.compile(keras.optimizers.SGD(0.1), "mse")
    assert fit_to_zero(model, epochs=3) == pytest.approx(0.64, abs=1e-3)  # two steps of three
    assert float(model.optimizer.dynamic_scale) == 16384.0
    assert int(model.optimizer.iterations) == 2


def test_apply_divides_by_the_loss_scale_even_if_nobody_multiplied():
    optimizer, w = keras.optimizers.SGD(0.1, loss_scale_factor=1024.0), keras.Variable(1.0)
    optimizer.apply([w * 1.0], [w])
    assert 1 - float(w) == pytest.approx(0.1 / 1024, rel=1e-3)
    assert float(optimizer.scale_loss(2.0)) == 2048.0


def test_the_dynamic_scale_doubles_after_so_many_good_steps():
    inner = keras.optimizers.SGD(0.1)
    optimizer = keras.optimizers.LossScaleOptimizer(inner, dynamic_growth_steps=3)
    w, powers = keras.Variable(1.0), []
    for _ in range(7):
        optimizer.apply([w * 0.0], [w])
        powers.append(int(np.log2(float(optimizer.dynamic_scale))))
    assert powers == [15, 15, 16, 16, 16, 17, 17]


def test_the_dynamic_scale_falls_for_ever_under_nan_and_nothing_moves():
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1))
    w = keras.Variable(1.0)
    for _ in range(40):
        optimizer.apply([w * np.nan], [w])
    assert float(optimizer.dynamic_scale) == 2.0**-25
    assert float(w) == 1.0
    assert int(optimizer.iterations) == 0


def test_a_skipped_call_does_not_count_in_a_group_of_accumulation():
    inner = keras.optimizers.SGD(1.0, gradient_accumulation_steps=2)
    optimizer = keras.optimizers.LossScaleOptimizer(inner, initial_scale=4.0)
    w = keras.Variable(0.0)
    for scaled in (1.0 * 4, np.inf, 3.0 * 2):  # the overflow halves the scale
        optimizer.apply([keras.ops.convert_to_tensor(scaled)], [w])
    assert float(w) == -2.0


def test_in_pure_float16_a_scaled_gradient_is_lost_again_when_it_is_unscaled():
    optimizer = keras.optimizers.SGD(1.0, loss_scale_factor=1024.0)
    w = keras.Variable(np.zeros(1), dtype="float16")
    optimizer.apply([keras.ops.convert_to_tensor(np.array([1e-8 * 1024], "float16"))], [w])
    assert float(w[0]) == 0.0
