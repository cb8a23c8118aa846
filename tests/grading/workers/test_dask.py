"""Marking on many machines: a real Dask scheduler and two workers, on loopback."""

import os
import random
import signal
import time
from collections import Counter

import pytest

from course.grading import batch
from course.grading.journal import Journal
from course.grading.workers.dask import workers_of
from tests.grading import stub
from tests.grading.sheet import GOAL, STEP, submission, write

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two workers with one thread each, in processes of their own."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=":0",
        silence_logs=50,
    ) as started:
        yield started


def fill(folder, learners):
    for number in range(learners):
        step = ("# right", "# wrong", "# known")[number % 3]
        write(folder / f"in/{number:03}.ipynb", submission({STEP: f"{step} {number}", GOAL: ""}))


def marked(folder):
    """How often each learner was marked."""
    with Journal(folder / "out") as book:
        return Counter(line["learner"] for line in book.lines() if line["what"] == "marked")


def test_all_are_marked_once_although_a_worker_is_killed_in_mid_run(cluster, tmp_path):
    fill(tmp_path, 60)
    by_two = [tmp_path / "in"], tmp_path / "out"
    killed = []

    def kill_one(done, total, learner):
        if done == 10:
            worker = random.Random(0).choice(sorted(cluster.workers.values(), key=str))
            killed.append(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)

    with workers_of(cluster.scheduler_address) as workers:
        rows = batch.grade(*by_two, executor=workers, judge=slow, seed=1, progress=kill_one)
    assert killed
    assert set(marked(tmp_path).values()) == {1} and len(marked(tmp_path)) == 60
    here = batch.grade([tmp_path / "in"], tmp_path / "here", judge=stub.judge, seed=1)
    assert rows == here
    assert (tmp_path / "out/grades.csv").read_bytes() == (tmp_path / "here/grades.csv").read_bytes()


def slow(*arguments, **options):
    """The stub, so slow that a worker can be killed at it."""
    time.sleep(0.05)
    return stub.judge(*arguments, **options)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="marking needs fork")
def test_the_real_judge_marks_on_workers_as_it_does_here(cluster, tmp_path):
    wrong = "def ball_step(*five):\n    return five[:2]"
    write(tmp_path / "in/anna.ipynb", submission())
    write(tmp_path / "in/bob.ipynb", submission({STEP: wrong, GOAL: "1 / 0"}))
    with workers_of(cluster.scheduler_address) as workers:
        rows = batch.grade([tmp_path / "in"], tmp_path / "out", executor=workers, seed=1)
    assert [row.points for row in rows if row.of] == [3, 2, 2, 0, 2, 0]
    assert not [row.note for row in rows if row.note]
    assert "as it came in" in rows[5].because


def test_a_judge_that_always_fails_leaves_rows_that_say_so(cluster, tmp_path):
    fill(tmp_path, 1)
    with workers_of(cluster.scheduler_address) as workers:
        rows = batch.grade([tmp_path / "in"], tmp_path / "out", executor=workers, judge=broken)
    assert "Not marked, mark it again: no process could be forked" in rows[0].note


def broken(*_, **__):
    """A judge on a machine that has no room left."""
    raise RuntimeError("no process could be forked")


def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr("course.grading.workers.dask.PATIENCE", 0.5)
    with pytest.raises(ValueError, match="^There is no Dask scheduler at tcp://127.0.0.1:9: "):
        workers_of("tcp://127.0.0.1:9").__enter__()
    with pytest.raises(ValueError, match="^There is no Dask scheduler at nonsense"):
        workers_of("nonsense://x").__enter__()


def test_a_scheduler_without_workers_is_told_in_a_sentence():
    with (
        distributed.LocalCluster(
            n_workers=0, processes=True, host="127.0.0.1", dashboard_address=":0"
        ) as empty,
        pytest.raises(ValueError, match="has no workers; start some"),
    ):
        workers_of(empty.scheduler_address).__enter__()
