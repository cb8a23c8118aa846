"""A folder of submissions becomes one row for each learner and task, whatever is in it."""

import csv
import os
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from course import paths
from course.grading import batch, gradebook, journal, machine
from course.grading.batch import Again, override
from course.grading.papers import read_all
from course.grading.submissions import TOO_DEEP
from tests.grading import stub
from tests.grading.sheet import (
    GOAL,
    NAME,
    PRISTINE,
    RIGHT,
    STEP,
    TASKS,
    TERMINAL,
    cell,
    submission,
    write,
)


def grade(submissions, out, **options):
    """Mark by the stub, which takes no time."""
    return batch.grade(submissions, out, **{"judge": stub.judge, **options})


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A mixed folder, marked once: the rows by learner, the folder, and what progress told."""
    folder, told = tmp_path_factory.mktemp("submissions"), []
    write(folder / "anna.ipynb", submission())
    write(folder / 'bob, "the\n=great" <b>.ipynb', submission({STEP: "# known", GOAL: ""}))
    write(folder / "carla.ipynb", '{"cells": [')
    lost = submission({TERMINAL: "# wrong"})
    lost["cells"].remove(cell(lost, STEP))
    write(folder / "dan" / "homework.ipynb", lost)
    write(folder / ".ipynb_checkpoints" / "anna-checkpoint.ipynb", submission())
    write(folder / "eve.ipynb", {"cells": [{"cell_type": "code", "source": "1"}]})
    (folder / "frank").mkdir()
    (folder / "greta.ipynb").symlink_to(folder / "anna.ipynb")
    (folder / "read me.txt").write_text("not a notebook")
    rows = grade([folder], folder / "out", progress=lambda *each: told.append(each))
    learners = {}
    for row in rows:
        learners.setdefault(row.learner, []).append(row)
    return learners, folder, told


BOB = 'bob, "the =great" <b>'


def test_there_is_one_row_for_each_learner_and_task_in_order(marked):
    learners = marked[0]
    assert list(learners) == ["anna", BOB, "carla", "dan", "eve", "frank", "greta"]
    for rows in learners.values():
        assert tuple(row.task for row in rows) == TASKS
        assert {row.sheet for row in rows} == {NAME}
        assert [row.of for row in rows] == [3, 0, 2, 2, 0]


def test_points_are_those_of_the_tasks_that_hold(marked):
    points = {learner: [row.points for row in rows] for learner, rows in marked[0].items()}
    assert points["anna"] == [3, 0, 2, 2, 0]
    assert points[BOB] == [0, 0, 2, 0, 0]
    assert points["dan"] == [0, 0, 2, 2, 0]
    assert all(points[each] == [0] * 5 for each in ("carla", "eve", "frank", "greta"))
    assert [row.passed for row in marked[0]["dan"]] == [False, False, True, True, True]


def test_notes_say_what_was_odd_on_the_rows_that_it_concerns(marked):
    notes = {learner: [row.note for row in rows] for learner, rows in marked[0].items()}
    assert notes["anna"] == [""] * 5
    assert notes[BOB] == ["", "", "", "The answer cell goal-answer is empty.", ""]
    assert notes["dan"] == ["The answer cell step-answer is missing.", "", "", "", ""]
    reason = "carla.ipynb is not a notebook: its text is not valid JSON."
    assert notes["carla"] == [reason] * 5
    assert notes["eve"] == ["It has no answer cell of any sheet."] * 5
    assert notes["frank"] == ["The folder holds no notebook."] * 5
    assert notes["greta"] == ["It is a symbolic link, which is not followed."] * 5


def test_a_row_has_the_words_the_mistake_and_what_held_the_answers(marked):
    step, physics = marked[0][BOB][0], marked[0][BOB][2]
    assert step.words.startswith("✗ One step of the ball")
    assert step.because == "Nothing has moved yet: put your lines in place of the dots."
    assert (physics.because, physics.confinement) == ("", "a stub, nothing")
    assert (marked[0]["carla"][0].words, marked[0]["carla"][0].confinement) == ("", "")


def test_the_reports_are_written(marked):
    learners, folder, _ = marked
    assert (folder / "out" / "index.html").exists() and (folder / "out/summary.html").exists()
    assert len(list((folder / "out" / "feedback").glob("*.html"))) == len(learners)
    with (folder / "out" / "grades.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [row["learner"] for row in table] == [n for n in learners for _ in TASKS]
    assert sum(int(row["points"]) for row in table) == 7 + 2 + 4


def test_progress_is_told_after_each_submission_that_is_run(marked):
    assert [(done, total) for done, total, _ in marked[2]] == [(1, 3), (2, 3), (3, 3)]
    assert {learner for *_, learner in marked[2]} == {"anna", BOB, "dan"}


# ---- who handed in what ---------------------------------------------------------------


def handed_in(*paths, **options):
    return [paper.submission for paper in read_all(paths, **options).papers]


def learners_of(*paths, **options):
    return sorted(each.learner for each in handed_in(*paths, **options))


def test_a_learner_is_called_as_the_file_or_as_the_folder(tmp_path):
    for name in ("anna.ipynb", "B/x.ipynb", "c/deep/down/y.IPYNB", f"d/{NAME}-Copy1.ipynb"):
        write(tmp_path / name, "")
    assert learners_of(tmp_path) == ["B", "anna", "c", "d"]
    assert learners_of(tmp_path / "d", tmp_path / "c") == ["c", "d"]
    assert learners_of(tmp_path / "c") == ["deep"]
    assert learners_of(tmp_path / f"d/{NAME}-Copy1.ipynb", tmp_path / "B/x.ipynb") == ["B", "d"]


@pytest.mark.parametrize("learner_from", ["", "folder"])
def test_folders_that_are_given_one_by_one_are_read_as_the_one_they_lie_in(tmp_path, learner_from):
    for name in ("anna", "ben"):
        write(tmp_path / f"sub/{name}/x.ipynb", submission())
        write(tmp_path / f"sub/{name}/x.pdf", "%PDF")
    folders = sorted((tmp_path / "sub").iterdir())
    assert learners_of(*folders, learner_from=learner_from) == ["anna", "ben"]
    assert [*read_all(folders).left] == [str(folder) for folder in folders]


def test_a_file_that_is_named_twice_counts_once(tmp_path):
    path = write(tmp_path / "anna.ipynb", "")
    assert learners_of(path, tmp_path, path) == ["anna"]


def test_links_are_refused_wherever_they_point(tmp_path):
    write(tmp_path / "real/x.ipynb", "")
    write(tmp_path / "given/a.ipynb", "")
    (tmp_path / "given/b.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "given/c").symlink_to(tmp_path / "real")
    (tmp_path / "given/d").mkdir()
    (tmp_path / "given/d/loop").symlink_to(tmp_path / "given")
    refused = {each.learner for each in handed_in(tmp_path / "given") if "link" in each.problem}
    assert refused == {"b", "c", "d"}
    assert handed_in(tmp_path / "given/c")[0].problem.startswith("It is a symbolic link")


def test_a_trap_of_folders_in_folders_ends(tmp_path):
    deep = tmp_path / "anna"
    write(deep.joinpath(*["d"] * 200) / "x.ipynb", "")
    assert [each.problem for each in handed_in(tmp_path)] == ["The folder holds no notebook."]
    (left,) = read_all([tmp_path]).left.values()
    assert [why for _, why in left] == [TOO_DEEP]


@pytest.mark.parametrize("name", ["\x1b[31mred", "  ", "\u202egnp", "a\nb", "é" * 100, "\udcff"])
def test_strange_names_become_one_line_that_can_be_printed(tmp_path, name):
    write(tmp_path / f"{name}.ipynb", "")
    (learner,) = learners_of(tmp_path)
    assert learner.isprintable() and learner.strip() == learner != ""
    learner.encode("utf-8")


# ---- what is refused, and what is not -------------------------------------------------


def rows_of_broken(tmp_path, *names, **options):
    """Rows of files that are not run, which takes no time."""
    paths = [write(tmp_path / name, "{") for name in names]
    return grade(paths, tmp_path / f"out-{len(names)}", **options)


def test_both_files_of_one_learner_get_rows_with_a_note(tmp_path):
    rows = rows_of_broken(tmp_path, f"anna/{NAME}.ipynb", f"anna/{NAME} (1).ipynb", "bob/x.ipynb")
    assert [row.task for row in rows] == [*TASKS, *TASKS, *TASKS]
    rows = rows[: 2 * len(TASKS)]
    assert {row.learner for row in rows} == {"anna"}
    assert all("Of 2 files of this learner for this sheet" in row.note for row in rows)
    assert [row.counts for row in rows] == [False] * len(TASKS) + [True] * len(TASKS)


def test_the_sheet_of_an_unreadable_file_is_the_one_it_is_called_after_or_unknown(tmp_path):
    named, unknown = rows_of_broken(tmp_path, f"anna/{NAME}.ipynb", "bob.ipynb")[::5]
    assert named.sheet == unknown.sheet == NAME  # bob's is the one that all others are
    (row,) = rows_of_broken(tmp_path, "carla.ipynb")
    assert (row.learner, row.sheet, row.task, row.of) == ("carla", "", "", 0)
    assert row.note == "carla.ipynb is not a notebook: its text is not valid JSON."


def test_the_wrong_sheet_is_noted_and_earns_nothing(tmp_path, monkeypatch):
    other = submission()
    for each in other["cells"]:
        each["metadata"]["name"] = each["id"] = f"other-{each['id']}"
    write(tmp_path / "exercises/05_other.ipynb", other)
    write(tmp_path / f"exercises/{NAME}.ipynb", PRISTINE)
    monkeypatch.setattr(paths, "material", lambda: tmp_path)
    rows = grade([write(tmp_path / "anna.ipynb", other)], tmp_path / "out", sheet="04")
    assert [(row.sheet, row.points) for row in rows] == [(NAME, 0)] * 5
    wrong = f"This looks like sheet 05_other, not {NAME}. It has no answer cell of {NAME}."
    assert {row.note for row in rows} == {wrong}


def test_what_cannot_be_done_is_refused_before_anything_is_run(tmp_path):
    path = write(tmp_path / "anna.ipynb", submission())
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match=r"^Cannot write to .*taken: .*\. Name another folder\.$"):
        grade([path], tmp_path / "taken")
    with pytest.raises(LookupError, match="No exercise is called '99'"):
        grade([path], tmp_path / "out", sheet="99")
    for name, value in (("limit", 0), ("limit", float("nan")), ("memory", 0), ("jobs", 0)):
        with pytest.raises(ValueError, match=f"^{name} must be .* got {value}"):
            grade([path], tmp_path / "out", **{name: value})
    with pytest.raises(ValueError, match="^seed must be an integer of 0 or more; got -1"):
        grade([path], tmp_path / "out", seed=-1)
    assert not (tmp_path / "out").exists()


# ---- who does the work ----------------------------------------------------------------


def test_any_executor_can_do_the_work_in_other_processes_too(tmp_path):
    path = write(tmp_path / "anna.ipynb", submission({STEP: ""}))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        rows = grade([path], tmp_path / "out", executor=pool)  # the stub is picklable, too
        assert pool.submit(abs, -1).result(timeout=60) == 1  # it is left open for its owner
    assert [row.points for row in rows] == [0, 0, 2, 2, 0]


class Refusing(Executor):
    """A pool that has lost its workers, as Python's own does when one of them is killed."""

    def submit(self, *_, **__):
        raise RuntimeError("the pool is\nbroken")


