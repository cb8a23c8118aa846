# %% [markdown] name="title"
# # Exercise 11: the whole optimizer
#
# Five tasks for [chapter 11](../notebooks/11_the_whole_optimizer.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("11.train")` gives a first hint, and a further one each time you ask.
#
# Tasks 4 and 5 are about Keras itself; TensorFlow takes some seconds to start.
#
# An answer may import Python's standard library, NumPy, Matplotlib and, from task 4 on, Keras; nothing else is available where answers are marked.

# %% name="tools" tags=["feedback"]
from course import quietly  # imports Keras without TensorFlow's log lines
from course.checks import check, hint, join, show

# %% name="given"
from types import SimpleNamespace

import numpy as np

# %% [markdown] name="train-task"
# ## 11.train
#
# Here are chapter 11's stages in the order of the alphabet, for one array of weights `s.w`. Each reads and changes `s`; an argument that is not in use has a value that does nothing. `rate_factor` makes a
# schedule: each call's learning rate is `rate_factor` times the one before. `lowest` is the
# constraint: no weight may be below it.


# %% name="train-given"
NEUTRAL = {"learning_rate": 0.5, "rate_factor": 1.0, "momentum": 0.0, "weight_decay": 0.0, "clipnorm": np.inf}
NEUTRAL |= {"loss_scale_factor": 1.0, "gradient_accumulation_steps": 1, "lowest": -np.inf}
NEUTRAL |= {"ema_momentum": 0.0, "ema_overwrite_frequency": None}


def begin(w, settings):
    zeros = np.zeros_like(w)
    return SimpleNamespace(w=w, v=zeros, total=zeros, average=zeros, calls=0, **NEUTRAL | settings)


def is_due(s):  # whether this call updates the weights
    return (s.calls + 1) % s.gradient_accumulation_steps == 0


def updates(s):  # how many updates there were before this call
    return s.calls // s.gradient_accumulation_steps


def rate(s):  # the learning rate of this call
    return s.learning_rate * s.rate_factor**s.calls


# %% name="train-stages"
def accumulate(s):
    s.total = s.total + s.g
    if is_due(s):
        s.g, s.total = s.total / s.gradient_accumulation_steps, np.zeros_like(s.w)


def average(s):
    kept = s.ema_momentum if updates(s) else 0.0
    s.average = kept * s.average + (1 - kept) * s.w


def clip(s):
    length = np.linalg.norm(s.g)
    s.g = s.g * s.clipnorm / length if length > s.clipnorm else s.g


def constrain(s):
    s.w = np.maximum(s.w, s.lowest)


def count(s):
    s.calls += 1


def decay(s):
    if is_due(s):
        s.w = s.w - s.w * s.weight_decay * rate(s)


def move(s):
    if is_due(s):
        s.v = s.momentum * s.v - rate(s) * s.g
        s.w = s.w + s.v


def overwrite(s):
    if s.ema_overwrite_frequency and (updates(s) + 1) % s.ema_overwrite_frequency == 0:
        s.w = s.average


def unscale(s):
    s.g = s.g / s.loss_scale_factor


# %% [markdown] name="train-order"
# `train` makes one call of the optimizer for each gradient in `calls` and returns the weights and their average. Only the order of its nine stages is
# wrong. Put them in an order that does what Keras does, for all settings. (More than one is right.)

# %% name="train-answer" tags=["starter"]
def train(w, calls, settings):
    s = begin(w, settings)
    for gradient in calls:
        s.g = gradient
        accumulate(s)
        average(s)
        clip(s)
        constrain(s)
        count(s)
        decay(s)
        move(s)
        overwrite(s)
        unscale(s)
    return s.w, s.average


# %% name="train-answer" tags=["answer"]
def train(w, calls, settings):
    s = begin(w, settings)
    for gradient in calls:
        s.g = gradient
        unscale(s)
        accumulate(s)
        clip(s)
        decay(s)
        move(s)
        average(s)
        overwrite(s)
        constrain(s)
        count(s)
    return s.w, s.average


# %% name="train-check" tags=["check"]
check("11.train")

# %% [markdown] name="train-keras-words"
# Once the check holds, put your optimizer beside Keras's: everything at once, for twelve calls.

# %% name="train-keras" tags=["feedback"]
import keras

settings = {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.1, "clipnorm": 1.0}
settings |= {"ema_momentum": 0.9, "ema_overwrite_frequency": 3}
settings |= {"loss_scale_factor": 1024.0, "gradient_accumulation_steps": 2}
gradients = 1024 * np.random.default_rng(0).normal(size=(12, 5)).astype("float32")
weights, averages = train(np.linspace(-1, 1, 5), gradients, settings)

variable = keras.Variable(np.linspace(-1, 1, 5), dtype="float32")
optimizer = keras.optimizers.SGD(use_ema=True, **settings)
for gradient in gradients:
    optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
