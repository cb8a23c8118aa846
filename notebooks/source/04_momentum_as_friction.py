# %% [markdown] name="title"
# # 04 · Momentum as friction
#
# **What is the ball that rolls down the loss, and what slows it?**
#
# After this chapter you can
#
# - derive Keras's momentum rule from Newton's law, and say what `momentum` is in it;
# - tell from learning rate, momentum and curvature whether the ball creeps, swings, flips or diverges;
# - choose both for a long valley, and say what momentum does *not* do.
#
# Keras argument: `momentum`. Core: about 20 minutes; deeper: about 35 more.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# ? 04.plain_range
#
# ? 04.valley
#
# ? 04.floor

# %% name="imports" jupyter={"source_hidden": true}
import matplotlib.pyplot as plt
import numpy as np

from course import figures
from course.descent import walk
from course.figures import MOMENTUM, PLAIN
from course.learner.predict import predict
from course.sgd import heavy_ball
from course.surfaces import quadratic
from course.theory import heavy_ball_factor

figures.use_course_style()

# %% [markdown] name="memory-question"
# ## Descent has no memory
#
# A valley a hundred times steeper across than along: curvatures L = 1 and μ = 0.01.
#
# > 04.memory

# %% name="memory-steps"
L, mu = 1.0, 0.01
valley = quadratic((mu, L), start=(1.0, 1.0))


def steps_needed(points, small=1e-6):
    """The first step from which on every weight stays within `small` of the minimum."""
    far = np.abs(points).max(axis=-1) >= small
    return int(np.flatnonzero(far)[-1]) + 1


plain = walk(valley, 1000, 2 / (L + mu)).points
print("plain descent:", steps_needed(plain), "steps")

# %% [markdown] name="memory-answer"
# Nearly seven hundred, along the floor the same small step again and again. A thing with *inertia* would build up speed there.
#
# ## Move it by hand
#
# A gentler valley, κ = 10. Drag the sliders or the start, press play.
#
# 1. At learning rate 0.30, raise momentum from 0. Where does the orange path begin to swing along the *steep* axis?
# 2. At momentum 1.00, does any learning rate let the ball settle? What has friction taken (the energy bar)?

# %% name="explorer"
from course.explorers import Valley

Valley()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
print(f"1: it swings from momentum (1 - √0.3)² = {(1 - np.sqrt(0.3)) ** 2:.3f} on")
print(f"2: factor per step at momentum 1: {heavy_ball_factor(0.3, 1.0):.0f}, so no; friction takes 0")

# %% [markdown] name="newton"
# *The picture: three paths into the valley, their losses, and velocity against position.*
#
# ## A ball in oil
#
# Let the weights be the position $x$ of a ball of mass $m$. The slope pulls it, and the oil brakes with
# [friction](16_glossary.ipynb#Friction) $c$: by Newton's law $m\,\ddot x = -\nabla f(x) - c\,\dot x$. In steps of time $h$, first the forces
# change the speed $u$, then the *new* speed moves the ball:
#
# $$ u \leftarrow u + \frac{h}{m}\bigl(-\nabla f(x) - c\,u\bigr), \qquad x \leftarrow x + h\,u . $$
#
# Measure the speed in distance per step, $v = h\,u$, and sort the terms:
#
# $$ v \leftarrow \underbrace{\Bigl(1 - \frac{hc}{m}\Bigr)}_{\beta}\, v \;-\; \underbrace{\frac{h^2}{m}}_{\eta}\,\nabla f(x),
# \qquad x \leftarrow x + v . $$
#
# That is Keras's rule, `velocity = momentum * velocity - learning_rate * gradient; w = w + velocity`, with
#
# $$ \boxed{\;\eta = \frac{h^2}{m}, \qquad \beta = 1 - \frac{hc}{m}\;} \qquad\text{so the friction is}\qquad c = (1-\beta)\,\frac{m}{h}. $$
#
# **[Momentum](16_glossary.ipynb#Momentum) is not the friction; it is what friction leaves.** In one step the ball keeps the part β of its
# [velocity](16_glossary.ipynb#Velocity) and loses the part 1 − β: nothing at 1, a tenth at 0.9, all of it at 0, which is plain descent.

