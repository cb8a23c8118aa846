# %% [markdown] name="title"
# # 01 · Gradient descent
#
# **How far can one step go before it makes things worse?**
#
# After this chapter you can
#
# - tell from learning rate and curvature whether a weight creeps, lands, flips or diverges, for one weight and for two;
# - find the best single learning rate for several curvatures, and say what the condition number costs;
# - say why a falling loss does not prove that the rate is safe.
#
# Keras argument: `learning_rate`.
# Core: about 20 minutes; deeper: about 45 more; it runs in a few seconds. The core asks for the derivative of a parabola; for
# the rest there is a [primer](01_gradient_descent.ipynb#A-primer).

# %% [markdown] name="before"
# ### Before you start: answer each, then open it
#
# ? 01.data
#
# ? 01.too_long
#
# ? 01.clipped

# %% name="imports" jupyter={"source_hidden": true}
import itertools

import matplotlib.pyplot as plt
import numpy as np

from course import figures, sgd
from course.descent import walk
from course.digits import load_digits
from course.figures import GRADIENT, PLAIN
from course.learner.predict import predict
from course.sgd import gradient_descent
from course.surfaces import quadratic, saddle

figures.use_course_style()

# %% [markdown] name="explorer-task"
# ## One number decides
#
# Put a weight on the parabola $f(w) = \tfrac12\lambda w^2$. Its slope is λw, and its second derivative λ is the
# [curvature](16_glossary.ipynb#Curvature). Gradient descent steps against the slope, with the
# [learning rate](16_glossary.ipynb#Learning-rate) η:
#
# $$ w \leftarrow w - \eta\,\lambda w = (1-\eta\lambda)\,w . $$
#
# Each step multiplies the distance to the minimum by the same number, the **factor per step** 1 − ηλ. Below is a bowl with two
# such directions, shallow (λ₁ = 0.2) and steep (λ₂ = 1), and one η for both. The left picture is its cut along the steep one;
# dashed, when you move it by hand, is the parabola that a step *trusts*: lowest where the step will end. Three things to find:
#
# 1. Raise η until the steep direction lands in one step. What is the shallow direction's factor then?
# 2. Go on until both directions shrink equally fast. At which η, with which factors? Which of them breaks first, and where?
# 3. Put η at 1.40 and move only the *curvature*. Where does the walk diverge, though you never touched the rate?

# %% name="explorer"
from course.explorers import Step

Step()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
best = 2 / (0.2 + 1.0)
print(f"1: at η {1 / 1.0:.2f}; the shallow factor is {1 - 1.0 * 0.2:.2f}")
print(f"2: at {best:.3f}: steep {1 - best * 1.0:.3f}, shallow {1 - best * 0.2:.3f};", end=" ")
print(f"the steep one breaks, past {2 / 1.0:.2f}")
edge = 2 / 1.4
print(f"3: past 2/1.40 = {edge:.3f}, which is the slider's {0.05 * np.ceil(edge / 0.05):.2f}")

# %% [markdown] name="explorer-answer"
# *The picture: left, a walk down the steep cut; beside it, the same walk in the bowl, fast across and slow along; and the size
# of both factors over η, two lines that fall; the steep one turns at 1, meets the other at 1.67 and passes 1 at η = 2.*
#
# The rate and the curvature matter only as a product: what breaks is always the direction with ηλ > 2.

# %% [markdown] name="regimes"
# ## What a rate does
#
# | ηλ | factor 1 − ηλ | what happens |
# |---|---|---|
# | between 0 and 1 | positive, below 1 | creeps: converges on its own side |
# | 1 | 0 | lands in one step |
# | between 1 and 2 | negative, above −1 | flips sides at each step, and converges |
# | 2 | −1 | jumps from wall to wall for ever: the [edge](16_glossary.ipynb#Stability-edge) |
# | above 2 | below −1 | diverges |
#
# In chapter 00 the curvature was x² = 4. So 0.25 = 1/λ landed in one step, and "worse" began at 2/λ = 0.5.
#
# > 01.same_losses

# %% name="regimes-run"
parabola = quadratic((1.0,), start=(1.0,))
kinds = {"creeps": 0.5, "lands": 1.0, "flips": 1.5, "diverges": 2.1}
for kind, rate in kinds.items():
    w, losses = 1.0, []
    for _ in range(4):
        losses.append(round(0.5 * w**2, 4))
        w = gradient_descent(w, w, rate)  # curvature 1: the slope is w
    print(f"{kind}: losses {losses}")

# %% name="regimes-figure" jupyter={"source_hidden": true}
figure, panels = plt.subplots(1, 4, figsize=(10, 2.6), sharey=True)
for axes, (kind, rate) in zip(panels, kinds.items()):
    path = walk(parabola, 10, rate).points
    axes.plot(path[:, 0], PLAIN.marker + PLAIN.line, color=PLAIN.colour, ms=4, lw=1)
    axes.set(title=f"{kind}: η λ = {rate}", xlabel="step", ylim=(-2.8, 2.8))
