# %% [markdown] name="title"
# # 09 · Gradient accumulation
#
# **When are k small batches one large batch, and when not?**
#
# After this chapter you can
#
# - derive when k calls equal one step on the joined batch, and name the ways in which they come to differ;
# - tell which of Keras's counters count calls and which count updates, and what that does to schedules, momentum and decay;
# - say what accumulation saves, what it costs, and which learning rate belongs to it.
#
# Keras argument: `gradient_accumulation_steps`. Core: about 20 minutes; deeper: about 35 more. It runs in a few seconds.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# ? 09.variance
#
# ? 09.lengths
#
# ? 09.first_average

# %% name="imports" jupyter={"source_hidden": true}
import tracemalloc

import matplotlib.pyplot as plt
import numpy as np

from course import figures
from course.learner.predict import predict
from course.sgd import clip_by_norm, initial_state, step

figures.use_course_style()

# %% [markdown] name="equal"
# ## Four calls, one step
#
# A batch of 12 examples does not fit into memory; three do. With `gradient_accumulation_steps=4` the optimizer is called four times, with
# the gradients $G_1,\dots,G_4$ of four batches. The first three calls add their gradient to a running sum, the **accumulator**, and leave
# the weights alone. The fourth adds its own, divides by four and steps with the mean; then the accumulator is zero again.
# This is [accumulation](16_glossary.ipynb#Accumulation).
#
# The next cell, folded, makes 12 examples of a linear regression; `train` calls `sgd.step` once for each batch.
#
# > 09.how_far

# %% name="equal-setup" jupyter={"source_hidden": true}
random = np.random.default_rng(9)
x = random.normal(size=(12, 3))
y = x @ np.array([1.0, -2.0, 0.5]) + random.normal(size=12)


def gradient(w, rows):
    """The gradient of half the mean squared error over these examples."""
    return x[rows].T @ (x[rows] @ w - y[rows]) / len(rows)


def train(batches, **arguments):
    """The weights after each call of `sgd.step`, from zero: (calls, 3)."""
    weights, path = [np.zeros(3)], []
    state = initial_state(weights)
    for rows in batches:
        weights, state = step(weights, [gradient(weights[0], rows)], state, **arguments)
        path.append(weights[0])
    return np.array(path)

# %% name="equal-run"
quarters, joined = np.arange(12).reshape(4, 3), np.arange(12)[None]
small = train(np.tile(quarters, (2, 1)), gradient_accumulation_steps=4, learning_rate=0.1)
large = train(joined, learning_rate=0.1)
for call, w in enumerate(small[:4], 1):
    print(f"call {call}: {w.round(4)}")
print(f"joined: {large[0].round(4)}")

# %% [markdown] name="explorer-task"
# Exactly as far: the fourth call makes the joined batch's step. See it happen: one weight with the loss ½w², whose gradient has noise of σ = 2 at each call.
#
# 1. Press `call` a few times. At which calls does the weight move? Does the diamond, one step on the joined batch, lie anywhere else?
# 2. Predict first: k from 4 to 16. What becomes of the noise floor, and what of the distance that 64 calls cover?
# 3. With k = 8, which learning rate has the noise floor, 0.84, of a step at each call with 0.30: eight times 0.30?

# %% name="explorer" alt="One weight over 64 calls, with a step at each fourth. It goes down a staircase from 4 to about 0, and each new level lies on a diamond, the step on the joined batch. With a step at each call it falls four times as fast and then jumps about more widely. Beside it, the four gradients of the group as bars, and the accumulator, which grows within each group and begins again."
from course.explorers import Accumulation

