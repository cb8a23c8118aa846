"""The files that learning platforms take back, and who is left out of them, with a reason."""

from pathlib import Path
from typing import NamedTuple

from course import paths
from course.grading.reports import canvas, moodle

GRADES, FEEDBACK = "moodle-{}.csv", "moodle-{}-feedback.zip"  # of a sheet
GRADEBOOK, CANVAS = "moodle-gradebook.csv", "canvas.csv"
ALL_COUNT = "Several files count, and {} takes one number for each; it is left out of its table."
NOT_MARKED = "It is not marked yet, so it is left out of {}'s table."
SAME = "Another learner has the same number there, so both are left out of Moodle's table."


class Back(NamedTuple):
    """What can be given back.

    files: a file's name -> its text, or its bytes.
    left:  pairs of a learner and why it is in none of them.
    """

    files: dict
    left: list


def made(totals, page_of, heads=()):
    """The files for those platforms from which something came, or whose class list was given.

    totals:  a list of `totals.Total`; page_of: called with a learner, gives the feedback page.
    heads:   of the columns of the class list that are no person's.
    """
    files, left = {}, []
    totals = [total for total in totals if total.sheet and total.of]
    for sheet in sorted({total.sheet for total in totals}):
        theirs = [each for each in totals if each.sheet == sheet and moodle.is_from_moodle(each)]
        theirs = _sendable(theirs, "Moodle", left)
        same = moodle.twice(theirs)
        left += [(each.learner, SAME) for each in theirs if each.origin.id in same]
        theirs = [each for each in theirs if each.origin.id not in same]
        if theirs:
            files[GRADES.format(sheet)] = moodle.worksheet(theirs)
            files[FEEDBACK.format(sheet)] = moodle.feedback_zip(theirs, page_of)
    known = [each for each in totals if each.person and (each.person.id or each.person.email)]
    theirs = _sendable([each for each in known if each.person.platform != "canvas"], "Moodle", left)
    if theirs:
        files[GRADEBOOK] = moodle.gradebook(theirs)
    theirs = _sendable([each for each in totals if canvas.number(each)], "Canvas", left)
    if theirs:
        files[CANVAS] = canvas.gradebook(theirs, heads)
    return Back(files, list(dict.fromkeys(left)))


def _sendable(totals, platform, left):
    """The totals that are one number each; of the others `left` gets the reason."""
    files, kept = {}, []
    for total in totals:
        files.setdefault((total.learner, total.sheet), []).append(total)
    for (learner, _), theirs in files.items():
        if len(theirs) > 1:
            left.append((learner, ALL_COUNT.format(platform)))
        elif not theirs[0].is_marked:
            left.append((learner, NOT_MARKED.format(platform)))
        else:
            kept += theirs
    return kept


def files(out):
    """The paths in a folder that are called as these files are."""
    names = [form.format(sheet) for form in (GRADES, FEEDBACK) for sheet in paths.sheets()]
    return [path for name in (*names, GRADEBOOK, CANVAS) if (path := Path(out, name)).exists()]


def remove_old(out, kept):
    """Remove those of an earlier report that this one no longer has; the journal is ours there."""
    for path in files(out):
        if path.name not in kept and path.is_file():
            path.unlink()
