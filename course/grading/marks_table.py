"""Points that a person wrote into a table: a decision by hand for each row."""

from course.grading import by_hand
from course.grading.intake.table_file import read_table
from course.grading.reports.tables import no_formula

NEEDED = ("learner", "task", "points")
REASON = "Read and marked by hand."


def decisions(path, by, on):
    """What `batch.override` takes as decisions: the rows of a table that have points.

    path:   of a table with the columns of NEEDED, and reason and submission, which may be empty.
    by, on: who decides, and when.
    Errors: ValueError, with the number of the row, for what makes no sense.
    """
    head, *rows = read_table(path) or [[]]
    columns = {" ".join(cell.split()).casefold(): n for n, cell in enumerate(head)}
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise ValueError(f"{path} has no column {' and no column '.join(missing)}.")

    def wanted(made):
        """The decisions about these `gradebook.Row`s, by the names that they have."""
        # A table is written so that no cell is a formula; so names may have a sign more.
        known = {no_formula(text): text for row in made for text in (row.learner, row.file)}
        found = [
            (_decision(row, columns, known, f"{path}, row {n}"), n) for n, row in enumerate(rows, 2)
        ]
        found = [(each | {"by": by, "on": on}, n) for each, n in found if each]
        for each, n in found:
            _refuse(made, each, f"{path}, row {n}")
        found = [each for each, _ in found]
        _refuse_twice(found, path)
        return found

    return wanted


def _decision(row, columns, known, where):
    told = {name: row[n].strip() for name, n in columns.items() if n < len(row)}
    if not told.get("points"):
        return None
    names = {name: told.get(name, "") for name in ("learner", "submission")}
    learner, file = (known.get(name, name) for name in names.values())
    return {
        "learner": learner,
        "task": told.get("task", ""),
        "points": _points(told["points"], where),
        "reason": told.get("reason") or REASON,
        "file": file,
    }


def _points(text, where):
    try:
        points = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f"{where}: points must be a number; got {text!r}.") from None
    return int(points) if points.is_integer() else points


def _refuse(made, decision, where):
    """Refuse what is no decision about these rows, by the row of the table that it stands in."""
    try:
        by_hand.override(made, **decision)
    except ValueError as problem:
        said = str(problem).replace("add --submission", "add a column submission with")
        raise ValueError(f"{where}: {said}") from None


def _refuse_twice(found, path):
    seen = set()
    for each in found:
        what = each["learner"], each["task"], each["file"]
        if what in seen:
            raise ValueError(f"{path} has two rows for {what[0]!r}, {what[1]}; leave one.")
        seen.add(what)
