"""What the goal of sheet 02 answers is true."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course.checks import find
from course.checks.chapter_02 import goal


@given(st.floats(0.01, 1.99), st.integers(1, 256))
@settings(max_examples=25, deadline=None)
def test_what_the_goal_advises_makes_the_loss_smaller(rate, size):
    finding = find("02.goal").look((rate, size))
    assume(not finding.passed)
    said = "\n".join(finding.lines)
    little = {
        "a larger learning rate": (rate * 1.001, size),
        "a smaller learning rate": (rate * 0.999, size),
        "a larger batch": (rate, size + 1),
    }
    advised = [words for words in little if words in said]
    assert advised
    for words in advised:
        assert sum(goal._losses(*little[words])) < sum(goal._losses(rate, size))


def test_numbers_that_changed_places_and_those_that_cannot_be_are_told():
    def said(*pair):
        return "\n".join(find("02.goal").look(pair).lines)

    assert "Did the two change places?" in said(200, 0.8)
    assert "must be above 0" in said(0.0, 16)
    assert "whole number from 1 to 256" in said(1.0, 512)
    assert "no batch moves the edge" in said(2.5, 100)
