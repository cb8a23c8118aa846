"""Run one notebook under nbval; write one line of JSON as each of its cells ends.

    python -m course.grading.nbval.plugin NOTEBOOK SECONDS_PER_CELL

The first line is {"ready": true}, once the kernel has started. nbval decides every outcome;
what is added here listens, and spares the wait for a kernel that has died.
"""

import json
import os
import sys
import time
from queue import Empty

import pytest

LONGEST = 8000  # characters of any text that is passed on
GLANCE = 0.2  # seconds between two looks at the kernel's process


class Listener:
    """A pytest plugin that reports cells; `write` takes each report, a dictionary."""

    def __init__(self, write):
        self.write = write
        self.ready = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        """Report a cell when nbval and pytest have agreed on its outcome."""
        outcome = yield
        if call.when == "setup" and call.excinfo is not None:
            self.write({"broken": str(call.excinfo.value)[:LONGEST]})
        elif call.when == "setup" and not self.ready:
            notice_death(item.parent.kernel)
            self.write({"ready": True})
            self.ready = True
        elif call.when == "call":
            self.write(report(item, call, outcome.outcome == "passed"))
        return outcome


def report(item, call, passed):
    """What became of one cell.

    cell:   its number among the code cells.
    why:    "" or what kept it from passing: "raised", "differs", "late", "died" or "gone" (the
            kernel had ended before).
    raised: the exception's name and text, if there was one.
    """
    outputs = item.test_outputs or []
    errors = [each for each in outputs if each.output_type == "error"]
    return {
        "cell": item.cell_num,
        "passed": passed,
        "why": "" if call.excinfo is None else _why(str(call.excinfo.value), item.parent.kernel),
        "raised": [errors[-1].ename, errors[-1].evalue[:LONGEST]] if errors else None,
        "stdout": _stream(outputs, "stdout"),
        "stderr": _stream(outputs, "stderr"),
        "seconds": call.duration,
    }


def _why(message, kernel):
    if message.startswith("Timeout of"):
        return "died" if getattr(kernel, "died", False) else "late"
    known = {"Cell outputs differ": "differs", "Kernel dead on test start": "gone"}
    return known.get(message, "raised")


def _stream(outputs, name):
    streams = [each for each in outputs if each.output_type == "stream" and each.name == name]
    return "".join(each.text for each in streams)[:LONGEST]


def notice_death(kernel):
    """Let nbval's wait for a message end when the kernel's process has; it never looks itself."""
    read, process = kernel.get_message, kernel.km.provisioner.process

    def get_message(stream, timeout):
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            try:
                return read(stream, timeout=max(0.0, min(GLANCE, left)))
            except Empty:
                kernel.died = process.poll() is not None
                if kernel.died or left <= GLANCE:
                    raise

    kernel.get_message = get_message


def main():
    """Run the notebook that the command line names."""
    path, seconds = sys.argv[1:]
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # From here on, what pytest or the kernel's own processes print goes nowhere.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)

    def write(message):
        print(json.dumps(message), file=lines, flush=True)

    # A project's or a person's own settings of pytest must not change a mark.
    options = ["--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={seconds}"]
    quiet = ["-c", os.devnull, "--rootdir", os.path.dirname(path), "--color=no", "-qq"]
    plugins = ["-p", "nbval.plugin", "-p", "no:cacheprovider"]
    pytest.main([*options, *quiet, *plugins, path], plugins=[Listener(write)])


if __name__ == "__main__":
    main()
