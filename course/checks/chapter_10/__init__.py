"""Exercise 10, loss scaling: two repairs, a rule, a prediction, a picture and a goal."""

from course.checks.chapter_10.goal import GOAL
from course.checks.chapter_10.group import GROUP
from course.checks.chapter_10.loop import LOOP
from course.checks.chapter_10.scales import SCALES
from course.checks.chapter_10.stops import STOPS
from course.checks.chapter_10.stored import STORED

TASKS = (STORED, LOOP, GROUP, SCALES, GOAL, STOPS)
