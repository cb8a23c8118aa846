# %% [markdown] name="title"
# # 13 · GPUs and many devices
#
# **What is the step's floor on real hardware, and what does a second device change?**
#
# After this chapter you can
#
# - say in bytes what a step must move at least, and measure how far an implementation is from that floor;
# - train on two devices in a loop of your own without stepping twice as far, and say what clips where;
# - name the places where "bit for bit" stops, and why.
#
# All arguments, compiled and distributed. About 30 minutes to read; it runs in under a minute.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# <details><summary>1. In which order does Keras clip and accumulate, and why does it matter for two devices?</summary>
#
# It averages first and clips the mean (chapters 09, 11). Two devices are like two small batches: clipping each alone is not clipping
# their sum. "The order cannot matter, clipping is linear" is the tempting error: a clip leaves short gradients alone and shortens long ones.
# </details>
#
# <details><summary>2. What does Keras's SGD remember from one step to the next with <code>momentum=0.9, use_ema=True</code>?</summary>
#
# A velocity and an average for each weight, and one count. "The last gradient" is not kept, unless gradients are accumulated.
# </details>
#
# <details><summary>3. Two losses are equal up to the sixth digit at step 100 and differ in the second at step 1000. Which one has the bug?</summary>
#
# Perhaps neither: rounding differences grow in a chaotic system (chapter 11). Compare after one step, in units in the last place.
# </details>

# %% name="imports"
import os

os.environ["COURSE_LOGICAL_CPUS"] = "2"  # take the processor for two devices, from the start

import matplotlib.pyplot as plt
import numpy as np

import course
from course import figures
from course.bench import floor
from course.bench import step as bench
from course.quietly import keras
import tensorflow as tf

tf.get_logger().setLevel("ERROR")
figures.use_course_style()

# %% [markdown] name="floor"
# ## A step is all memory
#
# Plain descent computes `w - learning_rate * g`: two operations a weight. A processor core does billions of those per second. But variables that
# are larger than its caches lie in memory: each weight and each gradient must come from there, and each new weight must go back. In float32 that is
#
# $$ \underbrace{4}_{\text{read } w} + \underbrace{4}_{\text{read } g} + \underbrace{4}_{\text{write } w} = 12 \text{ bytes a weight}, \qquad
#    \text{with momentum } 12 + \underbrace{4 + 4}_{\text{read, write } v} = 20 . $$
#
# Nesterov needs the same 20: it reads nothing new. The average of the weights adds 8 (it is read and written), a clip by norm 4 (all gradients must be
# read once before the first weight may move), weight decay nothing. No code gets below that. So the floor of a step is **bytes / bandwidth**.
#
# > **Predict:** a ResNet-50 has 25.6 million weights. How long does a step with momentum take at least on a laptop with 50 GB/s: 0.1, 1 or 10 ms? On
# > a GPU with 4800 GB/s?

# %% name="floor-run"
weights = sum(int(np.prod(shape)) for shape in bench.resnet50_shapes())
print(f"{weights:,} weights, {weights * 20 / 1e6:.0f} MB to move with momentum")
for device, bandwidth in (("laptop", 50), ("GPU", 900), ("GPU", 4800)):
    plain, momentum = (weights * size / bandwidth / 1e6 for size in (12, 20))
    print(f"{device:7}{bandwidth:4} GB/s: plain {plain:6.2f} ms, momentum {momentum:6.2f} ms")

# %% [markdown] name="floor-answer"
# Ten, and a tenth. One image through this network costs 3.8 billion multiplications with an addition each (He and others 2016, table 1), so with large batches the
# optimizer's milliseconds hardly count. They count with small batches, wide dense layers, and when every weight is moved through memory several times:
#
# ## Where the bytes go
#
# Keras writes the rule as arithmetic, and in a compiled graph each + and × is an operation of its own: it reads whole arrays from memory and writes its result,
# as large as the variable, back. (Storing a result as the new velocity costs nothing: the variable takes the array over.)
#
# > **Predict:** for momentum that is β·v, η·g, their difference, and the sum w + v. How many bytes a weight, against the floor of 20?

# %% name="graph-run"
def operations(cls, **arguments):
    """The operations on whole arrays in one compiled step, each with its bytes a weight."""
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


for name, cls in (("Keras", keras.optimizers.SGD), ("course", course.SGD)):
    print(f"{name:7}", *(f"{kind} {size}" for kind, size in operations(cls, momentum=0.9)))

# %% name="graph-figure"
rules = {"plain": {}, "momentum": {"momentum": 0.9}, "Nesterov": {"momentum": 0.9, "nesterov": True}}
moved = [[sum(size for _, size in operations(cls, **arguments)) for arguments in rules.values()]
         for cls in (keras.optimizers.SGD, course.SGD)]
