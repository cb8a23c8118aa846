"""What chapter 13, *GPUs and many devices*, says of two devices, held against Keras itself."""

import contextlib
import json
import os
import re
import sys

import pytest
import tensorflow as tf

from course.publish import notebooks
from course.quietly import keras
from tests import waiting

ON_TWO_DEVICES = """
import json
import numpy as np
from course.quietly import keras
import tensorflow as tf
import course
from course.digits import load_digits

pair = tf.distribute.MirroredStrategy(
    ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()
)
one, targets = tf.distribute.get_strategy(), np.array([0.0] * 11 + [12.0] * 2)
images, labels = (part[:1500] for part in load_digits())

def weights(strategy, layers, loss, x, y, batch_size):
    keras.utils.set_random_seed(1)
    with strategy.scope():
        model = keras.Sequential([keras.Input(x.shape[1:]), *layers()])
        momentum = 0.9 if len(x) == 1500 else 0.0
        model.compile(keras.optimizers.SGD(0.1, momentum), loss, jit_compile=False)
    model.fit(x, y, batch_size=batch_size, shuffle=False, verbose=0)
    return model.layers[0].get_weights()[0]

def fitted(strategy, y, loss="mse"):
    dense = lambda: [keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")]
    return weights(strategy, dense, loss, np.ones((len(y), 1)), y, 8).item()

def summed(strategy):
    return fitted(strategy, targets / 100, keras.losses.MeanSquaredError(reduction="sum"))

def apart(kind=None, **given):
    def layers():
        between = [kind(**given)] if kind else []
        first, last = keras.layers.Dense(32), keras.layers.Dense(10, "softmax")
        return [first, *between, keras.layers.ReLU(), last]
    how = layers, "sparse_categorical_crossentropy", images, labels, 50
    return float(np.abs(weights(one, *how) - weights(pair, *how)).max())

def by_the_global_batch():
    with pair.scope():
        weight, optimizer = keras.Variable(0.0), keras.optimizers.SGD(0.1)
        optimizer.build([weight])
    @tf.function
    def step():
        def on_replica():
            replica = tf.distribute.get_replica_context().replica_id_in_sync_group
            part = tf.constant([[0.0, 0.0, 0.0], [12.0, 12.0, 0.0]])[replica]
            there = tf.constant([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])[replica]
            optimizer.apply([tf.reduce_sum(2 * (weight - part) * there) / 5], [weight])
        pair.run(on_replica)
    step()
    return float(weight.numpy())

def first_batch_of_five():
    try:
        return fitted(pair, targets[8:])
    except tf.errors.InvalidArgumentError as error:
        return str(error)

def fit_by_xla():
    try:
        with pair.scope():
            model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
            model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=True)
        model.fit(np.ones((8, 1)), np.ones(8), batch_size=8, verbose=0)
        return "runs"
    except Exception as error:
        return type(error).__name__

print(json.dumps({
    "xla": fit_by_xla(),
    "one": fitted(one, targets), "two": fitted(pair, targets), "loop": by_the_global_batch(),
    "first": first_batch_of_five(), "sums": [summed(one), summed(pair)],
    "without": apart(), "own": apart(keras.layers.BatchNormalization),
    "shared": apart(keras.layers.BatchNormalization, synchronized=True),
    "dropout": apart(keras.layers.Dropout, rate=0.5, seed=1),
}))
"""


@pytest.fixture(scope="module")
def found():
    """What Keras does on two logical CPU devices, in a process of its own."""
    done = waiting.run(
        [sys.executable, "-c", ON_TWO_DEVICES], env=os.environ | {"COURSE_LOGICAL_CPUS": "2"}
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_fit_halves_each_replicas_mean_so_that_an_uneven_last_batch_steps_elsewhere(found):
    assert (found["one"], found["two"]) == pytest.approx((0.96, 1.2))


def test_a_loop_that_divides_by_the_global_batch_steps_as_one_device_with_uneven_parts(found):
    assert found["loop"] == pytest.approx(0.96)


def test_an_uneven_first_batch_raises_as_its_parts_are_added(found):
    assert "Input 0: [3,1] != input 1: [2,1]" in found["first"]


def test_batch_normalization_parts_one_device_from_two_unless_it_is_synchronized(found):
    assert found["own"] == pytest.approx(0.087, abs=5e-4)
    assert found["shared"] < 5e-6
    assert found["without"] < 5e-6


def test_dropout_parts_one_device_from_two(found):
    assert found["dropout"] > 0.01


def test_a_summed_loss_is_the_same_on_two_devices_with_an_uneven_last_batch(found):
    one, two = found["sums"]
    assert two == pytest.approx(one, rel=1e-5)
    assert abs(one) > 0.01


def test_fit_on_two_cpu_devices_fails_when_xla_is_asked_for(found):
    assert found["xla"] != "runs"


def compiles_by_xla(scope=None):
    """Whether a model that is compiled with `jit_compile="auto"` will use XLA."""
    with scope.scope() if scope else contextlib.nullcontext():
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
    return model.jit_compile


def test_auto_is_xla_on_a_gpu_and_not_on_a_cpu_nor_under_a_strategy(monkeypatch):
    cpus, gpu = tf.config.list_physical_devices("CPU"), tf.config.PhysicalDevice("/GPU:0", "GPU")
    strategies = tf.distribute.OneDeviceStrategy("CPU:0"), tf.distribute.MirroredStrategy(["CPU:0"])
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: cpus)
    assert not compiles_by_xla()
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: [*cpus, gpu])
    assert compiles_by_xla()
    assert not any(compiles_by_xla(strategy) for strategy in strategies)


def test_sgd_remembers_a_velocity_and_an_average_for_each_weight_and_one_count():
    weights = [keras.Variable([1.0, 2.0]), keras.Variable(3.0)]
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9, use_ema=True)
    optimizer.build(weights)
    kept = [v for v in optimizer.variables if v is not optimizer._learning_rate]
    assert sorted(tuple(v.shape) for v in kept) == [(), (), (), (2,), (2,)]
    assert kept[0] is optimizer.iterations


@pytest.mark.parametrize("name", ["measure-answer", "gpu-answer"])
def test_the_chapters_tables_are_an_extract_of_the_measured_ones(name):
    cells = notebooks.read_source(*notebooks.sources(["13_gpus"])[:1]).cells
    text = next(cell.source for cell in cells if cell.id == name)
    measured = (notebooks.ROOT / "docs/performance.md").read_text(encoding="utf-8")
    numbers = re.findall(r"\d+\.\d+", "\n".join(re.findall(r"^(?:\||\\\*).*$", text, re.M)))
    assert len(numbers) > 10
    assert set(numbers) <= set(re.findall(r"\d+\.\d+", measured))
