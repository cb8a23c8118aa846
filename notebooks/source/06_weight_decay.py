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
# Keras argument: `weight_decay`. About 35 minutes to read; it runs in a few seconds.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# <details><summary>1. On a steady slope with gradient g, how fast does a ball with momentum β get?</summary>
#
# To −ηg/(1 − β) per step (chapter 04): friction lets each push live on for 1/(1 − β) steps. "−ηg" is the speed without
# momentum. This one formula decides the chapter.
# </details>
#
# <details><summary>2. In Keras's chain of stages, what happens between clipping and the velocity, and to what?</summary>
#
# The decay, and it happens to the *weights* (chapter 00). "To the gradient" is how a penalty works, and how PyTorch's SGD works.
# </details>
#
# <details><summary>3. One learning rate serves a steep and a flat direction. Which is slow, and what does a plain step leave
# of its distance?</summary>
#
# The flat one: 1 − ηλ is left (chapter 01), close to 1 where λ is small. "The steep one, for it limits η" names what sets the
# limit, and not what sets the time. Whatever else acts on the weights will be measured against λ.
# </details>

# %% name="imports"
import re

import matplotlib.pyplot as plt
import numpy as np

from course import figures, sgd
from course.digits import load_digits
from course.figures import MOMENTUM, Look
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
# The second is Keras's `weight_decay`. Keras computes the gradient before the decay, clips the gradient and not the decay, and
# keeps the decay out of the velocity: it is **[decoupled](16_glossary.ipynb#Decoupled-weight-decay)** from all that. Without momentum, the [penalty](16_glossary.ipynb#Penalty)'s step is
#
# $$ w - \eta\,(g + \mathrm{wd}\,w) = (1 - \eta\,\mathrm{wd})\,w - \eta\,g , $$
#
# and that is the shrinking step. No property of g was used: the two are one method for any loss, any noise and any schedule.

# %% name="two-ways-check"
random = np.random.default_rng(6)
shrunk = penalised = random.normal(size=1000)
for count in range(300):
    rate, noise = 0.1 / (1 + 0.01 * count), random.normal(size=1000)
    shrunk = decay(shrunk, rate, 0.5) - rate * (np.tanh(shrunk - 1) + noise)
    penalised = penalised - rate * (np.tanh(penalised - 1) + noise + 0.5 * penalised)
apart = np.max(np.abs(shrunk - penalised))
print(f"plain SGD, 300 noisy steps: apart by less than 1e-12: {apart < 1e-12}")

# %% [markdown] name="order-question"
# ### Does the order matter?
#
# "First decay, then step" can be read in three ways: the gradient is taken before the decay (Keras), after it, or the decay
# comes last and shrinks the step, too.
#
# > **Predict:** on ½(w − 1)² with η = 0.5 and wd = 0.5, do the three settle at the same weight?

# %% name="order-run"
before = after = last = 0.0
for _ in range(200):
    before = decay(before, 0.5, 0.5) - 0.5 * (before - 1)
    after = decay(after, 0.5, 0.5) - 0.5 * (decay(after, 0.5, 0.5) - 1)
    last = decay(last - 0.5 * (last - 1), 0.5, 0.5)
print(f"gradient before the decay {before:.4f}, after it {after:.4f}, decay last {last:.4f}")

# %% [markdown] name="order-answer"
# No. The first settles where the penalised loss has its minimum, at 1/(1 + 0.5), and η does not enter. Solve the other two
# for the weight that a step leaves unchanged: 1/(1.5 − 0.5η) and (1 − 0.5η)/(1.5 − 0.5η). They depend on η, 0.8 and 0.6 here.
# Whoever ports the rule must port its order.
#
# ## How fast, and how far?
#
# A weight that no gradient holds is multiplied by $1-\eta\,\mathrm{wd}$ at each step. Half of it is left when
# $(1-\eta\,\mathrm{wd})^n = \tfrac12$; as $\ln(1-x) \approx -x$, that is after $\ln 2 / (\eta\,\mathrm{wd})$ steps.
#
# > **Predict:** with Keras's default learning rate 0.01 and a `weight_decay` of 1e-4, is that about 700, 7,000 or 700,000 steps?

