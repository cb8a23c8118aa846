"""The journal of a marking: one line of JSON for whatever happened, and nothing is ever edited.

Every report is made from these lines alone. A line is written whole or not at all; the half
line of a run that was killed counts as never written, and its submission is marked again.

A line's "what" is "begun" (the terms, first of all), "marked", "not marked" (by nobody's fault:
mark it again), "by hand" (what a teacher decided), "left" (files that are nobody's submission),
"gone" (submissions that are no longer there), "handed in" (what is known of one besides its text),
"counts" (which of several files does, and what is late) or "class list".
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
from course import paths
from course.grading import journal_lines
from course.grading.journal_lines import LONGEST, NEVER_WRITTEN, Reading
from course.grading.journal_lock import InUse, lock, remove_empty, unlock
from course.grading.limits import Settings

NAME = "journal.jsonl"
FORMAT = 4
DEFAULTS = {**Settings._field_defaults, "sheet": "", "learner_from": ""}

_BEGINS = b'{"what":"begun"'


class WrongJournal(ValueError):
    """A journal that must not be written to; its text is one sentence or two that say why."""


class Journal:
    """The journal in a folder of reports, held by this process alone until it is closed.

    damage: sentences on what stands in it and is not what was written; of the last `lines`.
    Errors: OSError if it cannot be opened; WrongJournal where another process is writing to it.
    """

    def __init__(self, folder):
        self.folder, self.damage = Path(folder), []
        self._next, self._marking = None, ""
        self._file = os.open(self.folder / NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            lock(self._file, self.folder / NAME)
        except InUse:
            os.close(self._file)
            raise WrongJournal(
                f"Another process is marking into {self.folder}. Wait for it, or name another "
                "folder."
            ) from None
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        remove_empty(self._file, self.folder / NAME)  # where nothing was begun, nothing is left
        unlock(self._file)
        os.close(self._file)

    def lines(self):
        """The lines that are as they were written, as dictionaries, in that order.

        Errors: WrongJournal where the file is no journal, or one of another format.
        """
        found = Reading()
        with open(self._file, "rb", closefd=False) as file:
            file.seek(0)
            while text := file.readline(LONGEST + 1):
                found.take(text)
                while len(text) > LONGEST and not text.endswith(b"\n"):  # the rest of it
                    text = file.readline(LONGEST + 1)
        self._next, self._marking = found.next, found.marking
        lines, self.damage = found.lines, list(found.damage(NAME))
        if not lines and (self.damage or not _BEGINS.startswith(found.first[:15])):
            raise WrongJournal(_why_none(found.first).format(self.folder))
        if found.marking and lines[0].get("format") != FORMAT:
            raise WrongJournal(OTHER_FORMAT.format(self.folder))
        return lines

    def write(self, line):
        """Append one line, or its `parts`, and wait until it is on the disk.

        Errors: OSError, with a disk that is full among its reasons; ValueError for what could
                not be read again.
        """
        if self._next is None:
            self.lines()
        for part in journal_lines.parts(line):
            self._write(part)

    def _write(self, line):
        data = journal_lines.written(line, self._next, self._marking)
        if self._ends_in_half_a_line():
            data = NEVER_WRITTEN + b"\n" + data
        if os.write(self._file, data) != len(data):
            raise OSError(f"The disk is full; {self.folder / NAME} cannot grow.")
        os.fsync(self._file)
        self._next += 1
        if line["what"] == "begun":
            self._marking = line["name"]

    def _ends_in_half_a_line(self):
        size = os.fstat(self._file).st_size
        if not size:
            return False
        os.lseek(self._file, size - 1, os.SEEK_SET)
        return os.read(self._file, 1) != b"\n"

    def terms(self, wanted, resume=False, theirs=None):
        """The terms of a marking: those of this journal, or new ones, which `begin` writes.

        wanted: seed, sheet, limit, memory, confinement and learner_from; None where anything
                will do.
        resume: whether a journal that is there already is gone on with; else it is refused.
        theirs: the versions under which it is marked; None for those of this process.
        Errors: WrongJournal, also where its terms are not those that are wanted.
        """
        theirs = theirs or versions()
        lines = self.lines()
        if not lines:
            return _fresh(wanted, theirs)
        terms = begun(lines, self.folder)
        if not resume:
            raise WrongJournal(
                f"{self.folder} already holds the journal of a marking. Go on with it by "
                "--resume, or name another folder."
            )
        _refuse_others(terms, wanted, theirs, self.folder)
        return terms

    def begin(self, terms):
        """Write the terms that `terms` gave, unless they stand there already."""
        if self._next == 1:
            self.write(terms)


def begun(lines, folder):
    """The terms of a marking: its journal's first line.

    Errors: WrongJournal where there is none that can be read.
    """
    if not lines:
        raise WrongJournal(NO_JOURNAL.format(folder))
    if lines[0]["what"] != "begun":
        raise WrongJournal(NO_TERMS.format(folder))
    if lines[0].get("format") != FORMAT:
        raise WrongJournal(OTHER_FORMAT.format(folder))
    if not _make_sense(lines[0]):
        raise WrongJournal(NO_TERMS.format(folder))
    return lines[0]


def _make_sense(terms):
    """Whether anything could be marked by these terms, whoever wrote them."""
    numbers = terms["seed"] >= 0 and terms["limit"] > 0 and terms["memory"] >= 1
    return numbers and terms["sheet"] in ("", *paths.sheets())


def _why_none(first):
    """Why a file without one good line is no journal, by its first line."""
    if first.startswith(_BEGINS) and b'"format":1,' in first:  # its lines had no checksums
        return OTHER_FORMAT
    ours = first.startswith(_BEGINS) or journal_lines.looks_like_ours(first)
    return NO_TERMS if ours else NO_JOURNAL


NO_JOURNAL = "{} holds no journal of this course. Name another folder."
NO_TERMS = (
    "The journal in {} is damaged at its first line, which holds the terms of the marking. "
    f"Put back a copy of {NAME}, or name another folder."
)
OTHER_FORMAT = (
    "The journal in {} was written by another version of the course. Go on with that version, or "
    "name another folder."
)


# ---- the terms ------------------------------------------------------------------------


def _fresh(wanted, theirs):
    given = {name: value for name, value in wanted.items() if value is not None}
    # Drawn here, so that nobody can find the hidden cases in the repository.
    drawn = {"seed": secrets.randbits(63)} if "seed" not in given else {}
    # The name is drawn, too: made from the seed, it would let a small one be guessed from a page.
    terms = {"what": "begun", "format": FORMAT, "name": secrets.token_hex(4)}
    return terms | DEFAULTS | given | drawn | {"versions": theirs}


def _refuse_others(terms, wanted, theirs, folder):
    for name, value in wanted.items():
        option = name.replace("_", "-")
        if value is not None and value != terms.get(name):
            raise WrongJournal(
                f"The journal in {folder} was begun with {option} {terms.get(name)}, not {value}. "
                f"Leave --{option} out to go on with it, or name another folder."
            )
    for name, version in theirs.items():
        if terms["versions"].get(name) != version:
            raise WrongJournal(
                f"The journal in {folder} was begun under {name} {terms['versions'].get(name)}; "
                f"this is {version}. Marks made differently are not mixed: name another folder."
            )


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
    """A digest of all that makes up a sheet: the exercise, its solution, and each of its checks."""
    material, checks = paths.material(), Path(course.__file__).parent / "checks"
    files = [material / folder / f"{sheet}.ipynb" for folder in ("exercises", "solutions")]
    files += sorted(checks.glob("*.py"))  # on which every sheet's marks depend
    files += sorted((checks / f"chapter_{sheet[:2]}").glob("*.py"))
    text = hashlib.sha256()
    for path in files:
        text.update(path.read_bytes() if path.exists() else b"missing")
    return text.hexdigest()[:16]


def key(*parts):
    """A digest of plain data: what a submission is known by."""
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
