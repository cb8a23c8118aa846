"""The numbers that exercise 13 tells its readers, and what its goal says of a choice."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from course.checks import find
from course.checks.chapter_13 import step_parts
from course.checks.chapter_13.bars import SITUATIONS, milliseconds
from course.sgd import clip_by_norm, heavy_ball
from tests import waiting

ROOT = Path(__file__).parent.parent.parent
TWO_REPLICAS = """
from course.quietly import keras
import tensorflow as tf
import course
pair = tf.distribute.MirroredStrategy(
    ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()
)
def weight_after(cls):
    with pair.scope():
        weight, optimizer = keras.Variable(0.0), cls(learning_rate=0.1, clipnorm=2.0)
        optimizer.build([weight])
    @tf.function
    def step():
        def on_replica():
            replica = tf.distribute.get_replica_context().replica_id_in_sync_group
            optimizer.apply([tf.constant([10.0, -0.5])[replica]], [weight])
        pair.run(on_replica)
    step()
    return float(pair.experimental_local_results(weight.value)[0].numpy())
print(weight_after(keras.optimizers.SGD), weight_after(course.SGD))
"""


def said_by_the_goal(*choice):
    finding = find("13.goal").look(choice)
    return finding.passed, "\n".join(finding.lines)


def test_keras_and_course_step_on_two_replicas_as_the_prediction_says():
    done = waiting.run(
        [sys.executable, "-c", TWO_REPLICAS],
        cwd=ROOT,
        env=os.environ | {"COURSE_LOGICAL_CPUS": "2"},
    )
    keras, course = map(float, done.stdout.split())
    task = find("13.clipped")
    assert keras == pytest.approx(task.reference, abs=1e-6)
    assert course == pytest.approx(task.mistakes[0].answer, abs=1e-6)


def test_a_step_on_all_replicas_is_that_of_one_device_by_the_rules_of_the_course():
    random = np.random.default_rng(3)
    for clipnorm in (0.5, 50.0):
        parts = [random.normal(size=(size, 2)) for size in (1, 4, 2)]
        w, v = random.normal(size=(2, 2))
        mean = np.mean(w - np.concatenate(parts), axis=0)
        expected = heavy_ball(w, v, clip_by_norm(mean, clipnorm), 0.1, 0.9)
        found = find("13.stages").reference(w, v, parts, 0.1, 0.9, clipnorm)
        np.testing.assert_allclose(found, expected)


def test_the_floor_is_the_chapters():
    floor = find("13.floor").reference
    clipped = {"momentum": 0.9, "use_ema": True, "clipnorm": 1.0}
    assert [floor(1, a, 4, 1.0)[0] for a in ({}, {"momentum": 0.9}, clipped)] == [12, 20, 32]
    assert floor(25_557_032, {"momentum": 0.9}, 4, 50)[1] == pytest.approx(10.22, abs=0.005)


def test_spreading_the_sheets_sum_changes_it_and_one_replica_is_farthest_off():
    numbers = np.random.default_rng(13).random(65_536).astype("float32").tolist()
    totals = [find("13.add").reference(numbers, replicas) for replicas in (1, 2, 4, 16, 64)]
    assert len({float(total) for total in totals}) == 5
    assert np.argmax(np.abs(np.array(totals, float) - np.sum(numbers))) == 0


def test_the_bars_of_the_picture_are_as_long_as_the_sheet_says():
    slow, fast = ([milliseconds(*run, speed) for run in SITUATIONS] for speed in (50, 1000))
    assert [f"{time:.1f}" for time in slow] == ["20.0", "10.0", "10.0"]
    assert [f"{time:.1f}" for time in fast] == ["1.0", "0.5", "10.0"]


def test_many_pairs_reach_the_goal_and_the_batch_bounds_the_devices():
    found = [n for n in range(1, 40) if said_by_the_goal(n, 1024)[0]]
    assert found == [5, 6, 7, 8, 9, 10, 11]
    assert not any(said_by_the_goal(n, 256)[0] for n in range(1, 40))
    assert max(step_parts(n, 1024)[1] for n in range(1, 1000)) < 0.020


def test_the_goal_says_what_a_step_is_made_of():
    assert "computes for 25.6 ms and adds up for 18.8 ms: 57.1%" in said_by_the_goal(16, 1024)[1]
    assert "an epoch takes 41.6 s" in said_by_the_goal(1, 32)[1]
    assert "at most 1024 examples" in said_by_the_goal(8, 2048)[1]
    assert "whole numbers" in said_by_the_goal(2.5, 512)[1]
    assert "at least one example" in said_by_the_goal(64, 32)[1]


def test_the_goal_says_which_number_errs():
    assert said_by_the_goal(3, 1024)[1].endswith("on 3 devices, whatever the batch: use more.")
    assert "The devices are well chosen. It is the batch" in said_by_the_goal(8, 256)[1]
    assert "so many devices compute too little of the time" in said_by_the_goal(16, 512)[1]
    assert "so few devices take too long" in said_by_the_goal(4, 1024)[1]


def test_a_floor_is_told_how_many_numbers_it_counts():
    def counts_six(weights, arguments, size, bandwidth):
        return 6 * size, 6 * size * weights / bandwidth / 1e6

    found = find("13.floor").look(counts_six)
    assert found.because.endswith("you move 6 numbers for each weight: too many.")