# %% [markdown] name="slope-question"
# ## How fast does it get?
#
# On an endless slope with gradient g each step adds the push −ηg and keeps β of the velocity.
#
# > 04.slope

# %% name="slope-run"
for momentum in (0.5, 0.9, 0.99):
    w, v = 0.0, 0.0
    for _ in range(2000):
        w, v = heavy_ball(w, v, 1.0, 0.1, momentum)
    print(f"momentum {momentum}: speed {-v:.2f}, {-v / 0.1:.1f} times a plain step")

# %% [markdown] name="slope-answer"
# 1.0. The limit is the velocity that a step leaves unchanged, $v = \beta v - \eta g$:
#
# $$ v_\infty = -\frac{\eta\, g}{1-\beta}. $$
#
# On a steady slope, raising momentum from 0 to 0.9 is *ten times the learning rate*. Compare momenta at equal **η/(1 − β)**, the
# [effective rate](16_glossary.ipynb#Effective-rate).

# %% [markdown] name="parabola"
# ## Creep, swing, flip or diverge
#
# On ½λw² the gradient is λw, and the velocity is the last move, $v_t = w_t - w_{t-1}$. Put both into the rule and try $w_t = x^t$:
#
# $$ w_{t+1} = w_t + \beta\,(w_t - w_{t-1}) - \eta\lambda\, w_t \qquad\Longrightarrow\qquad x^2 - (1 + \beta - \eta\lambda)\,x + \beta = 0 . $$
#
# The product of the two roots is β, and the larger |x| decides in the long run:
#
# - **Complex roots** for $(1-\sqrt\beta)^2 < \eta\lambda < (1+\sqrt\beta)^2$. Both have |x|² = β: the ball **swings**.
# - **Real and positive** for smaller ηλ: it **creeps**.
# - **Real and negative** for larger ηλ: it **flips** sides at every step. Where a root passes −1, it **diverges**.
#
# > 04.edge

# %% name="parabola-run"
parabola = quadratic((1.0,), start=(1.0,))
kinds = {"creeps": (0.1, 0.3), "swings": (0.1, 0.9), "flips": (2.5, 0.3), "diverges": (2.7, 0.3)}
for kind, (step, momentum) in kinds.items():
    end = walk(parabola, 25, step, momentum).points[25, 0]
    each = heavy_ball_factor(step, momentum)
    print(f"{kind}: factor per step {each:.3f}, w after 25 steps {end:.3f}")

# %% name="parabola-figure" jupyter={"source_hidden": true}
figure, panels = plt.subplots(1, 4, figsize=(10, 2.6))
for axes, (kind, (step, momentum)) in zip(panels, kinds.items()):
    path = walk(parabola, 25, step, momentum).points[:, 0]
    axes.plot(path, "s--", color=MOMENTUM.colour, ms=3, lw=1)
    axes.set(title=f"{kind}\nη λ = {step}, β = {momentum}", xlabel="step")
panels[0].set_ylabel("w")
plt.show()

# %% [markdown] name="parabola-answer"
# *The picture: four paths from w = 1. The first falls in one arc, the second swings through zero, the third jumps from side to side and
# shrinks, the fourth grows.*
#
# Larger. A root x = −1 needs $1 + (1 + \beta - \eta\lambda) + \beta = 0$: **the edge is ηλ = 2(1 + β)**, at 0.9 it is 3.8 and not 2.
#
# ## A surprise: which curvature is fastest?
#
# > 04.fastest

# %% name="map-run"
for step in (0.01, 1.0, 3.0):
    print(f"ηλ {step:g}: factor per step {heavy_ball_factor(step, 0.9):.4f}")
