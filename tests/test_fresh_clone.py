"""From a fresh clone: the Makefile's choice of Python, `make lab`, and the wheel."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.learner.workspace import FOLDERS
from tests import waiting

ROOT = Path(__file__).parent.parent
PYTHON = getattr(sys, "_base_executable", sys.executable)  # not that of a virtual environment
SHEET = "exercises/04_momentum_as_friction.ipynb"

needs_make = pytest.mark.skipif(
    os.name != "posix" or not shutil.which("make"), reason="make is not here"
)


# ---- which Python ---------------------------------------------------------------------


@pytest.fixture
def bare(tmp_path):
    """A folder with the Makefile alone, and a folder for Pythons that comes first on the PATH."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "constraints.txt").touch()
    (tmp_path / "bin").mkdir()
    return tmp_path


def fake_python(folder, name, *claimed):
    """A Python that runs what it is told, and claims to be another version."""
    code = f"import sys; sys.version_info = {claimed!r}; exec(sys.argv[1])"
    path = folder / "bin" / name
    path.write_text(f"#!/bin/sh\nexec '{PYTHON}' -c '{code}' \"$2\"\n")
    path.chmod(0o755)
    return path


def make(folder, *arguments):
    """Run make there; returns the process."""
    path = f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
    environment = {"PATH": path, "HOME": str(folder)}
    return waiting.run(["make", *arguments], cwd=folder, env=environment)


NAMES = ("python3", "python3.13", "python3.12", "python3.11", "python3.14", "python")


@needs_make
@pytest.mark.parametrize("target", ["lab", "test"])
def test_without_a_python_that_fits_make_says_which_do_and_makes_nothing(bare, target):
    for name in NAMES:
        fake_python(bare, name, 3, 10, 14)
    done = make(bare, target)
    assert done.returncode == 2
    assert done.stderr.startswith("This course needs Python 3.11 or newer, and found none.")
    assert not (bare / ".venv").exists()


@needs_make
@pytest.mark.parametrize("claimed", [(2, 7, 18), (3, 8, 0), (3, 10, 14)])
def test_a_python_that_was_asked_for_and_does_not_fit_is_refused_by_its_name(bare, claimed):
    asked = fake_python(bare, "mine", *claimed)
    done = make(bare, "lab", f"PYTHON={asked}")
    assert done.returncode == 2
    assert f"This course needs Python 3.11 or newer; {asked} is not one." in done.stderr
    assert not (bare / ".venv").exists()


@needs_make
def test_no_python_is_too_new(bare):
    for name in NAMES:
        fake_python(bare, name, 3, 10, 14)
    fake_python(bare, "python3.14", 3, 14, 0)
    assert '"python3.14" -m venv' in make(bare, "--dry-run", "lab").stdout


@needs_make
def test_a_python_that_does_not_exist_is_refused_by_its_name(bare):
    done = make(bare, "lab", "PYTHON=/no/such/python")
    assert done.returncode == 2
    assert "/no/such/python is not one." in done.stderr
    assert not (bare / ".venv").exists()


SHIM = (
    "pyenv: {0}: command not found\n\nThe `{0}' command exists in these Python versions:\n  3.12.1"
)


def shim(folder, name):
    """A command that is not installed, and says where it is, as pyenv's do."""
    path = folder / "bin" / name
    path.write_text(f'#!/bin/sh\ncat >&2 <<"END"\n{SHIM.format(name)}\nEND\nexit 127\n')
    path.chmod(0o755)
    return path


@needs_make
def test_what_a_python_that_was_asked_for_says_itself_is_passed_on(bare):
    asked = shim(bare, "python3.12")
    done = make(bare, "lab", f"PYTHON={asked}")
    assert done.returncode == 2
    assert f"{asked} is not one. Choose another with PYTHON=/its/path.\n" in done.stderr
    assert f"{asked} says: {SHIM.format('python3.12')}" in done.stderr