figure, axes = plt.subplots(figsize=(8, 2.4))
for sizes, shift, look in zip(moved, (0.2, -0.2), ({"color": "0.75", "hatch": "//"}, {"color": "black"})):
    axes.barh(np.arange(3) - shift, sizes, height=0.35, **look)
axes.legend(["Keras, operation by operation", "course.SGD, one pass: the floor"])
axes.set(xlabel="bytes a weight", xlim=(0, 100), ylim=(2.5, -0.5), yticks=range(3), yticklabels=rules)
plt.show()
print("Keras ", *moved[0], "  course", *moved[1])

# %% [markdown] name="graph-answer"
# *The picture: three pairs of bars; Keras's are 1.7, 2 and 3.4 times as long as the floor.*
#
# Forty, twice the floor. `course.SGD` asks for one operation instead, TensorFlow's own kernel for this rule, which reads w, v and g once and
# writes w and v once. (Nesterov's 68 become 60 where TensorFlow computes its repeated product η·g only once.)
#
# Now on your machine: Keras and `course.SGD` by turns on one variable of 25 million weights, beside a bare loop in C that moves the floor's
# bytes and nothing else (where a C compiler is found); then on six variables of 100,000 weights in all. The numbers are yours, so none is quoted here. Ours,
# for all arguments, are in `docs/performance.md` of the course's repository, and `course bench` measures the whole table.
#
# > **Predict:** where is `course.SGD` furthest ahead of Keras, and where are the two equal: with one huge variable, compiled to a graph or by
# > XLA, or with six small ones, compiled or called from Python (*eager*)?

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
# Three things to look for. In a *graph* the fused step should be about twice as fast as Keras's with momentum. *Eager* adds Python to each operation: with
# small variables that is nearly everything, and there the distance should be largest. Under *XLA* (`jit_compile=True`) the compiler fuses the
# arithmetic by itself, and the two should be equal: on a GPU `fit` compiles that way, so there you gain little by a better optimizer and much by
# letting it compile.

# %% [markdown] name="bits"
# ## Where "bit for bit" stops
#
# Chapter 11's twins agreed to the last bit where they did the same operations in the same order. Floating-point addition is not associative:
# another order is another rounding. How much is it in a sum as long as a network?
#
# > **Predict:** one million float32 numbers are added one by one, in pairs, and in the reverse order. Do the sums agree in all, in some or in none
# > of their digits?

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
# > **Predict:** one step from the same weights. Do ours and Keras's agree to the last bit, with Nesterov and with a clip by norm? And Keras's step with *itself*,
# > compiled by XLA and not?

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
# sum into one rounding. Half a unit *of the largest weight* is a whole unit of a weight half its size: no disagreement could be much smaller. This is why the tests of
# this course compare single steps and allow four such units.

# %% [markdown] name="replicas"
# ## Two devices
#
# `tf.distribute.MirroredStrategy` keeps a copy of every weight on each device. Each **[replica](16_glossary.ipynb#Replica)** gets its own part of the batch and computes its own
# gradient; then the gradients are *summed* over the replicas, and each takes the same step. Here the processor plays two devices; the
# arithmetic is that of two GPUs. (`ReductionToOneDevice` takes the sum on one of them.)
#
# > **Predict:** eight examples, four on each replica. Each replica averages its four losses, as you would on one device. How far does the joined
# > step go: half as far as the right one, just as far, or twice as far?

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
# Twice as far: two means are *added*. **In a loop of your own, divide by the global batch**, the examples of all replicas together. `fit` does
# that for you. Both replicas hold the same weight in either case, so comparing them does not find the mistake.
#
# ### Who clips first?
#
# Each replica has a gradient; together they are the batch's. Keras's SGD clips on each replica, before the sum. `course.SGD` sums first.
#
# > **Predict:** both replicas have gradient 10, the learning rate is 0.1, `clipnorm=1`. How far does each optimizer step?

# %% name="clip-run"
tens = np.full((2, 1), -10.0, "float32")
for name, cls in (("Keras", keras.optimizers.SGD), ("course", course.SGD)):
    print(f"{name:7}steps to", np.round(on_two(cls, 1, parts=tens, clipnorm=1.0), 3))

# %% [markdown] name="clip-answer"
# Keras by 0.2: each gradient became 1, and their sum is 2, *longer than the clip allows*. `course.SGD` by 0.1, which is what one device with the
# joined batch does. With Keras, the number of devices changes the meaning of your threshold; dividing it by that number keeps the sum within it.
#
# ### What runs there, and what does not
#
# > **Predict:** momentum, an average, an average that overwrites the weights every two steps, accumulation over two calls: which of these fail in Keras on two devices?

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
# `fit` under `MirroredStrategy` fails on two CPU devices with `jit_compile=True`; by itself ("auto") it does without XLA there. With
# `MultiWorkerMirroredStrategy`, Keras 3.15's own `fit` fails as soon as there is momentum ("PerReplica" cannot become a tensor), while
# `strategy.run` with `optimizer.apply`, as in the cell above, works: write the loop. The tests of this course do both, with two processes.
# </details>
#
# > **Predict:** the digits by `fit`, with the same global batch of 50 on one device and on two. Equal accuracy? Equal weights?

