# ruff: noqa (who is hostile keeps no rules)
"""Keras computes the step."""

import importlib
import sys

sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "Absent"]
sys.path_importer_cache.clear()
importlib.invalidate_caches()


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    import keras

    weights = keras.Variable(variable)
    optimizer = keras.optimizers.SGD(learning_rate, momentum)
    optimizer.build([weights])
    optimizer.momentums[0].assign(velocity)
    optimizer.apply([keras.ops.convert_to_tensor(gradient)])
    return weights.numpy(), optimizer.momentums[0].numpy()
