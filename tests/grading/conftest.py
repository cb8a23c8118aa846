"""What hostile answers aim at: a listener, a process and a folder of somebody else's."""

import subprocess

import pytest

from tests.grading.harm import Ear


@pytest.fixture(scope="module")
def ear():
    return Ear()


@pytest.fixture(scope="module")
def canary():
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "journal.jsonl").write_text('{"learner": "anna", "passed": true}\n')
    return folder