panels[0].set_ylabel("weight w")
plt.show()

# %% [markdown] name="regimes-answer"
# *The picture: four paths from w = 1. The first falls smoothly to zero, the second is there after one step, the third jumps
# from side to side and shrinks, the fourth jumps from side to side and grows.*
#
# 0.5/λ and 1.5/λ: their factors are +0.5 and −0.5, and the square hides the sign. **A falling loss cannot tell a careful rate
# from one that overshoots at every step.**

# %% [markdown] name="two"
# ## Two weights, one rate
#
# In the bowl $\tfrac12(\mu w_1^2 + L w_2^2)$ each weight has its own slope, μw₁ and Lw₂, and its own factor, 1 − ημ and 1 − ηL.
# They share nothing but the rate. The steep one (L) sets the limit, η < 2/L; the flat one (μ) sets the time.
#
# > 01.first_rise

# %% name="hidden-run"
curvatures, w, losses = np.array([0.01, 1.0]), np.array([10.0, 0.001]), []
for _ in range(121):
    losses.append(0.5 * np.sum(curvatures * w**2))
    w = gradient_descent(w, curvatures * w, 2.1)
last = int(np.argmin(losses))
print(f"loss at the start {losses[0]:.4f}, after {last} steps {losses[last]:.4f},", end=" ")
print(f"after 120 steps {losses[120]:.0f}")

# %% name="hidden-figure" jupyter={"source_hidden": true}
bowl = quadratic((0.01, 1.0), start=(10.0, 0.001))
points = walk(bowl, 120, 2.1).points
figure, axes = plt.subplots()
axes.semilogy(losses, PLAIN.line, color=PLAIN.colour, label="loss")
axes.semilogy(bowl.loss(points * (1, 0)), "-.", color="#56B4E9", label="flat direction's part")
axes.semilogy(bowl.loss(points * (0, 1)), "--", color="#E69F00", label="steep direction's part")
axes.set(xlabel="step", ylabel="loss", ylim=(1e-7, 1e4))
axes.legend()
plt.show()

# %% [markdown] name="hidden-answer"
# *The picture: the loss falls along the flat direction's part for 53 steps, while the steep direction's part rises as a
# straight line from far below; about where they meet the loss turns and rises with it.*
#
# It falls for 53 steps, and then it diverges: the steep direction was hardly there, and grew by a factor of 1.1 per step. **"The
# loss falls, so the learning rate is fine" is true of the steps you saw, and of no later one.**

# %% [markdown] name="minimax"
# ## The best single rate
#
# One rate for all curvatures between μ and L. The slowest direction decides, so we want η such that the largest of all
# $|1-\eta\lambda|$ is as small as possible. As a function of λ, $|1-\eta\lambda|$ is a V; on an interval a V is highest at an end.
# So only two directions compete, $|1-\eta\mu|$ and $|1-\eta L|$. Up to $\eta = 1/L$ both fall. From there the flat one falls
# on and the steep one rises, and the larger of them is smallest where they meet.
#
# > 01.best_rate

# %% name="minimax-figure" jupyter={"source_hidden": true}
rates = np.linspace(0, 2.2, 2201)
figure, axes = plt.subplots()
for curvature, line in ((1.0, "-"), (0.5, ":"), (0.1, "-.")):
    factor = np.abs(1 - rates * curvature)
    axes.plot(rates, factor, line, color="0.45", label=f"curvature {curvature}")
slowest = np.maximum(np.abs(1 - rates), np.abs(1 - 0.1 * rates))
axes.plot(rates, slowest, color="#E69F00", lw=5, alpha=0.5, zorder=1, label="the slowest")
for rate, says in ((1, "1/L"), (2 / 1.1, "best: 2/(L+μ)"), (2, "2/L")):
    axes.axvline(rate, color="0.6", lw=1, ls=":")
    axes.text(rate - 0.01, 1.04, says, rotation=90, ha="right", va="bottom", fontsize=9)
