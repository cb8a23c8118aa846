"""`course.SGD` in a real `fit` on real digits, beside Keras's own SGD."""

import importlib
import inspect
import re
from collections import Counter

import numpy as np
import pytest

import course
from course.bench.step import ARGUMENTS
from course.digits import load_digits
from course.quietly import keras


def train(optimizer, epochs=3):
    """A small network after a few epochs on the digits; returns (history, weights)."""
    images, labels = load_digits()
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(10, "softmax")]
    )
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(images, labels, epochs=epochs, verbose=0).history
    return history, model.get_weights()


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"learning_rate": keras.optimizers.schedules.ExponentialDecay(0.1, 50, 0.5)},
        {"clipvalue": 0.1},
    ],
    ids=["plain", "momentum", "nesterov", "schedule", "clipvalue"],
)
def test_twins_trained_on_digits_end_in_the_same_bits(arguments):
    ours, theirs = train(course.SGD(**arguments)), train(keras.optimizers.SGD(**arguments))
    assert ours[0] == theirs[0]
    for our_weight, their_weight in zip(ours[1], theirs[1], strict=True):
        np.testing.assert_array_equal(our_weight, their_weight)


@pytest.mark.parametrize(
    "arguments",
    [
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01, "global_clipnorm": 1.0},
        {"momentum": 0.9, "use_ema": True, "ema_overwrite_frequency": 7},
        {"momentum": 0.9, "gradient_accumulation_steps": 3, "clipnorm": 0.5},
        {"momentum": 0.9, "loss_scale_factor": 1024.0},
    ],
    ids=str,
)
def test_twins_trained_with_everything_else_end_within_rounding(arguments):
    # 171 steps carry a last bit on, so the ends differ by more than one step's 4 ulps.
    ours, theirs = train(course.SGD(**arguments)), train(keras.optimizers.SGD(**arguments))
    np.testing.assert_allclose(ours[0]["loss"], theirs[0]["loss"], rtol=1e-4)
    for our_weight, their_weight in zip(ours[1], theirs[1], strict=True):
        np.testing.assert_allclose(our_weight, their_weight, rtol=0, atol=1e-4)


def test_it_learns_to_read_digits():
    history, _ = train(course.SGD(0.05, momentum=0.9, nesterov=True), epochs=5)
    assert history["accuracy"][-1] > 0.95


def test_the_signature_is_keras_own_but_for_what_else_is_taken():
    ours, theirs = (
        [(p.name, p.default) for p in inspect.signature(cls).parameters.values()][:-1]
        for cls in (course.SGD, keras.optimizers.SGD)
    )
    assert ours[:-1] == theirs[:-1]
    assert ours[-1] == ("name", None)
    assert theirs[-1] in (("name", None), ("name", "SGD"))  # as it was in Keras 3.12


@pytest.mark.parametrize("arguments", [{"learning_rate": -1.0}, {"lr": 0.1}, {"momentum": 2}])
def test_nonsense_is_refused_before_anything_is_created(arguments):
    before = keras.optimizers.SGD(name=None).name
    with pytest.raises((TypeError, ValueError)):
        course.SGD(**arguments)
    after = keras.optimizers.SGD(name=None).name
    assert int(after.partition("_")[2] or 0) == int(before.partition("_")[2] or 0) + 1


def test_a_saved_model_resumes_as_if_it_had_not_stopped(tmp_path):
    images, labels = load_digits()
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, "softmax")])
    model.compile(course.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy")
    model.fit(images, labels, shuffle=False, verbose=0)
    model.save(tmp_path / "half-way.keras")
    model.fit(images, labels, shuffle=False, verbose=0)
    again = keras.models.load_model(tmp_path / "half-way.keras")
    assert type(again.optimizer) is course.SGD
    again.fit(images, labels, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_averages_cannot_be_put_in_place_before_there_are_any():
    for cls, expected in ((keras.optimizers.SGD, 0.0), (course.SGD, 1.0)):
        variable = keras.Variable([1.0])
        optimizer = cls(0.1, use_ema=True)
        optimizer.build([variable])
        if cls is course.SGD:
            with pytest.raises(ValueError, match="has taken no step"):
                optimizer.finalize_variable_values([variable])
        else:
            optimizer.finalize_variable_values([variable])
        assert variable.numpy()[0] == expected


@pytest.mark.parametrize("arguments", [{}, {"momentum": 0.9}, {"weight_decay": 0.1}])
def test_the_compiled_step_of_a_fresh_optimizer_uses_the_fused_kernels(arguments):
    import tensorflow as tf

    variable, optimizer = keras.Variable(np.ones(3, "float32")), course.SGD(0.1, **arguments)
    step = tf.function(lambda: optimizer.apply([tf.ones(3)], [variable]), autograph=False)
    kinds = {op.type for op in step.get_concrete_function().graph.get_operations()}
    kernel = (
        "ResourceApplyKerasMomentum"
        if arguments.get("momentum")
        else "ResourceApplyGradientDescent"
    )
    assert kernel in kinds


TRACED = ("keras_sgd", "hooks", "branches", "calls", "distribution", "gradients", "backend")
TRACED += ("kernels", "tensorflow_kernels")


@pytest.mark.parametrize("module", TRACED)
def test_autograph_can_read_all_that_a_step_calls(module):
    """Else a learner sees four lines of warning about it, in place of one's own mistakes."""
    import tensorflow as tf

    module = importlib.import_module(f"course.optimizer.{module}")
    for owner in (module, *(vars(module)[n] for n in vars(module) if n in ("SGD", "Kernels"))):
        for name, function in inspect.getmembers(owner, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("__"):
                assert tf.autograph.to_code(function), name


def work_under_xla(cls, arguments):
    """What XLA has to run at each call: how many loops over memory, copies and branches."""
    import tensorflow as tf

    weights = [keras.Variable(np.ones(8, "float32")) for _ in range(3)]
    optimizer, gradients = cls(0.01, **arguments), [tf.ones(8) for _ in weights]
    optimizer.build(weights)

    def step():
        optimizer.apply(gradients, weights)

    compiled = tf.function(step, jit_compile=True, autograph=False)
    program = compiled.experimental_get_compiler_ir()(stage="optimized_hlo")
    entry = program[program.index("ENTRY") :]  # what is before it are the loops' bodies, branches
    return Counter(re.findall(r" (fusion|copy|conditional)\(", entry))


@pytest.mark.parametrize("name", ARGUMENTS)
def test_under_xla_our_step_is_no_more_work_than_keras_own(name):
    ours, keras_ = (work_under_xla(c, ARGUMENTS[name]) for c in (course.SGD, keras.optimizers.SGD))
    assert 1 <= ours["fusion"] <= keras_["fusion"] and ours.total() <= keras_.total()
