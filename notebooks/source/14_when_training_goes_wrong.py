# %% [markdown] name="title"
# # 14 · My loss is nan / flat / jumping
#
# **What is the symptom, what do you look at, and which argument is it?**
#
# A page to come back to. Each symptom is made here on purpose, in a small network on real digits, so that you have seen it
# once before you meet it at night. Every run below takes a fraction of a second.
#
# | symptom | look at | most often | argument |
# |---|---|---|---|
# | nan or inf at once, at step 0 | the data, the loss function | a nan in the input, log 0 | none |
# | nan or inf after some steps | the loss just before it | steps too long | `learning_rate` down, or `global_clipnorm` |
# | flat at the start value, noisy | the loss over ten times as many steps | steps too short | `learning_rate` up |
# | flat near ln(number of classes), for good | dead units, size of the weights | too long at the start, or too much decay | `learning_rate`, `weight_decay` |
# | jumps at every step | the spread at half the rate | gradient noise | `learning_rate` or `momentum` down, larger batch, `use_ema` |
# | swings over many steps | whether the loss remembers itself | too little friction | `momentum` down |
# | good, then suddenly bad | the gradient's length over time | a cliff, a bad batch | `global_clipnorm` |
# | flat in float16 only | how many gradients are exactly 0 | underflow | `loss_scale_factor` (chapter 10) |

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np

from course import figures, sgd
from course.digits import load_digits

figures.use_course_style()
images, labels = load_digits()

# %% [markdown] name="network"
# ## The patient
#
# One hidden layer of 32 units, ten classes, `sgd.step` from this course as the optimizer, with Keras's arguments. Two things are
# recorded at every step that a training loop should show you anyway: the loss, and the length of the gradient.

# %% name="network-code"
def network(seed=0):
    """Weights and biases of 64 inputs, 32 hidden units and 10 classes."""
    random = np.random.default_rng(seed)
    first, second = random.normal(size=(64, 32)), random.normal(size=(32, 10))
    return [first * np.sqrt(2 / 64), np.zeros(32), second * np.sqrt(2 / 32), np.zeros(10)]


def forward(weights, x, y):
    """Mean cross-entropy of a batch, its hidden units and the probabilities of the classes."""
    w1, b1, w2, b2 = weights
    hidden = np.maximum(x @ w1 + b1, 0)
    logits = hidden @ w2 + b2
    parts = np.exp(logits - logits.max(axis=1, keepdims=True))
    parts /= parts.sum(axis=1, keepdims=True)
    return -np.log(parts[np.arange(len(y)), y]).mean(), hidden, parts


def loss_and_gradients(weights, x, y):
    """Mean cross-entropy of a batch, and its gradient for each of the four arrays."""
    loss, hidden, parts = forward(weights, x, y)
    parts[np.arange(len(y)), y] -= 1
    parts /= len(y)
    back = (parts @ weights[2].T) * (hidden > 0)
    return loss, [x.T @ back, back.sum(axis=0), hidden.T @ parts, parts.sum(axis=0)]


# %% name="train-code"
def train(steps=400, batch=32, inputs=images, watch=None, **arguments):
    """Train with SGD's arguments; returns (losses, gradient lengths, weights).

    watch: images whose loss is recorded; None records that of each step's batch.
    """
    random, weights = np.random.default_rng(0), network()
    state, losses, lengths = sgd.initial_state(weights), [], []
    for _ in range(steps):
        rows = random.integers(0, 1400, batch)
        with np.errstate(all="ignore"):
            loss, gradients = loss_and_gradients(weights, inputs[rows], labels[rows])
            if watch is not None:
                loss, *_ = forward(weights, inputs[watch], labels[watch])
            weights, state = sgd.step(weights, gradients, state, **arguments)
        losses.append(loss)
        lengths.append(np.sqrt(sum(np.square(g).sum() for g in gradients)))
    return np.array(losses), np.array(lengths), weights


healthy, lengths, weights = train(learning_rate=0.3)
print(f"healthy: loss {healthy[0]:.2f} at step 0, mean of the last 100 steps {healthy[-100:].mean():.2f}")
print(f"gradient length {lengths[0]:.2f} at step 0; ln 10 = {np.log(10):.3f}")

# %% [markdown] name="network-words"
# Two numbers to know by heart. A classifier that knows nothing has a loss near **ln(classes)**, here 2.303. And the gradient's usual
# length tells what "exploding" means for *your* network.

# %% [markdown] name="nan"
# ## nan or inf
#
# > **Predict:** with a learning rate of 30, a hundred times too large, when is the loss first not finite: at step 0, within five steps, or after
# > a hundred?

