"""What Moodle and Canvas take back: files as they import them, whatever learners are called."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from course.grading import batch
from course.grading.intake import moodle
from course.grading.intake.roster import read
from course.grading.reports import page_names
from course.grading.reports.canvas import column
from course.grading.told_besides import Besides
from tests.grading import stub
from tests.grading.sheet import NAME, STEP, submission, write

GOLDEN = Path(__file__).parent / "golden"
RIGHT, WRONG = json.dumps(submission()), json.dumps(submission({STEP: "# wrong"}))
FILE = "assignsubmission_file"


def packed(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def grade(submissions, out, roster=None, **options):
    besides = Besides(roster=roster and read(roster))
    return batch.grade(submissions, out, judge=stub.judge, besides=besides, **options)


@pytest.fixture
def marked(tmp_path):
    """A class from both platforms, with Canvas's class list."""
    files = {
        f"Anna Brown_11_{FILE}_/x.ipynb": RIGHT,
        f"Anna Brown_12_{FILE}_/x.ipynb": WRONG,
        f"=HYPERLINK(A1)_13_{FILE}_/x.ipynb": "{",
    }
    first = packed(tmp_path / "Course-7.zip", files)
    files = {"leedan_345_7001_ps04.ipynb": WRONG, "mooreeve_LATE_346_7002_ps04.ipynb": RIGHT}
    second = packed(tmp_path / "submissions.zip", files)
    (tmp_path / "class.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Momentum as friction (778),Current Score\n"
        "    Points Possible,,,,,7,(read only)\n"
        '"Lee, Dan",345,s4,dan,A,,\n"Quiet, Zoe",347,s5,zoe,B,,\n'
    )
    grade([first, second], tmp_path / "out", tmp_path / "class.csv", seed=1)
    return tmp_path / "out"


@pytest.mark.parametrize("name", [f"moodle-{NAME}.csv", "canvas.csv"])
def test_a_table_is_as_the_platform_imports_it(marked, name):
    """The golden files were written by hand, from what the platforms' own source reads."""
    assert (marked / name).read_text() == (GOLDEN / name).read_text()


def test_moodle_gets_each_page_in_the_folder_of_its_learner(marked):
    archive = zipfile.ZipFile(marked / f"moodle-{NAME}-feedback.zip")
    numbers = {}
    for name in archive.namelist():
        folder, file = name.split("/")
        # As importziplib.php takes it apart: at most five parts, of which the second is the number.
        told = folder.split("_", 4)
        assert told[2:] == ["assignsubmission", "file", ""] and file == "feedback_04.html"
        numbers[told[1]] = archive.read(name).decode()
    assert numbers.keys() == {"11", "12", "13"}
    pages = page_names({"Anna Brown (11)", "Anna Brown (12)", "=HYPERLINK(A1) (13)"} | OTHERS)
    for number, page in numbers.items():
        learner = next(who for who in pages if who.endswith(f"({number})"))
        assert page == (marked / "feedback" / pages[learner]).read_text()


OTHERS = {"leedan (345)", "mooreeve (346)"}


def test_the_zip_is_the_same_for_the_same_pages(marked, tmp_path):
    before = (marked / f"moodle-{NAME}-feedback.zip").read_bytes()
    grade([tmp_path / "Course-7.zip", tmp_path / "submissions.zip"], marked, resume=True)
    assert (marked / f"moodle-{NAME}-feedback.zip").read_bytes() == before


def test_moodles_class_list_gets_a_table_for_its_gradebook(tmp_path):
    write(tmp_path / "in/anna.ipynb", submission())
    write(tmp_path / "in/ben.ipynb", submission({STEP: ""}))
    (tmp_path / "class.csv").write_text(
        "First name,Last name,ID number,Email address\nAnna,Brown,s1,anna@x.edu\nZoe,Q,s2,z@x\n"
    )
    grade([tmp_path / "in"], tmp_path / "out", tmp_path / "class.csv")
    assert (tmp_path / "out/moodle-gradebook.csv").read_text() == (
        "First name,Last name,ID number,Email address,Exercise 04 · Momentum as friction\n"
        "Anna,Brown,s1,anna@x.edu,7\n"
    )
    index = (tmp_path / "out/index.html").read_text()
    assert "Handed in nothing." in index and "Not on the class list." in index


def test_a_file_that_is_due_no_longer_is_removed_and_no_other(tmp_path):
    path = packed(tmp_path / "a.zip", {"leedan_345_7001_x.ipynb": RIGHT})
    write(tmp_path / "in/anna.ipynb", submission())
    grade([path, tmp_path / "in"], tmp_path / "out")
    (tmp_path / "out/moodle-notes.csv").write_text("my own")
    assert (tmp_path / "out/canvas.csv").exists()
    path.unlink()
    grade([tmp_path / "in"], tmp_path / "out", resume=True)
    rows = batch.grade([tmp_path / "in"], tmp_path / "out", judge=stub.judge, resume=True)
    gone = {row.learner for row in rows} == {"anna"}
    assert (tmp_path / "out/canvas.csv").exists() != gone
    assert (tmp_path / "out/moodle-notes.csv").read_text() == "my own"


