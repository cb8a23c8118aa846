"""Keras's own shipped tests, with our class in the place of theirs."""

import os
import re
import sys
from pathlib import Path

import pytest

from course.quietly import keras
from tests import waiting

SHIPPED = Path(keras.__file__).parent / "src/optimizers"
FILES = [
    SHIPPED / f"{name}_test.py"
    for name in ("sgd", "optimizer", "optimizer_sparse", "loss_scale_optimizer", "multi_optimizer")
]


def run(**environment):
    """Run the shipped tests in a process of their own; returns its output."""
    done = waiting.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.swap_sgd", "-p", "no:cacheprovider"]
        + ["-W", "ignore", "-c", os.devnull, "--rootdir", str(SHIPPED), *map(str, FILES)],
        cwd=Path(__file__).parent.parent,
        env=os.environ | environment,
    )
    return done.stdout


def count(outcome, output):
    found = re.search(rf"(\d+) {outcome}", output)
    return int(found.group(1)) if found else 0


@pytest.mark.skipif(not FILES[0].exists(), reason="this Keras ships no tests of its own")
def test_keras_own_tests_pass_with_our_class():
    output = run()
    assert count("failed", output) == count("error", output) == 0, output[-3000:]
    assert count("passed", output) >= 100
    assert int(re.search(r"built by (\d+) tests", output).group(1)) >= 60


@pytest.mark.long  # that they can fail; that they pass is seen at each run
@pytest.mark.skipif(not FILES[0].exists(), reason="this Keras ships no tests of its own")
def test_keras_own_tests_fail_with_a_class_whose_steps_are_twice_too_long():
    output = run(COURSE_SWAP="broken")
    assert count("failed", output) >= 10, output[-3000:]
