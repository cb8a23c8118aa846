# %% [markdown] name="title"
# # 05 · Nesterov look-ahead
#
# **What changes when the gradient is read ahead of the ball?**
#
# After this chapter you can
#
# - take a Nesterov step apart, and say what reading the slope ahead adds to the ball of chapter 04;
# - show that Keras's two lines are Nesterov's method, and say which of its points Keras keeps as the weights;
# - tell where `nesterov=True` is calmer than momentum, where it changes nothing, and where it diverges.
#
# Keras argument: `nesterov`. Core: about 20 minutes; deeper: about 45 more.

# %% [markdown] name="before"
# ### Before you start: three questions on the chapters before
#
# ? 05.swing
#
# ? 05.slope_speed
#
# ? 05.ranges

# %% name="imports" jupyter={"source_hidden": true}
import matplotlib.pyplot as plt
import numpy as np

from course import figures, sgd
from course.descent import walk
from course.figures import GRADIENT, MOMENTUM, NESTEROV, PLAIN, VELOCITY
from course.learner.predict import predict
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import Surface, bowl, network, quadratic, steepest_curvature
from course.theory import factor, heavy_ball_factor, nesterov_roots

figures.use_course_style()

# %% [markdown] name="ahead"
# ## The slope read where the glide ends
#
# A step with momentum is a **glide** $\beta v$, what friction has left of the last move, and a **push** $-\eta\,\nabla f$. Where the glide
# ends is known before any gradient is computed; yet momentum reads the slope *here*, at $w$, which the ball is leaving. Nesterov's idea of
# 1983 is to read it *there*, at the end of the glide:
#
# $$ y = w + \beta v, \qquad v \leftarrow \beta v - \eta\,\nabla f(y), \qquad w \leftarrow w + v . $$
#
# > 05.ahead

# %% name="ahead-run"
def original_nesterov(w, v, gradient_at, learning_rate, momentum):
    """One step as Nesterov has it; returns (w, v)."""
    ahead = w + momentum * v
    v = momentum * v - learning_rate * gradient_at(ahead)
    return w + v, v


w, v, rate, momentum = -0.5, 1.0, 0.5, 0.8
ahead = w + momentum * v
here, there = -rate * w, -rate * ahead
nesterov_lands, _ = original_nesterov(w, v, lambda point: point, rate, momentum)
momentum_lands, _ = heavy_ball(w, v, w, rate, momentum)
print(f"glide from {w} to {ahead:.2f}; the push read here {here:+.2f}, there {there:+.2f}")
print(f"momentum lands at {momentum_lands:.2f}, Nesterov at {nesterov_lands:.2f}")

