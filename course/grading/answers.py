"""A submission's answers, read with suspicion and put into our own sheet.

The checks and the cells that a sheet gives come from the pristine sheet. From a submission come the
answer cells, the cells that the learner added, and what was added to a cell of the sheet's.
"""

import ast
import re
from copy import deepcopy
from typing import NamedTuple

from course.checks.answer_text import LONGEST
from course.grading.notebook_file import Unreadable as Unreadable
from course.grading.notebook_file import read_cells
from course.grading.notebook_file import readable as readable

MOST = 200  # cells that a learner may have added


class Note(NamedTuple):
    """A sentence on what was not as it should be.

    about: the name of the answer cell that it is about, "" where it is about the notebook.
    """

    sentence: str
    about: str = ""


class Answers(NamedTuple):
    """What was found in a submission.

    sources: answer cell's name -> its source, or a list of those of its copies, without those
             that are missing; and likewise, by `added(name)`, the cells that the learner added
             after a cell, by `changed(name)` what was added to one that the sheet gives, and by
             `essay(name)` a text in a learner's own words.
    notes:   a list of `Note`.
    """

    sources: dict
    notes: list


def read_answers(path, pristine):
    """The answers that the notebook file at `path` gives to the sheet `pristine`.

    pristine: the sheet, as a dictionary in the notebook format.
    Errors:   Unreadable.
    """
    return pick(read_cells(path), pristine)


def assemble(pristine, answers):
    """The pristine sheet with the answers in place; a missing answer leaves its cell empty.

    Copies of an answer cell stand one after the other, and cells that the learner added, tagged
    `added`, where they stood.
    """
    sheet, theirs = deepcopy(pristine), answers.sources
    cells = [_code(source) for source in _list(theirs.get(added("")))]
    for cell in sheet["cells"]:
        name = cell["metadata"]["name"]
        cells += [_code(source) for source in _list(theirs.get(changed(name)))]
        if is_tagged(cell, "answer"):
            cells += [_answer(cell, source) for source in _list(theirs.get(name)) or [""]]
        else:
            cells.append(cell)
        cells += [_code(source) for source in _list(theirs.get(added(name)))]
    return sheet | {"cells": cells}


def added(name):
    """What the cells that a learner added after the cell `name` are kept under."""
    return f"+ {name}"


def changed(name):
    """What a learner added to the sheet's own cell `name` is kept under."""
    return f"in {name}"


def essay(name):
    """What the text that a learner wrote into the cell `name` is kept under."""
    return f"text {name}"


def has_essay(answers):
    """Whether there is a text in a learner's own words."""
    return any(name.startswith(essay("")) for name in answers.sources)


def answered(answers, pristine):
    """The answers alone: answer cell's name -> its source, of copies the last."""
    names = answer_names(pristine)
    found = {name: _list(answers.sources.get(name)) for name in names}
    return {name: sources[-1] for name, sources in found.items() if sources}


def _list(sources):
    return [sources] if isinstance(sources, str) else list(sources or ())


def _answer(cell, source):
    return cell | {"source": _without_markers(source), "outputs": [], "execution_count": None}


def _code(source):
    made = {"cell_type": "code", "metadata": {"name": "added", "tags": ["added"]}}
    return _answer(made, source)


def answer_names(pristine):
    """The names of a sheet's answer cells, in order."""
    return [cell["metadata"]["name"] for cell in pristine["cells"] if is_tagged(cell, "answer")]


def is_tagged(cell, tag):
    """Whether a cell of one of our own sheets carries a tag."""
    return tag in cell["metadata"].get("tags", [])


def note(name, what):
    """A `Note` about the answer cell `name`: what is to be said of it, such as "is missing."."""
    return Note(f"The answer cell {name} {what}", name)


def is_answered(answers, name):
    """Whether something stands in the answer cell `name`, or in one of its copies."""
    return any(source.strip() for source in _list(answers.sources.get(name)))


# ---- picking the answers --------------------------------------------------------------


