"""What every kind of task has: its cases, its known mistakes, and what it finds of an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Case(NamedTuple):
    """One call of the learner's function: its title and its arguments."""

    title: str
    arguments: tuple


class Part(NamedTuple):
    """A part of what a `Rule` is worth: its title, and which arguments belong to it.

    holds_for: called with a case's arguments, whether they are of this part.
    """

    title: str
    holds_for: Callable


class Mistake(NamedTuple):
    """A known wrong answer, and the sentence that explains it in the learner's words.

    untouched: whether it is what the sheet gives to begin with; its sentence is said only where
               the learner's cell still holds that.
    when:      for numbers that a learner chooses or predicts: a function of them that says where
               else the sentence is true, such as lambda rate, momentum: rate <= 0.
    """

    answer: object
    because: str
    untouched: bool = False
    when: Callable | None = None


class Finding(NamedTuple):
    """What a task says of an answer: whether it holds, and the lines that say so.

    because: the sentence on the likely cause, of a known mistake or by rule; "" if there is none.
    ended:   in which way there was no answer to compare, as `calling.Sentence` says, else "".
    error:   the name of the exception's class that it raised, if it did.
    remarks: sentences on an answer that holds, such as that it changes the caller's array.
    """

    passed: bool
    lines: list
    because: str = ""
    ended: str = ""
    error: str = ""
    remarks: tuple = ()


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

    def look(self, answer, source=None):
        """Look at an answer; returns a `Finding`.

        source: the text of the cell in which it was written, None where that is not known.
        """
        raise NotImplementedError


def no_answer(lines, sentence):
    """The `Finding` where there is nothing to compare, as a `calling.Sentence` says."""
    return Finding(False, lines, ended=sentence.ended, error=sentence.error)


def recognised(lines, mistake=None):
    """A wrong answer's `Finding`, with the sentence of the mistake that was recognised, if any."""
    if mistake is None:
        return Finding(False, lines)
    ended = "unfilled" if mistake.untouched else ""
    return because(lines, mistake.because, ended)


def because(lines, sentence, ended=""):
    """A wrong answer's `Finding`, with a sentence on the likely cause; "" if there is none."""
    return Finding(False, [*lines, f"    {sentence}"] if sentence else lines, sentence, ended)
