"""The learner's guesses, a line of JSON each in `.course/guesses.jsonl`; lines are only added."""

import json
import os
from datetime import UTC, datetime
from typing import NamedTuple

from course.learner.files import refusing

FILE = ".course/guesses.jsonl"


class Guess(NamedTuple):
    """One guess: the question's name, whether it held, what was given, and when (UTC)."""

    name: str
    passed: bool
    given: str
    at: datetime


class Guesses(NamedTuple):
    """All guesses in the order in which they were made, and how many lines cannot be read."""

    made: list
    damaged: int


def add(copy, name, verdict, at=None):
    """Add a guess to the record of a copy.

    verdict: a `Verdict` of course.questions; at: a datetime with its zone, now if left out.
    Errors: Refused where it cannot be written.
    """
    at = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    line = {"what": "guess", "name": name, "passed": verdict.passed}
    line |= {"choice": verdict.given, "at": at}
    text = json.dumps(line, ensure_ascii=False) + "\n"
    path = copy / FILE
    with refusing(f"write {path}"), path.open("ab+") as file:
        # A write that was cut off must not take the next one with it.
        if file.tell() and _last_byte(file) != b"\n":
            text = "\n" + text
        file.write(text.encode())


def read(copy):
    """The `Guesses` of a copy; none where there is no record yet.

    Errors: Refused for a record that cannot be opened.
    """
    path = copy / FILE
    if not path.exists():
        return Guesses([], 0)
    with refusing(f"read {path}"):
        lines = path.read_bytes().splitlines()
    found = [_guess(line) for line in lines if line.strip()]
    made = [guess for guess in found if guess]
    return Guesses(made, len(found) - len(made))


def _last_byte(file):
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _guess(line):
    """The Guess in a line, or None where it is damaged."""
    try:
        found = json.loads(line)
        at = datetime.fromisoformat(found["at"])
        guess = Guess(found["name"], found["passed"], found["choice"], at.astimezone(UTC))
        types = [type(part) for part in guess[:3]]
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return None
    return guess if types == [str, bool, str] and at.tzinfo else None
