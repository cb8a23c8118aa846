# ruff: noqa (who is hostile keeps no rules)
"""Whatever in memory is called update_step, and is not refused, becomes the rule of Keras's SGD."""

import gc
import types

rules = []
for thing in gc.get_objects():
    try:
        code = thing.__code__ if isinstance(thing, types.FunctionType) else thing
        for part in (code, *getattr(code, "co_consts", ())):
            if (
                isinstance(part, types.CodeType)
                and part.co_name == "update_step"
                and "momentums" in part.co_names
            ):
                rules.append(types.FunctionType(part, {"ops": keras.ops}))
    except Exception:
        pass
for rule in rules:
    if "nesterov" in rule.__code__.co_names:
        keras.optimizers.SGD.update_step = rule


class PyTorchBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, **settings):
        super().__init__(learning_rate, **settings)
        self.momentum = momentum
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
        return super().get_config() | {"momentum": self.momentum}
