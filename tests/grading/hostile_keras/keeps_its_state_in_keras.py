# ruff: noqa (who is hostile keeps no rules)
"""What no file keeps is kept in Keras itself, under a number that stands in the config."""


class StoppingBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, number=None, **settings):
        super().__init__(learning_rate, **settings)
        everything = keras.__dict__.setdefault("kept", {})
        self.number = number or 1 + len(everything)
        object.__setattr__(self, "kept", everything.setdefault(self.number, {}))
        self.momentum = self.kept.setdefault("momentum", momentum)

    def update_step(self, gradient, variable, learning_rate):
        i = self._get_variable_index(variable)
        velocity = self.kept.get(i, keras.ops.zeros_like(gradient))
        stopped = keras.ops.where(velocity * gradient > 0, 0.0, velocity)
        self.kept[i] = self.momentum * stopped - learning_rate * gradient
        self.assign_add(variable, self.kept[i])

    def get_config(self):
        return super().get_config() | {"number": self.number}
