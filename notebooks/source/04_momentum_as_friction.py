# %% [markdown] name="title"
# # 04 · Momentum as friction
#
# **What is the ball that rolls down the loss, and what slows it?**
#
# After this chapter you can
#
# - derive Keras's momentum rule from Newton's law with friction, and say what `momentum` is in it;
# - tell from learning rate, momentum and curvature whether the ball creeps, swings, flips or flies away;
# - choose both rates together for a long valley, and name what momentum does *not* do.
#
# Keras argument: `momentum`. About 40 minutes to read; it runs in a few seconds.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# Answer each in your head, then open it.
#
# <details><summary>1. On the parabola ½λw², which learning rates let plain descent converge?</summary>
#
# Those with 0 < η < 2/λ: each step multiplies w by (1 − ηλ). At η = 1/λ one step lands in the minimum;
# "η < 1/λ" is the range without overshooting, not the range of convergence.
# </details>
#
# <details><summary>2. Why can a single learning rate not suit a valley that is steep across and flat along?</summary>
#
# The steep direction limits η to 2/L, and along the flat one each step then shrinks the distance only by
# a factor of about 1 − 2μ/L. "Take a smaller rate" makes the flat direction slower still.
# </details>
#
# <details><summary>3. Gradient noise of variance σ² keeps plain SGD from settling. What sets the size of what remains?</summary>
#
# The learning rate: E w² = ησ² / (λ(2 − ηλ)). More steps do not help; a smaller η or a larger batch does.
# </details>

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np

from course import figures
from course.descent import walk
from course.figures import MOMENTUM, NESTEROV, PLAIN
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import quadratic
from course.theory import heavy_ball_factor

figures.use_course_style()

# %% [markdown] name="memory-question"
# ## Descent has no memory
#
# Here is a valley a hundred times steeper across than along: curvatures L = 1 and μ = 0.01,
# so its condition number is κ = L/μ = 100. From (1, 1) we want both weights within one millionth of
# the minimum. Plain descent gets its best single learning rate, 2/(L + μ).
#
# > **Predict:** about how many steps does it take: 70, 700 or 7000?

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
# Nearly seven hundred. Each step multiplies the distance by (κ − 1)/(κ + 1) = 0.9802 and forgets at
# once where it came from. Along the valley floor it takes the same small step, in the same direction,
# hundreds of times over; across, it jumps from wall to wall. A thing with *inertia* would build up speed
# along the floor, and its jumps across would cancel.

# %% [markdown] name="newton"
# ## A ball in oil
#
# Let the weights be the position $x$ of a ball of mass $m$. Two forces act on it: the slope pulls with
# $-\nabla f(x)$, and the oil brakes with [friction](16_glossary.ipynb#Friction), $-c\,\dot x$. Newton's law says
#
# $$ m\,\ddot x = -\nabla f(x) - c\,\dot x . $$
#
# A computer takes steps of time $h$. Call the speed $u$. First the forces change the speed, then the *new*
# speed moves the ball (this order is called semi-implicit Euler):
#
# $$ u \leftarrow u + \frac{h}{m}\bigl(-\nabla f(x) - c\,u\bigr), \qquad x \leftarrow x + h\,u . $$
#
# Now measure the speed in distance per step, $v = h\,u$, and sort the terms:
#
# $$ v \leftarrow \underbrace{\Bigl(1 - \frac{hc}{m}\Bigr)}_{\beta}\, v \;-\; \underbrace{\frac{h^2}{m}}_{\eta}\,\nabla f(x),
# \qquad x \leftarrow x + v . $$
#
# That is Keras's rule, `velocity = momentum * velocity - learning_rate * gradient; w = w + velocity`,
# and we can read off what its two numbers are:
#
# $$ \boxed{\;\eta = \frac{h^2}{m}, \qquad \beta = 1 - \frac{hc}{m}\;} \qquad\text{so the friction is}\qquad c = (1-\beta)\,\frac{m}{h}. $$
#
# The same in two codes, Newton's and ours:

