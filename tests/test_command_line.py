"""The `course` command on the real sheets: what it prints, how it exits, what it leaves alone."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

import course
from course import paths
from course.__main__ import app
from course.checks import find
from course.learner import doctor, lab, progress, reading, workspace
from tests import waiting
from tests.grading import stub

SHEET = "04_momentum_as_friction"
SUBTRACTED = """
def ball_step(variable, velocity, gradient, learning_rate, momentum):
    v = momentum * velocity - learning_rate * gradient
    return variable - v, v
"""


def run(*arguments):
    """Run the command in this process."""
    return CliRunner().invoke(app, [str(each) for each in arguments])


def words(result):
    """What was printed, with broken lines mended."""
    return " ".join(result.stdout.split())


def solutions():
    """Answer cell's name -> the solution's source."""
    notebook = workspace.fresh_copy(f"solutions/{SHEET}.ipynb")
    return {cell["metadata"]["name"]: "".join(cell["source"]) for cell in notebook["cells"]}


def answer(copy, **answers):
    """Write answers into the learner's exercise: task -> source, or the solution's where True."""
    path, solved = copy / f"exercises/{SHEET}.ipynb", solutions()
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        task, _, kind = cell["metadata"]["name"].partition("-")
        if kind == "answer" and task in answers:
            source = solved[f"{task}-answer"] if answers[task] is True else answers[task]
            cell["source"] = source
    path.write_text(json.dumps(notebook), encoding="utf-8")


def everything_in(folder):
    """Path -> bytes, of all files."""
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """A copy as the course delivers it."""
    folder = tmp_path_factory.mktemp("delivered") / "my-course"
    workspace.start(folder)
    return folder


@pytest.fixture
def copy(delivered, tmp_path, monkeypatch):
    """A learner's copy of one's own, of a course with one exercise; in the folder around it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "sheets", lambda: [SHEET])
    return Path(shutil.copytree(delivered, tmp_path / "my-course"))


@pytest.fixture
def sheet_is_never_run(monkeypatch):
    """Fail if a sheet is run."""
    monkeypatch.setattr(
        "course.grading.nbval.run.judge_with_nbval", lambda *_: pytest.fail("a sheet was run")
    )


# ---- the command itself ---------------------------------------------------------------


def test_every_command_helps_with_a_verb_an_object_and_a_full_stop():
    for command in app.registered_commands:
        line = command.callback.__doc__.splitlines()[0]
        assert re.fullmatch(r"[A-Z][a-z]+ (?:[^.]|\.\w)+\.", line), line
        assert run(command.name or command.callback.__name__, "--help").exit_code == 0


def test_help_lists_the_commands_in_the_order_in_which_they_are_met():
    listed = re.findall(r"^. (\w+)  ", run("--help").stdout, flags=re.M)
    assert listed == [
        "start",
        "lab",
        "check",
        "hint",
        "progress",
        "review",
        "reset",
        "doctor",
        "join",
        "leave",
        "grade",
        "override",
        "class",
        "wheelhouse",
        "export",
        "bench",
    ]


def test_version_is_that_of_the_package():
    assert run("--version").stdout == f"course {course.__version__}\n"


def test_help_starts_nothing_slow():
    slow = ("numpy", "keras", "nbformat", "pytest", "jupyter_server", "jupyterlab", "course.checks")
    code = (
        "import sys\nfrom course.__main__ import main\nsys.argv = ['course', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"sys.exit(str([name for name in {slow} if name in sys.modules]))"
    )
    done = waiting.run([sys.executable, "-c", code])
    assert done.stderr == "[]\n"


# ---- bad input ------------------------------------------------------------------------

