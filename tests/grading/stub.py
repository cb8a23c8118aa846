"""A judge that runs nothing, for tests of what is around the judge: it reads the answers only."""

import time

from course.checks import chapter_tasks
from course.grading.judge import Judged, Verdict


def judge(sheet, answers, **settings):
    """What an answer says of itself: # right, # wrong, # known; nothing said is right, too."""
    time.sleep(0.01)
    return Judged(
        tuple(_verdict(task, answers) for task in chapter_tasks(sheet[:2])), "a stub, nothing"
    )


def _verdict(task, answers):
    source = answers.get(task.answer_cell, "")
    if not source.strip() or "# wrong" in source:
        return Verdict(task.name, False, f"✗ {task.title}\n    expected 1", 0.25)
    if "# known" in source:
        because = task.mistakes[0].because
        return Verdict(task.name, False, f"✗ {task.title}\n    {because}", 0.25, because)
    return Verdict(task.name, True, f"✓ {task.title}\n    it holds", 0.25)
