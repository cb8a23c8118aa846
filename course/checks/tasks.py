"""The kinds of task, each declared once: what it asks, its reference, its mistakes, its hints.

A task looks at a learner's answer and returns a `Finding`. Where the answer is wrong, it is
compared with what every known mistake would have given, and the mistake it matches is named.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

# Any algebraic order of float64 arithmetic stays far inside this; a wrong factor far outside.
RELATIVE, ABSOLUTE = 1e-6, 1e-9


class Case(NamedTuple):
    """One call of the learner's function: its title and its arguments."""

    title: str
    arguments: tuple


class Mistake(NamedTuple):
    """A known wrong answer, and the sentence that explains it in the learner's words."""

    answer: object
    because: str


class Finding(NamedTuple):
    """What a task says of an answer: whether it holds, and the lines that say so."""

    passed: bool
    lines: list


@dataclass(frozen=True, kw_only=True)
class Task:
    """What every kind of task has.

    name:   "04.step": the chapter and the task; the cells are called step-answer, step-check.
    asks:   the name that the learner's answer must define.
    points: marks; 0 where one fixed answer could be copied from a neighbour.
    hints:  from vague to concrete.
    """

    name: str
    title: str
    asks: str
    points: int
    hints: tuple
    mistakes: tuple = ()

    def look(self, answer):
        """Look at an answer; returns a `Finding`."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Rule(Task):
    """A function to write or to repair.

    results:   the names of what it returns, such as ("w", "v").
    reference: the right function.
    shown:     cases with round numbers, which the learner sees.
    draw:      numpy Generator -> arguments of one more case, for checking and for marking.
    """

    results: tuple
    reference: Callable
    shown: tuple
    draw: Callable

    def cases(self, seed=0, drawn=4):
        """The shown cases and some drawn ones; the same for the same seed."""
        random = np.random.default_rng(seed)
        more = [Case("with numbers drawn at random", self.draw(random)) for _ in range(drawn)]
        return [*self.shown, *more]

    def look(self, answer):
        """Call the answer on every case; stop at the first that differs."""
        if not callable(answer):
            return Finding(False, [f"{self.asks} must be a function; it is {_shorten(answer)}."])
        right = []
        for case in self.cases():
            expected = self._call(self.reference, case)
            try:
                yours = self._call(answer, case)
            except _NotAnAnswer as problem:
                return Finding(False, [f"✗ {case.title}", f"    {problem}"])
            if not _agree(yours, expected):
                return Finding(False, self._explain(case, yours, expected, answer))
            if case in self.shown:
                right.append(f"    {case.title}: {self._say(expected)}")
        return Finding(True, right)

    def _call(self, function, case):
        """Call on copies, so that working in place is as good as not."""
        arguments = [np.copy(a) if isinstance(a, np.ndarray) else a for a in case.arguments]
        try:
            with np.errstate(all="ignore"):
                value = function(*arguments)
        except Exception as error:
            raise _NotAnAnswer(f"{self.asks} raised {type(error).__name__}: {error}") from None
        return _results(value, self.results, f"{self.asks} returned")

    def _answers(self, function):
        """What a function gives in every case, or None where it fails in one."""
        try:
            return [self._call(function, case) for case in self.cases()]
        except _NotAnAnswer:
            return None

    def _explain(self, case, yours, expected, answer):
        lines = [
            f"✗ {case.title}",
            f"    expected  {self._say(expected)}",
            f"    yours     {self._say(yours)}",
        ]
        answers = self._answers(answer)
        for mistake in self.mistakes:
            if answers and all(map(_agree, answers, self._answers(mistake.answer))):
                return [*lines, f"    {mistake.because}"]
        shapes = [
            f"    {name} must have shape {good.shape}; yours has {bad.shape}."
            for name, good, bad in zip(self.results, expected, yours)
            if good.shape != bad.shape
        ]
        return lines + shapes

    def _say(self, values):
        return "   ".join(f"{name} = {say(value)}" for name, value in zip(self.results, values))


@dataclass(frozen=True, kw_only=True)
class Number(Task):
    """A number to predict, worth no marks; a mistake's answer is the number it leads to."""

    reference: float

    def look(self, answer):
        """Compare one number; the right one is never printed, as the sheet stores this text."""
        try:
            (yours,) = _results(answer, (self.asks,), f"{self.asks} is")
        except _NotAnAnswer as problem:
            return Finding(False, [f"✗ {problem}"])
        if _agree([yours], [np.asarray(float(self.reference))]):
            return Finding(True, ["    your number is right"])
        because = [
            f"    {mistake.because}"
            for mistake in self.mistakes
            if _agree([yours], [np.asarray(float(mistake.answer))])
        ]
        return Finding(False, [f"✗ {self.asks} = {say(yours)} is not it.", *because[:1]])


