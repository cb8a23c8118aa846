"""A lock on an open file: whoever comes second, here or in another process, does not get it.

It belongs to the opened file, so reading the same file elsewhere in this process does not lose it,
as it would lose the kind that `fcntl.lockf` gives. It ends with the process, however that ends.
"""

import contextlib
import os

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

FAR = 1 << 30  # on Windows a byte is locked, and none that is ever written

_held = set()


class InUse(Exception):
    """Somebody else holds the lock."""


def lock(file, path):
    """Lock an open file, given by its number, until `unlock` or the end of this process.

    path:   where it was opened; whoever held it until now may have removed it from there.
    Errors: InUse; OSError where files cannot be locked at all.
    """
    take(file)
    if not _is_at(path, file):
        raise InUse
    _held.add(file)


def _is_at(path, file):
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return False


def remove_empty(file, path):
    """Remove an open, locked file of `path` in which nothing stands, so that it was never there."""
    if os.fstat(file).st_size == 0 and _is_at(path, file):
        with contextlib.suppress(OSError):  # Windows removes no open file
            os.unlink(path)


def take(file):
    """Lock an open file, given by its number, until every process that inherits it has ended.

    Errors: as `lock`.
    """
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            os.lseek(file, FAR, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        raise InUse from None
    except OSError as problem:
        raise OSError(
            f"The journal cannot be locked here: {problem.strerror}. Name a folder on a disk of "
            "this machine."
        ) from None


def is_held(path):
    """Whether somebody holds the lock of the file at `path`, or may; not where there is none."""
    try:
        with open(path, "rb") as file:
            take(file.fileno())
    except FileNotFoundError:
        return False
    except (InUse, OSError):  # another person's file cannot even be opened
        return True
    return False


def unlock(file):
    """Give the lock back, also on behalf of children that have inherited the file."""
    _held.discard(file)
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_UN)
    else:
        os.lseek(file, FAR, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)


def _leave_to_parent():
    """After a fork: a child that lives on must not hold what its parent held."""
    for file in _held:
        os.close(file)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)
