"""What the sheet of chapter 05 says in words, and what its goal answers."""

import numpy as np
from matplotlib.figure import Figure

from course.checks import find
from course.descent import walk
from course.sgd import nesterov_momentum
from course.surfaces import quadratic


def says(*pair):
    return "\n".join(find("05.goal").look(pair).lines)


def test_momentums_best_pair_takes_60_steps_and_rises_to_14_times_its_start_as_the_sheet_says():
    valley = quadratic((0.01, 1.0), start=(1.0, 1.0))
    losses = valley.loss(walk(valley, 200, 3.306, 0.669).points)
    assert np.flatnonzero(losses >= 1e-6)[-1] + 1 == 60
    assert 13.5 < losses.max() / losses[0] < 14.5


def test_the_paths_are_as_the_words_beside_the_picture_say():
    figure = Figure()
    find("05.paths").picture(figure)
    a, b, c = (axes.lines[0].get_ydata() for axes in figure.axes)
    assert np.all(a[1:] * a[:-1] < 0) and np.all(np.abs(a[1:]) > np.abs(a[:-1]))
    assert np.abs(a[4:]).min() > max(figure.axes[0].get_ylim())
    np.testing.assert_allclose(b[1:] / b[:-1], -0.5)
    assert abs(b[6]) < 0.02
    assert np.abs(c[10:]).max() < np.abs(c[:5]).max()


def test_the_paths_learning_rate_lies_between_nesterovs_edge_and_that_of_plain_descent():
    edge = find("05.edge").reference
    assert edge([1.0], 0.9) < 1.5 < 2.0 < 2 * (1 + 0.9)


def test_the_goal_says_which_direction_holds_the_ball_up_and_how():
    assert "only after step 75; wanted: by step 60" in says(1.0, 0.9)
    assert "The flat direction is slowest: it swings" in says(1.0, 0.9)
    assert "only after more than 200 steps" in says(1.0, 0.5)
    assert "The flat direction is slowest: it creeps, and keeps 0.9798" in says(1.0, 0.5)
    assert "The steep direction is slowest: it flips sides" in says(1.99, 0.0)


def test_the_goal_refuses_a_ball_that_diverges_and_one_that_rises_above_its_start():
    assert "grows to 1.09 times its size per step. With momentum 0.9 Nesterov" in says(1.4, 0.9)
    assert "settles below 1.357" in says(1.4, 0.9)
    assert "rises to 0.963 at step 1, where the steep direction has jumped" in says(1.329, 0.794)
    assert "momentum must be between 0 and 1" in says(1.0, 1.1)


def test_many_pairs_around_the_reference_reach_the_goal():
    near = [(rate, beta) for rate in (0.9, 1.0, 1.05) for beta in (0.83, 0.845, 0.86)]
    assert all(find("05.goal").look(pair).passed for pair in near)


def test_a_translation_keeps_the_two_forms_together_as_the_sheet_shows():
    translate = find("05.translate").reference
    w, v, theta, velocity = 3.0, 0.0, 3.0, 0.0
    for count in range(40):
        momentum = 0.9 if count < 10 else 0.5
        if count == 10:
            _, theta = translate(theta, velocity, 0.9, 0.5)
        assert np.isclose(theta, w + momentum * v, atol=1e-12)
        v = momentum * v - 0.3 * np.tanh(w + momentum * v)
        w = w + v
        theta, velocity = nesterov_momentum(theta, velocity, np.tanh(theta), 0.3, momentum)