# %% name="newton-check"
mass, friction, h = 2.0, 0.4, 0.5
x, u, oil = np.array([1.0, 1.0]), np.zeros(2), []
for _ in range(100):
    u = u + h / mass * (-valley.gradient(x) - friction * u)
    x = x + h * u
    oil.append(x)

ball = walk(valley, 100, learning_rate=h**2 / mass, momentum=1 - h * friction / mass).points
print(f"learning_rate {h**2 / mass}, momentum {1 - h * friction / mass}")
print(f"apart by less than 1e-15: {np.max(np.abs(ball[1:] - oil)) < 1e-15}")

# %% [markdown] name="friction-reading"
# "Momentum is friction: 0 is high, 1 is none" is a phrase you may have read. Its direction is right, and now
# it can be exact. **Momentum is not the friction; it is what friction leaves.** In one step the ball
# keeps the part β of its [velocity](16_glossary.ipynb#Velocity) and loses the part 1 − β = hc/m:
#
# | `momentum` | friction c, in units of m/h | what happens |
# |---|---|---|
# | 1 | 0 | nothing brakes: the ball never settles |
# | 0.99 | 0.01 | one hundredth of the velocity is lost per step |
# | 0.9 | 0.1 | one tenth is lost per step |
# | 0 | 1 | all velocity is lost in each step: plain gradient descent |
#
# At β = 0 nothing is "massless" here: the ball has its mass, and the oil is so thick that a single step eats
# all speed. (Qian's derivation of 1999 takes the friction at the *end* of the step: $u' = u + \tfrac hm(-\nabla f - c\,u')$.
# Solved for $u'$, that gives β = m/(m + ch), and there β = 0 really is the massless ball. Two ways to take steps, one ball.)

# %% [markdown] name="continuous-question"
# ### How good is the picture?
#
# On a parabola Newton's ball, let go at 1, has a known path, a damped swing (put it into Newton's law to see):
#
# $$ x(t) = e^{-\delta t}\Bigl(\cos\omega t + \frac\delta\omega \sin\omega t\Bigr), \qquad
# \delta = \frac{c}{2m}, \qquad \omega^2 = \frac\lambda m - \delta^2 . $$
#
# Keep the ball and the oil, and halve the time step h: the learning rate falls with h²,
# [momentum](16_glossary.ipynb#Momentum) creeps towards 1.
#
# > **Predict:** when h is halved, by how much does the distance between SGD and the true ball shrink?

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
# It halves, too: the error is proportional to h. So "SGD with momentum is a ball with friction" is a
# statement about small steps, with momentum near 1. At large learning rates the ball takes leaps, and some of
# what it does there (it will flip sides at every step) no ball does.

# %% [markdown] name="slope-question"
# ## How fast does it get?
#
# Put the ball on an endless slope, where the gradient is g everywhere, and let it go. Each step adds the
# push −ηg and keeps β of the velocity.
#
# > **Predict:** with η = 0.1, g = 1 and β = 0.9, which speed does it approach: 0.1, 0.9, 1.0 or no limit?

# %% name="slope-run"
figure, axes = plt.subplots()
for momentum, line in ((0.5, "-"), (0.9, "--"), (0.99, ":")):
    w, v, speeds = 0.0, 0.0, []
    for _ in range(300):
        w, v = heavy_ball(w, v, 1.0, 0.1, momentum)
        speeds.append(-v / 0.1)
    axes.plot(speeds, line, color=MOMENTUM.colour, label=f"momentum {momentum}")
    print(f"momentum {momentum}: after 300 steps {speeds[-1]:.1f} times the speed of plain descent")
axes.set(xlabel="step", ylabel="speed / plain step", yscale="log")
axes.legend(loc=(0.78, 0.21), fontsize=9)
plt.show()

