"""What the sheet of chapter 10 says in words, and what its goal answers."""

import numpy as np
import pytest

from course.checks import find
from course.checks.chapter_10.goal import training
from course.checks.chapter_10.stops import BROKEN, trainings
from course.publish.notebooks import ROOT, read_source


def test_the_format_of_the_sheet_is_numpys_float16():
    values = 2.0 ** np.random.default_rng(1).uniform(-27, 17, 5000)
    with np.errstate(over="ignore"):
        stored = [find("10.stored").reference(value, 5, 10) for value in values]
        assert np.array_equal(stored, values.astype("float16"))


def test_the_missing_half_of_the_scaling_ends_where_the_sheet_says():
    from course.quietly import keras

    weight = keras.Variable(1.0)
    optimizer = keras.optimizers.SGD(0.1, clipnorm=1.0, loss_scale_factor=64.0)
    optimizer.apply([keras.ops.convert_to_tensor(16.0)], [weight])
    assert float(weight) == pytest.approx(find("10.loop").reference)


def test_keras_unscales_a_group_before_it_takes_the_mean_and_clips():
    from course.quietly import keras

    weight = keras.Variable([0.0, 0.0])
    settings = {"clipnorm": 1.0, "loss_scale_factor": 8.0, "gradient_accumulation_steps": 2}
    optimizer = keras.optimizers.SGD(1.0, **settings)
    scaled = [np.array([4.0, 0.0]), np.array([240.0, 320.0])]
    for gradient in scaled:
        optimizer.apply([keras.ops.convert_to_tensor(gradient.astype("float32"))], [weight])
    expected = find("10.group").reference(scaled, [8.0, 8.0], 1.0)
    np.testing.assert_allclose(-weight.numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("growth_steps", [1, 3])
def test_keras_follows_the_scale_as_the_sheet_does(growth_steps):
    from course.quietly import keras

    inner = keras.optimizers.SGD(1.0)
    optimizer = keras.optimizers.LossScaleOptimizer(
        inner, initial_scale=1024.0, dynamic_growth_steps=growth_steps
    )
    weight = keras.Variable(0.0)
    optimizer.build([weight])
    sizes, seen = np.array([0.1, 0.1, 100.0, 40.0, 0.1, np.nan, 0.1, 0.1, 0.1, 60.0, 0.1]), []
    for size in sizes:
        seen.append(float(optimizer.dynamic_scale))
        with np.errstate(over="ignore"):
            scaled = np.float16(size * seen[-1]).astype("float32")
        optimizer.apply([keras.ops.convert_to_tensor(scaled)], [weight])
    path, skipped = find("10.scales").reference(sizes, 1024.0, growth_steps)
    assert seen == path
    assert int(inner.iterations) == len(sizes) - skipped


def test_the_sheet_and_its_check_mean_the_same_run():
    (path,) = (ROOT / "solutions/source").glob("10_*.py")
    (cell,) = [cell for cell in read_source(path).cells if cell.id == "goal-given"]
    names = {"np": np}
    exec(cell.source, names)
    assert np.array_equal(names["sizes"], training())


def says(*choice):
    return "\n".join(find("10.goal").look(choice).lines)


def test_the_goal_says_how_many_calls_are_skipped_and_how_many_use_the_range():
    assert "3 of 3000 calls are skipped; 43.4% have" in says(2**15, 2000)
    assert "110 of 3000 calls are skipped (20 are allowed); 100.0% have" in says(2**15, 20)
    assert "initial_scale must be above 0" in says(0, 100)
    assert "a whole number, 1 or more" in says(1024, 0)
    assert "a whole number, 1 or more" in says(1024, 99.5)


def test_the_goal_has_an_edge_on_either_side():
    passes = [steps for steps in range(50, 400) if find("10.goal").look((2**15, steps)).passed]
    assert passes[0] > 75
    assert passes[-1] < 300
    assert not find("10.goal").look((1, 100)).passed


def test_the_three_trainings_stand_still_as_the_words_beside_the_picture_say():
    runs = trainings()
    (far_a, slope_a), (far_b, slope_b), (far_c, slope_c) = (runs[letter] for letter in "ABC")
    assert np.isnan(slope_a[BROKEN:]).all() and np.isfinite(slope_a[:BROKEN]).all()
    assert (far_a[BROKEN:] == far_a[BROKEN]).all()
    assert 170 < np.flatnonzero(far_b == far_b[-1])[0] < 180 and slope_b[-1] > 0
    assert 180 < np.flatnonzero(slope_c == 0)[0] < 190 and far_c[-1] > 0.01


def test_the_goal_says_which_number_errs():
    for choice, words in (
        ((2.0**50, 150), "The first 37 of them come before any gradient fits: begin lower."),
        ((2**13, 20), "doubled every 20 good calls, too often: wait longer."),
        ((2**13, 300), "halve every 188 calls, and the scale is doubled every 300: too seldom."),
        ((1, 100), "The scale begins too low"),
    ):
        assert words in says(*choice)
