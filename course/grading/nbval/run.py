"""Run an assembled sheet under nbval, in a process of its own, and explain each verdict.

nbval decides whether a check passes; this module only keeps time and finds the words. It is what
the fast path is held equal to, and what `course check` uses where the judge cannot run; it
confines nothing.
"""

import copy
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import NamedTuple

import psutil

from course.grading.answers import is_tagged
from course.grading.limits import CELLS_SHARE, SECONDS
from course.grading.messages import also_printed, cause, exception, tidy
from course.grading.sandbox.pool import NotJudged
from course.grading.sheets import Cell

START_UP = 120.0  # seconds until a kernel must have started, however busy the machine is
_MARK = "COURSE_JUDGE"  # an environment variable: every process of one run inherits its value


class Verdict(NamedTuple):
    """What became of one check.

    name:    the check cell's name, such as "step-check".
    words:   what the learner should read: plain text, one line or several.
    seconds: what its cells took, from the check before to this one.
    """

    name: str
    passed: bool
    words: str
    seconds: float


def judge_with_nbval(notebook, *, limit=SECONDS):
    """Run a sheet as `answers.assemble` returns it; returns one `Verdict` per check cell.

    limit:  seconds for the whole sheet once its kernel runs; one cell may take a sixth of them.
    Errors: ValueError for a limit that is none; NotJudged.
    """
    if not 0 < limit < float("inf"):
        raise ValueError(f"limit must be a number of seconds above 0; got {limit}.")
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
        reports, late = _run(notebook, Path(folder), limit)
    broken = "The run broke off before this check; it may have run out of memory."
    stopped = f"The sheet took longer than {limit:g} s and was stopped before this check."
    return _verdicts(notebook, reports, limit, unseen=stopped if late else broken)


# ---- running --------------------------------------------------------------------------


def _run(notebook, folder, limit):
    """Run the sheet in a child; returns code cell's number -> report, and if time ran out."""
    path, log = folder / "sheet" / "sheet.ipynb", folder / "log"
    path.parent.mkdir()
    path.write_text(json.dumps(_without_pictures(notebook)), encoding="utf-8")
    environment = _environment(folder)
    command = [sys.executable, "-P", "-m", "course.grading.nbval.plugin", path, limit / CELLS_SHARE]
    with log.open("wb") as errors:
        child = subprocess.Popen(
            list(map(str, command)),
            cwd=path.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        return _listen(child, log, limit)
    finally:
        _end(child, environment[_MARK])


def _environment(folder):
    """The child's environment: our own, but nothing of a person's settings, and nothing kept."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return ours | {
        _MARK: uuid.uuid4().hex,
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONHASHSEED": "0",
    }


def _listen(child, log, limit):
    lines, reports, ready, late = queue.SimpleQueue(), {}, False, False
    threading.Thread(target=_pass_on, args=(child.stdout, lines), daemon=True).start()
    deadline = time.monotonic() + START_UP
    try:
        while line := lines.get(timeout=max(0.0, deadline - time.monotonic())):
            report = json.loads(line)
            if "broken" in report:
                raise NotJudged(f"The kernel did not start: {report['broken']}")
            if "ready" in report:
                ready, deadline = True, time.monotonic() + limit
            else:
                reports[report["cell"]] = report
    except queue.Empty:
        late = True
    if not ready:
        raise NotJudged(f"nbval did not start: {_last_line(log)}")
    return reports, late


def _without_pictures(notebook):
    """The notebook with feedback cells skipped; not with `tools`, which imports `check`."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if is_tagged(cell, "feedback") and cell["metadata"]["name"] != "tools":
            cell["metadata"]["tags"].append("nbval-skip")
    return notebook


def _pass_on(pipe, lines):
    with pipe:
        for line in pipe:
            if line.endswith(b"\n"):  # whoever is killed may leave half a line
                lines.put(line)
    lines.put(b"")


def _last_line(log):
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it gave no reason.")


def _end(child, mark):
    """Kill the child and every process that began in it, wherever it has moved since."""
    child.kill()
    child.wait()
    for _ in range(100):
        if not any([_kill(process, mark) for process in psutil.process_iter()]):
            return
        time.sleep(0.01)


def _kill(process, mark):
    try:
        if process.environ().get(_MARK) != mark:
            return False
        process.kill()
        return True
    except (psutil.Error, OSError):  # ended meanwhile, or not ours to look at
        return False


# ---- finding the words ----------------------------------------------------------------


def _verdicts(notebook, reports, limit, unseen):
    verdicts, causes, seconds, ended = [], [], 0.0, ""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells):
        name, report = cell["metadata"]["name"], reports.get(number)
        seconds += report["seconds"] if report else 0.0
        if is_tagged(cell, "check"):
            passed = bool(report and report["passed"])
            words = _words(cell, report, limit, ended) if report else unseen
            if not passed:
                words = "\n".join([*(said for _, said in causes), words])
            verdicts.append(Verdict(name, passed, tidy(words), seconds))
            causes, seconds = [], 0.0
        elif report and not is_tagged(cell, "feedback") and not is_tagged(cell, "added"):
            # Of copies of an answer the last one counts.
            causes = [each for each in causes if each[0] != name]
            causes += [(name, cause) for cause in _causes(cell, report, limit)]
        if report and report["why"] in ("late", "died") and not ended:
            ended = name
    return verdicts


def _words(cell, report, limit, ended):
    """What one check says, its answer's own trouble apart."""
    if report["why"] == "gone":
        return f"Not looked at: no cell could be run any more after {ended or 'an earlier one'}."
    if report["why"] == "late":
        return f"The check took longer than {limit / CELLS_SHARE:g} s; your answer may never end."
    if report["why"] == "died":
        return "The kernel died while your answer was checked."
    if report["why"] == "differs":
        return _difference(cell, report)
    if report["raised"]:
        kind, text = report["raised"]
        return text if kind == "CheckFailed" else f"The check raised {exception(kind, text)}"
    return report["stdout"]


def _difference(cell, report):
    """Why a check's output is not what the sheet says, although it raised nothing."""
    stored = [output for output in cell["outputs"] if output["output_type"] == "stream"]
    expected = "".join("".join(output["text"]) for output in stored)
    if expected and expected in report["stdout"]:
        return also_printed(report["stdout"].replace(expected, "", 1) + report["stderr"])
    return f"The check did not print what it should:\n{report['stdout']}"


def _causes(cell, report, limit):
    """A sentence on an answer cell, or a given one, if it did not run to its end."""
    if not report["passed"] and report["why"] != "gone":
        name, mine = cell["metadata"]["name"], is_tagged(cell, "answer")
        kind = "answer" if mine else "given"
        yield cause(Cell(kind, name, ""), report["why"], report["raised"], limit / CELLS_SHARE)
