"""A test to write, tried on right steps and on broken ones."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course.checks.base import Case, because, no_answer
from course.checks.broken_steps import called_with, step_from, tested
from course.checks.calling import agree, ask
from course.checks.rules import Rule

UNTRIED = (
    "Your test says 1 here, but none of the numbers with which it calls a right step would show "
    "this fault. Call `step` with numbers that do, and compare what it returns."
)


@dataclass(frozen=True, kw_only=True)
class Tested(Rule):
    """A test to write: it is given steps, one a case, and returns 1 for each that is broken.

    A case's arguments are those of `broken_steps.step_from`; a reference is a test, too.
    describe: arguments of a case -> what kind of step it is, in a few words.
    """

    describe: Callable

    def called(self, answer):
        """What is called: the test, with the step that a row of numbers makes."""
        return tested(answer)

    def cases(self, seed=0):
        """As of every rule; each drawn case says what kind of step it is."""
        return [
            Case(self.describe(*each.arguments), each.arguments) for each in super().cases(seed)
        ]

    def explain(self, answers, source=None):
        """As of every rule; what passes must have called a step with numbers that tell.

        answers: as of every rule, and at the end what `broken_steps.called_with` gives for the
                 first shown case, a right step.
        """
        count = len(self.cases())
        found = super().explain(answers[:count], source)
        if not found.passed:
            return found
        calls = answers[count]
        if isinstance(calls, str):
            return no_answer([f"✗ {calls}"], calls)
        missed = [case.title for case in self.cases() if not self._is_shown_by(case, calls[0])]
        return because([f"✗ {missed[0]}"], UNTRIED) if missed else found

    def _is_shown_by(self, case, calls):
        """Whether some call tells a case's step from a right one; True of one that is right."""
        if not self._expected(case)[0]:
            return True
        with np.errstate(all="ignore"):
            steps = [step_from(*row) for row in (self.shown[0].arguments, case.arguments)]
            one, other = (np.array(step(*calls.reshape(-1, 5).T)) for step in steps)
            told = ~np.isclose(one, other) & np.isfinite(one) & np.isfinite(other)
        return bool(told.any())

    def _answers(self, answer):
        found = super()._answers(answer)
        if any(isinstance(each, str) for each in found):
            return found
        case = self.shown[0].arguments
        return [*found, *ask(called_with(answer), [case], self.asks, ("calls",), self.pure)]

    def _call_lines(self, case, number):
        return []

    def by_rule(self, answers, source=None):
        """Whether broken steps pass, or right ones do not, or both."""
        pairs = zip(answers, map(self._expected, self.cases()))
        missed = {int(good[0]) for yours, good in pairs if not agree(yours, good)}
        if missed == {0}:
            return "Your test finds fault with right steps; no broken one passes it."
        if missed == {1}:
            return (
                "Your test lets broken steps pass, such as this one; the right ones pass it, too."
            )
        return "Your test lets broken steps pass, and finds fault with right ones."
