"""The journal loses nothing, mixes nothing, and says who may write to it."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import course
from course.grading import batch, dispatch, gradebook, journal, journal_lines, papers
from course.grading.answers import Answers, Note
from course.grading.journal import Journal, WrongJournal
from course.grading.submissions import Submission
from tests import waiting
from tests.grading import stub
from tests.grading.sheet import GOAL, NAME, STEP, submission, write

LEARNERS = 40
TERMS = {"seed": 1, "limit": 60.0, "memory": 2048, "confinement": None}


def grade(folder, **options):
    return batch.grade([folder / "in"], folder / "out", judge=stub.judge, **{"seed": 1} | options)


def fill(folder, learners):
    """Submissions of so many learners, right and wrong ones, and one that cannot be read."""
    for number in range(learners):
        step = ("# right", "# wrong", "# known")[number % 3]
        write(folder / f"in/learner {number:03}.ipynb", submission({STEP: f"{step} {number}"}))
    write(folder / "in/unreadable.ipynb", "{")


def lines(folder):
    with Journal(folder / "out") as book:
        return book.lines()


def reports(folder):
    """Path -> bytes, of all reports, but for the name that each marking draws for itself."""
    out, name = folder / "out", lines(folder)[0]["name"].encode()
    files = [path for path in out.rglob("*.[hc]*") if path.is_file()]
    return {path.relative_to(out): path.read_bytes().replace(name, b"NAME") for path in files}


# ---- lines ----------------------------------------------------------------------------


def test_a_line_is_written_whole_and_read_again(tmp_path):
    with Journal(tmp_path) as book:
        book.write({"what": "a", "text": "é\n\u2028\ud800"})
        book.write({"what": "b"})
        assert [line["what"] for line in book.lines()] == ["a", "b"]
    assert (tmp_path / journal.NAME).read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("rest", [b'{"what":"mar', b"\x00\x00", b"{}", b'"what"'])
def test_half_a_line_counts_as_never_written(tmp_path, rest):
    with Journal(tmp_path) as book:
        book.write({"what": "a"})
    with (tmp_path / journal.NAME).open("ab") as file:
        file.write(rest)
    with Journal(tmp_path) as book:
        book.write({"what": "b"})
        assert [line["what"] for line in book.lines()] == ["a", "b"]
        assert book.damage == []


def test_two_processes_cannot_write_at_once(tmp_path):
    code = "import sys; from course.grading.journal import Journal; Journal(sys.argv[1])"
    with Journal(tmp_path) as book:
        book.write({"what": "a"})
        book.lines()  # as a real run does; closing what it reads from must not lose the lock
        (tmp_path / journal.NAME).read_bytes()
        with pytest.raises(WrongJournal, match="Another process is marking into"):
            Journal(tmp_path)  # nor can this process, a second time
        other = waiting.run([sys.executable, "-c", code, tmp_path])
    assert other.returncode == 1
    assert "Another process is marking into" in other.stderr
    waiting.run([sys.executable, "-c", code, tmp_path], check=True)


@pytest.mark.parametrize(
    "refused",
    [{"learner_from": "{name}"}, {"again": batch.Again(("zoe",))}, {"sheet": "04", "seed": -1}],
    ids=["a pattern", "a learner", "a number"],
)
def test_a_refused_marking_leaves_nothing_and_what_was_there_stays(tmp_path, refused):
    fill(tmp_path, 1)
    with pytest.raises(ValueError, match="."):
        batch.grade([tmp_path / "in"], tmp_path / "new/out", judge=stub.judge, **refused)
    assert not (tmp_path / "new").exists()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/plan.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="."):
        grade(tmp_path, **{"seed": None} | refused)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["plan.txt"]
    assert grade(tmp_path), "and then it is marked, without --resume"


def test_a_folder_within_the_submissions_is_still_the_graders_after_a_refusal(tmp_path):
    write(tmp_path / "anna.ipynb", submission())
    (tmp_path / "marks").mkdir()
    nobody = batch.Again(("zoe",))
    with pytest.raises(ValueError, match="^There is no submission of 'zoe'"):
        batch.grade([tmp_path], tmp_path / "marks", judge=stub.judge, again=nobody)
    rows = batch.grade([tmp_path], tmp_path / "marks", judge=stub.judge)
    assert {row.learner for row in rows} == {"anna"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no open file")
def test_a_journal_that_was_removed_while_it_was_opened_is_not_written_to(tmp_path, monkeypatch):
    from course.grading import journal_lock

    take = journal_lock.take

    def late(file):
        (tmp_path / journal.NAME).unlink()  # as whoever held the lock until now does
        take(file)

    monkeypatch.setattr(journal_lock, "take", late)
    with pytest.raises(WrongJournal, match="Another process is marking into"):
        Journal(tmp_path)


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(journal.os, "write", lambda file, data: len(data) - 1)
    with Journal(tmp_path) as book, pytest.raises(OSError, match="^The disk is full"):
        book.write({"what": "a"})


def test_what_is_too_long_for_one_line_is_written_as_several_and_read_as_one(tmp_path):
    left = [[f"in/{number}/" + "x" * 200, "It is a PDF."] for number in range(70_000)]
    gone = [["anna", file, NAME] for file, _ in left]
    with Journal(tmp_path) as book:
        for files in (left[:1], left, left[::-1]):
            book.write({"what": "left", "root": "in", "left": files})
        book.write({"what": "gone", "gone": gone})
        found = book.lines()
        assert book.damage == []
    assert gradebook.left_aside(found) == [tuple(each) for each in left[::-1]]
    assert [len(line["left"]) for line in found if line["what"] == "left"] == [1, 70_000, 70_000]
    assert sum((line["gone"] for line in found if line["what"] == "gone"), []) == gone


@pytest.mark.parametrize("line", [{"what": "a", "text": "x" * 10_000_000}, {"what": "gone"}])
def test_what_could_not_be_read_again_is_never_written(tmp_path, line):
    with Journal(tmp_path) as book:
        with pytest.raises(ValueError, match="so nothing was written"):
            book.write(line)
        assert (tmp_path / journal.NAME).read_bytes() == b""


def test_a_notebook_with_any_number_of_notes_makes_a_line_that_can_be_read(tmp_path):
    notes = [f"Something is odd about cell {number}, " + "x" * 300 for number in range(30_000)]
    who = Submission("anna", tmp_path / "in/anna.ipynb", "in/anna.ipynb")
    paper = papers.Paper(who, NAME, Answers({}, [Note(each) for each in notes]), notes)
    with Journal(tmp_path) as book:
        dispatch.Marking(book, {"versions": {}} | TERMS, "", None).run([paper], None, None)
        (line,) = book.lines()
    assert len(line["notes"]) == len(line["tasks"][0]["notes"]) == dispatch.MOST + 1
    assert line["notes"][-1] == "And 29980 more such notes."


# ---- damage ---------------------------------------------------------------------------


DECISION = {"learner": "learner 001", "task": "04.step", "points": 2, "reason": "a slip"}


@pytest.fixture
def decided(tmp_path):
    """Three learners, marked, and one decision by hand: the folder, and the journal's lines."""
    fill(tmp_path, 3)
    grade(tmp_path)
    batch.override(tmp_path / "out", by="Maria", on="today", **DECISION)
    return tmp_path, (tmp_path / "out" / journal.NAME).read_bytes().splitlines(keepends=True)


