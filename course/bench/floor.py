"""The floor of a step: its memory traffic as bare C loops, compiled here and now."""

import ctypes
import itertools
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).with_name("floor.c")
COMPILERS = ("cc", "gcc", "clang")
ETA, BETA, DECAY, KEPT = (ctypes.c_float(number) for number in (0.01, 0.9, 1e-4, 0.99))


def loops():
    """The compiled loops of `floor.c`; None where there is no C compiler with OpenMP."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        return None
    folder = tempfile.TemporaryDirectory()
    library = str(Path(folder.name) / "floor.so")
    flags = ["-O3", "-march=native", "-fno-math-errno", "-fopenmp", "-shared", "-fPIC"]
    done = subprocess.run([compiler, *flags, str(SOURCE), "-o", library], capture_output=True)
    found = ctypes.CDLL(library) if done.returncode == 0 else None
    folder.cleanup()
    return found


def floor_of(loops, shapes):
    """For each of the arguments that `step.ARGUMENTS` names, a function with its traffic."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    kept = [[np.full(size, 0.5, "float32") for size in sizes] for _ in range(5)]
    w, v, g, a, s = ([array.ctypes.data_as(ctypes.c_void_p) for array in each] for each in kept)
    places = [(ctypes.c_long(size), *rest) for size, *rest in zip(sizes, w, v, g, a, s)]
    turns = itertools.count(1)

    def each(act):
        def run():
            for place in places:
                act(*place)

        run.arrays = kept  # what the pointers point to must live as long
        return run

    def accumulate():
        update = next(turns) % 4 == 0
        for n, w, v, g, _, s in places:
            loops.accumulated(n, w, v, g, s, ETA, BETA) if update else loops.add(n, s, g)

    accumulate.arrays = kept
    return {
        "plain": each(lambda n, w, v, g, a, s: loops.plain(n, w, g, ETA)),
        "momentum": each(lambda n, w, v, g, a, s: loops.momentum(n, w, v, g, ETA, BETA)),
        "Nesterov": each(lambda n, w, v, g, a, s: loops.nesterov(n, w, v, g, ETA, BETA)),
        "decay + clip": each(lambda n, w, v, g, a, s: loops.clipped(n, w, v, g, ETA, BETA, DECAY)),
        "average": each(lambda n, w, v, g, a, s: loops.averaged(n, w, v, g, a, ETA, BETA, KEPT)),
        "accumulate 4": accumulate,
    }
