# %% [markdown] name="title"
# # 07 · Clipping
#
# **What survives when a gradient explodes: length or direction?**
#
# After this chapter you can
#
# - say what each of Keras's three clips leaves of a gradient, of its direction, and of the ratio between variables;
# - explain why a loss has cliffs, and bound the length of a step on any loss;
# - tell what clipping costs: where it moves the minimum, and what it does to 1e20, inf and nan.
#
# Keras arguments: `clipvalue`, `clipnorm`, `global_clipnorm`. About 35 minutes to read; it runs in a few seconds.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# <details><summary>1. With the learning rate 0.1, how long is a step of plain descent?</summary>
#
# 0.1 times the gradient's length (chapter 01). "0.1" takes the learning rate for a length. Where the gradient is 1000, the
# step is 100.
# </details>
#
# <details><summary>2. A minibatch gradient is unbiased. Is its median the full gradient, too? And its square?</summary>
#
# Neither: only the *mean* of many minibatch gradients is the full gradient (chapter 02). "Unbiased" is about the mean, and
# survives additions and multiplications by constants, nothing else.
# </details>
#
# <details><summary>3. Keras clips a gradient to length 1. The weight is 10 and decays with 0.5. Is the decay's pull of 5
# clipped, too?</summary>
#
# No, the decay is applied to the weights after clipping (chapter 06). It would be if it were a penalty in the loss.
# </details>

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np

from course import figures
from course.arguments import check_arguments
from course.figures import PLAIN, Look
from course.sgd import clip_by_global_norm, clip_by_norm, clip_by_value, heavy_ball

figures.use_course_style()
CLIPPED = Look("clipped", "#E69F00", "#D55E00", "--", "s")

# %% [markdown] name="cliff"
# ## A wall in the loss
#
# A recurrent network with one neuron reads its own state 50 times, and its output shall then be 0.7 (Pascanu, Mikolov &
# Bengio 2013):
#
# $$ x_{t+1} = w\,\sigma(x_t) + b, \qquad f(b) = \bigl(\sigma(x_{50}) - 0.7\bigr)^2, \qquad \sigma(x) = \frac{1}{1+e^{-x}} . $$
#
# We hold w = 4.5 and learn only b. The chain rule goes through the loop once per step,
#
# $$ \frac{dx_{t+1}}{db} = 1 + w\,\sigma'(x_t)\,\frac{dx_t}{db} , $$
#
# so the slope contains products of up to 50 factors $w\,\sigma'$. Where they are below 1 it **vanishes**; where they are
# above 1, if only by a little, it **explodes**.
#
# > **Predict:** the loss itself lies between 0 and 0.49. How steep can it get: about 1, about 10 or above 100?

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
# The minimum lies at the foot of a wall that is two thousand times as steep as the country around it. Let a walker with
# η = 0.2 start at b = −2.5; beside it walks one whose every slope is cut to ±0.1.
#
# > **Predict:** sooner or later the first steps on the wall, where the slope is −48. How far does that step throw it: about
# > 0.5, 10 or 50? And does it come back?

# %% name="cliff-walk"
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

# %% name="cliff-figure"
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
left.plot(line[::30], losses[::30], color="0.6")
left.plot(plain[:15], far[:15], PLAIN.marker, color=PLAIN.colour, ms=4)
left.set(xlabel="b", ylabel="loss", title="14 steps, the last one onto the wall")
for path, look in ((plain, PLAIN), (clipped, CLIPPED)):
    right.plot(path, look.line, color=look.colour, marker=look.marker, ms=3, label=look.label)
right.set(xlabel="step", ylabel="b")
right.legend(loc="center right")
plt.show()

