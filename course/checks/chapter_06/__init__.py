"""Exercise 06, weight decay: six tasks, three of them to write or repair."""

from course.checks.chapter_06.calls import CALLS
from course.checks.chapter_06.goal import GOAL
from course.checks.chapter_06.port import PORT
from course.checks.chapter_06.spare import SPARE
from course.checks.chapter_06.step import STEP
from course.checks.chapter_06.swings import SWINGS

TASKS = (CALLS, STEP, SWINGS, PORT, SPARE, GOAL)
