# %% [markdown] name="title"
# # 12 · Tuning SGD
#
# **You have an hour: which knob first?**
#
# After this chapter you can
#
# - say whether a difference between two settings has been shown;
# - say which knob costs most when it is wrong, and find the learning rate;
# - go through an hour's routine in order, and stop.
#
# Keras arguments: all, in practice. Core: about 20 minutes; deeper: about 50 more. It runs in under a minute.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# ? 12.two_changes
#
# ? 12.four_times
#
# ? 12.forgotten

# %% name="imports" jupyter={"source_hidden": true}
import warnings

import matplotlib.pyplot as plt
import numpy as np

from course import SGD, figures, sgd, tuning
from course.figures import MOMENTUM, NESTEROV, PLAIN
from course.learner.predict import predict
from course.quietly import keras
from course.tuning import cosine, repeat, score, told, told_gap, train

figures.use_course_style()
images, labels, learn, judge, final = tuning.digits()
print(f"{len(learn)} images to train on, {len(judge)} to choose by, {len(final)} for the very end")

# %% [markdown] name="bench"
# ## How much do identical runs differ?
#
# One small network learns the digits, more than two thousand times, too often for Keras's `fit`. `course.tuning` trains many runs side by side, in NumPy (Deeper holds it against Keras). Every decision is made on 400 images to *choose by* ([validation](16_glossary.ipynb#Validation-and-test)). The
# other 501, for the end (test), will tell how honest those choices were.
#
# First 192 trainings with *identical* settings. Only the seed differs, and with it the first weights and the order of the images.
#
# > 12.typical

# %% name="spread-run"
same, _ = train(np.arange(192), 0.2, 0.9, 1e-3, cosine)
(loss, wrong), (end_loss, end_wrong) = score(same, judge), score(same, final)
print(f"loss to choose by {told(loss)}, from {loss.min():.3f} to {loss.max():.3f}")
print(f"errors {told(wrong, 1)} %, from {wrong.min():.1f} to {wrong.max():.1f} %")
print(f"median distance of two single runs: {np.median(np.abs(loss[:96] - loss[96:])):.3f}")
means = loss.reshape(24, 8).mean(axis=1)
formula = loss.std(ddof=1) / np.sqrt(8)
print(f"means of eight runs spread by {means.std(ddof=1):.4f}; by the formula {formula:.4f}")
print(f"seeds 0 to 7: {means[0]:.3f}, the 184 others: {loss[8:].mean():.3f}")

# %% name="spread-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots(figsize=(8, 2.2))
axes.hist(loss, bins=30, color="0.75")
axes.axvline(loss[8:].mean(), color="black", label="mean of the 184 others")
axes.axvline(means[0], color=MOMENTUM.colour, ls="--", label="mean of seeds 0 to 7")
axes.set(xlabel="loss to choose by, identical settings", ylabel="runs")
axes.legend()
plt.show()

# %% [markdown] name="spread-answer"
# *The picture: a broad histogram of 192 losses, nearly all between 0.09 and 0.15. The mean of seeds 0 to 7, at 0.113, stands clearly left of that of the others, at 0.124.*
#
# Nearest to 15 %: the standard deviation (sd), the [spread](16_glossary.ipynb#Spread) of single runs, is 0.016 of 0.123, and two
# runs of *the same thing* typically differ by that much.
#
# A mean of n runs spreads by sd/√n, its **standard error**, as a batch's gradient did in chapter 02. Seeds 0 to 7, with which most of what follows is trained, are *lucky* by nearly two standard errors.
# Compare one setting on these eight with another on eight others, and you compare luck. Hence two rules:
#
# > **Pair.** Give both settings the same seeds, subtract seed by seed, and quote the mean difference ± its standard error.
# > What a seed does to both cancels.
# >
# > **Not shown is not equal.** A difference below 2.4 standard errors has *not been shown with eight seeds*. More seeds may show it.
#
# From here on "a ± b" is such a difference and its standard error; a star marks those that are shown (by luck alone
# about one in twenty). One thing more seeds do not cure: the 400 images are always the same. At 3.8 % wrong, the choice of the 400 alone has an sd of √(0.038 · 0.962 / 400), about 1 percentage point.

# %% [markdown] name="curse"
# ### The best of many is not that good
#
# Now pretend that those 192 runs were eight people's hours of 24 trials each. Everybody keeps the best trial.
#
# > 12.curse

