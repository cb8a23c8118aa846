"""Classes derived from an SGD, each with a hook of its own: given a base, the class.

They run on every backend, under `course.SGD` and under Keras's SGD.
"""

import types

from course.quietly import keras


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
