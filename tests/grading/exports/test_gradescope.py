"""The autograder for Gradescope: its zip is unpacked and run as Gradescope does."""

import json
import os
import sys
import zipfile

import pytest

from course.grading.exports import gradescope, gradescope_run
from tests import waiting
from tests.grading.sheet import NAME, STEP, submission, write

WRONG = "def ball_step(w, v, gradient, learning_rate, momentum):\n    return w, v"


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    """The folder that Gradescope calls /autograder, with the zip unpacked in source/."""
    folder = tmp_path_factory.mktemp("autograder")
    gradescope.write(folder / "autograder.zip", NAME)
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        archive.extractall(folder / "source")
    return folder


def run(autograder, tmp_path, files):
    """Run run_autograder on these files; returns what stands in results.json."""
    for name, notebook in files.items():
        write(tmp_path / "submission" / name, notebook)
    (tmp_path / "submission").mkdir(exist_ok=True)
    (tmp_path / "source").symlink_to(autograder / "source")
    run_it = tmp_path / "run_autograder"  # where Gradescope copies it
    run_it.write_text((autograder / "source/run_autograder").read_text())
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env = clean | {"AUTOGRADER": str(tmp_path), "PYTHON": sys.executable}
    done = waiting.run(["bash", str(run_it)], cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads((tmp_path / "results/results.json").read_text())


def test_a_submission_is_marked_and_the_result_says_what_held_it(autograder, tmp_path):
    result = run(autograder, tmp_path, {"my sheet.ipynb": submission({STEP: WRONG})})
    assert result["score"] == 4
    assert "Answers ran confined by: Landlock" in result["output"]
    assert result["extra_data"]["confinement"] in result["output"]
    step, terminal, *_ = result["tests"]
    assert (step["number"], step["score"], step["max_score"], step["status"]) == (
        *("04.step", 0, 3),
        "failed",
    )
    assert "expected" in step["output"] and terminal["status"] == "passed"
    assert {"name", "output_format"} <= step.keys()


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "There is no notebook."),
        (("a.ipynb", "b.ipynb"), "There are several notebooks: a.ipynb, b.ipynb."),
    ],
)
def test_what_cannot_be_marked_gets_no_score_and_a_sentence(tmp_path, names, words):
    for name in names:
        write(tmp_path / "submission" / name, submission())
    (tmp_path / "submission").mkdir(exist_ok=True)
    gradescope_run.main(tmp_path / "submission", tmp_path / "results.json", NAME, "landlock")
    result = json.loads((tmp_path / "results.json").read_text())
    assert "score" not in result and result["tests"] == []
    assert result["output"].startswith(f"It could not be marked: {words}")


@pytest.mark.long
def test_an_unreadable_notebook_gets_none_of_the_points_and_the_reason(autograder, tmp_path):
    result = run(autograder, tmp_path, {"x.ipynb": "{"})
    assert result["score"] == 0 and "its text is not valid JSON" in result["output"]


def test_the_zip_is_as_gradescope_wants_it_and_the_same_each_time(autograder, tmp_path):
    with zipfile.ZipFile(autograder / "autograder.zip") as archive:
        names = {info.filename: info for info in archive.infolist()}
    for script in ("setup.sh", "run_autograder"):
        assert names[script].external_attr >> 16 == 0o100755
    assert f"course/_material/solutions/{NAME}.ipynb" in names
    assert not any("test" in name or "__pycache__" in name for name in names if "/" not in name)
    gradescope.write(tmp_path / "again.zip", NAME)
    assert (tmp_path / "again.zip").read_bytes() == (autograder / "autograder.zip").read_bytes()


def test_the_scripts_are_such_that_bash_reads_them(autograder):
    for script in ("setup.sh", "run_autograder"):
        done = waiting.run(["bash", "-n", str(autograder / "source" / script)])
        assert (done.returncode, done.stderr) == (0, "")


def test_what_makes_no_sense_is_refused(tmp_path):
    with pytest.raises(ValueError, match="confinement must be one of none, landlock, namespaces"):
        gradescope.write(tmp_path / "a.zip", NAME, "walls")
    (tmp_path / "a.zip").write_text("mine")
    with pytest.raises(ValueError, match="is there already"):
        gradescope.write(tmp_path / "a.zip", NAME)