Accumulation()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
seen, _ = Accumulation().compute(4, 0.3)
print("1: the weight moves at calls", *np.flatnonzero(np.diff(seen["w"][0]))[:4] + 1, "and so on;", end=" ")
print("diamonds elsewhere:", np.sum(np.abs(seen["joined"] - seen["w"])[:, 4::4] > 1e-9))
for task, k, rate in ((2, 4, 0.3), (2, 16, 0.3), (3, 8, 1.15), (3, 8, 1.2)):
    floor, left = Accumulation().compute(k, rate)[0]["floor"][0, 0], abs(1 - rate) ** (64 // k)
    print(f"{task}: k = {k}, η = {rate}: noise floor {floor:.2f}, {left:.2g} of the start left")

# %% [markdown] name="equal-answer"
# The weight moves at each k-th call only, onto the diamond. From k = 4 to 16 the floor halves, for its *square* falls as 1/k, but four steps leave a quarter of the start. And
# no, 2.4 would diverge: 1.15 to 1.2 is the answer (*Deeper* has the formula).
#
# Why is the step the joined batch's? Let $g_i$ be the gradient of example i, and the loss a *mean* over its batch of B examples. Then
#
# $$ \frac1k\sum_{j=1}^{k} G_j \;=\; \frac1k\sum_{j=1}^{k}\frac1B\sum_{i\in\text{batch }j} g_i \;=\; \frac1{kB}\sum_{i=1}^{kB} g_i , $$
#
# the gradient of the joined batch. Two things made this work: all batches have the same B, and all $g_i$ are taken at the *same weights*,
# because nothing moves within the group.
#
# What comes between the mean and the new weights sees one gradient per group, so all of it may be switched on: 50 groups with a norm clip,
# decay and look-ahead, against 50 steps on the joined batch.

# %% name="equal-more-run"
everything = {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}
everything |= {"weight_decay": 0.01, "clipnorm": 0.5}
small = train(np.tile(quarters, (50, 1)), gradient_accumulation_steps=4, **everything)
large = train(np.tile(joined, (50, 1)), **everything)
print("after 50 updates, apart by less than 1e-12:", np.max(np.abs(small[3::4] - large)) < 1e-12)

# %% [markdown] name="unequal"
# Not to the last bit: a sum in another order is rounded differently (chapter 13). And a loss that *sums* over its batch has another joined
# gradient, k times this mean: there accumulation takes steps of 1/k of the length.
#
# ## When it is not one large batch
#
# Mainly in four cases: the batches are unequal in size; a layer looks across the batch (batch normalisation); each call is clipped instead of the mean; or an average of
# the weights is written into them mid-group. Here is the first; *Deeper* has the others. Ten examples in batches of 4, 4 and 2, k = 3:
#
# > 09.counts

# %% name="unequal-run"
uneven = [np.arange(4), np.arange(4, 8), np.arange(8, 10)]
for rows in uneven:
    print(f"batch of {len(rows)}: each example counts {1 / 3 / len(rows):.4f}, joined {1 / 10:.4f}")
small = train(uneven, gradient_accumulation_steps=3, learning_rate=0.1)
large = train([np.arange(10)], learning_rate=0.1)
print(f"accumulated {small[-1].round(4)}, joined {large[-1].round(4)}")

# %% [markdown] name="unequal-answer"
# Twice. A mean of means is the mean only for equal sizes. With one short batch per epoch and fresh shuffling that is a small matter. It is a
# large one where "size" varies all the time: in language models the loss is a mean over the *tokens* of a batch, and for that very reason a widely
# used library accumulated wrongly until October 2024 (Hugging Face, *Fixing gradient accumulation*).
#
# ## What counts calls, what counts updates
#
# | counts **calls** of the optimizer | counts **updates**, calls // k |
# |---|---|
# | a learning-rate schedule | `optimizer.iterations` |
# | when a group is full | momentum's memory: 1/(1 − β) updates are k/(1 − β) calls |
# | each pull of the average | weight decay: one shrinking per update |
# | | `ema_overwrite_frequency`, and whether the average's m is still 0 |
#
# Keras's reference page says so for two of them: schedules look at "real" iterations, the EMA at "accumulated" ones (keras.io).
#
# > 09.drops

# %% name="schedule-run"
def schedule(calls):
    """0.1 for the first eight steps, then 0.01."""
    rate = 0.1 if calls < 8 else 0.01
    print(f"update {len(seen) + 1}: the schedule was asked for step {calls} and said {rate}")
    seen.append(rate)
    return rate


seen = []
train(np.tile(quarters, (3, 1)), gradient_accumulation_steps=4, learning_rate=schedule)
print(len(seen), "updates in 12 calls")

# %% [markdown] name="schedule-answer"
# After two. So a schedule is written in *calls*: switching k on leaves it in step with the epochs, and a recipe that says "decay after 30,000
# updates" becomes `k * 30_000` in Keras. Momentum and decay go the other way: with the same β and `weight_decay` the ball remembers k times as many examples, and an epoch shrinks the weights
# k times less.

# %% [markdown] name="recap"
# ## Recap
#
# - **When it is one large batch.** The loss is a mean, the batches are equal in size, no layer looks across the batch, and the clip comes after the
#   mean, as in Keras. Then it is equal up to the order of a sum, with any clip, decay and momentum.
# - **Who counts what.** Schedules and the average's pulls count calls; `iterations`, momentum, decay and the overwrite count updates.
# - **What it gives.** Memory, and no fewer multiplications; and less noise, as a k times *smaller* learning rate would. *Deeper* measures both.

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 09](../exercises/09_gradient_accumulation.ipynb): write one call, mend a loop for unequal batches, choose a clip with an outlier. Tasks 2 and 6 want the sections of *Deeper* on `None` and
# on clipping.

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who use it: the other ways in which k calls are not one batch, what the average does meanwhile, `None`, half-filled groups, the learning rate, and what it saves.

