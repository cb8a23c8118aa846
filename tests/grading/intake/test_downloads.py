"""Downloads of Moodle and Canvas: whose a file is, by its name, where that may be believed."""

import json
import zipfile

import pytest

from course.grading.intake import canvas, moodle
from course.grading.learners import Unclear
from course.grading.papers import read_all
from tests.grading.sheet import STEP, submission, write

RIGHT, WRONG = json.dumps(submission()), json.dumps(submission({STEP: ""}))
FILE, TEXT = "assignsubmission_file", "assignsubmission_onlinetext"


def packed(path, *names, text=RIGHT):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, text)
    return path


def learners(*paths):
    return sorted(paper.submission.learner for paper in read_all(paths).papers)


def origins(*paths):
    found = [paper.submission for paper in read_all(paths).papers]
    return {each.path.name: each.origin for each in found}


# ---- names ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "name", "number", "file"),
    [
        (f"Anna Brown_1234567_{FILE}_", "Anna Brown", "1234567", ""),
        (f"Anna Brown_1234567_{FILE}", "Anna Brown", "1234567", ""),  # since Moodle 4.1
        (
            f"Anna Brown_1234567_{FILE}_hw_4_final.ipynb",
            "Anna Brown",
            "1234567",
            "hw_4_final.ipynb",
        ),
        (f"Müller-Özil, Zoë_77_{FILE}_x.ipynb", "Müller-Özil, Zoë", "77", "x.ipynb"),
        (f"ענת לוי_88_{FILE}_", "ענת לוי", "88", ""),
        (f"Participant_9_{TEXT}_onlinetext.html", "Participant", "9", "onlinetext.html"),
    ],
)
def test_moodle_names_the_learner_the_participant_and_the_file(part, name, number, file):
    origin, found = moodle.origin(part)
    assert (origin.platform, origin.name, origin.id, found) == ("moodle", name, number, file)
    assert origin.learner == f"{name} ({number})"


@pytest.mark.parametrize(
    "part",
    [f"Anna_Brown_{FILE}", f"_12_{FILE}", f"Anna_012_{FILE}", "Anna_12_x.ipynb", f"a/b_1_{FILE}"],
)
def test_what_is_no_name_of_moodles_is_none(part):
    assert moodle.origin(part) is None


@pytest.mark.parametrize(
    ("part", "learner", "late", "attempt", "file"),
    [
        ("brownanna_12345_67890_ps04.ipynb", "brownanna (12345)", False, 1, "ps04.ipynb"),
        ("brownanna_LATE_12345_67890_ps04-2.ipynb", "brownanna (12345)", True, 3, "ps04-2.ipynb"),
        ("özilzoë_1_2_a_3_4_b.ipynb", "özilzoë (1)", False, 1, "a_3_4_b.ipynb"),
        ("LATE_anon_aB3xY_77_x.ipynb", "anonymous (anon_aB3xY)", True, 1, "x.ipynb"),
        ("anon_aB3xY_77_x-1.ipynb", "anonymous (anon_aB3xY)", False, 2, "x-1.ipynb"),
    ],
)
def test_canvas_names_the_learner_late_the_attempt_and_the_file(part, learner, late, attempt, file):
    origin, found = canvas.origin(part)
    assert (origin.learner, origin.late, origin.attempt, found) == (learner, late, attempt, file)
    assert origin.platform == "canvas"


@pytest.mark.parametrize(
    "part", ["hw_04_05_anna.ipynb", "HW_4_5_anna.ipynb", "brown_12345_ps.ipynb", "anna.ipynb"]
)
def test_what_is_no_name_of_canvas_is_none(part):
    assert canvas.origin(part) is None


# ---- whole downloads ------------------------------------------------------------------

MOODLE = {
    "folders": [f"Anna Brown_11_{FILE}/x.ipynb", f"Ben Lee_12_{FILE}_/deep/er/y.ipynb"],
    "flat": [f"Anna Brown_11_{FILE}_x.ipynb", f"Ben Lee_12_{FILE}_y.ipynb"],
    "both": [f"Anna Brown_11_{FILE}_x.ipynb", f"Ben Lee_12_{FILE}_/y.ipynb"],
}


@pytest.mark.parametrize("layout", MOODLE)
@pytest.mark.parametrize("unpacked", [False, True])
def test_moodles_download_is_read_packed_and_unpacked(tmp_path, layout, unpacked):
    path = packed(tmp_path / "Course-Sheet-12345.zip", *MOODLE[layout])
    if unpacked:
        zipfile.ZipFile(path).extractall(tmp_path / "in")
        path = tmp_path / "in"
    assert learners(path) == ["Anna Brown (11)", "Ben Lee (12)"]


def test_two_of_one_name_are_two_learners(tmp_path):
    path = packed(tmp_path / "a.zip", f"Anna_11_{FILE}_/x.ipynb", f"Anna_12_{FILE}_/x.ipynb")
    assert learners(path) == ["Anna (11)", "Anna (12)"]


