# %% [markdown] name="title"
# # 02 · Stochastic gradients
#
# **What does it cost to guess the gradient from a few examples?**
#
# After this chapter you can
#
# - compute the noise floor, where SGD stops improving, and say what lowers it;
# - derive mean and variance of a minibatch gradient, and say what a batch four times as large buys;
# - say which examples Keras's `fit` takes for a step.
#
# Keras arguments: none of SGD's own; `batch_size` and `shuffle` of `model.fit`.
# Core: about 20 minutes; deeper: about 45 more; it runs in about half a minute. Means and
# variances: chapter 01's [primer](01_gradient_descent.ipynb#A-primer).

# %% [markdown] name="before"
# ### Before you start: answer each, then open it
#
# ? 02.mean
#
# ? 02.depth
#
# ? 02.millionth

# %% name="imports" jupyter={"source_hidden": true}
import itertools

import matplotlib.pyplot as plt
import numpy as np

from course import figures
from course.digits import load_digits
from course.figures import PLAIN
from course.learner.predict import predict
from course.sgd import gradient_descent

figures.use_course_style()

# %% [markdown] name="explorer-task"
# ## A noisy gradient
#
# Take chapter 01's step, but let each step see the gradient plus an error of mean 0: that is
# **[stochastic](16_glossary.ipynb#Stochastic-gradient)** gradient descent. One example's error has the variance σ² in each
# entry, and the mean over a **[batch](16_glossary.ipynb#Batch)** of B examples σ²/B; why, follows below.
#
# Here 200 runs start at (−4, 2) in a round bowl with λ = 1 and σ = 2. Three things to find:
#
# 1. Press play. At which distance do the runs stop coming closer? Set the batch from 4 to 16: what happens to that distance,
#    and to the step at which it is reached?
# 2. Set η = 0.10 and B = 4. Which batch gives η = 0.40 about the same distance?
# 3. Set η = 1.90 and B = 256, and raise η. Which batch saves the runs from η = 2.00 on?

# %% name="explorer"
from course.explorers import Noise

Noise()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
def noise_floor(rate, size=1, curvature=1.0):
    """E w² where SGD settles, for noise of variance 1 in one example's gradient."""
    return rate / (size * curvature * (2 - rate * curvature))


for rate, size in ((0.2, 4), (0.2, 16), (0.1, 4), (0.4, 16), (1.9, 256)):
    floor, square, step = 2 * 4 * noise_floor(rate, size), 20.0, 0  # two weights, σ² = 4
    while abs(np.sqrt(square / floor) - 1) > 0.05:
        square = (1 - rate) ** 2 * square + 2 * rate**2 * 4 / size
        step += 1
    print(f"η {rate}, B {size:3}: settles at {np.sqrt(floor):.2f}, within 5 % of it at step {step}")

# %% [markdown] name="explorer-answer"
# *The picture: left, 200 dots, a cloud around the bowl's minimum; right, their distance from it, which falls and then stays
# level.*
#
# Four times the batch halves the distance, and the runs take a few *more* steps down to it. η = 0.40 needs B = 16, and settles
# 9 % higher. From η = 2 on no batch saves anything: at 2.05 the runs would diverge without noise.

# %% [markdown] name="floor"
# ## The noise floor
#
# Where do they settle? Take one weight on ½λw², and let each step's gradient be $\lambda w + \varepsilon$, with an error ε of
# mean 0 and variance σ²/B, *independent* from step to step. One step makes
#
# $$ w' = (1 - \eta\lambda)\,w - \eta\,\varepsilon, \qquad\text{so}\qquad
# \mathbb E\,w'^2 = (1-\eta\lambda)^2\;\mathbb E\,w^2 + \frac{\eta^2\sigma^2}{B}, $$
#
# where $\mathbb E$ is the mean over all runs; the mixed term has mean 0. Each step shrinks what is there and adds a little. The
# value that it leaves unchanged is the **[noise floor](16_glossary.ipynb#Noise-floor)**:
#
# $$ \boxed{\;\mathbb E\,w^2 = \frac{\eta\,\sigma^2}{B\,\lambda\,(2-\eta\lambda)}\;} \qquad\text{for } 0 < \eta < 2/\lambda . $$
#
# > 02.more_steps

# %% name="floor-run"
random, paths = np.random.default_rng(5), {}
for rate in (0.4, 0.1, 0.025):
    w, squares = np.full(2000, 3.0), [9.0]  # 2000 runs at once
    for _ in range(2000):
        w = gradient_descent(w, w + random.normal(size=2000), rate)
        squares.append(np.mean(w**2))
    paths[rate] = squares
    root = np.sqrt([squares[200], np.mean(squares[1000:]), rate / (2 - rate)])
    print("rate {}: typical |w| {:.3f} after 200 steps,".format(rate, root[0]), end=" ")
    print("{:.3f} after 1000 to 2000; formula {:.3f}".format(*root[1:]))

