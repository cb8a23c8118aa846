# %% [markdown] name="title"
# # Exercise 12: tuning SGD
#
# Six tasks for [chapter 12](../notebooks/12_tuning_sgd.ipynb), about 40 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("12.range")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show
from course.checks.chapter_12 import trial

# %% [markdown] name="range-task"
# ## 12.range
#
# A range test has been run with several seeds. `rates` holds the learning rates of its steps, rising; `losses` is a table with
# one row for each seed, and in it the loss at each of these rates; the first entry is its *start*. A seed's **edge** is the first learning
# rate, from its lowest loss on, at which the loss is not below its start. A loss that has become nan counts as "not
# below". Every row falls below its start, and has an edge.
#
# The function should return one learning rate: the geometric mean of the seeds' edges. It is right only for
# one seed whose loss hardly jumps: there are three faults in it. Repair them.


# %% name="range-answer" tags=["starter"]
def read_test(rates, losses):
    edges = []
    for path in losses:
        first = np.argmax(path > path[0])  # argmax of True and False: where the first True is
        edges.append(rates[first])
    return np.mean(edges)


# %% name="range-answer" tags=["answer"]
def read_test(rates, losses):
    edges = []
    for path in losses:
        lowest = np.nanargmin(path)
        first = lowest + np.argmax(~(path[lowest:] < path[0]))
        edges.append(rates[first])
    return np.exp(np.mean(np.log(edges)))


# %% name="range-check" tags=["check"]
check("12.range")

# %% [markdown] name="range-run-words"
# Now a parabola, $\tfrac12 w^2$, with noise of 0.01 in each gradient. Its true edge is 2. Your function reads three tests of five seeds each, a
# hasty one first. Which one can you trust?

# %% name="range-run" tags=["feedback"]
random = np.random.default_rng(0)
for per_decade in (20, 200, 2000):
    rates, w, path = 10 ** np.arange(-2, 1, 1 / per_decade), np.ones(5), []
    with np.errstate(all="ignore"):
        for rate in rates:
            path.append(w**2 / 2)
            w = w - rate * (w + 0.01 * random.normal(size=5))
    print(f"{per_decade:4} steps a decade: your edge is {read_test(rates, np.array(path).T):.2f}")

# %% [markdown] name="old-task"
# ## 12.old
#
# An article of 2017 trains with the line below, for Keras 2. You change `lr` into `learning_rate`, leave the rest, and
# today's Keras lets you train.
#
#     SGD(lr=0.05, decay=0.01, momentum=0.9)
#
# By which factor is your learning rate larger than the article's at the step with the count 300?

# %% name="old-answer" tags=["starter"]
times_too_long = ...

# %% name="old-answer" tags=["answer"]
times_too_long = 0.05 / (0.05 / (1 + 0.01 * 300))

# %% name="old-check" tags=["check"]
check("12.old")

# %% [markdown] name="old-answer-words"
# What to write for today's Keras, once your check holds:
#
#     InverseTimeDecay = keras.optimizers.schedules.InverseTimeDecay
#     SGD(InverseTimeDecay(0.05, decay_steps=1, decay_rate=0.01), momentum=0.9)

# %% [markdown] name="compare-task"
# ## 12.compare
#
# Two settings have been trained with the same `n` seeds, `n` ≥ 2. The arrays `ours` and `theirs` hold their losses, entry
# `i` those of seed `i`. Return three numbers:
#
# - `difference`: the mean of ours minus the mean of theirs;
# - `bar`: twice the standard deviation of this difference, with the two means taken as independent: a mean of n runs has the variance sd²/n,
#   with an sd of its own for `ours` and for `theirs`, and the variances of independent means add;
# - `paired_bar`: the same bar if you first subtract *seed by seed*. A seed gives both settings the same first weights and batches, so part of
#   its luck cancels. What is left is one list of n differences, and the difference is its mean.
#
# Both standard deviations are those of a sample: NumPy's with `ddof=1`.


# %% name="compare-answer" tags=["starter"]
def compare(ours, theirs):
    difference = bar = paired_bar = 0.0
    ...
    return difference, bar, paired_bar


# %% name="compare-answer" tags=["answer"]
def compare(ours, theirs):
    n = len(ours)
    difference = np.mean(ours) - np.mean(theirs)
    bar = 2 * np.sqrt((np.var(ours, ddof=1) + np.var(theirs, ddof=1)) / n)
    paired_bar = 2 * np.std(ours - theirs, ddof=1) / np.sqrt(n)
    return difference, bar, paired_bar


# %% name="compare-check" tags=["check"]
check("12.compare")

# %% [markdown] name="compare-run-words"
# Now judge a real pair: chapter 12's network on the digits, ten epochs at η = 0.1, with and without a cosine, eight seeds each. Believe the difference only where it is larger than its bar (for eight seeds the chapter asks a little more: 2.4 standard
# errors, not 2). What do you say by the one bar, and what by the other?

# %% name="compare-run" tags=["feedback"]
cosine = trial(np.arange(8), 0.1, 0.9, epochs=10, cosine=True)
constant = trial(np.arange(8), 0.1, 0.9, epochs=10, cosine=False)
print(f"with a cosine {cosine.mean():.3f}, without {constant.mean():.3f}")
difference, bar, paired_bar = compare(cosine, constant)
print(f"difference {difference:.3f}, bar {bar:.3f}, bar for pairs {paired_bar:.3f}")

