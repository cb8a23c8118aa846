"""A submission's answer cells, read with suspicion and put into our own sheet.

Nothing but the answer cells is taken from a submission: the checks and all other cells
come from the pristine sheet, so whatever else a file holds, it changes no verdict.
"""

from copy import deepcopy
from typing import NamedTuple

from course.grading.notebook_file import Unreadable as Unreadable
from course.grading.notebook_file import read_cells
from course.grading.notebook_file import readable as readable


class Answers(NamedTuple):
    """What was found in a submission.

    sources: answer cell's name -> its source, without those that are missing.
    notes:   sentences on what was not as it should be; one about a single answer cell starts
             with `about(name)`.
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

    Whatever rewrites an answer before it runs, such as IPython's magics, belongs here.
    """
    sheet = deepcopy(pristine)
    for cell in sheet["cells"]:
        if is_tagged(cell, "answer"):
            cell["source"] = _without_markers(answers.sources.get(cell["metadata"]["name"], ""))
            cell["outputs"], cell["execution_count"] = [], None
    return sheet


def answer_names(pristine):
    """The names of a sheet's answer cells, in order."""
    return [cell["metadata"]["name"] for cell in pristine["cells"] if is_tagged(cell, "answer")]


def is_tagged(cell, tag):
    """Whether a cell of one of our own sheets carries a tag."""
    return tag in cell["metadata"].get("tags", [])


def about(name=""):
    """How a note about an answer cell starts: about any, or about the one that is named."""
    return f"The answer cell {name} " if name else "The answer cell "


# ---- picking the answers --------------------------------------------------------------


def pick(cells, pristine):
    """The `Answers` among a submission's cells; cells of one name are joined in order."""
    ours = {cell["metadata"]["name"] for cell in pristine["cells"]}
    parts = {name: [] for name in answer_names(pristine)}
    turned, strange = set(), 0
    for cell in cells:
        name = name_among(ours, cell)
        is_code = cell.get("cell_type") == "code"
        if name in parts and is_code:
            parts[name].append(_source(cell))
        elif name in parts:
            turned.add(name)
        elif name is None and is_code and _source(cell).strip():
            strange += 1
    sources = {name: "\n".join(found) for name, found in parts.items() if found}
    notes = [note for name in parts for note in _notes(name, parts[name], name in turned)]
    if strange:
        cells = "1 cell that is" if strange == 1 else f"{strange} cells that are"
        notes.append(f"The notebook has {cells} not part of the sheet; only answer cells are run.")
    return Answers(sources, notes)


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
        yield about(name) + "is no longer a code cell, so it was not run."
    elif not parts:
        yield about(name) + "is missing."
    elif not "".join(parts).strip():
        yield about(name) + "is empty."
    elif len(parts) > 1:
        yield about(name) + f"is there {len(parts)} times; the parts were joined in order."


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
