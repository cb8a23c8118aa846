"""Exercise 08, averaging the weights: write, repair, put in order, predict, read, choose."""

from course.checks.chapter_08.after_fit import AFTER_FIT
from course.checks.chapter_08.averages import AVERAGES
from course.checks.chapter_08.calm import CALM
from course.checks.chapter_08.goal import GOAL
from course.checks.chapter_08.levels import LEVELS
from course.checks.chapter_08.overwriting import OVERWRITING

TASKS = (AFTER_FIT, AVERAGES, CALM, OVERWRITING, LEVELS, GOAL)
