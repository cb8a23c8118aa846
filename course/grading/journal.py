"""The journal of a marking: one line of JSON for whatever happened, and nothing is ever edited.

Every report is made from these lines alone. A line is written whole or not at all; the half
line of a run that was killed counts as never written, and its submission is marked again.

A line's "what" is "begun" (the terms, first of all), "marked", "not marked" (by nobody's fault:
mark it again) or "by hand" (what a teacher decided).
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import secrets
from functools import cache
from pathlib import Path

import course
from course import places

try:
    import fcntl
except ImportError:  # Windows, where one must take care not to mark twice at once
    fcntl = None

NAME = "journal.jsonl"
FORMAT = 1
DEFAULTS = {"limit": 60.0, "memory": 2048, "confinement": None, "sheet": ""}


class WrongJournal(ValueError):
    """A journal that must not be written to; its text is one sentence or two that say why."""


class Journal:
    """The journal in a folder of reports, held by this process alone until it is closed.

    Errors: OSError if it cannot be opened; WrongJournal where another process is writing to it.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self._file = os.open(self.folder / NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            self._lock()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._file)

    def _lock(self):
        # Unlike flock's, this lock is not handed on to children, and ends with this process.
        try:
            fcntl and fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise WrongJournal(
                f"Another process is marking into {self.folder}. Wait for it, or name another "
                "folder."
            ) from None

    def lines(self):
        """The whole lines, as dictionaries, in the order in which they were written."""
        size = os.fstat(self._file).st_size
        with os.fdopen(os.dup(self._file), "rb") as file:
            file.seek(0)
            return list(_whole(file.read(size)))

    def write(self, line):
        """Append one line, and wait until it is on the disk.

        Errors: OSError, with a disk that is full among its reasons.
        """
        data = json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"
        if self._ends_in_half_a_line():
            data = b"\n" + data
        if os.write(self._file, data) != len(data):
            raise OSError(f"The disk is full; {self.folder / NAME} cannot grow.")
        os.fsync(self._file)

    def _ends_in_half_a_line(self):
        size = os.fstat(self._file).st_size
        if not size:
            return False
        os.lseek(self._file, size - 1, os.SEEK_SET)
        return os.read(self._file, 1) != b"\n"

    def begin(self, wanted, resume=False, theirs=None):
        """Begin a marking, or go on with one; returns its terms as the journal has them.

        wanted: seed, sheet, limit, memory and confinement; None where anything will do.
        resume: whether a journal that is there already is gone on with; else it is refused.
        theirs: the versions under which it is marked; None for those of this process.
        Errors: WrongJournal, also where its terms are not those that are wanted.
        """
        theirs = theirs or versions()
        lines = self.lines()
        if not lines:
            terms = _fresh(wanted, theirs)
            self.write(terms)
            return terms
        terms = begun(lines, self.folder)
        if not resume:
            raise WrongJournal(
                f"{self.folder} already holds the journal of a marking. Go on with it by "
                "--resume, or name another folder."
            )
        _refuse_others(terms, wanted, theirs, self.folder)
        return terms


def _whole(data):
    for text in data.split(b"\n"):
        try:
            line = json.loads(text)
        except ValueError:  # half a line, or none
            continue
        if isinstance(line, dict) and "what" in line:
            yield line


def begun(lines, folder):
    """The terms of a marking: its journal's first line.

    Errors: WrongJournal where there is none that can be read.
    """
    if not lines or lines[0].get("what") != "begun" or lines[0].get("format") != FORMAT:
        raise WrongJournal(f"{folder} holds no journal of this course. Name another folder.")
    return lines[0]


# ---- the terms ------------------------------------------------------------------------


def _fresh(wanted, theirs):
    given = {name: value for name, value in wanted.items() if value is not None}
    # Drawn here, so that nobody can find the hidden cases in the repository.
    drawn = {"seed": secrets.randbits(63)} if "seed" not in given else {}
    terms = {"what": "begun", "format": FORMAT, **DEFAULTS, **given, **drawn}
    return terms | {"versions": theirs}


def _refuse_others(terms, wanted, theirs, folder):
    for name, value in wanted.items():
        if value is not None and value != terms.get(name):
            raise WrongJournal(
                f"The journal in {folder} was begun with {name} {terms.get(name)}, not {value}. "
                f"Leave --{name} out to go on with it, or name another folder."
            )
    for name, version in theirs.items():
        if terms["versions"].get(name) != version:
            raise WrongJournal(
                f"The journal in {folder} was begun under {name} {terms['versions'].get(name)}; "
                f"this is {version}. Marks made differently are not mixed: name another folder."
            )


def run_name(terms):
    """A short name of a marking, which tells nothing about its seed to those who don't know it."""
    text = json.dumps(terms, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@cache
def versions():
    """The versions of whatever could change a mark, as a dictionary of strings."""
    found = {"python": platform.python_version(), "course": course.__version__}
    for package in ("numpy", "keras", "tensorflow", "nbval"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing"
    return found


@cache
def sheet_digest(sheet):
    """A digest of all that makes up a sheet: the exercise, its solution, and its checks."""
    material, checks = places.material(), Path(course.__file__).parent / "checks"
    files = [material / folder / f"{sheet}.ipynb" for folder in ("exercises", "solutions")]
    files += [checks / name for name in (f"chapter_{sheet[:2]}.py", "tasks.py", "calling.py")]
    text = hashlib.sha256()
    for path in files:
        text.update(path.read_bytes() if path.exists() else b"missing")
    return text.hexdigest()[:16]


def key(*parts):
    """A digest of plain data: what a submission is known by."""
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
