"""What goes back into Moodle: a grading worksheet, feedback files, or a table for its gradebook.

Worksheet: moodle/moodle, `mod/assign/gradingtable.php` writes it, `mod/assign/feedback/offline/`
reads it: the number after "Participant" says whose a row is, "Grade" the points; of learners who
have a grade already it takes only what is newer, unless told otherwise when it is uploaded.
Feedback files: `mod/assign/feedback/file/importziplib.php`: one folder for each learner, called as
in the download. Gradebook: docs.moodle.org, "Grade import": columns are assigned by hand.
"""

import html
import io
import re
from collections import Counter
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from course.grading.by_hand import in_words
from course.grading.reports.page import sheet_title
from course.grading.reports.tables import csv_text
from course.grading.submissions import one_line

WORKSHEET = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (submission)", "Last modified (grade)"),
    "Feedback comments",
)
PEOPLE = ("First name", "Last name", "ID number", "Email address")
LONGEST = 100  # characters of a name in a zip: some systems take 255 bytes of all


def is_from_moodle(total):
    """Whether a `totals.Total` is of a file that Moodle knows."""
    return total.origin.platform == "moodle"


def worksheet(totals):
    """The grading worksheet of one sheet's totals, as CSV."""
    return csv_text(WORKSHEET, [_graded(total) for total in totals])


def _graded(total):
    email = total.person.email if total.person else ""
    name, status = one_line(total.origin.name), "Submitted for grading"
    graded = round(total.points, 2), total.of, "Yes", "", "", _comment(total)
    return f"Participant {total.origin.id}", name, email, status, *graded


def _comment(total):
    """What the learner reads beside the grade; Moodle takes it for HTML."""
    words = [f"{row.title}: {in_words(row.points)} of {row.of}" for row in total.rows if row.of]
    words += filter(None, [total.rows[0].problem, total.rows[0].late])
    return html.escape(". ".join(word.rstrip(".") for word in words), quote=False)


def feedback_zip(totals, page_of):
    """The zip of one sheet's feedback files, as bytes, the same for the same pages.

    page_of: called with a learner, gives the page as HTML.
    """
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for total in sorted(totals, key=lambda each: int(each.origin.id)):
            name = f"{_folder(total.origin)}/feedback_{total.sheet[:2] or 'unknown'}.html"
            info = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, page_of(total.learner).encode("utf-8", "replace"))
    return made.getvalue()


def _folder(origin):
    """A learner's folder, of which Moodle reads the number and what stands behind it."""
    plain = re.sub(r'[_/\\:*?"<>|~.\x00-\x1f]+', " ", origin.name)
    plain = "".join(c if c.isprintable() else " " for c in plain)
    plain = " ".join(plain[:LONGEST].split()) or "Participant"
    return f"{plain}_{origin.id}_assignsubmission_file_"


def gradebook(totals):
    """A table for Moodle's gradebook as CSV: those of the class list, a column for each sheet."""
    sheets = sorted({total.sheet for total in totals})
    cells, people = {(t.person, t.sheet): round(t.points, 2) for t in totals}, {}
    for total in totals:
        people.setdefault(total.person, None)
    rows = [
        (
            *(person.first, person.last or ("" if person.first else person.name)),
            *(person.id, person.email),
            *(cells.get((person, sheet), "") for sheet in sheets),
        )
        for person in people
    ]
    return csv_text((*PEOPLE, *map(sheet_title, sheets)), rows)


def twice(totals):
    """Numbers of participants that stand for more than one of these totals."""
    count = Counter(total.origin.id for total in totals)
    return {number for number, times in count.items() if times > 1}
