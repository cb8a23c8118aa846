"""The real grader, killed in its parts: nothing is lost, marked twice, or left behind."""

import contextlib
import csv
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter

import psutil
import pytest

from tests.grading.sheet import GOAL, STEP, submission, write

LEARNERS = 8

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="marking needs fork")


def fill(folder):
    for number in range(LEARNERS):
        step = {} if number % 3 else {STEP: "def ball_step(*five):\n    return five[:2]"}
        goal = {} if number % 4 else {GOAL: "1 / 0"}
        write(folder / f"{number:02}.ipynb", submission(step | goal))
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


FEW = pytest.param(2, id="2 times")
MANY = pytest.param(25, id="25 times", marks=pytest.mark.long)


@pytest.mark.parametrize("kills", [FEW, MANY])
def test_a_killed_grader_goes_on_where_it_was(uninterrupted, tmp_path, kills):
    folder, rows = uninterrupted
    moments = random.Random(kills)
    for _ in range(kills):
        grader = start(folder, tmp_path)
        enough = written(tmp_path) + moments.randrange(4)
        wait_until(lambda at=enough, of=grader: written(tmp_path) > at or of.poll() is not None)
        time.sleep(moments.uniform(0, 0.1))
        family = family_of(grader, recursive=True)
        grader.kill()
        grader.communicate()
        gone, left = psutil.wait_procs(family, timeout=5)
        assert not left  # no warm parent, and no child of it, outlives the grader
    finish(folder, tmp_path)
    assert table(tmp_path) == rows
    assert set(Counter(line["key"] for line in marked(tmp_path)).values()) == {1}
    assert len(marked(tmp_path)) == LEARNERS


@pytest.mark.parametrize("kills", [FEW, MANY])
def test_killed_warm_parents_cost_nothing(uninterrupted, tmp_path, kills):
    folder, rows = uninterrupted
    moments, killed = random.Random(kills), 0
    while killed < kills:
        out = tmp_path / str(killed)
        grader = start(folder, out)
        wait_until(lambda at=out, of=grader: written(at) > 1 or of.poll() is not None)
        while killed < kills and grader.poll() is None:
            time.sleep(moments.uniform(0, 0.4))
            if family := family_of(grader):
                with contextlib.suppress(psutil.NoSuchProcess):
                    moments.choice(family).kill()
                    killed += 1
            before = written(out)  # what has lost its judge gets another before the next kill
            wait_until(lambda at=out, of=grader, n=before: written(at) > n or of.poll() is not None)
        said = grader.communicate(timeout=300)
        assert grader.returncode in (0, 1), said
        if grader.returncode:  # one paper had the bad luck to lose its judge three times
            finish(folder, out)
        assert table(out) == rows
        assert set(Counter(line["key"] for line in marked(out)).values()) == {1}


def wait_until(true, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)
