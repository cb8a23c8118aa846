"""Workers at the other end of a pipe: processes that judge one submission at a time.

So whatever happens while a submission is judged, here or in a container, it happens to a process
that can be ended: by a time limit, too, whatever its own code is busy with.
"""

import contextlib
import json
import queue
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from course.grading.judge import Judged, Verdict
from course.grading.sandbox.pool import START_UP
from course.grading.sandbox.wire import Patience

COMMAND = (sys.executable, "-P", "-m", "course.grading.workers.serve")
TIMES = 3  # a submission's limit goes by before its judge is taken to stand still
LARGEST = 50_000_000  # bytes of one reply


class StoodStill(RuntimeError):
    """A judge that had to be ended; to try the same submission again would take as long."""


class Workers(ThreadPoolExecutor):
    """An executor whose `jobs` threads speak to one process each; they start when needed.

    command: starts a process that runs `course.grading.workers.serve`.
    """

    name = "process"  # as sentences call one
    holds = ""  # what it adds to what held the answers

    def __init__(self, jobs, command=COMMAND):
        self.command, self.started = list(map(str, command)), []
        self.idle = queue.LifoQueue()
        for _ in range(jobs):
            self.idle.put(None)
        super().__init__(jobs)

    def submit(self, work, job, judge=None):
        """Have a job done by a process; of `work` and `judge`, it has its own."""
        return super().submit(self._in_one, job)

    def __exit__(self, kind, *rest):
        """End; after an error, such as Ctrl-C, without waiting for what is being judged."""
        for worker in self.started if kind else ():
            worker.process.kill()
        return super().__exit__(kind, *rest)

    def shutdown(self, *args, **kwargs):
        """Wait for what runs, then end every process."""
        super().shutdown(*args, **kwargs)
        while not self.idle.empty():
            if worker := self.idle.get():
                worker.end()

    def versions(self):
        """The versions under which the workers judge, which need not be those of this process.

        Errors: ValueError where no worker can be started.
        """
        try:
            return self._ask("versions", 0.0)
        except RuntimeError:
            command = " ".join(self.command)
            raise ValueError(f"No {self.name} answers; try: {command}") from None

    def _in_one(self, job):
        reply = self._ask(json.dumps(job), job.settings["limit"], job.sheet)
        if "problem" in reply:
            raise RuntimeError(reply["problem"])
        verdicts, confinement, notes = reply["judged"]
        held = ", ".join(filter(None, (self.holds, confinement)))
        return Judged(tuple(Verdict(*each) for each in verdicts), held, tuple(notes))

    def _ask(self, line, limit, sheet=""):
        worker = self.idle.get() or self._start()
        try:
            return worker.ask(line, limit * TIMES, sheet)
        except BaseException as problem:
            worker.end()
            worker = None
            if isinstance(problem, OSError | ValueError):
                raise RuntimeError(f"the {self.name} ended while it was marking.") from None
            raise
        finally:
            self.idle.put(worker)

    def _start(self):
        self.started.append(Worker(self.command))
        return self.started[-1]


class Worker:
    """One process, and the pipes to it."""

    def __init__(self, command):
        # In a session of its own: Ctrl-C is for the grader, which ends this.
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, start_new_session=True, **pipes)
        self.lines = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self.known = set()  # the sheets that it has met

    def _read(self):
        with contextlib.suppress(OSError, ValueError), self.process.stdout as pipe:
            while line := pipe.readline(LARGEST):
                self.lines.put(line)
        self.lines.put(b"")

    def ask(self, line, seconds, sheet=""):
        """Send a line; returns the reply, plain data.

        sheet:  what it is about; the first time, it has to start up for it, and run the solution.
        Errors: StoodStill where none comes in time; OSError or ValueError where it has ended.
        """
        patience = Patience(seconds + (0.0 if sheet in self.known else START_UP))
        self.known.add(sheet)
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()
        while patience.left() > 0:
            with contextlib.suppress(queue.Empty):
                return json.loads(self.lines.get(timeout=0.05))
        raise StoodStill(f"judging it took longer than {patience.seconds:g} s.")

    def end(self):
        """End the process; one that is idle ends by itself when its pipe is closed."""
        with contextlib.suppress(OSError):  # what was not sent is nobody's loss
            self.process.stdin.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
