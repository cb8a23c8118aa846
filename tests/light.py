"""Environments without Keras and TensorFlow: a real one, and one of links that costs nothing."""

import os
import sys
import tomllib
import venv
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests import waiting

ROOT = Path(__file__).parent.parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def linked(folder):
    """A virtual environment with links to what the core of the course needs, and to no more.

    Returns its Python. Nothing of the extras is in it, nor of what only they need.
    """
    venv.EnvBuilder(symlinks=os.name != "nt").create(folder)
    packages = next(Path(folder).glob("lib/python*/site-packages"), folder / "Lib/site-packages")
    for found in [distribution("sgd-course"), *core()]:
        for name in {file.parts[0] for file in found.files} - {"..", "__pycache__"}:
            link = packages / name
            if not link.exists():
                link.symlink_to(found.locate_file(name))
    return _python(folder)


def installed(folder):
    """A virtual environment that `pip install .` has made, from this folder; its Python."""
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(folder)
    pip = [_python(folder), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    options = ["install", "-c", str(ROOT / "constraints.txt")]
    waiting.run([*pip, *options, str(ROOT)], seconds=1800, check=True)
    return _python(folder)


def core():
    """The distributions that `dependencies` of pyproject.toml brings, as a list."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    found = {}
    for text in asked:
        _need(Requirement(text), ("",), found)
    return list(found.values())


def _need(requirement, extras, found):
    """Add what a requirement brings, unless it is for an extra that nobody asked for."""
    applies = [{"extra": extra} for extra in extras]
    if requirement.marker and not any(map(requirement.marker.evaluate, applies)):
        return
    key = requirement.name, *sorted(requirement.extras)
    if key not in found:
        found[key] = distribution(requirement.name)
        for text in found[key].requires or ():
            _need(Requirement(text), ("", *requirement.extras), found)


def _python(folder):
    return str(Path(folder) / SCRIPTS / Path(sys.executable).name)
