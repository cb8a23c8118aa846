"""What the tests of grading share: exercise 04, its right answers, and submissions to it."""

import json
from copy import deepcopy

from course import paths

NAME = "04_momentum_as_friction"


def _read(folder):
    return json.loads((paths.material() / folder / f"{NAME}.ipynb").read_text(encoding="utf-8"))


PRISTINE = _read("exercises")
RIGHT = {
    cell["metadata"]["name"]: "".join(cell["source"])
    for cell in _read("solutions")["cells"]
    if "answer" in cell["metadata"].get("tags", [])
}
STEP, TERMINAL, PHYSICS, GOAL, PORTRAIT = RIGHT
TASKS = ("04.step", "04.terminal", "04.physics", "04.goal", "04.portrait")


def submission(answers=(), **changes):
    """The sheet as a learner hands it in, right but for `answers` (name -> source)."""
    notebook = deepcopy(PRISTINE) | changes
    for cell in notebook["cells"]:
        source = (RIGHT | dict(answers)).get(cell["metadata"]["name"])
        if source is not None:
            cell["source"] = source
    return notebook


def write(path, notebook):
    """Write a submission where it belongs; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook))
    return path


def cell(notebook, name):
    """The cell of a notebook that is called `name`."""
    return next(each for each in notebook["cells"] if each["metadata"].get("name") == name)
