"""A folder of wheels from which the course installs where there is no network."""

import hashlib
import os
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.__main__ import app
from course.publish import wheelhouse
from course.publish.own_wheel import pack
from course.publish.systems import Target, target
from course.publish.wheelhouse import make, readme
from tests import light, offline, waiting

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


# ---- whom it is for -------------------------------------------------------------------


def test_it_is_for_this_python_and_this_system_unless_others_are_named():
    assert target().python == HERE
    assert target("3.13", "windows", True) == ("3.13", "windows", True)


@pytest.mark.parametrize("python", ["3.10", "2.7", "3", "three", "3.12.1"])
def test_a_python_that_is_none_of_the_courses_is_refused(python):
    with pytest.raises(ValueError, match=f"such as 3.12, and 3.11 or newer; got {python}"):
        target(python)


def test_a_system_that_is_none_is_refused_with_those_that_are():
    with pytest.raises(ValueError, match="one of linux, .*windows; got amiga"):
        target("3.12", "amiga")


# ---- which folder ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notes.txt", "mine.whl", "README.txt"])
def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(ValueError, match="holds other files; name a folder that is new or empty"):
        make(tmp_path, target())
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_refused(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(ValueError, match="is a file"):
        make(tmp_path / "x", target())


# ---- whole or not ---------------------------------------------------------------------


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def loads(monkeypatch):
    """Three wheels that load at once, in place of pip's; gives the names of those loaded so far."""
    done, wheels = [], ["a", "b", "c"]

    def load(asked, unfinished, aim):
        for text in asked:
            name = text[0]
            (unfinished / f"{name}.whl").write_text(name)
            done.append(name)
        return [f"{text[0]}.whl" for text in asked]

    def own(unfinished):
        path = unfinished / "own.whl"
        path.write_text("own")
        return path

    asked = [f"{name}==1 --hash=sha256:{digest(name)}" for name in wheels]
    monkeypatch.setattr(wheelhouse, "AT_ONCE", 1)
    monkeypatch.setattr(wheelhouse, "own_wheel", own)
    monkeypatch.setattr(wheelhouse, "_resolve", lambda *_: asked)
    monkeypatch.setattr(wheelhouse, "_load", load)
    return done


AIM = Target("3.12", "linux")


def files(folder):
    return sorted(path.name for path in folder.iterdir())


WHOLE = ["README.txt", "SHA256SUMS", "a.whl", "b.whl", "c.whl", "own.whl"]


def stopped(folder, loads, monkeypatch, aim=AIM):
    """Make a wheelhouse that fails at its second wheel."""
    good = wheelhouse._load

    def failing(asked, unfinished, aim):
        if asked[0][0] == "b":
            raise ValueError("the network failed")
        return good(asked, unfinished, aim)

    with monkeypatch.context() as patched:
        patched.setattr(wheelhouse, "_load", failing)
        with pytest.raises(ValueError, match="the network failed"):
            make(folder, aim)


def test_what_was_loaded_before_it_failed_is_not_loaded_again(tmp_path, loads, monkeypatch):
    stopped(tmp_path, loads, monkeypatch)
    assert files(tmp_path) == ["unfinished"]
    make(tmp_path, AIM)
    assert loads == ["a", "b", "c"]
    assert files(tmp_path) == WHOLE


def test_half_a_wheel_is_loaded_again(tmp_path, loads, monkeypatch):
    stopped(tmp_path, loads, monkeypatch)
    (tmp_path / "unfinished/a.whl").write_text("hal")
    make(tmp_path, AIM)
    assert loads == ["a", "a", "b", "c"]
    assert (tmp_path / "a.whl").read_text() == "a"


def test_what_was_loaded_for_another_python_is_dropped(tmp_path, loads, monkeypatch):
    stopped(tmp_path, loads, monkeypatch)
    (tmp_path / "unfinished/numpy-of-3.12.whl").touch()
    make(tmp_path, Target("3.13", "linux"))
    assert files(tmp_path) == WHOLE


def test_a_whole_one_that_fails_to_be_renewed_no_longer_looks_whole(tmp_path, loads, monkeypatch):
    make(tmp_path, AIM)
    (tmp_path / "old.whl").touch()
    stopped(tmp_path, loads, monkeypatch)
    assert "README.txt" not in files(tmp_path)
    make(tmp_path, AIM)
    assert files(tmp_path) == WHOLE


def test_the_list_of_digests_has_each_wheel(tmp_path, loads):
    make(tmp_path, AIM)
    listed = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert listed == [f"{digest(name)}  {name}.whl" for name in ("a", "b", "c", "own")]


@pytest.mark.parametrize(
    ("said", "error", "told"),
    [
        ("OSError: [Errno 28] No space left on device: '/tmp/a'", OSError, "No space left"),
        ("Connection broken", ValueError, "^Not all wheels have come. Type the same again: "),
    ],
)
def test_a_full_disk_or_network_that_fails_is_not_taken_for_a_missing_wheel(
    tmp_path, monkeypatch, said, error, told
):
    failed = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(error, match=told):
        wheelhouse._load(["a==1 --hash=sha256:0"], tmp_path, AIM)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("error: No solution found", "^Not all wheels can be had .* add --light. uv says:\n"),
        ("error: Failed to fetch", "^Which wheels are needed could not be asked for. Type"),
    ],
)
def test_only_where_uv_finds_no_solution_a_wheel_is_missing(tmp_path, monkeypatch, said, told):
    failed = subprocess.CompletedProcess([], 2, "", said)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(ValueError, match=told):
        wheelhouse._resolve(tmp_path / "sgd_course-1-py3-none-any.whl", AIM, tmp_path)


