"""A class list: whom a learning platform's export names, and which learner is who.

Heads of columns: Moodle's grade export (moodle/moodle, `grade/export/lib.php`: first name, last name
or surname, ID number, email address) and grading worksheet (`mod/assign/gradingtable.php`:
identifier, full name); Canvas's gradebook (instructure/canvas-lms, `lib/gradebook_exporter.rb`:
student, or last and first name, ID, SIS user and login ID, section, and a row "Points Possible").
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

LARGEST = 20_000_000  # bytes
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
    "id": "platform_id",
    "section": "section",
}


class Person(NamedTuple):
    """One of a class list.

    name:        as the list has it; made of first and last where it has only these.
    id, login:   what the school knows them by.
    platform_id: Canvas's own number of the person, or Moodle's of the participant.
    """

    name: str
    first: str = ""
    last: str = ""
    id: str = ""
    login: str = ""
    email: str = ""
    platform_id: str = ""
    section: str = ""


class Roster(NamedTuple):
    """A class list.

    people: a list of `Person`.
    heads:  of the columns that are no person's: in Canvas's export one for each assignment.
    """

    people: list
    heads: list


def read(path):
    """The `Roster` in a file.

    Errors: OSError; ValueError for a file that is none, or that has one number for two people.
    """
    with open(path, "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"{path} is larger than {LARGEST / 1e6:.0f} MB, so it is no class list.")
    rows = _rows(_text(data), path)
    heads = [" ".join(cell.split()).casefold() for cell in rows[0]] if rows else []
    fields = {}
    for column, head in enumerate(heads):
        if HEADS.get(head) not in (None, *fields):
            fields[HEADS[head]] = column
    if not {"name", "last", "first", "id", "login", "email"} & {*fields}:
        raise ValueError(
            f"{path} has no column of names or numbers that is known: it begins with "
            f"{', '.join(map(repr, rows[0][:6])) if rows else 'nothing'}. Known are the heads of "
            "Moodle's and Canvas's grade exports, such as 'First name' or 'Student'."
        )
    people = [_person(row, fields) for row in rows[1:] if not _is_no_person(row)]
    people = list(dict.fromkeys(person for person in people if any(person)))
    if len(people) > MOST:
        raise ValueError(f"{path} has more than {MOST} people.")
    _refuse_same_numbers(people, path)
    others = [cell for n, cell in enumerate(rows[0]) if n not in fields.values()]
    return Roster(people, [_plain(cell) for cell in others])


def _text(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # as spreadsheets in Western Europe save it
        return data.decode("cp1252", "replace")


def _rows(text, path):
    first = text.lstrip().partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", " "), newline=""), delimiter=mark))
    except csv.Error as problem:
        raise ValueError(f"{path} cannot be read as a table: {problem}.") from None
    return [row for row in rows if any(cell.strip() for cell in row)]


def _is_no_person(row):
    """Whether a row is one of Canvas's about the assignments."""
    if row[0].strip().casefold() == "points possible":
        return True
    return not row[0].strip() and all(
        re.fullmatch(r"\s*(muted|manual posting.*)?\s*", cell, re.IGNORECASE) for cell in row
    )


def _person(row, fields):
    told = {name: _plain(row[n]) if n < len(row) else "" for name, n in fields.items()}
    parts = told.get("first", ""), told.get("last", "")
    told["name"] = told.get("name") or " ".join(filter(None, parts))
    told["platform_id"] = re.sub(r"^\D*(?=\d+$)", "", told.get("platform_id", ""))
    return Person(**told)


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


# ---- who is who -----------------------------------------------------------------------


class Joined(NamedTuple):
    """Which learner is who.

    people:  learner -> `Person`.
    missing: those of the list who handed in nothing.
    unclear: pairs of a learner and why it is nobody on the list.
    doubled: sentences on names that several have.
    """

    people: dict
    missing: list
    unclear: list
    doubled: list


NOBODY = Joined({}, [], [], [])


def join(people, learners):
    """Join a class list; `learners`: learner -> (its `Origin`s, the sheets that it handed in)."""
    if not people:
        return NOBODY
    keys = _by_key(people)
    found, unclear = {}, []
    for learner, (origins, _) in learners.items():
        theirs = [each for each in _candidates(learner, origins, keys) if each]
        if theirs and len(theirs[0]) == 1:
            found[learner] = theirs[0][0]
        else:
            many = "Several on the class list are called so; nothing tells which of them it is."
            unclear.append((learner, many if theirs else "Not on the class list."))
    unclear += _take_shared(found, learners)
    handed_in = {*found.values()}
    doubled = Counter(_letters(person.name) for person in people if person.name)
    named = {_letters(person.name): person.name for person in people}
    return Joined(
        found,
        [person for person in people if person not in handed_in],
        sorted(unclear),
        [
            f"{number} people on it are called {named[name]!r}."
            for name, number in doubled.items()
            if number > 1
        ],
    )


def _by_key(people):
    keys = {}
    for person in people:
        first_last = [f"{person.first} {person.last}", f"{person.last} {person.first}"]
        names = {person.name, *(each for each in first_last if person.first and person.last)}
        if "," in person.name:  # Brown, Anna
            last, _, first = person.name.partition(",")
            names.add(f"{first} {last}")
        told = {("number", person.platform_id)} | {("name", _letters(name)) for name in names}
        for text in (person.id, person.login, person.email, person.email.partition("@")[0]):
            told.add(("known", text.casefold()))
        for key in told:
            if key[1]:
                keys.setdefault(key, []).append(person)
    return keys


def _candidates(learner, origins, keys):
    """Lists of those who it may be: by what is surest first."""
    for origin in origins:
        if origin.platform:
            yield keys.get(("number", origin.id))
            yield keys.get(("name", _letters(origin.name)))
    if not any(origin.platform for origin in origins):
        yield keys.get(("known", learner.casefold()))
        yield keys.get(("name", _letters(learner)))


def _letters(name):
    """A name as it compares: without case, marks and blanks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _take_shared(found, learners):
    """Take those back who would be one person twice for one sheet."""
    by_person = {}
    for learner, person in found.items():
        for sheet in learners[learner][1]:
            by_person.setdefault((person, sheet), []).append(learner)
    shared = {who: same for (person, _), same in by_person.items() if len(same) > 1 for who in same}
    for learner, same in sorted(shared.items()):
        person = found.pop(learner)
        others = " and ".join(repr(each) for each in sorted(same) if each != learner)
        yield learner, f"As {others} also may be {person.name!r} of the class list, neither is."
