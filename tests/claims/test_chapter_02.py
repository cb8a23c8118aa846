"""What chapter 02, *Stochastic gradients*, says that Keras does, held against Keras itself."""

import contextlib

import numpy as np
import pytest

from course.quietly import keras


class BatchesSeen(keras.Sequential):
    """One weight, at 0, that notes which examples `fit` hands it for each step."""

    def __init__(self):
        layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
        super().__init__([keras.layers.Input((1,)), layer])
        self.compile(keras.optimizers.SGD(0.1), loss="mse", run_eagerly=True)
        self.batches = []

    def train_step(self, data):
        self.batches.append(np.array(data[0])[:, 0].tolist())
        return super().train_step(data)


def test_compile_without_an_optimizer_takes_rmsprop():
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    assert type(model.optimizer) is keras.optimizers.RMSprop


@pytest.fixture
def no_seed():
    """Other tests of this process may have set one."""
    import tensorflow as tf

    tf.random.set_seed(None)


def test_fit_deals_every_example_once_an_epoch_in_batches_of_32_and_a_short_last_one(no_seed):
    model, examples = BatchesSeen(), np.arange(100.0)
    model.fit(examples[:, None], np.zeros((100, 1)), epochs=2, verbose=0)
    assert [len(batch) for batch in model.batches] == [32, 32, 32, 4] * 2
    first, second = sum(model.batches[:4], []), sum(model.batches[4:], [])
    assert sorted(first) == sorted(second) == examples.tolist()
    assert first != second and first != examples.tolist()


def test_after_a_seed_fit_deals_each_epoch_in_one_order_and_a_shuffled_dataset_does_not():
    import tensorflow as tf

    runs = []
    for _ in range(2):
        keras.utils.set_random_seed(0)
        model, examples = BatchesSeen(), np.arange(100.0)[:, None]
        model.fit(examples, examples, epochs=2, verbose=0)
        assert model.batches[:4] == model.batches[4:] and model.batches[0] != list(range(32))
        pairs = tf.data.Dataset.from_tensor_slices((examples, examples))
        model.fit(pairs.shuffle(100, seed=0).batch(32), epochs=2, verbose=0)
        assert model.batches[8:12] != model.batches[12:]
        runs.append(model.batches)
    assert runs[0] == runs[1]
    tf.random.set_seed(None)


#: The chapter says with which version it was run; older ones left the order, too, but said nothing.
WARNS = tuple(map(int, keras.__version__.split(".")[:2])) >= (3, 15)


def test_fit_leaves_a_dataset_in_its_order_and_warns_if_told_to_shuffle_it():
    import tensorflow as tf

    model, examples = BatchesSeen(), np.arange(100.0)
    data = tf.data.Dataset.from_tensor_slices((examples[:, None], np.zeros((100, 1))))
    said = pytest.warns(UserWarning, match="`shuffle=True` was passed, but will be ignored")
    with said if WARNS else contextlib.nullcontext():
        model.fit(data.batch(10), shuffle=True, verbose=0)
    assert sum(model.batches, []) == examples.tolist()


@pytest.mark.parametrize(("batch_size", "expected"), [(5, 0.04), (4, 0.2)])
def test_the_short_last_batch_takes_a_full_step(batch_size, expected):
    model, y = BatchesSeen(), np.array([[0.0, 0.0, 0.0, 0.0, 1.0]]).T
    model.fit(np.ones((5, 1)), y, batch_size=batch_size, shuffle=False, verbose=0)
    assert model.get_weights()[0][0, 0] == pytest.approx(expected)


def test_the_gradient_of_softmax_and_cross_entropy_is_what_keras_differentiates():
    import tensorflow as tf

    random = np.random.default_rng(0)
    x, labels, W = random.random((5, 4)), random.integers(3, size=5), random.normal(size=(4, 3))
    with tf.GradientTape() as tape:
        tape.watch(table := tf.constant(W))
        entropy = keras.losses.sparse_categorical_crossentropy(labels, x @ table, from_logits=True)
        loss = tf.reduce_mean(entropy)
    odds = np.exp(x @ W)
    chances = odds / odds.sum(axis=1, keepdims=True)
    expected = x.T @ (chances - np.eye(3)[labels]) / 5
    assert tape.gradient(loss, table).numpy() == pytest.approx(expected, abs=1e-12)