# %% name="floor-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots()
for (rate, squares), style in zip(paths.items(), (":", "--", "-")):
    expected = [9.0]
    for _ in range(300):
        expected.append((1 - rate) ** 2 * expected[-1] + rate**2)
    axes.plot(expected, style, color="#56B4E9", lw=4, alpha=0.5)
    axes.semilogy(squares[:301], style, color=PLAIN.colour, lw=1.2, label=f"η = {rate}")
axes.set(xlabel="step", ylabel="mean square of w", ylim=(0.008, 12))
axes.legend()
plt.show()

# %% [markdown] name="floor-answer"
# *The picture: three mean squares fall from 9 in straight lines, fastest for the largest rate, and each turns to its own level,
# lowest for the smallest rate. The thin measured lines lie on the broad computed ones.*
#
# The same after 200 steps and after 2000: **more steps do not lower the floor.** A quarter of the rate halves the typical |w|,
# and takes four times as long. "SGD converges if you wait" is false at a constant rate and constant noise.

# %% [markdown] name="digits"
# ## Where the noise comes from: 1797 gradients
#
# Our data are 1797 handwritten digits of 8 × 8 pixels. A table W of 64 × 10 weights gives an image x ten scores $s = xW$ and ten
# chances $p_k = e^{s_k} / \sum_j e^{s_j}$; the loss is −log p of the true digit. With y = 1 for the true digit and 0 for the
# others, the gradients of one example and of the mean loss are
#
# $$ g_i = x_i^{\mathsf T}\,(p_i - y_i) \qquad\text{and}\qquad g = \frac1N \sum_{i=1}^N g_i . $$
#
# <details><summary>Where it comes from</summary>
#
# The loss of one example is $\log\sum_j e^{s_j} - \sum_k y_k s_k$. Its derivative by $s_k$ is
# $e^{s_k}/\sum_j e^{s_j} - y_k = p_k - y_k$. A weight $W_{jk}$ moves only $s_k$, by $x_j$ per unit; the chain rule multiplies
# the two.
# </details>
#
# > 02.one_example

# %% name="one-run"
images, labels = load_digits()
images, truth, N = images.astype(float), np.eye(10)[labels], len(labels)
each = images[:, :, None] * (0.1 - truth)[:, None, :]  # at W = 0 every chance is 0.1
each = each.reshape(N, 640)
g = each.mean(axis=0)
lengths, along = np.linalg.norm(each, axis=1), each @ g / np.linalg.norm(g)
print(f"a single gradient: {np.median(lengths) / np.linalg.norm(g):.1f} times as long,", end=" ")
print(f"{np.degrees(np.arccos(np.median(along / lengths))):.0f} degrees off;", end=" ")
print(f"{np.sum(along < 0)} of {N} point uphill")

# %% [markdown] name="one-answer"
# Nearly all: only 7 would make it rise. And yet a typical single gradient is eight times too long, and almost at a right angle to
# the full one. A bad guess, on the right side.

# %% [markdown] name="unbiased"
# ## Right on average, and how far off
#
# Draw B examples, each place in the batch equally likely to hold each example. The mean of one place's gradient over all draws is
# $\sum_i \tfrac1N g_i = g$. So the batch's mean gradient $\hat g$ has the mean g, too: it is **unbiased**.
#
# Let σ² be the mean of $|g_i - g|^2$. Drawn *with* replacement the B errors are independent, so their variances add to Bσ²; the
# mean has a factor 1/B, and the variance its square. *Without* replacement a factor comes in, 1 for one example and 0 for
# all N (see Deeper):
#
# $$ \text{with: } \frac{\sigma^2}{B}, \qquad\qquad \text{without: } \boxed{\;\frac{\sigma^2}{B}\cdot\frac{N-B}{N-1}\;} $$
#
# Cost grows with B and the error falls with √B: **four times the batch buys half the error.**

# %% [markdown] name="fit-question"
# ## What `fit` draws
#
# Many articles say that SGD takes one random instance at each step. Keras calls its class
# ["Gradient descent (with momentum) optimizer"](https://keras.io/api/optimizers/sgd/): it draws nothing. What is random is chosen
# by `model.fit`, whose `batch_size` ["will default to 32"](https://keras.io/api/models/model_training_apis/) and whose `shuffle`
# is on. So an **[epoch](16_glossary.ipynb#Epoch)** deals out a shuffled pack, 32 examples at a time, until it is empty.
#
# > 02.never_seen

# %% name="fit-run"
random, missed = np.random.default_rng(7), []
sizes = [len(batch) for batch in np.split(random.permutation(N), range(32, N, 32))]
for _ in range(200):
    missed.append(1 - len(np.unique(random.integers(N, size=N))) / N)
print(f"{len(sizes)} steps: {sizes.count(32)} batches of 32 and one of {sizes[-1]}")
print(f"with replacement, {np.mean(missed):.1%} are never seen;", end=" ")
print(f"(1 − 1/N)^N = {(1 - 1 / N) ** N:.1%}")

