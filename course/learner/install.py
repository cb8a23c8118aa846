"""`make lab`'s installation: the course with Keras, or its core where TensorFlow has no wheel.

Where only the pinned TensorFlow has none, as on a Python that is newer, all is installed unpinned.

    python -m course.learner.install [--light]

It needs nothing but Python and pip, and is run in the clone, by the Python that is installed into.
That there is no wheel is pip's word, never a guess: the index must know of TensorFlow for another
Python or system, so that a network that fails is not taken for a wheel that is missing.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

OLDEST = 11  # the 11 of 3.11, the first Python of the course
#: A system for which TensorFlow has wheels, asked about where there are none for this one.
ELSEWHERE = ("--platform", "manylinux_2_28_x86_64", "--platform", "manylinux_2_27_x86_64")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
UNPINNED = (
    "So the newest versions are installed of all that the course uses; "
    "last digits may differ from those that are stored."
)
FAILED = (
    "The installation did not end; why not, pip says above. Type the same again: what is loaded is "
    "kept.\nWithout a network, install from a wheelhouse: see README.md, A room without a network."
)


class NoWheel(NamedTuple):
    """TensorFlow has no wheel here.

    wanted: what was asked for, such as "TensorFlow 2.21.0".
    python: the newest Python, such as "3.13", for which it has one on this system; "" if none.
    """

    wanted: str
    python: str


def pip(*arguments):
    """Run pip; returns the process, with what it printed."""
    return subprocess.run([*PIP, *arguments], capture_output=True, text=True)


def install(light=False):
    """Install the clone in the working directory, as light as it has to be; returns an exit code.

    light: the core alone, without asking for Keras.
    """
    done, words = _install("." if light else ".[keras]"), ""
    if done.returncode and not light and (missing := no_wheel()):
        done, words = _with_another(missing)
    if done.returncode:
        words = f"{done.stdout}{done.stderr}\n{FAILED}"
    if words:
        print(words, flush=True, file=sys.stderr if done.returncode else sys.stdout)
    return done.returncode


def _with_another(missing):
    """Install with another TensorFlow that has a wheel here, or else the core; (process, words)."""
    if _has(None, "--python-version", f"3.{sys.version_info.minor}"):
        done = _install(".[keras]", pinned=False)
        if not done.returncode:
            return done, f"{_no_wheel_here(missing)}. {UNPINNED}"
    return _install("."), _in_words(missing)


def _install(what, pinned=True):
    return pip("install", "--quiet", *(["-c", "constraints.txt"] if pinned else []), "-e", what)


def no_wheel(minor=sys.version_info.minor):
    """What `NoWheel` says, or None where TensorFlow has a wheel or nothing answers.

    Pythons are asked about from this one, 3.`minor`, downwards, then another system.
    """
    pin = re.search(r"^tensorflow==(\S+)", Path("constraints.txt").read_text(), re.M)
    wanted = pin and pin[1]
    if _has(wanted, "--python-version", f"3.{minor}"):
        return None
    named = f"TensorFlow {wanted}" if wanted else "TensorFlow"
    for older in range(minor - 1, OLDEST - 1, -1):
        if _has(wanted, "--python-version", f"3.{older}"):
            return NoWheel(named, f"3.{older}")
    for older in range(minor, OLDEST - 1, -1):
        if _has(wanted, "--python-version", f"3.{older}", *ELSEWHERE):
            return NoWheel(named, "")
    return None


def _has(version, *target):
    """Whether pip finds a wheel of TensorFlow, of that version if one is named, for a target."""
    asked = pip("index", "versions", "--only-binary", ":all:", *target, "tensorflow")
    found = re.search(r"^Available versions: (.*)$", asked.stdout, re.M)
    return bool(found) and (version is None or version in found[1].split(", "))


def _in_words(missing):
    """One sentence: which chapters wait, why, and how to get them."""
    if missing.python:
        python = f"python{missing.python}"
        how = f"install Python {missing.python}, then type: make clean; make lab PYTHON={python}"
    else:
        how = (
            "run them on another computer, or read them as they are stored in notebooks/ "
            "(there is no older Python for which it has one here, either)"
        )
    here = _no_wheel_here(missing)
    return f"Chapters 11 to 14 and exercise 11 wait, as {here}; to have them, {how}."


def _no_wheel_here(missing):
    return f"{missing.wanted} has no wheel for Python 3.{sys.version_info.minor} on this system"


if __name__ == "__main__":
    try:
        sys.exit(install("--light" in sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped. What is loaded is kept; type the same again to go on.")