BAD = {
    "an unknown sheet": (["check", "nestorov"], "No exercise is called 'nestorov'; did you mean"),
    "an unknown task": (["check", "04.stpe"], "No task is called '04.stpe'; did you mean 04.step"),
    "an unknown name to hint at": (["hint", "4.goale"], "No task is called '4.goale'; did you"),
    "an unknown name to reset": (["reset", "momentun"], "No exercise is called 'momentun'; did"),
    "an unknown task to reset": (["reset", "04.stpe"], "No task is called '04.stpe'; did you mean"),
    "an unknown chapter": (["progress", "77"], "No chapter is called '77'; did you mean"),
    "a chapter to check": (["check", "my-course/notebooks/00_start_here.ipynb"], "No exercise is"),
    "a missing notebook": (["check", "my-course/nowhere.ipynb"], "is no notebook of the course"),
    "a wrong folder to open": (["lab", "nowhere"], "nowhere is no copy of the course; make one"),
    "a foreign folder": (["start", "theirs"], "theirs holds files that are not the course's"),
    "a file as folder": (["start", "theirs/notes.txt"], "not a directory"),
    "missing submissions": (["grade", "nowhere", "--out", "marks"], "no file or folder nowhere"),
    "an unknown sheet to grade": (
        ["grade", "theirs", "--out", "marks", "--sheet", "99"],
        "No exercise is called '99'; did you mean",
    ),
    "no time to grade in": (["grade", "theirs", "--out", "marks", "--limit", "-1"], "limit must"),
    "nobody to grade": (["grade", "theirs", "--out", "marks", "--jobs", "0"], "jobs must be 1"),
    "a task to mark that is none": (
        ["grade", "theirs", "--out", "marks", "--task", "04.nonsense"],
        "No task is called '04.nonsense'; there are 04.step, 04.terminal",
    ),
    "a task to mark of no sheet": (
        ["grade", "theirs", "--out", "marks", "--task", "99.x"],
        "No exercise is called '99.x'; did you mean",
    ),
    "reports among submissions": (
        ["grade", "theirs", "--out", "theirs"],
        "theirs holds the submissions; name another folder by --out.",
    ),
    "learners from nothing": (
        ["grade", "theirs", "--out", "marks", "--learner-from", "*/x.ipynb"],
        "learner-from must be folder, file, or a pattern in which {learner} stands once",
    ),
    "a file to report to": (["grade", "theirs", "--out", "theirs/notes.txt"], "Cannot write to"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_gets_one_sentence_and_exit_code_2_and_changes_nothing(copy, bad):
    arguments, sentence = BAD[bad]
    (copy.parent / "theirs").mkdir()
    (copy.parent / "theirs/notes.txt").write_text("mine")
    before = everything_in(copy.parent)
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
    assert everything_in(copy.parent) == before


@pytest.mark.parametrize("command", ["check", "hint 04", "progress", "reset 04", "lab"])
def test_without_a_copy_every_command_says_how_to_make_one(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    result = run(*command.split())
    assert result.exit_code == 2
    assert result.stderr == "There is no copy of the course here; make one with: course start\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{broken", "is not a notebook: its text is not valid JSON. Start it afresh with:"),
        ('{"cells": 3}', "is not a notebook: it has no list of cells. Start it afresh with:"),
        (None, f"There is no file {SHEET}.ipynb. Start it afresh with: course reset 04"),
    ],
    ids=["broken JSON", "no notebook", "missing"],
)
@pytest.mark.parametrize("arguments", [["check"], ["check", "4"], ["hint", "4"]])
def test_an_exercise_that_cannot_be_read_is_refused_and_left_alone(
    copy, content, sentence, arguments
):
    path = copy / f"exercises/{SHEET}.ipynb"
    path.unlink() if content is None else path.write_text(content)
    before = everything_in(copy)
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert everything_in(copy) == before


