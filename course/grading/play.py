"""Run a sheet's cells one after the other in a confined child, and note what became of each."""

import time
from typing import NamedTuple

from course.grading import warm
from course.grading.words import cause

CELLS_SHARE = 6  # one cell may take a sixth of the limit: later tasks can still earn


class Asked(NamedTuple):
    """What became of one check cell.

    reply:   the `warm.Reply`; None where it was not run.
    causes:  sentences on the cells before it that did not run to their end.
    unseen:  why it was not run, as a sentence.
    seconds: what its cells took, from the check before to this one.
    """

    reply: warm.Reply | None
    causes: tuple
    unseen: str
    seconds: float
    share: float


class Played(NamedTuple):
    """What became of all: task's name -> `Asked`, what held the child in, and notes."""

    cells: dict
    confinement: str
    notes: tuple


def play(paper, answers, asks, *, level, limit=60.0, memory=2048):
    """Run given and answer cells in order, and for each task in `asks` its check.

    asks:   task's name -> the source of the cell that asks; other tasks are left out.
    Errors: warm.NotJudged.
    """
    with warm.child(paper.needs, level, memory=memory, seconds=limit) as child:
        run = _Run(child, limit)
        for cell in paper.cells(answers):
            if cell.kind != "check":
                run.prepare(cell)
            elif cell.name in asks:
                run.check(cell.name, asks[cell.name])
    return Played(run.asked, ", ".join(child.held) or "none", tuple(run.notes))


class _Run:
    """One child on its way through the cells."""

    def __init__(self, child, limit):
        self.child, self.limit, self.share = child, limit, limit / CELLS_SHARE
        self.end = time.monotonic() + limit
        self.asked, self.notes, self.causes = {}, [], []
        self.begin, self.ended = time.monotonic(), ""

    def prepare(self, cell):
        """Run a given cell or an answer, and note a cause if it does not end as it should."""
        reply = self._run(cell.name, cell.source)
        raised = reply and _raised(reply.outputs)
        if reply and (reply.why or raised):
            self.causes.append(
                cause(cell.name, reply.why, raised, self.share, cell.kind == "answer")
            )

    def check(self, name, source):
        """Ask."""
        reply, now = self._run(f"the check of {name}", source), time.monotonic()
        unseen = "" if reply else self._why_not()
        seconds = now - self.begin
        self.asked[name] = Asked(reply, tuple(self.causes), unseen, seconds, self.share)
        self.causes, self.begin = [], now

    def _run(self, name, source):
        left = self.end - time.monotonic()
        if not self.child.alive or left <= 0:
            return None
        reply = self.child.run(source, min(self.share, left))
        if reply.why == "died":
            self.ended = name
            self.notes.append(f"The run ended in {name}; what comes after was not looked at.")
        return reply

    def _why_not(self):
        if self.child.alive:
            return f"The sheet took longer than {self.limit:g} s and was stopped before this check."
        return f"Not looked at: no cell could be run any more after {self.ended}."


def _raised(outputs):
    errors = [each for each in outputs if each["output_type"] == "error"]
    return (errors[-1]["ename"], errors[-1]["evalue"]) if errors else None