@pytest.mark.parametrize("name", ["canvas.csv", f"moodle-{NAME}.csv", "totals.csv", "essays.csv"])
def test_a_file_of_the_teachers_is_not_written_over(tmp_path, name):
    write(tmp_path / "in/anna.ipynb", submission())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("my own")
    with pytest.raises(ValueError, match="is not the grader's, and would be written over"):
        grade([tmp_path / "in"], tmp_path / "out")
    assert (tmp_path / "out" / name).read_text() == "my own"


@pytest.mark.parametrize(
    ("heads", "head"),
    [
        (["Momentum as friction (778)", "Other (1)"], "Momentum as friction (778)"),
        (["Sheet 4: momentum AS friction! (778)"], "Sheet 4: momentum AS friction! (778)"),
        (["Momentum as friction (1)", "Momentum as friction, again (2)"], None),
        (["Momentum as friction"], None),
        ([], None),
    ],
)
def test_canvas_column_is_the_one_that_names_the_sheet_or_a_new_one(heads, head):
    assert column(NAME, heads) == (head or "Exercise 04 · Momentum as friction")


# ---- the round trip -------------------------------------------------------------------

HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "+49 30",
    "-cmd|' /C calc'!A0",
    'Anna "the great" O\'Neil',
    "Li, Na; Wu\tX",
    "<script>alert(1)</script>",
    "ענת לוי",
    "\u202egnp.exe",
    "Zoë\u0301 Åström",
    "n" * 200,
    "Points Possible",
    "a‎b",
    "CON",
    "..",
    "~x",
    "{{ 7 * 7 }}",
    "Anna Brown",
    "Anna Brown",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A class of hostile names, packed as Moodle would if it let them through."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    names = [f"{name}_{100 + n}_{FILE}_" for n, name in enumerate(HOSTILE)]
    files = {f"{name}/x.ipynb": RIGHT for name in names if len(name) < 256}
    rows = grade([packed(tmp_path / "c.zip", files)], tmp_path / "out")
    return tmp_path / "out", rows, len(files)


def test_each_hostile_name_comes_back_with_its_own_number_and_points(hostile):
    out, rows, number = hostile
    assert len({row.learner for row in rows}) == number
    table = list(csv.DictReader(io.StringIO((out / f"moodle-{NAME}.csv").read_text())))
    assert {row["Identifier"] for row in table} == {
        re.search(r"\((\d+)\)$", row.learner)[1].join(["Participant ", ""]) for row in rows
    }
    assert {row["Grade"] for row in table} == {"7"}
    names = zipfile.ZipFile(out / f"moodle-{NAME}-feedback.zip").namelist()
    assert len(set(names)) == number


def test_the_zip_of_hostile_names_can_be_read_as_a_download_and_leads_nowhere(hostile):
    out, _, number = hostile
    names = zipfile.ZipFile(out / f"moodle-{NAME}-feedback.zip").namelist()
    told = [moodle.origin(name.split("/")[0]) for name in names]
    assert all(told) and len({origin.id for origin, _ in told}) == number
    for name in names:
        assert re.fullmatch(r"[^/\\:*?\"<>|]+/feedback_04\.html", name) and ".." not in name
        assert len(name.encode()) < 255 and name.split("/")[0].isprintable()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_table_holds_a_formula_however_it_is_split(hostile, delimiter):
    out, _, _ = hostile
    for path in out.glob("*.csv"):
        for row in csv.reader(path.read_text().splitlines(), delimiter=delimiter):
            for cell in row:
                assert not cell.strip(' "').startswith(("=", "+", "-", "@")), (path, row)


def test_no_page_holds_what_came_as_markup(hostile):
    out, _, _ = hostile
    for path in out.rglob("*.html"):
        text = path.read_text()
        assert "<script" not in text and "\u202e" not in text
    assert "49 * 49" not in text


def test_a_learner_called_as_a_row_of_canvas_is_none_of_them(tmp_path):
    path = packed(tmp_path / "a.zip", {"pointspossible_345_7_x.ipynb": RIGHT})
    (tmp_path / "class.csv").write_text(
        "Student,ID,SIS Login ID,Section\nMy Points Possible,345,p,A\n"
    )
    grade([path], tmp_path / "out", tmp_path / "class.csv")
    rows = list(csv.reader((tmp_path / "out/canvas.csv").read_text().splitlines()))
    assert [row[1] for row in rows if "Points Possible" not in row[0]] == ["ID", "345"]
