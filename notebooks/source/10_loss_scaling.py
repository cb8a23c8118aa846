# %% [markdown] name="title"
# # 10 · Loss scaling
#
# **Where do small gradients go in half precision?**
#
# After this chapter you can
#
# - say below which size float16 turns a gradient into zero, and when that stops training;
# - scale the loss and unscale the gradients, in Keras's `fit` and in a loop of your own;
# - explain how dynamic scaling finds its factor, and what Keras does about it without being asked.
#
# Keras argument: `loss_scale_factor`. Core: about 20 minutes; deeper: about 30 more. It runs in a few seconds.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# ? 10.infinite
#
# ? 10.mean
#
# ? 10.rest

# %% name="imports" jupyter={"source_hidden": true}
import matplotlib.pyplot as plt
import numpy as np

from course import figures
from course.digits import load_digits
from course.learner.predict import predict
from course.sgd import clip_by_norm, initial_state, step

figures.use_course_style()

# %% [markdown] name="format"
# ## What float16 can hold
#
# GPUs multiply 16-bit numbers several times faster than 32-bit ones, and such numbers take half the memory. But a [float16](16_glossary.ipynb#Half-precision)
# has only five bits for its exponent. Its largest number is 65504, its smallest above 0 is 2⁻²⁴ = 5.96e-8, and what is nearer to 0 than to that is
# [rounded to 0](16_glossary.ipynb#Overflow-and-underflow):

# %% name="format-run"
def half(values):
    """The values as float16 stores them."""
    with np.errstate(over="ignore"):
        return np.asarray(values, "float16").astype("float32")


for value in (70000, 65504, 4e-8, 3e-8, 2.9e-8):
    print(f"{value} -> {half(value):.5g}")

# %% [markdown] name="network-words"
# The limit is 2⁻²⁵ = 2.98e-8: what is a little larger is rounded *up*, and what is smaller is gone.
#
# ## How much of a real network's gradient is lost?
#
# We train 64 → 32 → 10 on handwritten digits, in NumPy, as a GPU would in mixed precision: each product is summed in float32 and *stored* in
# float16, and the weights stay float32: 600 steps with momentum 0.9. (The next cell is folded.)

# %% name="network" jupyter={"source_hidden": true}
images, labels = load_digits()
targets = np.eye(10, dtype="float32")[labels]


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


def loss(weights):
    """The mean cross-entropy over all digits, in float32."""
    odds = np.exp(np.maximum(images @ weights[0], 0) @ weights[1])
    return -np.mean(np.log(odds[np.arange(1797), labels] / odds.sum(axis=1)))


trained = train(store=np.asarray)
batch = np.random.default_rng(5).integers(0, 1797, 64)
exact = backward(trained, batch, store=np.asarray)

# %% [markdown] name="explorer-task"
# Backpropagation starts at the output with the signals $(p - y)/B$.
#
# > 10.lost

# %% [markdown] name="lost-words"
# Then see all four arrays, and slide them to the right by a factor s.
#
# 1. Which scale halves the part of all numbers that is lost? Up to which power of two does nothing overflow?
# 2. Guess first: at s = 1 a fifth of all is lost. How far off is the weights' gradient: a fifth, 2 %, or less than a thousandth?
# 3. Back from 600 steps of training to 0: does the largest safe scale stay the same?

# %% name="explorer" alt="A histogram of the sizes of all signals and gradients, as powers of 2, from −60 to −5. Those below −25, about a fifth, float16 stores as 0; those below −14 keep fewer digits; nothing is near 16, where it overflows. Beside it, the lost part falls as the scale rises, and of the four arrays the signals at the output lose most, more than half."
from course.explorers import Scaling

Scaling()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
names = "output signal", "hidden signal", "gradient of weights 1", "gradient of weights 2"
for name, values in zip(names, exact):
    alive = values[values != 0]
    lost, faint = np.mean(half(alive) == 0), np.mean(np.abs(alive) < 2.0**-14)
    print(f"{name:21} {lost:5.1%} lost, {faint - lost:5.1%} with fewer digits")
