"""The fast path's verdicts are those of a real `pytest --nbval` run, on every sheet.

The assembled notebook (given cells, answers, and hidden cells with the outputs that the solution
gives there) is written to the disk and judged by nbval with a kernel of its own.
"""

import json
import os
import re
import sys
from itertools import cycle
from pathlib import Path

import pytest

from course import paths
from course.checks import broken_steps, calling, resuming
from course.checks.tasks import Resumed, Rule
from course.grading import judge, sheets
from course.grading.nbval.compare import SKIPPED, same
from course.grading.sandbox import inside
from tests import waiting
from tests.grading import sheet as four

SEED = 5
LIMIT = 30.0
HOSTILE = Path(__file__).parents[1] / "hostile"
#: Those that a Jupyter kernel outlives, and that do no harm where nothing confines them.
SURVIVED = (
    "ast_transformer",
    "equal_to_everything",
    "escapes",
    "patched_comparison",
    "patched_print",
    "poisons_numpy",
    "prints_at_the_end",
    "replayed_outputs",
)


def tools_cell():
    """What a fork server has ready: the modules that a hidden cell calls."""
    folder = Path(inside.__file__).parent
    brought = (broken_steps, calling, resuming)
    files = {module.__name__.rpartition(".")[2]: module.__file__ for module in brought}
    files |= {name: folder / f"{name}.py" for name in ("codec", "check_calls")}
    lines = ["import sys, types"]
    for name, path in files.items():
        lines += [
            f"sys.modules[{name!r}] = types.ModuleType({name!r})",
            f"exec({Path(path).read_text(encoding='utf-8')!r}, vars(sys.modules[{name!r}]))",
        ]
    return "\n".join(lines)


def code_cell(name, source, outputs=None):
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "execution_count": None if outputs is None else 1,
        "source": source,
        "outputs": outputs or [],
    }


def assembled(paper, answers):
    """A notebook that marks by nbval alone: only rules, as it knows not which choices are right."""
    asks, expected = judge._hidden_cells(paper, SEED), judge._expected(paper, SEED, "landlock")
    rules = {task.name for task in rules_of(paper)}
    cells = [code_cell("tools", tools_cell())]
    for number, cell in enumerate(paper.cells(answers)):
        if cell.kind != "check":
            cells.append(code_cell(f"cell-{number}", cell.source))
        elif cell.name in rules:
            name = cell.name.replace(".", "-")
            cells.append(code_cell(name, asks[cell.name], *expected[cell.name]))
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def run_nbval(folder, notebooks):
    """Notebook's name -> task -> whether its cell passed in one `pytest --nbval` process."""
    for name, notebook in notebooks.items():
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", "-v"]
    run = waiting.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "nbval.plugin",
            *options,
            "-p",
            "no:cacheprovider",
            "--rootdir=.",
            ".",
        ],
        cwd=folder,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    said = re.findall(r"(\w+)(?:::|\.)ipynb::Cell (\d+) ([A-Z]+)", run.stdout)
    found = {name: {} for name in notebooks}
    for name, number, outcome in said:
        task = notebooks[name]["cells"][int(number)]["id"].replace("-", ".")
        found[name][task] = outcome in ("PASSED", "XPASS")
    return found


def submissions(paper):
    """Kind -> answers: right, untouched, empty, raising, printing, wrong in two ways, and mixed."""
    starters = {cell.name: cell.source for cell in paper.cells({}) if cell.kind == "answer"}
    pristine = {
        cell["metadata"]["name"]: "".join(cell["source"])
        for cell in paper.pristine["cells"]
        if cell["metadata"]["name"] in starters
    }
    rules = rules_of(paper)
    wrong = {f"{t.name[3:]}-answer": f"def {t.asks}(*a): return a[0], a[0]" for t in rules}
    negative = {name: f"{source}\n{minus(paper, name)}" for name, source in paper.right.items()}
    loud = {name: f"{source}\nprint('hello')\n1 + 1" for name, source in paper.right.items()}
    ways = ({}, pristine, wrong, negative, loud)
    mixed = {name: way[name] for name, way in zip(paper.right, cycle(ways)) if name in way}
    return {
        "right": paper.right,
        "mixed": mixed,
        "untouched": pristine,
        "empty": {},
        "raising": {name: "1 / 0" for name in paper.right},
        "printing": loud,
        "wrong": paper.right | wrong,
        "negative": negative,
    }


def minus(paper, cell):
    """Code that makes a function's results slightly wrong."""
    for task in paper.tasks:
        if isinstance(task, Rule) and cell == f"{task.name[3:]}-answer":
            return (
                f"_right_{task.asks} = {task.asks}\n"
                f"def {task.asks}(*a):\n    found = _right_{task.asks}(*a)\n"
                "    return tuple(1.001 * np.asarray(x) for x in found) if isinstance(found, tuple)"
                " else np.asarray(found) * 1.001"
            )
    return ""


