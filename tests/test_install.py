"""`make lab`'s installation: what pip says of TensorFlow decides, and nothing is guessed."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from packaging.tags import platform_tags

from course.learner import install
from tests import light, waiting

PIN = re.search(r"^tensorflow==(\S+)", (light.ROOT / "constraints.txt").read_text(), re.M)[1]
#: The tag of a wheel for this system, of the kind that TensorFlow's has.
HERE = next(platform_tags())
ALL, CORE = ".[keras] pinned", ". pinned"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that is all that pip knows; gives a function that puts wheels' names there."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.chdir(light.ROOT)

    def offer(*wheels, version=PIN):
        for python, platform in wheels:
            (folder / f"tensorflow-{version}-{python}-{python}-{platform}.whl").touch()

    return offer


def test_where_there_is_a_wheel_none_is_missing(index):
    index(("cp312", HERE))
    assert install.no_wheel(12) is None


def test_a_python_that_is_too_new_is_told_with_the_newest_that_is_not(index):
    index(("cp311", HERE), ("cp312", HERE))
    missing = install.no_wheel(14)
    assert missing == (f"TensorFlow {PIN}", "3.12")
    words = install._in_words(missing)
    assert words.startswith(f"Chapters 11 to 14 and exercise 11 wait, as TensorFlow {PIN} has no ")
    assert words.endswith("install Python 3.12, then type: make clean; make lab PYTHON=python3.12.")
    assert words.count(". ") == 0, "one sentence"


def test_a_system_without_wheels_is_told_as_such(index, monkeypatch):
    monkeypatch.setattr(install, "ELSEWHERE", ("--platform", "win_amd64"))
    index(("cp311", "win_amd64"))
    missing = install.no_wheel(11)
    assert missing == (f"TensorFlow {PIN}", "")
    assert "another computer" in install._in_words(missing)


def test_a_wheel_of_another_version_is_none(index):
    index(("cp312", HERE), version="2.16.2")
    index(("cp311", HERE))
    assert install.no_wheel(12) == (f"TensorFlow {PIN}", "3.11")


def test_an_index_that_says_nothing_of_tensorflow_is_not_taken_for_a_missing_wheel(index):
    assert install.no_wheel(11) is None


def test_a_network_that_fails_is_not_taken_for_a_missing_wheel(index, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert install.no_wheel(12) is None


@pytest.fixture
def pip(monkeypatch):
    """What is installed and what each call of pip returns, in place of an installation."""
    installed = []

    def install_(*arguments):
        installed.append(arguments[-1] + (" pinned" if "constraints.txt" in arguments else ""))
        code = pip_says.pop(0)
        return subprocess.CompletedProcess(arguments, code, "", "ERROR: pip's own words\n")

    pip_says = []
    monkeypatch.setattr(install, "pip", install_)
    return installed, pip_says


@pytest.mark.parametrize(
    ("says", "missing", "code", "asked"),
    [
        ([0], None, 0, [ALL]),
        ([1, 0], install.NoWheel("TensorFlow 9", "3.12"), 0, [ALL, CORE]),
        ([1], None, 1, [ALL]),
        ([1, 1], install.NoWheel("TensorFlow 9", "3.12"), 1, [ALL, CORE]),
    ],
    ids=["all", "the core", "the network failed", "nor the core"],
)
def test_the_core_is_installed_only_where_a_wheel_is_missing(
    pip, monkeypatch, capsys, says, missing, code, asked
):
    installed, pip_says = pip
    pip_says += says
    monkeypatch.setattr(install, "no_wheel", lambda: missing)
    monkeypatch.setattr(install, "_has", lambda *_: False)
    assert install.install() == code
    assert installed == asked
    out, err = capsys.readouterr()
    assert ("TensorFlow 9 has no wheel" in out) == (missing is not None and code == 0)
    assert ("pip's own words" in err) == ("install from a wheelhouse" in err) == bool(code)


@pytest.mark.parametrize(("says", "light"), [([1, 0], False), ([1, 1, 0], True)])
def test_where_another_tensorflow_has_a_wheel_it_is_taken_unpinned_or_else_the_core(
    pip, monkeypatch, capsys, says, light
):
    installed, pip_says = pip
    pip_says += says
    missing = install.NoWheel("TensorFlow 9", "3.12")
    monkeypatch.setattr(install, "no_wheel", lambda: missing)
    monkeypatch.setattr(install, "_has", lambda version, *_: version is None)
    assert install.install() == 0
    assert installed == [ALL, ".[keras]", *([CORE] if light else [])]
    out = capsys.readouterr().out
    assert "TensorFlow 9 has no wheel for Python" in out
    assert ("the newest versions are installed" in out) != ("Chapters 11 to 14" in out) == light


def test_light_asks_for_the_core_alone(pip):
    installed, pip_says = pip
    pip_says.append(0)
    assert install.install(light=True) == 0
    assert installed == [CORE]


def test_it_needs_nothing_but_python():
    code = "import sys; import course.learner.install; print('numpy' in sys.modules)"
    command = [sys.executable, "-S", "-c", code]
    done = waiting.run(command, cwd=light.ROOT, seconds=60)
    assert done.stdout == "False\n"


# ---- which installation make asks for -------------------------------------------------


@pytest.fixture
def made(tmp_path):
    """What `make ARGUMENTS` would do after the stamps of what is installed were set."""
    (tmp_path / ".venv").mkdir()
    shutil.copy(light.ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "constraints.txt", ".venv/made"):
        (tmp_path / name).touch()

    def would(*arguments, stamps):
        for stamp in stamps:
            (tmp_path / ".venv" / stamp).touch()
        command = ["make", "--dry-run", f"PYTHON={sys.executable}", *arguments]
        done = waiting.run(command, cwd=tmp_path, seconds=30)
        return re.findall(r"learner\.install.*", done.stdout)

    return would


@pytest.mark.parametrize(
    ("arguments", "stamps", "wanted"),
    [
        (["lab"], [], ["learner.install"]),
        (["lab", "LIGHT=1"], [], ["learner.install --light"]),
        (["lab", "LIGHT=0"], [], ["learner.install"]),
        (["lab"], ["light"], ["learner.install"]),
        (["lab", "LIGHT=1"], ["light"], []),
        (["lab", "LIGHT=1"], ["lab", "light"], []),
        (["lab"], ["lab", "light"], []),
    ],
)
def test_after_a_light_installation_make_lab_still_brings_keras(made, arguments, stamps, wanted):
    assert made(*arguments, stamps=stamps) == wanted


def test_an_installation_that_is_stopped_says_how_it_goes_on():
    code = (
        "import runpy, subprocess\n"
        "def stop(*_, **__): raise KeyboardInterrupt\n"
        "subprocess.run = stop\n"
        "runpy.run_module('course.learner.install', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr == "Stopped. What is loaded is kept; type the same again to go on.\n"