# %% [markdown] name="fit-answer"
# 57, and 37 %, nearly 1/e. `fit` sees each example exactly once.
#
# <details><summary>Keras's own answer to this and to another popular sentence (run with Keras 3.15; tests hold it)</summary>
#
#     x = np.arange(100.0)[:, None]
#     model.compile(loss="mse")              # "SGD is the default optimizer in Keras"?
#     type(model.optimizer).__name__         # 'RMSprop'
#     model.fit(x, x)                        # four steps: batches of 32, 32, 32 and 4
#     model.fit(x, x, batch_size=1)          # "one random instance": you have to ask for it
#     model.fit(dataset, shuffle=True)       # a tf.data.Dataset is NOT shuffled; a warning says so
#     keras.utils.set_random_seed(0)         # if you want the same run again …
#     model.fit(x, x, epochs=2)              # … you get, under TensorFlow, one order in both epochs
#
# `compile()` without an optimizer takes RMSprop. SGD has to be asked for: `optimizer="sgd"` or `keras.optimizers.SGD(…)`.
# So a seed repeats not only the run but, within it, each epoch's order. If these are to differ, shuffle yourself:
# `tf.data.Dataset.from_tensor_slices((x, x)).shuffle(100, seed=0).batch(32)` deals anew in each epoch, and the same in each run.
# </details>
#
# **Keras's SGD steps by the gradient of whatever batch it is handed.**

# %% [markdown] name="recap"
# ## Recap
#
# - **The floor.** On ½λw² noise holds E w² at ησ²/(Bλ(2 − ηλ)): more steps do not help, a smaller rate or a larger batch does,
#   and no batch moves the edge 2/λ.
# - **The guess.** A minibatch gradient is right on average; four times the batch buys half its error, and a little more without
#   replacement.
# - **The draw.** `fit` takes 32 shuffled examples, each once per epoch, and a short last batch.

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 02](../exercises/02_stochastic_gradients.ipynb): write a minibatch gradient, predict its error, find a rate and a
# batch for a given floor. It needs nothing of what follows.

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who choose a batch size, or want the proofs: what a larger batch saves in steps and in work, how far the rate may grow
# with it, what dealing without replacement does to the floor, and when the noise vanishes or helps.

# %% [markdown] name="listing"
# ### Without replacement
#
# Two places of a batch depend on each other. Let $c$ be the mean of $(g_i - g)\cdot(g_j - g)$ over all pairs of different
# examples, the *covariance* of two places. The errors of all N examples sum to zero. Hence
# $0 = |\sum_i (g_i - g)|^2 = N\sigma^2 + N(N-1)\,c$, and so $c = -\sigma^2/(N-1)$. A batch has B variances and B(B − 1)
# covariances:
#
# $$ \mathbb E\,|\hat g - g|^2 = \frac{B\sigma^2 + B(B-1)\,c}{B^2} = \frac{\sigma^2}{B}\cdot\frac{N-B}{N-1} . $$
#
# With six examples we can list *every* batch and leave nothing to chance: a least-squares line $w x$ through six points, at w
# = 0.3.

# %% name="every-batch"
random = np.random.default_rng(2)
x, y = random.normal(size=6), random.normal(size=6)
six = (0.3 * x - y) * x
print(f"mean of all six gradients {six.mean():.4f}, variance {six.var():.4f}")
for size in (1, 2, 3, 4):
    with_ = np.array(list(itertools.product(six, repeat=size))).mean(axis=1)
    without = np.array(list(itertools.combinations(six, size))).mean(axis=1)
    formulas = six.var() / size, six.var() / size * (6 - size) / 5
    print(f"B {size}: means {with_.mean():.4f}, {without.mean():.4f};", end=" ")
    print(f"variance with {with_.var():.4f}, formula {formulas[0]:.4f};", end=" ")
    print(f"without {without.var():.4f}, formula {formulas[1]:.4f}")

# %% [markdown] name="variance-question"
# > 02.hundred

# %% name="variance-run"
random, sizes = np.random.default_rng(3), np.array([1, 4, 16, 100, 400, 1200, N])
variance, errors = np.mean(np.sum((each - g) ** 2, axis=1)), []
for size in sizes:
    dealt = [random.permutation(N)[:size] for _ in range(200)]
    drawn = random.integers(N, size=(200, size))
    squares = [[np.sum((each[rows].mean(0) - g) ** 2) for rows in way] for way in (dealt, drawn)]
    errors.append(np.sqrt(np.mean(squares, axis=1)) / np.linalg.norm(g))
errors = np.array(errors)

# %% name="variance-figure" jupyter={"source_hidden": true}
fine = np.arange(1, N + 1)
line = np.sqrt(variance / fine) / np.linalg.norm(g)
bent = line * np.sqrt((N - fine) / (N - 1))
for size, (without, with_) in zip(sizes, errors):
    print(f"B {size:4}: without replacement {without:.3f}, formula {bent[size - 1]:.3f};", end=" ")
    print(f"with {with_:.3f}, formula {line[size - 1]:.3f}")