# %% [markdown] name="cliff-answer"
# *The picture: on the left a high plain that falls over a vertical wall to zero and then rises gently; the walker's points
# lie on both sides of the wall, one on the wall itself. On the right the plain walker leaves at step 15, straight up to b =
# 7.4, and stays; the clipped one stays below −2.*
#
# Nearly ten units, and it never comes back: out there the slope is practically zero. One step has undone all. The slope was
# no mistake; it is right for a stretch shorter than the step. At the wall its **direction** is still worth something, its
# **length** is not. So keep the one and shorten the other, as the second walker does: it stays near the wall's foot.

# %% [markdown] name="three"
# ## Three ways to shorten
#
# With several weights there is more than one way. All three answer the same question, *which vector is nearest to g inside a
# fence of size c?*, each with its own fence:
#
# | argument | fence | nearest vector |
# |---|---|---|
# | `clipvalue=c` | each entry within [−c, c]: a cube | cut each entry by itself |
# | `clipnorm=c` | each *variable's* gradient no longer than c: a ball per variable | $g\cdot\min(1,\ c/\lvert g\rvert)$, by variable |
# | `global_clipnorm=c` | all gradients together no longer than c: one ball | one factor $\min(1,\ c/\lvert g_\text{all}\rvert)$ for all |
#
# Why these are nearest: in the cube the squared distance is a sum over entries, and each is smallest by itself. For the ball,
# a vector d with |d| ≤ c is at least |g| − c away from a longer g (triangle inequality), and only $g\,c/|g|$ is just that
# near.
#
# The proof against 10,000 random points inside each fence, for a random gradient with three entries:

# %% name="three-nearest"
random = np.random.default_rng(5)
gradient, inside = random.normal(size=3) * 4, random.uniform(-1, 1, size=(10_000, 3))
in_ball = inside[np.linalg.norm(inside, axis=1) <= 1]
for fence, points, nearest in (
    ("cube", inside, clip_by_value(gradient, 1.0)),
    ("ball", in_ball, clip_by_norm(gradient, 1.0)),
):
    margin = np.linalg.norm(points - gradient, axis=1).min() - np.linalg.norm(nearest - gradient)
    print(f"{fence}: no point is nearer than the clip: {margin > 0}; the best is {margin:.2f} farther")

# %% [markdown] name="three-question"
# A network has two variables, A with the gradient (3, 4) and B with (0.6). We clip with c = 1.
#
# > **Predict:** B is shorter than c. Which clips change it: all, two, one or none?

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
# Only `global_clipnorm`. Before [clipping](16_glossary.ipynb#Clipping), B was 0.12 of A.
#
# - By value, A has become (1, 1): another direction.
# - By norm A keeps its own direction. But the *ratio* of B to A has risen from 0.12 to 0.6, so the whole gradient turns as well.
# - By global norm everything shrinks by one factor, and the whole direction stays.
#
# ### "`clipnorm` clips the gradient to length c"
#
# It clips each variable's. The Keras reference page says so, if one reads "weight" as variable: "the gradient of each weight
# is individually clipped" (keras.io). The length of all is not bounded by c but by c·√(number of variables).
#
# > **Predict:** a ResNet-50 has 161 variables. With `clipnorm=1`, how long can the whole gradient still be: 1, about 13 or 161?

# %% name="three-many"
random = np.random.default_rng(0)
many = [random.normal(size=20) for _ in range(161)]
for name, parts in (
    ("clipnorm", [clip_by_norm(part, 1.0) for part in many]),
    ("global_clipnorm", clip_by_global_norm(many, 1.0)),
):
    print(f"{name}: length of all {np.linalg.norm(np.concatenate(parts)):.2f}")
print(f"the bound √161 = {np.sqrt(161):.2f}")

