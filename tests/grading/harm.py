"""What hostile answers aim at, and how to see whether they reached it."""

import contextlib
import os
import socket
import threading
import time
from pathlib import Path

import psutil

from course import paths
from course.grading.sandbox import pool
from tests.grading.sheet import NAME

LEVELS = ("landlock", "namespaces")
FILES = sorted((Path(__file__).parent / "hostile").glob("*.py"))


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


def hostile(path, outside, ear, canary):
    """The source of a hostile answer, with what it aims at put in."""
    aims = {
        "SOLUTION": paths.material() / f"solutions/{NAME}.ipynb",
        "CHECKOUT": paths.material(),
        "OUTSIDE": outside,
        "PORT": ear.port,
        "CANARY": canary.pid,
    }
    source = path.read_text(encoding="utf-8")
    for name, aim in aims.items():
        source = source.replace(name, str(aim))
    return source


@contextlib.contextmanager
def unharmed(outside, ear, canary):
    """Fails where something outside was reached in the meantime."""
    before = set(os.listdir("/dev/shm")) | set(os.listdir("/tmp"))
    yield
    assert ear.heard == []
    assert canary.poll() is None
    assert os.listdir(outside) == ["journal.jsonl"]
    assert "anna" in (outside / "journal.jsonl").read_text()
    after = set(os.listdir("/dev/shm")) | set(os.listdir("/tmp"))
    assert not {name for name in after - before if "evil" in name or "link" in name}


def strangers():
    """The processes that began in one of our fork servers, wherever they have moved since."""
    ours = [parent for idle in pool._idle.values() for parent in idle]
    homes = {str(parent.folder / "here") for parent in ours}
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
    deadline = time.monotonic() + 1
    while left := list(strangers()):
        if time.monotonic() > deadline:
            return left
    return []
