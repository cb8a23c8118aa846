# %% [markdown] name="title"
# # 11 · The whole optimizer
#
# **Do the pieces, put in order, equal Keras bit for bit?**
#
# After this chapter you can
#
# - put the stages of the last ten chapters in order, and show that the result is Keras's SGD;
# - say which stages may change places, which may not, and what each wrong order costs;
# - stop a training and resume it exactly, and name the places where "exactly" and "bit for bit" end.
#
# Keras arguments: all, and `name`. Core: about 20 minutes; deeper: about 35 more. It runs in less than a minute, with TensorFlow from the first cell on.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# ? 11.first_average
#
# ? 11.third_call
#
# ? 11.clip_scale

# %% name="imports" jupyter={"source_hidden": true}
import inspect
import tempfile
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

import course
from course import figures, sgd, tuning
from course.digits import load_digits
from course.learner.predict import predict
from course.optimizer import with_rule
from course.quietly import keras
import tensorflow as tf  # after `quietly`, which keeps its log lines away

figures.use_course_style()

# %% [markdown] name="stages"
# ## One weight on its way through a call
#
# Ten chapters made the stages. Here one weight goes through them, in the parabola ½(w − ½)² with noisy gradients. *Remembered* is what
# the call before left; what does not act in this call is grey. Guess each answer first:
#
# 1. Which of weight, velocity, average and sum change in call 5, and which in call 6?
# 2. In call 4 the gradient is 0.4876, well within ±1. Why does the clip act?
# 3. Call 6: which exchange of two stages does the last sentence name, and which after `weight_decay` is moved to 0?

# %% name="explorer" alt="What each stage does in call 4, as arrows. On the gradient, unscale changes nothing, accumulate makes 0.5 into 1.5 and clip cuts that to 1. On the weight, decay takes it from 1.6 to 1.44, velocity and move to 1.08; the average follows a little, and overwrite does nothing."
from course.explorers import Stages

Stages()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
stages = Stages()
settings = {name: getattr(stages, name) for name in stages.parameters}
row = {name: column[0] for name, column in stages.compute(**settings)[0].items()}
for call in (5, 6):
    kept = {"weight": "w", "velocity": "v", "average": "a", "sum": "sum"}
    ways = [(name, row[f"{k}.before"][call], row[f"{k}.after"][call]) for name, k in kept.items()]
    print(f"1: call {call}:", ", ".join("{} {:.4f} → {:.4f}".format(*way) for way in ways))
first, second, mean = (row[name][4] for name in ("sum.before", "g.true", "g.mean"))
print(f"2: the mean of {first:.4f} and {second:.4f} is {mean:.4f}")
for decay in (0.5, 0.0):
    _, said = stages.compute(**settings | {"weight_decay": decay})
    print(f"3: weight_decay {decay}:", said["6"][0].split(". ")[1])

# %% [markdown] name="explorer-answer"
# A call that does not update changes only the sum and the average. The clip looks at the *mean*. And an order shows only where one stage looks at what another changed:
# decay at the weight before the move, the average at the weight after it.
#
# Three stages are not shown: first, missing gradients are dropped; last, constraints are applied and the call is counted.
#
# ## Your own `step`, stage by stage
#
# A stage is a function that changes `s`, a bag with everything SGD knows: weights `w`, for each a velocity `v`, a running sum `total`
# and an `average`; the number of `calls`; and its arguments (`start`, folded, fills it). **The order of the stages is a list**, so that we can change it later.

# %% name="memory-run" jupyter={"source_hidden": true}
OPTIONS = inspect.signature(sgd.step).parameters.values()
DEFAULTS = {option.name: option.default for option in OPTIONS if option.kind is option.KEYWORD_ONLY}


def start(weights, **arguments):
    """A fresh bag: the weights, zeros in their shapes, and the arguments."""
    zeros = {name: [np.zeros_like(w) for w in weights] for name in ("v", "total", "average")}
    return SimpleNamespace(w=list(weights), calls=0, **zeros, **DEFAULTS | arguments)

# %% name="step-run"
def step(s, gradients, order):
    """One call of the optimizer."""
    s.gradients = gradients
    for stage in order:
        stage(s)