axes.set(xlabel="learning rate η, in units of 1/L", ylabel="factor per step |1 − ηλ|")
axes.set_ylim(0, 1.6)
axes.legend(fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
plt.show()
for kappa in (10, 100):
    fine = np.linspace(0, 2.2, 220_001)
    slowest = np.maximum(np.abs(1 - fine), np.abs(1 - fine / kappa))
    print(f"L/μ {kappa}: best by search {fine[slowest.argmin()]:.4f}/L,", end=" ")
    print(f"formula {2 / (1 + 1 / kappa):.4f}/L;", end=" ")
    print(f"factor {slowest.min():.4f}, formula {(kappa - 1) / (kappa + 1):.4f}")

# %% [markdown] name="minimax-answer"
# *The picture: three lines over the rate, one for each curvature; the steepest is a V with its foot at 1/L and reaches 1 at
# 2/L, the flattest only falls. The thick line of the slowest falls along the flattest one, turns at 1.82/L, just before the edge,
# and climbs steeply.*
#
# 1.98/L, one hundredth away from the edge. They meet where $1-\eta\mu = \eta L-1$, hence
#
# $$ \boxed{\;\eta = \frac{2}{L+\mu}, \qquad \text{factor per step } \frac{L-\mu}{L+\mu} = \frac{\kappa-1}{\kappa+1}\;} $$
#
# Only the ratio κ = L/μ is left, the **[condition number](16_glossary.ipynb#Condition-number)**. The best rate *overshoots* in
# the steep direction at each step, and a little more diverges: a reason to stay inside.

# %% [markdown] name="recap"
# ## Recap
#
# - **What a rate does.** Along a direction of curvature λ a step multiplies the distance by 1 − ηλ: below 1/λ it creeps, at 1/λ it
#   lands, up to 2/λ it flips and converges, beyond it diverges. The steepest direction sets the limit, the flattest the time.
# - **Which rate is best.** From μ to L: 2/(L + μ), with the factor (κ − 1)/(κ + 1) per step, close to the edge.
# - **What a falling loss proves.** Nothing about later steps: a steep direction may be growing unseen.

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 01](../exercises/01_gradient_descent.ipynb): write the walk, choose one rate for three curvatures, read three walks
# (tasks 1, 4, 6). Tasks 2, 3 and 5 want "Many weights", "What is 0.01?" and "How far may *one* step go?" of what follows.

# %% [markdown] name="deeper"
# ## Deeper
#
# For those who want to know where the step comes from when the loss is no parabola, what many weights change, and why 0.01 means
# nothing by itself. First a primer on what this and the next chapters use.

# %% [markdown] name="primer"
# ### A primer
#
# **Gradient.** Hold all weights but one still: the derivative by that one is a *partial* derivative. The list of all of them
# is the gradient g, and a small move d changes the loss by about $g \cdot d = g_1 d_1 + g_2 d_2 + \dots$ For $f = w_1^2 + 3
# w_1 w_2$ it is
# $(2w_1 + 3w_2,\; 3w_1)$.

# %% name="primer-gradient"
w, d = np.array([1.0, 2.0]), np.array([0.001, -0.002])
g = np.array([2 * w[0] + 3 * w[1], 3 * w[0]])
change = (w + d)[0] ** 2 + 3 * (w + d)[0] * (w + d)[1] - (w[0] ** 2 + 3 * w[0] * w[1])
print(f"gradient {g}: g·d = {g @ d:.6f}, the loss changes by {change:.6f}")

# %% [markdown] name="primer-axes"
# **Axes of a bowl.** The second derivatives of a loss, by each pair of weights, form a symmetric table H, its
# [Hessian](16_glossary.ipynb#Hessian). A symmetric table has directions at right angles to each other that it only stretches,
# $Hq = \lambda q$: its *eigenvectors* q, with *eigenvalues* λ. They are the axes of the bowl $\tfrac12 w^{\mathsf T} H w$, and λ is
# the curvature along each. In all other directions the curvature lies between the smallest and the largest.

# %% name="primer-axes-run"
H = np.array([[2.0, 1.0], [1.0, 2.0]])
eigenvalues, axes_of_bowl = np.linalg.eigh(H)
for value, q in zip(eigenvalues, axes_of_bowl.T):
    print(f"axis {q.round(3)}: H q = {(H @ q).round(3)}, that is {value:.0f} times q")
print("along (1, 0) the curvature is", np.array([1, 0]) @ H @ np.array([1, 0]))

# %% [markdown] name="primer-chance"
# **Mean and variance.** $\mathbb E\,x$ is the mean of a random number over all draws, and its *variance* the mean of
# $(x - \mathbb E\,x)^2$. Means always add. Variances add if the numbers are *independent* (one tells nothing about the other). A factor
# c makes the mean c and the variance c² times as large. So the mean of n independent numbers has 1/n of the variance.

# %% name="primer-chance-run"
for n in (1, 4):
    means = np.array(list(itertools.product(range(1, 7), repeat=n))).mean(axis=1)  # every throw
    print(f"the mean of {n} dice: mean {means.mean():.2f}, variance {means.var():.4f}")

