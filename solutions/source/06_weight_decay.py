# %% [markdown] name="title"
# # Exercise 06: weight decay
#
# Six tasks for [chapter 06](../notebooks/06_weight_decay.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("06.step")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="calls-task"
# ## 06.calls
#
# One weight of a Keras model starts at $w = 64$. The optimizer is plain SGD with `weight_decay=0.25`. It is called
# four times; the model's other weights have a gradient in every call.
#
# | call | learning rate | gradient of this weight |
# |---|---|---|
# | 1 | 1.0 | 0 |
# | 2 | 0.5 | 4 |
# | 3 | 1.0 | `None`, for the weight was not used |
# | 4 | 0.5 | 0 |
#
# What is the weight after the fourth call? Work it out on paper before you run anything.

# %% name="calls-answer" tags=["starter"]
last_weight = ...

# %% name="calls-answer" tags=["answer"]
after_call_2 = 64 * (1 - 1.0 * 0.25) * (1 - 0.5 * 0.25) - 0.5 * 4
last_weight = after_call_2 * (1 - 0.5 * 0.25)

# %% name="calls-check" tags=["check"]
check("06.calls")

# %% [markdown] name="step-task"
# ## 06.step
#
# Write one step of `SGD(momentum=…, weight_decay=…)` as Keras takes it: chapter 04's ball, and the current that
# carries it. The `gradient` is the one at the `variable` that comes in. Return the new variable and the new velocity. It should
# work for numbers and for NumPy arrays.

# %% name="step-answer" tags=["starter"]
def decayed_step(variable, velocity, gradient, learning_rate, momentum, weight_decay):
    ...
    return variable, velocity


# %% name="step-answer" tags=["answer"]
def decayed_step(variable, velocity, gradient, learning_rate, momentum, weight_decay):
    variable = variable - learning_rate * weight_decay * variable
    velocity = momentum * velocity - learning_rate * gradient
    return variable + velocity, velocity


# %% name="step-check" tags=["check"]
check("06.step")

# %% [markdown] name="step-picture-words"
# Once the check holds, let your own step run in the chapter's bowl, with one `weight_decay` and three momenta. All three
# should come to rest *on* the grey line. Which way along it does more momentum lead, and why?

# %% name="step-picture" tags=["feedback"] alt="Three paths from (−1, 0) with decay, at momentum 0, 0.5 and 0.9. They settle on one curve of places, the later the larger the momentum; with 0.9 the path swings wide and settles nearest to the minimum at (1, 1)."
import matplotlib.pyplot as plt

from course import figures

figures.use_course_style()
curvatures, strengths = np.array([0.25, 1.0]), np.geomspace(1e-3, 1e3, 300)[:, None]
axes = plt.figure().subplots()
rests = curvatures / (curvatures + strengths)
axes.plot(*rests.T, color="0.6", label="where any strength settles")
for momentum, line, marker in ((0.0, "-", "o"), (0.5, ":", "^"), (0.9, "--", "s")):
    w, v, path = np.array([-1.0, 0.0]), np.zeros(2), [[-1.0, 0.0]]
    for _ in range(1500):
        w, v = decayed_step(w, v, curvatures * (w - 1), 0.1, momentum, 0.5)
        path.append(w)
    (drawn,) = axes.plot(*np.transpose(path), line, label=f"momentum {momentum}")
    axes.plot(*w, marker, color=drawn.get_color(), ms=9)
    print(f"momentum {momentum}: rests at {w.round(3)} with velocity {v.round(4) + 0.0}")
axes.plot(1, 1, "+", color="black", ms=12, label="minimum of the loss")
axes.set(xlabel="$w_1$ (curvature 0.25)", ylabel="$w_2$ (curvature 1)")
axes.legend()
plt.show()

# %% [markdown] name="swings-task"
# ## 06.swings
#
# Three balls start at rest at $w = 0$ on the loss $\tfrac12 (w-1)^2$, with `learning_rate=0.1` and `momentum=1.0`. One has
# nothing that keeps its weight small, one has Keras's `weight_decay=0.5`, one has the penalty $\tfrac12 \cdot 0.5\,w^2$ in its
# loss. Which is which? Write three letters, such as `"ABC"`: first the ball with **none**, then **decay**, then **penalty**.
#
# *In words: a thin green line marks the minimum of the loss, at 1. A swings about the line, less at each swing, and is nearly
# at rest on it at step 120. B swings for ever between 0 and 1.3. C swings for ever between 0 and 2.*

# %% name="swings-picture" tags=["feedback"] alt="Three swings of w around a line at 1, over 120 steps. A shrinks fast and settles just below the line; B swings evenly around 0.7 without shrinking; C swings evenly between 0 and 2."
show("06.swings")

# %% name="swings-answer" tags=["starter"]
none_decay_penalty = ...

# %% name="swings-answer" tags=["answer"]
none_decay_penalty = "CAB"

# %% name="swings-check" tags=["check"]
check("06.swings")

# %% [markdown] name="port-task"
# ## 06.port
#
# You train with Keras's `SGD(momentum=momentum, weight_decay=…)`. You have three recipes. Each has the same `number`, and
# each was run with the momentum `old_momentum`:
#
# - **from PyTorch**: `torch.optim.SGD(…, weight_decay=number)`;
# - **from L2**: Keras's `SGD` without decay, and every layer with the regularizer `L2(number)`, for its biases, too;
# - **from Keras**: `SGD(…, weight_decay=number)`, but at another momentum than yours.
#
# For each recipe, this function should return the `weight_decay` with which *your* weights settle where the recipe's did. (Both
# momenta are below 1, and nothing is clipped.) All three lines are wrong. Repair them.