def test_a_broken_executor_leaves_rows_that_say_so_and_a_journal_that_can_be_resumed(tmp_path):
    path = write(tmp_path / "anna.ipynb", submission())
    rows = grade([path], tmp_path / "out", executor=Refusing())
    assert {row.note for row in rows} == {"Not marked, mark it again: the pool is broken"}
    assert [row.points for row in rows] == [0] * 5
    rows = grade([path], tmp_path / "out", resume=True)
    assert [(row.points, row.note) for row in rows] == [(row.of, "") for row in rows]


def failing(times):
    """A judge that dies so many times before it judges."""
    left = [RuntimeError("the worker died")] * times

    def judge(*arguments, **options):
        if left:
            raise left.pop()
        return stub.judge(*arguments, **options)

    return judge


def test_a_worker_that_dies_twice_costs_nothing_and_a_third_time_is_told(tmp_path):
    path = write(tmp_path / "anna.ipynb", submission())
    rows = grade([path], tmp_path / "twice", judge=failing(2))
    assert sum(row.points for row in rows) == 7
    rows = grade([path], tmp_path / "thrice", judge=failing(3))
    assert {row.note for row in rows} == {"Not marked, mark it again: the worker died"}


def test_a_worker_of_another_version_is_not_trusted(tmp_path, monkeypatch):
    from course.grading import dispatch

    path = write(tmp_path / "anna.ipynb", submission())
    job = dispatch.Job(NAME, {}, {}, journal.versions() | {"numpy": "1.0"}, "")
    with pytest.raises(RuntimeError, match=r"^the worker has numpy [\d.]+, not 1.0.$"):
        dispatch.work(job, stub.judge)
    job = dispatch.Job(NAME, {}, {}, journal.versions(), "other")
    with pytest.raises(RuntimeError, match="^the worker has another version of sheet 04"):
        dispatch.work(job, stub.judge)
    assert path.exists()


