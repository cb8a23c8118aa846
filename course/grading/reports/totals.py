"""A learner's points for each sheet, by the file that counts."""

from itertools import groupby
from typing import NamedTuple

from course.grading.intake.roster import Person
from course.grading.intake.who_is_who import NOBODY
from course.grading.reports.tables import csv_text

COLUMNS = ("learner", "sheet", "points", "of", "late", "file", "note", "name", "id", "email")
NOTHING = "Nothing was handed in."


class Total(NamedTuple):
    """The points of one file that counts; of one learner for one sheet, unless all files count.

    rows:   its `gradebook.Row`s.
    person: whom the class list has for the learner; None where nobody.
    """

    learner: str
    sheet: str
    points: float
    of: int
    rows: tuple
    person: Person | None = None

    @property
    def origin(self):
        """What is known of the file besides its text."""
        return self.rows[0].origin

    @property
    def is_marked(self):
        """Whether it was marked, or has points by hand: else it is no number to hand on."""
        return all((row.marked or row.by_hand) and not row.waits for row in self.rows)


def totals(rows, joined=NOBODY):
    """The `Total`s of `gradebook.Row`s, in their order."""
    found = []
    counting = (row for row in rows if row.counts)
    for who, group in groupby(counting, key=lambda row: (row.learner, row.sheet, row.file)):
        theirs = tuple(group)
        points, of = sum(row.points for row in theirs), sum(row.of for row in theirs)
        found.append(Total(*who[:2], points, of, theirs, joined.people.get(who[0])))
    return found


def table(made, joined=NOBODY):
    """The totals as CSV, and a row for each of the class list who handed in nothing."""
    rows = [_row(total) for total in made]
    for person in joined.missing:
        rows.append(("", "", "", "", "", "", NOTHING, person.name, _number(person), person.email))
    return csv_text(COLUMNS, rows)


def _row(total):
    first, person = total.rows[0], total.person or Person("")
    notes = dict.fromkeys(note for row in total.rows for note in row.notes)
    return (
        total.learner,
        total.sheet,
        round(total.points, 2),
        total.of,
        "late" if first.late else "",
        first.file,
        " ".join(notes),
        person.name,
        _number(person),
        person.email,
    )


def _number(person):
    return person.id or person.login or person.platform_id