def read(folder, parts):
    """The lines of a journal of these parts, and the sentences on its damage."""
    (folder / "out" / journal.NAME).write_bytes(b"".join(parts))
    with Journal(folder / "out") as book:
        return book.lines(), book.damage


FOREIGN = {
    "an object": b"{}\n",
    "a list and a number": b"[1]\n7\n",
    "no UTF-8": b"\xff\xfe\n",
    "zeros": b"\x00\x00\n",
    "nested without end": b"[" * 200_000 + b"\n",
    "endless": b"x" * 10_000_001 + b"\n",
    "a verdict without a checksum": b'{"what":"marked","tasks":7}\n',
}


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_line_that_is_not_ours_is_named_and_changes_nothing(decided, foreign):
    folder, parts = decided
    whole, _ = read(folder, parts)
    found, damage = read(folder, [*parts[:2], FOREIGN[foreign], *parts[2:]])
    assert found == whole
    assert damage[0].startswith("Line 3 of journal.jsonl is damaged and was left out")
    assert grade(folder, resume=True)  # and a marking goes on


@pytest.mark.parametrize("seed", range(40))
def test_a_flipped_byte_costs_its_line_and_is_named(decided, seed):
    """Never a traceback, never a mark from a damaged line, never a decision lost in silence."""
    folder, parts = decided
    whole, _ = read(folder, parts)
    data, draw = bytearray(b"".join(parts)), random.Random(seed)
    at = draw.randrange(len(parts[0]), len(data) - 1)
    data[at] ^= 1 << draw.randrange(8)
    found, damage = read(folder, [bytes(data)])
    assert all(line in whole for line in found) and len(found) < len(whole)
    assert "damaged" in damage[0]


