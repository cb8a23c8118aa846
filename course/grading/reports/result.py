"""One learner's result as JSON: what a program needs that hands it on."""

import json
from itertools import groupby

import course
from course.grading.reports.page import NO_RUN, foot

FORMAT = 1


def as_json(rows, left=()):
    """The result of one learner as a text of JSON, which ends with a newline.

    left:   pairs of a file and why it is nobody's submission.
    Errors: ValueError where `rows` are not one learner's.

    {"format": 1, "course": version, "learner", "points", "of", "confinement": a sentence,
     "left": [[file, why]], "files": [{"file", "sheet", "points", "of", "late", "counts", "notes",
     "tasks": [{"task", "title", "points", "of", "right", "words", "notes"}]}]}
    """
    learners = list(dict.fromkeys(row.learner for row in rows))
    if len(learners) != 1:
        names = f": {', '.join(learners[:5])}" if learners else ""
        raise ValueError(f"--json is of one learner's result; here are {len(learners)}{names}.")
    counting = [row for row in rows if row.counts]
    made = {
        "format": FORMAT,
        "course": course.__version__,
        "learner": learners[0],
        "points": round(sum(row.points for row in counting), 2),
        "of": sum(row.of for row in counting),
        "confinement": foot(rows, NO_RUN),
        "left": [list(pair) for pair in left],
        "files": [_file(list(group)) for _, group in groupby(rows, lambda r: (r.sheet, r.file))],
    }
    return json.dumps(made, indent=1, ensure_ascii=True) + "\n"


def _file(rows):
    first = rows[0]
    common = [note for note in first.notes if all(note in row.notes for row in rows)]
    return {
        "file": first.file.rpartition("/")[2],
        "sheet": first.sheet,
        "points": round(sum(row.points for row in rows), 2),
        "of": sum(row.of for row in rows),
        "late": bool(first.late),
        "counts": first.counts,
        "notes": common,
        "tasks": [_task(row, common) for row in rows if row.task],
    }


def _task(row, common):
    return {
        "task": row.task,
        "title": row.title,
        "points": round(row.points, 2),
        "of": row.of,
        "right": row.right,
        "words": row.words,
        "notes": [note for note in row.notes if note not in common],
    }
