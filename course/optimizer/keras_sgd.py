"""`SGD`: the rules of `course.sgd` as a Keras optimizer, a drop-in for `keras.optimizers.SGD`.

Keras's base class does what is not arithmetic: it makes, names, tracks, saves and
distributes variables. The arithmetic of every argument is ours, twice: here from the
functions of `course.sgd`, under the names of Keras's hooks, so that a subclass can override
them; this runs on every backend, on sparse gradients and under `tf.distribute`. And from
kernels that compute the same in fewer passes over memory and serve all other cases, one class
`Kernels` for each backend: in `tensorflow_kernels` and `torch_kernels`.
"""

from operator import attrgetter

from course import sgd
from course.arguments import ARGUMENTS, NUMBERS, check_arguments, clip_in_force
from course.old_names import missing, refuse_attribute
from course.optimizer import distribution
from course.optimizer.backend import TENSORFLOW, native
from course.optimizer.branches import known, nothing, value_of
from course.optimizer.calls import (
    PLAIN,
    accumulate_or_update,
    constrain,
    is_set,
    like,
    matched,
    velocity_of,
    where_due,
    write,
)
from course.optimizer.gradients import dense, on_values, refuse_twice, values_of
from course.optimizer.hooks import Hooks, is_foreign, refuse_a_sum_of_its_own
from course.optimizer.kernels import kernels_of
from course.quietly import keras

ops = keras.ops

NAMES = [argument.name for argument in ARGUMENTS]
numbers_of = attrgetter(*NUMBERS)