def test_all_mixtures_lie_beside_each_other(tmp_path):
    first = packed(tmp_path / "a/Course-1.zip", f"Anna Brown_11_{FILE}/x.ipynb")
    second = packed(tmp_path / "a/submissions.zip", "leedan_12345_67890_x.ipynb")
    write(tmp_path / "b/submitted/eve/ps04/x.ipynb", submission())
    write(tmp_path / "b/submitted/finn/ps04/x.ipynb", submission())
    packed(tmp_path / "b/submitted/greta.zip", "x.ipynb")
    found = learners(first, second, tmp_path / "b/submitted")
    assert found == ["Anna Brown (11)", "eve", "finn", "greta", "leedan (12345)"]


def test_a_folder_of_downloads_alone_is_read_as_such(tmp_path):
    packed(tmp_path / "in/Course-1.zip", f"Anna Brown_11_{FILE}/x.ipynb", f"Ben_12_{FILE}/x.ipynb")
    packed(tmp_path / "in/submissions.zip", "leedan_12345_67890_x.ipynb")
    assert learners(tmp_path / "in") == ["Anna Brown (11)", "Ben (12)", "leedan (12345)"]


def test_a_file_that_is_called_as_somebody_elses_stays_its_owners(tmp_path):
    """Anna calls a file as Moodle calls Ben's: within her own folder that tells nothing."""
    trick = f"Ben Lee_12_{FILE}_x.ipynb"
    path = packed(tmp_path / "c.zip", f"Anna_11_{FILE}/{trick}", f"Ben Lee_12_{FILE}/x.ipynb")
    assert learners(path) == ["Anna (11)", "Ben Lee (12)"]
    for learner in ("anna", "carl"):
        write(tmp_path / "in" / learner / "x.ipynb", submission())
    write(tmp_path / "in/anna" / trick, submission())
    with pytest.raises(Unclear, match="or is it work of 'anna' that is called so"):
        read_all([tmp_path / "in"])
    found = [
        p.submission.learner for p in read_all([tmp_path / "in"], learner_from="folder").papers
    ]
    assert sorted(found) == ["anna", "anna", "carl"]


def test_a_plain_file_called_as_a_learner_of_a_download_is_refused(tmp_path):
    path = packed(tmp_path / "c.zip", f"Anna_11_{FILE}/x.ipynb")
    write(tmp_path / "in/anna (11).ipynb", submission())
    write(tmp_path / "in/ben.ipynb", submission())
    with pytest.raises(Unclear, match="or by another one called 'anna .11.'"):
        read_all([path, tmp_path / "in"])


def test_numbers_in_names_make_no_download_of_canvas(tmp_path):
    """Neither a number for two names, nor a file's number twice; one learner alone is asked for."""
    for names in (["anna_4_1_x", "ben_4_2_x"], ["ps_4_2_anna", "ps_5_2_ben"]):
        for name in names:
            write(tmp_path / names[0] / f"{name}.ipynb", submission())
        assert learners(tmp_path / names[0]) == sorted(names)
    for name in ("hw_2026_1201_anna", "hw_2026_1202_ben"):
        write(tmp_path / "in" / f"{name}.ipynb", submission())
    with pytest.raises(Unclear, match="two files of one learner, 'hw .2026.', as Canvas would"):
        read_all([tmp_path / "in"])
    # Those are shown that could be two learners', not an earlier file and the next attempt.
    for name in ("anna_4_1_x", "anna_4_2_y", "anna_4_3_x-1"):
        write(tmp_path / "more" / f"{name}.ipynb", submission())
    with pytest.raises(Unclear, match=r"x\.ipynb' and '.*y\.ipynb' two files"):
        read_all([tmp_path / "more"])


def test_what_was_typed_into_moodle_is_named_and_its_learner_gets_a_row(tmp_path):
    path = packed(tmp_path / "c.zip", f"Carla_13_{TEXT}_/onlinetext.html", text="<p>hello")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"Anna_11_{FILE}_/x.ipynb", RIGHT)
    handed = read_all([path])
    ((file, why),) = handed.left[str(tmp_path / "c.zip")]
    assert file.endswith("onlinetext.html") and why.startswith("It is a web page.")
    notes = {paper.submission.learner: paper.notes for paper in handed.papers}
    assert notes == {"Anna (11)": [], "Carla (13)": ["The folder holds no notebook."]}


def test_the_time_in_a_platforms_zip_is_that_of_the_download_and_is_not_used(tmp_path):
    path = packed(tmp_path / "c.zip", f"Anna_11_{FILE}_x.ipynb")
    assert origins(path)[f"Anna_11_{FILE}_x.ipynb"].at == ""
    plain = packed(tmp_path / "d.zip", "anna.ipynb")
    assert origins(plain)["anna.ipynb"].at[:3] == "202"
