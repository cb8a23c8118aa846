# %% [markdown] name="title"
# # Exercise 02: stochastic gradients
#
# Six tasks for [chapter 02](../notebooks/02_stochastic_gradients.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("02.gradient")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="gradient-task"
# ## 02.gradient
#
# Example $i$ has the inputs `x[i]`, a row of the table `x`, and the target `y[i]`. The model predicts
# `x[i] @ w`, and the loss of one example is $\tfrac12(x_i \cdot w - y_i)^2$. A batch is an array
# `rows` of example numbers, such as `np.array([1, 3, 1])`; an example that stands there twice counts
# twice. Return the gradient of the batch's **mean** loss: an array as long as `w`.

# %% name="gradient-answer" tags=["starter"]
def batch_gradient(w, x, y, rows):
    gradient = np.zeros(len(w))
    ...
    return gradient


# %% name="gradient-answer" tags=["answer"]
def batch_gradient(w, x, y, rows):
    errors = x[rows] @ w - y[rows]
    gradient = x[rows].T @ errors / len(rows)
    return gradient


# %% name="gradient-check" tags=["check"]
check("02.gradient")

# %% [markdown] name="gradient-picture-words"
# Once the check holds, see whether your batches are right on average: the mean over *every* batch of
# two out of five examples should be the full gradient.

# %% name="gradient-picture" tags=["feedback"]
from itertools import product

x, y = np.random.default_rng(0).normal(size=(5, 2)), np.arange(5.0)
every = [batch_gradient(np.ones(2), x, y, np.array(rows)) for rows in product(range(5), repeat=2)]
print("mean over", len(every), "batches:", np.mean(every, axis=0).round(6))
print("full gradient:       ", batch_gradient(np.ones(2), x, y, np.arange(5)).round(6))

# %% [markdown] name="error-task"
# ## 02.error
#
# There are 33 examples. The gradient of a single one, picked at random, is a typical distance (root of
# the mean square) of 30 away from the full gradient. You take the mean over a batch of 25, picked at random **without
# replacement**. What is its typical distance? The numbers are chosen for pen and paper.

# %% name="error-answer" tags=["starter"]
error_bar = ...

# %% name="error-answer" tags=["answer"]
error_bar = 30 / np.sqrt(25) * np.sqrt((33 - 25) / (33 - 1))

# %% name="error-check" tags=["check"]
check("02.error")

# %% [markdown] name="epoch-task"
# ## 02.epoch
#
# The loss of example $i$ is $\tfrac12(w - x_i)^2$, with one weight `w`. This function should take the
# steps that Keras's `fit` takes in one epoch. `order` holds every example's number once, already shuffled,
# so the example `x[order[0]]` comes first. Each batch takes the next `size` examples and makes one step with the mean of their
# gradients. A short last batch is a batch like any other: the mean over the examples that are in it, and a full step.
# Two lines are wrong. Repair them.

# %% name="epoch-answer" tags=["starter"]
def fit_epoch(w, x, order, size, learning_rate):
    for first in range(0, len(x) - size + 1, size):
        batch = x[first : first + size]
        w = w - learning_rate * np.mean(w - batch)
    return w


# %% name="epoch-answer" tags=["answer"]
def fit_epoch(w, x, order, size, learning_rate):
    for first in range(0, len(x), size):
        batch = x[order[first : first + size]]
        w = w - learning_rate * np.mean(w - batch)
    return w


# %% name="epoch-check" tags=["check"]
check("02.epoch")

# %% [markdown] name="spread-task"
# ## 02.spread
#
# SGD runs on $\tfrac12\lambda w^2$: each step subtracts `learning_rate` times the gradient
# $\lambda w + \varepsilon$. The noise $\varepsilon$ is the mean of `size` independent noises, each with mean 0
# and variance σ² = `variance`; every step has new ones. At the start the mean square of $w$ over many runs is `square`.
#
# Return two numbers: `after`, the mean square after so many `steps` (0, 1, 2, …), and `floor`, the
# value at which it settles if the steps never end. Take ηλ = `learning_rate * curvature` to be between 0 and 2.

