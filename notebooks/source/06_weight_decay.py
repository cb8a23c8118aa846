# %% [markdown] name="title"
# # 06 · Weight decay
#
# **Is shrinking the weights the same as penalising them?**
#
# After this chapter you can
#
# - derive when Keras's decay and an L2 penalty are one method, and by how much they differ with momentum;
# - say how fast a weight decays, what is left of it, and which directions of a loss feel it most;
# - carry a decay from PyTorch or from a regularizer into Keras, and keep it off the biases.
#
# Keras argument: `weight_decay`. Core: about 20 minutes; deeper: about 40 more.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# ? 06.slope
#
# ? 06.stage
#
# ? 06.slow

# %% name="imports" jupyter={"source_hidden": true}
import re

import matplotlib.pyplot as plt
import numpy as np

from course import figures, sgd
from course.digits import load_digits
from course.figures import MOMENTUM, Look
from course.learner.predict import predict
from course.sgd import decay, heavy_ball, nesterov_momentum

figures.use_course_style()
PENALTY = Look("L2 penalty", "#56B4E9", "#F0E442", "-.", "D")

# %% [markdown] name="two-ways"
# ## Two ways to keep weights small
#
# **Penalise them.** Add ½·wd·|w|² to the loss. Its gradient is wd·w, so the step sees $g + \mathrm{wd}\,w$.
#
# **Shrink them.** Leave the loss alone, and let each step first multiply the weights by a factor just below 1:
#
# $$ w \leftarrow w - \eta\,\mathrm{wd}\,w, \qquad\text{then the step with } g . $$
#
# The second is Keras's `weight_decay`. The gradient is taken before the decay; clipping and velocity see the gradient alone: the decay is
# **[decoupled](16_glossary.ipynb#Decoupled-weight-decay)** from both. Without momentum, the [penalty](16_glossary.ipynb#Penalty)'s step is
#
# $$ w - \eta\,(g + \mathrm{wd}\,w) = (1 - \eta\,\mathrm{wd})\,w - \eta\,g , $$
#
# and that is the shrinking step. No property of g was used: the two are one method for any loss, any noise and any schedule.

# %% [markdown] name="explorer-task"
# ## And with momentum?
#
# A bowl with its minimum at (1, 1), curvature 0.25 along $w_1$ and 1 along $w_2$, wd = 0.5. The ball with squares has Keras's decay, the one
# with diamonds the penalty. The thin line is where *any* strength would settle.
#
# Lower momentum to 0 in the picture, too: where do they go then?
#
# > 06.one_place

# %% name="explorer"
from course.explorers import DecayAndClip

DecayAndClip(show="decay")

# %% name="explorer-numbers" jupyter={"source_hidden": true}
curvature = np.array([0.25, 1.0])
for name, strength in (("decay", 0.5 * (1 - 0.9)), ("penalty", 0.5)):
    print(f"momentum 0.9: {name} settles at", (curvature / (curvature + strength)).round(3))
print("momentum 0: both at", (curvature / (curvature + 0.5)).round(3), "as one ball")

# %% [markdown] name="explorer-answer"
# *The picture: two balls swing in from (−1, 0); open marks on a bent line from (0, 0) to the minimum show where they will rest, Keras's near
# the minimum, the penalised one far from it.*
#
# With momentum they part: Keras's decay has become much weaker. Why, and by how much? First without momentum.
#
# ## How fast, and how far?
#
# A weight that no gradient holds is multiplied by $1-\eta\,\mathrm{wd}$ at each step. As $\ln(1-x) \approx -x$, half of it is left after
# $\ln 2 / (\eta\,\mathrm{wd})$ steps.
#
# > 06.half_life

# %% name="half-life"
for rate, wd in ((0.01, 1e-4), (0.1, 1e-4), (0.1, 5e-3)):
    halved = np.log(2) / -np.log1p(-rate * wd)
    print(f"learning_rate {rate}, weight_decay {wd:g}: half is left after {halved:,.0f} steps")

