"""`course bench` runs and says what it measured; how fast is never asserted."""

import base64
import json
import re
import shutil
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from course.bench import first_figure, floor, step
from tests import waiting

#: The smallest picture.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def bench(*options):
    command = [sys.executable, "-m", "course", "bench", "step", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_a_table_has_a_time_of_both_and_a_ratio_for_each_argument_and_fits_80_columns(tmp_path):
    file = tmp_path / "bench.json"
    options = ["--workloads", "c", "--mode", "eager", "--mode", "graph", "--rounds", "1"]
    picture = tmp_path / "bench.png"
    done = bench(*options, "--json", str(file), "--plot", str(picture))
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    for name in step.ARGUMENTS:
        rows = [line for line in done.stdout.splitlines() if line.startswith(f"| {name} ")]
        assert len(rows) == 2
        for row in rows:
            assert re.search(r"( +[\d.]+ \|){3}$", row.rstrip()), row
    told = json.loads(file.read_text())
    assert len(told["seconds"]) == 2 * len(step.ARGUMENTS)
    assert all(each["keras"] > 0 and each["ours"] > 0 for each in told["seconds"])
    assert all(
        low <= each["faster"] <= high for each in told["seconds"] for low, high in [each["spread"]]
    )
    assert {"cores", "python", "keras", "tensorflow"} <= told["machine"].keys()
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_an_unknown_workload_is_refused_in_a_sentence():
    done = bench("--workloads", "cz")
    assert done.returncode == 2
    assert done.stderr == "There is no workload 'z'; choose from abcd.\n"


def test_the_workloads_are_those_of_their_names():
    sizes = {
        key: [int(np.prod(s)) for s in shapes()] for key, (_, shapes) in step.WORKLOADS.items()
    }
    assert {key: len(each) for key, each in sizes.items()} == {"a": 1, "b": 161, "c": 6, "d": 1000}
    assert sum(sizes["b"]) == 25_557_032  # ResNet-50 as everyone counts it
    assert abs(sum(sizes["c"]) - 100_000) < 2_000


@pytest.mark.skipif(not shutil.which("cc"), reason="the floor needs a C compiler")
@pytest.mark.parametrize("name", step.ARGUMENTS)
def test_the_floor_does_the_arithmetic_of_the_step(name):
    from course import sgd

    run = floor.floor_of(floor.loops(), [(1000,)])[name]
    weights, gradients = [np.full(1000, 0.5, "float32")], [np.full(1000, 0.5, "float32")]
    half = [np.full(1000, 0.5, "float32")]
    state = sgd.State(half, half, half)
    for calls in range(1, 5):
        run()
        arguments = {"learning_rate": 0.01, **step.ARGUMENTS[name], "ema_momentum": 0.99}
        weights, state = sgd.step(
            weights, gradients, state._replace(calls=max(calls - 1, state.calls)), **arguments
        )
    np.testing.assert_allclose(run.arrays[0][0], weights[0], rtol=1e-5)


# ---- grading --------------------------------------------------------------------------


def test_submissions_are_right_untouched_or_lack_one_answer_and_no_two_are_alike():
    from course.bench import grading
    from tests.grading.sheet import NAME, RIGHT

    found = list(grading.submissions(NAME, 14))
    assert len({json.dumps(each) for each in found}) == 14
    plain = [{n: s.rpartition("\n#")[0] for n, s in each.items()} for each in found]
    differ = [[n for n in RIGHT if each[n] != RIGHT[n]] for each in plain]
    turn = [[], list(RIGHT), *([name] for name in RIGHT)]
    assert differ == turn + turn


@pytest.mark.long
def test_grading_is_timed_beside_the_others():
    command = ["-m", "course", "bench", "grading", "04", "--submissions", "3", "--sample", "2"]
    done = waiting.run([sys.executable, *command])
    assert done.returncode == 0, done.stderr
    for row in ("ours, landlock, median", "pytest --nbval", "nbgrader autograde", "saved"):
        assert re.search(rf"^\| {row}.*\| +[\d.]+.*\|$", done.stdout, flags=re.M), row


@pytest.mark.long
def test_an_installation_is_weighed_and_timed_to_its_first_figure():
    done = waiting.run([sys.executable, "-m", "course", "bench", "install", "light"], seconds=1800)
    assert done.returncode == 0, done.stderr
    for row in ("wheels, MB", "on disk, MB", "installing them, s", "chapter 01 to its first"):
        assert re.search(rf"^\| {row}.*\| +[\d.]+ +\|$", done.stdout, flags=re.M), done.stdout


def test_a_notebook_is_timed_until_its_first_figure(tmp_path):
    path = tmp_path / "x.ipynb"
    cells = ["1", "from IPython.display import Image", "Image(PIXEL)", "raise KeyError"]
    pixel = f"PIXEL = {PIXEL!r}"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in [pixel, *cells]])
    nbformat.write(made, path)
    assert first_figure.seconds(path) > 0
    nbformat.write(nbformat.v4.new_notebook(), path)
    with pytest.raises(ValueError, match="shows no figure"):
        first_figure.seconds(path)


def test_a_kind_of_installation_that_is_none_is_refused():
    command = [sys.executable, "-m", "course", "bench", "install", "heavy"]
    done = waiting.run(command)
    assert done.returncode == 2
    assert done.stderr == "There is no kind 'heavy'; choose from light, full.\n"
