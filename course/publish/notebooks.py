"""Text sources → executed notebooks → exercises: `make build`, or with [--check] [NAME…]:

`notebooks/source/` and `solutions/source/` hold the chapters and sheets as text (jupytext,
percent format). A build runs them and writes the notebooks that readers open; an exercise
is its solution with every answer cell replaced by the `starter` cell of the same name. A chapter's
lines `> 04.slope` and `? 04.speed` become the prediction and the folded question of that name.
`--check` runs nothing: it fails where a stored notebook is not what its source says.
"""

import argparse
import os
import re
import sys
from copy import deepcopy
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

from course import questions
from course.checks import chapter_tasks, find
from course.front_ends import drop_live_views
from course.publish.alternative_text import describe
from course.questions import markdown

ROOT = Path(__file__).resolve().parents[2]
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def read_source(path):
    """Read one text source; returns a notebook whose cell ids are the cells' names.

    Errors: ValueError for a cell without a name, or two cells of one name.
    """
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.cells = [new for cell in notebook.cells for new in _with_questions(cell)]
    seen = set()
    for position, cell in enumerate(notebook.cells):
        name = cell.metadata.get("name")
        if not name:
            raise ValueError(f'{path}: cell {position} has no name; write # %% name="…".')
        starter = "starter" in cell.metadata.get("tags", [])
        if (name, starter) in seen:
            raise ValueError(f"{path}: two cells are called {name!r}; rename one.")
        seen.add((name, starter))
        cell.id = name
        cell.source = re.sub(r"^## (\d\d)(\.\w+)$", _task_heading, cell.source, flags=re.M)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _task_heading(found):
    """A sheet's line `## 04.step` becomes the task's number, title, work and points."""
    task = find(found[1] + found[2])
    return f"## {chapter_tasks(task.chapter).index(task) + 1} · {task.heading}"


def _with_questions(cell):
    """A cell with its questions written out; after a prediction comes the cell that asks it."""
    if cell.cell_type != "markdown":
        return [cell]
    name = markdown.asked(cell.source)
    cell.source = markdown.expand(cell.source, questions.find)
    if name is None:
        return [cell]
    metadata = {"name": f"predict-{name[3:]}", "jupyter": {"source_hidden": True}}
    return [cell, nbformat.v4.new_code_cell(f'predict("{name}")', metadata=metadata)]


def without_starters(notebook):
    """The notebook without its `starter` cells: what is run and published."""
    kept = deepcopy(notebook)
    kept.cells = [cell for cell in kept.cells if "starter" not in cell.metadata.get("tags", [])]
    return kept


def execute(notebook, folder):
    """Run a notebook from top to bottom in a fresh kernel; returns it with its outputs.

    Errors: nbclient's CellExecutionError at the first cell that fails.
    """
    notebook = deepcopy(notebook)
    metadata = deepcopy(notebook.metadata)
    NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        timeout=300,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute(env=os.environ | {"PYTHONHASHSEED": "0"})
    notebook.metadata = metadata  # the kernel adds its version, which a rebuild must not show
    for cell in notebook.cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = []
    return describe(drop_live_views(notebook))


def cut(solution, source):
    """An exercise from an executed solution: answers out, starters in, checks kept as run."""
    starters = {
        cell.metadata.name: cell.source
        for cell in source.cells
        if "starter" in cell.metadata.get("tags", [])
    }
    exercise = deepcopy(solution)
    for cell in exercise.cells:
        tags = cell.metadata.get("tags", [])
        if "answer" in tags:
            cell.source = starters.get(cell.metadata.name, "")
        if "check" in tags:
            cell.metadata.tags = [*tags, "nbval-check-output"]
        elif cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return exercise


def write(notebook, path):
    """Write a notebook as Jupyter would, byte for byte the same at every build."""
    path.write_text(nbformat.writes(nbformat.from_dict(notebook)) + "\n", encoding="utf-8")


def build(path):
    """Build one source: the notebook beside its folder and, for a sheet, its exercise."""
    source, target = read_source(path), path.parent.parent / f"{path.stem}.ipynb"
    notebook = execute(without_starters(source), target.parent)
    write(notebook, target)
    if target.parent.name == "solutions":
        write(cut(notebook, source), target.parent.parent / "exercises" / target.name)


def drift(path):
    """What keeps a stored notebook from being its source's, as sentences; empty where nothing."""
    source, target = read_source(path), path.parent.parent / f"{path.stem}.ipynb"
    if not target.exists():
        return [f"{target.name} is missing; run make build."]
    stored = nbformat.read(target, as_version=4)
    bare = deepcopy(stored)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    wanted = without_starters(source)
    found = [] if bare == wanted else [f"{target} is not what {path.name} says; run make build."]
    if target.parent.name == "solutions":
        exercise = target.parent.parent / "exercises" / target.name
        cut_now = nbformat.writes(cut(stored, source)) + "\n"
        if not exercise.exists() or exercise.read_text(encoding="utf-8") != cut_now:
            found.append(f"{exercise} is not cut from {target}; run make build.")
    return found


def sources(names=()):
    """The text sources, in reading order; only those whose file name starts as one of `names`."""
    every = sorted((ROOT / "notebooks/source").glob("*.py")) + sorted(
        (ROOT / "solutions/source").glob("*.py")
    )
    return [path for path in every if not names or path.stem.startswith(tuple(names))]


def main():
    """The command line: build, or with --check report drift and exit with 1."""
    parser = argparse.ArgumentParser(prog="python -m course.publish.notebooks", description=__doc__)
    parser.add_argument("names", nargs="*", help="chapters to build, such as 04; all if left out")
    parser.add_argument("--check", action="store_true", help="run nothing, fail on drift")
    options = parser.parse_args()
    problems = []
    for path in sources(options.names):
        if options.check:
            problems += drift(path)
        else:
            print(f"building {path.parent.parent.name}/{path.stem}", flush=True)
            build(path)
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