# %% [markdown] name="heart"
# Three stages make an optimizer: keep the gradients that are there, under their variable's number; move velocity and weights by `sgd.move`
# (chapters 01, 04 and 05); count. `due` says whether a call updates, `eta` asks for the learning rate of this call (chapter 03).

# %% name="heart-run"
def drop_missing(s):
    s.g = {i: g for i, g in enumerate(s.gradients) if g is not None}


def due(s):
    return (s.calls + 1) % (s.gradient_accumulation_steps or 1) == 0


def eta(s):
    return np.float32(sgd.current_learning_rate(s.learning_rate, s.calls))


def move(s):
    for i, g in s.g.items() if due(s) else ():
        v = s.v[i] if s.momentum else None
        s.w[i], v = sgd.move(s.w[i], v, g, eta(s), s.momentum, s.nesterov)
        s.v[i] = s.v[i] if v is None else v


def count(s):
    s.calls += 1

# %% [markdown] name="judge"
# The judge is Keras's optimizer itself, [eager](16_glossary.ipynb#Graph-and-eager), through twelve calls with random gradients for a matrix of weights and a vector. The next, folded cell lets both make the same calls;
# `compare` prints how far they end apart: in **[units in the last place](16_glossary.ipynb#Unit-in-the-last-place)**. One *ulp* is the distance from a float32 to its neighbour, 2⁻²³ between 1 and 2 (here: of each array's largest number); 0 ulp means the same bits.
#
# > 11.ulps

# %% name="judge-run" jupyter={"source_hidden": true}
def ulps(ours, theirs):
    """The largest difference of two lists of arrays, in ulps of each array's largest number."""
    pairs = zip(ours, theirs)
    return max(np.abs(a - b).max() / np.spacing(np.abs(b).max()) for a, b in pairs)


random = np.random.default_rng(11)
SHAPES = (64, 16), (16,)
START = [random.normal(size=shape).astype("float32") for shape in SHAPES]
CALLS = [[random.normal(size=shape).astype("float32") for shape in SHAPES] for _ in range(12)]


def scaled_calls(loss_scale_factor=None, **_):
    """The gradients of each call, as a loss that was scaled would give them."""
    scale = np.float32(loss_scale_factor or 1)
    return [[g * scale for g in gradients] for gradients in CALLS]


def keras_run(constraint=None, **arguments):
    """What Keras's SGD makes of START in the twelve calls."""
    weights = [keras.Variable(w) for w in START]
    for w in weights:
        w.constraint = constraint
    optimizer = keras.optimizers.SGD(**arguments)
    for gradients in scaled_calls(**arguments):
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients], weights)
    optimizer.finalize_variable_values(weights)
    return [w.numpy() for w in weights]


def run(order, **arguments):
    """What these stages make of START in the same twelve calls."""
    s = start(START, **arguments)
    for gradients in scaled_calls(**arguments):
        step(s, gradients, order)
    return s.average if s.use_ema else s.w


halving = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)


def compare(constrained=False, **arguments):
    """Print how far our stages, as they are now, end from Keras."""
    ours = run(order, constraints=non_negative if constrained else None, **arguments)
    theirs = keras_run(keras.constraints.NonNeg() if constrained else None, **arguments)
    shown = arguments | ({"learning_rate": "halving"} if halving in arguments.values() else {})
    names = ", ".join(f"{name}={value}" for name, value in shown.items())
    names = f"everything, with {[*shown][-1]}" if constrained else names
    summed = "norm" in names and ulps(ours, theirs) <= 1
    print(f"{'1 ulp or less' if summed else f'{ulps(ours, theirs):.0f} ulp':14}{names or 'defaults'}")

# %% name="heart-check"
order = [drop_missing, move, count]
compare()
compare(learning_rate=halving)
compare(momentum=0.9)
compare(momentum=0.9, nesterov=True)

# %% [markdown] name="clip-question"
# Zero. Each + and × of float32 is rounded by the same rule on every processor (IEEE 754). The same operations in the same order give the
# same bits, whoever does them.
#
# Now the stages before the move: unscale, accumulate, clip, decay. The last two are shown. Does clipping give 0 ulp, too? A global norm adds up 1040 squares.