low, high = (1 - np.sqrt(0.9)) ** 2, (1 + np.sqrt(0.9)) ** 2
print(f"at momentum 0.9 the ball swings from {low:.4f} to {high:.2f}, stable below {2 * 1.9:.1f}")

# %% name="map-figure" jupyter={"source_hidden": true}
steps, momenta = np.linspace(0.01, 4.2, 420), np.linspace(0, 1, 201)
figure, axes = plt.subplots(figsize=(8, 4))
figures.draw_factor_map(axes, steps, momenta, heavy_ball_factor(steps, momenta[:, None]))
axes.plot((1 - np.sqrt(momenta)) ** 2, momenta, "--", color="#E69F00", label="critical damping")
axes.plot((1 + np.sqrt(momenta)) ** 2, momenta, ":", color="#56B4E9", label="flips from here")
axes.plot(2 * (1 + momenta), momenta, "-", color="black", label="diverges from here")
axes.set_xlim(0, 4.2)
axes.legend(loc="lower right", fontsize=9)
plt.show()

# %% [markdown] name="map-answer"
# *The picture: the stable balls fill a strip that is 2 wide at momentum 0 and 4 wide at 1. Between the dashed and the dotted line, where the
# ball swings, the colour changes with momentum alone; outside it lightens quickly.*
#
# All three are equal. While the ball swings, the [factor per step is √β](16_glossary.ipynb#Rate-of-convergence) *whatever the learning rate
# is*, here over three orders of magnitude. **That is what momentum really buys: it makes many
# curvatures equally fast.** Plain descent is the bottom edge of the map, where only ηλ near 1 is fast.

# %% [markdown] name="recap"
# ## Recap
#
# - **Where the rule comes from.** Newton with friction: η = h²/m and β = 1 − hc/m. Momentum is what friction leaves.
# - **What the ball does.** It creeps below ηλ = (1 − √β)², swings with √β per step up to
#   (1 + √β)², flips after that, and diverges from 2(1 + β) on.
# - **How to choose.** Compare momenta at equal effective rate η/(1 − β). In a long valley momentum makes κ into √κ (Deeper).

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 04](../exercises/04_momentum_as_friction.ipynb): write the rule, repair the way from mass and friction to it, find a ball for a long
# valley. Tasks 4 and 5 need *A long valley* and *The phase portrait* (Deeper).

# %% [markdown] name="deeper"
# ## Deeper
#
# The best pair for a long valley, the ball's energy and phase portrait, and four popular sentences tested: what momentum accelerates, what it
# dampens, what it does with noise, and where Keras and PyTorch part. Start with *A long valley*; the others stand alone.

# %% [markdown] name="valley-derivation"
# ### A long valley
#
# With curvatures from μ to L, one learning rate puts them at all points from ημ to ηL of a horizontal line in the map. The best line is the
# *lowest* on which both ends still swing: lower down, one end would no longer swing, and its factor worsens quickly. The ends then lie on
# the two curves:
#
# $$ \eta\mu = (1-\sqrt\beta)^2, \qquad \eta L = (1+\sqrt\beta)^2 . $$
#
# Take roots, add them, and divide their difference by their sum:
#
# $$ \eta = \Bigl(\frac{2}{\sqrt L + \sqrt\mu}\Bigr)^2, \qquad
# \sqrt\beta = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}. $$
#
# The factor per step is √β. Plain descent's is (κ − 1)/(κ + 1): momentum replaces κ by √κ.
#
# > 04.promise