# %% [markdown] name="batchnorm"
# ### A layer that looks across the batch
#
# Batch normalisation subtracts the mean of *its* batch and divides by *its* standard deviation. An example's gradient then depends on its
# neighbours, and there is no $g_i$ to regroup. (The cell differentiates by a tiny *imaginary* step h: the imaginary part of f(w + ih)/h is the slope.)
#
# > 09.normalised

# %% name="batchnorm-run"
def loss(w, rows, normalise):
    """Half the mean squared error, with or without normalising over the batch."""
    out = x[rows] @ w
    if normalise:
        out = (out - out.mean()) / np.sqrt(np.mean((out - out.mean()) ** 2) + 1e-3)
    return np.mean((out - y[rows]) ** 2) / 2


def slope(rows, normalise):
    """The gradient at (1, 1, 1), by a step of 1e-30 into the imaginary direction."""
    ahead = np.ones(3) + 1e-30j * np.eye(3)
    return np.array([loss(w, rows, normalise).imag / 1e-30 for w in ahead])


for normalise in (False, True):
    mean = np.mean([slope(rows, normalise) for rows in quarters], axis=0)
    whole = slope(joined[0], normalise)
    print(f"normalised {normalise}: 4 × 3 {mean.round(4)}, joined {whole.round(4)}")

# %% [markdown] name="batchnorm-answer"
# Far apart. The normalisation keeps working with three examples at a time, whatever k is. (Keras's layer also moves its running statistics in each
# forward pass, so k times per update.) Layer or group normalisation looks at one example and is safe. Dropout, augmentation and shuffling draw anew:
# equal in distribution, not in numbers.
#
# ### Clipping each call, or clipping the mean
#
# Keras clips *after* the mean. A hand-written loop may clip after each backward pass, which is another method. Take three gradients (0, 1) and
# one outlier (100, 0), and `clipnorm=1`.
#
# > 09.points

# %% name="clipping-run"
group = np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [100.0, 0.0]])
weights, state = [np.zeros(2)], initial_state([np.zeros(2)])
for one in group:
    weights, state = step(
        weights, [one], state, learning_rate=1.0, clipnorm=1.0, gradient_accumulation_steps=4
    )
print("mean, then clip (Keras):", -weights[0].round(3))
print("clip each, then mean:   ", np.mean([clip_by_norm(one, 1.0) for one in group], axis=0))

# %% [markdown] name="clipping-answer"
# Along the outlier, as the joined batch's would: the mean is (25, 0.75), and clipping keeps its direction. Clipping each call first lets no batch
# count more than 1. It is the more robust of the two (private training clips each *example* for that reason, Abadi and others 2016), but it is not the
# joined batch.

