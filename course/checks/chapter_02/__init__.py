"""Exercise 02, stochastic gradients: three rules, a prediction, a picture and a goal."""

from course.checks.chapter_02.clouds import CLOUDS
from course.checks.chapter_02.epoch import EPOCH
from course.checks.chapter_02.error import ERROR
from course.checks.chapter_02.goal import GOAL
from course.checks.chapter_02.gradient import GRADIENT
from course.checks.chapter_02.spread import SPREAD

TASKS = (GRADIENT, ERROR, EPOCH, SPREAD, CLOUDS, GOAL)
