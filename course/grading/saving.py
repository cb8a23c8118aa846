"""A file that may be in the middle of a save: read again until it can be, with a limit."""

import contextlib
import time
from pathlib import Path

from course.grading.answers import Unreadable, read_answers

GLANCE = 0.02  # seconds between two looks at the file
PATIENCE = 1.0  # seconds that a save may take


def read_saved(path, pristine, patience=PATIENCE):
    """The answers in a notebook file, and its `state` as they were read.

    JupyterLab writes into the file itself, so that for a moment it is empty or half of a notebook.
    patience: seconds after which what cannot be read is not in the middle of a save.
    Errors:   Unreadable.
    """
    end = time.monotonic() + patience
    while True:
        now = state(path)
        try:
            return read_answers(path, pristine), now
        except Unreadable:
            if now is None or time.monotonic() >= end:
                raise
        time.sleep(GLANCE)


def state(path):
    """What changes when the file is saved; editors write anew, or put another in its place."""
    with contextlib.suppress(OSError):
        status = Path(path).stat()
        return status.st_mtime_ns, status.st_size, status.st_ino
    return None
