# %% [markdown] name="title"
# # 12 · Tuning SGD
#
# **You have an hour: which knob first?**
#
# After this chapter you can
#
# - say when a difference between two settings is one, and which knob costs most when it is wrong;
# - go through an hour's routine in order: learning rate, momentum, batch, decay, schedule, stop;
# - compare optimizers fairly, and read what old articles print with today's eyes.
#
# Keras arguments: all, in practice. About 45 minutes to read; it runs in under a minute.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# <details><summary>1. You raise momentum from 0.9 to 0.97 and keep the learning rate. Which two things have you changed?</summary>
#
# The memory, and the effective rate η/(1 − β), by a factor of 3.3 (chapter 04). "Only the momentum" is the tempting answer, and
# the reason why so many comparisons of momenta are comparisons of learning rates.
# </details>
#
# <details><summary>2. The batch gets four times as large. By how much does the gradient's standard deviation fall?</summary>
#
# To half: its variance is σ²/B (chapter 02). "To a quarter" is the variance.
# </details>
#
# <details><summary>3. With weight decay <code>wd</code> and learning rate η, after how many steps have the weights forgotten a size that
# no gradient renews?</summary>
#
# After 1/(η · wd), since each step keeps 1 − η · wd (chapter 06). "1/wd" forgets that Keras multiplies the decay by the learning
# rate.
# </details>

# %% name="imports"
import warnings
from concurrent.futures import ThreadPoolExecutor

import matplotlib.pyplot as plt
import numpy as np

from course import SGD, figures, sgd
from course.digits import load_digits
from course.figures import MOMENTUM, PLAIN
from course.quietly import keras

figures.use_course_style()
images, labels = load_digits()
images = images.astype(float)
shuffled = np.random.default_rng(12).permutation(1797)
learn, judge, final = np.split(shuffled, (896, 1296))
print(f"{len(learn)} images to train on, {len(judge)} to choose by, {len(final)} for the very end")

# %% [markdown] name="bench"
# ## A bench for two thousand trainings
#
# Every decision is made on the 400 images to *choose by* (validation). The 501 for the end (test) will tell how honest those
# choices were; nothing is chosen by them.
#
# Comparisons need repetitions, so we train one small network about two thousand times, far too often for Keras's `fit`. The bench
# below is the same network in NumPy. It trains *many runs side by side*, each with its own seed, learning rate, momentum and
# decay, by the functions of `course.sgd`; Keras checks it at once, and repeats the main result at the end. You may skip the code:
# `train` trains, `score` judges.

# %% name="network"
def first_weights(seed):
    """64 inputs, 32 hidden units, 10 classes."""
    random = np.random.default_rng(seed)
    w1, w2 = random.normal(size=(64, 32)), random.normal(size=(32, 10))
    return w1 * np.sqrt(2 / 64), np.zeros((1, 32)), w2 * np.sqrt(2 / 32), np.zeros((1, 10))


def forward(weights, x):
    """Each run's hidden units, and the logarithms of the probabilities of ten classes."""
    w1, b1, w2, b2 = weights
    hidden = np.maximum(x @ w1 + b1, 0)
    logits = hidden @ w2 + b2
    logits = logits - logits.max(axis=-1, keepdims=True)  # so that exp stays finite
    return hidden, logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def mean_loss(log_softmax, y):
    """Each run's mean cross-entropy, shape (runs,)."""
    return -np.take_along_axis(log_softmax, y[..., None], axis=-1)[..., 0].mean(axis=-1)


def losses_and_gradients(weights, x, y):
    """Each run's loss on its batch, and its gradients."""
    hidden, log_softmax = forward(weights, x)
    error = (np.exp(log_softmax) - np.eye(10)[y]) / x.shape[-2]
    back = (error @ weights[2].swapaxes(1, 2)) * (hidden > 0)
    layers = (x.swapaxes(1, 2), back), (hidden.swapaxes(1, 2), error)
    gradients = [g for a, d in layers for g in (a @ d, d.sum(axis=1, keepdims=True))]
    return mean_loss(log_softmax, y), gradients

# %% name="rules"
def ball(w, memory, g, rate, momentum, decay, step):
    """Keras's SGD: the stages decay and velocity."""
    w, velocity = sgd.heavy_ball(sgd.decay(w, rate, decay), memory[0], g, rate, momentum)
    return w, (velocity, None)


def adam(w, memory, g, rate, momentum, decay, step):
    """Keras's Adam; momentum is its beta_1."""
    mean = momentum * memory[0] + (1 - momentum) * g
    square = 0.999 * memory[1] + 0.001 * g**2
    length = rate * np.sqrt(1 - 0.999**step) / (1 - momentum**step)
    return sgd.decay(w, rate, decay) - length * mean / (np.sqrt(square) + 1e-7), (mean, square)

# %% name="train"
def constant(part):
    """A schedule: what part of the learning rate is used after this part of the run."""
    return 1.0