# %% [markdown] name="half-life-answer"
# Nearly 700,000. A decay "of 1e-4" means nothing until you know the learning rate and the number of steps: **the product η·wd is what a step
# takes away**, and a schedule that lowers η lowers it too.
#
# Now let the loss $\tfrac12\lambda(w-w^*)^2$ hold the weight. It comes to rest where both pulls are equal:
#
# $$ \lambda\,(w^* - w) = \mathrm{wd}\; w \qquad\Longrightarrow\qquad \boxed{\; w = \frac{\lambda}{\lambda+\mathrm{wd}}\; w^* \;} $$
#
# So `weight_decay` has the unit of a **curvature**. Directions much steeper than wd keep what they learned, much flatter ones forget it;
# about those the data say little. This is why the explorer's line bends: the flat $w_1$ gives way first.
#
# ## A spring and a current
#
# Now a ball with β = 0.9 on ½(w − 1)², η = 0.1 and wd = 0.5.

# %% name="momentum-rules"
def with_decay(w, v, g, rate, momentum, wd, rule=heavy_ball):
    """Keras: the weights shrink, then the ball takes its step."""
    return rule(decay(w, rate, wd), v, g, rate, momentum)


def with_penalty(w, v, g, rate, momentum, wd, rule=heavy_ball):
    """The penalty's gradient goes the way of every gradient, through the velocity."""
    return rule(w, v, g + wd * w, rate, momentum)

# %% name="momentum-run"
paths = {}
for method in (with_decay, with_penalty):
    w, v, paths[method] = 0.0, 0.0, [0.0]
    for _ in range(150):
        w, v = method(w, v, w - 1, 0.1, 0.9, 0.5)
        paths[method].append(w)
    print(f"{method.__name__}: settles at {w:.3f}, with velocity {round(v, 4) + 0.0:.4f}")

# %% name="momentum-figure" jupyter={"source_hidden": true}
looks = {with_decay: MOMENTUM._replace(label="Keras's decay"), with_penalty: PENALTY}
figure, axes = plt.subplots()
for method, look in looks.items():
    mark = {"marker": look.marker, "markevery": 10, "ms": 5}
    axes.plot(paths[method], look.line, color=look.colour, label=look.label, **mark)
axes.axhline(1, color="0.5", lw=1, label="minimum of the loss")
axes.set(xlabel="step", ylabel="w", ylim=(0, 1.7))
axes.legend()
plt.show()

# %% [markdown] name="momentum-answer"
# *The picture: both balls swing and come to rest, the penalised one well below the minimum at 1, Keras's just beneath it.*
#
# Look at the velocities: Keras's ball *rests with a velocity that is not zero*. In the terms of chapter 04's ball in oil, **the penalty is a
# spring** that pulls it to zero. Like every force it changes the velocity, and friction lets each push live on for 1/(1 − β) steps. **The
# decay is a current** that carries the ball towards zero by $\eta\,\mathrm{wd}\,w$ per step: it changes the position, and the velocity knows
# nothing of it. At rest the ball swims against the current. A step leaves v as it is, so v is chapter 04's terminal velocity; it leaves w as
# it is, so v is just what the current takes:
#
# $$ \frac{-\eta\,g}{1-\beta} = \eta\,\mathrm{wd}\,w \qquad\Longrightarrow\qquad \boxed{\; -g = (1-\beta)\,\mathrm{wd}\;w \;} $$
#
# A spring rests with v = 0 where $-g = \mathrm{wd}\,w$. So **in the long run Keras's decay acts with strength wd(1 − β), a penalty with
# wd**: here 1/(1 + 0.05) = 0.952 and 1/(1 + 0.5) = 0.667, and the current is 0.1 · 0.5 · 0.952 = 0.0476. With Nesterov the terminal
# velocity is the same, and so is the strength.
#
# ## A surprise: PyTorch's number in Keras
#
# PyTorch documents `torch.optim.SGD`'s `weight_decay` as "weight decay (L2 penalty)": it adds wd·w to the gradient, before the buffer. The
# same name, the other method.
#
# > 06.recipe

# %% name="port-run"
torch_w, buffer = 0.0, 0.0
for _ in range(2000):
    buffer = 0.9 * buffer + (torch_w - 1) + 0.05 * torch_w
    torch_w = torch_w - 0.1 * buffer
