"""A learner's part in a class: join it, leave it, and what checks and predictions tell it.

    join("192.168.1.5:8600", "KFM-427")

From then on each check tells the class *task, passed or not, which known mistake*, each prediction
its choice: no code, no number of yours, no name unless you typed one. It is sent in the background.
"""

import contextlib

import course
from course.attendance import membership, outbox
from course.attendance.membership import NotJoined
from course.attendance.sending import SENDER, post

__all__ = ["NotJoined", "flush", "join", "leave", "tell_check", "tell_guess"]

TOLD = (
    "You are in the class. It hears of each check: the task, whether it holds, and which known\n"
    "mistake it names; of each prediction the choice. Never your code. leave() ends it."
)


def join(address, code, name=""):
    """Join a class, in all notebooks of this copy of the course; outside of one, in this kernel.

    address: as the teacher's terminal shows it, such as "192.168.1.5:8600".
    code:    as shown there; case and hyphens do not matter.
    name:    yours, if you like, where the class was opened with names; else it is refused.
    Errors:  NotJoined, with what to do.
    """
    site = membership.site(address)
    was = membership.load()
    # Whoever runs the line again is the same learner still.
    token = was.token if was and was.site == site else ""
    body = {"code": str(code), "name": str(name), "version": course.__version__, "token": token}
    status, reply = post(f"{site}/join", body)
    given = reply.get("token") if status == 200 else None
    if not membership.is_token(given):
        # Whatever answers there may be no class; what it says is shown as one plain line.
        said = reply.get("message") if isinstance(reply.get("message"), str) else ""
        plain = " ".join("".join(c if c.isprintable() else " " for c in said[:300]).split())
        raise NotJoined(plain or f"There is no class at {address} ({status}).")
    membership.save(membership.Membership(site, given))
    if given != token:
        outbox.clear()
    print(TOLD)


def leave():
    """Leave the class; what was not yet sent is dropped."""
    was = membership.load()
    membership.forget()
    outbox.clear()
    print("You have left the class." if was else "You are in no class.")


def tell_check(name, passed, mistake=None):
    """Tell the class, if there is one, how a check ended; never waits and never raises.

    mistake: the position of the known mistake among the task's own, or None.
    """
    _tell({"what": "check", "name": name, "passed": passed, "mistake": mistake})


def tell_guess(name, choice, revealed):
    """Tell the class, if there is one, which option was chosen, and whether after the reveal."""
    _tell({"what": "guess", "name": name, "choice": choice, "revealed": revealed})


def flush(seconds=2.0):
    """Wait until all was sent, but no longer than that: for a command that ends at once."""
    SENDER.wait_until_sent(seconds)


def _tell(event):
    # A check must hold whatever becomes of its news: a full disk here costs the news alone.
    with contextlib.suppress(OSError):
        if membership.load():
            outbox.add(event)
            SENDER.wake()
