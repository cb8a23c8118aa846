"""The teacher's list: every learner's total for each sheet, with a link to each page."""

from itertools import groupby

from course.grading.gradebook import NO_ASIDE, problems
from course.grading.reports import page


def index_page(by_learner, pages, run=page.NO_RUN, aside=NO_ASIDE):
    """The list of all learners as HTML.

    by_learner: learner -> rows; pages: learner -> the feedback page's file name.
    aside:      `gradebook.Aside`, what was left aside and what the journal has lost.
    """
    files = {}
    for learner, rows in by_learner.items():
        for (sheet, _), group in groupby(rows, key=lambda row: (row.sheet, row.file)):
            files.setdefault(sheet, []).append((learner, pages[learner], list(group)))
    everything = [row for rows in by_learner.values() for row in rows]
    return page.filled(
        "index.html",
        everything,
        run,
        seed=True,
        title="Results",
        learners=len(by_learner),
        files=sum(map(len, files.values())),
        texts=any(row.is_text for row in everything),
        not_marked=problems(everything),
        aside=aside,
        damage=page.damage_in_words(aside),
        sheets=[_sheet(sheet, files[sheet]) for sheet in sorted(files)],
    )


def _sheet(name, files):
    tasks = [row for row in files[0][2] if row.task]
    lines = [
        {"learner": learner, "page": file, "rows": rows, "notes": _notes(rows)}
        for learner, file, rows in files
    ]
    right = [sum(rows[at].right for _, _, rows in files) for at in range(len(tasks))]
    return {"name": name, "tasks": tasks, "lines": lines, "right": right}


def _notes(rows):
    """Rows share sentences; one who has the whole file in view needs each only once."""
    return " ".join(dict.fromkeys(note for row in rows for note in row.notes))
