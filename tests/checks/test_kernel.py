"""What a check says in a kernel: of cells that did not run, of names, of a whole sheet."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course import paths
from course.checks import CheckFailed, kernel, names
from course.learner import kernel_startup

RIGHT = """def ball_step(variable, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return variable + velocity, velocity
"""
IMPORT = "from course.checks import check, hint, join, show"


class Notebook:
    """A kernel in this process, in which cells are run as JupyterLab runs them."""

    def __init__(self):
        self.shell = InteractiveShell()

    def run(self, source, cell=None):
        """What a cell prints, or what its error says, without raising it."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            result = self.shell.run_cell(source, cell_id=cell)
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, CheckFailed | names.NoSuchTask):
            return "\n".join(error._render_traceback_())
        return out.getvalue() + err.getvalue()


@pytest.fixture
def notebook(monkeypatch):
    made = Notebook()
    monkeypatch.setattr("IPython.get_ipython", lambda: made.shell)
    monkeypatch.setenv("JPY_SESSION_NAME", "exercises/04_momentum_as_friction.ipynb")
    monkeypatch.setattr("course.checks._hints_given", {})
    kernel.watch()
    made.run(IMPORT, "tools")
    return made


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ("def ball_step(variable, velocity gradient):\n    ...", "SyntaxError"),
        ("ball_step = nesterov", "NameError (name 'nesterov' is not defined, line 1)"),
        ("1 / 0\n" + RIGHT, "ZeroDivisionError (division by zero, line 1)"),
        ("import nothing_of_the_kind\n" + RIGHT, "ModuleNotFoundError"),
    ],
)
@pytest.mark.parametrize("with_ids", [True, False])
def test_a_tick_is_never_about_an_older_answer(notebook, slip, told, with_ids):
    cell = "step-answer" if with_ids else None
    notebook.run(RIGHT, cell)
    assert notebook.run('check("04.step")').startswith("✓")
    notebook.run(slip, cell)
    said = " ".join(notebook.run('check("04.step")').split())
    assert said.startswith("✗ The cell with your answer stopped with a " + told)
    assert "What `ball_step` is now comes from before." in said
    notebook.run(RIGHT, cell)
    assert notebook.run('check("04.step")').startswith("✓")


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (RIGHT.replace("ball_step", "ballstep"), "Your cell defines `ballstep`; `ball_step` is"),
        ("# later", "Write it there again."),
    ],
)
def test_a_tick_is_never_about_an_answer_that_its_cell_no_longer_gives(notebook, slip, told):
    notebook.run(RIGHT, "step-answer")
    notebook.run(slip, "step-answer")
    said = " ".join(notebook.run('check("04.step")').split())
    assert said.startswith("✗ The cell with your answer was run, and gives no `ball_step` any more")
    assert told in said and "What `ball_step` is now comes from before." in said
    notebook.run(RIGHT, "mine")  # it may stand in another cell
    assert notebook.run('check("04.step")').startswith("✓")


def test_a_word_without_quotes_and_a_name_without_a_value_are_told_apart(notebook):
    notebook.run("most_friction_first = CAB", "portrait-answer")
    assert 'Letters stand in quotes: "CAB".' in notebook.run('check("04.portrait")')
    notebook.run("terminal_velocity = -learning_rate * 2", "terminal-answer")
    said = " ".join(notebook.run('check("04.terminal")').split())
    assert "No line gives `learning_rate` a value. Run it again" in said


@pytest.mark.parametrize(
    "given", ["exec('ball_step = f')", "from mine import *", "%time ball_step = f"]
)
def test_an_answer_that_is_given_in_another_way_is_taken(notebook, given):
    notebook.run(RIGHT, "step-answer")
    notebook.run("import sys, types; f = ball_step; sys.modules['mine'] = types.ModuleType('mine')")
    notebook.run("sys.modules['mine'].ball_step = f")
    notebook.run(given, "step-answer")
    assert notebook.run('check("04.step")').startswith("✓")


@pytest.mark.parametrize("before", ["", "\n\n", "# mine\n\n"])
@pytest.mark.parametrize("after", ["ball_step(1.0)", "print(nu)", "raise ValueError('!')"])
def test_a_cell_that_fails_after_its_answer_has_an_answer(notebook, before, after):
    notebook.run(before + RIGHT + after, "step-answer")
    assert notebook.run('check("04.step")').startswith("✓")


@pytest.mark.parametrize("other", ["1 / 0", "ball_step(1.0)", "print(ball_step"])
def test_another_cells_error_is_not_the_answers(notebook, other):
    notebook.run(RIGHT, "step-answer")
    notebook.run(other, "mine")
    assert notebook.run('check("04.step")').startswith("✓")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (RIGHT.replace("ball_step", "step"), "Your cell defines `step`; `ball_step` is wanted."),
        ("def rule(v):\n    return v\n" + RIGHT.replace("ball_step", "ballstep"), "`ballstep`"),
    ],
)
def test_a_function_under_another_name_is_named(notebook, source, told):
    notebook.run(source, "step-answer")
    said = notebook.run('check("04.step")')
    assert "ball_step is not there yet" in said
    assert told in said


def test_an_answer_cell_that_is_gone_can_be_had_back(notebook, monkeypatch, tmp_path):
    sheet = json.loads((paths.material() / "exercises/04_momentum_as_friction.ipynb").read_text())
    file = tmp_path / "04_momentum_as_friction.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(file))
    file.write_text(json.dumps(sheet))
    assert "course reset" not in notebook.run('check("04.step")')
    names = [cell["metadata"].get("name") for cell in sheet["cells"]]
    del sheet["cells"][names.index("step-answer")]
    file.write_text(json.dumps(sheet))
    assert "is gone. Have it back: course reset 04.step" in notebook.run('check("04.step")')
    assert "course reset" not in notebook.run('check("04.goal")')
    notebook.run(RIGHT, "step-answer")
    said = notebook.run('check("04.step")')
    assert said.startswith("✓") and "not in the notebook as it was saved" in said
    sheet["cells"].append({"cell_type": "code", "metadata": {}, "source": RIGHT})
    file.write_text(json.dumps(sheet))
    assert "saved" not in notebook.run('check("04.step")')
    notebook.run("del ball_step")
    file.write_text("[1, {")
    assert "ball_step is not there yet" in notebook.run('check("04.step")')