# %% name="nan-run"
losses, lengths, weights = train(learning_rate=30.0)
first = int(np.flatnonzero(~np.isfinite(losses))[0])
print(f"first not finite at step {first}; losses before it:", *(f"{x:.1f}" for x in losses[:first]))

dirty = images.copy()
dirty[746, 0] = np.nan  # one pixel of one image
losses, _, weights = train(inputs=dirty, learning_rate=0.3)
poisoned = np.isnan(losses)
when = int(poisoned.argmax())
print(f"one nan pixel: loss {losses[when - 1]:.2f} at step {when - 1}, nan at step {when},", end=" ")
print(f"nan ever after: {poisoned[when:].all()}")

# %% [markdown] name="nan-answer"
# Within five. The loss *before* it is the sign: 78, where ln 10 is normal. Steps were too long: divide the learning rate by ten.
#
# The second run has a harmless learning rate, and its losses were fine until the batch with the bad pixel came. One nan in one gradient makes
# every weight that it reaches nan, and no later step can mend that. So, in this order: is the loss finite at step 0? If not, it is
# the data or the loss function. Did it grow before it broke? Then it is the learning rate. Did it break out of the blue? Then look for that
# batch. `clipvalue` and `clipnorm` do not help against nan, and `global_clipnorm` spreads it to all variables (chapter 07).

# %% [markdown] name="flat"
# ## Flat
#
# Three runs that learn nothing. On a plot all three are a horizontal line near 2.3.
#
# > **Predict:** one has a learning rate of 0.0001, one of 3, one a weight decay of 1. Which of them is noisy, and which is calm?

# %% name="flat-run"
runs = {
    "learning_rate=0.0001": train(learning_rate=0.0001),
    "learning_rate=3": train(learning_rate=3.0),
    "weight_decay=1": train(learning_rate=0.3, weight_decay=1.0),
}
print(f"{'':22}{'mean loss':>10}{'spread':>9}{'dead units':>12}{'size of w':>11}{'update / w':>12}")
for name, (losses, lengths, weights) in {**runs, "healthy": train(learning_rate=0.3)}.items():
    alive = (np.maximum(images @ weights[0] + weights[1], 0) > 0).any(axis=0)
    size = np.sqrt(sum(np.square(w).sum() for w in weights))
    rate = {"learning_rate=0.0001": 0.0001, "learning_rate=3": 3.0}.get(name, 0.3)
    row = losses[-100:].mean(), losses[-100:].std(), 32 - alive.sum(), size
    print(f"{name:22}{row[0]:10.3f}{row[1]:9.3f}{row[2]:12}{row[3]:11.1f}{rate * lengths[-100:].mean() / size:12.1e}")

# %% [markdown] name="flat-answer"
# The first is noisy, because it is still an untrained network that sees another batch at each step; each of its updates is a hundred-thousandth
# of its weights; in the healthy run it is nearly a hundredth. **Raise the learning rate.**
#
# In the second all 32 hidden units are dead: one huge early step pushed them to where ReLU is zero for every image, and a unit that is
# always zero has no gradient to come back. The network now predicts the same for every image, and what still moves is the batches' mix of digits.
# *Lowering the learning rate now does not help*; start again with a smaller one, or warm up (chapter 03).
#
# The third is calm. Its units live, but its weights are nearly gone: decay pulls harder than the data. **Lower `weight_decay`.**

# %% [markdown] name="jumping"
# ## Jumping
#
# The loss of the *batch* always jumps, because every batch is another one. So watch the loss of images that stay the same.
#
# > **Predict:** one run below has a learning rate of 0.5 and batches of 4, the other a momentum of 0.995. Which of them jumps at every step, and
# > which goes in waves?

# %% name="jumping-run"
fixed = np.arange(0, 1400, 7)
noisy, _, _ = train(learning_rate=0.5, batch=4, watch=fixed)
swinging, _, _ = train(learning_rate=0.03, momentum=0.995, watch=fixed)
figure, axes = plt.subplots()
axes.plot(noisy, "-", color="0.5", lw=1, label="A")
axes.plot(swinging, "--", color=figures.MOMENTUM.colour, label="B")
axes.set(xlabel="step", ylabel="loss of the same 200 images", ylim=(0, 3))
axes.legend()
plt.show()


def remembers(losses, lag=5):
    """Correlation of the loss with itself `lag` steps later: near 0 for noise, near 1 for a wave."""
    return np.corrcoef(losses[-200:-lag], losses[-200 + lag :])[0, 1]


