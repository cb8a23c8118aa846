"""The step in few passes over memory: PyTorch's kernels over lists of tensors, for `course.SGD`.

`_fused_sgd_` is PyTorch's own kernel for SGD. Its velocity is in the gradient's unit; given
gradients that the learning rate has scaled already, and a rate of -1, it computes Keras's
rule. `_foreach_*` do one thing to all tensors of a list in one call. What only scales a
gradient (loss scale, mean, clip) becomes one factor of the learning rate. A test holds
all of it equal to `course.sgd`; `facts_for` says which calls can go this way.
"""

from typing import NamedTuple

import torch

from course import sgd
from course.quietly import keras

#: Types with digits enough for a folded factor; float16 and bfloat16 keep Keras's own order.
FOLDS = (torch.float32, torch.float64)
BARE = (*FOLDS, torch.float16, torch.bfloat16)
DEVICES = ("cpu", "cuda")  # those that have the fused kernel


class Facts(NamedTuple):
    """What the calls for one list of variables need to know, looked up once.

    velocities, totals: one tensor per variable; empty where the optimizer keeps none.
    decaying: the weights that `weight_decay` acts on.
    """

    variables: list
    weights: list[torch.Tensor]
    velocities: list[torch.Tensor]
    totals: list[torch.Tensor]
    decaying: list[torch.Tensor]


class Notebook:
    """An optimizer's facts, and numbers read from the device; Keras does not track it."""

    def __init__(self):
        self.facts = None
        self.numbers = {}

    def number(self, name, tensor):
        """The tensor's number. It is read again only where somebody has written to the tensor.

        To read is to wait until the device has done all that it was told to do before.
        """
        kept, version, number = self.numbers.get(name, (None, None, None))
        if kept is not tensor or version != tensor._version:
            number = tensor.item()
            self.numbers[name] = tensor, tensor._version, number
        return number


def facts_for(optimizer, gradients, variables):
    """The facts of these variables where the kernels can serve a call, else None.

    They serve dense gradients of their variables' type and shape, all variables being of one
    type and on one device; and float16 and bfloat16 only for the bare rule on a GPU.
    """
    stateless = keras.src.backend.in_stateless_scope()
    if not optimizer.built or stateless or torch.compiler.is_compiling():
        return None
    facts = optimizer._notebook.facts
    if facts is None or not _all_are(variables, facts.variables):
        facts = optimizer._notebook.facts = _look_up(optimizer, list(variables))
    if facts is None or len(gradients) != len(facts.weights):
        return None
    first = facts.weights[0]
    # On CPUs the fused kernel is wrong in half precision: PyTorch's issue 191763.
    halves = not optimizer.does_more and first.device.type != "cpu"
    served = first.dtype in (BARE if halves else FOLDS)
    fit = all(map(_fits, gradients, facts.weights, facts.variables))
    return facts if served and fit else None


def _fits(gradient, weight, variable):
    return (
        type(gradient) is torch.Tensor
        and gradient.dtype is weight.dtype
        and gradient.shape == weight.shape
        and gradient.device == weight.device
        and gradient.layout is torch.strided
        and variable._value is weight
        and weight.is_contiguous()
    )


def _all_are(given, known):
    return len(given) == len(known) and all(a is b for a, b in zip(given, known))


def _look_up(optimizer, variables):
    """The facts of some variables; None where there is one that the kernels never serve."""
    places = [
        optimizer._trainable_variables_indices.get(optimizer._var_key(variable))
        for variable in variables
    ]
    if None in places or len({*places}) != len(places):
        return None
    if any(not isinstance(v, keras.Variable) or v.overwrite_with_gradient for v in variables):
        return None

    def tensors(kept):
        return [kept[place]._value for place in places] if kept else []

    weights = [variable._value for variable in variables]
    facts = Facts(
        variables,
        weights,
        tensors(optimizer.momentums),
        tensors(getattr(optimizer, "_accumulated_gradients", None)),
        [w for w, variable in zip(weights, variables) if optimizer._use_weight_decay(variable)],
    )
    alike = len({(each.dtype, each.device) for each in [*weights, *facts.velocities]}) == 1
    fit = all(w.stride() == v.stride() for w, v in zip(weights, facts.velocities))
    return facts if alike and fit and weights[0].device.type in DEVICES else None


