"""News for the class that were not yet taken: a line of JSON each, in the copy, oldest first.

All kernels of a copy add to the one file, and whichever sends takes out what was taken. Each line
has its kernel's session and a number that counts up, by which the class knows what it has.
"""

import itertools
import json
import os
import secrets
import threading
import time
from contextlib import contextmanager

from course.attendance import membership

try:
    import fcntl
except ImportError:  # Windows: two kernels at once could send something twice, which is known
    fcntl = None

FILE, LOCK = "class-unsent.jsonl", "class-unsent.lock"
MOST = 200_000  # bytes; beyond it the older half is dropped
_session = {}
_one_at_a_time = threading.Lock()


def add(event):
    """Put an event last; its session, number and time are added to it.

    Errors: OSError where it cannot be written.
    """
    line = {**_next(), "at": time.time(), **event}
    with _locked():
        path = _path()
        if path.exists() and path.stat().st_size > MOST:
            lines = path.read_bytes().splitlines(keepends=True)
            _replace(lines[len(lines) // 2 :])
        with path.open("ab") as file:
            file.write(json.dumps(line).encode() + b"\n")


def first(most):
    """The oldest events of one session, at most so many, in order; damaged lines are passed."""
    events = _read()
    session = events[0]["session"] if events else None
    return [each for each in events if each["session"] == session][:most]


def remove(events):
    """Take events out, and whatever cannot be read."""
    gone = {(each["session"], each["number"]) for each in events}
    with _locked():
        kept = [each for each in _read() if (each["session"], each["number"]) not in gone]
        _replace([json.dumps(each).encode() + b"\n" for each in kept])


def clear():
    """Drop all of it."""
    with _locked():
        _path().unlink(missing_ok=True)


def _next():
    """This process's session and the next number; a forked one has a session of its own."""
    if _session.get("process") != os.getpid():
        _session.update(process=os.getpid(), name=secrets.token_hex(8), numbers=itertools.count(1))
    return {"session": _session["name"], "number": next(_session["numbers"])}


def _path():
    return membership.folder() / FILE


def _read():
    found = []
    try:
        lines = _path().read_bytes().splitlines()
    except OSError:
        return []
    for line in lines:
        try:
            event = json.loads(line)
            event["session"], event["number"], event["at"] + 0.0
            found.append(event)
        except (ValueError, LookupError, TypeError, RecursionError):
            continue
    return found


def _replace(lines):
    part = _path().with_suffix(f".{os.getpid()}.part")
    part.write_bytes(b"".join(lines))
    os.replace(part, _path())


@contextmanager
def _locked():
    with _one_at_a_time, (membership.folder() / LOCK).open("ab") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
