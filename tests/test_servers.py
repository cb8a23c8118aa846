"""Which Jupyter servers run, as Jupyter writes them down, also where that is no longer true."""

import json
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from course.learner import servers

PAGE = "lab/tree/notebooks/00_start_here.ipynb?file-browser-path=/"


class Jupyter(BaseHTTPRequestHandler):
    """Answers as Jupyter does to whoever knows its token."""

    def do_GET(self):
        self.send_response(200 if self.path == "/api/status?token=secret" else 403)
        self.end_headers()

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def port():
    """The port of such a server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Jupyter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def written(tmp_path, monkeypatch, port):
    """Writes down a server of a copy, as Jupyter does; gives the copy."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    (tmp_path / "runtime").mkdir()
    copy = tmp_path / "my-course"
    copy.mkdir()

    def write(**other):
        info = {
            "pid": os.getpid(),
            "port": port,
            "root_dir": str(copy),
            "token": "secret",
            "url": f"http://localhost:{port}/",
        }
        path = tmp_path / f"runtime/jpserver-{len(other)}.json"
        path.write_text(json.dumps(info | other))
        return copy

    return write


def test_a_server_on_the_copy_is_found_with_what_lets_one_in(written, port):
    copy = written()
    assert servers.address_of(copy, PAGE) == f"http://localhost:{port}/{PAGE}&token=secret"
    assert servers.address_of(copy / ".." / copy.name, "").endswith("/?token=secret")


def test_a_server_on_another_copy_is_not_this_ones(written, tmp_path):
    assert servers.address_of(written(root_dir=str(tmp_path)), PAGE) is None


def test_a_killed_server_is_none_even_where_another_has_its_port_now(written):
    assert servers.address_of(written(token="old"), PAGE) is None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    assert servers.address_of(written(port=closed), PAGE) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"port": "x"}', "\\udcff"])
def test_a_file_that_is_being_written_is_passed_over(written, tmp_path, content):
    copy = written()
    path = tmp_path / "runtime/jpserver-9.json"
    path.write_text(content)
    assert servers.address_of(copy, PAGE)
    assert servers.of_this_process()["root_dir"] == str(copy)


def test_where_nothing_was_ever_written_no_server_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "nowhere"))
    assert servers.address_of(tmp_path, PAGE) is None
    assert servers.of_this_process() is None
