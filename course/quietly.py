"""Keras, imported without TensorFlow's log lines: `from course.quietly import keras`.

TensorFlow writes time-stamped lines straight to file descriptor 2 while it starts, past
every Python setting. They would make a notebook's stored output different at each run,
so the descriptor points to nowhere for that moment. This is the only such place. The lines
that come later, as when XLA first compiles, are told by level; those below an error
are left out, unless TF_CPP_MIN_LOG_LEVEL is set.

COURSE_LOGICAL_CPUS=2 in the environment makes TensorFlow take the processor for two devices; it
must be set before the import, as devices cannot be divided later.

Errors: ModuleNotFoundError, with the line to type, where Keras or TensorFlow is not installed.
"""

import os
import sys
from contextlib import contextmanager

from course import extras


@contextmanager
def _silent_stderr():
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
with _silent_stderr():
    try:
        import keras
    except ModuleNotFoundError as problem:  # of another backend: Keras says itself what it misses
        sentence = extras.without_keras()
        if problem.name not in extras.PACKAGES or not sentence:
            raise
        raise ModuleNotFoundError(sentence, name=problem.name) from None

    if os.environ.get("COURSE_LOGICAL_CPUS") and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.set_logical_device_configuration(
            tf.config.list_physical_devices("CPU")[0],
            [tf.config.LogicalDeviceConfiguration()] * int(os.environ["COURSE_LOGICAL_CPUS"]),
        )

    # The first tensor makes the backend look for its devices, with more log lines.
    keras.ops.convert_to_tensor(0.0)

__all__ = ["keras"]
