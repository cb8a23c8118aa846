"""What the kernel knows of the learner's cells: which were run, and how they ended.

It knows nothing of a cell that was changed and not run.
"""

import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

from course.checks import answer_text, exceptions

MOST = 500  # cells that are remembered
_runs = {}
_watched = []


class Run(NamedTuple):
    """The last time that a cell was run: its id, if the notebook has told it, and its text.

    error: the exception that ended it, or None.
    line:  on which of its lines, counted from 1; 0 where it did not begin to run.
    """

    cell: str
    source: str
    error: BaseException | None = None
    line: int = 0


def watch():
    """From now on remember the cells that are run; does nothing outside IPython."""
    shell = _shell()
    if shell is not None and shell not in _watched:
        _watched[:] = [shell]
        _runs.clear()
        shell.events.register("post_run_cell", _remember)


def last_run(task):
    """The last `Run` of a task's answer, by the id of its cell or by what stands in it; or None."""
    return next((run for run in reversed(_runs.values()) if _is_answer(task, run)), None)


def was_run(cell):
    """Whether the cell with this id was run since the kernel was watched."""
    return any(run.cell == cell for run in _runs.values())


def stopped(task, names):
    """A sentence that says so where the answer's cell did not come as far as the answer.

    names: the notebook's own.
    """
    run = last_run(task)
    if run is None or run.error is None:
        return ""
    if run.line and answer_text.is_bound_before(run.source, task.asks, run.line):
        return ""  # it was a later line that failed
    kind, text = type(run.error).__name__, str(getattr(run.error, "msg", "") or run.error)
    line = run.line or getattr(run.error, "lineno", 0)
    where = f", line {line}" if line else ""
    told = f" ({text.strip().partition(chr(10))[0][:100]}{where})" if text.strip() else ""
    cell = answer_text.given_in(task, getattr(run.error, "name", None) or "")
    given = (
        f"`{run.error.name}` comes from the sheet's cell “{cell}”: run that first. " if cell else ""
    )
    older = f"What `{task.asks}` is now comes from before. " if task.asks in names else ""
    return (
        f"✗ The cell with your answer stopped with a {kind}{told}.\n"
        f"    {older}{given or _mend(task, run.error)}Run it again, and then this check."
    )


def _mend(task, error):
    """What to do about an exception that ended an answer's cell, with a space at the end."""
    name = getattr(error, "name", None) if isinstance(error, NameError) else None
    if name is None:
        return "Mend it. "
    options = getattr(task, "options", ())
    if set(name.upper()) <= set("".join(options)):
        return f'Letters stand in quotes: "{name}". '
    return f"{exceptions.of_name(task, name)} "


def older(task, names):
    """A sentence that says so where the answer's cell was run, and the answer is not from it.

    names: the notebook's own.
    """
    run = last_run(task)
    if run is None or task.asks not in names or source(task) is not None:
        return ""
    if re.search(rf"\b{task.asks}\b|import\s*\*", run.source):
        return ""  # bound in a way that is not read here
    other = answer_text.other_name(task, run.source)
    return (
        f"✗ The cell with your answer was run, and gives no `{task.asks}` any more.\n"
        f"    {other or 'Write it there again.'} What `{task.asks}` is now comes from before."
    )


def source(task):
    """The text of the cell that has defined a task's answer, None where it is not known."""
    for run in reversed(_runs.values()):
        bound = run.error is None or answer_text.is_bound_before(run.source, task.asks, run.line)
        if bound and answer_text.defines(run.source, task.asks):
            return run.source
    return None


def gone(task, file):
    """A sentence that says so where a notebook, as it was saved, has no cell with an answer.

    file: its path; "" for no file, and for one that cannot be read.
    """
    try:
        cells = json.loads(Path(file).read_text(encoding="utf-8"))["cells"]
        named = {cell.get("metadata", {}).get("name") or cell.get("id") for cell in cells}
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""
    if task.answer_cell in named or task.check_cell not in named:
        return ""
    if any(answer_text.defines(text, task.asks) for text in code):
        return ""
    return f"Its cell, {task.answer_cell}, is gone. Have it back: course reset {task.name}"


def _shell():
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def _remember(result):
    """Note how a cell ended; called by IPython after each."""
    # IPython counts a cell's lines from the first that is not empty.
    text = re.sub(r"\A(?:[ \t]*\n)+", "", result.info.raw_cell or "")
    cell = getattr(result.info, "cell_id", None) or ""
    error = result.error_before_exec or result.error_in_exec
    key = cell or text
    _runs.pop(key, None)
    _runs[key] = Run(cell, text, error, _line_of(error) if result.error_in_exec else 0)
    while len(_runs) > MOST:
        _runs.pop(next(iter(_runs)))


def _line_of(error):
    """On which line of a cell an exception came out of it: of its first frame in a cell."""
    trace = getattr(error, "__traceback__", None)
    while trace is not None:
        if trace.tb_frame.f_code.co_name == "<module>":
            found = trace.tb_lineno
            break
        trace = trace.tb_next
    else:
        found = 0
    return found


def _is_answer(task, run):
    if run.cell == task.answer_cell:
        return True
    if answer_text.statements(run.source) is None:
        pattern = rf"^(?:def|class)\s+{task.asks}\b|^{task.asks}\s*="
        return bool(re.search(pattern, run.source, re.MULTILINE))
    return answer_text.defines(run.source, task.asks)
