"""The class's server: one process, by tornado, until Ctrl-C."""

import asyncio
import contextlib
import json
import logging
import signal
import time
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from course.classroom import schema
from course.classroom.answers import application
from course.classroom.connections import PER_ADDRESS, Server
from course.classroom.lesson import Lesson
from course.classroom.ports import listen, own_address
from course.classroom.store import open_store

PAGE = Path(__file__).with_name("page")


class Room:
    """The server's parts: its lesson, and the pages that look at it.

    change: a future that is done as soon as there is something new to show.
    alone:  whether only programs on this machine can ask.
    """

    folder = PAGE

    def __init__(self, lesson, invitation, alone):
        self.lesson, self.invitation, self.alone = lesson, invitation, alone
        self.pages, self.ended = 0, False
        self.change = asyncio.get_running_loop().create_future()
        self._templates = Environment(
            loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined
        )

    def changed(self):
        """Tell all pages."""
        self.change.set_result(None)
        self.change = asyncio.get_running_loop().create_future()

    def page(self, which):
        """A page as HTML, still without what it shows."""
        template = self._templates.get_template("front.html" if which == "front" else "class.html")
        return template.render(which=which, names=self.lesson.store.head["names"])

    def shown(self, which):
        """What a page shows, as JSON."""
        now, store = time.time(), self.lesson.store
        told = self.lesson.counts.shown(now)
        told |= {"address": self.invitation, "code": store.head["code"], "problem": store.problem}
        if which == "teacher" and store.head["names"]:
            told["learners"] = self.lesson.counts.list(now)
        return json.dumps(told)


async def serve(file, names, host, port, opened, address=None):
    """Serve a class until Ctrl-C or SIGTERM.

    opened:  called with (room, port) once it is open.
    address: what learners write, where that is another's, which serves TLS.
    Errors: NotOpened, before anything listens.
    """
    # What strangers ask for is no news for the teacher's terminal.
    logging.getLogger("tornado").setLevel(logging.ERROR)
    schema.tasks(), schema.predictions()  # read before anybody waits for them
    store = open_store(file, names)
    try:
        sockets = listen(host, port)
        port = sockets[0].getsockname()[1]
        # Only a program on this machine, which serves TLS, may say for whom it asks.
        alone = host in ("127.0.0.1", "localhost")
        room = Room(Lesson(store), address or f"{own_address(host)}:{port}", alone)
        server = Server(
            application(room),
            max_body_size=schema.MOST_BYTES,
            max_buffer_size=1_000_000,
            max_header_size=16_000,
            idle_connection_timeout=60,
            body_timeout=10,
            per_address=None if alone else PER_ADDRESS,
        )
        server.add_sockets(sockets)
        opened(room, port)
        await _until_told_to_end()
        room.ended = True
        room.changed()
        server.stop()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(server.close_all_connections(), 2)
    finally:
        store.close()


async def _until_told_to_end():
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises instead
            loop.add_signal_handler(each, ended.set)
    await ended.wait()