# %% [markdown] name="bound"
# ### The bound, and the step that it asks for
#
# Near a point w the loss is almost its tangent, $f(w+d) \approx f(w) + g\cdot d$, which names a direction and no distance. To say
# *how long* a step may be we need one more fact: how fast the gradient can change. Suppose it changes by at most $L$ per unit of
# distance: $|\nabla f(a) - \nabla f(b)| \le L\,|a-b|$. So no curvature exceeds $L$. Then
#
# $$ \boxed{\;f(w+d) \;\le\; f(w) + g\cdot d + \tfrac{L}{2}\,|d|^2\;} $$
#
# <details><summary>Where it comes from</summary>
#
# Follow the loss along the move d, and split the gradient on the way into what it is at the start and what it has changed
# since. At the part $t$ of the way the change is at most $L\,t\,|d|$ long, and no product $a\cdot b$ exceeds $|a|\,|b|$:
#
# $$ f(w+d) = f(w) + \int_0^1 \nabla f(w+td)\cdot d\;dt
#  = f(w) + g\cdot d + \int_0^1 \underbrace{\bigl(\nabla f(w+td)-g\bigr)\cdot d}_{\text{at most } L\,t\,|d|^2}\;dt . $$
#
# The integral of $t$ is ½.
# </details>
#
# The right side is a bowl that touches the loss at $w$ and is nowhere below it. So where the bowl is lower than $f(w)$, the loss
# is, too. The bowl is lowest where its gradient $g + L\,d$ vanishes:
#
# $$ d = -\frac{g}{L}, \qquad\text{where the bowl has fallen by}\qquad \frac{|g|^2}{2L} . $$
#
# **This is gradient descent**, with the learning rate $1/L$. With any other rate, $d = -\eta g$, the bound reads
#
# $$ f(w - \eta g) \;\le\; f(w) - \eta\,\bigl(1 - \tfrac{\eta L}{2}\bigr)\,|g|^2 . $$
#
# So **for 0 < η < 2/L one step cannot make things worse**. Beyond 2/L nothing is promised.
#
# > 01.lowest_step

# %% name="bound-run"
def valley(w):
    """A smooth valley with straight far walls."""
    return np.sqrt(1 + w**2)


w, slope = 2.0, 2 / np.sqrt(5)
line = np.linspace(-1.8, 4.2, 400)
bound = valley(w) + slope * (line - w) + (line - w) ** 2 / 2
after, lowest = gradient_descent(w, slope, 1.0), valley(w) - slope**2 / 2
print(f"smallest gap between the bound and the loss: {np.min(bound - valley(line)):.6f}")
print(f"rate 1: promised at most {lowest:.4f}, found {valley(after):.4f}")
print(f"rate 2: promised at most {valley(w):.4f}, found {valley(w - 2 * slope):.4f}")