def train(seeds, rate, momentum=0.9, decay=0, shape=constant, **how):
    """Train runs, one for each setting; returns (weights, batch losses).

    48 run side by side: fewer waste Python's time, more do not fit into the processor's cache.
    """
    settings = np.broadcast_arrays(seeds, rate, momentum, decay)
    groups = zip(*(np.array_split(each, -(-each.size // 48)) for each in settings))
    with ThreadPoolExecutor(2) as pool:
        trained = pool.map(lambda group: side_by_side(*group, shape, **how), groups)
    weights, paths = zip(*trained)
    return [np.concatenate(arrays) for arrays in zip(*weights)], np.concatenate(paths)


def side_by_side(seeds, rate, momentum, decay, shape, rule=ball, batch=32, epochs=10, rows=learn):
    """The same for one group; everything has the runs as its first axis."""
    settings = [setting[:, None, None] for setting in (rate, momentum, decay)]
    weights = [np.stack(arrays) for arrays in zip(*map(first_weights, seeds))]
    memory, path = [(np.zeros_like(w), np.zeros_like(w)) for w in weights], []
    steps = len(rows) // batch * epochs
    for step in range(steps):
        epoch, place = divmod(step, len(rows) // batch)
        if place == 0:
            deals = [np.random.default_rng((s, epoch)).permutation(rows) for s in seeds]
        now = np.stack(deals)[:, place * batch : (place + 1) * batch]
        with np.errstate(all="ignore"):  # some runs will fly away
            loss, gradients = losses_and_gradients(weights, images[now], labels[now])
            at = settings[0] * shape(step / steps), *settings[1:], step + 1
            moved = [rule(*each, *at) for each in zip(weights, memory, gradients)]
        weights, memory = map(list, zip(*moved))
        path.append(loss)
    return weights, np.array(path).T

# %% name="score"
def score(weights, rows):
    """Each run's loss (10 where it flew away) and its errors in per cent."""
    x, y, loss, wrong = images[rows], labels[rows], [], []
    for run in zip(*weights):  # one after the other: all at once would not fit into the cache
        with np.errstate(all="ignore"):
            _, log_softmax = forward(run, x)
            loss.append(mean_loss(log_softmax, y))
        wrong.append(100 * (log_softmax.argmax(axis=-1) != y).mean())
    return np.fmin(loss, 10), np.array(wrong)


def told(values, digits=3):
    """Mean and standard deviation over the runs, as text."""
    return f"{np.mean(values):.{digits}f} ± {np.std(values, ddof=1):.{digits}f}"

# %% [markdown] name="twin"
# Does the bench train what Keras trains? The same first weights, the same batches, one epoch of `fit`:

# %% name="twin-run"
def keras_model():
    """The bench's network in Keras."""
    relu = keras.layers.Dense(32, "relu", kernel_initializer="he_normal")
    return keras.Sequential([keras.layers.Input((64,)), relu, keras.layers.Dense(10)])


cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
order = np.random.default_rng((0, 0)).permutation(learn)
twins = (ball, SGD(0.1, 0.9)), (adam, keras.optimizers.Adam(0.01))
for rule, optimizer in twins:
    model = keras_model()
    model.set_weights([w.reshape(v.shape) for w, v in zip(first_weights(0), model.weights)])
    optimizer.weight_decay = 0.01
    model.compile(optimizer, cross_entropy)
    model.fit(images[order], labels[order], epochs=1, shuffle=False, verbose=0)
    ours, _ = train([0], float(optimizer.learning_rate), decay=0.01, rule=rule, epochs=1)
    gap = max(np.abs(a.ravel() - b.numpy().ravel()).max() for a, b in zip(ours, model.weights))
    print(f"{rule.__name__}: weights apart by less than 1e-4 after an epoch: {gap < 1e-4}")

# %% [markdown] name="spread"
# ## How large is nothing?
#
# Before anything is compared: 192 trainings with *identical* settings. Only the seed differs, and with it the first
# weights and the order of the images.
#
# > **Predict:** the mean validation loss is 0.12. How far from it is a typical run: 1 %, 5 % or 15 %?

# %% name="spread-run"
def cosine(part):
    """Half a wave from 1 to 0; chapter 03."""
    return (1 + np.cos(np.pi * part)) / 2


same, _ = train(np.arange(192), 0.2, 0.9, 1e-3, cosine)
(loss, wrong), (end_loss, end_wrong) = score(same, judge), score(same, final)
print(f"loss to choose by {told(loss)}, from {loss.min():.3f} to {loss.max():.3f}")
print(f"errors {told(wrong, 1)} %, from {wrong.min():.1f} to {wrong.max():.1f} %")
print(f"median distance of two single runs: {np.median(np.abs(loss[:96] - loss[96:])):.3f}")
means = loss.reshape(24, 8).mean(axis=1)
formula = loss.std(ddof=1) / np.sqrt(8)
print(f"means of eight runs spread by {means.std(ddof=1):.4f}; by the formula {formula:.4f}")

# %% [markdown] name="spread-answer"
# Nearest to 15 %: the standard deviation (sd) is 0.016 of 0.123, and two runs of *the same thing* typically differ by that much.
# The best of all is twice as good as the worst, and nothing was done to it.
#
# A mean of n runs spreads by sd/√n, as a batch's gradient did in chapter 02; the difference of two such means by sd·√(2/n). Ask
# for twice that before you believe in a difference. For **n = 8** the bar is $2\,\mathrm{sd}\sqrt{2/8} = \mathrm{sd}$, and this
# gives the chapter's rule:
#
# > With eight seeds each, a difference smaller than the spread is no difference.
#
# From here on "a ± b" is mean and standard deviation over eight seeds. More seeds do not cure one thing: the 400 images are
# always the same. At 3.8 % wrong, another 400 would move the errors by √(0.038 · 0.962 / 400) = 1 percentage point.

# %% [markdown] name="curse"
# ### The best of many is not that good
#
# Now pretend that those 192 runs were eight people's hours of 24 trials each. Everybody keeps the best trial.
#
# > **Predict:** the settings are all identical, so there is nothing to find. Whose loss improves by choosing: that on the images
# > to choose by, that at the end, both or neither?

# %% name="curse-run"
chosen, ended = loss.reshape(8, 24), end_loss.reshape(8, 24)
best = np.arange(8), chosen.argmin(axis=1)
print(f"to choose by: all {chosen.mean():.3f}, the eight winners {chosen[best].mean():.3f}")
print(f"at the end:   all {ended.mean():.3f}, the eight winners {ended[best].mean():.3f}")

# %% [markdown] name="curse-answer"
# Only the first. The winners look a fifth better than the rest, and at the end most of that is gone: choosing has selected lucky
# runs. **The best validation loss of a search is too good**, the more so the more you try. Report the loss on images that nothing
# was chosen by.

# %% [markdown] name="first"
# ## Which knob first?
#
# The settings above, η = 0.2 with a cosine, β = 0.9 and decay 0.001, are where this chapter's routine will arrive. Turn one knob
# at a time by a factor of 3, the batch by 4, and see what it costs.
#
# > **Predict:** order the knobs by the harm they do: learning rate, friction 1 − β, batch, decay. And what changes if the
# > effective rate η/(1 − β) is kept while β moves?

# %% name="first-run"
def eight(*settings, **how):
    """Settings (rate, momentum, decay), eight seeds each; returns scores, shape (settings, 8)."""
    columns = np.repeat(np.array(settings, float), 8, axis=0).T
    weights, _ = train(np.tile(np.arange(8), len(settings)), *columns, **how)
    scores = (*score(weights, judge), score(weights, learn)[0])
    return {n: s.reshape(-1, 8) for n, s in zip(("loss", "wrong", "learnt"), scores)}


def knob(**how):
    """Losses of the settings at 0.2, 0.9 and 0.001 with something else put in their place."""
    changed = {"rate": 0.2, "momentum": 0.9, "decay": 1e-3} | how
    setting = [changed.pop(name) for name in ("rate", "momentum", "decay")]
    return eight(setting, shape=cosine, **changed)["loss"][0]


less, more = 1 - 0.1 / 3, 1 - 0.1 * 3  # momenta with a third of the friction, and with three times
turned = {
    "learning rate": (knob(rate=0.2 / 3), knob(rate=0.2 * 3)),
    "friction, same η": (knob(momentum=less), knob(momentum=more)),
    "friction, same η/(1-β)": (knob(momentum=less, rate=0.2 / 3), knob(momentum=more, rate=0.6)),
    "batch, factor 4": (knob(batch=8), knob(batch=128)),
    "decay": (knob(decay=1e-3 / 3), knob(decay=1e-3 * 3)),
}
usual = knob()
print(f"{'nothing':24}{told(usual)}")
for name, pair in turned.items():
    words = [told(x) if x.mean() < 1 else "over 1.000" for x in pair]
    print(f"{name:24}down {words[0]:15} up {words[1]}")

# %% [markdown] name="first-answer"
# **The learning rate**, and the asymmetry matters: a third of it costs a third more loss, three times as much nearly five times
# the loss. Friction at the same η does the same, because it *is* the learning rate: a third of the friction is three times η/(1 −
# β). So, worst of all, is a batch of 8 with steps made for 32. At the same η/(1 − β) only *less* friction hurts. A factor 3 in
# the decay makes no difference.
#
# So: learning rate first, everything else later, and **whenever another knob is turned, η/(1 − β) must be right again.** That is
# the order of the routine.

# %% [markdown] name="range"
# ## 1. The learning rate
#
# ### The range test
#
# Raise the learning rate at every step by the same factor, from hopelessly small to hopelessly large, and watch the loss (Smith
# 2017). One short run shows the whole range. Articles then tell you to read off "where the loss falls most steeply", or "its
# lowest point".
#
# > **Predict:** eight seeds. Which of three readings agrees best among them: the steepest fall, the lowest loss, or the edge,
# > where the loss is back above its start?

# %% name="range-code"
def readings(path, rates):
    """Three ways to read one range test: learning rates at the steepest fall, lowest loss, edge."""
    low = int(np.nanargmin(path))
    steepest = int(np.argmin(np.diff(path[: low + 1])))
    above = np.flatnonzero(~(path[low:] < path[0]))  # nan counts as above
    return rates[[steepest, low, min(low + above[0], len(rates) - 1)]]


def rising(part):
    """Five decades, evenly on a logarithmic scale."""
    return 10 ** (5 * part - 4)


def geometric(values):
    """Mean and spread of learning rates: a factor, not a sum."""
    return f"{np.exp(np.log(values).mean()):.2f} ×÷ {np.exp(np.log(values).std(ddof=1)):.1f}"

# %% name="range-run"
tests = {}
for momentum, epochs in ((0.9, 2), (0.9, 10), (0.9, 30), (0.0, 10)):
    _, paths = train(np.arange(8), 1.0, momentum, shape=rising, epochs=epochs)
    rates = rising(np.arange(28 * epochs) / (28 * epochs))
    tests[momentum, epochs] = rates, paths
    steepest, lowest, edge = (geometric(r) for r in np.array([readings(p, rates) for p in paths]).T)
    print(f"momentum {momentum}, {28 * epochs:3} steps: ", end="")
    print(f"steepest {steepest}, lowest {lowest}, edge {edge}")

# %% [markdown] name="range-answer"
# The steepest fall is useless: the seeds differ among themselves by factors of about 20 and more, for the steepest step of a
# noisy curve is an accident. The other two agree within a factor of 1.6, but both *move with the speed of the test*: in 56 steps
# the edge seems to be at 2.3, in 840 at 0.7.
#
# Why? Beyond the edge η* = 2/λ of a parabola, at η = η*(1 + δ), a step multiplies w by −(1 + 2δ). With n steps per decade, δ
# grows by ln 10/n per step, so log |w| has grown by $\sum 2\delta \approx n\,\delta^2/\ln 10$. The loss is back at its start when
# that makes up for the way from the noise, ε, to 1:
#
# $$ \delta = \sqrt{\ln(1/\varepsilon)\,\ln 10\;/\;n}\,. $$
#
# **A hasty test reads an edge that is too high.** On ½w² with noise of 0.01, where the true edge is 2:

# %% name="speed-run"
random = np.random.default_rng(3)
for per_decade in (50, 200, 1000):
    w, edges = np.ones(400), np.full(400, np.nan)
    for rate in 10 ** (np.arange(4 * per_decade) / per_decade - 2):
        w = sgd.gradient_descent(w, w + 0.01 * random.normal(size=400), rate)
        edges[np.isnan(edges) & (np.abs(w) > 1) & (rate > 1.9)] = rate
        w = np.clip(w, -1e9, 1e9)
    promised = 2 * (1 + np.sqrt(np.log(100) * np.log(10) / per_decade))
    print(f"{per_decade:4} steps a decade: edge at {np.median(edges):.2f}, formula {promised:.2f}")

# %% [markdown] name="sweep"
# ### Then train in earnest
#
# The test shows where training breaks. It cannot show where training is *best*: it ends before noise and schedule have had their
# say. Compare its second line with its last: both readings agree within a factor of 2, although one has momentum 0.9 and the
# other none. The edge is a matter of curvature, (2 + 2β)/λ in chapter 04, and knows nothing of η/(1 − β).
#
# > **Predict:** with momentum 0.9 the edge read in 280 steps was 0.94. Where is the best learning rate for ten epochs: near 0.9,
# > 0.3 or 0.1? And without momentum, with its edge at 1.07?

# %% name="sweep-run"
swept = np.array([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0])
with_ball = eight(*((rate, 0.9, 0) for rate in swept))
without = eight(*((rate, 0, 0) for rate in swept))
print("rate     momentum 0.9     (training images)   momentum 0")
for i, rate in enumerate(swept):
    on_validation, on_training = (told(with_ball[name][i]) for name in ("loss", "learnt"))
    print(f"{rate:<8g} {on_validation}   ({on_training})     {told(without['loss'][i])}")

# %% name="sweep-figure"
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), sharex=True)
for epochs, line in ((2, ":"), (10, "--"), (30, "-")):
    rates, paths = tests[0.9, epochs]
    middle, name = np.nanmedian(paths, axis=0), f"{28 * epochs} steps"
    left.semilogx(rates, middle, line, color=MOMENTUM.colour, label=name)
left.set(xlabel="learning rate", ylabel="loss of the batch", ylim=(0, 4), title="range test")
left.legend()
for look, result in ((PLAIN, without), (MOMENTUM, with_ball)):
    bars = result["loss"].std(axis=1, ddof=1)
    style = {"color": look.colour, "marker": look.marker, "ls": look.line, "capsize": 3}
    right.errorbar(swept, result["loss"].mean(axis=1), bars, **style, label=look.label)
right.set(xlabel="learning rate", ylabel="validation loss", ylim=(0, 3), title="in earnest")
right.legend()
plt.show()

# %% [markdown] name="sweep-answer"
# *The picture: on the left three loss curves (momentum 0.9, median of eight seeds) that fall and rise again, the slower the test,
# the further left. On the right two valleys of nearly equal depth: momentum's begins at a tenth of plain SGD's learning rate.*
#
# With momentum the best is near **a tenth of the edge**; without, anything from a third of the edge up to the edge itself. "Take
# the lowest point of the test" would have given 0.4, beyond 0.3, which already costs twice the best loss. So the range test, done right:
#
# - with the momentum, batch size and network that you will train with, over a few hundred steps, log-spaced, from two or three
#   seeds;
# - read the edge, not the steepest fall, and throw the weights away afterwards: they have been beyond the edge;
# - then train in earnest at 1/30, 1/10 and 1/3 of it, and if the best is at an end, go on to that side.
#
# And watch the column in brackets: from 0.03 to 0.1 the loss on the *training* images halves, while on those to choose by 0.173
# and 0.155 are no difference. Training loss asks for longer steps than the task does.

# %% [markdown] name="momentum"
# ## 2. Momentum, at equal η/(1 − β)
#
# > **Predict:** at η = 0.1, momentum 0.9 has nearly half the loss of momentum 0. How much of that is left if η/(1 − β) is the
# > same for both?

# %% name="momentum-run"
momenta, effective = (0, 0.5, 0.8, 0.9, 0.95, 0.99), (0.1, 0.3, 1.0)
columns = [[(rate * (1 - beta), beta, 0) for beta in momenta] for rate in effective]
columns.append([(0.1, beta, 0) for beta in momenta])
runs = eight(*(setting for column in columns for setting in column))["loss"].reshape(4, 6, 8)
print("momentum   " + "".join(f"η/(1-β) = {rate:<9}" for rate in effective) + "η = 0.1")
for i, momentum in enumerate(momenta):
    print(f"{momentum:<10}", *(f"{told(column[i]):18}" for column in runs))

# %% [markdown] name="momentum-answer"
# The last column is how momenta are usually compared, and there momentum 0.8 is nearly twice as good as none. It compares
# effective rates from 0.1 to 10. In the other columns **nothing is left**: from 0 to 0.95 no difference exceeds the spread. Only
# 0.99 is worse, as its memory of 100 steps is long for a run of 280.
#
# That is this network, small and easy. What momentum buys, many curvatures at one speed (chapter 04), shows where κ is large. So
# the knob has two or three settings worth a trial: 0.9 by default, 0.95 or 0.98 for long runs, always with η scaled along.

# %% [markdown] name="batch"
# ## 3. The batch, against η
#
# Noise alone would say: the floor is proportional to η/B (chapter 02), so for B times 4 take η times 4. Curvature knows nothing
# of B: the edge stays. So the best η should grow with B, and ever more slowly.
#
# > **Predict:** from B = 8 to B = 128, 16 times as large, by how much does the best η grow: 4, 8 or 16 times? All train for ten
# > epochs.

# %% name="batch-run"
rates = (0.0125, 0.025, 0.05, 0.1, 0.2, 0.4)
print("batch   " + "".join(f"η = {rate:<14}" for rate in rates))
for batch in (8, 32, 128):
    runs = eight(*((rate, 0.9, 0) for rate in rates), batch=batch)["loss"]
    bar = 2 * runs.mean(axis=1).min()
    cells = (told(row) if row.mean() < bar else "over twice" for row in runs)
    print(f"{batch:<7}", *(f"{cell:17}" for cell in cells))

# %% [markdown] name="batch-answer"
# 8 times, from 0.025 to 0.2, on a coarse grid with flat minima: more at first, and from 32 to 128 hardly at all. The linear rule
# of Goyal and others (2017) is the beginning of this curve. Beyond it a larger batch gets no longer steps and, at equal epochs,
# fewer of them: with 128 the best loss, 0.167, is behind the 0.139 of batch 8 by a little more than the spread.
#
# So take the batch that your machine computes fastest, and tune η *for it*. It is a knob for time rather than for quality. And it
# changes the number of steps, so the schedule must be laid out anew (chapter 03).

# %% [markdown] name="decay"
# ## 4. Weight decay
#
# > **Predict:** η = 0.05, 280 steps. From which of these decays on will anything change: 0.0001, 0.001, 0.01, 0.03 or 0.1?

# %% name="decay-run"
decays = (0, 1e-4, 1e-3, 1e-2, 3e-2, 1e-1)
runs = eight(*((0.05, 0.9, decay) for decay in decays))
for decay, loss_of, wrong_of, learnt in zip(decays, runs["loss"], runs["wrong"], runs["learnt"]):
    print(f"decay {decay:<6g} leaves {np.exp(-0.05 * decay * 280):.3f}: ", end=" ")
    print(f"training {told(learnt)}, validation {told(loss_of)}, errors {told(wrong_of, 1)} %")

# %% [markdown] name="decay-answer"
# From 0.03 on, and first on the training images. A formula says so before any trial: T steps leave $(1-\eta\cdot\mathrm{wd})^T \approx
# e^{-\eta\,\mathrm{wd}\,T}$ of a weight that no gradient renews. Up to 0.01 that is 0.87 or more, and nothing changes. The
# scale of this knob is **1/(ηT)**, here 0.07: look one decade to either side, in factors of 10.
#
# "Weight decay prevents overfitting": the gap between training and validation does close, from 0.08 to 0.03. But it closes from
# the wrong side: no decay has made the validation loss smaller. In ten epochs there is little to prevent. In long runs of large
# networks decay is worth its trials; here it would be an hour wasted.

# %% [markdown] name="schedule"
# ## 5. The schedule, with its own η
#
# > **Predict:** the best constant learning rate is 0.1. Will a cosine be best with a smaller, the same or a larger one? And how
# > much better is it at 0.05?

# %% name="schedule-run"
shapes = {
    "constant": constant,
    "cosine": cosine,
    "linear": lambda part: 1 - part,
    "one drop": lambda part: 1.0 if part < 0.7 else 0.1,
}
rates = (0.05, 0.1, 0.2, 0.3)
print("            " + "".join(f"η = {rate:<14}" for rate in rates))
for name, shape in shapes.items():
    runs = eight(*((rate, 0.9, 1e-3) for rate in rates), shape=shape)["loss"]
    print(f"{name:11}", *(f"{told(row):17}" for row in runs))

# %% [markdown] name="schedule-answer"
# Larger: 0.2. It ends calm, so it may travel faster. Each schedule's best (0.113 to 0.119) is better than the constant's (0.150)
# by more than the spread; among themselves they are equal, as in chapter 03. At η = 0.05 the cosine is no better than no
# schedule. **Who adds a schedule and keeps the learning rate may find nothing and conclude that schedules do not help.**

# %% [markdown] name="hour"
# ## 6. Then stop
#
# Now the hour in one piece. Your trainings take two and a half minutes, so you have 24. One is the range test; six try fractions
# of the edge, with a cosine; six friction, at equal η/(1 − β); six decay; five η again, finer. The batch is the machine's. Each
# trial has a seed of its own, as in life, and what is best by the images to choose by is kept. Eight people do this, and eight
# others the same with Adam (whose rate stays when friction is tried).
#
# > **Predict:** after the range test and six learning rates, the loss *at the end* is 0.111. By how much will the other 17 trials
# > lower it: by half, by a quarter, or by less than the spread?

# %% name="hour-code"
STAGES = (
    ("rate", (1 / 2, 1 / 3, 1 / 5, 1 / 10, 1 / 30, 1 / 100)),
    ("friction", (0.2, 0.3, 0.6, 1.7, 3, 5)),
    ("decay", (0, 0.1, 0.3, 3, 10, 30)),
    ("rate", (0.5, 0.7, 0.85, 1.2, 1.5)),
)


def tried(rate, friction, decay, seeds, rule):
    """Losses to choose by and at the end, of settings of shape (8, trials)."""
    momentum = 1 - np.minimum(friction, 1)
    columns = (setting.ravel() for setting in (rate, momentum, decay))
    weights, _ = train(seeds.ravel(), *columns, cosine, rule=rule)
    return np.array([score(weights, rows)[0].reshape(8, -1) for rows in (judge, final)])


def keep_best(losses):
    """Of trials in columns, each hour's best so far by the first loss; shape (2, 8)."""
    return losses[:, np.arange(8), losses[0].argmin(axis=1)]

# %% name="hour-run"
def by_routine(rule, seeds):
    """Eight hours of 24 trials, knob after knob; returns the losses of the 23 trainings."""
    _, paths = train(seeds[:, 0], 1.0, shape=rising, rule=rule)
    edges = [readings(path, rising(np.arange(280) / 280))[2] for path in paths]
    now = {"rate": np.array(edges), "friction": np.full(8, 0.1), "decay": np.full(8, 1e-3)}
    losses, best, used = np.zeros((2, 8, 0)), np.full(8, np.inf), 1
    for knob, factors in STAGES:
        trials = {name: np.repeat(value[:, None], len(factors), 1) for name, value in now.items()}
        trials[knob] = trials[knob] * factors
        if knob == "friction" and rule is ball:  # at equal η / (1 - β)
            trials["rate"] = trials["rate"] * factors
        new = tried(**trials, seeds=seeds[:, used : used + len(factors)], rule=rule)
        better, pick = new[0].min(axis=1) < best, (np.arange(8), new[0].argmin(axis=1))
        now = {name: np.where(better, trials[name][pick], now[name]) for name in now}
        best, used = np.minimum(best, new[0].min(axis=1)), used + len(factors)
        losses = np.concatenate([losses, new], axis=2)
    return losses


seeds = 1000 + np.arange(192).reshape(8, 24)
with ThreadPoolExecutor(2) as pool:
    routine = dict(zip(("SGD", "Adam"), pool.map(by_routine, (ball, adam), (seeds, seeds))))
after = (7, "learning rate"), (13, "friction"), (19, "decay"), (24, "rate again")
for name, losses in routine.items():
    for trials, stage in after:
        chosen = keep_best(losses[:, :, : trials - 1])
        print(f"{name:4} {trials:2} trials, {stage:13}:", end=" ")
        print(f"to choose by {told(chosen[0])}, at the end {told(chosen[1])}")

# %% [markdown] name="hour-answer"
# By a tenth, to 0.101, with a spread of 0.015 to 0.023: no difference. Adam's seventeen bring no difference either. The loss to
# choose by goes on falling, from 0.124 to 0.098, and more than half of *that* is the winner's curse, which you now recognise.
#
# So stop when a stage has gained less than the spread. If time is left, train the best setting with more seeds, or for longer. To
# know the spread costs a few trials, and they are the best spent ones.

# %% [markdown] name="random"
# ## At random, and on a log scale
#
# Without a routine there are two ways to spread 24 trials over three knobs: a grid, or at random. And two scales. Let η range
# over four decades, 0.0001 to 1, and call it a hit to be within a factor 2 of the best.
#
# > **Predict:** drawn evenly between 0.0001 and 1, what share of the draws hits a best η of 0.001? And drawn evenly in log η?

# %% name="random-odds"
share = 2 * np.log10(2) / 4
for best_rate in (0.1, 0.01, 0.001):
    linear = best_rate * 2 - best_rate / 2
    print(f"best η {best_rate}: linear scale {linear:.2%} of the draws, log scale {share:.2%}")
print(f"one of 24 random draws hits: {1 - (1 - share) ** 24:.0%};", end=" ")
print(f"one of 3 grid values, placed by chance: {3 * share:.0%}")

# %% [markdown] name="random-answer"
# On a linear scale nine draws of ten are above 0.1, and the share of hits depends on where the best happens to be. On the log
# scale it is 2 log₁₀ 2/4 = 15 % wherever that is. Use it for every knob whose *order of magnitude* is unknown: η, decay, and
# friction 1 − β (not β itself: 0.9 and 0.99 are a decade apart).
#
# A grid of 24 has about 3 values for each of three knobs: **three** different learning rates, each tried eight times with what
# hardly matters. Random draws have 24 (Bergstra & Bengio 2012). That is why random beats a grid where one knob matters more than
# the others. Where you know *which* knob, a routine may beat both: see below.

# %% [markdown] name="race"
# ## Against Adam, with equal trials
#
# Fair means: the same number of trials, knobs and seeds, ranges fixed beforehand. The routine above was run for both alike. Now
# at random: η two decades either side of Keras's default (0.01 for SGD, 0.001 for Adam), friction from 0.01 to 1, decay from 10⁻⁵
# to 0.1, all on a log scale, and once more for SGD with η/(1 − β) drawn instead of η, around 0.01/(1 − 0.9).
#
# > **Predict:** after 24 trials, is Adam ahead, SGD, or neither? By the routine, and at random?

# %% name="random-run"
random = np.random.default_rng(24)
decades = random.uniform(-2, 2, (8, 24))
friction, decay = 10 ** random.uniform(-2, 0, (8, 24)), 10 ** random.uniform(-5, -1, (8, 24))
blind = {
    "SGD, η/(1-β)": tried(0.1 * 10**decades * friction, friction, decay, seeds + 1000, ball),
    "SGD": tried(0.01 * 10**decades, friction, decay, seeds + 1000, ball),
    "Adam": tried(0.001 * 10**decades, friction, decay, seeds + 1000, adam),
}

# %% name="race-run"
rows = [(f"{name} by routine", losses, 1) for name, losses in routine.items()]
rows += [(f"{name} at random", losses, 0) for name, losses in blind.items()]
figure, axes = plt.subplots(figsize=(8, 2.8))
for place, (name, losses, tests_made) in enumerate(rows):
    early, late = (keep_best(losses[:, :, : trials - tests_made])[1] for trials in (7, 24))
    print(f"{name:24} at the end, after 7 trials {told(early)}, after 24 {told(late)}")
    for ends, shift, fill in ((early, 0.14, "white"), (late, -0.14, None)):
        colour, mark = ("#56B4E9", "D") if "Adam" in name else (MOMENTUM.colour, "s")
        look = {"color": colour, "fmt": mark, "mfc": fill, "capsize": 3}
        axes.errorbar(ends.mean(), place - shift, xerr=ends.std(ddof=1), **look)
axes.set_yticks(range(5), [name for name, *_ in rows])
axes.set(xlabel="loss at the end (open: 7 trials, filled: 24)", ylim=(4.5, -0.5))
plt.show()

# %% [markdown] name="adam-answer"
# *The picture: five rows with an open and a filled point each. By the routine both optimizers lie on the left and their bars
# overlap; plain random draws of SGD lie furthest right; those by η/(1 − β) lie beside Adam's.*
#
# **Adam is never behind here.** By the routine its lead after 24 trials, 0.010, is smaller than SGD's spread: no
# difference. At random it leads by 0.024, more than the spread. Drawing η/(1 − β) instead of η leaves 0.008 of that, no
# difference again: Adam averages its gradients with a factor (1 − β₁), so its step does not grow with momentum, and SGD's does.
# And for SGD the routine is ahead of random draws of η, 0.101 against 0.125.
#
# What this does *not* show is that Adam is as good elsewhere. It is one small network, 280 steps, one data set. Larger studies
# find that with enough tuning of every knob Adam does not fall behind (Choi and others 2019), that the ranking depends on the
# problem (Schmidt and others 2021), and that with few trials Adam is often the safer choice (Sivaprasad and others 2020). Beware
# of any comparison that tuned one side. (And of late ideas: the row with η/(1 − β) was added when the others had been seen. It
# explains a gap; it was not foretold.)

# %% [markdown] name="keras-words"
# ## The result, by Keras itself
#
# All this was NumPy. Now the winner in Keras's `fit`, with `course.SGD` and Keras's own initialisation, shuffling and schedule.
#
# > **Predict:** the bench's first 192 runs had just these settings. Will Keras's losses at the end lie within their spread, or
# > beyond it?

# %% name="keras-run"
def fitted(seed):
    """One training by Keras's own `fit`; returns the loss at the end."""
    keras.utils.set_random_seed(seed)
    model, half_wave = keras_model(), keras.optimizers.schedules.CosineDecay(0.2, decay_steps=280)
    model.compile(SGD(half_wave, momentum=0.9, weight_decay=1e-3), cross_entropy)
    model.fit(images[learn], labels[learn], epochs=10, batch_size=32, verbose=0)
    return float(cross_entropy(labels[final], model(images[final])))


ours = [fitted(seed) for seed in range(3)]
print(f"loss at the end: in Keras {told(ours, 2)} (three seeds), on the bench {told(end_loss, 2)}")

# %% [markdown] name="keras-answer"
# Within it. In Keras the whole result of the hour is one line: `SGD(CosineDecay(0.2, decay_steps=280), momentum=0.9,
# weight_decay=1e-3)`.

# %% [markdown] name="explorer-task"
# ## Tune by hand
#
# A bent valley, 120 steps, no noise: three runners, plain SGD, momentum with the same η/(1 − β), and momentum with the same η.
# Choose a runner; the sliders move its learning rate (as a factor) and its momentum. Three things to find:
#
# 1. Who ends with the same loss as plain SGD: the second runner or the third?
# 2. Raise the third runner's factor. Where does it end lowest, and at which position of the slider does it fly away?
# 3. Set the third runner's factor to 1 again. Which momentum ends lowest?

# %% name="explorer"
from course.explorers import Race

plain = {"learning_rate": 0.001}
equal = {"learning_rate": 0.0001, "momentum": 0.9}
Race("rosenbrock", [plain, equal, plain | {"momentum": 0.9}])

# %% name="explorer-numbers"
from course.descent import walk
from course.surfaces import rosenbrock


def ends(rates, momenta):
    """The losses after 120 steps."""
    return rosenbrock().loss(walk(rosenbrock(), 120, rates, momenta).points[..., -1, :])


same = ends(np.array([0.001, 0.0001, 0.001]), np.array([0, 0.9, 0.9]))
factors, momenta = np.array([1, 1.2, 1.5, 2, 2.5, 3, 4]), np.arange(80, 101) / 100
by_factor, by_momentum = ends(0.001 * factors, 0.9), ends(0.001, momenta)
flown = factors[~np.isfinite(by_factor)].min()
print("1: losses", *(f"{loss:.2f}" for loss in same))
print(f"2: lowest at factor {factors[np.nanargmin(by_factor)]:g}, gone at {flown:g}")
best = np.nanargmin(by_momentum)
print(f"3: lowest at momentum {momenta[best]:.2f}, loss {by_momentum[best]:.3f}")

# %% [markdown] name="explorer-answer"
# The second: equal η/(1 − β) again. Without noise the best factor, 3, lies just below the edge; with noise, in section 1,
# the best was a tenth of it.

# %% [markdown] name="articles"
# ## What you might not expect
#
# ### Three lines of old articles
#
# `SGD(lr=0.001, momentum=0.9)` is how a popular tuning article writes it. It was Keras 2. `decay=1e-6` stood in Keras's own
# example for years.
#
# > **Predict:** which of these four lines does today's Keras refuse, which does it take with a warning, and which in silence?

# %% name="article-run"
def answer(make, **arguments):
    """What an optimizer says to its arguments: an error, a warning or nothing."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            make(**arguments)
        except (TypeError, ValueError) as refusal:
            return f"{type(refusal).__name__}: {refusal}"
    warned = (f"{w.category.__name__}: {w.message}" for w in heard)
    return "; ".join(warned) or "takes it, without a word"


old = {"lr": 0.001, "momentum": 0.9}, {"learning_rate": 0.01, "decay": 1e-6}
for line in (*old, {"momentum": 1}, {"momentum": 1.0}):
    print(f"SGD({', '.join(f'{name}={value}' for name, value in line.items())})")
    print("  Keras: ", answer(keras.optimizers.SGD, **line))
    print("  course:", answer(SGD, **line))

# %% [markdown] name="article-answer"
# - `lr=` is an error that says no more than "not recognized". Write `learning_rate=`.
# - `decay=` is **ignored**, with a warning that is easily lost in a log. It meant η/(1 + decay · t), a schedule, and *never*
#   weight decay; today that is `InverseTimeDecay`. The model now trains with a constant rate. `course.SGD` refuses it.
# - `momentum=1` fails because it is an integer (so does `momentum=0`), though the message reads as if the value were wrong.
#   **`momentum=1.0` is taken in silence**: the ball without friction, which never settles (chapter 04). `course.SGD` takes both.
#
# And the article's numbers? With `learning_rate=0.001, momentum=0.9` our network's loss after ten epochs was 1.742, in the table
# of section 1; ln 10 = 2.303 is guessing, and a hundred times the rate gave 0.155. No learning rate is "how it is written": it
# has the unit of weight over gradient (chapter 01), and belongs to one loss, batch and network.

# %% [markdown] name="split"
# ### `validation_split` takes the end of the file
#
# Keras's `fit(x, y, validation_split=0.2)` takes the *last* fifth of the arrays, before it shuffles anything. The digits come
# from 13 people, and lie in the file unshuffled.
#
# > **Predict:** train on the first four fifths and judge by the last. As in the file, or shuffled beforehand: which has fewer
# > errors, and by how much?

# %% name="split-run"
in_file = np.arange(1797)
for name, rows in (("as in the file", in_file), ("shuffled", shuffled)):
    weights, _ = train(np.arange(8), 0.2, 0.9, 1e-3, cosine, rows=rows[:1408])
    print(f"{name:15} errors in the last fifth: {told(score(weights, rows[1437:])[1], 1)} %")

# %% [markdown] name="split-answer"
# Nearly four times as many errors as they lie in the file. Neither number is wrong. The first asks about digits from another part
# of the collection, probably from other hands; the second about more of the same. Know which one you tune for. If the order means
# nothing, shuffle before `fit`; if it means people, days or places, split by those.

# %% [markdown] name="recap"
# ## Recap
#
# - **What is a difference.** Eight seeds each, and more than the spread. The best of many trials looks better than it is; keep
#   images that nothing was chosen by.
# - **Which knob first.** The learning rate: edge of a slow range test with your own momentum, then whole runs at 1/30, 1/10, 1/3
#   of it. Then momentum at equal η/(1 − β), η for the batch, decay in decades around 1/(ηT), a schedule with a larger η. Stop
#   when a stage gains less than the spread.
# - **What is fair.** Equal trials, knobs and seeds, log scales, ranges fixed beforehand. Here Adam led where SGD's η and β were
#   drawn blindly, and tied where η/(1 − β) was the knob. `lr=` and `decay=` belong to Keras 2.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# <details><summary>1. A colleague's new schedule has 0.12 in one run, the old one 0.13, with a spread of 0.016. What do you say?</summary>
#
# Nothing yet: two runs of one and the same setting differ as much. "It is lower, so it is better" needs about eight seeds each
# and a difference of at least the spread. And ask whether each had its own best η.
# </details>
#
# <details><summary>2. You change the batch from 32 to 256 and keep everything else. The loss gets worse. Are large batches bad?</summary>
#
# η is now too small for the batch, there are an eighth of the steps, and a schedule in steps does not reach its end. Scale η up
# (by less than 8), lay the schedule out anew, and then compare. "Large batches generalise badly" would explain a difference that
# has not been measured yet.
# </details>
#
# <details><summary>3. The range test says 0.9. Why not train with 0.5, "to be safe"?</summary>
#
# 0.9 is where training breaks, read in haste and hence too high. With momentum 0.9 the best was near a tenth of it. Being three
# times above the best cost several times the loss, being three times below it a third: **if unsure, go lower.**
# </details>

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 12](../exercises/12_tuning_sgd.ipynb): repair the reading of a range test, decide what is a difference, choose for a short run.
#
# **Sources.** L. N. Smith, *Cyclical learning rates for training neural networks*, 2017,
# [arXiv:1506.01186](https://arxiv.org/abs/1506.01186) (range test). · J. Bergstra, Y. Bengio, *Random search for hyper-parameter
# optimization*, 2012, [jmlr.org/papers/v13/bergstra12a](https://jmlr.org/papers/v13/bergstra12a.html). · P. Goyal and others,
# *Accurate, large minibatch SGD*, 2017, [arXiv:1706.02677](https://arxiv.org/abs/1706.02677). · D. P. Kingma, J. Ba, *Adam*,
# 2015, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). · D. Choi and others, *On empirical comparisons of optimizers for deep
# learning*, 2019, [arXiv:1910.05446](https://arxiv.org/abs/1910.05446). · P. T. Sivaprasad and others, *Optimizer benchmarking
# needs to account for hyperparameter tuning*, 2020, [arXiv:1910.11758](https://arxiv.org/abs/1910.11758). · R. M. Schmidt, F.
# Schneider, P. Hennig, *Descending through a crowded valley*, 2021, [arXiv:2007.01547](https://arxiv.org/abs/2007.01547). · E.
# Alpaydin, C. Kaynak, *Optical recognition of handwritten digits*, 1998, [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49),
# CC BY 4.0. · Keras 3.15, `keras/src/optimizers/base_optimizer.py` and `sgd.py`.
