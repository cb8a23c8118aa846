# %% [markdown] name="title"
# # 03 · Learning-rate schedules
#
# **When should steps shrink, and who counts the steps?**
#
# After this chapter you can
#
# - derive how fast the learning rate should fall, and say what a schedule gains over a constant rate;
# - say which count Keras hands to a schedule, and what batches, epochs and accumulation do to it;
# - choose between a float, a schedule and a callable, and predict what a change mid-run will do.
#
# Keras argument: `learning_rate`, as a schedule or a callable.
# Core: about 20 minutes; deeper: about 30 more; it runs in a few seconds.

# %% [markdown] name="before"
# ### Before you start: answer each, then open it
#
# ? 03.limit
#
# ? 03.longer
#
# ? 03.epoch

# %% name="imports" jupyter={"source_hidden": true}
import matplotlib.pyplot as plt
import numpy as np

from course import figures
from course.learner.predict import predict
from course.schedules import constant, cosine, exponential, one_cycle
from course.schedules import step_drop, warm_restarts, warm_up
from course.sgd import gradient_descent, initial_state, step

figures.use_course_style()

# %% [markdown] name="first-task"
# ## A fast start or a calm end
#
# Here 200 runs go down ½w² from w = −4, with noise of variance 1 in each gradient. Leave the momentum at 0 (only with it
# do the two balls differ: see Deeper) and find:
#
# 1. On "constant": which η is lowest at step 10, at 30, at 120?
# 2. On "cosine" or "exponential": which η is best at step 120 now, and is it better than the best constant one?

# %% name="first-explorer"
from course.explorers import Schedule

Schedule("constant", 0.1, 0.0)

# %% name="first-numbers" jupyter={"source_hidden": true}
view = Schedule()
tried = np.array([rate for rate in view.positions["learning_rate"] if rate < 2])
for name, counts in (("constant", (10, 30, 120)), ("cosine", (120,)), ("exponential", (120,))):
    losses = view.compute(name, tried, 0.0)[0]["keras.loss"]
    for count in counts:
        best = losses[:, count].argmin()
        print(f"{name}: at step {count} best η {tried[best]:g}, loss {losses[best, count]:.4f}")

# %% [markdown] name="first-answer"
# *The picture: first, the constant rate; then the loss, which falls in a straight line and is level from about step 40 on;
# last, how far w moves, level from about step 20 on.*
#
# 0.3, 0.12 and 0.04: **the best constant rate depends on when you stop.** A rate that falls starts higher
# (0.08, 0.2) and ends better: 0.0069 and 0.0049 against 0.0108.

# %% [markdown] name="greedy"
# ## The best next step
#
# How should it fall? A step on ½λw², with noise ε of mean 0 and variance σ², makes $w' = (1-\eta\lambda)\,w -
# \eta\,\varepsilon$. As in chapter 02, square it and take the mean:
#
# $$ \mathbb E\,w'^2 = \underbrace{(1-\eta\lambda)^2\,\mathbb E\,w^2}_{\text{what is left of the distance}} \;+\; \underbrace{\eta^2\sigma^2}_{\text{new noise}} . $$
#
# Write $a = \mathbb E\,w^2$. The right side is smallest where its derivative by η,
# $-2\lambda(1-\eta\lambda)\,a + 2\eta\,\sigma^2$, is zero:
#
# $$ \eta = \frac{\lambda a}{\lambda^2 a + \sigma^2}, \qquad\text{which leaves}\qquad a' = \frac{\sigma^2 a}{\lambda^2 a + \sigma^2},
# \qquad\text{so}\qquad \frac1{a'} = \frac1a + \frac{\lambda^2}{\sigma^2} . $$
#
# Far away η is near 1/λ; close to the minimum it goes down with $a$. Every step adds the same to 1/a, so after t steps
#
# $$ \boxed{\;\eta_t = \frac{1}{\lambda\,(t + 1 + t_0)}, \qquad a_t = \frac{\sigma^2}{\lambda^2\,(t + t_0)}, \qquad t_0 = \frac{\sigma^2}{\lambda^2 a_0}\;} $$
#
# The rate falls like **1/t**, and so does the error. In Keras: `InverseTimeDecay(η₀, 1, decay_rate=λη₀)`, $\eta_0 =
# 1/(\lambda(1+t_0))$.

