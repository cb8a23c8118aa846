"""The time of one optimizer step: Keras's SGD, ours, and the memory's own floor, interleaved."""

import statistics
import time
from typing import NamedTuple

import numpy as np

ARGUMENTS = {
    "plain": {},
    "momentum": {"momentum": 0.9},
    "Nesterov": {"momentum": 0.9, "nesterov": True},
    "decay + clip": {"momentum": 0.9, "weight_decay": 1e-4, "global_clipnorm": 1.0},
    "average": {"momentum": 0.9, "use_ema": True},
    "accumulate 4": {"momentum": 0.9, "gradient_accumulation_steps": 4},
}
MODES = ("eager", "graph", "xla")


def resnet50_shapes():
    """The shapes of a ResNet-50's 161 trainable variables, 25.6 million weights.

    Source: He et al. 2016, arXiv:1512.03385, table 1.
    """
    shapes, before = [(7, 7, 3, 64), (64,), (64,)], 64
    for blocks, width in ((3, 64), (4, 128), (6, 256), (3, 512)):
        for block in range(blocks):
            sizes = [(1, 1, before, width), (3, 3, width, width), (1, 1, width, 4 * width)]
            sizes += [(1, 1, before, 4 * width)] if block == 0 else []
            for kernel in sizes:  # each with the scale and the shift of its normalisation
                shapes += [kernel, kernel[-1:], kernel[-1:]]
            before = 4 * width
    return [*shapes, (2048, 1000), (1000,)]


WORKLOADS = {
    "a": ("one variable of 25 million weights", lambda: [(25_000_000,)]),
    "b": ("161 variables, 25.6 million weights (a ResNet-50)", resnet50_shapes),
    "c": (
        "6 variables, 100 thousand weights",
        lambda: [(64, 256), (256,), (256, 256), (256,), (256, 64), (64,)],
    ),
    "d": ("1000 variables of 32 weights", lambda: [(32,)] * 1000),
}


class Measured(NamedTuple):
    """Medians over the rounds, in seconds a step and as ratios within one round.

    floor: times of our step by the floor's; None where no C compiler was found or the
           workload fits into the caches.
    """

    keras: float
    ours: float
    faster: float
    floor: float | None


def measure(workload, arguments, mode, rounds=9, floor=None):
    """Time steps of both optimizers in turn; returns `Measured`.

    workload:  a key of `WORKLOADS`; arguments: keyword arguments of SGD.
    mode:      "eager", "graph" (`tf.function`) or "xla" (`jit_compile=True`).
    floor:     a function that runs the same traffic as bare loops; see `course.bench.floor`.
    """
    from course.keras_sgd import SGD
    from course.quietly import keras

    shapes = WORKLOADS[workload][1]()
    call = [_stepper(kind(0.01, **arguments), shapes, mode) for kind in (keras.optimizers.SGD, SGD)]
    repeats = _repeats(call[0], 4 if "gradient_accumulation_steps" in arguments else 1)
    turns = [*call, floor] if floor else call
    times = [[_seconds(turn, repeats) for turn in turns] for _ in range(rounds)]
    return Measured(
        statistics.median(keras_ for keras_, *_ in times),
        statistics.median(ours for _, ours, *_ in times),
        statistics.median(keras_ / ours for keras_, ours, *_ in times),
        statistics.median(ours / least for _, ours, least in times) if floor else None,
    )


def _stepper(optimizer, shapes, mode):
    """A function that takes one step; a GPU may still be at it when it returns."""
    import tensorflow as tf

    from course.quietly import keras

    random = np.random.default_rng(0)
    variables = [keras.Variable(random.normal(size=shape).astype("float32")) for shape in shapes]
    gradients = [tf.constant(random.normal(size=s).astype("float32") * 1e-3) for s in shapes]
    optimizer.build(variables)

    def step():
        optimizer.apply(gradients, variables)

    if mode != "eager":
        step = tf.function(step, jit_compile=mode == "xla", autograph=False)

    step()  # traced and compiled
    return step


def _repeats(step, multiple):
    """How many steps make a measurable time, about a twentieth of a second."""
    each = min(_seconds(step, multiple) for _ in range(2))
    return multiple * max(1, round(0.05 / (multiple * each)))


def _seconds(step, repeats):
    import tensorflow as tf

    start = time.perf_counter()
    for _ in range(repeats):
        step()
    tf.test.experimental.sync_devices()
    return (time.perf_counter() - start) / repeats


def figures(workloads="abcd", modes=MODES, rounds=9):
    """Measure everything that was asked for; yields (workload, mode, {arguments: Measured})."""
    from course.bench import floor

    loops = floor.loops()
    for workload in workloads:
        shapes = WORKLOADS[workload][1]()
        # What fits into a processor's caches has no floor in memory traffic.
        floors = floor.floor_of(loops, shapes) if loops and workload in "ab" else {}
        for mode in modes:
            yield (
                workload,
                mode,
                {
                    name: measure(workload, arguments, mode, rounds, floors.get(name))
                    for name, arguments in ARGUMENTS.items()
                },
            )


def table(workload, mode, found):
    """The figures of one workload in one mode as a Rich table of less than 80 columns.

    Its boxes are Markdown's, so that it can be read here and put into a document as it is.
    """
    from rich import box
    from rich.table import Table

    title = f"{workload}, {mode}: {WORKLOADS[workload][0]}"
    result = Table(title=title, box=box.MARKDOWN, title_justify="left")
    has_floor = any(each.floor for each in found.values())
    result.add_column("arguments", no_wrap=True)
    for head in ("Keras, ms", "ours, ms", "faster", *(["to the floor"] if has_floor else [])):
        result.add_column(head, justify="right", no_wrap=True)
    for name, each in found.items():
        cells = [f"{1e3 * each.keras:.3g}", f"{1e3 * each.ours:.3g}", f"{each.faster:.2f}"]
        result.add_row(name, *cells, *([f"{each.floor:.2f}"] if has_floor else []))
    return result


def machine():
    """What the figures hang on: processor, cores, system, and versions of what was timed."""
    import os
    import platform
    from importlib.metadata import version

    names = ("keras", "tensorflow", "numpy")
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }
