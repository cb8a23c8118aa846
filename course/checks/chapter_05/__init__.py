"""Exercise 05, Nesterov look-ahead: six tasks, two of them to write and one to repair."""

from course.checks.chapter_05.edge import EDGE
from course.checks.chapter_05.goal import GOAL
from course.checks.chapter_05.landing import LANDED
from course.checks.chapter_05.paths import PATHS
from course.checks.chapter_05.step import STEP
from course.checks.chapter_05.translate import TRANSLATE

TASKS = (LANDED, STEP, TRANSLATE, EDGE, PATHS, GOAL)
