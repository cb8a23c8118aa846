# %% [markdown] name="title"
# # 10 · Loss scaling
#
# **Where do small gradients go in half precision?**
#
# After this chapter you can
#
# - draw float16's range, say below which size a gradient becomes zero, and why bfloat16 has no such trouble;
# - show that scaling the loss changes nothing but the range, and say why the gradient must be unscaled before anything else;
# - write dynamic loss scaling in ten lines, and tell what Keras does about it without being asked.
#
# Keras argument: `loss_scale_factor`. About 35 minutes to read; it runs in a few seconds.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# <details><summary>1. One entry of a gradient is infinite. What do <code>clipvalue</code> and <code>global_clipnorm</code> make of it?</summary>
#
# `clipvalue` cuts it to the threshold; `global_clipnorm` makes every gradient nan (chapter 07). "Clipping takes care of explosions" is true of finite ones.
# </details>
#
# <details><summary>2. Keras accumulates four gradients with <code>clipnorm=1</code>. Is each of them clipped, or their mean?</summary>
#
# The mean (chapter 09). An outlier therefore decides the direction. "Each" is what a hand-written loop may do.
# </details>
#
# <details><summary>3. A weight's gradient is zero for some steps. Does a weight with momentum rest?</summary>
#
# No, it coasts on its velocity (chapters 04, 09). Only `None` freezes it.
# </details>

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np

from course import figures
from course.digits import load_digits
from course.sgd import clip_by_norm, initial_state, step

figures.use_course_style()

# %% [markdown] name="format"
# ## Sixteen bits
#
# GPUs multiply 16-bit numbers several times faster than 32-bit ones, and they take half the memory. A [float16](16_glossary.ipynb#Half-precision) has one bit for the sign, five for
# an exponent e and ten for a fraction f:
#
# $$ \pm\Bigl(1 + \frac{f}{1024}\Bigr)\cdot 2^{\,e-15} \quad (1 \le e \le 30), \qquad
#    \pm\frac{f}{1024}\cdot 2^{-14} \quad (e = 0,\ \text{“subnormal”}), \qquad \text{inf, nan} \quad (e = 31). $$
#
# So the largest number is $(1 + \frac{1023}{1024})\cdot 2^{15} = 65504$, the smallest with full precision $2^{-14} = 6.10\cdot10^{-5}$, and the smallest
# of all $2^{-24} = 5.96\cdot10^{-8}$. What is nearer to 0 than to that one, up to $2^{-25}$, is rounded to 0.
#
# > **Predict:** what does float16 make of the gradients 4e-8, 3e-8 and 2.9e-8?

# %% name="format-run"
limits = np.finfo("float16")
print(f"largest {limits.max}, smallest normal {limits.tiny:.2e},", end=" ")
print(f"smallest of all {limits.smallest_subnormal:.2e}")
for value in (4e-8, 3e-8, 2.9e-8):
    print(f"{value} -> {np.float16(value):.2e}")
for value in (1.0, 0.1, 1e-6):
    bits = f"{np.float16(value).view('uint16'):016b}"
    print(f"{value}: sign {bits[0]}, exponent {bits[1:6]}, fraction {bits[6:]}")

# %% [markdown] name="format-answer"
# The first two are rounded *up*, to 5.96e-8; the third is gone. The 1e-6 is subnormal: its exponent bits are all zero, and of its ten fraction bits
# the leading ones are, too, so only five binary digits are left.
#
# ## A real network's gradients
#
# Where do gradients lie on this line? We train 64 → 32 → 10 on handwritten digits, in NumPy, as a GPU would in mixed precision: each product is
# summed in float32, and the result is *stored* in float16. The weights stay float32.

# %% name="network"
images, labels = load_digits()
targets = np.eye(10, dtype="float32")[labels]


def half(values):
    """The values as float16 stores them."""
    with np.errstate(over="ignore"):
        return np.asarray(values, "float16").astype("float32")