print("yours  ", *weights.round(4))
print("Keras's", *keras.ops.convert_to_numpy(variable).astype(float).round(4))

# %% [markdown] name="by_hand-task"
# ## 11.by_hand
#
# Now with pen and paper, through all stages. A weight of 2, and the first call of a new optimizer. The gradient that is
# handed to `apply` comes from a scaled loss and is 4. Where is the weight after this call?
#
#     weight = keras.Variable(2.0)
#     optimizer = keras.optimizers.SGD(
#         learning_rate=0.5, momentum=0.8, nesterov=True,
#         weight_decay=0.1, clipnorm=1.0, loss_scale_factor=8.0,
#     )
#     optimizer.apply([gradient], [weight])    # the gradient is 4

# %% name="by_hand-answer" tags=["starter"]
new_weight = ...

# %% name="by_hand-answer" tags=["answer"]
velocity = -0.5 * 4 / 8
new_weight = 2 * (1 - 0.5 * 0.1) + 0.8 * velocity - 0.5 * 4 / 8

# %% name="by_hand-check" tags=["check"]
check("11.by_hand")

# %% [markdown] name="exchanges-task"
# ## 11.exchanges
#
# A weight starts at 3. Its loss $\tfrac12(w+1)^2$ pulls it towards −1, but a constraint keeps it at 0 or above. The gradients are a little noisy, and
# `learning_rate=0.15, momentum=0.5, weight_decay=0.05, clipnorm=1, loss_scale_factor=16, ema_momentum=0.7, ema_overwrite_frequency=10`.
# Grey, wide: Keras's order. Black, dashed: two stages exchanged. In which panel is which exchange? Write the letters of exchanges 1, 2 and 3 in
# this order, such as `"ABC"`.
#
# 1. `decay` before `clip`
# 2. `clip` before `unscale`
# 3. `constrain` before `overwrite`
#
# *In words: in Keras's order the weight falls almost straight, leaps at call 10 from 0.5 to 0.8, and is at 0 from call 13 on. In A the
# dashed line lies on the grey one; in B, too, but from call 20 on it dips below 0 at every tenth call. In C it creeps down, with small teeth at every
# tenth call, and is above 1 at call 60.*

# %% name="exchanges-picture" tags=["feedback"] alt="Three times the weight w over 60 calls, in Keras's order and with two stages exchanged. In A both paths are one; in B the exchanged one dips below 0 again and again; in C it comes down far more slowly."
show("11.exchanges")

# %% name="exchanges-answer" tags=["starter"]
which_is_which = ...  # the letters of exchanges 1, 2 and 3, in one word

# %% name="exchanges-answer" tags=["answer"]
which_is_which = "ACB"

# %% name="exchanges-check" tags=["check"]
check("11.exchanges")

# %% [markdown] name="resume-task"
# ## 11.resume
#
# A rule of your own becomes a Keras optimizer when you subclass `keras.optimizers.Optimizer`, which does the rest.
# Three methods are yours:
#
# - `build(variables)`: first `super().build(variables)`, then what is to be remembered. `self.add_optimizer_variables(variables, "velocity")`
#   returns a list, for each variable one of zeros. A file keeps an optimizer's variables, and no tensor or number beside them.
# - `update_step(gradient, variable, learning_rate)`: one step of one variable; `self._get_variable_index(variable)` is its place in such lists.
#   `self.assign(variable, value)` and `self.assign_add(variable, value)` change a variable; they return nothing.
# - `get_config()`: a dictionary with the arguments of `__init__`; `super().get_config()` has the base class's.
#
# Below is chapter 11's ball that stops where it would roll uphill. Arithmetic and defaults are right. But stopped in mid-run and
# loaded from a file, it does not go on as if nothing had happened. Repair it. (The check keeps config and variables, and makes a new optimizer
# from them, which goes on.)

# %% name="resume-given"
import keras

# %% name="resume-answer" tags=["starter"]
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


# %% name="resume-answer" tags=["answer"]
class StoppingBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, **settings):
        super().__init__(learning_rate, **settings)
        self.momentum = momentum

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        i = self._get_variable_index(variable)
        velocity = self.velocities[i]
        stopped = keras.ops.where(velocity * gradient > 0, 0.0, velocity)
        self.assign(velocity, self.momentum * stopped - learning_rate * gradient)
        self.assign_add(variable, velocity)

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum}


# %% name="resume-check" tags=["check"]
check("11.resume")

# %% [markdown] name="resume-file-words"
# Once the check holds, let a real file prove it: a network on the digits, ten batches, `model.save`, `load_model`, ten more; beside it,
# twenty without a stop.

# %% name="resume-file" tags=["feedback"]
import tempfile

from course.digits import load_digits

images, labels = load_digits()
names = {"StoppingBall": StoppingBall}