# %% name="curse-run"
chosen, ended = loss.reshape(8, 24), end_loss.reshape(8, 24)
best = np.arange(8), chosen.argmin(axis=1)
print(f"to choose by: all {chosen.mean():.3f}, the eight winners {chosen[best].mean():.3f}")
print(f"at the end:   all {ended.mean():.3f}, the eight winners {ended[best].mean():.3f}")

# %% [markdown] name="curse-answer"
# Only the first is shown. The winners look a fifth better than the rest, and at the end 0.004 of that is left, too little for eight to show: choosing has selected lucky
# runs. This is the **winner's curse**, and it grows with every trial. Report the loss on images that nothing was chosen by.

# %% [markdown] name="first"
# ## Which knob first?
#
# Those settings, η = 0.2 with a cosine, β = 0.9 and decay 0.001, are where the routine will arrive. Turn one knob
# at a time by a factor of 3, the batch by 4, and see what it costs.
#
# > 12.knob

# %% name="first-run"
usual = (0.2, 0.9, 1e-3)
less, more = 1 - 0.1 / 3, 1 - 0.1 * 3  # momenta with a third of the friction, and with three times
turned = {
    "learning rate": ((0.2 / 3, 0.9, 1e-3), (0.2 * 3, 0.9, 1e-3)),
    "friction, same η": ((0.2, less, 1e-3), (0.2, more, 1e-3)),
    "friction, same η/(1-β)": ((0.2 / 3, less, 1e-3), (0.2 * 3, more, 1e-3)),
    "decay": ((0.2, 0.9, 1e-3 / 3), (0.2, 0.9, 1e-3 * 3)),
}
settings = [usual, *(setting for pair in turned.values() for setting in pair)]
nothing, *runs = repeat(settings, shape=cosine)[0]
runs += [repeat([usual], shape=cosine, batch=batch)[0][0] for batch in (8, 128)]
print(f"{'nothing':24}{told(nothing)}")
for name, down, up in zip([*turned, "batch, factor 4"], runs[::2], runs[1::2]):
    digits = 3 if down.mean() < 1 else 1  # runs that diverged end elsewhere on another processor
    print(f"{name:24}down {told_gap(down, nothing, digits):16} up {told_gap(up, nothing)}")
unpaired = np.sqrt((runs[6].var(ddof=1) + nothing.var(ddof=1)) / 8)
print(f"decay down, without pairing: ± {unpaired:.3f}")

# %% [markdown] name="first-answer"
# **The learning rate**, and the asymmetry matters: a third of it costs a third more loss (0.036 on 0.113), three times as much
# adds nearly four times the loss. Friction at the same η does the same, because it *is* the learning rate: a third of the
# friction is three times η/(1 − β). Worst is a batch of 8 with steps made for 32. At the same η/(1 − β) only *less* friction is shown to hurt. A factor 3 in the decay is not shown to matter: if it does, it is by some 0.006 at most. (Without
# pairing the error would be five times as large.)
#
# So: learning rate first, and **whenever another knob is turned, η/(1 − β) must be right again.** Google's *Tuning Playbook*
# calls this a *nuisance* parameter: tuned anew for each value of the one you study.

# %% [markdown] name="range"
# ## The learning rate
#
# Raise it at every step by the same factor, from hopelessly small to hopelessly large, until the loss is back above its start. This is the [range test](16_glossary.ipynb#Range-test) (Smith
# 2017); the rate at which it ends is its **edge**. The edge shows where training breaks, not where it is *best*. So then train whole runs.
#
# > 12.edge_and_best

# %% name="range-code" jupyter={"source_hidden": true}
def edge(path, rates):
    """Where the loss is back above its start after its lowest point; nan counts as above."""
    low = int(np.nanargmin(path))
    return rates[low + np.argmax(~(path[low:] < path[0]))]


tests = {}
for momentum, epochs in ((0.9, 2), (0.9, 10), (0.9, 30), (0.0, 10)):
    steps = 28 * epochs
    _, paths = train(np.arange(8), 1.0, momentum, shape=tuning.rising, epochs=epochs)
    tests[momentum, epochs] = rates, paths = tuning.rising(np.arange(steps) / steps), paths
    if epochs == 10:
        edges = [edge(path, rates) for path in paths]
        print(f"edge in 280 steps with momentum {momentum}: {np.exp(np.log(edges).mean()):.2f}")

# %% name="sweep-run"
swept = np.array([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0])
with_ball, learnt = repeat([(rate, 0.9, 0) for rate in swept])
without, _ = repeat([(rate, 0, 0) for rate in swept])
print("rate     momentum 0.9 (to its best)    training images      momentum 0 (to its best)")
for i, rate in enumerate(swept):
    ball = f"{with_ball[i].mean():.3f} ({told_gap(with_ball[i], with_ball[4])})"
    plain = f"{without[i].mean():.3f} ({told_gap(without[i], without[5])})"
    print(f"{rate:<8g} {ball:29} {told(learnt[i]):20} {plain}")