# %% name="clip-run"
def clip(s):
    clipped = sgd.clip(list(s.g.values()), s.clipnorm, s.clipvalue, s.global_clipnorm)
    s.g = dict(zip(s.g, clipped))


def decay(s):
    for i in s.g if due(s) and s.weight_decay is not None else ():
        s.w[i] = sgd.decay(s.w[i], eta(s), s.weight_decay)

# %% name="other-stages" jupyter={"source_hidden": true}
def unscale(s):
    if s.loss_scale_factor is not None:
        s.g = {i: sgd.unscale(g, s.loss_scale_factor) for i, g in s.g.items()}


def accumulate(s):
    k = s.gradient_accumulation_steps or 1
    for i, g in s.g.items():
        if not due(s):
            s.total[i] = sgd.accumulate(s.total[i], g)
        elif k > 1:
            s.g[i] = sgd.mean_gradient(s.total[i], g, k)
    if due(s):
        s.total = [np.zeros_like(total) for total in s.total]


def updates(s):
    return s.calls // (s.gradient_accumulation_steps or 1)


def average(s):
    if s.use_ema:
        kept = np.float32(s.ema_momentum if updates(s) else 0.0)
        s.average = [sgd.moving_average(a, w, kept) for a, w in zip(s.average, s.w)]


def overwrite(s):
    k = s.ema_overwrite_frequency
    if s.use_ema and k and sgd.overwrite_is_due(updates(s), k):
        s.w = list(s.average)


def constrain(s):
    for i in s.g if s.constraints else ():
        s.w[i] = s.constraints[i](s.w[i])

# %% name="clip-check"
order = [drop_missing, unscale, accumulate, clip, decay, move, count]
compare(loss_scale_factor=1000.0)
compare(gradient_accumulation_steps=3, momentum=0.9)
compare(clipvalue=0.1)
compare(clipnorm=0.1)
compare(global_clipnorm=0.1)
compare(weight_decay=0.1, learning_rate=0.1, momentum=0.9)

# %% [markdown] name="clip-answer"
# By value yes. By norm not always: a sum of a thousand squares depends on the *order* of its additions, and NumPy and
# TensorFlow choose different ones (chapter 13). Here that costs one ulp at most, with longer steps a few.
#
# After the move come the average, overwriting, constraints (functions of the weights; `NonNeg` sets negative ones to zero) and the count. With that the list is complete. Everything at once, with constraints on both variables and a clip by value, then by norm:

# %% name="everything-run"
order = [drop_missing, unscale, accumulate, clip, decay, move, average, overwrite, constrain, count]
everything = {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}
everything |= {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 3}
everything |= {"loss_scale_factor": 1024.0, "gradient_accumulation_steps": 2}
non_negative = [lambda w: np.maximum(w, 0)] * 2
compare(constrained=True, **everything, clipvalue=0.5)
compare(constrained=True, **everything, clipnorm=1.0)

# %% [markdown] name="swap-question"
# That is Keras's SGD, all of it. `sgd.step` in `course/sgd.py` is the same without the bag (a test holds it), and
# `course.SGD` calls the same functions on TensorFlow's tensors, or one [fused operation](16_glossary.ipynb#Fused-kernel) for several of them.
#
# ## Why this order?
#
# With the order a list, a wrong order is one line. All arguments are on. From `unscale` on, exchange each stage with its successor; then clip with unscale; and compare
# the averaged weights.
#
# > 11.harmless

# %% name="swap-run"
settings = {"constraints": non_negative, "clipnorm": 1.0, **everything}
proper = run(order, **settings)
for first, second in [*zip(order[1:-1], order[2:]), (unscale, clip)]:
    wrong = list(order)
    i, j = order.index(first), order.index(second)
    wrong[i], wrong[j] = second, first
    apart = max(np.abs(a - b).max() for a, b in zip(run(wrong, **settings), proper))
    name = f"{second.__name__} before {first.__name__}"
    print(f"{name:30}{f'{apart:.4f}' if apart else 'the same bits'}")

