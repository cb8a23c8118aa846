"""Hostile answers to the sheet whose children hold Keras: nothing earned, nobody else affected.

Those in `hostile/` do here what they do on a NumPy sheet, in children that may start threads.
Those in `hostile_keras/` let Keras or TensorFlow do what was asked for.
"""

import json
import sys
from pathlib import Path

import pytest

from course.grading import sheets
from course.grading.judge import judge
from tests import waiting
from tests.grading.harm import FILES, LEVELS, hostile, none_left, unharmed

NAME = "11_the_whole_optimizer"
RIGHT = sheets.load(NAME).right
KERAS_FILES = sorted((Path(__file__).parent / "hostile_keras").glob("*.py"))
#: Run at one level in `make test`: processes, threads, sockets, files and the kernel itself.
ALWAYS = (
    "fork_flood",
    "kills_others",
    "left_behind",
    "network",
    "raw_system_calls",
    "reads_the_solution",
    "threads_print_later",
)
CASES = [
    pytest.param(
        path,
        level,
        id=f"{path.stem}-{level}",
        marks=[] if path.stem in ALWAYS and level == "landlock" else pytest.mark.long,
    )
    for path in FILES
    for level in LEVELS
]
#: Makes of a `ball_step` an answer to 11.train that is right exactly where the step has become so.
ADAPTER = f"""
{RIGHT["train-answer"]}

right_train = train

def train(w, calls, settings):
    w_and_v = [round(float(each), 6) for each in ball_step(1.0, -0.2, 0.5, 0.2, 0.9)]
    return right_train(w, calls, settings) if w_and_v == [0.72, -0.28] else (w, w)
"""


def marks(answers, level, limit=60.0):
    """Task's name -> whether it was earned."""
    judged = judge(NAME, RIGHT | answers, seed=11, limit=limit, confinement=level)
    return {verdict.name.removeprefix("11."): verdict.passed for verdict in judged.verdicts}


def test_the_adapter_earns_with_a_right_step_and_with_no_other():
    right = "def ball_step(w, v, g, lr, m):\n    v = m * v - lr * g\n    return w + v, v\n"
    wrong = "def ball_step(w, v, g, lr, m):\n    return w, v\n"
    assert marks({"train-answer": right + ADAPTER}, "landlock")["train"]
    assert not marks({"train-answer": wrong + ADAPTER}, "landlock")["train"]


@pytest.mark.parametrize(("path", "level"), CASES)
def test_what_is_hostile_on_a_numpy_sheet_is_as_harmless_here(path, level, outside, ear, canary):
    with unharmed(outside, ear, canary):
        source = hostile(path, outside, ear, canary) + ADAPTER
        assert not marks({"train-answer": source}, level, limit=12.0)["train"]
        assert none_left() == []
    assert all(marks({}, level).values())


def task_of(path):
    return "resume" if path.stem == "does_not_stop" else "torch"


@pytest.mark.parametrize("path", KERAS_FILES, ids=lambda path: path.stem)
def test_where_the_rule_is_the_task_keras_and_tensorflow_have_none(path):
    task = task_of(path)
    found = marks({f"{task}-answer": path.read_text(encoding="utf-8")}, "landlock")
    assert found == {name: name != task for name in found}


SCRIPT = """
import json, sys
from course.grading import sheets

paper = sheets.load(sys.argv[1])
found = {}
for task, path in json.loads(sys.argv[2]):
    answer = {f"{task}-answer": open(path).read()}
    names = {}
    for cell in paper.cells(paper.right | answer):
        if cell.kind == "check" and cell.name == f"11.{task}":
            asked = next(each for each in paper.tasks if each.name == cell.name)
            found[path] = asked.look(names[asked.asks]).passed
        elif cell.kind != "check":
            exec(cell.source, names)
print(json.dumps(found))
"""


def test_it_is_the_missing_rule_that_stops_them_and_not_their_own_fault():
    wanted = [(task_of(path), str(path)) for path in KERAS_FILES]
    command = [sys.executable, "-c", SCRIPT, NAME, json.dumps(wanted)]
    done = waiting.run(command)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {str(path): True for path in KERAS_FILES}