# %% name="port-answer" tags=["starter"]
def to_keras(number, old_momentum, momentum):
    from_pytorch = number * (1 - momentum)
    from_l2 = number / 2
    from_keras = number
    return from_pytorch, from_l2, from_keras


# %% name="port-answer" tags=["answer"]
def to_keras(number, old_momentum, momentum):
    from_pytorch = number / (1 - momentum)
    from_l2 = 2 * number / (1 - momentum)
    from_keras = number * (1 - old_momentum) / (1 - momentum)
    return from_pytorch, from_l2, from_keras


# %% name="port-check" tags=["check"]
check("06.port")

# %% [markdown] name="port-run-words"
# Once the check holds, run the recipes. On $\tfrac12(w-1)^2$ each is trained as it was written, at momentum 0.5, and
# then as you translated it, at momentum 0.9. The two numbers of each line should be the same.

# %% name="port-run" tags=["feedback"]
def settles(momentum, in_decay=0.0, in_gradient=0.0):
    w, v = 0.0, 0.0
    for _ in range(3000):
        slope = (w - 1) + in_gradient * w
        v = momentum * v - 0.1 * slope
        w = w - 0.1 * in_decay * w + v
    return w


number = 0.05
recipes = {
    "PyTorch": settles(0.5, in_gradient=number),
    "L2": settles(0.5, in_gradient=2 * number),
    "Keras": settles(0.5, in_decay=number),
}
for (name, theirs), yours in zip(recipes.items(), to_keras(number, 0.5, 0.9)):
    print(f"{name:8} as written: {theirs:.4f}   as you translate it: {settles(0.9, in_decay=yours):.4f}")

# %% [markdown] name="spare-task"
# ## 06.spare
#
# Keras finds the variables to spare by searching for words anywhere in their paths, so that `["bias"]` spares all of a model
# called `unbiased`. Write a decay that compares *whole words* with a variable's *own name*.
#
# `paths` is a list of paths as Keras has them on TensorFlow, such as `"unbiased/dense/bias:0"`. The own name is what follows
# the last slash, without the `:0`: here `bias`. A variable is spared if its own name is exactly one of the `words`; `log_bias` is not `bias`.
#
# Each variable is one number here: `weights` is an array with one number for each path. Return the array of the new weights. Spared
# ones stay as they were; the others decay by one step, with a gradient of zero and without momentum.

# %% name="spare-answer" tags=["starter"]
def decay_but(weights, paths, words, learning_rate, weight_decay):
    new_weights = weights.copy()
    ...
    return new_weights


# %% name="spare-answer" tags=["answer"]
def decay_but(weights, paths, words, learning_rate, weight_decay):
    new_weights = weights.copy()
    for i, path in enumerate(paths):
        name = path.split("/")[-1].removesuffix(":0")
        if name not in words:
            new_weights[i] = weights[i] * (1 - learning_rate * weight_decay)
    return new_weights


# %% name="spare-check" tags=["check"]
check("06.spare")

# %% [markdown] name="spare-run-words"
# Once the check holds, put it beside Keras's search. Where the two differ, Keras is silent.

# %% name="spare-run" tags=["feedback"]
import re

for model in ("net", "unbiased"):
    paths = [f"{model}/{part}:0" for part in ("dense/kernel", "dense/bias", "norm/gamma", "norm/log_gamma")]
    words = ["bias", "gamma"]
    yours = decay_but(np.ones(4), paths, words, 0.5, 0.5) == 1
    for path, spared in zip(paths, yours):
        keras_s = re.search("|".join(words), path) is not None
        print(f"{path:26} spared by Keras: {keras_s!s:6} by you: {bool(spared)}")

# %% [markdown] name="goal-task"
# ## 06.goal
#
# The linear model of the chapter again, but now it should tell from the 64 pixels whether a digit is an **eight**. It learns from
# 100 images; the 1,697 others are the test. All weights start at zero, and you have `learning_rate=0.1`. Choose the momentum (below 1) and the `weight_decay` of
# Keras's `SGD` so that the squared error on the test images is **below 0.23 from step 100 on**. (The check looks at
# every step up to 2000; each uses all 100 images, so nothing is left to luck.)
#
# At this learning rate plain SGD with `weight_decay=0.025` settles at 0.2264, low enough, but gets below 0.23 for good only at step 183.
# Many pairs are right.

# %% name="goal-answer" tags=["starter"]
choice = ..., ...  # momentum, weight_decay

# %% name="goal-answer" tags=["answer"]
choice = 0.9, 0.025 / (1 - 0.9)  # momentum, weight_decay

# %% name="goal-check" tags=["check"]
check("06.goal")

# %% [markdown] name="race-words"
# ## If you like: your rule trains a network
#
# Your `decayed_step` in place of Keras's own: both train the same small network on the handwritten digits, from
# the same weights with the same batches. Do the two losses coincide? No check here; it starts TensorFlow,
# which takes some ten seconds. Once they do, give only Keras a `weight_decay` of 0.1 and run it again.

# %% name="race" tags=["feedback", "nbval-skip"] alt="The loss over ten epochs: your curve and Keras's lie on each other."
from course.optimizer import compare_on_digits, with_rule
from course.quietly import keras


def ball_with_decay(variable, velocity, gradient, learning_rate, momentum):
    return decayed_step(variable, velocity, gradient, learning_rate, momentum, weight_decay=0.01)


arguments = {"learning_rate": 0.1, "momentum": 0.9}
ours = with_rule(ball_with_decay, **arguments)
theirs = keras.optimizers.SGD(**arguments, weight_decay=0.01)
compare_on_digits(ours, theirs)

# %% [markdown] name="next"
# **Next:** [chapter 07, clipping](../notebooks/07_clipping.ipynb).
