"""Submissions that were read: whose they are, of which sheet, and the answers they give.

A submission that cannot be read becomes a paper without answers that says why.
"""

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from course import paths
from course.grading import answers as cells_of
from course.grading import journal
from course.grading.intake import downloads, zips
from course.grading.intake.origin import UNKNOWN
from course.grading.learners import learners
from course.grading.notebook_file import conflict_in
from course.grading.sheets import pristine
from course.grading.submissions import Submission, bears_name_of, find, is_searched, one_line


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


class Handed(NamedTuple):
    """All that was handed in.

    papers: a list of `Paper`.
    left:   root -> pairs of a file's path from it and why it is nobody's submission; a root is
            the whole path of a folder or a zip that was searched.
    """

    papers: list
    left: dict


def read_all(submissions, wanted="", leave_out=None, learner_from=""):
    """Read every notebook at files and in folders; returns what was `Handed` in.

    wanted:       the sheet that they should be of, by its whole name; "": the answer cells tell.
    leave_out:    a folder that is not searched.
    learner_from: how learners are told, as `learners.learners` says.
    Errors:       ValueError where it is not clear whose something is.
    """
    found = find(submissions, leave_out)
    names = _root_names({each.root for each in found})
    left = {os.path.realpath(each): [] for each in submissions if is_searched(each)}
    for each in found:
        if each.left:
            left[os.path.realpath(each.given)].append([_file(each, names), each.left])
    found = [each for each in found if not each.left]
    origins = [None] * len(found) if learner_from else downloads.origins(found)
    with zips.closed_after():
        papers = [_read(each, wanted) for each in found]
    who = learners(found, [paper.sheet for paper in papers], learner_from, origins)
    _guess_sheets(papers)
    files = _told_apart(found, who, names)
    for paper, learner, file, each, origin in zip(papers, who, files, found, origins):
        # A platform's zip has the time of its download, not of what was handed in.
        origin = origin or UNKNOWN._replace(at=each.saved_at)
        paper.submission = paper.submission._replace(learner=learner, file=file, origin=origin)
    return Handed(papers, left)


def _read(found, wanted):
    """Read one file; whatever is wrong with it becomes a note."""
    path = Path(os.path.realpath(found.path.parent), found.path.name)
    paper = Paper(Submission("", path, "", found.problem), sheet=wanted)
    try:
        cells = [] if found.problem else cells_of.read_cells(found.path, found.member)
    except cells_of.Unreadable as problem:
        paper.submission = paper.submission._replace(problem=str(problem))
    if paper.submission.problem:
        paper.notes.append(paper.submission.problem)
        paper.sheet = wanted or _called_after(found)
        return paper
    looks_like = _sheet_of(cells)
    paper.sheet = wanted or looks_like
    if wanted and looks_like not in ("", wanted):
        paper.notes.append(f"This looks like sheet {looks_like}, not {wanted}.")
    if paper.sheet:
        paper.answers = cells_of.pick(cells, pristine(paper.sheet))
        paper.answers.notes.extend(_conflicts(paper.answers.sources))
    given = paper.sheet and cells_of.answered(paper.answers, pristine(paper.sheet))
    if not (given or cells_of.has_essay(paper.answers)):  # better one sentence than one on each
        paper.answers = cells_of.Answers({}, [])
        paper.notes.append(f"It has no answer cell of {paper.sheet or 'any sheet'}.")
    paper.sheet = paper.sheet or _called_after(found)
    return paper


def _conflicts(sources):
    """Notes on answers in which a merge left its markers."""
    for name, source in sources.items():
        for text in [source] if isinstance(source, str) else source:
            if found := conflict_in(text):
                what = f"holds a merge conflict: its line {found[0]} is {found[1]!r}."
                yield cells_of.note(name, what)


# ---- sheets ---------------------------------------------------------------------------


def _guess_sheets(papers):
    """Where all others are of one sheet, those of no known sheet were meant to be, too."""
    known = {paper.sheet for paper in papers} - {""}
    for paper in papers:
        paper.sheet = paper.sheet or (min(known) if len(known) == 1 else "")


def _sheet_of(cells):
    """The sheet that shares most cells with a submission; "" where none shares an answer cell."""
    shared = {}
    for sheet in paths.sheets():
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


def _called_after(found):
    """The sheet that a file is called after, or ""."""
    named = (sheet for sheet in paths.sheets() if bears_name_of(sheet, found.stem or ""))
    return next(named, "")


# ---- what files are called ------------------------------------------------------------


def _root_names(roots):
    """Folder -> what it is called in reports: as much of its path as tells it from others."""
    names, rest = {}, {root: os.path.realpath(root).split(os.sep) for root in roots}
    for length in range(1, max(map(len, rest.values()), default=0) + 1):
        count = Counter("/".join(parts[-length:]) for parts in rest.values())
        for root in list(rest):
            name = "/".join(rest[root][-length:])
            if count[name] == 1 or length >= len(rest[root]):
                names[root] = name
                del rest[root]
    return names


def _file(found, names):
    return one_line("/".join([names[found.root], *found.inside]))


def _told_apart(found, who, names):
    """What files are called, no two of one learner alike: the journal must not mix them up."""
    files = [_file(each, names) for each in found]
    count = Counter(zip(who, files))
    return [
        f"{file} ({_digest(each)})" if count[learner, file] > 1 else file
        for each, learner, file in zip(found, who, files)
    ]


def _digest(found):
    inside = "/".join(found.inside).encode("utf-8", "surrogatepass")
    return hashlib.sha256(inside).hexdigest()[:6]
