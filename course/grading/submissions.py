"""Which files were handed in: every one of them is a submission, or is named with a reason."""

import os
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from course import paths
from course.grading.intake import moodle
from course.grading.intake.entries import OnDisk, saved_at
from course.grading.intake.origin import UNKNOWN, Origin
from course.grading.intake.zips import LINK, Member, is_zip
from course.grading.notebook_file import ENDING, Unreadable, begins_as_notebook, readable

DEEPEST = 20  # folders in folders; nobody files homework deeper, and a trap could be
EMPTY = "The folder holds no notebook."
TOO_DEEP = f"More than {DEEPEST} folders lie in each other here; what is below was not read."

#: What systems and editors leave in folders by themselves. Nobody handed it in.
JUNK = re.compile(
    r"\._.*|~\$.*|\.~lock\..*|__macosx|\.ds_store|thumbs\.db|desktop\.ini|\.ipynb_checkpoints"
    r"|\.git|\.gitignore|\.gitattributes|\.gitkeep|\.svn|\.hg|\.idea|\.vscode|\.venv|__pycache__"
    r"|\.(pytest|mypy|ruff)_cache|\.cache|\.config|\.local|\.jupyter|\.ipython|\.trash.*"
    r"|\.virtual_documents|\.jupyter_ystore\.db|\.spotlight-v100|\.fseventsd"
    r"|timestamp\.txt",  # nbgrader's, beside each submission
    flags=re.IGNORECASE,
)

