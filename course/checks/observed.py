"""Tasks that say themselves what is true of a wrong result, beside what is said by rule."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course.checks.calling import agree
from course.checks.rules import Rule


@dataclass(frozen=True, kw_only=True)
class Observed(Rule):
    """A function to write or to repair, of which the task has something to say in each case.

    observe: (arguments, yours, expected) -> a sentence that is true of these wrong results, such
             as how long they are and how long they should be; "" for none. It is asked about the
             first wrong case, whose results have the right shapes and are finite.
    """

    observe: Callable

    def by_rule(self, answers, source=None):
        """As of every rule, and what the task itself observes."""
        said = [super().by_rule(answers, source), self._observed(answers)]
        return " ".join(filter(None, said))

    def _observed(self, answers):
        for case, yours in zip(self.cases(), answers):
            expected = self._expected(case)
            if isinstance(yours, str) or [a.shape for a in yours] != [b.shape for b in expected]:
                return ""
            if not agree(yours, expected):
                finite = all(np.isfinite(part).all() for part in yours)
                return self.observe(case.arguments, yours, expected) if finite else ""
        return ""