# %% [markdown] name="swap-answer"
# - **Harmless:** accumulating before unscaling (a sum can be divided afterwards; to the bit only because 1024 is a power of two), decay before
#   clip (one looks at weights, the other at gradients), and counting before constraints (which do not ask for the count).
# - **Clip before accumulate** is chapter 09's other method. **Clip before unscale** sees gradients 1024 times too long.
# - **Move before decay** also shrinks the step just made, by the part η·wd of it.
# - **Average before move** follows one step late and keeps a share of the *initial* weights; Keras's keeps none.
# - **Overwrite before average** throws the newest step away. **Constrain before overwrite** lets the average bring negative weights back.
#
# None of the wrong orders raises an error.

# %% [markdown] name="recap"
# ## Recap
#
# - **The order.** Drop missing → unscale → accumulate → clip → decay → velocity and weights → average → overwrite → constraints → count. The
#   same operations in the same precision give the same bits, in NumPy and in Keras.
# - **What may change places.** Only stages that do not look at each other's results: decay and clip, constraints and count, division and sum. Every other exchange we tried trains
#   another network without an error message.
# - **Exactly, and where it ends** (*Deeper*). A `.keras` file resumes to the bit, but not after a `fit` with EMA, and without the exclusions from decay. Bits
#   part where sums are reordered or a compiler fuses; training then amplifies them.

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 11](../exercises/11_the_whole_optimizer.ipynb): put nine stages in order, find the exchanged pair, write PyTorch's ball for Keras. Tasks 4 and 5 want the section of *Deeper* on a rule of your own.

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who write, compare or resume optimizers: the twins in a real `fit`, where equal bits end, what constraints and names do, what a saved file forgets, and a rule of your own.

# %% [markdown] name="fit-question"
# ### In a real `fit`
#
# Now `course.SGD` and `keras.optimizers.SGD` in a network on the 1,797 digits (`network`, folded, has always the same first weights), in compiled `fit`. Same seed, so the
# same shuffling; one epoch of 29 steps.
#
# > 11.same_bits

# %% name="fit-run" jupyter={"source_hidden": true}
images, labels = load_digits()


def network(optimizer, steps_at_once=1, **layer):
    """A small network for the digits, always with the same first weights."""
    keras.utils.set_random_seed(11)
    layers = [keras.layers.Dense(16, "relu", **layer), keras.layers.Dense(10)]
    model = keras.Sequential([keras.Input((64,)), *layers])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer.build(model.trainable_variables)  # so that `fit` finds it ready when it compiles
    model.compile(optimizer, loss, jit_compile=False, steps_per_execution=steps_at_once)
    return model


def fitted(optimizer, **layer):
    """The weights after `fit` for one epoch."""
    model = network(optimizer, **layer)
    model.fit(images, labels, batch_size=64, verbose=0)
    return model.get_weights()

# %% name="bound" jupyter={"source_hidden": true}
def bound(apart):
    """In words that do not depend on the processor: 0, or a power of ten above."""
    return "0" if apart == 0 else f"below {10 ** max(1, int(np.ceil(np.log10(apart)))):,}"

# %% name="fit-table"
rows = {"learning_rate=halving": {"learning_rate": halving}, "momentum": {"momentum": 0.9}}
rows |= {"nesterov": {"momentum": 0.9, "nesterov": True}, "weight_decay": {"weight_decay": 0.1}}
rows |= {name: {name: 0.1} for name in ("clipvalue", "clipnorm", "global_clipnorm")}
rows |= {"use_ema": {"use_ema": True, "ema_momentum": 0.9}}
rows |= {"ema_overwrite_frequency": {"use_ema": True, "ema_overwrite_frequency": 5}}
rows |= {"loss_scale_factor": {"loss_scale_factor": 1024.0}}
rows |= {"gradient_accumulation_steps": {"gradient_accumulation_steps": 4}}
rows |= {"all together": everything | {"clipnorm": 0.1}}
print(f"{'argument':30}apart, in ulp")
for name, arguments in {"defaults": {}, **rows}.items():
    constraint = "non_neg" if name == "all together" else None
    ours, theirs = (
        fitted(cls(**arguments), kernel_constraint=constraint)
        for cls in (course.SGD, keras.optimizers.SGD)
    )
    print(f"{name:30}{bound(ulps(ours, theirs))}")

