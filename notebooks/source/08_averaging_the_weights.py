# %% [markdown] name="title"
# # 08 · Averaging the weights
#
# **Why can the average of the path beat its end?**
#
# After this chapter you can
#
# - derive how much calmer the average of SGD's weights is than the weights, and how far it lags behind;
# - say when averaging is like a smaller learning rate, when it is more, and when it does harm;
# - tell which weights Keras validates, restores and hands back when `use_ema` is on, and what overwriting costs.
#
# Keras arguments: `use_ema`, `ema_momentum`, `ema_overwrite_frequency`. Core: about 20 minutes; deeper: about 30 more. It runs in a few seconds.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# ? 08.floor
#
# ? 08.momentum
#
# ? 08.schedule

# %% name="imports" jupyter={"source_hidden": true}
import matplotlib.pyplot as plt
import numpy as np

from course import figures, sgd
from course.figures import PLAIN
from course.learner.predict import predict
from course.sgd import gradient_descent, moving_average, overwrite_is_due
from course.theory import kept, variance_ratio

figures.use_course_style()
AVERAGE = {"color": "#56B4E9", "ls": "-."}  # as in the explorer

# %% [markdown] name="opening"
# ## The average beside the weights
#
# With `use_ema=True` Keras keeps, beside the weights w, their **exponential [moving average](16_glossary.ipynb#Average-of-the-weights)** (EMA). After each step, with m
# for `ema_momentum`,
#
# $$ a \leftarrow m\,a + (1-m)\,w . $$
#
# The steps themselves are those without it: gradients are taken at w, and a only watches.
#
# > 08.nearer

# %% name="follow"
def follow(rate, m, steps, start=0.0, every=None, runs=1000):
    """SGD on ½w² with noise of variance 1, and its average: two arrays (steps, runs)."""
    random, w, average, path = np.random.default_rng(8), np.full(runs, start), 0.0, []
    for updates in range(steps):
        w = gradient_descent(w, w + random.normal(size=runs), rate)
        average = moving_average(average, w, m if updates else 0.0)
        if every and overwrite_is_due(updates, every):
            w = average
        path.append((w, average))
    return np.array(path).swapaxes(0, 1)

# %% name="opening-run"
weights, average = np.mean(follow(0.5, 0.99, 1000, start=10.0) ** 2, axis=2)
for step in (50, 200, 1000):
    print(f"step {step:4}: mean square of w {weights[step - 1]:.4f}", end=", ")
    print(f"of the average {average[step - 1]:.4f}")

# %% name="opening-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots()
axes.semilogy(weights, PLAIN.line, color=PLAIN.colour, lw=1, label="weights")
axes.semilogy(average, **AVERAGE, label="their average")
axes.set(xlabel="step", ylabel="mean square")
axes.legend()
plt.show()

# %% [markdown] name="opening-answer"
# *The picture: the mean square against the step, on a logarithmic axis. The weights drop to about 0.3 within a few steps and stay there. The average comes down in a
# straight line, crosses them before step 250 and levels off at about a sixtieth of their height.*
#
# First the average is far behind, in the end about sixty times better. The weights wander around the minimum; their average
# is the middle of that wandering. How long does "behind" last, and how much is "better"?

# %% [markdown] name="explorer-task"
# Try it first: plain SGD in a round bowl with λ = 1 and noise of 1.2 in each entry, and its average.
#
# 1. Press play. When is the average behind for the last time? Then set `ema_momentum` to 0.99: when now?
# 2. Back to 0.98, and the learning rate from 0.10 up to 1.60. What happens to the weights' loss over the last half, and what
#    to the average's?

# %% name="explorer" alt="A noisy run of plain SGD from (−4, 1.5) in a bowl, and its average. The weights keep jumping about the minimum, up to 1 away from it; the average comes in slowly along one line and stays near the middle. The mean loss of 100 runs is level from step 20 on for the weights; the average's falls until about step 200, and ends ten times lower."
from course.explorers import Average

