"""`SGD`: the rules of `course.sgd` as a Keras optimizer, a drop-in for `keras.optimizers.SGD`.

Keras's base class does what is not arithmetic: it makes, names, tracks, saves and
distributes variables. The arithmetic of every argument is ours, twice: here from the
functions of `course.sgd`, which run on every backend, on sparse gradients and under
`tf.distribute`; and from kernels that compute the same in fewer passes over memory and serve
all other cases: TensorFlow's in `course.fused`, PyTorch's in `course.foreach`.
"""

from types import SimpleNamespace

from course import sgd
from course.arguments import FURTHER, check_arguments
from course.gradients import dense, is_sparse, on_values, refuse_what_does_not_fit, values_of
from course.on_numpy import on_numpy
from course.quietly import keras

ops = keras.ops

#: The functions of `course.sgd` that `with_rule` can put a learner's own in the place of.
RULES = (
    "unscale",
    "accumulate",
    "mean_gradient",
    "clip_by_value",
    "clip_by_norm",
    "clip_by_global_norm",
    "decay",
    "moving_average",
    "overwrite_is_due",
)

kernels = replicas = None
if keras.backend.backend() == "tensorflow":
    from course import fused as kernels
    from course import replicas
elif keras.backend.backend() == "torch":
    from course import foreach as kernels


