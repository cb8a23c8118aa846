# %% [markdown] name="title"
# # 13 · GPUs and many devices
#
# **What is the step's floor on real hardware, and what does a second device change?**
#
# After this chapter you can
#
# - say in bytes what a step must move at least, and where Keras moves more;
# - train on two devices in a loop of your own, with steps of the right length;
# - name what makes `fit` on two devices train differently from `fit` on one.
#
# All arguments, compiled and distributed. Core: about 20 minutes; deeper: about 25 more. It runs in under a minute.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# ? 13.order
#
# ? 13.remembers
#
# ? 13.which_bug

# %% name="imports" jupyter={"source_hidden": true}
import os

os.environ["COURSE_LOGICAL_CPUS"] = "2"  # take the processor for two devices, from the start

import matplotlib.pyplot as plt
import numpy as np

import course
from course import figures
from course.bench import floor
from course.bench import step as bench
from course.learner.predict import predict
from course.quietly import keras
import tensorflow as tf

tf.get_logger().setLevel("ERROR")
figures.use_course_style()

# %% [markdown] name="floor"
# ## A step is all memory
#
# Plain descent computes `w - learning_rate * g`: two operations per weight, of which a processor core does billions per second. But large variables
# lie in memory: each weight and gradient must come from there, and each new weight must go back. In float32 that is
#
# $$ \underbrace{4}_{\text{read } w} + \underbrace{4}_{\text{read } g} + \underbrace{4}_{\text{write } w} = 12 \text{ bytes per weight}, \qquad
#    \text{with momentum } 12 + \underbrace{4 + 4}_{\text{read, write } v} = 20 . $$
#
# Nesterov needs the same 20: it reads nothing new. An average of the weights adds 8 (read and written), a clip by norm 4 (all gradients are
# read once before the first weight may move), weight decay nothing. So the floor of a step is **bytes / bandwidth**.
#
# > 13.least

# %% name="floor-run"
weights = sum(int(np.prod(shape)) for shape in bench.resnet50_shapes())
print(f"{weights:,} weights, {weights * 20 / 1e6:.0f} MB to move with momentum")
for device, bandwidth in (("laptop", 50), ("GPU", 900), ("GPU", 4800)):
    plain, momentum = (weights * size / bandwidth / 1e6 for size in (12, 20))
    print(f"{device:7}{bandwidth:4} GB/s: plain {plain:6.2f} ms, momentum {momentum:6.2f} ms")

# %% [markdown] name="floor-answer"
# Ten, and a tenth. One image through this network costs 3.8 billion multiplications with an addition each (He and others 2016, table 1), so the
# optimizer's milliseconds count with small batches, with wide dense layers, and when every weight is moved several times:
#
# ### Where the bytes go
#
# Keras writes the rule as arithmetic, and in a compiled graph each + and × is an operation of its own, which reads whole arrays and writes one
# back. Momentum's are β·v and η·g (8 bytes per weight each), their difference and the sum w + v (12 each): **40, twice the floor.** `course.SGD` asks for one operation
# instead, a [fused kernel](16_glossary.ipynb#Fused-kernel) of TensorFlow. The folded cells count them in the graphs.

# %% name="graph-code" jupyter={"source_hidden": true}
def operations(cls, **arguments):
    """The operations on whole arrays in one compiled step, each with its bytes per weight."""
    optimizer, weights = cls(0.01, **arguments), keras.Variable(np.ones(8, "float32"))
    optimizer.build([weights])
    step = tf.function(lambda g: optimizer.apply([g], [weights]), autograph=False)
    for op in step.get_concrete_function(tf.ones(8)).graph.get_operations():
        arrays = sum(tensor.shape == (8,) for tensor in op.inputs)
        if op.type in ("Mul", "Sub") and arrays:
            yield op.type, 4 * (arrays + 1)
        elif op.type in ("AssignAddVariableOp", "AssignSubVariableOp") and arrays:
            yield op.type, 12  # reads the variable and the array, writes the variable
        elif op.type.startswith("ResourceApply"):
            yield op.type, 20 if arguments else 12  # one pass

# %% name="graph-run"
for name, cls in (("Keras", keras.optimizers.SGD), ("course", course.SGD)):
    print(f"{name:7}", *(f"{kind} {size}" for kind, size in operations(cls, momentum=0.9)))