# %% name="half-life"
for rate, wd in ((0.01, 1e-4), (0.1, 1e-4), (0.1, 5e-3)):
    halved = np.log(2) / -np.log1p(-rate * wd)
    print(f"learning_rate {rate}, weight_decay {wd:g}: half is left after {halved:,.0f} steps")

# %% [markdown] name="half-life-answer"
# Nearly 700,000. A decay "of 1e-4" means nothing until you know the learning rate and the number of steps: **the product η·wd
# is what a step takes away.** It also means that a schedule which lowers η lowers the decay with it. (In the paper that
# introduced decoupled decay, a base learning rate is left out of the product; Keras, like PyTorch's `AdamW`, multiplies by
# the whole current rate.)
#
# Now let the loss $\tfrac12\lambda(w-w^*)^2$ hold it. It comes to rest where both pulls are equal:
#
# $$ \lambda\,(w^* - w) = \mathrm{wd}\; w \qquad\Longrightarrow\qquad \boxed{\; w = \frac{\lambda}{\lambda+\mathrm{wd}}\; w^* \;} $$
#
# So `weight_decay` has the unit of a **curvature**, and has to be compared with curvatures. Directions much steeper than wd
# keep what they learned, directions much flatter forget it, and at λ = wd just half is left. About the flat directions the data
# say little: without decay, noise decides there.
#
# A test on real data: a linear model shall tell from 64 pixels whether a handwritten digit is a three. It learns from 100 images
# only; 1,697 others are the test.
#
# > **Predict:** as wd rises from 0, do the squared errors on the 100 and on the 1,697 both rise, both fall, or part ways?

# %% name="digits-data"
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
apart = np.max(np.abs(w - settled(0.03)))
print(f"3000 steps of SGD with wd 0.03, apart by less than 1e-9: {apart < 1e-9}")

# %% name="digits-figure"
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
# 0.183 at wd = 0.03, where 23.2 of 53 directions are kept, and rises again when directions that carry knowledge go, too. This
# is ridge regression (Hoerl & Kennard 1970), reached by SGD.

# %% [markdown] name="momentum-question"
# ## And with momentum?
#
# Now a ball with β = 0.9 on ½(w − 1)², η = 0.1 and wd = 0.5, once by Keras's rule, once with the penalty's gradient
# in the velocity. Without momentum both settle at 1/(1 + 0.5) = 0.667.
#
# > **Predict:** where do they settle with momentum: both at 0.667, both elsewhere, or only one of them elsewhere?

# %% name="momentum-rules"
def with_decay(w, v, g, rate, momentum, wd, rule=heavy_ball):
    """Keras: the weights shrink, then the ball takes its step."""
    return rule(decay(w, rate, wd), v, g, rate, momentum)


def with_penalty(w, v, g, rate, momentum, wd, rule=heavy_ball):
    """The penalty's gradient goes the way of every gradient, through the velocity."""
    return rule(w, v, g + wd * w, rate, momentum)


# %% name="momentum-run"
looks = {with_decay: MOMENTUM._replace(label="Keras's decay"), with_penalty: PENALTY}
figure, axes = plt.subplots()
for method, look in looks.items():
    w, v, path = 0.0, 0.0, [0.0]
    for _ in range(150):
        w, v = method(w, v, w - 1, 0.1, 0.9, 0.5)
        path.append(w)
    axes.plot(path, look.line, color=look.colour, marker=look.marker, ms=3, label=look.label)
    print(f"{look.label}: settles at {w:.3f}, with velocity {round(v, 4) + 0.0:.4f}")
axes.axhline(1, color="0.5", lw=1, label="minimum of the loss")
axes.set(xlabel="step", ylabel="w", ylim=(0, 1.7))
axes.legend()
plt.show()

