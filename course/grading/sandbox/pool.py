"""This side of the fork servers: start them, lend them, and talk to the children they fork.

Every call takes a fork server that nobody uses, or starts one, so N threads come to N of them.
Whatever a child sends is read as hostile: capped, and nothing but the plain data that is expected.
"""

import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import psutil

from course.checks import calling
from course.grading import journal_lock
from course.grading.limits import MEMORY, SECONDS
from course.grading.sandbox.turn import Turn
from course.grading.sandbox.wire import LARGEST, Patience, Wire, outputs_of

START_UP = 120.0  # seconds until a fork server must have started, however busy the machine is
FOLDERS = "course-grader-"  # then the grader's number: how its temporary folders are called
GRACE = 0.5  # seconds that an interrupted cell has to end
CROWD = 256  # threads of a child
#: Signals that a confined child cannot send to itself. It can run into others: SIGSEGV, SIGALRM.
OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1)
INSIDE = Path(__file__).parent / "inside"

_idle, _lock = {}, threading.Lock()


class NotJudged(Exception):
    """The sheet could not be run at all, through no fault of the answers; its text says why."""


class Reply(NamedTuple):
    """What became of one cell.

    why:     "" where it ran to its end, or what kept it from that: "late" (interrupted), "died"
             (the child is gone, by its own doing, or because it did not heed the interruption).
    outputs: as a notebook stores them.
    """

    why: str
    outputs: list
    seconds: float


class ForkServer:
    """A fork server of one kind, "numpy" or "keras", and one level; lent to one at a time."""

    def __init__(self, kind, level):
        _sweep()
        # Not a TemporaryDirectory: a copy of one in a forked process would remove it from there.
        self.owner = os.getpid()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{FOLDERS}{self.owner}-"))
        here, self.outside = self.folder / "here", self.folder / "outside"
        here.mkdir()
        self.outside.touch()
        self._log = self.folder / "log"
        self.orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._log.open("wb") as log:
            journal_lock.take(log.fileno())  # for as long as the process lives
            self.process = subprocess.Popen(
                _command(kind, level, theirs.fileno()),
                cwd=here,
                env=_environment(here),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=[theirs.fileno()],
            )
        self.alive = True
        self._answer(START_UP)

    def order(self, what, sockets=(), **details):
        """Give one order; returns the reply. Errors: NotJudged if there is none."""
        message = json.dumps({"do": what, **details}).encode()
        try:
            socket.send_fds(self.orders, [message], [each.fileno() for each in sockets])
        except OSError as problem:
            self._give_up(problem)
        return self._answer(GRACE * 20)

    def _answer(self, seconds):
        self.orders.settimeout(seconds)
        try:
            return json.loads(self.orders.recv(LARGEST))
        except (OSError, ValueError) as problem:
            self._give_up(problem)

    def _give_up(self, problem):
        with contextlib.suppress(subprocess.TimeoutExpired):  # it may still be writing why
            self.process.wait(GRACE)
        said = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        self.close()
        last = said[-1] if said else problem
        raise NotJudged(f"The process that runs answers does not answer: {last}") from None

    def close(self):
        """End the process, and with it whatever it has forked; nothing after a fork of ours."""
        self.alive = False
        self.orders.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
            shutil.rmtree(self.folder, ignore_errors=True)


class Child:
    """A forked child, and the wire to it.

    seconds: what it may take of the processor before the kernel ends it.
    """

    def __init__(self, server, wire, number, seconds):
        self.server, self.wire, self.number, self.seconds = server, wire, number, seconds
        self.held = _hello(wire)["held"]
        self.count, self.alive = 0, True

    def run(self, source, seconds):
        """Run one cell and wait for its reply, at most so many seconds of its own; a `Reply`.

        Errors: NotJudged where somebody outside has killed the child.
        """
        turn, why, outputs = Turn(seconds, self.number), "died", []
        self.count += 1
        # Whatever else comes over the wire, in form or kind, comes from one who broke it.
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            self.wire.send({"cell": self.count, "source": source})
            why, outputs = self._hear(turn)
        took = turn.end()
        self.alive = why != "died"
        if not self.alive:
            self._refuse_outside_death()
        return Reply(why, outputs, took)

    def _hear(self, turn):
        try:
            return "", self._reply(turn)
        except TimeoutError:
            self.server.order("interrupt")
        try:
            return "late", self._reply(Turn(GRACE, self.number))
        except TimeoutError:
            return "died", []

    def _reply(self, turn):
        return outputs_of(self.wire.receive(turn, self._refuse_a_crowd), self.count)

    def _refuse_a_crowd(self):
        with contextlib.suppress(FileNotFoundError):  # it has just ended
            if len(os.listdir(f"/proc/{self.number}/task")) > CROWD:
                raise ValueError("The child has started threads without end.")

    def _refuse_outside_death(self):
        """A confined child cannot send a signal, so most are somebody else's."""
        ended = self.server.order("end", patience=GRACE) if self.server.alive else {}
        by_itself = ended.get("signal", 0) not in OUTSIDE
        if by_itself or ended["signal"] == signal.SIGKILL and ended["cpu"] >= self.seconds:
            return
        name = signal.Signals(ended["signal"]).name
        raise NotJudged(f"The process that ran the answers was killed from outside ({name}).")


