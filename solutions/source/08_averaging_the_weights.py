# %% [markdown] name="title"
# # Exercise 08: averaging the weights
#
# Six tasks for [chapter 08](../notebooks/08_averaging_the_weights.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("08.averages")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="after_fit-task"
# ## 08.after_fit
#
# A Keras model has a single weight $w$, and its loss is $w^2$. At the start $w = 32$. `fit` makes one step in each epoch:
#
#     model.compile(keras.optimizers.SGD(0.25, use_ema=True, ema_momentum=0.75), loss="mse")
#     model.fit(x, y, epochs=3)
#
# What is the model's weight after `fit`? Work it out on paper before you run anything.

# %% name="after_fit-answer" tags=["starter"]
after_fit = ...

# %% name="after_fit-answer" tags=["answer"]
after_fit = 0.75 * (0.75 * 16 + 0.25 * 8) + 0.25 * 4

# %% name="after_fit-check" tags=["check"]
check("08.after_fit")

# %% [markdown] name="averages-task"
# ## 08.averages
#
# `weights` is a table with one row for each step of a training: `weights[0]` holds the weights after the first step,
# `weights[1]` those after the second, and so on (there is at least one). Return a table of the same shape: each row is the
# average that Keras, with `use_ema=True` and this `ema_momentum`, keeps after that step. The table that you are given must
# stay as it is.

# %% name="averages-answer" tags=["starter"]
def averages(weights, ema_momentum):
    found = np.zeros(np.shape(weights))
    ...
    return found


# %% name="averages-answer" tags=["answer"]
def averages(weights, ema_momentum):
    found = np.zeros(np.shape(weights))
    average = weights[0]
    for t, w in enumerate(weights):
        average = ema_momentum * average + (1 - ema_momentum) * w
        found[t] = average
    return found


# %% name="averages-check" tags=["check"]
check("08.averages")

# %% [markdown] name="averages-picture-words"
# Once the check holds, average a noisy run with your own function. A short memory leaves more noise, a long one lags: which of the two is nearer to the minimum at step 50, and which at step 300?

# %% name="averages-picture" tags=["feedback"] alt="A noisy weight over 300 steps and two averages: with m = 0.9 the average follows it closely and still shakes; with m = 0.98 it comes down later and is smooth."
import matplotlib.pyplot as plt

from course import figures

figures.use_course_style()
random, w, run = np.random.default_rng(8), np.array([6.0]), []
for _ in range(300):
    w = w - 0.3 * (w + 2 * random.normal(size=1))
    run.append(w)
figure, axes = plt.subplots()
steps = np.arange(1, 301)
axes.plot(steps, run, color="0.7", lw=1, label="weight")
axes.plot(steps, averages(np.array(run), 0.9), "--", color="#E69F00", label="your average, m = 0.9")
axes.plot(steps, averages(np.array(run), 0.98), "-", color="#009E73", label="your average, m = 0.98")
axes.axhline(0, color="black", lw=1, ls=":")
axes.set(xlabel="step", ylabel="$w$ (the minimum is at 0)")
axes.legend()
plt.show()

# %% [markdown] name="calm-task"
# ## 08.calm
#
# Plain SGD runs on $\tfrac12\lambda w^2$, with λ = `curvature`, ηλ between 0 and 2, and new noise in each gradient. Its weights are
# averaged with $m$ = `ema_momentum`, below 1. This function should return
#
# - `lag`: how many steps the average is behind weights that move steadily, by the same amount in each step;
# - `ratio`: the average's variance as a part of the weights' variance, in a run so long that the start is forgotten.
#
# In each of the three lines before `return` something is wrong. Repair them.

# %% name="calm-answer" tags=["starter"]
def calm(learning_rate, curvature, ema_momentum):
    m, rho = ema_momentum, learning_rate * curvature  # rho: what a step leaves of w
    lag = 1 / (1 - m)
    ratio = (1 - m) / (1 + m)
    return lag, ratio


# %% name="calm-answer" tags=["answer"]
def calm(learning_rate, curvature, ema_momentum):
    m, rho = ema_momentum, 1 - learning_rate * curvature  # rho: what a step leaves of w
    lag = m / (1 - m)
    ratio = (1 - m) * (1 + m * rho) / ((1 + m) * (1 - m * rho))
    return lag, ratio


# %% name="calm-check" tags=["check"]
check("08.calm")

# %% [markdown] name="calm-picture-words"
# Once the check holds, your formula can meet 500 real runs, averaged by your `averages`. Beside it stands (1 − m)/(1 + m), which
# is often promised.

# %% name="calm-picture" tags=["feedback"]
for learning_rate, m in ((0.1, 0.9), (1.0, 0.9), (1.5, 0.9), (0.1, 0.98)):
    random, w, run = np.random.default_rng(0), np.zeros(500), []
    for _ in range(1500):
        w = w - learning_rate * (w + random.normal(size=500))
        run.append(w)
    watched, late = np.array(averages(np.array(run), m)), slice(500, None)
    measured = np.mean(watched[late] ** 2) / np.mean(np.array(run)[late] ** 2)
    print(f"η {learning_rate}, m {m:<4}: measured {measured:.4f},", end=" ")
    print(f"yours {calm(learning_rate, 1.0, m)[1]:.4f}, promised {(1 - m) / (1 + m):.4f}")

# %% [markdown] name="overwriting-task"
# ## 08.overwriting
#
# Here is one call of Keras's SGD with `momentum`, `use_ema=True` and `ema_overwrite_frequency` = `every`. `w`, `v` and `a` are
# the weight, the velocity and the average as they were before this call, and `updates` says how many calls came before (at
# the first one it is 0, and `a` is 0, too). Every line is right, but they are out of order: there are four single lines, and
# two that belong to the `if` above them. Put them in order. Nothing needs to be added or changed; more than one order is right.

