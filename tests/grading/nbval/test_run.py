"""The oracle on exercise 04: nbval's own verdicts, in words that help, whatever the answers do."""

import json
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from course.grading.answers import Answers, assemble
from course.grading.nbval import run as judging
from course.grading.nbval.run import NotJudged, judge_with_nbval
from tests import waiting
from tests.effort import only, selected
from tests.grading.sheet import GOAL, PHYSICS, PORTRAIT, PRISTINE, RIGHT, STEP, TERMINAL

LIMIT = 48.0  # so one cell may take 8 s, more than a check's own limit of 5
SUBMISSIONS = {
    "right": {},
    "wrong": {
        STEP: RIGHT[STEP].replace("variable + velocity", "variable - velocity"),
        TERMINAL: "terminal_velocity = -0.2",
        PHYSICS: "def from_physics(mass, friction, time_step): return 1, 2",
        GOAL: "rates = 0.01, 0.9",
        PORTRAIT: "most_friction_first = 'BAC'",
    },
    "partly": {
        STEP: "# NBVAL_SKIP\n" + RIGHT[STEP],
        TERMINAL: "terminal_velocity = ...",
        PHYSICS: "import sys\nout = sys.stdout\n"
        + RIGHT[PHYSICS].replace("return", "print('look', mass, file=out)\n    return"),
        GOAL: "",
        PORTRAIT: RIGHT[PORTRAIT],
    },
    "raising": {
        STEP: "def ball_step(:\n    pass",
        TERMINAL: "terminal_velocity = push / friction",
        PHYSICS: "def from_physics(mass, friction, time_step): return 1 / 0, 0",
        GOAL: RIGHT[GOAL] + "\nraise ValueError('\x1b[31mred\x1b[0m')",
        PORTRAIT: "raise SystemExit('\x1b[31mred\x1b[0m')",
    },
    "looping": {
        STEP: "while True:\n    pass",
        PHYSICS: "def from_physics(mass, friction, time_step):\n    while True: pass",
    },
}


def sheet(changes):
    return judging._without_pictures(assemble(PRISTINE, Answers(RIGHT | changes, [])))


def check_cells(notebook):
    """Each check cell's number among the code cells -> its name."""
    code = [each for each in notebook["cells"] if each["cell_type"] == "code"]
    return {
        number: each["metadata"]["name"]
        for number, each in enumerate(code)
        if "check" in each["metadata"].get("tags", [])
    }


def plain_nbval(folder, kinds):
    """What `pytest --nbval-lax` says of submissions: kind -> check cell -> passed."""
    for kind in kinds:
        (folder / f"{kind}.ipynb").write_text(json.dumps(sheet(SUBMISSIONS[kind])))
    options = ["--nbval-lax", f"--nbval-cell-timeout={LIMIT / 6}", "-v", "-p", "no:cacheprovider"]
    options += ["-p", "no:hypothesispytest"]  # a second of start-up
    run = waiting.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *options,
            "--rootdir=.",
            *(f"{kind}.ipynb" for kind in kinds),
        ],
        cwd=folder,
    )
    names = check_cells(PRISTINE)
    said = {kind: {} for kind in kinds}
    for kind, number, outcome in re.findall(
        r"(\w+)(?:::|\.)ipynb::Cell (\d+) ([A-Z]+)", run.stdout
    ):
        if int(number) in names:
            said[kind][names[int(number)]] = outcome in ("PASSED", "XPASS")
    return said


@pytest.fixture(scope="module")
def both(request, tmp_path_factory):
    """The verdicts of plain nbval and of `judge_with_nbval`, found at the same time."""
    kinds, folder = selected(request, "kind"), tmp_path_factory.mktemp("plain")
    with ThreadPoolExecutor(2) as pool:
        plain = pool.submit(plain_nbval, folder, kinds)
        sheets = [sheet(changes) for changes in SUBMISSIONS.values()]
        ours = list(pool.map(lambda each: judge_with_nbval(each, limit=LIMIT), sheets))
        return plain.result(timeout=600), dict(zip(SUBMISSIONS, ours))


@pytest.fixture(scope="module")
def words(both):
    """Kind -> check cell -> what the learner reads."""
    return {kind: {v.name: v.words for v in verdicts} for kind, verdicts in both[1].items()}


# ---- the verdicts ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", only(SUBMISSIONS, "right", "wrong", "partly"))
def test_every_verdict_is_that_of_plain_nbval(both, kind):
    plain, ours = both
    assert {verdict.name: verdict.passed for verdict in ours[kind]} == plain[kind]
    assert [verdict.name for verdict in ours[kind]] == list(check_cells(PRISTINE).values())


def test_the_submissions_are_as_right_as_their_names_say(both):
    passed = {kind: [verdict.passed for verdict in both[1][kind]] for kind in SUBMISSIONS}
    assert passed == {
        "right": [True, True, True, True, True],
        "wrong": [False, False, False, False, False],
        "partly": [True, False, False, False, True],
        "raising": [False, False, False, True, False],
        "looping": [False, True, False, True, True],
    }


# ---- the words ------------------------------------------------------------------------


def test_a_pass_is_told_in_the_words_that_the_check_prints(words):
    stored = next(each for each in PRISTINE["cells"] if each["id"] == "step-check")["outputs"][0]
    assert words["right"]["step-check"] == "".join(stored["text"]).rstrip("\n")


