"""Shapes, types, tensors and lists that Keras's SGD takes: ours steps the same, or says why not."""

import itertools

import ml_dtypes
import numpy as np
import pytest
import tensorflow as tf

import course
from course.quietly import keras
from tests.effort import part

BASES = (course.SGD, keras.optimizers.SGD)
MODES = ("eager", "graph", "xla")
SETS = (
    {},
    {"momentum": 0.9},
    {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    {"clipnorm": 0.5},
    {"global_clipnorm": 0.5, "momentum": 0.9},
    {"clipvalue": 0.5},
    {"use_ema": True, "ema_overwrite_frequency": 2},
    {"gradient_accumulation_steps": 2, "momentum": 0.9},
    {"loss_scale_factor": 2.0},
)


def compiled(step, mode, **how):
    return step if mode == "eager" else tf.function(step, jit_compile=mode == "xla", **how)


#: Keras multiplies numbers of complex128 as complex64.
COARSE = {"complex64": 4, "complex128": 2**31}


def assert_twins(train, ulps=4):
    """The same arrays from both classes; train: class -> a list of arrays or variables."""
    ours, theirs = ([np.asarray(each) for each in train(base)] for base in BASES)
    for our, their in zip(ours, theirs, strict=True):
        assert our.dtype == their.dtype
        unit = float(ml_dtypes.finfo(our.dtype).eps) if our.dtype.kind not in "iu" else 0
        np.testing.assert_allclose(
            our.astype(complex), their.astype(complex), rtol=0, atol=ulps * unit
        )


# ---- shapes that are known only while the step runs ------------------------------------


@pytest.mark.parametrize("given", SETS, ids=str)
@pytest.mark.parametrize("shape", [[None, 2], [3, None], None], ids=str)
def test_a_gradient_of_unknown_shape_steps_as_in_keras(given, shape):
    def train(base):
        variable, optimizer = keras.Variable(np.ones((3, 2), "float32")), base(0.1, **given)

        @tf.function(input_signature=[tf.TensorSpec(shape, tf.float32)])
        def step(gradient):
            optimizer.apply([gradient], [variable])

        for scale in (1.0, -0.5, 2.0, 1.0):
            step(scale * tf.ones((3, 2)))
        return [variable, *optimizer.variables]

    assert_twins(train)


@pytest.mark.parametrize("given", SETS, ids=str)
def test_a_gradient_from_a_numpy_function_steps_as_in_keras(given):
    def train(base):
        variable, optimizer = keras.Variable([1.0, 2.0]), base(0.1, **given)

        @tf.function
        def step():
            gradient = tf.numpy_function(lambda w: 2 * w, [variable.value], tf.float32)
            optimizer.apply([gradient], [variable])

        for _ in range(4):
            step()
        return [variable, *optimizer.variables]

    assert_twins(train)


@pytest.mark.parametrize("given", [{}, {"clipnorm": 0.5}, {"weight_decay": 0.1}], ids=str)
@pytest.mark.parametrize("shape", [None, [None]], ids=str)
@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_a_variable_whose_shape_may_change_steps_as_in_keras(given, shape, mode):
    def train(base):
        variable, optimizer = tf.Variable([1.0, 2.0], shape=tf.TensorShape(shape)), base(0.1)
        step = compiled(lambda g: optimizer.apply([g], [variable]), mode)
        step(tf.constant([1.0, -1.0]))
        step(tf.constant([1.0, 1.0]))
        return [variable]

    assert_twins(train)


def test_a_sparse_gradient_of_unknown_rows_steps_as_in_keras():
    def train(base):
        table, optimizer = keras.Variable(np.ones((4, 2))), base(0.1, momentum=0.9)

        @tf.function(input_signature=[tf.TensorSpec([None, None]), tf.TensorSpec([None], tf.int32)])
        def step(values, rows):
            optimizer.apply([tf.IndexedSlices(values, rows, tf.constant([4, 2]))], [table])

        step(tf.ones((2, 2)), tf.constant([1, 3]))
        step(tf.ones((1, 2)), tf.constant([1]))
        return [table]

    assert_twins(train)


@pytest.mark.parametrize("shape", [[None, 3], [2, None], [None], [None, None, None]], ids=str)
def test_a_known_dimension_that_differs_is_refused_while_the_step_is_compiled(shape):
    variable, optimizer = keras.Variable(np.ones((3, 2))), course.SGD(0.1)
    step = tf.function(lambda g: optimizer.apply([g], [variable]))
    with pytest.raises(ValueError, match=r"must have its variable's shape \(3, 2\); got"):
        step.get_concrete_function(tf.TensorSpec(shape, tf.float32))


# ---- types of the rate -----------------------------------------------------------------

FLOATS = ("float16", "bfloat16", "float32", "float64")
SCHEDULES = keras.optimizers.schedules
RATES = {
    "cosine": lambda: SCHEDULES.CosineDecay(np.float64(0.1), 10),
    "exponential": lambda: SCHEDULES.ExponentialDecay(np.logspace(-2, 0, 3)[1], 3, np.float64(0.5)),
    "inverse": lambda: SCHEDULES.InverseTimeDecay(np.float16(0.1), 2, 0.5),
    "piecewise": lambda: SCHEDULES.PiecewiseConstantDecay([2], [np.float64(0.1), np.float64(0.3)]),
    "float64 function": lambda: lambda: np.float64(0.1),
    "float16 function": lambda: lambda: np.float16(0.1),
    "tensor function": lambda: lambda: tf.constant(0.1, tf.float64),
    "variable function": lambda: (lambda rate: lambda: rate)(tf.Variable(0.1, dtype=tf.float64)),
    "whole function": lambda: lambda: 1,
}


def three_steps(optimizer, dtype, mode):
    """A variable of this type after three steps, and its velocity."""
    variable = keras.Variable([1.0, 2.0], dtype=dtype)
    optimizer.build([variable])
    step = compiled(lambda g: optimizer.apply([g], [variable]), mode)
    for _ in range(3):
        step(tf.constant([0.5, -1.0], dtype))
    return [variable, *optimizer.momentums]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rate", part(RATES, 3))
def test_a_rate_of_any_type_is_cast_as_in_keras(rate, mode):
    for given, dtype in itertools.product(SETS[:3], FLOATS):
        made = RATES[rate]()

        def train(base, given=given, dtype=dtype, made=made):
            return three_steps(base(made, **given), dtype, mode)

        assert_twins(train)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("floatx", part(["float64", "float16", "bfloat16"], 1))
def test_a_floatx_other_than_the_layer_s_type_is_cast_as_in_keras(floatx, mode):
    keras.config.set_floatx(floatx)
    try:
        for given, dtype in itertools.product(SETS[:4], ("float32", "bfloat16", "float64")):

            def train(base, given=given, dtype=dtype):
                return three_steps(base(0.1, **given), dtype, mode)

            assert_twins(train)
    finally:
        keras.config.set_floatx("float32")


# ---- numbers in variables --------------------------------------------------------------

NUMBERS = {
    "weight_decay": {},
    "loss_scale_factor": {},
    "momentum": {"momentum": 0.9},
    "ema_momentum": {"use_ema": True, "ema_overwrite_frequency": 1},
    "clipnorm": {},
    "clipvalue": {},
    "global_clipnorm": {},
}
#: Where Keras's SGD itself asks a symbolic tensor, or a variable of Keras's, for a bool.
KERAS_RAISES = {
    ("momentum", "graph"),
    ("momentum", "xla"),
    *itertools.product(("clipnorm", "clipvalue", "global_clipnorm"), MODES),
}


def heard(base, name, make, mode, late=True):
    """The weights after steps between which the variable that holds a number was written."""
    variable, optimizer = keras.Variable([1.0, 2.0]), base(0.1, **NUMBERS[name])
    optimizer.build([variable])
    held = make(0.5)
    setattr(optimizer, name, held)
    step = compiled(lambda g: optimizer.apply([g], [variable]), mode)
    for value in (0.5, 0.25, 0.75, 0.75):
        held.assign(value)
        step(tf.constant([0.5, -1.0]))
    return [variable]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("make", [keras.Variable, tf.Variable], ids=["keras", "tf"])
def test_a_number_in_a_variable_is_heard_at_every_step(name, make, mode):
    if (name, mode) in KERAS_RAISES:  # then eager steps with plain numbers are the oracle
        ours = heard(course.SGD, name, make, mode)
        variable, theirs = keras.Variable([1.0, 2.0]), keras.optimizers.SGD(0.1, **NUMBERS[name])
        for value in (0.5, 0.25, 0.75, 0.75):
            setattr(theirs, name, value)
            theirs.apply([tf.constant([0.5, -1.0])], [variable])
        np.testing.assert_allclose(ours[0].numpy(), variable.numpy(), rtol=2**-21)
    else:
        assert_twins(lambda base: heard(base, name, make, mode))


@pytest.mark.parametrize("name", ["weight_decay", "loss_scale_factor", "ema_momentum"])
@pytest.mark.parametrize("make", [keras.Variable, tf.Variable, tf.constant, np.array])
def test_a_number_in_a_variable_is_taken_at_construction_as_in_keras(name, make):
    def train(base):
        given = {"use_ema": True, "ema_overwrite_frequency": 1} | {name: make(0.5)}
        variable, optimizer = keras.Variable([1.0, 2.0]), base(0.1, **given)
        for _ in range(3):
            optimizer.apply([tf.constant([0.5, -1.0])], [variable])
        return [variable]

    assert_twins(train)
    with pytest.raises(ValueError, match=f"`{name}` must be a"):
        course.SGD(**{name: make(-0.5)})


def test_a_callback_can_schedule_the_decay_through_a_variable_in_fit():
    def train(base):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        optimizer, decay = base(0.1), keras.Variable(0.0)
        optimizer.weight_decay = decay
        model.compile(optimizer, "mse")
        grow = keras.callbacks.LambdaCallback(on_epoch_begin=lambda e, _: decay.assign(0.1 * e))
        model.fit(np.ones((8, 3)), np.ones((8, 2)), epochs=4, verbose=0, callbacks=[grow])
        return model.get_weights()

    assert_twins(train)


@pytest.mark.parametrize("name", ["momentum", "weight_decay"])
def test_a_float_assigned_after_compilation_is_not_heard_in_either(name):
    def train(base):
        variable, optimizer = keras.Variable([1.0, 2.0]), base(0.1, momentum=0.9, weight_decay=0.1)
        optimizer.build([variable])
        step = tf.function(lambda g: optimizer.apply([g], [variable]))
        step(tf.constant([0.5, -1.0]))
        setattr(optimizer, name, 0.5)
        step(tf.constant([0.5, -1.0]))
        return [variable]

    assert_twins(train)


def test_momentum_set_after_it_was_built_without_velocities_is_refused():
    variable, optimizer = keras.Variable([1.0]), course.SGD(0.1)
    optimizer.build([variable])
    with pytest.raises(ValueError, match="make a new optimizer with momentum=0.9"):
        optimizer.momentum = 0.9


def test_momentum_set_to_zero_is_plain_descent_as_in_keras():
    def train(base):
        variable, optimizer = keras.Variable([1.0]), base(0.1, momentum=0.9)
        optimizer.apply([tf.ones(1)], [variable])
        optimizer.momentum = 0.0
        optimizer.apply([tf.ones(1)], [variable])
        return [variable, *optimizer.momentums]

    assert_twins(train)


@pytest.mark.parametrize(("name", "value"), [("clipnorm", 0), ("clipvalue", -1.0)])
def test_a_clip_set_to_nothing_later_clips_nothing_as_in_keras(name, value):
    def train(base):
        variable, optimizer = keras.Variable([1.0]), base(0.1, **{name: 0.5})
        optimizer.apply([tf.ones(1)], [variable])
        setattr(optimizer, name, value)
        optimizer.apply([tf.ones(1)], [variable])
        return [variable]

    assert_twins(train)


# ---- complex numbers -------------------------------------------------------------------

UNCLIPPED = [given for given in SETS if not any("clip" in name for name in given)]


@pytest.mark.parametrize("mode", ["eager", "graph"])
@pytest.mark.parametrize("given", UNCLIPPED, ids=str)
@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_a_complex_variable_steps_as_in_keras(given, dtype, mode):
    def train(base):
        variable = tf.Variable(np.array([3 + 2j, 1 - 1j], dtype))
        optimizer = base(0.1, **given)
        optimizer.build([variable])
        step = compiled(lambda g: optimizer.apply([g], [variable]), mode)
        for _ in range(4):
            step(tf.constant(np.array([1 + 1j, 0.5j], dtype)))
        return [variable, *optimizer.variables]

    assert_twins(train, COARSE[dtype])


def test_a_float_gradient_of_a_complex_variable_is_cast_as_in_keras():
    def train(base):
        variable = tf.Variable(tf.complex([3.0], [2.0]))
        base(0.1).apply([tf.constant([1.0])], [variable])
        return [variable]

    assert_twins(train)


def test_a_complex_gradient_of_a_float_variable_is_refused_by_its_name():
    with pytest.raises(TypeError, match="Gradient 0 .* as its variable's float32; got complex64"):
        course.SGD().apply([tf.complex([1.0], [1.0])], [keras.Variable([1.0])])


@pytest.mark.parametrize("clip", ["clipnorm", "clipvalue", "global_clipnorm"])
def test_a_clip_of_complex_gradients_is_refused_before_anything_moves(clip):
    variable = tf.Variable(tf.complex([3.0], [2.0]))
    with pytest.raises(TypeError, match=f"{clip} cannot clip .*complex64"):
        course.SGD(weight_decay=0.1, **{clip: 1.0}).apply([variable + 0.0], [variable])
    assert variable.numpy() == 3 + 2j


# ---- a variable listed twice -----------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("given", [{}, {"momentum": 0.9}, {"weight_decay": 0.1}], ids=str)
@pytest.mark.parametrize("built", [False, True])
def test_a_variable_listed_twice_is_refused_and_nothing_moves(given, mode, built):
    variable, other = keras.Variable([1.0]), keras.Variable([1.0])
    optimizer = course.SGD(0.1, **given)
    if built:
        optimizer.build([variable, other])
    ones = [tf.ones(1)] * 3
    step = compiled(lambda: optimizer.apply(ones, [variable, other, variable]), mode)
    with pytest.raises(ValueError, match="Variables 0 and 2 are the same"):
        step()
    assert variable.numpy() == other.numpy() == 1 and int(optimizer.iterations) == 0


def test_a_keras_variable_and_the_tensorflow_variable_in_it_are_the_same():
    variable = keras.Variable([1.0])
    with pytest.raises(ValueError, match="Variables 0 and 1 are the same"):
        course.SGD().apply_gradients([(tf.ones(1), variable), (tf.ones(1), variable.value)])


def test_it_is_not_built_with_a_variable_listed_twice():
    variable = keras.Variable([1.0])
    with pytest.raises(ValueError, match="Variables 0 and 1 are the same"):
        course.SGD(momentum=0.9).build([variable, variable])


# ---- gradients that are no tensors -----------------------------------------------------

AS_GRADIENTS = {
    "list": [0.5, -1.0],
    "whole list": [1, -2],
    "tuple": (0.5, -1.0),
    "float64 array": np.array([0.1, -1.0]),
    "float32 array": np.array([0.1, -1.0], "float32"),
    "float16 array": np.array([0.1, -1.0], "float16"),
    "bfloat16 array": np.array([0.1, -1.0], ml_dtypes.bfloat16),
    "whole array": np.array([1, -2]),
    "list of NumPy numbers": [np.float32(0.1), np.float32(-1.0)],
    "keras variable": keras.Variable([0.1, -1.0]),
    "tf variable": tf.Variable([0.1, -1.0]),
    "float64 tensor": tf.constant([0.1, -1.0], tf.float64),
}


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
@pytest.mark.parametrize("kind", AS_GRADIENTS)
@pytest.mark.parametrize("given", SETS[:3], ids=str)
def test_what_converts_to_a_gradient_steps_as_in_keras(kind, given, dtype):
    def train(base):
        variable, optimizer = keras.Variable([1.0, 2.0], dtype=dtype), base(0.1, **given)
        for _ in range(3):
            optimizer.apply([AS_GRADIENTS[kind]], [variable])
        return [variable]

    assert_twins(train)


@pytest.mark.parametrize("given", SETS[3:], ids=str)
def test_a_list_is_a_gradient_with_every_argument_though_keras_fails_with_some(given):
    ours, theirs = keras.Variable([1.0, 2.0]), keras.Variable([1.0, 2.0])
    mine, keras_s = (base(0.1, **given) for base in BASES)
    for _ in range(4):
        mine.apply([[0.5, -1]], [ours])
        keras_s.apply([tf.constant([0.5, -1.0])], [theirs])
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=2**-21)


