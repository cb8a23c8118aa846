# %% [markdown] name="title"
# # Exercise 09: gradient accumulation
#
# Six tasks for [chapter 09](../notebooks/09_gradient_accumulation.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("09.call")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np


def clip_by_norm(gradient, clipnorm):
    """Shorten a gradient to the length clipnorm if it is longer; from chapter 07, for task 3."""
    return gradient * clipnorm / max(np.linalg.norm(gradient), clipnorm)


# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="call-task"
# ## 09.call
#
# One call of plain SGD (no momentum) with `gradient_accumulation_steps` = `k`, as Keras makes it. `w` and `accumulator` are as the
# call before left them: the weights, and the running sum of the gradients since the last update. `gradient` is this call's own, and `calls`
# says how many calls came before this one (0 at the first). Return the new `w` and the new `accumulator`. It should
# work for numbers and for NumPy arrays.

# %% name="call-answer" tags=["starter"]
def accumulated_call(w, accumulator, gradient, calls, k, learning_rate):
    ...
    return w, accumulator


# %% name="call-answer" tags=["answer"]
def accumulated_call(w, accumulator, gradient, calls, k, learning_rate):
    accumulator = accumulator + gradient
    if (calls + 1) % k == 0:
        w = w - learning_rate * accumulator / k
        accumulator = 0 * accumulator
    return w, accumulator


# %% name="call-check" tags=["check"]
check("09.call")

# %% [markdown] name="call-picture-words"
# Once the check holds, let your call fit a mean: each gradient is $w - x_i$ for one of eight examples. With k = 8 an update
# sees them all. Does your weight meet the steps of the joined batches at each update? And what does a step at each call do instead?

# %% name="call-picture" tags=["feedback"] alt="w over 80 calls: a step at each call runs up at once and jumps about 3; yours, with k = 8, climbs a stair, and the dots of one step for each joined batch lie on its corners."
import matplotlib.pyplot as plt

from course import figures

figures.use_course_style()
examples = np.random.default_rng(9).normal(3.0, 2.0, size=8)
runs = {}
for label, k, learning_rate in (("yours, k = 8", 8, 0.3), ("a step at each call", 1, 0.3)):
    w, accumulator, runs[label] = 0.0, 0.0, [0.0]
    for calls in range(80):
        gradient = w - examples[calls % 8]
        w, accumulator = accumulated_call(w, accumulator, gradient, calls, k, learning_rate)
        runs[label].append(w)
joined = [examples.mean() * (1 - 0.7**update) for update in range(11)]
figure, axes = plt.subplots()
axes.plot(runs["a step at each call"], color="0.7", lw=1, label="a step at each call")
axes.step(range(81), runs["yours, k = 8"], where="post", color="#009E73", label="yours, k = 8")
axes.plot(range(0, 81, 8), joined, "o", color="black", label="one step for each joined batch")
axes.set(xlabel="call", ylabel="$w$")
axes.legend()
plt.show()

# %% [markdown] name="missing-task"
# ## 09.missing
#
# One weight of a model gets these gradients, where `None` means that the loss did not reach it in that call. (The model's other
# weights have a gradient at each call.)
#
# | call | 1 | 2 | 3 | 4 | 5 | 6 |
# |---|---|---|---|---|---|---|
# | gradient | 8 | `None` | `None` | 6 | 2 | 10 |
#
# The optimizer is `SGD(learning_rate=1.0, gradient_accumulation_steps=2)`, and the weight starts at 10. Where is it
# after call 6? Work it out on paper before you run anything.

# %% name="missing-answer" tags=["starter"]
last_weight = ...

# %% name="missing-answer" tags=["answer"]
last_weight = 10 - 0 - (0 + 6) / 2 - (2 + 10) / 2

# %% name="missing-check" tags=["check"]
check("09.missing")

# %% [markdown] name="joined-task"
# ## 09.joined
#
# Keras's accumulation gives each batch the same weight. So you write your own loop, for batches of unequal size. `gradients` is a
# table with one row for each batch: the gradient of the *mean* loss of its examples. `sizes` holds the number of examples in each batch. The
# function should return the gradient that Keras would step with if **all these examples came as one batch**, with `clipnorm` set.
# (`clip_by_norm` from the first cell is right.) There are two faults. Repair them.