# %% [markdown] name="compare-run-answer"
# *Larger than the bar for pairs only. Pairing costs nothing but equal seeds, and here it shows in eight runs what would
# otherwise need more. It helps as far as a lucky seed is lucky with both settings; where it is not, the second bar is no
# lower than the first. And say beforehand by which bar you will judge: who looks at both and takes the kinder one is choosing the best of two.*

# %% [markdown] name="batches-task"
# ## 12.batches
#
# The network of chapter 12 after five epochs, momentum 0.9, constant learning rate: the loss to choose by at eight learning
# rates, for batches of 8, 32 and 128. Which curve belongs to which batch? Write the letters for 8, 32 and 128 in
# this order, such as `"ABC"`.
#
# *In words: three curves fall, have a lowest point and rise. C (dotted) is low from the left on, lowest at 0.025, and rises steeply
# after 0.05. A (solid) comes down to its lowest point at 0.1, and rises after 0.2. B (dashed) begins highest, is lowest at 0.2, and has
# risen only a little at the right end.*

# %% name="batches-picture" tags=["feedback"] alt="The loss after five epochs against the learning rate from 0.00625 to 0.8, for three batches: three valleys. C has its floor at the smallest rates, 0.0125 to 0.025, A at 0.05 to 0.1, B at 0.1 to 0.4."
show("12.batches")

# %% name="batches-answer" tags=["starter"]
batches_8_32_128 = ...  # the letters for 8, 32 and 128, in one word

# %% name="batches-answer" tags=["answer"]
batches_8_32_128 = "CAB"

# %% name="batches-check" tags=["check"]
check("12.batches")

# %% [markdown] name="settings-task"
# ## 12.settings
#
# You want to search at random, on log scales, and with the knobs that belong together: draw the effective rate η/(1 − β), the
# friction 1 − β, and the decay. `uniform` is a table of three rows, one for each of these three in this order; its columns are the trials, and its
# numbers are uniform between 0 and 1. `effective`, `friction` and `decay` are pairs `(low, high)`, all above 0.
#
# Stretch each row evenly *on a log scale* from its low end (at 0) to its high end (at 1). Then return what SGD wants: three arrays
# `learning_rate`, `momentum` and `weight_decay`, each with one entry for each trial.


# %% name="settings-answer" tags=["starter"]
def settings(uniform, effective, friction, decay):
    learning_rate, momentum, weight_decay = 0 * uniform
    ...
    return learning_rate, momentum, weight_decay


# %% name="settings-answer" tags=["answer"]
def settings(uniform, effective, friction, decay):
    drawn = []
    for numbers, (low, high) in zip(uniform, (effective, friction, decay)):
        drawn.append(low * (high / low) ** numbers)
    learning_rate = drawn[0] * drawn[1]
    momentum = 1 - drawn[1]
    return learning_rate, momentum, drawn[2]


# %% name="settings-check" tags=["check"]
check("12.settings")

# %% [markdown] name="settings-run-words"
# Twelve trials at random, drawn by your function, on the digits (five epochs, a cosine, the decay left at 0). Best first: what do the
# good ones have in common, η, β, or η/(1 − β)?

# %% name="settings-run" tags=["feedback"]
numbers = np.random.default_rng(12).random((3, 12))
rates, momenta, _ = settings(numbers, (0.01, 10), (0.03, 1), (1e-5, 0.1))
losses = np.array([trial(0, *pair)[0] for pair in zip(rates, momenta)])
print("loss    η        β      η/(1 - β)")
for i in np.argsort(losses):
    effective = rates[i] / (1 - momenta[i])
    print(f"{losses[i]:5.2f}   {rates[i]:.4f}   {momenta[i]:.2f}   {effective:6.2f}")

# %% [markdown] name="settings-run-answer"
# *The loss follows η/(1 − β): up to 1, whatever β, more of it is better. Above 1 come the failures. Twelve trials show no more.*

# %% [markdown] name="goal-task"
# ## 12.goal
#
# Chapter 12's network has only five epochs: 140 steps with batches of 32, and a cosine over them. Choose a learning rate and
# a momentum (from 0 to below 1) so that the **mean loss at the end is below 0.15**. The check trains three seeds, other ones than yours
# below, and judges by the 501 images that nothing was chosen by. With momentum 0 no learning rate gets there. Many pairs do.
#
# Your own trials come first: `trial(seeds, learning_rate, momentum)` trains the same network and returns the losses *to choose
# by*. Change the cell as you like, and keep chapter 12's order: which knob first?

# %% name="goal-trials" tags=["feedback"]
for rate in (0.001, 0.01):
    print(f"learning rate {rate}: losses", trial([0, 1, 2], rate, 0.9).round(3))

# %% name="goal-answer" tags=["starter"]
rates = ..., ...  # learning_rate, momentum

# %% name="goal-answer" tags=["answer"]
rates = 0.2, 0.9  # learning_rate, momentum

# %% name="goal-check" tags=["check"]
check("12.goal")

# %% [markdown] name="next"
# **Next:** [chapter 13, GPUs and many devices](../notebooks/13_gpus_and_many_devices.ipynb).
