"""The kinds of question: choose one, give a number, put in order. Each judges a guess.

Texts are one line of Markdown: `code`, *stress* and **strong** may stand in them.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

#: One number as it is typed; questions.js of the book has the same pattern.
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)


class BadGuess(ValueError):
    """A guess that cannot be judged; its text says what came and what to give."""


class Option(NamedTuple):
    """One answer to choose, with the sentence that says what choosing it means."""

    label: str
    sentence: str
    right: bool = False


def right(label, sentence):
    """The option that holds, and why."""
    return Option(label, sentence, right=True)


def wrong(label, sentence):
    """An option that does not hold, and what would have to be so, or where it would hold."""
    return Option(label, sentence)


class Verdict(NamedTuple):
    """What is said of a guess.

    given:    the guess in words, as it is recorded.
    sentence: what that guess means, one line of Markdown.
    """

    passed: bool
    given: str
    sentence: str


@dataclass(frozen=True)
class Question:
    """What all kinds have.

    name:  the chapter and a word, such as "04.slope".
    cell:  the name of the cell in the chapter whose output answers, or "" where none does.
    shown: the words in that output that decide it.
    """

    name: str
    text: str

    @property
    def chapter(self):
        """The chapter's number, such as "04"."""
        return self.name[:2]


@dataclass(frozen=True)
class Choice(Question):
    """Choose one of several options; a guess is the option's position, from 0."""

    options: tuple
    cell: str = ""
    shown: str = ""

    kind = "choice"

    @property
    def labels(self):
        """What there is to choose from, in the order in which it is shown."""
        return [option.label for option in self.options]

    @property
    def answer(self):
        """The Verdict on the right guess."""
        return next(self.judge(i) for i, option in enumerate(self.options) if option.right)

    @property
    def mistakes(self):
        """(label, sentence) of each wrong option."""
        return [(each.label, each.sentence) for each in self.options if not each.right]

    def judge(self, guess):
        """The Verdict on a guess.

        Errors: BadGuess for what is no position of an option.
        """
        if type(guess) is not int or not 0 <= guess < len(self.options):
            raise BadGuess(f"Choose one of {len(self.options)} options; got {guess!r}.")
        label, sentence, passed = self.options[guess]
        return Verdict(passed, label, sentence)


@dataclass(frozen=True)
class Number(Question):
    """Give a number; a guess is what was typed.

    value:     the right one; a guess passes that is at most `tolerance` away.
    because:   why it is right.
    slips:     (number, sentence) of each wrong number that has a known cause.
    otherwise: the sentence for every other number.
    """

    value: float
    tolerance: float
    because: str
    slips: tuple
    otherwise: str
    cell: str = ""
    shown: str = ""

    kind = "number"
    labels = ()

    @property
    def answer(self):
        """The Verdict on the right number."""
        return Verdict(True, f"{self.value:g}", self.because)

    @property
    def mistakes(self):
        """(number, sentence) of each known slip."""
        return [(f"{number:g}", sentence) for number, sentence in self.slips]

    def judge(self, guess):
        """The Verdict on a guess.

        Errors: BadGuess for what is no finite number.
        """
        number = read_number(guess)
        if abs(number - self.value) <= self.tolerance:
            return Verdict(True, f"{number:g}", self.because)
        for slip, sentence in self.slips:
            if abs(number - slip) <= self.tolerance:
                return Verdict(False, f"{number:g}", sentence)
        return Verdict(False, f"{number:g}", self.otherwise)


@dataclass(frozen=True)
class Order(Question):
    """Put things in order; a guess is a list of positions in `labels`.

    steps: (label, why it comes before the next) in the right order; the last reason says why the
           whole is so.
    """

    steps: tuple
    cell: str = ""
    shown: str = ""

    kind = "order"

    @property
    def labels(self):
        """What is to be put in order, by the alphabet."""
        return sorted(label for label, _ in self.steps)

    @property
    def answer(self):
        """The Verdict on the right order."""
        return self.judge([self.labels.index(label) for label, _ in self.steps])

    @property
    def mistakes(self):
        """(X before Y, reason) of each pair of neighbours."""
        pairs = zip(self.steps, self.steps[1:])
        return [(f"{first} before {second}", reason) for (first, reason), (second, _) in pairs]

    def judge(self, guess):
        """The Verdict on a guess; a wrong one is told the first pair that is the wrong way round.

        Errors: BadGuess for what is no order of all of them.
        """
        if not isinstance(guess, list) or sorted(map(str, guess)) != sorted(
            map(str, range(len(self.steps)))
        ):
            raise BadGuess(f"Put all {len(self.steps)} in order, each once; got {guess!r}.")
        placed = [self.labels[int(position)] for position in guess]
        given = ", ".join(placed)
        for (first, reason), (second, _) in zip(self.steps, self.steps[1:]):
            if placed.index(first) > placed.index(second):
                return Verdict(False, given, f"{first} comes before {second}: {reason}")
        return Verdict(True, given, self.steps[-1][1])


def read_number(text):
    """The number that a learner typed: "0.1", "0,1", "−2", "1e-3" or "1/3".

    Errors: BadGuess for what is no finite number.
    """
    plain = str(text).strip().replace("−", "-").replace(",", ".")
    over, *under = [part.strip() for part in plain.split("/", 1)]
    number = float("nan")
    if all(NUMBER.fullmatch(part) for part in [over, *under]):
        with suppress(ZeroDivisionError):
            number = float(over) / float(under[0] if under else 1)
    if not isfinite(number):
        raise BadGuess(f"Give a number, such as 0.9 or 1/3; got {str(text)[:40]!r}.")
    return number