# %% name="graph-figure" jupyter={"source_hidden": true}
rules = {"plain": {}, "momentum": {"momentum": 0.9}, "Nesterov": {"momentum": 0.9, "nesterov": True}}
moved = [[sum(size for _, size in operations(cls, **arguments)) for arguments in rules.values()]
         for cls in (keras.optimizers.SGD, course.SGD)]
figure, axes = plt.subplots(figsize=(8, 2.4))
for sizes, shift, look in zip(moved, (0.2, -0.2), ({"color": "0.75", "hatch": "//"}, {"color": "black"})):
    axes.barh(np.arange(3) - shift, sizes, height=0.35, **look)
axes.legend(["Keras, operation by operation", "course.SGD, one pass: the floor"])
axes.set(xlabel="bytes per weight", xlim=(0, 100), ylim=(2.5, -0.5), yticks=range(3), yticklabels=rules)
plt.show()
print("Keras ", *moved[0], "  course", *moved[1])

# %% [markdown] name="graph-answer"
# *The picture: three pairs of bars, for plain descent, momentum and Nesterov. Keras's are 20, 40 and 68 bytes long, the floor's 12, 20 and 20.*

# %% [markdown] name="replicas"
# ## Two devices: gradients are added
#
# `tf.distribute.MirroredStrategy` keeps a copy of every weight on each device. Each **[replica](16_glossary.ipynb#Replica)** computes the
# gradient of its own part of the batch; the gradients are *summed* over the replicas, and each takes the same step. Here the processor plays two devices
# (the folded cell at the top asks for that), and `ReductionToOneDevice` takes the sum on one of them.
#
# > 13.joined

# %% name="pair"
pair = tf.distribute.MirroredStrategy(
    ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()
)
examples = np.arange(1, 9, dtype="float32")  # the loss of example x at weight w: ½ (w - x)²


def on_two(cls, divide_by, calls=1, parts=examples.reshape(2, 4), **arguments):
    """The weight on each replica after some steps; each replica's loss is its sum / divide_by."""
    with pair.scope():
        weight, optimizer = keras.Variable(0.0), cls(0.1, **arguments)
        optimizer.build([weight])

    @tf.function
    def step():
        def on_replica():
            replica = tf.distribute.get_replica_context().replica_id_in_sync_group
            gradient = tf.reduce_sum(weight - tf.constant(parts)[replica]) / divide_by
            optimizer.apply([gradient], [weight])

        pair.run(on_replica)

    for _ in range(calls):
        step()
    return [float(copy.numpy()) for copy in pair.experimental_local_results(weight.value)]

# %% name="replicas-run"
print(f"one device, mean over eight: {0.1 * examples.mean():.3f}")
print("each replica divides by its four:", np.round(on_two(course.SGD, 4), 3))
print("each replica divides by all eight:", np.round(on_two(course.SGD, 8), 3))

# %% [markdown] name="replicas-answer"
# Twice as far: two means are *added*. **In a loop of your own, divide by the [global batch](16_glossary.ipynb#Global-batch)**, the examples of all replicas together. Both replicas
# hold the same weight in either case, so comparing them does not find the mistake.
#
# ## What `fit` divides by
#
# `fit` divides for you, but by something else: each replica takes the mean of *its* losses, divided by the *number of replicas*. For equal parts that is the
# same. Now take 13 examples in batches of 8. Only the last two have y = 12, the others 0: the first batch leaves w at 0.
#
# > 13.uneven

# %% name="uneven-run"
def fitted(strategy, y):
    """The one weight after an epoch of `fit` in batches of 8, from 0; its loss is (w - y)²."""
    with strategy.scope():
        dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
        model = keras.Sequential([keras.Input((1,)), dense])
        model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    model.fit(np.ones((len(y), 1)), y, batch_size=8, shuffle=False, verbose=0)
    return dense.get_weights()[0].item()


one, targets = tf.distribute.get_strategy(), np.array([0.0] * 11 + [12.0] * 2)
print(f"8, then 5: one device {fitted(one, targets):.2f}, two devices {fitted(pair, targets):.2f}")
try:
    fitted(pair, targets[8:])
except tf.errors.InvalidArgumentError as error:
    print("5 at once, on two devices:", type(error).__name__)

# %% [markdown] name="uneven-answer"
# Further, to 1.2. The two 12s are two of *five* on one device; on two they are a whole part, and each part counts for a *half*. And if the *first* batch is uneven,
# `fit` stops with an error: it adds the parts of that batch to learn its shape, and (3, 1) and (2, 1) do
# not add. So let every batch split evenly: `dataset.batch(8, drop_remainder=True)`.
#
# ## What sees only its own part
#
# Several small batches made one large one in chapter 09 where *no layer looks across the batch*. Two devices are no different.
#
# > 13.normalised

