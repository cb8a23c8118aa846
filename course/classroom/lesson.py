"""A class that is going on: who is let in, what is taken, and in which order; no network here."""

import hashlib
import math
import secrets
import time
from collections import OrderedDict

import course
from course.classroom import schema
from course.classroom.counts import Counts
from course.classroom.guessing import Guessing, is_code

MOST_LEARNERS = 1000
SESSIONS = 100  # kernels of one learner that are remembered
BURST, RATE = 300, 10.0  # events that a learner may send at once, and in each second after
MOST_NEWS = 20_000  # events of one learner in all


class Refusal(Exception):
    """What is not taken: status of HTTP, the sentence for the learner, and what else is told."""

    def __init__(self, status, message, **more):
        super().__init__(message)
        self.status, self.more = status, more


class _Seat:
    """What a class knows of one learner's sending; sessions: kernel -> its last number."""

    def __init__(self, number):
        self.number, self.sessions, self.taken = number, OrderedDict(), 0
        self.allowance, self.at = float(BURST), time.monotonic()
        self.busy = False

    def allow(self, count):
        """Whether so many events may come now."""
        now = time.monotonic()
        self.allowance = min(BURST, self.allowance + (now - self.at) * RATE)
        self.at = now
        if self.allowance < count:
            return False
        self.allowance -= count
        return True


class Lesson:
    """A class over its `Store`; what the file held is counted again."""

    def __init__(self, store):
        self.store, self.counts, self.guessing = store, Counts(), Guessing()
        self.damaged = store.damaged
        self._seats, self._by_number = {}, {}  # by the digest of a token; by the number
        self._last = 0
        for record in store.records:
            self._again(record)
        store.records = None  # they are counted, and need not be held

    async def join(self, data, address):
        """Let a learner in; returns the token. data: the request's bytes.

        Errors: Refusal; OSError where the file cannot be written.
        """
        wait = self.guessing.wait(address)
        if wait:
            seconds = int(wait) + 1
            message = f"Too many wrong codes; try again in {seconds} seconds."
            raise Refusal(429, message, seconds=seconds)
        code, name, version, token = _taken(schema.joining, data)
        if not is_code(code, self.store.head["code"]):
            self.guessing.was_wrong(address)
            raise Refusal(403, f"{code!r} is not this class's code; type it as it is shown.")
        self.guessing.was_right(address)
        if version != course.__version__:
            message = f"The class has course {course.__version__}, and you {version}: update it."
            raise Refusal(409, message)
        if name and not self.store.head["names"]:
            message = "This class was opened without names; join it without yours."
            raise Refusal(409, message)
        seat = self._seats.get(_digest(token))
        if seat and name in ("", self.counts.learners[seat.number].name):
            return token
        if self._last >= MOST_LEARNERS:
            raise Refusal(409, f"The class is full: {MOST_LEARNERS} have joined.")
        self._last += 1
        number, token = self._last, secrets.token_urlsafe(18)
        record = {"what": "join", "learner": number, "token": _digest(token), "name": name}
        record |= {"at": round(time.time(), 1)}
        await self.store.add([record])
        self._seat(record)
        return token

    async def news(self, data):
        """Take a learner's events, each once; returns when they are on the disk.

        Errors: Refusal; OSError where the file cannot be written.
        """
        token, session, events = _taken(schema.news, data)
        seat = self._seats.get(_digest(token))
        if seat is None:
            raise Refusal(401, "The class does not know you; join it again.")
        if seat.busy:
            raise Refusal(429, "One at a time.")
        fresh = _after(seat.sessions.get(session, -1), events)
        if seat.taken + len(fresh) > MOST_NEWS or not seat.allow(len(fresh)):
            raise Refusal(429, "That is too much in too short a time.")
        now = time.time()
        records = [_record(each, seat.number, session, now) for each in fresh]
        seat.busy = True
        try:
            if records:
                await self.store.add(records)
        finally:
            seat.busy = False
        for record in records:
            self._count(seat, record)

    def _seat(self, record):
        """Give a learner a seat, as a line of the file says."""
        number, token, name = record["learner"], record["token"], record["name"]
        if type(number) is not int or number in self._by_number or type(name) is not str:
            raise ValueError(record)
        self._seats[str(token)] = self._by_number[number] = _Seat(number)
        self._last = max(self._last, number)
        self.counts.add(record)

    def _count(self, seat, record):
        seat.sessions[record["session"]] = record["number"]
        seat.taken += 1
        while len(seat.sessions) > SESSIONS:
            seat.sessions.popitem(last=False)
        self.counts.add(record)

    def _again(self, record):
        """Count a line of the file; one that the schema does not allow is damaged."""
        try:
            at = float(record["at"])
            if not math.isfinite(at):
                raise ValueError(record)
            if record["what"] == "join":
                self._seat(record)
                return
            schema.refuse_event(
                {k: v for k, v in record.items() if k not in ("learner", "session", "at")}
                | {"age": 0}
            )
            seat = self._by_number[record["learner"]]
            self._count(seat, record | {"at": at, "session": str(record["session"])})
        except (ValueError, LookupError, TypeError, OverflowError):
            self.damaged += 1


def _after(last, events):
    """Those events whose numbers count on from the last that was taken."""
    fresh = []
    for each in events:
        if each["number"] > last:
            fresh.append(each)
            last = each["number"]
    return fresh


def _record(event, number, session, now):
    """An event as it stands in the file: without its age, with the time of day."""
    told = {k: v for k, v in event.items() if k != "age"}
    return told | {"learner": number, "session": session, "at": round(now - event["age"], 1)}


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


def _taken(read, data):
    try:
        return read(data)
    except schema.NotInSchema as problem:
        more = {} if problem.event is None else {"event": problem.event}
        raise Refusal(400, f"The class takes no such thing: {problem}.", **more) from None
