"""One task's cells of a sheet, put back as they were delivered; all other cells stay."""

from typing import NamedTuple


class Mended(NamedTuple):
    """A sheet's cells with one task as it was delivered, and what was done, as cells' names.

    replaced: were there, and held something else;  restored: were missing;
    removed:  further ones of a name that was there more than once.
    """

    cells: list
    replaced: list
    restored: list
    removed: list

    def said(self):
        """Pairs of what was done, in words, and to which cells; empty where nothing was to be."""
        done = {
            "written anew": self.replaced,
            "was missing, and is there again": self.restored,
            "was there more than once": self.removed,
        }
        return [(what, list(dict.fromkeys(cells))) for what, cells in done.items() if cells]


def mended(theirs, fresh, task):
    """The cells `theirs` with those of a task as they are in `fresh`; a `Mended`.

    theirs, fresh: lists of cells, as dictionaries in the notebook format.
    task:          such as "goal"; its cells are called "goal-task", "goal-answer" and so on.
    A cell that the learner moved stays where it is; one that is missing comes back after the cell
    before it. Cells of other tasks, and those that the learner added, are left alone.
    """
    from course.grading.answers import name_among

    known = {cell["metadata"]["name"]: cell for cell in fresh}
    ours = {name for name in known if name == task or name.startswith(f"{task}-")}
    done, seen = Mended([], [], [], []), set()
    for cell in theirs:
        name = name_among(known, cell)
        if name not in ours:
            done.cells.append(cell)
        elif name in seen:
            done.removed.append(name)
        else:  # as delivered, so that no result of an older answer stays beneath it
            done.cells.append(known[name])
            seen.add(name)
            if _says(cell) != _says(known[name]):
                done.replaced.append(name)
    order = list(known)
    for position, name in enumerate(order):
        if name in ours and name not in seen:
            there = [name_among(known, cell) for cell in done.cells]
            before = next((each for each in reversed(order[:position]) if each in there), None)
            done.cells.insert(there.index(before) + 1 if before else 0, known[name])
            done.restored.append(name)
    return done


def _says(cell):
    return cell.get("cell_type"), "".join(cell.get("source", ""))
