"""Try what the confinement forbids; the names of what got through are the answer."""

import contextlib
import mmap
import os
import socket
import subprocess

UNSEEN = "seeing a file outside"  # its size and times; only a namespace hides them


def attempts(outside, parent, memory):
    """Name -> a function that must raise.

    outside: a file that must be out of reach; where nothing is forbidden it will be gone.
    parent:  the fork server's number; memory: MB that must be too much.
    """
    folder = os.path.dirname(outside)
    return {
        "reading a file outside": lambda: open(outside).close(),
        UNSEEN: lambda: os.stat(outside),
        "listing a folder outside": lambda: os.listdir(folder),
        "writing a file outside": lambda: open(f"{outside}.probe", "w").close(),
        "writing a file here": lambda: open("probe", "w").close(),
        "writing to shared memory": lambda: open("/dev/shm/probe", "w").close(),
        "a file in memory": lambda: os.memfd_create("probe"),
        "changing a file's mode": lambda: os.chmod(outside, 0o600),
        "removing a file": lambda: os.remove(outside),
        "reading the parent's environment": lambda: open(f"/proc/{parent}/environ").close(),
        "reading the parent's memory": lambda: open(f"/proc/{parent}/mem", "rb").close(),
        "a TCP socket": lambda: socket.socket().close(),
        "a Unix socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "starting a program": lambda: subprocess.run(["/bin/true"]),
        "forking": _fork,
        "signalling the parent": lambda: os.kill(parent, 0),
        "becoming another user": lambda: os.setuid(1 if os.getuid() == 0 else 0),
        "taking more memory": lambda: mmap.mmap(-1, memory * 1_000_000),
        "a new root": lambda: os.chroot("/"),
        "a lower niceness": lambda: os.nice(-1),
        "becoming a program": lambda: os.execv("/bin/true", ["true"]),
    }


def _fork():
    if os.fork() == 0:
        os._exit(0)


def got_through(outside, parent, memory, only=None, without=()):
    """The names of the attempts that were not refused, of all or of those in `only`."""
    found = []
    for name, attempt in attempts(outside, parent, memory).items():
        with contextlib.suppress(OSError, MemoryError, OverflowError):
            if name not in without and (only is None or name in only):
                attempt()
                found.append(name)
    return found
