"""The kernels that serve an optimizer: TensorFlow's, PyTorch's, or none; and what all of them have.

JAX needs none, as its compiler fuses the composed step itself.
"""

from course.optimizer.backend import BACKEND


class NoKernels:
    """What serves the calls of one optimizer: here, none of them."""

    def __init__(self, optimizer):
        self.optimizer = optimizer

    def slots_for(self, gradients, variables):
        """What `step` needs to know of the variables; None for a call that it cannot serve."""
        return None

    def step(self, gradients, slots):
        """All stages of one call, in place: from unscaling to the count."""
        raise NotImplementedError


def kernels_of(optimizer):
    """The kernels for one optimizer on the backend in use, with the methods of `NoKernels`."""
    if BACKEND == "tensorflow":
        from course.optimizer.tensorflow_kernels import Kernels
    elif BACKEND == "torch":
        from course.optimizer.torch_kernels import Kernels
    else:
        Kernels = NoKernels
    return Kernels(optimizer)
