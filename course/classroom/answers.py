"""What the class's server answers: to kernels that send news, and to its pages."""

import asyncio
import contextlib
import secrets

import tornado.iostream
import tornado.web

from course.classroom.connections import asker
from course.classroom.lesson import Refusal

PAUSE = 0.3  # seconds between two pictures of a page, at least
BEAT = 10.0  # and at most: what is stuck grows with time alone
MOST_PAGES = 20
#: Nothing but what this server has itself; no frame may hold it, and no form leads away.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "course",
}


class _Handler(tornado.web.RequestHandler):
    """What all answers share: the headers, and errors without a word of what went wrong within."""

    def initialize(self, room):
        self.room = room

    def set_default_headers(self):
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code, **kwargs):
        self.finish({"message": f"Not answered ({status_code})."})

    def refuse_unless(self, given, kept):
        """Answer as if nothing were here, unless the secret part of the address is right."""
        if not secrets.compare_digest(given.encode(), kept.encode()):
            raise tornado.web.HTTPError(404)


class _Take(_Handler):
    """What kernels send: to join, and their news."""

    async def post(self, what):
        # A page elsewhere cannot send this type to us without asking, which is never granted.
        if self.request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise tornado.web.HTTPError(415)
        lesson, body = self.room.lesson, self.request.body
        try:
            if what == "join":
                address = asker(self.request, self.room.alone)
                self.write({"token": await lesson.join(body, address)})
            else:
                await lesson.news(body)
                self.write({})
            self.room.changed()
        except Refusal as refusal:
            self.set_status(refusal.status)
            self.write({"message": str(refusal), **refusal.more})
        except OSError:
            self.room.changed()
            self.set_status(503)
            self.write({"message": "The class cannot write it down now; try again."})


class _Page(_Handler):
    """The projector's page or the teacher's, by the secret in its address."""

    def get(self, which, secret):
        head = self.room.lesson.store.head
        self.refuse_unless(secret, head[which])
        self.finish(self.room.page(which))


class _Events(_Handler):
    """What a page shows, again and again as it changes (server-sent events)."""

    async def get(self, which, secret):
        self.refuse_unless(secret, self.room.lesson.store.head[which])
        if self.room.pages >= MOST_PAGES:
            raise tornado.web.HTTPError(503)
        self.set_header("Content-Type", "text/event-stream")
        self.room.pages += 1
        try:
            with contextlib.suppress(tornado.iostream.StreamClosedError):
                while not self.room.ended:
                    change = self.room.change
                    self.write(f"data: {self.room.shown(which)}\n\n")
                    await self.flush()
                    await asyncio.sleep(PAUSE)
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(asyncio.shield(change), BEAT)
        finally:
            self.room.pages -= 1


class _Front(_Handler):
    """What the bare address shows to somebody who opens it in a browser."""

    def get(self):
        self.finish(self.room.page("front"))


class _Missing(_Handler):
    def prepare(self):
        raise tornado.web.HTTPError(404)


class _Static(tornado.web.StaticFileHandler):
    """The pages' own script and style."""

    def set_extra_headers(self, path):
        for name, value in HEADERS.items():
            self.set_header(name, value)


def application(room):
    """The addresses that are answered; all others are not there."""
    own = {"room": room}
    paths = [
        (r"/(join|news)", _Take, own),
        (r"/(screen|teacher)/([\w-]{1,64})", _Page, own),
        (r"/(screen|teacher)/([\w-]{1,64})/events", _Events, own),
        (r"/static/(class\.js|class\.css)", _Static, {"path": room.folder}),
        (r"/", _Front, own),
    ]
    return tornado.web.Application(
        paths,
        default_handler_class=_Missing,
        default_handler_args=own,
        log_function=lambda handler: None,
        compress_response=False,
    )
