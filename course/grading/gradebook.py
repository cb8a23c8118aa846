"""From a journal's lines to marks: one row for each learner, file and task.

The last line about a submission counts; what a teacher decided by hand counts above them all.
"""

from typing import NamedTuple

from course.checks.essay import WAITS
from course.grading import counted
from course.grading.by_hand import decided
from course.grading.by_hand import decision as decision
from course.grading.by_hand import in_words as in_words
from course.grading.by_hand import override as override
from course.grading.intake.origin import UNKNOWN, Origin

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
    origin:      what the platform, or the file itself, tells of the submission.
    late:        a sentence that says that it was, and by what; "" where it was not.
    counts:      whether it is of the file that counts, of several of a learner for a sheet.
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
    origin: Origin = UNKNOWN
    late: str = ""
    counts: bool = True

    @property
    def note(self):
        """The notes in one line, as grades.csv has them."""
        return " ".join(self.notes)

    @property
    def waits(self):
        """Whether it is a text that nobody has marked yet."""
        return self.is_text and not self.by_hand

    @property
    def is_text(self):
        """Whether it is a text in a learner's own words, which only a person marks."""
        return self.ended == WAITS

    @property
    def right(self):
        """Whether the task counts as right: as a teacher decided, or else as the check found."""
        return self.points == self.of if self.by_hand and self.of else self.passed


class Aside(NamedTuple):
    """What stands beside the marks.

    left:       pairs of a file that was handed in and why it is nobody's submission.
    damage:     sentences on lines of the journal that could not be read.
    class_list: pairs of a name and a sentence on who is missing, or is not on the list.
    """

    left: list
    damage: list
    class_list: list = []  # never changed


NO_ASIDE = Aside([], [])


def rows(lines):
    """The `Row`s that the lines of a journal amount to, sorted by learner, file and sheet."""
    known, by_hand = origins(lines), {}
    for line in lines:
        if line["what"] == "by hand":
            by_hand.setdefault((line["learner"], line["task"]), []).append(line)
    made = []
    for line in sorted(current(lines), key=_order):
        for row in _rows(line, known.get((line["learner"], line["file"]), UNKNOWN)):
            made.append(decided(row, by_hand.get((row.learner, row.task), ())))
    return counted.chosen(made, *counted.settings(lines))


def origins(lines):
    """(Learner, file) -> its `Origin`, of which the last line that tells counts."""
    return {
        (line["learner"], line["file"]): Origin(*map(line["origin"].get, Origin._fields))
        for line in lines
        if "origin" in line
    }


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


def _rows(line, origin):
    notes = list(line["notes"])
    if line["what"] == "not marked":
        notes.append(NOT_MARKED + line["why"])
    problem = line["why"] if line["what"] == "not marked" else " ".join(line.get("problem", ()))
    for task in line["tasks"] or [_NO_TASK]:
        about = notes + task["notes"] + ([] if task["passed"] else line.get("said", []))
        yield Row(
            learner=line["learner"],
            sheet=line["sheet"],
            task=task["task"],
            points=task["of"] if task["passed"] else _earned(task),
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
            origin=origin,
        )


def _earned(task):
    """What parts of a task earned, of one that does not hold."""
    earned = task.get("earned", 0)
    return earned if isinstance(earned, int | float) and 0 <= earned <= task["of"] else 0


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