figure, axes = plt.subplots()
axes.loglog(fine, line, "--", color="#E69F00", label="σ/√B")
axes.loglog(fine, bent, "-", color="#56B4E9", label="σ/√B · √((N−B)/(N−1))")
axes.loglog(sizes, errors[:, 1], "D", color="#E69F00", mfc="none", label="with replacement")
axes.loglog(sizes[:-1], errors[:-1, 0], "o", color="#56B4E9", ms=5, label="without")
axes.set(xlabel="batch size B", ylabel="error / length of g", ylim=(0.05, 12))
axes.legend(fontsize=9)
plt.show()

# %% [markdown] name="variance-answer"
# *The picture: in double logarithmic scales both errors fall along one straight line, by a factor of 10 for 100 times the
# batch. Near B = 1797 the one without replacement bends down and falls to zero.*
#
# Ten: the square root of 100. A "batch" of 1797 drawn with replacement still misses by a fifth; without replacement it is the
# full gradient.

# %% [markdown] name="fewer"
# ### What the steps gain
#
# A better gradient should save steps. How many? Put $d = -\eta\hat g$ into chapter 01's bound and take the mean. As
# $\mathbb E\,\hat g = g$, the square of $\hat g = g + (\hat g - g)$ has no mixed term in the mean: $\mathbb E\,|\hat g|^2 = |g|^2 +
# \sigma^2/B$. So, for a batch drawn with replacement,
#
# $$ \mathbb E f(w - \eta\hat g) \;\le\; f(w) - \eta\,|g|^2 + \frac{L\eta^2}{2}\Bigl(|g|^2 + \frac{\sigma^2}{B}\Bigr). $$
#
# Its derivative by η, $-|g|^2 + L\eta\,(|g|^2 + \sigma^2/B)$, vanishes at
#
# $$ \eta = \frac1L\cdot\frac{1}{1 + B_0/B}, \qquad\text{and the gain is}\qquad \frac{|g|^2}{2L}\cdot\frac{1}{1 + B_0/B},
# \qquad B_0 = \frac{\sigma^2}{|g|^2} . $$
#
# So the number of steps should go as $1 + B_0/B$, and the number of examples, B times that, as $B + B_0$. Far below $B_0$, the
# **noise scale**, twice the batch means half the steps, at twice the learning rate. Far above it, twice the batch costs twice
# as much and saves next to nothing. Where each example's loss is a bowl ½|w − x|², equally steep in all directions, "≤" is
# "=", and the formula must be exact:

# %% name="gain-check"
random, middle = np.random.default_rng(4), images.mean(axis=0)
noise_scale = np.mean(np.sum((images - middle) ** 2, axis=1)) / np.sum(middle**2)
for size in (1, 4, 16):
    rate = 1 / (1 + noise_scale / size)
    batches = images[random.integers(N, size=(20_000, size))].mean(axis=1)
    ends = gradient_descent(np.zeros(64), 0 - batches, rate)  # the gradient is w − x, at w = 0
    gain = np.sum(middle**2) / 2 - np.mean(np.sum((ends - middle) ** 2, axis=1)) / 2
    print(f"B {size:2}: gain {gain:.3f}, formula {np.sum(middle**2) / 2 * rate:.3f}")

# %% [markdown] name="steps-question"
# #### Counted on the digits
#
# The digits' loss is no such bowl. So we count: for each batch size, 19 rates from 1/8 to 64 start together, five runs each,
# and the first rate at which three of the five have been below a loss of 0.25 (2.30 at the start) gives the steps. Beside the
# counts we draw the bound's form, $S\,(1 + B^*/B)$ for the steps, fitted by least squares in the logarithms, and with the same
# B* the bound's $\eta_\infty / (1 + B^*/B)$ for the best rate.
#
# > 02.fewer_steps

# %% name="digits-model"
def chances(x, W):
    """The chances p of the ten digits; x: (n, 64), W: (..., 64, 10)."""
    scores = x @ W
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


def loss(W):
    """The mean of −log p over all examples: the log of Σ exp(s − s of the true digit)."""
    scores = images @ W
    above = scores - scores[..., np.arange(N), labels, None]
    return np.log(np.exp(np.minimum(above, 700)).sum(axis=-1)).mean(axis=-1)


def gradient(W, rows=slice(None)):
    """The mean of the gradients of the examples in `rows`; all if left out."""
    x = images[rows]
    return x.T @ (chances(x, W) - truth[rows]) / len(x)

# %% name="steps-run"
rates = 2.0 ** np.arange(-3, 6.1, 0.5)


def steps_needed(size, goal=0.25, runs=5):
    """Steps from W = 0 until, at one of the rates, most runs were below `goal`; and that rate."""
    randoms = [np.random.default_rng(seed) for seed in range(runs if size < N else 1)]
    W, steps, been = np.zeros((len(randoms), len(rates), 64, 10)), 0, False
    while True:
        orders = [random.permutation(N) for random in randoms]
        for first in range(0, N - size + 1, size):
            for run, order in enumerate(orders):
                slopes = gradient(W[run], order[first : first + size])
                W[run] = gradient_descent(W[run], slopes, rates[:, None, None])
            steps += 1
            if steps * size % 32 == 0 or size > 32:  # single examples: at every 32nd step
                been = been | (loss(W) < goal)
                if np.mean(been, axis=0).max() > 0.5:
                    return steps, rates[np.mean(been, axis=0).argmax()]


