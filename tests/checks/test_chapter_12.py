"""The numbers that exercise 12 tells its readers, and what its goal says of a choice."""

import numpy as np
import pytest

from course import tuning
from course.checks import find
from course.checks.chapter_12 import batches, goal, network, trial


def said_by_the_goal(*choice):
    finding = find("12.goal").look(choice)
    return finding.passed, "\n".join(finding.lines)


def test_without_momentum_no_learning_rate_reaches_the_goal():
    rates = np.repeat(np.geomspace(0.05, 2.0, 60), 3)
    seeds = np.tile(goal.SEEDS, 60)
    with np.errstate(all="ignore"):
        _, _, end = network.train(seeds, rates, 0.0, 5, 32, cosine=True)
    assert end.reshape(60, 3).mean(axis=1).min() > 1.2 * goal.ENOUGH


def test_many_pairs_reach_the_goal_and_not_by_a_hair():
    for pair in ((0.15, 0.9), (0.3, 0.9), (0.3, 0.8), (0.6, 0.8), (0.7, 0.5)):
        assert said_by_the_goal(*pair)[0], pair


def test_the_goal_says_how_the_run_went():
    assert "is 0.543; it must be below 0.15" in said_by_the_goal(0.02, 0.9)[1]
    assert "epochs: nan, nan, nan, nan, nan." in said_by_the_goal(1e200, 0.9)[1]
    assert "must be above 0" in said_by_the_goal(-0.1, 0.9)[1]
    assert "to below 1" in said_by_the_goal(0.1, 1.0)[1]


def test_the_goal_says_which_knob_errs_and_in_which_direction():
    assert said_by_the_goal(0.1, 0.9)[1].endswith("ends at 0.139: take longer steps.")
    assert said_by_the_goal(0.5, 0.9)[1].endswith("ends at 0.149: take shorter steps.")
    assert said_by_the_goal(1.0, 0.0)[1].endswith("now it is the momentum's turn.")
    assert said_by_the_goal(10.0, 0.99)[1].endswith("learns: it is far off.")


def test_a_reading_is_told_where_it_stops():
    def at_the_lowest(rates, losses):
        return rates[np.nanargmin(losses[0]) + 1]

    found = find("12.range").look(at_the_lowest)
    assert found.because.endswith(
        "You stop at 1, where the loss is 1.9: it is still below its start, 2.3."
    )


def test_a_setting_is_told_where_it_lies_in_its_range():
    def squared(uniform, *ranges):
        return find("12.settings").reference(uniform**2, *ranges)

    found = find("12.settings").look(squared)
    assert "lies at 0.25 of the way; `uniform` says 0.50." in found.because


def test_the_lowest_points_of_the_valleys_are_where_the_sheet_says():
    lowest = [batches._SWEPT[np.argmin(batches.valleys(batch))] for batch in (8, 32, 128)]
    np.testing.assert_allclose(lowest, [0.025, 0.1, 0.2])


def test_the_steps_of_five_epochs_are_those_that_the_hints_name():
    learn = len(tuning.digits()[2])
    assert [learn // batch * 5 for batch in (8, 32, 128)] == [560, 140, 35]


def test_the_cosine_is_better_by_the_bar_for_pairs_only():
    losses = [trial(np.arange(8), 0.1, 0.9, epochs=10, cosine=c) for c in (True, False)]
    difference, bar, paired_bar = find("12.compare").reference(*losses)
    assert paired_bar < -difference < bar


def test_the_best_trials_at_random_lie_near_an_effective_rate_of_1():
    numbers = np.random.default_rng(12).random((3, 12))
    rates, momenta, _ = find("12.settings").reference(numbers, (0.01, 10), (0.03, 1), (1e-5, 0.1))
    losses = np.array([trial(0, *pair)[0] for pair in zip(rates, momenta)])
    effective = rates / (1 - momenta)
    order = np.argsort(effective)
    below = effective[order] < 2
    assert np.all(np.diff(losses[order][below]) < 0)
    above = order[~below]
    assert momenta[above][np.argmin(losses[above])] == momenta[above].max()


def test_keras_ignores_decay_with_a_warning_and_a_schedule_is_what_it_meant():
    keras = pytest.importorskip("keras")
    with pytest.warns(UserWarning, match="no longer supported and will be ignored"):
        optimizer = keras.optimizers.SGD(learning_rate=0.05, decay=0.01, momentum=0.9)
    optimizer.build([keras.Variable(0.0)])
    optimizer.iterations.assign(300)
    schedule = keras.optimizers.schedules.InverseTimeDecay(0.05, decay_steps=1, decay_rate=0.01)
    ratio = float(optimizer.learning_rate) / float(schedule(300))
    assert ratio == pytest.approx(find("12.old").reference, rel=1e-6)