# %% [markdown] name="fit-answer"
# Those whose operations are Keras's, one for one: the bare rules, with any schedule; the clip by value; a loss scale that is a power of two; the accumulation by
# four, another such power. Where a formula is written in another way (decay, average), or a norm is summed in another order, a last bit differs now and then: a few ulp after
# an epoch, for one argument or for all. What is gained for that bit is memory traffic (chapter 13). The tests of this
# course hold random combinations of arguments within 4 ulp of Keras, on hundreds of problems.

# %% [markdown] name="ends"
# ### Where bit for bit ends
#
# **The order of additions**, as in a norm: chapter 13 measures it.
#
# **The precision of a constant.** Python computes 1 − 0.9 with 53 binary digits, and rounding gives a float32. Keras rounds 0.9 first and subtracts then. Does it matter?

# %% name="average-precision"
print(f"1 - 0.9, then rounded: {np.float32(1 - 0.9):.10f}")
print(f"0.9 rounded, then 1 -: {1 - np.float32(0.9):.10f}")


def late_average(s):
    if s.use_ema:
        kept = s.ema_momentum if updates(s) else 0.0  # without np.float32
        s.average = [sgd.moving_average(a, w, kept) for a, w in zip(s.average, s.w)]


for way in (average, late_average):
    order = [drop_missing, move, way, count]
    compare(use_ema=True, ema_momentum=0.9)

# %% [markdown] name="ends-xla-question"
# It does, by 4 ulp.
#
# **The compiler.** [XLA](16_glossary.ipynb#XLA) (`jit_compile=True`; `fit` chooses it by itself on a GPU) turns βv − (ηg) into one *fused multiply-add*: the product βv is not rounded
# before the sum. With 53 digits NumPy can imitate that.
#
# > 11.compiled

# %% name="ends-xla" jupyter={"source_hidden": true}
def compiled(jit_compile):
    """Keras's own velocities after the first call and the second, in a compiled step."""
    weights, velocities = [keras.Variable(w) for w in START], []
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
    optimizer.build(weights)
    call = tf.function(
        lambda *g: optimizer.apply(g, weights), jit_compile=jit_compile, autograph=False
    )
    for gradients in CALLS[:2]:
        call(*map(tf.constant, gradients))
        velocities.append(optimizer.momentums[0].numpy())
    return velocities

# %% name="ends-xla-run"
(first, plain), (first_fused, fused) = compiled(False), compiled(True)
push = CALLS[1][0] * np.float32(0.1)
late = np.float64(first) * np.float32(0.9) - push
print("Keras:          β v rounded first:", np.array_equal(plain, first * np.float32(0.9) - push))
print("Keras with XLA: β v not rounded:  ", np.array_equal(fused, late.astype("float32")))
print("call 1, the same bits:", np.array_equal(first, first_fused))
print("call 2, the same bits:", np.array_equal(plain, fused), " ulp:", bound(ulps([fused], [plain])))

# %% [markdown] name="growth-question"
# In the second: in the first, v is 0, and there is nothing to round. So "bit for bit like Keras" can only mean: like Keras, compiled in the same way. (The NumPy `step` follows Keras without XLA.)
#
# Do such differences stay small? Train the network for 30 epochs with Keras; then again after changing *one* of its 1,210 weights by *one* ulp. And
# `course.SGD` beside Keras, without a clip and with one.
#
# > 11.growth

# %% name="growth-run" jupyter={"source_hidden": true}
def epochs_of(cls, nudge=False, **clip):
    """The weights after each of 30 epochs; one weight is moved by an ulp before, if asked."""
    optimizer = cls(learning_rate=0.3, momentum=0.9, **clip)
    model, path = network(optimizer, steps_at_once=29), []  # an epoch a call: faster, the same bits
    if nudge:
        first, *rest = model.get_weights()
        first[20, 0] = np.nextafter(first[20, 0], np.float32(9))
        model.set_weights([first, *rest])
    keep = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: path.append(model.get_weights()))
    model.fit(images, labels, batch_size=64, epochs=30, callbacks=[keep], verbose=0)
    guess = keras.ops.convert_to_numpy(model(images)).argmax(axis=1)
    return path, np.mean(guess == labels)