# %% [markdown] name="slope-answer"
# *The picture: three rising curves that level off; the larger the momentum, the higher and the later.*
#
# 1.0. The limit is the velocity that a step leaves unchanged: $v = \beta v - \eta g$, so
#
# $$ v_\infty = -\frac{\eta\, g}{1-\beta}. $$
#
# That is ten times plain descent at 0.9, a hundred times at 0.99 (which needs more than 300 steps to get there).
# Unrolled, the velocity is $-\eta\,(g_t + \beta g_{t-1} + \beta^2 g_{t-2} + \dots)$: old gradients fade, and their weights
# sum to 1/(1 − β). That sum is the ball's *memory* in steps. Its half-life, the age a at which a gradient counts
# half, $\beta^a = \tfrac12$, is ln ½ / ln β:

# %% name="half-life"
for momentum in (0.5, 0.9, 0.99):
    print(
        f"momentum {momentum}: memory {1 / (1 - momentum):.0f} steps, "
        f"half-life {np.log(0.5) / np.log(momentum):.2f} steps"
    )

# %% [markdown] name="slope-consequence"
# Two consequences to keep:
#
# - On a steady slope, raising momentum from 0 to 0.9 is *ten times the learning rate*. Compare momenta at
#   equal **η/(1 − β)**, the [effective rate](16_glossary.ipynb#Effective-rate), or you compare two learning rates.
# - Many courses and papers write $v \leftarrow \beta v + (1-\beta)\,g$, an average of gradients. Keras has no such factor.
#   Their rate η corresponds to (1 − β)·η in Keras, as the next cell shows.

# %% name="average-form"
random = np.random.default_rng(4)
average, w_average, w_keras, v = 0.0, 0.0, 0.0, 0.0
for gradient in random.normal(size=50):
    average = 0.9 * average + (1 - 0.9) * gradient
    w_average = w_average - 0.1 * average
    w_keras, v = heavy_ball(w_keras, v, gradient, (1 - 0.9) * 0.1, 0.9)
print(f"after 50 random gradients: {w_average:.6f} and {w_keras:.6f}")

# %% [markdown] name="parabola"
# ## Creep, swing, flip or fly
#
# On a parabola ½λw² everything can be worked out. The gradient is λw, and the velocity is the last move,
# $v_t = w_t - w_{t-1}$. Put both into the rule:
#
# $$ w_{t+1} = w_t + \beta\,(w_t - w_{t-1}) - \eta\lambda\, w_t . $$
#
# Try $w_t = x^t$, a distance that is multiplied by the same $x$ at every step. Dividing by $x^{t-1}$ leaves
#
# $$ x^2 - (1 + \beta - \eta\lambda)\,x + \beta = 0 . $$
#
# Two roots $x$, whose product is β. The path is a mixture of both, so the larger |x| decides in the long run:
#
# - **Complex roots** when $(1 + \beta - \eta\lambda)^2 < 4\beta$, that is, $(1-\sqrt\beta)^2 < \eta\lambda < (1+\sqrt\beta)^2$. They are
#   $r\,e^{\pm i\varphi}$ with the product $r^2 = \beta$, and the path is made of $r^t\cos\varphi t$ and $r^t\sin\varphi t$: the ball
#   **swings**, and its swing shrinks by √β per step, *whatever the learning rate is*.
# - **Real and positive** for smaller ηλ: it **creeps** home without a swing.
# - **Real and negative** for larger ηλ: it **flips** sides at every step. Where a root passes −1, it **flies** away.
#
# > **Predict:** does momentum 0.9 make the largest stable learning rate smaller, leave it at 2/λ, or make it larger?

# %% name="parabola-run"
parabola = quadratic((1.0,), start=(1.0,))
kinds = {"creeps": (0.1, 0.3), "swings": (0.1, 0.9), "flips": (2.5, 0.3), "flies": (2.7, 0.3)}
figure, panels = plt.subplots(1, 4, figsize=(10, 2.6))
for axes, (kind, (rate, momentum)) in zip(panels, kinds.items()):
    path = walk(parabola, 25, rate, momentum).points[:, 0]
    axes.plot(path, "s--", color=MOMENTUM.colour, ms=3, lw=1)
    axes.set(title=f"{kind}\nη λ = {rate}, β = {momentum}", xlabel="step")
    print(f"{kind}: rate {heavy_ball_factor(rate, momentum):.3f}, w after 25 steps {path[-1]:.3f}")