@needs_make
def test_where_none_fits_each_that_says_why_is_heard(bare):
    for name in NAMES:
        shim(bare, name) if name == "python3.13" else fake_python(bare, name, 3, 10, 14)
    done = make(bare, "lab")
    assert done.returncode == 2
    assert "and found none." in done.stderr
    assert f"python3.13 says: {SHIM.format('python3.13')}" in done.stderr
    assert done.stderr.count(" says: ") == 1


@needs_make
def test_a_shim_that_leads_nowhere_is_passed_over_in_silence(bare):
    for name in NAMES:
        shim(bare, name) if name == "python3" else fake_python(bare, name, 3, 12, 1)
    done = make(bare, "--dry-run", "lab")
    assert '"python3.13" -m venv' in done.stdout
    assert "pyenv" not in done.stderr


@needs_make
def test_an_old_python3_is_passed_over_for_a_newer_one(bare):
    for name in NAMES:
        fake_python(bare, name, 3, 10, 14)
    fake_python(bare, "python3.12", 3, 12, 1)
    assert '"python3.12" -m venv' in make(bare, "--dry-run", "lab").stdout


# ---- make lab -------------------------------------------------------------------------


def empty_home(folder):
    """The environment of a new user: a home with nothing in it, and this machine's pip."""
    (folder / "home").mkdir(exist_ok=True)
    path = os.pathsep.join((str(Path(PYTHON).parent), "/usr/local/bin", "/usr/bin", "/bin"))
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return {"HOME": str(folder / "home"), "PATH": path, **pip}


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@contextmanager
def make_lab(clone):
    """A real `make lab`, ended as by Ctrl-C; gives its address and what it printed so far."""
    process = subprocess.Popen(
        ["make", "lab", f"PORT={free_port()}"],
        cwd=clone,
        env={**empty_home(clone.parent), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = waiting.Said(process)
    try:  # it may have to install everything first
        address = said.until(r"http://\S+/lab/tree/notebooks/00_start_here.ipynb\?\S+(?=\s)", 1800)
        yield address[0], said.so_far
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()


@needs_make
@pytest.mark.long
def test_make_lab_in_a_fresh_clone_opens_the_first_chapter_and_never_overwrites(tmp_path):
    clone = tmp_path / "clone"
    done = waiting.run(["git", "clone", "--quiet", str(ROOT), str(clone)])
    if done.returncode:
        pytest.skip("this is no clone, so there is nothing to clone")
    with (
        make_lab(clone) as (address, said),
        urllib.request.urlopen(address, timeout=60) as page,
    ):
        assert page.status == 200
        assert "Installing the course" in said
    learners = clone / "my-course" / SHEET
    notebook = json.loads(learners.read_text("utf-8"))
    notebook["cells"][-1]["source"] = "mine = 1"
    learners.write_text(json.dumps(notebook))
    before = {path: path.read_bytes() for path in (clone / "my-course").rglob("*.ipynb")}

    with make_lab(clone) as (_, said):
        assert "Installing the course" not in said
        assert f"kept as you changed it: {SHEET}" in said
    assert {path: path.read_bytes() for path in before} == before
    status = ["git", "status", "--porcelain"]
    assert waiting.run(status, cwd=clone).stdout == b""


# ---- pip install ----------------------------------------------------------------------


@pytest.mark.long
def test_the_wheel_carries_the_notebooks_without_their_sources_and_starts_a_copy(tmp_path):
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    waiting.run([*pip, "wheel", "--no-deps", "-w", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    ours = [path for folder in FOLDERS for path in (ROOT / folder).glob("*.ipynb")]
    wanted = {f"{path.parent.name}/{path.name}" for path in ours}
    material = {name for name in carried if name.startswith("course/_material/")}
    assert material == {f"course/_material/{name}" for name in {*wanted, "constraints.txt"}}

    installed = tmp_path / "installed"
    waiting.run([*pip, "install", "--no-deps", "-t", installed, wheel], check=True)
    code = "import course; from course.__main__ import app; print(course.__file__); app(['start'])"
    done = waiting.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
    )
    assert done.stdout.startswith(f"{installed / 'course'}"), done.stdout + done.stderr
    copy = tmp_path / "my-course"
    assert {path.relative_to(copy).as_posix() for path in copy.glob("*/*.ipynb")} == wanted