theirs, nudged = epochs_of(keras.optimizers.SGD), epochs_of(keras.optimizers.SGD, nudge=True)
ours, clipped = epochs_of(course.SGD), epochs_of(course.SGD, clipnorm=0.5)
their_clipped = epochs_of(keras.optimizers.SGD, clipnorm=0.5)
pairs = {"Keras and course": (ours, theirs), "Keras and nudged Keras": (nudged, theirs)}
pairs |= {"Keras and course, clip": (clipped, their_clipped)}

# %% name="growth-figure"
figure, axes = plt.subplots()
for (name, ((path, hits), (their_path, their_hits))), line in zip(pairs.items(), ("", "-", "--")):
    apart = np.array([ulps(a, b) for a, b in zip(path, their_path)])
    print(f"{name:23} the same bits: {not apart.any()!s:6} over 100,000 ulp: {apart[-1] > 1e5}")
    print(f"{'':23} digits read: {hits:.0%} and {their_hits:.0%}")
    if apart.any():
        axes.semilogy(range(1, 31), apart, line, label=name)
axes.set(xlabel="epoch", ylabel="distance, ulp", ylim=(1, 1e8))
axes.legend()
plt.show()

# %% [markdown] name="growth-answer"
# *The picture: the distance in ulp against the epoch, on a logarithmic axis. Both curves begin below ten ulp, climb by more than five powers of ten, steeply in the middle, and level off. The pair with the
# same bits is not drawn: its distance is zero.*
#
# "A small difference stays small" is false in training. Where steps swing across a curved loss they stretch tiny distances, again and again by a factor, until these are as
# large as the weights allow; 100,000 ulp of a number near 1 are 0.012. What nudged makes no difference: a last bit of a norm, or of one weight. **After a
# long run a large distance proves no error, and the digits are read equally well. Compare after one step, in ulps**, as we did above.

# %% [markdown] name="constraint"
# ### Constraints, accumulation and the average
#
# A constraint stands outside accumulation and after the average. Two consequences, in Keras itself, with `kernel_constraint="non_neg"` (a layer's kernel is its matrix of weights):
#
# > 11.constrained

# %% name="constraint-run"
collecting = network(
    keras.optimizers.SGD(gradient_accumulation_steps=4), kernel_constraint="non_neg"
)
for moment in ("before", "after "):
    print(f"(a) {moment} the first of four calls: smallest {collecting.get_weights()[0].min():.3f}")
    collecting.train_on_batch(images[:32], labels[:32])
averaged = network(
    keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9), kernel_constraint="non_neg"
)
averaged.fit(images, labels, verbose=0)
matrix = averaged.get_weights()[0]
print(f"(b) after fit: smallest {matrix.min():.3f}, negative {np.mean(matrix < 0):.0%}")

# %% [markdown] name="constraint-answer"
# (a) None: the constraint was applied although no update was due. (b) Some, although every weight was made non-negative at every step: the average follows the weights
# as they are *before* the constraint, and `fit` hands back the average. Where a constraint must hold, apply it once more after `fit`.
#
# ### Names
#
# The reference page's signature ends with `name="SGD"` and calls it "the name to use for momentum accumulator weights" (keras.io).
#
# > 11.names

# %% name="names-run"
keras.utils.clear_session()  # counts from the beginning
three = keras.optimizers.SGD(), keras.optimizers.SGD(), course.SGD()
print(*(each.name for each in three), course.SGD(name="mine").name)
mine = course.SGD(momentum=0.9, name="mine")
mine.build([keras.Variable(1.0, name="w")])
print(*(variable.path for variable in mine.variables))

# %% [markdown] name="names-answer"
# `sgd`, `sgd_1`, `sgd_2`: the default is None, which counts. And the name stands before *all* of the optimizer's variables, its count and learning rate too. It
# changes no number.