def backward(weights, rows, scale=1.0, store=half):
    """Signals at the output and at the hidden layer, then the weights' two gradients."""
    a, b = (store(w) for w in weights)
    hidden = store(np.maximum(images[rows] @ a, 0))
    odds = np.exp(store(hidden @ b))
    errors = odds / odds.sum(axis=1, keepdims=True) - targets[rows]
    with np.errstate(invalid="ignore"):
        output = store(np.float32(scale / len(errors)) * errors)
        inner = store((output @ b.T) * (hidden > 0))
        return output, inner, store(images[rows].T @ inner), store(hidden.T @ output)


# %% name="training"
def start():
    """The weights before training."""
    random = np.random.default_rng(0)
    return [
        random.normal(0, 0.15, (64, 32)).astype("float32"),
        random.normal(0, 0.2, (32, 10)).astype("float32"),
    ]


def train(scale=None, store=half, seed=1):
    """The weights after 600 batches of 64, with momentum 0.9."""
    random, weights = np.random.default_rng(seed), start()
    state = initial_state(weights)
    for _ in range(600):
        *_, a, b = backward(weights, random.integers(0, 1797, 64), scale or 1.0, store)
        weights, state = step(
            weights, [a, b], state, learning_rate=0.1, momentum=0.9, loss_scale_factor=scale
        )
    return weights


trained = train(store=np.asarray)
batch = np.random.default_rng(5).integers(0, 1797, 64)
exact = backward(trained, batch, store=np.asarray)

# %% [markdown] name="histogram-question"
# Backpropagation starts at the output with the signal $(p - y)/B$, the error of each class divided by the batch size, and goes on from there. A
# trained network has small errors.
#
# > **Predict:** of the signals at the output, which part does float16 round to zero: 1 %, 10 % or more than half?

# %% name="histogram-run"
names = "output signal", "hidden signal", "gradient of weights 1", "gradient of weights 2"
for name, values in zip(names, exact):
    alive = values[values != 0]
    lost, faint = np.mean(half(alive) == 0), np.mean(np.abs(alive) < 2.0**-14)
    print(f"{name:21} {lost:5.1%} lost, {faint - lost:5.1%} with fewer digits")

# %% name="histogram-figure"
numbers = np.arange(1, 31744, dtype="uint16").view("float16").astype("float32")  # all positive ones
octaves = np.arange(-50, 20)
figure, (top, bottom) = plt.subplots(2, 1, figsize=(9, 4.6), sharex=True, height_ratios=(1, 2))
top.hist(np.log2(numbers), octaves, color="0.6")
top.set(ylabel="float16s")
signal = np.log2(np.abs(exact[0][exact[0] != 0]))
bottom.hist(signal, octaves, label="signals at the output")
bottom.hist(signal + 15, octaves, histtype="step", color="black", label="the same × 2¹⁵")
for axes in (top, bottom):
    axes.axvspan(-50, -25, color="C1", alpha=0.2, lw=0)
    axes.axvspan(16, 19, color="C1", alpha=0.2, lw=0)
bottom.text(-49.5, 48, "becomes 0")
bottom.text(16.2, 48, "inf")
bottom.set(xlabel="size, as a power of 2", ylabel="signals", xlim=(-50, 19), ylim=(0, 55))
bottom.legend(loc="upper center")
plt.show()

# %% [markdown] name="histogram-answer"
# *The picture: above, 1024 float16 numbers in every factor of 2 from 2⁻¹⁴ to 2¹⁶, halving in number below, none below 2⁻²⁴. Beneath, the signals: a wide
# hill, more than half of it left of 2⁻²⁵. Multiplied by 2¹⁵ the same hill stands almost wholly inside, with empty room to the right.*
#
# More than half. And no signal can be larger than 1/64 = 2⁻⁶: all the room from there to 2¹⁶ is unused. The hill stands too far left. Before we move it:
#
# > **Predict:** trained with all these losses, how much worse does the network get?

# %% name="harmless-run"
def loss(weights):
    """The mean cross-entropy over all digits, in float32."""
    odds = np.exp(np.maximum(images @ weights[0], 0) @ weights[1])
    return -np.mean(np.log(odds[np.arange(1797), labels] / odds.sum(axis=1)))


