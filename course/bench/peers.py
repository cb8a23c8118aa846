"""One step of other libraries' SGD, as peers of ours in the same run, where they are installed.

Only what is the same rule up to the unit of the velocity is asked of them: plain SGD, momentum
and Nesterov. PyTorch's `torch.optim.SGD(fused=True)` steps eagerly; optax's is compiled by XLA,
with its buffers donated.
"""

import importlib.util

#: Mode -> the library, and what a table calls it.
PEERS = {"eager": ("torch", "PyTorch fused"), "xla": ("optax", "optax")}
RULES = ("plain", "momentum", "Nesterov")


def peer(mode, name, arguments, weights, gradients):
    """A function that takes one step on copies of the weights; None where there is none.

    mode:    of `step.MODES`; name: of `step.ARGUMENTS`; arguments: of Keras's SGD.
    weights, gradients: lists of float32 arrays.
    """
    library, _ = PEERS.get(mode, ("", ""))
    if name not in RULES or not library or not importlib.util.find_spec(library):
        return None
    step = {"torch": _torch, "optax": _optax}[library](weights, gradients, arguments)
    for _ in range(3):  # it is compiled, and its threads are started
        step()
    return step


def _torch(weights, gradients, arguments):
    import torch

    variables = [torch.nn.Parameter(torch.tensor(each)) for each in weights]
    for variable, gradient in zip(variables, gradients):
        variable.grad = torch.tensor(gradient)
    return torch.optim.SGD(variables, 0.01, fused=True, **arguments).step


def _optax(weights, gradients, arguments):
    import jax
    import optax

    rule = optax.sgd(0.01, arguments.get("momentum"), nesterov="nesterov" in arguments)
    weights, gradients = (list(map(jax.numpy.asarray, each)) for each in (weights, gradients))

    def update(weights, state, gradients):
        moves, state = rule.update(gradients, state, weights)
        return optax.apply_updates(weights, moves), state

    compiled, kept = jax.jit(update, donate_argnums=(0, 1)), [weights, rule.init(weights)]

    def step():
        kept[:] = compiled(*kept, gradients)
        jax.block_until_ready(kept[0])

    return step
