"""The one file that holds a class: lines of JSON that are only added, and on the disk before they
are acknowledged. Many lines that come together share one write.
"""

import asyncio
import json
import os
import secrets
import time
import uuid
from contextlib import suppress
from pathlib import Path

import course
from course.classroom import schema
from course.classroom.guessing import new_code

try:
    import fcntl
except ImportError:  # Windows: there two servers on one file are not noticed
    fcntl = None


class NotOpened(Exception):
    """A class's file that cannot be had; its text says why, and what to do."""


class Store:
    """An open class: `head`, its first line; `records`, the others as they were read.

    problem: why the last write failed, "" where it did not; damaged: lines that cannot be read.
    """

    def __init__(self, file, descriptor, head, records, damaged):
        self.file, self.head, self.records, self.damaged = file, head, records, damaged
        self.problem = ""
        self._descriptor, self._size = descriptor, os.fstat(descriptor).st_size
        self._waiting, self._writer = [], None

    async def add(self, records):
        """Add lines; returns when they are on the disk.

        Errors: OSError where they are not; then nothing of them is in the file.
        """
        text = b"".join(_line(each) for each in records)
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((text, written))
        if self._writer is None:
            self._writer = asyncio.ensure_future(self._write_all())
        await written

    async def _write_all(self):
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            data = b"".join(text for text, _ in batch)
            try:
                await loop.run_in_executor(None, self._append, data)
                self.problem = ""
            except OSError as problem:
                self.problem = problem.strerror or str(problem)
            for _, written in batch:
                if not written.done():
                    failed = OSError(self.problem)
                    written.set_exception(failed) if self.problem else written.set_result(None)
        self._writer = None

    def _append(self, data):
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(self._descriptor, left) :]
            os.fsync(self._descriptor)
        except OSError:
            # Half a line must not stand before the next whole one.
            with suppress(OSError):
                os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)

    def close(self):
        """Close the file; another server may then have it."""
        os.close(self._descriptor)


def open_store(file, names):
    """Open a class's file, or make one; returns a `Store`.

    names:  whether learners may give theirs, of a new class; None of an old one goes as it was.
    Errors: NotOpened for a file that is another's, is open, or cannot be written.
    """
    file = Path(file)
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as problem:
        raise NotOpened(f"Cannot open {file}: {problem.strerror}.") from None
    try:
        _lock(descriptor, file)
        if os.fstat(descriptor).st_size == 0:
            _begin(descriptor, file, bool(names))
        head, records, damaged = _read(file)
        _refuse_other_version(head, file)
        if names is not None and names != head["names"]:
            was = "with" if head["names"] else "without"
            raise NotOpened(
                f"{file} was opened {was} names, and stays so; or: --file another.jsonl"
            )
        return Store(file, descriptor, head, records, damaged)
    except BaseException:
        os.close(descriptor)
        raise


def delete(file):
    """Delete a class's file; returns how many lines it held.

    Errors: NotOpened for a file that is none, is not a class's, or is open.
    """
    file = Path(file)
    if not file.is_file():
        raise NotOpened(f"There is no class in {file}.")
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError as problem:
        raise NotOpened(f"Cannot open {file}: {problem.strerror}.") from None
    try:
        _lock(descriptor, file)
        _, records, _ = _read(file)
        file.unlink()
    finally:
        os.close(descriptor)
    return len(records)


def _begin(descriptor, file, names):
    head = {
        "what": "class",
        "id": uuid.uuid4().hex,
        "code": new_code(),
        "names": names,
        "screen": secrets.token_urlsafe(18),
        "teacher": secrets.token_urlsafe(18),
        "opened": time.time(),
        "course": course.__version__,
        "meaning": schema.meaning(),
    }
    try:
        os.write(descriptor, _line(head))
        os.fsync(descriptor)
    except OSError as problem:
        file.unlink()
        raise NotOpened(f"Cannot write {file}: {problem.strerror}.") from None


def _read(file):
    """(the head, the other lines as dictionaries, how many cannot be read)."""
    lines = file.read_bytes().split(b"\n")
    found = [_parsed(line) for line in lines if line.strip()]
    head = found[0] if found else None
    if not (head and head.get("what") == "class" and all(map(_is_right(head), _HEAD))):
        raise NotOpened(f"{file} holds something else than a class; name another with --file.")
    if lines[-1]:
        # A write that was cut off was never acknowledged; the next line must not join it.
        with file.open("ab") as end:
            end.write(b"\n")
    return head, [each for each in found[1:] if each], found.count(None)


_HEAD = {"code": str, "names": bool, "screen": str, "teacher": str}


def _is_right(head):
    return lambda key: type(head.get(key)) is _HEAD[key]


def _refuse_other_version(head, file):
    """Mistakes and options are kept by position, which another version's may not have."""
    if head.get("meaning") != schema.meaning():
        raise NotOpened(
            f"{file} was made with course {head.get('course', 'of another version')}, whose tasks "
            "and mistakes are not these. Open it with that one, or a new class with --file "
            "another.jsonl; course class --delete forgets it."
        )


def _parsed(line):
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _lock(descriptor, file):
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise NotOpened(f"The class in {file} is open already, in another terminal.") from None


def _line(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