def test_a_real_process_says_the_sentence_on_stderr_alone(tmp_path):
    command = [sys.executable, "-m", "course", "check"]
    done = waiting.run(command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no copy of the course here; make one with: course start\n"


# ---- start ----------------------------------------------------------------------------


def test_start_says_what_it_kept_and_how_to_take_the_newer_one(copy):
    answer(copy, step=SUBTRACTED)
    assert f"kept as you changed it: exercises/{SHEET}.ipynb\n" in run("start").stdout
    manifest = workspace.load(copy, "manifest")
    workspace.save(copy, "manifest", manifest | {f"exercises/{SHEET}.ipynb": "older"})
    said = run("start").stdout
    assert f"a newer one exists: course reset exercises/{SHEET}.ipynb" in said


def test_start_makes_the_copy_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "open it with: course lab my-course" in run("start").stdout
    assert (tmp_path / f"my-course/exercises/{SHEET}.ipynb").exists()
    assert run("start").stdout == "my-course is up to date.\n"


@pytest.mark.parametrize("where", ["notebooks", "exercises", ".course"])
def test_start_within_a_copy_makes_no_second_one(copy, monkeypatch, where):
    monkeypatch.chdir(copy / where)
    assert run("start").stdout == f"{copy} is up to date.\n"
    assert not (copy / where / "my-course").exists()


@pytest.mark.parametrize("where", [".", "my-course", "my-course/exercises", "beside/below"])
def test_the_copy_is_named_where_one_may_not_know_it(copy, monkeypatch, where):
    (copy.parent / where).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(copy.parent / where)
    result = run("hint", "04.step")
    assert result.exit_code == 0
    assert result.stderr == (f"Your copy is {copy}.\n" if where == "beside/below" else "")


def test_elsewhere_the_copy_that_was_opened_last_is_taken_and_named(
    copy, tmp_path_factory, monkeypatch
):
    answer(copy, step=True)
    run("start", copy)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    result = run("check", "04.step")
    assert (result.exit_code, "✓ 04.step" in result.stdout) == (0, True)
    assert result.stderr == f"Your copy is {copy}, the one that was opened last.\n"


# ---- check, progress ------------------------------------------------------------------


def test_an_untouched_sheet_is_open_without_being_run(copy, sheet_is_never_run):
    result = run("check")
    assert result.exit_code == 1
    assert words(result).count("not answered yet") == 5
    assert "✓" not in result.stdout
    assert "0 of 7 points" in words(run("progress"))


def test_a_wrong_answer_is_explained_and_the_next_step_named(copy):
    answer(copy, step=SUBTRACTED, physics=True)
    result = run("check", "4")
    assert result.exit_code == 1
    assert "✗ 04.step One step of the ball" in words(result)
    assert "expected w = 0.8 v = -0.2 yours w = 1.2 v = -0.2" in words(result)
    assert "but you subtracted it: v already points downhill, so add it." in words(result)
    assert "✓ 04.physics" in words(result)
    assert "○ 04.goal" in words(result)
    assert "Next: 04.step" in words(result)
    assert "course hint 04.step" in words(result)


def test_right_answers_hold_and_progress_remembers_them(copy, monkeypatch):
    answer(copy, step=True, terminal=True, physics=True, goal=True, portrait=True)
    result = run("check", SHEET)
    assert result.exit_code == 0, result.stdout
    assert words(result).count("✓") == 5
    assert "7 of 7 points" in words(result)
    run_again = "course.grading.nbval.run.judge_with_nbval"
    monkeypatch.setattr(run_again, lambda *_: pytest.fail("it was run again"))
    assert words(run("progress", "4")).count("✓") == 5
    assert "Together 7 of 7 points." in words(run("progress"))


def test_progress_runs_a_sheet_whose_answers_are_new(copy):
    answer(copy, step=SUBTRACTED)
    assert "✗ 04.step" in words(run("progress", "--all"))
    answer(copy, step=True)
    assert "✓ 04.step" in words(run("progress", "--all"))
    assert "3 of 7 points" in words(run("progress"))


def test_one_task_is_checked_by_its_name(copy):
    answer(copy, step=True, goal="rates = 1 / 0")
    held, wrong = run("check", "04.step"), run("check", "4.goal")
    assert (held.exit_code, wrong.exit_code) == (0, 1)
    assert "04.goal  A" not in held.stdout
    assert "Your answer cell goal-answer raised ZeroDivisionError" in words(wrong)


def test_check_without_a_name_takes_the_next_unfinished_sheet(copy, monkeypatch):
    held = [progress.Standing(task, progress.DONE) for task in progress.tasks_of(SHEET)]
    monkeypatch.setattr(paths, "sheets", lambda: ["01_done", SHEET])
    found = progress.standings
    monkeypatch.setattr(
        progress, "standings", lambda c, s, **k: held if s == "01_done" else found(c, s, **k)
    )
    assert run("check").stdout.startswith("04 Momentum as friction")


def test_after_a_sheet_is_done_the_next_chapter_is_named_unless_it_was_read(copy, monkeypatch):
    following = "05_nesterov_look_ahead"
    held = [progress.Standing(task, progress.DONE) for task in progress.tasks_of(SHEET)]
    monkeypatch.setattr(paths, "sheets", lambda: [SHEET, following])
    found = progress.standings
    monkeypatch.setattr(
        progress, "standings", lambda c, s, **k: held if s == SHEET else found(c, s, **k)
    )
    unread = f"its chapter is not read yet: notebooks/{following}.ipynb"
    assert unread in words(run("check", "4"))
    assert unread not in words(run("check", "5"))
    run_cells(copy, following, lambda name: True)
    assert "Next: 05.landing" in words(run("check", "4"))
    assert unread not in words(run("check", "4"))


def test_what_check_prints_fits_80_columns_and_breaks_no_word(copy, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    answer(copy, step=SUBTRACTED, physics="def from_physics(*_):\n    return 1 / 0")
    printed = run("check", "4").stdout
    assert max(len(line.rstrip()) for line in printed.splitlines()) <= 80
    for whole in ("v already points downhill, so add it.", f"in exercises/{SHEET}.ipynb"):
        assert whole in words(run("check", "4"))
    broken = [line for line in printed.splitlines() if 0 < len(line.strip()) < 12]
    assert len(broken) <= 1, broken


def test_check_says_when_every_exercise_is_done(copy, monkeypatch):
    held = [progress.Standing(task, progress.DONE) for task in progress.tasks_of(SHEET)]
    monkeypatch.setattr(progress, "standings", lambda *_, **__: held)
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "Every exercise is done.\n")


def test_a_deleted_answer_cell_is_named(copy):
    path = copy / f"exercises/{SHEET}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"] = [c for c in notebook["cells"] if c["metadata"]["name"] != "step-answer"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert "The answer cell step-answer is missing." in words(run("check", "04.step"))


def test_progress_shows_an_unreadable_sheet_and_goes_on(copy):
    (copy / f"exercises/{SHEET}.ipynb").write_text("{broken")
    result = run("progress")
    assert result.exit_code == 0
    assert "00 Start here" in result.stdout
    assert "course progress 04 says why" in words(result)
    assert f"Next: mend exercises/{SHEET}.ipynb" in words(result)
    assert "JSON" in words(run("progress", "04"))


def run_cells(copy, chapter, names):
    """Give cells of a chapter a number, as JupyterLab saves those that were run."""
    path = copy / f"notebooks/{chapter}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code" and names(cell["metadata"]["name"]):
            cell["execution_count"] = number + 1
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_progress_has_one_line_of_at_most_80_columns_for_each_chapter(copy, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    answer(copy, step=True)
    lines = run("progress").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    chapters = {line[:2]: line.rstrip() for line in lines if re.match(r"\d\d ", line)}
    assert sorted(chapters) == [f"{number:02}" for number in range(17)]
    assert re.fullmatch(r"04 Momentum as friction +no +3 of 7 +04.terminal", chapters["04"])
    assert re.fullmatch(r"16 Glossary", chapters["16"])
    assert len(lines) <= 25


def test_progress_counts_what_was_read_in_a_chapters_core(copy):
    deeper = reading.core_cells(workspace.fresh_copy(f"notebooks/{SHEET}.ipynb")["cells"])
    assert "its chapter is not read yet: notebooks/04" in words(run("progress"))
    run_cells(copy, SHEET, lambda name: name in sorted(deeper)[:2])
    assert f"04 Momentum as friction 2 of {len(deeper)} cells" in words(run("progress"))
    assert f"read: 2 of {len(deeper)} cells" in words(run("progress", "04"))
    run_cells(copy, SHEET, lambda name: name in deeper)
    shown = words(run("progress"))
    assert "04 Momentum as friction yes" in shown and "not read yet" not in shown
    (copy / f"notebooks/{SHEET}.ipynb").write_text("{broken")
    assert run("progress").exit_code == 0


def test_progress_of_one_chapter_names_its_next_task_and_knows_those_without_a_sheet(copy):
    shown = words(run("progress", "4"))
    assert shown.count("○") == 5 and "01 Gradient" not in shown
    assert "Next: 04.step" in shown
    assert run("progress", "14").stdout.startswith("14 When training goes wrong")


def test_what_an_answer_prints_does_not_steer_the_terminal(copy):
    answer(copy, step="raise ValueError('\\x1b[2J[bold]red[/bold]')")
    result = run("check", "04.step")
    assert "\x1b" not in result.stdout
    assert "[bold]red[/bold]" in words(result)


def test_lost_records_cost_only_another_run(copy):
    answer(copy, step=True)
    run("check")
    (copy / ".course/progress.json").write_text("{broken")
    (copy / ".course/hints.json").write_text("[]")
    assert "✓ 04.step" in words(run("progress", "04"))
    assert "Hint 1 of" in run("hint", "04.step").stdout


# ---- hint, reset ----------------------------------------------------------------------


def test_hints_come_one_after_another_and_the_last_one_stays(copy):
    task = find("04.step")
    for number in (*range(len(task.hints)), len(task.hints) - 1):
        said = words(run("hint", "4.step"))
        assert f"Hint {number + 1} of {len(task.hints)}: {task.hints[number]}" in said


def test_a_hint_for_a_sheet_is_for_its_first_unfinished_task(copy):
    assert "04.step" in run("hint", "4").stdout
    answer(copy, step=True)
    assert "04.terminal" in run("hint", "4").stdout


def test_a_reset_keeps_the_learners_answers_beside(copy):
    fresh = (copy / f"exercises/{SHEET}.ipynb").read_bytes()
    answer(copy, step=SUBTRACTED)
    said = run("reset", "04").stdout
    assert f"Yours is now exercises/{SHEET}.backup-1.ipynb" in said
    assert (copy / f"exercises/{SHEET}.ipynb").read_bytes() == fresh
    assert "variable - v" in (copy / f"exercises/{SHEET}.backup-1.ipynb").read_text("utf-8")
    assert run("reset", "04").exit_code == 0
    assert len(list((copy / "exercises").glob("04_*"))) == 2


def cells(copy):
    """The cells of the learner's sheet."""
    return json.loads((copy / f"exercises/{SHEET}.ipynb").read_text("utf-8"))["cells"]


def put_cells(copy, changed):
    """Save the learner's sheet with other cells."""
    path = copy / f"exercises/{SHEET}.ipynb"
    notebook = json.loads(path.read_text("utf-8")) | {"cells": changed}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def names(copy):
    """The names of the cells of the learner's sheet."""
    return [cell["metadata"].get("name") for cell in cells(copy)]


def test_one_task_is_reset_and_the_others_and_what_was_added_stay(copy):
    fresh = cells(copy)
    answer(copy, step=SUBTRACTED, goal=True)
    mine = {"cell_type": "code", "id": "m", "metadata": {}, "source": "mine = 1", "outputs": []}
    put_cells(copy, [*cells(copy), mine])
    before = (copy / f"exercises/{SHEET}.ipynb").read_bytes()
    said = run("reset", "4.goal").stdout
    assert "04.goal is as it was delivered, in exercises/" in said
    assert "written anew: goal-answer\n" in said
    assert f"The sheet as you had it is now exercises/{SHEET}.backup-1.ipynb." in said
    assert (copy / f"exercises/{SHEET}.backup-1.ipynb").read_bytes() == before
    sources = ["".join(cell["source"]) for cell in cells(copy)]
    assert SUBTRACTED in sources and "mine = 1" in sources
    assert [c for c in cells(copy) if c["id"].startswith("goal-")] == [
        c for c in fresh if c["id"].startswith("goal-")
    ]


@pytest.mark.parametrize("lost", [{"goal-answer"}, {"goal-task", "goal-answer", "goal-check"}])
def test_a_deleted_cell_comes_back_where_it_was(copy, lost):
    fresh = names(copy)
    put_cells(copy, [cell for cell in cells(copy) if cell["metadata"]["name"] not in lost])
    assert "Have it back: course reset 04.goal" in words(run("check", "04.goal"))
    said = run("reset", "04.goal").stdout
    assert "was missing, and is there again: " in said
    assert names(copy) == fresh


def test_a_deleted_first_cell_comes_back_to_the_top_of_what_is_left(copy):
    put_cells(copy, cells(copy)[-4:])
    run("reset", "04.step")
    assert names(copy)[:2] == ["step-task", "step-answer"]


def test_a_doubled_cell_is_one_again(copy):
    """As JupyterLab pastes it: of the same name, with an id of its own."""
    fresh = names(copy)
    doubled = [
        each
        for cell in cells(copy)
        for each in ([cell, cell | {"id": "p"}] if cell["id"] == "goal-answer" else [cell])
    ]
    put_cells(copy, doubled)
    assert "was there more than once: goal-answer" in run("reset", "04.goal").stdout
    assert names(copy) == fresh


def test_a_reset_of_a_task_that_is_as_delivered_writes_nothing(copy):
    before = everything_in(copy)
    assert "It was so before; nothing was changed." in run("reset", "04.goal").stdout
    assert everything_in(copy) == before


def test_a_tick_of_an_older_answer_does_not_outlive_a_reset(copy):
    answer(copy, goal=True)
    tick = {"output_type": "stream", "name": "stdout", "text": "✓ right"}
    put_cells(
        copy,
        [c | {"outputs": [tick]} if c["id"] == "goal-check" else c for c in cells(copy)],
    )
    run("reset", "04.goal")
    assert "✓ right" not in (copy / f"exercises/{SHEET}.ipynb").read_text("utf-8")


@pytest.mark.parametrize("content", ["{broken", '{"cells": 3}', None])
def test_a_task_of_a_sheet_that_cannot_be_read_is_not_reset(copy, content):
    path = copy / f"exercises/{SHEET}.ipynb"
    path.unlink() if content is None else path.write_text(content)
    before = everything_in(copy)
    result = run("reset", "04.goal")
    assert result.exit_code == 2
    assert result.stderr.endswith("Start the sheet afresh: course reset 04\n")
    assert everything_in(copy) == before


# ---- doctor ---------------------------------------------------------------------------


def test_doctor_finds_a_step_on_the_cpu_equal_to_keras():
    result = run("doctor")
    assert result.exit_code == 0, result.stdout
    assert re.search(
        r"✓ +A step of SGD\(momentum=0.9\) on cpu:0 +equal to the last bit", words(result)
    )
    for package in ("Python", "numpy", "keras", "tensorflow", "jupyterlab"):
        assert re.search(rf"✓ +{package} ", result.stdout)


def test_doctor_fails_where_the_step_is_another(monkeypatch):
    from course.quietly import keras

    monkeypatch.setattr(course, "SGD", keras.optimizers.RMSprop, raising=False)
    monkeypatch.setattr(doctor, "versions", list)
    result = run("doctor")
    assert result.exit_code == 1
    assert "✗" in result.stdout


# ---- grade ----------------------------------------------------------------------------


@pytest.fixture
def handed_in(copy):
    """Two submissions, one right and one wrong at the first task."""
    for learner, step in (("anna", True), ("bert", SUBTRACTED)):
        answer(copy, step=step)
        (copy.parent / "handed-in" / learner).mkdir(parents=True)
        shutil.copy(copy / f"exercises/{SHEET}.ipynb", copy.parent / "handed-in" / learner)
    return copy.parent


def judge_by(judge, monkeypatch):
    """Have it asked in place of the judge: in threads of this process, which knows of it."""
    monkeypatch.setattr("course.grading.judge.judge", judge)
    monkeypatch.setattr("course.grading.batch.Workers", ThreadPoolExecutor)


@pytest.fixture
def stubbed(monkeypatch):
    """The stub in place of the judge; the file of bert holds no `# wrong`, so all are right."""
    judge_by(stub.judge, monkeypatch)


def test_grade_writes_a_table_and_pages(handed_in):
    result = run("grade", "handed-in", "--out", "marks", "--jobs", "1", "--sheet", "4")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("Graded 2 learners")
    table = (handed_in / "marks/grades.csv").read_text()
    assert re.search(rf"^anna,{SHEET},04.step,3,3,", table, flags=re.M)
    assert re.search(rf"^bert,{SHEET},04.step,0,3,", table, flags=re.M)
    page = (handed_in / "marks/feedback/bert.html").read_text()
    assert "you subtracted it" in page
    assert "Your velocity is right, but you subtracted it" in (
        handed_in / "marks/summary.html"
    ).read_text(encoding="utf-8")


def test_a_marking_is_refused_then_resumed_and_its_terms_are_kept(handed_in, stubbed):
    assert run("grade", "handed-in", "--out", "marks", "--seed", "7").exit_code == 0
    before = (handed_in / "marks/journal.jsonl").read_bytes()
    result = run("grade", "handed-in", "--out", "marks")
    assert result.exit_code == 2
    assert result.stderr == (
        "marks already holds the journal of a marking. Go on with it by --resume, or name another "
        "folder.\n"
    )
    result = run("grade", "handed-in", "--out", "marks", "--resume", "--seed", "8")
    assert result.exit_code == 2
    assert "was begun with seed 7, not 8. Leave --seed out" in result.stderr
    assert run("grade", "handed-in", "--out", "marks", "--resume").exit_code == 0
    assert (handed_in / "marks/journal.jsonl").read_bytes() == before
    assert run("grade", "handed-in", "--out", "marks", "--again", "anna").exit_code == 0
    assert (handed_in / "marks/journal.jsonl").read_bytes().count(b"\n") == 4


def test_points_are_set_by_hand_with_a_reason(handed_in, stubbed):
    run("grade", "handed-in", "--out", "marks")
    decision = ("override", "marks", "--learner", "bert", "--task", "04.step", "--by", "Maria")
    result = run(*decision, "--points", "1.5", "--reason", "half of it")
    assert (result.exit_code, result.stdout) == (0, "bert, 04.step: 1.5 points.\n")
    table = (handed_in / "marks/grades.csv").read_text()
    assert re.search(
        r"bert,.*,04.step,1.5,3,.*by Maria on [\d-]+: half of it,handed-in/", table, flags=re.M
    )
    result = run(*decision, "--points", "9", "--reason", "generous")
    assert (result.exit_code, result.stderr) == (2, "04.step is worth 0 to 3 points; got 9.\n")
    result = run(*decision, "--reason", "taken back")
    assert result.stdout == "bert, 04.step: the check's points.\n"
    assert run("override", "nowhere", *decision[2:], "--reason", "x").exit_code == 2


def test_what_could_not_be_marked_is_said_and_ends_with_1(handed_in, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no memory")

    judge_by(broken, monkeypatch)
    result = run("grade", "handed-in", "--out", "marks")
    assert result.exit_code == 1
    assert "2 could not be marked: no memory\n" in result.stdout
    assert "--resume" in result.stdout


def test_whatever_was_not_marked_is_named_and_ends_with_1(handed_in, stubbed):
    (handed_in / "handed-in/report.pdf").write_text("%PDF")
    (handed_in / "handed-in/carla.ipynb").write_text("{")
    result = run("grade", "handed-in", "--out", "marks")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Graded 2 learners: marks/grades.csv, marks/index.html",
        "Not marked: handed-in/carla.ipynb (carla): carla.ipynb is not a notebook: its text is not "
        "valid JSON.",
        "Left aside: handed-in/report.pdf: It is a PDF. Hand in the notebook itself (.ipynb).",
    ]
    for name in ("report.pdf", "carla.ipynb"):
        (handed_in / "handed-in" / name).unlink()
    result = run("grade", "handed-in", "--out", "marks", "--resume")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    assert result.stderr == (
        "No longer there under that name, so taken out of the reports: handed-in/carla.ipynb.\n"
    )


def test_a_download_is_marked_with_the_class_list_and_files_go_back(handed_in, stubbed):
    with zipfile.ZipFile(handed_in / "submissions.zip", "w") as archive:
        for name in ("brownanna_345_7001_x.ipynb", "brownanna_LATE_345_7002_x-1.ipynb"):
            archive.write(handed_in / f"handed-in/anna/{SHEET}.ipynb", name)
    (handed_in / "class.csv").write_text("Student,ID,SIS Login ID\nAnna,345,a\nZoe,346,z\n")
    options = ("--roster", "class.csv", "--keep", "best", "--due", "2026-12-01T18:00")
    result = run("grade", "submissions.zip", "--out", "marks", *options)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "Graded 1 learner: marks/grades.csv, marks/index.html",
        "Learners: Zoe: Handed in nothing.",
        "For the learning platform: marks/canvas.csv",
    ]
    (handed_in / "class.csv").write_text("what,is,this\n")
    result = run("grade", "submissions.zip", "--out", "other", "--roster", "class.csv")
    assert result.exit_code == 2 and "has no column of names or numbers" in result.stderr
    assert not (handed_in / "other/journal.jsonl").exists()
    assert run("grade", "submissions.zip", "--out", "other", "--due", "soon").exit_code == 2
    result = run("grade", "submissions.zip", "--out", "other", "--roster", "no.csv")
    assert result.exit_code == 2 and result.stderr.startswith("no.csv cannot be read: No such file")


def test_one_result_is_json_and_nothing_else(handed_in, stubbed):
    sheet = f"handed-in/anna/{SHEET}.ipynb"
    result = run("grade", sheet, "--json", "-")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["learner"], found["points"], found["of"]) == ("anna", 7, 7)
    assert [task["right"] for task in found["files"][0]["tasks"]] == [True] * 5
    assert found["confinement"] == "Answers ran confined by: a stub, nothing."
    result = run("grade", "handed-in", "--json", "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "--json is of one learner's result: name one notebook file.\n"
    result = run("grade", sheet)
    assert result.exit_code == 2 and "Name a folder by --out" in result.stderr
    assert run("grade", sheet, "--json", "anna.json").stdout == ""
    assert json.loads((handed_in / "anna.json").read_text()) == found


def test_one_result_goes_into_a_pipe_or_along_a_link_and_replaces_neither(handed_in, stubbed):
    sheet, pipe = f"handed-in/anna/{SHEET}.ipynb", handed_in / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        assert run("grade", sheet, "--json", "pipe").exit_code == 0
        assert json.loads(os.read(reader, 1 << 16))["learner"] == "anna" and pipe.is_fifo()
    finally:
        os.close(reader)
    (handed_in / "latest.json").symlink_to("anna.json")
    assert run("grade", sheet, "--json", "latest.json").exit_code == 0
    assert (handed_in / "latest.json").is_symlink() and (handed_in / "anna.json").is_file()
    result = run("grade", sheet, "--json", "nowhere/anna.json")
    assert result.exit_code == 2 and result.stderr.startswith("Cannot write to nowhere/anna.json:")


def test_an_autograder_is_written_once(handed_in):
    result = run("export", "gradescope", "auto.zip", "--sheet", "4")
    assert result.exit_code == 0 and result.stdout.startswith("auto.zip: upload it at Gradescope")
    assert "run_autograder" in zipfile.ZipFile(handed_in / "auto.zip").namelist()
    assert run("export", "gradescope", "auto.zip", "--sheet", "4").exit_code == 2


def test_a_folder_without_a_notebook_is_no_success(handed_in):
    (handed_in / "empty").mkdir()
    result = run("grade", "empty", "--out", "marks")
    assert result.exit_code == 1
    assert "Not marked: empty (empty): The folder holds no notebook.\n" in result.stdout
    result = run("grade", "marks", "--out", "other")
    assert result.exit_code == 1 and "Left aside: marks/grades.csv: It is no" in result.stdout


def test_a_damaged_journal_is_named_and_ends_with_1(handed_in, stubbed):
    run("grade", "handed-in", "--out", "marks")
    path = handed_in / "marks/journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"of":3', b'"of":9', 1))
    result = run("grade", "handed-in", "--out", "marks", "--resume")
    assert result.exit_code == 1
    assert "Look at this: journal.jsonl: Line 2 of journal.jsonl is damaged" in result.stdout
    assert result.stdout.startswith("Graded 2 learners")


def test_more_jobs_than_memory_are_lowered_or_refused(handed_in, stubbed, monkeypatch):
    from course.grading import machine

    monkeypatch.setattr(machine, "processors", lambda: 8)
    monkeypatch.setattr(machine, "free_memory", lambda: 5000)
    result = run("grade", "handed-in", "--out", "marks", "--jobs", "4")
    assert result.exit_code == 2
    assert result.stderr == (
        "4 jobs of 2048 MB need 8192 MB, and 5000 MB are free here. "
        "Say --jobs 2 or --memory 1250.\n"
    )
    result = run("grade", "handed-in", "--out", "marks")
    assert result.exit_code == 0
    assert "5000 MB are free here: marking with --jobs 2.\n" in result.stderr


def test_two_learners_are_not_made_one_unless_the_teacher_says_so(handed_in, stubbed):
    (handed_in / "handed-in/anna/again").mkdir()
    sheet = f"{SHEET}.ipynb"
    shutil.copy(handed_in / "handed-in/bert" / sheet, handed_in / "handed-in/anna/again" / sheet)
    result = run("grade", "handed-in", "--out", "marks")
    assert result.exit_code == 2
    assert "Say how to tell: --learner-from folder" in result.stderr
    result = run("grade", "handed-in", "--out", "marks", "--learner-from", "folder")
    assert (result.exit_code, result.stdout[:17]) == (0, "Graded 2 learners")


def test_ctrl_c_keeps_what_is_marked_and_says_how_to_go_on(handed_in, monkeypatch):
    from course.grading import batch

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "grade", stopped)
    result = run("grade", "handed-in", "--out", "marks")
    assert result.exit_code == 130
    assert result.stderr == "Stopped. What is marked stands in marks; go on with --resume.\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--limit", "0"], "limit must be a number of seconds above 0; got 0.0."),
        (["--jobs", "0"], "jobs must be 1 or more; got 0."),
        (["--memory", "0"], "memory must be a number of MB above 0; got 0."),
        (["--seed", "-1"], "seed must be an integer of 0 or more; got -1."),
        (["--scheduler", "x", "--container"], "Name --scheduler or --container, not both."),
        (["--container", "--image", ""], "--image must name an image; got ''."),
        (["--image", "x"], "--image names the image of --container; name both, or neither."),
        (["--again", "zoe"], "There is no submission of 'zoe' to be marked again."),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(handed_in, options, said):
    result = run("grade", "handed-in", "--out", "marks", *options)
    assert (result.exit_code, result.stderr) == (2, f"{said}\n")
    assert not (handed_in / "marks/grades.csv").exists()


