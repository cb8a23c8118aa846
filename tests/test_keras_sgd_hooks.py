"""A class derived from `course.SGD` trains as the same class derived from Keras's SGD."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

import course
from course.optimizer import keras_sgd
from course.quietly import keras
from tests.subclasses import (
    MAKERS,
    gradients_clipped_twice,
    rate_per_layer,
    slots_of_its_own,
    warm_rate,
)

BASES = (course.SGD, keras.optimizers.SGD)
MODES = ("eager", "graph", "xla")
EVERYTHING = {
    "momentum": 0.9,
    "nesterov": True,
    "weight_decay": 0.1,
    "clipnorm": 0.8,
    "use_ema": True,
    "ema_overwrite_frequency": 2,
    "loss_scale_factor": 4.0,
}
CLOSE = {"rtol": 0, "atol": 8 * 2**-23}


def stepper(optimizer, weights, mode):
    def step(*gradients):
        optimizer.apply(list(gradients), weights)

    return step if mode == "eager" else tf.function(step, jit_compile=mode == "xla")


def ends(make, mode="eager", calls=5, **arguments):
    """For ours and Keras's: the weights and the optimizer's variables after some calls.

    make: a base class -> an optimizer's class.
    """
    found = []
    for base in BASES:
        optimizer, random = make(base)(0.1, **arguments), np.random.default_rng(0)
        values = [random.normal(size=size).astype("float32") for size in ((2, 3), 3)]
        weights = [keras.Variable(v, name=n) for v, n in zip(values, ("kernel", "bias"))]
        optimizer.build(weights)

        step = stepper(optimizer, weights, mode)
        for _ in range(calls):
            step(*(tf.constant(random.normal(size=v.shape), "float32") for v in values))
        found.append([each.numpy() for each in (*weights, *optimizer.variables)])
    return found


def assert_twins(make, mode="eager", **arguments):
    ours, theirs = ends(make, mode, **arguments)
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our, their, **CLOSE)
    return ours


def changes(make, mode="eager", **arguments):
    """Whether the subclass trains otherwise than its base: else the test would prove nothing."""
    plain, other = ends(lambda base: base, mode, **arguments)[1], ends(make, mode, **arguments)[1]
    return any(not np.allclose(a, b) for a, b in zip(plain, other))


# ---- hooks that change the step ------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("make", "arguments"), MAKERS, ids=lambda p: getattr(p, "__name__", None))
def test_a_hook_that_is_overridden_is_heard_as_keras_hears_it(make, arguments, mode):
    assert_twins(make, mode, **arguments)


@pytest.mark.parametrize(("make", "arguments"), MAKERS, ids=lambda p: getattr(p, "__name__", None))
def test_each_of_these_hooks_changes_what_keras_does(make, arguments):
    assert changes(make, **arguments)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("make", [rate_per_layer, slots_of_its_own, gradients_clipped_twice])
def test_an_overridden_hook_is_heard_with_everything_else_set_and_while_accumulating(make, mode):
    assert_twins(make, mode, **EVERYTHING)
    assert_twins(make, mode, **EVERYTHING, gradient_accumulation_steps=2)


def recorded(base, name, log):
    """A subclass in which one hook notes that it was called, and calls its base's."""
    above = inspect.getattr_static(base, name)
    if isinstance(above, property):

        def get(self):
            log.append(name)
            return above.fget(self)

        return type("Recorded", (base,), {name: property(get, above.fset)})

    def method(self, *positional, **named):
        log.append(name)
        return above(self, *positional, **named)

    return type("Recorded", (base,), {name: method})


SUM = "_all_reduce_sum_gradients"  # the one hook that is refused


@pytest.mark.parametrize("more", [{}, {"gradient_accumulation_steps": 2}], ids=["", "accumulate"])
@pytest.mark.parametrize("name", sorted(keras_sgd.HOOKS.names - {SUM, "__getattribute__"}))
def test_every_hook_that_keras_calls_in_a_step_is_called(name, more):
    logs = {base: [] for base in BASES}
    assert_twins(lambda base: recorded(base, name, logs[base]), **EVERYTHING, **more)
    ours, theirs = (len(logs[base]) for base in BASES)
    assert bool(ours) == bool(theirs)
    if name in ("update_step", "assign", "assign_add", "assign_sub", "_clip_gradients"):
        assert ours == theirs


def test_update_step_can_be_called_by_itself():
    for arguments in ({}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}):
        found = []
        for base in BASES:
            variable, optimizer = keras.Variable([1.0, 2.0]), base(0.1, **arguments)
            optimizer.build([variable])
            for _ in range(3):
                optimizer.update_step(tf.constant([1.0, -1.0]), variable, 0.5)
            found.append(variable.numpy().tolist())
        assert found[0] == found[1]


def test_a_variable_that_keras_does_not_track_is_written_only_where_an_update_is_due():
    for mode in MODES:
        counts = []
        for base in BASES:
            updates = tf.Variable(0)

            class Counting(base):
                def update_step(self, gradient, variable, learning_rate, updates=updates):
                    updates.assign_add(1)
                    super().update_step(gradient, variable, learning_rate)

            variable, optimizer = keras.Variable([1.0]), Counting(gradient_accumulation_steps=3)
            optimizer.build([variable])
            step = stepper(optimizer, [variable], mode)
            for _ in range(7):
                step(tf.ones(1))
            counts.append(int(updates))
        assert counts == [2, 2]


@pytest.mark.parametrize("make", [rate_per_layer, gradients_clipped_twice, warm_rate])
def test_a_subclass_is_heard_in_fit_and_under_a_loss_scale_optimizer(make):
    for wrap in (lambda optimizer: optimizer, keras.optimizers.LossScaleOptimizer):
        found = []
        for base in BASES:
            keras.utils.set_random_seed(0)
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
            model.compile(wrap(make(base)(0.1, momentum=0.9)), "mse")
            model.fit(np.ones((8, 3)), np.ones((8, 2)), epochs=3, verbose=0)
            found.append(model.get_weights())
        for our, their in zip(*found, strict=True):
            np.testing.assert_allclose(our, their, **CLOSE)


def test_a_method_of_a_subclass_is_not_taken_for_one_of_ours():
    ours = {name for name in vars(course.SGD) if not name.startswith("__")}
    keras_s = set(dir(keras.optimizers.SGD))
    assert ours - keras_s == {"rules"}


@pytest.mark.parametrize("way", ["class", "mixin", "instance"])
def test_a_sum_over_replicas_of_its_own_is_refused_with_what_to_write_instead(way):
    def own(self, grads_and_vars):
        return grads_and_vars

    ways = {
        "instance": lambda: setattr(course.SGD(), SUM, own),
        "class": lambda: type("Own", (course.SGD,), {SUM: own}),
        "mixin": lambda: type("Own", (type("Mixin", (), {SUM: own}), course.SGD), {}),
    }
    with pytest.raises(TypeError, match="before it clips them.*with_rule"):
        ways[way]()


def test_a_bare_optimizer_and_a_subclass_that_only_adds_to_it_keep_the_fused_kernels():
    class Named(course.SGD):
        def get_config(self):
            return super().get_config() | {"more": 1}

        def helper(self):
            return 1

    for cls in (course.SGD, Named):
        assert keras_sgd.is_bare(cls(0.1, momentum=0.9))
    assert not keras_sgd.is_bare(rate_per_layer(course.SGD)())
