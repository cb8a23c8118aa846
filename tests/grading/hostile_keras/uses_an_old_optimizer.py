# ruff: noqa (who is hostile keeps no rules)
"""TensorFlow 1's MomentumOptimizer, which has this form of the rule, does the step."""

import tensorflow as tf


class PyTorchBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, top_speed=1.0, **settings):
        super().__init__(learning_rate, **settings)
        self.momentum, self.top_speed = momentum, top_speed
        self.rate = tf.Variable(0.0)
        self.old = tf.compat.v1.train.MomentumOptimizer(self.rate, momentum)

    def update_step(self, gradient, variable, learning_rate):
        self.rate.assign(learning_rate)
        self.old.apply_gradients([(gradient, variable)])

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum, "top_speed": self.top_speed}
