"""Each kind of question judges a guess, and says what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.questions.kinds import (
    BadGuess,
    Choice,
    Number,
    Order,
    Verdict,
    read_number,
    right,
    wrong,
)

CHOICE = Choice(
    "04.a", "Which?", (wrong("low", "It rises."), right("high", "It is."), wrong("no", "-"))
)
NUMBER = Number("04.b", "How far?", 4.5, 0.1, "Nine times 0.5.", ((5, "One too many."),), "Add up.")
ORDER = Order(
    "04.c",
    "In which order?",
    (
        ("mean", "it is of raw gradients."),
        ("decay", "it is not clipped."),
        ("clip", "So in Keras."),
    ),
)


def test_a_choice_answers_with_the_sentence_of_the_option():
    assert CHOICE.judge(0) == Verdict(False, "low", "It rises.")
    assert CHOICE.judge(1) == CHOICE.answer == Verdict(True, "high", "It is.")


@pytest.mark.parametrize("guess", [3, -1, "1", None, True, 1.0, [1]])
def test_what_is_no_option_is_refused(guess):
    with pytest.raises(BadGuess, match="Choose one of 3 options; got"):
        CHOICE.judge(guess)


@given(st.floats(-10, 10))
def test_a_number_passes_exactly_within_its_tolerance(number):
    assert NUMBER.judge(str(number)).passed == (abs(number - 4.5) <= 0.1)


def test_a_number_of_a_known_slip_gets_its_sentence_and_others_the_general_one():
    assert NUMBER.judge("4.45").sentence == "Nine times 0.5."
    assert NUMBER.judge("5") == Verdict(False, "5", "One too many.")
    assert NUMBER.judge("-7") == Verdict(False, "-7", "Add up.")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0.5", 0.5), (" 0,5 ", 0.5), ("−2", -2), ("1/3", 1 / 3), ("1e-3", 0.001), (4, 4)],
)
def test_a_number_is_read_as_people_type_it(typed, number):
    assert read_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "a lot", "1/0", "1/", "1_0", "nan", "inf", "1/2/3", None, "9" * 500]
)
def test_what_is_no_finite_number_is_refused(typed):
    with pytest.raises(BadGuess, match="Give a number"):
        read_number(typed)


def test_an_order_is_shown_by_the_alphabet_and_told_the_first_pair_that_is_wrong():
    assert ORDER.labels == ["clip", "decay", "mean"]
    assert (
        ORDER.judge([2, 1, 0]) == ORDER.answer == Verdict(True, "mean, decay, clip", "So in Keras.")
    )
    assert ORDER.judge([2, 0, 1]).sentence == "decay comes before clip: it is not clipped."


@given(st.permutations([0, 1, 2]))
def test_only_one_order_passes(guess):
    assert ORDER.judge(guess).passed == (guess == [2, 1, 0])


@pytest.mark.parametrize("guess", [[0, 1], [0, 1, 1], [1, 2, 3], "210", None, [True, 0, 2]])
def test_what_is_no_order_of_all_is_refused(guess):
    with pytest.raises(BadGuess, match="Put all 3 in order, each once; got"):
        ORDER.judge(guess)