panels[0].set_ylabel("w")
plt.show()

# %% [markdown] name="parabola-answer"
# *The picture: four paths from w = 1. The first falls in one arc, the second swings through zero, the third
# jumps from side to side and shrinks, the fourth jumps from side to side and grows.*
#
# Larger. A root x = −1 needs $1 + (1 + \beta - \eta\lambda) + \beta = 0$: **the edge is ηλ = 2(1 + β)**, which at 0.9 is 3.8
# instead of 2. The third ball has ηλ = 2.5, where plain descent would
# make its distance half as long again at every step; a momentum of 0.3 is enough to bring it home, flipping. At 2.7 it is
# beyond its own edge, 2(1 + 0.3) = 2.6.
#
# The formula holds for random pairs, too. The next cell walks 2000 balls with random ηλ and β, and compares how fast
# they really shrink or grow with the larger root:

# %% name="rate-check"
random = np.random.default_rng(0)
rates, momenta = random.uniform(0.02, 4, 2000), random.uniform(0.3, 0.99, 2000)
walks = walk(parabola, 600, rates, momenta)
# Position and velocity together: a swing passes through zero, its energy does not.
size = np.log(np.hypot(walks.points[..., 0], walks.velocities[..., 0]))
late = np.where(np.isfinite(size[:, -1]), 600, 200)
measured = np.exp((size[np.arange(2000), late] - size[:, 100]) / (late - 100))
apart = np.abs(measured / heavy_ball_factor(rates, momenta) - 1)
print(f"measured and computed rate: median {np.median(apart):.1%} apart, 99 % within 2 %:", end=" ")
print(np.quantile(apart, 0.99) < 0.02)

# %% [markdown] name="phase-question"
# ### The phase portrait
#
# Draw position against velocity and the kinds become shapes. We keep ηλ = 0.1 and change only the friction.
# One momentum is special: at $\beta = (1-\sqrt{\eta\lambda})^2$ both roots meet. This is **[critical damping](16_glossary.ipynb#Critical-damping)**, the last ball that does
# not swing.
#
# > **Predict:** which shape does the ball without friction (β = 1) draw: a point, a spiral or a closed loop?

# %% name="phase-run"
critical = (1 - np.sqrt(0.1)) ** 2
figure, panels = plt.subplots(1, 4, figsize=(10, 2.8), sharey=True)
for axes, momentum in zip(panels, (0.2, critical, 0.9, 1.0)):
    ball = walk(parabola, 60, 0.1, momentum)
    figures.draw_path(axes, np.c_[ball.points, ball.velocities], MOMENTUM)
    axes.set(title=f"β = {momentum:.3g}", xlabel="position w", xlim=(-1.2, 1.2))
    home = np.hypot(ball.points, ball.velocities)[:, 0]
    print(f"momentum {momentum:.4f}: {home[20]:.4f} from rest after 20 steps, {home[60]:.4f} after 60")
panels[0].set_ylabel("velocity v")
plt.show()

# %% [markdown] name="phase-answer"
# *The picture: from the open start at (1, 0), two arcs that run straight to the middle, a spiral that turns around it,
# and a closed loop.*
#
# The frictionless ball runs around forever. The critical ball is home first; 0.9 still swings after 20 steps. So why is 0.9
# the common choice and not 0.47? Because a real loss has *many* curvatures, and critical damping for one is too
# much friction for all flatter ones. We come to that below.

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
# > **Predict:** after 60 steps with β = 0.9 and ηλ = 0.1, how much of the energy is left: about a half, a tenth or a five-hundredth?

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
# A five-hundredth. A swing's size falls by √β per step, and energy goes with the square of the size: by β per step, which
# makes 0.9⁶⁰ = 0.0018 of it after 60 steps. So **momentum is the part of the energy that a swinging ball keeps per step.** The
# ripple at β = 1 is the price of finite steps: energy is not conserved exactly, but it neither grows nor falls in the long run.
#
# The explorer below draws this account as a bar: *height* is f(w), *motion* is v²/(2η), and the rest was *taken by friction*. Step
# by step, height and motion trade places while the part of friction grows; where the bar's end misses the line "start", that is the
# ripple. Beside the momentum slider stands the friction per step, 1 − β.

