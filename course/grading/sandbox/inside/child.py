"""A child's life: take a cell, run it as a Jupyter kernel would, reply with its outputs.

What it replies is only ever the learner's own claim: the learner's code shares this process.
"""

import contextlib
import fcntl
import json
import os
import random
import signal
import sys

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

KEPT = 100_000  # bytes of each stream, and of all that is shown, that one reply takes along
SHOWN = 100  # outputs
ENOUGH = 2000  # characters of an exception's text


class _Hook(DisplayHook):
    """Takes the value of a cell's last line."""

    def write_output_prompt(self):
        """No prompt is printed."""

    def write_format_data(self, format_dict, md_dict=None):
        """Keep what would be shown."""
        self.shell.shown.append({"output_type": "execute_result", "data": format_dict})


class _Publisher(DisplayPublisher):
    """Takes what `display` shows."""

    def publish(self, data, metadata=None, **rest):
        """Keep what would be shown."""
        self.shell.shown.append({"output_type": "display_data", "data": data})


class Shell(InteractiveShell):
    """IPython as a kernel has it, but without history, threads and files.

    A magic or a shell line does nothing and says so, but for those that run the cell's own code.
    """

    runs_code = ("time", "capture")

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def __init__(self):
        # A history would start a thread, and a process with two cannot be forked.
        quiet = Config(
            {"HistoryManager": {"enabled": False}, "HistoryAccessor": {"enabled": False}}
        )
        super().__init__(config=quiet, colors="nocolor")
        self.InteractiveTB.set_mode("Minimal")  # nobody reads the traceback; rich ones take 0.1 s
        self.shown = []

    def _showtraceback(self, etype, evalue, stb):
        self.shown.append({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue)})

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        """Run %time's statement; of all others, say that they do nothing."""
        if magic_name in self.runs_code:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        return _do_nothing(f"%{magic_name}")

    def run_cell_magic(self, magic_name, line, cell):
        """Run the cell under %%time and %%capture; of all others, say that they do nothing."""
        if magic_name in self.runs_code:
            return super().run_cell_magic(magic_name, line, cell)
        return _do_nothing(f"%%{magic_name}")

    def system(self, cmd):
        """There are no other programs."""
        _do_nothing(f"!{cmd}")

    def getoutput(self, cmd, split=True, depth=0):
        """There are no other programs, so none has put anything out."""
        return _do_nothing(f"!{cmd}") or []

    def enable_gui(self, gui=None):
        """There is no screen."""

    def enable_matplotlib(self, gui=None):
        """Pictures are drawn, and nobody sees them."""
        return gui, "agg"

    def ask_exit(self):
        """A cell that says exit ends here, and the next one runs."""


def _do_nothing(what):
    print(f"{what[:80]} does nothing where answers are checked and marked.", file=sys.stderr)


class Streams:
    """Where file descriptors 1 and 2 lead: files in memory, which no one has to empty."""

    def __init__(self):
        self.kept = {}
        for number, name in ((1, "stdout"), (2, "stderr")):
            file = os.memfd_create(name)
            fcntl.fcntl(file, fcntl.F_SETFL, os.O_APPEND)
            os.dup2(file, number)
            self.kept[name] = file
            setattr(sys, name, _text_on(number))
        self.first = {name: getattr(sys, name) for name in self.kept}
        self.own = _text_on(1)  # that nobody finds in `sys`, and closes or changes

    def mend(self):
        """Where a learner has put something into `sys` that takes no text, put the first back."""
        for number, name in ((1, "stdout"), (2, "stderr")):
            if not _takes_text(self.first[name]):
                self.first[name] = _text_on(number)
            if not _takes_text(getattr(sys, name, None)):
                setattr(sys, name, self.first[name])

    def take(self):
        """What was written since the last time, as outputs of a notebook."""
        for stream in (sys.stdout, sys.stderr, *self.first.values(), self.own):
            with contextlib.suppress(Exception):  # it is none, or closed, or a learner's own
                stream.flush()
        found = []
        for name, file in self.kept.items():
            text = os.pread(file, KEPT, 0).decode("utf-8", "replace")
            os.ftruncate(file, 0)
            if text:
                found.append({"output_type": "stream", "name": name, "text": text})
        return found


def _text_on(number):
    return os.fdopen(number, "w", encoding="utf-8", errors="replace", closefd=False)


def _takes_text(stream):
    try:
        return callable(stream.write) and not getattr(stream, "closed", False)
    except Exception:  # it is none, or its inner one was taken away
        return False


def send(wire, message):
    """Send one message, a line of JSON."""
    wire.sendall(json.dumps(message).encode() + b"\n")


def live(shell, wire, streams):
    """Run cells until the other end falls silent.

    wire: a socket; each request is a line {"cell": number, "source": text}, each reply one
          {"cell": number, "outputs": a list}.
    """
    random.seed(0)
    np.random.seed(0)
    for line in wire.makefile("r", encoding="utf-8"):
        request = json.loads(line)
        outputs = _run(shell, streams, request["source"])
        send(wire, {"cell": request["cell"], "outputs": outputs})


def _run(shell, streams, source):
    shell.shown = []
    streams.mend()
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        shell.run_cell(source, store_history=True)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # too late to interrupt anything
    except KeyboardInterrupt:  # it came in the instant after the cell had ended
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except Exception as problem:  # IPython's own, over what a learner has put in its place
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        shell._showtraceback(type(problem), problem, [])
    return _cut(shell.shown) + streams.take()


def _cut(shown):
    """No more of what is shown than a reply can take along."""
    kept, room = [], KEPT
    for output in shown[:SHOWN]:
        if output["output_type"] == "error":
            output["evalue"] = output["evalue"][:ENOUGH]
        elif room > 0:
            output["data"] = {k: v[:room] for k, v in output["data"].items() if isinstance(v, str)}
            room -= sum(map(len, output["data"].values()))
        else:
            continue
        kept.append(output)
    return kept