# %% name="ahead-picture" jupyter={"source_hidden": true}
figure, panels = plt.subplots(1, 2, figsize=(10, 2.9), sharex=True, sharey=True)
for axes, look in zip(panels, (MOMENTUM, NESTEROV)):
    w, v = -0.5, 1.0
    for step in range(3):
        ahead = w + 0.8 * v
        read_at = w if look is MOMENTUM else ahead
        w_next, v = ahead - 0.5 * read_at, 0.8 * v - 0.5 * read_at
        parts = (w, ahead, 0.1, VELOCITY), (ahead, w_next, -0.1, GRADIENT)
        for start, end, up, colour in parts:
            arrow = {"arrowstyle": "->", "color": colour, "lw": 2.5, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", (end, up - step), (start, up - step), arrowprops=arrow)
        axes.plot(w_next, -0.1 - step, look.marker, color=look.colour, ms=8)
        w = w_next
    axes.text(-0.5, 0.2, "glide βv")
    axes.axvline(0, color="0.5", lw=1)
    axes.set(title=look.label, xlabel="w (the minimum is at 0)")
panels[1].text(0.35, -0.22, "push −η∇f", color="black")
panels[0].set(xlim=(-0.6, 1.75), ylim=(-2.5, 0.6))
panels[0].set_yticks((0, -1, -2), ("step 1", "step 2", "step 3"))
plt.show()

# %% [markdown] name="ahead-answer"
# *The picture: three steps of each. Both first glide from −0.5 to 0.3; momentum's push goes on and the ball ends beyond 1, Nesterov's comes
# back, and the ball turns near 0.3.*
#
# Here the slope still drives the ball on; there it has turned and holds the ball back. Nesterov brakes in the very step that overshoots.

# %% [markdown] name="explorer-task"
# ## Move it by hand
#
# A bowl with curvatures 0.2 and 1. The large picture takes one Nesterov step apart; dashed is the push read here, as momentum would take
# it. Two things to find:
#
# 1. Step on from step 2 and compare the two losses. At which steps before 10 does momentum, from the same w, land *lower*?
# 2. With momentum at 1.00, chapter 04's ball never settled. Does Nesterov's, at learning rate 0.50?

# %% name="explorer"
from course.explorers import LookAhead

LookAhead()

# %% name="explorer-numbers" jupyter={"source_hidden": true}
gentle = quadratic((0.2, 1.0), start=(-4.0, 2.0))
balls = walk(gentle, 9, 0.5, 0.8, rule=nesterov_momentum)
here = balls.points - 0.8 * balls.velocities
from_here = gentle.loss(balls.points - 0.5 * gentle.gradient(here))
from_there = gentle.loss(balls.points - 0.5 * gentle.gradient(balls.points))
print("1: momentum lands lower at steps", *np.flatnonzero(from_here < from_there))
late = walk(gentle, 200, 0.5, 1.0, rule=nesterov_momentum).points[-1]
print(f"2: after 200 steps without friction {np.abs(late).max():.0e} from the minimum")

# %% [markdown] name="explorer-answer"
# *The picture: a glide, two pushes from its end, and beside it three paths and losses.*
#
# "Nesterov lands lower" is no law of a single step: at steps 4 and 5 the slope ahead is gentler, and the push weaker. Reading ahead
# costs a little on the way down, and pays at an overshoot. And without friction it settles: something else brakes.

# %% [markdown] name="brake"
# ## A brake that grows with the curvature
#
# On ½λw² the slope there is $\lambda(w + \beta v)$. Put it into the step and sort the terms:
#
# $$ v \leftarrow \beta v - \eta\lambda\,(w + \beta v) \;=\; \underbrace{\beta\,(1-\eta\lambda)}_{\beta'}\,v \;-\; \eta\lambda\,w . $$
#
# That is chapter 04's ball with another momentum, **β′ = β(1 − ηλ)**: the steeper the direction, the more friction. So chapter 04's
# equation holds with β′ for β; as $1 + \beta' - \eta\lambda = (1+\beta)(1-\eta\lambda)$, it becomes
#
# $$ x^2 - (1+\beta)(1-\eta\lambda)\,x + \beta\,(1-\eta\lambda) = 0 . $$
#
# Its roots are complex, and the ball swings, where $(1+\beta)^2(1-\eta\lambda)^2 < 4\beta\,(1-\eta\lambda)$: for
# $\bigl(\frac{1-\beta}{1+\beta}\bigr)^2 < \eta\lambda < 1$. Their product is β(1 − ηλ), and the factor per step
#
# $$ |x| = \sqrt{\beta\,(1-\eta\lambda)}\,, $$
#
# less than momentum's √β, and the steeper the direction, the less.
#
# > 05.direction

# %% name="roots-run"
def nesterov_factor(step, momentum):
    """The larger root's size; step is learning rate × curvature."""
    return factor(*nesterov_roots(step, momentum))


for step in (0.5, 0.005):
    ball, ahead = heavy_ball_factor(step, 0.9), nesterov_factor(step, 0.9)
    print(f"ηλ {step}: factor per step {ball:.4f} for momentum, {ahead:.4f} for Nesterov")

# %% name="roots-figure" jupyter={"source_hidden": true}
figure, panels = plt.subplots(1, 2, figsize=(10, 3), sharey=True)
for axes, step in zip(panels, (0.5, 0.005)):
    for look, rule in ((MOMENTUM, heavy_ball), (NESTEROV, nesterov_momentum)):
        path = walk(quadratic((step,), start=(1.0,)), 80, 1.0, 0.9, rule=rule).points[:, 0]
        axes.plot(path, look.line, color=look.colour, marker=look.marker, ms=3, label=look.label)
    axes.set(title=f"η λ = {step}", xlabel="step")
panels[0].set_ylabel("w")
panels[0].legend()
plt.show()

# %% [markdown] name="roots-answer"
# *The picture: on the left momentum swings nine times about 0, and Nesterov rests after one swing. On the right both curves come down in
# one long arc and nearly coincide.*
#
# Across. Along the floor 0.9487 and 0.9463 are practically the same: Nesterov does not make the slow direction faster.

# %% [markdown] name="keras"
# ## Keras reads the slope at its own weights
#
# `keras.optimizers.SGD` receives one gradient, taken at the model's weights, and never sees the loss. Yet by its reference page `nesterov`
# decides "whether to apply Nesterov momentum" (keras.io), with the lines
#
#     velocity = momentum * velocity - learning_rate * g
#     w = w + momentum * velocity - learning_rate * g
#
# Nothing seems to be read ahead there. Is it Nesterov's method?

# %% name="keras-run"
w, v = 3.0, 0.0  # the original
theta, velocity = 3.0, 0.0  # Keras; the loss is log cosh, its slope tanh
for step in range(4):
    print(f"original: w {w:.4f}, w + βv {w + 0.9 * v:.4f}; Keras's weight {theta:.4f}")
    w, v = original_nesterov(w, v, np.tanh, 0.3, 0.9)
    theta, velocity = nesterov_momentum(theta, velocity, np.tanh(theta), 0.3, 0.9)

# %% [markdown] name="keras-answer"
# It is. Give the [look-ahead](16_glossary.ipynb#Look-ahead) point a name, $\theta = w + \beta v$, and see how *it* moves. From the
# original, with $v' = \beta v - \eta\nabla f(\theta)$ and $w' = w + v'$,
#
# $$ \theta' = w' + \beta v' = \underbrace{\theta - \beta v}_{w} + v' + \beta v'
#    = \theta + \beta v' + \underbrace{(v' - \beta v)}_{-\eta\nabla f(\theta)} = \theta + \beta v' - \eta\,\nabla f(\theta) . $$
#
# These are Keras's lines, with θ for `w`. **Keras's weights are the look-ahead points**: the gradient at them *is* the gradient ahead. The
# original's weights are $\theta - \beta v$, and as v starts at 0, both start together. The derivation holds for any loss and any η,
# but for one and the same β before and after the step.

# %% [markdown] name="edge"
# ## A surprise: where the edge is
#
# > 05.switch

# %% name="edge-run"
parabola = quadratic((1.0,), start=(1.0,))
for step in (0.5, 1.3, 1.5):
    ball = walk(parabola, 60, step, 0.9).points[60, 0]
    ahead = walk(parabola, 60, step, 0.9, rule=nesterov_momentum).points[60, 0]
    print(f"ηλ {step}: after 60 steps momentum {abs(ball):.0e}, Nesterov {abs(ahead):.0e}")

# %% [markdown] name="edge-derivation"
# It diverges. Beyond ηλ = 1 the brake turns the glide round, β′ < 0: the slope is read so far beyond the minimum that the push throws the
# ball back too hard. The edge is
#
# $$ \boxed{\;\eta\lambda = \frac{2+2\beta}{1+2\beta}\;} $$
#
# <details><summary>Where it comes from</summary>
#
# Complex roots never reach size 1, for theirs is √(β(1 − ηλ)). A real root does at x = 1, which leaves only ηλ = 0, or at x = −1,
# which leaves $1 + (1+\beta)(1-\eta\lambda) + \beta(1-\eta\lambda) = 0$.
# </details>
#
# At β = 0.9 that is 1.357, *below* plain descent's 2 and far below momentum's 3.8. Where momentum trains near its own edge, lower η before
# you switch `nesterov` on.

# %% [markdown] name="recap"
# ## Recap
#
# - **What reading ahead adds.** On a parabola a ball with momentum β(1 − ηλ): friction grows with the curvature.
# - **What Keras computes.** Nesterov's method, exactly, with one gradient per step: its weights are the look-ahead points θ = w + βv.
# - **Where it helps.** Across steep directions, with ηλ up to about 1; along flat ones it changes little; from (2 + 2β)/(1 + 2β) on it
#   diverges. Write `momentum=0.9, nesterov=True`, always both: without momentum `nesterov` does nothing.

# %% [markdown] name="way-on"
# ## Your turn
#
# [Exercise 05](../exercises/05_nesterov_look_ahead.ipynb): write one step as Keras does, translate between the two forms, repair a
# formula for the edge. Task 6 is easier after *A long valley* (Deeper).

# %% [markdown] name="deeper"
# ## Deeper
#
# Popular sentences tested, a network taken over the edge, the best η and β, what 1/k² promises, and three things that Keras does in
# silence. For those who want to know when `nesterov=True` helps; each section stands alone.

# %% [markdown] name="one-beta"
# ### When η or β changes mid-run
#
# > 05.schedule

# %% [markdown] name="old-velocity-question"
# > 05.old_velocity

# %% name="keras-check"
def apart(rates, momenta):
    """How far Keras's weights ever are from the original's look-ahead points."""
    w, v = np.array([3.0, -1.0]), np.zeros(2)
    theta, velocity, far = w, v, 0.0
    for rate, momentum in zip(rates, momenta):
        far = max(far, np.max(np.abs(theta - (w + momentum * v))))
        w, v = original_nesterov(w, v, np.tanh, rate, momentum)
        theta, velocity = nesterov_momentum(theta, velocity, np.tanh(theta), rate, momentum)
    return far


early = np.arange(40) < 10
steady, dropped = np.full(40, 0.9), np.where(early, 0.9, 0.5)
print(f"η drops: apart by less than 1e-12: {apart(np.where(early, 0.3, 0.03), steady) < 1e-12}")
print(f"β drops: apart by {apart(np.full(40, 0.3), dropped):.3f}")
theta, old, g = 1.0, -0.3, 2.0
print(f"with the old velocity {theta + 0.9 * old - 0.1 * g:.3f}", end=", ")
print(f"momentum {heavy_ball(theta, old, g, 0.1, 0.9)[0]:.3f}")

# %% [markdown] name="keras-check-answer"
# Any schedule of η is fine. When β drops, the original at once looks less far ahead, while Keras has already moved by the old βv. And with
# the old velocity you get exactly momentum, since $\beta v - \eta g$ *is* the new velocity: the slip raises no error and trains well, so
# only a comparison finds it.

# %% [markdown] name="claim"
# ### "Oscillates less and converges faster"
#
# A popular tuning article says so of Nesterov. On a parabola both can be counted.
#
# > 05.oscillates

# %% name="claim-run"
for step in (0.1, 0.5, 0.8, 1.2, 1.3):
    print(f"ηλ {step}:", end="")
    for look, rule in ((MOMENTUM, heavy_ball), (NESTEROV, nesterov_momentum)):
        path = walk(parabola, 40, step, 0.9, rule=rule).points[:, 0]
        changes = np.sum(path[1:] * path[:-1] < 0)
        print(f"  {look.label} {changes:2} changes of sign, lowest {path.min():.2f}", end="")
    print()

# %% [markdown] name="claim-derivation"
# Below 1 Nesterov changes sign at least as often, but overshoots less. Above 1 both roots are real and one is negative: it changes sign at
# *each* step, and Keras's weights overshoot farther than with momentum. Up to where do its swings still shrink faster? Momentum's factor per step is √β while
# it swings. Nesterov's complex roots are always below that; a real one reaches √β at $x = \pm\sqrt\beta$. Put into the equation,
# $\beta \mp (1+\beta)(1-\eta\lambda)\sqrt\beta + \beta\,(1-\eta\lambda) = 0$ gives two ends,
#
# $$ \eta\lambda = 1 - \frac{\sqrt\beta}{1-\sqrt\beta+\beta} \qquad\text{and}\qquad \eta\lambda = 1 + \frac{\sqrt\beta}{1+\sqrt\beta+\beta}. $$

# %% name="claim-ends" jupyter={"source_hidden": true}
steps = np.linspace(0, 2, 400_001)[1:]
for momentum in (0.5, 0.9):
    factors, root = nesterov_factor(steps, momentum), np.sqrt(momentum)
    faster = steps[factors < heavy_ball_factor(steps, momentum) - 1e-12]
    low, high = 1 - root / (1 - root + momentum), 1 + root / (1 + root + momentum)
    edge, stable = (2 + 2 * momentum) / (1 + 2 * momentum), steps[factors < 1].max()
    print(f"β {momentum}: measured faster {faster.min():.4f} to {faster.max():.4f}", end=", ")
    print(f"stable to {stable:.4f}; formulas {low:.4f}, {high:.4f}, {edge:.4f}")

# %% name="edge-figure" jupyter={"source_hidden": true}
steps = np.linspace(0.001, 4, 4000)
figure, axes = plt.subplots()
for look, factors in (
    (PLAIN, np.abs(1 - steps)),
    (MOMENTUM, heavy_ball_factor(steps, 0.9)),
    (NESTEROV, nesterov_factor(steps, 0.9)),
):
    axes.plot(steps, factors, look.line, color=look.colour, label=look.label)
axes.axhline(1, color="0.5", lw=1)
axes.set(xlabel="learning rate × curvature", ylabel="factor per step", ylim=(0, 1.4))
axes.legend(loc="lower right")
plt.show()

# %% [markdown] name="edge-answer"
# *The picture, at β = 0.9: momentum runs level at 0.95 from near 0 to 3.8. Nesterov starts with it, falls to zero at ηλ = 1 and rises above
# 1 soon after; plain descent is a V with its point at 1 and is back at 1 at 2.*
#
# The article's sentence made exact, at β = 0.9:
#
# | "Nesterov …" | measured |
# |---|---|
# | "measures the gradient slightly ahead" | By the glide βv. On a steady slope that is β/(1 − β) = 9 plain steps: not so slightly. |
# | "oscillates less" | Below ηλ = 1 it overshoots less, though not less often. From 1 to 1.357 it changes sign at each step and overshoots more; then it diverges, and momentum does not before 3.8. |
# | "converges faster" | At equal η and β, from 0.003 to 1.333, in steep directions (flipping from 1 on). With the *best* η and β for each: *A long valley*, below. |

# %% [markdown] name="network"
# ### A network beyond the edge
#
# A parabola keeps its curvature; a network's loss does not. Take 8 hidden tanh units that fit sin 3x at 32 places, trained with
# momentum 0.9 and all examples in each batch. λ is its steepest curvature there, the Hessian's largest eigenvalue. Now `nesterov` is
# switched on, with η chosen so that ηλ is 1.3, 1.4 or 1.8. The edge is 1.357.
#
# > 05.network

# %% name="network-run"
def over_the_edge(seed, at=(1.3, 1.4, 1.8, 2.4)):
    """The losses after switching to Nesterov, one row for each ηλ; ηλ at the end; momentum's."""
    net = network(seed)
    trained = walk(net, 2000, 0.1, 0.9).points[-1]
    rates = np.array(at) / steepest_curvature(net, trained)
    ahead = walk(net, 1500, rates, 0.9, rule=nesterov_momentum, start=trained).points
    ball = walk(net, 1500, rates, 0.9, start=trained).points
    losses = net.loss(ahead)
    ends = [
        rate * steepest_curvature(net, points[-1]) if loss[-1] < 1 else np.inf
        for rate, points, loss in zip(rates, ahead, losses)
    ]
    return losses, ends, net.loss(ball)


losses, ends, momentum_losses = over_the_edge(seed=3)
for step, loss, end in zip((1.3, 1.4), losses, ends):
    print(f"ηλ {step}: loss {loss[0]:.0e}, at most {loss[:301].max():.0e} in 300 steps", end=", ")
    print(f"after 1500 {loss[-1]:.0e}, where ηλ is {end:.2f}")
fate, worst = "settles" if losses[2, -1] < 1 else "diverges", momentum_losses[2].max()
print(f"ηλ 1.8: Nesterov {fate}; momentum's loss is at most {worst:.0e}")

# %% name="network-seeds" jupyter={"source_hidden": true}
counts = np.zeros((3, 4), int)
for seed in range(8):
    rows = over_the_edge(seed)[0]
    settled = rows[:, -1] < 1
    spiked = np.nanmax(rows, axis=1) > 10 * rows[:, 0]
    counts += [settled & ~spiked, settled & spiked, ~settled]
for step, calm, spike, gone in zip((1.3, 1.4, 1.8, 2.4), *counts):
    print(f"ηλ {step}: of 8 networks {calm} stay calm, {spike} spike and settle, {gone} diverge")

# %% name="network-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots()
for step, loss, line in zip((1.3, 1.4, 1.8), losses, (":", "-", "-.")):
    label, loss = f"Nesterov, η λ = {step}", np.minimum(loss[:600], 1e9)
    axes.semilogy(loss, line, color=NESTEROV.colour, label=label)
axes.semilogy(momentum_losses[2, :600], MOMENTUM.line, color=MOMENTUM.colour, label="momentum, 1.8")
axes.set(xlabel="step", ylabel="loss", ylim=(1e-6, 1e3))
axes.legend(loc="upper right")
plt.show()

# %% [markdown] name="network-answer"
# *The picture, on a logarithmic scale: at 1.3 Nesterov's loss goes on falling, and so does momentum's at 1.8. At 1.4 it rises a hundredfold and
# more near step 200, then falls back and goes on; at 1.8 it rises above 1 within 35 steps, keeps jumping, and leaves the picture near step 130.*
#
# The loss spikes, the weights are thrown to where the curvature is *lower*, 1.29 with the same η, and there they settle.
# A network can move away from its edge, a parabola cannot. So the edge decides when a spike comes, and not yet whether training survives
# it: of eight networks all settle from 1.4, six from 1.8, one from 2.4. Larger networks train at such an edge for long (Cohen and others
# 2021); that is not shown here.

# %% [markdown] name="valley"
# ### A long valley, each with its best
#
# Curvatures from μ to L, κ = L/μ = 100, as in chapter 04. Which η and β give Nesterov the smallest r, where r is the factor per step of the
# slowest curvature? A search over both, and the formula that it finds:
#
# $$ \eta = \frac{4}{3L+\mu}, \qquad \beta = \frac{\sqrt{3\kappa+1}-2}{\sqrt{3\kappa+1}+2}, \qquad r = 1 - \frac{2}{\sqrt{3\kappa+1}} . $$
#
# <details><summary>Where it comes from</summary>
#
# At the flat end let both roots be r (less momentum would creep, more would swing longer). Then r² = β(1 − ημ) and 2r = (1 + β)(1 − ημ).
# The second minus the first is 2r − r² = 1 − ημ, so **ημ = (1 − r)²**, and β = r²/(2r − r²) = r/(2 − r). At the steep end let the
# flipping root be −r: r² + (1 + β)(1 − ηL) r + β(1 − ηL) = 0, so ηL − 1 = r²/((1 + β) r + β). With β = r/(2 − r) the denominator is
# 3r/(2 − r), and ηL = 1 + r(2 − r)/3 = 1 + (1 − ημ)/3. That is 3ηL + ημ = 4, the learning rate. Then (1 − r)² = ημ = 4/(3κ + 1) gives r, and r
# gives β. In between the roots are complex or smaller: the search has all curvatures.
# </details>

# %% name="valley-search"
L, mu = 1.0, 0.01
rates, momenta = np.linspace(0.8, 1.5, 281)[:, None], np.linspace(0.5, 1, 501)
worst = 0.0
for curvature in np.geomspace(mu, L, 30):
    worst = np.maximum(worst, nesterov_factor(rates * curvature, momenta))
i, j = np.unravel_index(worst.argmin(), worst.shape)
root = np.sqrt(3 * L / mu + 1)
best = 4 / (3 * L + mu), (root - 2) / (root + 2)
print(f"search:  η {rates[i, 0]:.3f}, β {momenta[j]:.3f}, factor per step {worst[i, j]:.4f}")
print(f"formula: η {best[0]:.3f}, β {best[1]:.3f}, factor per step {1 - 2 / root:.4f}")

# %% [markdown] name="race-task"
# Now a race on this valley: three run with the best pair of their method, one with Nesterov's usual η = 1/L and β = 0.9.
#
# 1. Who has the lowest loss after 10 steps, after 40 and after 100?
# 2. Make one learning rate after the other 1.2 times as large. Which of the four still settle?

# %% name="race"
from course.explorers import Race

pairs = {
    "plain, best": (2 / (L + mu), 0.0),
    "momentum, best": ((2 / 1.1) ** 2, (9 / 11) ** 2),  # chapter 04, for κ = 100
    "Nesterov, best": best,
    "Nesterov, usual": (1 / L, 0.9),
}
runners = [
    {"name": name, "learning_rate": rate, "momentum": momentum, "nesterov": "Nesterov" in name}
    for name, (rate, momentum) in pairs.items()
]
valley = bowl(L / mu)
Race(valley, runners, steps=120)

# %% name="race-numbers" jupyter={"source_hidden": true}
print(f"{'loss after':15}   10      40     100    largest / first   with 1.2 η")
for name, (rate, momentum) in pairs.items():
    rule = nesterov_momentum if "Nesterov" in name else heavy_ball
    loss, longer = (
        valley.loss(walk(valley, 120, by * rate, momentum, rule=rule).points) for by in (1, 1.2)
    )
    end = "settles" if longer[-1] < loss[0] else "diverges"
    print(f"{name:15}", *(f"{loss[k]:.1e}" for k in (10, 40, 100)), end="")
    print(f"{loss.max() / loss[0]:12.1f}         {end}")

# %% [markdown] name="race-answer"
# *The picture: the paths into the valley, momentum's the widest; and the losses, of which the usual pair's falls at once and then swings, momentum's
# first rises, then falls most steeply, and plain descent's lags far behind.*
#
# The usual pair, then Nesterov's best, then momentum's: a best pair is best *in the long run*. There the
# [heavy ball](16_glossary.ipynb#Heavy-ball) wins on parabolas, so "converges faster" is wrong as it stands; but its loss first rises to 13 times
# the start's, Nesterov's to 1.8 times. And only the usual pair bears a larger η: each best η lies just below its edge.

# %% [markdown] name="cycle"
# ### Beyond parabolas: is the best pair safe?
#
# Take one weight and a slope in three straight pieces: curvature 25, but 1 on the stretch from w = 1 to 2 (Lessard, Recht & Packard 2016).
# The loss is convex, with one minimum, at w = 0.
#
# > 05.cycle

# %% name="cycle-run"
def kinked_slope(w):
    """Curvature 25, and 1 between w = 1 and w = 2."""
    return np.where(w < 1, 25 * w, np.where(w < 2, w + 24, 25 * w - 24))


kinked = Surface("kinked", None, kinked_slope, np.array([3.3]), np.array([0.0]))
root = np.sqrt(3 * 25 + 1)
ball = walk(kinked, 60, (2 / (5 + 1)) ** 2, ((5 - 1) / (5 + 1)) ** 2).points[:, 0]
look_ahead = walk(kinked, 60, 4 / 76, (root - 2) / (root + 2), rule=nesterov_momentum).points[:, 0]
figure, axes = plt.subplots(figsize=(8, 2.8))
for look, path in ((MOMENTUM, ball), (NESTEROV, look_ahead)):
    axes.plot(path, look.line, color=look.colour, marker=look.marker, ms=3, lw=1, label=look.label)
axes.set(xlabel="step", ylabel="w", ylim=(-4, 5))
axes.legend(loc="upper right", ncols=2)
plt.show()
print("momentum, steps 55 to 60:", *(f"{w:.3f}" for w in ball[55:]))
print(f"Nesterov, step 60: within 1e-6 of the minimum: {abs(look_ahead[60]) < 1e-6}")

# %% [markdown] name="cycle-answer"
# *The picture: after a few steps momentum repeats the same three positions, above and below the minimum, to the end; Nesterov swings a
# few times and rests.*
#
# Never: it cycles through three points, 0.647, −1.802 and 2.116. The pair was tuned for parabolas, and the flat stretch returns the ball in just
# the wrong phase. Nesterov with *its* best pair converges.

# %% [markdown] name="promise"
# ### The famous 1/k²
#
# What made Nesterov's paper famous is a promise for *every* convex loss with curvature up to L, even with no lowest curvature μ: after k steps
#
# $$ f(w_k) - f_{\min} \;\le\; \frac{2L\,|w_0 - w_{\min}|^2}{(k+1)^2}\,, $$
#
# where plain descent promises 1/k only. The proof needs η ≤ 1/L and a momentum that **grows**, such as $\beta_k = (k-1)/(k+2)$ after
# k steps (Su, Boyd & Candès 2016). Keras's β is a constant. Take 400 directions with curvatures from 10⁻⁶ to 1, all weights one unit from the minimum.
#
# > 05.promise

# %% name="promise-run"
flat = quadratic(np.geomspace(1e-6, 1, 400), start=np.ones(400))
w, v, growing = flat.start, np.zeros(400), [flat.loss(flat.start)]
for k in range(1000):  # k steps are behind; v is 0 before the first
    w, v = original_nesterov(w, v, flat.gradient, 1.0, (k - 1) / (k + 2))
    growing.append(flat.loss(w))
losses = {
    "plain": flat.loss(walk(flat, 1000, 1.0).points),
    "β = 0.9": flat.loss(walk(flat, 1000, 1.0, 0.9, rule=nesterov_momentum).points),
    "β grows": np.array(growing),
}
for name, loss in losses.items():
    print(f"{name:8}", *(f"loss at step {k}: {loss[k]:.1e}" for k in (10, 100, 1000)), sep="  ")
k = np.arange(1001)
bound = 2 * 400 / (k + 1) ** 2
print("the promise holds at each step for growing β:", bool(np.all(losses["β grows"] <= bound)))

# %% name="promise-figure" jupyter={"source_hidden": true}
figure, axes = plt.subplots()
looks = (PLAIN.colour, "-"), (NESTEROV.colour, NESTEROV.line), (NESTEROV.colour, "-.")
for (name, loss), (colour, line) in zip(losses.items(), looks):
    axes.loglog(k[1:], loss[1:], line, color=colour, label=name)
axes.loglog(k[1:], bound[1:], color="0.7", lw=1, label="promise, 2L|w|²/(k + 1)²")
axes.set(xlabel="step k", ylabel="loss", ylim=(1e-5, 1e2))
axes.legend()
plt.show()

# %% [markdown] name="promise-answer"
# *The picture, both axes logarithmic: plain descent is nearly a straight line; β = 0.9 falls faster at first and then runs parallel to
# it, ten times lower; growing β is steeper, crosses β = 0.9 between steps 10 and 100, and stays below the promise.*
#
# From step 100 to 1000 plain and constant β both fall to about a tenth: that is 1/k, for β = 0.9 with ten times the rate η/(1 − β).
# Growing β falls to about a hundredth: 1/k². So "Keras's `nesterov` converges like 1/k²" is not what the theorem says. For the first
# dozens of steps constant 0.9 is ahead, and with noisy gradients and a constant η every method ends on a floor (chapter 02).

# %% [markdown] name="surprise-zero"
# ### `nesterov=True` and no momentum
#
# > 05.zero

# %% name="surprise-zero-run"
def weights_of(gradient, steps, **arguments):
    """The one weight of `sgd.step` after each step, from w = 1; arguments as in Keras."""
    weights, path = [np.array([1.0], "float32")], []
    state = sgd.initial_state(weights)
    for _ in range(steps):
        weights, state = sgd.step(weights, [gradient(weights[0])], state, **arguments)
        path.append(round(float(weights[0][0]), 4))
    return path


print("nesterov, momentum 0:  ", *weights_of(lambda w: w, 3, learning_rate=0.1, nesterov=True))
print("plain descent:         ", *weights_of(lambda w: w, 3, learning_rate=0.1))

# %% [markdown] name="surprise-zero-answer"
# Plain descent, in silence: momentum's default is 0.0, there is no glide, and here and there are one point. PyTorch raises
# "Nesterov momentum requires a momentum and zero dampening"; `course.SGD` warns.

# %% [markdown] name="surprise-weights"
# ### The weights you save are the look-ahead points
#
# `model.get_weights()` gives θ, not the original's w = θ − βv. At rest v = 0 and they agree; with noisy gradients v never rests. For w
# the floor is chapter 04's formula with β′ = β(1 − ηλ), and for θ = w + βv a little algebra gives
#
# $$ \mathbb E\,w^2 = \frac{\eta\sigma^2}{\lambda}\cdot\frac{1+\beta'}{(1-\beta')\,(2(1+\beta')-\eta\lambda)}, \qquad
#    \mathbb E\,\theta^2 = \Bigl(1 + \frac{2\beta(1+\beta)\,\eta\lambda}{1+\beta'}\Bigr)\,\mathbb E\,w^2 . $$
#
# <details><summary>Where the second comes from</summary>
#
# $\mathbb E\,\theta^2 = \mathbb E\,w^2 + 2\beta\,\mathbb E\,wv + \beta^2\,\mathbb E\,v^2$. Chapter 04 found
# $\mathbb E\,wv = \tfrac12\mathbb E\,v^2$ and $\mathbb E\,wv = \eta\lambda\,\mathbb E\,w^2/(1+\beta)$, here with β′ for β. So the sum is
# $\mathbb E\,w^2 + (2\beta + 2\beta^2)\,\eta\lambda\,\mathbb E\,w^2/(1+\beta')$.
# </details>
#
# > 05.lowest_floor

# %% name="surprise-weights-run"
def floor(rate, momentum):
    """E w² for λ = σ = 1 with momentum; chapter 04."""
    return rate * (1 + momentum) / ((1 - momentum) * (2 * (1 + momentum) - rate))


random, squares = np.random.default_rng(6), []
w, v, theta, velocity = np.zeros((4, 4000))
for step in range(1500):
    noise = random.normal(size=4000)
    w, v = heavy_ball(w, v, w + noise, 0.1, 0.9)
    theta, velocity = nesterov_momentum(theta, velocity, theta + noise, 0.1, 0.9)
    squares.append([np.mean(x**2) for x in (w, theta - 0.9 * velocity, theta)])
kept = 0.9 * (1 - 0.1)
ahead = floor(0.1, kept) * (1 + 2 * 0.9 * 1.9 * 0.1 / (1 + kept))
names, formulas = ("momentum", "original w", "Keras's θ"), (floor(0.1, 0.9), floor(0.1, kept), ahead)
for name, measured, formula in zip(names, np.mean(squares[500:], axis=0), formulas):
    print(f"{name:11} measured {measured:.3f}, formula {formula:.3f}")

# %% [markdown] name="surprise-weights-answer"
# The original w's. The brake calms noise in steep directions, too, and halves it here; looking ahead adds a fifth to that. In flat
# directions (ηλ near 0) all three floors are equal. As η falls, the bracket goes to 1: at the end of a schedule it does not matter which
# one you save.

# %% [markdown] name="surprise-frozen"
# ### Changing `optimizer.momentum` mid-run
#
# `optimizer.learning_rate = 0.01` works between two calls of `fit` (chapter 03). Keras accepts the same with `momentum`. Take the loss
# w² from w = 1 and `fit` three steps with momentum 0.9; then set `optimizer.momentum = 0.0` and `fit` three more.
#
# > 05.frozen

# %% name="surprise-frozen-run"
settings = {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}
steps = weights_of(lambda w: 2 * w, 6, **settings)
print("three steps with momentum 0.9:", *steps[:3])
print("three more with 0.9:          ", *steps[3:])
print("three more with 0:            ", *(round(steps[2] * 0.9**k, 4) for k in (1, 2, 3)))

# %% [markdown] name="surprise-frozen-answer"
# The one with 0.9, as if nothing had been set: momentum is a Python number, and the compiled step has read it for good.
#
# <details><summary>The same in Keras itself (run with Keras 3.15 on TensorFlow; a test holds the numbers)</summary>
#
#     optimizer = keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True)
#     model.compile(optimizer, loss="mse")          # one weight, x = 1, y = 0: the loss is w²
#     model.fit(x, y, epochs=3)                     # w: 0.81, 0.5751, 0.3273
#     optimizer.momentum = 0.0
#     model.fit(x, y, epochs=3)                     # w: 0.0939, -0.1046, -0.2549: still 0.9
#
# With `model.compile(optimizer, loss="mse")` once more after the assignment, it is heeded: 0.2946, 0.2651, 0.2386. In a loop of your own
# that is not compiled, it is heeded at once.
# </details>
#
# So within one `fit` Keras's β is constant. This is why its two lines are exactly Nesterov's method, and also why they cannot follow the
# growing β of the 1/k² promise.

# %% [markdown] name="questions"
# ## Three questions to take along
#
# ? 05.source
#
# ? 05.too_far
#
# ? 05.flat

# %% [markdown] name="sources"
# **Sources.** Yu. E. Nesterov, *A method of solving a convex programming problem with convergence rate O(1/k²)*, 1983,
# [mathnet.ru/eng/dan46009](https://www.mathnet.ru/eng/dan46009). · I. Sutskever, J. Martens, G. Dahl, G. Hinton, *On the importance of
# initialization and momentum in deep learning*, ICML 2013,
# [proceedings.mlr.press/v28/sutskever13](https://proceedings.mlr.press/v28/sutskever13.html) (the velocity form; β(1 − ηλ) on parabolas).
# · Y. Bengio, N. Boulanger-Lewandowski, R. Pascanu, *Advances in optimizing recurrent networks*, 2013,
# [arXiv:1212.0901](https://arxiv.org/abs/1212.0901) (Keras's form). · L. Lessard, B. Recht, A. Packard, *Analysis and design of
# optimization algorithms via integral quadratic constraints*, 2016, [doi:10.1137/15M1009597](https://doi.org/10.1137/15M1009597) (best
# pairs; the cycle). · W. Su, S. Boyd, E. Candès, *A differential equation for modeling Nesterov's accelerated gradient method*, 2016,
# [arXiv:1503.01243](https://arxiv.org/abs/1503.01243) (growing β). · J. Cohen, S. Kaur, Y. Li, J. Z. Kolter, A.
# Talwalkar, *Gradient descent on neural networks typically occurs at the edge of stability*, 2021,
# [arXiv:2103.00065](https://arxiv.org/abs/2103.00065). · PyTorch, `torch/optim/sgd.py`. · Keras 3.15,
# `keras/src/optimizers/sgd.py`.
