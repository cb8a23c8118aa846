# %% [markdown] name="title"
# # Exercise 07: clipping
#
# Six tasks for [chapter 07](../notebooks/07_clipping.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("07.norm")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="norm-task"
# ## 07.norm
#
# This function should do what `clipnorm=threshold` does to the gradient of *one* variable, an array of any shape: shorten it to the
# length `threshold` if it is longer, and otherwise return it as it is. A gradient of zeros stays zeros. The threshold is
# above 0. There are three faults in the two lines. Repair them. The `gradient` itself must not be changed: return a new array.

# %% name="norm-answer" tags=["starter"]
def clip_by_norm(gradient, threshold):
    length = np.sum(gradient**2)
    return gradient / length * threshold


# %% name="norm-answer" tags=["answer"]
def clip_by_norm(gradient, threshold):
    length = np.sqrt(np.sum(gradient**2))
    return gradient * threshold / max(length, threshold)


# %% name="norm-check" tags=["check"]
check("07.norm")

# %% [markdown] name="norm-picture-words"
# Once the check holds, send the chapter's walker to the wall with your clip, η = 0.2 from b = −2.5. With the threshold 10⁹ it
# is thrown far away, with 0.1 it should stay below −2. What does a threshold of 1 do, or of 10?

# %% name="norm-picture" tags=["feedback"] alt="b over 60 steps: without a clip it is thrown from −2 to above 7 at step 15 and stays there; with the clip at 0.1 it stays near −2."
import matplotlib.pyplot as plt

from course import figures

figures.use_course_style()


def slope(b):
    x, slope = 0.5, 0.0
    for _ in range(50):
        s = 1 / (1 + np.exp(-x))
        x, slope = 4.5 * s + b, 1 + 4.5 * s * (1 - s) * slope
    s = 1 / (1 + np.exp(-x))
    return 2 * (s - 0.7) * s * (1 - s) * slope


threshold = 0.1
axes = plt.figure().subplots()
for c, line, colour in ((1e9, "o-", "black"), (threshold, "s--", "#D55E00")):
    path = [-2.5]
    for _ in range(60):
        path.append(path[-1] - 0.2 * clip_by_norm(np.array([slope(path[-1])]), c)[0])
    axes.plot(path, line, color=colour, ms=3, label=f"your clip, threshold {c:g}")
    print(f"threshold {c:g}: after 60 steps at b = {path[-1]:.3f}")
axes.set(xlabel="step", ylabel="b")
axes.legend()
plt.show()

# %% [markdown] name="global-task"
# ## 07.global
#
# Now `global_clipnorm=threshold`. `gradients` is a list with one array for each variable, of any shapes. (The check hands over
# three, A, B and C; a network has more.) Return the list of the clipped gradients, in the same order. Zeros stay zeros. The threshold
# is above 0, and the arrays that you are given must not be changed.

# %% name="global-answer" tags=["starter"]
def clip_by_global_norm(gradients, threshold):
    ...
    return gradients


# %% name="global-answer" tags=["answer"]
def clip_by_global_norm(gradients, threshold):
    squares = 0.0
    for gradient in gradients:
        squares = squares + np.sum(gradient**2)
    scale = threshold / max(np.sqrt(squares), threshold)
    return [gradient * scale for gradient in gradients]


# %% name="global-check" tags=["check"]
check("07.global")

# %% [markdown] name="global-picture-words"
# Once both checks hold, lower the threshold from 6 to 0 and watch the lengths of two gradients, A = (3, 1) and B = (4.5). One of
# your clips keeps their ratio. Which way does the other go, and which gradient does it favour?

# %% name="global-picture" tags=["feedback"] alt="Length of B against length of A as the threshold falls: your clip_by_norm first runs straight down, then along the diagonal; your clip_by_global_norm runs straight to the origin."
a, b = np.array([3.0, 1.0]), np.array([4.5])
thresholds = np.linspace(6, 0.01, 41)
one_by_one = [(clip_by_norm(a, c), clip_by_norm(b, c)) for c in thresholds]
together = [clip_by_global_norm([a, b], c) for c in thresholds]
axes = plt.figure(figsize=(5, 4)).subplots()
for pairs, line, colour, label in (
    (one_by_one, "o-.", "#56B4E9", "your clip_by_norm"),
    (together, "^:", "#CC79A7", "your clip_by_global_norm"),
):
    lengths = [[np.linalg.norm(part) for part in pair] for pair in pairs]
    axes.plot(*np.transpose(lengths), line, color=colour, ms=4, label=label)
    print(f"{label} at threshold {thresholds[30]:.2f}: |B| / |A| = {lengths[30][1] / lengths[30][0]:.2f}")
axes.set(xlabel="length of A", ylabel="length of B", xlim=(0, 5), ylim=(0, 5), aspect="equal")
axes.legend()
plt.show()

# %% [markdown] name="paths-task"
# ## 07.paths
#
# The loss is $\tfrac12\,(0.5\,w_1^2 + 4\,w_2^2)$; $w_1$ and $w_2$ are the two entries of *one* variable. Three walks of plain SGD begin at the
# open circle with η = 0.4: one without a clip, one with `clipvalue=1`, one with `clipnorm=1`. The minimum is the green cross. Which is
# which? Write three letters, such as `"ABC"`: first the walk with **none**, then **value**, then **norm**.
#
# *In words: A goes steeply down, almost straight across the bowl, in steps of one length, bends at the bottom, and goes along it to the
# cross. B jumps far across the bottom and back, less far each time, and comes closer to the cross with every jump. C goes
# down at 45°, a little steeper at last, until it is at the bottom, and then along it to the cross.*

# %% name="paths-picture" tags=["feedback"] alt="Three walks from (−3, 2) into one bowl. A falls steeply to the floor and follows it; B jumps across the floor and shrinks; C runs along the diagonal down to the floor and then along it."
show("07.paths")

# %% name="paths-answer" tags=["starter"]
none_value_norm = ...

# %% name="paths-answer" tags=["answer"]
none_value_norm = "BCA"

# %% name="paths-check" tags=["check"]
check("07.paths")

# %% [markdown] name="settles-task"
# ## 07.settles
#
# Four of five examples say 2, the fifth says 12. An example $a$ has the loss $\tfrac12(w-a)^2$, so its gradient is $w-a$. SGD takes
# one example per step, drawn at random, with `clipvalue=3` and a tiny learning rate. Around which $w$ does it stay in the long run? Work it
# out on paper before you run anything.

# %% name="settles-answer" tags=["starter"]
resting_place = ...

# %% name="settles-answer" tags=["answer"]
resting_place = 2 + 1 * 3 / 4  # where 4 · (w - 2) = 1 · 3

# %% name="settles-check" tags=["check"]
check("07.settles")

# %% [markdown] name="stages-task"
# ## 07.stages
#
# One step of Keras's `SGD(momentum=…, weight_decay=…, clipvalue=…)` for one variable `w`; the `gradient` is the one at the `w` that
# comes in. The four lines are right, their order is not. Put them in order.

# %% name="stages-answer" tags=["starter"]
def whole_step(w, v, gradient, learning_rate, momentum, weight_decay, clipvalue):
    v = momentum * v - learning_rate * gradient
    w = w + v
    w = w - learning_rate * weight_decay * w
    gradient = np.clip(gradient, -clipvalue, clipvalue)
    return w, v


# %% name="stages-answer" tags=["answer"]
def whole_step(w, v, gradient, learning_rate, momentum, weight_decay, clipvalue):
    gradient = np.clip(gradient, -clipvalue, clipvalue)
    w = w - learning_rate * weight_decay * w
    v = momentum * v - learning_rate * gradient
    w = w + v
    return w, v


# %% name="stages-check" tags=["check"]
check("07.stages")

# %% [markdown] name="stages-run-words"
# Once the check holds, let it run on $\tfrac12(w-10)^2$, where the clip is 1 and the decay 0.5. Chapter 06 said that the decay feels no
# clip, and that with momentum it acts with strength wd(1 − β). So a clipped gradient of −1 should hold the weight at
# $1 / (\mathrm{wd}\,(1-\beta))$. At one of the three momenta it does not: look at the gradient there.

# %% name="stages-run" tags=["feedback"]
for momentum in (0.0, 0.5, 0.9):
    w, v = np.zeros(1), np.zeros(1)
    for _ in range(3000):
        w, v = whole_step(w, v, w - 10, 0.1, momentum, 0.5, 1.0)
    print(f"momentum {momentum}: settles at {w[0]:.3f} with the gradient {w[0] - 10:.3f};", end=" ")
    print(f"1 / (0.5 · (1 − β)) = {1 / (0.5 * (1 - momentum)):.3f}")

# %% [markdown] name="goal-task"
# ## 07.goal
#
# A linear model should tell from the 64 pixels whether a handwritten digit is a **five**. It learns from 1,000 images. Ten of them, you do not
# know which, are stored wrongly: their pixels run from 0 to 255, not from 0 to 1. Plain SGD takes 400 steps from $w = 0$, with fixed batches
# of 20. At the start, the gradients of the 323 batches without a faulty image are 0.07 to 0.89 long, half of them below 0.33; those of
# the 77 others are 9.4 to 91 long.
#
# Choose a learning rate and a `clipnorm` so that the squared error on the 797 other images, all stored well, is **below
# 0.115** (on average over the last 50 steps). At $w = 0$ it is 0.346, and without a clip no learning rate gets below 0.3. Many pairs are right.

# %% name="goal-answer" tags=["starter"]
choice = ..., ...  # learning_rate, clipnorm

# %% name="goal-answer" tags=["answer"]
choice = 0.2, 0.3  # learning_rate, clipnorm

# %% name="goal-check" tags=["check"]
check("07.goal")

# %% [markdown] name="race-words"
# ## If you like: your clip trains a network
#
# Your `clip_by_global_norm` in place of Keras's own: both train the same small network on the handwritten digits, from
# the same weights with the same batches. Do the two losses coincide? No check here; it starts TensorFlow,
# which takes some ten seconds. Once they do, give Keras `clipnorm=0.5` instead of `global_clipnorm` and run it again.

# %% name="race" tags=["feedback", "nbval-skip"] alt="The loss over ten epochs: your curve and Keras's lie on each other."
from course.optimizer import compare_on_digits, with_rule
from course.quietly import keras

arguments = {"learning_rate": 0.1, "momentum": 0.9}
ours = with_rule(clip_by_global_norm=clip_by_global_norm, **arguments, global_clipnorm=0.5)
theirs = keras.optimizers.SGD(**arguments, global_clipnorm=0.5)
compare_on_digits(ours, theirs)

# %% [markdown] name="next"
# **Next:** [chapter 08, averaging the weights](../notebooks/08_averaging_the_weights.ipynb).
