"""What is no fault of an answer's: deaths from outside, suspended graders; and texts that are."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from course.grading import messages, sheets
from course.grading.answers import added, readable
from course.grading.judge import NotJudged, judge
from course.grading.nbval import compare
from course.grading.sandbox.pool import CROWD
from course.grading.sandbox.wire import KEPT, Patience, outputs_of
from tests import waiting
from tests.effort import part
from tests.grading.sheet import NAME, PHYSICS, RIGHT, STEP, submission, write

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="marking needs Linux")

SLOW = {PHYSICS: "import time\ntime.sleep(1.5)\n" + RIGHT[PHYSICS]}


def judged(changes=(), **options):
    return judge(NAME, RIGHT | dict(changes), **{"seed": 1, "confinement": "landlock"} | options)


def passed(found):
    return [verdict.passed for verdict in found.verdicts]


# ---- deaths ---------------------------------------------------------------------------


def children_that_run_answers():
    """The forked children of this process's fork servers."""
    servers = psutil.Process().children()
    return [child for server in servers for child in server.children()]


@pytest.mark.parametrize(
    ("number", "level"),
    [
        (signal.SIGKILL, "landlock"),
        (signal.SIGKILL, "namespaces"),  # where a child is a first process, it heeds no other
        (signal.SIGTERM, "landlock"),
        (signal.SIGHUP, "landlock"),
    ],
)
def test_a_child_that_is_killed_from_outside_is_nobodys_mark(number, level):
    judged(confinement=level)  # all is warm

    def kill():
        waiting.until(children_that_run_answers, "a child that runs answers")
        time.sleep(0.3)
        for child in children_that_run_answers():
            child.send_signal(number)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(NotJudged, match=f"killed from outside \\({number.name}\\)"):
        judged(SLOW, confinement=level)
    killer.join(timeout=60)
    assert passed(judged(confinement=level)) == [True] * 5


@pytest.mark.parametrize(
    "death",
    [
        "import os\nos._exit(9)",
        "import ctypes\nctypes.string_at(0)",
        "import signal\nsignal.alarm(1)\nimport time\ntime.sleep(5)",
        "import os\nfor fd in range(3, 64):\n    try: os.close(fd)\n    except OSError: pass",
        "import os\nos.abort()",
        "import resource, signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
    ],
    ids=["ends", "segfault", "alarm", "closes its wire", "aborts", "ignores every interruption"],
)
def test_a_death_of_the_answers_own_doing_costs_it(death):
    found = judged({STEP: death}, limit=6.0)
    assert not found.verdicts[0].passed


def test_a_grader_counts_a_child_that_was_killed_from_outside_as_not_marked(tmp_path):
    write(tmp_path / "in/anna.ipynb", submission(SLOW))
    command = [sys.executable, "-m", "course", "grade", tmp_path / "in", "--out", tmp_path / "out"]
    grader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 240
    while grader.poll() is None:
        assert time.monotonic() < deadline, "the grader has not ended after 240 s"
        kill_whoever_runs_answers(grader)
        time.sleep(0.05)
    said = grader.communicate(timeout=60)[0]
    assert grader.returncode == 1, said
    # The last child may have been killed before it could say that it is there.
    assert "killed from outside" in said or "A confined process did not start" in said
    done = waiting.run([*command, "--resume"])
    assert done.returncode == 0, done.stdout
    assert f"anna,{NAME},04.step,3,3" in (tmp_path / "out/grades.csv").read_text()


def kill_whoever_runs_answers(grader):
    """Kill the children of the fork servers that the grader's judges have started."""
    try:
        for a_judge in psutil.Process(grader.pid).children():
            for server in a_judge.children():
                for child in server.children():
                    child.kill()
    except psutil.Error:
        pass  # one of them has just ended


def test_threads_without_end_are_ended():
    flood = (
        "import threading, time\nthreading.stack_size(64 * 1024)\n"
        "for _ in range(100_000):\n    threading.Thread(target=time.sleep, args=(9,)).start()"
    )
    found = judged({STEP: flood})
    assert not found.verdicts[0].passed
    few = "import threading\nThreads = [threading.Thread(target=print) for _ in range(8)]\n"
    few += "for each in Threads: each.start()\nfor each in Threads: each.join()\n"
    assert passed(judged({STEP: few + RIGHT[STEP]})) == [True] * 5
    assert CROWD < 1000


# ---- pauses ---------------------------------------------------------------------------


