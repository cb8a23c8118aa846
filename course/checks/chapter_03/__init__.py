"""Exercise 03, learning-rate schedules: three rules, a prediction, a picture and a goal."""

from course.checks.chapter_03.frozen import FROZEN
from course.checks.chapter_03.goal import GOAL
from course.checks.chapter_03.greedy import GREEDY
from course.checks.chapter_03.plan import PLAN
from course.checks.chapter_03.plateaus import PLATEAUS
from course.checks.chapter_03.schedule import SCHEDULE

TASKS = (SCHEDULE, PLAN, FROZEN, GREEDY, PLATEAUS, GOAL)