def test_what_was_damaged_is_marked_again_and_the_report_names_it(decided):
    folder, parts = decided
    before = {row[:5] for row in batch.write_reports(read(folder, parts)[0], folder / "out")}
    read(folder, [*parts[:2], parts[2].replace(b'"of":3', b'"of":9', 1), *parts[3:]])
    told = []
    rows = grade(folder, resume=True, progress=lambda *each: told.append(each))
    assert len(told) == 1 and {row[:5] for row in rows} == before
    assert "Line 3 of journal.jsonl is damaged" in (folder / "out/index.html").read_text()


def test_lines_that_are_lost_turned_or_doubled_are_named(decided):
    folder, parts = decided
    whole, damage = read(folder, parts)
    assert damage == []
    found, damage = read(folder, [*parts[:2], *parts[3:]])
    assert len(found) == len(whole) - 1
    assert damage[0].startswith("journal.jsonl lacks a line that was written; if it was a decisi")
    found, damage = read(folder, [parts[0], *parts[:0:-1]])
    assert (found, damage[0][:38]) == (whole, "The lines of journal.jsonl are out of ")
    found, damage = read(folder, [*parts, parts[2]])
    assert found == whole and "repeats an earlier one" in damage[0]


def test_lines_of_another_marking_are_damage_and_never_marks(decided):
    folder, parts = decided
    whole, _ = read(folder, parts)
    fill(folder / "other", 6)
    grade(folder / "other")
    foreign = (folder / "other/out" / journal.NAME).read_bytes().splitlines(keepends=True)
    found, damage = read(folder, [*parts, *foreign])
    assert found == whole and len(damage) == len(foreign)
    assert all("is damaged and was left out" in sentence for sentence in damage)


def test_two_lines_with_one_number_are_named(decided):
    folder, parts = decided
    read(folder, parts[:-1])
    batch.override(folder / "out", by="Eva", on="today", **DECISION | {"points": 1})
    other = (folder / "out" / journal.NAME).read_bytes().splitlines(keepends=True)[-1]
    found, damage = read(folder, [*parts, other])
    assert [line["by"] for line in found[-2:]] == ["Maria", "Eva"]
    assert damage[0].startswith(f"Line {len(parts) + 1} of journal.jsonl has the number of an ear")


@pytest.mark.parametrize("made_up", [{"memory": 0}, {"limit": -1.0}, {"sheet": "x"}, {"seed": -1}])
def test_terms_that_make_no_sense_are_refused_whatever_their_checksum(decided, made_up):
    folder, parts = decided
    first = read(folder, parts)[0][0]
    read(folder, [journal_lines.written(first | made_up, 1), *parts[1:]])
    with pytest.raises(WrongJournal, match="is damaged at its first line, which holds the ter"):
        grade(folder, resume=True)


def test_a_journal_of_another_format_is_refused_whoever_asks(decided):
    folder, parts = decided
    first = read(folder, parts)[0][0]
    old = journal_lines.written(first | {"format": 2}, 1) + journal_lines.written(first, 2)
    (folder / "out" / journal.NAME).write_bytes(old)
    with pytest.raises(WrongJournal, match="was written by another version of the course"):
        grade(folder, resume=True)
    with pytest.raises(WrongJournal, match="was written by another version of the course"):
        batch.override(folder / "out", by="Maria", on="today", **DECISION)
    assert (folder / "out" / journal.NAME).read_bytes() == old


def test_without_its_first_line_a_journal_is_refused(decided):
    folder, parts = decided
    first = parts[0].replace(b'"seed":1', b'"seed":2')
    for lines_left in ([first], [first, *parts[1:]], parts[1:]):
        (folder / "out" / journal.NAME).write_bytes(b"".join(lines_left))
        with pytest.raises(WrongJournal, match="is damaged at its first line, which holds the ter"):
            grade(folder, resume=True)
    old = b'{"what":"begun","format":1,"seed":1}\n'
    (folder / "out" / journal.NAME).write_bytes(old)
    with pytest.raises(WrongJournal, match="was written by another version of the course"):
        grade(folder, resume=True)
    assert (folder / "out" / journal.NAME).read_bytes() == old


