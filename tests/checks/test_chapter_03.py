"""The numbers that exercise 03 tells its readers, and what its goal says of a choice."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course.checks import find
from course.checks.chapter_03 import goal
from course.schedules import warm_up
from course.sgd import initial_state, step


def said_by_the_goal(*choice):
    finding = find("03.goal").look(choice)
    return finding.passed, "\n".join(finding.lines)


def test_the_best_constant_rate_and_one_over_t_miss_the_goal_as_the_sheet_says():
    constants = [sum(goal._losses(rate, 0.0)) for rate in np.linspace(0.001, 0.2, 400)]
    assert f"{min(constants):.4f}" == "0.0270"
    assert f"{sum(goal._losses(1.0, 1.0)):.4f}" == "0.2115"


def test_no_constant_rate_and_no_rate_that_falls_like_one_over_t_reaches_the_goal():
    for power in (0.0, 1.0):
        for rate in np.linspace(0.01, 1.99, 200):
            assert sum(goal._losses(rate, power)) >= goal.ENOUGH


def test_the_goal_says_whether_way_or_noise_is_left():
    assert "There is too much way left; from here a larger first" in said_by_the_goal(0.5, 0.7)[1]
    assert "There is too much noise; from here a smaller first" in said_by_the_goal(1.0, 0.2)[1]


@given(st.floats(0.01, 1.99), st.floats(0.0, 1.5))
@settings(max_examples=25, deadline=None)
def test_what_the_goal_advises_makes_the_loss_smaller(rate, power):
    passed, said = said_by_the_goal(rate, power)
    assume(not passed)
    little = {
        "a larger first rate": (rate * 1.001, power),
        "a smaller first rate": (rate * 0.999, power),
        "a larger power": (rate, power + 0.001),
        "a smaller power": (rate, power - 0.001),
    }
    advised = [words for words in little if words in said]
    assert advised
    for words in advised:
        assert sum(goal._losses(*little[words])) < sum(goal._losses(rate, power))


def test_the_goal_refuses_rates_and_powers_outside_what_the_sheet_allows():
    assert "above 0 and below 2" in said_by_the_goal(2.0, 0.5)[1]
    assert "above 0 and below 2" in said_by_the_goal(0.0, 0.5)[1]
    assert "it must be 0 or more" in said_by_the_goal(0.1, -0.1)[1]


def test_the_schedule_of_the_sheet_is_that_of_the_chapter():
    rates = find("03.schedule").reference(140, 0.1, 20, 100)
    np.testing.assert_allclose(rates, warm_up(np.arange(140), 0.1, 20, 100), atol=1e-15)


@pytest.mark.parametrize("accumulation", [None, 4])
def test_the_plan_ends_its_schedule_with_the_run(accumulation):
    warmup, decay = find("03.plan").reference(100, 32, 5, 1, accumulation or 1)
    weights, counts = [np.zeros(1)], []
    state = initial_state(weights)
    for _ in range(5):  # epochs
        for _ in range(0, 100, 32):  # batches
            weights, state = step(
                weights,
                [np.ones(1)],
                state,
                learning_rate=lambda count: counts.append(count) or 0.1,
                gradient_accumulation_steps=accumulation,
            )
    assert warmup == 4
    assert warmup + decay == 20 == len(range(0, 100, 32)) * 5
    assert {*counts} <= {*range(20)}
    assert max(counts) == 19


def test_run_2_of_the_picture_is_lowest_at_first_and_highest_in_the_end():
    from matplotlib.figure import Figure

    figure = Figure()
    find("03.plateaus").picture(figure)
    a, b, c = (line.get_ydata() for line in figure.axes[0].lines)
    assert c[50] < a[50] < b[50]
    assert a[400] < b[400] < c[400]
    assert 155 < 10 + np.argmax(c[10:] > b[10:]) < 165
    assert 105 < 10 + np.argmax(c[10:] > a[10:]) < 115
