"""The step in one pass over memory: TensorFlow's fused kernels, held equal to `course.sgd`.

`ResourceApplyKerasMomentum` and `ResourceApplyGradientDescent` are TensorFlow's own kernels
for Keras's rule: they read a weight, its velocity and its gradient once and write in place.
What only scales a gradient (loss scale, mean, norm clip) becomes one factor of the learning
rate. `serves` says which calls can go this way; `course.keras_sgd` does all others.
"""

import math

import tensorflow as tf
from tensorflow.python.ops import control_flow_util

from course import sgd
from course.quietly import keras

descend = tf.raw_ops.ResourceApplyGradientDescent
roll = tf.raw_ops.ResourceApplyKerasMomentum

#: Types with digits enough for a folded factor; float16 and bfloat16 keep Keras's own order.
FOLDS = (tf.float32, tf.float64)


def serves(optimizer, gradients, variables):
    """Whether a call can go through the kernels: dense, of one type, on one device.

    Shapes: gradients and variables are lists of one length.
    """
    if not gradients or tf.distribute.has_strategy():
        return False
    allowed = FOLDS if _does_more_than_move(optimizer) else (*FOLDS, tf.float16, tf.bfloat16)
    return all(
        isinstance(gradient, tf.Tensor)
        and gradient.dtype == variable.dtype
        and gradient.dtype in allowed
        for gradient, variable in zip(gradients, variables)
    )


def _does_more_than_move(optimizer):
    return optimizer.use_ema or any(
        getattr(optimizer, name) is not None
        for name in (
            "loss_scale_factor",
            "gradient_accumulation_steps",
            "clipnorm",
            "clipvalue",
            "global_clipnorm",
            "weight_decay",
        )
    )


def update(optimizer, gradients, variables):
    """All stages of one call but the first and the last: from unscaling to the constraints."""
    weights = [
        variable.value if isinstance(variable, keras.Variable) else variable
        for variable in variables
    ]
    scale, factor = optimizer.loss_scale_factor, 1.0
    if scale is not None and math.frexp(scale)[0] == 0.5:
        factor = 1.0 / scale  # a power of two: exact, wherever it is multiplied in
    elif scale is not None:
        gradients = [sgd.unscale(gradient, scale) for gradient in gradients]
    steps = optimizer.gradient_accumulation_steps
    if not steps:
        _step(optimizer, gradients, weights, factor)
    else:
        _accumulate_and_step(optimizer, gradients, weights, factor, steps)
    if optimizer.use_ema:
        _average(optimizer)
    for variable in variables:
        if getattr(variable, "constraint", None) is not None:
            variable.assign(variable.constraint(variable))


def _accumulate_and_step(optimizer, gradients, weights, factor, steps):
    sums = [optimizer._accumulated_gradients[_place(optimizer, w)].value for w in weights]
    for total, gradient in zip(sums, gradients):
        descend(var=total.handle, alpha=tf.constant(-factor, total.dtype), delta=gradient)

    def step():
        _step(optimizer, [total.read_value() for total in sums], weights, 1.0 / steps)
        for total in optimizer._accumulated_gradients:
            total.value.assign(tf.zeros_like(total.value))

    due = (optimizer._iterations.value + 1) % steps == 0
    if tf.executing_eagerly():
        if due:
            step()
    else:
        keras.ops.cond(due, step, lambda: None)


def _step(optimizer, gradients, weights, factor):
    """Clip, decay and move, with `factor` still to be multiplied into the gradients."""
    gradients, factors = _clip(optimizer, gradients, factor)
    rates, betas, decays = {}, {}, {}  # one scalar for each type
    for gradient, factor, weight in zip(gradients, factors, weights):
        kind = weight.dtype
        if kind not in rates:
            # As in Keras, a scalar passes through float32 whatever the variable is.
            rates[kind] = keras.ops.cast(optimizer.learning_rate, kind)
            betas[kind] = keras.ops.cast(optimizer.momentum, kind)
            decays[kind] = keras.ops.cast(optimizer.weight_decay or 0.0, kind)
        eta = rates[kind]
        if optimizer.weight_decay is not None and optimizer._use_weight_decay(weight):
            weight.assign(weight.read_value() * (1 - eta * decays[kind]))
        eta = eta if factor == 1.0 else eta * factor
        _move(optimizer, weight, gradient, eta, betas[kind])


def _place(optimizer, weight):
    return optimizer._trainable_variables_indices[weight._unique_id]


def _move(optimizer, weight, gradient, eta, beta):
    velocity = optimizer.momentums[_place(optimizer, weight)].value if optimizer.momentum else None
    if not _has_kernel(weight):
        moved, rolled = sgd.move(weight, velocity, gradient, eta, beta, optimizer.nesterov)
        if velocity is not None:
            velocity.assign(rolled)
        weight.assign(moved)
    elif velocity is None:
        descend(var=weight.handle, alpha=eta, delta=gradient)
    else:
        roll(
            var=weight.handle,
            accum=velocity.handle,
            lr=eta,
            grad=gradient,
            momentum=beta,
            use_nesterov=optimizer.nesterov,
        )


def _has_kernel(weight):
    """Not under XLA, which fuses the plain form itself, nor for bfloat16 on a GPU."""
    if weight.dtype == tf.bfloat16 and "GPU" in weight.device:
        return False
    return tf.executing_eagerly() or not control_flow_util.GraphOrParentsInXlaContext(
        tf.compat.v1.get_default_graph()
    )


def _clip(optimizer, gradients, factor):
    """The gradients, and for each the factor that it is still to be multiplied with."""
    if optimizer.clipvalue is not None:
        bound = optimizer.clipvalue / factor
        gradients = [sgd.clip_by_value(gradient, bound, keras.ops) for gradient in gradients]
    if optimizer.clipnorm is not None:
        return gradients, [
            factor
            * optimizer.clipnorm
            / tf.maximum(_length([gradient]) * factor, optimizer.clipnorm)
            for gradient in gradients
        ]
    if optimizer.global_clipnorm is not None:
        length = _length(gradients) * factor
        limit = optimizer.global_clipnorm
        # As in Keras, one inf or nan makes every gradient nan.
        shared = factor * limit * tf.minimum(1 / length, 1 / limit) + (length - length)
        return gradients, [shared] * len(gradients)
    return gradients, [factor] * len(gradients)


def _length(gradients):
    return tf.sqrt(2 * tf.add_n([tf.nn.l2_loss(gradient) for gradient in gradients]))


def _average(optimizer):
    averages = optimizer._model_variables_moving_average
    pairs = [
        (variable.value if isinstance(variable, keras.Variable) else variable, average.value)
        for variable, average in zip(optimizer._trainable_variables, averages)
        if average is not None
    ]
    first = optimizer.iterations == 0
    for weight, average in pairs:
        # average * kept + weight * (1 - kept), as a step of 1 - kept towards the weight
        pull = (
            1 - keras.ops.cast(keras.ops.logical_not(first), weight.dtype) * optimizer.ema_momentum
        )
        _step_towards(average, weight, pull)
    frequency = optimizer.ema_overwrite_frequency
    if not frequency:
        return

    def overwrite():
        for weight, average in pairs:
            weight.assign(average.read_value())

    due = sgd.overwrite_is_due(optimizer.iterations, frequency)
    if tf.executing_eagerly():
        if due:
            overwrite()
    else:
        keras.ops.cond(due, overwrite, lambda: None)


def _step_towards(average, weight, pull):
    if _has_kernel(average):
        descend(var=average.handle, alpha=pull, delta=average - weight)
    else:
        average.assign(sgd.moving_average(average, weight, 1 - pull))
