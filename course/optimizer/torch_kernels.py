"""The step in few passes over memory: PyTorch's kernels over lists of tensors, for `course.SGD`.

`_fused_sgd_` is PyTorch's own kernel for SGD. Its velocity is in the gradient's unit; given
gradients that the learning rate has scaled already, and a rate of -1, it computes Keras's
rule. `_foreach_*` do one thing to all tensors of a list in one call. What only scales a
gradient (loss scale, mean, clip) becomes one factor of the learning rate. A test holds
all of it equal to `course.sgd`; `Kernels.slots_for` says which calls can go this way.
"""

from typing import NamedTuple

import torch

from course import sgd
from course.arguments import asks_for_more, clip_in_force
from course.quietly import keras

#: Types with digits enough for a folded factor; float16 and bfloat16 keep Keras's own order.
FOLDS = (torch.float32, torch.float64)
BARE = (*FOLDS, torch.float16, torch.bfloat16)
DEVICES = ("cpu", "cuda")  # those that have the fused kernel


class Slots(NamedTuple):
    """What a call for one list of variables needs to know.

    velocities, totals: one tensor per variable; empty where the optimizer keeps none.
    decaying: the weights that `weight_decay` acts on.
    """

    variables: list
    weights: list[torch.Tensor]
    velocities: list[torch.Tensor]
    totals: list[torch.Tensor]
    decaying: list[torch.Tensor]


