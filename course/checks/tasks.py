"""The kinds of task, each declared once: what it asks, its reference, its mistakes, its hints.

A task looks at a learner's answer and returns a `Finding`. Where the answer is wrong, it is
compared with what every known mistake would have given, and the mistake it matches is named.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course.checks.broken_steps import tested
from course.checks.calling import (
    NotAnAnswer,
    agree,
    as_number,
    as_results,
    ask,
    call,
    has_nan,
    no_function,
    say,
    shorten,
    unfilled,
)
from course.checks.resuming import interrupted


class Case(NamedTuple):
    """One call of the learner's function: its title and its arguments."""

    title: str
    arguments: tuple


class Mistake(NamedTuple):
    """A known wrong answer, and the sentence that explains it in the learner's words.

    untouched: whether it is what the sheet gives to begin with.
    """

    answer: object
    because: str
    untouched: bool = False


class Finding(NamedTuple):
    """What a task says of an answer: whether it holds, and the lines that say so.

    because: the sentence of the known mistake that was recognised, "" if none was.
    ended:   in which way there was no answer to compare, as `calling.Sentence` says, else "".
    error:   the name of the exception's class that it raised, if it did.
    """

    passed: bool
    lines: list
    because: str = ""
    ended: str = ""
    error: str = ""


#: How far off a predicted number may be and still be taken for a known slip's.
ROUNDED = 1e-3
#: What is said of nan where a number is expected.
NAN = (
    'nan, "not a number", comes from 0/0, inf - inf, or the root of a negative number: look which '
    "of them your lines can meet here."
)


@dataclass(frozen=True, kw_only=True)
class Task:
    """What every kind of task has.

    name:   "04.step": the chapter and the task; the cells are called step-answer, step-check.
    work:   what there is to do, in a few words: "write the rule", "repair".
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
    work: str = "write the rule"

    @property
    def heading(self):
        """What stands above it in its sheet, such as "One step *(write the rule, 3 points)*"."""
        points = f"{self.points} point{'s' * (self.points != 1)}" if self.points else "no marks"
        return f"{self.title} *({self.work}, {points})*"

    @property
    def chapter(self):
        """The chapter that it belongs to: "04" for "04.step"."""
        return self.name.partition(".")[0]

    @property
    def answer_cell(self):
        """The name of the cell that the answer stands in."""
        return f"{self.name.partition('.')[2]}-answer"

    @property
    def check_cell(self):
        """The name of the cell that checks it."""
        return f"{self.name.partition('.')[2]}-check"

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
    drawn:     how many such cases a check tries, and at least as many where marks are given.
    pure:      whether the function must leave its arguments as they are; else it may or not.
    """

    results: tuple
    reference: Callable
    shown: tuple
    draw: Callable
    drawn: int = 4
    pure: bool = False

    def cases(self, seed=0):
        """The shown cases and some drawn ones; the same for the same seed."""
        random = np.random.default_rng(seed)
        more = [Case("with numbers drawn at random", self.draw(random)) for _ in range(self.drawn)]
        return [*self.shown, *more]

    def look(self, answer):
        """Call the answer on every case."""
        if not callable(answer):
            return Finding(False, [no_function(self.asks, answer)])
        return self.explain(self._answers(answer))

    def explain(self, answers):
        """What is to be said of a function by what it gave, wherever it ran; a `Finding`.

        answers: what `calling.ask` returns for the arguments of `cases()`.
        """
        for case, yours in zip(self.cases(), answers):
            if isinstance(yours, str):
                return no_answer([f"✗ {case.title}", f"    {yours}"], yours)
            expected = self._call(self.reference, case)
            if not agree(yours, expected):
                return self._explain(case, yours, expected, answers)
        right = [(case.title, self._call(self.reference, case)) for case in self.shown]
        return Finding(True, [f"    {title}: {self._say(expected)}" for title, expected in right])

    def called(self, answer):
        """What is called of an answer: the learner's function itself."""
        return answer

    def _call(self, function, case):
        return call(self.called(function), case.arguments, self.asks, self.results, self.pure)

    def _answers(self, answer):
        cases = [case.arguments for case in self.cases()]
        return ask(self.called(answer), cases, self.asks, self.results, self.pure)

    def _explain(self, case, yours, expected, answers):
        lines = [
            f"✗ {case.title}",
            f"    expected  {self._say(expected)}",
            f"    yours     {self._say(yours)}",
        ]
        for mistake in self.mistakes:
            if self._gives(mistake.answer, answers):
                return _recognised(lines, mistake)
        # Shapes first: a product of the wrong shape often brings a nan with it.
        shapes = [
            f"    {name} must {_shape(good)}; yours has shape {bad.shape}."
            for name, good, bad in zip(self.results, expected, yours)
            if good.shape != bad.shape
        ]
        if has_nan(yours) and not has_nan(expected) and not shapes:
            return Finding(False, [*lines, f"    {NAN}"])
        return Finding(False, lines + shapes)

    def _gives(self, function, answers):
        """Whether a function gives these answers; stops at the first case that differs."""
        if any(isinstance(each, str) for each in answers):
            return False
        try:
            given = (self._call(function, case) for case in self.cases())
            return all(map(agree, answers, given))
        except NotAnAnswer:
            return False

    def _say(self, values):
        return "   ".join(f"{name} = {say(value)}" for name, value in zip(self.results, values))