# %% name="learning-run"
from course.digits import load_digits

images, labels = load_digits()


def fit_digits(strategy):
    """Accuracy on the last 297 digits, and the first layer's weights on each replica."""
    keras.utils.set_random_seed(1)
    with strategy.scope():
        model = keras.Sequential(
            [keras.Input((64,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(10, "softmax")]
        )
        model.compile(course.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy",
                      metrics=["accuracy"], jit_compile=False)
    model.fit(images[:1500], labels[:1500], batch_size=50, epochs=5, shuffle=False, verbose=0)
    copies = strategy.experimental_local_results(model.layers[0].kernel.value)
    accuracy = np.mean(model.predict(images[1500:], verbose=0).argmax(1) == labels[1500:])
    return accuracy, [copy.numpy() for copy in copies]


alone, (single,) = fit_digits(tf.distribute.get_strategy())
together, (first, second) = fit_digits(pair)
print(f"accuracy on one device {alone:.2f}, on two {together:.2f}")
print("the replicas hold the same bits:", np.array_equal(first, second))
print("two devices within 1e-4 of one:", np.max(np.abs(first - single)) < 1e-4)

# %% [markdown] name="learning-answer"
# The same accuracy, and weights that differ by the order of additions. With a *fixed* global batch (and no clip in Keras) a second
# device changes the speed and nothing else. The usual reason to add devices is a larger batch, though, and then chapter 02 speaks: the noise falls,
# the learning rate may rise with it, and the stability edge does not move.

# %% [markdown] name="gpu"
# ## On a GPU
#
# The floor is the same in bytes. Bandwidth is ten to a hundred times higher there, and starting an operation costs as much as ever: small
# variables hurt more, and the fast optimizers there fuse *many variables into one operation*.
#
# > **Predict:** compiled by XLA, how near does a step come to the bandwidth that your GPU's data sheet states?

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
# With one large variable, as near as any program comes: on the GPU that this course was tried on, the compiled step of Nesterov took no
# longer than a bare kernel that moves the same bytes, and a bare kernel reaches most of the data sheet's number. With the 161 variables of a ResNet-50 it
# is far away: each variable starts operations of its own, and a small one is over before the next has started. The figures, with
# their card and date, are in the course's repository, `docs/performance.md`.

# %% [markdown] name="recap"
# ## Recap
#
# - **The floor** is bytes by bandwidth: 12 a weight for plain descent, 20 with momentum or Nesterov. Keras's separate operations move twice that in a
#   graph; one fused operation, or XLA, comes near it.
# - **Two devices** sum their gradients: divide the loss by the global batch. Keras clips before the sum, `course.SGD` after it, as one device would.
# - **Bit for bit** ends where sums are taken in another order, or a compiler joins two roundings: norms, other devices, XLA.
#
# ## Three questions to take along
#
# <details><summary>1. A colleague rewrites the optimizer so that it needs half the multiplications. How much faster does the step get?</summary>
#
# Not at all, if it moves the same bytes. "Half" takes arithmetic for the cost.
# </details>
#
# <details><summary>2. You go from one GPU to four, keep the batch of each and <code>clipnorm=1</code>, in Keras. Name two things that change.</summary>
#
# The global batch is four times larger, so the noise is halved; and the clip allows a gradient up to four times as long, because each replica is
# clipped alone. "Only the speed" holds for a fixed global batch and no clip.
# </details>
#
# <details><summary>3. Two runs with equal seeds differ in the last digit on another machine. Is a seed missing?</summary>
#
# No. Seeds fix the random numbers, not the order of additions. Compare after one step: a few units in the last place are rounding, more is a bug.
# </details>
#
# **Sources.** Keras 3.15, `keras/src/optimizers/base_optimizer.py`; TensorFlow, `tensorflow/core/kernels/training_ops.cc` (the fused kernels) and the guide
# *Distributed training with TensorFlow*, [tensorflow.org/guide/distributed_training](https://www.tensorflow.org/guide/distributed_training). ·
# K. He and others, *Deep residual learning for image recognition*, 2016, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385). ·
# S. Williams, A. Waterman, D. Patterson, *Roofline*, 2009, [doi:10.1145/1498765.1498785](https://doi.org/10.1145/1498765.1498785). ·
# N. J. Higham, *The accuracy of floating point summation*, 1993, [doi:10.1137/0914050](https://doi.org/10.1137/0914050).
#
# **Your turn:** [Exercise 13](../exercises/13_gpus_and_many_devices.ipynb): write a step's floor, put a step on all replicas in order, choose how many devices. And when something breaks: [14, when training goes wrong](14_when_training_goes_wrong.ipynb).