@pytest.mark.parametrize("name", ["grades.csv", "index.html", "summary.html", "feedback/x.html"])
def test_a_teachers_own_files_are_not_written_over(handed_in, stubbed, name):
    (handed_in / "marks/feedback").mkdir(parents=True)
    (handed_in / "marks" / name).write_text("mine")
    result = run("grade", "handed-in", "--out", "marks")
    assert (result.exit_code, result.stderr) == (
        2,
        f"marks/{name} is not the grader's, and would be written over. Move it away, or name "
        "another folder by --out.\n",
    )
    assert (handed_in / "marks" / name).read_text() == "mine"
    (handed_in / "marks" / name).unlink()
    assert run("grade", "handed-in", "--out", "marks").exit_code == 0
    (handed_in / "marks/journal.jsonl").unlink()  # what is left is the grader's own
    assert run("grade", "handed-in", "--out", "marks").exit_code == 0


def test_a_path_that_was_given_does_not_steer_the_terminal(handed_in, stubbed):
    odd = "a\x1b[31m"
    (handed_in / odd).mkdir()
    for given in ((odd, "--out", "marks"), ("handed-in", "--out", odd), ("\x1b[2J", "--out", odd)):
        result = run("grade", *given)
        assert result.stdout + result.stderr and "\x1b" not in result.stdout + result.stderr


