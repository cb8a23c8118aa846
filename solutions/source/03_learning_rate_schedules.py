# %% [markdown] name="title"
# # Exercise 03: learning-rate schedules
#
# Six tasks for [chapter 03](../notebooks/03_learning_rate_schedules.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("03.schedule")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="schedule-task"
# ## 03.schedule
#
# Return the learning rates that the first `calls` calls of the optimizer get, in order, as a list or an
# array. As in Keras, a call's *count* is the number of calls before it. At count 0 the rate is 0. It climbs in a
# straight line and is `peak` at count `warmup_steps`. From there it comes down along half a wave of a
# cosine, flat at both ends, and is 0 again `decay_steps` counts later. After that it stays 0.
#
# All four arguments are positive; `calls` may end anywhere, also in the middle of the warm-up.

# %% name="schedule-answer" tags=["starter"]
def learning_rates(calls, peak, warmup_steps, decay_steps):
    rates = np.zeros(calls)
    ...
    return rates


# %% name="schedule-answer" tags=["answer"]
def learning_rates(calls, peak, warmup_steps, decay_steps):
    rates = []
    for count in range(calls):
        if count < warmup_steps:
            rate = peak * count / warmup_steps
        else:
            part = min((count - warmup_steps) / decay_steps, 1)
            rate = peak * (1 + np.cos(np.pi * part)) / 2
        rates.append(rate)
    return rates


# %% name="schedule-check" tags=["check"]
check("03.schedule")

# %% [markdown] name="schedule-picture-words"
# See whether it looks as you meant it: a straight line up to count 20, half a wave down to count 120, then nothing.

# %% name="schedule-picture" tags=["feedback"] alt="Your schedule: the learning rate rises in a straight line to 0.1 at count 20, falls in half a wave to 0 at 120, and stays there."
import matplotlib.pyplot as plt

from course import figures

figures.use_course_style()
figure, axes = plt.subplots(figsize=(8, 2.4))
axes.plot(learning_rates(140, 0.1, 20, 100), color="black")
axes.set(xlabel="count", ylabel="learning rate")
plt.show()

# %% [markdown] name="plan-task"
# ## 03.plan
#
# Keras's `fit` runs for `epochs` epochs over `examples` examples in batches of `batch_size`; the optimizer
# has `gradient_accumulation_steps=accumulation` (1 stands for none). It gets the schedule of task 1. The warm-up should end
# exactly when the first `warmup_epochs` epochs are over, and the way down exactly when the run is over: one call more would
# be the first on the way down with the rate 0. This function should return the `warmup_steps` and the
# `decay_steps` that do it. There are three faults in it. Repair them.

# %% name="plan-answer" tags=["starter"]
def plan(examples, batch_size, epochs, warmup_epochs, accumulation):
    steps_per_epoch = examples // batch_size
    warmup_steps = warmup_epochs * steps_per_epoch // accumulation
    decay_steps = epochs * steps_per_epoch // accumulation
    return warmup_steps, decay_steps


# %% name="plan-answer" tags=["answer"]
def plan(examples, batch_size, epochs, warmup_epochs, accumulation):
    steps_per_epoch = int(np.ceil(examples / batch_size))
    warmup_steps = warmup_epochs * steps_per_epoch
    decay_steps = (epochs - warmup_epochs) * steps_per_epoch
    return warmup_steps, decay_steps


# %% name="plan-check" tags=["check"]
check("03.plan")

# %% [markdown] name="frozen-task"
# ## 03.frozen
#
# A Keras model (on TensorFlow) has a single weight $w$, its loss is $w^2$, and each `fit` below makes
# one step of plain SGD. At the start $w = 1$. What is $w$ at the end? Work it out before you run anything.
#
#     rate = 0.1
#     optimizer = keras.optimizers.SGD(lambda: rate)
#     model.compile(optimizer, loss="mse")
#     model.fit(x, y)
#     rate = 0.25
#     model.fit(x, y)
#     model.compile(optimizer, loss="mse")
#     model.fit(x, y)

# %% name="frozen-answer" tags=["starter"]
last_weight = ...

# %% name="frozen-answer" tags=["answer"]
last_weight = (1 - 2 * 0.1) * (1 - 2 * 0.1) * (1 - 2 * 0.25)

