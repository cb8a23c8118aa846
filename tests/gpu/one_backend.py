"""`course.SGD` on a GPU: held equal to Keras's SGD for every argument, and timed against the floor.

    KERAS_BACKEND=jax python -m tests.gpu.one_backend

Runs under whichever backend is set, prints one JSON object, and skips where there is no GPU;
with --anywhere it uses what there is. `python -m tests.gpu` runs it under all and prints tables.
"""

import json
import statistics
import sys
import time

import numpy as np

from course.bench.step import ARGUMENTS, WORKLOADS
from course.quietly import keras
from tests.other_backend import CASES

BACKEND = keras.backend.backend()
#: Bytes that must be moved for each float32 weight: the floor.
BYTES = {
    "plain": 12,
    "momentum": 20,
    "Nesterov": 20,
    "decay + clip": 24,
    "average": 28,
    "accumulate 4": (3 * 12 + 28) / 4,
}
SHAPES = [(), (7,), (33, 65), (512, 512)]


def gpu():
    """The GPU's name; None where the backend sees none."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        found = tf.config.list_physical_devices("GPU")
        details = [tf.config.experimental.get_device_details(each) for each in found[:1]]
        return details[0].get("device_name", "GPU") if found else None
    if BACKEND == "jax":
        import jax

        return jax.devices()[0].device_kind if jax.default_backend() == "gpu" else None
    import torch

    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else None


def finished(tensor):
    """Wait until everything that a tensor hangs on has been computed."""
    if BACKEND == "torch":
        import torch

        if torch.cuda.is_available():
            torch.cuda.synchronize()
    elif BACKEND == "jax":
        tensor.block_until_ready()
    else:
        import tensorflow as tf

        # The constant that the floor's `act` returns is there before a GPU has done its part.
        tf.test.experimental.sync_devices()


# ---- equal for every argument --------------------------------------------------------


def apart(arguments, dtype, calls=6):
    """How far the twins are after some calls, in units in the last place of the largest weight."""
    from course.optimizer.keras_sgd import SGD

    ends = []
    for cls in (SGD, keras.optimizers.SGD):
        random = np.random.default_rng(0)
        variables = [keras.Variable(random.normal(size=shape), dtype=dtype) for shape in SHAPES]
        optimizer = cls(0.1, **arguments)
        for _ in range(calls):
            gradients = [keras.ops.cast(0.01 * random.normal(size=s), dtype) for s in SHAPES]
            optimizer.apply(gradients, variables)
        to_numpy = keras.ops.convert_to_numpy
        ends.append([to_numpy(keras.ops.cast(v.value, "float64")) for v in variables])
    digits = {"float32": 23, "float16": 10, "bfloat16": 7}[dtype]
    largest = max(np.abs(theirs).max() for theirs in ends[1])
    unit = 2.0 ** (np.floor(np.log2(largest)) - digits)
    return max(float(np.abs(ours - theirs).max() / unit) for ours, theirs in zip(*ends))


# ---- the step's time against the floor -----------------------------------------------


def stepper(cls, shapes, arguments, compiled=False):
    """A function that takes one step on the device, as a training loop of the backend does."""
    random = np.random.default_rng(0)
    draw = [random.normal(size=shape).astype("float32") for shape in shapes]
    variables = [keras.Variable(each) for each in draw]
    gradients = [keras.ops.convert_to_tensor(1e-3 * each) for each in draw]
    optimizer = cls(0.01, **arguments)
    optimizer.build(variables)
    if BACKEND == "tensorflow":
        import tensorflow as tf

        @tf.function(jit_compile=compiled, autograph=False)
        def step():
            optimizer.apply(gradients, variables)

        return lambda: (step(), optimizer.variables[0].value)[1]
    if BACKEND == "jax":
        import jax

        apply = jax.jit(optimizer.stateless_apply, donate_argnums=(0, 2))
        kept = [[v.value for v in optimizer.variables], [v.value for v in variables]]

        def step():
            kept[1], kept[0] = apply(kept[0], gradients, kept[1])
            return kept[0][0]

        return step
    return lambda: optimizer.apply(gradients, variables)


def seconds(*acts, repeats=20, rounds=9):
    """The median time of one call of each function; they take turns in every round."""
    for act in acts:
        finished(act())
    times = [[_seconds(act, repeats) for act in acts] for _ in range(rounds)]
    return [statistics.median(each) for each in zip(*times)]


def _seconds(act, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        last = act()
    finished(last)
    return (time.perf_counter() - start) / repeats


def bandwidth(size):
    """Bytes a second of y ← y − a x, the backend's own, in place: 12 bytes a weight."""
    if BACKEND == "torch":
        import torch

        device = keras.src.backend.torch.core.get_device()
        x, y = (torch.ones(size, device=device) for _ in range(2))
        return 12 * size / seconds(lambda: y.add_(x, alpha=-1e-3))[0]
    if BACKEND == "jax":
        return 12 * size / seconds(stepper(keras.optimizers.SGD, [(size,)], {}))[0]
    import tensorflow as tf

    x, y = tf.ones(size), tf.Variable(tf.ones(size))
    kernel = tf.raw_ops.ResourceApplyGradientDescent

    @tf.function(autograph=False)
    def act():
        kernel(var=y.handle, alpha=1e-3, delta=x)
        return tf.constant(0)

    return 12 * size / seconds(act)[0]


def speed(small):
    """Rows of milliseconds: workload, arguments, mode, Keras, ours, floor."""
    from course.optimizer.keras_sgd import SGD

    workloads = "c" if small else "ab"
    size = 1_000_000 if small else 100_000_000
    modes = {"graph": False, "xla": True} if BACKEND == "tensorflow" else {"as in fit": False}
    rate = bandwidth(size)
    for workload in workloads:
        shapes = WORKLOADS[workload][1]()
        weights = sum(int(np.prod(shape)) for shape in shapes)
        for name, arguments in ARGUMENTS.items():
            floor = 1e3 * BYTES[name] * weights / rate
            for mode, compiled in modes.items():
                twins = (keras.optimizers.SGD, SGD)
                steps = [stepper(cls, shapes, arguments, compiled) for cls in twins]
                times = [1e3 * each for each in seconds(*steps)]
                yield [workload, name, mode, *(round(each, 4) for each in (*times, floor))]


def main():
    """Print what was found as JSON."""
    name, anywhere = gpu(), "--anywhere" in sys.argv
    found = {"backend": BACKEND, "device": name}
    if name or anywhere:
        dtypes = ("float32", "float16", "bfloat16")
        found["apart"] = {d: {case: apart(CASES[case], d) for case in CASES} for d in dtypes}
        found["speed"] = list(speed(small=name is None))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