seen, _ = Scaling().compute(1.0, np.array([0, 10, 50, 200, 600]))
_, safe, error = seen["facts"][:, :3].T
share = seen["share.lost"][-1]
print(f"1: of all {share[0]:.1f} % are lost at 2^0, {share[5]:.1f} % at 2^5, {share[6]:.1f} % at 2^6")
print(f"2: the gradient is off by {error[-1]:.2g} of its length")
print("3: safe up to", *(f"2^{power:.0f}" for power in safe), "after 0, 10, 50, 200, 600 steps")

# %% [markdown] name="histogram-answer"
# More than half. A scale of 2⁶ halves what is lost of all, and up to 2²¹ nothing overflows; beyond, a single inf spoils a weight.
# The safe scale wanders: 2¹⁹ at first, 2¹⁸ after 50 steps. And the gradient is off by 0.0002, no more than rounding makes: what is lost is small beside the rest
# (*Deeper* trains with it). It becomes serious where *everything* is small.
#
# ## Where training stops
#
# A mean over N outputs divides each signal by N before it starts. Four images of 512 × 512 pixels make $N = 2^{20}$. Let one weight w scale the brightness
# x, with target 0.5x: the loss is the mean of $(wx - 0.5x)^2$, and a pixel's signal is $2\,(w - 0.5)\,x/N$. With x ≤ 1 *all* signals are zero as soon as
#
# $$ \frac{2\,|w - 0.5|}{N} \le 2^{-25} \quad\Longleftrightarrow\quad |w - 0.5| \le N\cdot 2^{-26} = 2^{-6} = 0.0156 . $$
#
# > 10.smaller_rate

# %% name="stall-run"
grey = np.arange(256, dtype="float32") / 255  # 256 grey levels, each on 4096 pixels


def brightness(rate, scale=1.0):
    """The weight after 600 steps from w = 1; the signals are stored in float16."""
    weights, state = [np.ones(1, "float32")], initial_state([np.ones(1, "float32")])
    for _ in range(600):
        signal = half(np.float32(scale * 2 / 2**20) * (weights[0] - np.float32(0.5)) * grey)
        slope = np.array([4096 * np.sum(signal * grey)], "float32")
        weights, state = step(
            weights, [slope], state, learning_rate=rate, loss_scale_factor=scale
        )
    return weights[0][0]


for rate in (1.0, 0.1):
    print(f"learning rate {rate}: w = {brightness(rate):.4f}")

# %% [markdown] name="stall-answer"
# The *larger*: its last step from outside ends somewhere inside the range where all signals are zero; the small one stops at that range's edge, 0.5 + 0.0156. The gradient is lost before the learning
# rate sees it, so no learning rate brings it back.
#
# ## Scale the loss
#
# Differentiation is linear, and each signal of the chain rule carries a factor along. So multiply the loss by s before
# backpropagation, and divide the gradient by s after it, in float32. This is [loss scaling](16_glossary.ipynb#Loss-scaling):
#
# $$ g = \frac{1}{s}\,\nabla (s f) . $$
#
# For $s = 2^n$ nothing else happens: each number's exponent grows by n and shrinks again, and its digits are not touched.

# %% name="scaled-run"
for rate in (1.0, 0.1):
    print(f"learning rate {rate}, scale 2^15: w = {brightness(rate, 2.0**15):.4f}")

# %% [markdown] name="keras-fit"
# ## The same in Keras
#
# Under the [dtype policy](16_glossary.ipynb#Dtype-policy) `mixed_float16` Keras computes in float16 and keeps the weights in float32, and `compile` adds the scaling *by itself*. Here is the brightness once more,
# six steps without scaling and six with it. (As text, since chapters up to 10 start no TensorFlow; a test compares what is printed.)
#
# ```python
# import keras
# import numpy as np
#
# keras.mixed_precision.set_dtype_policy("mixed_float16")
# grey = (np.arange(2**20) % 256 / 255).reshape(4, 512, 512, 1)  # four images
# for automatic in (False, True):
#     model = keras.Sequential([keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")])
#     model.compile(keras.optimizers.SGD(1.0), "mse", auto_scale_loss=automatic)
#     model.fit(grey, grey / 2, epochs=6, verbose=0)
#     print(f"{type(model.optimizer).__name__}: w = {model.get_weights()[0].item():.3f}")
# ```
# ```text
# SGD: w = 0.511
# LossScaleOptimizer: w = 0.501
# ```

