"""From a journal's lines to marks: one row for each learner, file and task.

The last line about a submission counts; what a teacher decided by hand counts above them all.
"""

from collections import Counter
from typing import NamedTuple

NOT_MARKED = "Not marked, mark it again: "


class Row(NamedTuple):
    """What a learner earned at one task; the first seven are the columns of grades.csv.

    points:      earned, out of `of`; both are 0 where a task is practice, without marks.
    note:        sentences on the submission itself, "" where it was as it should be.
    words:       what the check said.
    file:        the submission, as it was found.
    because:     the known mistake's sentence, "" where none was recognised.
    by_hand:     who set the points by hand, and why; "" where nobody did.
    confinement: what held the answers while they ran; "" where none were run.
    """

    learner: str
    sheet: str
    task: str
    points: float
    of: int
    seconds: float
    note: str
    title: str
    passed: bool
    words: str
    file: str
    because: str = ""
    by_hand: str = ""
    confinement: str = ""


def rows(lines):
    """The `Row`s that the lines of a journal amount to, sorted by learner, file and sheet."""
    latest, decided = {}, [line for line in lines if line["what"] == "by hand"]
    for line in lines:
        if line["what"] in ("marked", "not marked"):
            _take(latest, line)
    files = Counter((line["learner"], line["sheet"]) for line in latest.values())
    made = []
    for line in sorted(latest.values(), key=_order):
        for row in _rows(line, files[line["learner"], line["sheet"]]):
            made.append(_by_hand(row, decided))
    return made


def keys(lines):
    """The keys of all submissions that need not be marked again."""
    return {line["key"] for line in lines if line["what"] == "marked" and not line.get("only")}


def _order(line):
    return line["learner"].casefold(), line["learner"], line["file"], line["sheet"]


def _take(latest, line):
    """Let a line take the place of what was known about its submission."""
    who = line["learner"], line["file"]
    latest.pop((*who, ""), None)  # an unreadable file of no known sheet, now handed in again
    before = latest.get((*who, line["sheet"]))
    same = before is not None and before["key"] == line["key"] and before["what"] == "marked"
    if same and line["what"] == "not marked":
        return  # an attempt to mark it again that failed takes nothing away
    if same and line.get("only"):
        again = {task["task"]: task for task in line["tasks"] if task["task"] == line["only"]}
        tasks = [again.get(task["task"], task) for task in before["tasks"]]
        line = before | {"tasks": tasks}
    latest[*who, line["sheet"]] = line


def _rows(line, files):
    notes = list(line["notes"])
    if files > 1:
        note = f"One of {files} files of this learner for this sheet: {line['file']}."
        notes.append(note)
    if line["what"] == "not marked":
        notes.append(NOT_MARKED + line["why"])
    for task in line["tasks"] or [_NO_TASK]:
        about = notes + task["notes"] + ([] if task["passed"] else line.get("said", []))
        yield Row(
            learner=line["learner"],
            sheet=line["sheet"],
            task=task["task"],
            points=task["of"] if task["passed"] else 0,
            of=task["of"],
            seconds=round(task["seconds"], 2),
            note=" ".join(dict.fromkeys(about)),
            title=task["title"],
            passed=task["passed"],
            words=task["words"],
            file=line["file"],
            because="" if task["passed"] else task["because"],
            confinement=line.get("confinement", ""),
        )


_NO_TASK = {
    "task": "",
    "title": "",
    "of": 0,
    "seconds": 0.0,
    "passed": False,
    "words": "",
    "because": "",
    "notes": [],
}


# ---- by hand --------------------------------------------------------------------------


def _by_hand(row, decided):
    """The row as a teacher's last decision about it leaves it."""
    mine = [line for line in decided if _concerns(line, row)]
    if not mine or mine[-1]["points"] is None:
        return row
    last = mine[-1]
    words = f"Set by hand from {row.points:g} to {last['points']:g} by {last['by']}"
    words += f" on {last['on']}: {last['reason']}"
    note = f"{row.note} {words}".strip()
    return row._replace(points=last["points"], note=note, by_hand=words)


def _concerns(line, row):
    same = (line["learner"], line["task"]) == (row.learner, row.task)
    return same and line["file"] in ("", row.file)


def override(made, *, learner, task, points, reason, by, on, file=""):
    """The line by which a teacher sets the points of one task, whatever the check said.

    made:   the `Row`s so far.
    points: from 0 to what the task is worth; None takes an earlier decision back.
    by, on: who decided and when, in words.
    file:   which file, where the learner has several for this sheet; else "".
    Errors: ValueError with a sentence that says what is wrong.
    """
    theirs = [row for row in made if row.learner == learner]
    if not theirs:
        raise ValueError(f"There is no learner {learner!r} in this journal.")
    found = [row for row in theirs if row.task == task and file in ("", row.file)]
    if not found:
        tasks = ", ".join(dict.fromkeys(row.task for row in theirs if row.task))
        raise ValueError(f"{learner} has no task {task!r}; there are {tasks or 'none'}.")
    if len(found) > 1:
        files = " or ".join(repr(row.file) for row in found)
        raise ValueError(f"{learner} handed in several files with {task}; add --file {files}.")
    if points is not None and not 0 <= points <= found[0].of:
        raise ValueError(f"{task} is worth 0 to {found[0].of} points; got {points:g}.")
    if not reason.strip():
        raise ValueError("A decision by hand needs a reason, which the report shows.")
    decision = {"learner": learner, "task": task, "points": points, "file": file}
    return {"what": "by hand", **decision, "reason": reason.strip(), "by": by, "on": on}
