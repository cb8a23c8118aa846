"""A task whose answer is free text, which a person reads and marks."""

from dataclasses import dataclass

from course.checks.base import Finding, Task

WAITS = "waits"  # how a `Finding` ends that only a person can make


@dataclass(frozen=True, kw_only=True)
class Essay(Task):
    """A question to answer in one's own words, in a text cell that is tagged `essay`.

    No check tells whether it is right: the grader collects the texts on one page.
    """

    asks: str = ""
    hints: tuple = ("Write as if to somebody who has not done this sheet.",)
    work: str = "write in your own words"

    @property
    def answer_cell(self):
        """The name of the text cell that the answer stands in."""
        return f"{self.name.partition('.')[2]}-essay"

    def look(self, answer, source=None):
        """Say that no check can look at it."""
        return Finding(False, ["Your teacher reads this; no check can."], ended=WAITS)
