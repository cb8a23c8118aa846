"""A class list: whom a learning platform's export names.

Heads of columns: Moodle's grade export (moodle/moodle, `grade/export/txt/`: first name, last name
or surname, ID number, email address) and grading worksheet (`mod/assign/gradingtable.php`:
identifier, full name); Canvas's gradebook (instructure/canvas-lms, `lib/gradebook_exporter.rb`:
student, or last and first name, ID, SIS user and login ID, section, and a row "Points Possible").
"""

import re
import unicodedata
from collections import Counter
from datetime import datetime
from typing import NamedTuple

from course.grading.intake.table_file import read_table

MOST = 20_000  # people

#: A column's head, in small letters -> the field of `Person` that it fills.
HEADS = {
    "first name": "first",
    "firstname": "first",
    "last name": "last",
    "lastname": "last",
    "surname": "last",
    "full name": "name",
    "fullname": "name",
    "name": "name",
    "student": "name",
    "id number": "id",
    "idnumber": "id",
    "student id": "id",
    "sis user id": "id",
    "username": "login",
    "sis login id": "login",
    "login": "login",
    "email address": "email",
    "email": "email",
    "e-mail": "email",
    "identifier": "platform_id",
    "id": "id",
    "section": "section",
    "status": "status",
    "last modified (submission)": "at",
}


class Person(NamedTuple):
    """One of a class list.

    name:        as the list has it; made of first and last where it has only these.
    id, login:   what the school knows them by.
    platform_id: Canvas's own number of the person, or Moodle's of the participant; `platform` says
                 whose.
    at, late:    when Moodle's grading worksheet says that something was handed in, as
                 `origin.Origin` has it, and whether it says that this was late.
    """

    name: str
    first: str = ""
    last: str = ""
    id: str = ""
    login: str = ""
    email: str = ""
    platform_id: str = ""
    section: str = ""
    platform: str = ""
    at: str = ""
    late: bool = False


class Roster(NamedTuple):
    """A class list.

    people: a list of `Person`.
    heads:  of the columns that are no person's: in Canvas's export one for each assignment.
    """

    people: list
    heads: list


def read(path):
    """The `Roster` in a file.

    Errors: ValueError for a file that is none, or that has one number for two people.
    """
    rows = read_table(path)
    heads = [" ".join(cell.split()).casefold() for cell in rows[0]] if rows else []
    fields, platform = _fields(heads)
    if not {"name", "last", "first", "id", "login", "email"} & {*fields}:
        raise ValueError(
            f"{path} has no column of names or numbers that is known: it begins with "
            f"{', '.join(map(repr, rows[0][:6])) if rows else 'nothing'}. Known are the heads of "
            "Moodle's and Canvas's grade exports, such as 'First name' or 'Student'."
        )
    people = [_person(row, fields) for row in rows[1:] if not _is_no_person(row)]
    people = list(dict.fromkeys(person for person in people if any(person)))
    people = [each._replace(platform=platform) for each in people]
    people = [each for each in people if not _is_test_student(each)]
    if len(people) > MOST:
        raise ValueError(f"{path} has more than {MOST} people.")
    _refuse_same_numbers(people, path)
    others = [cell for n, cell in enumerate(rows[0]) if n not in fields.values()]
    return Roster(people, [_plain(cell) for cell in others])


def _fields(heads):
    """A `Person`'s field -> its column; and whose numbers of people they are."""
    canvas = "id" in heads and {"student", "sis login id", "sis user id"} & {*heads}
    known = HEADS | ({"id": "platform_id"} if canvas else {})
    fields = {}
    for column, head in enumerate(heads):
        if known.get(head) not in (None, *fields):
            fields[known[head]] = column
    return fields, "canvas" if canvas else "moodle" if "platform_id" in fields else ""


def _is_no_person(row):
    """Whether a row is one of Canvas's about the assignments."""
    if row[0].strip().casefold() == "points possible":
        return True
    return not row[0].strip() and all(
        re.fullmatch(r"\s*(muted|manual posting.*)?\s*", cell, re.IGNORECASE) for cell in row
    )


def _is_test_student(person):
    """Whether a person is the one whom Canvas makes up, to show a teacher what learners see."""
    return person.platform == "canvas" and person.name == "Student, Test" and not person.id


def _person(row, fields):
    told = {name: _plain(row[n]) if n < len(row) else "" for name, n in fields.items()}
    parts = told.get("first", ""), told.get("last", "")
    told["name"] = told.get("name") or " ".join(filter(None, parts))
    told["platform_id"] = re.sub(r"^\D*(?=\d+$)", "", told.get("platform_id", ""))
    status, at = told.pop("status", ""), _moment(told.pop("at", ""))
    return Person(**told, at=at, late=bool(re.search(r" late$", status)))


def _moment(text):
    """A time as Moodle writes it in English, or as ISO 8601 has it; "" for all else."""
    for form in ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, form).isoformat()
        except ValueError:
            continue
    return ""


def _plain(text):
    """A cell in one line; without the sign that keeps spreadsheets from computing it."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    shown = unicodedata.normalize("NFC", " ".join(shown.split()))
    return re.sub(r"^'(?=[=+\-@])", "", shown)


def _refuse_same_numbers(people, path):
    for field in ("platform_id", "id", "login", "email"):
        numbers = Counter(getattr(person, field).casefold() for person in people)
        twice = next((each for each, number in numbers.items() if each and number > 1), None)
        if twice is not None:
            same = [p.name for p in people if getattr(p, field).casefold() == twice]
            raise ValueError(
                f"{path} has {field.replace('_', ' ')} {twice!r} for {' and for '.join(same)}. "
                "Whose it is must be clear: correct the list."
            )
