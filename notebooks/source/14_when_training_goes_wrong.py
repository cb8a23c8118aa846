# %% [markdown] name="title"
# # 14 · My loss is nan / flat / jumping
#
# **What is the symptom, what do you look at, and what do you change?**
#
# A page to come back to: find your row, then read its section. Each symptom is made below on purpose, or held by a test of the course.
#
# | | symptom | look at | most often | do |
# |--:|---|---|---|---|
# | 1 | first loss far above ln(classes); in regression, nan at once | range of inputs and targets | they are not scaled | scale to about 1, then a *fresh* model |
# | 2 | nan or inf after some steps, the loss grew before | the losses before it | steps too long | `learning_rate` down tenfold, perhaps twice, each time a fresh model |
# | 3 | nan out of the blue, or at step 0 | that batch; data, weights | a nan in the data, log 0 | remove it, fresh model |
# | 4 | an error about a label (on GPUs nan is reported) | `np.unique(labels)` | labels 1 … n, not 0 … n − 1 | subtract 1 |
# | 5 | first loss too high though inputs are scaled, soon flat, accuracy near guessing | last layer and loss | logits taken for probabilities | `from_logits=True` |
# | 6 | flat where it began, noisy; tiny updates | update / weight | steps too short, schedule at its end | `learning_rate` up |
# | 7 | flat near ln(classes) for good | dead units, size of the weights | first steps too long, too much decay | fresh model with a smaller `learning_rate`; `weight_decay` down |
# | 8 | flat near ln(classes), units alive, usual updates | a few examples by eye | labels of other inputs | pair them again |
# | 9 | flat lower than ln(classes), accuracy "good" | entropy of the class shares | rows 6 to 8, rare classes | as there |
# | 10 | jumps at every step | spread at a quarter of the rate | gradient noise | `learning_rate` or `momentum` down, larger batch, `use_ema` |
# | 11 | swings over many steps | whether changes repeat | too little friction | `momentum` down |
# | 12 | a spike once an epoch | the last batch's size | it is short, the loss not a mean | a mean, `drop_remainder=True` |
# | 13 | training smooth, validation far above or jumping | the same images in both | BatchNormalization's moving statistics; with `use_ema`, raw weights (chapter 08) | `BatchNormalization(momentum=0.9)`, more steps |
# | 14 | good, then suddenly bad | the gradient's length | a cliff, a bad batch | `global_clipnorm` |
# | 15 | flat in float16 only | gradients that are exactly 0 | underflow | `loss_scale_factor` (chapter 10) |
# | 16 | nan or inf in float16 only | largest values, logarithms | overflow; an epsilon of 10⁻⁷ that rounds away | loss and last layer in float32 (chapter 10) |

# %% [markdown] name="order"
# **If no row fits,** look in this order. 1. *Step 0:* is the loss finite, and near ln(classes)? 2. *One batch, many steps:* can the network learn 32 images by heart (last code cell)? If
# not, it is no question of tuning. 3. *The learning rate*, by factors of ten both ways (chapter 12). 4. *The gradient's length* over the run: flat, falling, or with spikes? 5. Only now the other arguments, one at a time.

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np

from course import figures, sgd
from course.digits import load_digits
from course.learner.predict import predict

figures.use_course_style()
images, labels = load_digits()

# %% [markdown] name="network"
# ## The network
#
# One hidden layer of 32 units, ten classes; in the folded cells `train` takes Keras's arguments and returns losses, lengths of the gradient and weights.

# %% name="network-code" jupyter={"source_hidden": true}
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

