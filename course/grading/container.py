"""Marking in containers: each worker is one, without network and with nothing to write to.

For systems without Landlock, and as one more wall around it where there is.
"""

import contextlib
import json
import os
import queue
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

ENGINES = ("podman", "docker")
MEMORY = 4096  # MB for a whole container: TensorFlow, and the submission that it runs


class Containers(ThreadPoolExecutor):
    """An executor whose `jobs` threads speak to one container each; they start when needed.

    image:  of an installed course; docs/instructors.md says how to build it.
    Errors: ValueError, a sentence, where there is neither podman nor docker.
    """

    def __init__(self, image, jobs=None, command=None):
        jobs = jobs or os.cpu_count() or 1
        self.command = command or run_command(image)
        self.idle = queue.LifoQueue()
        for _ in range(jobs):
            self.idle.put(None)
        super().__init__(jobs)

    def submit(self, work, job, judge=None):
        """Have a job done in a container; of `work` and `judge`, it has its own."""
        return super().submit(self._in_one, job)

    def shutdown(self, *args, **kwargs):
        """Wait for what runs, then end every container."""
        super().shutdown(*args, **kwargs)
        while not self.idle.empty():
            if worker := self.idle.get():
                _end(worker)

    def versions(self):
        """The versions in a container, which need not be those outside.

        Errors: ValueError where no container can be started.
        """
        try:
            return self._ask("versions")
        except RuntimeError:
            command = " ".join(self.command)
            raise ValueError(f"No container answers; try: {command}") from None

    def _in_one(self, job):
        return _judged(self._ask(json.dumps(job)))

    def _ask(self, line):
        worker = self.idle.get() or _start(self.command)
        try:
            worker.stdin.write(f"{line}\n")
            worker.stdin.flush()
            return json.loads(worker.stdout.readline())
        except (OSError, ValueError):
            _end(worker)
            worker = None
            raise RuntimeError("the container ended while it was marking.") from None
        finally:
            self.idle.put(worker)


def run_command(image):
    """The command that runs a worker in a container of an image."""
    engine = next((name for name in ENGINES if shutil.which(name)), None)
    if engine is None:
        raise ValueError("--container needs podman or docker, and neither was found.")
    return [
        engine,
        *("run", "--rm", "--interactive", "--network=none", "--read-only"),
        *("--user=65534:65534", "--cap-drop=all", "--security-opt=no-new-privileges"),
        "--pids-limit=256",
        *(f"--memory={MEMORY}m", "--tmpfs=/tmp:rw,size=256m", "--env=HOME=/tmp"),
        *(image, "python", "-m", "course.grading.serve"),
    ]


def _start(command):
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def _end(worker):
    with contextlib.suppress(OSError):  # what was not sent is nobody's loss
        worker.stdin.close()
    try:
        worker.wait(timeout=10)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
    worker.stdout.close()


def _judged(reply):
    """The reply as `judge` would have returned it."""
    if "problem" in reply:
        raise RuntimeError(reply["problem"])
    verdicts, confinement, notes = reply["judged"]
    names = ("name", "passed", "words", "seconds", "because")
    found = tuple(SimpleNamespace(**dict(zip(names, verdict))) for verdict in verdicts)
    return SimpleNamespace(
        verdicts=found, confinement=f"a container, {confinement}", notes=tuple(notes)
    )
