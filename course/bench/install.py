"""What an installation weighs, and how long it takes from nothing to the first figure.

Light (the core) and full (with Keras) are each loaded as a wheelhouse, installed from it into an
empty environment, and opened there by a user whose home is empty.
"""

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import NamedTuple

from course import paths
from course.publish import systems, wheelhouse

KINDS = ("light", "full")


class Measured(NamedTuple):
    """MB and seconds of one kind.

    loaded, load:     MB that the wheels have, and the seconds of loading them.
    install, on_disk: seconds of installing them, and MB that the environment has then.
    first, again:     chapter 01, from the kernel's start to its first figure, at first and later.
    keras:            chapter 11 to its first figure, at first; None where it cannot run.
    """

    loaded: float
    load: float
    install: float
    on_disk: float
    first: float
    again: float
    keras: float | None


def measure(kind):
    """Install one of KINDS into a temporary folder; returns `Measured`.

    Errors: ValueError where a wheel cannot be had; RuntimeError where something else fails.
    """
    with tempfile.TemporaryDirectory(prefix="course-bench-") as name:
        folder = Path(name)
        begin = time.perf_counter()
        aim = systems.target(light=kind == "light")
        loaded = wheelhouse.make(folder / "wheels", aim)
        load = time.perf_counter() - begin
        python, install = _install(folder, aim)
        home = folder / "home"
        _run(home, python, "-m", "course", "start", str(home / "my-course"))

        def figure(number):
            chapter = home / "my-course" / "notebooks" / paths.chapter(number)
            return float(_run(home, python, "-m", "course.bench.first_figure", str(chapter)))

        weight = _weight(folder / "venv")
        keras = None if aim.light else figure("11")
        return Measured(loaded, load, install, weight, figure("01"), figure("01"), keras)


def _install(folder, aim):
    """Install from the wheelhouse; returns the environment's Python, and the seconds."""
    begin = time.perf_counter()
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(folder / "venv")
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    (folder / "home").mkdir()
    command = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    wanted = aim.course.strip('"')
    _run(folder / "home", python, *command, "--find-links", folder / "wheels", wanted)
    return python, time.perf_counter() - begin


def _run(home, *command):
    """What a command prints, run by a user whose home this is. Errors: RuntimeError."""
    ours = ("PYTHONPATH", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        [str(each) for each in command],
        cwd=home,
        env=kept | {"HOME": str(home), "USERPROFILE": str(home)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{command[2]} failed: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout


def _weight(folder):
    """MB of all files in a folder, each counted once."""
    files = [path.lstat() for path in folder.rglob("*")]
    return sum({(each.st_dev, each.st_ino): each.st_size for each in files}.values()) / 1e6


def table(kinds=KINDS):
    """Measure; a Rich table whose boxes are Markdown's, with a column for each kind."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.MARKDOWN)
    made.add_column("")
    found = [measure(kind) for kind in kinds]
    for kind in kinds:
        made.add_column(kind, justify="right")
    for name, words in ROWS.items():
        values = [getattr(each, name) for each in found]
        made.add_row(words, *map(_number, values))
    return made


def _number(value):
    """Three digits, none of them after the point from 100 on."""
    return "–" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.3g}"


ROWS = {
    "loaded": "wheels, MB",
    "load": "loading them, s",
    "install": "installing them, s",
    "on_disk": "on disk, MB",
    "first": "chapter 01 to its first figure, s",
    "again": "the same again, s",
    "keras": "chapter 11 to its first figure, s",
}
