"""What goes back into Canvas: a table that its gradebook imports.

Layout: instructure/canvas-lms, `lib/gradebook_importer.rb`: "Student", "ID", then the school's own
numbers, "Section", a column for each assignment, and a row "Points Possible". "ID" says whose a row
is; a column belongs to the assignment whose head it bears, as in the gradebook's own export.
"""

import re

from course import paths
from course.grading.reports.page import sheet_title
from course.grading.reports.tables import csv_text
from course.grading.submissions import one_line

HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POSSIBLE = "    Points Possible"


def number(total):
    """Canvas's number of a `totals.Total`'s learner; "" where none is known."""
    person, origin = total.person, total.origin
    if origin.platform == "canvas" and origin.id.isdigit():
        return origin.id
    return person.platform_id if person and person.platform == "canvas" else ""


def gradebook(totals, heads=()):
    """The totals of learners with a number, as CSV; an empty cell changes nothing in Canvas.

    heads: of the assignments' columns in the class list, from Canvas's own export.
    """
    sheets = sorted({total.sheet for total in totals})
    of = {total.sheet: total.of for total in totals}
    people, cells = {}, {}
    for total in totals:
        people.setdefault(number(total), total)
        cells[number(total), total.sheet] = round(total.points, 2)
    rows = [
        (*_who(total), *(cells.get((who, sheet), "") for sheet in sheets))
        for who, total in people.items()
    ]
    head = (*HEAD, *(column(sheet, heads) for sheet in sheets))
    return csv_text(head, [(POSSIBLE, "", "", "", "", *map(of.get, sheets)), *rows])


def _who(total):
    person = total.person
    name = person.name if person else one_line(total.origin.name)
    # A row that begins so is none of a learner's to Canvas.
    name = re.sub("points possible", "Points  Possible", name, flags=re.IGNORECASE)
    known = (person.id, person.login, person.section) if person else ("", "", "")
    return name, number(total), *known


def column(sheet, heads):
    """The head of a sheet's column: the one of Canvas's that names it, else the sheet's title."""
    words = _letters(paths.words(sheet))
    plain = [head for head in heads if re.fullmatch(r".+ \(\d+\)", head)]
    named = [head for head in plain if words and words in _letters(head)]
    return named[0] if len(named) == 1 else sheet_title(sheet)


def _letters(text):
    return re.sub(r"[\W_]+", "", text).casefold()
