"""Exercise 11, the whole optimizer: stages to put in order, an optimizer to repair, one to write.

The references are NumPy; a learner's Keras classes are stopped and go on (`resuming`).
"""

from course.checks.chapter_11.by_hand import BY_HAND
from course.checks.chapter_11.exchanges import EXCHANGES
from course.checks.chapter_11.resume import RESUME
from course.checks.chapter_11.torch import TORCH
from course.checks.chapter_11.train import TRAIN

TASKS = (TRAIN, BY_HAND, EXCHANGES, RESUME, TORCH)
