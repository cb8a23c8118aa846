"""Without Keras and TensorFlow: what runs all the same, and the sentence where they are missed.

The chapters and solutions run there, too: tests/test_notebooks.py.
"""

import csv
import json
import re
import shutil
import subprocess
import sys

import pytest

from course import extras, paths
from tests import light, waiting
from tests.effort import part

ROOT = light.ROOT
#: The one sentence, with the line to type.
SENTENCE = (
    r"Keras and TensorFlow are not installed here; to have them, type: "
    r"(\S+ -m pip install|uv pip install --python \S+) "
    r"(-c \"\S+constraints\.txt\" -e )?\"\S+\[keras\]\""
)
KINDS = ["linked", pytest.param("installed", marks=pytest.mark.long)]


@pytest.fixture(scope="module", params=KINDS)
def python(request, tmp_path_factory, without_keras):
    """Such an environment's Python: of links to what is installed here, or of `pip install .`."""
    if request.param == "linked":
        return without_keras
    return light.installed(tmp_path_factory.mktemp("installed") / "venv")


@pytest.fixture(scope="module")
def run(python, tmp_path_factory):
    """Run Python there, in a copy of the course, `run.folder`; returns the process."""
    folder = tmp_path_factory.mktemp("room") / "mine"
    waiting.run([python, "-m", "course", "start", str(folder)], check=True)

    def run(*arguments):
        return waiting.run([python, *arguments], cwd=folder)

    run.folder = folder
    return run


def course(run, *arguments):
    """What the command printed, its lines joined, and its exit code."""
    done = run("-m", "course", *arguments)
    return " ".join((done.stdout + done.stderr).split()), done.returncode


def solve(run, *sheets):
    """Put the solutions of these sheets into the copy, as if they had been written there."""
    for sheet in sheets:
        target = run.folder / "exercises" / f"{sheet}.ipynb"
        exercise = json.loads(target.read_text("utf-8"))
        solution = json.loads((ROOT / "solutions" / target.name).read_text("utf-8"))
        right = {cell["metadata"]["name"]: cell["source"] for cell in solution["cells"]}
        for cell in exercise["cells"]:
            if "answer" in cell["metadata"].get("tags", ()):
                cell["source"] = right[cell["metadata"]["name"]]
        target.write_text(json.dumps(exercise), "utf-8")


def test_what_is_missing_is_missing(run):
    code = "import importlib.util as u; print(u.find_spec('keras'), u.find_spec('tensorflow'))"
    assert run("-c", code).stdout == "None None\n"


@pytest.mark.parametrize(
    "statement",
    [
        "import course; course.SGD",
        "from course import SGD",
        "from course.optimizer import with_rule",
        "from course.optimizer import compare_on_digits",
        "from course.quietly import keras",
    ],
)
def test_whoever_asks_for_keras_gets_one_sentence_with_the_line_to_type(run, statement):
    done = run("-c", statement)
    last = done.stderr.splitlines()[-1]
    assert re.fullmatch(f"ModuleNotFoundError: {SENTENCE}", last), done.stderr


#: The notebooks that need Keras from the start; 14 needs it in its middle, and says the same there.
FROM_THE_START = [
    ROOT / "exercises" / f"{paths.find_sheet('11')}.ipynb",
    *(ROOT / "notebooks" / paths.chapter(number) for number in (11, 12, 13)),
]


@pytest.mark.parametrize("path", part(FROM_THE_START, 1), ids=lambda path: path.stem)
def test_a_notebook_that_needs_keras_says_so_in_its_first_cell(run, path):
    code = next(
        "".join(cell["source"])
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code" and "import" in "".join(cell["source"])
    )
    done = run("-c", code)
    assert re.fullmatch(f"ModuleNotFoundError: {SENTENCE}", done.stderr.splitlines()[-1]), code


@pytest.mark.long  # the chapters, which test_notebooks.py runs there, draw most
def test_every_explorer_is_drawn(run):
    code = """
from course import explorers
for name in explorers.EXPLORERS:
    data = getattr(explorers, name)()._repr_mimebundle_()
    data = data[0] if isinstance(data, tuple) else data
    assert data["image/png"], name
print(len(explorers.EXPLORERS), "drawn")
"""
    done = run("-c", code)
    assert re.fullmatch(r"\d+ drawn\n", done.stdout), done.stderr