def test_the_judge_gets_the_answers_and_the_terms(tmp_path):
    asked = []

    def judge(sheet, answers, **options):
        asked.append((sheet, answers, options))
        return stub.judge(sheet, answers, **options)

    write(tmp_path / "anna.ipynb", submission())
    options = {"seed": 5, "limit": 30.0, "memory": 1000, "confinement": "landlock"}
    grade([tmp_path / "anna.ipynb"], tmp_path / "out", judge=judge, **options)
    assert asked == [(NAME, RIGHT, options)]


def test_nothing_to_mark_makes_empty_reports(tmp_path):
    assert grade([], tmp_path / "out") == []
    assert (tmp_path / "out" / "grades.csv").read_text().count("\n") == 1
    assert RIGHT  # the sheet itself has answers


# ---- again, and by hand ---------------------------------------------------------------


@pytest.fixture
def two(tmp_path):
    """Two learners, one of whom knew the step wrongly, marked into `out`."""
    for learner, step in (("anna", "# wrong"), ("bob", "# known")):
        write(tmp_path / f"in/{learner}.ipynb", submission({STEP: step, GOAL: "# wrong"}))
    grade([tmp_path / "in"], tmp_path / "out", seed=1)
    return tmp_path


def generous(sheet, answers, **options):
    """A judge to whom everything is right."""
    return stub.judge(sheet, {}.fromkeys(answers, "1"), **options)