# %% [markdown] name="average"
# ### The average moves while the weights rest
#
# `use_ema` pulls the average towards the weights at *every call*, also where they have not moved. While w rests, k pulls with m are one pull with mᵏ:
#
# $$ \bar w - w \;\to\; m\,(\bar w - w) \;\to\; \dots \;\to\; m^k\,(\bar w - w). $$
#
# So `ema_momentum=m` behaves like mᵏ per update, and its memory in updates shrinks about k-fold. To keep it, write $m^{1/k}$.
#
# > 09.pulled

# %% name="average-run"
def trace(calls, **arguments):
    """One weight under a gradient of 1, η = 1: its weights and averages, from w = 5."""
    weights, rows = [np.array([5.0])], []
    state = initial_state(weights)
    for _ in range(calls):
        weights, state = step(
            weights, [np.ones(1)], state, learning_rate=1.0, use_ema=True, **arguments
        )
        rows.append((weights[0][0], state.average[0][0]))
    return np.array(rows).T


w, average = trace(24, gradient_accumulation_steps=4, ema_momentum=0.9)
for name, values in (("weight ", w), ("average", average)):
    print(name, *(f"{value:.3f}" for value in values[:12]))
print(f"per update: 0.9 becomes {0.9**4:.4f}; to keep 0.9, write {0.9 ** (1 / 4):.4f}")

# %% [markdown] name="average-answer"
# At calls 1, 4 and 8. At call 1 it changes from zero to the *initial* weight, for m is 0 during the whole first group; at call 4 it becomes a copy of the updated weight. From 5 to 7
# there is nothing to follow. At call 8 the weight moves on, and from then on the average follows at each call.
#
# ### When the average is written into the weights
#
# `ema_overwrite_frequency=2` puts the average in the weights' place every second update. The test is made at each call, and asks
# whether calls // k + 1 is even.
#
# > 09.becomes

# %% name="overwrite-run"
w2, average2 = trace(24, gradient_accumulation_steps=4, ema_momentum=0.9, ema_overwrite_frequency=2)
equal = np.flatnonzero(w2 == average2) + 1
print("weight and average are equal after calls", *equal[(4 < equal) & (equal < 17)])
for call in (8, 12, 13, 15, 16):
    print(f"call {call}: weight {w2[call - 1]:.3f}, average {average2[call - 1]:.3f}")

# %% name="overwrite-figure" jupyter={"source_hidden": true}
figure, panels = plt.subplots(1, 2, figsize=(10, 3), sharey=True)
titles = "no overwrite", "overwrite every 2 updates"
for axes, title, weight, mean in zip(panels, titles, (w, w2), (average, average2)):
    calls = np.arange(1, 25)
    axes.step(calls, weight, "-", where="mid", color="0.5", label="weight")
    axes.plot(calls, mean, "d", ms=4, color="#56B4E9", label="average")
    axes.set(title=title, xlabel="call (k = 4)", xticks=range(4, 25, 4))
panels[0].set_ylabel("value")
panels[0].legend()
plt.show()

# %% [markdown] name="overwrite-answer"
# *The picture: on the left, without overwriting, the weight is a staircase that falls by 1 every fourth call, and the average comes down after it at each call. On the right the
# weight falls to 2.9 at call 12, jumps back up to the average one call later and stays with it to call 19; call 20 begins it all again.*
#
# At calls 5, 6, 7 *and* 8, then at 13 to 16. At 13 the weight leaves 2.9 for 3.71, although no update is due before 16. So
# the four gradients of that group are taken at two different points, and the group is no longer one batch. With accumulation,
# prefer to overwrite at the end only.
#
# ### `None` is not zero
#
# A layer that the loss does not reach has the gradient `None`; one that it reaches with a slope of zero has zeros.
#
# > 09.rests

# %% name="none-run"
weights, settings = [np.ones(1), np.ones(1)], {"learning_rate": 0.1, "momentum": 0.9}
state = initial_state(weights)
for pair in ([np.ones(1), np.ones(1)], *[[np.zeros(1), None]] * 3):
    weights, state = step(weights, pair, state, weight_decay=0.1, **settings)
    print(f"zeros: {weights[0][0]:.4f}   None: {weights[1][0]:.4f}")

# %% [markdown] name="none-answer"
# Only `None` rests, and Keras warns: zeros still coast on the velocity and decay. Accumulation adds a trap of its own. Let k = 2, and one of the two calls miss the weight:

# %% name="none-group"
one, other = np.ones(1), np.zeros(1)
for first, second in ((one, other), (None, one), (one, None)):
    weights, state = [np.ones(1), np.ones(1)], initial_state([np.ones(1)] * 2)
    for g in (first, second):
        weights, state = step(
            weights, [other, g], state, learning_rate=0.1, gradient_accumulation_steps=2
        )
    left = state.accumulator[1][0]
    print(f"{first}, then {second}: weight {weights[1][0]:.2f}, left in the accumulator {left:.0f}")

# %% [markdown] name="none-group-answer"
# `None` on a call that only collects counts as zero; the divisor stays k. `None` on the call that *updates* freezes the weight, and the sum it had
# collected is thrown away. Where branches of a model are used in turn, let the
# unused ones give zeros instead (they will coast and decay).
#
# ### A group that the epoch's end cuts
#
# > 09.cut

# %% name="rest-run"
for k in (2, 4):
    path = train(np.tile(quarters[:3], (4, 1)), gradient_accumulation_steps=k, learning_rate=0.1)
    moved = np.any(np.diff(path, axis=0, prepend=0) != 0, axis=1)
    print(f"k = {k}, updates in each epoch:", *moved.reshape(4, 3).sum(axis=1))

# %% [markdown] name="rest-answer"
# A group that is not full at the epoch's end waits and is filled in the next, also across two calls of `fit`. What is left after the
# last is never used. With fewer batches than k nothing moves in the *first* epoch, and validation after it sees the initial weights.
#
# `gradient_accumulation_steps=1` would mean "update at every call", but Keras raises "must be an integer >= 2": leave it out instead.
# (0 passes in silence, as if left out; `course.SGD` refuses it.)

# %% [markdown] name="rate"
# ### Which learning rate?
#
# The reference page recommends accumulation for very small batches, "in order to reduce gradient noise at each update step" (keras.io). True: the variance of
# the mean is σ²/k. But there are k times fewer updates. On ½λw², k calls multiply the distance by a factor and leave a noise floor (chapter 02's, with σ²/k for σ² where gradients are averaged):
#
# | method | factor per k calls | floor E w² |
# |---|---|---|
# | a step at each call, η | (1 − ηλ)ᵏ | ησ² / (λ(2 − ηλ)) |
# | accumulate k, η | 1 − ηλ | ησ² / (kλ(2 − ηλ)) |
# | a step at each call, η/k | (1 − ηλ/k)ᵏ ≈ 1 − ηλ | ησ² / (kλ(2 − ηλ/k)) |
# | accumulate k, kη | 1 − kηλ | ησ² / (λ(2 − kηλ)) |
#
# Rows 2 and 3 nearly agree: **as far as noise goes, accumulating k is dividing the learning rate by k.**
#
# > 09.nearest

# %% name="rate-spread" jupyter={"source_hidden": true}
def spread(rate, k, calls=2000, runs=1000):
    """Root mean square of 1000 noisy weights after each call (λ = σ = 1), from w = 10."""
    noise, weights, sizes = np.random.default_rng(0), [np.full(runs, 10.0)], []
    state = initial_state(weights)
    for _ in range(calls):
        noisy = weights[0] + noise.normal(size=runs)
        weights, state = step(
            weights, [noisy], state, learning_rate=rate, gradient_accumulation_steps=k
        )
        sizes.append(np.sqrt(np.mean(weights[0] ** 2)))
    return np.array(sizes)

# %% name="rate-run"
figure, axes = plt.subplots()
rows = (0.1, None, "-"), (0.1, 8, "--"), (0.1 / 8, None, ":"), (0.8, 8, "-.")
for rate, k, line in rows:
    sizes, variance = spread(rate, k), 1 / (k or 1)
    label = f"{'accumulate 8' if k else 'each call'}, η = {rate:.4g}"
    print(f"{label:26} after 80 calls {sizes[79]:.3f},", end=" ")
    print(f"floor {np.mean(sizes[-800:] ** 2):.4f}, formula {rate * variance / (2 - rate):.4f}")
    axes.plot(np.arange(1, 801), sizes[:800], line, label=label)
