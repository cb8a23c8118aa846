"""One verdict for one notebook: in JupyterLab's kernel, by `course check`, at a save, and in marks.

The corpus is what real learners do; each answer stands in the place of one right answer.
"""

import json
import sys
import tempfile

import nbformat
import pytest
from nbclient import NotebookClient

from course.grading import sheets
from course.grading.answers import assemble, pick, read_answers
from course.grading.judge import judge, look
from course.grading.limits import Limits
from course.learner import progress, workspace
from tests.effort import only, part
from tests.grading.sheet import (
    GOAL,
    NAME,
    PHYSICS,
    PORTRAIT,
    PRISTINE,
    RIGHT,
    STEP,
    TERMINAL,
    cell,
    submission,
)

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="marking needs Linux")

PAPER = sheets.load(NAME)
DRAFT = "def ball_step(variable, velocity gradient):\n    ..."


def step(before="", inside="", after=""):
    """The right step, with lines before it, in it, and after it."""
    body = RIGHT[STEP].replace("    return", f"    {inside}\n    return")
    return {STEP: "\n".join([before, body, after])}


LOGS = "import logging\nlogging.basicConfig(level=logging.DEBUG)"
BAR = "import sys\nsys.stderr.write('\\r 50 %\\r100 %\\n')"
THREAD = "import threading\nt = threading.Thread(target=print)\nt.start(); t.join()"
LAMBDA = "ball_step = lambda w, v, g, a, b: (w + b * v - a * g, b * v - a * g)"
#: What is put in the place of an answer.
RIGHT_ONES = {
    "right": {},
    "tries it out": step(after="print(ball_step(1.0, 0.0, 2.0, 0.1, 0.9))"),
    "tries it out wrongly": step(after="ball_step(1.0)"),
    "prints inside": step(inside="print(1)"),
    "warns": step("import warnings", "warnings.warn('!')"),
    "logs": step(LOGS, "logging.debug('!')"),
    "prints to stderr": step("import sys", "print(1, file=sys.stderr)"),
    "a progress bar": step(BAR),
    "%matplotlib": step("%matplotlib inline"),
    "%timeit": step(after="%timeit -n 1 -r 1 ball_step(1, 2, 3, 4, 5)"),
    "%%time": {STEP: "%%time\n" + RIGHT[STEP]},
    "!ls": step("!ls"),
    "files = !ls": step("files = !ls"),
    "await": step("import asyncio\nawait asyncio.sleep(0)"),
    "threads": step(THREAD),
    "a lambda": {STEP: LAMBDA},
    "a print of one's own": step(
        "import builtins\nbuiltins.print = lambda *words, **options: None"
    ),
    "a log in place of stdout": step("import io, sys\nsys.stdout = io.StringIO()"),
    "stdout closed": step("import sys\nsys.stdout.close()"),
    "where programs are": step("import os\npath, home = os.environ['PATH'], os.environ['HOME']"),
    "another type": step(inside="variable = np.float64(variable)"),
    "a list": {STEP: LAMBDA.replace("(w", "[w").replace("* g)", "* g]")},
    "a number as a word": {TERMINAL: "terminal_velocity = '-2.0'"},
    "a goal": {GOAL: "rates = [3.3, 0.67]"},
    "a choice": {PORTRAIT: "most_friction_first = 'c, a, b'"},
    "another cell's name": {PHYSICS: RIGHT[PHYSICS] + "\nball_step = None"},
}
WRONG_ONES = {
    "wrong sign": {STEP: RIGHT[STEP].replace("variable + v", "variable - v")},
    "raises": {STEP: "1 / 0"},
    "syntax": {STEP: DRAFT},
    "nothing returned": {STEP: RIGHT[STEP].replace("return", "print")},
    "a wrong number": {TERMINAL: "terminal_velocity = 2"},
    "dots": {TERMINAL: "terminal_velocity = ..."},
    "a missed goal": {GOAL: "rates = 0.01, 0.9"},
    "another name": {GOAL: "rate = 3.3, 0.67"},
    "a wrong choice": {PORTRAIT: "most_friction_first = 'ABC'"},
}
CORPUS = RIGHT_ONES | WRONG_ONES


def extra(before, source, answers=()):
    """The sheet with a cell that the learner added before a cell of the sheet's."""
    notebook = submission(answers)
    at = notebook["cells"].index(cell(notebook, before))
    made = {"cell_type": "code", "id": "mine", "metadata": {}, "source": source, "outputs": []}
    notebook["cells"].insert(at, made | {"execution_count": None})
    return notebook


def twice(source):
    """The sheet with a copy of the step's answer cell before it, as Jupyter copies it."""
    notebook = extra(STEP, source)
    at = notebook["cells"].index(cell(notebook, STEP))
    notebook["cells"][at - 1]["metadata"] = {"name": STEP, "tags": ["answer"]}
    return notebook


def changed(name, source, answers):
    """The sheet with another text in one of its own cells."""
    notebook = submission(answers)
    cell(notebook, name)["source"] = source
    return notebook


