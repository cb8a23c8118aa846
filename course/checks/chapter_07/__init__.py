"""Exercise 07, clipping: six tasks; one to repair, one to write, one to put in order."""

from course.checks.chapter_07.global_norm import GLOBAL
from course.checks.chapter_07.goal import GOAL
from course.checks.chapter_07.norm import NORM
from course.checks.chapter_07.paths import PATHS
from course.checks.chapter_07.settles import SETTLES
from course.checks.chapter_07.stages import STAGES

TASKS = (NORM, GLOBAL, PATHS, SETTLES, STAGES, GOAL)
