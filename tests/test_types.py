"""The public surface has types: the stubs say what the code does, and an editor reads them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[1] / "course"
SETTINGS = Path(__file__).parent / "mypy.ini"

USER = """
import numpy as np

import course
from course import sgd
from course.checks import check
from course.descent import walk
from course.explorers import Race, Valley
from course.optimizer import with_rule
from course.surfaces import bowl

w, v = sgd.heavy_ball(np.ones(2), np.zeros(2), np.ones(2), 0.1, 0.9)
length: float = float(np.linalg.norm(w))
x, u = sgd.heavy_ball(1.0, 0.0, 1.0, 0.1, 0.9)
half: float = x / 2
variables, state = sgd.step([w], [None], sgd.initial_state([w]), momentum=0.9)
calls: int = state.calls
course.SGD(0.1, momentum=0.9, nesterov=True).get_config()["momentum"]
with_rule(sgd.heavy_ball, momentum=0.9).finalize_variable_values([])
Valley(0.3, momentum=0.9)
Race(bowl(50), [{"momentum": 0.9}])
walk(bowl(), 10, [0.1, 0.2]).points
check("04.step")
"""


def mypy(module, *arguments, **environment):
    """Run a module of mypy's; returns the process with its words."""
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_stubs_say_what_the_code_does(tmp_path):
    for stub in COURSE.rglob("*.pyi"):
        copy = tmp_path / "course" / stub.relative_to(COURSE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(stub, copy)
    given = ("course", "--ignore-missing-stub", "--concise", "--mypy-config-file", SETTINGS)
    done = mypy("mypy.stubtest", *given, MYPYPATH=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    """What mypy, at its strictest, says of a user's lines."""
    folder = tmp_path_factory.mktemp("user")

    def of(text):
        (folder / "user.py").write_text(text)
        given = ("--config-file", SETTINGS, "--strict", "--cache-dir", folder / "cache")
        return mypy("mypy", *given, folder / "user.py").stdout

    return of


def test_an_editor_reads_the_types_of_what_a_user_calls(complaints):
    assert complaints(USER) == "Success: no issues found in 1 source file\n"


@pytest.mark.long  # one run of mypy each; the test above holds that these are read
@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("course.SGD(nestrov=True)", 'did you mean "nesterov"?'),
        ("Valley(momentun=0.9)", 'did you mean "momentum"?'),
        ("sgd.heavy_ball(1.0, 0.0, 1.0, 0.1)", 'Missing positional argument "momentum"'),
        ("sgd.step([w], [w])", 'Missing positional argument "state"'),
    ],
)
def test_a_slip_is_named_before_it_runs(complaints, line, complaint):
    assert complaint in complaints(f"{USER}{line}\n")
