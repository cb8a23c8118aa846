"""News are sent to the class by a thread beside the learner's work, as long as it takes."""

import json
import random
import sys
import threading
import time
from functools import cache

from course.attendance import membership, outbox
from course.attendance.membership import NotJoined

BATCH = 50  # events in one request
SECONDS = 5.0  # for one request
PAUSE = 0.1  # seconds between a check and its sending
SLOWEST = 15.0  # seconds between two attempts, while the class is away
AGE = 7 * 24 * 3600.0  # the oldest that is told, in seconds

FORGOTTEN = 'The class no longer knows you; to go on in it: join("address", "code")'


def post(url, body):
    """Send a dictionary as JSON; returns (status, the reply's dictionary).

    Errors: NotJoined where nobody answers.
    """
    import http.client
    import urllib.error
    import urllib.request

    head = {"Content-Type": "application/json"}
    try:
        request = urllib.request.Request(url, json.dumps(body).encode(), head)
        with _direct().open(request, timeout=SECONDS) as answer:
            return answer.status, _reply(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, _reply(refusal)
    except (OSError, ValueError, OverflowError, http.client.HTTPException) as problem:
        why = getattr(problem, "reason", problem)
        raise NotJoined(
            f"No class answers at {url.rpartition('/')[0]} ({why}).\n"
            "Compare the address with the one shown; are you in the same network?"
        ) from None


@cache
def _direct():
    """What opens an address without a proxy: a class is in the same room."""
    import urllib.request

    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _reply(answer):
    try:
        found = json.loads(answer.read(65536))
    except (OSError, ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


class Sender:
    """One thread that sends what the outbox holds, in order, and waits where nobody answers."""

    def __init__(self):
        self._wake, self._thread = threading.Event(), None

    def wake(self):
        """There is something to send; starts the thread where none runs."""
        self._wake.set()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="class", daemon=True)
            self._thread.start()

    def wait_until_sent(self, seconds):
        """Wait until the outbox is empty, but no longer than that; returns whether it is."""
        end = time.monotonic() + seconds
        while membership.load() and outbox.first(1):
            if time.monotonic() > end:
                return False
            self.wake()
            time.sleep(0.02)
        return True

    def _run(self):
        failures = 0
        while True:
            self._wake.wait()
            # The check that woke it shall end first: two threads of Python share one processor.
            time.sleep(PAUSE)
            self._wake.clear()
            while not self._send():
                failures += 1
                # Thirty who come back at the same moment would be a second failure.
                time.sleep(min(SLOWEST, 2.0 ** min(failures, 9) / 2) * random.uniform(0.7, 1.0))
            failures = 0

    def _send(self):
        """Send all there is; returns False where that has to be tried again."""
        while (member := membership.load()) and (events := outbox.first(BATCH)):
            try:
                status, reply = post(f"{member.site}/news", _body(member.token, events))
                if not _settle(member, status, reply, events):
                    return False
            except (NotJoined, OSError):
                return False
        return True


def _body(token, events):
    now = time.time()
    told = [
        {k: v for k, v in event.items() if k not in ("session", "at")}
        | {"age": min(max(now - event["at"], 0.0), AGE)}
        for event in events
    ]
    return {"token": token, "session": events[0]["session"], "events": told}


def _settle(member, status, reply, events):
    """Take out of the outbox what is done with; returns False where nothing is."""
    if status == 200:
        outbox.remove(events)
    elif status == 401 and membership.load() == member:
        membership.forget()
        outbox.clear()
        print(FORGOTTEN, file=sys.stderr)
    elif status in (400, 413):
        # The class will never take it: the rest must not wait for it.
        bad = reply.get("event")
        known = type(bad) is int and 0 <= bad < len(events)
        outbox.remove([events[bad]] if known else events)
    else:
        return False
    return True


SENDER = Sender()