# %% name="valley-run"
kappa = L / mu
best_rate = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2
best_momentum = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2
ball = walk(valley, 1000, best_rate, best_momentum).points
eta, beta = np.linspace(3, 3.6, 601)[:, None], np.linspace(0.6, 0.75, 301)
slower = np.maximum(heavy_ball_factor(eta * mu, beta), heavy_ball_factor(eta * L, beta))
i, j = np.unravel_index(slower.argmin(), slower.shape)
print(f"best by search: η {eta[i, 0]:.2f}, β {beta[j]:.2f};", end=" ")
print(f"by the formulas: η {best_rate:.2f}, β {best_momentum:.2f}")
print(f"factors per step: plain {(kappa - 1) / (kappa + 1):.4f}, ball {np.sqrt(best_momentum):.4f},", end=" ")
print(f"promise {np.log(np.sqrt(best_momentum)) / np.log((kappa - 1) / (kappa + 1)):.1f} times fewer steps")
print(f"steps to one millionth: plain {steps_needed(plain)}, ball {steps_needed(ball)},", end=" ")
print(f"{steps_needed(plain) / steps_needed(ball):.1f} times fewer")
print(f"the ball's largest distance on the way: {np.abs(ball).max():.1f} (it started at 1.0)")

# %% name="valley-figure" jupyter={"source_hidden": true}
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
figures.draw_contours(left, valley, np.linspace(-1, 1.6, 120), np.linspace(-4, 4, 120))
figures.draw_path(left, plain[:40], PLAIN)
figures.draw_path(left, ball[:40], MOMENTUM)
left.set(title="the first 40 steps")
for points, look in ((plain, PLAIN), (ball, MOMENTUM)):
    distance = np.abs(points).max(axis=-1)[:800]
    right.semilogy(distance, look.line, color=look.colour, label=look.label)
right.set(xlabel="step", ylabel="largest distance", ylim=(1e-8, 10), title="distance")
right.legend()
plt.show()

# %% [markdown] name="valley-answer"
# *The picture: on the left the ball swings out wide across the valley and is at its middle after 40 steps, while plain descent
# flips between the walls and has come half of the way; on the right the ball's distance first rises almost to 4 and then falls far
# more steeply.*
#
# Seven times fewer, not ten. The factor is a promise about the long run: at this pair both roots coincide, and the path is
# $(a + bt)\,x^t$. The t comes first, as an **overshoot to 3.7 times the start**. On a quadratic nothing is lost by it. A network's loss is no
# parabola that far out, and there it may do harm. (Chapter 05's Nesterov comes between the two here, with a smaller overshoot.)

# %% [markdown] name="claim-page"
# ### "Accelerates … and dampens oscillations"
#
# The Keras reference page says that `momentum` "accelerates gradient descent in the relevant direction and dampens oscillations" (keras.io).
#
# > 04.claim

# %% name="claim-page-run"
for step in (0.01, 0.1, 1.0, 1.9, 1.99):
    plain_factor, ball_factor = abs(1 - step), heavy_ball_factor(step, 0.9)
    print(f"ηλ {step}: factor per step {plain_factor:.3f} plain, {ball_factor:.3f} with momentum")
root = np.sqrt(0.9)
print(f"momentum is ahead below {1 - root:.3f} and above {1 + root:.3f}")

# %% [markdown] name="claim-page-answer"
# Only at 0.01 and 1.99. It **accelerates the flat directions**, with ηλ < 1 − √β (at 0.1 and 1 it does not), and it **dampens the oscillation of
# plain descent near its edge**, with ηλ > 1 + √β. In between the ball swings where plain descent would be at rest sooner: there momentum *makes*
# oscillations. At ηλ = 0.01 the sentence is right, and that is where it helps most.

# %% [markdown] name="continuous-question"
# ### How good is the picture of the ball?
#
# On a parabola Newton's ball, let go at 1, has a known path, a damped swing:
#
# $$ x(t) = e^{-\delta t}\Bigl(\cos\omega t + \frac\delta\omega \sin\omega t\Bigr), \qquad
# \delta = \frac{c}{2m}, \qquad \omega^2 = \frac\lambda m - \delta^2 . $$
#
# > 04.halving

