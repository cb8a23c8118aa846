"""When a question comes back: sooner after a miss, later and later while it is known."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from course.questions.spacing import BOXES, Card, after, cards, days, due

DAY = date(2026, 1, 1)
CARDS = st.builds(
    Card, st.integers(1, BOXES), st.integers(-40, 40).map(lambda n: DAY + timedelta(n))
)


def test_each_box_rests_twice_as_long_as_the_one_before():
    assert [days(box) for box in range(1, BOXES + 1)] == [1, 2, 4, 8, 16, 32, 64]


@given(st.none() | CARDS)
def test_a_missed_question_comes_back_tomorrow_whatever_was_before(card):
    assert after(card, False, DAY) == Card(1, DAY + timedelta(days=1))


@given(CARDS)
def test_a_known_question_rests_longer_if_it_was_due_and_stays_if_it_was_not(card):
    again = after(card, True, DAY)
    if card.due > DAY:
        assert again == card
    else:
        assert again.box == min(card.box + 1, BOXES)
        assert again.due == DAY + timedelta(days=days(again.box))


def test_always_known_when_due_it_is_asked_after_2_4_8_days_and_so_on():
    day, found, gaps = DAY, {}, []
    for _ in range(8):
        found = {"a": after(found.get("a"), True, day)}
        gaps.append((found["a"].due - day).days)
        day = found["a"].due
    assert gaps == [2, 4, 8, 16, 32, 64, 64, 64]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 9)), max_size=20))
def test_the_guesses_at_one_question_do_not_move_another(made):
    made = [(name, passed, DAY + timedelta(n)) for name, passed, n in made]
    for name in "abc":
        alone = cards(each for each in made if each[0] == name)
        assert alone.get(name) == cards(made).get(name)


def test_what_waits_longest_is_asked_first_then_what_is_new_and_no_more_than_ten():
    found = {"b": Card(1, DAY), "c": Card(3, DAY - timedelta(2)), "d": Card(1, DAY + timedelta(1))}
    assert due(found, ["a", "b", "c", "d", "e"], DAY) == ["c", "b", "a", "e"]
    assert due(found, ["a", "b", "c", "d", "e"], DAY, 3) == ["c", "b", "a"]
    assert len(due({}, [str(n) for n in range(30)], DAY)) == 10
    assert due(found, ["d"], DAY) == []
