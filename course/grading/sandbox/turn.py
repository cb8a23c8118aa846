"""How long a child takes, whatever else the machine is busy with."""

import os
from pathlib import Path

from course.grading.sandbox.wire import GLANCE, Patience

PATIENCE = 6  # times its seconds may go by on the clock, however busy the machine is
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100  # in a second


class Turn(Patience):
    """Seconds that are left of a child's: it ran, slept, or waited for something of its own.

    Where one of its threads is ready to run, only what it did run counts: it may have waited for
    a processor that others had. All this is looked up in /proc (see proc(5)); where there is none,
    the clock decides.

    taken: the seconds that counted.
    """

    def __init__(self, seconds, number):
        super().__init__(seconds)
        self.number, self.taken, self._ran = number, 0.0, _ran(number)

    def left(self):
        """What is left now: 0 or less where its time is over."""
        passed, ran = self._since()
        self._count(ran if _is_ready(self.number) else max(passed, ran))
        return self.seconds - self.taken

    def end(self):
        """Count the last moments: the child waits for a new cell now, so nobody knows for what."""
        passed, ran = self._since()
        self._count(max(min(passed, GLANCE), ran))
        return self.taken

    def _since(self):
        """Seconds since the last time: that went by, and that the child ran."""
        waited, then = self.waited, self._ran
        super().left()
        self._ran = _ran(self.number)
        return self.waited - waited, max(0.0, self._ran - then)

    def _count(self, seconds):
        self.taken = max(self.taken + seconds, self.waited / PATIENCE)


def _ran(number):
    """Seconds that a process has run on processors, its ended threads too; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    except (OSError, IndexError, ValueError):
        return 0.0


def _is_ready(number):
    """Whether one of a process's threads runs, or waits for nothing but a processor."""
    try:
        threads = os.listdir(f"/proc/{number}/task")
    except OSError:
        return False
    return any(_state(number, thread) == "R" for thread in threads)


def _state(number, thread):
    try:
        return Path(f"/proc/{number}/task/{thread}/stat").read_text().rpartition(")")[2][1]
    except (OSError, IndexError):  # it has just ended
        return ""