@pytest.mark.parametrize("problem", [KeyError, OSError])
def test_a_user_without_a_name_decides_by_number(handed_in, stubbed, monkeypatch, problem):
    def nobody():
        raise problem("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nobody)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    run("grade", "handed-in", "--out", "marks")
    who = ("override", "marks", "--learner", "bert", "--task", "04.step")
    assert run(*who, "--points", "1", "--reason", "half of it").exit_code == 0
    assert "by user 12345 on" in (handed_in / "marks/grades.csv").read_text()


def test_the_exercises_are_written_for_nbgrader(copy):
    result = run("export", "nbgrader", "their-course", "--sheet", "4", "--seed", "1")
    assert (result.exit_code, result.stdout) == (
        0,
        "1 assignment in their-course; read README.md there.\n",
    )
    assert (copy.parent / f"their-course/source/{SHEET}/{SHEET}.ipynb").exists()
    result = run("export", "nbgrader", "their-course")
    assert result.exit_code == 2
    assert "their-course is not empty" in result.stderr


# ---- lab ------------------------------------------------------------------------------


@pytest.fixture
def taken():
    """A port on which somebody else listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_an_occupied_port_is_refused_with_a_free_one(copy, taken):
    result = run("lab", "--port", taken)
    assert result.exit_code == 2
    other = int(re.search(r"--port (\d+)", result.stderr)[1])
    assert other > taken
    assert result.stderr == (
        f"Port {taken} is in use; choose another with --port {other} (make lab PORT={other}).\n"
    )


def test_without_a_wish_the_next_free_port_is_taken(taken):
    assert lab.free_port(taken) > taken


def test_a_port_that_is_none_is_refused(copy):
    assert run("lab", "--port", "70000").exit_code == 2


@contextmanager
def serving(copy, stdin=subprocess.DEVNULL, **environment):
    """A real `course lab`; gives its process, its address, and what it says."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "course", "lab"],
        cwd=copy.parent,
        env={**kept, "BROWSER": "", **environment},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = waiting.Said(process)
    try:
        address = said.until(r"http://\S+/lab/tree/notebooks/00_start_here.ipynb\?\S+(?=\s)")
        yield process, address[0], said
    finally:
        waiting.end(process)


@pytest.mark.skipif(os.name != "posix", reason="starts one process in the place of another")
def test_lab_is_not_misled_by_what_a_killed_server_of_its_number_left(copy):
    runtime = copy.parent / "runtime"
    stale = {"pid": 0, "url": "http://localhost:9/", "token": "old", "port": 9, "root_dir": "/"}
    line = (
        f"mkdir {runtime}; echo '{json.dumps(stale)}' | sed \"s/: 0,/: $$,/\" "
        f"> {runtime}/jpserver-$$.json; exec {sys.executable} -u -m course lab"
    )
    process = subprocess.Popen(
        ["sh", "-c", line],
        cwd=copy.parent,
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime), "BROWSER": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        address = waiting.Said(process).until(r"http://\S+(?=\s)")[0]
        assert ":9/" not in address and ask(address, "status")["started"]
    finally:
        waiting.end(process)


def ask(address, service, data=None):
    """What a service of Jupyter's answers, as a dictionary; with data it is a POST."""
    url = re.sub(r"/lab/tree/[^?]*", f"/api/{service}", address)
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=60) as answer:
        return json.load(answer)


