"""Hostile answers: nothing earned, nobody else affected, nothing left behind; at both levels.

Each stands in a file of its own in `hostile/` and is run in the place of the answer to 04.step;
all other answers are right. What could reach an answer if it were let out is in the file, too.
"""

import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest

from course import places
from course.grading import warm
from course.grading.judge import judge
from tests.grading.sheet import NAME, RIGHT, STEP

LEVELS = ("landlock", "namespaces")
FILES = sorted((Path(__file__).parent / "hostile").glob("*.py"))
SEED = 11


class Ear:
    """Listens on loopback by TCP, UDP and an abstract Unix socket; keeps what comes."""

    def __init__(self):
        self.heard = []
        tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", self.port))
        unix, unix_datagrams = (
            socket.socket(socket.AF_UNIX, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
        )
        unix.bind(f"\0{self.port}")
        unix_datagrams.bind(f"\0{self.port}d")
        for each in (tcp, unix):
            each.listen()
            threading.Thread(target=self._accept, args=(each,), daemon=True).start()
        for each in (udp, unix_datagrams):
            threading.Thread(target=self._receive, args=(each,), daemon=True).start()

    def _accept(self, server):
        while True:
            self.heard.append(server.accept()[0].recv(100))

    def _receive(self, datagrams):
        while True:
            self.heard.append(datagrams.recv(100))


@pytest.fixture(scope="module")
def ear():
    return Ear()


@pytest.fixture(scope="module")
def canary():
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "journal.jsonl").write_text('{"learner": "anna", "passed": true}\n')
    return folder


def hostile(path, outside, ear, canary):
    """The source of a hostile answer, with what it aims at put in."""
    aims = {
        "SOLUTION": places.material() / f"solutions/{NAME}.ipynb",
        "CHECKOUT": places.material(),
        "OUTSIDE": outside,
        "PORT": ear.port,
        "CANARY": canary.pid,
    }
    source = path.read_text(encoding="utf-8")
    for name, aim in aims.items():
        source = source.replace(name, str(aim))
    return source


def marks(answers, level, limit=60.0, memory=512):
    return judge(NAME, answers, seed=SEED, limit=limit, memory=memory, confinement=level)


def earned(judged):
    return [verdict.passed for verdict in judged.verdicts]


def strangers():
    """The processes that began in one of our warm parents, wherever they have moved since."""
    ours = [parent for idle in warm._idle.values() for parent in idle]
    homes = {str(Path(parent.folder.name, "here")) for parent in ours}
    parents = {parent.process.pid for parent in ours}
    for process in psutil.process_iter():
        try:
            begun = process.environ().get("HOME") in homes or process.ppid() in parents
        except psutil.Error:
            continue
        if begun and process.pid not in parents:
            yield process


def none_left():
    """Whether within a second every such process is gone."""
    end = time.monotonic() + 1
    while left := list(strangers()):
        if time.monotonic() > end:
            return left
    return []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_hostile_answer_earns_nothing_and_hurts_nobody(path, level, outside, ear, canary):
    shared = set(os.listdir("/dev/shm")) | set(os.listdir("/tmp"))
    source = hostile(path, outside, ear, canary)

    judged = marks(RIGHT | {STEP: source}, level, limit=6.0)
    assert len(judged.verdicts) == 5
    assert not judged.verdicts[0].passed, judged.verdicts[0].words
    assert none_left() == []

    after = marks(RIGHT, level)
    assert earned(after) == [True] * 5, after
    for verdict in judged.verdicts:
        assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(verdict.words)
        assert len(verdict.words) < 5000

    assert ear.heard == []
    assert canary.poll() is None
    assert os.listdir(outside) == ["journal.jsonl"]
    assert "anna" in (outside / "journal.jsonl").read_text()
    left = set(os.listdir("/dev/shm")) | set(os.listdir("/tmp"))
    assert not {name for name in left - shared if "evil" in name or "link" in name}


@pytest.mark.parametrize("name", ["reads_the_solution", "imports_the_course", "reads_the_parent"])
def test_it_is_the_confinement_that_stops_an_attack_and_not_its_own_fault(
    name, outside, ear, canary
):
    path = Path(__file__).parent / f"hostile/{name}.py"
    judged = marks(RIGHT | {STEP: hostile(path, outside, ear, canary)}, "none")
    assert judged.confinement == "none"
    assert judged.verdicts[0].passed


def test_without_confinement_the_network_is_reached_and_the_journal_rewritten(outside, canary):
    ear = Ear()
    for name in ("network", "rewrites_the_journal"):
        path = Path(__file__).parent / f"hostile/{name}.py"
        marks(RIGHT | {STEP: hostile(path, outside, ear, canary)}, "none")
    assert {b"tcp", b"udp", b"unix", b"libc"} <= {*ear.heard}
    assert any(heard.startswith(b"GET /http") for heard in ear.heard)
    assert not (outside / "journal.jsonl").exists()