axes.set(xlabel="call", ylabel="root mean square of w", yscale="log")
axes.legend()
plt.show()

# %% [markdown] name="rate-answer"
# *The picture: the root mean square of w against the call, on a logarithmic axis. A step at each call and "accumulate 8, η = 0.8" fall to their floors, 0.23 and 0.29 (squared, 0.053 and 0.084), within 60 calls. "Accumulate 8, η = 0.1" and "each call, η = 0.0125" come down
# together over 450 calls and level off at 0.08.*
#
# A step at each call is nearest; the last row, with 8η, has the highest floor. Accumulating with the same η is eight times calmer (0.0066 for 0.0530) and far slower; a step at each call with η/8 does nearly the same (0.0063). So
# "accumulating k is the same as a k times larger learning rate" has it the wrong way round; it comes from loops that *sum* k gradients and forget to divide.
#
# The rule "k times the batch, k times the learning rate" (Goyal and others 2017), the last row,
# takes $(1-\eta\lambda)^k$ for $1 - k\eta\lambda$, which is good while kηλ is small. Its floor is *higher* than that of the small steps. And at ηλ = 0.3 eight steps leave 0.7⁸ = 0.058, while the one long step
# leaves 1 − 2.4 = −1.4: it diverges.

# %% [markdown] name="faster"
# ### What it saves
#
# "An effective way to speed up" training, says a chip maker's glossary (Cerebras). What it saves is *memory*: backpropagation keeps each layer's
# activations, in proportion to the examples in a call. The price is one accumulator, 4 bytes per float32 weight.
#
# > 09.saves

# %% name="memory-run"
def forward_backward(a, b, images):
    """Both weights' gradients of the mean of the squared outputs, by hand."""
    hidden = np.tanh(images @ a)
    back = 2 * (hidden @ b) / len(images)
    return images.T @ ((back @ b.T) * (1 - hidden**2)), hidden.T @ back


a, b = random.normal(size=(64, 512)), random.normal(size=(512, 10))
images = random.normal(size=(1024, 64))
for size in (1024, 128):
    tracemalloc.start()
    total = [np.zeros_like(a), np.zeros_like(b)]
    for start in range(0, 1024, size):
        total = [s + g for s, g in zip(total, forward_backward(a, b, images[start : start + size]))]
    peak, calls = tracemalloc.get_traced_memory()[1] / 1e6, 1024 // size
    tracemalloc.stop()
    products = calls * size * (2 * 64 * 512 + 3 * 512 * 10) / 1e6
    print(f"{calls} × {size}: peak {peak:.0f} MB, {products:.0f} million multiplications")

# %% [markdown] name="memory-answer"
# Memory falls to a fraction; the multiplications are the same to the last one: no arithmetic is saved. (Small calls can still be faster on a CPU, where their arrays fit into its cache: not shown.) The calls that only collect spare the step, but that is seldom the costly part. **Accumulation buys memory, and
# pays for it in updates per second.** It is worth it to repeat a large-batch recipe on a small machine, and where a single call is too noisy for what is *not*
# linear in the gradient, such as a clip.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 09.cosine
#
# ? 09.explosion
#
# ? 09.port

# %% [markdown] name="sources"
# **Sources.** P. Goyal and others, *Accurate, large minibatch SGD*, 2017, [arXiv:1706.02677](https://arxiv.org/abs/1706.02677). · S. Ioffe, C. Szegedy,
# *Batch normalization*, 2015, [arXiv:1502.03167](https://arxiv.org/abs/1502.03167). · M. Abadi and others, *Deep learning with differential privacy*, 2016,
# [doi:10.1145/2976749.2978318](https://doi.org/10.1145/2976749.2978318) (a clip for each example). · Hugging Face, *Fixing gradient accumulation*, 2024,
# [huggingface.co/blog/gradient_accumulation](https://huggingface.co/blog/gradient_accumulation). · Cerebras, *Gradient accumulation*,
# [cerebras.net/glossary/gradient-accumulation](https://www.cerebras.net/glossary/gradient-accumulation/) (the claim). · Keras 3.15,
# `keras/src/optimizers/base_optimizer.py`.