# %% name="greedy-run"
def spread(rates, curvature=1.0):
    """E w² before the first step and after each, from 16; rates: shape (steps, ...)."""
    squares = [np.full(np.shape(rates)[1:], 16.0)]
    for rate in rates:
        squares.append((1 - rate * curvature) ** 2 * squares[-1] + rate**2)
    return np.array(squares)


first = 1 / (1 + 1 / 16)
path = spread(first / (1 + first * np.arange(1000)))
constants = np.geomspace(0.001, 1, 300)
print(f"1/t after 1000 steps {path[-1]:.6f}; the formula {1 / (1000 + 1 / 16):.6f};", end=" ")
print(f"the best constant rate {spread(np.tile(constants, (1000, 1)))[-1].min():.6f}")

# %% [markdown] name="greedy-answer"
# The best for the next step is the best for 1000, too: a smaller $a$ now makes every later $a$ smaller. So much for *one*
# curvature.

# %% [markdown] name="budget"
# ## When the run has an end
#
# A training run has T steps, and its loss many curvatures. The usual shapes:
#
# | shape | rate at count t | in `keras.optimizers.schedules` |
# |---|---|---|
# | step | η₀, after a boundary f η₀ | `PiecewiseConstantDecay` |
# | exponential | $\eta_0\, r^{t/T}$ | `ExponentialDecay` |
# | 1/t | η₀ / (1 + kt) | `InverseTimeDecay` |
# | linear | η₀ (1 − t/T) | `PolynomialDecay`, `end_learning_rate=0` (default 1e-4) |
# | cosine | η₀ (1 + cos(πt/T)) / 2 | `CosineDecay` |
# | [warm-up](16_glossary.ipynb#Warm-up) | up to η₀ in a straight line, then any | `CosineDecay`, `warmup_target` |
# | warm restarts | a cosine, again and again | `CosineDecayRestarts` |
# | 1cycle | half a wave up, half a wave down | none: write a `LearningRateSchedule` |
#
# A fair race, by exact mean losses. *Every* shape gets the best of all its knobs: η₀ and,
# where it has them, boundary, f, r, k, the length of its rise, its rounds, when and where it ends.
#
# > 03.race

# %% name="budget-run" jupyter={"source_hidden": true}
CURVATURES, T = (1.0, 0.1, 0.01), 1000


def final_loss(rates):
    """The mean loss in the valley after the last step; rates: shape (steps, ...)."""
    return sum(curvature / 2 * spread(rates, curvature)[-1] for curvature in CURVATURES)


count, starts = np.arange(T)[:, None, None, None], np.geomspace(0.03, 1.9, 50)[:, None, None]
ends, lows = np.arange(600, 3001, 200)[:, None], np.array([0, 0.003, 0.01, 0.03, 0.1])
drops, factors = np.arange(400, 951, 50)[:, None], np.geomspace(0.01, 0.5, 10)
rising, lengths = np.array([0.05, 0.1, 0.2, 0.3])[:, None], np.arange(150, 551, 50)[:, None]
shapes = {
    "constant": [constant(count, starts) * np.ones(count.shape)],
    "step": [step_drop(count, starts, drops, factors)],
    "exponential": [exponential(count, starts, T, np.geomspace(1e-4, 0.5, 60)[:, None])],
    "1/t": [starts / (1 + np.geomspace(1e-4, 2, 60)[:, None] * count)],
    "linear": [starts * (lows + (1 - lows) * np.maximum(1 - count / ends, 0))],
    "cosine": [cosine(count, starts, ends, lows)],
    "warm-up": [warm_up(count, starts, climb, ends - climb, lows) for climb in (20, 100)],
    "restarts": [
        warm_restarts(count, starts, lengths, t_mul, m_mul, lows)
        for t_mul in (1, 2)
        for m_mul in (0.5, 1)
    ],
    "1cycle": [one_cycle(count, starts, T, rising, end=lows)],
}