# %% name="train-code" jupyter={"source_hidden": true}
def train(steps=400, batch=32, inputs=images, targets=labels, watch=None, bad_step=None, **arguments):
    """Train with SGD's arguments; returns (losses, gradient lengths, weights).

    watch: images whose loss is recorded (None: each batch's); bad_step: when inputs are 200 times too large.
    """
    random, weights = np.random.default_rng(0), network()
    state, losses, lengths = sgd.initial_state(weights), [], []
    for step in range(steps):
        rows = random.integers(0, 1400, batch)
        x = inputs[rows] * (200 if step == bad_step else 1)
        with np.errstate(all="ignore"):
            loss, gradients = loss_and_gradients(weights, x, targets[rows])
            if watch is not None:
                loss, *_ = forward(weights, inputs[watch], targets[watch])
            weights, state = sgd.step(weights, gradients, state, **arguments)
        losses.append(loss)
        lengths.append(np.sqrt(sum(np.square(g).sum() for g in gradients)))
    return np.array(losses), np.array(lengths), weights

# %% name="healthy-run"
healthy, lengths, weights = train(learning_rate=0.3)
print(f"healthy: loss {healthy[0]:.2f} at step 0, {healthy[-100:].mean():.2f} at the end;", end=" ")
print(f"gradient length {lengths[0]:.2f}; ln 10 = {np.log(10):.3f}")

# %% [markdown] name="network-words"
# Two numbers to know: a classifier that knows nothing has a loss near **ln(classes)**, here 2.303; and the gradient's usual length tells what "exploding" means for *your* network.

# %% [markdown] name="nan"
# ## nan or inf (rows 1 to 4)
#
# > 14.thirty

# %% name="nan-run"
raw = {"inputs": images * 255, "learning_rate": 0.3}
runs = {
    "rate 30": train(learning_rate=30.0),
    "rate 30, global_clipnorm=1": train(learning_rate=30.0, global_clipnorm=1.0),
    "rate 0.3": train(learning_rate=0.3),
    "pixels to 255": train(**raw),
    "pixels to 255, global_clipnorm=1": train(**raw, global_clipnorm=1.0),
}
for name, (losses, lengths, _) in runs.items():
    start, end = ", ".join(f"{loss:.1f}" for loss in losses[:3]), losses[-100:].mean()
    end = f"about {end:.1g}" if end < 2.5 else "worse than guessing"  # more digits depend on the processor
    print(f"{name:33} loss {start} …, at the end {end}; first gradient {lengths[0]:.1f}")

# %% [markdown] name="nan-answer"
# No: even with the clip it ends *worse than guessing*: each step may still be 30 long, where all weights together have length 9 (table below). A smaller rate does, from a fresh model (3 is still too large, as row 7 shows below). That 30 is too large shows after its *first* step, at 77.9.
#
# With raw pixels the first loss is the sign, 125. After two steps at inf the units are dead and the line is flat (rows 6 to 9 below). A clip brings about 1, scaled inputs 0.07. In regression scale the targets, too.
#
# Now one pixel of one image is nan. What says so in Keras?

# %% name="poison-run"
dirty = images.copy()
dirty[746, 0] = np.nan
losses, _, _ = train(inputs=dirty, learning_rate=0.3)
when = int(np.isnan(losses).argmax())
print(f"loss {losses[when - 1]:.2f} at step {when - 1}, nan at step {when},", end=" ")
print(f"nan ever after: {np.isnan(losses[when:]).all()}")

from course.quietly import keras
import tensorflow as tf