def test_what_is_refused_is_refused_before_anything_is_promised(tmp_path):
    (tmp_path / "plan.txt").touch()
    result = CliRunner().invoke(app, ["wheelhouse", str(tmp_path)])
    assert result.exit_code == 2 and "Loading" not in result.output
    assert "holds other files" in result.output


# ---- README.txt -----------------------------------------------------------------------


def test_the_readme_has_the_two_lines_of_its_system():
    text = readme(Target("3.12", "linux"), 138, 718.2)
    assert "for Python 3.12 on Linux (x86_64): 138 wheels, 718 MB." in text
    assert "   python3.12 -m venv ~/sgd-course\n" in text
    install = '-m pip install --no-index --find-links . "sgd-course[keras]"\n'
    assert f"   ~/sgd-course/bin/python {install}" in text
    windows = readme(Target("3.13", "windows", light=True), 120, 104)
    assert "chapters 00 to 10" in windows and "PowerShell" in windows
    assert "   py -3.13 -m venv $HOME\\sgd-course\n" in windows
    light_ = "python -m pip install --no-index --find-links . sgd-course\n"
    assert f"   & $HOME\\sgd-course\\Scripts\\{light_}" in windows
    assert "/bin" not in windows


# ---- the course's own wheel -----------------------------------------------------------


def test_a_wheel_made_of_installed_files_installs_the_same_files(tmp_path):
    installed = distribution("mdurl")
    wheel = pack(installed, tmp_path)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    waiting.run([*pip, "--target", str(tmp_path / "again"), str(wheel)], check=True)
    again = Distribution.at(next((tmp_path / "again").glob("*.dist-info")))
    for name in ("mdurl/__init__.py", "mdurl/_parse.py"):
        (before,) = [file for file in installed.files if file.as_posix() == name]
        assert (tmp_path / "again" / name).read_bytes() == before.read_binary()
    assert again.version == installed.version


# ---- for real -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """A light wheelhouse for this Python and system, loaded from wherever pip and uv load."""
    folder = tmp_path_factory.mktemp("wheelhouse") / "wheels"
    command = [sys.executable, "-m", "course", "wheelhouse", str(folder), "--light"]
    done = waiting.run(command, seconds=1800)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def user(wheels, tmp_path_factory):
    """Install as README.txt says, without a network and with an empty home; runs commands so."""
    home = tmp_path_factory.mktemp("home")
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    if offline.prefix() is None:  # then at least nothing leads to one
        dead = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy")}
        environment |= dead | {"PIP_CONFIG_FILE": os.devnull}

    def run(*command, cwd=home):
        command = [*(offline.prefix() or ()), *map(str, command)]
        return waiting.run(command, cwd=cwd, env=environment, seconds=1800)

    venv.EnvBuilder(with_pip=True).create(home / "sgd-course")
    run.python = home / "sgd-course/bin" / Path(sys.executable).name
    (line,) = [
        line for line in (wheels / "README.txt").read_text().splitlines() if "-m pip" in line
    ]
    options = line.split("-m pip ")[1].split()
    run.installed = run(run.python, "-m", "pip", *options, cwd=wheels)
    return run


@pytest.mark.long
def test_every_file_of_it_is_listed_with_its_digest(wheels):
    listed = dict(line.split()[::-1] for line in (wheels / "SHA256SUMS").read_text().splitlines())
    found = {path.name: path.read_bytes() for path in wheels.glob("*.whl")}
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    assert not [name for name in listed if name.startswith(("keras-", "tensorflow-"))]


@pytest.mark.long
def test_from_it_the_course_installs_without_a_network_and_chapter_01_runs(user):
    assert user.installed.returncode == 0, user.installed.stderr
    assert user(user.python, "-m", "course", "start", "my-course").returncode == 0
    jupyter = user.python.with_name("jupyter")
    done = user(jupyter, "execute", "my-course/notebooks/01_gradient_descent.ipynb")
    assert done.returncode == 0, done.stderr
    reach = "import urllib.request; urllib.request.urlopen('https://pypi.org', timeout=5)"
    assert "URLError" in user(user.python, "-c", reach).stderr


@pytest.mark.long
def test_the_wheel_made_of_what_it_installed_is_the_one_that_it_holds(user, wheels, tmp_path):
    (info,) = user.python.parents[1].glob("lib/python*/site-packages/sgd_course-*.dist-info")
    again = zipfile.ZipFile(pack(Distribution.at(info), tmp_path))
    first = zipfile.ZipFile(next(wheels.glob("sgd_course-*.whl")))
    assert sorted(again.namelist()) == sorted(first.namelist())
    other = [name for name in again.namelist() if again.read(name) != first.read(name)]
    assert [name.rpartition("/")[2] for name in other] in ([], ["RECORD"])  # its order is free


@pytest.mark.long
def test_a_system_without_tensorflow_is_told_how_to_go_without(tmp_path):
    command = ["wheelhouse", str(tmp_path / "mac"), "--platform", "macos-intel"]
    done = waiting.run([sys.executable, "-m", "course", *command], cwd=light.ROOT)
    assert done.returncode == 2 and "add --light." in done.stderr, done.stderr
    assert files(tmp_path / "mac") == ["unfinished"]
