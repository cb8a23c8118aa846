"""The real grader, killed in its parts: nothing is lost, marked twice, or left behind."""

import contextlib
import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import psutil
import pytest

from tests import waiting
from tests.grading.sheet import GOAL, RIGHT, STEP, submission, write

LEARNERS = 8

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="marking needs fork")


#: Put before each answer: whoever is killed with submissions left is killed in mid-run.
SLOWLY = "import time\ntime.sleep(0.3)\n"


def fill(folder):
    for number in range(LEARNERS):
        step = {STEP: RIGHT[STEP] if number % 3 else "def ball_step(*five):\n    return five[:2]"}
        goal = {} if number % 4 else {GOAL: "1 / 0"}
        answers = {STEP: SLOWLY + step[STEP]} | goal
        write(folder / f"{number:02}.ipynb", submission(answers))
    return folder


def start(folder, out):
    command = [sys.executable, "-m", "course", "grade", folder, "--out", out]
    options = ["--resume", "--seed", "1", "--jobs", "2"]
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(folder, out):
    grader = start(folder, out)
    said = grader.communicate(timeout=300)
    assert grader.returncode == 0, said


def written(out):
    path = out / "journal.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def marked(out):
    """Every line about a submission that was marked."""
    lines = (out / "journal.jsonl").read_bytes().split(b"\n")
    return [json.loads(line) for line in lines if line.startswith(b'{"what":"marked"')]


def table(out):
    """grades.csv without the one column that is measured."""
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return [{**row, "seconds": None} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """The submissions, and the table of a run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    fill(folder / "in")
    finish(folder / "in", folder / "out")
    rows = table(folder / "out")
    assert len(rows) == LEARNERS * 5
    assert 0 < sum(int(row["points"]) for row in rows) < LEARNERS * 7
    assert not [row["note"] for row in rows if row["note"]]
    return folder / "in", rows


def family_of(grader, **options):
    """The processes that a grader has begun; none where it has just ended by itself."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(grader.pid).children(**options)
    return []


def wait_for_lines(grader, out, number):
    """Wait until a grader in mid-run has written so many lines more than those before."""
    enough = 1 + number
    waiting.until(
        lambda: written(out) >= enough or grader.poll() is not None, f"{enough} lines in {out}"
    )
    ended = grader.poll() is not None
    assert not ended, f"it ended before it could be killed: {grader.communicate(timeout=60)}"


FEW = pytest.param(2, id="2 times")
MANY = pytest.param(25, id="25 times", marks=[pytest.mark.long, pytest.mark.timeout(3600)])


@pytest.mark.parametrize("kills", [FEW, MANY])
def test_a_killed_grader_goes_on_where_it_was(uninterrupted, tmp_path, kills):
    folder, rows = uninterrupted
    moments = random.Random(kills)
    for number in range(0, kills, 2):
        out = tmp_path / str(number)
        for enough in sorted(moments.sample(range(LEARNERS - 3), 2)):  # so few are left undone
            kill_with_its_family(start(folder, out), out, max(enough, written(out) - 1), moments)
            assert len(marked(out)) < LEARNERS
        finish(folder, out)
        assert table(out) == rows
        assert set(Counter(line["key"] for line in marked(out)).values()) == {1}
        assert len(marked(out)) == LEARNERS


def kill_with_its_family(grader, out, enough, moments):
    """Kill a grader in mid-run; no fork server, and no child of one, outlives it."""
    wait_for_lines(grader, out, enough)
    waiting.until(lambda: family_of(grader), "a fork server of the grader's")
    time.sleep(moments.uniform(0, 0.1))
    family = family_of(grader, recursive=True)
    grader.kill()
    grader.communicate(timeout=60)
    assert grader.returncode == -signal.SIGKILL
    waiting.until(lambda: all(map(waiting.has_ended, family)), "the end of its family", 5)


@pytest.mark.parametrize("kills", [pytest.param(1, id="once"), MANY])
def test_killed_fork_servers_cost_nothing(uninterrupted, tmp_path, kills):
    folder, rows = uninterrupted
    moments = random.Random(kills)
    for number in range(kills):
        out = tmp_path / str(number)
        grader = start(folder, out)
        wait_for_lines(grader, out, moments.randrange(LEARNERS - 3))
        waiting.until(lambda of=grader: family_of(of), "a fork server of the grader's")
        moments.choice(family_of(grader)).kill()
        assert len(marked(out)) < LEARNERS  # so it was killed in mid-run
        said = grader.communicate(timeout=300)
        assert grader.returncode == 0, said
        assert table(out) == rows
        assert set(Counter(line["key"] for line in marked(out)).values()) == {1}