print(f"PyTorch's rule, 0.05: settles at {torch_w:.4f}")
for wd in (0.005, 0.05, 0.5):
    w, v = 0.0, 0.0
    for _ in range(2000):
        w, v = with_decay(w, v, w - 1, 0.1, 0.9, wd)
    print(f"Keras's rule, {wd:<5}: settles at {w:.4f}")

# %% [markdown] name="port-answer"
# Ten times more, wd/(1 − β) = 0.5. The resting places agree then, the ways there do not. To take the same *way*, write the penalty
# itself: `kernel_regularizer=L2(wd / 2)`, and `bias_regularizer`, too, since PyTorch decays biases (while η is constant; at a drop the two
# balls part, chapter 04). The half is there because Keras's `L2(c)` is c·Σw².

# %% [markdown] name="recap"
# ## Recap
#
# - **When they are one.** Without momentum and clipping, $w - \eta(g + \mathrm{wd}\,w) = (1-\eta\,\mathrm{wd})\,w - \eta g$. With momentum
#   the penalty is a spring, the decay a current: strength wd against wd(1 − β).
# - **How fast, how far.** Free weights halve in ln 2/(η·wd) steps. Held ones keep λ/(λ + strength): flat directions go first.
# - **From elsewhere.** PyTorch's number divided by (1 − β); an L2 factor times 2. Biases decay too: exclude them before `fit` (Deeper).

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 06](../exercises/06_weight_decay.ipynb): write one step with decay, repair three recipes from elsewhere, spare the biases. Tasks 3
# and 5 need *Without friction* and *Everything decays* in Deeper.

# %% [markdown] name="deeper"
# ## Deeper
#
# What decay does for generalisation and in networks with normalised layers, where clipping and Adam part it from a penalty, and what Keras
# decays, excludes and prints. For those who set `weight_decay` in earnest; each section stands alone.

# %% [markdown] name="order-question"
# ### The order of decay and gradient
#
# The gradient may be taken before the decay (Keras), after it, or the decay comes last and shrinks the step, too.
#
# > 06.order

# %% name="order-run"
before = after = last = 0.0
for _ in range(200):
    before = decay(before, 0.5, 0.5) - 0.5 * (before - 1)
    after = decay(after, 0.5, 0.5) - 0.5 * (decay(after, 0.5, 0.5) - 1)
    last = decay(last - 0.5 * (last - 1), 0.5, 0.5)
print(f"gradient before the decay {before:.4f}, after it {after:.4f}, decay last {last:.4f}")

# %% [markdown] name="order-answer"
# No. The first settles where the penalised loss has its minimum, at 1/(1 + 0.5), and η does not enter. The other two rest at
# 1/(1.5 − 0.5η) and (1 − 0.5η)/(1.5 − 0.5η), which is 0.8 and 0.6 here. Whoever ports the rule must port its order.

# %% [markdown] name="digits-question"
# ### What it is good for
#
# A linear model should tell from 64 pixels whether a handwritten digit is a three. It learns from 100 images; 1,697 others are the test.
#
# > 06.errors

# %% name="digits-data" jupyter={"source_hidden": true}
images, labels = load_digits()
order = np.random.default_rng(0).permutation(len(images))
few, rest = order[:100], order[100:]
x = images - images[few].mean(axis=0, dtype=float)
y = np.where(labels == 3, 1.0, -1.0) - np.where(labels[few] == 3, 1.0, -1.0).mean()
hessian, pull = x[few].T @ x[few] / 100, x[few].T @ y[few] / 100
curvatures, axes_of_bowl = np.linalg.eigh(hessian)


def settled(wd):
    """Where the decayed model comes to rest: λ/(λ + wd) of the best fit, along each axis."""
    useful = curvatures > 1e-12  # black pixels have curvature 0 and no pull
    along = np.where(useful, axes_of_bowl.T @ pull, 0) / np.where(useful, curvatures + wd, 1)
    return axes_of_bowl @ along


def error(weights, which):
    """The mean squared error on some of the images."""
    return np.mean((x[which] @ weights - y[which]) ** 2)

