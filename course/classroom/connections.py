"""Who may be connected to a class, how many at once, and for whom a program before it asks."""

from collections import Counter
from contextlib import suppress

import tornado.httpserver
from tornado.netutil import is_valid_ip

try:
    import resource
except ImportError:  # Windows bounds sockets otherwise
    resource = None

PER_ADDRESS = 100  # a learner's kernel needs one, and only while it sends
MOST = 2000
ELSEWHERE = 400  # at most where the system does not say how many files may be open
OWN_FILES = 60  # that are open besides: the class's file, listening sockets, Python's own


class Server(tornado.httpserver.HTTPServer):
    """An HTTP server with a bound on connections: who holds many leaves room for the others.

    per_address: of one address at once; None where all come through one program.
    """

    def initialize(self, *args, per_address=PER_ADDRESS, **kwargs):
        """As Configurable wants it, in place of `__init__`."""
        super().initialize(*args, **kwargs)
        self._most = _most()
        self._per_address = per_address or self._most
        self._open = Counter()

    def handle_stream(self, stream, address):
        """Answer a connection, or close it where there are too many."""
        if self._open.total() >= self._most or self._open[address[0]] >= self._per_address:
            stream.close()
            return
        self._open[address[0]] += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn):
        """Count a connection no more."""
        super().on_close(server_conn)
        address = server_conn.context.address[0]
        self._open[address] -= 1
        self._open += Counter()  # drops those at zero


def asker(request, is_trusted):
    """The address for which a request is made.

    is_trusted: whether only a program on this machine can ask, which serves TLS: then the last
                address in X-Forwarded-For, the one that such a program adds itself. Whatever else
                is written there, or in X-Real-Ip, may come from whoever asks.
    """
    last = ",".join(request.headers.get_list("X-Forwarded-For")).rpartition(",")[2].strip()
    return last if is_trusted and is_valid_ip(last) else request.remote_ip


def _most():
    """How many connections may be open: as the system allows, which is asked for more first."""
    if resource is None:
        return ELSEWHERE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + OWN_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):  # a system may have a lower bound that it does not tell
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
            soft = more
    return MOST if soft == resource.RLIM_INFINITY else max(1, min(MOST, soft - OWN_FILES))