for name, weights in {
    "float32": trained,
    "float16": train(),
    "float16, scale 2¹⁵": train(scale=2.0**15),
}.items():
    print(f"{name}: loss {loss(weights):.3f}")
others = [loss(train(store=np.asarray, seed=seed)) for seed in range(2, 8)]
print(f"float32, six other draws of the batches: {min(others):.3f} to {max(others):.3f}")

# %% [markdown] name="harmless-answer"
# Not at all, to three digits: 0.023, where other draws of the batches range from 0.021 to 0.026. What is lost is small beside what is kept, and the sums do not notice. So "float16 needs [loss scaling](16_glossary.ipynb#Loss-scaling)" is too strong
# (Micikevicius and others 2018 trained image classifiers without it, and a detector only with it). It becomes serious where *everything* is small.
#
# ## Where training stops
#
# A mean over N outputs divides each signal by N before it starts. Four images of 512 × 512 pixels make $N = 2^{20}$. Let one weight w scale the brightness
# x, with target 0.5x: the loss is the mean of $(wx - 0.5x)^2$, and a pixel's signal is $2\,(w - 0.5)\,x/N$. With x ≤ 1 *all* signals are zero as soon as
#
# $$ \frac{2\,|w - 0.5|}{N} \le 2^{-25} \quad\Longleftrightarrow\quad |w - 0.5| \le N\cdot 2^{-26} = 2^{-6} = 0.0156 . $$
#
# > **Predict:** "float16 needs a smaller learning rate" is often advised. Without scaling, which η ends nearer to 0.5: 1 or 0.1?

# %% name="stall-run"
grey = np.arange(256, dtype="float32") / 255  # 256 grey levels, each on 4096 pixels


def brightness(rate, scale=1.0):
    """The weight after 600 steps from w = 1; signals are stored in float16."""
    weights, state = [np.ones(1, "float32")], initial_state([np.ones(1, "float32")])
    for _ in range(600):
        signal = half(np.float32(scale * 2 / 2**20) * (weights[0] - np.float32(0.5)) * grey)
        slope = np.array([4096 * np.sum(signal * grey)], "float32")
        weights, state = step(
            weights, [slope], state, learning_rate=rate, loss_scale_factor=scale
        )
    return weights[0][0]


for rate, scale in ((1.0, 1.0), (0.1, 1.0), (1.0, 2.0**15), (0.1, 2.0**15)):
    print(f"learning rate {rate}, scale {scale:>7}: w = {brightness(rate, scale):.4f}")

# %% [markdown] name="stall-answer"
# The *larger*: its last step from outside ends somewhere in the dead zone; the small one stops at its edge. The gradient is lost before the learning
# rate sees it, so no rate brings it back; a scale does.
#
# There is a second place where float16 swallows training, and there a smaller rate makes it worse: the *weights*. Just below 1 they are 2⁻¹¹ apart, and a
# move of less than half of that is rounded away.
#
# > **Predict:** 1000 steps of 1e-4 from w = 1, with the weight in float16 and in float32. Where do they end?

# %% name="weights-run"
for dtype in ("float16", "float32"):
    weights, state = [np.ones(1, dtype)], initial_state([np.ones(1, dtype)])
    for _ in range(1000):
        weights, state = step(weights, [np.ones(1, dtype)], state, learning_rate=1e-4)
    print(f"{dtype}: w = {weights[0][0]:.4f}")

# %% [markdown] name="weights-answer"
# The float16 weight has not moved at all. Loss scaling does not help, since the scale is gone before the step. The remedy is the one that Keras's
# `mixed_float16` applies: compute in float16, keep the weights in float32.
#
# ## Move the hill
#
# Differentiation is linear, $\nabla(s f) = s\,\nabla f$, and each signal of the chain rule carries the factor along. So multiply the loss by s before
# backpropagation, and divide the gradient by s after it, in float32:
#
# $$ g = \frac{1}{s}\,\nabla (s f) . $$
#
# For $s = 2^n$ nothing else happens: the exponent of each number grows by n and shrinks again, and the fraction is not touched.
#
# > **Predict:** does it matter whether the scale is 1024 or 1000?

