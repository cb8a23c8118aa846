"""Tasks whose answer is a number, a word, or some numbers that reach a goal."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course.checks import answer_text
from course.checks.base import Finding, Task, because, no_answer, recognised
from course.checks.calling import (
    COMMA,
    EXACT,
    NotAnAnswer,
    agree,
    as_number,
    as_results,
    is_decimal_comma,
    say,
    shorten,
    unfilled,
)
from course.checks.seen import NAN, in_words

#: How far off a predicted number may be and still be taken for a known slip's.
ROUNDED = 1e-3
#: And how far off, as a part of how far the slip is from the right number.
APART = 0.01


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
        yours = yours.reshape(()) if yours.size == 1 else yours
        if agree([yours], [np.asarray(float(self.reference))], EXACT):
            return Finding(True, ["    your number is right"])
        lines = [f"✗ {self.asks} = {say(yours)} is not it."]
        known = self._known(float(yours)) if yours.ndim == 0 and np.isfinite(yours) else []
        if len({each.because for each in known}) == 1:
            return recognised(lines, known[0])
        said = COMMA if is_decimal_comma(answer, 1) else ""
        said = said or answer_text.no_power(source) or _of_number(yours, self.reference)
        return because(lines, said)

    def _known(self, number):
        """The slips that lead to a number, rounded or not: the nearest; else what is true there."""
        off = [(abs(number - each.answer), each) for each in self.mistakes]
        near = [(gap, each) for gap, each in off if gap <= self._rounding(each)]
        if near:
            nearest = min(gap for gap, _ in near)
            return [each for gap, each in near if np.isclose(gap, nearest, rtol=0, atol=1e-12)]
        return [each for each in self.mistakes if each.when and each.when(number)]

    def _rounding(self, mistake):
        """How far from a slip's number a rounded one may be, and not more towards the right one."""
        apart = abs(mistake.answer - self.reference)
        return min(ROUNDED * abs(mistake.answer), APART * apart) + 1e-12


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
        yours = _letters(answer)
        if yours not in self.options:
            choices = ", ".join(f'"{option}"' for option in self.options)
            lines = [f"✗ {self.asks} must be one of {choices}; it is {shorten(answer)}."]
            return because(lines, _of_word(yours, self.options))
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
        known = sorted(
            (each for each in self.mistakes if _is_chosen(each, numbers)),
            key=lambda each: not _is_exactly(each, numbers),
        )
        return recognised([f"✗ with {tried}", f"    {happened}"], *known[:1])


def _is_chosen(mistake, numbers):
    """Whether these numbers are a known mistake's, or lie where its sentence is true, too."""
    return _is_exactly(mistake, numbers) or bool(mistake.when and mistake.when(*numbers))


def _is_exactly(mistake, numbers):
    return agree(map(np.asarray, numbers), [np.asarray(float(n)) for n in mistake.answer])


def _letters(answer):
    """A word in capitals, without what stands between its letters, from a word or a list."""
    try:
        parts = np.ravel(answer)
    except ValueError:  # a list in a list
        parts = [answer]
    text = re.sub(r"\bb(?=['\"])", "", "".join(map(str, parts)))  # bytes are written b"ABC"
    return re.sub(r"\W", "", text).upper()


def _of_word(yours, options):
    """What keeps a word, in capitals, from being one of some orders of the same letters."""
    letters = sorted(set("".join(options)))
    if not all(sorted(option) == letters for option in options):
        return ""
    alone = re.sub(r"[\d_]", "", yours)
    if alone == "NONE" or not alone:
        return f"Write the letters {in_words(letters)} in your order, in quotes."
    others = sorted(set(alone) - set(letters))
    if others:
        return f"There are the letters {in_words(letters)}; {others[0]} is none of them."
    twice = [letter for letter in letters if alone.count(letter) > 1]
    missing = [letter for letter in letters if letter not in alone]
    if twice or missing:
        said = [f"{letter} stands there more than once" for letter in twice]
        said += [f"{letter} is missing" for letter in missing]
        return f"Each letter is wanted once: {in_words(said)}."
    return "Write the letters alone, without numbers."


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
        if abs(number / reference - 1) < 0.005:
            return "That is close, but rounded: write the number exactly, as a formula if you like."
        digits = np.log10(abs(number)) - np.log10(abs(reference))
        if np.isclose(digits, round(digits), atol=1e-6):
            return "The digits are right. The decimal point is at another place."
        if np.isclose(number * reference, 1):
            return "It is upside down: 1 divided by your number would be right."
    if number > reference:
        return "It is not far enough below 0." if number < 0 else "It is too large."
    return "It is too far below 0." if number < 0 else "It is too small."
