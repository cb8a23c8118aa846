"""Which of several files of one learner counts, and what is late."""

import json
import os
import zipfile

import pytest

from course.grading import batch, counted, gradebook, journal
from course.grading.intake.roster import read
from course.grading.told_besides import Besides
from tests.grading import stub
from tests.grading.sheet import NAME, STEP, submission, write

RIGHT, WRONG = json.dumps(submission()), json.dumps(submission({STEP: "# wrong"}))


def grade(submissions, out, keep=None, due=None, **options):
    return batch.grade(
        submissions, out, **{"judge": stub.judge, "besides": Besides(keep, due)} | options
    )


def kept(rows):
    """The names of the files that count."""
    return sorted({row.file.rpartition("/")[2] for row in rows if row.counts})


@pytest.fixture
def canvas(tmp_path):
    """Three attempts of one learner in a download of Canvas's: right, wrong, unreadable."""
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("leedan_345_7001_ps04.ipynb", RIGHT)
        archive.writestr("leedan_LATE_345_7002_ps04-1.ipynb", WRONG)
        archive.writestr("leedan_345_7003_ps04-2.ipynb", "{")
        archive.writestr("mooreeve_346_7004_ps04.ipynb", RIGHT)
    return path


@pytest.mark.parametrize(
    ("keep", "file", "how"),
    [
        (None, "leedan_LATE_345_7002_ps04-1.ipynb", "the last by its attempt, number 2."),
        ("last", "leedan_LATE_345_7002_ps04-1.ipynb", "the last by its attempt, number 2."),
        ("best", "leedan_345_7001_ps04.ipynb", "the best."),
    ],
)
def test_one_file_counts_and_each_says_so(canvas, tmp_path, keep, file, how):
    rows = [r for r in grade([canvas], tmp_path / "out", keep) if r.learner == "leedan (345)"]
    assert kept(rows) == [file]
    notes = {row.file.rpartition("/")[2]: row.note for row in rows}
    assert f"Of 3 files of this learner for this sheet this one counts, {how}" in notes[file]
    assert all(f"another counts, {how}" in note for name, note in notes.items() if name != file)
    totals = (tmp_path / "out/totals.csv").read_text()
    assert totals.count("leedan (345)") == 1 and file in totals


def test_all_count_where_that_is_said(canvas, tmp_path):
    rows = grade([canvas], tmp_path / "out", "all")
    assert all(row.counts for row in rows)
    assert (tmp_path / "out/totals.csv").read_text().count("leedan (345)") == 3
    assert "leedan" not in (tmp_path / "out/canvas.csv").read_text()
    assert "Several files count, and Canvas takes one" in (tmp_path / "out/index.html").read_text()


def test_of_plain_files_the_one_that_was_saved_last_counts(tmp_path):
    for day, name in ((3, "x.ipynb"), (2, "x (1).ipynb"), (1, "x (2).ipynb")):
        path = write(tmp_path / "in/anna" / name, submission())
        os.utime(path, (day * 86400, day * 86400))
    write(tmp_path / "in/ben/x.ipynb", submission())
    rows = grade([tmp_path / "in"], tmp_path / "out")
    assert kept([row for row in rows if row.learner == "anna"]) == ["x.ipynb"]
    assert "the last by when they were saved." in rows[0].note


def test_what_counts_can_be_told_anew_and_nothing_is_marked_again(canvas, tmp_path):
    grade([canvas], tmp_path / "out", "last")
    lines = len((tmp_path / "out/journal.jsonl").read_text().splitlines())
    rows = grade([canvas], tmp_path / "out", "best", resume=True)
    assert kept(rows) == ["leedan_345_7001_ps04.ipynb", "mooreeve_346_7004_ps04.ipynb"]
    assert len((tmp_path / "out/journal.jsonl").read_text().splitlines()) == lines + 1
    assert kept(grade([canvas], tmp_path / "out", resume=True)) == kept(rows)
    assert len((tmp_path / "out/journal.jsonl").read_text().splitlines()) == lines + 1


def test_a_journal_of_before_has_all_files_count(canvas, tmp_path):
    """It has neither terms nor origins; its reports stay as they were."""
    grade([canvas], tmp_path / "out")
    with journal.Journal(tmp_path / "out") as book:
        old = [
            {name: value for name, value in line.items() if name not in ("keep", "due", "origin")}
            for line in book.lines()
        ]
    rows = gradebook.rows(old)
    assert all(row.counts and not row.late for row in rows)
    assert "One of 3 files of this learner for this sheet." in rows[0].note


