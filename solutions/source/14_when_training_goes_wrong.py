# %% [markdown] name="title"
# # Exercise 14: when training goes wrong
#
# Six tasks for [chapter 14](../notebooks/14_when_training_goes_wrong.ipynb), about 60 minutes: how to find out what happened in a run.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what came and what may be behind it;
# `hint("14.infer")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is there where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="infer-task"
# ## 14.infer
#
# Somebody trained one weight with Keras's ball and forgot to write down the numbers. A piece of the log is left, from mid-run:
# `moves` holds how far the weight moved at each step, `gradients` the gradient that each of these steps was made with (two arrays of
# equal length, three steps or more). Learning rate and momentum did not change meanwhile.
#
# Return the `learning_rate` and the `momentum`.

# %% name="infer-answer" tags=["starter"]
def infer(moves, gradients):
    learning_rate, momentum = 0.0, 0.0
    ...
    return learning_rate, momentum


# %% name="infer-answer" tags=["answer"]
def infer(moves, gradients):
    # Each move but the first: momentum * (the move before) - learning_rate * (its gradient).
    unknowns = np.stack([-gradients[1:], moves[:-1]], axis=1)
    learning_rate, momentum = np.linalg.lstsq(unknowns, moves[1:], rcond=None)[0]
    return learning_rate, momentum


# %% name="infer-check" tags=["check"]
check("14.infer")

# %% [markdown] name="blame-task"
# ## 14.blame
#
# Five runs of plain SGD were logged: `weights` has a row for the start and one more for after each step, `gradients` a row for each step.
# `learning_rate` is the one that was written down. In each run one thing more may have been set; the function should return its place in this list:
#
# 0. nothing,
# 1. `momentum`, from rest,
# 2. `weight_decay`, as Keras does it,
# 3. `clipnorm`, which cut two gradients or more, but not all,
# 4. a learning rate that falls by one factor per step; it began as written down.

# %% name="blame-answer" tags=["starter"]
def blame(weights, gradients, learning_rate):
    ...
    return 0


# %% name="blame-answer" tags=["answer"]
def blame(weights, gradients, learning_rate):
    def is_one_number(ratio):
        return np.allclose(ratio, ratio.flat[0], rtol=1e-3)

    moves = np.diff(weights, axis=0)
    plain = -learning_rate * gradients
    rest = moves - plain
    if np.allclose(rest, 0, atol=1e-5):
        return 0
    if is_one_number(rest[1:] / moves[:-1]):
        return 1
    if is_one_number(rest / weights[:-1]):
        return 2
    lengths = np.linalg.norm(moves, axis=1)
    shorter = lengths < 0.999 * np.linalg.norm(plain, axis=1)
    return 3 if is_one_number(lengths[shorter]) else 4


# %% name="blame-check" tags=["check"]
check("14.blame")

# %% [markdown] name="blame-run-words"
# Once the check holds: a run in a bowl, with an argument of your choice. Does your function find it? Then set two at once. What does it say, and is that fair?

# %% name="blame-run" tags=["feedback"]
from course import sgd

arguments = {"learning_rate": 0.1, "weight_decay": 0.3}
w = np.array([2.0, -1.0])
state, weights, gradients = sgd.initial_state([w]), [w], []
for _ in range(6):
    gradients.append(w * [1.0, 3.0])
    (w,), state = sgd.step([w], [gradients[-1]], state, **arguments)
    weights.append(w)
culprits = ("nothing", "momentum", "weight_decay", "clipnorm", "a falling learning rate")
print("set:  ", ", ".join(name for name in arguments if name != "learning_rate"))
print("found:", culprits[int(blame(np.array(weights), np.array(gradients), 0.1))])