def test_time_in_which_we_stood_still_does_not_count(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    patience = Patience(10.0)
    for step in (0.05, 0.05, 3600.0, 0.05):
        now[0] += step
        assert patience.left() > 8.5
    for _ in range(200):
        now[0] += 0.05
        patience.left()
    assert patience.left() <= 0


@pytest.fixture
def busy():
    """A machine on which everybody waits for a processor six times as long as usual."""
    others = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(5 * psutil.cpu_count())
    ]
    yield
    for each in others:
        each.kill()
    for each in others:
        each.wait(timeout=60)


def test_short_threads_that_wait_for_a_processor_are_not_late(busy):
    work = "import threading, time\ndef work():\n    begun = time.thread_time()\n"
    work += "    while time.thread_time() < begun + 0.02: pass\n"
    work += "for _ in range(50):\n    each = threading.Thread(target=work)\n"
    work += "    each.start(); each.join()"
    assert passed(judged({STEP: f"{work}\n{RIGHT[STEP]}"}, limit=12.0)) == [True] * 5


@pytest.mark.parametrize("level", part(["landlock", "namespaces"], 1))
def test_what_waits_for_a_processor_is_not_late_and_what_sleeps_is(busy, level):
    works = "import time\nbegun = time.process_time()\nwhile time.process_time() < begun + 1: pass"
    found = judged({STEP: f"{works}\n{RIGHT[STEP]}"}, limit=12.0, confinement=level)
    assert passed(found) == [True] * 5
    sleeps = f"import time\ntime.sleep(60)\n{RIGHT[STEP]}"
    found = judged({STEP: sleeps}, limit=12.0, confinement=level)
    assert "step-answer took longer than 2 s" in found.verdicts[0].words
    assert passed(found)[1:] == [True] * 4


CROWDS = {
    "spinning": "def act():\n    while True: pass",
    "waking together": "def act():\n    while True: time.sleep(0.2 - time.time() % 0.2)",
}


@pytest.mark.parametrize("kind", CROWDS)
def test_threads_of_an_answers_own_win_it_no_time(busy, kind):
    crowd = f"import threading, time\n{CROWDS[kind]}\nthreading.stack_size(128 * 1024)\n"
    crowd += "for _ in range(100): threading.Thread(target=act, daemon=True).start()\n"
    crowd += "time.sleep(20)"
    found = judged({STEP: f"{crowd}\n{RIGHT[STEP]}"}, limit=6.0)
    assert "step-answer took longer than 1 s" in found.verdicts[0].words


@pytest.mark.parametrize("whom", part(["the whole family", "the grader and its judges alone"], 1))
def test_a_suspended_grader_fails_nobody(tmp_path, whom):
    for number in range(4):
        slow = {STEP: "import time\ntime.sleep(0.5)\n" + RIGHT[STEP]}
        write(tmp_path / f"in/{number}.ipynb", submission(slow))
    command = [sys.executable, "-m", "course", "grade", tmp_path / "in", "--out", tmp_path / "out"]
    grader = subprocess.Popen([*command, "--limit", "9", "--jobs", "2"], stdout=subprocess.PIPE)
    journal = tmp_path / "out/journal.jsonl"
    waiting.until(lambda: journal.exists() and journal.read_text().count("\n") > 1, "a verdict")
    stopped = [psutil.Process(grader.pid), *psutil.Process(grader.pid).children()]
    if whom == "the whole family":
        stopped = [stopped[0], *stopped[0].children(recursive=True)]
    for change in (psutil.Process.suspend, psutil.Process.resume):
        for process in stopped:
            with contextlib.suppress(psutil.NoSuchProcess):  # an answer that has just ended
                change(process)
        time.sleep(11 if change is psutil.Process.suspend else 0)
    said = grader.communicate(timeout=240)
    assert grader.returncode == 0, said
    rows = (tmp_path / "out/grades.csv").read_text().splitlines()[1:]
    assert len(rows) == 20
    assert not [row for row in rows if ",04.step,3,3," not in row and ",04.step," in row]


# ---- whatever comes from a child --------------------------------------------------------

