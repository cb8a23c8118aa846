# %% [markdown] name="title"
# # Exercise 13: GPUs and many devices
#
# Six tasks for [chapter 13](../notebooks/13_gpus_and_many_devices.ipynb), about 40 minutes. No GPU is needed, and no TensorFlow.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("13.floor")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="floor-task"
# ## 13.floor
#
# How long does a step of SGD take at least, if all of its time is memory traffic, and nothing is read or written twice that need not be?
# There are `weights` weights; each number takes `size` bytes (4 in float32), and memory moves `bandwidth` GB/s, that is
# `bandwidth` · 10⁹ bytes a second. `arguments` is a dictionary of arguments of SGD, such as `{"momentum": 0.9, "nesterov": True}`. Of these names
# some may be there: `momentum`, `nesterov`, `use_ema`, `weight_decay`, `clipvalue`, `clipnorm`, `global_clipnorm`. A name that is not
# there is not used; nor is one with the value `0.0`, `False` or `None`.
#
# Return two numbers: the bytes that are moved for each weight, and the milliseconds of the step.


# %% name="floor-answer" tags=["starter"]
def floor(weights, arguments, size, bandwidth):
    bytes_a_weight = milliseconds = 0.0
    ...
    return bytes_a_weight, milliseconds


# %% name="floor-answer" tags=["answer"]
def floor(weights, arguments, size, bandwidth):
    numbers = 3  # read w and g, write w
    if arguments.get("momentum"):
        numbers += 2  # read and write v
    if arguments.get("use_ema"):
        numbers += 2  # read and write the average
    if arguments.get("clipnorm") or arguments.get("global_clipnorm"):
        numbers += 1  # read g for its norm first
    bytes_a_weight = size * numbers
    milliseconds = bytes_a_weight * weights / (bandwidth * 1e9) * 1e3
    return bytes_a_weight, milliseconds


# %% name="floor-check" tags=["check"]
check("13.floor")

# %% [markdown] name="floor-run-words"
# Your floor for the largest model that you know: change the numbers. This one has seven billion weights, in float32, on a GPU with 3000
# GB/s.

# %% name="floor-run" tags=["feedback"]
for arguments in (
    {},
    {"momentum": 0.9},
    {"momentum": 0.9, "use_ema": True, "global_clipnorm": 1.0},
):
    moved, time = floor(7_000_000_000, arguments, 4, 3000)
    print(f"{moved:3.0f} bytes per weight, {time:5.1f} ms a step with {arguments}")

# %% [markdown] name="clipped-task"
# ## 13.clipped
#
# A weight lies on two replicas, and is 0 on both. The loss has been divided by the global batch, as it must be. Now the
# gradient on the first replica is 10, and on the second −0.5. The optimizer is `keras.optimizers.SGD(learning_rate=0.1, clipnorm=2.0)`. Where is
# the weight after the step?

# %% name="clipped-answer" tags=["starter"]
w_by_keras = ...

# %% name="clipped-answer" tags=["answer"]
w_by_keras = 0 - 0.1 * (2.0 - 0.5)

# %% name="clipped-check" tags=["check"]
check("13.clipped")

# %% [markdown] name="stages-task"
# ## 13.stages
#
# The loss of an example `x`, an array of two numbers, is $\tfrac12\lVert w - x\rVert^2$. A batch is spread over the replicas: `parts` is a list with one
# table of examples (rows) for each, and the parts need not be equally large. Below are the five stages of a step. Each takes a list with one gradient for
# each replica, or makes one.


# %% name="stages"
def differentiate(w, parts):
    """The gradient of the sum of its losses, on each replica."""
    return [np.sum(w - part, axis=0) for part in parts]


def average(gradients, parts):
    """Divide by the global batch, on each replica."""
    examples = sum(len(part) for part in parts)
    return [gradient / examples for gradient in gradients]


def all_reduce(gradients):
    """Every replica gets the sum over all replicas."""
    return [sum(gradients) for _ in gradients]


def clip(gradients, clipnorm):
    """Shorten each replica's gradient to length clipnorm, if it is longer."""
    return [g * clipnorm / max(np.linalg.norm(g), clipnorm) for g in gradients]


