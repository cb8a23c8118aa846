"""What a teacher decides by hand: the points of one task, with a reason that the reports show."""

import unicodedata


def in_words(points):
    """Points as a page shows them: no more than two decimals."""
    return f"{round(points, 2):g}"


def decision(row, lines):
    """The line of a teacher's last decision about a row; None where there is none that counts.

    lines: of a journal.
    """
    mine = [
        line
        for line in lines
        if line["what"] == "by hand"
        and (line["learner"], line["task"]) == (row.learner, row.task)
        and line["file"] in ("", row.file)
    ]
    return mine[-1] if mine and mine[-1]["points"] is not None else None


def decided(row, lines):
    """The row as a teacher's last decision about it, in the lines of a journal, leaves it."""
    last = decision(row, lines)
    if last is None:
        return row
    words = f"Set by hand from {in_words(row.points)} to {in_words(last['points'])} by {last['by']}"
    words += f" on {last['on']}: {last['reason']}"
    notes = (*row.notes, words)
    return row._replace(points=last["points"], notes=notes, by_hand=words, problem="")


def override(made, *, learner, task, points, reason, by, on, file=""):
    """The line by which a teacher sets the points of one task, whatever the check said.

    made:   the `Row`s so far.
    points: from 0 to what the task is worth; None takes an earlier decision back.
    by, on: who decided and when, in words.
    file:   which file, where the learner has several for this sheet; else "".
    Errors: ValueError with a sentence that says what is wrong.
    """
    said = {"learner": learner, "task": task, "file": file, "reason": reason, "by": by, "on": on}
    for name, text in said.items():
        _refuse_unprintable(name, text.strip())
    theirs = [row for row in made if row.learner == learner]
    if not theirs:
        raise ValueError(f"There is no learner {learner!r} in this journal.")
    of_file = [row for row in theirs if file in ("", row.file)]
    if not of_file:
        files = " or ".join(dict.fromkeys(repr(row.file) for row in theirs))
        raise ValueError(f"{learner} has no file {file!r}; there is {files}.")
    found = [row for row in of_file if row.task == task]
    if not found:
        tasks = ", ".join(dict.fromkeys(row.task for row in of_file if row.task))
        raise ValueError(f"{learner} has no task {task!r}; there are {tasks or 'none'}.")
    if len(found) > 1:
        files = " or ".join(repr(row.file) for row in found)
        raise ValueError(
            f"{learner} handed in several files with {task}; add --submission {files}."
        )
    if points is not None and not 0 <= points <= found[0].of:
        raise ValueError(f"{task} is worth 0 to {found[0].of} points; got {points:g}.")
    if not reason.strip():
        raise ValueError("A decision by hand needs a reason, which the report shows.")
    decision = {"learner": learner, "task": task, "points": points, "file": file}
    return {"what": "by hand", **decision, "reason": reason.strip(), "by": by, "on": on}


def _refuse_unprintable(name, text):
    odd = [c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    if odd:
        raise ValueError(
            f"{name} must be one line of text; got {text[:60]!a}, with {odd[0]!a} in it. "
            "Leave that out."
        )
