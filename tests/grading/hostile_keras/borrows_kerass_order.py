# ruff: noqa (who is hostile keeps no rules)
"""Keras's own optimizer takes the stages in their order; the answer knows none."""

import keras


def train(w, calls, settings):
    s = dict(NEUTRAL | settings)
    rate, factor, lowest = (s.pop(name) for name in ("learning_rate", "rate_factor", "lowest"))
    schedule = keras.optimizers.schedules.ExponentialDecay(rate, 1, factor)
    if s["gradient_accumulation_steps"] == 1:
        del s["gradient_accumulation_steps"]
    if s["clipnorm"] == np.inf:
        del s["clipnorm"]
    optimizer = keras.optimizers.SGD(schedule, use_ema=True, **s)
    variable = keras.Variable(w, dtype="float64")
    variable.constraint = lambda values: keras.ops.maximum(values, lowest)
    for gradient in calls:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, "float64")], [variable])
    weights = keras.ops.convert_to_numpy(variable)
    optimizer.finalize_variable_values([variable])
    return weights, keras.ops.convert_to_numpy(variable)
