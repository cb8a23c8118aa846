# %% [markdown] name="title"
# # 07 · Clipping
#
# **What survives when a gradient explodes: length or direction?**
#
# After this chapter you can
#
# - say what each of Keras's three clips leaves of a gradient, of its direction, and of the ratio between variables;
# - explain why a loss has cliffs, and bound the length of a step on any loss;
# - tell what clipping costs: the minimum that it moves, and what it does to 1e20, inf and nan.
#
# Keras arguments: `clipvalue`, `clipnorm`, `global_clipnorm`. Core: about 20 minutes; deeper: about 40 more.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# ? 07.step
#
# ? 07.unbiased
#
# ? 07.decay

# %% name="imports" jupyter={"source_hidden": true}
import matplotlib.pyplot as plt
import numpy as np

from course import figures, tuning
from course.arguments import check_arguments
from course.figures import PLAIN, Look
from course.learner.predict import predict
from course.sgd import clip_by_global_norm, clip_by_norm, clip_by_value, heavy_ball

figures.use_course_style()
CLIPPED = Look("clipped", "#E69F00", "#D55E00", "--", "s")

# %% [markdown] name="cliff"
# ## A wall in the loss
#
# A recurrent network with one neuron reads its own state 50 times, and its output should then be 0.7 (Pascanu, Mikolov & Bengio 2013). With
# σ(x) = 1/(1 + e⁻ˣ):
#
# $$ x_{t+1} = w\,\sigma(x_t) + b, \qquad f(b) = \bigl(\sigma(x_{50}) - 0.7\bigr)^2, \qquad \frac{dx_{t+1}}{db} = 1 + w\,\sigma'(x_t)\,\frac{dx_t}{db} . $$
#
# So the slope contains products of up to 50 factors $w\,\sigma'$. Where they are below 1 it **vanishes**; where they are above 1 it
# **explodes**. We hold w = 4.5 and learn only b.

# %% name="cliff-loss"
def network(b, w=4.5):
    """The loss of the looped neuron, and its slope; b may be an array."""
    x, slope = 0.5 + 0.0 * b, 0.0 * b
    for _ in range(50):
        s = 1 / (1 + np.exp(-x))
        x, slope = w * s + b, 1 + w * s * (1 - s) * slope
    s = 1 / (1 + np.exp(-x))
    return (s - 0.7) ** 2, 2 * (s - 0.7) * s * (1 - s) * slope


line = np.linspace(-4, -1, 300_001)
losses, slopes = network(line)
wall = line[np.abs(slopes).argmax()]
lowest = line[losses.argmin()]
print(f"steepest: slope {slopes.min():.0f} at b = {wall:.3f}; lowest: b = {lowest:.3f}")
print(f"half of all slopes are smaller than {np.median(np.abs(slopes)):.3f}")

# %% [markdown] name="cliff-question"
# The loss lies between 0 and 0.49, yet its minimum is at the foot of a wall two thousand times as steep as the land around it. A walker
# with η = 0.2 starts at b = −2.5; beside it walks one whose slopes are cut to ±0.1.
#
# > 07.thrown

# %% name="cliff-walk" jupyter={"source_hidden": true}
def descend(b, steps, threshold=np.inf, rate=0.2):
    """The path of plain descent on the network's loss, its slopes clipped."""
    path = [b]
    for _ in range(steps):
        b = b - rate * np.clip(network(b)[1], -threshold, threshold)
        path.append(b)
    return np.array(path)


plain, clipped = descend(-2.5, 60), descend(-2.5, 60, threshold=0.1)
(far, far_slope), (near, near_slope) = network(plain), network(clipped)
print(f"step 15: slope {far_slope[14]:.1f}, from {plain[14]:.3f} to {plain[15]:.3f}", end=", ")
print(f"where the slope is {far_slope[15]:.0e}")
print(f"after 60 steps: plain b {plain[60]:.3f}, loss {far[60]:.4f};", end=" ")
print(f"clipped b {clipped[60]:.3f}, loss {near[60]:.4f}")

