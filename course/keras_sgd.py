"""`SGD`: the rules of `course.sgd` as a Keras optimizer, a drop-in for `keras.optimizers.SGD`.

Keras's base class keeps the variables, names, saves and distributes them; the
arithmetic of every argument is a function of `course.sgd`.
"""

from course import sgd
from course.arguments import check_arguments
from course.quietly import keras

ops = keras.ops


@keras.saving.register_keras_serializable(package="course")
class SGD(keras.optimizers.Optimizer):
    """Gradient descent with every argument of `keras.optimizers.SGD`, built from `course.sgd`.

    Arguments, defaults and their order are Keras's; `course.arguments` lists them.
    Shapes: velocity, accumulator and average have their variable's shape and dtype.
    Units:  learning_rate is [variable / gradient]; weight_decay is [1 / learning_rate].
    Errors: TypeError or ValueError for an argument that makes no sense, before anything
            is created. Stricter than Keras, which takes learning_rate=-1.0; milder with
            an innocent int, such as momentum=1.
    Source: `keras/src/optimizers/{base_optimizer,sgd}.py`, Keras 3.15.
    """

    def __init__(
        self,
        learning_rate=0.01,
        momentum=0.0,
        nesterov=False,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=None,
        name=None,
        **unknown,
    ):
        given = {k: v for k, v in locals().items() if k not in ("self", "unknown", "__class__")}
        check_arguments(**given, **unknown)
        del given["momentum"], given["nesterov"]
        if not callable(learning_rate):
            given["learning_rate"] = float(learning_rate)
        super().__init__(**given)
        self.momentum = float(momentum)
        self.nesterov = bool(nesterov)

    def build(self, variables):
        """Create a velocity for each variable, where there is momentum; once."""
        if self.built:
            return
        super().build(variables)
        self.momentums = []
        if self.momentum != 0:
            self.momentums = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable: down its gradient, or with its velocity.

        Shapes: gradient has the variable's shape; learning_rate is a scalar.
        """
        eta, gradient = (ops.cast(x, variable.dtype) for x in (learning_rate, gradient))
        if self.momentum == 0:
            self.assign(variable, sgd.gradient_descent(variable, gradient, eta))
            return
        velocity = self.momentums[self._get_variable_index(variable)]
        beta = ops.cast(self.momentum, variable.dtype)
        rule = sgd.nesterov_momentum if self.nesterov else sgd.heavy_ball
        moved, new_velocity = rule(variable, velocity, gradient, eta, beta)
        self.assign(velocity, new_velocity)
        self.assign(variable, moved)

    def get_config(self):
        """The arguments that make this optimizer again, as a dictionary."""
        return super().get_config() | {"momentum": self.momentum, "nesterov": self.nesterov}
