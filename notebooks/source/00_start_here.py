# %% [markdown] name="title"
# # 00 · Start here
#
# **What does one optimizer step do, from loss to weights?**
#
# After this chapter you can
#
# - do one step of gradient descent by hand, and say what each symbol is;
# - name the stages that a gradient passes through in `keras.optimizers.SGD`, and which argument acts where;
# - translate between the words of Keras, PyTorch and the papers.
#
# Core: about 20 minutes. There is no deeper part; it runs in a few seconds.

# %% [markdown] name="how-it-works"
# ## How this course works
#
# Keras's SGD has thirteen arguments. Each chapter takes one question, lets you **predict** before it shows, derives the rule,
# lets you move it by hand, and then says where Keras does something you might not expect. By chapter 11 you will have written all of
# them yourself, and your optimizer will be Keras's, bit for bit.
#
# - **Read and run.** Press Shift+Enter to run a cell and go to the next. Where a line starts with **Predict**, stop, decide,
#   and answer beneath it: a wrong guess teaches more than none. What gives it away is folded in your copy until then, and
#   `course review` asks again what you missed.
# - **Do.** Each chapter has an exercise sheet in `exercises/`, linked at the end of its core ([the first](../exercises/01_gradient_descent.ipynb)).
#   A check tells you at once whether your answer holds and, if not, what may be behind it. `hint("04.step")` helps a little, then more.
#   In a terminal (*File > New > Terminal*), `course check 04` says the same words, and `course progress` shows where you are.
# - **Read here, run there.** The course is also a book of web pages (`make book`): its explorers move and its questions answer
#   without Python. To run cells, to drag a start or to try your own rule, use JupyterLab, as `make lab` opens it.
# - **Nothing here can be broken.** These are your own copies: `course reset 04` brings an exercise back, `course reset 04.goal` one
#   task of it, and both keep what you had.

# %% [markdown] name="progress"
# ## Where you are
#
# Run this cell whenever you come back. It looks at your own chapters and sheets, as they are saved, and says what comes next. Open a
# chapter's row for links to the chapter and to its tasks.

# %% name="progress-run" tags=["nbval-ignore-output"]
from course.learner.progress_widget import Progress

Progress()

# %% [markdown] name="prerequisites"
# ## Five questions on what you need
#
# Calculus of one variable, vectors, and reading NumPy. Answer each in your head, then open it. Four of five is
# enough; with fewer, look up the words in *italics* first.
#
# ? 00.derivative
#
# ? 00.direction
#
# ? 00.length
#
# ? 00.mean
#
# ? 00.shape

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np

from course import figures, sgd
from course.arguments import ARGUMENTS
from course.learner.predict import predict

figures.use_course_style()

# %% [markdown] name="by-hand"
# ## One step by hand
#
# A model with one weight w predicts y = w·x. One example: x = 2, y = 6. The [loss](16_glossary.ipynb#Loss) is half the squared error,
#
# $$ f(w) = \tfrac12\,(w x - y)^2, \qquad f'(w) = (w x - y)\,x . $$
#
# We start at w = 1 and take one step of plain [gradient descent](16_glossary.ipynb#Gradient), $w \leftarrow w - \eta\,f'(w)$, with η = 0.1.
#
# > 00.one_step

# %% name="by-hand-run"
x, y, w, learning_rate = 2.0, 6.0, 1.0, 0.1
gradient = (w * x - y) * x
print("gradient:", gradient)
print("new weight:", w - learning_rate * gradient)

# %% [markdown] name="by-hand-answer"
# The prediction 2 is too small by 4, so the gradient is −8: the loss falls when w grows. The step goes *against* it, by 0.1 · 8,
# to 1.8. One step at η = 0.25 would have landed on 3 exactly; one at η = 0.6 would have made things worse. Why 0.25 and where "worse"
# begins is the question of chapter 01.

# %% name="by-hand-picture"
line = np.linspace(-2, 6.5, 200)
figure, axes = plt.subplots()
axes.plot(line, (line * x - y) ** 2 / 2, color="0.6")
for rate, marker in ((0.1, "o"), (0.25, "s"), (0.6, "^")):
    after = w - rate * gradient
    axes.plot(after, (after * x - y) ** 2 / 2, marker, ms=9, label=f"η = {rate}: w = {after:.1f}")
    print(f"rate {rate}: loss {(w * x - y) ** 2 / 2:.1f} -> {(after * x - y) ** 2 / 2:.2f}")
axes.plot(w, (w * x - y) ** 2 / 2, "o", ms=11, mfc="white", color="black", label="start: w = 1.0")
axes.set(xlabel="weight w", ylabel="loss")
axes.legend()
plt.show()

# %% [markdown] name="by-hand-picture-words"
# *The picture: a parabola with its bottom at w = 3. The start lies on the left wall; the three steps end lower on the same wall,
# at the bottom, and higher up on the other wall.*

# %% [markdown] name="pipeline"
# ## The way of a gradient
#
# What `keras.optimizers.SGD` does with a gradient before the weights move is a chain of stages. Most are switched off until you set their
# argument. The order matters, and it is not the one you might guess: clipping sees the gradient *after* accumulation, and
# the weights decay *before* the velocity moves them.

# %% name="pipeline-picture"
figure, axes = plt.subplots(figsize=(9, 4.6))
figures.draw_pipeline(axes)
plt.show()
print(" -> ".join(name for name, *_ in figures.STAGES))

# %% [markdown] name="pipeline-words"
# *The picture: the nine stages from top to bottom, each with what happens there, its arguments and its chapter.*
#
# The package `course` holds one function for each stage, in this order, in one file, `course/sgd.py`. `sgd.step` at its end calls them
# all. With the learning rate alone, all other stages are off, and it is the step that you took by hand. Chapter 11 puts the others back.

