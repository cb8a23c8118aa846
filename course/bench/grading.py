"""The time of marking one submission: ours, plain nbval's and nbgrader's, on the same sheets.

Ours is asked in turns with itself unconfined, so that the price of confinement is a median of
differences within a round. The others take seconds each, so they mark a sample of the same
submissions, and its mean stands for all; nbgrader's start-up is in it, as ours is in ours.
"""

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from course import paths
from course.grading import answers as cells_of
from course.grading import papers, sheets
from course.grading.exports import nbgrader
from course.grading.judge import judge
from course.grading.limits import LEVELS
from course.grading.nbval import run
from course.grading.watch import watch


class Measured(NamedTuple):
    """Seconds a submission; None where something is not installed.

    start:     until the first verdict: the fork server, and the solution's own run.
    levels:    confinement -> median.
    share:     what the best confinement takes of the whole, from 0 to 1.
    batch:     mean over a whole batch with the best confinement, with its start.
    watch:     from a saved file to its verdict, median.
    """

    start: float
    levels: dict
    share: float
    batch: float
    nbval: float
    nbgrader: float | None
    watch: float


def measure(sheet, count=100, sample=5):
    """Mark so many submissions of one sheet, right, untouched and mixed; returns `Measured`.

    count: for ours; sample: how many of them nbval and nbgrader mark.
    """
    handed_in = list(submissions(sheet, count))
    start = _seconds(judge, sheet, handed_in[0], seed=1)
    for level in LEVELS:  # the solution's own run, once for each
        judge(sheet, handed_in[0], seed=1, confinement=level)
    rounds = [
        [_seconds(judge, sheet, each, seed=1, confinement=level) for level in LEVELS]
        for each in handed_in
    ]
    middle = {level: statistics.median(times) for level, times in zip(LEVELS, zip(*rounds))}
    return Measured(
        start,
        middle,
        statistics.median((best - none) / best for none, *_, best in rounds),
        start / count + statistics.fmean(best for *_, best in rounds),
        statistics.fmean(_nbval(sheet, each) for each in handed_in[:sample]),
        _nbgrader(sheet, handed_in[:sample]),
        statistics.median(_watch(sheet, handed_in[:11])),
    )


def submissions(sheet, count):
    """So many submissions as dictionaries, name -> source, no two of them alike.

    In turn: all right, all as they were handed out, and one answer after the other missing.
    """
    untouched, right = _untouched(sheet), sheets.load(sheet).right
    mixed = [right | {name: untouched[name]} for name in right]
    for number, answers in enumerate(islice(cycle([right, untouched, *mixed]), count)):
        yield {name: f"{source}\n# {number}" for name, source in answers.items()}


def _untouched(sheet):
    cells = papers.pristine(sheet)["cells"]
    answers = [cell for cell in cells if cells_of.is_tagged(cell, "answer")]
    return {cell["metadata"]["name"]: "".join(cell["source"]) for cell in answers}


def _seconds(function, *arguments, **options):
    begin = time.perf_counter()
    function(*arguments, **options)
    return time.perf_counter() - begin


# ---- the others -----------------------------------------------------------------------


def _assembled(sheet, answers):
    return cells_of.assemble(papers.pristine(sheet), cells_of.Answers(answers, []))


def _nbval(sheet, answers):
    return _seconds(run.judge_with_nbval, _assembled(sheet, answers))


def _nbgrader(sheet, handed_in):
    """Mean seconds of `nbgrader autograde`, or None where nbgrader is not installed."""
    if not importlib.util.find_spec("nbgrader"):
        return None
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        nbgrader.write(folder, [sheet], seed=1)
        _call_nbgrader(folder, "generate_assignment", sheet)
        name = f"{sheet}/{sheet}.ipynb"
        release = json.loads(Path(folder, "release", name).read_text(encoding="utf-8"))
        for number, answers in enumerate(handed_in):
            for cell in release["cells"]:
                cell["source"] = answers.get(cell["metadata"]["name"], cell["source"])
            path = Path(folder, "submitted", f"learner{number}", name)
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(release), encoding="utf-8")
        return _seconds(_call_nbgrader, folder, "autograde", sheet) / len(handed_in)


def _call_nbgrader(folder, *arguments):
    here = os.path.dirname(sys.executable)  # where its helper alembic is, which it calls by name
    settings = {"PATH": f"{here}:{os.environ['PATH']}", "JUPYTER_CONFIG_DIR": folder}
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=os.environ | settings,
        check=True,
        capture_output=True,
    )


# ---- save → verdict -------------------------------------------------------------------


def _watch(sheet, handed_in):
    """Seconds from each save of a file to the verdict on it."""
    shown = threading.Semaphore(0)
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        path = Path(folder, f"{sheet}.ipynb")
        path.write_text(json.dumps(_assembled(sheet, handed_in[0])), encoding="utf-8")
        watching = threading.Thread(
            target=watch,
            args=(path, lambda _: shown.release()),
            kwargs={"saves": len(handed_in) - 1},
            daemon=True,
        )
        watching.start()
        shown.acquire()  # what was there already
        for answers in handed_in[1:]:
            text = json.dumps(_assembled(sheet, answers))
            begin = time.perf_counter()
            path.write_text(text, encoding="utf-8")
            shown.acquire()
            yield time.perf_counter() - begin
        watching.join()


# ---- the table ------------------------------------------------------------------------


def one_of_each_kind():
    """The first sheet that needs NumPy only, and the first that needs Keras, if there is one."""
    kinds = {}
    for sheet in paths.sheets():
        kinds.setdefault(sheets.load(sheet).needs, sheet)
    return list(kinds.values())


def table(names, count=100, sample=5):
    """Measure; a Rich table whose boxes are Markdown's, with a column for each sheet."""
    from rich import box
    from rich.table import Table

    title = f"Seconds a submission; of {count} by ours, of {sample} by the others"
    made = Table(title=title, box=box.MARKDOWN, title_justify="left")
    made.add_column("one worker")
    found = [measure(name, count, sample) for name in names]
    for name in names:
        made.add_column(f"sheet {name[:2]} ({sheets.load(name).needs})", justify="right")
    for row in zip(*(_cells(each) for each in found)):
        made.add_row(row[0][0], *(value for _, value in row))
    return made


def _cells(found):
    """The rows of one column, each with its name."""
    best = found.batch

    def beside(seconds):
        return "not installed" if seconds is None else f"{seconds:.3g} ({seconds / best:.3g}×)"

    for level, seconds in found.levels.items():
        yield f"ours, {level}, median", f"{seconds:.3g}"
    yield "ours, whole batch with its start, mean", f"{best:.3g}"
    yield "confinement's share of it", f"{100 * found.share:.3g} %"
    yield "until the first verdict of all", f"{found.start:.3g}"
    yield "pytest --nbval, a process each", beside(found.nbval)
    yield "nbgrader autograde", beside(found.nbgrader)
    yield "saved → verdict, course check --watch", f"{found.watch:.3g}"
