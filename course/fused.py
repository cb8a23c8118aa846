"""The step in one pass over memory: TensorFlow's fused kernels, held equal to `course.sgd`.

`ResourceApplyKerasMomentum` and `ResourceApplyGradientDescent` are TensorFlow's own kernels
for Keras's rule: they read a weight, its velocity and its gradient once and write in place.
What only scales a gradient (loss scale, mean, norm clip) becomes one factor of the learning
rate. `facts_for` says which calls can go this way; `course.keras_sgd` does all others.
"""

import functools
import math
from typing import NamedTuple

import tensorflow as tf
from tensorflow.python.ops import control_flow_util

from course import sgd
from course.arguments import asks_for_more, clip_in_force
from course.quietly import keras

raw = tf.raw_ops  # in an eager loop most of a step is Python: these go past the dispatchers
descend = raw.ResourceApplyGradientDescent
roll = raw.ResourceApplyKerasMomentum

#: Types with digits enough for a folded factor; float16 and bfloat16 keep Keras's own order.
FOLDS = (tf.float32, tf.float64)
BARE = (*FOLDS, tf.float16, tf.bfloat16)


class Facts(NamedTuple):
    """What a call needs to know of a variable, and nobody can change without saying so.

    place: its number among the optimizer's variables.
    """

    variable: object
    weight: tf.Variable
    kind: tf.DType
    shape: tf.TensorShape
    decays: bool
    place: int


class Notebook:
    """An optimizer's facts by variable; a plain object, so that Keras does not track them."""

    def __init__(self):
        self.by_id = {}


def facts_for(optimizer, gradients, variables):
    """The facts of each variable where the kernels can serve a call, else None.

    They serve dense gradients of their variables' types and shapes, without a distribution
    strategy; and float16 and bfloat16 only for the bare rule.
    """
    if not optimizer.built or not gradients or tf.distribute.has_strategy():
        return None
    if len(gradients) != len(variables) or (optimizer.momentum and not optimizer.momentums):
        return None
    kinds = FOLDS if asks_for_more(optimizer) else BARE
    known, found = optimizer._notebook.by_id, []
    for gradient, variable in zip(gradients, variables):
        facts = known.get(id(variable))
        if facts is None or facts.variable is not variable:
            facts = _look_up(optimizer, variable)
        if (
            facts is None
            or not isinstance(gradient, tf.Tensor)
            or gradient.dtype is not facts.kind
            or facts.kind not in kinds
            or gradient.shape != facts.shape
            or as_tf(variable) is not facts.weight
        ):
            return None
        found.append(facts)
    if len({facts.place for facts in found}) < len(found):
        return None
    # Under XLA on a GPU a condition is dear; the composed form chooses between results instead.
    accumulates = optimizer.gradient_accumulation_steps and _on_gpu(found[0].weight)
    return None if accumulates and under_xla() else found


def _look_up(optimizer, variable):
    """The facts of one variable; None for one the kernels never serve."""
    place = optimizer._trainable_variables_indices.get(optimizer._var_key(variable))
    if place is None or getattr(variable, "overwrite_with_gradient", False):
        return None
    weight = as_tf(variable)
    decays = optimizer._use_weight_decay(weight)
    facts = Facts(variable, weight, weight.dtype, weight.shape, decays, place)
    optimizer._notebook.by_id[id(variable)] = facts
    return facts


def as_tf(variable):
    """The TensorFlow variable in a Keras variable."""
    return variable.value if isinstance(variable, keras.Variable) else variable


def update(optimizer, gradients, facts):
    """All stages of one call, in place: from unscaling to the count."""
    scale, factor = optimizer.loss_scale_factor, 1.0
    if under_xla():  # as in Keras's graph all gradients become arguments of the program first
        gradients = raw.IdentityN(input=list(gradients))
    if scale is not None and math.frexp(scale)[0] == 0.5:
        factor = 1.0 / scale  # a power of two: exact, wherever it is multiplied in
    elif scale is not None:
        gradients = [sgd.unscale(gradient, scale) for gradient in gradients]
    if optimizer.gradient_accumulation_steps:
        _accumulate_and_step(optimizer, gradients, facts, factor)
    else:
        _step(optimizer, gradients, facts, factor)
    if optimizer.use_ema:
        _average(optimizer)
    for each in facts:
        if each.variable.constraint is not None:
            each.weight.assign(each.variable.constraint(each.variable))
    count = optimizer._iterations.value
    raw.AssignAddVariableOp(resource=count.handle, value=_constant(1, count.dtype))


