"""Two graders at one folder, as they are really called: the second is refused, none is doubled."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests import waiting
from tests.grading.sheet import RIGHT, STEP, submission, write

LEARNERS = 6
PATIENCE = 120  # seconds in which a grader must have ended

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="marking needs fork")


def course(*arguments):
    command = [sys.executable, "-m", "course", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def lines(out):
    path = out / "journal.jsonl"
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def test_a_second_grader_and_a_decision_in_mid_run_are_refused(tmp_path):
    slow = {STEP: f"import time\ntime.sleep(2)\n{RIGHT[STEP]}"}  # the others start meanwhile
    for number in range(LEARNERS):
        write(tmp_path / f"in/{number:02}.ipynb", submission(slow))
    out = tmp_path / "out"
    first = course("grade", tmp_path / "in", "--out", out, "--jobs", 1)
    waiting.until(lambda: len(lines(out)) > 1 or first.poll() is not None, "a first verdict")
    assert first.poll() is None, (
        f"the first grader ended at once: {first.communicate(timeout=PATIENCE)}"
    )
    second = course("grade", tmp_path / "in", "--out", out, "--resume")
    decision = ("--learner", "00", "--task", "04.step", "--points", 1, "--reason", "x")
    third = course("override", out, *decision)
    refused = [each.communicate(timeout=PATIENCE)[1] for each in (second, third)]
    assert first.poll() is None, "the first grader had ended before the others were refused"
    said = first.communicate(timeout=PATIENCE)
    assert (second.returncode, third.returncode, first.returncode) == (2, 2, 0), (refused, said)
    assert all(f"Another process is marking into {out}." in each for each in refused)
    marked = [json.loads(line) for line in lines(out)]
    keys = Counter(line["key"] for line in marked if line["what"] == "marked")
    assert len(keys) == LEARNERS and set(keys.values()) == {1}
