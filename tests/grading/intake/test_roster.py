"""Class lists of Moodle and Canvas, whatever stands in them; and which learner is who."""

import pytest

from course.grading.intake.origin import Origin
from course.grading.intake.roster import Person, read
from course.grading.intake.who_is_who import join

MOODLE = """First name,Last name,ID number,Institution,Department,Email address,Course total (Real)
Anna,Brown,s1,,,anna@x.edu,-
Zoë,Müller-Özil,s2,,,zoe@x.edu,-
"""
OLD_MOODLE = MOODLE.replace("Last name", "Surname")
WORKSHEET = """Identifier,"Full name","Email address",Status,Grade,"Maximum Grade",\
"Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"
Participant 11,"Anna Brown",anna@x.edu,"Submitted for grading - 2 hours 3 mins late",,7.00,Yes,\
"Tuesday, 1 December 2026, 6:03 PM",-,
Participant 12,"Zoë Müller-Özil",zoe@x.edu,"No submission",,7.00,Yes,-,-,
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Momentum as friction (778),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,7,(read only)
"Brown, Anna",345,s1,anna,A,,
"Müller-Özil, Zoë",346,s2,zoe,B,,
"""


def people(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    return read(path)


@pytest.mark.parametrize(
    "text", [MOODLE, OLD_MOODLE, MOODLE.replace(",", ";"), MOODLE + "\n\n,,,\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_moodles_grade_export_is_read_however_a_spreadsheet_saved_it(tmp_path, text, encoding):
    found = people(tmp_path, text, encoding).people
    assert found[0] == Person("Anna Brown", "Anna", "Brown", "s1", "", "anna@x.edu")
    assert found[1].name == "Zoë Müller-Özil" and len(found) == 2


@pytest.mark.parametrize(
    "head",
    ['"Last name, first";ID number', "sep=;\r\nName, given;ID number", "sep=;\nx;id"],
)
def test_what_stands_within_heads_does_not_divide_the_table(tmp_path, head):
    found = people(tmp_path, f"{head}\r\nBrown, Anna;s1\r\nÖz, Zoë, B.;s2\r\n").people
    assert [person.id for person in found] == ["s1", "s2"]


def test_moodles_grading_worksheet_tells_numbers_times_and_who_was_late(tmp_path):
    anna, zoe = people(tmp_path, WORKSHEET).people
    assert (anna.platform, anna.platform_id, anna.name) == ("moodle", "11", "Anna Brown")
    assert (anna.at, anna.late) == ("2026-12-01T18:03:00", True)
    assert (zoe.at, zoe.late) == ("", False)


@pytest.mark.parametrize("head", ["Student", "LastName,FirstName"])
def test_canvas_gradebook_tells_numbers_and_columns(tmp_path, head):
    text = CANVAS
    if head != "Student":
        text = text.replace("Student", head).replace('"Brown, Anna"', "Brown,Anna")
        text = text.replace('"Müller-Özil, Zoë"', "Müller-Özil,Zoë").replace("\n,", "\n,,")
        text = text.replace("Possible,", "Possible,,")
    found = people(tmp_path, text)
    assert [(p.platform, p.platform_id, p.id, p.login) for p in found.people] == [
        ("canvas", "345", "s1", "anna"),
        ("canvas", "346", "s2", "zoe"),
    ]
    assert "Momentum as friction (778)" in found.heads


def test_canvas_test_student_is_nobody_and_one_of_that_name_is_somebody(tmp_path):
    made_up, real = '"Student, Test",9,,5f0c,A,,\n', '"Student, Test",8,s8,test,A,,\n'
    names = [each.name for each in people(tmp_path, CANVAS + made_up + real).people]
    assert names == ["Brown, Anna", "Müller-Özil, Zoë", "Student, Test"]


def test_a_plain_list_of_names_and_numbers_will_do(tmp_path):
    found = people(tmp_path, "Name\tID\nAnna Brown\t7\n").people
    assert found == [Person("Anna Brown", id="7")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no column of names or numbers that is known: it begins with nothing"),
        ("a,b\n1,2\n", "it begins with 'a', 'b'"),
        ("\x89PNG\r\n\x1a\n\0\0", "has no column of names"),
        ("Name,Email\nAnna,a@x\nBen,A@x\n", "has email 'a@x' for Anna and for Ben"),
        ("Student,ID,Section\nA,5,\nB,5,\n", "has platform id '5' for A and for B"),
        ('Name\n"' + "x" * 200_000, "cannot be read as a table"),
    ],
)
def test_what_is_no_class_list_gets_one_clear_line(tmp_path, text, why):
    with pytest.raises(ValueError, match=why):
        people(tmp_path, text, "latin-1")


def test_a_line_twice_is_one_person(tmp_path):
    assert len(people(tmp_path, "Name,ID number\nAnna,1\nAnna,1\n").people) == 1


def test_odd_cells_are_plain_text(tmp_path):
    (found,) = people(tmp_path, 'Name,Email\n"\u202e\x1b[31m =1+1 \nA",x@y\n').people
    assert found.name == "[31m =1+1 A"


# ---- who is who -----------------------------------------------------------------------

ANNA, ZOE = Person("Anna Brown", "Anna", "Brown", "s1", "", "anna@x.edu"), Person("Zoë Öz", id="s2")
OF_CANVAS = Person("Brown, Anna", platform="canvas", platform_id="345")


def joined(people, **learners):
    return join(people, {who: ([origin], sheets) for who, (origin, sheets) in learners.items()})


@pytest.mark.parametrize(
    ("person", "learner", "origin"),
    [
        (OF_CANVAS, "brownanna (345)", Origin("canvas", "brownanna", "345")),
        (ANNA, "x", Origin("canvas", "brownanna", "345")),
        (ANNA, "x", Origin("moodle", "Anna Brown", "11")),
        (ANNA, "x", Origin("moodle", "BROWN Anna", "11")),
        (ANNA._replace(platform="moodle", platform_id="11"), "x", Origin("moodle", "?", "11")),
        (ANNA, "anna", Origin()),
        (ANNA, "S1", Origin()),
        (ANNA, "anna@x.edu", Origin()),
        (ANNA, "anna_brown", Origin()),
        (ANNA, "Brown, Anna", Origin()),
    ],
)
def test_a_learner_is_joined_by_number_or_name(person, learner, origin):
    found = join([person, ZOE], {learner: ([origin], {"04"})})
    assert found.people == {learner: person}
    assert (found.missing, found.unclear) == ([ZOE], [])


def test_a_number_of_one_platform_is_none_of_the_others():
    found = join([OF_CANVAS], {"x": ([Origin("moodle", "Ben", "345")], {"04"})})
    assert found.unclear == [("x", "Not on the class list.")] and found.missing == [OF_CANVAS]


def test_of_two_of_one_name_nothing_is_guessed():
    two = [ANNA, ANNA._replace(id="s9", email="b@x.edu")]
    found = join(two, {"x": ([Origin("moodle", "Anna Brown", "11")], {"04"})})
    assert found.people == {} and found.missing == [] and found.maybe == two
    assert found.unclear[0][1].startswith("Several on the class list are called so")
    assert found.doubled == ["2 people on it are called 'Anna Brown'."]


def test_two_learners_are_never_one_person_for_one_sheet():
    moodle = [Origin("moodle", "Anna Brown", "11")]
    found = join([ANNA], {"Anna Brown (11)": (moodle, {"04"}), "anna": ([Origin()], {"04"})})
    assert found.people == {} and len(found.unclear) == 2
    found = join([ANNA], {"Anna Brown (11)": (moodle, {"04"}), "anna": ([Origin()], {"05"})})
    assert len(found.people) == 2  # her number is another one in each assignment of Moodle's


def test_who_is_known_by_number_stays_so_whoever_is_called_the_same():
    of_canvas = [Origin("canvas", "brownanna", "345")], {"04"}
    called_so = [Origin("moodle", "Anna Brown", "11")], {"04"}
    plain = [Origin()], {"04"}
    learners = {"brownanna (345)": of_canvas, "Anna Brown (11)": called_so, "anna brown": plain}
    found = join([OF_CANVAS], learners)
    assert found.people == {"brownanna (345)": OF_CANVAS} and found.maybe == []
    assert [who for who, _ in found.unclear] == ["Anna Brown (11)", "anna brown"]
    assert found.unclear[0][1] == "'brownanna (345)' is 'Brown, Anna' of the class list, by number."
    twice = {"brownanna (345)": of_canvas, "smithanna (345)": of_canvas}
    assert join([OF_CANVAS], twice).people == {}