# %% name="digits-run"
real = curvatures[curvatures > 1e-12]
for wd in (0.0, 0.001, 0.01, 0.03, 0.1, 1.0):
    w, kept = settled(wd), np.sum(real / (real + wd))
    print(f"wd {wd:<6} train {error(w, few):.3f}  test {error(w, rest):.3f}", end="  ")
    print(f"|w| {np.linalg.norm(w):.2f}  directions kept {kept:.1f}")
w = np.zeros(64)
for _ in range(3000):
    w = decay(w, 1.0, 0.03) - 1.0 * (hessian @ w - pull)
print(f"3000 steps of full-batch descent, wd 0.03: test {error(w, rest):.3f}")

# %% name="digits-figure" jupyter={"source_hidden": true}
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
line, spectrum = np.geomspace(1e-4, 1, 200), curvatures[curvatures > 1e-4]
left.semilogx(line, line / (line + 0.03), color="0.6")
left.semilogx(spectrum, spectrum / (spectrum + 0.03), "o", color="black", ms=4)
left.axvline(0.03, color="0.6", ls=":")
left.set(xlabel="curvature λ (dotted: wd = 0.03)", ylabel="part that is kept")
decays = np.geomspace(1e-4, 3, 60)
for which, style, name in ((few, "-.", "100 images learned"), (rest, "-", "1,697 others")):
    right.semilogx(decays, [error(settled(wd), which) for wd in decays], style, label=name)
right.set(xlabel="weight_decay", ylabel="squared error", ylim=(0, 0.4))
right.legend()
plt.show()

# %% [markdown] name="digits-answer"
# *The picture: on the left an S-curve from 0 to 1, with a point for each curvature of the model above 10⁻⁴; they spread over
# all of it. On the right the error on the learned images only rises with wd; that on the others falls first and rises later.*
#
# They part ways. The error on the learned images only rises: decay never helps to fit. That on the others falls from 0.292 to
# 0.183 at wd = 0.03, where 23.2 of 53 directions are kept, and rises again when directions that carry knowledge go, too. This is ridge
# regression (Hoerl & Kennard 1970), reached by descent on all 100 images. Minibatches add chapter 02's noise floor around it.

# %% [markdown] name="normalised"
# ### With normalised layers, decay sets the effective learning rate
#
# Behind a batch or layer normalisation, doubled weights give the same output: only the *direction* of w counts. What is decay for, then? As
# f(cw) = f(w) for every c, the gradient has no part along w, and it shrinks as 1/|w|: $|g| = G/|w|$. A step turns w by about
# $\eta\,|g|/|w| = \eta G/|w|^2$, and adds $\eta^2|g|^2$ to |w|² (Pythagoras), while the decay takes about $2\,\eta\,\mathrm{wd}\,|w|^2$ of
# it. Both balance where $|w|^4 = \eta\,G^2/(2\,\mathrm{wd})$, and there
#
# $$ \boxed{\;\text{angle per step} = \sqrt{2\,\eta\,\mathrm{wd}}\;} $$
#
# Without decay w grows for ever, and the angles shrink. Take softmax regression on the digits by normalised weights, 20·w/|w|, batches of 32.
#
# > 06.turning

# %% name="normalised-run"
def normalised(rate, wd, scale=1.0, steps=4000):
    """Softmax regression on 896 digits by 20 w/|w|; returns (angles in degrees, |w| at the end)."""
    random, order = np.random.default_rng(1), np.random.default_rng(0).permutation(len(images))
    w, angles = random.normal(size=(64, 10)), []
    for _ in range(steps):
        rows = random.choice(order[:896], 32)
        length = np.linalg.norm(w)
        direction = w / length
        chances = np.exp(20 * images[rows] @ direction)
        chances = chances / chances.sum(axis=1, keepdims=True)
        g = 20 * scale * images[rows].T @ (chances - np.eye(10)[labels[rows]]) / 32
        g = (g - direction * np.sum(direction * g)) / length  # the chain rule through w/|w|
        w = decay(w, rate, wd) - rate * g
        angles.append(np.arccos(np.sum(w * direction) / np.linalg.norm(w)))
    return np.degrees(angles), np.linalg.norm(w)