Average()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
for m in (0.98, 0.99):
    seen, _ = Average().compute(0.2, m, None)
    w, a = np.array([seen["weights.mean"][0], seen["average.mean"][0]])
    print(f"1: m = {m}: behind (by 2 %) until step {np.flatnonzero(a > 1.02 * w)[-1]}")
for rate in (0.1, 1.6):  # both entries, each with the variance 1.2²: the loss is half of their sum
    floor, ratio = 1.44 * rate / (2 - rate), variance_ratio(0.98, 1 - rate)
    print(f"2: η = {rate}: by the formulas below: weights {floor:.3f}, average {floor * ratio:.4f}")

# %% [markdown] name="explorer-answer"
# The average is behind up to step 99, with 0.99 up to step 186: the first, bad weights have not faded. From η = 0.1 to 1.6
# the weights' loss rises 76-fold, and the average's by a quarter: once η is large, the average hardly feels it.
#
# ## How far behind
#
# The rule, unrolled, is an average over a memory of about 1/(1 − m) steps: the weight of i steps ago has the coefficient $(1-m)\,m^i$.
# Let the weights move steadily, by s per step. Before a step the gap is $d = w - a$; then w moves on by s, and the pull
# leaves the part m of the new gap:
#
# $$ d' = m\,(d + s), \qquad\text{unchanged at}\qquad d = \frac{m}{1-m}\,s . $$

# %% name="lag-run"
for m in (0.9, 0.99):
    average = 0.0
    for w in np.arange(3000.0):
        average = moving_average(average, w, m)
    print(f"m = {m}: {w - average:.2f} steps behind; m/(1 − m) = {m / (1 - m):.2f}")

# %% [markdown] name="variance"
# At m = 0.99 that is 99 steps, nearly a whole memory: the average's [lag](16_glossary.ipynb#Lag). On the way down that is a loss, so average where the weights no longer travel.
#
# ## How much calmer
#
# Near the minimum the weights wander with a variance V. Were they *independent* from step to step, the variances of the terms
# would add:
#
# $$ \frac{\operatorname{Var} a}{V} = (1-m)^2\,(1 + m^2 + m^4 + \dots) = \frac{(1-m)^2}{1-m^2} = \frac{1-m}{1+m} . $$
#
# That is 0.005 at m = 0.99, and often promised. But each of SGD's weights is made from the one before. On ½λw²,
#
# $$ w' = \rho\,w - \eta\varepsilon, \qquad \rho = 1 - \eta\lambda, $$
#
# so weights i steps apart are correlated by ρⁱ (statisticians call it AR(1) noise).
#
# > 08.shrink

# %% name="variance-run"
points = []
for rho in (0.99, 0.9, 0.5, 0.0):
    for m in (0.9, 0.99):
        weights, average = follow(1 - rho, m, 2500)[:, 1000:]
        measured, formula = np.mean(average**2) / np.mean(weights**2), variance_ratio(m, rho)
        points.append((1 / (1 - m), measured))
        print(f"ρ {rho:<4} m {m:<4}: measured {measured:.4f}, formula {formula:.4f}")

# %% name="variance-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots()
memory = np.geomspace(1.01, 1000, 200)
for rho, look in ((0.99, ":"), (0.9, "--"), (0.5, "-."), (0.0, "-")):
    axes.loglog(memory, variance_ratio(1 - 1 / memory, rho), look, label=f"ρ = {rho}")
axes.plot(*np.transpose(points), "kD", ms=5, label="measured")
axes.set(xlabel="memory 1/(1 − m) in steps", ylabel="variance of a / of w")
axes.legend()
plt.show()