# %% [markdown] name="three-many-answer"
# Nearly 13. PyTorch's `clip_grad_norm_(parameters, 1.0)` takes the norm "over all gradients together": in Keras that is
# `global_clipnorm=1.0`. `clipnorm=1.0` is another method.
#
# ## Direction: how far can it turn?
#
# By value, A turned from (3, 4) to the corner (1, 1). Where all entries are beyond c, only their *signs* are left, and every
# clipped gradient points to a corner of the cube.
#
# > **Predict:** one entry is enormous and 99 are exactly c. By what angle does `clipvalue` turn this gradient: 10°, 45° or
# > 84°? Can it ever point uphill?

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
# By 84°: the cosine is 1/√n. Ninety degrees would be useless, but it never gets there, let alone beyond: each entry keeps its
# sign, so no term of the product with g is negative. A step against a clipped gradient goes downhill, by any of the three.
#
# ## Length: a bound for every step
#
# With a clip to length c, plain descent moves by at most **ηc**, whatever the loss does. With momentum the velocity sums such
# steps, and the bound is that of a steady slope (chapter 04): **ηc/(1 − β)**. Clipping by value bounds each *weight's* move
# by the same numbers.
#
# > **Predict:** η = 0.1, β = 0.9 and `clipnorm=1`, gradients of any size. How long can a step be: 0.1, 1 or anything?

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

# %% [markdown] name="length-answer"
# Up to 1: the clip stands before the velocity, so it does not bound the step itself but what each gradient adds. Back to the
# wall, with 1000 starts between b = −4 and −1.
#
# > **Predict:** of 1000 walkers with η = 0.1, how many are thrown out of that range within 300 steps without a clip: a few,
# > half, or most? And with a clip at 0.3?

# %% name="length-wall"
starts = np.linspace(-4, -1, 1000)
for threshold in (np.inf, 1.0, 0.3, 0.1):
    ends = descend(starts, 300, threshold, rate=0.1)[-1]
    thrown = np.mean((ends < -4.1) | (ends > -0.9))
    print(f"threshold {threshold}: thrown out {thrown:.0%}", end=", ")
    print(f"loss below 0.01: {np.mean(network(ends)[0] < 0.01):.0%}")

# %% [markdown] name="length-wall-answer"
# Seven in ten without, none with a clip. Clipping does not make them settle: the wall stands right beside the minimum, so
# they step on it again and again, and are thrown ηc each time, not ten units. Those that are not below 0.01 at the end are on
# the wall's wrong side at that moment, or still on the way.

# %% [markdown] name="vanishing"
# ### "Clipping fixes exploding and vanishing gradients"
#
# You can read this sentence as often as the other.
#
# > **Predict:** at b = 7.4, where the thrown walker sits, what does `clipnorm=1` make of the slope?

# %% name="vanishing-run"
slope = np.array([network(7.4)[1]])
print(f"slope {slope[0]:.2e}, after clip_by_norm {clip_by_norm(slope, 1.0)[0]:.2e}")

# %% [markdown] name="vanishing-answer"
# Nothing. A clip shortens, it never lengthens. Correct sentence: **clipping bounds what an exploding gradient can do; against
# vanishing ones it does nothing** (Pascanu and others propose an extra term in the loss for those).

# %% [markdown] name="explorer-task"
# ## Move it by hand
#
# A's gradient is the arrow in the plane, B's is a slider; the thin lines are the fences. Drag the arrow's tip and the
# threshold. Three things to find:
#
# 1. At the start, c = 1.50: which clips turn A, and which turn A and B together?
# 2. Lower c from 1.50 to 0.10. When does `clipvalue` stop turning further, and where does A then point?
# 3. Raise c slowly from 1.50. From which c on does each of the three do nothing?

# %% name="explorer"
from course.explorers import DecayAndClip

DecayAndClip(show="clip")

# %% name="explorer-numbers"
a, b = np.array([3.0, 1.0]), np.array([4.5])
whole = np.concatenate([a, b])
for c in (1.5, 1.0, 0.1):
    value, norm = clip_by_value(whole, c), [*clip_by_norm(a, c), *clip_by_norm(b, c)]
    print(f"c {c}: clipvalue turns A by {turned(a, value[:2]):.1f}°, to {value[:2]};", end=" ")
    print(f"both: value {turned(whole, value):.1f}°, norm {turned(whole, np.array(norm)):.1f}°")