# %% name="cliff-figure" jupyter={"source_hidden": true}
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
near_wall = (line > -2.55) & (line < -2.1)
left.plot(line[near_wall][::30], losses[near_wall][::30], color="0.6")
left.plot(plain[:15], far[:15], PLAIN.marker, color=PLAIN.colour, ms=5)
for step in (0, 1, 2, 3, 4, 7, 8, 14):
    left.annotate(f"{step}", (plain[step], far[step]), (5, 5), textcoords="offset points")
arrow = {"arrowstyle": "->", "lw": 1.5}
left.annotate("", (-2.1, far[14] - 0.01), (-2.295, far[14] - 0.01), arrowprops=arrow)
left.text(-2.22, far[14], "15: to 7.4")
left.set(xlabel="b", ylabel="loss", title="the plain walker's steps, by number")
for path, look in ((plain, PLAIN), (clipped, CLIPPED)):
    right.plot(path[:31], look.line, color=look.colour, marker=look.marker, ms=4, label=look.label)
right.axhline(wall, color="0.6", lw=1)
right.text(30, wall - 0.01, "wall", ha="right", va="top")
right.set(xlabel="step", ylabel="b", ylim=(-2.55, -2.05))
right.legend(loc="lower right")
plt.show()

# %% [markdown] name="cliff-answer"
# *The picture: on the left the plain walker comes down the slope (0 to 3), over the wall to its foot (4 to 7), and at step 14 stands on the
# wall, which throws it out of the picture. On the right its path leaves at step 15; the clipped one goes to and fro across the wall.*
#
# Nearly ten units, and it never comes back: out there the slope is practically zero. At the wall the slope's **direction** is still worth
# something, its **length** is not. So keep the one and shorten the other.
#
# ## Three ways to shorten
#
# With several weights there are three, and all answer one question: *which vector is nearest to g inside a fence of size c?*
#
# | argument | fence | nearest vector |
# |---|---|---|
# | `clipvalue=c` | each entry within [−c, c]: a cube | cut each entry by itself |
# | `clipnorm=c` | each *variable's* gradient no longer than c: a ball per variable | $g\cdot\min(1,\ c/\lvert g\rvert)$, by variable |
# | `global_clipnorm=c` | all gradients together no longer than c: one ball | one factor $\min(1,\ c/\lvert g_\text{all}\rvert)$ for all |
#
# The Keras reference page on the last: "the gradient of all weights is clipped so that their global norm is no higher than this
# value" (keras.io).
#
# <details><summary>Why these are nearest</summary>
#
# In the cube the squared distance is a sum over entries, and each is smallest by itself. In the ball, a vector d is at least
# |g| − |d| ≥ |g| − c away from g, and only $g\,c/|g|$ is just that near.
# </details>
#
# > 07.shorter

# %% name="three-run"
def turned(before, after):
    """The angle between two vectors, in degrees."""
    cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
    return np.degrees(np.arccos(min(cosine, 1.0)))


g = [np.array([3.0, 4.0]), np.array([0.6])]
ways = {
    "clipvalue": [clip_by_value(part, 1.0) for part in g],
    "clipnorm": [clip_by_norm(part, 1.0) for part in g],
    "global_clipnorm": clip_by_global_norm(g, 1.0),
}
whole = np.concatenate(g)
for name, (a, b) in ways.items():
    both = np.concatenate([a, b])
    print(f"{name:16} A {a.round(3)}  B {b.round(3)}  B/A {b[0] / np.linalg.norm(a):.2f}", end="  ")
    print(f"length of all {np.linalg.norm(both):.3f}  turned by {turned(whole, both):.0f}°")

# %% [markdown] name="three-answer"
# Only `global_clipnorm`. Before [clipping](16_glossary.ipynb#Clipping), B was 0.12 of A. By value A turns; by norm A keeps its direction,
# but the *ratio* of B to A rises to 0.6, so the whole gradient turns. By global norm the whole direction stays.
#
# ## Move it by hand
#
# A's gradient is the arrow, B's a slider; the thin lines are the fences. Drag the arrow's tip and the threshold.
#
# 1. At the start, c = 1.50: which clips turn A, and which turn A and B together?
# 2. Lower c to 0.10. When does `clipvalue` stop turning A?

