"""Stochastic gradient descent: one pure function for each argument of `keras.optimizers.SGD`.

The functions stand in the order in which a gradient meets them. `step`, at the end,
does nothing but call them, in the order in which Keras does
(`keras/src/optimizers/base_optimizer.py` and `sgd.py`, Keras 3.15).

Nothing here changes its arguments. The functions are plain arithmetic, so that they
take NumPy arrays and the tensors of TensorFlow, JAX and PyTorch alike; those that need
more than arithmetic take the library as `ops` (`numpy`, or `keras.ops`).
"""

import inspect
from typing import NamedTuple

import numpy as np

#: The order in which a call meets them, as in Keras. `step`, `course.SGD`, its kernels, the
#: picture and the sheet of chapter 11 are held to it by a test.
STAGES = (
    "drop missing",
    "unscale",
    "accumulate",
    "clip",
    "decay",
    "move",
    "average",
    "overwrite",
    "constrain",
    "count",
)

# ---- how far: learning_rate ---------------------------------------------------------


def current_learning_rate(learning_rate, calls):
    """The learning rate of this call: a number, a schedule's value or a function's answer.

    learning_rate: a number; a schedule, called with the count of calls; or a function
                   of no arguments, called with none.
    calls:  how often the optimizer was called before; with gradient accumulation
            these are calls, not updates.
    Units:  [variable / gradient].
    Source: `BaseOptimizer._get_current_learning_rate`.
    """
    if not callable(learning_rate):
        return learning_rate
    takes_count = len(inspect.signature(learning_rate).parameters) > 0
    return learning_rate(calls) if takes_count else learning_rate()


def like(array, number):
    """The number in the array's precision, so that their product has it, too."""
    return array.dtype.type(number)


# ---- which gradient: loss_scale_factor, gradient_accumulation_steps, clips -----------


def scale_loss(loss, loss_scale_factor):
    """Enlarge the loss before it is differentiated, so that small gradients survive float16.

    Shapes: any; loss_scale_factor is a scalar without unit, best a power of two.
    Source: Micikevicius et al. 2018, arXiv:1710.03740.
    """
    return loss * loss_scale_factor


def unscale(gradient, loss_scale_factor):
    """Undo `scale_loss` on a gradient, before anything else looks at its size.

    Shapes: any; loss_scale_factor is a scalar without unit.
    Source: Micikevicius et al. 2018, arXiv:1710.03740.
    """
    return gradient / loss_scale_factor


def accumulate(accumulator, gradient):
    """Add one more gradient to the running sum of a call that does not update.

    Shapes: accumulator and gradient share one shape.
    Source: `BaseOptimizer._backend_increment_gradient_accumulators`.
    """
    return gradient + accumulator


def mean_gradient(accumulator, gradient, gradient_accumulation_steps):
    """The mean over the running sum and the last gradient, on the call that updates.

    Shapes: accumulator and gradient share one shape; the steps are an integer.
    Source: `BaseOptimizer._backend_apply_gradients`.
    """
    return (gradient + accumulator) / gradient_accumulation_steps


def clip_by_value(gradient, clipvalue, ops=np):
    """Cut each entry to [-clipvalue, clipvalue]; the direction may turn.

    Shapes: any; clipvalue > 0 is a scalar in the gradient's unit. A nan passes.
    Source: `BaseOptimizer._clip_gradients`.
    """
    return ops.clip(gradient, -clipvalue, clipvalue)


def clip_by_norm(gradient, clipnorm, ops=np):
    """Shorten one variable's gradient to length clipnorm if it is longer; keep its direction.

    Shapes: any; clipnorm > 0 is a scalar in the gradient's unit. Zero stays zero.
    Source: Pascanu et al. 2013, arXiv:1211.5063; `tf.clip_by_norm`.
    """
    squares = ops.sum(ops.square(gradient))
    # The inner `where` keeps a zero gradient away from the square root, as Keras does.
    length = ops.where(
        squares > 0, ops.sqrt(ops.where(squares > 0, squares, ops.ones_like(squares))), squares
    )
    return gradient * clipnorm / ops.maximum(length, clipnorm)