# %% name="frozen-check" tags=["check"]
check("03.frozen")

# %% [markdown] name="greedy-task"
# ## 03.greedy
#
# SGD runs on $\tfrac12\lambda w^2$. Over many runs, the mean of $w^2$ is `square` just now. The next step subtracts $\eta\,(\lambda w + \varepsilon)$,
# where λ = `curvature` and the noise $\varepsilon$ has mean 0 and variance σ² = `variance` and does not depend on $w$.
#
# Return the learning rate η that makes the mean of $w^2$ after this one step as small as possible, and this
# smallest mean, `left`. All three arguments are positive. (Paper first: write that mean down for any η, then
# differentiate it. A formula is wanted; a search over a grid is not exact enough.)

# %% name="greedy-answer" tags=["starter"]
def best_next(square, curvature, variance):
    learning_rate, left = 1.0, square
    ...
    return learning_rate, left


# %% name="greedy-answer" tags=["answer"]
def best_next(square, curvature, variance):
    learning_rate = curvature * square / (curvature**2 * square + variance)
    left = (1 - learning_rate * curvature) ** 2 * square + learning_rate**2 * variance
    return learning_rate, left


# %% name="greedy-check" tags=["check"]
check("03.greedy")

# %% [markdown] name="greedy-picture-words"
# Now let your rule choose step after step, each time from what the step before it left. By how much does
# one divided by your learning rate grow from step to step?

# %% name="greedy-picture" tags=["feedback"]
square = 16.0
for step in range(6):
    learning_rate, square = best_next(square, 1.0, 1.0)
    print(f"step {step}: learning rate {learning_rate:.4f}, 1 / learning rate {1 / learning_rate:.4f}")

# %% [markdown] name="plateaus-task"
# ## 03.plateaus
#
# Three runs in the valley $f(w) = \tfrac12\,(w_1^2 + 0.01\,w_2^2)$, from the same start and with the same noise in their
# gradients. Which curve belongs to which run? Write the letters of runs 1, 2 and 3 in this order, such as `"ABC"`.
#
# | run | learning rate at step t |
# |---|---|
# | 1 | constant, 0.5 |
# | 2 | 0.5 · 0.95ᵗ |
# | 3 | a cosine from 0.5 to 0 at step 400 |
#
# *In words: until step 5 all three fall steeply as one. C (dotted) is level at 0.35 from about step 80 on. A (solid) and B
# (dashed) stay together for some fifty steps, above C. B crosses C near step 160 and levels off at 0.3. A crosses C near step
# 110, and levels off at 0.13 only at the end.*

# %% name="plateaus-picture" tags=["feedback"] alt="Three curves of the mean loss over 400 steps. A falls slowly and ends lowest, at 0.13; B falls slowly to 0.30; C falls at once and levels off highest, at 0.35."
show("03.plateaus")

# %% name="plateaus-answer" tags=["starter"]
runs = ...  # the letters of runs 1, 2 and 3, in one word

# %% name="plateaus-answer" tags=["answer"]
runs = "BCA"

# %% name="plateaus-check" tags=["check"]
check("03.plateaus")

# %% [markdown] name="goal-task"
# ## 03.goal
#
# The valley is $f(w) = \tfrac12\,(w_1^2 + 0.05\,w_2^2)$, and the start is $(4, 4)$. The gradient has
# independent noise of variance 1 in each entry. The step with count $t = 0, 1, 2, \dots$ has the learning rate
#
# $$ \eta_t = \frac{\text{first rate}}{(t + 1)^{\text{power}}} . $$
#
# Choose a first rate, above 0 and below 2, and a power, 0 or more, so that the **mean loss after 1000 steps is below 0.02**. (The mean is
# over many runs; the check computes it exactly, nothing is left to luck.) The best constant rate
# (power 0) ends at 0.0270, and 1/t (first rate 1, power 1) at 0.2115. Many pairs are right.

# %% name="goal-answer" tags=["starter"]
fall = ..., ...  # first_rate, power

# %% name="goal-answer" tags=["answer"]
fall = 0.9, 0.5  # first_rate, power

# %% name="goal-check" tags=["check"]
check("03.goal")

# %% [markdown] name="next"
# **Next:** [chapter 04, momentum as friction](../notebooks/04_momentum_as_friction.ipynb).