def points(rows):
    return [row.points for row in rows if row.of]


def test_one_learner_is_marked_again_and_the_last_line_counts(two):
    again = Again(learners=("anna",))
    rows = grade([two / "in"], two / "out", judge=generous, again=again)
    assert points(rows) == [3, 2, 2, 0, 2, 0]
    assert (two / "out/journal.jsonl").read_text().count('"learner":"anna"') == 2
    with pytest.raises(ValueError, match="^There is no submission of 'zoe'"):
        grade([two / "in"], two / "out", again=Again(learners=("zoe",)))


def test_one_task_is_marked_again_and_all_others_stay(two):
    rows = grade([two / "in"], two / "out", judge=generous, again=Again(task="04.step"))
    assert points(rows) == [3, 2, 0, 3, 2, 0]
    rows = grade([two / "in"], two / "out", again=Again(("bob",), "04.step"))
    assert points(rows) == [3, 2, 0, 0, 2, 0]


def test_an_attempt_to_mark_again_that_fails_takes_nothing_away(two):
    again = Again(learners=("anna",))
    rows = grade([two / "in"], two / "out", executor=Refusing(), again=again)
    assert points(rows) == [0, 2, 0, 0, 2, 0]
    assert {row.note for row in rows} == {""}


def test_a_decision_by_hand_is_one_more_line_with_who_and_why(two):
    before = (two / "out/journal.jsonl").read_text()
    decision = {"learner": "anna", "task": "04.step", "by": "Maria", "on": "2026-11-26"}
    rows = override(two / "out", points=2, reason=" a slip <b> ", **decision)
    assert points(rows) == [2, 2, 0, 0, 2, 0]
    why = "Set by hand from 0 to 2 by Maria on 2026-11-26: a slip <b>"
    assert (rows[0].note, rows[0].by_hand, rows[0].passed) == (why, why, False)
    assert (two / "out/journal.jsonl").read_text().startswith(before)
    table = (two / "out/grades.csv").read_text()
    assert f"anna,{NAME},04.step,2,3,0.25,{why},in/anna.ipynb,,yes\n" in table
    page = (two / "out/feedback/anna.html").read_text()
    assert "2 of 3 points, set by hand" in page and "a slip &lt;b&gt;" in page
    # It stands when the learner is marked again, until it is taken back.
    rows = grade([two / "in"], two / "out", again=Again(learners=("anna",)))
    assert points(rows)[0] == 2
    assert points(override(two / "out", points=None, reason="no slip", **decision))[0] == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"learner": "zoe"}, "There is no learner 'zoe' in this journal."),
        ({"task": "04.leap"}, "anna has no task '04.leap'; there are 04.step, 04.terminal, "),
        ({"points": 4}, "04.step is worth 0 to 3 points; got 4."),
        ({"points": -1}, "04.step is worth 0 to 3 points; got -1."),
        ({"points": float("nan")}, "04.step is worth 0 to 3 points; got nan."),
        ({"reason": " "}, "A decision by hand needs a reason, which the report shows."),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(two, changes, said):
    decision = {"learner": "anna", "task": "04.step", "points": 1, "reason": "x"}
    with pytest.raises(ValueError, match=r"\.? ") as refusal:
        override(two / "out", **decision | {"by": "Maria", "on": "today"} | changes)
    assert str(refusal.value).startswith(said)
    assert "by hand" not in (two / "out/journal.jsonl").read_text()


def test_of_several_files_the_decision_names_one(tmp_path):
    for folder in ("a", "b"):
        write(tmp_path / f"in/anna/{folder}/x.ipynb", submission())
    grade([tmp_path / "in"], tmp_path / "out", learner_from="folder")
    decision = {"learner": "anna", "task": "04.step", "points": 1, "reason": "x", "by": "M"}
    with pytest.raises(
        ValueError, match=r"several files with 04.step; add --submission 'in/anna/a/x"
    ):
        override(tmp_path / "out", on="today", **decision)
    rows = override(tmp_path / "out", on="today", file="in/anna/b/x.ipynb", **decision)
    assert points(rows) == [3, 2, 2, 1, 2, 2]


def test_without_a_journal_nothing_can_be_decided(tmp_path):
    with pytest.raises(ValueError, match="^There is no journal in"):
        override(tmp_path, learner="a", task="b", points=1, reason="c", by="d", on="e")


