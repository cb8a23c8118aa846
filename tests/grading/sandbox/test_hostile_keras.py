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
KERAS_FILES = sorted((Path(__file__).parents[1] / "hostile_keras").glob("*.py"))
#: Run at one level in `make test`: processes, threads, sockets, files and the kernel itself.
ALWAYS = (
    "fork_flood",
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


#: File -> the task that it answers.
TASK_OF = {"borrows_kerass_order": "train", "keeps_its_state_in_keras": "resume"}


def task_of(path):
    return TASK_OF.get(path.stem, "torch")


@pytest.mark.parametrize("path", KERAS_FILES, ids=lambda path: path.stem)
def test_what_is_borrowed_from_keras_or_tensorflow_earns_nothing(path):
    task = task_of(path)
    found = marks({f"{task}-answer": path.read_text(encoding="utf-8")}, "landlock")
    assert found == {name: name != task for name in found}


#: Runs each of them in one process that holds everything, and asks for what the library has.
SCRIPT = """
import json, sys
import numpy as np
from course.checks import find
from course.checks.resuming import after_stop, until_stop
from course.grading import sheets

def whole_run(Optimizer, case):
    weights, calls, arguments, stop = case.arguments
    arguments = dict(arguments)
    if name == "torch":  # they leave the top speed out, also the one that is there by default
        arguments["top_speed"] = np.inf
    return until_stop(Optimizer, weights, calls, arguments)[0], task.reference(
        weights, calls, arguments, stop
    )

def in_one_process(Optimizer, case):
    weights, calls, arguments, stop = case.arguments
    rows, kept = until_stop(Optimizer, weights, calls[:stop], arguments)
    return rows + after_stop(Optimizer, kept, calls[stop:]), task.reference(*case.arguments)

paper = sheets.load(sys.argv[1])
found = {}
for name, path in json.loads(sys.argv[2]):
    names, task = {}, find(f"11.{name}")
    for cell in paper.cells(paper.right | {f"{name}-answer": open(path).read()}):
        if cell.kind != "check":
            exec(cell.source, names)
    if name == "train":
        found[path] = task.look(names["train"]).passed
    else:
        run = in_one_process if name == "resume" else whole_run
        pairs = [run(names[task.asks], case) for case in task.shown]
        found[path] = all(np.allclose(*pair, rtol=1e-5, atol=1e-6) for pair in pairs)
print(json.dumps(found))
"""


def test_it_is_what_the_task_asks_for_that_stops_them_and_not_their_own_fault():
    wanted = [(task_of(path), str(path)) for path in KERAS_FILES]
    command = [sys.executable, "-c", SCRIPT, NAME, json.dumps(wanted)]
    done = waiting.run(command)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {str(path): True for path in KERAS_FILES}
