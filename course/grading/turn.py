"""How long a child takes, whatever else the machine is busy with.

Linux counts for each thread how long it ran, and how long it was ready and waited for a processor
that others had (/proc/…/schedstat, in nanoseconds; see Documentation/scheduler/sched-stats.rst).
"""

import contextlib
from pathlib import Path

from course.grading.wire import Patience


class Turn(Patience):
    """Seconds that are left of a child's: it ran, slept or waited for something of its own.

    That it waited for a processor does not count, unless its own threads kept it from one: all of
    them together may run no longer than this. Where Linux does not tell, the clock decides.
    """

    def __init__(self, seconds, number):
        super().__init__(seconds)
        self.number, self.begun = number, _ran_and_waited(number)

    @property
    def taken(self):
        """The seconds that count, as of the last `left`."""
        ran, waited = (now - then for now, then in zip(_ran_and_waited(self.number), self.begun))
        return max(ran, self.waited - max(0.0, waited))

    def left(self):
        """What is left now: 0 or less where its time is over."""
        super().left()
        return self.seconds - self.taken


def _ran_and_waited(number):
    """Seconds that a process's threads ran, and waited for a processor; 0 where it has ended."""
    ran = waited = 0
    with contextlib.suppress(OSError, ValueError):
        for thread in Path(f"/proc/{number}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                numbers = (thread / "schedstat").read_text().split()
                ran, waited = ran + int(numbers[0]), waited + int(numbers[1])
    return ran / 1e9, waited / 1e9
