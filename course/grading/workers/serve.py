"""A worker at the end of a pipe: one line of JSON in for each paper, one line of JSON out.

    python -m course.grading.workers.serve

This is what runs in a container, where only its standard input and output lead outside.
"""

import json
import os
import signal
import sys
import threading
import time

from course.grading import journal
from course.grading.dispatch import Job, work
from course.grading.judge import judge


def answer(line, judge=judge):
    """The line that answers a line: {"judged": …}, or {"problem": a sentence}.

    To the line "versions" the answer is what `journal.versions` says here.
    """
    if line.strip() == "versions":
        return journal.versions()
    try:
        verdicts, *rest = work(Job(*json.loads(line)), judge)
        return {"judged": [[list(verdict) for verdict in verdicts], *rest]}
    except Exception as problem:  # whatever it is, the next paper must be marked
        return {"problem": f"{type(problem).__name__}: {problem}"}


def main():
    """Answer each line until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which ends this
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    replies = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever prints must not be taken for a reply
    for line in sys.stdin:
        print(json.dumps(answer(line)), file=replies, flush=True)


def _end_with(parent):
    """End when the grader has, however busy: its fork servers end with this process."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


if __name__ == "__main__":
    main()