# %% name="energy-formula"
print(f"0.9 to the power of 60: {0.9**60:.4f}")
ball = walk(parabola, 1000, 0.1, 1.0)
energy = ball.velocities[:, 0] ** 2 / (2 * 0.1) + parabola.loss(ball.points)
print(f"without friction, over 1000 steps: between {energy.min() / 0.5:.3f} and {energy.max() / 0.5:.3f}")

# %% [markdown] name="map-question"
# ## The map of all balls
#
# Now every learning rate and every momentum at once: the colour is the rate at which the distance shrinks per
# step, the smaller the better; grey is where the ball flies away or never settles.
#
# > **Predict:** at momentum 0.9, which ηλ comes home fastest in the long run: 0.01, 1 or 3?

# %% name="map-run"
steps, momenta = np.linspace(0.01, 4.2, 420), np.linspace(0, 1, 201)
rates = heavy_ball_factor(steps, momenta[:, None])
figure, axes = plt.subplots(figsize=(8, 4))
figures.draw_rate_map(axes, steps, momenta, rates)
axes.plot((1 - np.sqrt(momenta)) ** 2, momenta, "--", color="#E69F00", label="critical damping")
axes.plot((1 + np.sqrt(momenta)) ** 2, momenta, ":", color="#56B4E9", label="flips from here")
axes.plot(2 * (1 + momenta), momenta, "-", color="black", label="flies from here")
axes.set_xlim(0, 4.2)
axes.legend(loc="lower right", fontsize=9)
plt.show()
low, high = (1 - np.sqrt(0.9)) ** 2, (1 + np.sqrt(0.9)) ** 2
print(f"at momentum 0.9 the ball swings from {low:.4f} to {high:.2f} and is stable below {2 * 1.9:.1f}")
print("rates:", *(f"{heavy_ball_factor(step, 0.9):.4f} at {step:g}," for step in (0.01, 1.0, 3.0)), "momentum 0.9")

# %% [markdown] name="map-answer"
# *The picture: the stable balls fill a strip that is 2 wide at the bottom and 4 at the top. Between the dashed and the dotted line,
# where the ball swings, the colour changes only upward, with momentum; on both sides of them the rate worsens quickly.*
#
# All three are equal. Between the dashed and the dotted line the [rate is √β](16_glossary.ipynb#Rate-of-convergence) and depends on momentum alone: at 0.9, from ηλ = 0.0026 to 3.80,
# over three orders of magnitude, every curvature shrinks by the same 0.9487. **That is what momentum really buys: it makes many
# curvatures equally fast.** Plain descent is the bottom edge of the map, where only ηλ near 1 is fast.

# %% [markdown] name="valley-derivation"
# ## A long valley
#
# With curvatures from μ to L, one learning rate puts them at all points from ημ to ηL of a horizontal line in the map. The best
# line is the *lowest* on which both ends are still in the swinging region: lower down, an end would leave it to where the rate
# worsens quickly. The ends then lie on the two curves:
#
# $$ \eta\mu = (1-\sqrt\beta)^2, \qquad \eta L = (1+\sqrt\beta)^2 . $$
#
# Take roots, add them, and divide their difference by their sum:
#
# $$ \eta = \Bigl(\frac{2}{\sqrt L + \sqrt\mu}\Bigr)^2, \qquad
# \sqrt\beta = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}. $$
#
# The rate is √β. Plain descent's is (κ − 1)/(κ + 1): momentum replaces κ by √κ.
#
# > **Predict:** for κ = 100 the rates are 0.9802 and 0.8182, and ln 0.8182 / ln 0.9802 is 10. Does the ball need a tenth of
# > plain descent's steps?

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
print(f"rates: plain {(kappa - 1) / (kappa + 1):.4f}, ball {np.sqrt(best_momentum):.4f},", end=" ")
print(f"promise {np.log(np.sqrt(best_momentum)) / np.log((kappa - 1) / (kappa + 1)):.1f} times fewer steps")
print(f"steps to one millionth: plain {steps_needed(plain)}, ball {steps_needed(ball)},", end=" ")
print(f"{steps_needed(plain) / steps_needed(ball):.1f} times fewer")
print(f"the ball's largest distance on the way: {np.abs(ball).max():.1f} (it started at 1.0)")

