"""Waiting in tests: each wait has an end, and then says what it waited for."""

import os
import re
import select
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import psutil


def run(command, *, seconds=600, **options):
    """`subprocess.run`, its output kept as text, but never longer than so many seconds."""
    kept = {"capture_output": True, "text": True, "timeout": seconds}
    try:
        return subprocess.run(command, **kept | options)
    except subprocess.TimeoutExpired as late:
        raise AssertionError(f"not ended after {seconds} s: {late.cmd}\n{late.output}") from None


def until(true, what, seconds=120):
    """Wait until `true()` is; an AssertionError says what was waited for in vain."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.002)


def in_a_thread(function, *arguments, seconds=120):
    """What a function returns, run beside this thread, in which a loop of events may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result(timeout=seconds)


def has_ended(process):
    """Whether a `psutil.Process` has ended, also where nobody has asked for its end yet."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def command(process):
    """The command line of a `psutil.Process`; an empty list where it has ended."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def end(process, seconds=60):
    """Kill a process, wait for it, and close its pipes."""
    process.kill()
    process.wait(timeout=seconds)
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()


class Said:
    """What a process writes to its standard output, which must be a pipe nobody else reads.

    so_far: all of it; `until` looks only at what came after its last match.
    """

    def __init__(self, process):
        self.process, self.so_far, self.seen = process, "", 0

    def until(self, pattern, seconds=120):
        """Wait for a regular expression; returns its match."""
        deadline = time.monotonic() + seconds
        while not (found := re.compile(pattern).search(self.so_far, self.seen)):
            left = deadline - time.monotonic()
            assert left > 0, f"waited {seconds} s in vain for {pattern!r} in {self.so_far!r}"
            if select.select([self.process.stdout], [], [], left)[0]:
                more = os.read(self.process.stdout.fileno(), 1 << 16)
                assert more, f"it ended before it said {pattern!r}; it said {self.so_far!r}"
                self.so_far += more.decode("utf-8", "replace")
        self.seen = found.end()
        return found

    def now(self):
        """Everything that it has said by now."""
        while select.select([self.process.stdout], [], [], 0)[0]:  # deadline: it says no more
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            if not more:
                break
            self.so_far += more.decode("utf-8", "replace")
        return self.so_far

    def rest(self, seconds=60):
        """Everything, once the process has ended."""
        self.process.wait(timeout=seconds)
        while more := os.read(self.process.stdout.fileno(), 1 << 16):  # deadline: it has ended
            self.so_far += more.decode("utf-8", "replace")
        return self.so_far
