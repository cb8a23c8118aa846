# %% [markdown] name="title"
# # Exercise 01: gradient descent
#
# Six tasks for [chapter 01](../notebooks/01_gradient_descent.ipynb), about 35 minutes.
# Write your answer where the dots `...` are, run the cell, then run the check beneath it.
# A check that fails says what it expected, what it got and what the cause may be;
# `hint("01.descend")` gives a first hint, and a further one each time you ask.
#
# An answer may import Python's standard library, NumPy and Matplotlib; nothing else is available where answers are marked.

# %% name="given"
import numpy as np

# %% name="tools" tags=["feedback"]
from course.checks import check, hint, join, show

# %% [markdown] name="descend-task"
# ## 01.descend
#
# The loss is a bowl with one curvature $\lambda_i$ for each weight, $f(w) = \tfrac12 \sum_i \lambda_i w_i^2$. Start at
# `w` and take `steps` steps of gradient descent (`steps` is 1 or more). Return the weights after the last one. `w` and
# `curvatures` are two numbers, or two NumPy arrays of one length.

# %% name="descend-answer" tags=["starter"]
def descend(w, curvatures, learning_rate, steps):
    ...
    return w


# %% name="descend-answer" tags=["answer"]
def descend(w, curvatures, learning_rate, steps):
    for _ in range(steps):
        gradient = curvatures * w
        w = w - learning_rate * gradient
    return w


# %% name="descend-check" tags=["check"]
check("01.descend")

# %% [markdown] name="descend-picture-words"
# Once the check holds, watch your own steps. The curvatures are 0.2 and 1. Change the learning rate to 1.0, to 1.7 and to
# 2.1, and run the cell again.

# %% name="descend-picture" tags=["feedback"] alt="A path in a bowl of ellipses: from (−4, 2) it comes down in ever smaller steps to (−1.5, 0), without crossing the floor."
import matplotlib.pyplot as plt

from course import figures
from course.surfaces import quadratic

figures.use_course_style()
learning_rate = 0.4
curvatures, start = np.array([0.2, 1.0]), np.array([-4.0, 2.0])
path = [descend(start.copy(), curvatures, learning_rate, steps) for steps in range(1, 13)]
axes = plt.figure().subplots()
bowl = quadratic(curvatures, start)
figures.draw_contours(axes, bowl, np.linspace(-5, 2, 90), np.linspace(-2.5, 2.5, 90))
figures.draw_path(axes, [start, *path], figures.PLAIN)
plt.show()

# %% [markdown] name="edge-task"
# ## 01.edge
#
# `X` holds $n$ examples as its rows, with one input in each column. A linear model has the loss
# $\tfrac{1}{2n}\,|Xw - y|^2$. This function should return its **edge**: gradient descent with one learning rate for all
# weights settles from every start for rates below the edge, and above it no longer. Both lines before `return` are wrong.
# Repair them.

# %% name="edge-answer" tags=["starter"]
def edge(X):
    hessian = X.T @ X
    curvatures = np.diag(hessian)
    return 2 / curvatures.max()


# %% name="edge-answer" tags=["answer"]
def edge(X):
    hessian = X.T @ X / len(X)
    curvatures = np.linalg.eigvalsh(hessian)
    return 2 / curvatures.max()


# %% name="edge-check" tags=["check"]
check("01.edge")

# %% [markdown] name="edge-digits-words"
# Once the check holds, measure the handwritten digits of chapter 01 with your own function. How much further does the edge
# lie when each pixel's mean is subtracted?

# %% name="edge-digits" tags=["feedback"]
from course.digits import load_digits

pixels = load_digits()[0].astype(float)
print(f"raw pixels: {edge(pixels):.2f}   centred: {edge(pixels - pixels.mean(axis=0)):.2f}")

# %% [markdown] name="units-task"
# ## 01.units
#
# A model predicts the minutes $y$ of a trip from its kilometres $x$ as $w x$, with the loss $\tfrac12\,\text{mean}\,(wx-y)^2$.
# Its edge is 0.8. A colleague writes the same trips in units of 100 metres, so that every input is 10 times as large, and
# trains with Keras's `"mse"`, the mean of $(wx-y)^2$ without the ½. Where is the edge now? Work it out on paper; your
# `edge` can then confirm what the inputs do.

# %% name="units-answer" tags=["starter"]
new_edge = ...

# %% name="units-answer" tags=["answer"]
new_edge = 0.8 / 10**2 / 2

# %% name="units-check" tags=["check"]
check("01.units")

# %% [markdown] name="spectrum-task"
# ## 01.spectrum
#
# The bowl is $f(w) = \tfrac12\,(0.1\,w_1^2 + 0.9\,w_2^2 + 4\,w_3^2)$, and the start is $(1, 1, 1)$. Choose one learning rate
# so that after 150 steps every weight is within 0.001 of the minimum, and stays there. With 1/L it takes 273 steps. Many
# rates are right.

# %% name="spectrum-answer" tags=["starter"]
rate = ...

# %% name="spectrum-answer" tags=["answer"]
rate = 2 / (0.1 + 4)

# %% name="spectrum-check" tags=["check"]
check("01.spectrum")

# %% [markdown] name="one_step-task"
# ## 01.one_step
#
# The loss is a quadratic of $n$ weights. Where you stand it has the `gradient` $g$, an array of $n$ numbers, and the matrix of
# second derivatives `hessian` $H$, $n$ by $n$, symmetric and curved upwards in every direction. You take *one* step,
# $w - \eta g$. A short one lowers the loss; as η grows, there comes a rate at which the step ends exactly as high as it began.
# Return that rate, one number.

# %% name="one_step-answer" tags=["starter"]
def one_step_edge(gradient, hessian):
    rate = ...
    return rate


# %% name="one_step-answer" tags=["answer"]
def one_step_edge(gradient, hessian):
    along = gradient @ hessian @ gradient / (gradient @ gradient)
    rate = 2 / along
    return rate


# %% name="one_step-check" tags=["check"]
check("01.one_step")

# %% [markdown] name="paths-task"
# ## 01.paths
#
# A valley, ten times as steep across as along. Three walks start at the open circle, each with a learning rate of its own, and
# have taken four steps. The minimum is the green cross. All three go on to step 60. Order them by where they are *then*,
# the **nearest to the minimum** first. Write the three letters, such as `"ABC"`.
#
# *In words: A bends down to the floor of the valley without crossing it, and has come about a fifth of the way along. B jumps from wall
# to wall, less far each time, and has come more than half of the way along. C stands on the floor after a single
# step, and has come a third of the way along.*

# %% name="paths-picture" tags=["feedback"] alt="Three walks from the same start in one valley. A comes down to the floor in shrinking steps; B jumps across the floor at each step; C takes one long step to the floor and then short ones along it."
show("01.paths")

# %% name="paths-answer" tags=["starter"]
nearest_first = ...

# %% name="paths-answer" tags=["answer"]
nearest_first = "BCA"

# %% name="paths-check" tags=["check"]
check("01.paths")

# %% [markdown] name="next"
# **Next:** [chapter 02, stochastic gradients](../notebooks/02_stochastic_gradients.ipynb).
