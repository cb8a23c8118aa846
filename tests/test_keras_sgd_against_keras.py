"""Differential properties: `course.SGD` beside `keras.optimizers.SGD`, call for call.

Tolerances, in units in the last place of the largest entry of a variable: 0 where both run
the same kernels in the same order. Elsewhere 4 in float32 and float64, because a factor is
folded into the learning rate, a norm's squares are added in another order, or XLA contracts
a product and a sum; and because a difference made at one call is carried on by the velocity.
"""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import course
from course.quietly import keras
from tests.effort import examples
from tests.strategies import problems
from tests.test_sgd import farthest

pytestmark = pytest.mark.filterwarnings("ignore:Gradients do not exist", "ignore:nesterov=True")


def trajectory(cls, problem, mode="eager", sparse=False):
    """The optimizer's and the model's variables after each call, as NumPy arrays."""
    dtype, given_arguments, values, calls, constrained = problem
    optimizer = cls(**given_arguments)
    weights = [keras.Variable(value, dtype=dtype, name=f"w{i}") for i, value in enumerate(values)]
    for weight, is_constrained in zip(weights, constrained):
        weight.constraint = keras.constraints.NonNeg() if is_constrained else None
    optimizer.build(weights)

    def apply(gradients):
        optimizer.apply(gradients, weights)

    if mode != "eager":
        apply = tf.function(apply, jit_compile=mode == "xla")
    for gradients in calls:
        apply([None if g is None else tf.constant(np.asarray(g), dtype) for g in gradients])
        yield [np.asarray(v.numpy()) for v in [*weights, *optimizer.variables]]


def apart(problem, **how):
    return farthest(
        trajectory(course.SGD, problem, **how),
        trajectory(keras.optimizers.SGD, problem, **how),
        problem[2],
    )


@settings(max_examples=examples(400))
@given(problems())
def test_eager_calls_stay_within_4_ulps_of_keras(problem):
    assert apart(problem) <= 4


@settings(max_examples=examples(60))
@given(problems())
def test_calls_in_a_graph_stay_within_4_ulps_of_keras(problem):
    assert apart(problem, mode="graph") <= 4


@settings(max_examples=examples(30))
@given(problems())
def test_calls_under_xla_stay_within_4_ulps_of_keras(problem):
    assert apart(problem, mode="xla") <= 4


@settings(max_examples=examples(200))
@given(problems(), st.sampled_from(["momentum", "nesterov", "plain"]))
def test_the_bare_rules_are_keras_to_the_last_bit_in_every_precision(problem, rule):
    dtype, given_arguments, *rest = problem
    bare = {
        "learning_rate": given_arguments["learning_rate"],
        "momentum": 0.0 if rule == "plain" else 0.9,
        "nesterov": rule == "nesterov",
    }
    assert apart((dtype, bare, *rest)) == 0


@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_large_and_empty_variables_are_keras_to_the_last_bit(mode):
    random = np.random.default_rng(0)
    values = [random.normal(size=size).astype("float32") for size in (2_000_003, 0)]
    calls = [[random.normal(size=v.shape).astype("float32") for v in values] for _ in range(3)]
    problem = ("float32", {"momentum": 0.9, "nesterov": True}, values, calls, [False, False])
    ours, theirs = (trajectory(cls, problem, mode) for cls in (course.SGD, keras.optimizers.SGD))
    for our_step, their_step in zip(ours, theirs, strict=True):
        for our, their in zip(our_step, their_step, strict=True):
            np.testing.assert_array_equal(our, their)