def test_files_that_are_called_alike_are_told_apart(tmp_path):
    paths = [write(tmp_path / f"{f}/in/anna.ipynb", submission()) for f in "ab"]
    rows = grade([path.parent for path in paths], tmp_path / "out", learner_from="file")
    here = tmp_path.name
    assert {row.file for row in rows} == {f"{here}/{f}/in/anna.ipynb" for f in "ab"}
    assert len(rows) == 10


# ---- what was handed in, and what was not ---------------------------------------------


def left_aside(folder):
    with journal.Journal(folder) as book:
        return dict(gradebook.left_aside(book.lines()))


def test_every_file_is_a_row_or_a_named_line(tmp_path):
    for name in ("a.ipynb.json", "b.IPYNB", "c.ipynb.txt", "d", "e.json", "f.py", "g/h.ipynb"):
        write(tmp_path / "in" / name, submission())
    left = ("x.py", "x.pdf", "g/x.zip", "x.docx", "x.json", "x", "x.csv", ".hidden", "g/x.png")
    for name in left:
        write(tmp_path / "in" / name, "{}")
    for name in (
        ".DS_Store",
        "__MACOSX/._a.ipynb",
        "g/Thumbs.db",
        ".git/config",
        "g/timestamp.txt",
    ):
        write(tmp_path / "in" / name, "junk")
    rows = grade([tmp_path / "in"], tmp_path / "out")
    assert {row.learner: row.points for row in rows[::5]} == dict.fromkeys("abcdefg", 3)
    assert left_aside(tmp_path / "out").keys() == {f"in/{name}" for name in left}
    words = left_aside(tmp_path / "out")
    assert words["in/x.py"] == "It is a Python script. Hand in the notebook itself (.ipynb)."
    assert words["in/g/x.zip"] == "It is called a zip, but it is none."
    index, summary = (
        (tmp_path / "out" / page).read_text(encoding="utf-8")
        for page in ("index.html", "summary.html")
    )
    assert all(f"in/{name}" in index for name in left)
    assert not any(f"in/{name}" in summary for name in left)  # the class sees that one


def test_what_was_left_aside_is_told_until_it_is_gone(tmp_path):
    write(tmp_path / "in/a.ipynb", submission())
    write(tmp_path / "in/x.pdf", "%PDF")
    grade([tmp_path / "in"], tmp_path / "out")
    before = (tmp_path / "out/journal.jsonl").read_bytes()
    grade([tmp_path / "in"], tmp_path / "out", resume=True)
    assert (tmp_path / "out/journal.jsonl").read_bytes() == before
    (tmp_path / "in/x.pdf").unlink()
    grade([tmp_path / "in"], tmp_path / "out", resume=True)
    assert left_aside(tmp_path / "out") == {}
    assert "x.pdf" not in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_a_broken_file_beside_a_good_one_stops_nobody(tmp_path):
    write(tmp_path / "in/anna/a.ipynb", submission())
    write(tmp_path / "in/anna/old.ipynb", "{")
    write(tmp_path / "in/ben/a.ipynb", submission())
    rows = grade([tmp_path / "in"], tmp_path / "out", learner_from="folder")
    assert [row.learner for row in rows[::5]] == ["anna", "anna", "ben"]
    assert [row.problem[:9] for row in rows[::5]] == ["", "old.ipynb", ""]


def test_a_renamed_file_takes_its_old_row_and_page_with_it(tmp_path):
    for name in ("anna", "ben"):
        write(tmp_path / f"in/{name}.ipynb", submission())
    grade([tmp_path / "in"], tmp_path / "out")
    (tmp_path / "out/feedback/mine.html").write_text("the teacher's own")
    (tmp_path / "out/feedback/carla.html").write_text("the teacher's own")
    (tmp_path / "in/anna.ipynb").rename(tmp_path / "in/carla.ipynb")
    told = []
    rows = grade([tmp_path / "in"], tmp_path / "out", resume=True, tell=told.append)
    assert [row.learner for row in rows[::5]] == ["ben", "carla"]
    assert any("taken out of the reports: in/anna.ipynb." in sentence for sentence in told)
    pages = {path.name for path in (tmp_path / "out/feedback").iterdir()}
    assert pages == {"ben.html", "carla.html", "mine.html"}
    # The journal still knows what was, and a file that comes back is marked.
    (tmp_path / "in/carla.ipynb").rename(tmp_path / "in/anna.ipynb")
    rows = grade([tmp_path / "in"], tmp_path / "out", resume=True)
    assert [row.learner for row in rows[::5]] == ["anna", "ben"]
    assert points(rows) == [3, 2, 2] * 2


