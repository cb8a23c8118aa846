"""The sentences about a cell that did not run to its end, and text made fit for learners."""

import re
import sys
import tempfile
from pathlib import Path

from course import paths
from course.checks.calling import Sentence
from course.grading.answers import readable
from course.grading.sandbox.pool import FOLDERS

LONGEST = 4000  # characters of words
#: Folders of this machine, which are no learner's business; what all machines have may be named.
OURS = {sys.prefix, sys.base_prefix, str(Path.home()), str(Path(paths.__file__).parents[1])}
OURS -= {"/", "/usr", "/usr/local"}
#: The folder in which an answer runs.
_HERE = re.compile(rf"{re.escape(tempfile.gettempdir())}/{FOLDERS}[\w-]{{0,40}}(/here)?")


def cause(cell, why, raised, seconds):
    """A `Sentence` on a cell that did not run to its end.

    cell:    a `sheets.Cell`.
    why:     "late", "died", or else it raised.
    raised:  the exception's name and text, None if there was none.
    seconds: what one cell may take.
    """
    kinds = {"answer": f"Your answer cell {cell.name}", "added": "A cell that you added"}
    which = kinds.get(cell.kind, f"The cell {cell.name}")
    if why == "late":
        return Sentence(f"{which} took longer than {seconds:g} s and was stopped.", "endless")
    if why == "died":
        return Sentence(f"The kernel died in {which[0].lower()}{which[1:]}.", "died")
    kind, text = raised or ("an error", "")
    return Sentence(f"{which} raised {exception(kind, text)}", "raised", kind)


def exception(kind, text):
    """An exception as a sentence tells it."""
    text = without_files(text.strip())
    return f"{kind}: {text}" if text else f"{kind}."


def without_files(text):
    """IPython names each cell after a file of its own, which tells a learner nothing.

    The text may be a hostile one of any length: each pattern looks at bounded pieces of it.
    """
    text = re.sub(_CELL, r"(line \1)", text)
    return re.sub(r"\S+", lambda word: _without_file(word[0]), text)


def _without_file(word):
    place = re.search(r"\.py:(\d{1,9}):$", word) if "ipykernel_" in word else None
    return f"line {place[1]}:" if place else word


_CELL = r"\((?:\d{1,20}\.py|<ipython-input-[^>\n]{0,60}>), line (\d{1,9})\)"


def also_printed(first):
    """What is said of an answer that holds, but prints while it is checked."""
    shown = without_files(first.strip().partition("\n")[0][:200]) or "a picture or a value"
    return f"Your answer holds, but while it was checked it also printed: {shown}\nRemove that."


def tidy(words):
    """Words without terminal codes and folders of this machine, and not without end."""
    words = readable(words).strip("\n")
    words = _HERE.sub("…", words)
    for folder in sorted(OURS, key=len, reverse=True):
        words = words.replace(folder, "…")
    return words if len(words) <= LONGEST else words[:LONGEST] + " …"