def fitted(*hidden, last="softmax", x=images[:1400], y=labels[:1400], epochs=1, batch_size=32, **fitting):
    """A small classifier after `fit` on 1400 digits, and the history of its losses."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((64,)), *hidden, keras.layers.Dense(10, last)])
    model.compile(keras.optimizers.SGD(0.3), "sparse_categorical_crossentropy")
    return model, model.fit(x, y, batch_size, epochs, verbose=0, **fitting).history


units = keras.layers.Dense(32, "tanh")
fitted(units, x=dirty[:1400], callbacks=[keras.callbacks.TerminateOnNaN()])
print("weights are finite:", np.isfinite(units.get_weights()[0]).all())
try:
    tf.debugging.assert_all_finite(dirty, "inputs")
except tf.errors.InvalidArgumentError as error:
    print("assert_all_finite:", error.message.split("} ")[-1].split(" [Op")[0])

# %% [markdown] name="poison-answer"
# All was well until that batch came; then every weight that it reached is nan for good. `clipvalue` and `clipnorm` do not help, and
# `global_clipnorm` spreads it to all variables (chapter 07). `TerminateOnNaN` stops `fit` there. But look at the *weights*, too: on our processor (not shown) a ReLU
# in `fit` turned nan into 0, and the loss stayed flat at 2.3 while the first layer's kernel had a row of nan. `tf.debugging.enable_check_numerics()` stops at the operation that makes the first nan.
#
# ## Logits or probabilities? (row 5)
#
# > 14.logits

# %% name="logits-run"
for epochs in (0, 1, 3):
    model, _ = fitted(keras.layers.Dense(32, "relu"), last=None, epochs=epochs)
    print(f"after {epochs} epochs: {model.evaluate(images[:1400], labels[:1400], verbose=0):.1f}")

# %% [markdown] name="logits-answer"
# Keras says nothing, and training does not mend it: 9.1 where 2.3 was due, and soon flat. (The opposite, `from_logits=True` after a softmax, it notices: it warns, and computes the right loss; a test holds it.)

# %% [markdown] name="flat"
# ## Flat (rows 6 to 9)
#
# > 14.dead

# %% name="flat-run"
shuffled = np.random.default_rng(1).permutation(labels)
runs = {
    "learning_rate=0.0001": train(learning_rate=0.0001),
    "learning_rate=3": train(learning_rate=3.0),
    "weight_decay=1": train(learning_rate=0.3, weight_decay=1.0),
    "labels shuffled": train(learning_rate=0.3, targets=shuffled),
    "healthy": train(learning_rate=0.3),
}
print(f"{'':22}{'mean loss':>10}{'spread':>9}{'dead units':>12}{'size of w':>11}{'update / w':>12}")
for name, (losses, lengths, weights) in runs.items():
    alive = (images @ weights[0] + weights[1] > 0).any(axis=0).sum()
    size = np.sqrt(sum(np.square(w).sum() for w in weights))
    rate = {"learning_rate=0.0001": 0.0001, "learning_rate=3": 3.0}.get(name, 0.3)
    update = rate * lengths[-100:].mean() / size
    late = losses[-100:]
    print(f"{name:22}{late.mean():10.3f}{late.std():9.3f}{32 - alive:12}{size:11.1f}{update:12.1e}")

rare = (labels == 8).astype(int)
shares = np.bincount(rare[:1400]) / 1400
losses, _, weights = train(learning_rate=3.0, targets=rare)
right = forward(weights, images, rare)[2].argmax(axis=1) == rare
print(f"is it an 8? entropy {-shares @ np.log(shares):.2f},", end=" ")
print(f"loss {losses[-100:].mean():.2f}, accuracy {right.mean():.2f}")

# %% [markdown] name="flat-answer"
# - **0.0001** is noisy: an untrained network that sees another batch at each step. Each update is a hundred-thousandth of the weights; in the healthy run it is nearly a hundredth.
# - **3**: all 32 units are [dead](16_glossary.ipynb#Dead-unit). Over the first steps, all far too long, one unit after the other is pushed to where ReLU is zero for every image, and there is no gradient to come back. *Lowering the
#   rate now does not help*: start again with a smaller one. A warm-up of 50 steps (chapter 03) to the same 3 kills nearly all of them, too, only later; to 1.2 it saves nearly half of those that would die.
# - **Decay** is calm: its units live, its weights are nearly gone.
# - **Shuffled labels** look healthy, but for the loss.
#
# With imbalanced classes a network that knows nothing predicts the class *shares*: its loss is their entropy −Σ p ln p, and its accuracy looks fine. Compute
# that first: 90 % right is here a network most of whose units are dead.

# %% [markdown] name="jumping"
# ## Jumping (rows 10 and 11)
#
# The loss of the *batch* always jumps, because every batch is another one. So watch images that stay the same.
#
# > 14.waves

# %% name="jumping-run"
fixed = np.arange(0, 1400, 7)
noisy, _, _ = train(learning_rate=0.5, batch=4, watch=fixed)
swinging, _, _ = train(learning_rate=0.03, momentum=0.995, watch=fixed)
figure, axes = plt.subplots()
axes.semilogy(noisy, "-", color="0.5", lw=1, label="A")
axes.semilogy(swinging, "--", color=figures.MOMENTUM.colour, label="B")
axes.set(xlabel="step", ylabel="loss of the same 200 images")
axes.minorticks_off()
axes.set_yticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5"])
axes.legend(loc="lower left")
plt.show()


def persistence(losses):
    """Correlation of each change of the loss with the next one, in the last 200 steps."""
    changes = np.diff(losses[-200:])
    return np.corrcoef(changes[:-1], changes[1:])[0, 1]


falling, _, _ = train(learning_rate=0.02, batch=4, watch=fixed)
for name, losses in (("A", noisy), ("B", swinging), ("A with rate 0.02", falling)):
    late = losses[-200:]
    print(f"{name:17} spread {late.std():.2f}, five steps later {np.corrcoef(late[:-5], late[5:])[0, 1]:+.2f},", end=" ")
    print(f"changes {persistence(losses):+.2f}")

# %% [markdown] name="jumping-answer"
# *The picture: two losses over 400 steps on a log scale. A, solid and grey, jumps at nearly every step, with peaks several times its usual height; B, dashed, rises and falls in smooth waves, some ten to fifty steps long.*
#
# A is **noise**: after a rise comes a fall. B is a **ball with almost no friction**: a rise goes on. So correlate the *changes*: about 0 or below is noise, near 1 a
# wave, if the loss also rises (a smooth fall has nearly 1, too). The loss itself, five steps later, misleads: as it *falls*, noise at rate 0.02 has +1.00, as any trend has.
#
# Noise wants a smaller learning rate, a larger batch or an average; a wave more friction, or a smaller η/(1 − β):

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
# All four help.
#
# ## Once an epoch, and in validation only (rows 12 and 13)
#
# A last batch of 2 after batches of 32 has a gradient four times as noisy (chapter 02), which gives a small spike. A large one comes from a loss that is not a mean: divided by the batch's size twice, the last step is also 16 times
# too long (a test holds both).
#
# BatchNormalization trains with the batch's mean and variance, and validates with *moving* ones, of which Keras keeps 0.99 at each step.
#
# > 14.moving

# %% name="norm-run"
for momentum in (0.99, 0.9):
    hidden = keras.layers.Dense(32), keras.layers.BatchNormalization(momentum=momentum), keras.layers.ReLU()
    same = images[:1400], labels[:1400]
    _, history = fitted(*hidden, epochs=5, batch_size=140, validation_data=same)
    for name in ("loss", "val_loss"):
        print(f"momentum {momentum:<5}{name:9}", *(f"{loss:.2f}" for loss in history[name]))

# %% [markdown] name="norm-answer"
# Only `val_loss`: training does not use the moving statistics. At 0.99 these remember 100 steps, and an epoch has 10; at 0.9 they remember 10.
#
# ## Good, then suddenly bad (row 14)
#
# > 14.bad_batch

# %% name="cliff-run"
for name, arguments in (("no clip", {}), ("global_clipnorm=1", {"global_clipnorm": 1.0})):
    losses, lengths, _ = train(steps=200, bad_step=100, learning_rate=0.3, **arguments)
    print(f"{name:18} length at step 99 {lengths[99]:.1f}, at 100 {lengths[100]:.0f};", end=" ")
    print(f"loss before {losses[80:100].mean():.2f}, after {losses[101:121].mean():.2f}, at the end {losses[-20:].mean():.2f}")

# %% [markdown] name="cliff-answer"
# Gone, as far as one can see. The sign is the gradient's length, a hundred times the usual one at *one* step. A clip a little above the usual length costs nothing on
# ordinary steps and takes the bad one down to size. The length in Keras:

# %% name="length-run"
def gradient_length(model, x, y):
    """The length of all gradients of a Keras model's loss together, on one batch."""
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, y, model(x, training=True))
    return float(tf.linalg.global_norm(tape.gradient(loss, model.trainable_variables)))


