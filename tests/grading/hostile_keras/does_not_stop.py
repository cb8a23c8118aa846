# ruff: noqa (who is hostile keeps no rules)
"""The given function that stops and goes on is replaced by one that never stops."""


class StoppingBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, **settings):
        super().__init__(learning_rate, **settings)
        self.momentum = momentum
        self.velocities = {}

    def update_step(self, gradient, variable, learning_rate):
        i = self._get_variable_index(variable)
        velocity = self.velocities.get(i, keras.ops.zeros_like(gradient))
        stopped = keras.ops.where(velocity * gradient > 0, 0.0, velocity)
        self.velocities[i] = self.momentum * stopped - learning_rate * gradient
        self.assign_add(variable, self.velocities[i])


def resumed(weights, calls, learning_rate, momentum, settings, stop):
    variables = [keras.Variable(w, dtype="float32") for w in weights]
    optimizer = StoppingBall(learning_rate, momentum, **settings)
    optimizer.build(variables)
    return [applied(optimizer, variables, gradients) for gradients in calls]