# %% name="joined-answer" tags=["starter"]
def joined_gradient(gradients, sizes, clipnorm):
    total = 0
    for gradient, size in zip(gradients, sizes):
        total = total + clip_by_norm(gradient, clipnorm)
    return total / len(sizes)


# %% name="joined-answer" tags=["answer"]
def joined_gradient(gradients, sizes, clipnorm):
    total = 0
    for gradient, size in zip(gradients, sizes):
        total = total + size * gradient
    return clip_by_norm(total / sum(sizes), clipnorm)


# %% name="joined-check" tags=["check"]
check("09.joined")

# %% [markdown] name="joined-run-words"
# Once the check holds, cut 50 examples into batches of 20, 20 and 10 with your own function. Is it the gradient of all 50, clipped?

# %% name="joined-run" tags=["feedback"]
random = np.random.default_rng(9)
x, y, sizes = random.normal(size=(50, 2)), random.normal(3.0, size=50), np.array([20, 20, 10])


def mean_gradient(rows):
    """The gradient, at w = 0, of half the mean squared error over these examples."""
    return -x[rows].T @ y[rows] / len(rows)


parts = np.split(np.arange(50), np.cumsum(sizes)[:-1])
by_parts = joined_gradient(np.array([mean_gradient(rows) for rows in parts]), sizes, 0.5)
print("your three parts:", by_parts.round(6))
print("all 50 at once:  ", clip_by_norm(mean_gradient(np.arange(50)), 0.5).round(6))

# %% [markdown] name="recipe-task"
# ## 09.recipe
#
# A recipe was written for a loop that calls PyTorch's `backward()` `k` times, so that the k gradients are **summed**, and then takes a step
# with the sum, at the rate `summed_rate`. It drops the learning rate after `drop_after` *updates*. It pulls its average
# once per *update*, and keeps the fraction `ema_momentum` of it.
#
# You port it to Keras, with `gradient_accumulation_steps=k`. Return the three numbers that Keras needs for the same training: the step at which its
# learning-rate schedule has to drop, its `ema_momentum`, and its `learning_rate`. (For the average: between two updates Keras's pulls together should
# keep as much of it as one pull of the recipe.)

# %% name="recipe-answer" tags=["starter"]
def to_keras(drop_after, ema_momentum, summed_rate, k):
    learning_rate = summed_rate
    ...
    return drop_after, ema_momentum, learning_rate


# %% name="recipe-answer" tags=["answer"]
def to_keras(drop_after, ema_momentum, summed_rate, k):
    learning_rate = summed_rate * k
    drop_after = drop_after * k
    ema_momentum = ema_momentum ** (1 / k)
    return drop_after, ema_momentum, learning_rate


# %% name="recipe-check" tags=["check"]
check("09.recipe")

# %% [markdown] name="recipe-run-words"
# Once the check holds, run both: the recipe as it stands, and Keras's step with your three numbers. After an update Keras's average catches up during the calls of the next group, so the second line is read just before the next update.

# %% name="recipe-run" tags=["feedback"]
from course.sgd import initial_state, step

k, recipe = 4, (3, 0.9, 0.01)  # drop after 3 updates, keep 0.9 of the average, rate 0.01
gradients = np.random.default_rng(9).normal(2.0, 1.0, size=(6, k))

w, averages = 1.0, []
for update, group in enumerate(gradients):
    w = w - recipe[2] * (0.1 if update >= recipe[0] else 1) * np.sum(group)
    averages.append(recipe[1] * averages[-1] + (1 - recipe[1]) * w if averages else w)
print("recipe: w", round(w, 6), " averages", *np.round(averages[:5], 5))

drop_after, ema_momentum, learning_rate = to_keras(*recipe, k)
weights, state, seen = [np.array([1.0])], initial_state([np.zeros(1)]), []
for gradient in gradients.ravel():
    weights, state = step(
        weights, [np.array([gradient])], state,
        learning_rate=lambda calls: learning_rate * (0.1 if calls >= drop_after else 1),
        use_ema=True, ema_momentum=ema_momentum, gradient_accumulation_steps=k,
    )
    seen.append(state.average[0][0])