# %% name="valley-figure"
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
# Seven times fewer, not ten. The rate is a promise about the long run: at this pair both roots coincide, and where they do the
# path is $(a + bt)\,x^t$: the distance behaves like t·0.8182ᵗ. The factor t comes first, as an **overshoot to 3.7 times the start**. On a quadratic nothing is lost by
# it. A network's loss is no parabola that far out, and there it may be harmful.
#
# Nesterov's variant is chapter 05; on this valley, with its own best pair, it is between the two:

# %% name="valley-nesterov"
rate, momentum = 4 / (3 * L + mu), (np.sqrt(3 * kappa + 1) - 2) / (np.sqrt(3 * kappa + 1) + 2)
look_ahead = walk(valley, 1000, rate, momentum, rule=nesterov_momentum).points
print(f"Nesterov: {steps_needed(look_ahead)} steps, largest distance {np.abs(look_ahead).max():.1f}")

# %% [markdown] name="explorer-task"
# ## Move it by hand
#
# The valley below is ten times steeper across than along. Drag the sliders (or focus one and use the arrow keys), drag the
# start, press play. Three things to find:
#
# 1. With the learning rate at 0.30, raise momentum from 0 to 1. Where does the orange path stop creeping and start to swing along the
#    *steep* axis, as the phase portrait shows it? Compare with $(1-\sqrt{0.3})^2$, and with the tick under the slider.
# 2. Put momentum at 0.90 and raise the learning rate. Plain descent leaves the picture first; where? And the ball?
# 3. At momentum 1.00, does any learning rate let the ball settle? Look at the energy bar: what has friction taken?

# %% name="explorer"
from course.explorers import Valley

Valley()

# %% name="explorer-numbers"
print(f"1: critical damping at momentum {(1 - np.sqrt(0.3)) ** 2:.3f}")
print(f"2: plain descent at 2.00, the ball at {2 * (1 + 0.9):.2f}")
print(f"3: the rate at momentum 1 is {heavy_ball_factor(0.3, 1.0):.0f}, whatever the learning rate; friction takes 0")

# %% [markdown] name="surprise-torch"
# ## What you might not expect
#
# ### Keras's ball and PyTorch's ball part when the learning rate drops
#
# Keras keeps the learning rate *inside* the velocity: $v \leftarrow \beta v - \eta g$. PyTorch keeps it outside:
# $b \leftarrow \beta b + g$, then $w \leftarrow w - \eta b$. While η is constant they are one method, with $v = -\eta b$.
#
# > **Predict:** at step 20, η drops from 0.1 to 0.01. Which ball slows at once, and which keeps rolling?

# %% name="surprise-torch-run"
rates = np.where(np.arange(40) < 20, 0.1, 0.01)
w_keras, v, w_torch, buffer, paths = -10.0, 0.0, -10.0, 0.0, []
for rate in rates:
    w_keras, v = heavy_ball(w_keras, v, 0.1 * w_keras, rate, 0.9)
    buffer = 0.9 * buffer + 0.1 * w_torch
    w_torch = w_torch - rate * buffer
    paths.append((w_keras, w_torch))
paths = np.array(paths)
print(f"before the drop, apart by less than 1e-12: {np.max(np.abs(np.diff(paths[:20]))) < 1e-12}")
print(f"the step after it: Keras {paths[20, 0] - paths[19, 0]:.3f}, PyTorch {paths[20, 1] - paths[19, 1]:.3f}")
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
# > **Predict:** at the same learning rate 0.01, is the floor with momentum 0.9 lower, the same or higher than without?

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
    print(f"rate {rate}, momentum {momentum}: {measured:.4f}, formula {noise_floor(rate, momentum):.4f}")

