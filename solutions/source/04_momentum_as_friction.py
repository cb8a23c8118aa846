# %% [markdown] name="title"
# # Exercise 04: momentum as friction
#
# Five tasks for [chapter 04](../notebooks/04_momentum_as_friction.ipynb), about 30 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("04.step")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="step-task"
# ## 04.step
#
# Write one step of SGD with momentum as Keras does it. The ball is at `variable` with
# `velocity`; the `gradient` is the one at `variable`. Return the new variable and the new
# velocity. It should work for numbers and for NumPy arrays.

# %% name="step-answer" tags=["starter"]
def ball_step(variable, velocity, gradient, learning_rate, momentum):
    ...
    return variable, velocity


# %% name="step-answer" tags=["answer"]
def ball_step(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return variable + velocity, velocity


# %% name="step-check" tags=["check"]
check("04.step")

# %% [markdown] name="step-picture-words"
# Once the check holds, try your own rule: the path called *your rule* should lie exactly on the
# one called *momentum*.

# %% name="step-picture" tags=["feedback"]
from course.explorers import Valley

Valley(rule=ball_step)

# %% [markdown] name="terminal-task"
# ## 04.terminal
#
# The ball starts at rest on a slope without end: the gradient is 2 everywhere. With
# `learning_rate=0.1` and `momentum=0.9`, its velocity approaches a limit. Which?
# Work it out on paper before you run anything; your `ball_step` can then confirm it.

# %% name="terminal-answer" tags=["starter"]
terminal_velocity = ...

# %% name="terminal-answer" tags=["answer"]
terminal_velocity = -0.1 * 2 / (1 - 0.9)

# %% name="terminal-check" tags=["check"]
check("04.terminal")

# %% [markdown] name="physics-task"
# ## 04.physics
#
# A ball of mass $m$ on a slope obeys $m\,\ddot x = -\nabla f(x) - c\,\dot x$. As in chapter 04 it goes in time steps of
# length $h$: first the slope and the friction, both taken at the start of the step, change its speed; then the new speed moves it.
# This function should turn mass, friction coefficient $c$ and time step into the `learning_rate` and the `momentum` that
# make SGD take the same steps. Both of its lines are wrong. Repair them.

# %% name="physics-answer" tags=["starter"]
def from_physics(mass, friction, time_step):
    learning_rate = time_step / mass
    momentum = time_step * friction / mass
    return learning_rate, momentum


# %% name="physics-answer" tags=["answer"]
def from_physics(mass, friction, time_step):
    learning_rate = time_step**2 / mass
    momentum = 1 - time_step * friction / mass
    return learning_rate, momentum


# %% name="physics-check" tags=["check"]
check("04.physics")

# %% [markdown] name="goal-task"
# ## 04.goal
#
# The valley is $f(w) = \tfrac12\,(0.01\,w_1^2 + w_2^2)$: a hundred times steeper across than
# along. The ball starts at rest at $(1, 1)$. Choose a learning rate and a momentum so that the
# loss falls below $10^{-6}$ within 80 steps and stays there. Plain descent needs 216 steps at
# its best. Many pairs are right.

# %% name="goal-answer" tags=["starter"]
rates = ..., ...  # learning_rate, momentum

# %% name="goal-answer" tags=["answer"]
rates = (2 / (1 + 0.1)) ** 2, ((10 - 1) / (10 + 1)) ** 2  # learning_rate, momentum

# %% name="goal-check" tags=["check"]
check("04.goal")

# %% [markdown] name="portrait-task"
# ## 04.portrait
#
# Three balls start at rest at the open circle, in the same bowl and with the same learning
# rate; only their momentum differs. Order them from the **most friction** to the least.
# Write the three letters, such as `"ABC"`.
#
# *In words: curve A spirals into the middle; B runs around on a closed loop; C makes one arc
# from the start straight to the middle.*

# %% name="portrait-picture" tags=["feedback"] alt="Three phase portraits from position 1, at rest. A is a spiral that turns into the middle; B goes around in a wide circle and comes back near its start; C runs in one arc straight to the middle."
show("04.portrait")

# %% name="portrait-answer" tags=["starter"]
most_friction_first = ...

# %% name="portrait-answer" tags=["answer"]
most_friction_first = "CAB"

# %% name="portrait-check" tags=["check"]
check("04.portrait")

# %% [markdown] name="race-words"
# ## If you like: your ball trains a network
#
# Your `ball_step` in place of Keras's own: both train the same small network on the handwritten digits, from
# the same weights with the same batches. Do the two losses coincide? No check here; it starts TensorFlow,
# which takes some ten seconds. Once they do, give Keras another momentum and run it again.

# %% name="race" tags=["feedback", "nbval-skip"] alt="The loss over ten epochs: your curve and Keras's lie on each other."
from course.optimizer import compare_on_digits, with_rule
from course.quietly import keras

arguments = {"learning_rate": 0.1, "momentum": 0.9}
ours = with_rule(ball_step, **arguments)
theirs = keras.optimizers.SGD(**arguments)
compare_on_digits(ours, theirs)

# %% [markdown] name="next"
# **Next:** [chapter 05, Nesterov look-ahead](../notebooks/05_nesterov_look_ahead.ipynb).