# %% name="overwriting-answer" tags=["starter"]
def overwriting_call(w, v, a, updates, gradient, learning_rate, momentum, m, every):
    if updates % every == 0:
        w = a
    updates = updates + 1
    a = m * a + (1 - m) * w
    if updates == 0:
        m = 0
    w = w + v
    v = momentum * v - learning_rate * gradient
    return w, v, a, updates


# %% name="overwriting-answer" tags=["answer"]
def overwriting_call(w, v, a, updates, gradient, learning_rate, momentum, m, every):
    v = momentum * v - learning_rate * gradient
    w = w + v
    if updates == 0:
        m = 0
    a = m * a + (1 - m) * w
    updates = updates + 1
    if updates % every == 0:
        w = a
    return w, v, a, updates


# %% name="overwriting-check" tags=["check"]
check("08.overwriting")

# %% [markdown] name="overwriting-picture-words"
# Once the check holds, watch your call overwrite, without noise and without momentum: on the left the average only watches,
# on the right it is put in the weight's place every 20 calls. Which of the two weights reaches the minimum sooner?

# %% name="overwriting-picture" tags=["feedback"] alt="Weight and average over 120 calls. Never overwritten, the weight falls to 0 and the average follows far behind; overwritten every 20 calls, the weight jumps up to the average each time, and both come down together."
figure, panels = plt.subplots(1, 2, sharey=True)
for axes, every, title in zip(panels, (1000, 20), ("never overwritten", "overwritten every 20 calls")):
    w, v, a, updates, rows = 10.0, 0.0, 0.0, 0, []
    for _ in range(120):
        w, v, a, updates = overwriting_call(w, v, a, updates, w, 0.1, 0.0, 0.98, every)
        rows.append((w, a))
    axes.plot(range(1, 121), [w for w, _ in rows], color="black", label="weight")
    axes.plot(range(1, 121), [a for _, a in rows], "-.", color="#56B4E9", label="average")
    axes.set(title=title, xlabel="call")
panels[0].set_ylabel("$w$")
panels[0].legend()
plt.show()

# %% [markdown] name="levels-task"
# ## 08.levels
#
# Noisy SGD on $\tfrac12 w^2$ from $w = 10$, with η = 0.1 and noise of variance 1 in each gradient. The curves are mean squares over many
# runs, at every 20th step. One is that of the **weights**, one that of their **average** with $m = 0.98$, which only watches.
# The third is another run's weights, which are **overwritten** by their average every 20 steps, with the same $m$ (drawn
# right after each overwrite). Which is which? Write three letters, such as `"ABC"`: weights, average, overwritten.
#
# *In words: C (dotted) is down at 0.05 after 60 steps and stays there. B (dashed) comes straight down, crosses C
# just before step 200, and settles six times lower. A (solid) falls more slowly, crosses C near step 320 and B near step 460,
# and settles a little lower still.*

# %% name="levels-picture" tags=["feedback"] alt="Three curves of the mean square over 600 steps, logarithmic. B falls fast and levels off at 0.01; A falls more slowly, to a little less; C starts lowest and stays at 0.06."
show("08.levels")

# %% name="levels-answer" tags=["starter"]
weights_average_overwritten = ...

# %% name="levels-answer" tags=["answer"]
weights_average_overwritten = "CBA"

# %% name="levels-check" tags=["check"]
check("08.levels")

# %% [markdown] name="goal-task"
# ## 08.goal
#
# The valley is $f(w) = \tfrac12\,(w_1^2 + 0.02\,w_2^2)$, and the start is $(3, 3)$. The noise in the gradient is independent in each entry,
# with variance 1 along $w_1$ and 0.02 along $w_2$. There are only 200 steps of plain SGD. Choose a learning rate (above 0 and below 2) and an
# `ema_momentum` (from 0 to below 1) so that the **mean loss of the average is below 0.0125** after the last step. (The mean
# is over many runs; the check computes it exactly, nothing is left to luck.)
#
# The weights alone reach 0.0667 at best; and with Keras's default, `ema_momentum=0.99`, the average is above 0.018 whatever the
# learning rate. Many pairs are right.

# %% name="goal-answer" tags=["starter"]
rate_and_memory = ..., ...  # learning_rate, ema_momentum

# %% name="goal-answer" tags=["answer"]
rate_and_memory = 1.0, 0.98  # learning_rate, ema_momentum

# %% name="goal-check" tags=["check"]
check("08.goal")

# %% [markdown] name="race-words"
# ## If you like: your rule trains a network
#
# Your `averages` in place of Keras's own: both train the same small network on the handwritten digits, from the same
# weights with the same batches, and overwrite every 5 updates. Each pull is the second row of your table for two rows, the average so
# far and the new weights. Do the two losses coincide? No check here; it starts TensorFlow, which takes some ten seconds. Once they do, let Keras have another `ema_momentum` and run it again.

# %% name="race" tags=["feedback", "nbval-skip"] alt="The loss over ten epochs: your curve and Keras's lie on each other."
from course.optimizer import compare_on_digits, with_rule
from course.quietly import keras


def pull(average, variable, ema_momentum):
    rows = np.stack([average.ravel(), variable.ravel()])
    return np.reshape(averages(rows, ema_momentum)[1], average.shape)


arguments = {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 5}
ours = with_rule(moving_average=pull, **arguments)
theirs = keras.optimizers.SGD(**arguments)
compare_on_digits(ours, theirs)

# %% [markdown] name="next"
# **Next:** [chapter 09, gradient accumulation](../notebooks/09_gradient_accumulation.ipynb).