def clip_by_global_norm(gradients, global_clipnorm, ops=np):
    """Shorten all gradients by one factor if together they are longer than global_clipnorm.

    Shapes: gradients is a list of arrays of any shapes; returns a list.
    Units:  global_clipnorm > 0 is a scalar in the gradient's unit.
    Errors: none; one inf or nan makes every returned entry nan, as in Keras.
    Source: Pascanu et al. 2013, arXiv:1211.5063; `keras.src.optimizers.base_optimizer`.
    """
    squares = ops.stack([ops.sum(ops.square(gradient)) for gradient in gradients])
    length = ops.sqrt(ops.sum(squares))
    scale = global_clipnorm * ops.minimum(1 / length, 1 / global_clipnorm)
    scale = scale + (length - length)  # nan where the length is inf or nan, else + 0
    return [gradient * scale for gradient in gradients]


def clip(gradients, clipnorm=None, clipvalue=None, global_clipnorm=None, ops=np):
    """Clip a list of gradients by the one threshold that is set, if one is.

    Shapes: as the three functions above; returns a list.
    Source: `BaseOptimizer._clip_gradients`.
    """
    if clipnorm is not None:
        return [clip_by_norm(g, like(g, clipnorm), ops) for g in gradients]
    if clipvalue is not None:
        return [clip_by_value(g, like(g, clipvalue), ops) for g in gradients]
    if global_clipnorm is not None:
        return clip_by_global_norm(gradients, like(gradients[0], global_clipnorm), ops)
    return gradients


# ---- how the weights move: weight_decay, momentum, nesterov --------------------------


def decay(variable, learning_rate, weight_decay):
    """Shrink the weights towards zero, apart from the gradient ("decoupled").

    Shapes: any; the rates are scalars.
    Units:  weight_decay is [1 / learning_rate].
    Source: Loshchilov & Hutter 2019, arXiv:1711.05101; `BaseOptimizer._apply_weight_decay`.
    """
    return variable - variable * weight_decay * learning_rate


def descent(gradient, learning_rate):
    """What one step straight down the gradient takes off the variable.

    Shapes: the gradient's; learning_rate is a scalar.
    Units:  learning_rate is [variable / gradient].
    Source: Cauchy 1847; Robbins & Monro 1951, doi:10.1214/aoms/1177729586.
    """
    return gradient * learning_rate


def next_velocity(velocity, gradient, learning_rate, momentum):
    """The velocity after one more gradient; momentum is the part of it that friction leaves.

    Shapes: velocity and gradient share one shape; the rates are scalars.
    Units:  velocity is [variable]; learning_rate is [variable / gradient].
    Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5.
    """
    return velocity * momentum - descent(gradient, learning_rate)


def gradient_descent(variable, gradient, learning_rate):
    """One step straight down the gradient; returns the new variable.

    Shapes: variable and gradient share one shape; learning_rate is a scalar.
    Source: as `descent`.
    """
    return variable - descent(gradient, learning_rate)


def heavy_ball(variable, velocity, gradient, learning_rate, momentum):
    """One step with momentum; returns (variable, velocity).

    Shapes: variable, velocity and gradient share one shape; the rates are scalars.
    Source: as `next_velocity`.
    """
    velocity = next_velocity(velocity, gradient, learning_rate, momentum)
    return variable + velocity, velocity


def nesterov_momentum(variable, velocity, gradient, learning_rate, momentum):
    """One step with Nesterov momentum as Keras writes it; returns (variable, velocity).

    The variable is the look-ahead point, one more velocity on: Nesterov's own weights are
    variable - momentum * velocity.

    Shapes: variable, velocity and gradient share one shape; the rates are scalars.
    Source: Nesterov 1983; Sutskever et al. 2013; `keras/src/optimizers/sgd.py`.
    """
    velocity = next_velocity(velocity, gradient, learning_rate, momentum)
    return variable + next_velocity(velocity, gradient, learning_rate, momentum), velocity


def move(variable, velocity, gradient, learning_rate, momentum, nesterov):
    """One step by the rule that velocity and nesterov choose; returns (variable, velocity).

    Shapes: as the three functions above; velocity is None where there is no momentum.
    Source: `keras/src/optimizers/sgd.py`, `SGD.update_step`.
    """
    if velocity is None:
        return gradient_descent(variable, gradient, learning_rate), None
    rule = nesterov_momentum if nesterov else heavy_ball
    return rule(variable, velocity, gradient, learning_rate, momentum)


# ---- what is kept: use_ema, ema_momentum, ema_overwrite_frequency --------------------


def moving_average(average, variable, ema_momentum):
    """Pull the average towards the weights; ema_momentum is the part of it that stays.

    Shapes: average and variable share one shape; ema_momentum is a scalar in [0, 1].
    Source: Polyak & Juditsky 1992, doi:10.1137/0330046;
            `BaseOptimizer._update_model_variables_moving_average`.
    """
    return average * ema_momentum + variable * (1 - ema_momentum)


