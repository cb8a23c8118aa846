"""Known mistakes that are made from slips: what each leads to, and what is never said."""

import pytest

from course.checks import slips
from course.checks.tasks import Mistake


def after(rate=0.5, sign=-1):
    return 8 + sign * rate * 4


def test_each_slip_is_a_mistake_and_each_two_of_different_kinds():
    made = slips.of_number(after, (({"rate": 1}, "The rate."), ({"sign": 1}, "The sign.")))
    assert [(each.answer, each.because) for each in made] == [
        (4, "The rate."),
        (10, "The sign."),
        (12, "Two things. The rate. And: The sign."),
    ]


def test_two_slips_that_lead_where_another_does_are_not_told():
    made = slips.of_number(after, (({"rate": -0.5}, "The rate."), ({"sign": 2}, "The sign.")))
    assert [each.answer for each in made] == [10, 12, 4]
    made = slips.of_number(after, (({"rate": -1}, "The rate."), ({"sign": 0}, "The sign.")))
    assert [each.answer for each in made] == [12, 8]


@pytest.mark.parametrize("slip", [{"rate": 0.5}, {"sign": 1, "rate": -0.5}, {"rate": 0.501}])
def test_a_slip_that_leads_to_the_right_number_is_refused(slip):
    with pytest.raises(ValueError, match="Another way leads to"):
        slips.of_number(after, ((slip, "A slip."),))


def test_another_mistake_comes_before_a_pair_of_slips():
    other = Mistake(12, "Something else.")
    made = slips.of_number(after, (({"rate": 1}, "The rate."), ({"sign": 1}, "The sign.")), other)
    assert [each.because for each in made] == ["The rate.", "The sign.", "Something else."]