def move(w, v, gradients, learning_rate, momentum):
    """Momentum's step, the same on every replica; returns (w, v)."""
    v = momentum * v - learning_rate * gradients[0]
    return w + v, v


# %% [markdown] name="stages-task-words"
# Each line of this function is right, but they stand in the wrong order. Put them in the order in which the step is the one that a *single* device would
# take with the whole batch, as `course.SGD` does, however the batch is spread.


# %% name="stages-answer" tags=["starter"]
def step_on_all(w, v, parts, learning_rate, momentum, clipnorm):
    gradients = differentiate(w, parts)
    gradients = clip(gradients, clipnorm)
    gradients = average(gradients, parts)
    gradients = all_reduce(gradients)
    w, v = move(w, v, gradients, learning_rate, momentum)
    return w, v


# %% name="stages-answer" tags=["answer"]
def step_on_all(w, v, parts, learning_rate, momentum, clipnorm):
    gradients = differentiate(w, parts)
    gradients = average(gradients, parts)
    gradients = all_reduce(gradients)
    gradients = clip(gradients, clipnorm)
    w, v = move(w, v, gradients, learning_rate, momentum)
    return w, v


# %% name="stages-check" tags=["check"]
check("13.stages")

# %% [markdown] name="stages-run-words"
# Once the check holds: sixty examples on 1, 2, 3 and 7 replicas, thirty steps each. Your four runs should end at the same place.

# %% name="stages-run" tags=["feedback"]
examples = np.random.default_rng(13).normal((5.0, -3.0), 4.0, size=(60, 2))
for replicas in (1, 2, 3, 7):
    w, v = np.zeros(2), np.zeros(2)
    for _ in range(30):
        w, v = step_on_all(w, v, np.array_split(examples, replicas), 0.1, 0.9, 1.0)
    print(f"replicas: {replicas}   w = {w.round(6)}")

# %% [markdown] name="add-task"
# ## 13.add
#
# A long sum is spread over `replicas` replicas. `numbers` is a list of Python floats, and its length is a multiple of `replicas`. The first replica gets
# the first share of them, in a row, the second the next share, and so on; all shares are equally long. Each replica adds up its share one by one, from
# its first number to its last. Then the replicas' sums are added one by one, from the first to the last.
#
# **After every addition the result is rounded to float32**: `np.float32(a + b)`. Return the total. (Every single number is exact in float32.)


# %% name="add-answer" tags=["starter"]
def add(numbers, replicas):
    total = np.float32(0)
    ...
    return total


# %% name="add-answer" tags=["answer"]
def add(numbers, replicas):
    share = len(numbers) // replicas
    total = np.float32(0)
    for replica in range(replicas):
        part = np.float32(0)
        for number in numbers[replica * share : (replica + 1) * share]:
            part = np.float32(part + number)
        total = np.float32(total + part)
    return total


# %% name="add-check" tags=["check"]
check("13.add")

# %% [markdown] name="add-run-words"
# Now 65,536 ordinary numbers, between 0 and 1, added by your function on 1 to 64 replicas, beside their exact sum. How many digits do the totals share? And
# does a sum get better or worse when it is spread?

# %% name="add-run" tags=["feedback"]
numbers = np.random.default_rng(13).random(65_536).astype("float32").tolist()
print(f"exact          {np.sum(numbers):.4f}")
for replicas in (1, 2, 4, 16, 64):
    print(f"replicas: {replicas:2}   {add(numbers, replicas):.4f}")

# %% [markdown] name="add-run-answer"
# *No two totals are the same, and only the leading digits agree. One replica is farthest off: the larger a sum has grown, the coarser it is rounded at each
# addition, and sums of short sums stay small for longer. So "another number of devices" is another result, and not a worse one.*