def overwrite_is_due(updates, ema_overwrite_frequency):
    """Whether the weights become their average after this call; `updates` are those before it.

    Source: `BaseOptimizer._backend_apply_gradients`.
    """
    return (updates + 1) % ema_overwrite_frequency == 0


# ---- all of it: one step -------------------------------------------------------------


class State(NamedTuple):
    """What SGD remembers between calls: three lists with an array per variable, and a count."""

    velocity: list
    accumulator: list
    average: list
    calls: int = 0


def initial_state(variables):
    """The state before the first call: zeros in the shapes and dtypes of the variables."""
    return State(*([np.zeros_like(variable) for variable in variables] for _ in range(3)))


def step(
    variables,
    gradients,
    state,
    *,
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
    decays=None,
    constraints=None,
    ops=np,
):
    """One call of Keras's SGD on lists of NumPy arrays; returns (variables, state).

    variables, gradients: lists of arrays, equal in shape one by one; a gradient may be
                          None: then its variable rests (no decay, no velocity).
    state:       from `initial_state` or the call before.
    decays:      one bool per variable, False where `weight_decay` must not act.
    constraints: one function, or None, per variable, applied last.
    ops:         what the clips take norms with; others than NumPy's can take one for each row, if
                 the variables hold one walker in each, with a learning rate and a momentum.
    Errors:      ValueError where no gradient is given or a shape does not match.
    Source:      Keras 3.15, `BaseOptimizer.apply`; the arguments are Keras's.
    """
    present = _present(variables, gradients)
    gradients = [gradients[i] for i in present]
    variables, velocity, accumulator, averages = map(list, (variables, *state[:3]))
    count = gradient_accumulation_steps or 1
    updates = state.calls // count  # what Keras calls `optimizer.iterations`

    if loss_scale_factor is not None:
        gradients = [unscale(g, like(g, loss_scale_factor)) for g in gradients]
    if (state.calls + 1) % count:
        for i, g in zip(present, gradients):
            accumulator[i] = accumulate(accumulator[i], g)
    else:
        if count > 1:
            gradients = [
                mean_gradient(accumulator[i], g, count) for i, g in zip(present, gradients)
            ]
            accumulator = [np.zeros_like(total) for total in accumulator]
        gradients = clip(gradients, clipnorm, clipvalue, global_clipnorm, ops)
        # Keras on TensorFlow passes these three through float32, whatever the variables are.
        rate = np.float32(current_learning_rate(learning_rate, state.calls))
        momentum, shrinkage = np.float32(momentum), np.float32(weight_decay or 0.0)
        for i, g in zip(present, gradients):
            w, eta, beta = variables[i], like(variables[i], rate), like(variables[i], momentum)
            if weight_decay is not None and (decays is None or decays[i]):
                w = decay(w, eta, like(w, shrinkage))
            g = np.asarray(g, w.dtype)
            rolling = velocity[i] if np.any(momentum) else None
            variables[i], rolling = move(w, rolling, g, eta, beta, nesterov)
            velocity[i] = velocity[i] if rolling is None else rolling
    if use_ema:
        # The first update copies the weights, so there is no bias to correct.
        kept = ema_momentum if updates else 0.0
        averages = [moving_average(a, w, like(w, kept)) for a, w in zip(averages, variables)]
        if ema_overwrite_frequency and overwrite_is_due(updates, ema_overwrite_frequency):
            variables = list(averages)
    if constraints is not None:
        for i in (i for i in present if constraints[i] is not None):
            variables[i] = constraints[i](variables[i])
    return variables, State(velocity, accumulator, averages, state.calls + 1)


def _present(variables, gradients):
    """The positions that have a gradient, after the shapes were compared."""
    if len(variables) != len(gradients):
        raise ValueError(
            f"{len(variables)} variables need as many gradients; got {len(gradients)}."
        )
    present = [i for i, gradient in enumerate(gradients) if gradient is not None]
    if not present:
        raise ValueError("Every gradient is None; give at least one variable a gradient.")
    for i in present:
        if np.shape(gradients[i]) != np.shape(variables[i]):
            raise ValueError(
                f"Gradient {i} must have its variable's shape {np.shape(variables[i])}; "
                f"got {np.shape(gradients[i])}."
            )
    return present
