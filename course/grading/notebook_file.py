"""A notebook file, read with suspicion: its cells, or one sentence that says why there are none.

Whatever a file holds, reading it takes seconds and some hundred MB at most: no pattern here is
worse than linear, and nothing is built from JSON before its size and its brackets are counted.
"""

import json
import re
import stat
from pathlib import Path

LARGEST = 20_000_000  # bytes, without what the cells put out
LARGEST_FILE = 200_000_000  # bytes
MOST_BRACKETS = 500_000  # a bracket can take some hundred bytes of memory
MOST_CELLS = 50_000
HEAD = 4096  # bytes by which a file is known
ENDING = ".ipynb"

_TERMINAL_CODE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)")
_CONFLICT = re.compile(rb"^(?:(?:<{7}|>{7}|\|{7})(?: .*)?|={7})\r?$", re.MULTILINE)

# Of what a notebook holds, an answer needs none of these, and they alone grow large.
_LARGE = rb'"(?:outputs|attachments|widgets)"[ \t\r\n]*:[ \t\r\n]*[\[{]'
_TEXT = rb'"(?:[^"\\]++|\\.)*+"'
_UNTIL_LARGE = re.compile(rb'(?:[^"]++|(?!' + _LARGE + rb")" + _TEXT + rb")*+", re.DOTALL)
_LARGE_BEGINS = re.compile(_LARGE)
_UNTIL_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _TEXT + rb")*+", re.DOTALL)


class Unreadable(Exception):
    """A file that cannot be read as a notebook; its text is one sentence that says why."""


def readable(text):
    """Foreign text made fit to be shown: no terminal codes, nothing that does not print."""
    text = _TERMINAL_CODE.sub("", text)
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text.expandtabs(4))


def read_cells(path, member=None):
    """The cells of a notebook file of any version, as far as they are cells at all.

    Parsed as plain JSON: nbformat takes a second to import, and refuses what can be read.
    member: of a zip, `intake.zips.Member`; None for a file on the disk.
    Errors: Unreadable.
    """
    path = Path(path)
    name = " ".join(readable(path.name).split())
    data = _utf8(_bytes(path, name) if member is None else _of_zip(member, name))
    cells = _cells(_parsed(data, name))
    if cells is None:
        raise Unreadable(f"{name} is not a notebook: it has no list of cells.")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"{name} has more than {MOST_CELLS} cells, the most that are read.")
    return [cell for cell in cells if isinstance(cell, dict)]


def begins_as_notebook(head):
    """Whether a file with these first HEAD bytes begins as a notebook, however it goes on."""
    text = _utf8(head).lstrip()
    return text.startswith(b"{") and bool(
        re.search(rb'"(?:cells|nbformat|nbformat_minor|worksheets|cell_type)"\s*:', text)
    )


def conflict_in(text):
    """The first line that a version control's merge left in a text: (number, line); or None."""
    found = _CONFLICT.search(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    if found is None:
        return None
    line = found[0].decode("utf-8", "replace")
    return found.string.count(b"\n", 0, found.start()) + 1, " ".join(readable(line).split())[:60]


# ---- bytes ----------------------------------------------------------------------------


def _bytes(path, name):
    try:
        _refuse_unusual(path.stat(), name)
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {name}.") from None
    except OSError as problem:
        raise Unreadable(f"{name} cannot be read: {problem.strerror}.") from None
    if len(data) > LARGEST_FILE:  # it has grown since
        raise _too_large(name)
    return data


def _of_zip(member, name):
    data = member.read()
    if not data:
        raise Unreadable(f"{name} is empty.")
    return data


def _refuse_unusual(status, name):
    if stat.S_ISDIR(status.st_mode):
        raise Unreadable(f"{name} is a folder, not a notebook.")
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(f"{name} is not an ordinary file.")
    if status.st_size == 0:
        raise Unreadable(f"{name} is empty.")
    if status.st_size > LARGEST_FILE:
        raise _too_large(name)


def _too_large(name):
    # Its size stands nowhere: a learner's page tells nothing of the teacher's disk.
    most = f"{LARGEST_FILE / 1e6:.0f} MB, the most that is read"
    return Unreadable(f"{name} is larger than {most}. Clear its outputs and save it again.")


def _utf8(data):
    """The bytes of a JSON text as UTF-8 without a mark; what cannot be read becomes U+FFFD."""
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        return data.decode(encoding, "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:  # one broken byte shall not cost all answers
        return data.decode("utf-8", "replace").encode("utf-8")
    return data


# ---- JSON -----------------------------------------------------------------------------


def _parsed(data, name):
    small = _small(data)
    if len(small) > LARGEST:
        raise _conflict(data, name) or Unreadable(
            f"{name} is larger than {LARGEST / 1e6:.0f} MB even without its outputs, the most that "
            "is read. Hand in the sheet without what was pasted into it."
        )
    if _brackets(small) > MOST_BRACKETS:
        raise Unreadable(f"{name} is not a notebook: it has more than {MOST_BRACKETS} brackets.")
    try:
        return json.loads(small.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        why = _conflict(data, name) or Unreadable(f"{name} is not a notebook: {_kind(data)}")
        raise why from None


def _conflict(data, name):
    found = conflict_in(data)
    return found and Unreadable(
        f"{name} holds a merge conflict: its line {found[0]} is {found[1]!r}. "
        "Choose one of the two versions and save it again."
    )


def _kind(data):
    for start, words in KINDS.items():
        if data[:HEAD].lstrip().lower().startswith(start):
            return words
    return "its text is not valid JSON."


#: What a file that is no notebook begins with -> what it is, and what to do.
KINDS = {
    b"pk\x03\x04": "it is a zip archive. Unpack it first.",
    b"%pdf": "it is a PDF. Hand in the notebook itself.",
    b"<!doctype html": "it is a web page. Download the notebook itself.",
    b"<html": "it is a web page. Download the notebook itself.",
}


def _brackets(data):
    return data.count(b"{") + data.count(b"[")


def _small(data):
    """A notebook's text, where it is large without its outputs and the like."""
    if len(data) <= LARGEST and _brackets(data) <= MOST_BRACKETS:
        return data
    parts, at, steps = [], 0, iter(range(4 * MOST_BRACKETS))
    while True:
        until = _UNTIL_LARGE.match(data, at).end()
        begins = _LARGE_BEGINS.match(data, until)
        end = begins and _end_of_value(data, begins.end() - 1, steps)
        if not end:  # no more of them, or one that never ends
            return b"".join([*parts, data[at:]])
        parts += [data[at : begins.end() - 1], b"null"]
        at = end


def _end_of_value(data, at, steps):
    """Where the list or object that begins at `at` has ended; None where that takes too many."""
    depth = 0
    for _ in steps:
        bracket = data[at : at + 1]
        if not bracket or bracket == b'"':  # the end, or a text that has none
            return None
        depth += 1 if bracket in b"[{" else -1
        at += 1
        if depth == 0:
            return at
        at = _UNTIL_BRACKET.match(data, at).end()
    return None


def _cells(notebook):
    if not isinstance(notebook, dict):
        return None
    holders = [notebook]
    if isinstance(notebook.get("worksheets"), list):  # nbformat 3 and older
        holders += [each for each in notebook["worksheets"] if isinstance(each, dict)]
    lists = [each["cells"] for each in holders if isinstance(each.get("cells"), list)]
    return [cell for cells in lists for cell in cells] if lists else None
