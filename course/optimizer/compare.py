"""A learner's optimizer beside Keras's on the digits: whether their losses lie together, and why.

`compare_on_digits(with_rule(my_ball, momentum=0.9), keras.optimizers.SGD(momentum=0.9))`
"""

import numpy as np

from course.digits import load_digits
from course.quietly import keras

EPOCHS, BATCH, HIDDEN = 10, 64, 32
# Rounding alone moves a loss by less than 1e-5 of itself here; a slip in a rule by far more.
TOGETHER = 1e-3


def compare_on_digits(ours, theirs):
    """Train one small network with each optimizer; draw both losses, print what they show.

    ours, theirs: new Keras optimizers, such as `with_rule(my_rule, momentum=0.9)` and
                  `keras.optimizers.SGD(momentum=0.9)`.
    Errors: ValueError for an optimizer that has trained already; and whatever the learner's
            own function raises.
    """
    if ours.built or theirs.built:
        raise ValueError("An optimizer remembers what it has trained; make both of them anew.")
    steps, reason = _rehearsed(ours, theirs)
    yours, keras_s = _losses(ours), _losses(theirs)
    _draw(yours[:-1], keras_s[:-1])
    print(f"loss after {EPOCHS} epochs: yours {yours[-1]:.4f}, Keras's {keras_s[-1]:.4f}")
    if np.allclose(yours, keras_s, rtol=TOGETHER, atol=0):
        print("They lie together: your rule takes Keras's steps, up to rounding.")
        if steps:
            print(f"Yet they are not the same. {reason} The digits do not show it.")
    else:
        print(f"They lie apart. {reason}")


# ---- training ------------------------------------------------------------------------


def _losses(optimizer):
    """The mean loss over each epoch, then the loss after training: shape (EPOCHS + 1,)."""
    random = np.random.default_rng(0)
    images, labels = load_digits()
    order = random.permutation(len(labels))
    layers = [
        keras.layers.Input((64,)),
        keras.layers.Dense(HIDDEN, "tanh"),
        keras.layers.Dense(10, "softmax"),
    ]
    model = keras.Sequential(layers)
    # Drawn by NumPy, so that both start at the same weights and nobody's seed is touched.
    start = [random.normal(size=v.shape) * np.sqrt(2 / v.shape[0]) for v in model.weights]
    model.set_weights([array * (array.ndim > 1) for array in start])
    # A NumPy rule cannot run under XLA.
    model.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=False)
    given = {"batch_size": BATCH, "verbose": 0}
    history = model.fit(images[order], labels[order], epochs=EPOCHS, shuffle=False, **given)
    return np.array([*history.history["loss"], model.evaluate(images, labels, **given)])


def _draw(yours, keras_s):
    """Both losses over the epochs, the learner's upon Keras's.

    Rounded, as the last digits depend on the processor, and a stored picture must not.
    """
    import matplotlib.pyplot as plt

    epochs = np.arange(1, EPOCHS + 1)
    yours, keras_s = np.round(yours, 5), np.round(keras_s, 5)
    _, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    axes.semilogy(epochs, keras_s, color="0.75", lw=8, label="Keras", solid_capstyle="round")
    axes.semilogy(epochs, yours, "o--", color="#009E73", lw=1.8, ms=5, label="yours")
    axes.set(xlabel="epoch", ylabel="loss on the digits")
    axes.grid(alpha=0.25)
    axes.legend()
    plt.show()


# ---- why they differ -----------------------------------------------------------------


def _rehearsed(ours, theirs):
    """Compare a few steps on given gradients; (the first that differs or None, why)."""
    mine, keras_s = _steps(_anew(ours)), _steps(_anew(theirs))
    differs = [not _same(*pair) for pair in zip(mine, keras_s)]
    if not any(differs):
        return None, "The first steps on given gradients agree: look at what happens only later."
    first = differs.index(True) + 1
    if _same(mine[0], mine[-1]):
        return first, "Your weights never move."
    for changed in _variants(theirs):
        if all(map(_same, mine, _steps(_anew(theirs, **changed)))):
            (name, value), *_ = changed.items()
            return first, f"Your steps are those of Keras with {name}={value!r}."
    return first, _where(first, len(mine))


def _where(first, last):
    if first == 1:
        return "Already the first step differs: compare its factors and signs."
    if first == last:
        return "Every step agrees; what is put in the weights' place at the end does not."
    return (
        f"The first step that differs is number {first}: look at what is carried from step to "
        "step, or acts only now and then."
    )


def _anew(optimizer, **changed):
    return type(optimizer).from_config(optimizer.get_config() | changed)


def _variants(theirs):
    """Keras's arguments with one of them changed: look-ahead or none, or one left out."""
    config, usual = theirs.get_config(), keras.optimizers.SGD().get_config()
    yield {"nesterov": not config.get("nesterov")}
    for name in usual:
        if name not in ("name", "learning_rate", "nesterov") and config.get(name) != usual[name]:
            yield {name: usual[name]}


def _steps(optimizer):
    """Two variables after each of some eager steps, and when training ends: one row each."""
    random, rows = np.random.default_rng(0), []
    rare = (optimizer.ema_overwrite_frequency or 1) * (optimizer.gradient_accumulation_steps or 1)
    shapes = (3, 2), (2,)
    variables = [keras.Variable(random.normal(size=shape), dtype="float32") for shape in shapes]
    for size in np.resize([1.0, 0.1, 10.0], max(12, rare)):
        gradients = [(size * random.normal(size=shape)).astype("float32") for shape in shapes]
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients], variables)
        rows.append(_flat(variables))
    optimizer.finalize_variable_values(variables)
    return [*rows, _flat(variables)]


def _flat(variables):
    return np.concatenate([keras.ops.convert_to_numpy(v).ravel() for v in variables])


def _same(a, b):
    return np.allclose(a, b, rtol=1e-4, atol=1e-4, equal_nan=True)
