"""Chapter 12's bench: it trains what it says, and compares as the chapter teaches."""

import numpy as np
import pytest

from course import tuning
from course.quietly import keras
from course.tuning import cosine, repeat, told_gap, train


def test_the_images_are_dealt_once_and_none_is_in_two_parts():
    images, labels, *parts = tuning.digits()
    assert [len(part) for part in parts] == [896, 400, 501]
    assert sorted(np.concatenate(parts)) == list(range(len(labels))) and len(images) == len(labels)


def test_the_gradients_are_the_slopes_of_the_loss():
    random = np.random.default_rng(0)
    x, y = random.random((2, 8, 64)), random.integers(0, 10, (2, 8))
    weights = [np.stack(arrays) for arrays in zip(*map(tuning.first_weights, (3, 4)))]
    _, gradients = tuning.losses_and_gradients(weights, x, y)
    for layer, gradient in enumerate(gradients):
        direction, losses = random.normal(size=gradient.shape), []
        for h in (1e-6, -1e-6):
            moved = [*weights[:layer], weights[layer] + h * direction, *weights[layer + 1 :]]
            losses.append(tuning.losses_and_gradients(moved, x, y)[0])
        slope = (gradient * direction).sum(axis=(1, 2))
        np.testing.assert_allclose((losses[0] - losses[1]) / 2e-6, slope, rtol=1e-5)


@pytest.mark.parametrize(
    ("rule", "theirs"),
    [
        (tuning.ball, keras.optimizers.SGD(0.1, 0.9, weight_decay=0.01)),
        (tuning.nesterov, keras.optimizers.SGD(0.1, 0.9, nesterov=True, weight_decay=0.01)),
        (tuning.adam, keras.optimizers.Adam(0.1, 0.9, weight_decay=0.01)),
    ],
    ids=["ball", "nesterov", "adam"],
)
def test_a_rule_takes_keras_s_steps(rule, theirs):
    variable, w, memory = keras.Variable([1.0, -2.0]), np.array([1.0, -2.0]), (0.0, 0.0)
    for step in range(1, 6):
        g = np.array([0.3, -0.1]) * step
        theirs.apply([keras.ops.convert_to_tensor(g, dtype="float32")], [variable])
        w, memory = rule(w, memory, g, 0.1, 0.9, 0.01, step)
    np.testing.assert_allclose(w, keras.ops.convert_to_numpy(variable), rtol=1e-5)


def test_a_run_is_the_same_alone_and_among_others():
    alone, path = train([5], 0.2, 0.9, 1e-3, cosine, epochs=1)
    among, paths = train(np.arange(130), 0.2, 0.9, 1e-3, cosine, epochs=1)
    np.testing.assert_allclose(paths[5], path[0], rtol=1e-9)
    np.testing.assert_allclose(among[0][5], alone[0][0], rtol=1e-9)


def test_a_run_that_diverges_scores_ten():
    weights, _ = train([0, 1], [1e6, 0.1], epochs=1)
    loss, wrong = tuning.score(weights, tuning.digits()[3])
    assert loss[0] == tuning.DIVERGED and loss[1] < 1 and wrong[1] < 30


def test_a_difference_is_taken_seed_by_seed():
    ours, theirs = np.array([1.0, 3.0, 5.0, 7.0]), np.array([0.5, 2.0, 4.5, 6.0])
    assert tuning.paired(ours, theirs) == pytest.approx((0.75, np.sqrt(1 / 12) / 2))
    assert told_gap(ours, theirs) == "+0.750 ± 0.144*"
    assert told_gap(ours, ours[::-1]) == "+0.000 ± 2.582"
    assert told_gap(np.zeros(3), np.full(3, 1e-5)) == "+0.000 ± 0.000*"


def test_settings_are_repeated_with_the_same_seeds():
    to_choose_by, learnt = repeat([(0.1, 0.9, 0), (0.1, 0.9, 0), (0.2, 0.9, 0)], (4, 7), epochs=1)
    assert to_choose_by.shape == learnt.shape == (3, 2)
    np.testing.assert_array_equal(to_choose_by[0], to_choose_by[1])
    assert to_choose_by[0, 0] != to_choose_by[0, 1] and to_choose_by[0, 0] != to_choose_by[2, 0]


def test_the_best_trial_is_chosen_by_the_one_loss_and_told_by_both():
    losses = np.array([[[3.0, 1.0], [2.0, 4.0]], [[0.1, 0.2], [0.3, 0.4]]])
    np.testing.assert_array_equal(tuning.keep_best(losses), [[1.0, 2.0], [0.2, 0.3]])


@pytest.mark.parametrize("rule", [tuning.ball, tuning.adam])
def test_the_routine_turns_one_knob_after_the_other(rule, monkeypatch):
    seen = []

    def tried(rate, friction, decay, seeds, rule):
        seen.append((rate[0], friction[0], decay[0], seeds[0]))
        return np.stack([np.abs(np.log(rate / 0.2)) + friction] * 2)

    monkeypatch.setattr(tuning, "tried", tried)
    stages = ("rate", (1, 0.5, 0.1)), ("friction", (0.5, 2)), ("decay", (0, 1))
    seeds = np.arange(14).reshape(2, 7)
    losses = tuning.by_routine(rule, stages, np.array([0.4, 0.4]), seeds)
    assert losses.shape == (2, 2, 7)
    rates, frictions, decays, used = zip(*seen)
    np.testing.assert_allclose(rates[0], [0.4, 0.2, 0.04])
    np.testing.assert_allclose(frictions[1], [0.05, 0.2])
    np.testing.assert_allclose(rates[1], [0.1, 0.4] if rule is tuning.ball else [0.2, 0.2])
    best = 0.2  # for Adam with less friction; for the ball the first stage stays ahead
    np.testing.assert_allclose(decays[2], [0, 1 / (best * 280)])
    np.testing.assert_array_equal(np.concatenate(used), np.arange(7))


def test_a_third_of_the_decay_or_three_times_matters_by_six_thousandths_at_most():
    settings = [(0.2, 0.9, decay) for decay in (1e-3, 1e-3 / 3, 3e-3)]
    usual, less, more = repeat(settings, shape=cosine)[0]
    for changed in (less, more):
        difference, error = tuning.paired(changed, usual)
        assert abs(difference) < 2.4 * error and difference + 2.4 * error < 0.0065


@pytest.mark.long
def test_searches_at_random_end_where_the_chapter_says():
    random = np.random.default_rng(24)
    decades, friction = random.uniform(-2, 2, (24, 15)), 10 ** random.uniform(-2, 0, (24, 15))
    part, seeds, ends = 10 ** random.uniform(-1.5, 1, (24, 15)), np.arange(2000, 2360), {}
    for rule, default in ((tuning.nesterov, 0.01), (tuning.adam, 0.001)):
        rate = default * 10**decades
        losses = tuning.tried(rate, friction, part / (rate * 280), seeds.reshape(24, 15), rule)
        ends[rule.__name__] = tuning.keep_best(losses)[1]
    assert [end.mean() for end in ends.values()] == pytest.approx([0.138, 0.123], abs=1e-3)
    assert not told_gap(ends["nesterov"], ends["adam"]).endswith("*")
    for name, mean, sd in (("nesterov", 0.098, 0.016), ("adam", 0.095, 0.011)):  # by routine, there
        assert ends[name].mean() - mean > 2.4 * np.hypot(ends[name].std(ddof=1), sd) / np.sqrt(24)
