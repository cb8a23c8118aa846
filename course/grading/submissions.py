"""Which files were handed in: every one of them is a submission, or is named with a reason."""

import os
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from course import paths
from course.grading.notebook_file import ENDING, looks_like_notebook, readable

DEEPEST = 20  # folders in folders; nobody files homework deeper, and a trap could be
LINK = "It is a symbolic link, which is not followed."
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
    """

    learner: str
    path: Path
    file: str
    problem: str = ""


class Found(NamedTuple):
    """Something that was handed in.

    root:    the folder that was given, or the one in which all lie that were given.
    folders: the names of the folders that lead from there to it.
    stem:    its name without an ending; None for a folder.
    problem: why it is not opened although somebody's work, "" where it is.
    left:    why it is nobody's submission, "" where it is one.
    given:   the file, or the folder that was searched.
    """

    path: Path
    root: Path
    folders: tuple
    stem: str | None
    problem: str = ""
    left: str = ""
    given: Path | None = None

    @property
    def inside(self):
        """Its path from `root`, as names."""
        return self.folders if self.stem is None else (*self.folders, self.path.name)


def find(paths, leave_out=None):
    """All that is `Found` at files and in folders, each once; `leave_out` is not searched."""
    found, leave_out = {}, os.path.realpath(leave_out) if leave_out else None
    paths = [Path(os.path.abspath(path)) for path in paths]
    folders = [path if is_folder(path) else path.parent for path in paths]
    root = Path(os.path.commonpath(folders)) if paths else None
    for given in paths:
        for path, problem, left in _search(given, leave_out):
            inside = path.relative_to(root).parts
            file = not is_folder(path) and bool(inside)
            folders, stem = (inside[:-1], stem_of(path.name)) if file else (inside, None)
            each = Found(path, root, folders, stem, problem, left, given)
            found.setdefault(path, each)
    return list(found.values())


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


def _search(path, leave_out, depth=0, level=0):
    """Triples of a path, why it is not opened, and why it is no submission.

    level: as `depth`, how many folders lead to it, but without those of weeks and sheets.
    """
    if depth and JUNK.fullmatch(path.name):
        return
    if path.is_symlink():
        mine = depth == 0 or is_named_notebook(path) or os.path.isdir(path)
        yield (path, LINK, "") if mine else (path, "", LINK)
    elif not is_folder(path):
        yield path, "", "" if depth == 0 else _why_left(path)
    elif depth > DEEPEST:
        yield path, "", TOO_DEEP
    elif os.path.realpath(path) != leave_out:
        yield from _inside(path, leave_out, depth, level)


def _inside(folder, leave_out, depth, level):
    try:
        names = sorted(os.listdir(folder))
    except OSError as problem:
        yield folder, f"The folder cannot be searched: {problem.strerror}.", ""
        return
    found, lost = [], ""
    below = level + (depth == 0 or not is_no_learner(folder.name))
    for name in names:
        try:
            found += _search(folder / name, leave_out, depth + 1, below)
        except OSError as problem:  # its name cannot be followed, or is too long in all
            lost = f"Something in the folder cannot be looked at: {problem.strerror}."
    found += [(folder, lost, "")] if lost else []
    yield from found
    # A learner's folder is worth a line even if nothing is in it; a folder within it is not.
    if not found if depth == 0 else level == 1 and all(left for *_, left in found):
        yield folder, EMPTY, ""
    elif not found and level > 1:  # in a section it may have been meant as a learner's
        yield folder, "", EMPTY


def is_named_notebook(path):
    """Whether a file is called as a notebook is, whatever ending was put after that."""
    return bool(re.search(rf"\{ENDING}(\.\w{{1,10}})*$", path.name, flags=re.IGNORECASE))


def _why_left(path):
    """Why a file is no submission; "" where it is one, or where it may be meant as one."""
    if is_named_notebook(path):
        return ""
    try:
        if not path.is_file():
            return "It is not an ordinary file."
        if looks_like_notebook(path):
            return ""
    except OSError as problem:
        return f"It cannot be read: {problem.strerror}."
    name = path.name.lower()
    words = (words for endings, words in MISTAKES.items() if name.endswith(endings))
    return next(words, "It is no notebook. Hand in the notebook itself (.ipynb).")