# %% name="exact-run"
for scale in (1024, 1000):
    bits = f"{np.float16(np.float16(0.1) * scale).view('uint16'):016b}"
    print(f"0.1 × {scale}: exponent {bits[1:6]}, fraction {bits[6:]}")
random = np.random.default_rng(10)
gradients = half(random.normal(size=10_000))
for scale in (1024, 1000):
    back = half(gradients * np.float32(scale)) / np.float32(scale)
    print(f"scale {scale}: {np.mean(back == gradients):.1%} come back unchanged")

# %% [markdown] name="exact-answer"
# 1024 moves the exponent of 0.1 from 01011 to 10101, by ten, and leaves its fraction 1001100110; 1000 disturbs the fraction. That is no disaster, a rounding
# in the eleventh binary digit. But with powers of two it can be *proved* that a scale changes only what would have been lost.
#
# ### "Loss scaling changes the learning rate"
#
# > **Predict:** same gradients, with and without a scale of 1024, with momentum and a clip: equal, or 1024 times as far?

# %% name="rate-run"
def run(scale=None):
    """The weight after 50 float32 gradients, scaled beforehand if a scale is given."""
    noise, weights = np.random.default_rng(3), [np.ones(4, "float32")]
    state, settings = initial_state(weights), {"momentum": 0.9, "clipnorm": 1.5}
    for _ in range(50):
        g = noise.normal(size=4).astype("float32") * np.float32(scale or 1)
        weights, state = step(weights, [g], state, loss_scale_factor=scale, **settings)
    return weights[0]


print("the same bits with scale 1024:", np.array_equal(run(), run(1024.0)))
print(f"with scale 1000, apart by less than 1e-6: {np.max(np.abs(run() - run(1000.0))) < 1e-6}")

# %% [markdown] name="rate-answer"
# The same bits. The step changes only where one of the two halves is missing. The reference page says that the factor multiplies the loss "before computing
# gradients", and its inverse the gradients "before updating variables" (keras.io). In `fit` that is so. **In a loop of your own Keras does the second half only**:
# `apply` divides in any case, and it is you who must call `optimizer.scale_loss(loss)` before the gradient. Forget it, and the learning rate is 1024 times too
# small, in silence.
#
# ### "A bigger scale is better"
#
# > **Predict:** as the scale grows from 1 to 2³⁰, does the damage fall for good?

# %% name="window-run"
powers = np.arange(0, 31)
zero, infinite = [], []
for power in powers:
    found = backward(trained, batch, 2.0**power)
    zero.append(np.mean((found[0] == 0)[exact[0] != 0]))
    infinite.append(np.mean([not np.all(np.isfinite(part)) for part in found]))
for power in (0, 8, 15, 20, 22, 26):
    print(f"scale 2^{power}: {zero[power]:5.1%} of the output signals lost,", end=" ")
    print(f"{4 * infinite[power]:.0f} of 4 arrays overflow")
figure, axes = plt.subplots()
axes.plot(powers, zero, "-o", ms=4, label="output signals lost")
axes.plot(powers, infinite, "--s", ms=4, color="C2", label="arrays that overflow")
axes.set(xlabel="scale, as a power of 2", ylabel="part")
axes.legend(loc="upper center")
plt.show()

# %% [markdown] name="window-answer"
# *The picture: the line of losses falls all the way, ever more slowly; the dashed line of overflows is zero up to 2²¹ and climbs to 1 within
# three doublings.*
#
# No. To the right the gains become small (from 2¹⁵ to 2²⁰ seven signals in a hundred), and at 2²² a first number passes 65504. One is enough:
#
# ## Too large
#
# > **Predict:** a fixed scale of 2¹⁵ and a single gradient of 2, in float16. Where is the weight after this step, and after a good next one?