class Kernels:
    """The kernels for one optimizer, with the methods of `kernels.NoKernels`.

    Nothing is kept from call to call: a tensor can change unseen, through its `data`.
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer

    def slots_for(self, gradients, variables):
        """The `Slots` of these variables where the kernels can serve a call, else None.

        They serve dense gradients of their variables' type and shape, all variables being of one
        type and on one device; and float16 and bfloat16 only for the bare rule on a GPU.
        """
        optimizer = self.optimizer
        stateless = keras.src.backend.in_stateless_scope()
        if not optimizer.built or stateless or torch.compiler.is_compiling():
            return None
        if len(gradients) != len(variables) or (optimizer.momentum and not optimizer.momentums):
            return None
        slots = self._look_up(variables)
        if slots is None:
            return None
        first = slots.weights[0]
        # On CPUs the fused kernel is wrong in half precision: PyTorch's issue 191763.
        halves = not asks_for_more(optimizer) and first.device.type != "cpu"
        served = first.dtype in (BARE if halves else FOLDS) and first.device.type in DEVICES
        alike = all(
            tensor.dtype is first.dtype and tensor.device == first.device
            for tensor in (*slots.weights, *slots.velocities, *slots.totals)
        )
        rolls = all(w.stride() == v.stride() for w, v in zip(slots.weights, slots.velocities))
        fit = served and alike and rolls and all(map(_fits, gradients, slots.weights))
        return slots if fit else None

    def _look_up(self, variables):
        """The slots of some variables; None where there is one that the kernels never serve."""
        optimizer = self.optimizer
        if any(not isinstance(v, keras.Variable) or v.overwrite_with_gradient for v in variables):
            return None
        known = optimizer._trainable_variables_indices
        indices = [known.get(optimizer._var_key(variable)) for variable in variables]
        if None in indices or len({*indices}) != len(indices):
            return None

        def tensors(kept):
            return [kept[index]._value for index in indices]

        weights = [variable._value for variable in variables]
        sums = optimizer.gradient_accumulation_steps
        return Slots(
            variables,
            weights,
            tensors(optimizer.momentums) if optimizer.momentum else [],
            tensors(optimizer._accumulated_gradients) if sums else [],
            [weight for weight, each in zip(weights, variables) if self._decays(each)],
        )

    def _decays(self, variable):
        decays = self.optimizer.weight_decay is not None
        return decays and self.optimizer._use_weight_decay(variable)

    @torch.no_grad()
    def step(self, gradients, slots):
        """All stages of one call, in place: from unscaling to the count."""
        optimizer = self.optimizer
        count = optimizer._iterations._value
        steps, factor = optimizer.gradient_accumulation_steps or 1, 1.0
        # On a GPU to read is to wait until it has done all that it was told to do before.
        calls = count.item() if steps > 1 or optimizer.use_ema else 0
        if optimizer.loss_scale_factor is not None:
            factor = 1.0 / optimizer.loss_scale_factor
        due = (calls + 1) % steps == 0
        if steps > 1:
            torch._foreach_add_(slots.totals, gradients, alpha=factor)
            gradients, factor = slots.totals, 1.0 / steps
        if due:
            self._clip_decay_and_move(gradients, slots, factor)
        if due and steps > 1:
            torch._foreach_zero_([total._value for total in optimizer._accumulated_gradients])
        if optimizer.use_ema:
            self._average(calls // steps)
        for variable in slots.variables:
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable))
        count.add_(1)

    def _clip_decay_and_move(self, gradients, slots, factor):
        """Clip, decay and move, with `factor` still to be multiplied into the gradients."""
        optimizer = self.optimizer
        rate = float(optimizer.learning_rate)
        gradients, factor = self._clip(gradients, factor)
        if optimizer.weight_decay is not None and slots.decaying:
            torch._foreach_mul_(slots.decaying, 1 - rate * optimizer.weight_decay)
        _move(slots, gradients, rate * factor, optimizer.momentum, optimizer.nesterov)

    def _clip(self, gradients, factor):
        """The gradients, and what they are still to be multiplied with: all, or each its own."""
        clip = clip_in_force(self.optimizer)
        if clip == "clipvalue":
            bound = self.optimizer.clipvalue / factor
            gradients = [sgd.clip_by_value(gradient, bound, keras.ops) for gradient in gradients]
        elif clip is not None:
            limit = getattr(self.optimizer, clip)
            lengths = torch.stack(torch._foreach_norm(gradients)) * factor
            if clip == "clipnorm":
                return gradients, factor * limit / lengths.clamp(min=limit)
            length = torch.linalg.vector_norm(lengths)
            # As in Keras, one inf or nan makes every gradient nan.
            factor = factor * limit * (1 / length).clamp(max=1 / limit) + (length - length)
        return gradients, factor

    def _average(self, updates):
        """Follow the weights, and overwrite them where that is due: all, moved or not."""
        optimizer = self.optimizer
        kept = zip(optimizer._trainable_variables, optimizer._model_variables_moving_average)
        pairs = [(weight._value, average._value) for weight, average in kept if average is not None]
        weights, averages = map(list, zip(*pairs))
        # The first update copies the weights, so there is no bias to correct.
        pull = 1 - optimizer.ema_momentum if updates else 1.0
        torch._foreach_lerp_(averages, weights, pull)
        frequency = optimizer.ema_overwrite_frequency
        if frequency and sgd.overwrite_is_due(updates, frequency):
            torch._foreach_copy_(weights, averages)


def _fits(gradient, weight):
    return (
        type(gradient) is torch.Tensor
        and gradient.dtype is weight.dtype
        and gradient.shape == weight.shape
        and gradient.device == weight.device
        and gradient.layout is torch.strided
        and weight.is_contiguous()
    )


def _move(slots, gradients, rate, momentum, nesterov):
    """The rule that momentum and nesterov choose.

    rate: the learning rate with all factors: a number; a tensor; or a vector, one for each.
    """
    if isinstance(rate, float) and not momentum:
        torch._foreach_add_(slots.weights, gradients, alpha=-rate)
        return
    # The kernel's `dampening` could scale them in the same pass, but it loses digits on a GPU.
    scales = -rate if isinstance(rate, float) or rate.dim() == 0 else (-rate).unbind()
    moves = torch._foreach_mul(gradients, scales)
    if momentum:
        _apply_momentum(slots, moves, momentum, nesterov)
    else:
        torch._foreach_add_(slots.weights, moves)


def _apply_momentum(slots, moves, momentum, nesterov):
    """velocity ← momentum · velocity + move; the weights follow it."""
    moves = [
        move if move.stride() == weight.stride() else torch.empty_like(weight).copy_(move)
        for move, weight in zip(moves, slots.weights)
    ]
    torch._fused_sgd_(
        slots.weights,
        moves,
        slots.velocities,
        weight_decay=0.0,
        momentum=momentum,
        lr=-1.0,
        dampening=0.0,
        nesterov=nesterov,
        maximize=False,
        is_first_step=False,
    )
