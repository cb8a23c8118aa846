"""Workers at the end of a pipe, as in a container; a stand-in takes an engine's place and starts
the same worker without one. Where COURSE_IMAGE names an image, a real engine runs it, too."""

import json
import os
import sys

import pytest

from course.grading import batch, dispatch, journal
from course.grading.workers import container, serve
from tests.grading import stub
from tests.grading.harm import FILES
from tests.grading.sheet import GOAL, NAME, RIGHT, STEP, submission, write

CONFINED = "a container, Landlock, seccomp, limits, namespaces"
TERMS = {"seed": 1, "limit": 60.0, "memory": 2048, "confinement": None}

#: A worker that judges by the stub, and dies at the word.
WORKER = """
import os
from course.grading.workers import serve
from tests.grading import stub
def judge(sheet, answers, **options):
    if "# die" in answers["step-answer"]:
        os._exit(1)
    print("noise that is no reply")
    return stub.judge(sheet, answers, **options)
serve.answer.__defaults__ = (judge,)
serve.main()
"""


@pytest.fixture
def containers():
    """Two workers that are no containers."""
    with container.Containers("", jobs=2, command=[sys.executable, "-c", WORKER]) as workers:
        yield workers


def test_workers_behind_pipes_mark_as_others_do(containers, tmp_path):
    for number, step in enumerate(["# right", "# wrong", "# known", "# right"]):
        write(tmp_path / f"in/{number}.ipynb", submission({STEP: step, GOAL: ""}))
    rows = batch.grade([tmp_path / "in"], tmp_path / "out", executor=containers)
    here = batch.grade([tmp_path / "in"], tmp_path / "here", judge=stub.judge)
    assert {row.confinement for row in rows} == {"a container, a stub, nothing"}
    assert [row[:7] for row in rows] == [row[:7] for row in here]


def test_a_container_that_dies_is_started_again(containers, tmp_path):
    write(tmp_path / "in/anna.ipynb", submission({STEP: "# die"}))
    write(tmp_path / "in/bob.ipynb", submission())
    rows = batch.grade([tmp_path / "in"], tmp_path / "out", executor=containers)
    notes = {row.learner: row.note for row in rows}
    assert notes["bob"] == ""
    assert notes["anna"].endswith("mark it again: the container ended while it was marking.")


def test_a_problem_comes_back_as_a_sentence():
    def broken(*_, **__):
        raise MemoryError("no room")

    job = dispatch.Job(NAME, RIGHT, TERMS, journal.versions(), journal.sheet_digest(NAME))
    assert serve.answer(json.dumps(job), broken) == {"problem": "MemoryError: no room"}
    other = job._replace(digest="other")
    assert "another version of sheet 04" in serve.answer(json.dumps(other), stub.judge)["problem"]
    assert serve.answer("{", stub.judge)["problem"].startswith("JSONDecodeError")


def test_a_container_has_no_network_and_nothing_to_write_to(tmp_path, monkeypatch):
    engine = tmp_path / "podman"
    engine.write_text("#!/bin/sh\n")
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    command = container.run_command("sgd-course")
    assert command[:2] == ["podman", "run"]
    for option in ("--network=none", "--read-only", "--cap-drop=all", "--pids-limit=256", "--rm"):
        assert option in command
    assert command[-4:] == ["sgd-course", "python", "-m", "course.grading.workers.serve"]


def test_the_versions_are_those_in_the_container(tmp_path, monkeypatch):
    worker = WORKER.replace("serve.main()", "serve.journal.versions = VERSIONS\nserve.main()")
    newer = journal.versions() | {"python": "3.13.9"}
    command = [sys.executable, "-c", f"VERSIONS = lambda: {newer!r}\n{worker}"]
    write(tmp_path / "in/anna.ipynb", submission())
    with container.Containers("", jobs=1, command=command) as workers:
        rows = batch.grade([tmp_path / "in"], tmp_path / "out", executor=workers)
    assert {row.note for row in rows} == {""}
    with journal.Journal(tmp_path / "out") as book:
        assert book.lines()[0]["versions"] == newer


def test_an_image_that_does_not_start_is_told_in_a_sentence(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no such image')"]
    write(tmp_path / "in/anna.ipynb", submission())
    with (
        container.Containers("", jobs=1, command=command) as workers,
        pytest.raises(ValueError, match="^No container answers; try: "),
    ):
        batch.grade([tmp_path / "in"], tmp_path / "out", executor=workers)


def test_without_an_engine_it_is_told_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match="^--container needs podman or docker, and neither"):
        container.Containers("sgd-course")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="marking needs fork")
def test_the_real_worker_answers_one_line_for_each_line():
    job = dispatch.Job(NAME, RIGHT, TERMS, journal.versions(), journal.sheet_digest(NAME))
    command = [sys.executable, "-m", "course.grading.workers.serve"]
    with container.Containers("", jobs=1, command=command) as workers:
        judged = workers.submit(dispatch.work, job).result(timeout=300)
    assert [verdict.passed for verdict in judged.verdicts] == [True] * 5
    assert judged.confinement.startswith("a container, ")


@pytest.mark.long
def test_real_containers_give_a_right_answer_its_marks_and_hostile_ones_none(tmp_path):
    image = os.environ.get("COURSE_IMAGE")
    if not image:
        pytest.skip("COURSE_IMAGE is not set; docs/instructors.md says how to build one")
    for path in FILES:
        write(tmp_path / f"in/{path.stem}.ipynb", submission({STEP: path.read_text("utf-8")}))
    write(tmp_path / "in/zoe.ipynb", submission())
    with container.Containers(image, jobs=2) as containers:
        rows = batch.grade([tmp_path / "in"], tmp_path / "out", executor=containers, limit=6.0)
    assert {row.confinement for row in rows} == {CONFINED}
    earned = {row.learner for row in rows if row.task == "04.step" and row.points}
    assert earned == {"zoe"}
    assert len(rows) == 5 * (len(FILES) + 1)
