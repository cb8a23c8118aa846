"""The exercises as an nbgrader course: assignments with their solutions and hidden tests.

nbgrader runs a check in the same process as the answers, so there the answer key meets the
learner's code; `course grade` keeps them apart. Its README, written beside, says so.
"""

import json
import secrets
from copy import deepcopy
from pathlib import Path

import numpy as np

import course
from course import paths
from course.checks import chapter_tasks
from course.checks.calling import call
from course.checks.tasks import Resumed, Rule, Tested
from course.grading.answers import is_tagged
from course.grading.papers import pristine


def write(folder, sheets=None, seed=None):
    """Write an nbgrader course into a folder that is new or empty; returns the sheets' names.

    sheets: their whole names; None for all.
    seed:   of the hidden cases; None draws one.
    Errors: ValueError for a folder that holds something; OSError where it cannot be written.
    """
    folder, seed = Path(folder), secrets.randbits(63) if seed is None else seed
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty; name a folder that is new or empty.")
    sheets = list(sheets or paths.sheets())
    for sheet in sheets:
        path = folder / "source" / sheet / f"{sheet}.ipynb"
        path.parent.mkdir(parents=True)
        text = json.dumps(assignment(sheet, seed), indent=1, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    readme = README.format(version=course.__version__, seed=seed, first=sheets[0])
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return sheets


def assignment(sheet, seed):
    """The teacher's version of a sheet, as a dictionary in the notebook format.

    From it nbgrader makes the learner's: it cuts out solutions and hidden tests.
    """
    notebook = deepcopy(pristine(sheet))
    right = _right(sheet)
    tasks = {task.check_cell: task for task in chapter_tasks(sheet[:2])}
    cells = [cell for cell in notebook["cells"] if not _is_extra(cell, notebook["cells"])]
    notebook["cells"] = [_cell(cell, right, tasks, seed) for cell in cells]
    notebook["metadata"].pop("jupytext", None)
    return notebook


def _right(sheet):
    path = paths.material() / "solutions" / f"{sheet}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["metadata"]["name"]: "".join(cell["source"]) for cell in cells}


def _is_extra(cell, cells):
    """Whether a cell is one of those "if you like", which take long; or the words above it."""
    extra = [c["metadata"]["name"] for c in cells if is_tagged(c, "nbval-skip")]
    return cell["metadata"]["name"].removesuffix("-words") in extra


def _cell(cell, right, tasks, seed):
    name, source = cell["metadata"]["name"], "".join(cell["source"])
    marks = {"grade": False, "solution": False, "locked": True}
    if is_tagged(cell, "answer"):
        marks = {"grade": False, "solution": True, "locked": False}
        source = f"{source}\n### BEGIN SOLUTION\n{right[name]}\n### END SOLUTION"
    elif is_tagged(cell, "check"):
        task = tasks[name]
        marks = {"grade": True, "solution": False, "locked": True, "points": task.points}
        source += hidden_tests(task, seed)
    kind = {"grade_id": name, "schema_version": 3, "task": False, "cell_type": cell["cell_type"]}
    made = {"id": cell["id"], "cell_type": cell["cell_type"], "source": source}
    made["metadata"] = {"name": name, "nbgrader": kind | marks}
    return made | ({"outputs": [], "execution_count": None} if "outputs" in cell else {})


def hidden_tests(task, seed):
    """The lines that nbgrader hides: a rule's answers to drawn cases; "" for any other task.

    A goal can be reached by many numbers, and its check already looks at them all.
    """
    if not isinstance(task, Rule):
        return ""
    cases = [case.arguments for case in task.cases(seed)[len(task.shown) :]]
    lines = "".join(f"        {_case(task, arguments)},\n" for arguments in cases)
    kinds = {Resumed: f"interrupted({task.asks})", Tested: f"tested({task.asks})"}
    called = kinds.get(type(task), task.asks)
    return HIDDEN.format(
        lines=lines, called=called, asks=task.asks, results=task.results, pure=task.pure
    )


def _case(task, arguments):
    expected = call(task.called(task.reference), arguments, task.asks, task.results)
    return f"({literal(arguments)}, {literal(expected)})"


def literal(value):
    """Python source for a value: numbers, strings, arrays, and tuples and lists of them."""
    if isinstance(value, np.ndarray):
        return f"array({value.tolist()!r}, dtype={value.dtype.str!r})"
    if isinstance(value, tuple):
        return f"({''.join(f'{literal(part)}, ' for part in value)})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value.item() if isinstance(value, np.generic) else value)


HIDDEN = """
### BEGIN HIDDEN TESTS
def hidden_test():
    from numpy import array, inf, nan
    from course.checks.calling import agree, call
    from course.checks.broken_steps import tested
    from course.checks.resuming import interrupted

    cases = [
{lines}    ]
    for given, expected in cases:
        found = call({called}, given, "{asks}", {results!r}, {pure})
        assert agree(found, expected), "{asks} differs on numbers that the check does not show."


hidden_test()
### END HIDDEN TESTS"""

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "sgd"
# The learner's answer cells keep the lines that the exercise starts from.
c.ClearSolutions.code_stub = {"python": "# Put your lines in place of the dots."}
c.ExecutePreprocessor.timeout = 60
"""

README = """# The exercises for nbgrader

Written by `course export nbgrader` of course {version}; the seed of the hidden tests is {seed}.

    nbgrader generate_assignment {first}      # the learners' version, in release/
    nbgrader autograde {first}                # after submissions are in submitted/LEARNER/{first}/
    nbgrader generate_feedback {first}        # only once nobody can hand in any more

- The course must be installed where learners work and where nbgrader marks: the checks are its own.
- A check cell earns by both its parts: the check, which is the course's own, and hidden tests. In
  14.catch these look at verdicts alone; whether a test calls the steps is for the check to see.
- `source/` holds the solutions and the hidden tests; keep it to yourself. A learner's feedback
  shows the hidden tests, too.
- nbgrader runs tests in the learner's own process, where an answer can look for what is expected
  and can change what compares; `course grade` does not, and marks the same notebooks faster.
- The cells "if you like", which train networks, are left out.
"""
