# %% [markdown] name="title"
# # Exercise 05: Nesterov look-ahead
#
# Six tasks for [chapter 05](../notebooks/05_nesterov_look_ahead.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("05.landing")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="landing-task"
# ## 05.landing
#
# The loss is $\tfrac12 w^2$, so the slope at $w$ is $w$. The ball is at $w = -2$ with velocity 4;
# `learning_rate=0.3` and `momentum=0.9`. It takes one step as Nesterov wrote it in 1983, with the
# slope read at the end of the glide:
#
# $$ y = w + \beta v, \qquad v \leftarrow \beta v - \eta\,\nabla f(y), \qquad w \leftarrow w + v . $$
#
# At which $w$ does it land? Work it out on paper before you run anything.

# %% name="landing-answer" tags=["starter"]
landing = ...

# %% name="landing-answer" tags=["answer"]
glide = 0.9 * 4
push = -0.3 * (-2 + glide)
landing = -2 + glide + push

# %% name="landing-check" tags=["check"]
check("05.landing")

# %% [markdown] name="step-task"
# ## 05.step
#
# Now one step of `SGD(momentum=…, nesterov=True)` as Keras takes it. The `gradient` is the slope at
# `variable`, and Keras asks for no second one: its weights are the look-ahead points. Return the new
# variable and the new velocity. It should work for numbers and for NumPy arrays.

# %% name="step-answer" tags=["starter"]
def look_ahead_step(variable, velocity, gradient, learning_rate, momentum):
    ...
    return variable, velocity


# %% name="step-answer" tags=["answer"]
def look_ahead_step(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    variable = variable + momentum * velocity - learning_rate * gradient
    return variable, velocity


# %% name="step-check" tags=["check"]
check("05.step")

# %% [markdown] name="step-picture-words"
# Once the check holds, try your own rule: the path called *your rule* should lie exactly on the
# one called *Nesterov*.

# %% name="step-picture" tags=["feedback"]
from course.explorers import Valley

Valley(rule=look_ahead_step)

# %% [markdown] name="translate-task"
# ## 05.translate
#
# Keras's weights are the look-ahead points $\theta = w + \beta v$ of the original, whose weights are
# $w$. Both have the same velocity. That holds for *one* momentum, so a momentum that changes mid-run needs a
# translation. Between two steps the momentum changes from `old_momentum` to `new_momentum`. The
# original's $w$ and $v$ stay where they are; only its next glide changes.
#
# Keras holds `theta` and `velocity`, made with the old momentum. Return `w`, the original's weights,
# and `new_theta`, the look-ahead point from which Keras has to go on with the new momentum.

# %% name="translate-answer" tags=["starter"]
def translate(theta, velocity, old_momentum, new_momentum):
    w = theta
    new_theta = theta
    ...
    return w, new_theta


# %% name="translate-answer" tags=["answer"]
def translate(theta, velocity, old_momentum, new_momentum):
    w = theta - old_momentum * velocity
    new_theta = w + new_momentum * velocity
    return w, new_theta


# %% name="translate-check" tags=["check"]
check("05.translate")

# %% [markdown] name="translate-run-words"
# Once both checks hold, watch it work. On the loss log cosh $w$ the momentum drops from 0.9 to 0.5
# after ten steps. Without a translation the two forms part there; with yours they stay together.

# %% name="translate-run" tags=["feedback"]
for translated in (False, True):
    w, v, theta, velocity, apart = 3.0, 0.0, 3.0, 0.0, 0.0
    for step in range(40):
        momentum = 0.9 if step < 10 else 0.5
        if step == 10 and translated:
            _, theta = translate(theta, velocity, 0.9, 0.5)
        apart = max(apart, abs(theta - (w + momentum * v)))
        v = momentum * v - 0.3 * np.tanh(w + momentum * v)  # the original
        w = w + v
        theta, velocity = look_ahead_step(theta, velocity, np.tanh(theta), 0.3, momentum)
    print("with your translation:" if translated else "without:", f"apart by up to {apart:.3f}")

# %% [markdown] name="edge-task"
# ## 05.edge
#
# A bowl has a curvature in each direction: `curvatures` is an array of them, all above 0. Below some
# learning rate Nesterov's ball settles in *every* direction; above it, it diverges in at least one. This
# function should return that learning rate, one number. Both of its lines are wrong. Repair them.

# %% name="edge-answer" tags=["starter"]
def edge(curvatures, momentum):
    curvature = np.mean(curvatures)
    return 2 * (1 + momentum) / curvature


# %% name="edge-answer" tags=["answer"]
def edge(curvatures, momentum):
    curvature = np.max(curvatures)
    return (2 + 2 * momentum) / (1 + 2 * momentum) / curvature


# %% name="edge-check" tags=["check"]
check("05.edge")

# %% [markdown] name="paths-task"
# ## 05.paths
#
# Plain descent, momentum 0.9 and Nesterov with momentum 0.9 start at rest at the open circle, $w = 1$,
# on the loss $\tfrac12 w^2$. The learning rate is 1.5 for all three. Which is which? Write three
# letters, such as `"ABC"`: first plain descent, then momentum, then Nesterov.
#
# *In words: A jumps from side to side, farther at each step, out of the picture; B jumps from side to side,
# half as far each time, and is at rest after six steps; C swings on in an uneven rhythm, and shrinks slowly.*

# %% name="paths-picture" tags=["feedback"] alt="Three paths of w from 1 over 14 steps. A changes sign at every step and grows out of the picture; B is at 0 after three steps; C swings around 0 and shrinks."
show("05.paths")

# %% name="paths-answer" tags=["starter"]
plain_momentum_nesterov = ...

# %% name="paths-answer" tags=["answer"]
plain_momentum_nesterov = "BCA"

# %% name="paths-check" tags=["check"]
check("05.paths")

# %% [markdown] name="goal-task"
# ## 05.goal
#
# The valley of exercise 04 again: $f(w) = \tfrac12\,(0.01\,w_1^2 + w_2^2)$, from rest at $(1, 1)$. With
# momentum, the pair 3.306 and 0.669 brought the loss below $10^{-6}$ in 60 steps; but on the way the loss rose to
# 14 times its start. Now with `nesterov=True`: choose a learning rate and a momentum so that the
# loss is below $10^{-6}$ by step 60, stays there, and is *never* above its start. Many pairs are right.

# %% name="goal-answer" tags=["starter"]
rates = ..., ...  # learning_rate, momentum

# %% name="goal-answer" tags=["answer"]
rates = 1.0, (1 - 0.1) / (1 + 0.1)  # learning_rate, momentum

# %% name="goal-check" tags=["check"]
check("05.goal")

# %% [markdown] name="race-words"
# ## If you like: your rule trains a network
#
# Your `look_ahead_step` in place of Keras's own: both train the same small network on the handwritten digits, from
# the same weights with the same batches. Do the two losses coincide? No check here; it starts TensorFlow,
# which takes some ten seconds. Once they do, take `nesterov=True` away and run it again.

# %% name="race" tags=["feedback", "nbval-skip"] alt="The loss over ten epochs: your curve and Keras's lie on each other."
from course.optimizer import compare_on_digits, with_rule
from course.quietly import keras

arguments = {"learning_rate": 0.1, "momentum": 0.9}
ours = with_rule(look_ahead_step, **arguments)
theirs = keras.optimizers.SGD(**arguments, nesterov=True)
compare_on_digits(ours, theirs)

# %% [markdown] name="next"
# **Next:** [chapter 06, weight decay](../notebooks/06_weight_decay.ipynb).