# %% name="spread-answer" tags=["starter"]
def spread(square, steps, learning_rate, curvature, variance, size):
    after = floor = square
    ...
    return after, floor


# %% name="spread-answer" tags=["answer"]
def spread(square, steps, learning_rate, curvature, variance, size):
    after = square
    for _ in range(steps):
        after = (1 - learning_rate * curvature) ** 2 * after
        after = after + learning_rate**2 * variance / size
    floor = learning_rate * variance / (size * curvature * (2 - learning_rate * curvature))
    return after, floor


# %% name="spread-check" tags=["check"]
check("02.spread")

# %% [markdown] name="spread-picture-words"
# Once the check holds, your numbers can meet 2000 runs that really draw their noise: the dots, which are
# measured, should lie on your line, and settle on your floor.

# %% name="spread-picture" tags=["feedback"] alt="The mean square of w over 40 steps, logarithmic: the dots of 2000 runs lie on the curve of your after, which falls to the level line of your floor at about 0.1."
import matplotlib.pyplot as plt

from course import figures

figures.use_course_style()
random, w, measured = np.random.default_rng(1), np.full(2000, 3.0), []
for _ in range(41):
    measured.append(np.mean(w**2))
    w = w - 0.2 * (w + random.normal(size=2000) * 2 / np.sqrt(4))  # σ² = 4, batches of 4
yours = [spread(9.0, step, 0.2, 1.0, 4.0, 4) for step in range(41)]
figure, axes = plt.subplots()
axes.semilogy(measured, "o", ms=4, color="black", label="2000 runs")
axes.semilogy([after for after, _ in yours], "-", color="#009E73", label="your `after`")
axes.semilogy([floor for _, floor in yours], "--", color="#E69F00", label="your `floor`")
axes.set(xlabel="step", ylabel="mean square of w")
axes.legend()
plt.show()

# %% [markdown] name="clouds-task"
# ## 02.clouds
#
# Three runs on the same parabola, from the same start and with the same noise in each example. Which
# curve belongs to which run? Write the letters of runs 1, 2 and 3 in this order, such as `"ABC"`.
#
# | run | learning rate | batch size |
# |---|---|---|
# | 1 | 0.2 | 4 |
# | 2 | 0.2 | 64 |
# | 3 | 0.05 | 4 |
#
# *In words: A (solid) and B (dashed) fall equally fast at first; B soon turns to the highest level of the three, A
# goes on down to the lowest. C (dotted) falls about four times as slowly and is turning to a level in between.*

# %% name="clouds-picture" tags=["feedback"] alt="Three curves of the mean square of w over 100 steps, logarithmic. A falls fast to the lowest level, 0.007; B falls as fast, and levels off first, at 0.11; C falls slowly, to 0.03."
show("02.clouds")

# %% name="clouds-answer" tags=["starter"]
runs = ...  # the letters of runs 1, 2 and 3, in one word

# %% name="clouds-answer" tags=["answer"]
runs = "BAC"

# %% name="clouds-check" tags=["check"]
check("02.clouds")

# %% [markdown] name="goal-task"
# ## 02.goal
#
# The valley is $f(w) = \tfrac12\,(w_1^2 + 0.05\,w_2^2)$, and the start is $(3, 3)$. The gradient of one example has independent
# noise of variance 1 in each entry. You may take 100 steps, and memory holds at most 256 examples at a time.
# Choose a learning rate and a batch size so that the **mean loss after 100 steps is below 0.005**. (The
# mean is over many runs; the check computes it exactly, nothing is left to luck.)
#
# A colleague's rate of 0.1 with a batch of 16 ends far above it. Many pairs are right.

# %% name="goal-answer" tags=["starter"]
rate_and_batch = ..., ...  # learning_rate, batch_size

# %% name="goal-answer" tags=["answer"]
rate_and_batch = 0.8, 200  # learning_rate, batch_size

# %% name="goal-check" tags=["check"]
check("02.goal")

# %% [markdown] name="next"
# **Next:** [chapter 03, learning-rate schedules](../notebooks/03_learning_rate_schedules.ipynb).
