"""Exercise 04, momentum as friction: five tasks, five kinds."""

from course.checks.chapter_04.goal import GOAL
from course.checks.chapter_04.physics import PHYSICS
from course.checks.chapter_04.portrait import PORTRAIT
from course.checks.chapter_04.step import STEP
from course.checks.chapter_04.terminal import TERMINAL

TASKS = (STEP, TERMINAL, PHYSICS, GOAL, PORTRAIT)
