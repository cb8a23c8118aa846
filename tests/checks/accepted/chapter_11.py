"""Other right ways to answer the tasks of sheet 11, the whole optimizer."""

from types import SimpleNamespace

import numpy as np

from course.checks.resuming import interrupted
from course.publish.notebooks import ROOT, read_source

_GIVEN = ("given", "train-given", "train-stages", "resume-given")


def _given(wanted=_GIVEN, **names):
    """What the sheet's given cells define, run with these names."""
    (path,) = (ROOT / "solutions/source").glob("11_*.py")
    for cell in read_source(path).cells:
        if cell.id in wanted:
            exec(cell.source, names)
    return names


def _stages():
    # Without the imports of the sheet: TensorFlow may take longer to start than a check may last.
    return _given(("train-given", "train-stages"), np=np, SimpleNamespace=SimpleNamespace)


def _in(order):
    """The sheet's own stages in an order, as a learner's `train`."""

    def train(w, calls, settings):
        names = _stages()
        s = names["begin"](w, settings)
        for s.g in calls:
            for stage in order.split():
                names[stage](s)
        return [s.w, s.average]

    return train


def _by_dictionary(w, calls, settings):
    from course.checks.chapter_11.stages import NEUTRAL

    get = (NEUTRAL | settings).__getitem__
    v, total, average, done = 0 * w, [], 0 * w, 0
    for call, gradient in enumerate(calls):
        total.append(gradient / get("loss_scale_factor"))
        eta = get("learning_rate") * get("rate_factor") ** call
        due = len(total) == get("gradient_accumulation_steps")
        if due:
            g = np.mean(total, axis=0)
            g = g / max(1.0, np.linalg.norm(g) / get("clipnorm"))
            v = get("momentum") * v - eta * g
            w, total = w * (1 - eta * get("weight_decay")) + v, []
        average = average + (1 - get("ema_momentum") if done else 1) * (w - average)
        often = get("ema_overwrite_frequency")
        w = average if often and (done + 1) % often == 0 else w
        w = np.where(w < get("lowest"), get("lowest"), w)
        done += due
    return w, average


def _with(make):
    """A run of a learner's class, which `make` builds from keras, as the check runs it."""

    def run(*arguments):
        from course.quietly import keras

        return interrupted(make(keras))(*arguments)

    return run


def _stopping_ball_by_reference(keras):
    class StoppingBall(keras.optimizers.Optimizer):
        def __init__(self, learning_rate=0.01, momentum=0.5, **settings):
            super().__init__(learning_rate=learning_rate, **settings)
            self.momentum = momentum
            self.velocities = []

        def build(self, variables):
            if self.built:
                return
            super().build(variables)
            for variable in variables:
                self.velocities.append(self.add_variable_from_reference(variable, "velocity"))

        def update_step(self, gradient, variable, learning_rate):
            eta = keras.ops.cast(learning_rate, variable.dtype)
            v = self.velocities[self._get_variable_index(variable)]
            rolls_on = keras.ops.cast(v * gradient <= 0, variable.dtype)
            v.assign(v * rolls_on * self.momentum - gradient * eta)
            variable.assign(variable + v)

        def get_config(self):
            config = super().get_config()
            config.update({"momentum": self.momentum})
            return config

    return StoppingBall


def _stopping_ball_in_numpy(keras):
    class StoppingBall(keras.optimizers.Optimizer):
        def __init__(self, learning_rate=0.01, momentum=0.5, **settings):
            super().__init__(learning_rate, **settings)
            self.momentum = float(momentum)

        def build(self, variables):
            super().build(variables)
            self.velocities = [self.add_variable(v.shape, dtype=v.dtype) for v in variables]

        def update_step(self, gradient, variable, learning_rate):
            i = self._get_variable_index(variable)
            v, g = self.velocities[i].numpy(), gradient.numpy()
            v[v * g > 0] = 0
            v = self.momentum * v - float(learning_rate) * g
            self.assign(self.velocities[i], v)
            self.assign(variable, variable.numpy() + v)

        def get_config(self):
            return {**super().get_config(), "momentum": self.momentum}

    return StoppingBall


def _torch_ball_in_ops(keras):
    class PyTorchBall(keras.optimizers.Optimizer):
        def __init__(self, learning_rate=0.01, momentum=0.5, top_speed=1.0, **settings):
            super().__init__(learning_rate=learning_rate, **settings)
            self.beta, self.most = momentum, top_speed

        def build(self, variables):
            if not self.built:
                super().build(variables)
                self.memory = self.add_optimizer_variables(variables, "memory")

        def update_step(self, gradient, variable, learning_rate):
            v = self.memory[self._get_variable_index(variable)]
            new = keras.ops.add(keras.ops.multiply(self.beta, v), gradient)
            new = keras.ops.maximum(keras.ops.minimum(new, self.most), -self.most)
            self.assign(v, new)
            self.assign_add(variable, keras.ops.negative(keras.ops.multiply(learning_rate, new)))

        def get_config(self):
            return dict(super().get_config(), momentum=self.beta, top_speed=self.most)

    return PyTorchBall


def _torch_ball_downhill(keras):
    class PyTorchBall(keras.optimizers.Optimizer):
        def __init__(self, learning_rate=0.01, momentum=0.5, top_speed=1.0, **settings):
            super().__init__(learning_rate, **settings)
            self.momentum = momentum
            self.top_speed = top_speed

        def build(self, variables):
            super().build(variables)
            self.v = {
                i: self.add_variable_from_reference(v, name="velocity")
                for i, v in enumerate(variables)
            }

        def update_step(self, gradient, variable, learning_rate):
            v = self.v[self._get_variable_index(variable)]
            new = self.momentum * v - gradient
            v.assign(
                keras.ops.where(
                    abs(new) > self.top_speed, self.top_speed * keras.ops.sign(new), new
                )
            )
            variable.assign_add(learning_rate * v)

        def get_config(self):
            config = super().get_config()
            config["momentum"] = self.momentum
            config["top_speed"] = self.top_speed
            return config

    return PyTorchBall


ACCEPTED = {
    "11.train": (
        _in("accumulate unscale decay clip move average overwrite count constrain"),
        _in("decay unscale accumulate clip move average overwrite constrain count"),
        _by_dictionary,
    ),
    "11.by_hand": (1.45, "1.45", np.float32(1.45), 1.9 - 0.2 - 0.25),
    "11.exchanges": ("ACB", "acb", "A C B"),
    "11.resume": (
        _with(_stopping_ball_by_reference),
        _with(_stopping_ball_in_numpy),
    ),
    "11.torch": (
        _with(_torch_ball_in_ops),
        _with(_torch_ball_downhill),
    ),
}

#: mutants of a reference that are as good as it: task -> {the mutant: the reason}
_ALONE = "neither needs what the other computes"
SURVIVORS = {
    "11.train": {
        "k, often = (s.gradient_accumulation_steps, s.ema_overwrite_frequency) "
        "after the next": _ALONE,
        "rate = s.learning_rate * s.rate_factor ** call after the next": _ALONE,
        "total = np.zeros_like(w) after the next": _ALONE,
        "w = w - w * s.weight_decay * rate after the next": "the velocity does not look at w",
    },
    "11.torch": {
        "w = w - w * decay * rate after the next": "the velocity does not look at w",
        "momentum = arguments.get('momentum', DEFAULT) after the next": _ALONE,
    },
}
