"""What a class takes from a learner, and nothing else: names that exist, small numbers, no text.

The only text that a learner can send is a name, where the class was opened with names.
"""

import hashlib
import json
import math
import re
from functools import cache

from course import questions
from course.checks import chapter_tasks
from course.paths import sheets
from course.questions import votes

MOST_EVENTS = 50  # in one request
LONGEST_NAME = 60
LARGEST = 10**9  # a number that counts events
OLDEST = 7 * 24 * 3600.0  # seconds
MOST_BYTES = 64_000  # of one request


class NotInSchema(ValueError):
    """What came is not what a class takes.

    event: the position of the event that is at fault, None where it is the whole.
    """

    def __init__(self, message, event=None):
        super().__init__(message)
        self.event = event


@cache
def tasks():
    """Name -> task, for all sheets."""
    return {task.name: task for sheet in sheets() for task in chapter_tasks(sheet[:2])}


@cache
def predictions():
    """Name -> question, for all that a cell of a chapter answers."""
    found = [each for chapter in questions.CHAPTERS for each in questions.predictions(chapter)]
    return {each.name: each for each in found}


@cache
def meaning():
    """A digest of what positions stand for: each task's mistakes, each prediction's options."""
    told = [[name, [m.because for m in task.mistakes]] for name, task in tasks().items()]
    told += [[name, [*votes.labels(each)]] for name, each in predictions().items()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def joining(data):
    """Who asks to join: (code, name, version, token), from a request's bytes.

    token: the one that an earlier joining gave, or "".

    Errors: NotInSchema.
    """
    body = _object(data, {"code", "name", "version", "token"})
    for key, longest in (("code", 40), ("version", 40), ("token", 64), ("name", LONGEST_NAME)):
        text = body[key]
        _refuse_unless(type(text) is str and len(text) <= longest, f"{key} is too long, or no text")
        _refuse_unless(text.isprintable(), f"{key} must be one line of plain letters")
    return body["code"], body["name"].strip(), body["version"], body["token"]


def news(data):
    """What a learner's kernel tells: (token, session, events), from a request's bytes.

    Errors: NotInSchema.
    """
    body = _object(data, {"token", "session", "events"})
    token, session, events = body["token"], body["session"], body["events"]
    _refuse_unless(_matches(r"[\w-]{16,64}", token), "token is none")
    _refuse_unless(_matches(r"[0-9a-f]{16}", session), "session must be 16 digits of base 16")
    well = type(events) is list and 0 < len(events) <= MOST_EVENTS
    _refuse_unless(well, f"events must be a list of 1 to {MOST_EVENTS}")
    for i, each in enumerate(events):
        try:
            refuse_event(each)
        except NotInSchema as problem:
            raise NotInSchema(f"event {i}: {problem}", i) from None
    return token, session, events


def refuse_event(event):
    """Refuse what is no event; see the class's docstring for its two kinds.

    A check: number, what, name, passed, mistake, age. A guess: number, what, name, choice,
    revealed, age. number counts a kernel's events; age is in seconds.
    Errors: NotInSchema.
    """
    _refuse_unless(type(event) is dict, "it must be an object")
    what = event.get("what")
    _refuse_unless(what in ("check", "guess") and type(what) is str, "what is check or guess")
    own = {"passed", "mistake"} if what == "check" else {"choice", "revealed"}
    _refuse_unless({*event} == {"number", "what", "name", "age"} | own, "other fields are wanted")
    _refuse_unless(_is_position(event["number"], LARGEST), "number must count")
    age = event["age"]
    well = type(age) in (int, float) and 0 <= age <= OLDEST and math.isfinite(age)
    _refuse_unless(well, "age must be seconds")
    (_refuse_check if what == "check" else _refuse_guess)(event)


def _refuse_check(event):
    name, passed, mistake = event["name"], event["passed"], event["mistake"]
    _refuse_unless(type(name) is str and name in tasks(), "there is no such task")
    _refuse_unless(type(passed) is bool, "passed must be true or false")
    known = len(tasks()[name].mistakes)
    well = mistake is None or (not passed and _is_position(mistake, known))
    _refuse_unless(well, "there is no such mistake")


def _refuse_guess(event):
    name = event["name"]
    _refuse_unless(type(name) is str and name in predictions(), "there is no such prediction")
    well = _is_position(event["choice"], len(votes.labels(predictions()[name])))
    _refuse_unless(well, "there is no such option")
    _refuse_unless(type(event["revealed"]) is bool, "revealed must be true or false")


def _object(data, keys):
    """The JSON object in a request's bytes, which must have these keys and no others."""
    _refuse_unless(len(data) <= MOST_BYTES, "it is too large")
    try:
        body = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotInSchema("it is no JSON") from None
    _refuse_unless(type(body) is dict and {*body} == keys, f"an object with {sorted(keys)}")
    return body


def _is_position(value, end):
    return type(value) is int and 0 <= value < end


def _matches(pattern, text):
    return type(text) is str and re.fullmatch(pattern, text, re.ASCII) is not None


def _refuse_unless(well, message):
    if not well:
        raise NotInSchema(message)
