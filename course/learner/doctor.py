"""What is installed here, and whether a step of `course.SGD` is Keras's on each device."""

import platform
from importlib.metadata import PackageNotFoundError, version

from course import extras
from course.paths import chromium

PACKAGES = ("numpy", "keras", "tensorflow", "jax", "torch", "jupyterlab", "nbval", "anywidget")
# Ten float32 steps of size 1; Keras rounds differently under XLA.
TOLERANCE = 1e-5


def versions():
    """Pairs of what is installed and its version, Python first; what is absent is left out."""
    found = [("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")]
    for package in PACKAGES:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return found


def backend():
    """What Keras computes with, "tensorflow", "jax" or "torch".

    Errors: ImportError and the like where Keras does not start.
    """
    from course.quietly import keras

    return keras.backend.backend()


def devices():
    """The devices that Keras can use, such as ["cpu:0", "gpu:0"]."""
    from course.quietly import keras

    if keras.backend.backend() == "torch":  # for which Keras has no list
        import torch

        return ["cpu:0", *(f"gpu:{number}" for number in range(torch.cuda.device_count()))]
    found = []
    for kind in ("cpu", "gpu"):
        try:
            found += keras.distribution.list_devices(kind)
        except RuntimeError:  # JAX, where there is none of the kind
            continue
    return found


def difference(device, steps=10):
    """The largest difference between `course.SGD` and Keras's after some steps on a device.

    Units: those of the weights, whose size is about 1.
    """
    import numpy as np

    import course
    from course.quietly import keras

    random = np.random.default_rng(0)
    start, *gradients = random.normal(size=(steps + 1, 1000)).astype("float32")
    ends = []
    with keras.device(device):
        for kind in (course.SGD, keras.optimizers.SGD):
            weights = keras.Variable(start)
            optimizer = kind(learning_rate=0.1, momentum=0.9)
            for gradient in gradients:
                optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weights])
            ends.append(keras.ops.convert_to_numpy(weights))
    return float(np.abs(ends[0] - ends[1]).max())


def examine():
    """All findings as rows (what, found, whether it is well)."""
    rows = [(name, found, True) for name, found in versions()]
    rows += list(_keras())
    rows.append(("Chromium", chromium() or "not found; the browser tests are skipped", True))
    return rows


def _keras():
    """What there is to say of Keras; that it is left out is well, as chapters 00 to 10 go."""
    if not extras.is_here("keras"):
        yield "Chapters 11 to 14", extras.without_keras(), True
        return
    try:
        yield "Keras computes with", backend(), True
        yield from [_step_on(device) for device in devices()]
    except Exception as problem:  # a broken installation fails in any way it likes
        yield "Keras", _sentence(problem), False


def _step_on(device):
    name = f"A step of SGD(momentum=0.9) on {device}"
    try:
        off = difference(device)
    except Exception as problem:
        return name, _sentence(problem), False
    says = "equal to the last bit" if off == 0 else f"{off:.1e} apart"
    return name, f"{says}, next to keras.optimizers.SGD", off <= TOLERANCE


def _sentence(problem):
    first_line = str(problem).partition("\n")[0]
    return f"fails: {type(problem).__name__}: {first_line}"
