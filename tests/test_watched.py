"""`course check --watch` prints marks at each save, and words where they help."""

import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from course.commands import watch
from course.learner import progress, workspace
from course.learner.workspace import Refused
from tests import waiting
from tests.grading import stub
from tests.grading.sheet import GOAL, NAME, RIGHT, STEP, submission


@pytest.fixture
def copy(tmp_path):
    workspace.start(tmp_path / "my-course")
    return tmp_path / "my-course"


def saves(monkeypatch, *answers):
    """Let a file be saved with these answers, one after the other, and then Ctrl-C be pressed."""

    def watch(path, show, trouble):
        assert path.name == f"{NAME}.ipynb" and path.exists()
        for each in answers:
            show(stub.judge(NAME, RIGHT | each, seed=1).verdicts)
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "course.grading.watch", SimpleNamespace(watch=watch))


def test_each_save_shows_all_marks_and_the_words_on_the_first_task_that_fails(
    copy, monkeypatch, capsys
):
    saves(monkeypatch, {STEP: "# known", GOAL: "# known"}, {GOAL: "# known"}, {})
    watch.follow(copy, NAME)
    first, second, third = capsys.readouterr().out.split("04 Momentum as friction")[1:]
    assert "2 of 7 points" in first and "✗ 04.step" in first and "✗ 04.goal" in first
    assert "Nothing has moved yet" in first and "plain descent" not in first
    assert "5 of 7 points" in second and "plain descent" in second
    assert "7 of 7 points" in third and "✗" not in third


def test_a_named_task_is_the_one_that_is_explained(copy, monkeypatch, capsys):
    saves(monkeypatch, {STEP: "# known", GOAL: "# known"})
    watch.follow(copy, NAME, progress.find_task(NAME, "04.goal"))
    said = capsys.readouterr().out
    assert "plain descent" in said and "Nothing has moved yet" not in said


def test_where_nothing_can_be_run_it_is_said_in_a_sentence_and_nothing_is_promised(
    copy, monkeypatch, capsys
):
    from course.grading.judge import NotJudged

    def refuse(path, show, trouble):
        raise NotJudged("There is no fork here.")

    monkeypatch.setitem(sys.modules, "course.grading.watch", SimpleNamespace(watch=refuse))
    with pytest.raises(Refused, match=f"^{NAME} could not be run. There is no fork here.$"):
        watch.follow(copy, NAME)
    assert capsys.readouterr().out == ""


def test_that_it_watches_is_said_once_after_the_first_look(copy, monkeypatch, capsys):
    saves(monkeypatch, {STEP: "# known"}, {})
    watch.follow(copy, NAME)
    said = capsys.readouterr().out
    assert said.index("4 of 7 points") < said.index("Watching ") < said.index("7 of 7 points")
    assert said.count("Watching ") == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="watching needs fork")
def test_a_save_is_noticed_and_judged_until_ctrl_c(copy):
    watching = subprocess.Popen(
        [sys.executable, "-u", "-m", "course", "check", "4", "--watch"],
        cwd=copy,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        said = waiting.Said(watching)
        said.until("0 of 7 points")
        path = copy / f"exercises/{NAME}.ipynb"
        path.write_text(json.dumps(submission({STEP: "1 / 0"})), encoding="utf-8")
        said.until("4 of 7 points")
        said.until("ZeroDivisionError")
        path.write_text("{", encoding="utf-8")
        said.until("not valid JSON")
        path.write_text(json.dumps(submission()), encoding="utf-8")
        said.until("7 of 7 points")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=60) == 0
    finally:
        waiting.end(watching)