for rate, wd, scale in ((0.1, 0.0, 1), (0.1, 0.01, 1), (0.1, 0.01, 10), (0.01, 0.1, 1)):
    angles, length = normalised(rate, wd, scale)
    early, late = angles[:500], np.sqrt(np.mean(angles[-500:] ** 2))
    print(f"η {rate:<4} wd {wd:<4} loss × {scale:<2}: at first {early.mean():.2f}° per step", end=", ")
    print(f"late {late:.2f}°, formula {np.degrees(np.sqrt(2 * rate * wd)):.2f}°; |w| {length:.1f}")

# %% [markdown] name="normalised-answer"
# Neither. The formula holds no gradient: w grows or shrinks until the angle is right, which takes some multiples of 1/(η·wd) steps. Ten
# times the loss makes w √10 times as long, and only the product η·wd counts. Measured are 2.7°, near the formula's 2.56°; without decay
# 0.04° are left, and falling. So behind a normalisation `weight_decay` does not make the model simpler: it sets the effective learning rate
# η/|w|² (not chapter 04's η/(1 − β)). In networks full of such layers this is its main effect (van Laarhoven 2017). With momentum the
# formula is another one, not shown.

# %% [markdown] name="edge"
# ### How strong may it be?
#
# In the long run the decay is weaker than the penalty. Is it gentler, too? Put $v_t = w_t - (1-s)\,w_{t-1}$ with $s=\eta\,\mathrm{wd}$ into
# Keras's step on ½λw² and try $w_t = x^t$, as in chapter 04:
#
# $$ x^2 - (1+\beta-s-\eta\lambda)\,x + \beta\,(1-s) = 0 . $$
#
# It diverges when a root's size passes 1. Complex roots have |x|² = β(1 − s), which is positive and below 1: they never do. A real one
# cannot at x = 1, which would need $s\,(1-\beta) + \eta\lambda = 0$. At x = −1 it does, for
# $\eta\,(\lambda + (1+\beta)\,\mathrm{wd}) = 2(1+\beta)$. The penalty only adds to the curvature: its edge is
# $\eta\,(\lambda+\mathrm{wd}) = 2(1+\beta)$.
#
# > 06.tolerates

# %% name="edge-check"
for method, edge in ((with_decay, 3.8 / (1 + 1.9)), (with_penalty, 3.8 / (1 + 1))):
    ends = []
    for rate in (0.99 * edge, 1.01 * edge):
        w, v = 1.0, 0.0
        for _ in range(3000):
            w, v = method(w, v, w, rate, 0.9, 1.0)
        ends.append(abs(w))
    print(f"{method.__name__}: edge {edge:.3f};", end=" ")
    print(f"1 % below it |w| ends at {ends[0]:.0e}, 1 % above at {ends[1]:.0e}")

# %% [markdown] name="edge-answer"
# The penalty's, 1.900 against 1.310. Where s = η·wd is far below 1, as in practice, the difference does not matter.

# %% [markdown] name="claim"
# ### "Weight decay is L2 regularisation"
#
# For plain SGD this popular sentence is true, and momentum breaks it. So does whatever else lies between the gradient and the weights,
# for it acts on a penalty and not on the decay.
#
# **Clipping.** The loss is ½(w − 10)², wd = 0.5, no momentum, and gradients are clipped to length 1.
#
# > 06.clipped

# %% name="claim-clip"
for name, in_gradient, in_decay in (("penalty", 0.5, None), ("Keras's decay", 0.0, 0.5)):
    w = [np.zeros(1)]
    state = sgd.initial_state(w)
    for _ in range(1000):
        g = [w[0] - 10 + in_gradient * w[0]]
        w, state = sgd.step(w, g, state, learning_rate=0.1, weight_decay=in_decay, clipnorm=1.0)
    print(f"{name}: settles at {w[0][0]:.3f}")

# %% [markdown] name="claim-adam"
# At 2.000. The gradient's pull is cut to 1, the decay's is not, and they balance where wd·w = 1. The penalty's pull is clipped
# together with the gradient's, and so changes nothing about where they balance.
#
# **Adam.** Adam divides each gradient by its usual size (the root of a running mean of squares). A penalty's gradient is
# divided with it, so a weight with noisy gradients hardly decays. Loshchilov and Hutter took the decay out of the division,
# and called the result **AdamW**; their paper does the same to SGD with momentum. That is Keras's form (their λ is η·wd here).
#
# > 06.adam