# %% name="overflow-run"
for settings in ({}, {"clipvalue": 1.0}, {"clipnorm": 1.0}):
    weights, state, path = [np.ones(1, "float16")], initial_state([np.ones(1, "float16")]), []
    for g in (2.0, 0.5):
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = np.array([g * 2.0**15]).astype("float16")
            weights, state = step(
                weights, [scaled], state, momentum=0.9, loss_scale_factor=2.0**15, **settings
            )
        path.append(weights[0][0])
    print(settings or "no clip", *path)

# %% [markdown] name="overflow-answer"
# At minus infinity, for good: 2 · 2¹⁵ = 65536 overflows, inf / 2¹⁵ is inf, and **a fixed scale looks at nothing**. `clipvalue` happens to rescue it
# and `clipnorm` makes nan of it. (With 2¹⁴ nothing would have happened.)
#
# ## Let the scale find its place
#
# Dynamic scaling asks one question at each call: is every gradient finite? If not, **skip the step and halve** the scale. After n good steps in a row,
# **double** it. In ten lines, with Keras's defaults:

# %% name="dynamic"
def dynamic_step(weights, gradients, state, scale=2.0**15, good=0, growth=2000, **arguments):
    """One call; returns (weights, state, scale, good steps since the scale last changed)."""
    if not all(np.all(np.isfinite(g)) for g in gradients):
        return weights, state, scale / 2, 0
    gradients = [np.asarray(g, "float32") / np.float32(scale) for g in gradients]
    weights, state = step(weights, gradients, state, **arguments)
    if good + 1 == growth:
        return weights, state, scale * 2, 0
    return weights, state, scale, good + 1


def watch(scale, growth, calls=600):
    """The scale before each call of training on digits, and the weights at last."""
    random, weights, good, scales = np.random.default_rng(1), start(), 0, []
    state = initial_state(weights)
    for _ in range(calls):
        scales.append(scale)
        *_, a, b = backward(weights, random.integers(0, 1797, 64), scale)
        weights, state, scale, good = dynamic_step(
            weights, [a, b], state, scale, good, growth, learning_rate=0.1, momentum=0.9
        )
    return np.array(scales), weights


# %% [markdown] name="dynamic-question"
# > **Predict:** we start far too high, at 2³⁰, and far too low, at 2⁰, with n = 20. Which of the two arrives first?

# %% name="dynamic-run"
figure, axes = plt.subplots()
for first, line in ((2.0**30, "-"), (2.0**0, "--")):
    scales, weights = watch(first, growth=20)
    skipped, powers = np.flatnonzero(np.diff(scales) < 0), np.log2(scales)
    axes.step(range(600), powers, line, where="post", label=f"from 2^{powers[0]:.0f}")
    axes.plot(skipped, powers[skipped], "x", color="C2")
    arrived = np.flatnonzero(np.abs(powers - 18) <= 1)[0]
    print(f"from 2^{powers[0]:.0f}: near 2^18 after {arrived} calls,", end=" ")
    print(f"{len(skipped)} of 600 skipped, loss below 0.03: {loss(weights) < 0.03}")
axes.set(xlabel="call", ylabel="scale, as a power of 2")
axes.legend(loc="lower right")
plt.show()

# %% [markdown] name="dynamic-answer"
# *The picture: one line drops from 30 to 18 within the first twenty calls, the other climbs in stairs of twenty calls each; then both go up and down between
# 18 and 21, with a cross at each skipped step.*
#
# From above: each call halves, while a doubling takes n good ones. With Keras's n = 2000 a factor of 2¹⁷ takes 34,000 steps upwards and 17 downwards, so one
# starts high. At rest about one step in n is wasted, in Keras 0.05 %; both networks end below a loss of 0.03, as those above. For its start Keras takes 2¹⁵.
#
# ## The order: unscale, accumulate, clip
#
# Keras unscales first. Why could it not be last?
#
# > **Predict:** `clipnorm=1`, a gradient of length 0.5 and a scale of 1024. How long is it, if it is clipped first and unscaled then?