def test_a_known_mistake_is_told_in_the_words_of_its_check(words):
    first, *_, mistake, hint = words["wrong"]["step-check"].splitlines()
    assert first == "✗ from rest"
    assert mistake.strip().startswith("Your velocity is right, but you subtracted it")
    assert hint.strip() == 'Stuck? hint("04.step")'


def test_an_answer_that_holds_but_prints_is_told_what_to_remove(words):
    expected = "Your answer holds, but while it was checked it also printed: look 2.0\nRemove that."
    assert words["partly"]["physics-check"] == expected


@pytest.mark.parametrize(
    ("check", "cause", "then"),
    [
        (
            "step-check",
            "Your answer cell step-answer raised SyntaxError: invalid syntax (line 1)",
            "The cell with your answer stopped with a SyntaxError",
        ),
        (
            "terminal-check",
            "Your answer cell terminal-answer raised NameError: name 'push' is not defined",
            "The cell with your answer stopped with a NameError",
        ),
        (
            "portrait-check",
            "Your answer cell portrait-answer raised SystemExit: red",
            "is not there yet",
        ),
    ],
)
def test_where_an_answer_cell_raised_the_words_begin_with_the_cause(words, check, cause, then):
    lines = words["raising"][check].splitlines()
    assert lines[0] == cause
    assert then in lines[1]


def test_time_limits_are_told_apart_in_answers_and_checks(words):
    answer, check = words["looping"]["step-check"], words["looping"]["physics-check"]
    assert answer.startswith("Your answer cell step-answer took longer than 8 s and was stopped.\n")
    # On a busy machine the 8 s of the clock may be over before the check's 5 s of the processor.
    late = "The check took longer than 8 s; your answer may never end."
    assert "from_physics has not ended after 5 seconds." in check or check == late


def test_words_hold_no_traceback_no_terminal_codes_and_no_paths(words):
    for text in (text for each in words.values() for text in each.values()):
        assert "Traceback" not in text
        assert "\x1b" not in text
        assert tempfile.gettempdir() not in text


# ---- what an answer can do to the run -------------------------------------------------


def lives(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def noting_processes(path):
    """Code that starts a process, moves it away, and notes its number and the kernel's."""
    return (
        "\nimport os, subprocess"
        "\nleft = subprocess.Popen(['sleep', '600'], start_new_session=True)"
        f"\nopen({str(path)!r}, 'w').write(f'{{left.pid}} {{os.getpid()}}')\n"
    )


def assert_no_process_left(path):
    pids = [int(pid) for pid in path.read_text().split()]
    assert len(pids) == 2
    assert not any(lives(pid) for pid in pids)


def test_a_kernel_that_dies_costs_what_comes_after_it_and_leaves_no_process(tmp_path):
    note = tmp_path / "pids"
    step = RIGHT[STEP] + noting_processes(note)
    verdicts = judge_with_nbval(sheet({STEP: step, PHYSICS: "import os\nos._exit(1)"}))
    assert [verdict.passed for verdict in verdicts] == [True, True, False, False, False]
    assert (
        verdicts[2].words.splitlines()[0] == "The kernel died in your answer cell physics-answer."
    )
    assert verdicts[4].words == "Not looked at: no cell could be run any more after physics-answer."
    assert_no_process_left(note)


def test_at_the_limit_the_run_ends_keeps_what_it_earned_and_leaves_no_process(
    tmp_path, monkeypatch
):
    note = tmp_path / "pids"
    monkeypatch.setattr(judging, "CELLS_SHARE", 0.1)  # no cell is late before the whole run is
    stuck = "\nimport signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    verdicts = judge_with_nbval(sheet({TERMINAL: noting_processes(note) + stuck}), limit=15.0)
    assert [verdict.passed for verdict in verdicts] == [True, False, False, False, False]
    stopped = "The sheet took longer than 15 s and was stopped before this check."
    assert {verdict.words for verdict in verdicts[1:]} == {stopped}
    assert_no_process_left(note)


# ---- the surroundings -----------------------------------------------------------------


def tiny(source, printed):
    check = {
        "cell_type": "code",
        "id": "a-check",
        "metadata": {"name": "a-check", "tags": ["check", "nbval-check-output"]},
        "execution_count": 1,
        "source": source,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": printed}],
    }
    return {"cells": [check], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_a_persons_settings_change_no_verdict_and_nothing_is_left_on_the_disk(
    tmp_path, monkeypatch
):
    home, temporary, here = (tmp_path / name for name in ("home", "temporary", "here"))
    for folder in (home, temporary, here):
        folder.mkdir()
    (here / "json.py").write_text("raise SystemExit('a file beside the submissions was run')")
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    (verdict,) = judge_with_nbval(tiny("print('here')", "here\n"))
    assert verdict[:3] == ("a-check", True, "here")
    assert not list(home.iterdir())
    assert not list(temporary.iterdir())


def test_where_nbval_cannot_start_nobody_is_failed(tmp_path, monkeypatch):
    (tmp_path / "nbval.py").write_text("raise RuntimeError('nbval is broken here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(NotJudged, match=r"^nbval did not start: .*nbval is broken here"):
        judge_with_nbval(tiny("1", ""))


@pytest.mark.parametrize("limit", [0, -1.0, float("nan"), float("inf")])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(ValueError, match="^limit must be a number of seconds above 0; got"):
        judge_with_nbval(tiny("1", ""), limit=limit)
