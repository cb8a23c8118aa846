"""A class's server in a process of its own, as a teacher starts it; learners are HTTP alone."""

import json
import os
import resource
import secrets
import subprocess
import sys

import pytest

import course
from course.attendance import membership
from course.attendance.sending import post
from tests import waiting


class Server:
    """A class that is open: its site, code, file and secret addresses."""

    def __init__(self, folder, *options, largest=None, files=None):
        self.file = folder / "class.jsonl"
        command = [sys.executable, "-m", "course", "class", "--open", "--host", "127.0.0.1"]

        def limited():
            if largest is not None:  # so ends a full disk, too: the write fails
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
            if files is not None:  # as many as may be open
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        self.process = subprocess.Popen(
            [*command, "--file", str(self.file), *map(str, options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            preexec_fn=limited,
        )
        self.said = waiting.Said(self.process)
        self.site = "http://" + self.said.until(r'join\("([^"]+)"')[1]
        self.said.until("Ctrl-C closes")
        self.head = json.loads(self.file.read_text().splitlines()[0])
        self.code = self.head["code"]

    def enter(self, name="", code=None):
        """(status, reply) of somebody who joins."""
        asked = {"code": code or self.code, "name": name, "version": course.__version__}
        return post(f"{self.site}/join", asked | {"token": ""})

    def news(self, token, *events, session=None):
        """(status, reply) of events that a learner sends."""
        body = {"token": token, "session": session or secrets.token_hex(8), "events": [*events]}
        return post(f"{self.site}/news", body)

    def lines(self):
        """All lines of the file but the first."""
        return [json.loads(line) for line in self.file.read_text().splitlines()[1:]]

    def page(self, which="screen"):
        """A page's address."""
        return f"{self.site}/{which}/{self.head[which]}"


def check(number=1, name="04.step", passed=False, mistake=2, age=0.0):
    """A check as a kernel tells it."""
    told = {"number": number, "what": "check", "name": name, "passed": passed}
    return told | {"mistake": None if passed else mistake, "age": age}


def guess(number=1, name="04.slope", choice=0, revealed=False, age=0.0):
    """A guess as a kernel tells it."""
    told = {"number": number, "what": "guess", "name": name, "choice": choice}
    return told | {"revealed": revealed, "age": age}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Opens servers; all of them end with the file's tests."""
    servers = []

    def open_one(folder=None, *options, **limits):
        folder = folder or tmp_path_factory.mktemp("class")
        servers.append(Server(folder, *options, **limits))
        return servers[-1]

    yield open_one
    for each in servers:
        waiting.end(each.process)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A learner's copy, as far as a class needs one, and the folder that is worked in."""
    (tmp_path / ".course").mkdir()
    (tmp_path / ".course/manifest.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    membership.forget()