# %% [markdown] name="variance-answer"
# *The picture: the variance of a, as a part of w's, against the memory 1/(1 − m), both axes logarithmic. Four falling curves, the lowest for independent weights. The more correlated the
# weights, the longer a curve stays near 1 before it falls. The measured points lie on the curves.*
#
# A half. A hundred weights that are each 0.99 of the one before are hardly two opinions. The formula behind the curves is
#
# $$ \boxed{\;\frac{\operatorname{Var} a}{V} = \frac{(1-m)\,(1+m\rho)}{(1+m)\,(1-m\rho)}\;} $$
#
# <details><summary>Where it comes from</summary>
#
# Demand that a step leaves $C = \mathbb E\,aw$ and $A = \mathbb E\,a^2$ as they are; let V = 1. The fresh noise is
# independent of a, so $\mathbb E\,aw' = \rho C$. With $a' = ma + (1-m)w'$: $C = \mathbb E\,a'w' = m\rho C + (1-m)$, so
# $C = (1-m)/(1-m\rho)$. And $A = m^2A + 2m(1-m)\rho C + (1-m)^2$, so
# $(1-m^2)A = (1-m)^2\bigl(\frac{2m\rho}{1-m\rho} + 1\bigr) = (1-m)^2\frac{1+m\rho}{1-m\rho}$.
# </details>

# %% [markdown] name="raw"
# ## Which weights does `fit` validate?
#
# One weight, x = 1, y = 0: the loss is w². From w = 10, with η = 0.1 (each step keeps 0.8) and m = 0.9, five epochs of one
# step each.
#
# > 08.validated

# %% name="raw-run"
weights, state = [np.array([10.0])], sgd.initial_state([np.zeros(1)])
for _ in range(5):
    weights, state = sgd.step(
        weights, [2 * weights[0]], state, learning_rate=0.1, use_ema=True, ema_momentum=0.9
    )
for name, (value,) in (("raw weight", weights[0]), ("average", state.average[0])):
    print(f"{name:10} {value:.4f}, loss {value**2:.4f}; one more step: {0.8 * value:.4f}")

# %% [markdown] name="raw-answer"
# `val_loss` is 10.7374, the raw weight's; after `fit` the model has the average and a loss of 46.5997. (Here the average is
# the worse one; near a minimum it is the other way round, and the validation curve looks worse than what you get.)
# **After `fit` the raw weights are gone**: a second `fit` starts at the average, with the old velocity. (*Deeper* runs it in Keras.)

# %% [markdown] name="recap"
# ## Recap
#
# - **Calmer, and behind.** The variance shrinks by (1 − m)(1 + mρ)/((1 + m)(1 − mρ)) with ρ = 1 − ηλ; (1 − m)/(1 + m) is for
#   independent weights only. The lag is m/(1 − m) steps.
# - **More than a smaller learning rate.** A larger η hardly disturbs the average (*Deeper*: it caps ηλ at about 1 − m). It does harm in short runs, and where the remembered weights
#   share no bowl.
# - **Which weights.** `fit` validates raw ones and ends with the average. Leave `ema_overwrite_frequency` at None unless you
#   have measured that it helps.

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 08](../exercises/08_averaging_the_weights.ipynb): write Keras's average, repair the formulas for lag and calm, choose for a short run. Tasks 2, 5 and 6 want the
# sections of *Deeper* on the start and on overwriting.

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who use it: how the average starts, its relation to the learning rate, when it does harm, what overwriting costs, and what Keras does with each of its callbacks.

# %% [markdown] name="rule"
# ### How the average starts
#
# Unroll the rule. At its first update Keras puts m = 0, so that a is a copy of w₁, the weights *after* the first step. Then
#
# $$ a_t = (1-m)\,\bigl(w_t + m\,w_{t-1} + \dots + m^{t-2} w_2\bigr) + m^{t-1} w_1 . $$
#
# The coefficients sum to $(1 - m^{t-1}) + m^{t-1} = 1$: it is a true average from the first step on. The initial weights w₀ are not in it. Weights at rest at 5 have
# the average 5 after one step, where an average that begins at zero has 0.05 and must be divided by $1 - m^t$, as in Adam. So Keras's needs no such correction. But
# the copy has a price of its own: w₁ has the coefficient $m^{t-1}$, where an ordinary weight enters with 1 − m. It counts
# like 100 weights at m = 0.99, until it fades.
#
# A third way is to let the memory grow with the run, $m_t = \min\bigl(m, \frac{1+t}{10+t}\bigr)$.
#
# > 08.last_down