def test_a_whole_line_that_lacks_only_its_newline_counts(decided):
    folder, parts = decided
    whole, _ = read(folder, parts)
    assert read(folder, [b"".join(parts)[:-1]]) == (whole, [])
    with Journal(folder / "out") as book:
        book.write({"what": "b"})
        assert book.lines()[:-1] == whole and book.damage == []


# ---- terms ----------------------------------------------------------------------------


def test_a_seed_is_drawn_once_and_kept(tmp_path):
    fill(tmp_path, 1)
    grade(tmp_path, seed=None)
    first = lines(tmp_path)[0]["seed"]
    grade(tmp_path, seed=None, resume=True)
    assert lines(tmp_path)[0]["seed"] == first > 0
    fill(tmp_path / "other", 1)
    grade(tmp_path / "other", seed=None)
    assert lines(tmp_path / "other")[0]["seed"] != first


def test_a_folder_with_a_journal_is_refused_unless_it_is_resumed(tmp_path):
    fill(tmp_path, 2)
    grade(tmp_path)
    before = (tmp_path / "out" / journal.NAME).read_bytes()
    with pytest.raises(WrongJournal, match=r"Go on with it by --resume, or name another folder\.$"):
        grade(tmp_path)
    grade(tmp_path, resume=True)
    assert (tmp_path / "out" / journal.NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("seed", 2),
        ("limit", 7.0),
        ("memory", 99),
        ("sheet", "04"),
        ("confinement", "namespaces"),
    ],
)
def test_a_journal_of_other_terms_is_refused_not_mixed(tmp_path, option, value):
    fill(tmp_path, 1)
    grade(tmp_path)
    before = (tmp_path / "out" / journal.NAME).read_bytes()
    with pytest.raises(WrongJournal, match=f"was begun with {option} .*, not .*--{option}"):
        grade(tmp_path, resume=True, **{option: value})
    assert (tmp_path / "out" / journal.NAME).read_bytes() == before


def test_terms_that_are_left_out_are_those_of_the_journal(tmp_path):
    fill(tmp_path, 1)
    grade(tmp_path, seed=3, limit=7.0, sheet="4")
    write(tmp_path / "in/late.ipynb", submission())
    rows = grade(tmp_path, resume=True, seed=None)
    assert lines(tmp_path)[0]["limit"] == 7.0
    assert {row.learner for row in rows} == {"late", "learner 000", "unreadable"}


def test_a_journal_of_other_versions_is_refused(tmp_path, monkeypatch):
    fill(tmp_path, 1)
    grade(tmp_path)
    newer = journal.versions() | {"numpy": "9.9"}
    monkeypatch.setattr(journal, "versions", lambda: newer)
    with pytest.raises(WrongJournal, match=r"was begun under numpy .*; this is 9.9\."):
        grade(tmp_path, resume=True)


def test_a_sheet_that_has_changed_is_refused(tmp_path, monkeypatch):
    fill(tmp_path, 1)
    grade(tmp_path)
    monkeypatch.setattr(journal, "sheet_digest", lambda sheet: "another")
    with pytest.raises(WrongJournal, match=f"^Sheet {NAME} or its checks have changed"):
        grade(tmp_path, resume=True)


def test_a_sheet_has_changed_where_the_file_of_one_of_its_tasks_has(tmp_path, monkeypatch):
    checks, digest = tmp_path / "course/checks", journal.sheet_digest.__wrapped__
    shutil.copytree(Path(course.__file__).parent / "checks", checks)
    monkeypatch.setattr(course, "__file__", str(checks.parent / "__init__.py"))
    before, other = digest(NAME), digest("05_looking_ahead")
    for name in ("step.py", "goal.py", "a_new_file.py"):
        with (checks / "chapter_04" / name).open("a") as file:
            file.write("# changed\n")
        assert (after := digest(NAME)) != before
        before = after
    assert digest("05_looking_ahead") == other


def test_what_is_no_journal_of_ours_is_refused(tmp_path):
    fill(tmp_path, 1)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / journal.NAME).write_text('{"what":"else"}\n')
    with pytest.raises(WrongJournal, match="holds no journal of this course"):
        grade(tmp_path, resume=True)