# %% name="order-run"
g, s = np.array([0.3, 0.4]), 1024.0
print("unscale, clip: length", np.linalg.norm(clip_by_norm(g * s / s, 1.0)).round(6))
print("clip, unscale: length", np.linalg.norm(clip_by_norm(g * s, 1.0) / s).round(6))
first, second = 2.0, 4.0  # two gradients of one group; in between the scale is halved
print("unscale, accumulate: mean", (first * s / s + second * (s / 2) / (s / 2)) / 2)
print("accumulate, unscale: mean", (first * s + second * (s / 2)) / (s / 2) / 2)

# %% [markdown] name="order-answer"
# One 1024th: a threshold has a gradient's unit and means another length on scaled ones. A sum over calls mixes two units as soon as the scale changes in between: the
# first gradient counts double. (And the scaled sum overflows sooner.) The velocity would suffer in the same way, for 1/(1 − β) steps. **Whatever compares
# gradients or remembers them must see them unscaled.**
#
# ## bfloat16: another bargain
#
# bfloat16 is the upper half of a float32: the same eight bits of exponent, and seven of fraction. NumPy has no such type, but rounding away the lower half is one line:

# %% name="bfloat"
def bfloat16(values):
    """The values as bfloat16 stores them (ties to even), in float32."""
    bits = np.asarray(values, "float32").view("uint32")
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).view("float32")


alive, numbers = exact[0][exact[0] != 0], np.linspace(1, 2, 999)
for name, store in (("float16", half), ("bfloat16", bfloat16)):
    lost, error = np.mean(store(alive) == 0), np.max(np.abs(store(numbers) / numbers - 1))
    print(f"{name:8}: {lost:5.1%} lost, rounding by up to {error:.2%},", end=" ")
    print(f"2^20 is stored as {store(2.0**20):.0f}, 1.003 as {store(1.003):.4f}")

# %% [markdown] name="bfloat-answer"
# Nothing is lost and nothing overflows: there is no hill to move, and loss scaling is useless. The price is precision, a rounding error eight times
# that of float16; so here, too, the weights stay float32. Under `mixed_bfloat16` Keras does not scale.

# %% [markdown] name="surprise-wrap"
# ## What you might not expect
#
# ### Under `mixed_float16`, `compile` discards your factor
#
# > **Predict:** you set the policy `mixed_float16` and compile with `SGD(0.1, loss_scale_factor=1024.0)`. Which scale is at work in the first step?
#
# <details><summary>Open after you have decided (run with Keras 3.15 on TensorFlow; tests hold it)</summary>
#
#     keras.mixed_precision.set_dtype_policy("mixed_float16")
#     optimizer = keras.optimizers.SGD(0.1, loss_scale_factor=1024.0)
#     model.compile(optimizer, "mse")
#     type(model.optimizer)              # LossScaleOptimizer
#     model.optimizer.initial_scale      # 32768.0
#     optimizer.loss_scale_factor        # None
#
# 2¹⁵. `compile` wraps the optimizer in a `LossScaleOptimizer`, and that sets your factor to `None`, without a word. To keep it:
# `model.compile(optimizer, "mse", auto_scale_loss=False)`. Then it is fixed, with the end that you have seen: one weight at x = 1 with target 0, and a factor of 2¹⁵, is at
# −inf after the first step. With the wrap, the first step is skipped, the scale is 16384, and training goes on.
# </details>
#
# The wrap looks at the *model's* policy, by its name. A model of the default policy whose *layers* have `dtype="mixed_float16"` is not wrapped, and a
# model under pure `float16` is not either.

# %% [markdown] name="surprise-float16"
# ### In pure float16, unscaling loses it again
#
# > **Predict:** a gradient of 1e-8, scaled by 1024 in time. What arrives at the weight, if the gradient array is float16, and if it is float32?

