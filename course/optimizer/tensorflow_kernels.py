"""The step in one pass over memory: TensorFlow's fused kernels, held equal to `course.sgd`.

`ResourceApplyKerasMomentum` and `ResourceApplyGradientDescent` are TensorFlow's own kernels
for Keras's rule: they read a weight, its velocity and its gradient once and write in place.
What only scales a gradient (loss scale, mean, norm clip) becomes one factor of the learning
rate. `Kernels.slots_for` says which calls can go this way; `keras_sgd` does all others.
"""

import functools
import math
from typing import NamedTuple

import tensorflow as tf

from course import sgd
from course.arguments import asks_for_more, clip_in_force
from course.optimizer.backend import native, under_xla
from course.optimizer.branches import either, nothing
from course.quietly import keras

raw = tf.raw_ops  # in an eager loop most of a step is Python: these go past the dispatchers
apply_gradient_descent = raw.ResourceApplyGradientDescent
apply_momentum = raw.ResourceApplyKerasMomentum

#: Types with digits enough for a folded factor; float16 and bfloat16 keep Keras's own order.
FOLDS = (tf.float32, tf.float64)
BARE = (*FOLDS, tf.float16, tf.bfloat16)


class Slot(NamedTuple):
    """What a call needs to know of a variable, and nobody can change without saying so.

    index: its number among the optimizer's variables.
    """

    variable: object
    weight: tf.Variable
    kind: tf.DType
    shape: tf.TensorShape
    decays: bool
    index: int