# %% name="step-run"
weights, gradients = [np.array([1.0])], [np.array([-8.0])]
moved, state = sgd.step(weights, gradients, sgd.initial_state(weights), learning_rate=0.1)
print("sgd.step:", moved[0].round(6))

# %% [markdown] name="arguments"
# ## The map
#
# All arguments, their defaults and where they are taught:

# %% name="arguments-table"
for row in ARGUMENTS:
    print(f"{row.name:28}{row.default!s:7}{row.chapter:8}{row.meaning}")

# %% [markdown] name="chapters"
# | | chapter | the question |
# |---|---|---|
# | 01 | [Gradient descent](01_gradient_descent.ipynb) | How far can one step go before it makes things worse? |
# | 02 | [Stochastic gradients](02_stochastic_gradients.ipynb) | What does it cost to guess the gradient from a few examples? |
# | 03 | [Learning-rate schedules](03_learning_rate_schedules.ipynb) | When should steps shrink, and who counts the steps? |
# | 04 | [Momentum as friction](04_momentum_as_friction.ipynb) | What is the ball that rolls down the loss, and what slows it? |
# | 05 | [Nesterov look-ahead](05_nesterov_look_ahead.ipynb) | What changes when the gradient is read ahead of the ball? |
# | 06 | [Weight decay](06_weight_decay.ipynb) | Is shrinking the weights the same as penalising them? |
# | 07 | [Clipping](07_clipping.ipynb) | What survives when a gradient explodes: length or direction? |
# | 08 | [Averaging the weights](08_averaging_the_weights.ipynb) | Why can the average of the path beat its end? |
# | 09 | [Gradient accumulation](09_gradient_accumulation.ipynb) | When are k small batches one large batch, and when not? |
# | 10 | [Loss scaling](10_loss_scaling.ipynb) | Where do small gradients go in half precision? |
# | 11 | [The whole optimizer](11_the_whole_optimizer.ipynb) | Do the pieces, put in order, equal Keras bit for bit? |
# | 12 | [Tuning SGD](12_tuning_sgd.ipynb) | You have an hour: which knob first? |
# | 13 | [GPUs and many devices](13_gpus_and_many_devices.ipynb) | What is the step's floor on real hardware? |
#
# And to come back to: [14, my loss is nan / flat / jumping](14_when_training_goes_wrong.ipynb), [15, the cheat sheet](15_cheat_sheet.ipynb) and
# [16, the glossary](16_glossary.ipynb).

# %% [markdown] name="notation"
# ## One language
#
# The same thing has many names. This course writes Keras's in code and the short symbols in formulas.
#
# | here | Keras | PyTorch (`torch.optim.SGD`) | in papers |
# |---|---|---|---|
# | weight w | `variable` | `param` | w, θ, x |
# | gradient g | `gradient` | `param.grad` | ∇f, g |
# | learning rate η | `learning_rate` | `lr` | η, α, ε, γ |
# | momentum β | `momentum` | `momentum` | β, μ, γ, α |
# | velocity v | `momentums` (η is inside) | `momentum_buffer` b = −v/η while η is constant | v, m, u |
# | look-ahead | `nesterov=True` | `nesterov=True` | "NAG" |
# | decoupled decay | `weight_decay` | – (in `AdamW`, not in `SGD`) | λ in AdamW |
# | penalty in the gradient | a kernel's `regularizers.L2(wd / 2)` | `weight_decay` | L2, ridge |
# | clipping by value | `clipvalue` | `clip_grad_value_` | |
# | norm clipping, per variable | `clipnorm` | – | |
# | norm clipping, all together | `global_clipnorm` | `clip_grad_norm_` | gradient clipping |
# | average of the weights | `use_ema` | `AveragedModel` | EMA, Polyak averaging |
# | curvature λ, from μ to L | – | – | eigenvalues of the Hessian |
# | condition number κ = L/μ | – | – | κ |
#
# Two traps: `weight_decay` means different things in the two libraries (chapter 06), and many papers put a factor (1 − β) before the gradient.
# Keras has no such factor. PyTorch has it as `dampening` (1 − β with `dampening=momentum`, but not at the first step), and its default is
# none (chapter 04).

# %% [markdown] name="claims"
# ## What people say about SGD
#
# These sentences come from popular articles. Each is put to the test somewhere in this course. Which do you believe today?
#
# | claim | chapter |
# |---|---|
# | "The gradient points to the minimum." | 01 |
# | "If the loss falls, the learning rate is fine." | 01 |
# | "SGD takes one random example at each step." | 02 |
# | "SGD is the default optimizer in Keras." | 02 |
# | "Momentum is friction: 0 is high friction, 1 is none." | 04 |
# | "Momentum accelerates down the valley." | 04 |
# | "Momentum averages the noise away." | 04 |
# | "Nesterov measures the gradient slightly ahead, oscillates less and converges faster." | 05 |
# | "Weight decay is L2 regularisation." | 06 |
# | "The average of the weights needs a bias correction." | 08 |
# | "Accumulating k batches is one batch of k times the size." | 09 |
# | "`SGD(lr=0.001, momentum=0.9)` is how it is written." | 12 |

# %% [markdown] name="recap"
# ## Recap
#
# - **One step by hand:** gradient, times the learning rate, subtracted from the weight.
# - **The stages:** unscale, accumulate, clip, decay, velocity, weights, average, overwrite; each has its arguments, and most are off until set.
# - **The words:** η, β, v and their names in Keras, PyTorch and papers.
#
# ? 00.clip_decay
#
# ? 00.too_far
#
# ? 00.buffer
#
# **Next:** [chapter 01, gradient descent](01_gradient_descent.ipynb).
