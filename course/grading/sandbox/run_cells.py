"""Run a sheet's cells one after the other in a confined child, and note what became of each."""

from typing import NamedTuple

from course.grading.limits import Limits
from course.grading.messages import cause
from course.grading.sandbox import pool


class CheckRun(NamedTuple):
    """What became of one check cell.

    reply:   the `pool.Reply`; None where it was not run.
    causes:  sentences on the cells before it that did not run to their end.
    unseen:  why it was not run, as a sentence.
    seconds: what its cells took, from the check before to this one.
    limits:  the `Limits` under which they ran.
    """

    reply: pool.Reply | None
    causes: tuple
    unseen: str
    seconds: float
    limits: Limits


class CellsRun(NamedTuple):
    """What became of all.

    cells, lasts: task's name -> `CheckRun`, of its check and of what was asked at the end.
    confinement:  what held the child in.
    """

    cells: dict
    lasts: dict
    confinement: str
    notes: tuple
    seconds: float


NOTHING = CellsRun({}, {}, "", (), 0.0)


def run_cells(paper, answers, asks, limits, spent=0.0, at_the_end=lambda cells: {}):
    """Run given and answer cells in order, and for each task in `asks` its check.

    asks:   task's name -> the source of the cell that asks; other tasks are left out.
    limits: `Limits`; of its seconds, `spent` have been taken already.
    at_the_end: `CellsRun.cells` of one process -> what is asked there when all else has been.
    Errors: pool.NotJudged.
    """
    done = NOTHING
    for kind in dict.fromkeys(paper.kinds[name] for name in asks):
        mine = {name: source for name, source in asks.items() if paper.kinds[name] == kind}
        with pool.child(kind, limits.level, memory=limits.memory, seconds=limits.seconds) as child:
            run = _Run(child, limits, spent + done.seconds)
            run.all(paper.cells(answers), mine)
            lasts = run.lasts(at_the_end(run.asked))
            held = ", ".join(child.held) or "none"
        done = _together(done, CellsRun(run.asked, lasts, held, tuple(run.notes), run.seconds))
    return done


def _together(one, other):
    return CellsRun(
        one.cells | other.cells,
        one.lasts | other.lasts,
        other.confinement,
        (*one.notes, *(note for note in other.notes if note not in one.notes)),
        one.seconds + other.seconds,
    )


class _Run:
    """One child on its way through the cells."""

    def __init__(self, child, limits, spent):
        self.child, self.limits, self.left = child, limits, limits.seconds - spent
        self.asked, self.notes, self.causes = {}, [], {}
        self.seconds, self.begin, self.ended = 0.0, 0.0, ""
        self.theirs = spent > 0  # whether anything of the learner's has run, here or before

    def all(self, cells, asks):
        """Run cells until all checks in `asks` have been."""
        for cell in cells:
            if cell.kind != "check":
                self.prepare(cell)
            elif cell.name in asks:
                self.check(cell.name, asks[cell.name])
            if asks.keys() <= self.asked.keys():
                return

    def lasts(self, asks):
        """Ask once more, when nothing else will be run; returns task's name -> `CheckRun`."""
        kept, self.asked = self.asked, {}
        for name, source in asks.items():
            self.check(name, source)
        asked, self.asked = self.asked, kept
        return asked

    def prepare(self, cell):
        """Run a given cell or an answer, and note a cause if it does not end as it should.

        Of copies of an answer, as of a cell that is run twice, the last one counts. A cell that
        the learner added may raise what it likes.
        Errors: NotJudged where a given cell fails before anything of the learner's has run.
        """
        reply = self._run(cell.name, cell.source)
        raised = reply and _raised(reply.outputs)
        self.theirs = self.theirs or cell.kind != "given"
        if not self.theirs and (not reply or reply.why or raised):
            raise pool.NotJudged(
                f"The sheet's own cell {cell.name} did not run to its end, before any answer. Is "
                f"{self.limits.seconds:g} s or {self.limits.memory} MB too little here?"
            )
        if not reply or (cell.kind == "added" and not reply.why):
            return
        self.causes.pop(cell.name, None)
        if reply.why or raised:
            self.causes[cell.name] = cause(cell, reply.why, raised, self.limits.share)

    def check(self, name, source):
        """Ask."""
        reply = self._run(f"the check of {name}", source)
        unseen, took = "" if reply else self._why_not(), self.seconds - self.begin
        causes = tuple(self.causes.values())
        self.asked[name] = CheckRun(reply, causes, unseen, took, self.limits)
        self.causes, self.begin = {}, self.seconds

    def _run(self, name, source):
        left = self.left - self.seconds
        if not self.child.alive or left <= 0:
            return None
        reply = self.child.run(source, min(self.limits.share, left))
        self.seconds += reply.seconds
        if reply.why == "died":
            self.ended = name
            self.notes.append(f"The run ended in {name}; what comes after was not looked at.")
        return reply

    def _why_not(self):
        if self.child.alive:
            seconds = self.limits.seconds
            return f"The sheet took longer than {seconds:g} s and was stopped before this check."
        return f"Not looked at: no cell could be run any more after {self.ended}."


def _raised(outputs):
    errors = [each for each in outputs if each["output_type"] == "error"]
    return (errors[-1]["ename"], errors[-1]["evalue"]) if errors else None