# %% name="first-run"
weights, keras_like = follow(0.5, 0.99, 1000, start=10.0)
total, growing, averages = 0.0, 0.0, []
for t, w in enumerate(weights):
    total = moving_average(total, w, 0.99)
    growing = moving_average(growing, w, min(0.99, (1 + t) / (10 + t)) if t else 0.0)
    averages.append((keras_like[t], total / (1 - 0.99 ** (t + 1)), growing))
for step in (50, 200, 1000):
    squares = np.mean(np.square(averages[step - 1]), axis=1)
    print("step {:4}: Keras's {:.4f}, corrected {:.4f}, growing {:.4f}".format(step, *squares))

# %% [markdown] name="first-answer"
# Keras's, by far: the others forget the bad first weights sooner. After a few memories all are one. **Keras's average needs no correction, but it needs patience: five memories, 5/(1 − m) steps, leave 0.7 % of the
# copy.** In a training of 300 updates 0.99 is too long; 0.999 wants 5000. The growing memory is the usual remedy; Keras has no argument for it, so it takes an average of your own.

# %% [markdown] name="cap"
# ### Is it a smaller learning rate?
#
# Multiply by chapter 02's floor and write $e = \eta\lambda$ and $q = 1-m$. The average's floor is
#
# $$ \frac{\sigma^2}{\lambda^2}\cdot\frac{e}{2-e}\cdot\frac{q}{2-q}\cdot\frac{1+(1-e)(1-q)}{1-(1-e)(1-q)} \;\approx\;
# \frac{\sigma^2}{2\lambda^2}\cdot\frac{e\,q}{e+q} \quad\text{for small } e, q. $$
#
# e and q can be exchanged! Averaging is a second filter of the same kind as SGD itself, and the slower of the two decides.
# Where ηλ ≫ 1 − m, the average is as calm as SGD with ηλ = 1 − m, *whatever η is*. Where ηλ ≪ 1 − m, it changes nothing. So
# "an EMA equals a lower learning rate" holds for one direction at a time: **averaging caps ηλ at about 1 − m, and a lower η
# scales it in all directions.**

# %% name="cap-check"
for rate, m in ((0.5, 0.99), (0.01, 0.5)):
    _, average = follow(rate, m, 4000)[:, 1000:]
    formula, q = rate / (2 - rate) * variance_ratio(m, 1 - rate), 1 - m
    print(f"e {rate}, q {q:.2f}: measured {np.mean(average**2):.4f},", end=" ")
    print(f"formula {formula:.4f}, e q/(2 (e + q)) {rate * q / 2 / (rate + q):.4f}")

# %% [markdown] name="cap-question"
# > 08.lowest

# %% name="cap-run"
curvature = np.array([1.0, 0.01])


def losses(rates, m, steps=600):
    """The mean losses, along each of the two directions, of w and of its average."""
    random, w, average = np.random.default_rng(9), np.full((2000, 2), 3.0), 0.0
    for updates, rate in enumerate(np.broadcast_to(rates, steps)):
        noise = np.sqrt(curvature) * random.normal(size=w.shape)  # as in least squares
        w = gradient_descent(w, curvature * w + noise, rate)
        average = moving_average(average, w, m if updates else 0.0)
    return [curvature / 2 * np.mean(x**2, axis=0) for x in (w, average)]


large, averaged = losses(0.5, 0.99)
cosine = (1 + np.cos(np.pi * np.arange(600) / 600)) / 2
found = {"η = 0.5": large, "η = 0.5, averaged": averaged}
found |= {"η = 0.01": losses(0.01, 0.0)[0]}
for first in (0.5, 0.7, 1.0):
    found[f"cosine, {first} to 0"] = losses(first * cosine, 0.0)[0]
