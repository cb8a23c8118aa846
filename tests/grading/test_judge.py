"""The judge: what is earned, what is told, and what is refused."""

import json
import pickle
import sys
from pathlib import Path

import pytest

import course
from course.checks.tasks import Finding
from course.grading import check_cells, explain, sheets
from course.grading import judge as judging
from course.grading.judge import NotJudged, judge
from tests.grading.sheet import GOAL, NAME, PHYSICS, PORTRAIT, RIGHT, STEP, TERMINAL
from tests.grading.test_check_cells import cases_in

WRONG = RIGHT[STEP].replace("variable + velocity", "variable - velocity")


def judged(changes=(), without=(), **options):
    answers = {name: text for name, text in RIGHT.items() if name not in without} | dict(changes)
    return judge(NAME, answers, **{"seed": 3, "confinement": "landlock"} | options)


def passed(found):
    return [verdict.passed for verdict in found.verdicts]


def words(found):
    return [verdict.words for verdict in found.verdicts]


def test_right_answers_earn_and_all_comes_back_as_plain_data():
    found = judged()
    assert [verdict.name for verdict in found.verdicts] == [
        task.name for task in sheets.load(NAME).tasks
    ]
    assert passed(found) == [True] * 5
    assert found.notes == ()
    assert pickle.loads(pickle.dumps(found)) == found
    assert all(verdict.seconds >= 0 for verdict in found.verdicts)


def test_a_missing_answer_costs_only_itself():
    found = judged(without=[PHYSICS])
    assert passed(found) == [True, True, False, True, True]
    assert words(found)[2] == (
        "✗ from_physics is not there yet. Run the cell with your answer first."
    )
    assert passed(judge(NAME, {}, seed=3, confinement="landlock")) == [False] * 5


def test_a_known_mistake_is_told_in_its_own_sentence_and_named_for_the_class():
    verdict = judged({STEP: WRONG}).verdicts[0]
    assert not verdict.passed
    assert verdict.words.splitlines()[:4] == [
        "✗ from rest",
        "    ball_step(1.0, 0.0, 2.0, 0.1, 0.9)",
        "    expected  w = 0.8   v = -0.2",
        "    yours     w = 1.2   v = -0.2",
    ]
    assert verdict.because.startswith("Your velocity is right, but you subtracted it")
    assert verdict.because in verdict.words


def fitted(task, otherwise):
    """An answer that knows what the visible check asks, and else does what is said."""
    known = [
        (list(map(str, case.arguments)), [x.tolist() for x in found])
        for case, found in zip(task.cases(), task._answers(task.reference))
    ]
    return (
        f"import json\nKNOWN = json.loads({json.dumps(known)!r})\n"
        f"def {task.asks}(*given, KNOWN=KNOWN):\n"
        "    for arguments, results in KNOWN:\n"
        "        if arguments == [str(x) for x in given]:\n"
        "            return tuple(map(np.array, results))\n"
        f"    {otherwise}\n"
        "    return given[:2]"
    )


def test_whoever_has_seen_a_hidden_input_can_no_longer_say_so():
    step, _, physics, *_ = sheets.load(NAME).tasks
    tells = "if SEEN:\n    raise ValueError(str(SEEN))\n"
    found = judged(
        {
            STEP: "SEEN = []\n" + fitted(step, "SEEN.append(given)"),
            PHYSICS: tells + fitted(physics, "raise ValueError(str([SEEN, given]))"),
            GOAL: tells + RIGHT[GOAL],
        }
    )
    assert passed(found) == [False, True, False, True, True]
    assert [words(found)[number] for number in (0, 2)] == [explain.ONLY_THERE] * 2


def test_an_answer_fitted_to_the_visible_numbers_earns_nothing_and_is_told_so():
    verdict = judged({STEP: fitted(sheets.load(NAME).tasks[0], "pass")}).verdicts[0]
    assert not verdict.passed
    assert verdict.words == explain.ONLY_THERE


def test_no_words_tell_a_hidden_input_however_an_answer_tries():
    spy = (
        "SEEN = []\n"
        "def ball_step(*given):\n"
        "    SEEN.append(given)\n"
        "    print(SEEN)\n"
        "    raise ValueError(str(SEEN))"
    )
    later = (
        "raise ValueError(str(SEEN))",
        "def from_physics(*given):\n    raise ValueError(str(SEEN))",
        "terminal_velocity = str(SEEN)",
    )
    found = judged({STEP: spy, TERMINAL: later[2], PHYSICS: later[1], GOAL: later[0]})
    told = json.dumps([found.verdicts, found.notes])
    drawn = cases_in(check_cells.hidden_cell(sheets.load(NAME).tasks[0], 3))
    inputs = [x for arguments, _ in drawn for each in arguments["tuple"][:3] for x in each["array"]]
    assert len(inputs) == 24
    assert not any(str(x)[:8] in told for x in inputs)


