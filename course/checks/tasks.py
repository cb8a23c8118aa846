"""The kinds of task, each declared once: what it asks, its reference, its mistakes, its hints.

A task looks at a learner's answer and returns a `Finding`. Where the answer is wrong, it is
compared with what every known mistake would have given, and the mistake it matches is named;
else it is said by rule what is true of it (`causes.py`).
"""

from course.checks.base import Case, Finding, Mistake, Part, Task, no_answer
from course.checks.choices import Choice, Goal, Number
from course.checks.essay import Essay
from course.checks.observed import Observed
from course.checks.orders import Order, Stages
from course.checks.rules import Resumed, Rule
from course.checks.tested import Tested

__all__ = [
    "Case",
    "Choice",
    "Essay",
    "Finding",
    "Goal",
    "Mistake",
    "Number",
    "Observed",
    "Order",
    "Part",
    "Resumed",
    "Rule",
    "Stages",
    "Task",
    "Tested",
    "no_answer",
]