sizes = np.abs(whole).max(), max(np.linalg.norm(a), b[0]), np.linalg.norm(whole)
print("3: nothing is clipped from c =", *(f"{size:.2f}" for size in sizes), "(value, norm, global)")

# %% [markdown] name="bias"
# ## What it costs: another minimum
#
# With noise, clipping is no longer a mere brake. Chapter 02's promise was that minibatch gradients are right *on average*.
# But the average of clipped gradients is not the clipped average.
#
# Nine of ten examples say −1, the tenth says +9. The mean is 0, so $\tfrac12\,\mathbb E\,(w-a)^2$ has its minimum at w = 0.
# An example's gradient is w − a. We take one example per step and clip with c = 1.
#
# > **Predict:** where does w settle: at 0, more slowly; near −0.9; or near +0.9?

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

# %% name="bias-figure"
figure, axes = plt.subplots()
axes.plot(thresholds, np.minimum(thresholds / 9 - 1, 0), color="0.6", label="c/9 − 1, then 0")
axes.plot(thresholds, one, CLIPPED.marker, color=CLIPPED.colour, label="one example per step")
axes.plot(thresholds, ten, "D", color="#0072B2", label="batches of ten")
axes.set(xlabel="threshold c", ylabel="where w settles")
axes.legend()
plt.show()
apart = np.max(np.abs(one - np.minimum(thresholds / 9 - 1, 0)))
print(f"one example per step and formula: apart by less than 0.03: {apart < 0.03}")
print("batches of ten:", *ten.round(2) + 0.0)

# %% [markdown] name="bias-answer"
# *The picture: the squares lie on a straight line that rises from −0.94 at c = 0.5 to 0 at c = 9 and stays there; the
# diamonds lie just under 0 from the start.*
#
# Batches of ten nearly heal it: they average *before* the clip, and their mean is seldom extreme. Without noise, and without
# decay, a clip changes the way and not the end; with noise it moves the end, however small the learning rate (Koloskova
# and others 2023). So choose c so that the usual gradient passes, and only the rare one is cut: print the norms of some hundred
# gradients first.

# %% [markdown] name="surprise-explosion"
# ## What you might not expect
#
# ### A clip can turn an explosion into nothing, or into nan
#
# All of this is float32, whose largest number is 3.4·10³⁸. To measure a length, one squares.
#
# > **Predict:** a variable's gradient is (1e20, 3), finite. What do the three clips with c = 1 leave of it: (1, 0), (1, 1),
# > (0, 0) or (nan, nan)?

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
# Each something else. Keras itself gives the same (`tests/claims/test_chapter_07.py`).
#
# - `clipvalue` measures no length: 1e20 and inf become 1. A nan passes.
# - `clipnorm`: the square of 1e20 overflows, the length is inf, and c/inf is **zero**. The variable does not move at all, in
#   silence. From 1.8·10¹⁹ on, the root of the largest number, an explosion looks like a vanished gradient. With an inf,
#   inf/inf is nan. B is untouched.
# - `global_clipnorm` makes an infinite length a nan on purpose, in *every* gradient: B and the whole model are lost, by one
#   finite entry. (Already at 1e19 that entry takes up the whole length, and nothing is left of B.)
#
# So a clip is no guard against nan: what must not reach the weights has to be found before. Loss scaling that skips such
# steps is chapter 10.

# %% [markdown] name="surprise-replicas"
# ### With two devices, Keras clips before the sum
#
# Under `tf.distribute` each replica computes its own gradient, and they are summed.
#
# > **Predict:** two replicas have the gradient 10 each, η = 1, `clipnorm=1`. How far does the weight move: 1, 2 or 20?

# %% name="surprise-replicas-run"
replicas = [np.array([10.0]), np.array([10.0])]
print("clip each, then sum (Keras):", sum(clip_by_norm(g, 1.0) for g in replicas))
print("sum, then clip (course.SGD):", clip_by_norm(sum(replicas), 1.0))
replicas = [np.array([10.0]), np.array([-9.0])]
print("gradients 10 and -9: Keras", sum(clip_by_norm(g, 1.0) for g in replicas), end=", ")
print("course.SGD", clip_by_norm(sum(replicas), 1.0))