# %% [markdown] name="bars-task"
# ## 13.bars
#
# A step takes time for two things: to *start* each operation, 10 µs whatever the device, and to *move* the bytes. Three runs, with momentum, in float32:
#
# | run | variables | operations for each | bytes per weight |
# |---|---|---|---|
# | 1 | one of 25 million weights | 4 (multiply, multiply, subtract, add) | 40 |
# | 2 | one of 25 million weights | 1 (fused) | 20 |
# | 3 | 1000 of 100 weights each | 1 (fused) | 20 |
#
# The picture shows each run's time where memory moves 50 and 1000 GB/s. Which bars belong to which run? Write the letters of runs 1, 2 and 3 in
# this order, such as `"ABC"`.
#
# *In words: at 50 GB/s A and C take 10 ms, B 20; at 1000 GB/s A still takes 10, B 1 and C 0.5.*

# %% name="bars-picture" tags=["feedback"] alt="Milliseconds a step at 50 and at 1000 GB/s: A 10 and 10, B 20 and 1, C 10 and 0.5."
show("13.bars")

# %% name="bars-answer" tags=["starter"]
bars = ...  # the letters of runs 1, 2 and 3, in one word

# %% name="bars-answer" tags=["answer"]
bars = "BCA"

# %% name="bars-check" tags=["check"]
check("13.bars")

# %% [markdown] name="goal-task"
# ## 13.goal
#
# An epoch has 100,000 images. One step, with a global batch of `batch` images on `devices` devices, has three parts, one after the other:
#
# - **computing** gradients: 0.4 ms an image. The devices work side by side, each on its part of the batch, and the largest part counts;
# - **adding up** the gradients over the devices. With the usual ring each device sends $2\,(n-1)/n$ times the gradients' bytes, where $n$ is the number of
#   devices. The gradients are 100 MB, and the link moves 10 GB/s;
# - **updating** the weights: 0.5 ms, on every device the same.
#
# You want an epoch in **at most 10 s**, and you pay for the devices: at least **65 % of a step's time** must go into computing gradients. A batch above 1024
# would need a learning rate beyond the edge. Choose `devices` and `batch`. Many pairs are right.

# %% name="goal-answer" tags=["starter"]
devices_and_batch = ..., ...  # devices, batch

# %% name="goal-answer" tags=["answer"]
devices_and_batch = 8, 1024  # devices, batch

# %% name="goal-check" tags=["check"]
check("13.goal")

# %% [markdown] name="goal-run-words"
# And the whole picture: the solid line is the time of an epoch with a batch of 1024, the dashed one with 256. Dotted is what it would be if adding up cost
# nothing. Where does a further device buy nothing any more?

# %% name="goal-run" tags=["feedback"] alt="Seconds an epoch against the devices, from 1 to 32, both axes logarithmic. With a batch of 1024 the line falls beside the dotted 40 s divided by the devices and bends away late; with 256 it bends away early."
import matplotlib.pyplot as plt

from course import figures
from course.checks.chapter_13 import step_parts

figures.use_course_style()
devices = np.arange(1, 33)
figure, axes = plt.subplots(figsize=(8, 2.8))
for batch, line in ((1024, "-"), (256, "--")):
    epoch = np.ceil(100_000 / batch) * sum(step_parts(devices, batch))
    axes.loglog(devices, epoch, line, color="black", label=f"batch {batch}")
    some = ", ".join(f"{n} devices {epoch[n - 1]:.1f} s" for n in (2, 8, 32))
    print(f"batch {batch}: {some}")
axes.loglog(devices, 40 / devices, ":", color="0.5", label="40 s divided by the devices")
axes.set_xticks([1, 2, 4, 8, 16, 32], ["1", "2", "4", "8", "16", "32"])
axes.set_yticks([1, 2, 5, 10, 20, 40], ["1", "2", "5", "10", "20", "40"])
axes.minorticks_off()
axes.set(xlabel="devices", ylabel="seconds an epoch")
axes.legend(loc="lower left")
plt.show()

# %% [markdown] name="goal-run-answer"
# *Adding up costs the same for any batch, so it is paid per step: four times fewer steps, four times less of it. That is why one wants large batches on many
# devices, and why the learning rate must then be tuned anew (chapter 12).*

# %% [markdown] name="next"
# **Next:** [chapter 14, my loss is nan / flat / jumping](../notebooks/14_when_training_goes_wrong.ipynb).
