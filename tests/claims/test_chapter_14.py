"""What chapter 14, *My loss is nan / flat / jumping*, says and does not run, held by runs."""

import re
import warnings

import numpy as np
import pytest
import tensorflow as tf

from course.publish import notebooks
from course.quietly import keras
from tests.claims import shown


def tiny(last=None, loss="sparse_categorical_crossentropy"):
    """A linear classifier of three classes from two numbers, compiled."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, last)])
    model.compile(keras.optimizers.SGD(), loss)
    return model


def test_labels_that_count_from_one_are_an_error_on_a_cpu():
    x, labels = np.ones((3, 2)), np.array([1, 2, 3])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"label value of 3.*\[0, 3\)"):
        tiny("softmax").fit(x, labels, verbose=0)
    tiny("softmax").fit(x, labels - 1, verbose=0)


def test_from_logits_after_a_softmax_warns_and_computes_the_right_loss():
    x, labels = np.random.default_rng(0).normal(size=(6, 2)), np.arange(6) % 3
    right = tiny("softmax").evaluate(x, labels, verbose=0)
    wrong = tiny("softmax", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    with pytest.warns(UserWarning, match="does not represent logits"):
        assert wrong.evaluate(x, labels, verbose=0) == pytest.approx(right, rel=1e-5)


def test_a_regression_on_numbers_of_a_hundred_is_nan_at_once_with_the_default_rate():
    x = np.linspace(0, 100, 500)[:, None]
    y = 3 * x + 50
    last = {}
    for name, a, b in (("raw", x, y), ("scaled", (x - 50) / 29, (y - 200) / 87)):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        last[name] = model.fit(a, b, epochs=2, verbose=0).history["loss"]
    assert not np.isfinite(last["raw"]).any()
    assert last["scaled"][1] < last["scaled"][0]


def test_a_loss_of_ones_own_with_log_zero_gives_nan_gradients():
    p = tf.Variable([0.0, 1.0])
    with tf.GradientTape() as tape:
        loss = -tf.reduce_sum(tf.constant([0.0, 1.0]) * tf.math.log(p))
    assert np.isnan(loss)
    assert np.isnan(tape.gradient(loss, p)[0])


def test_check_numerics_stops_at_the_operation_that_makes_a_nan():
    tf.debugging.enable_check_numerics()
    try:
        with pytest.raises(tf.errors.InvalidArgumentError, match='eagerly-executing op "Log"'):
            tf.math.log(tf.constant(-1.0))
    finally:
        tf.debugging.disable_check_numerics()


def test_terminate_on_nan_stops_fit_in_the_batch():
    model, x = tiny("softmax"), np.ones((8, 2))
    x[5] = np.nan
    steps, stop = [], keras.callbacks.TerminateOnNaN()
    seen = keras.callbacks.LambdaCallback(on_train_batch_end=lambda at, logs: steps.append(at))
    fit = {"batch_size": 2, "epochs": 3, "shuffle": False, "verbose": 0}
    model.fit(x, np.zeros(8), **fit, callbacks=[stop, seen])
    assert steps == [0, 1, 2]


def test_a_schedule_at_its_end_moves_nothing():
    schedule = keras.optimizers.schedules.CosineDecay(0.1, decay_steps=10)
    assert float(schedule(10)) == 0
    assert float(schedule(1000)) == 0


def test_keras_epsilon_is_lost_beside_one_in_float16():
    assert keras.config.epsilon() == 1e-7
    assert np.float16(1) - np.float16(1e-7) == 1
    assert np.finfo(np.float16).max == 65504


def changes_of(scaled=False, drop_remainder=False):
    """Changes of a fixed set's loss in linear regression: (after short batches, after others)."""
    random = np.random.default_rng(0)
    x = random.normal(size=(130, 8))
    y = x @ np.arange(8) + random.normal(size=130)
    w, losses, sizes = np.zeros(8), [], []
    for _ in range(200):
        for rows in np.split(random.permutation(130), range(32, 130, 32)):
            if len(rows) == 32 or not drop_remainder:
                gradient = x[rows].T @ (x[rows] @ w - y[rows]) / len(rows)
                w = w - 0.02 * (32 / len(rows) if scaled else 1) * gradient
                losses.append(np.mean((x @ w - y) ** 2))
                sizes.append(len(rows))
    changes, sizes = np.abs(np.diff(losses)), np.array(sizes[1:])
    late = np.arange(len(changes)) > len(changes) // 2
    return changes[late & (sizes == 2)], changes[late & (sizes == 32)]