# %% name="explorer"
from course.explorers import DecayAndClip

DecayAndClip(show="clip")

# %% name="explorer-numbers" jupyter={"source_hidden": true}
a, b = np.array([3.0, 1.0]), np.array([4.5])
whole = np.concatenate([a, b])
for c in (1.5, 1.0, 0.1):
    value, norm = clip_by_value(whole, c), [*clip_by_norm(a, c), *clip_by_norm(b, c)]
    print(f"c {c}: clipvalue turns A by {turned(a, value[:2]):.1f}°, to {value[:2]};", end=" ")
    print(f"both: value {turned(whole, value):.1f}°, norm {turned(whole, np.array(norm)):.1f}°")

# %% [markdown] name="explorer-answer"
# *The picture: A's arrow (3, 1) and what each clip leaves of it; the lengths of A and B; the angle against c.*
#
# From c = 1 down only the *signs* are left by value: A points to the corner (c, c). The other two never turn A.
#
# **A bound for every step.** With a clip to length c, plain descent moves by at most ηc, whatever the loss does. With momentum the
# velocity sums such steps, as on a steady slope (chapter 04): at most **ηc/(1 − β)**.
#
# ## A surprise: a gradient of 1e20
#
# All of this is float32, whose largest number is 3.4·10³⁸. To measure a length, one squares.
#
# > 07.explosion

# %% name="surprise-explosion-run"
ways = {
    "clipvalue": lambda parts, c: [clip_by_value(part, c) for part in parts],
    "clipnorm": lambda parts, c: [clip_by_norm(part, c) for part in parts],
    "global_clipnorm": clip_by_global_norm,
}
print(f"{'A = (entry, 3), B = (0.5)':26}", *(f"{name:21}" for name in ways))
for entry in (1e19, 1e20, np.inf, np.nan):
    parts = [np.array([entry, 3], "float32"), np.array([0.5], "float32")]
    with np.errstate(all="ignore"):
        left = [way(parts, np.float32(1)) for way in ways.values()]
    print(f"{f'entry {entry:g}':26}", *(f"{f'{a.round(2)} {b.round(2)}':21}" for a, b in left))

# %% [markdown] name="surprise-explosion-answer"
# (0, 0). Each clip leaves something else, as in Keras itself (`tests/claims/test_chapter_07.py`).
#
# - `clipvalue` measures no length: 1e20 and inf become 1. A nan passes.
# - `clipnorm`: the square of 1e20 overflows, the length is inf, and c/inf is **zero**: from 1.8·10¹⁹ on, an explosion looks like a vanished
#   gradient. With an inf, inf/inf is nan. B is untouched.
# - `global_clipnorm` makes an infinite length a nan on purpose, in *every* gradient: the whole model is lost by one entry.
#
# So a clip is no guard against nan (chapter 10 has one).

# %% [markdown] name="recap"
# ## Recap
#
# - **What each leaves.** Value: each entry in [−c, c], the direction turns. Norm: each variable's direction, not the ratio between
#   variables. Global norm: the whole direction.
# - **Why.** Products of many factors make walls. A clip bounds the step: ηc, with momentum ηc/(1 − β).
# - **The cost.** 1e20 becomes 1, 0 or nan. And noise can move the end (Deeper).

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 07](../exercises/07_clipping.ipynb): repair a clip, clip all gradients together, choose for ten faulty images. Tasks 4 and 6 need
# *What it costs* in Deeper.

# %% [markdown] name="deeper"
# ## Deeper
#
# How long and how far turned a clipped gradient can be, why clipping can be *faster*, how it moves the minimum, how to choose c, and what
# Keras does on two devices and with wrong thresholds. For those who set a clip; each section stands alone.

# %% [markdown] name="three-many-question"
# ### "`clipnorm` clips the gradient to length c"
#
# It clips each variable's. The Keras reference page says so, if one reads "weight" as variable: "the gradient of each weight
# is individually clipped" (keras.io). The length of all is bounded by c·√(number of variables).
#
# > 07.many