# %% [markdown] name="keras-loop"
# In a loop of your own nothing is added by itself. You wrap the optimizer, and you scale the loss:
#
# ```python
# import tensorflow as tf
#
# mse = keras.losses.MeanSquaredError()
# optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(1.0))
# model.set_weights([np.ones((1, 1))])
# for step in range(6):
#     with tf.GradientTape() as tape:
#         loss = optimizer.scale_loss(mse(grey / 2, model(grey)))
#     gradients = tape.gradient(loss, model.trainable_weights)
#     optimizer.apply(gradients, model.trainable_weights)
# print(f"w = {model.get_weights()[0].item():.3f}")
# ```
# ```text
# w = 0.501
# ```
#
# `apply` **divides in any case**. Forget `scale_loss` and each step is 32768 times too small, without a word: the same loop then prints w = 1.000 (a test holds it). With
# `SGD(loss_scale_factor=…)` it is the same: `fit` does both halves, `apply` the second only.
#
# ## Too large
#
# > 10.overflow

# %% name="overflow-run"
weights, state = [np.ones(1, "float32")], initial_state([np.ones(1, "float32")])
for g in (2.0, 0.5):
    scaled = np.array([half(g * 2.0**15)])
    weights, state = step(weights, [scaled], state, momentum=0.9, loss_scale_factor=2.0**15)
    print(weights[0][0])

# %% [markdown] name="overflow-answer"
# At minus infinity, for good: 2 · 2¹⁵ = 65536 overflows, inf / 2¹⁵ is inf, and **a fixed scale looks at nothing**. (With 2¹⁴ nothing would have happened.)
#
# [Dynamic scaling](16_glossary.ipynb#Dynamic-scaling), the `LossScaleOptimizer` above, asks one question at each call: is every gradient finite? If not, **skip the step and halve** the scale. After 2000 good steps in a row, **double** it.
# Keras starts at 2¹⁵.

# %% [markdown] name="recap"
# ## Recap
#
# - **The range.** float16 reaches from 2⁻²⁴ to 65504; half of the smallest and less becomes 0. That may be harmless; it stops training where every signal is
#   divided by a large N, whatever the learning rate.
# - **The scale.** ∇(sf) = s∇f: multiply the loss, divide the gradients. In `fit` Keras does both; in your own loop `scale_loss` is yours.
# - **The search.** Too large a scale makes inf. Dynamic scaling skips and halves, and doubles after many good steps; under `mixed_float16` `compile` does it by itself.

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 10](../exercises/10_loss_scaling.ipynb): repair a rounding to few bits, write a scale that follows overflows, put three stages in order. Tasks 1, 3 and 6 want the sections of
# *Deeper* on bits, on the order and on weights in float16; task 5 the one on how a scale finds its place.

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who train in half precision, or write such a loop: when the losses do harm, the bits of a number, how the scale is found, what must stay in float32, and what Keras does silently.

# %% [markdown] name="harmless"
# ### Do the lost signals do harm?
#
# More than half of the output signals were lost, and a single gradient hardly changed.
#
# > 10.harm

# %% name="harmless-run"
for name, weights in {
    "float32": trained,
    "float16": train(),
    "float16, scale 2¹⁵": train(scale=2.0**15),
}.items():
    print(f"{name}: loss {loss(weights):.3f}")
others = [loss(train(store=np.asarray, seed=seed)) for seed in range(2, 8)]
print(f"float32, six other draws of the batches: {min(others):.3f} to {max(others):.3f}")

# %% [markdown] name="harmless-answer"
# Not at all, to three digits: what is lost is small beside what is kept. So "float16 needs loss scaling" is too strong:
# Micikevicius and others (2018) trained image classifiers without it, and one detector only with it.

# %% [markdown] name="bits"
# ### The bits of a float16
#
# One bit is the sign; five are an exponent e and ten a fraction f:
#
# $$ \pm\Bigl(1 + \frac{f}{1024}\Bigr)\cdot 2^{\,e-15} \quad (1 \le e \le 30), \qquad
#    \pm\frac{f}{1024}\cdot 2^{-14} \quad (e = 0,\ \text{“subnormal”}), \qquad \text{inf, nan} \quad (e = 31). $$
#
# So the largest number is $(1 + \frac{1023}{1024})\cdot 2^{15} = 65504$, the smallest with full precision $2^{-14} = 6.10\cdot10^{-5}$, and the smallest
# of all $2^{-24}$.
#
# > 10.power_of_two