# %% name="surprise-float16-run"
for dtype in ("float16", "float32"):
    scaled = np.array([1e-8 * 1024]).astype("float16").astype(dtype)
    weights = [np.zeros(1, dtype)]
    weights, _ = step(
        weights, [scaled], initial_state(weights), learning_rate=1.0, loss_scale_factor=1024.0
    )
    print(f"{dtype}: the weight moves by {abs(weights[0][0]):.2e}")

# %% [markdown] name="surprise-float16-answer"
# Dividing in float16 brings it back to where it came from, below the smallest number. Scaling protects the signals *on the way*; at the end there must be a wider type.
#
# ### A scale that falls for ever
#
# Some gradients are nan at any scale: the derivative of √x at 0, times a zero, say, while the loss itself looks healthy.
#
# > **Predict:** what does dynamic scaling do after 40 such calls: raise an error, stop scaling, or go on?

# %% name="surprise-nan-run"
weights, good, scale = [np.ones(1, "float32")], 0, 2.0**15
state = initial_state(weights)
for _ in range(40):
    weights, state, scale, good = dynamic_step(weights, [np.array([np.nan])], state, scale, good)
print(f"scale 2^{np.log2(scale):.0f}, weight {weights[0][0]}, updates {state.calls}")

# %% [markdown] name="surprise-nan-answer"
# It goes on, and no step is ever taken: nothing is wrong but that the loss stands still. (Keras the same: 2⁻²⁵ after 40 calls.) If
# a loss under `mixed_float16` does not move, print `model.optimizer.dynamic_scale`; far below 1, the fault is in the model. Skipped steps do not count, by the way:
# `iterations` and schedules wait, and so does a group of chapter 09.

# %% [markdown] name="recap"
# ## Recap
#
# - **The range.** float16 reaches from 2⁻²⁴ to 65504; half of the smallest and less becomes 0. That may be harmless; it stops training where every signal is
#   divided by a large N. bfloat16 has float32's range, and less precision.
# - **The scale.** ∇(sf) = s∇f, exact for powers of two: it changes neither direction nor learning rate. Too large, and inf reaches the weights.
#   Unscale first, in float32: clips, sums and velocities need true units.
# - **The search.** Not finite: skip and halve. n good steps: double. Keras's `compile` does it under `mixed_float16`, and drops your factor.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# <details><summary>1. A model under <code>mixed_float16</code> has a loss that is a mean over two million pixels. A colleague lowers the learning rate because "it stalls".
# What do you look at?</summary>
#
# The scale: whether the optimizer is wrapped at all (a custom loop, or a policy on the layers only, is not). A smaller rate brings back no gradient that was
# rounded to zero.
# </details>
#
# <details><summary>2. In your own loop you write <code>SGD(0.1, loss_scale_factor=1024.0)</code>, differentiate the loss and call <code>apply</code>. Training is extremely slow. Why?</summary>
#
# `apply` divides by 1024, and nobody multiplied: call `scale_loss` first. "The factor is ignored outside `fit`" is half right, and it is the wrong half.
# </details>
#
# <details><summary>3. Somebody clips by hand, between the gradient and a <code>LossScaleOptimizer</code>, with norm 1. What happens to the step?</summary>
#
# The scaled gradients are thousands of times longer, so all are cut to 1 and then divided by the scale: steps of 1/32768. Set `clipnorm` on the inner optimizer; it clips
# after unscaling.
# </details>

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 10](../exercises/10_loss_scaling.ipynb): repair a rounding to few bits, write a scale that follows overflows, put three stages in order.
#
# **Sources.** P. Micikevicius and others, *Mixed precision training*, 2018, [arXiv:1710.03740](https://arxiv.org/abs/1710.03740). · D. Kalamkar and others,
# *A study of BFLOAT16 for deep learning training*, 2019, [arXiv:1905.12322](https://arxiv.org/abs/1905.12322). · IEEE 754-2019,
# [doi:10.1109/IEEESTD.2019.8766229](https://doi.org/10.1109/IEEESTD.2019.8766229) (float16). · Keras 3.15, `keras/src/optimizers/loss_scale_optimizer.py`,
# `base_optimizer.py`, `keras/src/trainers/trainer.py`.