# %% name="three-many"
random = np.random.default_rng(0)
many = [random.normal(size=20) for _ in range(214)]
for name, parts in (
    ("clipnorm", [clip_by_norm(part, 1.0) for part in many]),
    ("global_clipnorm", clip_by_global_norm(many, 1.0)),
):
    print(f"{name}: length of all {np.linalg.norm(np.concatenate(parts)):.2f}")
print(f"the bound √214 = {np.sqrt(214):.2f}")

# %% [markdown] name="three-many-answer"
# Nearly 15. PyTorch's `clip_grad_norm_(parameters, 1.0)` takes one norm for all: "over the norms of the individual gradients of all parameters,
# as if the norms of the individual gradients were concatenated into a single vector". In Keras that is `global_clipnorm=1.0`, and
# `clip_grad_value_` is `clipvalue`. For `clipnorm` PyTorch has no function of its own.
#
# ### How far can the direction turn?
#
# > 07.angle

# %% name="turn-run"
for size in (2, 100, 10_000):
    gradient = np.ones(size)
    gradient[0] = 1e9
    angle, formula = turned(gradient, clip_by_value(gradient, 1.0)), np.arccos(size**-0.5)
    print(f"{size:6} entries: turned by {angle:.1f}°, arccos(1/√n) is {np.degrees(formula):.1f}°")
random = np.random.default_rng(1)
wild = random.standard_cauchy(size=(10_000, 20))
uphill = np.sum(wild * clip_by_value(wild, 1.0), axis=1) <= 0
print("uphill among 10,000 wild gradients:", int(np.sum(uphill)))

# %% [markdown] name="turn-answer"
# By 84°: the cosine is 1/√n. It never gets to 90°, let alone beyond: each entry keeps its sign, so no term of the product with g is negative.
# A step against a clipped gradient goes downhill, by any of the three.
#
# ### How long can a step be?
#
# > 07.longest

# %% name="length-run"
random = np.random.default_rng(2)
for momentum in (0.0, 0.9):
    longest, w, v = 0.0, np.zeros(3), np.zeros(3)
    for count in range(2000):
        mood = np.ones(3) if count % 200 < 100 else random.normal(size=3)  # steady, then wild
        gradient = clip_by_norm(1e6 * mood, 1.0)
        w, v = heavy_ball(w, v, gradient, 0.1, momentum)
        longest = max(longest, np.linalg.norm(v))
    print(f"momentum {momentum}: longest step {longest:.4f}, bound {0.1 / (1 - momentum):.4f}")

# %% name="length-wall"
starts = np.linspace(-4, -1, 1000)
for threshold in (np.inf, 1.0, 0.3, 0.1):
    ends = descend(starts, 300, threshold, rate=0.1)[-1]
    thrown = np.mean((ends < -4.1) | (ends > -0.9))
    print(f"threshold {threshold}: thrown out {thrown:.0%}", end=", ")
    print(f"loss below 0.01: {np.mean(network(ends)[0] < 0.01):.0%}")

# %% [markdown] name="length-wall-answer"
# Up to 1: the clip stands before the velocity, and bounds not the step but what each gradient adds. Of 1000 walkers
# that start between b = −4 and −1 at the wall, with η = 0.1, seven in ten leave that range without a clip, none with one. Clipping does not make them settle: the wall stands right beside the minimum, so they step on it again and again,
# and are thrown ηc each time, not ten units.

# %% [markdown] name="smooth"
# ### Why a clip can be faster
#
# Chapter 01's step 1/L needs one bound L on all curvature. Networks have none; but where they are steep they are curved. Zhang, He, Sra and
# Jadbabaie (2020) measured it and ask for less: **curvature ≤ L₀ + L₁·|slope|**. The step that such a curvature allows is about
#
# $$ \frac{g}{L_0 + L_1\,|g|} \;\approx\; \frac{1}{L_0}\; g\,\min\Bigl(1,\ \frac{L_0/L_1}{|g|}\Bigr) $$
#
# to within a factor of 2: a gradient clipped at c = L₀/L₁. A fixed η must serve the steepest place, and is far too short for all others.
#
# > 07.faster