# %% name="claim-adam-run"
def adam(in_gradient, in_decay, noise=np.array([0.5, 5.0, 50.0]), steps=2000, rate=0.001):
    """What Adam leaves of weights of 1 whose gradients are noise: the mean of 200 walks."""
    random = np.random.default_rng(0)
    w, mean, square = np.ones((200, 3)), 0.0, 0.0
    for t in range(1, steps + 1):
        g = random.normal(size=(200, 3)) * noise + in_gradient * w
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g**2
        usual = np.sqrt(square / (1 - 0.999**t)) + 1e-7
        w = decay(w, rate, in_decay) - rate * mean / (1 - 0.9**t) / usual
    return w.mean(axis=0).round(2)


print("penalty (Adam):        ", adam(0.5, 0.0))
print("decoupled decay (AdamW):", adam(0.0, 0.5))

# %% [markdown] name="claim-answer"
# More: the noisiest keeps nearly all, and the calmest is down to 0.19. Decoupled, all three decay alike.
#
# Correct sentence: **weight decay is L2 regularisation for SGD without momentum and without clipping; else it is a method of
# its own** (Loshchilov & Hutter 2019). In the long run it acts as wd(1 − β), it feels no clip, and does not enter Adam's division.

# %% [markdown] name="surprise-friction"
# ### Without friction: momentum 1
#
# > 06.friction

# %% name="surprise-friction-run"
for method in (with_decay, with_penalty):
    w, v, path = np.array([-1.0, 0.0]), np.zeros(2), []
    for _ in range(2000):
        w, v = method(w, v, curvature * (w - 1), 0.1, 1.0, 1.0)
        path.append(w)
    low, high = np.min(path[-200:], axis=0) + 0.0, np.max(path[-200:], axis=0)
    print(f"{method.__name__}: late w from {low.round(2)} to {high.round(2)}")

# %% [markdown] name="surprise-friction-answer"
# The penalised ball swings for ever; Keras's settles, *at the minimum itself*, as its strength wd(1 − β) is 0. The roots' product is
# β(1 − ηwd), so each step still leaves only $\sqrt{1-\eta\,\mathrm{wd}}$ of a swing.
#
# ### Everything decays, biases included
#
# The Keras reference page has one sentence on the argument: "If set, weight decay is applied." (keras.io) It does not say to what. To every
# variable that has a gradient: kernels, biases, the scales and shifts of normalisation layers.
#
# > 06.bias

# %% name="surprise-bias-run"
for name, decays in (("decayed", [True]), ("excluded", [False])):
    bias = [np.zeros(1)]
    state = sgd.initial_state(bias)
    for _ in range(1000):
        bias, state = sgd.step(
            bias, [bias[0] - 20], state, learning_rate=0.1, weight_decay=0.1, decays=decays
        )
    print(f"bias {name}: predicts {bias[0][0]:.2f} degrees")

# %% [markdown] name="surprise-names"
# 18, nearly two degrees too low: 20/1.1. A bias only sets the level; to shrink it makes no model simpler. Keras leaves it out by
# name:
#
#     optimizer = keras.optimizers.SGD(0.1, weight_decay=0.1)
#     optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])    # before build or fit
#
# The names are joined with `|` into one **regular expression**, and it is searched *anywhere* in the variable's name. On
# TensorFlow that is not `bias` but the whole path, the model's name in front and `:0` at the end. (By Keras's source, on JAX
# and PyTorch it is the bare `bias`.)
#
# > 06.names

# %% name="surprise-names-run"
def excluded(given, model):
    """Which variables of a small model Keras excludes, searched as Keras does on TensorFlow."""
    parts = ["dense/kernel", "dense/bias", "batch_normalization/gamma", "batch_normalization/beta"]
    pattern = "|".join(set(given))  # a string is a set of letters
    found = [part.split("/")[1] for part in parts if re.search(pattern, f"{model}/{part}:0")]
    return " ".join(found) or "nothing"


whole_words = ["(^|/)(bias|gamma|beta)(:|$)"]
for model in ("net", "unbiased"):
    for given in (["bias"], ["b"], ["kernel$"], ["bias", "gamma", "beta"], "bias", whole_words):
        print(f"{model:9}{given!r:32} excludes {excluded(given, model)}")