def compared(handed_in, folder):
    """(nbval's verdicts, ours) on the rules of each submission, name -> (sheet, answers).

    nbval is given the hidden cells; where the notebook's own check does not hold, nothing is right.
    """
    theirs = run_nbval(folder, {name: assembled(*each) for name, each in handed_in.items()})
    ours = {}
    for name, (paper, answers) in handed_in.items():
        judged = judge.judge(paper.name, answers, seed=SEED, limit=LIMIT, confinement="landlock")
        ours[name] = {verdict.name: verdict.passed for verdict in judged.verdicts}
        for verdict in judge.look(paper, answers, judge.Limits("landlock", LIMIT)):
            if verdict.name in theirs[name]:
                theirs[name][verdict.name] &= verdict.passed
    rules = {task.name for paper, _ in handed_in.values() for task in rules_of(paper)}
    return tuple(
        {kind: {n: p for n, p in each.items() if n in rules} for kind, each in said.items()}
        for said in (theirs, ours)
    )


def rules_of(paper):
    """The rules that one process can judge: what is stopped and goes on needs a second one."""
    rules = [task for task in paper.tasks if isinstance(task, Rule)]
    return [task for task in rules if not isinstance(task, Resumed)]


@pytest.mark.long  # every sheet; test_run has one sheet in each kind of submission
def test_the_verdicts_on_right_and_mixed_answers_to_every_sheet_are_nbvals_own(tmp_path):
    papers = {name: sheets.load(name) for name in paths.sheets()}
    handed_in = {
        f"{name}__{kind}": (paper, submissions(paper)[kind])
        for name, paper in papers.items()
        for kind in ("right", "mixed")
    }
    theirs, ours = compared(handed_in, tmp_path)
    assert ours == theirs
    assert all(all(each.values()) for name, each in ours.items() if name.endswith("right"))
    assert not any(all(each.values()) for name, each in ours.items() if name.endswith("mixed"))


@pytest.mark.long
@pytest.mark.parametrize("name", paths.sheets())
def test_every_verdict_is_nbvals_own(name, tmp_path):
    paper = sheets.load(name)
    handed_in = {kind: (paper, answers) for kind, answers in submissions(paper).items()}
    theirs, ours = compared(handed_in, tmp_path)
    assert ours == theirs
    assert all(ours["right"].values()) and all(ours["printing"].values())
    assert not any(ours["empty"].values()) and not any(ours["raising"].values())
    assert not any(ours["wrong"].values()) and not any(ours["negative"].values())


def test_every_verdict_on_hostile_answers_that_a_kernel_survives_is_nbvals_own(tmp_path):
    paper = sheets.load(four.NAME)
    handed_in = {}
    for name in SURVIVED:
        source = (HOSTILE / f"{name}.py").read_text(encoding="utf-8")
        handed_in[name] = paper, four.RIGHT | {four.STEP: source}
    theirs, ours = compared(handed_in, tmp_path)
    assert ours == theirs


def test_what_is_left_out_of_a_comparison_is_what_nbval_leaves_out(tmp_path):
    plugin = tmp_path / "conftest.py"
    plugin.write_text(
        "def pytest_collection_modifyitems(items):\n"
        "    print('SKIPPED', *items[0].parent.skip_compare)\n"
    )
    (tmp_path / "a.ipynb").write_text(
        json.dumps({"cells": [code_cell("a", "1")], "metadata": {}, "nbformat": 4})
    )
    command = [sys.executable, "-m", "pytest", "--nbval", "--collect-only", "-s", "a.ipynb"]
    done = waiting.run(command, cwd=tmp_path)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert line.split()[1:] == list(SKIPPED)


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


@pytest.mark.parametrize(
    ("outputs", "expected", "verdict"),
    [
        ([stream("a\n")], [stream("a\n")], True),
        ([stream("a"), stream("\n")], [stream("a\n")], True),
        ([stream("a\n")], [stream("b\n")], False),
        ([], [stream("a\n")], False),
        ([stream("a\n"), stream("x", "stderr")], [stream("a\n")], False),
        ([stream("b\ra\n")], [stream("a\n")], True),
        (
            [stream("a\n"), {"output_type": "display_data", "data": {"image/png": "AA"}}],
            [stream("a\n")],
            True,
        ),
        (
            [stream("a\n"), {"output_type": "display_data", "data": {"text/plain": "a\n"}}],
            [stream("a\n")],
            False,
        ),
        (
            [stream("a\n"), {"output_type": "error", "ename": "E", "evalue": ""}],
            [stream("a\n")],
            False,
        ),
    ],
)
def test_outputs_are_compared_as_nbval_compares_them(outputs, expected, verdict):
    assert same(outputs, expected) is verdict


def test_the_words_of_a_failed_task_are_those_of_the_sheets_own_check_in_a_kernel():
    from course.grading.answers import Answers, assemble
    from course.grading.nbval.run import judge_with_nbval

    wrong = four.RIGHT | {
        four.STEP: four.RIGHT[four.STEP].replace("variable + velocity", "variable - velocity"),
        four.TERMINAL: "terminal_velocity = -0.2",
        four.PHYSICS: "def from_physics(mass, friction, time_step): return 1, 2",
        four.GOAL: "rates = 0.01, 0.9",
        four.PORTRAIT: "raise ValueError('no')",
    }
    in_kernel = judge_with_nbval(assemble(four.PRISTINE, Answers(wrong, [])))
    ours = judge.judge(four.NAME, wrong, seed=SEED, confinement="landlock").verdicts
    for mine, kernels in zip(ours, in_kernel):
        lines = [line for line in kernels.words.splitlines() if "Stuck?" not in line]
        assert mine.words.splitlines() == lines
        assert mine.passed == kernels.passed