# %% name="smooth-run"
for low, high in ((1, 3), (3, 10), (10, 30), (30, 200)):
    there = (np.abs(slopes) >= low) & (np.abs(slopes) < high)
    ratio = np.abs(np.gradient(slopes, line))[there] / np.abs(slopes[there])
    print(f"the wall, slopes {low} to {high}: curvature / slope about {np.median(ratio):.0f}")


def steps_down(rate, c=np.inf):
    """Steps from w = 10 to 0.001 on cosh w; 0 where it diverges."""
    w = 10.0
    for count in range(10_000):
        if not 1e-3 < abs(w) < 50:
            return count if abs(w) < 50 else 0
        w = w - rate * np.clip(np.sinh(w), -c, c)


rates = (0.001, 0.0015, 0.0018, 0.0019, 0.01, 0.1)
print("plain, η", *(f"{rate}: {steps_down(rate) or 'diverges'}," for rate in rates))
print("clipped at 1, η 0.5:", steps_down(0.5, 1.0))

# %% [markdown] name="smooth-answer"
# 28 against 4217. On the neuron's wall, too, curvature grows with the slope, roughly in proportion. So clipping is not only a guard: on
# such losses it can be far faster than a fixed learning rate that is safe at the steepest place. (The theorem is about full gradients and,
# under more conditions, noisy ones.)
#
# ### "Clipping fixes exploding and vanishing gradients"
#
# > 07.vanishing

# %% name="vanishing-run"
slope = np.array([network(7.4)[1]])
print(f"slope {slope[0]:.2e}, after clip_by_norm {clip_by_norm(slope, 1.0)[0]:.2e}")

# %% [markdown] name="vanishing-answer"
# It stays: a clip shortens, it never lengthens. Correct sentence: **clipping bounds what an exploding gradient can do; against
# vanishing ones it does nothing** (Pascanu and others propose an extra term in the loss for those).

# %% [markdown] name="bias"
# ### What it costs: another minimum
#
# Chapter 02's promise was that minibatch gradients are right *on average*. But the average of clipped gradients is not the clipped average.
# Nine of ten examples say −1, the tenth says +9. The mean is 0, so $\tfrac12\,\mathbb E\,(w-a)^2$ has its minimum at w = 0. An example's
# gradient is w − a. We take one example per step and clip with c = 1.
#
# > 07.ninety

# %% name="bias-run"
def settled(thresholds, batch):
    """Where w settles under each threshold: the mean of 400 walkers' last 1500 steps."""
    random = np.random.default_rng(3)
    w, late = np.zeros((len(thresholds), 400)), 0.0
    for count in range(3000):
        examples = np.where(random.random((batch, 400)) < 0.1, 9.0, -1.0).mean(axis=0)
        w = w - 0.01 * np.clip(w - examples, -thresholds[:, None], thresholds[:, None])
        late = late + w.mean(axis=1) * (count >= 1500) / 1500
    return late


thresholds = np.array([0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 7.5, 9.0, 10.5, 12.0])
one, ten = settled(thresholds, 1), settled(thresholds, 10)
print(f"clipvalue 1, one example per step: settles at {one[1]:.2f}; batches of ten: {ten[1]:.2f}")

# %% [markdown] name="bias-derivation"
# Near −0.9. It rests where the clipped gradients balance. For a w between −1 and 0 the nine pull with w + 1, the tenth would
# pull with 9 − w but is cut to c:
#
# $$ 0.9\,(w+1) = 0.1\,c \qquad\Longrightarrow\qquad w = \frac c9 - 1 \quad\text{for } c \le 9 . $$
#
# At c = 9 nothing is cut any more, and w is the mean. At c → 0 only signs are left, and w is the **median**. In between, SGD
# minimises another loss: the one whose slope is the clipped slope, known to statisticians as Huber's. It cares little for
# rare large examples. That can be a blessing where they are mistakes, and is an error where they are the point.

