"""Tasks whose answer is a number, a word, or some numbers that reach a goal."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course.checks.base import Finding, Task, because, no_answer, recognised
from course.checks.calling import (
    EXACT,
    NotAnAnswer,
    agree,
    as_number,
    as_results,
    say,
    shorten,
    unfilled,
)
from course.checks.seen import NAN

#: How far off a predicted number may be and still be taken for a known slip's.
ROUNDED = 1e-3


@dataclass(frozen=True, kw_only=True)
class Number(Task):
    """A number to predict, worth no marks; a mistake's answer is the number it leads to."""

    reference: float
    work: str = "predict"

    def look(self, answer, source=None):
        """Compare one number; the right one is never printed, as the sheet stores this text."""
        try:
            (yours,) = as_results(answer, (self.asks,), f"{self.asks} is")
        except NotAnAnswer as problem:
            return no_answer([f"✗ {problem}"], problem.sentence)
        if agree([yours], [np.asarray(float(self.reference))], EXACT):
            return Finding(True, ["    your number is right"])
        lines = [f"✗ {self.asks} = {say(yours)} is not it."]
        known = [each for each in self.mistakes if _leads_to(each, yours)]
        if len({each.because for each in known}) == 1:
            return recognised(lines, known[0])
        return because(lines, _of_number(yours, self.reference))


def _leads_to(mistake, number):
    """Whether a slip leads to this number; it is recognised after rounding, too."""
    if number.size != 1 or not np.isfinite(number).all():
        return False
    near = np.isclose(number, mistake.answer, rtol=ROUNDED, atol=0).all()
    return near or bool(mistake.when and mistake.when(float(number.reshape(()))))


@dataclass(frozen=True, kw_only=True)
class Choice(Task):
    """One of a few words to choose, worth no marks; a mistake's answer is such a word.

    picture: matplotlib Figure -> None, draws what the question is about; None where nothing is.
    """

    reference: str
    options: tuple
    picture: Callable | None = None
    work: str = "read a picture"

    def look(self, answer, source=None):
        """Compare one word, however it is spaced or written: "B, C, A" or a list, too."""
        if answer is ...:
            return Finding(False, [f"✗ {unfilled(f'{self.asks} is')}"], ended="unfilled")
        yours = re.sub(r"\W", "", "".join(map(str, np.ravel(answer)))).upper()
        if yours not in self.options:
            choices = ", ".join(f'"{option}"' for option in self.options)
            return Finding(
                False, [f"✗ {self.asks} must be one of {choices}; it is {shorten(answer)}."]
            )
        if yours == self.reference:
            return Finding(True, ["    your choice is right"])
        known = [mistake for mistake in self.mistakes if mistake.answer == yours]
        return recognised([f'✗ {self.asks} = "{yours}" is not it.'], *known[:1])


@dataclass(frozen=True, kw_only=True)
class Goal(Task):
    """Numbers to choose so that a goal is reached; many answers are right.

    results: the names of the numbers.
    reach:   numbers -> (whether the goal is reached, a sentence on what happened).
    reached: what is printed when it is, the same for every right answer.
    """

    results: tuple
    reach: Callable
    reached: str
    reference: tuple
    work: str = "choose"

    def look(self, answer, source=None):
        """Try the chosen numbers; of the known mistakes the first that is true is told."""
        try:
            yours = as_results(answer, self.results, f"{self.asks} is")
            numbers = [as_number(name, value) for name, value in zip(self.results, yours)]
        except NotAnAnswer as problem:
            return no_answer([f"✗ {problem}"], problem.sentence)
        passed, happened = self.reach(*numbers)
        if passed:
            return Finding(True, [f"    {self.reached}"])
        tried = "   ".join(f"{n} = {say(value)}" for n, value in zip(self.results, numbers))
        known = [each for each in self.mistakes if _is_chosen(each, numbers)]
        return recognised([f"✗ with {tried}", f"    {happened}"], *known[:1])


def _is_chosen(mistake, numbers):
    """Whether these numbers are a known mistake's, or lie where its sentence is true, too."""
    exactly = agree(map(np.asarray, numbers), [np.asarray(float(n)) for n in mistake.answer])
    return exactly or bool(mistake.when and mistake.when(*numbers))


def _of_number(yours, reference):
    """A sentence on a number that was predicted, "" where none is true; it tells no answer."""
    if yours.size != 1:
        return "One number is wanted."
    number = float(yours.reshape(()))
    if not np.isfinite(number):
        return NAN if np.isnan(number) else "The number that is wanted is finite."
    if np.isclose(number, -reference):
        return "The size is right, the sign is not."
    if number * reference < 0:
        return "Look at the sign first: it is the other one."
    if reference and number:
        digits = np.log10(abs(number)) - np.log10(abs(reference))
        if np.isclose(digits, round(digits), atol=1e-6):
            return "The digits are right. The decimal point is at another place."
        if np.isclose(number * reference, 1):
            return "It is upside down: 1 divided by your number would be right."
        if abs(number / reference - 1) < 0.005:
            return "That is close, but rounded: write the number exactly, as a formula if you like."
    return f"It is too {'large' if number > reference else 'small'}."