# %% name="continuous-check"
mass, friction, curvature = 1.0, 0.4, 1.0
decay, swing = friction / 2, np.sqrt(curvature - (friction / 2) ** 2)
for h in (0.4, 0.2, 0.1, 0.05):
    t = h * np.arange(int(8 / h) + 1)
    true = np.exp(-decay * t) * (np.cos(swing * t) + decay / swing * np.sin(swing * t))
    bowl = quadratic((curvature,), start=(1.0,))
    ball = walk(bowl, len(t) - 1, h**2 / mass, 1 - h * friction / mass).points[:, 0]
    error = np.max(np.abs(ball - true))
    print(f"h {h:<5} learning_rate {h**2:<7.4f} momentum {1 - h * friction:<5.2f} error {error:.4f}")

# %% [markdown] name="continuous-answer"
# It halves, too. So "momentum is friction: 0 is high, 1 is none" has the direction right, and "SGD with momentum is a ball with friction"
# is a statement about small steps, with momentum near 1; a ball that flips sides at every step is none. (Qian's derivation of 1999 takes
# the friction at the *end* of the step, $u' = u + \tfrac hm(-\nabla f - c\,u')$. That gives β = m/(m + ch), and there β = 0 is the massless
# ball; here it is oil so thick that one step eats all speed.)
#
# ### The ball's memory
#
# Unrolled, the velocity is $-\eta\,(g_t + \beta g_{t-1} + \beta^2 g_{t-2} + \dots)$: old gradients fade, and their weights sum to 1/(1 − β), the
# ball's *memory* in steps. Its half-life, with $\beta^a = \tfrac12$, is ln ½ / ln β. Many courses and papers write
# $v \leftarrow \beta v + (1-\beta)\,g$, an average. Keras has no such factor: their rate η is (1 − β)·η in Keras.

# %% name="half-life"
for momentum in (0.5, 0.9, 0.99):
    memory, half = 1 / (1 - momentum), np.log(0.5) / np.log(momentum)
    print(f"momentum {momentum}: memory {memory:.0f} steps, half-life {half:.2f} steps")
random = np.random.default_rng(4)
average, w_average, w_keras, v = 0.0, 0.0, 0.0, 0.0
for gradient in random.normal(size=50):
    average = 0.9 * average + (1 - 0.9) * gradient
    w_average = w_average - 0.1 * average
    w_keras, v = heavy_ball(w_keras, v, gradient, (1 - 0.9) * 0.1, 0.9)
print(f"after 50 random gradients: {w_average:.6f} and {w_keras:.6f}")

# %% [markdown] name="phase-question"
# ### The phase portrait
#
# Draw position against velocity. We keep ηλ = 0.1 and change only the friction. At $\beta = (1-\sqrt{\eta\lambda})^2$ both roots meet. This is
# **[critical damping](16_glossary.ipynb#Critical-damping)**, the last ball that does not swing.
#
# > 04.frictionless

# %% name="phase-run"
critical = (1 - np.sqrt(0.1)) ** 2
figure, panels = plt.subplots(1, 4, figsize=(10, 2.8), sharey=True)
for axes, momentum in zip(panels, (0.2, critical, 0.9, 1.0)):
    ball = walk(parabola, 60, 0.1, momentum)
    figures.draw_path(axes, np.c_[ball.points, ball.velocities], MOMENTUM)
    axes.set(title=f"β = {momentum:.3g}", xlabel="position w", xlim=(-1.2, 1.2))
    rest = np.hypot(ball.points, ball.velocities)[:, 0]
    print(f"momentum {momentum:.4f}: {rest[20]:.4f} from rest after 20 steps, {rest[60]:.4f} after 60")
panels[0].set_ylabel("velocity v")
plt.show()

# %% [markdown] name="phase-answer"
# *The picture: from the open start at (1, 0), two arcs that run straight to the middle, a spiral that turns around it,
# and a closed loop.*
#
# The frictionless ball runs around for ever. The critical ball is at rest first; 0.9 still swings after 20 steps. Yet 0.9 is the common choice,
# and not 0.47: a real loss has *many* curvatures, and critical damping for one is too much friction for all flatter ones.