def test_every_sheet_but_11_is_judged_and_right_answers_hold(run):
    code = """
from course import extras, paths
from course.grading import sheets
from course.grading.judge import Limits, look, own_level
for name in paths.sheets():
    sheet = sheets.load(name)
    if not sheet.missing:
        wrong = [each for each in look(sheet, sheet.right, Limits(own_level(sheet))) if not each[1]]
        print(name[:2], wrong or "holds")
"""
    done = run("-c", code)
    held = [f"{name[:2]} holds" for name in paths.sheets() if name[:2] != "11"]
    assert done.stdout.splitlines() == held, done.stdout + done.stderr


def test_check_runs_a_sheet_of_numpy_and_says_what_the_keras_sheet_needs(run):
    sheets = [paths.find_sheet(name) for name in ("04", "11")]
    solve(run, *sheets)
    said, code = course(run, "check", "04")
    assert (code, "7 of 7 points" in said) == (0, True), said
    for extra in ([], ["--watch"]):
        said, code = course(run, "check", "11", *extra)
        assert code == 2 and re.search(f"{sheets[1]} could not be run. {SENTENCE}$", said), said
        assert "Watching" not in said


def test_a_sheet_that_cannot_be_run_here_is_nobodys_next_task_before_the_others(run):
    solve(run, paths.find_sheet("11"))
    code = """
from pathlib import Path
from course import paths
from course.learner import progress
sheet, task = progress.following(Path.cwd(), paths.find_sheet("11"))
print(sheet[:2], task.name[:3])
"""
    assert run("-c", code).stdout == "01 01.\n"
    said, code = course(run, "progress", "11")
    assert code == 0 and re.search(SENTENCE, said), said


def test_grade_marks_numpy_sheets(run):
    sheet = paths.find_sheet("04")
    handed = run.folder / "handed"
    handed.mkdir()
    shutil.copy(ROOT / "solutions" / f"{sheet}.ipynb", handed / "anna.ipynb")
    said, code = course(run, "grade", "handed", "--out", "marks")
    assert code == 0, said
    with (run.folder / "marks/grades.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows and all(row["points"] == row["of"] for row in rows)


def test_grade_refuses_a_keras_sheet_before_anything_is_marked_and_gives_nobody_0_points(run):
    handed = run.folder / "mixed"
    handed.mkdir()
    for learner, number in (("anna", "04"), ("ben", "11")):
        sheet = paths.find_sheet(number)
        shutil.copy(ROOT / "solutions" / f"{sheet}.ipynb", handed / f"{learner}.ipynb")
    said, code = course(run, "grade", "mixed", "--out", "marked")
    name = paths.find_sheet("11")
    assert code == 2 and re.search(rf"{name} cannot be marked\. {SENTENCE} Or name", said), said
    assert not (run.folder / "marked").exists(), "what is refused leaves nothing behind"


@pytest.mark.parametrize("arguments", [["bench"], ["bench", "grading"], ["bench", "grading", "11"]])
def test_bench_says_what_it_needs(run, arguments):
    said, code = course(run, *arguments)
    assert code == 2 and re.match(SENTENCE, said), said


def test_doctor_review_and_export_go_without(run):
    said, code = course(run, "doctor")
    assert code == 0 and "Keras and TensorFlow are not installed here" in said, said
    assert course(run, "review", "11", "--gift", "cards.txt")[1] == 0
    assert course(run, "export", "nbgrader", "their-course")[1] == 0


# ---- the line to type -----------------------------------------------------------------


def test_the_line_to_type_is_true_for_a_clone_a_wheel_and_an_environment_without_pip(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/here/bin/python")
    monkeypatch.setattr(extras, "is_here", lambda package: package == "pip")
    tested = f'-c "{ROOT}/constraints.txt" -e "{ROOT}[keras]"'
    assert extras.line() == f"/here/bin/python -m pip install {tested}"
    monkeypatch.setattr(paths, "is_clone", lambda: False)
    assert extras.line() == '/here/bin/python -m pip install "sgd-course[keras]"'
    monkeypatch.setattr(extras, "is_here", lambda package: False)
    assert extras.line() == 'uv pip install --python /here/bin/python "sgd-course[keras]"'


def test_only_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(extras, "is_here", lambda package: package != "tensorflow")
    assert extras.without_keras().startswith("TensorFlow is not installed here; to have it, type: ")
    monkeypatch.setattr(extras, "is_here", lambda package: True)
    assert extras.without_keras() == ""


def test_a_mere_folder_is_no_package(tmp_path):
    (tmp_path / "tensorflow").mkdir()
    code = "from course import extras; print(extras.is_here('tensorflow'))"
    path = f"{tmp_path}:{ROOT}"
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(command, env={"PYTHONPATH": path}, capture_output=True, timeout=60)
    assert done.stdout == b"False\n", done.stderr
