"""Which class this copy of the course has joined: kept in the copy, so that all kernels know."""

import contextlib
import json
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = "class.json"


class NotJoined(Exception):
    """A class that could not be joined; its text says why, and what to do."""

    def _render_traceback_(self):
        return str(self).splitlines()


class Membership(NamedTuple):
    """The class's address, "http://192.168.1.5:8600", and the token it gave this learner."""

    site: str
    token: str


def site(address):
    """The address as a URL, without a slash at its end; http where nothing else is written.

    Errors: NotJoined for what is no address.
    """
    written = str(address).strip().rstrip("/")
    url = written if "://" in written else f"http://{written}"
    if not re.fullmatch(r"https?://[\w.\-\[\]:]+(/[\w.\-/]*)?", url, re.ASCII):
        raise NotJoined(f'Write the address as it is shown, "192.168.1.5:8600"; got {address!r}.')
    return url


def is_token(value):
    """Whether a value can be what a class gives a learner."""
    return isinstance(value, str) and bool(re.fullmatch(r"[\w-]{16,64}", value, re.ASCII))


def folder():
    """Where membership and unsent news are kept: the copy's `.course`, else a passing folder."""
    here = Path.cwd()
    for place in (here, *here.parents):
        if (place / ".course/manifest.json").is_file():
            return place / ".course"
    return Path(_of_this_process().name)


@cache
def _of_this_process():
    return tempfile.TemporaryDirectory(prefix="course-class-")


def load():
    """The `Membership`, or None; a damaged file is none."""
    try:
        found = json.loads((folder() / FILE).read_text("utf-8"))
        return Membership(str(found["site"]), str(found["token"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def save(member):
    """Keep it, for this user's eyes alone.

    Errors: NotJoined where it cannot be written.
    """
    path = folder() / FILE
    part = path.with_name(f".{FILE}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(member._asdict(), file)
        os.replace(part, path)
    except OSError as problem:
        raise NotJoined(f"Cannot write {path}: {problem.strerror}.") from None


def forget():
    """Be in no class."""
    with contextlib.suppress(OSError):
        (folder() / FILE).unlink()