# %% name="bits-run"
for value in (0.1, 0.1 * 1024, 0.1 * 1000, 1e-6):
    bits = f"{np.float16(value).view('uint16'):016b}"
    print(f"{value:<6.4g} sign {bits[0]}, exponent {bits[1:6]}, fraction {bits[6:]}")
gradients = half(np.random.default_rng(10).normal(size=10_000))
for scale in (1024, 1000):
    back = half(gradients * np.float32(scale)) / np.float32(scale)
    print(f"scale {scale}: {np.mean(back == gradients):.1%} come back unchanged")

# %% [markdown] name="bits-answer"
# 1024 moves the exponent of 0.1 by ten, from 01011 to 10101, and leaves its fraction; 1000 disturbs the fraction. That is no disaster, a rounding
# in the eleventh binary digit. But with powers of two it can be *proved* that a scale changes only what would have been lost: with momentum and a clip the weights are the same bits with and without
# (a test holds it). The 1e-6 is subnormal: of its ten fraction bits only the last five are in use.
#
# ### How dynamic scaling finds its place
#
# The rule, in ten lines:

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
    """The scale before each call of training on digits, and the weights in the end."""
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
# > 10.arrives

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
# *The picture: the scale, as a power of 2, against the call. One line drops from 30 to below 20 within the first dozen calls, the other climbs from 0 in stairs of twenty calls each; then both go up and down between
# 18 and 21, with a cross at each skipped step.*
#
# From above: each call halves, while a doubling takes n good ones. With Keras's n = 2000 a factor of 2¹⁷ takes 34,000 steps upwards and 17 downwards, so one
# starts high. At rest about one step in n is wasted, in Keras 0.05 %; both networks end below a loss of 0.03, as those above.
#
# ### Why Keras unscales first
#
# > 10.clipped_first

# %% name="order-run"
g, s = np.array([0.3, 0.4]), 1024.0
print("unscale, clip: length", np.linalg.norm(clip_by_norm(g * s / s, 1.0)).round(6))
print("clip, unscale: length", np.linalg.norm(clip_by_norm(g * s, 1.0) / s).round(6))
first, second = 2.0, 4.0  # two gradients of one group; in between the scale is halved
print("unscale, accumulate: mean", (first * s / s + second * (s / 2) / (s / 2)) / 2)
print("accumulate, unscale: mean", (first * s + second * (s / 2)) / (s / 2) / 2)

# %% [markdown] name="order-answer"
# One 1024th: a threshold has a gradient's unit and means another length on scaled ones. A sum over calls mixes two units as soon as the scale changes in between: the
# first gradient counts double. The velocity would suffer in the same way, for 1/(1 − β) steps. **Whatever compares
# gradients or remembers them must see them unscaled.**

# %% [markdown] name="weights"
# ### Weights in float16
#
# Just below 1 float16 numbers are 2⁻¹¹ apart, and a move of less than half of that is rounded away.
#
# > 10.half_weight

# %% name="weights-run"
for dtype in ("float16", "float32"):
    weights, state = [np.ones(1, dtype)], initial_state([np.ones(1, dtype)])
    for _ in range(1000):
        weights, state = step(weights, [np.ones(1, dtype)], state, learning_rate=1e-4)
    print(f"{dtype}: w = {weights[0][0]:.4f}")

# %% [markdown] name="weights-answer"
# The float16 weight has not moved at all, and loss scaling cannot help, since the scale is gone before the step. The remedy is what `mixed_float16` does: compute in float16, keep the weights in float32. The
# unscaled *gradients*, too: 1e-8, scaled by 1024 and unscaled in float16, is zero again (a test holds it).

# %% [markdown] name="softmax"
# ### A softmax in float16
#
# A classifier under `mixed_float16` ends in a softmax. Two scores, 18 and 0; the label is the class with 0. The loss is ln(1 + e¹⁸) = 18.000.
#
# > 10.reports