@pytest.mark.parametrize(
    "before",
    [
        "import logging\nlogging.basicConfig(level=logging.DEBUG)\nsay = logging.debug",
        "import logging as l, sys\nl.basicConfig(level=10, stream=sys.stdout)\nsay = l.debug",
        "import sys\nout = sys.stdout\nsay = lambda words: print(words, file=out)",
        "import os\nsay = lambda words: os.write(1, words.encode())",
        "from warnings import warn as say",
    ],
    ids=["logs", "logs to stdout", "prints to an older stdout", "writes", "warns"],
)
def test_what_a_function_prints_while_it_is_called_costs_nothing(before):
    loud = RIGHT[PHYSICS].replace("return", "say('look')\n    return")
    assert passed(judged({PHYSICS: f"{before}\n{loud}"})) == [True] * 5


def test_a_print_that_does_cost_is_quoted_as_what_it_is():
    loud = "class Word(str):\n    def __str__(self): print('look'); return 'CAB'\n"
    verdict = judged({PORTRAIT: f"{loud}most_friction_first = Word('CAB')"}).verdicts[4]
    assert not verdict.passed
    assert verdict.words == (
        "Your answer holds, but while it was checked it also printed: look\nRemove that."
    )


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("def ball_step(:", "Your answer cell step-answer raised SyntaxError: invalid syntax"),
        ("1 / 0", "Your answer cell step-answer raised ZeroDivisionError: division by zero"),
        ("raise SystemExit('\x1b[31mred')", "Your answer cell step-answer raised SystemExit: red"),
        ("import os; os._exit(1)", "The kernel died in your answer cell step-answer."),
        ("while True: pass", "Your answer cell step-answer took longer than 1 s and was stopped."),
    ],
)
def test_where_an_answer_cell_does_not_end_the_words_begin_with_the_cause(answer, cause):
    found = judged({STEP: answer}, limit=6.0)
    assert words(found)[0].startswith(cause)
    assert not passed(found)[0]
    assert passed(found)[1:] == [("_exit" not in answer)] * 4


def test_after_a_death_the_rest_is_not_looked_at_and_a_note_says_so():
    found = judged({PHYSICS: "import os; os._exit(0)"})
    assert passed(found) == [True, True, False, False, False]
    assert words(found)[4] == ("Not looked at: no cell could be run any more after physics-answer.")
    assert found.notes == ("The run ended in physics-answer; what comes after was not looked at.",)


def test_what_ipython_can_do_an_answer_may_do():
    ipython = "%time x = 1\n%matplotlib inline\nimport matplotlib.pyplot as plt\n"
    ipython += "plt.plot([1, 2]); plt.show()\n" + RIGHT[STEP] + "\nball_step(1, 2, 3, 4, 5)"
    assert judged({STEP: ipython}).verdicts[0].passed


def test_random_numbers_and_hashes_are_the_same_for_everyone():
    chosen = "import random\nrates = (3.306, 0.669) if {} else (0, 0)"
    drawn = "(random.random(), np.random.rand()) == (0.8444218515250481, 0.5488135039273248)"
    assert judged({GOAL: chosen.format(drawn)}).verdicts[3].passed


def test_one_seed_gives_one_verdict_and_another_asks_otherwise():
    tasks = sheets.load(NAME).tasks
    assert check_cells.hidden_cell(tasks[0], 1) != check_cells.hidden_cell(tasks[0], 2)
    for seed in (0, 1, 2**70):
        assert passed(judged(seed=seed)) == [True] * 5
        assert passed(judged({STEP: WRONG}, seed=seed)) == [False, True, True, True, True]


def test_a_choice_of_numbers_is_judged_by_what_it_reaches():
    assert judged({GOAL: "rates = [3.3, np.float64(0.67)]"}).verdicts[3].passed
    verdict = judged({GOAL: "rates = 0.01, 0.9"}).verdicts[3]
    assert not verdict.passed
    assert verdict.because.startswith("These are common defaults")
    assert judged({PORTRAIT: "most_friction_first = ' cab'"}).verdicts[4].passed


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"seed": -1}, "seed must be an integer of 0 or more; got -1"),
        ({"seed": 1.5}, "seed must be an integer"),
        ({"seed": True}, "seed must be an integer"),
        ({"limit": 0}, "limit must be a number of seconds above 0"),
        ({"limit": float("nan")}, "limit must be"),
        ({"limit": float("inf")}, "limit must be"),
        ({"memory": 0}, "memory must be a number of MB above 0"),
        ({"confinement": "jail"}, "confinement must be one of none, landlock, namespaces"),
    ],
)
def test_an_argument_that_is_none_is_refused(option, words):
    with pytest.raises(ValueError, match=words):
        judged(**option)