print(f"the two best: {told_gap(with_ball[4], without[5])}")

# %% name="sweep-figure" jupyter={"source_hidden": true}
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), sharex=True, sharey=True)
for epochs, line in ((2, ":"), (10, "--"), (30, "-")):
    rates, paths = tests[0.9, epochs]
    middle = np.nanmedian(paths, axis=0)
    kept = rates <= edge(middle, rates)
    left.loglog(rates[kept], middle[kept], line, color=MOMENTUM.colour, label=f"{28 * epochs} steps")
left.set(xlabel="learning rate", ylabel="loss of the batch", title="range test, to its edge")
left.legend()
for look, result in ((PLAIN, without), (MOMENTUM, with_ball)):
    bars = result.std(axis=1, ddof=1)
    style = {"color": look.colour, "marker": look.marker, "ls": look.line, "capsize": 3}
    right.errorbar(swept, result.mean(axis=1), bars, **style, label=look.label)
right.set(xlabel="learning rate", ylabel="validation loss", title="whole runs (bars: sd of 8 runs)")
right.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
right.minorticks_off()
right.legend()
plt.show()

# %% [markdown] name="sweep-answer"
# *The picture: on the left three loss curves (momentum 0.9, median of eight seeds) on a log scale, which fall and rise again to where they began, the
# slower the test, the further left. On the right two valleys of nearly equal depth: momentum's lowest point is at a third of plain SGD's learning rate.*
#
# With momentum the best is near **a tenth of the edge**; without, from a third of the edge up to the edge itself. Between the two
# bests no difference is shown. (Watch the training images: from 0.03 to 0.1 their loss halves, while on those to choose by no gain is shown.)
#
# So: read the edge in a few hundred steps, with the momentum, batch size and network that you will train with; throw the weights away; then train whole runs at 1/30, 1/10 and 1/3 of the edge, and if the best is at an
# end, go on to that side. If unsure, go lower.
#
# ## The hour's routine
#
# What each line rests on is measured in Deeper.
#
# 1. **Learning rate:** edge of a range test, then whole runs at 1/30, 1/10, 1/3 of it.
# 2. **Momentum:** two or three values at equal η/(1 − β).
# 3. **Batch:** what your machine computes fastest, with an η of its own.
# 4. **Weight decay:** in decades around 1/(ηT), for T steps.
# 5. **Schedule:** a cosine, with a larger η.
# 6. **Stop** when a stage gains less than another seed would change. If time is left, train the best setting for longer.

# %% [markdown] name="recap"
# ## Recap
#
# - **What is a difference.** Pair by seed; quote difference ± standard error; below 2.4 of them say "not shown with eight seeds",
#   never "equal". The best of many trials looks better than it is; keep images that nothing was chosen by.
# - **Which knob first.** The learning rate; three times too large costs far more than three times too small. Every other knob wants η/(1 − β) anew.
# - **The routine** goes from range test to schedule, and then stops.
#
# ## Your turn
#
# [Exercise 12](../exercises/12_tuning_sgd.ipynb): repair the reading of a range test, decide what is a difference, choose for a
# short run. Its task 2 wants *Four lines of old articles* below, task 4 *The batch*, task 5 *Against Adam*.

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who tune for a living: what each line of the routine rests on, a fair race against Adam, and what today's Keras says to old articles.

# %% [markdown] name="twin"
# ### Does the bench train what Keras trains?
#
# The same first weights, the same batches, one epoch of `fit`:

# %% name="twin-run"
def keras_model():
    """The bench's network in Keras."""
    relu = keras.layers.Dense(32, "relu", kernel_initializer="he_normal")
    return keras.Sequential([keras.layers.Input((64,)), relu, keras.layers.Dense(10)])


cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
order, start = np.random.default_rng((0, 0)).permutation(learn), tuning.first_weights(0)
twins = (tuning.ball, SGD(0.1, 0.9)), (tuning.adam, keras.optimizers.Adam(0.01))
for rule, optimizer in twins:
    model = keras_model()
    model.set_weights([w.reshape(v.shape) for w, v in zip(start, model.weights)])
    optimizer.weight_decay = 0.01
    model.compile(optimizer, cross_entropy)
    model.fit(images[order], labels[order], epochs=1, shuffle=False, verbose=0)
    ours, _ = train([0], float(optimizer.learning_rate), decay=0.01, rule=rule, epochs=1)
    gap = max(np.abs(a.ravel() - b.numpy().ravel()).max() for a, b in zip(ours, model.weights))
    print(f"{rule.__name__}: weights apart by less than 1e-4 after an epoch: {gap < 1e-4}")