def test_points_set_by_hand_that_a_rename_takes_away_are_named(tmp_path):
    for name in ("anna", "ben"):
        write(tmp_path / f"in/{name}.ipynb", submission())
    grade([tmp_path / "in"], tmp_path / "out")
    decision = {"task": "04.step", "points": 1.5, "reason": "half", "by": "M", "on": "today"}
    for name in ("anna", "ben"):
        batch.override(tmp_path / "out", learner=name, **decision)
    (tmp_path / "in/anna.ipynb").rename(tmp_path / "in/carla.ipynb")
    told = []
    grade([tmp_path / "in"], tmp_path / "out", resume=True, tell=told.append)
    assert any("set by hand (anna, 04.step: 1.5); set them" in sentence for sentence in told)
    told.clear()
    grade([tmp_path / "in"], tmp_path / "out", resume=True, tell=told.append)
    assert not any("by hand" in sentence for sentence in told)


def test_points_set_by_hand_that_stay_are_not_named(tmp_path):
    for name in ("anna", "ben"):
        write(tmp_path / f"in/{name}/x.ipynb", submission())
    grade([tmp_path / "in"], tmp_path / "out")
    decision = {"task": "04.step", "points": 1.5, "reason": "half", "by": "M", "on": "today"}
    batch.override(tmp_path / "out", learner="anna", **decision)
    (tmp_path / "in/anna/x.ipynb").rename(tmp_path / "in/anna/y.ipynb")
    told = []
    rows = grade([tmp_path / "in"], tmp_path / "out", resume=True, tell=told.append)
    assert rows[0].by_hand and not any("by hand" in sentence for sentence in told)


@pytest.mark.parametrize("name", ["hw.json", "hw", "report.pdf"])
def test_reports_are_not_written_where_something_else_was_handed_in(tmp_path, name):
    write(tmp_path / "in/ben.ipynb", submission())
    write(tmp_path / f"in/anna/{name}", submission())
    with pytest.raises(ValueError, match="in/anna lies among the submissions and holds files"):
        grade([tmp_path / "in"], tmp_path / "in/anna")
    grade([tmp_path / "in"], tmp_path / "in/marks")
    grade([tmp_path / "in"], tmp_path / "in/marks", resume=True)


def test_an_empty_folder_in_a_section_is_named(tmp_path):
    for name in ("A/anna", "A/ben", "B/dora"):
        write(tmp_path / f"in/{name}/x.ipynb", submission())
    (tmp_path / "in/A/carla").mkdir()
    rows = grade([tmp_path / "in"], tmp_path / "out", learner_from="*/{learner}/*")
    assert [row.learner for row in rows[::5]] == ["anna", "ben", "dora"]
    assert left_aside(tmp_path / "out") == {"in/A/carla": "The folder holds no notebook."}


def test_a_page_that_the_grader_did_not_write_is_never_removed(tmp_path):
    for name in ("anna", "ben"):
        write(tmp_path / f"in/{name}.ipynb", submission())
    grade([tmp_path / "in"], tmp_path / "out")
    (tmp_path / "out/feedback/anna.html").write_text("written over by the teacher")
    (tmp_path / "in/anna.ipynb").unlink()
    grade([tmp_path / "in"], tmp_path / "out", resume=True)
    assert (tmp_path / "out/feedback/anna.html").read_text() == "written over by the teacher"


def test_a_file_that_is_put_back_as_it_was_counts_as_it_is_now(tmp_path):
    first, second = submission(), submission({STEP: "# wrong"})
    for notebook in (first, second, first):
        path = write(tmp_path / "in/anna.ipynb", notebook)
        rows = grade([path.parent], tmp_path / "out", resume=True)
    assert points(rows) == [3, 2, 2]


def test_another_folder_may_follow_but_not_with_another_of_the_same_name(tmp_path):
    for name in ("a/anna", "late/ben", "b/anna"):
        write(tmp_path / f"{name}.ipynb", submission())
    grade([tmp_path / "a"], tmp_path / "out")
    rows = grade([tmp_path / "late"], tmp_path / "out", resume=True)
    assert [row.learner for row in rows[::5]] == ["anna", "ben"]
    with pytest.raises(ValueError, match="b/anna.ipynb by the same learner, or by another one"):
        grade([tmp_path / "b"], tmp_path / "out", resume=True)
    (tmp_path / "a").rename(tmp_path / "c")  # the first folder was moved
    rows = grade([tmp_path / "c"], tmp_path / "out", resume=True)
    assert [row.file for row in rows[::5]] == ["c/anna.ipynb", "late/ben.ipynb"]


@pytest.mark.parametrize("learner_from", ["", "file"])
@pytest.mark.parametrize("late", [submission(), "{"])
def test_a_class_never_takes_the_place_of_another_class(tmp_path, learner_from, late):
    first = write(tmp_path / "classA/sub/anna.ipynb", submission())
    other = write(tmp_path / "classB/sub/anna.ipynb", late)
    grade([first.parent], tmp_path / "out", learner_from=learner_from)
    before = (tmp_path / "out/journal.jsonl").read_bytes()
    with pytest.raises(ValueError, match="by the same learner, or by another one"):
        grade([other.parent], tmp_path / "out", resume=True)
    assert (tmp_path / "out/journal.jsonl").read_bytes() == before