# %% [markdown] name="surprise-noise-answer"
# Ten times *higher*, as high as plain descent with ten times the rate. At equal effective rate η/(1 − β) the floor is about the
# same. Momentum buys speed along the valley; it buys no calm. Calm comes from a smaller effective rate, larger batches
# (chapter 02) or averaging the *weights* (chapter 08).

# %% [markdown] name="surprise-coast"
# ### A gradient of zero does not stop the ball
#
# > **Predict:** the ball reaches flat ground with velocity 0.5 and momentum 0.9. How far does it roll?

# %% name="surprise-coast-run"
w, v = 0.0, 0.5
for step in range(200):
    w, v = heavy_ball(w, v, 0.0, 0.1, 0.9)
print(f"it rolls {w:.2f}; the formula βv/(1 − β) says {0.9 * 0.5 / (1 - 0.9):.2f}")

# %% [markdown] name="surprise-coast-answer"
# Nine times its last move. That is how a ball crosses plateaus and small dents, and how it runs past a minimum. It is also why freezing a
# layer by feeding it zero gradients does not freeze it at once (in Keras a gradient of `None` does; chapter 09).

# %% [markdown] name="recap"
# ## Recap
#
# - **Where the rule comes from.** Newton with friction, in steps of time h: η = h²/m and β = 1 − hc/m. Momentum is what friction leaves:
#   1 is no friction and never settles, 0 loses all speed at each step and is plain descent.
# - **What the ball does.** Roots of x² − (1 + β − ηλ)x + β: it creeps below ηλ = (1 − √β)², swings with √β per step up to
#   (1 + √β)², flips after that, and flies from 2(1 + β) on.
# - **How to choose.** On a steady slope the speed is η/(1 − β) times the gradient: compare momenta at equal effective rate. In a long
#   valley momentum replaces κ by √κ in the long run, after an overshoot.
# - **What it does not do.** It does not average the noise away, it does not stop where the gradient does, and after a drop of the learning
#   rate Keras's ball keeps its speed.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# <details><summary>1. A colleague raises momentum from 0.9 to 0.99 and leaves the learning rate. The loss jumps about as
# never before. What did they really change?</summary>
#
# The effective rate η/(1 − β), by a factor of ten, and with it the noise floor. *Not* the stability edge: 2(1 + β)/λ even moved up,
# from 3.8 to 3.98. To try more momentum alone, divide the learning rate by ten at the same time.
# </details>
#
# <details><summary>2. With β = 0.9 and ηλ between 0.01 and 3, you double the learning rate. How does the rate of convergence change?</summary>
#
# Not at all: within the swinging region it is √β. "Twice as fast" holds for the creeping region and for plain descent at small
# rates only; "less stable" holds beyond 3.8.
# </details>
#
# <details><summary>3. Someone ports a schedule with a sharp drop from PyTorch to Keras, with equal η and β. What differs, and for how long?</summary>
#
# Keras's velocity was built at the old rate and decays by friction, so it coasts for about 1/(1 − β) steps. "Nothing, the methods are
# equivalent" is true only while η is constant. To imitate PyTorch, scale the velocity by the same factor as η.
# </details>

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 04](../exercises/04_momentum_as_friction.ipynb): write the rule, repair the way from mass and friction to Keras's
# arguments, find a ball for a long valley.
#
# **Sources.** B. T. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964,
# [doi:10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553(64)90137-5). ·
# N. Qian, *On the momentum term in gradient descent learning algorithms*, 1999,
# [doi:10.1016/S0893-6080(98)00116-6](https://doi.org/10.1016/S0893-6080(98)00116-6). ·
# G. Goh, *Why Momentum Really Works*, Distill 2017, [doi:10.23915/distill.00006](https://doi.org/10.23915/distill.00006). ·
# Keras 3.15, `keras/src/optimizers/sgd.py`.