for name, (steep, flat) in found.items():
    print(f"{name:18} steep {steep:.4f}, flat {flat:.4f}, together {steep + flat:.4f}")

# %% [markdown] name="cap-answer"
# The average has the calm of η = 0.01 in the steep direction and η = 0.5's way down in the flat one. This answers the
# chapter's question: **the path may run fast and noisy, and its middle is both far along and calm.** A cosine schedule is better than both constants, but even the best of three (0.0067) leaves nearly twice the average's loss; and it must know the end,
# while an average can be read at any time.
#
# What an average does *not* share with a smaller η: the gradients are taken at w. If w diverges, so does a; where the loss is
# no parabola, w explores with its large steps, and a with it.

# %% [markdown] name="always"
# ### Is the average always better?
#
# On a convex loss, Jensen's inequality gives $f(\sum p_i w_i) \le \sum p_i f(w_i)$: the average's loss is never above the
# mean loss *of the weights that it remembers*. That may still be more than the newest weight's loss: on the way down it is.
# And networks are not convex. Take a round trench, ½(|w| − 1)²: every point of the unit circle is a minimum, and noise
# carries w around it.
#
# > 08.trench

# %% name="ring-run"
def trench(points):
    return (np.linalg.norm(points, axis=-1) - 1) ** 2 / 2


random, w, paths = np.random.default_rng(3), np.tile([1.0, 0.0], (200, 1)), []
momenta = np.array([0.0, 0.9, 0.98, 0.99, 0.998])
average = np.zeros((5, 200, 2))
for updates in range(2000):
    slope = w - w / np.linalg.norm(w, axis=-1, keepdims=True)
    w = gradient_descent(w, slope + 0.5 * random.normal(size=w.shape), 0.2)
    average = moving_average(average, w, momenta[:, None, None] * (updates > 0))
    paths.append(average)
paths = np.array(paths)  # the average with m = 0 is the weights
for m, loss in zip(momenta, trench(paths[500:]).mean(axis=(0, 2))):
    print(f"m = {m:<5}: mean loss {loss:.4f}")

# %% name="ring-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots(figsize=(6, 4))
axes.plot(*paths[:, 0, 5].T, color="0.75", lw=0.5, label="weights")
axes.plot(*paths[:, 4, 5].T, **AVERAGE, label="average, m = 0.998")
axes.plot(*paths[-1, 4, 5], "D", color=AVERAGE["color"], label="its end")
circle = np.linspace(0, 2 * np.pi, 200)
axes.plot(np.cos(circle), np.sin(circle), "k", lw=1, label="minima")
axes.set(aspect="equal", xlabel="$w_1$", ylabel="$w_2$")
axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
plt.show()

# %% [markdown] name="ring-answer"
# *The picture: the plane of $w_1$ and $w_2$ with the circle of minima. The weights scribble along the circle; the average with m = 0.998 leaves it and ends well inside, where the loss is
# high.*
#
# First fall, then rise. A short memory takes the jitter across the trench away; a long one averages points from all around,
# and their middle lies in none of the minima. **The average is better while the weights that it remembers
# share one bowl.** So m has a best value, and the way to find it is to try two or three on validation data.

# %% [markdown] name="overwrite"
# ### What does overwriting cost?
#
# Keras's reference page says that EMA consists of averaging and "periodically overwriting the weights with their moving
# average" (keras.io). By default it does not: with `ema_overwrite_frequency=None` the average only watches until the end.
# With a number k, every k-th update puts w = a. From the distance 1, for both, the weights go to ρ, ρ², …, ρᵏ, and the
# average (after the first period) ends at
#
# $$ m^k + (1-m)\sum_{i=1}^{k} m^{k-i}\rho^i = m^k + (1-m)\,\rho\,\frac{m^k-\rho^k}{m-\rho} . $$