# %% name="budget-race" jupyter={"source_hidden": true}
figure = plt.figure(figsize=(10, 4.2), layout="constrained")
left, right = figure.subfigures(1, 2, width_ratios=(3, 2))
panels, axes = left.subplots(3, 3, sharex=True, sharey=True).flat, right.subplots()
for panel, (name, variants) in zip(panels, shapes.items()):
    rates = np.concatenate(variants, axis=2)
    losses = final_loss(rates)
    best = np.unravel_index(losses.argmin(), losses.shape)
    used = rates[(slice(None), *best)]
    panel.plot(used, color="black")
    panel.set(title=name, xticks=(0, 500, 1000))
    axes.plot([losses.min()], [name], "o", color="black")
    print(f"{name:12} largest rate {used.max():.3f}, last {used[-1]:.4f}:", end=" ")
    print(f"final loss {losses.min():.4f}")
ideal = sum(c / 2 / (1 / 16 + T * c**2) for c in CURVATURES)
axes.axvline(ideal, color="0.4", ls=":")
left.supxlabel("count of steps", fontsize=10)
left.supylabel("η", fontsize=10)
axes.set(xlabel="mean loss after 1000 steps", xlim=(0.03, 0.07))
axes.invert_yaxis()
plt.show()
tied = final_loss(starts / (1 + starts * count)).min()
print(f"1/t with k = η₀, the best next step for curvature 1: {tied:.4f}")
print(f"dotted: if each curvature had its own best sequence, {ideal:.4f}")

# %% [markdown] name="budget-answer"
# *The picture: left, the best of each shape; all but the constant reach 0.1 or nearly, and end at 0.025 or below. Right, their
# final losses: constant far off at 0.062, the others from 0.045 to 0.050, the dotted ideal at 0.036.*
#
# From low to high: cosine, exponential, step and 1/t together, constant. All shapes but the constant are within 11 % of
# the best. **That the rate starts high and ends low matters much, the curve between little.** But 1/t with the k that is best
# for the steepest curvature starves the flat ones: 0.27, far worse than constant.

# %% [markdown] name="who"
# ## Who counts the steps?
#
# A [schedule](16_glossary.ipynb#Schedule) is called with a count. Of what? We hand `sgd.step` one that writes down what it is
# asked:
#
# > 03.asked

# %% name="who-run"
def counts_seen(calls, **arguments):
    """The counts that a schedule is called with, during so many calls of the optimizer."""
    seen, weights, gradients = [], [np.zeros(1)], [np.ones(1)]
    state = initial_state(weights)

    def schedule(count):
        seen.append(count)
        return 0.1

    for _ in range(calls):
        weights, state = step(weights, gradients, state, learning_rate=schedule, **arguments)
    return seen


print("plain:          ", *counts_seen(12))
print("accumulating 4: ", *counts_seen(12, gradient_accumulation_steps=4))

# %% [markdown] name="who-answer"
# **The number of calls before this one.** Not epochs, and with accumulation not updates: these read the schedule at the calls
# 3, 7, 11. In `fit` one batch is one call:
#
# $$ \text{calls} = \text{epochs} \times \lceil \text{examples} / \text{batch size} \rceil . $$
#
# So accumulation leaves `decay_steps` as it is (`optimizer.iterations` is calls // k then). But **if you change the batch
# size, the epochs or the data, change the schedule.**
#
# <details><summary>The same in Keras (run with Keras 3.15 on TensorFlow; a test holds the numbers)</summary>
#
#     model.fit(x, y, batch_size=32, epochs=5)        # 100 examples
#     int(model.optimizer.iterations)                 # 20: four batches per epoch, the last of 4 examples
#
#     schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5)
#     optimizer = keras.optimizers.SGD(schedule, gradient_accumulation_steps=4)
#     # twelve calls with the gradient −1: the weight moves by 0.1·0.5³, 0.1·0.5⁷, 0.1·0.5¹¹
#     int(optimizer.iterations)                       # 3
#
# The count goes on over a second `fit` and over `compile` with the same optimizer; a new optimizer begins at 0.
# </details>

# %% [markdown] name="kinds"
# ## A float, a schedule or a callable
#
# Keras takes all three. A callable takes no arguments and "returns the actual value to use", says its page.
#
# > 03.callable

