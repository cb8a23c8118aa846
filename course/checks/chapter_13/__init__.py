"""Exercise 13, GPUs and many devices: six tasks, two to write and one to put in order."""

from course.checks.chapter_13.add import ADD
from course.checks.chapter_13.bars import BARS
from course.checks.chapter_13.clipped import CLIPPED
from course.checks.chapter_13.floor import FLOOR
from course.checks.chapter_13.goal import GOAL, step_parts
from course.checks.chapter_13.stages import STAGES

__all__ = ["TASKS", "step_parts"]

TASKS = (FLOOR, CLIPPED, STAGES, ADD, BARS, GOAL)
