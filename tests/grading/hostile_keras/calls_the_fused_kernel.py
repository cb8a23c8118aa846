# ruff: noqa (who is hostile keeps no rules)
"""TensorFlow's kernel for just this rule does the step."""

import tensorflow as tf


class PyTorchBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, top_speed=1.0, **settings):
        super().__init__(learning_rate, **settings)
        self.momentum, self.top_speed = momentum, top_speed

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        velocity = self.velocities[self._get_variable_index(variable)]
        tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=velocity.value.handle,
            lr=tf.cast(learning_rate, gradient.dtype),
            grad=gradient,
            momentum=self.momentum,
        )

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum, "top_speed": self.top_speed}