class Kernels:
    """TensorFlow's kernels for one optimizer, with the methods of `kernels.NoKernels`.

    A plain object, so that Keras does not track what it holds.
    """

    def __init__(self, optimizer):
        self.optimizer, self.slots = optimizer, {}

    def slots_for(self, gradients, variables):
        """A `Slot` for each variable where the kernels can serve a call, else None.

        They serve dense gradients of their variables' types and shapes, without a distribution
        strategy; and float16 and bfloat16 only for the bare rule.
        """
        optimizer = self.optimizer
        if not optimizer.built or not gradients or tf.distribute.has_strategy():
            return None
        if len(gradients) != len(variables) or (optimizer.momentum and not optimizer.momentums):
            return None
        kinds = FOLDS if asks_for_more(optimizer) else BARE
        found = []
        for gradient, variable in zip(gradients, variables):
            slot = self.slots.get(id(variable))
            if slot is None or slot.variable is not variable:
                slot = self._look_up(variable)
            if (
                slot is None
                or not isinstance(gradient, tf.Tensor)
                or gradient.dtype is not slot.kind
                or slot.kind not in kinds
                or gradient.shape != slot.shape
                or native(variable) is not slot.weight
            ):
                return None
            found.append(slot)
        if len({slot.index for slot in found}) < len(found):
            return None
        # Under XLA on a GPU a condition is dear; the composed form chooses between results instead.
        accumulates = optimizer.gradient_accumulation_steps and _on_gpu(found[0].weight)
        return None if accumulates and under_xla() else found

    def _look_up(self, variable):
        """The slot of one variable; None for one the kernels never serve."""
        optimizer = self.optimizer
        index = optimizer._trainable_variables_indices.get(optimizer._var_key(variable))
        if index is None or getattr(variable, "overwrite_with_gradient", False):
            return None
        weight = native(variable)
        decays = optimizer._use_weight_decay(weight)
        slot = Slot(variable, weight, weight.dtype, weight.shape, decays, index)
        self.slots[id(variable)] = slot
        return slot

    def step(self, gradients, slots):
        """All stages of one call, in place: from unscaling to the count."""
        optimizer = self.optimizer
        scale, factor = optimizer.loss_scale_factor, 1.0
        if under_xla():  # as in Keras's graph all gradients become arguments of the program first
            gradients = raw.IdentityN(input=list(gradients))
        if scale is not None and math.frexp(scale)[0] == 0.5:
            factor = 1.0 / scale  # a power of two: exact, wherever it is multiplied in
        elif scale is not None:
            gradients = [sgd.unscale(gradient, scale) for gradient in gradients]
        if optimizer.gradient_accumulation_steps:
            self._accumulate_and_move(gradients, slots, factor)
        else:
            self._clip_decay_and_move(gradients, slots, factor)
        if optimizer.use_ema:
            self._average()
        for slot in slots:
            if slot.variable.constraint is not None:
                slot.weight.assign(slot.variable.constraint(slot.variable))
        count = optimizer._iterations.value
        raw.AssignAddVariableOp(resource=count.handle, value=_constant(1, count.dtype))

    def _accumulate_and_move(self, gradients, slots, factor):
        optimizer, steps = self.optimizer, self.optimizer.gradient_accumulation_steps
        totals = [native(optimizer._accumulated_gradients[slot.index]) for slot in slots]

        def add():
            for total, gradient in zip(totals, gradients):
                _add(total, gradient, factor)

        def move():
            self._clip_decay_and_move([_read(total) for total in totals], slots, 1.0 / steps)
            for total in optimizer._accumulated_gradients:
                _write(total.value, raw.ZerosLike(x=_read(total.value)))

        def add_and_move():
            add()
            move()

        due = (_read(optimizer._iterations.value) + 1) % steps == 0
        if tf.executing_eagerly() or not _on_gpu(slots[0].weight):
            add()
            either(due, move, nothing)
        else:
            # To know `due` is to wait for the GPU; so nothing is begun there before it is known.
            keras.ops.cond(due, add_and_move, add)

    def _clip_decay_and_move(self, gradients, slots, factor):
        """Clip, decay and move, with `factor` still to be multiplied into the gradients."""
        optimizer = self.optimizer
        gradients, shared, factors = self._clip(gradients, factor)
        decays, momentums = optimizer.weight_decay is not None, optimizer.momentums
        rolls = optimizer.momentum != 0
        kernel = _has_kernel(slots[0].weight)
        scalars = {kind: self._scalars(kind, shared) for kind in {slot.kind for slot in slots}}
        for i, (slot, gradient) in enumerate(zip(slots, gradients)):
            eta, beta, rest = scalars[slot.kind]
            if decays and slot.decays:
                _write(slot.weight, raw.Mul(x=_read(slot.weight), y=rest))
            if factors:
                eta = raw.Mul(x=eta, y=factors[i])
            velocity = native(momentums[slot.index]) if rolls else None
            move = _move if kernel else _move_in_pieces
            move(slot.weight, velocity, gradient, eta, beta, optimizer.nesterov)

    def _scalars(self, kind, factor):
        """Learning rate times a factor, momentum, and what decay leaves of a weight.

        As in Keras all pass through float32, whatever the variables are.
        """
        optimizer, rest = self.optimizer, None
        rate = optimizer._learning_rate
        rate = _read(rate.value) if isinstance(rate, keras.Variable) else optimizer.learning_rate
        eta = rate if getattr(rate, "dtype", None) is kind else keras.ops.cast(rate, kind)
        if optimizer.weight_decay is not None:
            rest = 1 - eta * _constant(optimizer.weight_decay, kind)
        if not isinstance(factor, float) or factor != 1.0:
            eta = eta * factor
        return eta, _constant(optimizer.momentum, kind), rest

    def _clip(self, gradients, factor):
        """The gradients, and what they are still to be multiplied with: all, and each its own."""
        optimizer = self.optimizer
        clip = clip_in_force(optimizer)
        if clip == "clipvalue":
            bound = optimizer.clipvalue / factor
            gradients = [sgd.clip_by_value(gradient, bound, keras.ops) for gradient in gradients]
        if clip == "clipnorm":
            limit = optimizer.clipnorm
            lengths = [_length([gradient]) * factor for gradient in gradients]
            return gradients, factor, [limit / tf.maximum(length, limit) for length in lengths]
        if clip == "global_clipnorm":
            length, limit = _length(gradients) * factor, optimizer.global_clipnorm
            # As in Keras, one inf or nan makes every gradient nan.
            factor = factor * limit * tf.minimum(1 / length, 1 / limit) + (length - length)
        return gradients, factor, None

    def _average(self):
        """Follow the weights, and overwrite them where that is due: all, moved or not."""
        optimizer = self.optimizer
        kept = zip(optimizer._trainable_variables, optimizer._model_variables_moving_average)
        pairs = [(native(weight), native(mean)) for weight, mean in kept if mean is not None]
        # Up to the first update the average is the weights, so there is no bias to correct.
        first = optimizer.gradient_accumulation_steps or 1
        calls = _read(optimizer._iterations.value)
        later = raw.GreaterEqual(x=calls, y=_constant(first, calls.dtype))
        kinds = {average.dtype for _, average in pairs}
        stays = {kind: tf.cast(later, kind) * optimizer.ema_momentum for kind in kinds}
        pulls = {kind: 1 - kept for kind, kept in stays.items()}
        for weight, average in pairs:
            _follow(average, weight, stays[average.dtype], pulls[average.dtype])
        if optimizer.ema_overwrite_frequency:
            due = sgd.overwrite_is_due(optimizer.iterations, optimizer.ema_overwrite_frequency)

            def overwrite():
                for weight, average in pairs:
                    _write(weight, _read(average))

            either(due, overwrite, nothing)


