"""From a journal's lines to marks: one row for each learner, file and task.

The last line about a submission counts; what a teacher decided by hand counts above them all.
"""

import unicodedata
from collections import Counter
from typing import NamedTuple

NOT_MARKED = "Not marked, mark it again: "


class Row(NamedTuple):
    """What a learner earned at one task; with the file, the first seven are
    the columns of grades.csv.

    points:      earned, out of `of`; both are 0 where a task is practice, without marks.
    notes:       sentences on the submission itself; none where it was as it should be.
    words:       what the check said.
    file:        the submission, as it was found.
    because, ended, error: as a `tasks.Finding` has them.
    answered:    whether there was an answer at all.
    by_hand:     who set the points by hand, and why; "" where nobody did.
    confinement: what held the answers while they ran; "" where none were run.
    problem:     why nothing of the file was marked; "" where it was.
    marked:      whether the file was read and judged; False where it is to be marked again.
    """

    learner: str
    sheet: str
    task: str
    points: float
    of: int
    seconds: float
    notes: tuple
    title: str
    passed: bool
    words: str
    file: str
    because: str = ""
    ended: str = ""
    error: str = ""
    answered: bool = True
    by_hand: str = ""
    confinement: str = ""
    problem: str = ""
    marked: bool = True

    @property
    def note(self):
        """The notes in one line, as grades.csv has them."""
        return " ".join(self.notes)

    @property
    def right(self):
        """Whether the task counts as right: as a teacher decided, or else as the check found."""
        return self.points == self.of if self.by_hand and self.of else self.passed


class Aside(NamedTuple):
    """What stands beside the marks.

    left:   pairs of a file that was handed in and why it is nobody's submission.
    damage: sentences on lines of the journal that could not be read.
    """

    left: list
    damage: list


NO_ASIDE = Aside([], [])


def in_words(points):
    """Points as a page shows them: no more than two decimals."""
    return f"{round(points, 2):g}"


def rows(lines):
    """The `Row`s that the lines of a journal amount to, sorted by learner, file and sheet."""
    latest, decided = current(lines), {}
    for line in lines:
        if line["what"] == "by hand":
            decided.setdefault((line["learner"], line["task"]), []).append(line)
    files = Counter((line["learner"], line["sheet"]) for line in latest)
    made = []
    for line in sorted(latest, key=_order):
        for row in _rows(line, files[line["learner"], line["sheet"]]):
            made.append(_by_hand(row, decided.get((row.learner, row.task), ())))
    return made


def current(lines):
    """The lines that count: the last one about each submission that is still there."""
    latest = {}
    for line in lines:
        if line["what"] in ("marked", "not marked"):
            _take(latest, line)
        elif line["what"] == "gone":
            for who in line["gone"]:
                latest.pop(tuple(who), None)
    return list(latest.values())


def keys(lines):
    """The keys of all submissions that need not be marked again."""
    done = current(lines)
    return {line["key"] for line in done if line["what"] == "marked" and not line.get("only")}


def ever(lines):
    """All learners of whom the journal has known."""
    return {line["learner"] for line in lines if line["what"] in ("marked", "not marked")}


def left_aside(lines):
    """Pairs of a file and why it is nobody's submission, by the last search of each folder."""
    by_root = {line["root"]: line["left"] for line in lines if line["what"] == "left"}
    return [tuple(each) for root in sorted(by_root) for each in by_root[root]]


def problems(rows):
    """Pairs of a file with its learner, and why it was not marked; each once."""
    found = {(row.file, row.learner): row.problem for row in rows if row.problem}
    return [(f"{file} ({learner})", why) for (file, learner), why in found.items()]


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
        notes.append(f"One of {files} files of this learner for this sheet.")
    if line["what"] == "not marked":
        notes.append(NOT_MARKED + line["why"])
    problem = line["why"] if line["what"] == "not marked" else " ".join(line.get("problem", ()))
    for task in line["tasks"] or [_NO_TASK]:
        about = notes + task["notes"] + ([] if task["passed"] else line.get("said", []))
        yield Row(
            learner=line["learner"],
            sheet=line["sheet"],
            task=task["task"],
            points=task["of"] if task["passed"] else 0,
            of=task["of"],
            seconds=round(task["seconds"], 2),
            notes=tuple(dict.fromkeys(about)),
            title=task["title"],
            passed=task["passed"],
            words=task["words"],
            file=line["file"],
            because="" if task["passed"] else task["because"],
            ended=task["ended"],
            error=task["error"],
            answered=task["answered"],
            confinement=line.get("confinement", ""),
            problem=problem,
            marked=line["what"] == "marked",
        )


_NO_TASK = {
    "task": "",
    "title": "",
    "of": 0,
    "seconds": 0.0,
    "passed": False,
    "words": "",
    "because": "",
    "ended": "",
    "error": "",
    "answered": False,
    "notes": [],
}


# ---- by hand --------------------------------------------------------------------------


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


def _by_hand(row, decided):
    """The row as a teacher's last decision about it leaves it."""
    last = decision(row, decided)
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
        raise ValueError(f"{learner} handed in several files with {task}; add --file {files}.")
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