# %% [markdown] name="momentum-answer"
# *The picture: both balls swing and come to rest, the penalised one well below the minimum at 1, Keras's just beneath it.*
#
# Only one: Keras's settles at 0.952, as if its decay had become much weaker. Now look at the velocities. Keras's ball *rests
# with a velocity that is not zero*.
#
# ### A spring and a current
#
# Take chapter 04's ball in oil. **The penalty is a spring** that pulls it to zero: a force. Like every force it changes the
# velocity, and friction lets each push live on for 1/(1 − β) steps. **The decay is a current** that carries the ball towards
# zero by $\eta\,\mathrm{wd}\,w$ per step: it changes the position, and the velocity knows nothing of it. Where the ball
# stands still, it swims against the current: a step leaves v as it is, so $v = \beta v - \eta g$, chapter 04's terminal velocity
# −ηg/(1 − β); and it leaves w as it is, so v is just what the current takes:
#
# $$ \frac{-\eta\,g}{1-\beta} = \eta\,\mathrm{wd}\,w \qquad\Longrightarrow\qquad \boxed{\; -g = (1-\beta)\,\mathrm{wd}\;w \;} $$
#
# A spring needs no swimming: it rests with v = 0 where $-g = \mathrm{wd}\,w$. So in the long run **Keras's decay acts with
# strength wd(1 − β), a penalty with wd**. Here: 1/(1 + 0.05) = 0.952 and 1/(1 + 0.5) = 0.667; the current is 0.1 · 0.5 ·
# 0.952 = 0.0476. With Nesterov the terminal velocity is the same, and so is the strength. The next cell asks 1000 random
# balls:

# %% name="momentum-check"
random = np.random.default_rng(1)
rate, momentum = random.uniform(0.05, 0.5, 1000), random.uniform(0, 0.95, 1000)
wd, curvature = random.uniform(0, 1, 1000), random.uniform(0.2, 1, 1000)
for rule in (heavy_ball, nesterov_momentum):
    for method, strength in ((with_decay, wd * (1 - momentum)), (with_penalty, wd)):
        w = v = np.zeros(1000)
        for _ in range(5000):
            w, v = method(w, v, curvature * (w - 1), rate, momentum, wd, rule)
        close = np.max(np.abs(w - curvature / (curvature + strength))) < 1e-9
        print(f"{rule.__name__}, {method.__name__}: at λ/(λ + strength) to within 1e-9: {close}")

# %% [markdown] name="keras-is-this"
# Is `with_decay` Keras's rule? `sgd.step` equals Keras bit for bit, so we compare with that:

# %% name="keras-is-this-run"
w, v = np.array([3.0, -1.0]), np.zeros(2)
theirs, state = [w], sgd.initial_state([w])
settings = {"learning_rate": 0.125, "momentum": 0.875, "weight_decay": 0.5}
for _ in range(50):
    w, v = with_decay(w, v, np.tanh(w), *settings.values())
    theirs, state = sgd.step(theirs, [np.tanh(theirs[0])], state, **settings)
print("50 steps, equal to the last bit:", np.array_equal(w, theirs[0]))

# %% [markdown] name="edge"
# ### How strong may it be?
#
# In the long run the decay is weaker than the penalty. Is it gentler, too? Put $v_t = w_t - (1-s)\,w_{t-1}$ with $s=\eta\,\mathrm{wd}$ into
# Keras's step on ½λw² and try $w_t = x^t$, as in chapter 04:
#
# $$ x^2 - (1+\beta-s-\eta\lambda)\,x + \beta\,(1-s) = 0 . $$
#
# It flies when a root reaches x = −1, which gives $\eta\,(\lambda + (1+\beta)\,\mathrm{wd}) = 2(1+\beta)$. The penalty only adds
# to the curvature: its ball flies at $\eta\,(\lambda+\mathrm{wd}) = 2(1+\beta)$.
#
# > **Predict:** for λ = wd = 1 and β = 0.9, which of the two stands the larger learning rate?

# %% name="edge-check"
for method, edge in ((with_decay, 3.8 / (1 + 1.9)), (with_penalty, 3.8 / (1 + 1))):
    ends = []
    for rate in (0.99 * edge, 1.01 * edge):
        w, v = 1.0, 0.0
        for _ in range(3000):
            w, v = method(w, v, w, rate, 0.9, 1.0)
        ends.append(abs(w))
    print(f"{method.__name__}: edge {edge:.3f};", end=" ")
    print(f"1 % below, it comes home: {ends[0] < 1e-9}; 1 % above, beyond 1e9: {ends[1] > 1e9}")