def batches(model, first, last):
    for i in range(first, last):
        model.train_on_batch(images[32 * i : 32 * i + 32], labels[32 * i : 32 * i + 32])
    return np.concatenate([np.ravel(w) for w in model.get_weights()])


keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(10, "softmax")])
model.compile(StoppingBall(0.05, 0.8), "sparse_categorical_crossentropy", jit_compile=False)
batches(model, 0, 10)
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/half-way.keras")
    loaded = keras.models.load_model(f"{folder}/half-way.keras", custom_objects=names)
print("the same bits:", np.array_equal(batches(model, 10, 20), batches(loaded, 10, 20)))

# %% [markdown] name="torch-task"
# ## 11.torch
#
# PyTorch's ball keeps the learning rate outside its velocity (chapter 04): while η is constant, it takes the same steps as Keras's ball; when η
# falls, it slows down at once. Give it one thing more, which neither library has, a top speed $s$, at which each entry of its velocity is cut:
#
# $$ v \leftarrow \operatorname{clip}(\beta v + g,\ -s,\ s), \qquad w \leftarrow w - \eta\, v . $$
#
# Write the optimizer. Its arguments are `learning_rate`, `momentum` (β, a number), `top_speed` ($s$, a number), and whatever the base class
# understands, such as `weight_decay`. Leave the defaults. η is the `learning_rate` that `update_step` gets. `keras.ops.clip(x, low, high)` cuts.
#
# The check makes some calls, most with a learning rate of their own, and stops and goes on as in task 4.

# %% name="torch-answer" tags=["starter"]
class PyTorchBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, top_speed=1.0, **settings):
        super().__init__(learning_rate, **settings)
        ...

    def update_step(self, gradient, variable, learning_rate):
        ...


# %% name="torch-answer" tags=["answer"]
class PyTorchBall(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.5, top_speed=1.0, **settings):
        super().__init__(learning_rate, **settings)
        self.momentum = momentum
        self.top_speed = top_speed

    def build(self, variables):
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        velocity = self.velocities[self._get_variable_index(variable)]
        new = keras.ops.clip(self.momentum * velocity + gradient, -self.top_speed, self.top_speed)
        self.assign(velocity, new)
        self.assign_sub(variable, learning_rate * new)

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum, "top_speed": self.top_speed}


# %% name="torch-check" tags=["check"]
check("11.torch")

# %% [markdown] name="torch-picture-words"
# Once the check holds, see both balls on $\tfrac12 w^2$, with momentum 0.9, and yours without a top speed that matters. After 15 steps the learning rate falls from 0.1 to 0.01.
# Which ball slows down at once?

# %% name="torch-picture" tags=["feedback"] alt="w over 40 steps; the learning rate drops at step 15. Both balls swing alike until then; after it Keras's rolls on up to 0.8, yours stays near 0.1."
import matplotlib.pyplot as plt

from course import figures

figures.use_course_style()
figure, axes = plt.subplots()
balls = {"Keras's ball": keras.optimizers.SGD(0.1, momentum=0.9), "your ball": PyTorchBall(0.1, 0.9, top_speed=100)}
for (name, optimizer), line, colour in zip(balls.items(), ("s--", "o-"), ("#D55E00", "#009E73")):
    variable, path = keras.Variable(1.0), [1.0]
    for step in range(40):
        optimizer.learning_rate = 0.1 if step < 15 else 0.01
        optimizer.apply([keras.ops.convert_to_tensor(path[-1], "float32")], [variable])
        path.append(float(variable))
    axes.plot(path, line, ms=3, color=colour, label=name)
    print(f"{name:12} after 15 steps {path[15]:.2f}, farthest afterwards {max(path[15:]):.2f}")
axes.axvline(15, color="0.4", ls=":")
axes.set(xlabel="step", ylabel="weight $w$")
axes.legend()
plt.show()

# %% [markdown] name="race-words"
# ## If you like: your rule trains a network
#
# While the learning rate is constant and the top speed is never reached, your `PyTorchBall` should train as Keras's ball does: both train the same small network on the handwritten digits, from
# the same weights with the same batches. Do the two losses coincide? No check here; it takes some ten seconds. Once they do, hand
# `weight_decay=0.01` or `clipnorm=0.1` to both, which your class never mentions, and run it again.

# %% name="race" tags=["feedback", "nbval-skip"] alt="The loss over ten epochs: your curve and Keras's lie on each other."
from course.optimizer import compare_on_digits

arguments = {"learning_rate": 0.1, "momentum": 0.9}
ours = PyTorchBall(**arguments, top_speed=100)
theirs = keras.optimizers.SGD(**arguments)
compare_on_digits(ours, theirs)

# %% [markdown] name="next"
# **Next:** [chapter 12, tuning SGD](../notebooks/12_tuning_sgd.ipynb).
