"""Exercise 12, tuning SGD: six tasks, two of them to write and one to repair."""

from course.checks.chapter_12.batches import BATCHES
from course.checks.chapter_12.compare import COMPARE
from course.checks.chapter_12.goal import GOAL
from course.checks.chapter_12.network import trial
from course.checks.chapter_12.old import OLD
from course.checks.chapter_12.range import RANGE
from course.checks.chapter_12.settings import SETTINGS

__all__ = ["TASKS", "trial"]

TASKS = (RANGE, OLD, COMPARE, BATCHES, SETTINGS, GOAL)
