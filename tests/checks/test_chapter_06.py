"""What the sheet of chapter 06 says in words, and what its goal answers."""

import numpy as np
import pytest

from course import sgd
from course.checks import find
from course.checks.chapter_06 import calls, goal


def test_the_four_calls_are_keras_s():
    weights, state = [np.array([calls.START]), np.ones(1)], sgd.initial_state([np.zeros(1)] * 2)
    for rate, gradient in calls.CALLS_OF_THE_SHEET:
        given = None if gradient is None else np.array([gradient])
        weights, state = sgd.step(
            weights, [given, np.ones(1)], state, learning_rate=rate, weight_decay=calls.WEIGHT_DECAY
        )
    assert weights[0][0] == find("06.calls").reference


def test_the_step_of_the_sheet_is_that_of_sgd():
    random = np.random.default_rng(0)
    weights, state = [random.normal(size=3)], sgd.initial_state([np.zeros(3)])
    w, v = weights[0], np.zeros(3)
    for _ in range(5):
        g = random.normal(size=3)
        weights, state = sgd.step(
            weights, [g], state, learning_rate=0.125, momentum=0.875, weight_decay=0.5
        )
        w, v = find("06.step").reference(w, v, g, 0.125, 0.875, 0.5)
    np.testing.assert_allclose([w, v], [weights[0], state.velocity[0]])


def settles(momentum, decay=None, penalty=0.0):
    weights, state = [np.zeros(1)], sgd.initial_state([np.zeros(1)])
    for _ in range(3000):
        slope = weights[0] - 1 + penalty * weights[0]
        weights, state = sgd.step(
            weights, [slope], state, learning_rate=0.1, momentum=momentum, weight_decay=decay
        )
    return weights[0][0]


def test_each_translated_recipe_settles_where_it_did():
    recipes = (
        settles(0.5, penalty=0.05),
        settles(0.5, penalty=2 * 0.05),
        settles(0.5, decay=0.05),
    )
    yours = [settles(0.9, decay=each) for each in find("06.port").reference(0.05, 0.5, 0.9)]
    np.testing.assert_allclose(yours, recipes, rtol=1e-6)


def test_the_balls_of_the_picture_swing_as_the_words_beside_it_say():
    from matplotlib.figure import Figure

    figure = Figure()
    find("06.swings").picture(figure)
    a, b, c = (axes.lines[0].get_ydata() for axes in figure.axes)
    swings = [np.abs(a[start : start + 20] - 1).max() for start in range(0, 120, 20)]
    assert swings == sorted(swings, reverse=True) and swings[-1] < 0.1
    assert np.allclose([b.min(), b.max(), c.min(), c.max()], [0, 1.3, 0, 2], atol=0.06)
    assert b[100:].max() > 1.3 and c[100:].max() > 1.9


def test_plain_sgd_settles_at_02264_and_is_below_023_only_at_step_183():
    errors = goal._test_errors(0.0, 0.025, 5000)
    assert f"{errors[-1]:.4f}" == "0.2264"
    assert np.flatnonzero(errors >= 0.23)[-1] + 1 == 183


def test_no_decay_takes_plain_sgd_to_the_goal():
    assert not any(
        find("06.goal").look((0.0, wd)).passed for wd in (0.0, *np.geomspace(1e-4, 3, 30))
    )


def test_the_weights_settle_where_the_goal_says_and_fly_away_where_it_says_so():
    assert np.isclose(goal._test_errors(0.9, 0.25, 3000)[-1], goal._in_the_long_run(0.025))
    for momentum, decay in ((0.0, 18.0), (0.0, 20.0), (0.9, 25.0), (0.9, 37.0), (0.5, 29.0)):
        errors = goal._test_errors(momentum, decay)
        assert (not errors[-1] < 1) == (goal._growth(momentum, decay) > 1)


def said_by_the_goal(*choice):
    return "\n".join(find("06.goal").look(choice).lines)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ((0.9, 0.05), "too weak: it acts with strength weight_decay * (1 - momentum) = 0.005"),
        ((0.9, 0.6), "too strong: it acts with strength weight_decay * (1 - momentum) = 0.06"),
        ((0.9, 0.6), "At momentum 0.9 take less of it."),
        ((0.0, 0.02), "below 0.23 for good only from step 167 on: take more momentum"),
        ((0.997, 8.0), "take less momentum, it still swings, and keep the strength"),
        ((0.0, 19.5), "The weights fly away, by a factor of 1.03 per step"),
        ((0.0, 25.0), "The weights fly away"),
        ((0.9999, 0.25), "too weak: it acts with strength weight_decay * (1 - momentum) = 2.5e-05"),
        ((1.0, 0.2), "momentum must be below 1"),
        ((1.5, 0.2), "momentum must be at least 0 and below 1; it is 1.5"),
        ((0.9, -0.2), "weight_decay must be at least 0"),
    ],
)
def test_the_goal_says_what_happened(choice, words):
    assert words in said_by_the_goal(*choice)