SPARSE = (
    {},
    {"momentum": 0.9},
    {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    {"clipvalue": 0.5},
    {"clipnorm": 0.5, "momentum": 0.5},
    {"global_clipnorm": 0.5},
    {"gradient_accumulation_steps": 2, "momentum": 0.9},
    {"use_ema": True, "ema_overwrite_frequency": 2},
)


@pytest.mark.parametrize("given_arguments", SPARSE, ids=str)
@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "graph"])
def test_sparse_gradients_with_rows_that_occur_twice_are_keras(given_arguments, compiled):
    def train(optimizer):
        weights = [keras.Variable(np.ones(shape, "float32")) for shape in ((6, 3), (3,))]
        optimizer.build(weights)

        def apply(values, rows, dense):
            optimizer.apply([tf.IndexedSlices(values, rows, tf.constant([6, 3])), dense], weights)

        apply, random = tf.function(apply) if compiled else apply, np.random.default_rng(1)
        for _ in range(5):
            values, dense = (random.normal(size=size).astype("float32") for size in ((4, 3), 3))
            apply(tf.constant(values), tf.constant([0, 2, 2, 5]), tf.constant(dense))
        return [v.numpy() for v in [*weights, *optimizer.variables]]

    ours = train(course.SGD(0.1, **given_arguments))
    theirs = train(keras.optimizers.SGD(0.1, **given_arguments))
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our, their, rtol=0, atol=4 * 2**-23)


def test_a_sparse_plain_step_touches_its_rows_only():
    table = keras.Variable(np.ones((4, 2), "float32"))
    before = table.value.handle
    slices = tf.IndexedSlices(tf.ones((1, 2)), tf.constant([2]), tf.constant([4, 2]))
    course.SGD(0.5).apply([slices], [table])
    assert table.numpy().tolist() == [[1, 1], [1, 1], [0.5, 0.5], [1, 1]]
    assert table.value.handle is before


def test_a_loss_scale_works_with_sparse_gradients_where_keras_fails():
    slices = tf.IndexedSlices(tf.ones((1, 2)), tf.constant([1]), tf.constant([2, 2]))
    table = keras.Variable(np.ones((2, 2), "float32"))
    course.SGD(1.0, loss_scale_factor=4.0).apply([slices], [table])
    assert table.numpy().tolist() == [[1, 1], [0.75, 0.75]]
    with pytest.raises(TypeError):
        keras.optimizers.SGD(1.0, loss_scale_factor=4.0).apply([slices], [table])


def run_twins(act, **given_arguments):
    """Both optimizers through the same act; returns their weights at the end."""
    ends = []
    for cls in (course.SGD, keras.optimizers.SGD):
        random = np.random.default_rng(2)
        weights = [
            keras.Variable(random.normal(size=3).astype("float32"), name=name)
            for name in ("kernel", "bias")
        ]
        optimizer = cls(**given_arguments)

        def step(optimizer=optimizer, weights=weights, random=random):
            gradients = [tf.constant(random.normal(size=3), "float32") for _ in weights]
            optimizer.apply(gradients, weights)

        act(optimizer, weights, step)
        ends.append([w.numpy() for w in weights])
    return ends


def same(ends):
    for our, their in zip(*ends, strict=True):
        np.testing.assert_array_equal(our, their)


def test_excluded_variables_do_not_decay_in_both():
    def act(optimizer, weights, step):
        optimizer.exclude_from_weight_decay(var_names=["bias"])
        step()
        step()

    ours, theirs = run_twins(act, momentum=0.9, weight_decay=0.5)
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our, their, rtol=2**-21)
    np.testing.assert_array_equal(ours[1], theirs[1])