# %% [markdown] name="kinds-answer"
# <details><summary>Open for the answer, and the other cases (run with Keras 3.15 on TensorFlow; tests hold the numbers)</summary>
#
# **0.64.** `fit` compiles the step, the callable is asked once while that happens, and its answer is built in as a
# constant. Only in a loop that is not compiled is it asked at each step. One step per `fit`, the change between two of them:
#
#     # `SGD` given    then                                     w
#     0.1              optimizer.learning_rate = 0.4            0.8, 0.16   heeded
#     lambda: rate     rate = 0.4                               0.8, 0.64   frozen
#     a schedule       (values [0.1, 0.4], boundary 0)          0.8, 0.16   runs by itself
#     a schedule       optimizer.learning_rate = another        0.8, 0.64   frozen!
#     0.1              optimizer.learning_rate = a schedule     0.8, 0.64   frozen!
#     a schedule       schedule.values = [0.4, 0.4]             0.8, 0.64   frozen!
#
# In all the frozen cases `optimizer.learning_rate` *shows* 0.4. After `model.compile(optimizer, loss="mse")` once more, the new
# callable or schedule is heeded.
#
#     optimizer = keras.optimizers.SGD(schedule)
#     optimizer.learning_rate = 0.01     # TypeError: This optimizer was created with a …
#     optimizer = keras.optimizers.SGD(lambda: 0.1)
#     optimizer.learning_rate = 0.01     # AttributeError: 'function' object has no attribute 'assign'
#     optimizer = keras.optimizers.SGD(lambda count: 0.1)
#     optimizer.learning_rate            # TypeError: … missing 1 required positional argument: 'count'
#
# The last is what one writes after reading Keras's own error message, which asks for a callable "that takes in the current
# iteration value". The reference page is right: no arguments.
#
# Side by side:
#
# | | what it is | who changes it | set another in mid-run |
# |---|---|---|---|
# | **float** | a variable that the compiled step reads at each call | you, or a callback, by assignment | heeded at the next step |
# | **schedule** | arithmetic inside the compiled step; its input is the count | the count | a float: `TypeError`. Another schedule: accepted and *ignored* until the next `compile` |
# | **callable** | a number that is read once, when `fit` compiles | nobody | a float: `AttributeError`. Another answer: *ignored* until the next `compile` |
# </details>
#
# So: known beforehand → a **schedule**; another one, set mid-run, is *shown and not used* until the next `compile`, and a
# float over it raises `TypeError`. Decided during the run → a **float**, assigned; the callbacks `LearningRateScheduler` (it
# counts *epochs*) and `ReduceLROnPlateau` need one. A callable → for uncompiled loops.

# %% [markdown] name="recap"
# ## Recap
#
# - **How fast.** On one parabola the best rate falls like 1/t. With several curvatures, all tuned shapes that start high and end low
#   come close to each other.
# - **Who counts.** The count is calls before this one: batches in `fit`, not epochs or updates. Change batch size or epochs, and
#   `decay_steps` must follow.
# - **Which kind.** A schedule for what is known beforehand, a float for what you decide mid-run, a callable only where nothing is
#   compiled.

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 03](../exercises/03_learning_rate_schedules.ipynb): write a warm-up and a cooling, repair a schedule, find a rate
# that falls just fast enough (task 6: see "How fast may it fall?" below).

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who want the theory (1/t as a mean, Robbins and Monro), and for those who tune: early drops, warm-up, restarts and
# 1cycle, what the batch size does to a schedule, what a drop does under momentum, and the small print.

# %% [markdown] name="mean"
# ### 1/t computes a mean
#
# Let the noisy gradient be $w - z$, where z is a noisy measurement of the minimum. If we trust the start not at all ($a_0 =
# \infty$, $t_0 = 0$), then η is 1, ½, ⅓, …, and step t makes $w - \tfrac1t (w - z) = \tfrac1t\bigl((t-1)\,w + z\bigr)$: the mean of
# t values from the mean of t − 1.

# %% name="greedy-mean"
measured = np.random.default_rng(5).normal(size=50)
w = -4.0
for t, z in enumerate(measured):
    w = gradient_descent(w, w - z, 1 / (t + 1))
print(f"SGD with rates 1, 1/2, 1/3, …: {w:.12f}")
print(f"the mean of all it has seen:   {measured.mean():.12f}")

# %% [markdown] name="greedy-reading"
# **SGD with rates 1/t computes the running mean.** Its variance is σ²/t, and statistics knows no better unbiased use of t
# measurements with normal noise. Chapter 08 gets at this mean in another way: it averages the weights.

