"""A class derived from `course.SGD` trains as the same class derived from Keras's SGD."""

import inspect
import types

import numpy as np
import pytest
import tensorflow as tf

import course
from course import keras_sgd
from course.quietly import keras

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


def rate_per_layer(base):
    class RatePerLayer(base):
        def update_step(self, gradient, variable, learning_rate):
            factor = 0.1 if len(variable.shape) == 1 else 1.0
            super().update_step(gradient, variable, learning_rate * factor)

    return RatePerLayer


def rate_by_name(base):
    class RateByName(base):
        def update_step(self, gradient, variable, learning_rate):
            factor = 0.1 if "bias" in variable.name else 1.0
            super().update_step(gradient * factor, variable, learning_rate)

    return RateByName


def sign_descent(base):
    class SignDescent(base):  # a rule of its own, without super
        def update_step(self, gradient, variable, learning_rate):
            rate = keras.ops.cast(learning_rate, variable.dtype)
            self.assign_sub(variable, keras.ops.sign(gradient) * rate)

    return SignDescent


def slots_of_its_own(base):
    class Slots(base):
        def build(self, variables):
            super().build(variables)
            self.squares = self.add_optimizer_variables(variables, "square")

        def update_step(self, gradient, variable, learning_rate):
            square = self.squares[self._get_variable_index(variable)]
            self.assign_add(square, keras.ops.square(gradient))
            super().update_step(gradient / keras.ops.sqrt(square + 1.0), variable, learning_rate)

    return Slots


def gradients_clipped_twice(base):
    class ClippedTwice(base):
        def _clip_gradients(self, grads):
            return [keras.ops.clip(g, -0.1, 0.1) for g in super()._clip_gradients(grads)]

    return ClippedTwice


def norm_by_rows(base):
    class NormByRows(base):
        def _clip_by_norm(self, values, axes=None):
            return super()._clip_by_norm(values, axes=[-1])

    return NormByRows


def warm_rate(base):
    class WarmRate(base):
        def _get_current_learning_rate(self):
            warm = keras.ops.cast(self._iterations + 1, "float32") / 5
            return super()._get_current_learning_rate() * keras.ops.minimum(warm, 1.0)

    return WarmRate


def rate_as_a_property(base):
    class RateAsProperty(base):
        @property
        def learning_rate(self):
            return 0.5 * self._get_current_learning_rate()

    return RateAsProperty


def noise_in_backend_apply(base):
    class Noise(base):
        def _backend_apply_gradients(self, grads, trainable_variables):
            super()._backend_apply_gradients([g + 0.1 for g in grads], trainable_variables)

    return Noise


def centralised_in_backend_update(base):
    class Centralised(base):
        def _backend_update_step(self, grads, trainable_variables, learning_rate):
            grads = [g - keras.ops.mean(g) for g in grads]
            super()._backend_update_step(grads, trainable_variables, learning_rate)

    return Centralised


def rounded_assign(base):
    def rounded(value):
        return keras.ops.round(value * 64.0) / 64.0

    class Rounded(base):
        def assign(self, variable, value):
            super().assign(variable, rounded(value))

        def assign_add(self, variable, value):
            super().assign_add(variable, rounded(keras.ops.convert_to_tensor(value)))

        def assign_sub(self, variable, value):
            super().assign_sub(variable, rounded(value))

    return Rounded


def sideways_decay(base):
    class Sideways(base):
        def _apply_weight_decay(self, variables):
            super()._apply_weight_decay([v for v in variables if len(v.shape) > 1])

    return Sideways


def decay_without_bias(base):
    class WithoutBias(base):
        def _use_weight_decay(self, variable):
            return "bias" not in variable.name

    return WithoutBias


def slow_average(base):
    class SlowAverage(base):
        def _update_model_variables_moving_average(self, trainable_variables):
            for variable, average in zip(trainable_variables, self._model_variables_moving_average):
                average.assign(0.5 * average + 0.25 * variable)

    return SlowAverage


def half_overwritten(base):
    class HalfOverwritten(base):
        def _overwrite_model_variables_with_average_value(self, trainable_variables):
            pairs = zip(trainable_variables, self._model_variables_moving_average)
            for variable, average in list(pairs)[:1]:
                variable.assign(average)

    return HalfOverwritten


def counts_twice(base):
    class CountsTwice(base):
        @property
        def iterations(self):
            return 2 * self._iterations

    return CountsTwice


def negated_in_apply(base):
    class Negated(base):
        def apply(self, grads, trainable_variables=None):
            super().apply([-g for g in grads], trainable_variables)

    return Negated


def first_variable_only(base):
    class FirstOnly(base):
        def _filter_empty_gradients(self, grads, vars):
            grads, variables = super()._filter_empty_gradients(grads, vars)
            return grads[:1], variables[:1]

    return FirstOnly


def a_mixin(base):
    class Mixin:
        def update_step(self, gradient, variable, learning_rate):
            super().update_step(2.0 * gradient, variable, learning_rate)

    return type("Mixed", (Mixin, base), {})


def a_subclass_of_a_subclass(base):
    class Grandchild(rate_per_layer(base)):
        def update_step(self, gradient, variable, learning_rate):
            super().update_step(2.0 * gradient, variable, learning_rate)

    return Grandchild


def written_to_the_instance(base):
    def make(*positional, **named):
        optimizer = base(*positional, **named)

        def update_step(self, gradient, variable, learning_rate):
            base.update_step(self, 2.0 * gradient, variable, learning_rate)

        optimizer.update_step = types.MethodType(update_step, optimizer)
        return optimizer

    return make


def written_to_the_class_later(base):
    class Later(base):
        pass

    def update_step(self, gradient, variable, learning_rate):
        base.update_step(self, 2.0 * gradient, variable, learning_rate)

    Later.update_step = update_step
    return Later


MAKERS = [
    (rate_per_layer, {}),
    (rate_per_layer, {"momentum": 0.9}),
    (rate_by_name, {"momentum": 0.9, "nesterov": True}),
    (sign_descent, {"weight_decay": 0.1}),
    (slots_of_its_own, {}),
    (gradients_clipped_twice, {"clipnorm": 0.8}),
    (norm_by_rows, {"clipnorm": 0.8}),
    (warm_rate, {"momentum": 0.9}),
    (rate_as_a_property, {"weight_decay": 0.1}),
    (noise_in_backend_apply, {"momentum": 0.9}),
    (centralised_in_backend_update, {"global_clipnorm": 1.0}),
    (rounded_assign, {"momentum": 0.9}),
    (rounded_assign, {}),
    (sideways_decay, {"weight_decay": 0.5}),
    (decay_without_bias, {"weight_decay": 0.5}),
    (slow_average, {"use_ema": True, "ema_overwrite_frequency": 1}),
    (half_overwritten, {"use_ema": True, "ema_overwrite_frequency": 2}),
    (counts_twice, {"use_ema": True, "ema_overwrite_frequency": 3}),
    (negated_in_apply, {"momentum": 0.9}),
    (first_variable_only, {}),
    (a_mixin, {"momentum": 0.9}),
    (a_subclass_of_a_subclass, {}),
    (written_to_the_instance, {}),
    (written_to_the_class_later, {"momentum": 0.9}),
]


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
