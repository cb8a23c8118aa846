"""What `course export nbgrader` writes: valid for nbgrader, and marked by it as by us."""

import importlib.util
import json
import os
import sys

import nbformat
import numpy as np
import pytest

from course import paths
from course.checks import chapter_tasks, check
from course.checks.calling import NotAnAnswer
from course.checks.tasks import Rule
from course.grading import sheets
from course.grading.exports import nbgrader as nbgrader_export
from course.grading.papers import pristine
from tests import waiting
from tests.grading.sheet import NAME, PHYSICS, RIGHT, STEP
from tests.grading.test_tests_of_steps import CALLS_WITHOUT_FAULTS, IS_RIGHT, LOOKS_INSIDE
from tests.grading.test_tests_of_steps import RIGHT as RIGHT_ROW
from tests.grading.test_tests_of_steps import SHEET as CATCH

ROWS = RIGHT_ROW + IS_RIGHT

SUBTRACTED = """
def ball_step(variable, velocity, gradient, learning_rate, momentum):
    v = momentum * velocity - learning_rate * gradient
    return variable - v, v
"""
# It knows what the check shows and draws, and nothing else.
REPLAYED = """
from course.checks import find
task = find("04.step")
SHOWN = [(case.arguments, task.reference(*case.arguments)) for case in task.cases()]
def ball_step(*given):
    for known, results in SHOWN:
        if all(np.array_equal(a, b) for a, b in zip(known, given)):
            return results
    return given[:2]
"""


def run(source, names):
    exec(source, names)
    return names


@pytest.mark.parametrize("sheet", paths.sheets())
def test_a_solution_passes_its_hidden_tests(sheet):
    notebook = nbgrader_export.assignment(sheet, seed=1)
    nbformat.validate(nbformat.from_dict(notebook))
    tags = {c["metadata"]["name"]: c["metadata"].get("tags", []) for c in pristine(sheet)["cells"]}
    names = {}
    for cell in notebook["cells"]:
        marks = cell["metadata"]["nbgrader"]
        if marks["grade"]:
            run(hidden(cell), names)
        elif cell["cell_type"] == "code" and "feedback" not in tags[cell["metadata"]["name"]]:
            run(cell["source"], names)


RULES = [t for sheet in paths.sheets() for t in chapter_tasks(sheet[:2]) if isinstance(t, Rule)]


@pytest.mark.parametrize("task", RULES, ids=lambda task: task.name)
def test_hidden_tests_fail_what_is_wrong(task):
    """Not each mistake: some differ in a shown case only, at which the visible check looks."""
    tests, failed = nbgrader_export.hidden_tests(task, seed=1), 0
    for mistake in task.mistakes:
        try:
            run(tests, {task.asks: mistake.answer})
        except (AssertionError, NotAnAnswer):
            failed += 1
    assert failed >= len(task.mistakes) / 2


def hidden(cell):
    return cell["source"].partition("### BEGIN HIDDEN TESTS")[2]


@pytest.mark.parametrize(
    ("source", "passes"),
    [
        (sheets.load(CATCH).right["catch-answer"], True),
        (LOOKS_INSIDE, False),
        (CALLS_WITHOUT_FAULTS, False),
        ("def is_broken(step):\n    return 0", False),
    ],
    ids=["the solution", "looks inside", "calls without need", "says no"],
)
def test_a_test_to_write_is_marked_by_what_it_calls_with(source, passes):
    """The hidden lines look at its verdicts alone; the check above them at its calls, too."""
    notebook = nbgrader_export.assignment(CATCH, seed=1)
    (cell,) = [c for c in notebook["cells"] if c["metadata"]["name"] == "catch-check"]
    names = run(f"import numpy as np\n{ROWS}{source}", {"check": check})
    if passes:
        run(cell["source"], names)
        return
    with pytest.raises((AssertionError, NotAnAnswer)):
        run(cell["source"], names)


def test_points_names_and_locks_are_nbgraders():
    notebook = nbgrader_export.assignment(NAME, seed=1)
    marks = {c["metadata"]["name"]: c["metadata"]["nbgrader"] for c in notebook["cells"]}
    assert {name: m["points"] for name, m in marks.items() if m["grade"]} == {
        "step-check": 3,
        "terminal-check": 0,
        "physics-check": 2,
        "goal-check": 2,
        "portrait-check": 0,
    }
    assert [n for n, m in marks.items() if m["solution"]] == list(RIGHT)
    assert all(m["locked"] != m["solution"] and m["schema_version"] == 3 for m in marks.values())
    assert "race" not in marks and "race-words" not in marks
    assert len({m["grade_id"] for m in marks.values()}) == len(marks)


def test_another_seed_hides_other_numbers():
    (step, *_) = chapter_tasks("04")
    assert nbgrader_export.hidden_tests(step, 1) == nbgrader_export.hidden_tests(step, 1)
    assert nbgrader_export.hidden_tests(step, 1) != nbgrader_export.hidden_tests(step, 2)


def test_a_literal_is_the_value_again():
    value = (1, 0.1, np.float64(1 / 3), np.array([[1.5, np.nan], [np.inf, 2]]), [np.arange(3)], "a")
    again = eval(nbgrader_export.literal(value), {"array": np.array, "nan": np.nan, "inf": np.inf})
    np.testing.assert_equal(again, value)
    assert again[3].dtype == "float64" and isinstance(again, tuple)


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "mine").write_text("")
    with pytest.raises(ValueError, match="is not empty; name a folder that is new or empty"):
        nbgrader_export.write(tmp_path)


# ---- nbgrader itself ------------------------------------------------------------------


def nbgrader(folder, *arguments):
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder), "HOME": str(folder)}
    done = waiting.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def hand_in(folder, learner, answers):
    release = folder / "release" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(release.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    path = folder / "submitted" / learner / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.skipif(not importlib.util.find_spec("nbgrader"), reason="nbgrader is not installed")
def test_nbgrader_makes_the_assignment_and_marks_it_as_it_should(tmp_path, monkeypatch):
    from nbgrader.api import Gradebook

    # nbgrader calls its helper alembic by name, wherever Python is installed.
    monkeypatch.setenv("PATH", f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}")

    nbgrader_export.write(tmp_path, [NAME], seed=1)
    nbgrader(tmp_path, "generate_assignment", NAME)
    release = (tmp_path / f"release/{NAME}/{NAME}.ipynb").read_text(encoding="utf-8")
    assert "SOLUTION" not in release and "HIDDEN" not in release and "hidden_test" not in release
    assert "    ...\\n" in release  # the lines that the exercise starts from
    hand_in(tmp_path, "right", RIGHT)
    hand_in(tmp_path, "untouched", {})
    hand_in(tmp_path, "mixed", RIGHT | {STEP: SUBTRACTED})
    hand_in(tmp_path, "replayed", {STEP: REPLAYED, PHYSICS: RIGHT[PHYSICS]})
    nbgrader(tmp_path, "autograde", NAME)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        marks = {s.student.id: s.score for s in book.assignment_submissions(NAME)}
        assert book.find_assignment(NAME).max_score == 7
    assert marks == {"right": 7, "untouched": 0, "mixed": 4, "replayed": 2}