# %% [markdown] name="robbins"
# ### How fast may it fall?
#
# On a real loss nobody tells us λ and σ. Which sequences lead to the minimum at all? Unroll the step:
#
# $$ w_T = \underbrace{\prod_{t<T}(1-\eta_t\lambda)}_{\text{of the start}}\; w_0 \;-\; \sum_{t<T}\; \eta_t\,\varepsilon_t \underbrace{\prod_{t<s<T}(1-\eta_s\lambda)}_{\text{of this noise}} . $$
#
# Both products measure **forgetting**. As $1 - x \le e^{-x}$, the first is at most $\exp(-\lambda\sum\eta_t)$ (if all ηλ are
# below 1). So if $\sum\eta_t = \infty$, start and old noise are forgotten; if the sum is finite, a part of the start stays
# for ever: the steps together are too short to arrive. The *recent* noise, from step M on, has at most the variance
# $\sigma^2\sum_{t \ge M}\eta_t^2$, as its products are at most 1: with $\sum\eta_t^2 < \infty$ this tail goes to zero. Together:
#
# $$ \boxed{\;\sum_t \eta_t = \infty \;\;\text{(far enough)} \qquad\text{and}\qquad \sum_t \eta_t^2 < \infty \;\;\text{(calm enough)}\;} $$
#
# These are the conditions of Robbins and Monro, from 1951; their theorem covers far more than parabolas. $\eta_t = c/t^{p}$
# meets both for ½ < p ≤ 1.
#
# > 03.arrives

# %% name="robbins-run"
t = np.arange(1, 100001)
sequences = {
    "constant 1/2": 0.5 + 0 * t,
    "1/2 / √t": 0.5 / np.sqrt(t),
    "1/t": 1 / t,
    "1/2 / t²": 0.5 / t**2,
    "1/2 · 0.9ᵗ⁻¹": 0.5 * 0.9 ** (t - 1),
}
table = np.stack(list(sequences.values()), axis=1)
sloped = {curvature: spread(table, curvature) for curvature in (1.0, 0.1)}
for i, name in enumerate(sequences):
    values = (f"{sloped[1.0][k, i]:<11.5f}" for k in (100, 10000, 100000))
    print(f"{name:13} Ση {table[:, i].sum():<9.2f}E w² after 10², 10⁴, 10⁵ steps:", *values)

# %% [markdown] name="robbins-answer"
# ½/√t converges, although its Ση² is infinite. So the popular sentence "the rates must satisfy Σ η² < ∞" says too much: **the
# two conditions are sufficient, not necessary.** On the parabola η → 0 together with Ση = ∞ is enough, for the floor follows η
# down (E w² is near η/2 here). The theorem asks for more because it covers more.
#
# The other two get stuck, and more steps do not help: ½/t² at 2.2, because all its rates together make 0.82, and ½·0.9ᵗ⁻¹ at
# 0.027, with noise that it no longer has the steps to forget. **"A falling learning rate makes SGD converge" is true only if it
# does not fall too fast.** Keras's `ExponentialDecay` has a finite sum. It is for runs that end, not for runs that go on.
#
# So is 1/t the winner? The same table for a flatter direction, λ = 0.1:
#
# > 03.flatter

# %% name="robbins-flat"
for i, name in enumerate(sequences):
    values = (f"{sloped[0.1][k, i]:<11.5f}" for k in (100, 10000, 100000))
    print(f"{name:13} E w² after 10², 10⁴, 10⁵ steps:", *values)
print(f"1/t forgets like t to the power of -2·0.1: {16 * 1e5**-0.2:.2f} of 16 left, up to a factor")
print(f"the best possible here: {1 / (0.1**2 * 1e5):.4f}")

# %% [markdown] name="robbins-flat-answer"
# Above 1: 1.6, which is 1600 times the best possible. The sum of 1/t diverges, but as slowly as ln t, so the distance shrinks
# like $e^{-\lambda\ln t} = t^{-\lambda}$: where λ is a tenth of what the rate was made for, 10⁵ steps leave a third of the way. A rate
# that is ten times too small does not cost a factor here: it lowers the power of t. (This is why theory recommends slower decay,
# such as 1/√t, together with averaging: chapter 08.)

# %% [markdown] name="early"
# ### When to drop the rate
#
# A loss curve has gone flat; you cut the rate to a tenth, and the loss falls at once. Was the drop overdue?
#
# > 03.drop