# %% [markdown] name="energy"
# ### Where does the energy go?
#
# The ball's energy is $\tfrac12 m u^2 + f(x)$. With $u = v/h$ and $m = h^2/\eta$ the mass and the time step cancel:
#
# $$ E = \frac{v^2}{2\eta} + f(w). $$
#
# Its change per unit of time is $m u\,\dot u + \nabla f\, u$, which by Newton's law is $-c\,u^2$: that much the oil takes, and the
# slope only turns one part into the other.
#
# > 04.energy

# %% name="energy-run"
figure, axes = plt.subplots()
for momentum, line in ((1.0, ":"), (0.99, "-."), (0.9, "--"), (critical, "-")):
    ball = walk(parabola, 60, 0.1, momentum)
    energy = ball.velocities[:, 0] ** 2 / (2 * 0.1) + parabola.loss(ball.points)
    axes.plot(energy / energy[0], line, color=MOMENTUM.colour, label=f"β = {momentum:.3g}")
    print(f"momentum {momentum:.4f}: {energy[60] / energy[0]:.2g} of the energy is left")
axes.set(xlabel="step", ylabel="energy / start", yscale="log", ylim=(1e-6, 2))
axes.legend()
plt.show()

# %% [markdown] name="energy-answer"
# *The picture: the frictionless energy stays near 1 with a small ripple; the others fall, faster with more friction.*
#
# A five-hundredth. A swing's size falls by √β per step, and energy goes with the square of the size: by β per step. So **momentum is the part
# of the energy that a swinging ball keeps per step.** The ripple at β = 1 is the price of finite steps; the explorer's bar shows it where its
# end misses the line "start".

# %% name="energy-formula"
print(f"0.9 to the power of 60: {0.9**60:.4f}")
ball = walk(parabola, 1000, 0.1, 1.0)
energy = ball.velocities[:, 0] ** 2 / (2 * 0.1) + parabola.loss(ball.points)
print(f"without friction, 1000 steps: from {energy.min() / 0.5:.3f} to {energy.max() / 0.5:.3f}")

# %% [markdown] name="surprise-torch"
# ### Keras's ball and PyTorch's ball part when the learning rate drops
#
# Keras keeps the learning rate *inside* the velocity: $v \leftarrow \beta v - \eta g$. PyTorch keeps it outside:
# $b \leftarrow \beta b + g$, then $w \leftarrow w - \eta b$. While η is constant they are one method, with $v = -\eta b$.
#
# > 04.drop

# %% name="surprise-torch-run"
rates = np.where(np.arange(40) < 20, 0.1, 0.01)
w_keras, v, w_torch, buffer, paths = -10.0, 0.0, -10.0, 0.0, []
for rate in rates:
    w_keras, v = heavy_ball(w_keras, v, 0.1 * w_keras, rate, 0.9)
    buffer = 0.9 * buffer + 0.1 * w_torch
    w_torch = w_torch - rate * buffer
    paths.append((w_keras, w_torch))
paths = np.array(paths)
print(f"after 20 steps: Keras {paths[19, 0]:.6f}, PyTorch {paths[19, 1]:.6f}")
print(f"the next step: Keras {paths[20, 0] - paths[19, 0]:.3f}, PyTorch", end=" ")
print(f"{paths[20, 1] - paths[19, 1]:.3f}")
steps = np.arange(1, 41)
figure, axes = plt.subplots(figsize=(8, 2.8))
axes.plot(steps, paths[:, 0], MOMENTUM.line, color=MOMENTUM.colour, label="Keras: rate inside")
axes.plot(steps, paths[:, 1], "-.", color="#56B4E9", label="PyTorch: rate outside")
axes.axvline(20, color="0.6", lw=1)
axes.set(xlabel="step", ylabel="w")
axes.legend()
plt.show()

# %% [markdown] name="surprise-torch-answer"
# *The picture: one curve up to step 20; there the PyTorch path turns nearly flat, and the Keras path bends slowly.*
#
# Keras's ball keeps the speed it gained at the old rate and loses it by friction alone, over the next 1/(1 − β) steps. PyTorch's slows
# at once. A schedule with sudden drops therefore means something else in the two libraries.

