"""What chapter 06, *Weight decay*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

from course.quietly import keras
from course.sgd import decay, heavy_ball, nesterov_momentum


def fitted_to_one(steps, regularizer=None, **arguments):
    """One weight, from 0, after fitting 1 at x = 1: the loss is ½(w − 1)². Returns (w, loss)."""
    layer = keras.layers.Dense(
        1, use_bias=False, kernel_initializer="zeros", kernel_regularizer=regularizer
    )
    model, ones = keras.Sequential([keras.layers.Input((1,)), layer]), np.ones((steps, 1))
    optimizer = keras.optimizers.SGD(0.1, **arguments)
    model.compile(optimizer, loss=lambda y, guess: keras.ops.mean((y - guess) ** 2) / 2)
    model.fit(ones, ones, batch_size=1, verbose=0)
    return float(model.get_weights()[0][0, 0]), model.evaluate(ones, ones, verbose=0)


@pytest.mark.parametrize(
    ("momentum", "with_penalty", "arguments", "weight", "loss"),
    [
        (0.0, False, {"weight_decay": 0.5}, 0.667, 0.056),
        (0.0, True, {}, 0.667, 0.167),
        (0.9, False, {"weight_decay": 0.5}, 0.952, 0.001),
        (0.9, True, {}, 0.667, 0.167),
    ],
)
def test_decay_and_penalty_settle_apart_with_momentum_and_only_the_penalty_is_in_the_printed_loss(
    momentum, with_penalty, arguments, weight, loss
):
    penalty = keras.regularizers.L2(0.25) if with_penalty else None
    found = fitted_to_one(300, penalty, momentum=momentum, **arguments)
    assert np.round(found, 3).tolist() == [weight, loss]


@pytest.mark.parametrize(
    ("model_name", "var_names", "excluded"),
    [
        ("net", ["bias"], {"bias"}),
        ("net", ["b"], {"bias", "gamma", "beta"}),
        ("net", ["dense"], {"kernel", "bias"}),
        ("net", ["kernel$"], set()),
        ("net", ["bias", "gamma", "beta"], {"bias", "gamma", "beta"}),
        ("net", "bias", {"kernel", "bias", "gamma", "beta"}),
        ("unbiased", ["bias"], {"kernel", "bias", "gamma", "beta"}),
        ("unbiased", ["/(bias|gamma|beta)(:|$)"], {"bias", "gamma", "beta"}),
    ],
)
def test_names_are_searched_as_regular_expressions_in_the_path_with_the_models_name(
    model_name, var_names, excluded
):
    layers = [
        keras.layers.Dense(3, name="dense"),
        keras.layers.BatchNormalization(name="batch_normalization"),
    ]
    model = keras.Sequential([keras.layers.Input((2,)), *layers], name=model_name)
    optimizer = keras.optimizers.SGD(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=var_names)
    variables = model.trainable_variables
    for variable in variables:
        variable.assign(keras.ops.ones_like(variable))
    optimizer.apply([keras.ops.zeros_like(v) for v in variables], variables)
    assert {v.name for v in variables if np.all(v.numpy() == 1)} == excluded


def test_a_list_of_variables_is_excluded_whatever_their_names():
    layer = keras.layers.Dense(3)
    keras.Sequential([keras.layers.Input((2,)), layer], name="unbiased")
    optimizer = keras.optimizers.SGD(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_list=[layer.bias])
    for variable in layer.trainable_variables:
        variable.assign(keras.ops.ones_like(variable))
    zeros = [keras.ops.zeros_like(v) for v in layer.trainable_variables]
    optimizer.apply(zeros, layer.trainable_variables)
    kept = {v.name for v in layer.trainable_variables if np.all(v.numpy() == 1)}
    assert kept == {"bias"}


def test_an_exclusion_and_a_new_decay_after_fit_has_compiled_are_ignored_until_compiled_again():
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.1, weight_decay=0.5), loss="mse")
    path, zero = [], np.zeros((1, 1))
    for change in ("none", "decay", "names", "compile"):
        if change == "decay":
            model.optimizer.weight_decay = 0.0
        if change == "names":
            model.optimizer.weight_decay = 0.5
            model.optimizer.exclude_from_weight_decay(var_names=["kernel"])
        if change == "compile":
            model.compile(model.optimizer, loss="mse")
        model.fit(zero, zero, verbose=0)
        path.append(float(model.get_weights()[0][0, 0]))
    assert path == pytest.approx([0.95, 0.95**2, 0.95**3, 0.95**3])


def test_an_embeddings_row_that_is_not_looked_up_decays():
    layer = keras.layers.Embedding(2, 1, embeddings_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer, keras.layers.Flatten()])
    model.compile(keras.optimizers.SGD(0.1, weight_decay=0.1), loss="mse")
    model.fit(np.zeros((100, 1), "int32"), np.ones((100, 1)), batch_size=1, verbose=0)
    assert model.get_weights()[0][1, 0] == pytest.approx(0.99**100, abs=1e-5)


def test_a_variable_whose_gradient_is_none_does_not_decay():
    optimizer = keras.optimizers.SGD(0.1, weight_decay=0.1)
    weights = [keras.Variable(1.0), keras.Variable(1.0)]
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        optimizer.apply([keras.ops.zeros(()), None], weights)
    assert [float(w) for w in weights] == pytest.approx([0.99, 1.0])


RATE, MOMENTUM, DECAY, CURVATURE = (
    np.random.default_rng(1).uniform(low, high, 1000)
    for low, high in ((0.05, 0.5), (0, 0.95), (0, 1), (0.2, 1))
)


@pytest.mark.parametrize("rule", [heavy_ball, nesterov_momentum])
@pytest.mark.parametrize(
    ("in_gradient", "strength"), [(0, DECAY * (1 - MOMENTUM)), (1, DECAY)], ids=["decay", "penalty"]
)
def test_balls_settle_at_curvature_over_curvature_plus_strength(rule, in_gradient, strength):
    w = v = np.zeros(1000)
    for _ in range(5000):
        g = CURVATURE * (w - 1) + in_gradient * DECAY * w
        w, v = rule(decay(w, RATE, (1 - in_gradient) * DECAY), v, g, RATE, MOMENTUM)
    np.testing.assert_allclose(w, CURVATURE / (CURVATURE + strength), atol=1e-9)


def test_kerass_step_is_the_decay_and_then_the_balls_step():
    optimizer, weight = keras.optimizers.SGD(0.125, 0.875, weight_decay=0.5), keras.Variable(3.0)
    w, v = np.float32(3.0), np.float32(0.0)
    for _ in range(50):
        optimizer.apply([weight - 1.0], [weight])
        w, v = heavy_ball(
            decay(w, np.float32(0.125), np.float32(0.5)), v, w - 1, np.float32(0.125), 0.875
        )
        assert float(weight) == pytest.approx(float(w), abs=1e-6)


def test_without_momentum_decay_and_penalty_are_one_method_for_any_noise_and_schedule():
    random = np.random.default_rng(6)
    shrunk = penalised = random.normal(size=1000)
    for count in range(300):
        rate, noise = 0.1 / (1 + 0.01 * count), random.normal(size=1000)
        shrunk = decay(shrunk, rate, 0.5) - rate * (np.tanh(shrunk - 1) + noise)
        penalised = penalised - rate * (np.tanh(penalised - 1) + noise + 0.5 * penalised)
    np.testing.assert_allclose(shrunk, penalised, atol=1e-12)


def test_the_edge_is_where_a_root_reaches_minus_one_and_complex_roots_stay_below_one():
    random = np.random.default_rng(0)
    beta, s, step = random.uniform(0, [[1], [1], [6]], (3, 10_000))
    half = (1 + beta - s - step) / 2
    root = np.sqrt(half**2 - beta * (1 - s) + 0j)
    size = np.maximum(np.abs(half + root), np.abs(half - root))
    assert np.array_equal(size < 1, step + (1 + beta) * s < 2 * (1 + beta))
    assert np.all(size[root.imag != 0] < 1)