HALF = "def half(x):\n    return x / 2"
USES = {PHYSICS: "def from_physics(m, c, h):\n    return 2 * half(h**2 / m), 1 - h * c / m"}
ROOT = {PHYSICS: "def from_physics(m, c, h):\n    return math.pow(h, 2) / m, 1 - h * c / m"}
#: Whole notebooks in which cells were added, copied or changed; each of them is right.
NOTEBOOKS = {
    "a helper in a cell of its own": extra(PHYSICS, HALF, USES),
    "a scratch cell that raises": extra(PHYSICS, "ball_step(1.0, 0.0)  # try it"),
    "a copy whose first try raises": twice(DRAFT),
    "a copy that is wrong": twice("def ball_step(*all):\n    return all[:2]"),
    "an import added to a given cell": changed("given", "import math\nimport numpy as np", ROOT),
}


def everyone_says(answers, folder):
    """Who -> the verdicts on a submission's answers, in the order of the tasks."""
    copy = folder / "my-course"
    marks = judge(NAME, answers.sources, seed=3, confinement="landlock").verdicts
    seen = look(PAPER, answers.sources, Limits("landlock"))
    checked = progress.standings(copy, NAME, fresh=True)
    return {
        "marks": [verdict.passed for verdict in marks],
        "at a save": [verdict.passed for verdict in seen],
        "course check": [each.state == progress.DONE for each in checked],
        "JupyterLab's kernel": in_a_kernel(assemble(PRISTINE, answers)),
    }


def in_a_kernel(notebook):
    """Whether each check holds where a real kernel runs the notebook from top to bottom.

    But for the cell that trains Keras's SGD beside the answers: seconds that no check looks at.
    """
    made = nbformat.reads(json.dumps(notebook), as_version=4)
    made.cells = [each for each in made.cells if "nbval-skip" not in each.metadata.get("tags", [])]
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(made, timeout=60, allow_errors=True)
        client.execute(cwd=folder)
    checks = [each for each in made.cells if "check" in each.metadata.get("tags", [])]
    return [not any(out.output_type == "error" for out in each.outputs) for each in checks]


def compare(notebook, wanted, folder):
    workspace.start(folder / "my-course")
    path = folder / f"my-course/exercises/{NAME}.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    said = everyone_says(read_answers(path, PRISTINE), folder)
    assert said == dict.fromkeys(said, wanted)


@pytest.mark.parametrize("name", only(CORPUS, "wrong sign", "!ls", "syntax"))
def test_an_answer_gets_one_verdict_wherever_it_is_checked(name, tmp_path):
    wrong = WRONG_ONES.get(name, {})
    wanted = [each not in wrong for each in (STEP, TERMINAL, PHYSICS, GOAL, PORTRAIT)]
    compare(submission(CORPUS[name]), wanted, tmp_path)


@pytest.mark.parametrize("name", part(NOTEBOOKS, 2))
def test_a_notebook_with_cells_of_ones_own_gets_one_verdict_wherever_it_is_checked(name, tmp_path):
    compare(NOTEBOOKS[name], [True] * 5, tmp_path)


@pytest.mark.parametrize(
    "name", ["syntax", "raises", "wrong sign", "a missed goal", "another name"]
)
def test_all_but_the_kernel_say_it_in_the_same_words(name, tmp_path):
    workspace.start(tmp_path / "my-course")
    path = tmp_path / f"my-course/exercises/{NAME}.ipynb"
    path.write_text(json.dumps(submission(CORPUS[name])), encoding="utf-8")
    answers = read_answers(path, PRISTINE)
    marks = [each.words for each in judge(NAME, answers.sources, seed=3).verdicts]
    assert [each.words for each in look(PAPER, answers.sources, Limits("landlock"))] == marks
    assert [each.words for each in progress.standings(tmp_path / "my-course", NAME)] == marks


def test_what_is_not_there_where_answers_are_marked_is_said_by_course_check_too(tmp_path):
    workspace.start(tmp_path / "my-course")
    path = tmp_path / f"my-course/exercises/{NAME}.ipynb"
    changes = {STEP: "import tensorflow\n" + RIGHT[STEP], PHYSICS: "open('x', 'w')"}
    path.write_text(json.dumps(submission(changes)), encoding="utf-8")
    step, _, physics, *_ = progress.standings(tmp_path / "my-course", NAME)
    assert "No module named 'tensorflow' where answers are checked and marked" in step.words
    assert "Python's own library, NumPy and Matplotlib" in step.words
    assert "can write no file" in physics.words


def test_a_line_that_does_nothing_there_is_named():
    changes = {STEP: "%pip install -q numpy\n" + RIGHT[STEP], PHYSICS: "text = '''\n!no\n'''"}
    notes = pick(submission(changes)["cells"], PRISTINE).notes
    assert [each.sentence for each in notes] == [
        "The answer cell step-answer has the line %pip install -q numpy, which does nothing where "
        "answers are marked."
    ]
