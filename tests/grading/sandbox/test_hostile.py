"""Hostile answers: nothing earned, nobody else affected, nothing left behind; at both levels.

Each stands in a file of its own in `hostile/` and is run in the place of the answer to 04.step;
all other answers are right. What could reach an answer if it were let out is in the file, too.
"""

from pathlib import Path

import pytest

from course.grading.judge import judge
from tests.grading.harm import FILES, Ear, hostile, none_left, unharmed
from tests.grading.sheet import NAME, RIGHT, STEP

SEED = 11


def marks(answers, level, limit=60.0, memory=512):
    return judge(NAME, answers, seed=SEED, limit=limit, memory=memory, confinement=level)


def earned(judged):
    return [verdict.passed for verdict in judged.verdicts]


#: Every answer at the level that confines less; at the other one every third in `make test`, as
#: tests/grading/sandbox/test_confine.py has each attempt there.
CASES = [pytest.param(path, "landlock", id=f"{path.stem}-landlock") for path in FILES] + [
    pytest.param(
        path, "namespaces", id=f"{path.stem}-namespaces", marks=pytest.mark.long if i % 3 else []
    )
    for i, path in enumerate(FILES)
]


@pytest.mark.parametrize(("path", "level"), CASES)
def test_a_hostile_answer_earns_nothing_and_hurts_nobody(path, level, outside, ear, canary):
    with unharmed(outside, ear, canary):
        source = hostile(path, outside, ear, canary)
        judged = marks(RIGHT | {STEP: source}, level, limit=6.0)
        assert none_left() == []
        after = marks(RIGHT, level)
    assert len(judged.verdicts) == 5
    assert not judged.verdicts[0].passed, judged.verdicts[0].words
    for verdict in judged.verdicts:
        assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(verdict.words)
        assert len(verdict.words) < 5000
    assert earned(after) == [True] * 5, after


@pytest.mark.parametrize("name", ["reads_the_solution", "imports_the_course", "reads_the_parent"])
def test_it_is_the_confinement_that_stops_an_attack_and_not_its_own_fault(
    name, outside, ear, canary
):
    path = Path(__file__).parents[1] / f"hostile/{name}.py"
    judged = marks(RIGHT | {STEP: hostile(path, outside, ear, canary)}, "none")
    assert judged.confinement == "none"
    assert judged.verdicts[0].passed


def test_without_confinement_the_network_is_reached_and_the_journal_rewritten(outside, canary):
    ear = Ear()
    for name in ("network", "rewrites_the_journal"):
        path = Path(__file__).parents[1] / f"hostile/{name}.py"
        marks(RIGHT | {STEP: hostile(path, outside, ear, canary)}, "none")
    assert {b"tcp", b"udp", b"unix", b"libc"} <= {*ear.heard}
    assert any(heard.startswith(b"GET /http") for heard in ear.heard)
    assert not (outside / "journal.jsonl").exists()