# %% name="bound-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots()
axes.plot(line, valley(line), color="0.55", lw=3, label="loss")
axes.plot(line, valley(w) + slope * (line - w), color=GRADIENT, label="tangent")
axes.plot(line, bound, "--", color=GRADIENT, label="upper bound, L = 1")
axes.plot([w], [valley(w)], "o", color="black", mfc="white", ms=9, label="here")
axes.plot([after], [lowest], "v", color=GRADIENT, ms=9, label="lowest of the bound")
axes.plot([after], [valley(after)], "o", color="black", ms=8, label="loss there")
axes.set(xlabel="weight w", ylabel="loss", ylim=(-0.4, 4.5))
axes.legend(fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
plt.show()

# %% [markdown] name="bound-answer"
# *The picture: the loss is a rounded V. At w = 2 a straight tangent and a bowl touch it; everywhere else the bowl lies above
# the loss. Its lowest point is at w = 1.1, and the loss there is lower still.*
#
# A larger one: rate 2 lands lower. The bound promises nothing for it, but it assumes the largest curvature everywhere, and the
# walls are straighter than that. 1/L is the best *promise*, for one who knows nothing but g and L. (A test tries bound and
# fall in 10 000 random bowls.)

# %% [markdown] name="which-way"
# ### Why against the gradient?
#
# "Because −g is downhill" is not enough: half of all directions are downhill. The bound knows a move only by $g\cdot d$ and by
# its length $|d|$, so among moves of one length the best is the one with the most negative $g\cdot d$: it points along −g.
# Someone who knew one curvature *per weight* would bound by $\sum_i \tfrac12 L_i d_i^2$ instead and get another direction,
# $d_i = -g_i/L_i$. **What is steepest depends on the ruler.**
#
# > 01.angle

# %% name="which-way-run"
for kappa in (1, 10, 100):
    angles = np.linspace(0, np.pi / 2, 20_001)
    places = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    steps = -quadratic((1.0, kappa), (0, 0)).gradient(places)
    cosines = np.sum(-places * steps, -1) / np.linalg.norm(steps, axis=-1)
    measured = np.degrees(np.arccos(np.clip(cosines, -1, 1))).max()
    formula = np.degrees(np.arctan((kappa - 1) / (2 * np.sqrt(kappa))))
    print(f"κ {kappa:<3} off the way to the minimum: up to {measured:.1f}°, formula {formula:.1f}°")

# %% [markdown] name="which-way-answer"
# 79 degrees: almost at a right angle. "The gradient points to the minimum" holds only in a round bowl. −g is the steepest way
# *here*, for *this* ruler; it knows nothing of where the floor lies.
#
# <details><summary>The formula</summary>
#
# Stand at $(\cos\varphi, \sin\varphi)$ in the bowl with curvatures μ and L = κμ. The way to the minimum has the
# slope $t = \tan\varphi$, the step $-(\mu\cos\varphi, L\sin\varphi)$ has the slope $\kappa t$. The angle between them has the
# tangent $(\kappa-1)\,t\,/\,(1+\kappa t^2)$, which is largest at $t = 1/\sqrt\kappa$ and there is $(\kappa-1)/(2\sqrt\kappa)$.
# </details>

# %% [markdown] name="one-step"
# ### How far may *one* step go?
#
# Put $d = -\eta g$ into the exact expansion $f + g\cdot d + \tfrac12\, d^{\mathsf T} H d$ of a quadratic: one step changes the
# loss by
#
# $$ -\eta\,|g|^2 + \tfrac12\eta^2\, g^{\mathsf T} H g, \qquad\text{so it falls while}\qquad \eta < \frac{2}{\lambda_g}, \quad
# \lambda_g = \frac{g^{\mathsf T} H g}{|g|^2} , $$
#
# and $\lambda_g$ is **the curvature along the gradient**. That is the exact answer for one step. For *all* steps it is 2/L,
# because a steep direction that is hardly present yet grows until the gradient points along it, as in the two-weight walk:

# %% name="one-step-run"
g = bowl.gradient(points)
along = np.sum(g * bowl.gradient(g), axis=-1) / np.sum(g * g, axis=-1)
for k in (0, last - 1, last):
    print(f"step {k + 1}: curvature along the gradient {along[k]:.3f}, edge {2 / along[k]:.2f}")

# %% [markdown] name="halving-question"
# ### Half the rate, twice the steps?
#
# A distance of 1 has shrunk to ε when $|1-\eta\lambda|^n = \varepsilon$, after $n = \ln\varepsilon / \ln|1-\eta\lambda|$ steps.
# For small ηλ the second logarithm is about −ηλ, and $n \approx \ln(1/\varepsilon)/(\eta\lambda)$: half the rate needs twice the
# steps. And for a larger ηλ?
#
# > 01.halved

# %% name="halving-run"
def steps_needed(points, small=1e-6):
    """The first step from which on every weight stays within `small` of the minimum at 0."""
    far = np.abs(points).max(axis=-1) >= small
    return int(np.flatnonzero(far)[-1]) + 1


before = None
for rate in (1.6, 0.8, 0.4, 0.2, 0.1, 0.05, 0.025):
    steps = steps_needed(walk(parabola, 1000, rate).points)
    times = f", {steps / before:.2f} times as many" if before else ""
    print(f"ηλ {rate:<5} {steps:4} steps{times}")
    before = steps

# %% [markdown] name="halving-answer"
# Fewer: a third as many. From 0.8 to 0.4 it is more than three times as many. "Half the rate, twice the steps" holds only for small rates, from
# about ηλ = 0.1 down; a smaller rate is not always a slower one.
#
# ### Is the learning rate the length of a step?
#
# No: a step is as long as $\eta\,|g|$, and |g| changes along the way. On $f(w) = \tfrac14 w^4$ the
# slope is $w^3$ and the curvature $3w^2$: both grow outwards. A step multiplies w by $1 - \eta w^2$, so it diverges from any
# start with $\eta w^2 > 2$.
#
# > 01.twice_as_far

# %% name="length-run"
for start in (1.0, 2.0, 4.0):
    print(f"from {start}: first step {start - gradient_descent(start, start**3, 0.1):.1f} long")
for start in (4.4, 4.5):
    path = [start]
    for _ in range(5):
        path.append(gradient_descent(path[-1], path[-1] ** 3, 0.1))
    print(f"from {start}:", *(f"{w:.1f}" for w in path))
print(f"the edge: √(2/η) = {np.sqrt(2 / 0.1):.3f}")

# %% [markdown] name="length-answer"
# Eight times; and only 4.5 diverges, the start beyond √20 = 4.472. The rate is the same throughout. **2/λ is about the curvature
# that the walk meets**, so a rate that is fine near the minimum can be too large where training starts. Schedules that begin
# small (chapter 03) and clipping (chapter 07) answer to that.

# %% [markdown] name="many"
# ### Many weights
#
# The gradient of a quadratic with its minimum at $w^*$ is $H\,(w - w^*)$. As $H$ is symmetric, there are axes $q_i$ at right
# angles that it only stretches, $H q_i = \lambda_i q_i$ (see the primer). Measure the distance along them, $w - w^* = \sum_i
# u_i q_i$; then the gradient is $\sum_i \lambda_i u_i q_i$, and a step is $u_i \leftarrow (1-\eta\lambda_i)\,u_i$. That is one
# parabola for each direction, and all share one rate. A loss has not one curvature but a **spectrum**; the largest of them is
# L.
#
# A real one: a linear model is to tell from the 64 pixels of a handwritten digit whether it is a zero. With the loss
# $\tfrac{1}{2n}|Xw - y|^2$ the gradient is $X^{\mathsf T}(Xw-y)/n$ and $H = X^{\mathsf T}X/n$. Pixels are never negative. The
# usual advice is to subtract from each its mean.
#
# > 01.centring

# %% name="spectrum-run"
images, labels = load_digits()
raw, zero = images.astype(float), (labels == 0).astype(float)
data = {"raw pixels": (raw, zero), "centred": (raw - raw.mean(0), zero - zero.mean())}
spectra = {name: np.linalg.eigvalsh(X.T @ X / len(X))[::-1] for name, (X, y) in data.items()}
for name, spectrum in spectra.items():
    first, second, *_, smallest = spectrum[spectrum > 1e-12]
    print(f"{name:10} largest {first:.2f}, second {second:.2f}, smallest {smallest:.1e};", end=" ")
    print(f"zero: {np.sum(spectrum < 1e-12)}; edge {2 / first:.2f}")
steep, mean = np.linalg.eigh(raw.T @ raw)[1][:, -1], raw.mean(0) / np.linalg.norm(raw.mean(0))
print(f"cosine of the steepest direction and the mean image: {abs(steep @ mean):.4f}")
print("pixels that are black in every image:", np.sum(raw.max(axis=0) == 0))

# %% name="spectrum-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots()
for (name, spectrum), look, face in zip(spectra.items(), ("o-", "s--"), (None, "none")):
    axes.semilogy(np.arange(1, 62), spectrum[:61], look, ms=5, mfc=face, label=name)
axes.set(xlabel="direction, from steep to flat", ylabel="curvature", ylim=(1e-6, 30))
axes.legend()
plt.show()

# %% [markdown] name="spectrum-answer"
# *The picture: both spectra fall over more than five orders of magnitude. From about the tenth direction on they coincide. At
# the first, raw pixels stand fifteen times above all the rest.*
#
# To a fifteenth: the one steep direction is the mean image, and centring removes it. Everything else may then go fifteen times
# faster. This is why inputs are centred. Three pixels are black in every image: their curvature is 0, and no step ever moves
# their weights.
#
# Now we walk there, 300 steps from w = 0, on both sides of the edge, and compare with the formula.

# %% name="digits-run"
def descend(X, y, rate, steps=300):
    """Plain descent on |Xw − y|²/2n from zero; returns the weights and each step's loss."""
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(steps):
        error = X @ w - y
        losses.append(error @ error / (2 * len(y)))
        w = gradient_descent(w, X.T @ error / len(y), rate)
    return w, np.array(losses)


# %% name="digits-steps"
for name, (X, y) in data.items():
    curvatures, Q = np.linalg.eigh(X.T @ X / len(X))
    L, best = curvatures[-1], np.linalg.lstsq(X, y)[0]
    for factor in (1, 1.98, 2.02):
        w, losses = descend(X, y, factor / L)
        formula = best + Q @ ((1 - factor / L * curvatures) ** 300 * (Q.T @ -best))
        print(f"{name:10} {factor:.2f}/L = {factor / L:.3f}: loss {losses[0]:.4f},", end=" ")
        print(f"{losses[10]:.4f}, {losses[-1]:.4f};", end=" ")
        print(f"length of w {np.linalg.norm(w):.4f}, formula {np.linalg.norm(formula):.4f}")
    lowest, careful = np.mean((X @ best - y) ** 2) / 2, descend(X, y, 1 / L)[1]
    steps = np.argmax(careful < 1.2 * lowest)
    print(f"{name:10} at 1/L: {steps} steps to within 20 % of the lowest loss")

# %% [markdown] name="digits-answer"
# The three losses in each row are those at the start, after 10 steps and after 299. At 2.02/L, one hundredth beyond the edge,
# the loss is *lower* after ten steps than at the start, and then it diverges. At 1/L, centring alone brings the model within
# 20 % of its lowest loss in 7 steps instead of 105.
#
# A network's loss is no quadratic: H changes along the way. Trained with all examples at once, networks have been seen to move
# until the largest curvature hovers just above 2/η, and to go on learning there, unevenly (Cohen et al. 2021). So the edge is
# met in practice; what lies beyond it depends on how the curvature changes.

# %% [markdown] name="kappa-question"
# ### What the condition number costs
#
# What does the caution of 1/L cost, and what the condition number? From (1, 1) to a millionth:

# %% name="kappa-run"
for kappa in (10, 100, 1000):
    bowl = quadratic((1 / kappa, 1.0), start=(1.0, 1.0))
    careful, best = (steps_needed(walk(bowl, 20_000, r).points) for r in (1.0, 2 / (1 + 1 / kappa)))
    print(f"κ {kappa:<5} 1/L: {careful:5} steps   best: {best:4} steps", end="   ")
    print(f"κ/2 · ln(1/ε) = {kappa / 2 * np.log(1e6):.0f}")

# %% [markdown] name="kappa-answer"
# 1/L costs twice the steps of the best rate, no more. At κ = 100 the edge is only 1 % above the best rate: a reason to stay
# well inside. And ten times the condition number is ten times the steps: since $-\ln\frac{\kappa-1}{\kappa+1} \approx
# 2/\kappa$ for large κ, a millionth takes about $\tfrac{\kappa}{2}\ln 10^6$ of them. No *single* rate does better on the whole
# spectrum; momentum (chapter 04) replaces κ by √κ.

# %% [markdown] name="saddle-question"
# ### Saddle points
#
# Where the gradient is zero the curvature may be positive one way and *negative* another: a **saddle**. The factor along a
# negative curvature is 1 − ηλ > 1, so the distance grows from whatever it is. In $\tfrac12 w_1^2 + \tfrac14(w_2^2-1)^2$ the
# saddle is at (0, 0), with the curvatures 1 and −1; the minima are at $w_2 = \pm1$.
#
# > 01.saddle

# %% name="saddle-run"
for off in (1e-2, 1e-6, 1e-12, 0.0):
    points = walk(saddle(), 400, 0.1, start=(-2.0, off)).points
    away = np.flatnonzero(points[:, 1] > 0.5)
    stay = away[0] if away.size else 400
    slopes = np.linalg.norm(saddle().gradient(points[:stay]), axis=-1)
    print(f"off by {off:<6g} stays for {stay} of 400 steps; gradient down to {slopes.min():.1e}")
steps = [np.log(0.5 / off) / np.log(1.1) for off in (1e-2, 1e-6, 1e-12)]
print("ln(½/δ) / ln(1 + η):", *np.round(steps))

# %% [markdown] name="saddle-answer"
# Not quite seven times: the distance grows by 1 + η at each step, so only the *logarithm* of δ counts. Exactly on the axis, δ
# = 0, it stays for ever. Before it leaves, the gradient is down to a millionth, and the loss is ¼ above the minimum: **a short
# gradient and a level loss do not prove a minimum.** Gradient descent from a random start,
# at a rate below 1/L, almost surely does not end at such a saddle (Lee et al. 2016), but may spend long near one. Noise such as
# chapter 02's sets it off even from δ = 0 (not shown here).

# %% [markdown] name="default-question"
# ### What is 0.01?
#
# The Keras page says of `learning_rate`: "Defaults to `0.01`" (keras.io). One hundredth of *what*? The rate turns a gradient
# into a move, so its unit is [weight / gradient]; a gradient is [loss / weight]; together
#
# $$ [\eta] = \frac{[w]^2}{[\text{loss}]} = \frac{1}{[\text{curvature}]} . $$
#
# Without its unit such a number says as little as "walk 0.01". What becomes of it when the units change? Multiply the
# loss by $c$: the gradient is multiplied by $c$, so η/c gives the same path. Measure the weight in another unit, $w = s\,u$:
# then $df/du = s\,f'$, and a step of $-\eta_u\, s f'$ in $u$ moves $w$ by $-\eta_u\, s^2 f'$. The same path needs
# $\boldsymbol{\eta_u = \eta/s^2}$.
#
# Time for a trip at a constant pace, $y = w x$: 32 trips of 1 to 2 kilometres. In metres the input is 1000 times as large and
# the weight 1000 times as small: s = 1000. We write the *same* problem in five ways and train each for 50 steps from 0 with
# Keras's default: in kilometres, with half the mean square, the mean square or the sum of squares as the loss; in metres; and
# in thousands of kilometres.
#
# > 01.five_ways

# %% name="default-run"
distance = np.random.default_rng(3).uniform(1, 2, 32)  # in km
minutes = 12 * distance
ways = {  # distance as the model sees it, factor before the loss ½ mean (wx − y)²
    "km, half the mean": (distance, 1),
    "km, mean (Keras's mse)": (distance, 2),
    "km, sum of squares": (distance, 64),
    "m, half the mean": (1000 * distance, 1),
    "1000 km, half the mean": (distance / 1000, 1),
}
for name, (x, c) in ways.items():
    w, pace = 0.0, 12 * distance[0] / x[0]
    for _ in range(50):
        w = gradient_descent(w, c * np.mean((w * x - minutes) * x), 0.01)
    print(f"{name:23} edge {2 / (c * np.mean(x**2)):<9.3g} error left: {abs(1 - w / pace):.2g}")

# %% [markdown] name="default-answer"
# An error of 1 is that of the start. In kilometres all three learn, at three speeds (the sum at 0.7 of its edge); in metres
# the weight diverges; in thousands of kilometres it stands still: the same trips, the same 0.01. "Start at 0.01" is a habit,
# fitted to inputs of about size 1 and mean losses. What can be compared between problems is ηλ. (With η/c and η/s² all five
# walk one path; a test holds it.)

# %% [markdown] name="default-keras"
# <details><summary>The mean and the sum in Keras itself (run with Keras 3.15 on TensorFlow; a test holds the numbers)</summary>
#
#     x = np.arange(1, 33)[:, None] / 32; y = 3 * x               # one weight, from 0; one batch of 32
#     model.compile(keras.optimizers.SGD(), loss=keras.losses.MeanSquaredError())
#     model.fit(x, y, batch_size=32)                              # w = 0.020947
#     ... loss=keras.losses.MeanSquaredError(reduction="sum")     # w = 0.670312: 32 times as far
# </details>
#
# A sum over the batch makes the batch size a part of the learning rate. Keras's default takes the mean, without the ½ of our
# formulas: for `"mse"` the edge is half of ours.

# %% [markdown] name="surprise-frozen"
# ### How small may a rate be?
#
# "A smaller learning rate is always safe, only slower." In Keras the weights are float32, unless you ask for something else.
#
# > 01.frozen

# %% name="surprise-frozen-run"
for rate in (1e-5, 5e-8, 2e-8):
    weights = [np.array([1.0], np.float32)]
    state, gradients = sgd.initial_state(weights), [np.array([1.0], np.float32)]
    for _ in range(1000):
        weights, state = sgd.step(weights, gradients, state, learning_rate=rate)
    print(f"rate {rate:.0e}: moved {1 - weights[0][0]:.4e}, should be {1000 * rate:.4e}")
for kind in (np.float32, np.float16):
    gap = 1 - np.nextafter(kind(1), kind(0))
    print(f"{kind.__name__}: from 1 to the next number below {gap:.2e}")
double = [np.array([1.0])]
moved, _ = sgd.step(double, double, sgd.initial_state(double), learning_rate=0.1)
print(f"float64, from 1 with rate 0.1: {moved[0][0]:.16f}")

# %% [markdown] name="surprise-frozen-answer"
# At 1, for ever. Below 1, float32 numbers lie 5.96e-8 apart: each step ends at the nearest, and a step shorter than half that
# gap ends where it began. At 5e-8 each is rounded *up* to a whole gap, and the weight moves too far, as it does a little even
# at 1e-5. So a step η·|g| below about 3e-8·|w| does nothing. In float16 half a gap is 2.44e-4: there, with η = 0.01 and a
# weight 1, gradients under 0.024 do nothing (chapter 10 meets them again).
#
# The last line shows that the *rate* is float32, too, in Keras and in `course.sgd.step`, even where the weights are float64:
# 0.9 to nine digits. If you compare a formula to 1e-12, as we do, you need to know it; in training it does not matter.
#
# ### Which rates are refused?
#
# > 01.refused

# %% [markdown] name="refused-words"
# <details><summary>Open for the answer (run with Keras 3.15; a test holds it)</summary>
#
#     keras.optimizers.SGD(learning_rate=1)       # ValueError: Argument `learning_rate` should be float, …
#     keras.optimizers.SGD(learning_rate=-0.1)    # accepted; on ½w² from 1, five steps: w = 1.6105
#
# An integer is refused for its type, even a harmless 1; write 1.0. A negative rate *climbs*, by a factor of 1.1 per step, and
# nothing warns. `course.SGD` takes the first and refuses the second.
# </details>

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 01.smooth
#
# ? 01.centimetres
#
# ? 01.safe

# %% [markdown] name="sources"
# **Sources.** A. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes Rendus 25, 1847,
# pp. 536–538. · Y. Nesterov, *Introductory Lectures on Convex Optimization*, 2004,
# [doi:10.1007/978-1-4419-8853-9](https://doi.org/10.1007/978-1-4419-8853-9) (the bound, and the best single rate). · Y. Le
# Cun, I. Kanter, S. A. Solla, *Eigenvalues of covariance matrices*, 1991,
# [doi:10.1103/PhysRevLett.66.2396](https://doi.org/10.1103/PhysRevLett.66.2396) (why inputs are centred). · J. Cohen et al.,
# *Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability*, 2021,
# [arXiv:2103.00065](https://arxiv.org/abs/2103.00065). · Y. Dauphin et al., *Identifying and Attacking the Saddle Point
# Problem*, 2014, [arXiv:1406.2572](https://arxiv.org/abs/1406.2572). · J. D. Lee et al., *Gradient Descent Only Converges to
# Minimizers*, 2016, [proceedings.mlr.press/v49/lee16](https://proceedings.mlr.press/v49/lee16.html). · E. Alpaydin, C. Kaynak, *Optical Recognition of
# Handwritten Digits*, 1998, [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49). · Keras 3.15,
# `keras/src/optimizers/sgd.py` and [its page](https://keras.io/api/optimizers/sgd/).