def test_an_unknown_sheet_is_refused():
    with pytest.raises(LookupError, match="No sheet is called '99_none'"):
        judge("99_none", {}, seed=1)


def test_where_the_solution_itself_cannot_be_run_nobody_is_failed(monkeypatch):
    paper = sheets.load(NAME)
    broken = sheets.Sheet(paper.name, paper.pristine, {STEP: "1 / 0"}, paper.tasks)
    monkeypatch.setattr(judging.sheets, "load", lambda name: broken)
    with pytest.raises(NotJudged, match="The solution of 04.step does not hold"):
        judged()


def test_a_sheet_that_imports_keras_gets_a_fork_server_with_keras():
    paper = sheets.load(NAME)
    cells = json.loads(json.dumps(paper.pristine))
    given = next(cell for cell in cells["cells"] if cell["metadata"]["name"] == "given")
    given["source"] = "import numpy as np\nfrom keras import layers"
    assert paper.needs == "numpy"
    assert sheets.Sheet(paper.name, cells, paper.right, paper.tasks).needs == "keras"


def test_where_the_solution_itself_is_not_right_nobody_is_marked(monkeypatch):
    monkeypatch.setattr(check_cells, "finding", lambda *_: Finding(False, ["✗ no"]))
    with pytest.raises(NotJudged, match="The solution of 04.step does not hold"):
        judge(NAME, RIGHT, seed=20261126)


@pytest.mark.parametrize(
    ("sheet", "answer", "right", "slip"),
    [
        (
            "07_clipping",
            "norm-answer",
            "gradient * threshold / max(length, threshold)",
            "gradient if length <= threshold else gradient / length * threshold * (1 + 1e-5)",
        ),
        ("13_gpus_and_many_devices", "floor-answer", "numbers = 3 ", "numbers = 3 + (size == 8) "),
        ("10_loss_scaling", "stored-answer", "rounded > largest", "rounded >= 2 * largest"),
    ],
)
def test_what_the_notebooks_check_refuses_earns_nothing_at_any_seed(sheet, answer, right, slip):
    paper = sheets.load(sheet)
    assert right in paper.right[answer]
    wrong = paper.right | {answer: paper.right[answer].replace(right, slip)}
    name = f"{sheet[:2]}.{answer.removesuffix('-answer')}"
    for seed in range(5):
        verdicts = {verdict.name: verdict for verdict in judge(sheet, wrong, seed=seed).verdicts}
        assert not verdicts.pop(name).passed
        assert all(verdict.passed for verdict in verdicts.values())


@pytest.mark.parametrize(
    "line",
    [
        "open('mine.txt')",
        "open('mine.txt', 'w')",
        "input()",
        "import subprocess; subprocess.run('ls')",
    ],
)
def test_where_the_confinement_is_in_the_way_marking_is_named_as_the_cause(line):
    found = judged({STEP: f"{line}\n{RIGHT[STEP]}"}).verdicts[0]
    assert "Answers are checked and marked where they can write no file, read none" in found.words


@pytest.mark.parametrize("what", ["sys.path", "sys.prefix", "np.__file__", "sys.executable"])
def test_no_word_tells_where_things_are_on_the_graders_machine(what):
    source = f"import sys\nraise ValueError(str({what}))"
    found = judged({STEP: source}).verdicts[0]
    assert "ValueError: " in found.words and sys.prefix not in found.words
    assert str(Path(course.__file__).parents[1]) not in found.words


@pytest.mark.parametrize(
    "line",
    [
        "sys.stdout = None",
        "sys.stderr = None",
        "sys.stdout = type('T', (), {})",
        "sys.stdout = type('T', (), {'write': len, 'flush': lambda self: 1 / 0})()",
        "sys.stdout.close()",
        "sys.stdout.detach()",
        "sys.stdout.reconfigure(encoding='utf-16')",
        "sys.stdout = io.TextIOWrapper(sys.stdout.buffer)",
        "builtins.print = lambda *words, **options: None",
    ],
)
def test_whatever_becomes_of_stdout_right_answers_keep_their_marks(line):
    found = judged({STEP: f"import builtins, io, sys\n{line}\n{RIGHT[STEP]}"})
    assert passed(found) == [True] * 5


def test_no_word_names_the_folder_in_which_answers_run():
    for path in ("os.path.abspath('a.csv')", "os.path.expanduser('~/a.csv')"):
        found = judged({STEP: f"import os\nopen({path})"}).verdicts[0]
        assert "'…/a.csv'" in found.words