# %% [markdown] name="catch-task"
# ## 14.catch
#
# A test of an optimizer is a program, too, and a test that lets faults pass is worse than none. `step(w, v, g, learning_rate, momentum)` returns
# the new `w` and the new `v`. It should be Keras's ball; perhaps it is not. Write the test: call `step` with numbers of your choice, as
# often as you like, and return 1 if it is broken, 0 if it is right.
#
# Your test meets right steps, which may differ from yours by rounding, and a row of broken ones. Some are broken only where the numbers are unusual:
# for gradients above 5 or momenta above 0.7, say.

# %% name="catch-answer" tags=["starter"]
def is_broken(step):
    ...
    return 0


# %% name="catch-answer" tags=["answer"]
def is_broken(step):
    learning_rate = 0.3
    for v in (0.7, -0.3):
        for g in (2.0, -50.0):
            for momentum in (0.5, 0.99):
                w, velocity = step(1.0, v, g, learning_rate, momentum)
                wanted = momentum * v - learning_rate * g
                if not (np.isclose(velocity, wanted) and np.isclose(w, 1.0 + wanted)):
                    return 1
    return 0


# %% name="catch-check" tags=["check"]
check("14.catch")

# %% [markdown] name="apart-task"
# ## 14.apart
#
# A colleague's optimizer clips at 1, but nobody remembers whether by `clipvalue`, `clipnorm` or `global_clipnorm`. One step with gradients of your
# choice will tell. There are two variables: the first has the gradient `(a, b)`, the second `(c)`.
#
# Choose `a`, `b` and `c` so that any two of the three clips leave gradients that differ by 0.2 or more in some entry.

# %% name="apart-answer" tags=["starter"]
gradients = ..., ..., ...  # a, b, c

# %% name="apart-answer" tags=["answer"]
gradients = 3.0, 4.0, 0.5  # a, b, c

# %% name="apart-check" tags=["check"]
check("14.apart")

# %% [markdown] name="falls-task"
# ## 14.falls
#
# *"The loss has fallen at each of the first 30 steps, so the learning rate is not too large."* Give a counterexample: plain gradient descent on
# $\tfrac12(0.1\,w_1^2 + w_2^2)$ from a start of your choice, whose loss falls at each of the first 30 steps and which still diverges: after 1000
# steps the loss is above where it began.

# %% name="falls-answer" tags=["starter"]
run = ..., ..., ...  # learning_rate, w1, w2

# %% name="falls-answer" tags=["answer"]
run = 2.1, 1.0, 1e-6  # learning_rate, w1, w2

# %% name="falls-check" tags=["check"]
check("14.falls")

# %% [markdown] name="false-task"
# ## 14.false
#
# Does it matter whether the gradients of two examples, $a$ and $b$, are clipped at 1 before or after the mean? "No", says this derivation.
# Write $m = (a + b)/2$ and $f(x) = \min(1, 1/|x|)$; clipping takes $x$ to $f(x)\,x$.
#
# 1. $\text{clip}(m) = f(m)\,m$
# 2. $f(m)\,m = f(m)\,(a + b)/2$
# 3. $f(m)\,(a + b)/2 = \big(f(m)\,a + f(m)\,b\big)/2$
# 4. $\big(f(m)\,a + f(m)\,b\big)/2 = \big(f(a)\,a + f(b)\,b\big)/2$
# 5. $\big(f(a)\,a + f(b)\,b\big)/2 = \big(\text{clip}(a) + \text{clip}(b)\big)/2$
#
# One line is false. Give its number, and numbers $a$ and $b$ for which its two sides differ by 0.1 or more.

# %% name="false-answer" tags=["starter"]
witness = ..., ..., ...  # line, a, b

# %% name="false-answer" tags=["answer"]
witness = 4, 3.0, -1.0  # line, a, b

# %% name="false-check" tags=["check"]
check("14.false")

# %% [markdown] name="next"
# **Next:** two pages to keep open while you work, [the cheat sheet](../notebooks/15_cheat_sheet.ipynb) and [the glossary](../notebooks/16_glossary.ipynb).