for name, losses in (("A", noisy), ("B", swinging)):
    print(f"{name}: spread {losses[-200:].std():.2f}, remembers itself after 5 steps: {remembers(losses):+.2f}")

# %% [markdown] name="jumping-answer"
# *The picture: A is a thin line that jumps up and down at nearly every step; B rises and falls in waves tens of steps long.*
#
# A is **noise**: five steps later it knows next to nothing of now. B is a **ball with almost no friction**: once up, it stays up for a while. The
# first wants a smaller learning rate, a larger batch or an average; the second more friction, or a smaller effective rate η/(1 − β).
# Here are the cures, each on its own run:

# %% name="jumping-cure"
cures = {
    "A": {"learning_rate": 0.5, "batch": 4},
    "A, learning rate / 4": {"learning_rate": 0.125, "batch": 4},
    "A, batch times 4": {"learning_rate": 0.5, "batch": 16},
    "B": {"learning_rate": 0.03, "momentum": 0.995},
    "B, momentum 0.9": {"learning_rate": 0.03, "momentum": 0.9},
    "B, learning rate / 4": {"learning_rate": 0.03 / 4, "momentum": 0.995},
}
for name, arguments in cures.items():
    losses, _, _ = train(watch=fixed, **arguments)
    print(f"{name:22} mean {losses[-200:].mean():.2f}  spread {losses[-200:].std():.2f}")

# %% [markdown] name="jumping-cure-answer"
# All four help. Noise and waves look alike in a plot of batch losses, and their cures differ: that is why it pays to watch a fixed set.

# %% [markdown] name="cliff"
# ## Good, then suddenly bad
#
# At step 100 the run below meets one bad batch, whose inputs are 200 times too large.
#
# > **Predict:** with `global_clipnorm=1`, is the damage gone, smaller, or the same?

# %% name="cliff-run"
def train_with_a_bad_batch(**arguments):
    """As `train`, but with one spoilt batch at step 100; returns losses and lengths."""
    random, weights = np.random.default_rng(0), network()
    state, losses, lengths = sgd.initial_state(weights), [], []
    for step in range(200):
        rows = random.integers(0, 1400, 32)
        inputs = images[rows] * (200 if step == 100 else 1)
        loss, gradients = loss_and_gradients(weights, inputs, labels[rows])
        weights, state = sgd.step(weights, gradients, state, learning_rate=0.3, **arguments)
        losses.append(loss), lengths.append(np.sqrt(sum(np.square(g).sum() for g in gradients)))
    return np.array(losses), np.array(lengths)


with np.errstate(all="ignore"):
    for name, arguments in (("no clip", {}), ("global_clipnorm=1", {"global_clipnorm": 1.0})):
        losses, lengths = train_with_a_bad_batch(**arguments)
        print(f"{name:18} length at step 99 {lengths[99]:.1f}, at 100 {lengths[100]:.0f};", end=" ")
        print(f"loss before {losses[80:100].mean():.2f}, after {losses[101:121].mean():.2f}, at the end {losses[-20:].mean():.2f}")

# %% [markdown] name="cliff-answer"
# Gone, as far as one can see. The gradient's length is the sign: it jumps at *one* step, a hundredfold. Without a clip that single step throws
# the network far away, and a hundred steps later it has still not made up for it. A clip a little above the usual length costs nothing on
# ordinary steps and takes the bad one down to size.

# %% [markdown] name="order"
# ## In which order to look
#
# 1. **Step 0.** Is the loss finite, and near ln(classes)? If not: data, labels, loss function.
# 2. **One batch, many steps.** Can the network learn 32 images by heart? If not, it is no question of tuning.
# 3. **The learning rate**, by factors of ten both ways, before any other argument (chapter 12 makes it a routine).
# 4. **The gradient's length** over the run: flat, falling, or with spikes?
# 5. Only now the others, one at a time.

# %% name="by-heart"
weights, losses = network(), []
state = sgd.initial_state(weights)
for _ in range(300):
    loss, gradients = loss_and_gradients(weights, images[:32], labels[:32])
    weights, state = sgd.step(weights, gradients, state, learning_rate=0.3)
    losses.append(loss)
print(f"32 images by heart: loss {losses[0]:.2f} -> {losses[-1]:.3f}")

# %% [markdown] name="way-on"
# **Further.** [Cheat sheet](15_cheat_sheet.ipynb) · [Glossary](16_glossary.ipynb) ·
# A. Karpathy, *A recipe for training neural networks*, 2019,
# [karpathy.github.io/2019/04/25/recipe](https://karpathy.github.io/2019/04/25/recipe/) (the habit of looking in order).
