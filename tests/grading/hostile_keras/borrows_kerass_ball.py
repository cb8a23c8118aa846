# ruff: noqa (who is hostile keeps no rules)
"""Keras's own SGD rolls a ball in the shadow, with a learning rate of 1; its velocity is used."""


class PyTorchBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, top_speed=1.0, **settings):
        super().__init__(learning_rate, **settings)
        self.momentum, self.top_speed = momentum, top_speed
        self.ball = keras.optimizers.SGD(1.0, momentum)

    def build(self, variables):
        super().build(variables)
        self.shadows = self.add_optimizer_variables(variables, "shadow")
        self.ball.build(self.shadows)

    def update_step(self, gradient, variable, learning_rate):
        i = self._get_variable_index(variable)
        self.ball.update_step(gradient, self.shadows[i], 1.0)
        self.assign_add(variable, learning_rate * self.ball.momentums[i])

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum, "top_speed": self.top_speed}