# %% [markdown] name="resume-question"
# ### Stopping mid-run
#
# What must be kept so that a stopped training goes on as if nothing had happened? Weights, velocity, average, accumulator, count: the bag `s`. `model.save("….keras")` keeps
# them all, with the arguments. Ten calls, a save, ten more; k = 4, so the accumulator is half full.
#
# > 11.loaded

# %% name="resume-run"
TEMPORARY = tempfile.TemporaryDirectory()
FOLDER = Path(TEMPORARY.name)
settings = everything | {"ema_overwrite_frequency": None, "gradient_accumulation_steps": 4}


def calls(model, first, last):
    """These batches of 32, without `fit`; returns the weights."""
    for i in range(first, last):
        model.train_on_batch(images[32 * i : 32 * i + 32], labels[32 * i : 32 * i + 32])
    return model.get_weights()


model = network(course.SGD(**settings))
calls(model, 0, 10)
model.save(FOLDER / "half-way.keras")
loaded = keras.models.load_model(FOLDER / "half-way.keras")
only_weights = network(course.SGD(**settings))
only_weights.set_weights(model.get_weights())
uninterrupted = calls(model, 10, 20)
for name, each in ((".keras file", loaded), ("weights alone", only_weights)):
    apart = ulps(calls(each, 10, 20), uninterrupted)
    print(f"{name:14} the same bits: {apart == 0!s:6} over 10,000 ulp: {apart > 1e4}")

# %% [markdown] name="resume-answer"
# Exactly, and "a model is its weights" is false for training: without its velocity the ball starts from rest, and the two
# gradients in the accumulator are lost.
#
# Is a file always enough? Two epochs in one `fit`, against one epoch, a save, and one more; then a bias that `exclude_from_weight_decay` keeps from
# decaying, saved and loaded.
#
# > 11.two_epochs

# %% name="resume-ema"
for use_ema in (False, True):
    ball = {"learning_rate": 0.1, "momentum": 0.9, "use_ema": use_ema}
    once, twice = network(course.SGD(**ball)), network(course.SGD(**ball))
    once.fit(images, labels, epochs=2, shuffle=False, verbose=0)
    twice.fit(images, labels, epochs=1, shuffle=False, verbose=0)
    averages = [v.numpy() for v in twice.optimizer.variables if v.path.endswith("average")]
    if use_ema:
        print("after fit, weights and average are equal:", ulps(twice.get_weights(), averages) == 0)
    twice.save(FOLDER / "one-epoch.keras")
    twice = keras.models.load_model(FOLDER / "one-epoch.keras")
    twice.fit(images, labels, epochs=1, shuffle=False, verbose=0)
    apart = ulps(twice.get_weights(), once.get_weights())
    print(f"use_ema={use_ema}: the same bits: {apart == 0}, over 10,000 ulp: {apart > 1e4}")

# %% name="resume-exclude"
optimizer = course.SGD(0.1, weight_decay=0.5)
optimizer.exclude_from_weight_decay(var_names=["bias"])
model = network(optimizer)
calls(model, 0, 10)
model.save(FOLDER / "excluded.keras")
forgets, told = (keras.models.load_model(FOLDER / "excluded.keras") for _ in range(2))
told.optimizer.exclude_from_weight_decay(var_names=["bias"])
rivals = {"not interrupted": model, "loaded": forgets, "loaded, told again": told}
for name, each in rivals.items():
    print(f"{name:19} length of the last bias {np.linalg.norm(calls(each, 10, 50)[-1]):.3f}")

# %% [markdown] name="resume-exclude-answer"
# Two things break the exactness, in Keras as in ours. With EMA, `fit` ends by putting the average in the weights' place, and **the raw weights are gone** (chapter 08): the
# second `fit` begins at the average, with a velocity that belongs to other weights. To stop within an averaged run, save from a callback *during* `fit`.
#
# And `exclude_from_weight_decay` is a method, not an argument: **the file does not know it.** The loaded biases decay, silently, until the exclusion is said again: straight after
# loading, before the first step is compiled.
#
# The other arguments are attributes, but a compiled step has read them: `fit` ignores `optimizer.momentum = 0.5`, in Keras as here, until the next `compile`; only
# the learning rate is a variable. What a callback should change, keep in one: `optimizer.weight_decay = keras.Variable(0.1)` before `fit`, then `assign`.

