"""Which chapters a learner has read: which cells of a chapter's core were run and saved."""

from typing import NamedTuple

from course import paths
from course.learner.files import Refused, read


class Reading(NamedTuple):
    """How many of the cells of a chapter's core were run, and how many there are.

    cells is 0 for a chapter without any, and for one that is not there or cannot be read.
    """

    run: int = 0
    cells: int = 0

    @property
    def done(self):
        """Whether all of them were run."""
        return 0 < self.cells == self.run


def reading(copy, chapter):
    """The `Reading` of a chapter, such as "04_momentum_as_friction", in the learner's copy.

    Its core ends where the cell named "deeper" stands. A cell that the learner deleted is not asked
    for. Cells are delivered without a number, so those that bear one were run.
    """
    from course.grading.answers import name_among

    name = f"notebooks/{chapter}.ipynb"
    try:
        theirs = read(copy / name)["cells"]
    except Refused:
        return Reading()
    core = core_cells(read(paths.material() / name)["cells"])
    found = [cell for cell in theirs if cell.get("cell_type") == "code" and name_among(core, cell)]
    return Reading(sum(bool(cell.get("execution_count")) for cell in found), len(found))


def core_cells(cells):
    """The names of the code cells that a first evening's reading runs."""
    names = [cell["metadata"].get("name", "") for cell in cells]
    end = names.index("deeper") if "deeper" in names else len(cells)
    return {name for name, cell in zip(names[:end], cells) if cell["cell_type"] == "code"}
