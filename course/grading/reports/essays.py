"""The texts that wait for a person: one page with all of them, and a table for their points."""

from course.checks.essay import WAITS
from course.grading.intake.table_file import read_table
from course.grading.reports import page
from course.grading.reports.tables import csv_text, no_formula

COLUMNS = ("learner", "task", "points", "of", "reason", "submission")


def essays(rows):
    """The `gradebook.Row`s that are texts of files that count, by task and learner."""
    found = [row for row in rows if row.ended == WAITS and row.counts]
    return sorted(found, key=lambda row: (row.task, row.learner.casefold(), row.file))


def is_filled(path, rows):
    """Whether somebody has written points into the table at `path` that are not decided yet."""
    waiting = {(no_formula(row.learner), row.task) for row in essays(rows) if row.waits}
    try:
        head, *lines = read_table(path)
        at = [head.index(name) for name in ("learner", "task", "points")]
        told = [[line[n] if n < len(line) else "" for n in at] for line in lines]
    except (OSError, ValueError):
        return False
    return any(points.strip() and (who, task) in waiting for who, task, points in told)


def essays_page(rows, run=page.NO_RUN):
    """All texts on one page, as HTML, a section for each task."""
    tasks = {}
    for row in essays(rows):
        tasks.setdefault((row.task, row.title, row.of), []).append(row)
    sections = [(*task, theirs) for task, theirs in tasks.items()]
    return page.filled("essays.html", [], run, title="Texts to mark", sections=sections)


def table(rows):
    """The table to fill in, as CSV: what has points already has them."""
    made = []
    for row in essays(rows):
        points = round(row.points, 2) if row.by_hand else ""
        made.append((row.learner, row.task, points, row.of, "", row.file))
    return csv_text(COLUMNS, made)