# %% [markdown] name="surprise-replicas-answer"
# By 2: the bound is c *per replica*, so it grows with the number of devices, and the [bias](16_glossary.ipynb#Bias) of the last section grows back, as
# each replica averages fewer examples before its clip. With 10 and −9 Keras does not move at all. `course.SGD` sums first, so
# that two devices take the step of one with the joined batch (both run on two CPU devices in `tests/claims/test_chapter_07.py` and
# `tests/test_distribution.py`). Gradient accumulation in Keras averages first and clips then (chapter 09), as one would wish.

# %% [markdown] name="surprise-silence"
# ### A threshold of zero clips nothing
#
# > **Predict:** somebody writes `clipnorm=0` to stop all movement, somebody else `clipvalue=-1.0` by mistake. What does Keras
# > do: stop, raise an error, or clip nothing?

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
# ### Below the threshold: unchanged, almost
#
# > **Predict:** 2000 gradients of half the allowed length. How many does each clip change at all? And a gradient of zero: 0/0?

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

# %% [markdown] name="recap"
# ## Recap
#
# - **What each leaves.** Value: each entry in [−c, c], the direction turns, up to arccos(1/√n). Norm: each variable's
#   direction, not the ratio between variables. Global norm: the whole direction.
# - **Why.** Products of many factors make walls in the loss. A clip bounds what a gradient adds: steps are at most ηc, with
#   momentum ηc/(1 − β). Vanishing gradients stay vanished.
# - **The cost.** With noise the end moves, from the mean towards the median, the more the smaller c and the batch. And 1e20
#   becomes 1, 0 or nan: by value, norm, global norm.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# <details><summary>1. With <code>global_clipnorm=1</code> every gradient of a run is clipped. Someone multiplies the loss by
# 1000. What changes?</summary>
#
# Nothing at all: gradients of length 1000 or a million are both cut to 1. "The steps are 1000 times longer" holds without
# clip. It also means that in such a run the learning rate *is* the step length, and the loss's slope no longer shortens the
# steps near the minimum.
# </details>
#
# <details><summary>2. A PyTorch recipe clips with <code>clip_grad_norm_(model.parameters(), 0.5)</code>. You write
# <code>clipnorm=0.5</code> in Keras. What differs?</summary>
#
# Each variable gets the whole 0.5 for itself, so the whole gradient may be up to √n times longer, and its direction turns:
# variables with small gradients gain on those with large ones. `global_clipnorm=0.5` is the translation. "They are the same,
# both are norms" overlooks whose norm.
# </details>
#
# <details><summary>3. A model's loss is suddenly nan in spite of <code>clipvalue=1</code>. Is Keras's clip broken?</summary>
#
# No: a nan is neither above 1 nor below −1, and passes. "Clipping prevents nan" is true only of the nan that a too long step
# would have made later.
# </details>

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 07](../exercises/07_clipping.ipynb): repair a clip, clip all gradients together, choose for ten faulty images.
#
# **Sources.** R. Pascanu, T. Mikolov & Y. Bengio, *On the difficulty of training recurrent neural networks*, 2013,
# [arXiv:1211.5063](https://arxiv.org/abs/1211.5063). · A. Koloskova, H. Hendrikx & S. U. Stich, *Revisiting Gradient
# Clipping: Stochastic bias and tight convergence guarantees*, 2023, [arXiv:2305.01588](https://arxiv.org/abs/2305.01588). ·
# P. J. Huber, *Robust Estimation of a Location Parameter*, 1964,
# [doi:10.1214/aoms/1177703732](https://doi.org/10.1214/aoms/1177703732). · PyTorch documentation of `clip_grad_norm_`. ·
# Keras 3.15, `keras/src/optimizers/base_optimizer.py`.