def test_the_name_of_a_marking_does_not_tell_its_seed(tmp_path):
    """Two markings with one seed have two names, so no seed can be tried out against a name."""
    names = set()
    for folder in "ab":
        fill(tmp_path / folder, 1)
        grade(tmp_path / folder, seed=7)
        names.add(lines(tmp_path / folder)[0]["name"])
        page = (tmp_path / folder / "out/index.html").read_text(encoding="utf-8")
        assert f"Marking {max(names)}" in page or f"Marking {min(names)}" in page
    assert len(names) == 2


# ---- going on -------------------------------------------------------------------------


def test_only_what_is_new_or_changed_is_marked(tmp_path):
    fill(tmp_path, 3)
    grade(tmp_path)
    first = len(lines(tmp_path))
    write(tmp_path / "in/learner 000.ipynb", submission({GOAL: "# wrong"}))
    write(tmp_path / "in/late.ipynb", submission())
    told = []
    rows = grade(tmp_path, resume=True, progress=lambda *each: told.append(each))
    assert [each[:2] for each in told] == [(1, 2), (2, 2)]
    assert len(lines(tmp_path)) == first + 2
    assert [row.points for row in rows if row.learner == "learner 000"] == [3, 0, 2, 0, 0]
    assert len({row.learner for row in rows}) == 5


def test_a_journal_cut_off_anywhere_is_completed_to_the_same_reports(tmp_path):
    fill(tmp_path, 3)
    grade(tmp_path)
    whole, first = reports(tmp_path), (tmp_path / "out" / journal.NAME).read_bytes()
    for cut in [0, 1, *range(first.index(b"\n"), len(first), 97), len(first) - 1]:
        (tmp_path / "out" / journal.NAME).write_bytes(first[:cut])
        grade(tmp_path, resume=True)
        assert reports(tmp_path) == whole, cut
        keys = [line["key"] for line in lines(tmp_path)[1:]]
        assert len(keys) == len(set(keys)) == 4


def kill_and_go_on(folder, kills):
    """Mark in a process that is killed so many times in mid-run, then to the end."""
    moments = random.Random(kills)
    command = [sys.executable, "-m", "tests.grading.mark_by_stub", folder / "in", folder / "out"]
    for enough in sorted(moments.sample(range(LEARNERS - 8), kills)):
        grader = subprocess.Popen(command, stdout=subprocess.PIPE)
        waiting.Said(grader).until("begins")
        waiting.until(lambda at=enough: written(folder) >= at, f"{enough} lines of the journal")
        time.sleep(moments.uniform(0, 0.02))
        waiting.end(grader)
        assert grader.returncode == -signal.SIGKILL  # it had not ended before
        assert written(folder) < 1 + LEARNERS + 1
    waiting.run(command, check=True)


def written(folder):
    """How many lines the journal has by now."""
    path = folder / "out" / journal.NAME
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.mark.parametrize("kills", [3, pytest.param(30, marks=pytest.mark.long)])
def test_a_grader_that_is_killed_loses_nothing_and_marks_nothing_twice(tmp_path, kills):
    """`kill -9` at random moments; every report is the uninterrupted one's, byte for byte.

    The stub judges the same way each time, in the same seconds; with the real judge, seconds
    are measured, so there all columns but that one are compared (test_killed_workers.py).
    """
    fill(tmp_path / "a", LEARNERS)
    fill(tmp_path / "b", LEARNERS)
    grade(tmp_path / "a", jobs=2)
    kill_and_go_on(tmp_path / "b", kills)
    assert reports(tmp_path / "b") == reports(tmp_path / "a")
    marked = [line for line in lines(tmp_path / "b") if line["what"] == "marked"]
    assert len(marked) == len({line["key"] for line in marked}) == LEARNERS + 1


def test_reports_can_be_made_from_the_journal_alone(tmp_path):
    fill(tmp_path, 3)
    grade(tmp_path)
    whole = reports(tmp_path)
    for path in whole:
        (tmp_path / "out" / path).unlink()
    batch.write_reports(lines(tmp_path), tmp_path / "out")
    assert reports(tmp_path) == whole
    assert json.loads((tmp_path / "out" / journal.NAME).read_text().splitlines()[0])["seed"] == 1
