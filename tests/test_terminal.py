"""What the commands print on a real terminal."""

import contextlib
import os
import re
import select
import signal
import sys
import time

import pytest

pty = pytest.importorskip("pty")

MOVES = """
import time
from course.commands import terminal
with terminal.bar("grading") as move:
    for done in range(1, 6):
        move(done, 30, "\\x1b[2Jevil [red]anna[/red]")
        time.sleep(0.3)
"""


def on_a_terminal(code):
    """What a program writes to a terminal of its own, without colours."""
    process, terminal = pty.fork()
    if not process:
        os.environ |= {"TERM": "xterm-256color", "COLUMNS": "100"}
        os.execv(sys.executable, [sys.executable, "-c", code])
    said, more, deadline = b"", True, time.monotonic() + 60
    with contextlib.suppress(OSError):  # how Linux says that the other end is closed
        while more:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([terminal], [], [], left)[0]:
                os.kill(process, signal.SIGKILL)
                raise AssertionError(f"after 60 s the program has not ended; it wrote {said!r}")
            said += (more := os.read(terminal, 65536))
    os.close(terminal)
    os.waitpid(process, 0)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b\[[0-9;]*m", "", said.decode())


def test_a_bar_counts_says_what_is_left_and_shows_names_as_they_are():
    said = on_a_terminal(MOVES)
    assert re.search(r"grading .* 5/30 · left \d\d:\d\d · \[2Jevil \[red\]anna\[/red\]", said)