sizes = np.array([1, 4, 16, 64, 256, N])
steps, best_rates = np.array([steps_needed(size) for size in sizes]).T

# %% name="steps-figure" jupyter={"source_hidden": true}
bends = np.geomspace(1, 300, 1000)
misses = np.log(steps) - np.log(1 + bends[:, None] / sizes)
bend = bends[misses.var(axis=1).argmin()]
bent = 1 + bend / fine
S = np.exp(np.mean(np.log(steps / (1 + bend / sizes))))
limit = np.exp(np.mean(np.log(best_rates * (1 + bend / sizes))))
figure, panels = plt.subplots(1, 3, figsize=(10, 3.2))
curves = (steps, S * bent), (steps * sizes, S * bent * fine), (best_rates, limit / bent)
for axes, (dots, curve) in zip(panels, curves):
    axes.loglog(fine, curve, "--", color="#E69F00", label="fitted")
    axes.loglog(sizes, dots, "o", color=PLAIN.colour, label="measured")
    axes.set(xlabel="batch size B")
for axes, what in zip(panels, ("steps", "examples", "best rate")):
    axes.set_title(f"{what} until loss 0.25" if what != "best rate" else what)
panels[0].set_yticks(ticks := [20, 50, 100, 200, 500], labels=ticks)
panels[0].minorticks_off()
panels[0].legend()
plt.show()
for size, count, rate in zip(sizes, steps, best_rates):
    print(f"B {size:4}: {count:3.0f} steps, fit {S * (1 + bend / size):3.0f}", end=" ")
    print(f"({size * count:5.0f} examples); rate {rate:.2f}, fit {limit / (1 + bend / size):.2f}")
print(f"S = {S:.0f}, B* = {bend:.0f}, limit of the rate {limit:.1f};", end=" ")
print(f"noise scale at the start {variance / (g @ g):.0f}")
W, path = np.zeros((64, 10)), []
for _ in range(4):
    W = gradient_descent(W, gradient(W), 32.0)
    path.append(loss(W))
print("full gradient at rate 32, loss after steps 1 to 4:", *np.round(path, 3))

# %% [markdown] name="steps-answer"
# *The picture: three panels in double logarithmic scales. The steps fall with the batch, bend near B = 30 and stay flat. The
# examples are flat first and then rise in a straight line. The best rate rises in a straight line first, then ever less. The
# dots lie near the fitted curves.*
#
# About 50, and a half. From 1 to 16 the steps fall twelvefold. From 16 to all 1797, a gradient without any error, they
# fall by a factor of two, for more than a hundred times the examples a step. "A larger batch is a better gradient, so it
# needs fewer steps in proportion" is true below the bend and false above it: **beyond the noise scale you pay for precision
# that the step cannot use.** (Those who have the processors take it anyway: a batch computed side by side costs examples, not
# hours. Chapter 13.)
#
# The *form* 1 + B*/B holds roughly: the counts are within 30 % of the fit, the rates within a factor of 1.6. The *number* does
# not follow from the bound: $B_0$ is 67 at the start, and we measured 30. A bound may be loose, and this one judges each step
# alone: what noise one step adds along a steep direction, the following steps may remove. The bend has to be measured, and it
# depends on the task (Shallue et al. 2019) and on the goal. A goal of 0.5 would have been no test at all: at rate 32 one full
# step crosses it, and the next is at 4.7.
#
# ### Who does less work?
#
# One full gradient costs as much as N single examples. On a bowl with L = 1 and κ = 10, full gradients need about
# $\tfrac\kappa4\ln(1/\varepsilon)$ steps to a loss of ε (half of chapter 01's count: the loss goes with the square of the
# distance), so N times as many examples. Single examples need a rate so small that the noise floor, which is proportional
# to η, lies under ε: about 1/ε times as many steps, whatever N is. The exact mean losses, with the best constant rate for each
# goal:

# %% name="work-run"
curvatures, tried = np.array([[1.0], [0.1]]), np.geomspace(3e-5, 1, 400)
for goal in (0.1, 0.01, 0.001):
    w, squares, full, single = np.ones((2, 1)), np.ones((2, 400)), 0, 0
    while np.sum(curvatures * w**2) / 2 > goal:
        w, full = (1 - 2 / 1.1 * curvatures) * w, full + 1
    while np.min(np.sum(curvatures * squares, axis=0)) / 2 > goal:
        squares = (1 - tried * curvatures) ** 2 * squares + tried**2  # noise of variance 1
        single = single + 1
    print(f"loss {goal}: {full} full gradients or {single} single examples:", end=" ")
    print(f"equal work for {single / full:.0f} examples")

# %% [markdown] name="work-answer"
# **Single examples win while N is larger than about 1/ε.** With a million examples and a goal of 0.001, one thousandth of the
# full gradients' work is enough; with a hundred examples and the same goal the full gradient is ten times cheaper. Nobody
# needs ε far below 1/N, for the minimum of N examples is itself about that far from the truth. This is the argument of Bottou,
# Curtis and Nocedal (2018, section 4) for SGD: the more data, the better it looks.

