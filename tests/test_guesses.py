"""The record of guesses: lines are added, damage is passed over and told, nothing else is lost."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from course.learner import guesses, workspace
from course.questions.kinds import Verdict

AT = datetime(2026, 5, 1, 23, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def copy(tmp_path):
    workspace.save(tmp_path, "manifest", {})
    return tmp_path


def test_guesses_are_read_as_they_were_added(copy):
    assert guesses.read(copy) == ([], 0)
    guesses.add(copy, "04.slope", Verdict(False, "0.1", "No."), AT)
    guesses.add(copy, "04.slope", Verdict(True, "1.0 · ±", "Yes."), AT)
    made, damaged = guesses.read(copy)
    assert made == [
        guesses.Guess("04.slope", False, "0.1", AT.astimezone(UTC)),
        guesses.Guess("04.slope", True, "1.0 · ±", AT.astimezone(UTC)),
    ]
    assert damaged == 0


def test_a_line_has_the_names_that_a_class_uses_and_nothing_of_the_learner(copy):
    guesses.add(copy, "04.slope", Verdict(True, "1.0", "Yes."), AT)
    assert json.loads((copy / guesses.FILE).read_text()) == {
        "what": "guess",
        "name": "04.slope",
        "passed": True,
        "choice": "1.0",
        "at": "2026-05-01T21:30:00+00:00",
    }


@pytest.mark.parametrize(
    "damage",
    [
        b'{"what": "guess", "na',
        b"\xff\xfe\x00",
        b"[]\n",
        b"17\n",
        b'{"name": "a", "passed": "yes", "choice": "b", "at": "2026-05-01T21:30:00+00:00"}\n',
        b'{"name": "a", "passed": true, "choice": "b", "at": "2026-05-01T21:30:00"}\n',
        b'{"name": "a", "passed": true, "choice": "b", "at": 5}\n',
        b"[" * 100_000,
    ],
)
def test_a_damaged_line_costs_itself_only_and_is_counted(copy, damage):
    guesses.add(copy, "04.slope", Verdict(True, "1.0", ""), AT)
    before = (copy / guesses.FILE).read_bytes()
    with (copy / guesses.FILE).open("ab") as file:
        file.write(damage)
    guesses.add(copy, "04.edge", Verdict(False, "none", ""), AT)
    assert (copy / guesses.FILE).read_bytes().startswith(before + damage)
    made, damaged = guesses.read(copy)
    assert [each.name for each in made] == ["04.slope", "04.edge"]
    assert damaged == 1


def test_where_it_cannot_be_written_or_read_that_is_said(copy):
    (copy / guesses.FILE).mkdir()
    with pytest.raises(workspace.Refused, match="Cannot write .*guesses.jsonl: is a directory"):
        guesses.add(copy, "04.slope", Verdict(True, "1.0", ""))
    with pytest.raises(workspace.Refused, match="Cannot read"):
        guesses.read(copy)