@dataclass(frozen=True, kw_only=True)
class Choice(Task):
    """One of a few words to choose, worth no marks; a mistake's answer is such a word.

    picture: matplotlib Figure -> None, draws what the question is about; None where nothing is.
    """

    reference: str
    options: tuple
    picture: Callable | None = None

    def look(self, answer):
        """Compare one word, however it is spaced or written."""
        yours = "".join(str(answer).split()).upper()
        if yours not in self.options:
            choices = ", ".join(f'"{option}"' for option in self.options)
            return Finding(
                False, [f"✗ {self.asks} must be one of {choices}; it is {_shorten(answer)}."]
            )
        if yours == self.reference:
            return Finding(True, ["    your choice is right"])
        because = [f"    {m.because}" for m in self.mistakes if m.answer == yours]
        return Finding(False, [f'✗ {self.asks} = "{yours}" is not it.', *because])


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

    def look(self, answer):
        """Try the chosen numbers."""
        try:
            yours = _results(answer, self.results, f"{self.asks} is")
            numbers = [_scalar(name, value) for name, value in zip(self.results, yours)]
        except _NotAnAnswer as problem:
            return Finding(False, [f"✗ {problem}"])
        passed, happened = self.reach(*numbers)
        if passed:
            return Finding(True, [f"    {self.reached}"])
        tried = "   ".join(f"{n} = {say(value)}" for n, value in zip(self.results, numbers))
        because = [
            f"    {mistake.because}"
            for mistake in self.mistakes
            if _agree(yours, [np.asarray(float(number)) for number in mistake.answer])
        ]
        return Finding(False, [f"✗ with {tried}", f"    {happened}", *because[:1]])


# ---- what the kinds share ------------------------------------------------------------


class _NotAnAnswer(Exception):
    """The answer is of no kind that could be right; the text says how."""


def _results(value, names, whose):
    """The value as one float array per name; raises _NotAnAnswer where it can't be."""
    if value is None:
        wanted = ", ".join(names)
        raise _NotAnAnswer(f"{whose} nothing (None); end it with: return {wanted}")
    if len(names) == 1:
        value = (value,)
    if value is ... or (isinstance(value, tuple) and any(part is ... for part in value)):
        raise _NotAnAnswer(f"{whose} still `...`; put your answer in its place.")
    elif not hasattr(value, "__len__") or len(value) != len(names):
        raise _NotAnAnswer(
            f"{whose} {_shorten(value)}; {len(names)} values are wanted: {', '.join(names)}."
        )
    try:
        return [np.asarray(part, dtype=float) for part in value]
    except (TypeError, ValueError):
        raise _NotAnAnswer(f"{whose} {_shorten(value)}, which is no number.") from None


def _scalar(name, value):
    if value.size != 1 or not np.isfinite(value).all():
        raise _NotAnAnswer(f"{name} must be one finite number; it is {say(value)}.")
    return float(value.reshape(()))


def _agree(yours, expected):
    return all(
        a.shape == b.shape and np.allclose(a, b, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
        for a, b in zip(yours, expected, strict=True)
    )


def _shorten(value):
    words = repr(value)
    return words if len(words) <= 60 else words[:57] + "..."


def say(value):
    """A number or an array as a learner reads it: four significant digits, no -0."""
    value = np.asarray(value, dtype=float)
    if value.ndim:
        return "[" + ", ".join(say(part) for part in value) + "]"
    return f"{float(value) + 0.0:.4g}"