def test_a_newer_download_takes_the_place_of_the_older_one_also_where_both_lie_there(tmp_path):
    for name, text in (("Course-1.zip", WRONG), ("Course-1 (1).zip", RIGHT)):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("Anna Brown_11_assignsubmission_file_/x.ipynb", text)
    (row, *_) = grade([tmp_path / "Course-1.zip"], tmp_path / "out")
    assert row.points == 0
    rows = grade([tmp_path / "Course-1 (1).zip"], tmp_path / "out", resume=True)
    assert [(row.file.partition("/")[0], row.points) for row in rows][0] == ("Course-1 (1).zip", 3)
    assert len(rows) == 5


# ---- late -----------------------------------------------------------------------------


def test_what_a_platform_calls_late_is_marked_and_not_punished(canvas, tmp_path):
    rows = grade([canvas], tmp_path / "out", due="2001-01-01T00:00")
    late = {row.file.rpartition("/")[2]: row.late for row in rows}
    assert late == {
        "leedan_345_7001_ps04.ipynb": "",  # Canvas knows when, its zip does not
        "leedan_LATE_345_7002_ps04-1.ipynb": "Late: Canvas says so.",
        "leedan_345_7003_ps04-2.ipynb": "",
        "mooreeve_346_7004_ps04.ipynb": "",
    }
    assert sum(row.points for row in rows if row.late) == 4


def test_a_file_that_was_saved_later_is_late(tmp_path):
    for hour, name in ((17, "anna"), (18, "ben"), (19, "carl")):
        path = write(tmp_path / f"in/{name}.ipynb", submission())
        seconds = counted.datetime(2026, 12, 1, hour).timestamp()
        os.utime(path, (seconds, seconds))
    rows = grade([tmp_path / "in"], tmp_path / "out", due="2026-12-01T18:00")
    assert {row.learner for row in rows if row.late} == {"carl"}
    assert rows[-1].note == "Late: saved 2026-12-01 19:00:00, due 2026-12-01 18:00:00."
    assert f"carl,{NAME},7,7,late," in (tmp_path / "out/totals.csv").read_text()
    rows = grade([tmp_path / "in"], tmp_path / "out", due="2026-12-01T16:00", resume=True)
    assert {row.learner for row in rows if row.late} == {"anna", "ben", "carl"}
    rows = grade([tmp_path / "in"], tmp_path / "out", due="", resume=True)
    assert not any(row.late for row in rows)


def test_moodles_grading_worksheet_tells_what_was_late(tmp_path):
    """Its zip does not: there all files have the time of the download."""
    with zipfile.ZipFile(tmp_path / "Course-1.zip", "w") as archive:
        for number, name in ((11, "Anna Brown"), (12, "Ben Lee"), (13, "Zoe Q")):
            archive.writestr(f"{name}_{number}_assignsubmission_file_/x.ipynb", RIGHT)
    told = []
    rows = grade(
        [tmp_path / "Course-1.zip"], tmp_path / "out", due="2026-12-01T18:00", tell=told.append
    )
    assert not any(row.late for row in rows)
    assert any("give the assignment's grading worksheet as --roster" in each for each in told)
    (tmp_path / "sheet.csv").write_text(
        "Identifier,Full name,Status,Last modified (submission)\n"
        'Participant 11,Anna Brown,Submitted,"Tuesday, 1 December 2026, 6:03 PM"\n'
        'Participant 12,Ben Lee,Submitted,"Tuesday, 1 December 2026, 5:03 PM"\n'
        "Participant 13,Zoe Q,Submitted for grading - 2 days late,-\n"
    )
    besides = Besides(roster=read(tmp_path / "sheet.csv"))
    rows = grade([tmp_path / "Course-1.zip"], tmp_path / "out", besides=besides, resume=True)
    assert {row.learner: row.late for row in rows} == {
        "Anna Brown (11)": "Late: saved 2026-12-01 18:03:00, due 2026-12-01 18:00:00.",
        "Ben Lee (12)": "",
        "Zoe Q (13)": "Late: Moodle says so.",
    }
    again = grade([tmp_path / "Course-1.zip"], tmp_path / "out", resume=True)
    assert [row.late for row in again] == [row.late for row in rows]


@pytest.mark.parametrize(
    ("keep", "due", "why"),
    [
        ("first", None, "keep must be one of last, best, all; got 'first'."),
        (None, "tomorrow", "due must be a time such as 2026-12-01T18:00; got 'tomorrow'."),
        (None, "2026-13-01", "due must be a time"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(tmp_path, keep, due, why):
    write(tmp_path / "in/anna.ipynb", submission())
    with pytest.raises(ValueError, match=why):
        grade([tmp_path / "in"], tmp_path / "out", keep, due)
    assert not (tmp_path / "out").exists()