#: Endings of what is handed in by mistake -> what it is, and what to do.
MISTAKES = {
    (".py",): "It is a Python script. Hand in the notebook itself (.ipynb).",
    (".pdf",): "It is a PDF. Hand in the notebook itself (.ipynb).",
    (".html", ".htm"): "It is a web page. Hand in the notebook itself (.ipynb).",
    (".doc", ".docx", ".odt", ".rtf"): "It is a text document. Hand in the notebook (.ipynb).",
    (".png", ".jpg", ".jpeg", ".gif", ".heic", ".svg"): "It is a picture. Hand in the notebook.",
    (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"): "It is packed. Unpack it first.",
}


#: Folders that are called as a week or a sheet is, and that of nbgrader's, are no learner's.
_NO_LEARNER = re.compile(
    r"(week|wk|ps|hw|homework|problem[ _.-]*set|assignment|sheet|exercises?|ex|chapter|unit|lesson)"
    r"[ _.-]*\d+|submitted|submissions?",
    flags=re.IGNORECASE,
)


class Submission(NamedTuple):
    """One file of one learner.

    path:    its whole path.
    file:    what to call it in a report: its path from the folder that was given.
    problem: why it is not even opened, "" where it is.
    origin:  what the platform, or the file itself, tells besides.
    """

    learner: str
    path: Path
    file: str
    problem: str = ""
    origin: Origin = UNKNOWN


class Found(NamedTuple):
    """Something that was handed in.

    root:    the folder that was given, or the one in which all lie that were given.
    folders: the names of the folders that lead from there to it.
    stem:    its name without an ending; None for a folder.
    problem: why it is not opened although somebody's work, "" where it is.
    left:    why it is nobody's submission, "" where it is one.
    given:   the file, or the folder or zip that was searched.
    member:  of a zip; None for what lies on the disk.
    """

    path: Path
    root: Path
    folders: tuple
    stem: str | None
    problem: str = ""
    left: str = ""
    given: Path | None = None
    member: Member | None = None

    @property
    def saved_at(self):
        """When it was last saved, as `intake.origin.Origin` has it."""
        return saved_at(self.path, self.member)

    @property
    def inside(self):
        """Its path from `root`, as names."""
        return self.path.relative_to(self.root).parts


def find(paths, leave_out=None):
    """All that is `Found` at files, in folders and in zips, once; `leave_out` is not searched."""
    found, leave_out = {}, os.path.realpath(leave_out) if leave_out else None
    paths = [Path(os.path.abspath(path)) for path in paths]
    holders = [path if is_searched(path) else path.parent for path in paths]
    root = Path(os.path.commonpath(holders)) if paths else None
    for given in paths:
        for entry, problem, left in _search(OnDisk(given), leave_out):
            path = entry.path
            inside = path.relative_to(root).parts
            file = not entry.is_folder and bool(inside)
            folders, stem = (inside[:-1], stem_of(path.name)) if file else (inside, None)
            folders = tuple(map(without_zip, folders))
            each = Found(path, root, folders, stem, problem, left, given, entry.member)
            found.setdefault(path, each)
    return list(found.values())


def is_searched(path):
    """Whether a path is that of a folder or of a zip, which is searched as one is."""
    return is_folder(path) or is_zip(Path(path))


def without_zip(folder):
    """A folder's name; a zip's is without its ending."""
    return re.sub(r"(?<=.)\.zip$", "", folder, flags=re.IGNORECASE)


def is_folder(path):
    """Whether a path is a folder itself, not a link to one."""
    return os.path.isdir(path) and not os.path.islink(path)


def one_line(text):
    """Foreign text as one line that can be shown anywhere."""
    return " ".join(readable(text).split())


def stem_of(name):
    """A file's name without what says that it is a notebook: also anna of anna.ipynb.json."""
    stem = re.sub(r"\.ipynb(\.\w{1,10})*$", "", name, flags=re.IGNORECASE)
    return stem if stem != name else re.sub(r"(?<=.)\.\w{1,10}$", "", name)


def first_copy(stem):
    """The name of which a name is a copy, such as x of "x (1)" and of "x-Copy2"; or itself."""
    return re.sub(r"([ _-]*\(\d+\)|[ _-]+copy ?\d*)+$", "", stem, flags=re.IGNORECASE)


def bears_name_of(sheet, stem):
    """Whether a file is called as the sheet was handed out, or as a copy of that is."""
    return first_copy(stem).casefold() == sheet.casefold()


@cache
def is_no_learner(folder):
    """Whether a folder is called as a week or a sheet is, and so is nobody's."""
    return bool(_NO_LEARNER.fullmatch(folder)) or is_sheets(folder)


@cache
def is_sheets(stem):
    """Whether a name is that of a sheet, or of a copy of one."""
    return any(bears_name_of(sheet, stem) for sheet in paths.sheets())


# ---- searching ------------------------------------------------------------------------


def _search(entry, leave_out, depth=0, level=0):
    """Triples of an entry, why it is not opened, and why it is no submission.

    level: as `depth`, how many folders lead to it, but without those of weeks and sheets.
    """
    if depth and JUNK.fullmatch(entry.name):
        return
    if entry.is_link:
        mine = depth == 0 or is_named_notebook(entry.path) or entry.leads_to_folder
        yield (entry, LINK, "") if mine else (entry, "", LINK)
    elif entry.problem:
        mine = is_named_notebook(entry.path)
        yield (entry, entry.problem, "") if mine else (entry, "", entry.problem)
    elif not entry.is_folder:
        yield entry, "", "" if depth == 0 else _why_left(entry)
    elif depth > DEEPEST:
        yield entry, "", TOO_DEEP
    elif os.path.realpath(entry.path) != leave_out:
        yield from _inside(entry, leave_out, depth, level)


def _inside(folder, leave_out, depth, level):
    try:
        names = folder.names()
    except OSError as problem:
        yield folder, f"The folder cannot be searched: {problem.strerror}.", ""
        return
    except Unreadable as problem:  # a zip: beside a learner's notebook it takes nothing away
        yield (folder, str(problem), "") if level <= 1 else (folder, "", str(problem))
        return
    found, lost = [], ""
    below = level + (depth == 0 or not is_no_learner(without_zip(folder.name)))
    for name in names:
        try:
            found += _search(folder.entry(name), leave_out, depth + 1, below)
        except OSError as problem:  # its name cannot be followed, or is too long in all
            lost = f"Something in the folder cannot be looked at: {problem.strerror}."
    found += [(folder, lost, "")] if lost else []
    yield from found
    # A learner's folder is worth a line even if nothing is in it; a folder within it is not.
    learners = level == 1 or moodle.origin(folder.name)
    if not found if depth == 0 else learners and all(left for *_, left in found):
        yield folder, EMPTY, ""
    elif not found and level > 1:  # in a section it may have been meant as a learner's
        yield folder, "", EMPTY


def is_named_notebook(path):
    """Whether a file is called as a notebook is, whatever ending was put after that."""
    return bool(re.search(rf"\{ENDING}(\.\w{{1,10}})*$", path.name, flags=re.IGNORECASE))


def _why_left(entry):
    """Why a file is no submission; "" where it is one, or where it may be meant as one."""
    if is_named_notebook(entry.path):
        return ""
    try:
        if not entry.is_file:
            return "It is not an ordinary file."
        if begins_as_notebook(entry.head()):
            return ""
    except OSError as problem:
        return f"It cannot be read: {problem.strerror}."
    name = entry.name.lower()
    words = (words for endings, words in MISTAKES.items() if name.endswith(endings))
    return next(words, "It is no notebook. Hand in the notebook itself (.ipynb).")