@pytest.mark.parametrize("terminal", [True, False], ids=["in a terminal", "without a terminal"])
def test_lab_serves_the_first_page_until_ctrl_c_ends_it_and_its_kernels(copy, terminal):
    if terminal and os.name != "posix":
        pytest.skip("there are no pseudo-terminals here")
    ours, theirs = os.openpty() if terminal else (None, subprocess.DEVNULL)
    with serving(copy, stdin=theirs) as (process, address, said):
        with urllib.request.urlopen(address, timeout=60) as page:
            assert page.status == 200
        first = ask(address, "contents/notebooks/00_start_here.ipynb")
        assert first["name"] == "00_start_here.ipynb"
        ask(address, "kernels", b"{}")
        children = psutil.Process(process.pid).children()  # JupyterLab may ask npm for its version
        kernels = [each for each in children if "ipykernel_launcher" in waiting.command(each)]
        assert len(kernels) == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        everything = said.rest()
    assert all(waiting.has_ended(kernel) for kernel in kernels)
    assert "Open this address in a browser. Ctrl-C here ends it." in everything
    command = re.search(r"elsewhere the command is (\S+)\.\n", everything)[1]
    assert waiting.run([command, "--version"]).stdout == f"course {course.__version__}\n"
    assert everything.endswith(f"JupyterLab has ended; your work is in {copy}.\n")
    if terminal:
        os.close(ours)
        os.close(theirs)


@pytest.mark.skipif(os.name != "posix", reason="the browser that listens is a shell script")
def test_lab_opens_a_browser_at_the_address_where_there_is_one(copy):
    browser, opened = copy.parent / "browser", copy.parent / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.part; mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    with serving(copy, BROWSER=f"{browser} %s") as (_, address, said):
        said.until("Ctrl-C")
        assert opened.read_text().strip() == address