# %% name="overwrite-check"
def left_by_a_period(rate, m, k):
    """The part of the distance that is left after k steps and an overwrite."""
    rho = 1 - rate
    return m**k + (1 - m) * rho * (m**k - rho**k) / (m - rho)


left = left_by_a_period(0.1, 0.98, 20)
print(f"formula {left:.6f}, step by step {kept(0.98, 0.9, 20):.6f}; without overwriting {0.9**20:.6f}")

# %% [markdown] name="overwrite-question"
# > 08.period

# %% name="overwrite-run"
fair = 1 - left ** (1 / 20)  # plain SGD that is as fast
weights, watching = follow(0.1, 0.98, 1200, runs=4000)[:, 600:]
overwritten = follow(0.1, 0.98, 1200, every=20, runs=4000)[0, 600:]
rows = {
    "weights, η = 0.1": (0.9**20, weights),
    "their average, never overwriting": (0.98**20, watching),
    "overwritten, whole periods": (left, overwritten),
    "overwritten, right afterwards": (left, overwritten[19::20]),
    f"weights, η = {fair:.4f}": (left, follow(fair, 0, 1200, runs=4000)[0, 600:]),
}
for name, (part, cloud) in rows.items():
    print(f"{name:32} 20 steps leave {part:.3f}; mean square {np.mean(cloud**2):.4f}")

# %% [markdown] name="overwrite-answer"
# A fifth of the variance, and most of the speed: 79 % of the distance is left instead of 12 %. Right after each overwrite w
# is calm, nearly as calm as plain SGD with η = 0.0117, which is just as fast. The weights have been *turned into* SGD with a smaller
# learning rate, plus a saw-tooth. The average that only watches has 30 % more variance (0.0086 for 0.0066), and its start fades faster (m²⁰
# = 0.668). If k is short against the memory, hardly anything moves; and one case is a gain:

# %% name="overwrite-extremes"
for rate, m in ((0.2, 0.999), (2.1, 0.95)):
    weights, _ = follow(rate, m, 400, start=4.0, every=5)
    left, plain = np.abs((left_by_a_period(rate, m, 5), (1 - rate) ** 5))
    print(f"η {rate}, m {m}: 5 steps leave {left:.3f}, without overwriting {plain:.3f};", end=" ")
    print(f"typical |w| after 400 steps {np.sqrt(np.mean(weights[-1] ** 2)):.2f}")

# %% [markdown] name="velocity-question"
# From w = 4, and every 5 steps: with m = 0.999, w is still on its way after 400 steps. At η = 2.1, where plain SGD grows
# without bound, overwriting holds it. (The optimizer *Lookahead* makes a method of such pulling back; Zhang and others 2019.)
#
# ### What overwriting does to the velocity
#
# On an endless slope, gradient 1, with η = 0.1 and momentum 0.9 the ball rolls at −1 per step (chapter 04). Now overwrite
# every 10 steps, with m = 0.9.
#
# > 08.velocity

# %% name="velocity-run"
weights, state, path = [np.zeros(1)], sgd.initial_state([np.zeros(1)]), []
for call in range(1, 301):
    weights, state = sgd.step(
        weights, [np.ones(1)], state, learning_rate=0.1, momentum=0.9,
        use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=10,
    )
    path.append(weights[0][0])
    if 289 <= call <= 291:
        print(f"call {call}: w {path[-1]:.2f}, velocity {state.velocity[0][0]:.3f}")
print(f"per step, on average over 10 periods: {(path[299] - path[199]) / 100:.3f}")