# %% [markdown] name="surprise-noise"
# ### Does momentum average the noise away?
#
# A velocity that sums old gradients looks like an average, and averages calm noise. Let the gradient on ½λw² carry
# independent noise of variance σ² and wait. For plain descent, chapter 02 found the floor ησ²/(λ(2 − ηλ)). With momentum it is
#
# $$ \mathbb E\,w^2 = \frac{\eta\sigma^2}{\lambda}\cdot\frac{1+\beta}{(1-\beta)\,(2(1+\beta)-\eta\lambda)} . $$
#
# <details><summary>Where it comes from</summary>
#
# Write $a = \mathbb E w^2$, $b = \mathbb E wv$, $d = \mathbb E v^2$ and demand that one step with $v' = \beta v - \eta(\lambda w + \varepsilon)$, $w' = w + v'$ leaves all
# three as they are. From $w = w' - v'$ follows $b = d/2$. The equation for $v'^2$ reads
# $d = \beta^2 d - 2\beta\eta\lambda\, b + \eta^2(\lambda^2 a + \sigma^2)$, the one for $w'v' = wv' + v'^2$ reads
# $b = \beta b - \eta\lambda a + d$. Insert $d = 2b$: the second gives $b = \eta\lambda a/(1+\beta)$, and the first then gives $a$.
# </details>
#
# > 04.noise

# %% name="surprise-noise-run"
def noise_floor(rate, momentum):
    """E w² for λ = σ = 1, by the formula."""
    return rate * (1 + momentum) / ((1 - momentum) * (2 * (1 + momentum) - rate))


random = np.random.default_rng(1)
for rate, momentum in ((0.01, 0.0), (0.01, 0.9), (0.1, 0.0)):
    w, v, squares = np.zeros(2000), np.zeros(2000), []
    for step in range(2000):
        w, v = heavy_ball(w, v, w + random.normal(size=2000), rate, momentum)
        squares.append(np.mean(w**2))
    measured = np.mean(squares[1000:])
    floor = noise_floor(rate, momentum)
    print(f"rate {rate}, momentum {momentum}: {measured:.4f}, formula {floor:.4f}")

# %% [markdown] name="surprise-noise-answer"
# Ten times *higher*, about as high as plain descent with ten times the rate. At equal effective rate η/(1 − β) the floor is about the
# same. Momentum buys speed along the valley; it buys no calm. Calm comes from a smaller effective rate, larger batches
# (chapter 02) or averaging the *weights* (chapter 08).

# %% [markdown] name="surprise-coast"
# ### A gradient of zero does not stop the ball
#
# > 04.coast

# %% name="surprise-coast-run"
w, v = 0.0, 0.5
for step in range(200):
    w, v = heavy_ball(w, v, 0.0, 0.1, 0.9)
print(f"it rolls {w:.2f}; the formula βv/(1 − β) says {0.9 * 0.5 / (1 - 0.9):.2f}")

# %% [markdown] name="surprise-coast-answer"
# Nine times its last move. That is how a ball crosses plateaus and small dents, and how it runs past a minimum. It is also why freezing a
# layer by feeding it zero gradients does not freeze it at once (in Keras a gradient of `None` does; chapter 09).

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 04.raised
#
# ? 04.doubled
#
# ? 04.port

# %% [markdown] name="sources"
# **Sources.** B. T. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964,
# [doi:10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553(64)90137-5). ·
# N. Qian, *On the momentum term in gradient descent learning algorithms*, 1999,
# [doi:10.1016/S0893-6080(98)00116-6](https://doi.org/10.1016/S0893-6080(98)00116-6). ·
# G. Goh, *Why Momentum Really Works*, Distill 2017, [doi:10.23915/distill.00006](https://doi.org/10.23915/distill.00006). ·
# Keras 3.15, `keras/src/optimizers/sgd.py`.