@pytest.mark.parametrize("words", [["bias"], ["dense"], ["kernel$"], ["kernel:0$"], "bias"])
@pytest.mark.parametrize("model_name", ["net", "unbiased"])
def test_excluded_words_are_looked_for_where_keras_looks(words, model_name):
    ends = []
    for cls in (course.SGD, keras.optimizers.SGD):
        keras.utils.set_random_seed(0)
        layers = [
            keras.Input((3,)),
            keras.layers.Dense(2, name="dense"),
            keras.layers.Dense(1, name="head"),
        ]
        model = keras.Sequential(layers, name=model_name)
        optimizer = cls(0.1, weight_decay=0.5)
        optimizer.exclude_from_weight_decay(var_names=words)
        model.compile(optimizer, "mse")
        model.fit(np.ones((4, 3)), np.ones((4, 1)), epochs=2, verbose=0)
        ends.append([*model.get_weights()])
    for ours, theirs in zip(*ends, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_an_exclusion_after_the_first_step_is_heard():
    def act(optimizer, weights, step):
        step()
        optimizer.exclude_from_weight_decay(var_list=[weights[0]])
        step()

    for our, their in zip(*run_twins(act, weight_decay=0.5), strict=True):
        np.testing.assert_allclose(our, their, rtol=2**-21)


def test_a_learning_rate_assigned_in_mid_run_counts_from_the_next_step():
    def act(optimizer, weights, step):
        step()
        optimizer.learning_rate = 0.5
        step()
        optimizer.learning_rate.assign(0.25)
        step()

    same(run_twins(act, momentum=0.9))


def test_a_float_over_a_schedule_is_a_type_error_and_another_schedule_is_taken():
    def act(optimizer, weights, step):
        step()
        with pytest.raises(TypeError):
            optimizer.learning_rate = 0.5
        optimizer.learning_rate = keras.optimizers.schedules.ExponentialDecay(1.0, 2, 0.5)
        step()

    same(run_twins(act, learning_rate=keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 1.0)))


def test_momentum_changed_between_eager_steps_counts():
    def act(optimizer, weights, step):
        step()
        optimizer.momentum = 0.5
        step()

    same(run_twins(act, momentum=0.9))


def test_finalize_puts_the_average_in_place():
    def act(optimizer, weights, step):
        step()
        step()
        optimizer.finalize_variable_values(weights)

    for our, their in zip(*run_twins(act, use_ema=True, ema_momentum=0.5), strict=True):
        np.testing.assert_allclose(our, their, rtol=2**-21)


def test_config_and_weights_make_the_same_optimizer_in_mid_run():
    chosen = dict(
        momentum=0.9, nesterov=True, use_ema=True, gradient_accumulation_steps=2, clipvalue=1.0
    )
    weights = [keras.Variable(np.ones(3, "float32"))]
    optimizer = course.SGD(0.1, **chosen)
    random = np.random.default_rng(0)
    gradients = [[tf.constant(random.normal(size=3), "float32")] for _ in range(6)]
    for gradient in gradients[:3]:
        optimizer.apply(gradient, weights)
    twin_weights = [keras.Variable(weights[0].numpy())]
    twin = course.SGD.from_config(optimizer.get_config())
    assert twin.get_config() == optimizer.get_config()
    twin.build(twin_weights)
    twin.set_weights([v.numpy() for v in optimizer.variables])
    for gradient in gradients[3:]:
        optimizer.apply(gradient, weights)
        twin.apply(gradient, twin_weights)
    np.testing.assert_array_equal(weights[0].numpy(), twin_weights[0].numpy())


@pytest.mark.parametrize(
    ("gradients", "words"),
    [
        ([np.ones(3, "float32")], "2 variables need as many gradients; got 1"),
        ([np.ones(2, "float32"), np.ones(3, "float32")], r"Gradient 0 .* shape \(3,\); got \(2,\)"),
        ([np.ones(3, "float32"), np.ones(3, "int32")], "Gradient 1 must be of a floating-point"),
        ([None, None], "No gradients provided for any variable"),
    ],
)
def test_gradients_that_do_not_fit_are_refused_and_nothing_moves(gradients, words):
    weights = [keras.Variable(np.ones(3, "float32")) for _ in range(2)]
    optimizer = course.SGD(0.1, momentum=0.9)
    tensors = [None if g is None else tf.constant(g) for g in gradients]
    with pytest.raises((TypeError, ValueError), match=words):
        optimizer.apply(tensors, weights)
    assert all(weight.numpy().tolist() == [1, 1, 1] for weight in weights)
    assert int(optimizer.iterations) == 0