# %% name="early-run" jupyter={"source_hidden": true}
figure, axes = plt.subplots(figsize=(8, 2.8))
for boundary, line in ((100, "--"), (800, "-."), (1000, "-")):
    rates = step_drop(np.arange(T), 0.1, boundary)
    loss = 1.0 / 2 * spread(rates, 1.0) + 0.01 / 2 * spread(rates, 0.01)
    name = f"drop at {boundary}" if boundary < T else "no drop"
    axes.plot(loss, line, color="black", label=name)
    print(f"{name:12} loss after 200 steps {loss[200]:.4f}, after 1000 {loss[1000]:.4f}")
axes.set(xlabel="step", ylabel="mean loss", ylim=(0, 0.15))
axes.legend()
plt.show()

# %% [markdown] name="early-answer"
# *The picture: the three curves are one until step 100. There the early drop falls below the others, and then hardly falls any
# more; the constant one overtakes it before the end, and the late drop falls below both.*
#
# The early drop wins at 200 and ends *worse than no drop at all*. What falls at once is the noise in the steep direction, which
# the last two hundred steps would have removed as well. What is lost is travel along the flat one. Taking the best next step,
# which was perfect with one curvature, is short-sighted with two. (Wu and others call it short-horizon bias.) So: **travel first, settle
# last**; a plateau of a noisy loss is no proof that the travel is over.

# %% [markdown] name="warm"
# ### Why anyone starts slowly
#
# In the race warm-up gained nothing. Its reason is a loss that is steeper at the start than where training goes. Take $f(w) =
# \tfrac12 w^2 + \tfrac14 w^4$: its gradient is $w + w^3$ and its curvature $1 + 3w^2$, so 1 at the minimum and 49 at w = −4. A
# step from w to $(1 - \eta(1 + w^2))\,w$ gets closer only if $\eta < 2/(1 + w^2)$: at w = −4 below 0.118, near 0 below 2.
#
# > 03.warm_up

# %% name="warm-run" jupyter={"source_hidden": true}
figure, axes = plt.subplots(figsize=(8, 2.8))
plans = {
    "constant 0.1": constant(np.arange(30), 0.1),
    "constant 1.0": constant(np.arange(30), 1.0),
    "warm-up to 1.0": warm_up(np.arange(30), 1.0, warmup_steps=20, decay_steps=1000),
}
for (name, rates), line in zip(plans.items(), ("-", ":", "--")):
    path = [-4.0]
    for rate in rates:
        w = path[-1] if abs(path[-1]) < 1e6 else np.nan
        path.append(gradient_descent(w, w + w**3, rate))
    axes.semilogy(np.abs(path), line, color="black", label=name)
    values = (f"{abs(path[k]):.2g}" for k in (1, 2, 10, 20))
    print(f"{name:15} |w| after 1, 2, 10, 20 steps:", *values)
axes.set(xlabel="step", ylabel="|w|", ylim=(1e-9, 1e6))
axes.legend(loc="lower left")
plt.show()

# %% [markdown] name="warm-answer"
# *The picture: constant 1.0 leaves the picture at the top within three steps; constant 0.1 drops twice
# and then falls along a straight line; the warm-up stays for a step, drops, lingers, then plunges ever more steeply and leaves at
# the bottom at step 20.*
#
# Constant 1.0 diverges (nan: beyond a million we stopped). The warm-up survives, because it has left the steep region before its
# rate would be too large there; after 20 steps it is more than a million times nearer than 0.1. What warm-up cannot do is make
# a rate safe that is too large *where it ends up*: the edge 2/L at the minimum stays. Its best known use is with large batches,
# which allow large rates (Goyal and others, 2017).

# %% [markdown] name="cycles"
# ### Restarts and 1cycle
#
# **Warm restarts** (SGDR; `CosineDecayRestarts`) run a cosine to zero, jump to the top and start again, each round `t_mul`
# times as long (2 if left out). **1cycle** climbs to a rate several times larger than usual during the first third of the run,
# comes down to almost nothing, and moves the momentum the opposite way (0.95, 0.85, 0.95); in Keras you write it as a subclass
# of `LearningRateSchedule`, or assign the rate in a callback. PyTorch has it as `OneCycleLR`.

