"""Only what the schema allows is taken: whatever else is sent is refused."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.classroom import schema
from course.questions import votes
from tests.classroom.conftest import check, guess

GOOD = {"token": "t" * 24, "session": "0" * 16, "events": [check(), guess(2)]}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["check", "04.step", "04.slope", "guess", 0, 1, True]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def sent(body):
    return json.dumps(body).encode()


def test_what_kernels_send_is_taken():
    assert schema.news(sent(GOOD)) == (GOOD["token"], GOOD["session"], GOOD["events"])


@given(st.sampled_from(sorted(schema.tasks())), st.data())
def test_each_known_mistake_of_each_task_is_taken_and_no_other(name, data):
    known = len(schema.tasks()[name].mistakes)
    if known:
        fine = data.draw(st.integers(0, known - 1))
        schema.refuse_event(check(name=name, mistake=fine))
    wrong = data.draw(st.integers(known) | st.integers(max_value=-1))
    with pytest.raises(schema.NotInSchema, match="no such mistake"):
        schema.refuse_event(check(name=name, mistake=wrong))


@given(st.sampled_from(sorted(schema.predictions())), st.integers())
def test_each_option_of_each_prediction_is_taken_and_no_other(name, choice):
    options = len(votes.labels(schema.predictions()[name]))
    schema.refuse_event(guess(name=name, choice=choice % options))
    if not 0 <= choice < options:
        with pytest.raises(schema.NotInSchema, match="no such option"):
            schema.refuse_event(guess(name=name, choice=choice))


@given(st.binary(max_size=300))
def test_bytes_that_are_no_json_of_ours_are_refused(data):
    for read in (schema.news, schema.joining):
        with pytest.raises(schema.NotInSchema):
            read(data)


@given(VALUES)
def test_any_other_json_is_refused(value):
    for read in (schema.news, schema.joining):
        with pytest.raises(schema.NotInSchema):
            read(sent(value))


@given(st.sampled_from(sorted(GOOD)), VALUES)
def test_any_other_value_in_any_place_of_the_whole_is_refused(key, value):
    if key in ("token", "session") and type(value) is str:
        value = "§" + value
    with pytest.raises(schema.NotInSchema):
        schema.news(sent(GOOD | {key: value}))


@given(st.sampled_from([check(), guess()]), st.data(), VALUES)
def test_any_other_value_in_any_place_of_an_event_is_refused(event, data, value):
    key = data.draw(st.sampled_from(sorted(event)))
    number = type(value) in (int, float)
    if type(value) is type(event[key]) or (number and key == "age") or value in event.values():
        return  # it may be a value that is allowed
    if key == "mistake" and value is None:
        return
    with pytest.raises(schema.NotInSchema):
        schema.news(sent(GOOD | {"events": [event | {key: value}]}))


@given(st.sampled_from([check(), guess()]), st.text(string.ascii_letters, min_size=1), VALUES)
def test_no_field_more_and_none_less(event, key, value):
    less = {k: v for k, v in event.items() if k != "age"}
    for odd in [less] if key in event else [less, event | {key: value}]:
        with pytest.raises(schema.NotInSchema):
            schema.news(sent(GOOD | {"events": [odd]}))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "04.nothing"},
        {"name": "04.slope"},
        {"passed": 1},
        {"passed": True, "mistake": 2},
        {"mistake": True},
        {"mistake": 1.0},
        {"number": -1},
        {"number": 10**9},
        {"number": True},
        {"age": -1},
        {"age": float("nan")},
        {"age": float("inf")},
        {"age": 10**400},
        {"what": ["check"]},
        {"what": "guess"},
    ],
)
def test_near_misses_are_refused_and_say_at_which_event(change):
    body = GOOD | {"events": [check(), check(2) | change]}
    with pytest.raises(schema.NotInSchema) as refused:
        schema.news(sent(body))
    assert refused.value.event == 1


@pytest.mark.parametrize(
    "name", ["a" * 61, "two\nlines", "\x1b[31m", "\ud800", 5, None, "\u202eabc"]
)
def test_a_name_is_one_short_line_of_letters(name):
    with pytest.raises(schema.NotInSchema):
        schema.joining(sent({"code": "ABC-DEF", "name": name, "version": "1", "token": ""}))


def test_too_much_at_once_is_refused():
    many = [check(i) for i in range(1, schema.MOST_EVENTS + 2)]
    for body in (GOOD | {"events": many}, GOOD | {"events": []}, GOOD | {"token": "t" * 65_000}):
        with pytest.raises(schema.NotInSchema):
            schema.news(sent(body))
    with pytest.raises(schema.NotInSchema):
        schema.news(b"[" * 60_000)