# %% [markdown] name="reports-words"
# <details><summary>Open after you have decided</summary>
#
# ```python
# scores, label = np.array([[18.0, 0.0]]), np.array([1])
# for dtype in ("mixed_float16", "float32"):
#     layer = keras.layers.Dense(2, "softmax", use_bias=False, kernel_initializer="identity", dtype=dtype)
#     model = keras.Sequential([layer])
#     model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
#     losses = model.fit(scores, label, epochs=10, verbose=0).history["loss"]
#     print(f"{dtype}: loss {losses[0]:.3f}, after ten steps {losses[-1]:.3f}")
# ```
# ```text
# mixed_float16: loss 16.118, after ten steps 16.118
# float32: loss 18.000, after ten steps 0.020
# ```
#
# The probability, e⁻¹⁸ = 1.5e-8, is 0 in float16. Keras's loss cuts it to 1e-7, and −ln(1e-7) = 16.118; where it is cut, the gradient is zero, so the worst example teaches nothing. No step is skipped and nothing warns: zero is finite.
# So give the last layer `dtype="float32"`, or leave the softmax out and use a loss with `from_logits=True`.
# </details>

# %% [markdown] name="bfloat-words"
# ### bfloat16: range for precision
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
# Nothing is lost and nothing overflows: loss scaling has nothing to do. The price is precision, a rounding error eight times
# that of float16; so here, too, the weights stay float32. Under `mixed_bfloat16` Keras does not scale.

# %% [markdown] name="wrap"
# ### Your own factor under `mixed_float16`
#
# > 10.wrapped

# %% [markdown] name="wrapped-words"
# <details><summary>Open after you have decided</summary>
#
# ```python
# optimizer = keras.optimizers.SGD(0.1, loss_scale_factor=1024.0)
# model = keras.Sequential([keras.layers.Dense(1)])
# model.compile(optimizer, "mse")
# print(type(model.optimizer).__name__, model.optimizer.initial_scale, optimizer.loss_scale_factor)
# ```
# ```text
# LossScaleOptimizer 32768.0 None
# ```
#
# 2¹⁵. `compile` wraps the optimizer, and that sets your factor to `None`, without a word. To keep it, compile with `auto_scale_loss=False`; then it is fixed, and an overflow reaches the weights as above.
# </details>
#
# The wrap looks at the *model's* policy, by its name. A model of the default policy whose *layers* have `dtype="mixed_float16"` is not wrapped, and a
# model under pure `float16` is not either.

# %% [markdown] name="nan"
# ### When every gradient is nan
#
# Some gradients are nan at any scale: the derivative of √x at 0, times a zero, say, while the loss itself looks healthy.
#
# > 10.nan

# %% name="nan-run"
weights, good, scale = [np.ones(1, "float32")], 0, 2.0**15
state = initial_state(weights)
for _ in range(40):
    weights, state, scale, good = dynamic_step(weights, [np.array([np.nan])], state, scale, good)
print(f"scale 2^{np.log2(scale):.0f}, weight {weights[0][0]}, updates {state.calls}")

# %% [markdown] name="nan-answer"
# It goes on, and no step is ever taken: nothing shows but a loss that stands still. (Keras the same: 2⁻²⁵ after 40 calls.) If
# a loss under `mixed_float16` does not move, print `model.optimizer.dynamic_scale`; far below 1, the fault is in the model. Skipped steps do not count:
# `iterations` and schedules wait, and so does a group of chapter 09.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 10.stalls
#
# ? 10.slow
#
# ? 10.by_hand

# %% [markdown] name="sources"
# **Sources.** P. Micikevicius and others, *Mixed precision training*, 2018, [arXiv:1710.03740](https://arxiv.org/abs/1710.03740). · D. Kalamkar and others,
# *A study of BFLOAT16 for deep learning training*, 2019, [arXiv:1905.12322](https://arxiv.org/abs/1905.12322). · IEEE 754-2019,
# [doi:10.1109/IEEESTD.2019.8766229](https://doi.org/10.1109/IEEESTD.2019.8766229) (float16). · Keras 3.15, `keras/src/optimizers/loss_scale_optimizer.py`,
# `base_optimizer.py`, `keras/src/trainers/trainer.py`.