def test_a_short_last_batch_makes_a_small_spike_and_a_loss_that_is_no_mean_a_large_one():
    short, others = changes_of()
    assert 2 < short.mean() / others.mean() < 20
    scaled, _ = changes_of(scaled=True)
    assert scaled.mean() > 10 * short.mean()
    assert len(changes_of(drop_remainder=True)[0]) == 0


@pytest.fixture(scope="module")
def chapter():
    """The chapter's own network, `train` and `persistence`."""
    return shown.names_of("14_when", "imports", "network-code", "train-code", "jumping-run")


def dead_units(chapter, monkeypatch, rate, steps, warm):
    """How many of 8 × 32 units no image reaches after some steps to a rate warmed up to."""
    first, images, dead = chapter["network"], chapter["images"], 0
    for seed in range(8):
        monkeypatch.setitem(chapter, "network", lambda seed=seed: first(seed))
        plan = {"learning_rate": lambda count: rate * min(1.0, (count + 1) / (warm + 1))}
        _, _, (w, b, *_) = chapter["train"](steps=steps, **plan)
        dead += np.sum(~(images @ w + b > 0).any(axis=0))
        monkeypatch.undo()
    return int(dead)


def test_a_warm_up_to_a_rate_of_3_kills_nearly_all_units_only_later(chapter, monkeypatch):
    assert dead_units(chapter, monkeypatch, 3.0, steps=400, warm=50) > 0.9 * 256
    at_once = dead_units(chapter, monkeypatch, 3.0, steps=15, warm=0)
    assert at_once > 4 * dead_units(chapter, monkeypatch, 3.0, steps=15, warm=50)


def test_a_warm_up_to_a_rate_of_1_2_spares_nearly_half_of_those_that_die(chapter, monkeypatch):
    without = dead_units(chapter, monkeypatch, 1.2, steps=400, warm=0)
    assert 0.4 < dead_units(chapter, monkeypatch, 1.2, steps=400, warm=50) / without < 0.7


def test_changes_of_a_smooth_fall_go_on_as_those_of_a_wave_do(chapter):
    weights, losses = chapter["network"](), []
    for _ in range(400):
        parts = weights, chapter["images"][:1400], chapter["labels"][:1400]
        loss, gradients = chapter["loss_and_gradients"](*parts)
        weights = [w - 0.02 * g for w, g in zip(weights, gradients)]
        losses.append(loss)
    assert np.all(np.diff(losses) < 0)
    assert chapter["persistence"](losses) > 0.95


def test_keras_says_nothing_of_logits_taken_for_probabilities():
    x, labels = np.random.default_rng(0).normal(size=(6, 2)), np.arange(6) % 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tiny(last=None).fit(x, labels, verbose=0)


def test_batch_normalization_keeps_0_99_of_its_moving_statistics_at_each_step():
    layer, batch = keras.layers.BatchNormalization(), np.array([[1.0], [3.0]])
    layer(batch, training=True)
    assert layer.momentum == 0.99
    assert layer.moving_mean.numpy() == pytest.approx(0.01 * 2)
    assert layer.moving_variance.numpy() == pytest.approx(0.99 + 0.01 * 1)


def test_an_image_with_a_nan_leaves_a_row_of_nan_in_the_kernel_whatever_the_loss_says():
    keras.utils.set_random_seed(0)
    hidden = keras.layers.Dense(8, "relu")
    model = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    x = np.ones((8, 2))
    x[5, 0] = np.nan
    model.fit(x, np.arange(8) % 3, verbose=0)
    assert np.isnan(hidden.get_weights()[0][0]).all()


@pytest.mark.parametrize(
    ("clip", "left"), [("clipvalue", 1), ("clipnorm", 1), ("global_clipnorm", 0)]
)
def test_no_clip_helps_against_a_nan_and_the_global_one_spreads_it(clip, left):
    weights = [keras.Variable([1.0, 1.0]), keras.Variable([1.0, 1.0])]
    gradients = [tf.constant([np.nan, 1.0]), tf.constant([1.0, 1.0])]
    keras.optimizers.SGD(0.1, **{clip: 1.0}).apply(gradients, weights)
    finite = [np.isfinite(w.numpy()).all() for w in weights]
    assert not finite[0]
    assert sum(finite) == left


def test_ten_questions_lead_to_rows_of_the_table():
    cells = notebooks.read_source(notebooks.sources(["14_when"])[0]).cells
    text = {cell.id: cell.source for cell in cells}
    rows = re.findall(r"^\| (\d+) \|", text["title"], re.M)
    assert rows == [str(row) for row in range(1, 17)]
    asked = re.findall(r"^\| \[.+\]\(https://\S+\) \| .+ \| (\d+) \|", text["questions"], re.M)
    assert len(asked) == 10
    assert set(asked) <= set(rows)