# %% name="cycles-run" jupyter={"source_hidden": true}
figure, axes = plt.subplots(figsize=(8, 2.6))
counts = np.arange(280)
axes.plot(counts, warm_restarts(counts, 0.1, 40), "-", color="black", label="warm restarts, 40 and t_mul 2")
axes.plot(counts, one_cycle(counts, 0.3, 280), "--", color="#E69F00", label="1cycle to 0.3")
axes.set(xlabel="count of steps", ylabel="learning rate")
axes.legend()
plt.show()
print("restarts at counts", *np.flatnonzero(np.diff(warm_restarts(counts, 0.1, 40)) > 0.05) + 1)
for rounds in (1, 2, 3, 5):
    losses = final_loss(warm_restarts(count, starts, np.ceil(T / rounds), t_mul=1, alpha=lows))
    print(f"in the race, equal rounds of cosine: {rounds}, loss {losses.min():.4f}")
for part in (0.05, 0.3, 0.5):
    print(f"1cycle, rising for {part:.0%}: loss {final_loss(one_cycle(count, starts, T, part, end=lows)).min():.4f}")

# %% [markdown] name="cycles-answer"
# *The picture: the restarts are three half waves down, each twice as long as the one before; 1cycle is a hill with a short climb
# and a long descent.*
#
# On parabolas each restart, and each step of the climb, costs something: one round is best. What they are for does not show
# here. A restart ends low several times, so that you may stop, or keep the weights, at the end of each round. The climb is a
# warm-up, and it lets a network take rates that it would not survive at the start; whether it then trains faster is a question
# for an experiment on networks, which is not shown here.

# %% [markdown] name="who-batch-question"
# ### Another batch size, the same schedule
#
# > 03.doubled

# %% name="who-batch"
for batch in (16, 32, 64, 128):
    calls = 10 * int(np.ceil(1000 / batch))
    last = cosine(calls - 1, 0.1, decay_steps=320)
    idle = max(calls - 320, 0) / calls
    print(f"batch {batch:3}: {calls} calls, last rate {last:.5f}, {idle:.0%} of the run at rate 0")

# %% [markdown] name="who-batch-answer"
# About half of the first, 0.0505: the run ends in the middle of the cosine, and the calm end never comes. With half the batch
# it is worse, the second half of the run does nothing at all: the schedule is written in steps.

# %% [markdown] name="explorer-task"
# ### A drop under momentum
#
# With `momentum` β (chapter 04) Keras keeps a velocity, $v \leftarrow \beta v - \eta g$, and moves by it:
# $w \leftarrow w + v$. The learning rate is *inside* the velocity. PyTorch keeps it outside: $b \leftarrow \beta b + g$, then
# $w \leftarrow w - \eta b$. At constant η they are the same. Below, both roll down a noisy ½w² under one schedule. Three things
# to find:
#
# 1. At the start you see the first step after a drop to a tenth. How far does each ball move, compared with the step before?
#    What becomes of the difference at momentum 0?
# 2. Go through the steps after the drop. Which ball's mean loss first *rises*, how high, and when is the top?
# 3. Choose "cosine" and go to step 120, where η = 0. Which ball still moves, and which has the lower loss?

# %% name="explorer"
Schedule()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
now, _ = Schedule().compute("step", 0.1, 0.9)
for name in ("keras", "torch"):
    loss, move = now[f"{name}.loss"][0], now[f"{name}.move"][0]
    top = 61 + loss[61:].argmax()
    print(f"1: {name} moves {move[61] / move[60]:.0%} as far as before;", end=" ")
    print(f"2: loss {loss[61]:.2f} at the drop, its later top {loss[top]:.2f} at step {top}")
now, _ = Schedule().compute("cosine", 0.1, 0.9)
for name in ("keras", "torch"):
    loss, move = now[f"{name}.loss"][0, 120], now[f"{name}.move"][0, 120]
    print(f"3: at η = 0 {name} moves {move:.4f}; its loss there is {loss:.3f}")

# %% [markdown] name="explorer-answer"
# *The picture: first, the rate with its drop at step 60; then the mean loss, where Keras's ball climbs to a bump after the
# drop and PyTorch's falls; last, how far each moves, PyTorch's cut at once to a tenth, Keras's fading over ten steps.*
#
# PyTorch's ball slows at once. Keras's keeps the speed it gained at the old rate, while the slope that should turn it back
# counts only a tenth: it climbs, to three times the loss, before friction stops it. Without momentum there is
# no velocity and no difference. So **with Keras's momentum, a sharp drop of η costs a bump**, here at its top after ten steps.
# The cosine makes no such bump, but the lag is there, too: in this short run Keras's ball ends at twice PyTorch's loss. To
# imitate PyTorch, multiply the velocity by the same factor as η. (Chapter 04 has the picture: a drop of η makes the ball
# *heavier* at full speed.)