print("Keras:  w", round(weights[0][0], 6), " averages", *np.round(seen[2 * k - 2 :: k], 5))

# %% [markdown] name="runs-task"
# ## 09.runs
#
# Three runs of SGD on $\tfrac12 w^2$ from $w = 10$, with noise of variance 1 in each gradient. The picture shows the mean of $w^2$ over many runs, at
# every fourth call. Which curve belongs to which run? Write the letters of runs 1, 2 and 3 in this order, such as `"ABC"`.
#
# | run | learning rate | accumulates |
# |---|---|---|
# | 1 | 0.4 | no: a step at each call |
# | 2 | 0.4 | 4 gradients |
# | 3 | 1.6 | 4 gradients |
#
# *In words: A (solid) falls steeply and is level at 0.25 after some 12 calls. B (dashed) and C (dotted) fall together, four times
# as slowly. B then turns to the highest level, 1; C crosses A near call 26, and settles lowest, at 0.06.*

# %% name="runs-picture" tags=["feedback"] alt="Three curves of the mean square of w over 64 calls, logarithmic. A falls fast and levels off at 0.25; B falls more slowly and levels off highest, at 1; C falls like B and ends lowest, at 0.07."
show("09.runs")

# %% name="runs-answer" tags=["starter"]
runs = ...  # the letters of runs 1, 2 and 3, in one word

# %% name="runs-answer" tags=["answer"]
runs = "ACB"

# %% name="runs-check" tags=["check"]
check("09.runs")

# %% [markdown] name="goal-task"
# ## 09.goal
#
# A model has one weight, which starts at 0. An epoch has ten batches, always in the same order, and the gradient of each is $w - x_i$: the first
# nine have $x_i = 0$, and the tenth has $x_i = 10$. So the mean loss has its minimum at $w = 1$. The optimizer has no momentum, and
# `clipnorm=0.5` must stay. There are 30 epochs.
#
# Choose a learning rate and a `gradient_accumulation_steps`, 2 or more, so that the **weight is within 0.02 of 1 throughout the last five
# epochs**. With `learning_rate=0.1` and a step at each call the weight is never above 0.1. Many pairs are right.

# %% name="goal-answer" tags=["starter"]
rate_and_k = ..., ...  # learning_rate, gradient_accumulation_steps

# %% name="goal-answer" tags=["answer"]
rate_and_k = 1.0, 10  # learning_rate, gradient_accumulation_steps

# %% name="goal-check" tags=["check"]
check("09.goal")

# %% [markdown] name="race-words"
# ## If you like: your rule trains a network
#
# Your `accumulated_call` in place of Keras's own sum and mean: both train the same small network on the handwritten digits, from the same
# weights with the same batches, with an update at every fourth. (Its sum is what a call leaves that only collects, and
# its mean the step of a call that updates, from 0 at rate 1.) Do the two losses coincide? No check here; it starts TensorFlow, which takes some ten
# seconds. Once they do, let Keras have `gradient_accumulation_steps=None`, and run it again.

# %% name="race" tags=["feedback", "nbval-skip"] alt="The loss over ten epochs: your curve and Keras's lie on each other."
from course.optimizer import compare_on_digits, with_rule
from course.quietly import keras


def collect(accumulator, gradient):
    return accumulated_call(0 * gradient, accumulator, gradient, 0, 4, 1.0)[1]


def mean(accumulator, gradient, k):
    return -accumulated_call(0 * gradient, accumulator, gradient, k - 1, k, 1.0)[0]


arguments = {"learning_rate": 0.1, "gradient_accumulation_steps": 4}
ours = with_rule(accumulate=collect, mean_gradient=mean, **arguments)
theirs = keras.optimizers.SGD(**arguments)
compare_on_digits(ours, theirs)

# %% [markdown] name="next"
# **Next:** [chapter 10, loss scaling](../notebooks/10_loss_scaling.ipynb).