def test_a_cell_that_was_run_before_the_given_one_is_told_which_to_run(notebook):
    notebook.run("terminal_velocity = np.float64(-2)", "terminal-answer")
    said = " ".join(notebook.run('check("04.terminal")').split())
    assert "`np` comes from the sheet's cell “given”: run that first." in said
    notebook.run(RIGHT.replace("momentum *", "np.multiply(momentum, 1) *"), "step-answer")
    said = " ".join(notebook.run('check("04.step")').split())
    assert "`np` comes from the cell “given” of this sheet: run that one first." in said


def test_a_thing_of_another_kind_under_the_right_name_is_told(notebook):
    notebook.run("ball_step = 3.0", "step-answer")
    assert "ball_step must be a function; it is 3.0." in notebook.run('check("04.step")')
    notebook.run("def rates():\n    return 1.0, 0.9", "goal-answer")
    assert "rates is the function rates" in notebook.run('check("04.goal")')


def test_where_nothing_is_defined_no_other_name_is_made_up(notebook):
    notebook.run("v = 3", "step-answer")
    assert "Your cell defines" not in notebook.run('check("04.step")')


def test_untouched_is_said_of_the_sheets_own_lines_only(notebook):
    starter = "def ball_step(variable, velocity, gradient, learning_rate, momentum):\n"
    notebook.run(starter + "    ...\n    return variable, velocity", "step-answer")
    assert "put your lines in place of the dots" in notebook.run('check("04.step")')
    notebook.run(starter + "    return variable, velocity", "step-answer")
    said = notebook.run('check("04.step")')
    assert "in place of the dots" not in said
    assert "w is variable as it came in." in said


def test_a_sheet_is_listed_one_line_a_task(notebook):
    notebook.run(RIGHT, "step-answer")
    notebook.run("terminal_velocity = 2", "terminal-answer")
    lines = notebook.run('check("04")').splitlines()
    assert lines[0] == "✓ 04.step  One step of the ball"
    assert lines[1] == "✗ 04.terminal  The speed on an endless slope"
    assert lines[2].startswith("○ 04.physics") and lines[2].endswith(": not answered yet")
    assert lines[-1] == 'Next: check("04.terminal")'


def test_check_alone_is_about_the_next_task_of_the_notebooks_sheet(notebook, monkeypatch):
    assert "ball_step is not there yet" in notebook.run("check()")
    notebook.run(RIGHT, "step-answer")
    assert "terminal_velocity is not there yet" in notebook.run("check()")
    monkeypatch.setenv("JPY_SESSION_NAME", "somewhere/mine.ipynb")
    notebook.run('hint("04.step")')
    assert "terminal_velocity is not there yet" in notebook.run("check()")


def test_a_task_is_found_by_its_short_name_and_by_its_function(notebook):
    notebook.run(RIGHT, "step-answer")
    assert notebook.run("check(ball_step)").startswith("✓ One step of the ball")
    for name in ("step", "4.step", "04.Step", " 04.step"):
        assert notebook.run(f"check({name!r})").startswith("✓ One step of the ball")
    assert notebook.run('hint("step")').startswith("Hint 1 of 3")


def test_a_short_name_that_many_sheets_have_lists_them_elsewhere(notebook, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "notes.ipynb")
    kernel_is_new(monkeypatch)
    assert '"04.step"' in notebook.run('check("step")')
    assert '"05.step"' in notebook.run('check("step")')
    assert notebook.run('hint("overwriting")').startswith("Hint 1")
    assert "Write check" in notebook.run("check()")


def kernel_is_new(monkeypatch):
    monkeypatch.setattr("course.checks._asked_last", [])


@pytest.mark.parametrize(
    ("name", "near"), [("04.stop", "04.step"), ("stop", "04.step"), ("04.portait", "04.portrait")]
)
def test_a_wrong_name_is_answered_with_the_nearest(notebook, name, near):
    said = " ".join(notebook.run(f"check({name!r})").split())
    assert "Did you mean" in said and near in said.partition("Did you mean")[2]


def test_a_chapter_without_exercises_and_a_thing_that_is_no_task_are_told(notebook):
    assert "Chapter 99 has no exercises" in notebook.run('check("99")')
    assert "No task is called" in notebook.run("check(3.5)")
    assert "asks about no picture" in notebook.run('show("04.step")')


def test_an_answer_that_changes_the_callers_array_is_told_so_where_it_holds(notebook):
    notebook.run(
        """def ball_step(variable, velocity, gradient, learning_rate, momentum):
    velocity *= momentum
    velocity -= learning_rate * gradient
    return variable + velocity, velocity
""",
        "step-answer",
    )
    said = notebook.run('check("04.step")')
    assert said.startswith("✓")
    assert "it changes its argument velocity in place" in " ".join(said.split())


def test_kernels_of_course_lab_have_check_hint_and_show_from_the_start(notebook):
    fresh = Notebook()
    fresh.shell.safe_execfile(Path(kernel_startup.__file__), fresh.shell.user_ns)
    said = fresh.run('check("04.step")')
    assert "ball_step is not there yet. Run the cell with your answer first." in said
    assert fresh.run('hint("04.step")').startswith("Hint")
