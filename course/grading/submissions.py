"""Which files were handed in, and by whom."""

import hashlib
import os
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from course import places
from course.grading.answers import readable

DEEPEST = 20  # folders in folders; nobody files homework deeper, and a trap could be
LINK = "It is a symbolic link, which is not followed."
EMPTY = "The folder holds no notebook."


class Submission(NamedTuple):
    """One file of one learner.

    file:    what to call it in a report: its path from the folder that was given.
    problem: why it is not even opened, "" where it is.
    """

    learner: str
    path: Path
    file: str
    problem: str = ""


def find(paths, leave_out=None):
    """The `Submission`s at files and in folders, each file once; `leave_out` is not searched.

    A learner is called as the file is. Where files lie in a folder of the given folder, or
    still bear the name of the sheet, the learner is called as the folder is.
    """
    found, leave_out = {}, os.path.realpath(leave_out) if leave_out else None
    for given in map(Path, paths):
        root = given if _is_folder(given) else given.parent
        for path, problem in _search(given, leave_out):
            found.setdefault(os.path.abspath(path), _submission(path, root, problem))
    return _told_apart(list(found.values()))


def _told_apart(submissions):
    """The submissions, no two of which are called alike: the journal must not mix them up."""
    count = Counter((each.learner, each.file) for each in submissions)
    return [
        each._replace(file=f"{each.file} ({_digest(each.path)})")
        if count[each.learner, each.file] > 1
        else each
        for each in submissions
    ]


def _digest(path):
    return hashlib.sha256(os.fsencode(os.path.abspath(path))).hexdigest()[:6]


def one_line(text):
    """Foreign text as one line that can be shown anywhere."""
    return " ".join(readable(text).split())


def bears_name_of(sheet, stem):
    """Whether a file is called as the sheet was handed out, or as a copy of that is."""
    return re.sub(r"( ?\(\d+\)|-Copy\d+)$", "", stem) == sheet


def _search(path, leave_out, depth=0):
    """Pairs of a path and "", or why it is not read: notebooks, links, folders with none."""
    hidden = depth and path.name.startswith((".", "__MACOSX"))
    if hidden or os.path.realpath(path) == leave_out or depth > DEEPEST:
        return
    notebook = path.name.lower().endswith(".ipynb")
    if path.is_symlink():
        if notebook or depth == 0 or os.path.isdir(path):
            yield path, LINK
    elif _is_folder(path):
        yield from _inside(path, leave_out, depth)
    elif notebook or depth == 0:
        yield path, ""


def _inside(folder, leave_out, depth):
    try:
        names = sorted(os.listdir(folder))
    except OSError as problem:
        yield folder, f"The folder cannot be searched: {problem.strerror}."
        return
    found = [each for name in names for each in _search(folder / name, leave_out, depth + 1)]
    # A learner's folder is worth a line even if nothing is in it; a folder within it is not.
    yield from found or ([(folder, EMPTY)] if depth < 2 else [])


def _is_folder(path):
    return os.path.isdir(path) and not os.path.islink(path)


def _submission(path, root, problem):
    inside = path.relative_to(root).parts
    learner = re.sub(r"\.ipynb$", "", inside[0], flags=re.IGNORECASE) if inside else ""
    if not learner or any(bears_name_of(sheet, learner) for sheet in places.sheets()):
        learner = root.resolve().name
    file = os.path.join(root.name, *inside)
    return Submission(one_line(learner) or "(no name)", path, one_line(file), problem)
