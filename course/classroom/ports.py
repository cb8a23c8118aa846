"""The port that a class listens on, and the address that others in the room reach it by."""

import errno
import socket

import tornado.netutil

from course.classroom.store import NotOpened

FIRST_PORT = 8600


def listen(host, port):
    """Sockets that listen on a port; None takes 8600 or the next free one.

    Errors: NotOpened where the port is taken, or the address is not this machine's.
    """
    for each in range(FIRST_PORT, FIRST_PORT + 100) if port is None else [port]:
        try:
            if _answers(host, each):
                raise OSError(errno.EADDRINUSE, "taken")
            return tornado.netutil.bind_sockets(each, host, socket.AF_INET)
        except OSError as problem:
            if isinstance(problem, socket.gaierror) or problem.errno == errno.EADDRNOTAVAIL:
                raise NotOpened(
                    f"This machine has no address {host}; leave --host out, or write 127.0.0.1 "
                    "for this machine alone."
                ) from None
            if problem.errno != errno.EADDRINUSE or port is not None:
                taken = problem.errno == errno.EADDRINUSE
                why = "is in use" if taken else f"cannot be had ({problem.strerror})"
                raise NotOpened(
                    f"Port {each} of {host} {why}; choose another with --port, or leave it out."
                ) from None
    raise NotOpened("No port from 8600 to 8699 is free; choose one with --port.")


def _answers(host, port):
    """Whether somebody has the port already, also where a system lets two listen on it."""
    if port == 0:
        return False
    with socket.socket() as knock:
        knock.settimeout(1)
        return knock.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0


def own_address(host):
    """How others in the room reach this machine; nothing is sent to find it out."""
    if host != "0.0.0.0":
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