def pick(cells, pristine):
    """The `Answers` among a submission's cells."""
    ours = {cell["metadata"]["name"]: cell for cell in pristine["cells"]}
    parts = {name: [] for name in answer_names(pristine)}
    others, texts, turned, before = {}, {}, set(), ""
    for cell in cells:
        name, source = name_among(ours, cell), _source(cell)
        is_code = cell.get("cell_type") == "code"
        if name and is_tagged(ours[name], "essay"):
            _keep(texts, essay(name), _own(source, "".join(ours[name]["source"])))
        elif name in parts and not is_code:
            turned.add(name)
        elif name in parts:
            parts[name].append(source)
        elif is_code and name:
            _keep(others, changed(name), _more(source, "".join(ours[name]["source"])))
        elif is_code:
            _keep(others, added(before), source)
        before = name or before
    sources = {name: found[0] if len(found) == 1 else found for name, found in parts.items()}
    notes = [each for name in parts for each in _notes(name, parts[name], name in turned)]
    strange = sum(map(len, others.values()))
    if strange > MOST:
        notes.append(Note(f"The learner added {strange} cells, of which none was run."))
        others = {}
    texts = {name: "\n".join(found) for name, found in texts.items()}
    sources = {name: found for name, found in sources.items() if found}
    return Answers(sources | others | texts, notes)


def _keep(others, name, source):
    if source.strip():
        others.setdefault(name, []).append(source)


def _own(theirs, ours):
    """A text without the lines with which the sheet begins it."""
    return theirs.strip().removeprefix(ours.strip()).strip()


def _more(theirs, ours):
    """What a learner added to a cell of the sheet's: imports, definitions and assignments."""
    if theirs == ours or len(theirs) > LONGEST:
        return ""
    try:
        known = {ast.dump(each) for each in ast.parse(ours).body}
        lines = [line for line in theirs.splitlines() if not line.startswith(("%", "!"))]
        found = [each for each in ast.parse("\n".join(lines)).body if isinstance(each, _KEPT)]
        return "\n".join(ast.unparse(each) for each in found if ast.dump(each) not in known)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # ours is run, as always
        return ""


_KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_KEPT += (ast.Assign, ast.AnnAssign)


def name_among(names, cell):
    """Which of `names` a submission's cell bears, as its name or else as its id; None if none."""
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    # Google Colab keeps a cell's id in its metadata.
    for name in (metadata.get("name"), cell.get("id"), metadata.get("id")):
        if isinstance(name, str) and name in names:
            return name
    return None


def _notes(name, parts, turned):
    if turned and not parts:
        yield note(name, "is no longer a code cell, so it was not run.")
    elif not parts:
        yield note(name, "is missing.")
    elif not "".join(parts).strip():
        yield note(name, "is empty.")
    elif len(parts) > 1:
        yield note(name, f"is there {len(parts)} times; all were run, and the last one counts.")
    for line in dict.fromkeys(line for source in parts for line in _not_python(source)):
        yield note(name, f"has the line {line}, which does nothing where answers are marked.")


def _not_python(source):
    """The first of the lines by which IPython calls magics or a shell, but for those that time."""
    lines = [line.strip() for line in source.splitlines()]
    found = [line for line in lines if re.match(r"!|%%?(?!time\b|capture\b)[a-z]", line)]
    if not found or len(source) > LONGEST:  # to parse takes a thousand times a text's memory
        return
    try:
        ast.parse(source)  # then they stand in a text
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield from (readable(line)[:40] for line in found[:1])


def _source(cell):
    source = cell.get("source", cell.get("input", ""))  # nbformat 3 says input
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    # JSON can hold half a character (a lone surrogate), which no file or socket takes.
    return source.encode("utf-8", "replace").decode("utf-8")


def _without_markers(source):
    """Take away the meaning of comments such as `# NBVAL_SKIP`, by which nbval is steered."""
    lines = source.splitlines(keepends=True)  # as nbval splits, so that none slips through
    return "".join(line.lower() if _is_marker(line) else line for line in lines)


def _is_marker(line):
    comment = line.strip()
    return comment.startswith("#") and comment.lstrip("#").strip().startswith(("NBVAL_", "PYTEST_"))