# %% [markdown] name="velocity-answer"
# Nothing. At call 290 w takes its step of −1 and is thrown back by nearly six, and the velocity stays −1. The ball's
# velocity says 1 per step; it travels at 0.41.
#
# ### What Keras's callbacks and loops do with the average
#
# The same in Keras, as text, because the chapters up to 10 run without it (a test runs it and compares what is printed):
#
# ```python
# import keras
# import numpy as np
#
#
# def new_model():
#     start = keras.initializers.Constant(10.0)
#     model = keras.Sequential([keras.layers.Dense(1, use_bias=False, kernel_initializer=start)])
#     model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9), loss="mse")
#     return model
#
#
# def run(model, epochs, *callbacks):
#     x, y = np.ones((1, 1)), np.zeros((1, 1))
#     seen = model.fit(x, y, epochs=epochs, validation_data=(x, y), callbacks=list(callbacks), verbose=0)
#     print(f"val_loss {seen.history['val_loss'][-1]:.4f}, then w = {model.get_weights()[0].item():.4f}")
#
#
# model = new_model()
# run(model, epochs=5)
# run(model, epochs=1)
# ```
# ```text
# val_loss 10.7374, then w = 6.8264
# val_loss 29.8238, then w = 6.6899
# ```
#
# > 08.best_epoch

# %% [markdown] name="best-epoch-words"
# <details><summary>Open after you have decided</summary>
#
# ```python
# run(new_model(), 5, keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True))
# run(new_model(), 5, keras.callbacks.SwapEMAWeights())
# ```
# ```text
# val_loss 10.7374, then w = 3.2768
# val_loss 46.5997, then w = 6.8264
# ```
#
# No: the restoring comes after the average was put in, and puts the *raw* weights over it. `SwapEMAWeights` puts the average in for each validation and takes it out again, so that `val_loss` judges what you will get.
# </details>
#
# In a loop of your own nobody puts the average in:
#
# ```python
# optimizer, w = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9), keras.Variable(10.0)
# for step in range(5):
#     optimizer.apply([2 * w], [w])
# print(f"w = {float(w):.4f}", end=", ")
# optimizer.finalize_variable_values([w])
# print(f"finalized {float(w):.4f}")
# ```
# ```text
# w = 3.2768, finalized 6.8264
# ```
#
# Keras's page calls it without the list of variables, which is a TypeError. More, each held by a test against Keras:
#
# - **Five times `fit(epochs=1)`** overwrites five times and ends at 7.3789, not 6.8264. To go on exactly, save a `.keras` file *before* the
#   end (a checkpoint): it holds weights, velocity and average. Its weights are the raw ones.
# - **`SwapEMAWeights(swap_on_epoch=True)`** gives the checkpoints the averages as well; but if training stops early, the raw
#   weights overwrite the average.
# - **Before any step finalizing zeroes the weights**, as Keras's averages are born as zeros. `course.SGD` refuses: "has taken no
#   step, so that there are no averages yet".
# - **Only trainable weights are averaged.** Batch normalisation's running mean and variance stay those of the raw weights;
#   pass some training data through the network afterwards to measure them anew (Izmailov and others 2018).

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 08.worse
#
# ? 08.directions
#
# ? 08.jumps

# %% [markdown] name="sources"
# **Sources.** B. T. Polyak, A. B. Juditsky, *Acceleration of stochastic approximation by averaging*, 1992,
# [doi:10.1137/0330046](https://doi.org/10.1137/0330046) (the plain mean of all weights, m = 1 − 1/t; Keras's m is constant).
# · P. Izmailov and others, *Averaging weights leads to wider optima and better generalization*, 2018,
# [arXiv:1803.05407](https://arxiv.org/abs/1803.05407). · M. Zhang and others, *Lookahead optimizer: k steps forward, 1 step
# back*, 2019, [arXiv:1907.08610](https://arxiv.org/abs/1907.08610). · D. P. Kingma, J. Ba, *Adam*, 2015,
# [arXiv:1412.6980](https://arxiv.org/abs/1412.6980) (bias correction). · Keras 3.15,
# `keras/src/optimizers/base_optimizer.py`, `keras/src/callbacks/swap_ema_weights.py`,
# `keras/src/backend/tensorflow/trainer.py`.