@keras.saving.register_keras_serializable(package="course")
class SGD(keras.optimizers.Optimizer):
    """Gradient descent with every argument of `keras.optimizers.SGD`, built from `course.sgd`.

    Arguments, their defaults and their order are Keras's; `course.arguments` says of each
    what it means. What differs from Keras 3.15, on purpose:

    - An argument that makes no sense is refused, where Keras takes `learning_rate=-1.0`,
      `momentum=nan` or `clipnorm=-1.0`; an innocent int such as `momentum=1` is taken.
    - `nesterov=True` without momentum warns.
    - Gradients of a wrong count, shape or kind are refused before any weight moves.
    - `loss_scale_factor` works with sparse gradients.
    - `finalize_variable_values` before the first step is refused (Keras's zeroes the weights).
    - Under `tf.distribute`, gradients are clipped after they were summed over the replicas,
      so that two devices take the step of one with the joined batch (Keras clips before);
      and accumulation and `ema_overwrite_frequency` work there.

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

    def build(self, variables):
        """Create a velocity for each variable, where there is momentum; once."""
        if self.built:
            return
        super().build(variables)
        self._notebook = kernels.Notebook() if kernels else None
        self.momentums = []
        if self.momentum != 0:
            self.momentums = self.add_optimizer_variables(variables, "momentum")

    def get_config(self):
        """The arguments that make this optimizer again, as a dictionary."""
        return super().get_config() | {"momentum": self.momentum, "nesterov": self.nesterov}

    @property
    def does_more(self):
        """Whether more is asked for than the rule of learning_rate, momentum and nesterov."""
        return self.use_ema or any(getattr(self, name) is not None for name in FURTHER)

    # ---- one call, from gradients to weights -----------------------------------------

    def apply(self, grads, trainable_variables=None):
        """Move the variables by one call; the order of the stages is Keras's.

        grads:  one gradient per variable, or None where a variable rests.
        trainable_variables: those to move; all that the optimizer was built with if left out.
        Errors: ValueError or TypeError for gradients that do not fit, before anything moves.
        """
        if len(grads) == 0:
            return
        if not self.built:  # before the kernels are asked: a compiled step is traced only once
            grads, trainable_variables = self._matched(list(grads), trainable_variables)
        given = self._trainable_variables if trainable_variables is None else trainable_variables
        facts = kernels.facts_for(self, grads, given) if kernels and self.rules is sgd else None
        if facts:
            kernels.update(self, grads, facts)
            return
        gradients, variables = self._matched(list(grads), trainable_variables)
        with keras.name_scope(self.name, caller=self):
            gradients, variables = self._filter_empty_gradients(gradients, variables)
            gradients, variables = self._overwrite_variables_directly_with_gradients(
                gradients, variables
            )
            if gradients:
                self._update(gradients, variables)
        self._iterations.assign_add(1)

    def _update(self, gradients, variables):
        gradients = self._unscaled(gradients)
        gradients = replicas.summed(gradients) if replicas else gradients
        due = self._update_is_due()
        gradients = self._accumulated(gradients, variables, due)
        gradients = self._clipped(gradients)
        self._decay(variables, due)
        self._move(gradients, variables, due)
        if self.use_ema:
            self._average()
            self._overwrite()
        self._constrain(variables)

    def _unscaled(self, gradients):
        if self.loss_scale_factor is None:
            return gradients
        return [on_values(self.rules.unscale, g, self.loss_scale_factor) for g in gradients]

    def _update_is_due(self):
        """Whether this call updates: True, or what the count of calls says."""
        if not self.gradient_accumulation_steps:
            return True
        return known((self._iterations + 1) % self.gradient_accumulation_steps == 0)

    def _accumulated(self, gradients, variables, due):
        """The mean gradients; the sums are kept, or emptied where an update is due."""
        if not self.gradient_accumulation_steps:
            return gradients
        steps, accumulators = self.gradient_accumulation_steps, self._accumulated_gradients
        gradients = [dense(gradient) for gradient in gradients]
        places = [self._get_variable_index(variable) for variable in variables]
        sums = {i: self.rules.accumulate(accumulators[i], g) for i, g in zip(places, gradients)}
        means = [
            self.rules.mean_gradient(accumulators[i], g, steps) for i, g in zip(places, gradients)
        ]
        for i, accumulator in enumerate(accumulators):
            empty = ops.zeros(accumulator.shape, accumulator.dtype)
            self.assign(accumulator, choose(due, empty, sums.get(i, accumulator)))
        return means

    def _clipped(self, gradients):
        if self.clipnorm is not None:
            return [on_values(self.rules.clip_by_norm, g, self.clipnorm, ops) for g in gradients]
        if self.clipvalue is not None:
            return [on_values(self.rules.clip_by_value, g, self.clipvalue, ops) for g in gradients]
        if self.global_clipnorm is not None:
            values = [values_of(gradient) for gradient in gradients]
            clipped = self.rules.clip_by_global_norm(values, self.global_clipnorm, ops)
            return [on_values(lambda _, new: new, g, new) for g, new in zip(gradients, clipped)]
        return gradients

    def _decay(self, variables, due):
        if self.weight_decay is None:
            return
        for variable in filter(self._use_weight_decay, variables):
            eta, rate = like(variable, self.learning_rate), like(variable, self.weight_decay)
            self.assign(variable, choose(due, self.rules.decay(variable, eta, rate), variable))

    def _move(self, gradients, variables, due):
        for gradient, variable in zip(gradients, variables):
            gradient, eta = like(variable, gradient), like(variable, self.learning_rate)
            if self.momentum == 0 and is_sparse(gradient):
                # Only the rows that have a gradient are touched.
                self.assign_sub(variable, ops.multiply(gradient, eta))
                continue
            velocity = self.momentums[self._get_variable_index(variable)] if self.momentum else None
            moved, new_velocity = self.rules.move(
                variable,
                velocity,
                dense(gradient),
                eta,
                like(variable, self.momentum),
                self.nesterov,
            )
            if self.momentum:
                self.assign(velocity, choose(due, new_velocity, velocity))
            self.assign(variable, choose(due, moved, variable))

    def _average(self):
        for variable, average in zip(
            self._trainable_variables, self._model_variables_moving_average
        ):
            if average is not None:
                # The first update copies the weights, so there is no bias to correct.
                kept = like(variable, ops.not_equal(self.iterations, 0)) * self.ema_momentum
                self.assign(average, self.rules.moving_average(average, variable, kept))

    def _overwrite(self):
        frequency = self.ema_overwrite_frequency
        due = known(self.rules.overwrite_is_due(self.iterations, frequency)) if frequency else False
        if due is False:
            return
        for variable, average in zip(
            self._trainable_variables, self._model_variables_moving_average
        ):
            if average is not None:
                self.assign(variable, choose(due, average, variable))

    def _constrain(self, variables):
        for variable in variables:
            if getattr(variable, "constraint", None) is not None:
                self.assign(variable, variable.constraint(variable))

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        """Let some variables keep their size: those listed, or whose name has one of the words.

        Errors: none; as in Keras 3.15, it is heard after `build`, too.
        """
        super().exclude_from_weight_decay(var_list, var_names)
        if self.built and kernels:
            self._notebook = kernels.Notebook()

    def _use_weight_decay(self, variable):
        # Keras on TensorFlow looks for excluded words in the whole path, "net/dense/kernel:0".
        return super()._use_weight_decay(kernels.as_tf(variable) if replicas else variable)

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

    def assign(self, variable, value):
        """Set a variable; under `tf.distribute` on every replica."""
        if replicas and replicas.in_use():
            replicas.assign(variable, value)
        else:
            super().assign(variable, value)

    def _matched(self, gradients, variables):
        """Gradients and variables, built and compared one by one, before anything moves."""
        if variables is None:
            if not self.built:
                raise ValueError(
                    f"{self.name} does not know its variables yet; write apply(gradients, "
                    "variables), or build(variables) first."
                )
            variables = self._trainable_variables
        variables = list(variables)
        refuse_what_does_not_fit(gradients, variables)
        if not self.built:
            with keras.name_scope(self.name, caller=self):
                self.build(variables)
            self.built = True
        self._check_variables_are_known(variables)
        return gradients, variables


def with_rule(rule=None, **given):
    """An `SGD` in which a learner's own NumPy function does its part of the arithmetic.

        with_rule(my_ball, learning_rate=0.1, momentum=0.9)
        with_rule(clip_by_norm=my_clip, clipnorm=1.0)

    rule:   (variable, velocity, gradient, learning_rate, momentum) -> (variable, velocity);
            without momentum the velocity it gets is zero.
    given:  arguments of `SGD`; and functions under the names of those of `course.sgd` that they
            replace, with the same arguments (without `ops`).
    Errors: as `SGD`, and ValueError for a result of a wrong shape. It trains, but is not saved.
    """
    own = {name: given.pop(name) for name in RULES if name in given}
    if rule is not None:
        own["move"] = rule
    for name, function in own.items():
        if not callable(function):
            raise TypeError(f"{name} must be a function; got {function!r}.")
    replaced = {name: on_numpy(function, getattr(sgd, name)) for name, function in own.items()}
    if rule is not None:
        replaced["move"] = _with_velocity(on_numpy(rule, sgd.heavy_ball))
    rules = SimpleNamespace(**vars(sgd) | replaced)
    return type("SGD", (SGD,), {"rules": rules, "__doc__": SGD.__doc__})(**given)


def _with_velocity(rule):
    """The rule in the place of `sgd.move`, which has no velocity where there is no momentum."""

    def move(variable, velocity, gradient, learning_rate, momentum, _nesterov):
        rolling = ops.zeros_like(variable) if velocity is None else velocity
        variable, rolling = rule(variable, rolling, gradient, learning_rate, momentum)
        return variable, None if velocity is None else rolling

    return move


# ---- small helpers -------------------------------------------------------------------


def like(variable, value):
    """The value in the variable's precision."""
    return ops.cast(value, variable.dtype)


def known(condition):
    """The condition as a bool where its value is there already, else as it is (in a graph)."""
    try:
        return bool(condition)
    except TypeError:  # what TensorFlow and JAX raise while they trace
        return condition


def choose(due, new, old):
    """`new` where an update is due, else `old`; a choice in the graph only where it is open."""
    if isinstance(due, bool):
        return new if due else old
    return ops.where(due, ops.convert_to_tensor(new), ops.convert_to_tensor(old))