# %% [markdown] name="port"
# The penalty's, 1.900 against 1.310. Where s = η·wd is far below 1, as in practice, the difference does not matter.
#
# ## From PyTorch to Keras
#
# PyTorch documents `torch.optim.SGD`'s `weight_decay` as "weight decay (L2 penalty)": it adds wd·w to the gradient, before
# the buffer. The same name, the other method.
#
# > **Predict:** a recipe says `SGD(lr=0.1, momentum=0.9, weight_decay=0.05)` and was written for PyTorch. Which
# > `weight_decay` in Keras leaves the weights at the same place: 0.005, 0.05 or 0.5?

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
# Ten times more, wd/(1 − β) = 0.5. The resting places agree then, the ways there do not. To take the same *way*, write the
# penalty itself: `kernel_regularizer=L2(wd / 2)`, and `bias_regularizer`, too, since PyTorch decays biases. (While η is constant;
# at a drop the two balls part, chapter 04.) The half is there because Keras's `L2(c)` is c·Σw², with the gradient 2c·w. So without
# momentum `L2(c)` is `weight_decay=2 * c`.

# %% [markdown] name="claim"
# ## "Weight decay is L2 regularisation"
#
# You will read this sentence often, and the two words are used for each other. For plain SGD it is true, as derived above.
# You have seen momentum break it. Two more stages break it: whatever lies between the gradient and the weights acts on a
# penalty and not on the decay.
#
# **Clipping.** The loss is ½(w − 10)², wd = 0.5, no momentum, and gradients are clipped to length 1.
#
# > **Predict:** the penalised weight settles at 10/1.5 = 6.667. Where does Keras's: there, too, at 2 or at 10?

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
# and called the result **AdamW**; their paper does the same to SGD with momentum, and that is Keras's form.
#
# > **Predict:** three weights start at 1; their gradients are pure noise of size 0.5, 5 and 50. After 2000 steps with η = 0.001
# > and wd = 0.5, (1 − ηwd)²⁰⁰⁰ = 0.37 would be left. What does the penalty leave: 0.37 of each, or less or more of the noisier?

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
# its own** (Loshchilov & Hutter 2019). It settles at wd(1 − β), feels no clip, and does not enter Adam's division.

# %% [markdown] name="explorer-task"
# ## Move it by hand
#
# A bowl with its minimum at (1, 1), curvature 0.25 along $w_1$ and 1 along $w_2$. The ball with squares has Keras's decay,
# the one with diamonds the penalty. The thin line is where *any* strength would settle. Three things to find:
#
# 1. Where do both settle at the start, and why does the line bend: which weight does it give up first?
# 2. Lower momentum to 0. Where do the balls go?
# 3. Weight decay 1.00, momentum 0.90: raise the learning rate. Which ball leaves first, and where? Then momentum 1.00 at
#    learning rate 0.10: does either settle?

# %% name="explorer"
from course.explorers import DecayAndClip

DecayAndClip(show="decay")

# %% name="explorer-numbers"
curvature = np.array([0.25, 1.0])
for name, strength in (("decay", 0.5 * (1 - 0.9)), ("penalty", 0.5)):
    print(f"1: {name} settles at", (curvature / (curvature + strength)).round(3))
print("1: at strength 0.25 they keep", (curvature / (curvature + 0.25)).round(3), "of (1, 1)")
print("2: both at", (curvature / (curvature + 0.5)).round(3), "as one ball")
print(f"3: decay leaves at {3.8 / (1 + 1.9 * 1.0):.2f}, the penalty at {3.8 / (1 + 1.0):.2f}")
for method in (with_decay, with_penalty):
    w, v, path = np.array([-1.0, 0.0]), np.zeros(2), []
    for _ in range(2000):
        w, v = method(w, v, curvature * (w - 1), 0.1, 1.0, 1.0)
        path.append(w)
    low, high = np.min(path[-200:], axis=0) + 0.0, np.max(path[-200:], axis=0)
    print(f"   momentum 1, {method.__name__}: late w from {low.round(2)} to {high.round(2)}")