# %% [markdown] name="rule-question"
# ### A rule of your own
#
# The step is yours, so you may change it. `with_rule` puts a NumPy function of yours in `sgd.move`'s place, within compiled `fit`. First the ball of chapter 04, then a ball
# that never rolls uphill: where velocity and gradient point the same way, its velocity is set to zero before the push.

# %% name="rule-run"
def my_ball(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return variable + velocity, velocity


def my_stopping_ball(variable, velocity, gradient, learning_rate, momentum):
    velocity = np.where(velocity * gradient > 0, 0, velocity)
    return my_ball(variable, velocity, gradient, learning_rate, momentum)


settings = {"learning_rate": 0.1, "momentum": 0.9}
rivals = {"Keras's ball": keras.optimizers.SGD(**settings), "my ball": with_rule(my_ball, **settings)}
rivals |= {"my stopping ball": with_rule(my_stopping_ball, **settings)}
for name, optimizer in rivals.items():
    losses = network(optimizer).fit(images, labels, epochs=3, verbose=0).history["loss"]
    print(f"{name:17} loss", *(f"{loss:.3f}" for loss in losses))

# %% [markdown] name="sweep-question"
# Your ball is Keras's ball. The stopping ball is behind. But that is one seed and one learning rate, and a ball that often stops is slower at the same η. So give each rule five learning rates
# and eight seeds, with chapter 12's bench (NumPy, many trainings side by side; three epochs, the loss on the training images):
#
# > 11.rank

# %% name="sweep-run"
def stopping(w, memory, g, rate, momentum, decay, step):
    velocity = np.where(memory[0] * g > 0, 0, memory[0])
    return tuning.ball(w, (velocity, None), g, rate, momentum, decay, step)


rates, best, everyone = (0.05, 0.1, 0.2, 0.4, 0.8), {}, np.arange(len(labels))
for rule in (tuning.ball, tuning.nesterov, stopping):
    weights, _ = tuning.train(
        np.tile(range(8), 5), np.repeat(rates, 8), rule=rule, epochs=3, rows=everyone
    )
    table = tuning.score(weights, everyone)[0].reshape(5, 8)
    best[rule.__name__] = table[table.mean(axis=1).argmin()]
    means = [f"η {r}: {row.mean():.3f}" for r, row in zip(rates, table)]
    print(f"{rule.__name__:9}", "   ".join(means))
for name in ("nesterov", "stopping"):
    print(f"{name} minus ball, at their best: {tuning.told_gap(best[name], best['ball'])}")

# %% [markdown] name="rule-answer"
# Nesterov is first, by 0.020 ± 0.008, the standard error over the seeds (the star: more than 2.4 of it, chapter 12). Between the ball and the stopping ball *no difference is shown* with eight seeds; at η = 0.1, where the ball is best, the stopping ball looked far worse. It loses its speed again and again,
# and makes up for it at η = 0.4. **One learning rate for all rules compares learning rates.** Sweep it for each rule before you rank them (chapter 12).
#
# (Your function leaves TensorFlow's graph at
# each step: it is slow, does not run under XLA, and is not saved with the model.)

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 11.bug
#
# ? 11.one_by_one
#
# ? 11.noise

# %% [markdown] name="sources"
# **Sources.** Keras 3.15, `keras/src/optimizers/base_optimizer.py` (`apply`, `_backend_apply_gradients`) and `sgd.py`; reference page
# [keras.io/api/optimizers/sgd](https://keras.io/api/optimizers/sgd/). · D. Goldberg, *What every computer scientist should know about floating-point arithmetic*,
# 1991, [doi:10.1145/103162.103163](https://doi.org/10.1145/103162.103163). · N. J. Higham, *The accuracy of floating point summation*, 1993,
# [doi:10.1137/0914050](https://doi.org/10.1137/0914050). · Digits: E. Alpaydin, C. Kaynak,
# [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49), CC BY 4.0.
