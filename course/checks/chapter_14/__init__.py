"""Exercise 14, when training goes wrong: six tasks, each a way to find out what happened."""

from course.checks.chapter_14.apart import APART
from course.checks.chapter_14.blame import BLAME
from course.checks.chapter_14.catch import CATCH
from course.checks.chapter_14.falls import FALLS
from course.checks.chapter_14.false import FALSE
from course.checks.chapter_14.infer import INFER

TASKS = (INFER, BLAME, CATCH, APART, FALLS, FALSE)