# %% name="norm-run"
from course.digits import load_digits

images, labels = load_digits()


def first_layer(strategy, **norm):
    """The first layer's weights after an epoch; norm: BatchNormalization's arguments."""
    keras.utils.set_random_seed(1)
    with strategy.scope():
        between = [keras.layers.BatchNormalization(**norm)] if norm else []
        layers = [keras.layers.Dense(32), *between, keras.layers.ReLU()]
        model = keras.Sequential([keras.Input((64,)), *layers, keras.layers.Dense(10, "softmax")])
        model.compile(course.SGD(0.1, 0.9), "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(images[:1500], labels[:1500], batch_size=50, shuffle=False, verbose=0)
    return layers[0].get_weights()[0]


for norm in ({}, {"synchronized": False}, {"synchronized": True}):
    apart = np.max(np.abs(first_layer(one, **norm) - first_layer(pair, **norm)))
    print(f"{str(norm or 'without'):24} apart by", f"{apart:.3f}" if apart > 1e-5 else "rounding, less than 1e-5")

# %% [markdown] name="norm-answer"
# Without it they differ by rounding. BatchNormalization moves them by nearly a tenth: each replica normalises its 25 images by *their* mean and variance, not by those of all
# 50. With `synchronized=True` the replicas share their statistics, and only rounding is left.
#
# So a second device changes nothing but the speed (and the rounding) **if** the loss is a mean or a sum over the examples, every batch splits evenly, no layer looks
# across the batch or draws at random (Dropout), and, in Keras, nothing is clipped (see Deeper). The usual reason to add devices, though, is a larger batch (chapter 02): the noise falls,
# the learning rate may rise, and the stability edge does not move.

# %% [markdown] name="recap"
# ## Recap
#
# - **The floor** is bytes by bandwidth: 12 per weight for plain descent, 20 with momentum or Nesterov. In a graph Keras moves 1.7 to 3.4 times that.
# - **In your own loop** gradients are summed over the devices: divide the loss by the global batch.
# - **`fit`** divides each replica's mean by the number of replicas: let batches split evenly. Synchronise BatchNormalization, or it sees only its own part.
#
# ## Your turn
#
# [Exercise 13](../exercises/13_gpus_and_many_devices.ipynb): write a step's floor, put a step on all replicas in order. Tasks 2 and 3 want
# *Who clips first?* below, task 4 *Where "bit for bit" stops*, task 5 *On a GPU*. And when something breaks: [14, my loss is nan / flat / jumping](14_when_training_goes_wrong.ipynb).

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who choose hardware or debug a run on it: how near real steps come to the floor, what clips where on two devices and what fails there,
# and why two correct programs need not agree to the last bit.

# %% [markdown] name="measure"
# ### On a processor
#
# Keras and `course.SGD` by turns on one variable of 25 million weights, beside a bare loop in C that moves the floor's
# bytes and nothing else (where a C compiler is found); then on six variables of 100,000 weights in all.
#
# > 13.ahead

# %% name="measure-run" tags=["nbval-ignore-output"]
loops = floor.loops()
floors = floor.floor_of(loops, [(25_000_000,)]) if loops else {}
print(f"{'variables':12}{'rule':10}{'':8}{'Keras, ms':>10}{'ours, ms':>10}{'faster':>8}{'ours / floor':>14}")
for load, name, mode in (("a", "plain", "graph"), ("a", "momentum", "graph"), ("a", "momentum", "xla"),
                         ("c", "momentum", "graph"), ("c", "momentum", "eager")):
    least = floors.get(name) if load == "a" else None
    found = bench.measure(load, name, mode, rounds=3, floor=least)
    ratio = f"{found.floor:14.2f}" if found.floor else "–".rjust(14)
    times = f"{1e3 * found.keras:10.1f}{1e3 * found.ours:10.1f}{found.faster:8.2f}"
    print(f"{'one' if load == 'a' else 'six small':12}{name:10}{mode:8}{times}{ratio}")

# %% [markdown] name="measure-answer"
# The cell prints your machine's figures. Ours, from a virtual machine with two cores on 2026-11-21, TensorFlow 2.21.0, Keras 3.15.1 (an extract of `docs/performance.md` in the
# course's repository; `course bench` measures the whole table):
#
# | variables | rule | | Keras, ms | ours, ms | faster | ours / floor |
# |---|---|---|--:|--:|--:|--:|
# | one | plain | graph | 13.8 | 6.78 | 2.05 | 1.22 |
# | one | momentum | graph | 25.5 | 12.2 | 2.11 | 1.40 |
# | one | momentum | XLA | 12.8 | 12.1 | 1.05 | 1.44 |
# | six small | momentum | graph | 0.372 | 0.335 | 1.11 | |
# | six small | momentum | eager | 3.82 | 0.252 | 15.04 | |
#
# In a *graph* the fused step is twice as fast with one huge variable. *Eager* adds Python to each operation: with
# small variables that is nearly everything, and there the distance is largest. Under *XLA* (`jit_compile=True`) the compiler fuses the
# arithmetic by itself, and the two are about equal.

# %% [markdown] name="gpu"
# ### On a GPU
#
# The floor is the same in bytes. Bandwidth is ten to a hundred times higher there, and starting an operation costs as much as ever.
#
# > 13.on_a_gpu

# %% name="gpu-run" tags=["nbval-ignore-output"]
gpus = tf.config.list_physical_devices("GPU")
print(gpus or "No GPU here. In a clone of the course on a machine with one: python -m tests.gpu")
for gpu in gpus[:1]:
    with tf.device("/GPU:0"):
        for name in ("plain", "momentum"):
            found = bench.measure("a", name, "xla", rounds=3)
            size = {"plain": 12, "momentum": 20}[name] * 25e6
            print(f"{name:10}{1e3 * found.ours:8.3f} ms, {size / found.ours / 1e9:.0f} GB/s")

# %% [markdown] name="gpu-answer"
# On one NVIDIA H100 on 2026-11-26, TensorFlow 2.21.0, by XLA, `course.SGD` (Keras's took the same within 6 %; the floor is the bytes at the speed of a bare
# y ← y − a x on the same card):
#
# | variables | plain, ms | / floor | momentum, ms | / floor | Nesterov, ms | / floor |
# |---|--:|--:|--:|--:|--:|--:|
# | one | 0.211 * | 1.98 | 0.309 * | 1.74 | 0.179 | 1.01 |
# | 161 | 0.912 | 8.4 | 1.55 | 8.6 | 1.67 | 9.2 |
#
# \* A noisy moment; the fastest of 11 rounds took 0.136 and 0.216 ms.
#
# With one variable between the floor and twice the floor; with 161 variables eight to nine times the floor, for Keras as for ours. Each variable has operations of its own,
# and to start them most likely takes longer than to move so few bytes: small variables hurt more on a GPU, and the fast optimizers there fuse *many variables into one operation*. Since `fit` compiles
# by XLA on one GPU (under a `tf.distribute` strategy it does not, unless you say so), you gain little there by a better optimizer and much by letting it compile.

# %% [markdown] name="bits"
# ### Where "bit for bit" stops
#
# Chapter 11's twins agreed to the last bit where they did the same operations in the same order. Floating-point addition is not associative:
# another order is another rounding. How much is it in a sum as long as a network?
#
# > 13.sums

# %% name="bits-run"
numbers = np.random.default_rng(13).random(1_000_000).astype("float32")
one_by_one = np.cumsum(numbers, dtype="float32")[-1]
backwards = np.cumsum(numbers[::-1], dtype="float32")[-1]
in_pairs, exact = numbers.sum(dtype="float32"), numbers.sum(dtype="float64")
unit = np.spacing(np.float32(exact))
for name, total in (("one by one", one_by_one), ("backwards", backwards), ("in pairs", in_pairs)):
    print(f"{name:12}{total:.2f}   {(float(total) - exact) / unit:+8.1f} units in the last place")

# %% [markdown] name="bits-answer"
# In some: the first five of eight. None of the sums is "wrong"; adding in pairs is the most exact. In training, sums
# are everywhere: over a batch, over a layer's inputs, over the entries of a norm. They are taken in another order by another device, another
# number of threads, another compiler.
#
# > 13.last_bit

# %% name="ulp-run"
def one_step(cls, compiled, **arguments):
    """The weights after one step, compiled by XLA or not."""
    random = np.random.default_rng(0)
    start, gradient = random.normal(size=(2, 10_000)).astype("float32")
    weights, optimizer = keras.Variable(start), cls(0.1, **arguments)
    optimizer.build([weights])
    step = tf.function(lambda: optimizer.apply([tf.constant(gradient)], [weights]),
                       jit_compile=compiled, autograph=False)
    step()
    return weights.numpy()


def units(a, b):
    """The largest difference, in units in the last place of the largest weight."""
    return np.max(np.abs(a - b)) / np.spacing(np.max(np.abs(b)))


ours, theirs = course.SGD, keras.optimizers.SGD
cases = {"Nesterov": {"momentum": 0.9, "nesterov": True}, "clipnorm": {"clipnorm": 1.0}}
for name, arguments in cases.items():
    apart = units(one_step(ours, False, **arguments), one_step(theirs, False, **arguments))
    compiled = units(one_step(theirs, True, **arguments), one_step(theirs, False, **arguments))
    print(f"{name}: ours and Keras's, both in a graph, {apart:.2f} units apart;", end=" ")
    print(f"Keras's by XLA and in a graph {compiled:.2f}")

# %% [markdown] name="ulp-answer"
# One of four pairs does. A norm is a sum of ten thousand squares, taken here in another order; XLA fuses a product and a
# sum into one rounding. Half a unit *of the largest weight* is a whole unit of a weight half its size, and for a weight near 0 it can be hundreds of its own units: so count in units of the largest. The tests of
# this course compare single steps and allow four such units.

# %% [markdown] name="clip"
# ### Who clips first?
#
# Each replica has a gradient; together they are the batch's. Keras's SGD clips on each replica, before the sum. `course.SGD` sums first.
#
# > 13.clip_each

# %% name="clip-run"
tens = np.full((2, 1), -10.0, "float32")
for name, cls in (("Keras", keras.optimizers.SGD), ("course", course.SGD)):
    print(f"{name:7}steps to", np.round(on_two(cls, 1, parts=tens, clipnorm=1.0), 3))

# %% [markdown] name="clip-answer"
# Keras by 0.2: each gradient became 1, and their sum is 2, *longer than the clip allows*. `course.SGD` by 0.1, which is what one device with the
# joined batch does. With Keras, the number of devices changes the meaning of your threshold; dividing it by that number keeps the sum within it.
#
# ### What runs on two devices, and what does not
#
# > 13.fails

# %% name="runs-run"
cases = {
    "momentum": {"momentum": 0.9},
    "use_ema": {"use_ema": True},
    "overwrite every 2": {"use_ema": True, "ema_overwrite_frequency": 2},
    "accumulate 2": {"gradient_accumulation_steps": 2},
}
for case, arguments in cases.items():
    for name, cls in (("Keras", keras.optimizers.SGD), ("course", course.SGD)):
        try:
            first, second = on_two(cls, 8, calls=4, **arguments)
            said = f"{first:.4f}, the same on both: {first == second}"
        except RuntimeError:
            said = "RuntimeError"
        print(f"{case:19}{name:8}{said}")

# %% [markdown] name="runs-answer"
# The last two: Keras 3.15 raises where a decision (is an update, or an overwrite, due?) and a sum over replicas meet in one graph. `course.SGD` sums before it decides.
#
# <details><summary>In <code>fit</code>, and with several machines</summary>
#
# `fit` under `MirroredStrategy` fails on two CPU devices with `jit_compile=True`; by itself ("auto") it does without XLA under every strategy. With
# `MultiWorkerMirroredStrategy`, Keras 3.15's own `fit` fails as soon as there is momentum ("PerReplica" cannot become a tensor), while
# `strategy.run` with `optimizer.apply`, as in the cell above, works: write the loop. The tests of this course do both, with two processes.
# </details>

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 13.half
#
# ? 13.four_gpus
#
# ? 13.seed
#
# **Sources.** Keras 3.15, `keras/src/optimizers/base_optimizer.py`; TensorFlow, `tensorflow/core/kernels/training_ops.cc` (the fused kernels) and the guide
# *Distributed training with TensorFlow*, [tensorflow.org/guide/distributed_training](https://www.tensorflow.org/guide/distributed_training). ·
# K. He and others, *Deep residual learning for image recognition*, 2016, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385). ·
# S. Williams, A. Waterman, D. Patterson, *Roofline*, 2009, [doi:10.1145/1498765.1498785](https://doi.org/10.1145/1498765.1498785). ·
# N. J. Higham, *The accuracy of floating point summation*, 1993, [doi:10.1137/0914050](https://doi.org/10.1137/0914050).
