"""A sheet as the grader needs it: its cells in order, its tasks, and its right answers."""

import ast
import json
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from course import extras, paths
from course.checks import chapter_tasks
from course.checks.essay import Essay
from course.grading.answers import Answers, assemble, is_tagged


class Cell(NamedTuple):
    """A cell that is run.

    kind: "given", "answer", "added" (by the learner) or "check", which is called after its task.
    """

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

    def task(self, name):
        """The task that is called so."""
        return next(task for task in self.tasks if task.name == name)

    def cells(self, answers):
        """The cells to run, with these answers in place, as a list of `Cell`.

        answers: as `answers.Answers` has them in its sources.
        """
        notebook = assemble(self.pristine, Answers(answers, []))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        return [self._cell(cell) for cell in code if _is_run(cell)]

    @cached_property
    def _checked(self):
        """Check cell's name -> the task that it checks."""
        return {task.check_cell: task.name for task in self.tasks}

    def _cell(self, cell):
        name, source = cell["metadata"]["name"], "".join(cell["source"])
        if is_tagged(cell, "check"):
            return Cell("check", self._checked[name], "")
        kinds = [kind for kind in ("answer", "added") if is_tagged(cell, kind)]
        return Cell(kinds[0] if kinds else "given", name, source)

    @cached_property
    def kinds(self):
        """Task's name -> its kind of process: "keras" where a given cell above imports it.

        So what a task of NumPy asks for cannot be borrowed from Keras, which is not there.
        """
        found, kind = {}, "numpy"
        for cell in self.cells({}):
            if cell.kind == "given" and {"keras", "tensorflow"} & {*_imported(cell.source)}:
                kind = "keras"
            elif cell.kind == "check":
                found[cell.name] = kind
        return found

    @property
    def needs(self):
        """The kind of process that its last tasks need."""
        return [*self.kinds.values()][-1]

    @property
    def missing(self):
        """Why it cannot be run here, with the line to type; "" where all that it needs is there."""
        return extras.without_keras() if self.needs == "keras" else ""


@lru_cache
def load(name):
    """The sheet called `name`, such as "04_momentum_as_friction".

    Errors: LookupError for a name that is none.
    """
    if name not in paths.sheets():
        raise LookupError(f"No sheet is called {name!r}; there are {', '.join(paths.sheets())}.")
    right = {
        cell["metadata"]["name"]: "".join(cell["source"])
        for cell in _read("solutions", name)["cells"]
        if is_tagged(cell, "answer")
    }
    # Nothing of a text is run or looked at.
    tasks = (task for task in chapter_tasks(name[:2]) if not isinstance(task, Essay))
    return Sheet(name, pristine(name), right, tuple(tasks))


@cache
def pristine(name):
    """A sheet as it is handed out, as a dictionary in the notebook format."""
    return _read("exercises", name)


def _read(folder, name):
    path = paths.material() / folder / f"{name}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def _is_run(cell):
    return not is_tagged(cell, "feedback") and not is_tagged(cell, "nbval-skip")


def _imported(source):
    """The packages that a cell of our own imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