# %% [markdown] name="surprise"
# ### The small print of the schedules
#
# > 03.boundary

# %% name="surprise-run"
count = np.arange(140)
print("steps with the old rate:", np.sum(step_drop(count, 0.1, boundary=60) == 0.1))
rates = warm_up(count, 0.1, warmup_steps=20, decay_steps=100)
print("warm-up, first rates:", *rates[:4].round(4), " largest at count", rates.argmax())
print("zero at counts", *np.flatnonzero(rates == 0)[:3], "…")
print(f"a run of 100 steps ends at rate {rates[99]:.4f}")

# %% [markdown] name="surprise-answer"
# - **A boundary still belongs to the old rate** (count ≤ 60), and counts start at 0: 61 steps. Keras's page says so itself, for
#   a boundary of 100000: "the first 100001 steps".
# - **`decay_steps` begins after the warm-up:** the end is at 20 + 100 = 120. If you have 100 steps in all and set 100, the
#   run ends above zero, at a tenth of the full rate.
# - **A warm-up from 0 makes a first step of length 0:** a batch read, nothing learned. Harmless; but a test that asks "did the
#   weights change after one step?" fails. And `warmup_steps` *without* `warmup_target` is ignored, without a word: the rate
#   starts at its full height.
# - **A cosine ends at exactly 0 and stays there.** A second `fit` goes on counting where the first ended, and so moves nothing:
#   the loss stands still, no error. Give `alpha` (the end as a fraction of the start), or compile with a new optimizer. (With
#   momentum Keras's ball coasts on for a while.)
#
# <details><summary>The same in Keras (run with Keras 3.15; tests hold the numbers)</summary>
#
#     drop = schedules.PiecewiseConstantDecay([60], [0.1, 0.01])
#     drop(59), drop(60), drop(61)                                  # 0.1, 0.1, 0.01
#     warm = schedules.CosineDecay(0.0, 100, warmup_target=0.1, warmup_steps=20)
#     [warm(k) for k in (0, 10, 20, 70, 120, 130)]                  # 0, 0.05, 0.1, 0.05, 0, 0
#     cold = schedules.CosineDecay(0.1, 100, warmup_steps=20)
#     [cold(k) for k in (0, 50, 100)]                               # 0.1, 0.05, 0: no warm-up at all
# </details>

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 03.overdue
#
# ? 03.accumulated
#
# ? 03.between

# %% [markdown] name="sources"
# **Sources.** H. Robbins, S. Monro, *A Stochastic Approximation Method*, 1951,
# [doi:10.1214/aoms/1177729586](https://doi.org/10.1214/aoms/1177729586). · A. Nemirovski, A. Juditsky, G. Lan, A. Shapiro,
# *Robust Stochastic Approximation Approach to Stochastic Programming*, 2009,
# [doi:10.1137/070704277](https://doi.org/10.1137/070704277) (how 1/t fails where the curvature is overestimated). · Y. Wu, M.
# Ren, R. Liao, R. Grosse, *Understanding Short-Horizon Bias in Stochastic Meta-Optimization*, 2018,
# [arXiv:1803.02021](https://arxiv.org/abs/1803.02021). · I. Loshchilov, F. Hutter, *SGDR*, 2017,
# [arXiv:1608.03983](https://arxiv.org/abs/1608.03983) (cosine, warm restarts). · L. N. Smith, N. Topin, *Super-Convergence*,
# 2019, [arXiv:1708.07120](https://arxiv.org/abs/1708.07120) (1cycle). · P. Goyal et al., *Accurate, Large Minibatch SGD*,
# 2017, [arXiv:1706.02677](https://arxiv.org/abs/1706.02677) (warm-up). · Keras 3.15, `keras/src/optimizers/base_optimizer.py`,
# `keras/src/optimizers/schedules/learning_rate_schedule.py`, and
# [keras.io](https://keras.io/api/optimizers/learning_rate_schedules/).