# ---- one variable ----------------------------------------------------------------------


def _add(total, gradient, factor):
    if _has_kernel(total):
        apply_gradient_descent(
            var=total.handle, alpha=_constant(-factor, total.dtype), delta=gradient
        )
    else:
        total.assign(sgd.accumulate(total, gradient if factor == 1.0 else gradient * factor))


def _move(weight, velocity, gradient, eta, beta, nesterov):
    if velocity is None:
        apply_gradient_descent(var=weight.handle, alpha=eta, delta=gradient)
    else:
        apply_momentum(
            var=weight.handle,
            accum=velocity.handle,
            lr=eta,
            grad=gradient,
            momentum=beta,
            use_nesterov=nesterov,
        )


def _move_in_pieces(weight, velocity, gradient, eta, beta, nesterov):
    if velocity is None:
        weight.assign_sub(sgd.descent(gradient, eta), read_value=False)
        return
    rolled = sgd.next_velocity(velocity, gradient, eta, beta)
    velocity.assign(rolled, read_value=False)
    ahead = sgd.next_velocity(rolled, gradient, eta, beta) if nesterov else rolled
    weight.assign_add(ahead, read_value=False)


def _constant(number, kind):
    """A number as a tensor, through float32; in an eager loop it is made once."""
    return _made_once(number, kind) if tf.executing_eagerly() else _made(number, kind)


def _made(number, kind):
    if kind.is_integer:
        return tf.constant(number, kind)
    return tf.cast(tf.constant(number, tf.float32), kind)


_made_once = functools.lru_cache(maxsize=256)(_made)


def _read(variable):
    return raw.ReadVariableOp(resource=variable.handle, dtype=variable.dtype)


def _write(variable, value):
    raw.AssignVariableOp(resource=variable.handle, value=value)


def _has_kernel(weight):
    """Not under XLA, which fuses the plain form itself, nor for bfloat16 on a GPU."""
    return not (under_xla() or weight.dtype == tf.bfloat16 and _on_gpu(weight))


def _on_gpu(weight):
    return "GPU" in weight.device


def _length(gradients):
    squares = raw.AddN(inputs=[raw.L2Loss(t=gradient) for gradient in gradients])
    return tf.sqrt(squares + squares)


def _follow(average, weight, kept, pull):
    """Move an average towards its weight: kept is the share of it that stays, pull the rest."""
    if _has_kernel(average):
        # average * (1 - pull) + weight * pull, as a step of `pull` towards the weight
        away = raw.Sub(x=_read(average), y=_read(weight))
        apply_gradient_descent(var=average.handle, alpha=pull, delta=away)
    else:
        average.assign(sgd.moving_average(average, weight, kept), read_value=False)
