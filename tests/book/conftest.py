"""The book built once for a file of tests, and its pages in Chromium, cut off from the network."""

import contextlib
import functools
import http.server
import sys
import threading

import pytest

from tests import waiting
from tests.book.page import Pages


@pytest.fixture(scope="module")
def book(request, tmp_path_factory):
    """The folder of a book, or of decks, of the chapters and sheets that a file calls CHAPTERS."""
    made_by = getattr(request.module, "MODULE", "course.publish.book")
    out = tmp_path_factory.mktemp("built") / "book"
    command = [sys.executable, "-m", made_by, *request.module.CHAPTERS, "--out", out]
    done = waiting.run([*map(str, command)])
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def served(book):
    """The address of a local server of the book."""
    handler = functools.partial(Silent, directory=book)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Silent(http.server.SimpleHTTPRequestHandler):
    """A server that writes no line for each request."""

    def log_message(self, *_):
        pass


@pytest.fixture(params=["folder", "server"])
def pages(request, chromium, book):
    """Opens pages of the book from its folder, and from a local server; nothing else is reached."""
    address = request.getfixturevalue("served") if request.param == "server" else book.as_uri()
    with contextlib.closing(Pages(chromium, address)) as opened:
        yield opened
        assert opened.left == [], "a page asked for what is not part of the book"
        assert opened.faults == []


@pytest.fixture
def folder(chromium, book):
    """Opens pages of the book from its folder."""
    with contextlib.closing(Pages(chromium, book.as_uri())) as opened:
        yield opened
        assert opened.left == [] and opened.faults == []
