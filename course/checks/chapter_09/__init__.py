"""Exercise 09, gradient accumulation: two rules, a repair, a prediction, a picture and a goal."""

from course.checks.chapter_09.call import CALL
from course.checks.chapter_09.goal import GOAL
from course.checks.chapter_09.joined import JOINED
from course.checks.chapter_09.missing import MISSING
from course.checks.chapter_09.recipe import RECIPE
from course.checks.chapter_09.runs import PICTURE

TASKS = (CALL, MISSING, JOINED, RECIPE, PICTURE, GOAL)
