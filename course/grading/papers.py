"""Submissions that were read: whose they are, of which sheet, and the answers they give.

A submission that cannot be read becomes a paper without answers that says why.
"""

from dataclasses import dataclass, field
from functools import cache

from course import places
from course.grading import answers as cells_of
from course.grading import journal
from course.grading.sheets import pristine
from course.grading.submissions import Submission, bears_name_of, find


@dataclass
class Paper:
    """One submission, read.

    sheet: the sheet's whole name, "" where nothing tells.
    notes: sentences on the submission itself.
    """

    submission: Submission
    sheet: str = ""
    answers: cells_of.Answers = cells_of.Answers({}, [])
    notes: list = field(default_factory=list)

    @property
    def digest(self):
        """The digest of the paper's sheet, "" where that is unknown."""
        return journal.sheet_digest(self.sheet) if self.sheet else ""

    @property
    def key(self):
        """What the journal knows it by: the same if, and only if, its marks must be the same."""
        who = self.submission
        return journal.key(
            who.learner, who.file, self.sheet, self.digest, *self.answers, self.notes
        )


def read_all(submissions, wanted="", leave_out=None):
    """Read every notebook at files and in folders; returns the `Paper`s.

    wanted:    the sheet that they should be of, by its whole name; "": the answer cells tell.
    leave_out: a folder that is not searched.
    """
    papers = [_read(each, wanted) for each in find(submissions, leave_out)]
    for paper in papers:
        paper.sheet = paper.sheet or _called_after(paper.submission.path)
    known = {paper.sheet for paper in papers} - {""}
    for paper in papers:  # where all others are of one sheet, it was meant to be, too
        paper.sheet = paper.sheet or (min(known) if len(known) == 1 else "")
    return papers


def _read(submission, wanted):
    """Read one submission; whatever is wrong with it becomes a note."""
    paper = Paper(submission, sheet=wanted)
    try:
        cells = [] if submission.problem else cells_of.read_cells(submission.path)
    except cells_of.Unreadable as problem:
        paper.submission = submission._replace(problem=str(problem))
    if paper.submission.problem:
        paper.notes.append(paper.submission.problem)
        return paper
    looks_like = _sheet_of(cells)
    paper.sheet = wanted or looks_like
    if wanted and looks_like not in ("", wanted):
        paper.notes.append(f"This looks like sheet {looks_like}, not {wanted}.")
    if paper.sheet:
        paper.answers = cells_of.pick(cells, pristine(paper.sheet))
    if not paper.answers.sources:  # one sentence says it better than one on each answer
        paper.answers = cells_of.Answers({}, [])
        paper.notes.append(f"It has no answer cell of {paper.sheet or 'any sheet'}.")
    return paper


def _sheet_of(cells):
    """The sheet that shares most cells with a submission; "" where none shares an answer cell."""
    shared = {}
    for sheet in places.sheets():
        ours, answers = _names(sheet)
        names = {cells_of.name_among(ours, cell) for cell in cells} - {None}
        if names & answers:
            shared[sheet] = len(names)
    return max(shared, key=shared.get, default="")


@cache
def _names(sheet):
    """The names of all cells of a sheet, and those of its answer cells."""
    cells = pristine(sheet)["cells"]
    return {cell["metadata"]["name"] for cell in cells}, {*cells_of.answer_names(pristine(sheet))}


def _called_after(path):
    """The sheet that a file is called after, or ""."""
    named = (sheet for sheet in places.sheets() if bears_name_of(sheet, path.stem))
    return next(named, "")
