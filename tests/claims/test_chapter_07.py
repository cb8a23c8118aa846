"""What chapter 07, *Clipping*, says that Keras does, held against Keras itself."""

import sys

import numpy as np
import pytest

from course.quietly import keras
from tests import waiting

NAN, INF = float("nan"), float("inf")


def moved_by_one_step(gradients, **arguments):
    """What one step with η = 1 subtracts from weights of 0, as lists."""
    gradients = [np.array(g, "float32") for g in gradients]
    weights = [keras.Variable(np.zeros_like(g)) for g in gradients]
    optimizer = keras.optimizers.SGD(1.0, **arguments)
    optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients], weights)
    return [(0.0 - w.numpy()).tolist() for w in weights]


@pytest.mark.parametrize(
    ("entry", "clip", "left"),
    [
        (1e19, "clipvalue", [[1, 1], [0.5]]),
        (1e19, "clipnorm", [[1, 0], [0.5]]),
        (1e19, "global_clipnorm", [[1, 0], [0]]),
        (1e20, "clipvalue", [[1, 1], [0.5]]),
        (1e20, "clipnorm", [[0, 0], [0.5]]),
        (1e20, "global_clipnorm", [[NAN, NAN], [NAN]]),
        (INF, "clipvalue", [[1, 1], [0.5]]),
        (INF, "clipnorm", [[NAN, 0], [0.5]]),
        (INF, "global_clipnorm", [[NAN, NAN], [NAN]]),
        (NAN, "clipvalue", [[NAN, 1], [0.5]]),
        (NAN, "clipnorm", [[NAN, NAN], [0.5]]),
        (NAN, "global_clipnorm", [[NAN, NAN], [NAN]]),
    ],
)
def test_an_explosion_becomes_one_zero_or_nan_as_the_clip_goes(entry, clip, left):
    a, b = moved_by_one_step([[entry, 3], [0.5]], **{clip: 1.0})
    np.testing.assert_allclose([*a, *b], [*left[0], *left[1]], atol=1e-6)


@pytest.mark.parametrize("clip", ["clipvalue", "clipnorm", "global_clipnorm"])
@pytest.mark.parametrize("threshold", [0.0, -1.0])
def test_a_threshold_of_zero_or_less_is_ignored(clip, threshold):
    assert moved_by_one_step([[3, -4], [0.5]], **{clip: threshold}) == [[3, -4], [0.5]]


def test_clipvalue_clips_below_too():
    assert moved_by_one_step([[3, -4], [0.5]], clipvalue=1.0) == [[1, -1], [0.5]]


def test_only_one_clip_may_be_set():
    with pytest.raises(ValueError, match="Only one of `clipnorm`, `clipvalue` and"):
        keras.optimizers.SGD(clipnorm=1.0, clipvalue=0.5)


@pytest.mark.parametrize("clip", ["clipvalue", "clipnorm", "global_clipnorm"])
def test_a_zero_gradient_stays_zero_under_every_clip(clip):
    assert moved_by_one_step([[0, 0], [0]], **{clip: 1.0}) == [[0, 0], [0]]


def test_accumulation_averages_first_and_clips_then():
    optimizer = keras.optimizers.SGD(1.0, clipnorm=1.0, gradient_accumulation_steps=2)
    w = keras.Variable(0.0)
    for g in (10.0, -9.0):
        optimizer.apply([keras.ops.convert_to_tensor(g)], [w])
    assert float(w) == -0.5


def test_keras_clips_each_replica_before_the_sum_and_ours_after_it():
    code = """
import numpy as np, tensorflow as tf
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)
import course
from course.quietly import keras

pair = tf.distribute.MirroredStrategy(
    ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()
)
for cls in (keras.optimizers.SGD, course.SGD):
    with pair.scope():
        weight, optimizer = keras.Variable(np.zeros(1, "float32")), cls(1.0, clipnorm=1.0)
        optimizer.build([weight])
    step = tf.function(lambda: pair.run(lambda: optimizer.apply([tf.constant([10.0])], [weight])))
    step()
    print(float(weight.numpy()[0]))
"""
    done = waiting.run([sys.executable, "-c", code])
    assert done.stdout.split() == ["-2.0", "-1.0"], done.stderr[-2000:]


def test_the_page_says_what_is_quoted_of_the_clips():
    page = " ".join(keras.optimizers.SGD.__doc__.split())
    assert "the gradient of each weight is individually clipped" in page
    assert "clipped to be no higher than this value" in page
    assert "the gradient of all weights is clipped so that their global norm is no higher" in page


@pytest.mark.long  # building it takes seconds
def test_resnet50_has_214_trainable_variables():
    assert len(keras.applications.ResNet50(weights=None).trainable_variables) == 214


@pytest.mark.parametrize("fence", ["cube", "ball"])
def test_no_point_inside_a_fence_is_nearer_than_the_clip(fence):
    random = np.random.default_rng(5)
    gradient, inside = random.normal(size=3) * 4, random.uniform(-1, 1, size=(10_000, 3))
    clip = "clipvalue" if fence == "cube" else "clipnorm"
    if fence == "ball":
        inside = inside[np.linalg.norm(inside, axis=1) <= 1]
    [nearest] = moved_by_one_step([gradient], **{clip: 1.0})
    least = np.linalg.norm(inside - gradient, axis=1).min()
    assert np.linalg.norm(np.array(nearest) - gradient) < least