@torch.no_grad()
def update(optimizer, gradients, facts):
    """All stages of one call, in place: from unscaling to the count."""
    count = optimizer._iterations._value
    calls = optimizer._notebook.number("calls", count)
    steps, factor = optimizer.gradient_accumulation_steps or 1, 1.0
    if optimizer.loss_scale_factor is not None:
        factor = 1.0 / optimizer.loss_scale_factor
    due = (calls + 1) % steps == 0
    if steps > 1:
        torch._foreach_add_(facts.totals, gradients, alpha=factor)
        gradients, factor = facts.totals, 1.0 / steps
    if due:
        _step(optimizer, gradients, facts, factor)
    if due and steps > 1:
        torch._foreach_zero_([total._value for total in optimizer._accumulated_gradients])
    if optimizer.use_ema:
        _average(optimizer, calls // steps)
    for variable in facts.variables:
        if variable.constraint is not None:
            variable.assign(variable.constraint(variable))
    count.add_(1)
    optimizer._notebook.numbers["calls"] = count, count._version, calls + 1


def _step(optimizer, gradients, facts, factor):
    """Clip, decay and move, with `factor` still to be multiplied into the gradients."""
    rate = optimizer._learning_rate
    if isinstance(rate, keras.Variable):
        rate = optimizer._notebook.number("learning_rate", rate._value)
    else:
        rate = float(optimizer.learning_rate)
    gradients, factor = _clip(optimizer, gradients, factor)
    if optimizer.weight_decay is not None and facts.decaying:
        torch._foreach_mul_(facts.decaying, 1 - rate * optimizer.weight_decay)
    _move(facts, gradients, rate * factor, optimizer.momentum, optimizer.nesterov)


def _clip(optimizer, gradients, factor):
    """The gradients, and what they are still to be multiplied with: all, or each its own."""
    if optimizer.clipvalue is not None:
        bound = optimizer.clipvalue / factor
        gradients = [sgd.clip_by_value(gradient, bound, keras.ops) for gradient in gradients]
    limit = optimizer.clipnorm or optimizer.global_clipnorm
    if limit is not None:
        lengths = torch.stack(torch._foreach_norm(gradients)) * factor
        if optimizer.clipnorm is not None:
            return gradients, factor * limit / lengths.clamp(min=limit)
        length = torch.linalg.vector_norm(lengths)
        # As in Keras, one inf or nan makes every gradient nan.
        factor = factor * limit * (1 / length).clamp(max=1 / limit) + (length - length)
    return gradients, factor


def _move(facts, gradients, rate, momentum, nesterov):
    """The rule that momentum and nesterov choose.

    rate: the learning rate with all factors: a number; a tensor; or a vector, one for each.
    """
    if isinstance(rate, float) and not momentum:
        torch._foreach_add_(facts.weights, gradients, alpha=-rate)
        return
    # The kernel's `dampening` could scale them in the same pass, but it loses digits on a GPU.
    scales = -rate if isinstance(rate, float) or rate.dim() == 0 else (-rate).unbind()
    moves = torch._foreach_mul(gradients, scales)
    if momentum:
        _roll(facts, moves, momentum, nesterov)
    else:
        torch._foreach_add_(facts.weights, moves)


def _roll(facts, moves, momentum, nesterov):
    """velocity ← momentum · velocity + move; the weights follow it."""
    moves = [
        move if move.stride() == weight.stride() else torch.empty_like(weight).copy_(move)
        for move, weight in zip(moves, facts.weights)
    ]
    torch._fused_sgd_(
        facts.weights,
        moves,
        facts.velocities,
        weight_decay=0.0,
        momentum=momentum,
        lr=-1.0,
        dampening=0.0,
        nesterov=nesterov,
        maximize=False,
        is_first_step=False,
    )


def _average(optimizer, updates):
    """Follow the weights, and overwrite them where that is due: all, moved or not."""
    kept = zip(optimizer._trainable_variables, optimizer._model_variables_moving_average)
    pairs = [(weight._value, average._value) for weight, average in kept if average is not None]
    weights, averages = map(list, zip(*pairs))
    # The first update copies the weights, so there is no bias to correct.
    pull = 1 - optimizer.ema_momentum if updates else 1.0
    torch._foreach_lerp_(averages, weights, pull)
    frequency = optimizer.ema_overwrite_frequency
    if frequency and sgd.overwrite_is_due(updates, frequency):
        torch._foreach_copy_(weights, averages)
