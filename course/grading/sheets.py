"""A sheet as the grader needs it: its cells in order, its tasks, and its right answers."""

import ast
import json
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from course import places
from course.checks import chapter_tasks
from course.grading.answers import Answers, assemble, is_tagged


class Cell(NamedTuple):
    """A cell that is run: "given", "answer" or "check"; a check is called after its task."""

    kind: str
    name: str
    source: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet.

    pristine: the exercise, as a dictionary in the notebook format.
    right:    answer cell's name -> source, of the solution.
    """

    name: str
    pristine: dict
    right: dict
    tasks: tuple

    def cells(self, answers):
        """The cells to run, with these answers (name -> source) in place, as a list of `Cell`."""
        notebook = assemble(self.pristine, Answers(answers, []))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        return [self._cell(cell) for cell in code if _is_run(cell)]

    def _cell(self, cell):
        name, source = cell["metadata"]["name"], "".join(cell["source"])
        if is_tagged(cell, "check"):
            return Cell("check", f"{self.name[:2]}.{name.removesuffix('-check')}", "")
        return Cell("answer" if is_tagged(cell, "answer") else "given", name, source)

    @cached_property
    def needs(self):
        """The kind of warm parent: "keras" where a given cell imports it, else "numpy"."""
        return "keras" if {"keras", "tensorflow"} & set(_imported(self._given)) else "numpy"

    def given_again(self, task):
        """The source of the given cell that defines the function a task asks for; "" if none does.

        Run once more right before the question, since an answer may have replaced that function.
        """
        return "".join(f"{each}\n" for each in self._given if task.asks in _defined(each))

    @cached_property
    def _given(self):
        return [cell.source for cell in self.cells({}) if cell.kind == "given"]


@lru_cache
def load(name):
    """The sheet called `name`, such as "04_momentum_as_friction".

    Errors: LookupError for a name that is none.
    """
    if name not in places.sheets():
        raise LookupError(f"No sheet is called {name!r}; there are {', '.join(places.sheets())}.")
    right = {
        cell["metadata"]["name"]: "".join(cell["source"])
        for cell in _read("solutions", name)["cells"]
        if is_tagged(cell, "answer")
    }
    return Sheet(name, pristine(name), right, tuple(chapter_tasks(name[:2])))


@cache
def pristine(name):
    """A sheet as it is handed out, as a dictionary in the notebook format."""
    return _read("exercises", name)


def _read(folder, name):
    path = places.material() / folder / f"{name}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def _is_run(cell):
    return not is_tagged(cell, "feedback") and not is_tagged(cell, "nbval-skip")


def _defined(source):
    """The functions that a cell of our own defines."""
    return {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def _imported(sources):
    """The packages that cells of our own import."""
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