@contextlib.contextmanager
def child(kind, level, *, memory=MEMORY, seconds=SECONDS, probe=False):
    """A fresh confined child of a fork server; it is killed at the end, whatever it does.

    level:  one of limits.LEVELS; memory: MB; seconds: of the processor.
    probe:  the child runs no cells, but tries what is forbidden, and tells.
    Errors: NotJudged.
    """
    with _borrowed(kind, level) as server:
        ours, theirs = socket.socketpair()
        with ours:
            try:
                with theirs:
                    limits = {
                        "memory": memory,
                        "seconds": seconds,
                        "probe": str(server.outside) if probe else "",
                    }
                    reply = _accepted(server.order("fork", [theirs], **limits))
                yield Child(server, Wire(ours), reply["pid"], seconds)
            finally:
                if server.alive:
                    server.order("end")


def _hello(wire):
    """What a child says before it runs anything of a learner's."""
    try:
        return _accepted(wire.receive(Patience(START_UP)))
    except (OSError, ValueError) as problem:
        raise NotJudged(f"A confined process did not start: {problem}") from None


def _accepted(reply):
    if "refused" in reply:
        raise NotJudged(f"The confinement could not be put on: {reply['refused']}")
    return reply


def probe(kind, level):
    """What a child of that level can do although it should not: a list of names.

    Errors: NotJudged where the level cannot be had.
    """
    with child(kind, level, memory=100, probe=True) as prober:
        return _hello(prober.wire)["through"]


@lru_cache
def refusal(kind, level):
    """Why answers must not be run at that level here, "" where they may; tried out once."""
    if level == "none":
        return ""
    if not sys.platform.startswith("linux"):
        return "Only Linux can confine answers; mark them in a container or under WSL."
    try:
        through = probe(kind, level)
    except NotJudged as problem:
        return str(problem)
    return f"The confinement lets through: {', '.join(through)}." if through else ""


def best_level(kind):
    """The best level that holds here.

    Errors: NotJudged, with what stands in the way, where there is none.
    """
    for level in ("namespaces", "landlock"):
        if not refusal(kind, level):
            return level
    raise NotJudged(refusal(kind, "landlock"))


@contextlib.contextmanager
def _borrowed(kind, level):
    """A fork server that nobody else uses, put back afterwards if it still lives."""
    with _lock:
        idle = _idle.setdefault((kind, level), [])
        server = idle.pop() if idle else None
    server = server or ForkServer(kind, level)
    try:
        yield server
    finally:
        if server.alive:
            with _lock:
                idle.append(server)


def close_all():
    """End every fork server that is idle."""
    with _lock:
        parents = [server for idle in _idle.values() for server in idle]
        _idle.clear()
    for server in parents:
        server.close()


def _forget():
    """After a fork these are another process's: two that talk to one would mix their children."""
    for server in (server for idle in _idle.values() for server in idle):
        server.orders.close()
    _idle.clear()


@lru_cache
def _sweep():
    """Remove the folders of graders that were killed before they could do it themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*-*"):
        number = folder.name.removeprefix(FOLDERS).partition("-")[0]
        # Numbers may be a container's: there, another's grader is not seen, but its lock is.
        ended = number.isdigit() and not psutil.pid_exists(int(number))
        if ended and not journal_lock.is_held(folder / "log"):
            shutil.rmtree(folder, ignore_errors=True)


def _command(kind, level, number):
    packages = dict.fromkeys(map(sysconfig.get_path, ("purelib", "platlib")))
    checks = Path(calling.__file__).parent
    files = [INSIDE / "fork_server.py", kind, level, number, checks, *packages]
    return [sys.executable, "-I", "-S", *map(str, files)]


def _environment(folder):
    """Nothing of a person's settings, one thread, and no log lines."""
    ones = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "NUMEXPR", "BLIS")
    return {
        **{f"{name}_NUM_THREADS": "1" for name in ones},
        **{f"TF_NUM_{name}_THREADS": "1" for name in ("INTEROP", "INTRAOP")},
        "HOME": str(folder),
        "IPYTHONDIR": str(folder),
        "KERAS_BACKEND": "tensorflow",
        "KERAS_HOME": str(folder),
        "LANG": "C.UTF-8",
        "LOGNAME": "learner",
        "MALLOC_ARENA_MAX": "2",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "USER": "learner",
        # Matplotlib's list of fonts takes seconds to make, and holds nothing but fonts.
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
        "CUDA_VISIBLE_DEVICES": "-1",
    }


atexit.register(close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