# %% [markdown] name="readings"
# ### Readings of a range test
#
# Articles tell you to read off "where the loss falls most steeply",
# or "its lowest point", mostly of a smoothed curve: a running mean of some 50 steps, without the first fifth.
#
# > 12.readings

# %% name="readings-code"
def steepest_and_lowest(path, rates, skip=0):
    """Learning rates at the steepest fall before the lowest loss, and at that loss."""
    low = skip + int(np.nanargmin(path[skip:]))
    return rates[skip + int(np.argmin(np.diff(path[skip : low + 1])))], rates[low]


def smoothed(path, keep=0.98):
    """The running mean with weights 1, keep, keep² and so on into the past."""
    weights = keep ** np.arange(len(path))[::-1]
    return np.array([np.average(path[:n], weights=weights[-n:]) for n in range(1, len(path) + 1)])


def geometric(values):
    """Mean and spread of learning rates: a factor, not a sum."""
    return f"{np.exp(np.log(values).mean()):.2f} ×÷ {np.exp(np.log(values).std(ddof=1)):.1f}"

# %% name="range-run"
print("momentum  steps   steepest raw   smoothed       lowest smoothed  edge raw")
for (momentum, _), (rates, paths) in tests.items():
    steps = len(rates)
    raw = [steepest_and_lowest(p, rates)[0] for p in paths]
    calm = [steepest_and_lowest(smoothed(p), rates, steps // 5) for p in paths]
    columns = raw, *np.transpose(calm), [edge(p, rates) for p in paths]
    print(f"{momentum:<9} {steps:<7}", *(f"{geometric(column):14}" for column in columns))

# %% [markdown] name="range-answer"
# The steepest fall of the *raw* loss is an accident: the seeds differ by factors of about 20 to 40. Smoothed, all readings agree
# within a factor of 1.5. But each *moves with the speed of the test*: from 56 steps to 840 the steepest fall goes from 0.43 to
# 0.02, the edge from 2.3 to 0.7. A range test gives a scale, not *the* learning rate.
#
# "Take the lowest point" would have given 0.67 in 280 steps, where 0.3 already costs twice the best loss. Why does the edge move? Beyond the edge η* = 2/λ of a parabola, at η = η*(1 + δ), a step multiplies w by −(1 + 2δ). With n steps
# per decade, δ grows by ln 10/n per step, so log |w| has grown by $\sum 2\delta \approx n\,\delta^2/\ln 10$. The loss is back at
# its start when that makes up for the way from the noise, ε, to 1:
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

# %% [markdown] name="noise"
# ### Curvature or noise?
#
# On a parabola momentum *raises* the edge, from 2/λ to (2 + 2β)/λ (chapter 04). Here the best learning rate is lower with it: 0.1, against 0.3 to 1.
#
# > 12.who_fails

# %% name="noise-run"
for batch, epochs in ((32, 10), (448, 140)):
    for momentum in (0, 0.9):
        settings = [(0.4, momentum, 0), (0.8, momentum, 0)]
        _, learnt = repeat(settings, range(2), batch=batch, epochs=epochs)
        losses = (f"{x.mean():.3f}" if x.mean() < 1 else "above 1" for x in learnt)
        at = (f"η = {s[0]}: {loss}" for s, loss in zip(settings, losses))
        print(f"batch {batch:3}, momentum {momentum:3}, training loss at", ", ".join(at))

# %% [markdown] name="noise-answer"
# Only the ball with batches of 32. With 448 it survives both, and has the lowest training loss of all. Rates, steps and network
# are the same; what fell is the noise. So here, **with small batches, noise and not curvature sets the usable edge**, and a
# ball's noise grows with η/(1 − β) (chapter 04), here 4 and 8. That is why its best η is so far below its edge.

# %% [markdown] name="momentum"
# ### Momentum, at equal η/(1 − β)
#
# > 12.lead

# %% name="momentum-run"
momenta, effective = (0, 0.5, 0.8, 0.9, 0.95, 0.99), (0.1, 0.3, 1.0)
columns = [[(rate * (1 - beta), beta, 0) for beta in momenta] for rate in effective]
columns.append([(0.1, beta, 0) for beta in momenta])
runs = repeat([setting for column in columns for setting in column])[0].reshape(4, 6, 8)
print("      " + "".join(f"η/(1-β) = {rate:<13}" for rate in effective) + "η = 0.1")
for i, momentum in enumerate(momenta):
    cells = (f"{column[i].mean():.3f} {told_gap(column[i], column[3])}" for column in runs)
    print(f"{momentum:<5}", *(f"{cell:22}" for cell in cells))

# %% [markdown] name="momentum-answer"
# *(Each column: loss to choose by, and its difference to momentum 0.9.)* The last column is the usual comparison, and
# there 0.9 has little more than half the loss of 0. It compares effective rates from 0.1 to 10. In the other columns that lead is
# gone. At 0.1, momentum 0 is even shown to be ahead, by 0.007: what is shown need not be large. At 0.3 and 1.0 no difference is shown
# from 0 to 0.95. Only 0.99 is clearly worse, as its memory of 100 steps is long for a run of 280.
#
# That is this small, easy network. What momentum buys, many curvatures at one speed (chapter 04), shows where κ is large. So
# two or three settings are worth a trial: 0.9 by default, 0.95 or 0.98 for long runs, always with η scaled along.

# %% [markdown] name="batch"
# ### The batch, against η
#
# Noise alone would say: the floor is proportional to η/B (chapter 02), so for B times 4 take η times 4. Curvature knows nothing
# of B: its edge stays. So the best η should grow with B, and ever more slowly.
#
# > 12.batch

# %% name="batch-run"
tested = {
    8: (0.0125, 0.018, 0.025, 0.035, 0.05),
    32: (0.05, 0.07, 0.1, 0.14, 0.2),
    128: (0.1, 0.14, 0.2, 0.28, 0.4),
}
best = {}
for batch, rates in tested.items():
    runs = repeat([(rate, 0.9, 0) for rate in rates], range(16), batch=batch)[0]
    best[batch] = runs[runs.mean(axis=1).argmin()]
    gaps = (f"{rate}: {told_gap(row, best[batch])}" for rate, row in zip(rates, runs))
    print(f"batch {batch:3}, best {best[batch].mean():.3f};", "  ".join(gaps))
slow = repeat([(0.14, 0.9, 0)], range(16), batch=128, epochs=40)[0][0]
print(f"128 against 8, equal epochs: {told_gap(best[128], best[8])}")
print(f"128 in 280 steps, as 32 has: {slow.mean():.3f}, against 32 {told_gap(slow, best[32])}")

# %% [markdown] name="batch-answer"
# They cannot. Not shown to be worse than their row's best are 0.018 to 0.05 with 8, all of 0.05 to 0.2 with 32, and 0.14 to
# 0.4, but for 0.28, with 128. The best η grows; a linear rule (Goyal and others 2017) fits, and so does a square root.
#
# At equal *epochs* the large batch is behind: it takes a sixteenth of the steps. With as many steps as the batch of 32 it is not
# shown to differ from it. Only at equal steps is the batch a knob for time rather than quality (Shallue and others 2019). So take
# the batch that your machine computes fastest, tune η *for it*, count steps, and lay the schedule out anew (chapter 03).

# %% [markdown] name="decay"
# ### Weight decay
#
# > 12.decay

# %% name="decay-run"
decays = (0, 1e-4, 1e-3, 1e-2, 3e-2, 1e-1)
chosen_by, learnt = repeat([(0.05, 0.9, decay) for decay in decays])
print(f"without: training {told(learnt[0])}, validation {told(chosen_by[0])}")
for decay, on_training, on_validation in zip(decays[1:], learnt[1:], chosen_by[1:]):
    print(f"decay {decay:<6g} leaves {np.exp(-0.05 * decay * 280):.3f}: ", end="")
    print(f"training {told_gap(on_training, learnt[0]):16}", end=" ")
    print(f"validation {told_gap(on_validation, chosen_by[0])}")

# %% [markdown] name="decay-answer"
# From 0.01 on. Unpaired, with an sd of 0.018 and so an error of 0.009, that would not be shown. A formula says
# where to look before any trial: T steps leave $(1-\eta\cdot\mathrm{wd})^T \approx e^{-\eta\,\mathrm{wd}\,T}$ of a weight
# that no gradient renews. The scale of this knob is **1/(ηT)**, here 0.07: look one decade to either side, in factors of 10.
#
# "Weight decay prevents overfitting": the gap between training and validation does close. But it closes from the wrong side: no
# decay is shown to make the validation loss smaller. In ten epochs there is little to prevent; in long runs of large networks
# decay is worth its trials.

# %% [markdown] name="schedule"
# ### The schedule, with its own η
#
# *Up, down* is a linear climb for 30 % of the run and a linear fall to 0: the rate of **1cycle** (Smith & Topin 2018), which also
# moves the momentum the other way.
#
# > 12.cosine

# %% name="schedule-run"
shapes = {
    "constant": tuning.constant,
    "cosine": cosine,
    "one drop": lambda part: 1.0 if part < 0.7 else 0.1,
    "up, down": lambda part: min(part / 0.3, (1 - part) / 0.7),
}
rates, runs = (0.05, 0.1, 0.2, 0.3), {}
for name, shape in shapes.items():
    runs[name] = repeat([(rate, 0.9, 1e-3) for rate in rates], shape=shape)[0]
    best = runs[name][runs[name].mean(axis=1).argmin()]
    cells = (f"η = {rate}: {row.mean():.3f}" for rate, row in zip(rates, runs[name]))
    print(f"{name:9}", "  ".join(cells), f"  best to constant's best {told_gap(best, runs['constant'][1])}")
print("η = 0.05, cosine to constant:", told_gap(runs["cosine"][0], runs["constant"][0]))
print("η = 0.3, up and down to cosine:", told_gap(runs["up, down"][3], runs["cosine"][3]))

# %% [markdown] name="schedule-answer"
# At η = 0.05 a cosine is not shown to help at all. At 0.3 *up, down* is best, and shown to be ahead of the cosine; whether by its climb or by its straight fall, this table cannot tell. A cosine does best at 0.2: it ends
# with small steps, so it may begin with large ones. Each schedule's best is shown to be ahead of the constant's. **If you add a schedule and keep the
# learning rate, you may find nothing and conclude that schedules do not help.** Another way to a calm end is an average of the last
# weights: SWA (Izmailov and others 2018), or Keras's `use_ema` (chapter 08).

# %% [markdown] name="hour"
# ### Then stop
#
# Now the hour in one piece. Your trainings take four minutes, so you have 15. One is the range test; six try fractions
# of the edge, with a cosine; four friction, at equal η/(1 − β); four decay, in units of 1/(ηT). The batch stays at 32. Each
# trial has a seed of its own, and what is best by the images to choose by is kept. Twenty-four people do this with the
# ball, with Nesterov's momentum, and with Adam (whose rate stays when friction is tried), all three with the same 15 seeds.
#
# > 12.other_eight

# %% name="hour-run"
STAGES = (
    ("rate", (1 / 2, 1 / 3, 1 / 5, 1 / 10, 1 / 30, 1 / 100)),
    ("friction", (0.3, 0.6, 1.7, 3)),
    ("decay", (0.1, 0.3, 1, 3)),
)
hours = 1000 + np.arange(24 * 15).reshape(24, 15)
rates, routine = tuning.rising(np.arange(280) / 280), {}
for name, rule in {"ball": tuning.ball, "Nesterov": tuning.nesterov, "Adam": tuning.adam}.items():
    _, paths = train(hours[:, 0], 1.0, shape=tuning.rising, rule=rule)
    edges = np.array([edge(path, rates) for path in paths])
    routine[name] = tuning.by_routine(rule, STAGES, edges, hours[:, 1:])
    by, end = zip(*(tuning.keep_best(routine[name][:, :, : n - 1]) for n in (7, 15)))
    print(f"{name:8} from 7 to 15 trials: to choose by {by[0].mean():.3f}, then", end=" ")
    print(f"{told_gap(by[1], by[0])}; at the end {end[0].mean():.3f}, then {told_gap(end[1], end[0])}")

# %% [markdown] name="hour-answer"
# Nothing is shown for the ball, nor for Nesterov. Adam's eight do bring something, 0.008. In all three the loss to choose by goes
# on falling, by 0.010 to 0.014. The part of *that* which does not come back at the end is the winner's curse: in these hours four fifths for the ball, not quite half for Adam.

# %% [markdown] name="race"
# ### Against Adam, with equal trials
#
# Fair means: the same number of trials, knobs and seeds, ranges fixed beforehand, in units that suit each optimizer (decay as
# a part of 1/(ηT), since their η differ). The routine was such a race.
#
# > 12.adam

# %% name="race-run"
ends = {}
for name, losses in routine.items():
    early, ends[name] = (tuning.keep_best(losses[:, :, : n - 1])[1] for n in (7, 15))
    print(f"{name:8} at the end, after 7 trials {told(early)}, after 15 {told(ends[name])}")
races = ("ball", "Adam"), ("ball", "Nesterov"), ("Nesterov", "Adam")
for one, other in races:
    a, b = ends[one], ends[other]
    print(f"{one} - {other}: 8 hours {told_gap(a[:8], b[:8])}, 24 hours {told_gap(a, b)}")

# %% name="race-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots(figsize=(8, 2.2))
for place, (one, other) in enumerate(races):
    for hours, shift, fill in ((8, -0.14, "white"), (24, 0.14, "black")):
        difference, error = tuning.paired(ends[one][:hours], ends[other][:hours])
        style = {"color": "black", "fmt": "o", "mfc": fill, "capsize": 3}
        label = f"{hours} hours" if place == 0 else None
        axes.errorbar(difference, place + shift, xerr=2.4 * error, **style, label=label)
axes.axvline(0, color="0.5", lw=1)
axes.set_yticks(range(3), [f"{one} − {other}" for one, other in races])
axes.set(xlabel="difference of the losses at the end ± 2.4 standard errors", ylim=(2.5, -0.5))
axes.legend(loc="lower right")
plt.show()

# %% [markdown] name="race-answer"
# *The picture: three differences, each from 8 hours (open) and from 24 (filled), with bars. From 8 hours all three bars cross 0; from 24 hours ball − Adam and ball − Nesterov lie to the right of 0, and
# Nesterov − Adam still crosses it.*
#
# **Adam is ahead of the ball,** by 0.015. Eight hours did not show it; to call it "no difference" then would have been wrong.
# Nesterov is ahead of the ball, too, if only just. Between Adam and Nesterov nothing is shown. (A lead that is only just shown is more often too large than too
# small, by the winner's curse: expect smaller ones from other hours.)
#
# Did the routine favour one? A search *at random* has no order: we gave 24 more hours 15 trials with η two decades either side of
# Keras's default (0.01 and 0.001), friction from 0.01 to 1 and decay from 0.03 to 10 times 1/(ηT), all on a log scale, as on a
# linear one nine draws in ten lie in the highest decade. It ended at 0.138 for Nesterov and 0.123 for Adam, and again nothing is
# shown between the two (`tests/test_tuning.py`). Random draws try 15 learning rates, a grid over three knobs two or three
# (Bergstra & Bengio 2012); our routine, which knows the first knob, was ahead of the random draws with either optimizer.
#
# This is one small network, 280 steps, one data set. Larger studies find that with enough tuning of every knob Adam does not fall
# behind (Choi and others 2019), that the ranking depends on the problem (Schmidt and others 2021), and that with few trials Adam
# is often the safer choice (Sivaprasad and others 2020). Beware of any comparison that tuned one side.

# %% [markdown] name="keras-words"
# ### The result, by Keras itself
#
# All this was NumPy. Now the settings of the bench's first 192 runs in Keras's `fit`, with `course.SGD` and Keras's own
# initialisation, shuffling and schedule.
#
# > 12.keras

# %% name="keras-run"
def fitted(seed):
    """One training by Keras's own `fit`; returns the loss at the end."""
    keras.utils.set_random_seed(seed)
    model, half_wave = keras_model(), keras.optimizers.schedules.CosineDecay(0.2, decay_steps=280)
    model.compile(SGD(half_wave, momentum=0.9, weight_decay=1e-3), cross_entropy)
    model.fit(images[learn], labels[learn], epochs=10, batch_size=32, verbose=0)
    return float(cross_entropy(labels[final], model(images[final])))


ours = [fitted(seed) for seed in range(3)]
print(f"loss at the end: in Keras {told(ours, 2)}, three seeds; on the bench {told(end_loss, 2)}")

# %% [markdown] name="keras-answer"
# Within it. In Keras the result of the routine is one line: `SGD(CosineDecay(0.2, decay_steps=280), momentum=0.9,
# weight_decay=1e-3)`. The race would add `nesterov=True`.

# %% [markdown] name="articles"
# ### Four lines of old articles
#
# `SGD(lr=0.001, momentum=0.9)` is how a popular tuning article writes it. It was Keras 2. `decay=1e-6` stood in Keras's own
# example for years; `optimizer.lr = 0.5` lowered or raised a rate in mid-run.
#
# > 12.articles

# %% name="article-run"
def answer(act, *what, **arguments):
    """What comes of an act on an optimizer: an error, a warning or nothing."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            act(*what, **arguments)
        except (TypeError, ValueError, AttributeError) as refusal:
            return f"{type(refusal).__name__}: {refusal}"
    warned = (f"{w.category.__name__}: {w.message}" for w in heard)
    return "; ".join(warned) or "takes it, without a word"


old = {"lr": 0.001, "momentum": 0.9}, {"learning_rate": 0.01, "decay": 1e-6}
for line in (*old, {"momentum": 1}, {"momentum": 1.0}):
    print(f"SGD({', '.join(f'{name}={value}' for name, value in line.items())})")
    print("  Keras: ", answer(keras.optimizers.SGD, **line))
    print("  course:", answer(SGD, **line))
print("optimizer.lr = 0.5")
for name, made in (("Keras: ", keras.optimizers.SGD(0.1)), ("course:", SGD(0.1))):
    print(f"  {name} {answer(setattr, made, 'lr', 0.5)}", end="")
    print(f" (the learning rate is {float(made.learning_rate):.1f})")

# %% [markdown] name="article-answer"
# - `lr=` is an error that says no more than "not recognized". Write `learning_rate=`. Its sister `optimizer.lr = 0.5` is the trap:
#   Keras makes a new attribute of that name, **in silence**, and trains on at 0.1. Write `optimizer.learning_rate = 0.5`.
# - `decay=` is **ignored**, with a warning that is easily lost in a log. It meant η/(1 + decay · t), a schedule, and *never*
#   weight decay; today that is `InverseTimeDecay`. The model now trains with a constant rate.
# - `momentum=1` fails because it is an integer (so does `momentum=0`).
#   **`momentum=1.0` is taken in silence**: the ball without friction, which never settles (chapter 04). `course.SGD` takes both.
#
# And the article's numbers? With `learning_rate=0.001, momentum=0.9` our network's loss after ten epochs was 1.742, in the table
# of learning rates; ln 10 = 2.303 is guessing, and a hundred times the rate gave 0.155. No learning rate is "how it is written": it
# has the unit of weight over gradient (chapter 01), and belongs to one loss, batch and network.

# %% [markdown] name="split"
# ### `validation_split` takes the end of the file
#
# Keras's `fit(x, y, validation_split=0.2)` takes the *last* fifth of the arrays, before it shuffles anything. The digits come
# from 13 people, and lie in the file unshuffled.
#
# > 12.split

# %% name="split-run"
in_file, shuffled = np.arange(1797), np.concatenate([learn, judge, final])
for name, rows in (("as in the file", in_file), ("shuffled", shuffled)):
    weights, _ = train(np.arange(8), 0.2, 0.9, 1e-3, cosine, rows=rows[:1408])
    print(f"{name:15} errors in the last fifth: {told(score(weights, rows[1437:])[1], 1)} %")

# %% [markdown] name="split-answer"
# Nearly four times as many errors as they lie in the file. Neither number is wrong. The first asks about digits from another part
# of the collection, probably from other hands; the second about more of the same. Know which one you tune for. If the order means
# nothing, shuffle before `fit`; if it means people, days or places, split by those.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 12.one_run
#
# ? 12.large
#
# ? 12.half_the_edge

# %% [markdown] name="sources"
# **Sources.** L. N. Smith, 2017, [arXiv:1506.01186](https://arxiv.org/abs/1506.01186) (range test). · L. N. Smith, N. Topin,
# 2018, [arXiv:1708.07120](https://arxiv.org/abs/1708.07120) (1cycle). · P. Izmailov and others, 2018,
# [arXiv:1803.05407](https://arxiv.org/abs/1803.05407) (SWA). · V. Godbole and others, *Deep learning tuning playbook*, 2023,
# [github.com/google-research/tuning_playbook](https://github.com/google-research/tuning_playbook). · C. J. Shallue and others,
# 2019, [arXiv:1811.03600](https://arxiv.org/abs/1811.03600). · J. Bergstra, Y. Bengio, 2012,
# [jmlr.org/papers/v13/bergstra12a](https://jmlr.org/papers/v13/bergstra12a.html). · P. Goyal and others, 2017,
# [arXiv:1706.02677](https://arxiv.org/abs/1706.02677). · D. P. Kingma, J. Ba, 2015,
# [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). · D. Choi and others, 2019,
# [arXiv:1910.05446](https://arxiv.org/abs/1910.05446). · P. T. Sivaprasad and others, 2020,
# [arXiv:1910.11758](https://arxiv.org/abs/1910.11758). · R. M. Schmidt, F. Schneider, P. Hennig, 2021,
# [arXiv:2007.01547](https://arxiv.org/abs/2007.01547). · E. Alpaydin, C. Kaynak, 1998,
# [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49), CC BY 4.0. · Keras 3.15, `keras/src/optimizers/base_optimizer.py` and
# `sgd.py`.
