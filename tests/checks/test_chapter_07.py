"""What the sheet of chapter 07 says in words, and what its goal answers."""

from itertools import permutations

import numpy as np
import pytest

from course import sgd
from course.checks import find
from course.checks.chapter_07 import global_norm, goal


def test_the_two_clips_are_those_of_sgd():
    random = np.random.default_rng(0)
    for _ in range(20):
        gradients, threshold = global_norm._global_arguments(random)
        norm, whole = find("07.norm").reference, find("07.global").reference
        for mine, theirs in zip(
            [norm(gradients[0], threshold), *whole(gradients, threshold)],
            [
                sgd.clip_by_norm(gradients[0], threshold),
                *sgd.clip_by_global_norm(gradients, threshold),
            ],
        ):
            np.testing.assert_allclose(mine, theirs)


def test_the_stages_of_the_sheet_are_those_of_sgd():
    random = np.random.default_rng(0)
    weights, state = [random.normal(size=3)], sgd.initial_state([np.zeros(3)])
    w, v = weights[0], np.zeros(3)
    settings = {"learning_rate": 0.125, "momentum": 0.875, "weight_decay": 0.5, "clipvalue": 1.0}
    for _ in range(5):
        g = 4 * random.normal(size=3)
        weights, state = sgd.step(weights, [g], state, **settings)
        w, v = find("07.stages").reference(w, v, g, *settings.values())
    np.testing.assert_allclose([w, v], [weights[0], state.velocity[0]])


LINES = (
    "g = np.clip(g, -c, c)",
    "w = w - eta * wd * w",
    "v = beta * v - eta * g",
    "w = w + v",
)


@pytest.mark.parametrize("order", [*permutations(range(4))])
def test_every_order_of_the_four_lines_passes_or_is_explained(order):
    names = {"np": np}
    body = "".join(f"    {LINES[i]}\n" for i in order)
    exec(f"def step(w, v, g, eta, beta, wd, c):\n{body}    return w, v", names)
    finding = find("07.stages").look(names["step"])
    clip, decay, velocity, move = map(order.index, range(4))
    assert finding.passed == (clip < velocity < move and decay < move)
    task = find("07.stages")
    known = {each.because for each in task.mistakes} | {told for *_, told in task.needs}
    assert finding.passed or finding.lines[-1].strip() in known


def test_the_resting_place_is_where_the_clipped_gradients_balance_and_a_walk_stays_there():
    examples, place = np.array([2.0, 2, 2, 2, 12]), find("07.settles").reference
    assert np.mean(np.clip(place - examples, -3, 3)) == 0
    random, w, late = np.random.default_rng(0), np.zeros(500), 0.0
    for step in range(4000):
        w = w - 0.005 * np.clip(w - random.choice(examples, size=500), -3, 3)
        late += w.mean() * (step >= 2000) / 2000
    assert abs(late - place) < 0.02


def test_the_walks_of_the_picture_go_as_the_words_beside_it_say():
    from matplotlib.figure import Figure

    figure = Figure()
    find("07.paths").picture(figure)
    a, b, c = (np.diff(axes.lines[0].get_xydata(), axis=0) for axes in figure.axes)
    np.testing.assert_allclose(np.linalg.norm(a[:6], axis=1), 0.4)
    assert np.all(np.abs(a[:3, 1]) > 3 * np.abs(a[:3, 0]))
    np.testing.assert_allclose(np.abs(c[:3]), 0.4)
    far = np.linalg.norm(b, axis=1)
    assert [*far] == sorted(far, reverse=True) and far[0] > 3
    assert all(np.diff(np.sign(figure.axes[1].lines[0].get_ydata()[:8])))


def test_the_lengths_of_the_gradients_are_as_the_sheet_says():
    x, y, test_x, test_y, batches = goal._images_of_the_goal()
    lengths = np.array([np.linalg.norm(x[batch].T @ y[batch]) / 20 for batch in batches])
    faulty = (batches < 10).any(axis=1)
    assert (sum(~faulty), sum(faulty), len(test_y)) == (323, 77, 797)
    usual = lengths[~faulty]
    said = [f"{each:.2f}" for each in (usual.min(), np.median(usual), usual.max())]
    assert said == ["0.07", "0.33", "0.89"]
    assert [f"{each:.2g}" for each in (lengths[faulty].min(), lengths.max())] == ["9.4", "91"]
    assert f"{np.mean(test_y**2):.3f}" == "0.346"
    assert 250 < x[:10].max() <= 255 and x[10:].max() <= 1


def test_without_a_clip_no_learning_rate_gets_below_03():
    with np.errstate(all="ignore"):
        errors = [goal._train(rate, 1e300) for rate in np.geomspace(1e-8, 1, 60)]
    assert not any(error < 0.3 for error in errors)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ((0.02, 0.3), "The steps are too short"),
        ((2.0, 0.5), "The learning rate is too large: what is left is noise."),
        ((0.1, 5.0), "The faulty images' steps are too long: lower the clip."),
        ((0.1, 1e6), "a step may be ηc = 1e+05 long. This clip comes too late"),
        ((1e6, 0.5), "This learning rate is too large for the clip."),
        ((0.0, 0.3), "must both be above 0"),
        ((0.2, -1.0), "must both be above 0"),
    ],
)
def test_the_goal_says_what_happened(choice, words):
    finding = find("07.goal").look(choice)
    assert not finding.passed and words in "\n".join(finding.lines)