# %% name="bias-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots()
axes.plot(thresholds, np.minimum(thresholds / 9 - 1, 0), color="0.6", label="c/9 − 1, then 0")
axes.plot(thresholds, one, CLIPPED.marker, color=CLIPPED.colour, label="one example per step")
axes.plot(thresholds, ten, "D", color="#0072B2", label="batches of ten")
axes.set(xlabel="threshold c", ylabel="where w settles")
axes.legend()
plt.show()
print("batches of ten:", *ten.round(2) + 0.0)

# %% [markdown] name="bias-answer"
# *The picture: the squares lie on a straight line that rises from −0.94 at c = 0.5 to 0 at c = 9 and stays there; the
# diamonds lie just under 0 from the start.*
#
# Batches of ten nearly heal it: they average *before* the clip, and their mean is seldom extreme. Without noise and decay, a clip changes the
# way and not the end; with noise it can move the end, however small the learning rate (Koloskova and others 2023).
#
# ### Choosing the threshold
#
# So c should let the usual gradient pass and cut only the rare one: measure first. Chapter 12's network on the digits, 600 steps with batches
# of 8 and no clip:
#
# > 07.hundredth

# %% name="threshold-run"
images, labels, learn, *_ = tuning.digits()
random, weights, lengths = np.random.default_rng(0), tuning.first_weights(0), []
weights = [w[None] for w in weights]
for _ in range(600):
    rows = random.choice(learn, 8)[None]
    _, gradients = tuning.losses_and_gradients(weights, images[rows], labels[rows])
    lengths.append(np.sqrt(sum(np.sum(g**2) for g in gradients)))
    weights = [w - 0.1 * g for w, g in zip(weights, gradients)]
for part in (50, 90, 99, 100):
    print(f"{part} % of the gradients are no longer than {np.percentile(lengths, part):.2f}")

# %% name="threshold-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots(figsize=(8, 2.6))
axes.hist(lengths, bins=40, color="#56B4E9")
axes.axvline(np.percentile(lengths, 99), color="0.3", ls="--", label="99 %")
axes.set(xlabel="length of the whole gradient", ylabel="steps")
axes.legend()
plt.show()

# %% [markdown] name="threshold-answer"
# *The picture: a histogram with one hump, from 0 to 3; a dashed line at 2.4 has one hundredth of the steps to its right.*
#
# Twice the median: c = 2.4 is a guard here, c = 1 would be another method, for it cuts more than half. Where the tail is as short as this,
# no clip is needed; a long tail, or single lengths far off, is what a clip is for. Print such lengths for your own model, as they differ
# from model to model and fall during training.

# %% [markdown] name="surprise-replicas"
# ### Clipping on two devices
#
# Under `tf.distribute` each replica computes its own gradient, and they are summed.
#
# > 07.two_devices

# %% name="surprise-replicas-run"
replicas = [np.array([10.0]), np.array([10.0])]
print("clip each, then sum (Keras):", sum(clip_by_norm(g, 1.0) for g in replicas))
print("sum, then clip (course.SGD):", clip_by_norm(sum(replicas), 1.0))


