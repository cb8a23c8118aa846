"""A folder of submissions becomes one row for each learner and task, whatever is in it."""

import csv
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from course import places
from course.grading import batch
from course.grading.batch import grade
from course.grading.submissions import find
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


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A mixed folder, marked once: the rows by learner, the folder, and what progress told."""
    folder, told = tmp_path_factory.mktemp("submissions"), []
    write(folder / "anna.ipynb", submission())
    write(folder / 'bob, "the\n=great" <b>.ipynb', submission({STEP: "1 / 0", GOAL: ""}))
    write(folder / "carla.ipynb", '{"cells": [')
    lost = submission({TERMINAL: "terminal_velocity = 3"})
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


def test_words_explain_the_verdict(marked):
    step = marked[0][BOB][0]
    assert step.words.startswith("Your answer cell step-answer raised ZeroDivisionError")
    assert marked[0]["carla"][0].words == ""


def test_the_reports_are_written(marked):
    learners, folder, _ = marked
    assert (folder / "out" / "index.html").exists()
    assert len(list((folder / "out" / "feedback").glob("*.html"))) == len(learners)
    with (folder / "out" / "grades.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [row["learner"] for row in table] == [n for n in learners for _ in TASKS]
    assert sum(int(row["points"]) for row in table) == 7 + 2 + 4


def test_progress_is_told_after_each_submission_that_is_run(marked):
    assert [(done, total) for done, total, _ in marked[2]] == [(1, 3), (2, 3), (3, 3)]
    assert {learner for *_, learner in marked[2]} == {"anna", BOB, "dan"}


# ---- who handed in what ---------------------------------------------------------------


def learners_of(*paths):
    return sorted(each.learner for each in find(paths))


def test_a_learner_is_called_as_the_file_or_as_the_folder(tmp_path):
    for name in ("anna.ipynb", "B/x.ipynb", "c/deep/down/y.IPYNB", f"d/{NAME}-Copy1.ipynb"):
        write(tmp_path / name, "")
    assert learners_of(tmp_path) == ["B", "anna", "c", "d"]
    assert learners_of(tmp_path / "d", tmp_path / "c") == ["d", "deep"]
    assert learners_of(tmp_path / f"d/{NAME}-Copy1.ipynb", tmp_path / "B/x.ipynb") == ["d", "x"]


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
    refused = {each.learner for each in find([tmp_path / "given"]) if "link" in each.problem}
    assert refused == {"b", "c", "d"}
    assert find([tmp_path / "given/c"])[0].problem.startswith("It is a symbolic link")


def test_a_trap_of_folders_in_folders_ends(tmp_path):
    deep = tmp_path / "anna"
    write(deep.joinpath(*["d"] * 200) / "x.ipynb", "")
    assert [each.problem for each in find([tmp_path])] == ["The folder holds no notebook."]


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
    return grade(paths, tmp_path / "out", **options)


def test_both_files_of_one_learner_get_rows_with_a_note(tmp_path):
    rows = rows_of_broken(tmp_path, f"anna/{NAME}.ipynb", f"x/anna/{NAME}.ipynb")
    assert [row.task for row in rows] == [*TASKS, *TASKS]
    assert {row.learner for row in rows} == {"anna"}
    assert all("One of 2 files of this learner for this sheet" in row.note for row in rows)


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
    monkeypatch.setattr(places, "material", lambda: tmp_path)
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
    with pytest.raises(ValueError, match="^limit must be"):
        grade([path], tmp_path / "out", limit=0)
    with pytest.raises(ValueError, match="^jobs must be 1 or more; got 0"):
        grade([path], tmp_path / "out", jobs=0)
    assert not (tmp_path / "out").exists()


# ---- who does the work ----------------------------------------------------------------


def test_any_executor_can_do_the_work_in_other_processes_too(tmp_path):
    path = write(tmp_path / "anna.ipynb", submission({STEP: ""}))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        rows = grade([path], tmp_path / "out", executor=pool)
        assert pool.submit(abs, -1).result() == 1  # it is left open for its owner
    assert [row.points for row in rows] == [0, 0, 2, 2, 0]


class Refusing(Executor):
    """A pool that has lost its workers, as Python's own does when one of them is killed."""

    def submit(self, *_, **__):
        raise RuntimeError("the pool is\nbroken")


def test_a_broken_executor_leaves_rows_that_say_so(tmp_path):
    path = write(tmp_path / "anna.ipynb", submission())
    rows = grade([path], tmp_path / "out", executor=Refusing())
    assert {row.note for row in rows} == {"Not marked, mark it again: the pool is broken"}
    assert [row.points for row in rows] == [0] * 5


def test_nothing_to_mark_makes_empty_reports(tmp_path):
    assert batch.grade([], tmp_path / "out") == []
    assert (tmp_path / "out" / "grades.csv").read_text().count("\n") == 1
    assert RIGHT  # the sheet itself has answers