# %% [markdown] name="scaling-question"
# ### May the rate grow with the batch?
#
# A popular rule says: k times the batch, k times the rate. Two reasons speak for it. While ηλ is small, the floor depends only
# on **η/B**. And as long as the gradient changes little, k steps of η move as far as one step of kη. In formulas:
#
# $$ \frac{k\eta}{kB\,\lambda\,(2-k\eta\lambda)} \approx \frac{\eta}{2B\lambda}, \qquad (1-\eta\lambda)^k \approx 1 - k\eta\lambda
# \qquad\text{while } k\eta\lambda \ll 1 . $$
#
# > 02.linear

# %% name="scaling-run"
random = np.random.default_rng(6)
for k in (1, 4, 16, 32, 48):
    w, rate, size = np.full(4000, 3.0), 0.05 * k, 8 * k
    for _ in range(4800 // k):  # the same number of examples for each
        w = gradient_descent(w, w + random.normal(size=4000) / np.sqrt(size), rate)
    formula = noise_floor(rate, size) if rate < 2 else np.inf
    print(f"k {k:2}: rate {rate:<4.2g} batch {size:3}: mean square {np.mean(w**2):.3g},", end=" ")
    print(f"formula {formula:.3g}; {k} small steps keep {0.95**k:.3f}, one large {1 - rate:.2f}")

# %% [markdown] name="scaling-answer"
# By the formula the floor is 8 % higher at k = 4, 62 % at 16, five times as high at 32, and at 48 the runs diverge. The batch
# lowers the noise, but **no batch moves the edge 2/λ**, which full gradients have too. The digits agree: on their fitted curve
# $\eta_\infty/(1 + B^*/B)$ the best rate grows in proportion to B far below B*, and not at all far above it. At B = B* it
# grows like √B, since the slope of $\ln\eta$ over $\ln B$ is $B^*/(B + B^*)$. So the three rules that people quarrel about are
# three parts of one curve: **linear** below the bend, the **square-root rule** (k times the batch, √k times the rate) about it,
# and no change above.

# %% [markdown] name="dealing-question"
# ### Dealing beats drawing
#
# The noise floor assumed independent noise. A dealt pack is not independent: the deviations of its batches sum to zero, so what
# one batch pushes too far to the right, the rest of the epoch must push back. With small steps, nearly everything cancels by
# the epoch's end.
#
# How much remains? Take the losses $\tfrac12(w - x_i)^2$, where the $x_i$ have mean 0 and variance σ², and n = N/B batches with
# means $m_1, \dots, m_n$. A step is $w \leftarrow a\,w + \eta\,m_j$ with $a = 1-\eta$, so an epoch makes
#
# $$ w' = a^n\,w + \eta \sum_{j=1}^n a^{n-j} m_j, \qquad
# \mathbb E\,w^2 = \frac{\eta^2}{1-a^{2n}} \cdot \frac{n\,\sigma^2}{N-1} \cdot
# \Bigl[\textstyle\sum_j c_j^2 - \tfrac1n\bigl(\sum_j c_j\bigr)^2\Bigr], \quad c_j = a^{n-j} $$
#
# at the end of an epoch, once it has settled.
#
# <details><summary>Where it comes from</summary>
#
# The batch means have the variance $s^2 = \frac{\sigma^2}{B}\frac{N-B}{N-1} = \sigma^2\frac{n-1}{N-1}$ and sum to zero, so by
# the argument above two of them have the covariance $-s^2/(n-1)$. Hence
# $\mathrm{Var}\sum_j c_j m_j = s^2\bigl[\sum c_j^2 - \frac{1}{n-1}\bigl((\sum c_j)^2 - \sum c_j^2\bigr)\bigr] = \frac{n s^2}{n-1}\bigl[\sum c_j^2 - \frac1n(\sum c_j)^2\bigr]$.
# Epochs are shuffled anew, so $\mathbb E w'^2 = a^{2n}\,\mathbb E w^2 + \eta^2\,\mathrm{Var}$; settled, both are equal. Where
# $a \approx 1$ all $c_j$ are nearly equal, and the bracket, n times the variance of the $c_j$, nearly vanishes.
# </details>
#
# > 02.dealing

# %% name="dealing-run"
def epochs(x, rate, random, deal=True, size=32, count=40, runs=300):
    """Mean square of w after each step of an epoch, for the losses ½(w − x)²: shape (steps,)."""
    w, squares = np.zeros(runs), []
    for _ in range(count):
        rows = np.tile(x, (runs, 1))
        rows = random.permuted(rows, axis=1) if deal else random.choice(x, rows.shape)
        for first in range(0, len(x), size):
            w = gradient_descent(w, w - rows[:, first : first + size].mean(axis=1), rate)
            squares.append(np.mean(w**2))
    return np.reshape(squares, (count, -1))[10:].mean(axis=0)


def dealt(rate, N=1024, size=32):
    """The formula for the mean square at an epoch's end, for σ = 1."""
    n, c = N // size, (1 - rate) ** np.arange(N // size)
    spread = np.sum(c**2) - np.sum(c) ** 2 / n
    return rate**2 / (1 - (1 - rate) ** (2 * n)) * n / (N - 1) * spread


# %% name="dealing-figure" jupyter={"source_hidden": true}
random = np.random.default_rng(8)
x = random.normal(size=1025)
x_1024 = (x[:1024] - x[:1024].mean()) / x[:1024].std()
figure, panels = plt.subplots(1, 2, figsize=(9, 3.2))
for axes, rate in zip(panels, (0.01, 0.1)):
    drawn, dealing = (epochs(x_1024, rate, random, deal) for deal in (False, True))
    at = np.arange(1, 33)
    axes.semilogy(at, drawn, "--", color="#E69F00", label="drawn with replacement")
    axes.semilogy(at, dealing, "-", color="#56B4E9", label="dealt: shuffled each epoch")
    axes.set(xlabel="step within the epoch", title=f"η = {rate}", ylim=(1e-6, 4e-3))
    print(f"rate {rate}: drawn {drawn.mean():.3g}, formula {noise_floor(rate, 32):.3g}")
    print(f"    dealt, at an epoch's end: {dealing[-1]:.3g}, formula {dealt(rate):.3g};", end=" ")
    print(f"lower by {drawn.mean() / dealing[-1]:.1f},", end=" ")
    print(f"formulas {noise_floor(rate, 32) / dealt(rate):.1f}; in mid-epoch {dealing[15]:.3g}")
panels[0].set_ylabel("mean square of w")
panels[1].legend(fontsize=9, loc="lower right")
plt.show()
many = noise_floor(0.1, 32) / dealt(0.1, N=32_000)
print(f"rate 0.1 and 1000 batches in an epoch: lower by {many:.2f}, by the formulas")

# %% [markdown] name="dealing-answer"
# *The picture: the dashed lines are level. At η = 0.01 the solid one is an arch far below, lowest at the epoch's end and
# more than ten times higher in the middle. At η = 0.1 it runs closer below the dashed line, at half of it by the end.*
#
# More than a hundred times lower at the small rate, and about twice at the large one. The factor 1.03 of the single batch
# explains none of it; the *dependence* of the batches on each other does. For small ηn the $c_j$ are nearly evenly spaced from 1
# to 1 − ηn, with variance $(\eta n)^2/12$, and the gain becomes $12/(\eta n)^2$: 117 for ηn = 0.32.
#
# Two limits keep this in proportion. It is the *end* of an epoch that gains most; in the middle, at η = 0.01, it is a factor of
# seven. And where an epoch is longer than the memory of 1/(ηλ) steps, the batches that should cancel are
# forgotten: with 1000 batches in an epoch, dealing at η = 0.1 gains 2 %, and the floor of independent noise is a good estimate.

# %% [markdown] name="surprise-short"
# ### The short last batch
#
# An epoch's last batch holds what is left, and Keras divides by *its* size and steps at full rate. With our digits it has 5
# examples, so each of them counts 32/5 = 6.4 times as much as the others.
#
# > 02.last_batch

# %% name="surprise-short-run"
x_1025 = (x - x.mean()) / x.std()
before, after = (epochs(data, 0.01, random)[-1] for data in (x_1024, x_1025))
print(f"at an epoch's end: 1024 examples {before:.3g}, 1025 examples {after:.3g}:", end=" ")
print(f"{after / before:.0f} times as much")
added = 0.01**2
print(f"the last step adds η²σ² = {added:.3g};", end=" ")
print(f"with what is left of earlier epochs {added / (1 - 0.99 ** (2 * 33)):.3g}")

# %% [markdown] name="surprise-short-answer"
# More than a hundred times. A single example's noise enters in the last step, and nothing comes after it to cancel it. All the
# gain of dealing is gone, and `fit` says nothing, as the step is what it should be: the mean over the batch. Where it matters,
# choose a batch size that divides N, or hand `fit` a `tf.data.Dataset` batched with `drop_remainder=True` (and shuffled: `fit`
# will not do it for you).
#
# <details><summary>The same in Keras (run with Keras 3.15; a test holds it)</summary>
#
#     # one weight at 0, x = 1 for five examples, y = 0, 0, 0, 0, 1, learning rate 0.1, loss "mse"
#     model.fit(x, y, batch_size=5, shuffle=False)   # w = 0.04
#     model.fit(x, y, batch_size=4, shuffle=False)   # w = 0.2: the last example counts five times
# </details>

# %% [markdown] name="surprise-agree"
# ### What if all examples agree?
#
# The floor took σ² as given. But σ² belongs to the *place*: it is the spread of the examples' gradients there. A model with
# more weights than examples can fit them all, and at such a minimum every single gradient is zero.
#
# > 02.agree

# %% name="surprise-agree-run"
for weights in (20, 5):
    random = np.random.default_rng(9)
    A, b = random.normal(size=(10, weights)) / np.sqrt(weights), random.normal(size=10)
    w, best = np.zeros(weights), np.linalg.lstsq(A, b)[0]
    for epoch in range(1, 301):
        for i in random.permutation(10):
            w = gradient_descent(w, (A[i] @ w - b[i]) * A[i], 0.3)
        if epoch in (10, 100, 300):
            excess = (np.mean((A @ w - b) ** 2) - np.mean((A @ best - b) ** 2)) / 2
            print(f"{weights} weights: {excess:.2g} above the minimum after {epoch} epochs")

# %% [markdown] name="surprise-agree-answer"
# With 20 weights it goes on falling. With 5, where the examples cannot all be satisfied, it wanders about a floor. So a large
# network that fits its training data may need no falling rate, and "SGD cannot converge at a constant rate" is a sentence about
# examples that contradict each other (Ma, Bassily & Belkin 2018).

# %% [markdown] name="surprise-escape"
# ### Does noise help to escape?
#
# "The noise of SGD helps it escape local minima." Let us see what of this can be shown. A landscape with two wells, the right
# one shallow and the left one deep, and gradient noise of σ = 2 for one example. Near a minimum with small ηλ, the mean loss of
# the floor is $\tfrac12\lambda\,\mathbb E w^2 = \tfrac{\eta\sigma^2}{4B}$, whatever λ is. So the noise acts like heat of the
# temperature $T = \eta\sigma^2/(2B)$, which leaves ½T in every spring. While T is small, the time to cross a barrier of height h
# then grows as $e^{h/T}$ (Kramers 1940; we quote this, we do not derive it).
#
# > 02.wells

# %% name="surprise-escape-run"
def two_wells(w):
    """A loss with a shallow well on the right and a deep one on the left."""
    return w**4 / 4 - w**2 / 2 + 0.1 * w


left, top, right = np.sort(np.roots([1, 0, -1, 0.1]).real)
print("barrier from the right", round(two_wells(top) - two_wells(right), 3), end=", ")
print("from the left", round(two_wells(top) - two_wells(left), 3))
random = np.random.default_rng(10)
for size in (1, 4, 16):
    w = np.repeat([right, left], 1000)
    for _ in range(5000):
        noise = 2 / np.sqrt(size) * random.normal(size=2000)
        w = gradient_descent(w, w**3 - w + 0.1 + noise, 0.1)
    deep = np.mean(w.reshape(2, 1000) < top, axis=1)
    print(f"B {size:2}, T {0.1 * 4 / (2 * size):.4f}: in the deep well at the end:", end=" ")
    print(f"{deep[0]:.1%} of those from the right, {deep[1]:.1%} of those from the left")

# %% [markdown] name="surprise-escape-answer"
# For B = 1 and 4. Noise lets runs cross *in both directions*, and only where the barrier is no more than a few times T. With
# B = 16 one run in a thousand leaves the bad well; with B = 4 nearly all do, and few come back; with B = 1 more than a
# quarter of those who sat in the *good* well are in the bad one. The careful sentence: **noise makes barriers of a few T passable, both ways, and then
# favours the deeper well, the less the hotter it is.** What cannot be shown here: that networks' losses have such wells, that
# minibatch noise is as even as this one (above it vanished at a minimum), or that the wells which it prefers generalise better.
# Those are questions to experiments on networks, and they are disputed.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 02.levelled
#
# ? 02.diverges
#
# ? 02.textbook

# %% [markdown] name="sources"
# **Sources.** H. Robbins, S. Monro, *A Stochastic Approximation Method*, 1951,
# [doi:10.1214/aoms/1177729586](https://doi.org/10.1214/aoms/1177729586). · L. Bottou, F. E. Curtis, J. Nocedal, *Optimization
# Methods for Large-Scale Machine Learning*, 2018, [doi:10.1137/16M1080173](https://doi.org/10.1137/16M1080173). · S. McCandlish
# et al., *An Empirical Model of Large-Batch Training*, 2018, [arXiv:1812.06162](https://arxiv.org/abs/1812.06162) (the noise
# scale). · C. J. Shallue et al., *Measuring the Effects of Data Parallelism on Neural Network Training*, 2019,
# [arXiv:1811.03600](https://arxiv.org/abs/1811.03600). · P. Goyal et al., *Accurate, Large Minibatch SGD*, 2017,
# [arXiv:1706.02677](https://arxiv.org/abs/1706.02677) (the linear rule, with a warm-up). · K. Mishchenko, A. Khaled, P.
# Richtárik, *Random Reshuffling: Simple Analysis with Vast Improvements*, 2020,
# [arXiv:2006.05988](https://arxiv.org/abs/2006.05988). · S. Ma, R. Bassily, M. Belkin, *The Power of Interpolation*, 2018,
# [arXiv:1712.06559](https://arxiv.org/abs/1712.06559). · H. A. Kramers, *Brownian motion in a field of force*, 1940,
# [doi:10.1016/S0031-8914(40)90098-2](https://doi.org/10.1016/S0031-8914(40)90098-2). · Keras 3.15,
# `keras/src/optimizers/sgd.py` and `keras/src/trainers/trainer.py`.
