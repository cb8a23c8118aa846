"""Save → verdict: look at a sheet again whenever it is saved, with the fork server of the grader.

This is for one's own exercises: only visible checks are run.
"""

import contextlib
import time
from pathlib import Path

from course.grading import sheets
from course.grading.answers import Unreadable, read_answers
from course.grading.judge import look, own_level
from course.grading.limits import SECONDS, Limits

GLANCE = 0.02  # seconds between two looks at the file


def watch(path, show, *, trouble=None, sheet=None, saves=None, limit=SECONDS):
    """Judge the sheet at `path` now and at every save, and show the verdicts.

    show:    called with a tuple of `Verdict`, one for each task.
    trouble: called with a sentence where the file cannot be read, as in the middle of a save.
    sheet:   its whole name; by default, the file's own.
    saves:   how many saves to wait for; None means without end, until it is interrupted.
    limit:   seconds for one look.
    Errors: LookupError for an unknown sheet; NotJudged where there is no fork server to be had.
    """
    path = Path(path)
    paper = sheets.load(sheet or path.stem)
    limits = Limits(own_level(paper), limit)
    seen, left = None, saves
    while left is None or left >= 0:
        now = _state(path)
        if now == seen:
            time.sleep(GLANCE)
            continue
        seen = now
        try:
            answers = read_answers(path, paper.pristine).sources
        except Unreadable as problem:
            if trouble:
                trouble(str(problem))
            continue
        show(look(paper, answers, limits))
        left = None if left is None else left - 1


def _state(path):
    """What changes when the file is saved; editors write anew, or put another in its place."""
    with contextlib.suppress(OSError):
        status = path.stat()
        return status.st_mtime_ns, status.st_size, status.st_ino
    return None