# %% [markdown] name="explorer-answer"
# The line bends because the flat $w_1$ gives way first: at strength 0.25 half of it is left, and four fifths of $w_2$. Without
# momentum both balls are one. At weight decay 1.00 Keras's ball is the first to leave, as derived above.

# %% [markdown] name="surprise-friction"
# ## What you might not expect
#
# ### Without friction, decay is the friction
#
# The explorer's last question: at β = 1 the penalised ball swings for ever, and Keras's settles, *at the minimum itself*. Its
# strength wd(1 − β) is 0. But the roots' product is β(1 − ηwd), so each step still leaves only $\sqrt{1-\eta\,\mathrm{wd}}$
# of a swing: carried towards zero while it swings about 1, the ball loses a little of each swing.
#
# ### Everything decays, biases included
#
# The Keras reference page has one sentence on the argument: "If set, weight decay is applied." (keras.io) It does not say to
# what. To every variable that has a gradient: kernels, biases, the scales and shifts of normalisation layers.
#
# > **Predict:** a model has only a bias, and shall predict a temperature of 20 degrees. With plain SGD and
# > `weight_decay=0.1`, what does it predict after long training: 20, 18 or 2 degrees?

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
# > **Predict:** a model is called `unbiased`, and someone excludes `["bias"]`. Which of its variables decay? And which of those
# > called `net` are excluded by `["b"]`, by `["kernel$"]`, and by the string `"bias"` without a list?

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
# > **Predict:** an embedding's row is not in the batch, so its gradient is zero. A frozen branch has the gradient `None`.
# > Which of them shrinks?

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
# ### The loss that is printed does not contain it
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

# %% [markdown] name="recap"
# ## Recap
#
# - **When they are one.** Without momentum and clipping, $w - \eta(g + \mathrm{wd}\,w) = (1-\eta\,\mathrm{wd})\,w - \eta g$.
#   With momentum the penalty is a spring, the decay a current: strength wd against wd(1 − β). With clipping and in Adam they
#   part as well.
# - **How fast, how far.** Free weights halve in ln 2/(η·wd) steps. Held ones keep λ/(λ + strength): wd is a curvature, and
#   flat directions go first.
# - **From elsewhere.** PyTorch's number divided by (1 − β); an L2 factor times 2. Exclude biases before `fit`, by a list of
#   regular expressions that match whole words of a path.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# <details><summary>1. You raise momentum from 0.9 to 0.99, divide the learning rate by ten and leave
# <code>weight_decay</code>. What happens to the regularisation in Keras?</summary>
#
# Its long-run strength wd(1 − β) falls to a tenth, and so does the speed η·wd. "Nothing, the effective rate η/(1 − β) is
# unchanged" is right for the gradient and for a penalty, but not for the decay: multiply `weight_decay` by ten.
# </details>
#
# <details><summary>2. A weight rests at 0.952 of its optimum with velocity 0.0476. Is it really at rest?</summary>
#
# Its position is. The velocity carries it forward by just what the decay takes back. "At rest the velocity is zero" holds
# without decay and with a penalty. Set the decay to zero, compile again, and the ball rolls on.
# </details>
#
# <details><summary>3. Someone trains with <code>weight_decay</code> and a rate that decays to zero, and says: late in
# training the decay wins, because the gradient's steps vanish. True?</summary>
#
# No: both are multiplied by η, and the balance −g = (1 − β)wd·w does not contain it. Late in training neither moves much.
# "The decay does not contain η" is true of other decoupled rules, not of Keras's.
# </details>

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 06](../exercises/06_weight_decay.ipynb): write one step with decay, repair three recipes from elsewhere, spare the biases.
#
# **Sources.** I. Loshchilov & F. Hutter, *Decoupled Weight Decay Regularization*, 2019,
# [arXiv:1711.05101](https://arxiv.org/abs/1711.05101). · A. E. Hoerl & R. W. Kennard, *Ridge Regression*, 1970,
# [doi:10.1080/00401706.1970.10488634](https://doi.org/10.1080/00401706.1970.10488634). · Digits: Alpaydin & Kaynak 1998,
# [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49). · PyTorch documentation of `torch.optim.SGD`. · Keras 3.15,
# `keras/src/optimizers/base_optimizer.py`.