def test_a_number_is_the_gradient_of_a_scalar():
    def train(base):
        variable, optimizer = keras.Variable(1.0), base(0.1, momentum=0.9)
        for gradient in (0.5, 1, np.float64(0.25)):
            optimizer.apply([gradient], [variable])
        return [variable]

    assert_twins(train)


@pytest.mark.parametrize(
    ("gradient", "error", "words"),
    [
        ("ab", TypeError, "Gradient 0 must be a tensor, an array or a list of numbers .*got 'ab'"),
        ([1.0, None], TypeError, "must be a tensor, an array or a list of numbers"),
        ([[1.0], [1.0, 2.0]], TypeError, "must be a tensor, an array or a list of numbers"),
        ({"w": 1.0}, TypeError, r"must be a tensor, .* of shape \(2,\); got \{'w': 1.0\}"),
        (lambda: 1.0, TypeError, "must be a tensor, an array or a list of numbers"),
        (tf.sparse.from_dense([1.0, 2.0]), TypeError, "must be a tensor, .*got SparseTensor"),
        (tf.ragged.constant([[1.0], [2.0, 3.0]]), TypeError, "must be a tensor, .*got <tf.Ragged"),
        (keras.KerasTensor((2,)), TypeError, "must be a tensor, .*got <KerasTensor"),
        (np.array(["a", "b"]), TypeError, "must be a tensor, an array or a list of numbers"),
        (0.5, ValueError, r"must have its variable's shape \(2,\); got \(\)"),
        ([1.0, 2.0, 3.0], ValueError, r"must have its variable's shape \(2,\); got \(3,\)"),
        (tf.constant([1, 2]), TypeError, "must be of a floating-point type.*got int32"),
        (tf.constant(["a", "b"]), TypeError, "must be of a floating-point type.*got string"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_no_gradient_is_refused_in_words_and_nothing_moves(gradient, error, words):
    variable, optimizer = keras.Variable([1.0, 2.0]), course.SGD(0.1, weight_decay=0.5)
    with pytest.raises(error, match=words):
        optimizer.apply([gradient], [variable])
    assert variable.numpy().tolist() == [1, 2] and int(optimizer.iterations) == 0