@keras.saving.register_keras_serializable(package="course")
class SGD(keras.optimizers.Optimizer):
    """Gradient descent with every argument of `keras.optimizers.SGD`, built from `course.sgd`.

    Arguments, their defaults and their order are Keras's; `course.arguments` says of each
    what it means. What differs from Keras 3.15, on purpose:

    - An argument that makes no sense is refused, where Keras takes `learning_rate=-1.0`,
      `momentum=nan` or `clipnorm=-1.0`; an innocent int such as `momentum=1` is taken.
    - `nesterov=True` without momentum warns.
    - Old and misspelt names are refused, also after construction (`optimizer.lr = 0.5`).
    - Gradients of a wrong count, shape or kind, and a variable that is listed twice, are refused
      before any weight moves.
    - A hook that a subclass or an instance replaces is heard on every backend; Keras does not
      hear an instance's `update_step` or a `learning_rate` that is a property under PyTorch, or
      the overwriting hook under JAX.
    - `loss_scale_factor` works with sparse gradients, `momentum` in a variable in a compiled step.
    - `finalize_variable_values` before the first step is refused (Keras's zeroes the weights).
    - Under `tf.distribute`, gradients are clipped after they were summed over the replicas,
      so that two devices take the step of one with the joined batch (Keras clips before);
      and accumulation and `ema_overwrite_frequency` work there.

    What does not differ: a compiled step has read `momentum`, `weight_decay` and the other
    numbers, but not `learning_rate`, when it was compiled, so that a float assigned later is not
    heard. Assign a `keras.Variable` before, and change its value.

    Shapes: velocity, accumulator and average have their variable's shape and dtype.
    Units:  learning_rate is [variable / gradient]; weight_decay is [1 / learning_rate].
    Errors: TypeError or ValueError that names the argument, what came and what to write.
    Source: `keras/src/optimizers/{base_optimizer,sgd}.py`, Keras 3.15.
    """

    rules = sgd  # the functions that do the arithmetic; `with_rule` puts others in their place

    def __init__(
        self,
        learning_rate=0.01,
        momentum=0.0,
        nesterov=False,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=None,
        name=None,
        **unknown,
    ):
        given = {k: v for k, v in locals().items() if k not in ("self", "unknown", "__class__")}
        check_arguments(**given, **unknown)
        del given["momentum"], given["nesterov"]
        if not callable(learning_rate):
            given["learning_rate"] = float(learning_rate)
        super().__init__(**given)
        self.momentum = float(momentum)
        self.nesterov = bool(nesterov)
        self._kernels = kernels_of(self)

    def __init_subclass__(cls, **more):
        """Refuse a hook that cannot be honoured where a subclass is made, not when it trains."""
        super().__init_subclass__(**more)
        summed = "_all_reduce_sum_gradients"
        if TENSORFLOW and getattr(cls, summed) is not getattr(SGD, summed):
            refuse_a_sum_of_its_own(summed)

    def __setattr__(self, name, value):
        """Set an attribute, but no old or misspelt name of an argument: that would do nothing."""
        if name not in (*NAMES, "built", "momentums") and is_foreign(self, name, SGD):
            refuse_attribute(name, value, NAMES, self)
        if name == "momentum" and vars(self).get("momentums") == [] and is_set(value):
            raise ValueError(
                f"{self.name} was built with momentum 0, without velocities; make a new optimizer "
                f"with momentum={value!r}."
            )
        if TENSORFLOW:
            refuse_a_sum_of_its_own(name)
        super().__setattr__(name, value)

    def __getattr__(self, name):
        """Only what is missing comes here: say what an old or misspelt name is called today."""
        raise AttributeError(missing(name, NAMES), name=name, obj=self)

    def build(self, variables):
        """Create a velocity for each variable, where there is momentum; once.

        Errors: ValueError where a variable is listed twice.
        """
        if self.built:
            return
        refuse_twice(variables, self._var_key)
        super().build(variables)
        self._kernels = kernels_of(self)
        self.momentums = []
        if self.momentum != 0:
            self.momentums = self.add_optimizer_variables(variables, "momentum")

    def get_config(self):
        """The arguments that make this optimizer again, as a dictionary."""
        return super().get_config() | {"momentum": self.momentum, "nesterov": self.nesterov}

    # ---- one call, from gradients to weights; the names and their order are Keras's ------

    def apply(self, grads, trainable_variables=None):
        """Move the variables by one call.

        grads:  one gradient per variable, or None where a variable rests.
        trainable_variables: those to move; all that the optimizer was built with if left out.
        Errors: ValueError or TypeError for gradients that do not fit, before anything moves.
        """
        if len(grads) == 0:
            return
        variables = None if trainable_variables is None else list(trainable_variables)
        if not self.built:  # before the kernels are asked: a compiled step is traced only once
            grads, variables = matched(self, grads, variables)
        variables = self._trainable_variables if variables is None else variables
        slots = self._kernels.slots_for(grads, variables) if is_bare(self) else None
        if slots:
            self._kernels.step(grads, slots)
            return
        grads, variables = matched(self, grads, variables)
        with keras.name_scope(self.name, caller=self):
            grads, variables = self._filter_empty_gradients(grads, variables)
            grads, variables = self._overwrite_variables_directly_with_gradients(grads, variables)
            if grads:
                scale, unscale = self.loss_scale_factor, self.rules.unscale
                grads = grads if scale is None else [on_values(unscale, g, scale) for g in grads]
                self._backend_apply_gradients(grads, variables)
                constrain(variables)
        self._iterations.assign_add(1)

    def _backend_apply_gradients(self, grads, trainable_variables):
        grads = distribution.summed(grads)

        def update(grads):
            grads = self._clip_gradients(grads)
            self._apply_weight_decay(trainable_variables)
            self._backend_update_step(grads, trainable_variables, self.learning_rate)

        if self.gradient_accumulation_steps:
            accumulate_or_update(self, grads, trainable_variables, update, is_bare(self))
        else:
            update(grads)
        if self.use_ema:
            self._update_model_variables_moving_average(self._trainable_variables)
            if self.ema_overwrite_frequency:
                due = self.rules.overwrite_is_due(self.iterations, self.ema_overwrite_frequency)
                weights = self._trainable_variables
                overwrite = self._overwrite_model_variables_with_average_value
                where_due(due, lambda: overwrite(weights), nothing, weights, is_bare(self))

    def _backend_increment_gradient_accumulators(self, grads, acc_grads):
        for gradient, accumulator in zip(grads, acc_grads):
            write(accumulator, self.rules.accumulate(accumulator, gradient))

    def _backend_reset_gradient_accumulators(self):
        for accumulator in self._accumulated_gradients:
            if accumulator is not None:
                write(accumulator, ops.zeros(accumulator.shape, accumulator.dtype))

    def _clip_gradients(self, grads):
        clip = clip_in_force(self)
        if clip == "clipnorm":
            return [g if g is None else self._clip_by_norm(g) for g in grads]
        if clip == "global_clipnorm":
            there = [g for g in grads if g is not None]
            values = [values_of(gradient) for gradient in there]
            new = iter(self.rules.clip_by_global_norm(values, self.global_clipnorm, ops))
            return [g if g is None else on_values(lambda _: next(new), g) for g in grads]
        if clip == "clipvalue":
            rule, limit = self.rules.clip_by_value, self.clipvalue
            return [g if g is None else on_values(rule, g, limit, ops) for g in grads]
        return grads

    def _clip_by_norm(self, values, axes=None):
        if axes is not None:
            return super()._clip_by_norm(values, axes)
        return on_values(self.rules.clip_by_norm, values, self.clipnorm, ops)

    def _apply_weight_decay(self, variables):
        if self.weight_decay is None:
            return
        for variable in variables:
            # Keras on TensorFlow looks for excluded words in the path, "net/dense/kernel:0".
            if self._use_weight_decay(native(variable)):
                eta, rate = like(variable, self.learning_rate), like(variable, self.weight_decay)
                write(variable, self.rules.decay(value_of(variable), eta, rate))

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable by its gradient, clipped and averaged already.

        A subclass may override it, as any hook of Keras's; without one of these, kernels that
        do the same for all variables are faster.
        """
        gradient, eta = like(variable, gradient), like(variable, learning_rate)
        velocity, rule = velocity_of(self, variable), self.rules
        if velocity is None:  # of a sparse gradient only its rows are touched
            self.assign_sub(variable, on_values(rule.descent, gradient, eta))
            return
        gradient, beta = dense(gradient), like(variable, self.momentum)
        self.assign(velocity, rule.next_velocity(value_of(velocity), gradient, eta, beta))
        ahead = value_of(velocity)
        if self.nesterov:
            ahead = rule.next_velocity(ahead, gradient, eta, beta)
        self.assign_add(variable, ahead)

    def _update_model_variables_moving_average(self, trainable_variables):
        # The first update copies the weights, so there is no bias to correct.
        later = ops.not_equal(self.iterations, 0)
        for variable, average in zip(trainable_variables, self._model_variables_moving_average):
            if average is not None:
                kept = ops.multiply(like(variable, later), self.ema_momentum)
                pair = average, variable
                if "complex" in keras.backend.standardize_dtype(variable.dtype):
                    # Keras's product of numbers of complex128 is of complex64.
                    kept, pair = like(variable, kept), map(value_of, pair)
                write(average, self.rules.moving_average(*pair, kept))

    def _overwrite_model_variables_with_average_value(self, trainable_variables):
        if distribution.crossed():
            super()._overwrite_model_variables_with_average_value(trainable_variables)
            return
        for variable, average in zip(trainable_variables, self._model_variables_moving_average):
            if average is not None:
                write(variable, average)

    def _all_reduce_sum_gradients(self, grads_and_vars):
        return grads_and_vars  # they were summed before they were clipped

    # ---- around a step -------------------------------------------------------------------

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        """Let some variables keep their size: those listed, or whose name has one of the words.

        Errors: none; as in Keras 3.15, it is heard after `build`, too.
        """
        super().exclude_from_weight_decay(var_list, var_names)
        self._kernels = kernels_of(self)

    def finalize_variable_values(self, var_list):
        """With `use_ema`, put the averages in the place of the weights; `fit` does it at its end.

        Errors: ValueError before the first step, where Keras's own would write zeros.
        """
        if self.use_ema and not (self.built and known(self._iterations > 0)):
            raise ValueError(
                f"{self.name} has taken no step, so that there are no averages yet; call "
                "finalize_variable_values after training."
            )
        super().finalize_variable_values(var_list)


HOOKS = Hooks(SGD, keras.src.optimizers.base_optimizer.BaseOptimizer)


def is_bare(optimizer):
    """Whether a step is all ours: our rules, no hook replaced, every number a plain one."""
    plain = all(isinstance(number, PLAIN) for number in numbers_of(optimizer))
    return plain and optimizer.rules is sgd and not HOOKS.are_replaced(optimizer)