LONG = {
    "spaces": " " * 1_000_000,
    "a word": "x" * 1_000_000,
    "escapes": "\x1b" * 300_000,
    "half codes": "\x1b[" * 300_000,
    "codes that do not end": "\x1b]" + "0;" * 300_000,
    "parameters": "\x1b[" + "1;" * 300_000,
    "cells": "(<ipython-input-" * 60_000,
    "more cells": "(1" * 300_000 + ".py, line ",
    "kernels": "ipykernel_1" * 60_000 + ".py",
    "kernels with lines": "ipykernel_1/2.py:3:" * 30_000,
    "backspaces": "a" * 200_000 + "\b" * 200_000,
    "carriage returns": "a\r" * 300_000,
    "lines": "\n" * 1_000_000,
    "tabs": "\t" * 100_000,
    "brackets": "[" * 1_000_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_no_pattern_that_reads_foreign_text_takes_more_than_a_moment(text):
    """A square of these lengths would take hours, not the seconds that pytest's limit allows."""
    readable(text)
    messages.without_files(text)
    messages.tidy(text)
    messages.also_printed(text)
    messages.exception("Error", text)
    stream = [{"output_type": "stream", "name": "stdout", "text": text}]
    assert not compare.same(stream, [stream[0] | {"text": "case 0\n"}])
    error = [{"output_type": "error", "ename": text, "evalue": text}]
    kept = outputs_of({"cell": 1, "outputs": stream + error}, 1)
    assert len(json.dumps(kept)) < 8 * KEPT


@pytest.mark.parametrize(
    "reply",
    [
        None,
        7,
        [],
        {"cell": 2, "outputs": []},
        {"cell": 1},
        {"cell": 1, "outputs": 7},
        {"cell": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["x"]}]},
        {"cell": 1, "outputs": [{"output_type": "stream", "name": "verdict", "text": "right"}]},
        {"cell": 1, "outputs": [{"output_type": "error", "ename": {"a": 1}}]},
        {"cell": 1, "outputs": [{"output_type": "display_data", "data": {"text/plain": 7}}]},
        {"cell": 1, "outputs": [{"output_type": "display_data", "more": 7}]},
    ],
)
def test_what_is_no_reply_is_refused(reply):
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        outputs_of(reply, 1)


def test_an_answer_that_sends_errors_without_end_neither_earns_nor_stops_the_others(tmp_path):
    source = (
        "import os, json\n"
        "evil = {'output_type': 'error', 'ename': 'E', 'evalue': KIND * 400_000}\n"
        "for fd in range(3, 64):\n"
        "    for cell in range(2, 40):\n"
        "        reply = json.dumps({'cell': cell, 'outputs': [evil]}).encode() + b'\\n'\n"
        "        try: os.write(fd, reply)\n"
        "        except OSError: break\n"
    )
    for number, kind in enumerate(("x", "\x1b[", "ipykernel_1 ", "(<ipython-input-")):
        write(
            tmp_path / f"in/evil{number}.ipynb",
            submission({STEP: source.replace("KIND", repr(kind))}),
        )
    write(tmp_path / "in/anna.ipynb", submission())
    command = [sys.executable, "-m", "course", "grade", tmp_path / "in", "--out", tmp_path / "out"]
    done = waiting.run(command, seconds=240)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = (tmp_path / "out/grades.csv").read_text()
    assert f"anna,{NAME},04.step,3,3" in rows
    assert rows.count(f",{NAME},04.step,0,3") == 4


# ---- terms under which nothing can run --------------------------------------------------


@pytest.mark.parametrize("terms", [{"memory": 1}, {"limit": 1e-9}])
def test_where_not_even_the_sheets_own_cells_can_run_nobody_is_failed(terms):
    with pytest.raises(NotJudged, match="before any answer. Is .* too little here"):
        judged(**terms)


def test_an_answer_that_spends_all_the_time_in_one_process_is_failed_and_not_left_unmarked():
    sheet = "11_the_whole_optimizer"
    loops = {added("given"): ["while True: pass"] * 8}
    answers = sheets.load(sheet).right | loops
    found = judge(sheet, answers, seed=1, limit=6.0, confinement="landlock")
    assert passed(found) == [False] * 5


def test_ctrl_c_ends_a_grader_at_once_in_one_sentence(tmp_path):
    for number in range(3):
        slow = {STEP: "import time\ntime.sleep(8)\n" + RIGHT[STEP]}
        write(tmp_path / f"in/{number}.ipynb", submission(slow))
    command = [sys.executable, "-m", "course", "grade", tmp_path / "in", "--out", tmp_path / "out"]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    grader = subprocess.Popen(command, start_new_session=True, **options)
    journal = tmp_path / "out/journal.jsonl"
    waiting.until(journal.exists, "the journal")
    waiting.until(lambda: len(psutil.Process(grader.pid).children()) == 2, "two judges")
    family = psutil.Process(grader.pid).children(recursive=True)
    os.killpg(grader.pid, signal.SIGINT)
    said = grader.communicate(timeout=20)
    assert grader.returncode == 130, said
    assert said[1].strip().endswith("go on with --resume.") and "Traceback" not in said[1]
    waiting.until(lambda: all(map(waiting.has_ended, family)), "the end of its family", 5)