# %% [markdown] name="surprise-names-answer"
# In `unbiased`, nothing decays any more: the model's name contains "bias", and each path begins with it. `["b"]` finds a b in
# `batch_normalization`, `["kernel$"]` fails at the `:0`, and the string falls apart into letters, of which every path has
# one. None of this raises an error. The last pattern asks for whole words, and holds on every backend; or hand over the
# variables themselves, `var_list=[layer.bias]`.
#
# <details><summary>In Keras itself: when does the call come too late? (run with Keras 3.15; tests hold it)</summary>
#
# Its documentation says that the call must come before `build`. Keras 3.15 lets it pass later, too; what counts is when the
# step is compiled. A weight at 1, zero gradient, η·wd = 0.05:
#
# ```python
# model.compile(keras.optimizers.SGD(0.1, weight_decay=0.5), loss="mse")
# model.fit(zero, zero)                                     # w = 0.95
# model.optimizer.exclude_from_weight_decay(var_names=["kernel"])
# model.fit(zero, zero)                                     # w = 0.9025: too late, no warning
# model.compile(model.optimizer, loss="mse")
# model.fit(zero, zero)                                     # w = 0.9025: heeded from here on
# ```
#
# `optimizer.weight_decay = 0.0` between two `fit` calls is ignored in the same way.
# </details>

# %% [markdown] name="surprise-none"
# ### Zero or none
#
# > 06.none

# %% name="surprise-none-run"
weights = [np.ones(1), np.ones(1)]
state = sgd.initial_state(weights)
for _ in range(100):
    weights, state = sgd.step(
        weights, [np.zeros(1), None], state, learning_rate=0.1, weight_decay=0.1
    )
print(f"after 100 steps: zero gradient {weights[0][0]:.3f}, no gradient {weights[1][0]:.3f}")

# %% [markdown] name="surprise-none-answer"
# The row: 0.99¹⁰⁰ = 0.366 is left. A rare word's embedding decays at each step and learns only in the few where the word occurs.
#
# ### The loss that is printed does not contain the decay
#
# A regularizer's penalty is part of the loss that `fit` and `evaluate` print, the decay is not. So two runs that are the
# *same method* (plain SGD, `weight_decay=0.5` or `L2(0.25)`) show different losses.
#
# <details><summary>In Keras itself (run with Keras 3.15; a test holds the numbers)</summary>
#
# One weight, ½(w − 1)², η = 0.1, 300 steps:
#
# | | momentum | w | printed loss |
# |---|---|---|---|
# | `weight_decay=0.5` | 0 | 0.667 | 0.056 |
# | `L2(0.25)` | 0 | 0.667 | 0.167 |
# | `weight_decay=0.5` | 0.9 | 0.952 | 0.001 |
# | `L2(0.25)` | 0.9 | 0.667 | 0.167 |
#
# ½(0.667 − 1)² = 0.056; the penalty adds 0.25 · 0.667² = 0.111.
# </details>

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 06.raised
#
# ? 06.rest
#
# ? 06.late

# %% [markdown] name="sources"
# **Sources.** I. Loshchilov & F. Hutter, *Decoupled Weight Decay Regularization*, 2019,
# [arXiv:1711.05101](https://arxiv.org/abs/1711.05101). · A. E. Hoerl & R. W. Kennard, *Ridge Regression*, 1970,
# [doi:10.1080/00401706.1970.10488634](https://doi.org/10.1080/00401706.1970.10488634). · T. van Laarhoven, *L2 Regularization versus Batch
# and Weight Normalization*, 2017, [arXiv:1706.05350](https://arxiv.org/abs/1706.05350). · R. Wan, Z. Zhu, X. Zhang & J. Sun, *Spherical
# Motion Dynamics*, 2020, [arXiv:2006.08419](https://arxiv.org/abs/2006.08419) (the angle √(2η·wd)). · Digits: Alpaydin & Kaynak 1998,
# [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49). · PyTorch documentation of `torch.optim.SGD`. · Keras 3.15,
# `keras/src/optimizers/base_optimizer.py`.