def settled_on(devices, c):
    """Where w settles when `fit` splits batches of ten; it divides each loss by the devices."""
    random, w, late = np.random.default_rng(3), np.zeros(400), 0.0
    for count in range(3000):
        shape = (devices, 10 // devices, 400)
        examples = np.where(random.random(shape) < 0.1, 9.0, -1.0).mean(axis=1)
        w = w - 0.01 * np.clip((w - examples) / devices, -c, c).sum(axis=0)
        late = late + w.mean() * (count >= 1500) / 1500
    return late


for c in (0.25, 1.0):
    print(f"c = {c}: settles at", *(f"{settled_on(n, c):.3f} on {n}," for n in (1, 2, 5)))

# %% [markdown] name="surprise-replicas-answer"
# By 2: the bound is c *per replica*. The [bias](16_glossary.ipynb#Bias) of *What it costs*, with batches of ten, can go either way. Each replica averages fewer examples before its clip, which makes it
# larger, but `fit` divides each replica's loss by their number, which makes the threshold so many times wider: at c = 0.25 it grows, at c = 1
# it shrinks. `course.SGD` sums first, so that two devices take the step of one with the joined batch (both run on two CPU devices in
# `tests/claims/test_chapter_07.py` and `tests/test_distribution.py`). Gradient accumulation in Keras averages first and then clips (chapter 09).

# %% [markdown] name="surprise-silence"
# ### A threshold of zero
#
# > 07.zero

# %% name="surprise-silence-run"
for wrong in ({"clipnorm": 0.0}, {"clipvalue": -1.0}, {"clipnorm": 1.0, "clipvalue": 0.5}):
    try:
        check_arguments(**wrong)  # what course.SGD does first
    except ValueError as refusal:
        print(refusal)

# %% [markdown] name="surprise-silence-answer"
# Above are the answers of `course.SGD`. Keras 3.15 takes the first two without a word, and **ignores** them: gradients pass
# unclipped. The third it refuses, as we do: only one of the three may be set.
#
# The reference page's sentence on `clipvalue`, "clipped to be no higher than this value" (keras.io), leaves a question: an
# entry of −30 is no higher than 1. It is clipped, too, to −1.
#
# <details><summary>In Keras itself</summary>
#
# One step with η = 1 from 0 on the gradients (3, −4) and (0.5); we ran it with Keras 3.15, and `tests/claims/test_chapter_07.py` repeats it:
#
# | argument | moves A by | moves B by |
# |---|---|---|
# | `clipvalue=1.0` | (−1, 1) | −0.5 |
# | `clipnorm=-1.0`, `clipnorm=0.0`, `clipvalue=-1.0`, `global_clipnorm=0.0` | (−3, 4) | −0.5 |
# </details>
#
# ### Below the threshold
#
# > 07.below

# %% name="surprise-bits-run"
random = np.random.default_rng(4)
for c in (np.float32(1.0), np.float32(0.3)):
    changed, farthest = dict.fromkeys(ways, 0), 0.0
    for _ in range(2000):
        g = random.normal(size=5)
        g = (g / np.linalg.norm(g) * c / 2).astype("float32")
        for name, way in ways.items():
            after = way([g], c)[0]
            changed[name] += int(np.any(after != g))
            farthest = max(farthest, np.max(np.abs(after / g - 1)))
    print(f"c = {c:.1f}: changed {changed}, by at most 1.2e-7 of an entry: {farthest < 1.2e-7}")
with np.errstate(divide="ignore"):
    print("zero stays zero:", all(not np.any(way([np.zeros(3)], 1.0)[0]) for way in ways.values()))

# %% [markdown] name="surprise-bits-answer"
# `clipnorm` multiplies by c and divides by c, which for c = 0.3 does not always give back the last bit. It is harmless,
# unless you compare bits. A zero gradient stays zero: Keras keeps it away from the division.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 07.thousand
#
# ? 07.recipe
#
# ? 07.nan

# %% [markdown] name="sources"
# **Sources.** R. Pascanu, T. Mikolov & Y. Bengio, *On the difficulty of training recurrent neural networks*, 2013,
# [arXiv:1211.5063](https://arxiv.org/abs/1211.5063). · A. Koloskova, H. Hendrikx & S. U. Stich, *Revisiting Gradient
# Clipping: Stochastic bias and tight convergence guarantees*, 2023, [arXiv:2305.01588](https://arxiv.org/abs/2305.01588). ·
# J. Zhang, T. He, S. Sra & A. Jadbabaie, *Why Gradient Clipping Accelerates Training*, 2020,
# [arXiv:1905.11881](https://arxiv.org/abs/1905.11881). · P. J. Huber, *Robust Estimation of a Location Parameter*, 1964,
# [doi:10.1214/aoms/1177703732](https://doi.org/10.1214/aoms/1177703732). · PyTorch documentation of `clip_grad_norm_`. ·
# Keras 3.15, `keras/src/optimizers/base_optimizer.py`.
