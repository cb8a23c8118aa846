"""What the sheet of chapter 09 says in words, held against Keras and against `sgd.step`."""

import numpy as np
import pytest

from course.checks import find
from course.checks.chapter_09 import goal, runs
from course.checks.chapter_09.missing import GRADIENTS
from course.sgd import clip_by_norm, initial_state, step


def said_by_the_goal(*choice):
    finding = find("09.goal").look(choice)
    return finding.passed, "\n".join(finding.lines)


def test_the_call_of_the_sheet_is_a_step():
    weights, call = [np.array([4.0, -1.0])], find("09.call").reference
    state, mine = initial_state(weights), (weights[0], np.zeros(2))
    for calls, gradient in enumerate(np.random.default_rng(0).normal(size=(20, 2))):
        weights, state = step(
            weights, [gradient], state, learning_rate=0.5, gradient_accumulation_steps=3
        )
        mine = call(*mine, gradient, calls, 3, 0.5)
        np.testing.assert_allclose(mine, (weights[0], state.accumulator[0]), atol=1e-12)


@pytest.mark.filterwarnings("ignore:Gradients do not exist")  # of None, as is the task
def test_the_last_weight_is_where_keras_puts_it():
    from course.quietly import keras

    variable, other = keras.Variable(10.0), keras.Variable(1.0)
    optimizer = keras.optimizers.SGD(1.0, gradient_accumulation_steps=2)
    optimizer.build([variable, other])
    for gradient in GRADIENTS:
        gradient = None if gradient is None else keras.ops.convert_to_tensor(float(gradient))
        optimizer.apply([gradient, keras.ops.ones(())], [variable, other])
    assert float(variable.numpy()) == find("09.missing").reference


def test_the_gradients_of_the_prediction_are_those_of_the_sheet():
    weights, state = [np.array([10.0]), np.ones(1)], initial_state([np.zeros(1)] * 2)
    for gradient in GRADIENTS:
        given = [None if gradient is None else np.array([float(gradient)]), np.ones(1)]
        weights, state = step(
            weights, given, state, learning_rate=1.0, gradient_accumulation_steps=2
        )
    assert weights[0][0] == find("09.missing").reference


def test_the_joined_gradient_is_that_of_all_examples_at_once():
    random = np.random.default_rng(0)
    examples, sizes = random.normal(size=(14, 3)), np.array([5, 2, 7])
    means = [part.mean(axis=0) for part in np.split(examples, np.cumsum(sizes)[:-1])]
    mine = find("09.joined").reference(np.array(means), sizes, 0.2)
    np.testing.assert_allclose(mine, clip_by_norm(examples.mean(axis=0), 0.2), atol=1e-12)


def test_keras_with_the_translated_recipe_is_the_recipe():
    k, recipe = 3, (4, 0.8, 0.05)
    drop, m, rate = find("09.recipe").reference(*recipe, k)
    gradients = np.random.default_rng(0).normal(size=(9, k))
    w, average, wanted = 1.0, None, []
    for update, group in enumerate(gradients):
        w = w - recipe[2] * (0.1 if update >= recipe[0] else 1) * group.sum()
        average = w if average is None else recipe[1] * average + (1 - recipe[1]) * w
        wanted.append(average)
    weights, state, seen = [np.ones(1)], initial_state([np.zeros(1)]), []
    for gradient in gradients.ravel():
        weights, state = step(
            weights,
            [np.array([gradient])],
            state,
            learning_rate=lambda calls: rate * (0.1 if calls >= drop else 1),
            use_ema=True,
            ema_momentum=m,
            gradient_accumulation_steps=k,
        )
        seen.append(state.average[0][0])
    np.testing.assert_allclose(weights[0][0], w, rtol=1e-6)
    np.testing.assert_allclose(seen[2 * k - 2 :: k], wanted[:-1], rtol=1e-6)


def test_the_exact_mean_squares_are_those_of_many_runs():
    random, w, total = np.random.default_rng(9), np.full(20000, 10.0), 0.0
    for call in range(1, 33):
        total = total + w + random.normal(size=w.size)
        if call % 4 == 0:
            w, total = w - 0.4 * total / 4, 0.0
    exact = runs._mean_squares(0.4, 4)[8]
    np.testing.assert_allclose(np.mean(w**2), exact, rtol=0.03)


def test_the_curves_are_as_the_words_beside_the_picture_say():
    a, b, c = (runs._mean_squares(*run) for run in runs.RUNS.values())
    assert runs.RUNS == {"A": (0.4, 1), "B": (1.6, 4), "C": (0.4, 4)}
    np.testing.assert_allclose(a[4:], 0.25, rtol=1e-3)
    np.testing.assert_allclose(c[:3], b[:3], rtol=0.07)
    assert c[6] > a[6] and c[7] < a[7]
    np.testing.assert_allclose([b[-1], c[-1]], [1.0, 0.0625], rtol=1e-2)
    assert 3.9 < np.log(a[1] / a[0]) / np.log(b[1] / b[0]) < 4.1


def test_without_accumulation_the_weight_of_the_goal_stays_below_a_tenth():
    assert 0.05 < goal._weights(0.1, 1).max() < 0.1


def test_the_goal_needs_groups_of_whole_epochs_unless_they_are_very_long():
    reached = {
        k
        for k in range(2, 39)
        for rate in (0.2, 0.5, 1.0, 1.5, 1.9)
        if said_by_the_goal(rate, k)[0]
    }
    assert reached == {10, 20, 30}


def test_the_goal_says_where_the_weight_is_and_refuses_what_the_sheet_excludes():
    assert (
        "runs between 0.000 and 0.500; wanted: within 0.02 of 1. 0 updates come before the last"
        in (said_by_the_goal(1.0, 300)[1])
    )
    assert "the weight runs between 0.897 and 0.939" in said_by_the_goal(0.1, 10)[1]
    for choice in ((0.5, 1), (0.5, 2.5)):
        assert "a whole number of 2 or more" in said_by_the_goal(*choice)[1]
    for choice in ((0.0, 10), (-1.0, 10)):
        assert "learning_rate must be above 0" in said_by_the_goal(*choice)[1]


def test_the_goal_says_which_number_errs():
    assert (
        "60 updates in the whole run, and 30 of their groups never meet the outlier"
        in (said_by_the_goal(0.1, 5)[1])
    )
    assert (
        "12 updates come before the last five epochs, each of at most 0.02 * 0.5 = 0.01"
        in (said_by_the_goal(0.02, 20)[1])
    )
    assert (
        "near 1 each leaves 1 - 0.1 of the way: take longer steps" in said_by_the_goal(0.1, 10)[1]
    )
    assert "a step leaves 1 - 2.5 of the way: it never settles" in said_by_the_goal(2.5, 10)[1]
