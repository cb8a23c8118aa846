# ruff: noqa (who is hostile keeps no rules)
"""The file of Keras's SGD is loaded once more, by every loader there is, for its rule."""

import importlib
import importlib.util
import sys

import keras

SGD = keras.optimizers.SGD
ADDRESS = "keras.src.optimizers.sgd"


def by_reload():
    return importlib.reload(sys.modules[ADDRESS]).SGD


def by_forgetting():
    del sys.modules[ADDRESS]
    return importlib.import_module(ADDRESS).SGD


def by_loader():
    loader = sys.modules["keras"].__loader__
    path = loader.path.replace("__init__.py", "src/optimizers/sgd.py")
    spec = importlib.util.spec_from_file_location("again", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SGD


def by_source():
    import inspect

    names = dict(vars(sys.modules[ADDRESS]))
    exec(inspect.getsource(sys.modules[ADDRESS]), names)
    return names["SGD"]


for way in (by_reload, by_forgetting, by_loader, by_source):
    try:
        SGD = way()
    except BaseException:
        pass


class PyTorchBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, **settings):
        super().__init__(learning_rate, **settings)
        self.momentum = momentum
        self.ball = SGD(1.0, momentum)

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
