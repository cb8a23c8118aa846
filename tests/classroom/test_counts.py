"""What the pages show is counted from the lines: who is at what, which mistakes, which votes."""

import json

import pytest

from course.classroom.counts import AWAY, STUCK, Counts
from course.classroom.schema import tasks
from tests.classroom.conftest import check, guess

NOW = 1_000_000.0


@pytest.fixture
def counts():
    found = Counts()
    for number in (1, 2, 3):
        found.add({"what": "join", "learner": number, "name": f"Secret{number}", "at": NOW})
    return found


def tell(counts, learner, *events, at=NOW):
    for event in events:
        counts.add(event | {"learner": learner, "at": at})


def task(counts, name, now=NOW):
    (sheet,) = [each for each in counts.shown(now)["sheets"] if each["number"] == name[:2]]
    return next(each for each in sheet["tasks"] if each["name"] == name)


def test_of_each_task_is_shown_how_many_hold_and_how_many_are_at_it(counts):
    tell(counts, 1, check(passed=True))
    tell(counts, 2, check())
    assert (task(counts, "04.step")["passed"], task(counts, "04.step")["at"]) == (1, 1)
    assert task(counts, "04.terminal")["at"] == 1, "whoever is done is at the next"
    assert counts.shown(NOW)["joined"] == 3


def test_mistakes_are_told_in_the_checks_own_words_with_how_many_make_them_now(counts):
    tell(counts, 1, check(mistake=2))
    tell(counts, 2, check(mistake=2), check(mistake=3))
    tell(counts, 3, check(mistake=None))
    words = [each.because for each in tasks()["04.step"].mistakes]
    assert task(counts, "04.step")["mistakes"] == [
        {"now": 1, "ever": 2, "text": words[2]},
        {"now": 1, "ever": 1, "text": words[3]},
    ]
    tell(counts, 1, check(passed=True))
    assert task(counts, "04.step")["mistakes"][-1] == {"now": 0, "ever": 2, "text": words[2]}
    later = task(counts, "04.step", NOW + AWAY)["mistakes"]
    assert [(each["now"], each["ever"]) for each in later] == [(0, 2), (0, 1)], "nobody is there"


def test_stuck_is_who_tries_one_task_for_five_minutes_and_is_still_there(counts):
    tell(counts, 1, check(), at=NOW - STUCK + 1)
    tell(counts, 2, check(), at=NOW - STUCK)
    tell(counts, 3, check(), at=NOW - STUCK)
    tell(counts, 3, check(passed=True))
    assert counts.shown(NOW)["stuck"] == task(counts, "04.step")["stuck"] == 1
    assert counts.shown(NOW + 1)["stuck"] == 2
    tell(counts, 2, check())
    assert counts.shown(NOW)["stuck"] == 1, "another failed check is no progress"
    assert counts.shown(NOW + AWAY)["stuck"] == 0, "yesterday's class is not stuck"


def test_who_breaks_what_held_starts_to_count_anew(counts):
    tell(counts, 1, check(), at=NOW - 2 * STUCK)
    tell(counts, 1, check(passed=True), at=NOW - STUCK)
    tell(counts, 1, check(), at=NOW)
    assert counts.shown(NOW)["stuck"] == 0


def test_votes_are_counted_before_and_after_the_reveal_each_learners_latest(counts):
    tell(counts, 1, guess(choice=0), guess(choice=3), guess(choice=2, revealed=True))
    tell(counts, 2, guess(choice=0))
    (votes,) = counts.shown(NOW)["predictions"]
    assert [each["before"] for each in votes["options"]] == [1, 0, 0, 1]
    assert [each["after"] for each in votes["options"]] == [0, 0, 1, 0]
    assert (votes["right"], votes["voted"]) == (2, 2)


def test_names_are_in_the_teachers_list_alone(counts):
    tell(counts, 1, check(mistake=2), guess())
    assert "Secret" not in json.dumps(counts.shown(NOW))
    tell(counts, 2, check(), at=NOW - STUCK)
    rows = counts.list(NOW)
    assert [row["learner"] for row in rows] == ["Secret2", "Secret1", "Secret3"]
    assert rows[0]["stuck"] == 5 and rows[0]["at"] == "04.step"
    assert rows[1]["mistake"] == tasks()["04.step"].mistakes[2].because


@pytest.mark.parametrize("other", ["Secret1", "SECRET1", "\uff33ecret1"])
def test_who_gives_anothers_name_is_told_apart(counts, other):
    counts.add({"what": "join", "learner": 4, "name": other, "at": NOW})
    counts.add({"what": "join", "learner": 5, "name": "", "at": NOW})
    counts.add({"what": "join", "learner": 6, "name": "learner 5", "at": NOW})
    named = {row["learner"] for row in counts.list(NOW)}
    assert named == {
        *("Secret1 (1)", "Secret2", "Secret3", f"{other} (4)"),
        *("learner 5 (5)", "learner 5 (6)"),
    }


def test_no_more_is_kept_of_a_learner_the_longer_it_lasts(counts):
    def size():
        learner = counts.learners[1]
        return len(learner.tries), len(learner.guesses), len(learner.tries["04.step"].ever)

    tell(counts, 1, check(), guess())
    before = size()
    for _ in range(50):
        tell(counts, 1, check(), guess())
    assert size() == before