def test_a_folder_that_was_moved_as_a_whole_is_known_again(tmp_path):
    path = write(tmp_path / "old/sub/anna.ipynb", submission())
    before = grade([path.parent], tmp_path / "out")
    (tmp_path / "old").rename(tmp_path / "new")
    assert grade([tmp_path / "new/sub"], tmp_path / "out", resume=True) == before


def test_a_file_of_the_journal_keeps_its_learner_when_it_is_given_alone(tmp_path):
    for name in ("anna", "ben"):
        path = write(tmp_path / f"sub/week4/{name}/x.ipynb", submission())
    rows = grade([tmp_path / "sub"], tmp_path / "out")
    before = (tmp_path / "out/journal.jsonl").read_bytes()
    assert grade([path], tmp_path / "out", resume=True) == rows
    assert (tmp_path / "out/journal.jsonl").read_bytes() == before
    write(path, submission({STEP: "# wrong"}))
    again = grade([path], tmp_path / "out", resume=True)
    assert [(row.learner, row.file) for row in again] == [(row.learner, row.file) for row in rows]
    assert points(again) == [3, 2, 2, 0, 2, 2]


def test_a_name_that_a_file_keeps_is_given_to_nobody_else(tmp_path):
    path = write(tmp_path / "sub/anna/x.ipynb", submission())
    write(tmp_path / "sub/x/y.ipynb", submission())
    grade([path], tmp_path / "out")
    with pytest.raises(ValueError, match="x/y.ipynb by the same learner, or by another one"):
        grade([tmp_path / "sub"], tmp_path / "out", resume=True)


