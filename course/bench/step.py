"""The time of one optimizer step: Keras's SGD, ours, and the memory's own floor, interleaved."""

import importlib.util
import statistics
import time
from typing import NamedTuple

import numpy as np

from course.bench.peers import PEERS, peer

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

    faster: Keras's time by ours, and `spread` its first and third quartile.
    floor:  times of our step by the floor's; None where no C compiler was found or the
            workload fits into the caches.
    peer:   the time of the mode's peer, see `course.bench.peers`; None where there is none.
    """

    keras: float
    ours: float
    faster: float
    spread: tuple
    floor: float | None
    peer: float | None


def measure(workload, name, mode, rounds=9, floor=None):
    """Time steps of both optimizers in turn; returns `Measured`.

    workload, name: keys of `WORKLOADS` and of `ARGUMENTS`.
    mode:  "eager", "graph" (`tf.function`) or "xla" (`jit_compile=True`).
    floor: a function that runs the same traffic as bare loops; see `course.bench.floor`.
    """
    arrays, arguments = _arrays(WORKLOADS[workload][1]()), ARGUMENTS[name]
    other, times = peer(mode, name, arguments, *arrays), []
    # Whoever is made later finds its arrays further apart: each is first in half of the rounds.
    halves = {False: rounds - rounds // 2, True: rounds // 2}
    for turned, many in halves.items():
        if many:
            twins = _twins(arrays, arguments, mode, turned)
            repeats = _repeats(twins[0], arguments.get("gradient_accumulation_steps", 1))
            turns = [*twins, floor, other]
            times += [[each and _seconds(each, repeats) for each in turns] for _ in range(many)]
    keras_, ours, least, others = zip(*times)
    ratios = [theirs / mine for theirs, mine in zip(keras_, ours)]
    return Measured(
        statistics.median(keras_),
        statistics.median(ours),
        statistics.median(ratios),
        tuple(np.quantile(ratios, (0.25, 0.75)).tolist()),
        statistics.median(o / f for o, f in zip(ours, least)) if floor else None,
        statistics.median(others) if other else None,
    )


def _arrays(shapes):
    """Weights and gradients of these shapes: two lists of float32 arrays, always the same."""
    random = np.random.default_rng(0)
    weights = [random.normal(size=shape).astype("float32") for shape in shapes]
    return weights, [random.normal(size=shape).astype("float32") * 1e-3 for shape in shapes]


def _twins(arrays, arguments, mode, turned):
    """Steps of Keras's SGD and of ours; turned: whether ours is made first."""
    from course.optimizer.keras_sgd import SGD
    from course.quietly import keras

    kinds = (keras.optimizers.SGD, SGD)[:: -1 if turned else 1]
    twins = [_stepper(kind(0.01, **arguments), *arrays, mode) for kind in kinds]
    return twins[:: -1 if turned else 1]


def _stepper(optimizer, weights, gradients, mode):
    """A function that takes one step; a GPU may still be at it when it returns."""
    import tensorflow as tf

    from course.quietly import keras

    variables = [keras.Variable(each) for each in weights]
    gradients = [tf.constant(each) for each in gradients]
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
                    name: measure(workload, name, mode, rounds, floors.get(name))
                    for name in ARGUMENTS
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
    columns = [
        ("Keras, ms", [_ms(each.keras) for each in found.values()]),
        ("ours, ms", [_ms(each.ours) for each in found.values()]),
        ("faster", [f"{each.faster:.2f}" for each in found.values()]),
    ]
    if any(each.floor for each in found.values()):
        cells = [f"{each.floor:.2f}" if each.floor else "" for each in found.values()]
        columns.append(("to the floor", cells))
    if any(each.peer for each in found.values()):
        cells = [_ms(each.peer) if each.peer else "" for each in found.values()]
        columns.append((f"{PEERS[mode][1]}, ms", cells))
    result.add_column("arguments", no_wrap=True)
    for head, _ in columns:
        result.add_column(head, justify="right", no_wrap=True)
    for name, *cells in zip(found, *(cells for _, cells in columns)):
        result.add_row(name, *cells)
    return result


def _ms(seconds):
    return f"{1e3 * seconds:.3g}"


def machine():
    """What the figures hang on: processor, cores, system, and versions of what was timed."""
    import os
    import platform
    from importlib.metadata import version

    names = ["keras", "tensorflow", "numpy"]
    names += [library for library, _ in PEERS.values() if importlib.util.find_spec(library)]
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }
