# %% [markdown] name="title"
# # Exercise 10: loss scaling
#
# Six tasks for [chapter 10](../notebooks/10_loss_scaling.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("10.stored")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="stored-task"
# ## 10.stored
#
# A format has `exponent_bits` bits for an exponent $e$ and `fraction_bits` for a fraction $f$ (float16: 5 and 10). With $b = 2^{\text{exponent bits} - 1} - 1$, the *bias* (15 in float16), and $F$ fraction bits its positive numbers are, as in chapter 10,
#
# $$ \Bigl(1 + \frac{f}{2^F}\Bigr)\cdot 2^{\,e-b} \quad (1 \le e \le 2b), \qquad
#    \frac{f}{2^F}\cdot 2^{\,1-b} \quad (e = 0,\ \text{“subnormal”}), \qquad \text{inf} \quad (e = 2b + 1), $$
#
# where $f$ runs from 0 to $2^F - 1$. This function should return how such a format stores a `value` above 0: as the format's nearest number (a
# tie goes to the even multiple of the spacing, as with `np.round`), or as `np.inf` where that is above the largest. It has three faults: one at the small end,
# one at the large end, one in the rounding. Repair them.

# %% name="stored-answer" tags=["starter"]
def stored(value, exponent_bits, fraction_bits):
    bias = 2 ** (exponent_bits - 1) - 1
    exponent = np.floor(np.log2(value))
    spacing = 2.0 ** (exponent - fraction_bits)
    rounded = np.floor(value / spacing) * spacing
    return rounded


# %% name="stored-answer" tags=["answer"]
def stored(value, exponent_bits, fraction_bits):
    bias = 2 ** (exponent_bits - 1) - 1
    exponent = max(np.floor(np.log2(value)), 1 - bias)
    spacing = 2.0 ** (exponent - fraction_bits)
    rounded = np.round(value / spacing) * spacing
    largest = (2 - 2.0**-fraction_bits) * 2.0**bias
    if rounded > largest:
        return np.inf
    return rounded


# %% name="stored-check" tags=["check"]
check("10.stored")

# %% [markdown] name="stored-formats-words"
# Once the check holds, your function *is* float16: NumPy's own agrees, from below its smallest number to above its largest.
# Then see what two formats of 8 bits keep.

# %% name="stored-formats" tags=["feedback"]
values = 2.0 ** np.random.default_rng(0).uniform(-27, 17, 10_000)
yours = np.array([stored(value, 5, 10) for value in values])
with np.errstate(over="ignore"):
    print(f"the same as NumPy's float16: {np.mean(yours == values.astype('float16')):.0%}")
for name, bits in {"float16": (5, 10), "bfloat16": (8, 7), "5 + 2 bits": (5, 2), "4 + 3 bits": (4, 3)}.items():
    print(f"{name:10}", *(f"{value:g} -> {stored(value, *bits):<10.4g}" for value in (1.1, 1e-3, 1e-6, 300, 1e5)))

# %% [markdown] name="loop-task"
# ## 10.loop
#
# The loss $16 w$ has the gradient 16. You write your own training loop, without `fit`, and one line is missing in it:
# `optimizer.scale_loss(loss)` is called nowhere. Where is the weight after this one call?
#
#     weight = keras.Variable(1.0)
#     optimizer = keras.optimizers.SGD(0.1, clipnorm=1.0, loss_scale_factor=64.0)
#     optimizer.apply([gradient_of_the_loss], [weight])    # the gradient is 16

# %% name="loop-answer" tags=["starter"]
new_weight = ...

# %% name="loop-answer" tags=["answer"]
new_weight = 1 - 0.1 * min(16 / 64, 1.0)

# %% name="loop-check" tags=["check"]
check("10.loop")

# %% [markdown] name="group-task"
# ## 10.group
#
# A loop of your own collects a group of gradients of one variable, arrays of one shape, and makes one update of them, as Keras does with
# `gradient_accumulation_steps` and `clipnorm`. The gradients come from scaled losses: `scaled[i]` was computed with the scale
# `scales[i]`, and the scale may change within a group. The function should return the gradient that
# goes on to the velocity and the weights. Its three stages are right, their order is not. Put them in order, and give each what it
# needs; leave the arrays in `scaled` as they are.

# %% name="group-given"
def unscale(gradient, scale):
    return gradient / scale


def mean(gradients):
    return sum(gradients) / len(gradients)


def clip_by_norm(gradient, clipnorm):
    return gradient * clipnorm / max(np.linalg.norm(gradient), clipnorm)


# %% name="group-answer" tags=["starter"]
def group_gradient(scaled, scales, clipnorm):
    gradients = [clip_by_norm(gradient, clipnorm) for gradient in scaled]
    gradient = mean(gradients)
    gradient = unscale(gradient, scales[-1])
    return gradient


# %% name="group-answer" tags=["answer"]
def group_gradient(scaled, scales, clipnorm):
    gradients = [unscale(gradient, scale) for gradient, scale in zip(scaled, scales)]
    gradient = mean(gradients)
    gradient = clip_by_norm(gradient, clipnorm)
    return gradient


# %% name="group-check" tags=["check"]
check("10.group")

# %% [markdown] name="scales-task"
# ## 10.scales
#
# Dynamic scaling as Keras's `LossScaleOptimizer` does it, from call to call. `sizes` holds, for each call, the largest entry (in
# size) of its *true* gradient; a broken call has `np.nan` there. Backpropagation runs on the scaled loss, in float16.
# What is larger than 65504 after scaling becomes inf, and 65504 itself still fits. (That float16 rounds numbers just above it down is left out here.)
#
# - If the scaled gradient is inf or nan, the call is skipped, and the next call has half the scale.
# - After `growth_steps` good calls **in a row** the next call has twice the scale, and the count begins again at 0, as it does
#   after a skipped call.
#
# `scale` is that of the first call. Return `scales`, a list or an array with the scale that each call used, and
# `skipped`, how many calls were skipped.

# %% name="scales-answer" tags=["starter"]
def scales(sizes, scale, growth_steps):
    path, skipped = [], 0
    for size in sizes:
        path.append(scale)
        ...
    return path, skipped


# %% name="scales-answer" tags=["answer"]
def scales(sizes, scale, growth_steps):
    path, skipped, good = [], 0, 0
    for size in sizes:
        path.append(scale)
        if size * scale <= 65504:  # False for nan, too
            good = good + 1
            if good == growth_steps:
                scale, good = scale * 2, 0
        else:
            scale, good, skipped = scale / 2, 0, skipped + 1
    return path, skipped


# %% name="scales-check" tags=["check"]
check("10.scales")

# %% [markdown] name="goal-task"
# ## 10.goal
#
# A run of 3000 calls under `mixed_float16`. As the network learns, its gradients shrink: the largest entry is near
# $2^3 = 8$ at the start and near $2^{-13}$ at the end, with some noise. The next cell holds these sizes.
#
# Choose an `initial_scale` (above 0) and `growth_steps` (a whole number) for the `LossScaleOptimizer`, so that **at most 20 calls
# are skipped** and in **at least 99 % of all calls the largest scaled gradient is 256 or more**: then there is room beneath it
# for the small ones. Keras's defaults are $2^{15}$ and 2000. Many pairs are right. (A skipped call with a scaled gradient above 256
# counts for the 99 %, too.)

# %% name="goal-given"
noise = np.random.default_rng(10).normal(0, 0.5, 3000)
sizes = 2.0 ** (3 - 16 * np.arange(3000) / 3000 + noise)

# %% name="goal-answer" tags=["starter"]
search = ..., ...  # initial_scale, growth_steps

# %% name="goal-answer" tags=["answer"]
search = 2**13, 150  # initial_scale, growth_steps

# %% name="goal-check" tags=["check"]
check("10.goal")

# %% [markdown] name="goal-picture-words"
# Your own `scales` draws what your choice does (run it before the check as often as you like). Above the
# upper line calls are skipped, below the lower one there is too little room.

# %% name="goal-picture" tags=["feedback"] alt="The largest scaled gradient of 3000 calls, as a power of 2: a band of dots between 12 and 16; a few crosses, calls that are skipped, lie on the upper line at 16."
import matplotlib.pyplot as plt

from course import figures

figures.use_course_style()
initial_scale, growth_steps = (2**15, 2000) if ... in search else search  # until you choose, Keras's
path, skipped = scales(sizes, initial_scale, growth_steps)
scaled = np.log2(sizes * np.array(path))
figure, axes = plt.subplots()
axes.plot(scaled, ".", ms=2, color="black", label="largest scaled gradient")
axes.plot(np.flatnonzero(scaled > 16), scaled[scaled > 16], "x", color="#D55E00", label="skipped")
axes.axhline(16, ls="--", color="0.4")
axes.axhline(8, ls="--", color="0.4")
axes.set(xlabel="call", ylabel="size, as a power of 2")
axes.legend(loc="lower left")
plt.show()
print(f"{skipped} calls skipped; {np.mean(scaled >= 8):.1%} at 256 or more")

# %% [markdown] name="stops-task"
# ## 10.stops
#
# One weight should go to 0.5 in three trainings, with signals in float16. The loss, a mean over 2²⁰ outputs, is scaled unless
# a cause says otherwise, and a step with a nan is skipped. Black, solid: the distance $w - 0.5$; green, dashed: the unscaled gradient; where it is
# nan or 0, nothing is drawn. Write the letters of causes 1, 2 and 3, such as `"ABC"`.
#
# 1. The loss is not scaled, and signals become too small for float16.
# 2. From some step on the model makes a nan in every gradient.
# 3. The weight itself is kept in float16.
#
# *In words: every distance falls, then is level. A's gradient ends at step 150. B's is level from step 175, as
# the distance is. C's bends down ever more steeply, and is gone near step 185.*

# %% name="stops-picture" tags=["feedback"] alt="Three trainings that stop, distance and gradient over 300 steps, logarithmic. In A both stop falling at the same step, with the gradient still at 0.02; in B both level off, the gradient just below the distance; in C the distance levels off and the gradient falls on, until it is gone."
show("10.stops")

# %% name="stops-answer" tags=["starter"]
which_is_which = ...  # the letters of causes 1, 2 and 3, in one word

# %% name="stops-answer" tags=["answer"]
which_is_which = "CAB"

# %% name="stops-check" tags=["check"]
check("10.stops")

# %% [markdown] name="next"
# **Next:** [chapter 11, the whole optimizer](../notebooks/11_the_whole_optimizer.ipynb).