def test_work_of_two_learners_is_never_put_on_one_page_whoever_says_nothing(tmp_path):
    for name in ("A/anna", "A/ben", "B/anna"):
        write(tmp_path / f"in/{name}.ipynb", submission())
    with pytest.raises(ValueError, match="two files of one learner, 'anna', or of two"):
        grade([tmp_path / "in"], tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.html"))
    rows = grade([tmp_path / "in"], tmp_path / "out", learner_from="file")
    assert [row.learner for row in rows[::5]] == ["anna", "anna", "ben"]
    with pytest.raises(journal.WrongJournal, match="begun with learner-from file, not folder"):
        grade([tmp_path / "in"], tmp_path / "out", resume=True, learner_from="folder")
    assert len(grade([tmp_path / "in"], tmp_path / "out", resume=True)) == 15


def test_nothing_of_the_teachers_folders_stands_on_a_learners_page(tmp_path):
    for folder in ("secret one", "secret two"):
        write(tmp_path / f"{folder}/anna.ipynb", submission())
        write(tmp_path / f"{folder}/ben.ipynb", "{" + " " * 34_000)
    folders = [tmp_path / "secret one", tmp_path / "secret two"]
    grade(folders, tmp_path / "out", learner_from="file")
    for page in (tmp_path / "out/feedback").iterdir():
        text = page.read_text(encoding="utf-8")
        assert "secret" not in text and str(tmp_path) not in text and "34" not in text
    assert "anna.ipynb, 2 of 2" in (tmp_path / "out/feedback/anna.html").read_text()


@pytest.mark.parametrize("folder", ["in", "in/../in", "link"])
def test_reports_are_not_written_among_submissions(tmp_path, folder):
    write(tmp_path / "in/anna.ipynb", submission())
    (tmp_path / "link").symlink_to(tmp_path / "in")
    with pytest.raises(ValueError, match="holds the submissions; name another folder by --out"):
        grade([tmp_path / "in"], tmp_path / folder)
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["anna.ipynb"]
    assert grade([tmp_path / "in"], tmp_path / "in/marks")
    assert len(grade([tmp_path / "in"], tmp_path / "in/marks", resume=True)) == 5


@pytest.mark.parametrize(
    ("again", "said"),
    [
        (Again(task="04.nonsense"), "No task is called '04.nonsense'; there are 04.step, "),
        (Again(task="04"), "No task is called '04'; there are 04.step, "),
        (Again(task="99.x"), "No exercise is called '99.x'; did you mean"),
        (Again(task="05.step"), "There is no submission with the task 05.step to be"),
        (Again(("nobody",)), "There is no submission of 'nobody' to be marked again."),
        (Again(("anna", "nobody"), "04.step"), "There is no submission of 'nobody'"),
    ],
)
def test_what_cannot_be_marked_again_is_refused_before_anything_runs(two, again, said):
    before = (two / "out/journal.jsonl").read_bytes()
    with pytest.raises((ValueError, LookupError)) as refusal:
        grade([two / "in"], two / "out", again=again, judge=None)
    assert str(refusal.value).startswith(said)
    assert (two / "out/journal.jsonl").read_bytes() == before


@pytest.mark.parametrize("field", ["reason", "by", "on"])
@pytest.mark.parametrize("odd", ["\ud800", "a\x1b[0m", "two\nlines", "\x00", "\u2028b"])
def test_a_decision_that_no_file_could_hold_is_refused_before_it_is_written(two, field, odd):
    before = (two / "out/journal.jsonl").read_bytes()
    decision = {"learner": "anna", "task": "04.step", "points": 1, "reason": "x", "by": "M"}
    with pytest.raises(ValueError, match=f"^{field} must be one line of text; got "):
        override(two / "out", **decision | {"on": "today"} | {field: f"x{odd}y"})
    assert (two / "out/journal.jsonl").read_bytes() == before


def test_a_decision_in_any_script_is_kept(two):
    decision = {"learner": "anna", "task": "04.step", "points": 3, "by": "Марія", "on": "today"}
    rows = override(two / "out", reason="می\u200cخواهم 🙂", **decision)
    assert rows[0].points == 3 and "🙂" in rows[0].by_hand


# ---- what the machine has room for ----------------------------------------------------


@pytest.mark.parametrize(
    ("jobs", "free", "found"),
    [(2, 4096, 2), (None, 10**9, machine.processors()), (None, 2048, 1)],
)
def test_as_many_run_at_once_as_there_is_memory_for(jobs, free, found):
    number, sentence = machine.jobs_that_fit(jobs, 2048, free)
    assert number == found
    assert bool(sentence) == (jobs is None and found < machine.processors())


def test_more_jobs_than_there_is_memory_for_are_refused_with_what_would_fit():
    with pytest.raises(ValueError, match=r"^8 jobs of 2048 MB need 16384 MB, and 6000 MB are free"):
        machine.jobs_that_fit(8, 2048, 6000)
    with pytest.raises(ValueError, match=r"Say --jobs 2 or --memory 750\.$"):
        machine.jobs_that_fit(8, 2048, 6000)
    with pytest.raises(ValueError, match=r"^1 job of 2048 MB.* Say --memory 1000\.$"):
        machine.jobs_that_fit(1, 2048, 1000)


def test_a_limit_of_the_group_counts_where_it_is_lower(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    whole = machine.free_memory()
    figures = {"memory.max": "900000000", "memory.current": "600000000", "memory.stat": "anon 1\n"}
    for name, text in figures.items():
        (tmp_path / name).write_text(text)
    assert machine.free_memory() == 300 < whole
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 100000000\n")
    assert machine.free_memory() == 400
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.free_memory() > 400


def test_a_folder_with_what_cannot_be_looked_at_gets_a_line_and_stops_nobody(tmp_path):
    write(tmp_path / "in/anna/x.ipynb", submission())
    (tmp_path / "in/ben").mkdir()
    long, home = "b" * 250, os.getcwd()
    try:  # a path of more than 4096 characters
        os.chdir(tmp_path / "in/ben")
        for _ in range(17):
            os.mkdir(long)
            os.chdir(long)
    finally:
        os.chdir(home)
    rows = grade([tmp_path / "in"], tmp_path / "out", learner_from="folder")
    assert [row.points for row in rows if row.learner == "anna"] == [3, 0, 2, 2, 0]
    lines = {row.note for row in rows if row.learner == "ben"}
    assert lines == {"Something in the folder cannot be looked at: File name too long."}


@pytest.mark.parametrize("again", [Again(("anna",)), Again(("anna",), "04.step")])
def test_what_is_new_and_was_not_asked_for_is_named(two, again):
    write(two / "in/late.ipynb", submission())
    rows = grade([two / "in"], two / "out", again=again)
    late = {(row.problem, row.points) for row in rows if row.learner == "late"}
    assert late == {("it was not asked for this time.", 0)}
    rows = grade([two / "in"], two / "out", resume=True)
    assert not any(row.problem for row in rows)


@pytest.mark.parametrize("below", ["", "ps04/", "ps04/final/"])
def test_reports_are_not_written_into_a_learners_folder(tmp_path, below):
    for name in ("anna", "ben"):
        write(tmp_path / f"in/{name}/{below}x.ipynb", submission())
    with pytest.raises(ValueError, match="in/anna holds notebooks itself; name another folder"):
        grade([tmp_path / "in"], tmp_path / "in/anna")


def test_an_empty_folder_of_a_learner_below_a_week_gets_its_row(tmp_path):
    write(tmp_path / "in/week4/anna/x.ipynb", submission())
    (tmp_path / "in/week4/anna/data").mkdir()
    (tmp_path / "in/week4/carla").mkdir()
    rows = grade([tmp_path / "in"], tmp_path / "out")
    found = [(row.learner, row.problem) for row in rows[::5]]
    assert found == [("anna", ""), ("carla", "The folder holds no notebook.")]
