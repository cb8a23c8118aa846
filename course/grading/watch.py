"""Save → verdict: look at a sheet again whenever it is saved, with the fork server of the grader.

This is for one's own exercises: only visible checks are run.
"""

import time
from pathlib import Path

from course.grading import sheets
from course.grading.answers import Unreadable
from course.grading.judge import look, own_level
from course.grading.limits import SECONDS, Limits
from course.grading.saving import GLANCE, read_saved, state


def watch(path, show, *, trouble=None, sheet=None, saves=None, limit=SECONDS):
    """Judge the sheet at `path` now and at every save, and show the verdicts.

    show:    called with a tuple of `Verdict`, one for each task.
    trouble: called with a sentence where the file cannot be read, not even after a save's time.
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
        now = state(path)
        if now == seen:
            time.sleep(GLANCE)
            continue
        seen = now
        try:
            answers, seen = read_saved(path, paper.pristine)
        except Unreadable as problem:
            if trouble:
                trouble(str(problem))
            continue
        show(look(paper, answers.sources, limits))
        left = None if left is None else left - 1
