"""Exercise 01, gradient descent: three rules, a prediction, a rate for a spectrum and a picture."""

from course.checks.chapter_01.descend import DESCEND
from course.checks.chapter_01.edge import EDGE
from course.checks.chapter_01.one_step import ONE_STEP
from course.checks.chapter_01.paths import PATHS
from course.checks.chapter_01.spectrum import RATE
from course.checks.chapter_01.units import UNITS

TASKS = (DESCEND, EDGE, UNITS, RATE, ONE_STEP, PATHS)