@dataclass(frozen=True, kw_only=True)
class Resumed(Rule):
    """A Keras optimizer to write or to repair: a class, which is stopped in mid-run and made anew.

    A case's arguments are (weights, calls, arguments of the class, how many calls until the
    stop), as in `resuming.interrupted`; its result is the weights after each call.
    """

    def called(self, answer):
        """What is called: a run of the learner's class that is interrupted; a reference itself."""
        return interrupted(answer) if isinstance(answer, type) else answer


@dataclass(frozen=True, kw_only=True)
class Tested(Rule):
    """A test to write, which says of steps, one a case, whether they are broken.

    A case's arguments are those of `broken_steps.step_from`; a reference is a test, too.
    """

    def called(self, answer):
        """What is called: the learner's test of the step that a row of numbers makes."""
        return tested(answer)


@dataclass(frozen=True, kw_only=True)
class Number(Task):
    """A number to predict, worth no marks; a mistake's answer is the number it leads to."""

    reference: float
    work: str = "predict"

    def look(self, answer):
        """Compare one number; the right one is never printed, as the sheet stores this text."""
        try:
            (yours,) = as_results(answer, (self.asks,), f"{self.asks} is")
        except NotAnAnswer as problem:
            return no_answer([f"✗ {problem}"], problem.sentence)
        if agree([yours], [np.asarray(float(self.reference))]):
            return Finding(True, ["    your number is right"])
        # A slip is recognised after rounding, too; a right answer must be exact.
        known = [
            mistake
            for mistake in self.mistakes
            if yours.size == 1 and np.isclose(yours, mistake.answer, rtol=ROUNDED, atol=0).all()
        ]
        return _recognised([f"✗ {self.asks} = {say(yours)} is not it."], *known[:1])


@dataclass(frozen=True, kw_only=True)
class Choice(Task):
    """One of a few words to choose, worth no marks; a mistake's answer is such a word.

    picture: matplotlib Figure -> None, draws what the question is about; None where nothing is.
    """

    reference: str
    options: tuple
    picture: Callable | None = None
    work: str = "read a picture"

    def look(self, answer):
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
        return _recognised([f'✗ {self.asks} = "{yours}" is not it.'], *known[:1])


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

    def look(self, answer):
        """Try the chosen numbers."""
        try:
            yours = as_results(answer, self.results, f"{self.asks} is")
            numbers = [as_number(name, value) for name, value in zip(self.results, yours)]
        except NotAnAnswer as problem:
            return no_answer([f"✗ {problem}"], problem.sentence)
        passed, happened = self.reach(*numbers)
        if passed:
            return Finding(True, [f"    {self.reached}"])
        tried = "   ".join(f"{n} = {say(value)}" for n, value in zip(self.results, numbers))
        known = [
            mistake
            for mistake in self.mistakes
            if agree(map(np.asarray, numbers), [np.asarray(float(n)) for n in mistake.answer])
        ]
        return _recognised([f"✗ with {tried}", f"    {happened}"], *known[:1])


def _shape(value):
    """What must hold of a result's shape, in words that a learner knows."""
    return f"have shape {value.shape}" if value.ndim else "be one number"


def no_answer(lines, sentence):
    """The `Finding` where there is nothing to compare, as a `calling.Sentence` says."""
    return Finding(False, lines, ended=sentence.ended, error=sentence.error)


def _recognised(lines, mistake=None):
    """A wrong answer's `Finding`, with the sentence of the mistake that was recognised, if any."""
    if mistake is None:
        return Finding(False, lines)
    ended = "unfilled" if mistake.untouched else ""
    return Finding(False, [*lines, f"    {mistake.because}"], mistake.because, ended)