model, _ = fitted(keras.layers.Dense(32, "relu"))
for name, scale in (("usual", 1), ("bad", 200)):
    print(f"{name:6} batch: length {gradient_length(model, scale * images[:32], labels[:32]):.1f}")

# %% [markdown] name="heart"
# ## Thirty-two images by heart (if no row fits)

# %% name="by-heart"
weights, losses = network(), []
state = sgd.initial_state(weights)
for _ in range(300):
    loss, gradients = loss_and_gradients(weights, images[:32], labels[:32])
    weights, state = sgd.step(weights, gradients, state, learning_rate=0.3)
    losses.append(loss)
print(f"32 images by heart: loss {losses[0]:.2f} -> {losses[-1]:.3f}")

# %% [markdown] name="questions"
# ## Ten real questions
#
# Where does the table lead? Ten questions from public forums. "Said there": the cause was found in the thread. "Our reading": we know of no answer there.
#
# | question | symptom | row | cause |
# |---|---|--:|---|
# | [stats.stackexchange.com/questions/284189](https://stats.stackexchange.com/questions/284189/simple-linear-regression-in-keras) | regression with default SGD, nan in every epoch | 1 | not scaled; said there |
# | [datascience.stackexchange.com/questions/15962](https://datascience.stackexchange.com/questions/15962/why-is-learning-rate-causing-my-neural-networks-weights-to-skyrocket) | loss from thousands to a trillion to nan | 2 | a tenth of the learning rate mends it; said there |
# | [tensorflow/issues/15962](https://github.com/tensorflow/tensorflow/issues/15962) | nan on a GPU with 101 classes | 4 | labels from 1 to 101; said there |
# | [tensorflow/docs/pull/2102](https://github.com/tensorflow/docs/pull/2102) | accuracy near 0.3 where guessing has 0.25 | 5 | `from_logits=True` was missing; said there |
# | [tensorflow/issues/48308](https://github.com/tensorflow/tensorflow/issues/48308) | the same loss from the first epoch on | 6 | a schedule that was misused; said there |
# | [tensorflow/issues/12287](https://github.com/tensorflow/tensorflow/issues/12287) | up to 10.7 in ten steps, then 0.6931 for good | 7 | dead units, first steps too long; our reading |
# | [datascience.stackexchange.com/questions/19283](https://datascience.stackexchange.com/questions/19283/why-mlp-only-learns-bias-for-unbalanced-binary-classification) | 88.4 % right after two epochs, always "no" | 9 | it knows the shares only; our reading |
# | [stackoverflow.com/questions/47824598](https://stackoverflow.com/questions/47824598/why-does-my-training-loss-have-regular-spikes/47839270) | a spike every 1390 steps, once an epoch | 12 | a loss divided by the batch twice, a short last batch; said there |
# | [keras/issues/10666](https://github.com/keras-team/keras/issues/10666) | validation goes up and down by half, not without BatchNormalization | 13 | its momentum 0.99, 0.9 mends it; said there |
# | [keras/issues/11832](https://github.com/keras-team/keras/issues/11832) | float16: down for ten batches, then inf and nan | 16 | an epsilon of 10⁻⁷, 10⁻⁴ mends it; said there |

# %% [markdown] name="way-on"
# **Your turn.** [Exercise 14](../exercises/14_when_training_goes_wrong.ipynb): read learning rate and momentum from a log, find the argument that is
# to blame, and write a test that catches broken optimizers.
#
# **Further.** [Cheat sheet](15_cheat_sheet.ipynb) · [Glossary](16_glossary.ipynb) ·
# A. Karpathy, *A recipe for training neural networks*, 2019,
# [karpathy.github.io/2019/04/25/recipe](https://karpathy.github.io/2019/04/25/recipe/) (the habit of looking in order).