def _accumulate_and_step(optimizer, gradients, facts, factor):
    steps = optimizer.gradient_accumulation_steps

    totals = [as_tf(optimizer._accumulated_gradients[each.place]) for each in facts]

    def add():
        for total, gradient in zip(totals, gradients):
            _add(total, gradient, factor)

    def step():
        _step(optimizer, [_read(total) for total in totals], facts, 1.0 / steps)
        for total in optimizer._accumulated_gradients:
            _write(total.value, raw.ZerosLike(x=_read(total.value)))

    def add_and_step():
        add()
        step()

    due = (_read(optimizer._iterations.value) + 1) % steps == 0
    if tf.executing_eagerly() or not _on_gpu(facts[0].weight):
        add()
        _where_due(due, step)
    else:
        # To know `due` is to wait for the GPU; so nothing is begun there before it is known.
        keras.ops.cond(due, add_and_step, add)


def _add(total, gradient, factor):
    if _has_kernel(total):
        descend(var=total.handle, alpha=_constant(-factor, total.dtype), delta=gradient)
    else:
        total.assign(sgd.accumulate(total, gradient if factor == 1.0 else gradient * factor))


def _where_due(due, act):
    if tf.executing_eagerly():
        if due:
            act()
    else:
        keras.ops.cond(due, act, lambda: None)


def _step(optimizer, gradients, facts, factor):
    """Clip, decay and move, with `factor` still to be multiplied into the gradients."""
    gradients, shared, factors = _clip(optimizer, gradients, factor)
    decays, momentums = optimizer.weight_decay is not None, optimizer.momentums
    rolls = optimizer.momentum != 0
    kernel = _has_kernel(facts[0].weight)
    scalars = {kind: _scalars(optimizer, kind, shared) for kind in {each.kind for each in facts}}
    for i, (each, gradient) in enumerate(zip(facts, gradients)):
        eta, beta, rest = scalars[each.kind]
        if decays and each.decays:
            _write(each.weight, raw.Mul(x=_read(each.weight), y=rest))
        if factors:
            eta = raw.Mul(x=eta, y=factors[i])
        velocity = as_tf(momentums[each.place]) if rolls else None
        move = _move if kernel else _move_in_pieces
        move(each.weight, velocity, gradient, eta, beta, optimizer.nesterov)


def _move(weight, velocity, gradient, eta, beta, nesterov):
    if velocity is None:
        descend(var=weight.handle, alpha=eta, delta=gradient)
    else:
        roll(
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


def _scalars(optimizer, kind, factor):
    """Learning rate times a factor, momentum, and what decay leaves of a weight.

    As in Keras all pass through float32, whatever the variables are.
    """
    rate, rest = optimizer._learning_rate, None
    rate = _read(rate.value) if isinstance(rate, keras.Variable) else optimizer.learning_rate
    eta = rate if getattr(rate, "dtype", None) is kind else keras.ops.cast(rate, kind)
    if optimizer.weight_decay is not None:
        rest = 1 - eta * _constant(optimizer.weight_decay, kind)
    if not isinstance(factor, float) or factor != 1.0:
        eta = eta * factor
    return eta, _constant(optimizer.momentum, kind), rest


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


def under_xla():
    """Whether what is being traced will be compiled by XLA."""
    return not tf.executing_eagerly() and control_flow_util.GraphOrParentsInXlaContext(
        tf.compat.v1.get_default_graph()
    )


def _on_gpu(weight):
    return "GPU" in weight.device


def _clip(optimizer, gradients, factor):
    """The gradients, and what they are still to be multiplied with: all, and each its own."""
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


def _length(gradients):
    squares = raw.AddN(inputs=[raw.L2Loss(t=gradient) for gradient in gradients])
    return tf.sqrt(squares + squares)


def _average(optimizer):
    """Follow the weights, and overwrite them where that is due: all, moved or not."""
    kept = zip(optimizer._trainable_variables, optimizer._model_variables_moving_average)
    pairs = [(as_tf(weight), as_tf(average)) for weight, average in kept if average is not None]
    # Up to the first update the average is the weights, so there is no bias to correct.
    calls, first = _read(optimizer._iterations.value), optimizer.gradient_accumulation_steps or 1
    later = raw.GreaterEqual(x=calls, y=_constant(first, calls.dtype))
    kinds = {average.dtype for _, average in pairs}
    stays = {kind: tf.cast(later, kind) * optimizer.ema_momentum for kind in kinds}
    pulls = {kind: 1 - kept for kind, kept in stays.items()}
    for weight, average in pairs:
        pull = pulls[average.dtype]
        if _has_kernel(average):
            # average * (1 - pull) + weight * pull, as a step of `pull` towards the weight
            away = raw.Sub(x=_read(average), y=_read(weight))
            descend(var=average.handle, alpha=pull, delta=away)
        else:
            kept = stays[average.dtype]
            average.assign(sgd.moving_average(average, weight, kept), read_value=False)
    if optimizer.ema_overwrite_frequency:
        due = sgd.overwrite_is_due(optimizer.iterations, optimizer.ema_overwrite_frequency)

        def overwrite():
            for weight, average in pairs:
                _write(weight, _read(average))

        _where_due(due, overwrite)
