"""The self-test of checks: what must fail fails, with its own sentence; what is right passes."""

from dataclasses import replace

import numpy as np
import pytest

from course.checks import CheckFailed, calling, chapter_tasks, check, find, hint
from course.checks.tasks import Case, Mistake, Rule, Task
from course.publish.notebooks import ROOT, read_source
from tests.checks.accepted import ACCEPTED, SURVIVORS
from tests.checks.mutants import survivors

CHAPTERS = [path.stem[:2] for path in sorted((ROOT / "solutions/source").glob("*.py"))]
TASKS = [task for chapter in CHAPTERS for task in chapter_tasks(chapter)]


def by_name(task):
    return task.name if isinstance(task, Task) else None


def answers(chapter, kind):
    """The names that a sheet's cells of one kind ("starter" or "answer") define."""
    (path,) = (ROOT / "solutions/source").glob(f"{chapter}_*.py")
    names = {}
    for cell in read_source(path).cells:
        tags = cell.metadata.get("tags", [])
        given = cell.cell_type == "code" and not {"answer", "starter", "check", "feedback"} & {
            *tags
        }
        if given or kind in tags:
            exec(cell.source, names)
    return names


@pytest.mark.parametrize("task", TASKS, ids=by_name)
def test_an_untouched_sheet_fails_the_task(task):
    assert not task.look(answers(task.name[:2], "starter")[task.asks]).passed


@pytest.mark.parametrize("task", TASKS, ids=by_name)
def test_the_solution_passes(task):
    finding = task.look(answers(task.name[:2], "answer")[task.asks])
    assert finding.passed, finding.lines


@pytest.mark.parametrize("task", TASKS, ids=by_name)
def test_the_reference_passes(task):
    finding = task.look(task.reference)
    assert finding.passed, finding.lines


@pytest.mark.parametrize(
    ("task", "mistake"),
    [(task, mistake) for task in TASKS for mistake in task.mistakes],
    ids=lambda each: by_name(each) or "",
)
def test_each_known_mistake_fails_with_its_own_sentence(task, mistake):
    finding = task.look(mistake.answer)
    assert not finding.passed
    assert finding.lines[-1].strip() == mistake.because


@pytest.mark.parametrize(
    ("name", "variant"), [(name, variant) for name in ACCEPTED for variant in ACCEPTED[name]]
)
def test_each_accepted_variant_passes(name, variant):
    finding = find(name).look(variant)
    assert finding.passed, finding.lines


def test_every_writing_task_has_two_accepted_variants():
    assert all(len(ACCEPTED.get(task.name, ())) >= 2 for task in TASKS if isinstance(task, Rule))


@pytest.mark.parametrize("task", TASKS, ids=by_name)
def test_a_task_has_three_hints_and_at_least_two_known_mistakes(task):
    assert len(task.hints) == 3
    assert len(task.mistakes) >= 2
    assert task.points >= 0


def statements(path):
    """The words of each statement of a sheet: all that is read from its title to its check."""
    asked, said = None, {}
    for cell in read_source(path).cells:
        if cell.id.endswith("-task"):
            asked = cell.id.removesuffix("-task")
        if cell.cell_type == "markdown" and asked:
            lines = [line for line in cell.source.splitlines() if not line.startswith("## ")]
            said.setdefault(asked, []).extend(" ".join(lines).split())
        asked = None if "check" in cell.metadata.get("tags", []) else asked
    return said


def test_points_are_as_the_instructors_guide_says():
    said = " ".join((ROOT / "docs/instructors.md").read_text(encoding="utf-8").split())
    points = {c: sum(task.points for task in chapter_tasks(c)) for c in CHAPTERS}
    last = points.pop(CHAPTERS[-1])
    assert f"sheets have {min(points.values())} to {max(points.values())} each" in said
    assert f"chapter {CHAPTERS[-1]}'s {last}." in said
    free = sum(not task.points for task in TASKS)
    assert f"Of {len(TASKS)} tasks {free} are worth no marks" in said


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_statement_has_150_words_at_most(chapter):
    (path,) = (ROOT / "solutions/source").glob(f"{chapter}_*.py")
    said = statements(path)
    assert {f"{chapter}.{name}" for name in said} == {task.name for task in chapter_tasks(chapter)}
    assert not {name: len(words) for name, words in said.items() if len(words) > 150}


@pytest.mark.parametrize("task", [t for t in TASKS if isinstance(t, Rule)], ids=by_name)
def test_every_mutant_of_the_reference_is_rejected(task, monkeypatch):
    monkeypatch.setattr(calling, "LIMIT", 1.0)
    total, alive = survivors(task)
    assert total >= 3
    assert {*alive} == {*SURVIVORS.get(task.name, {})}, f"{total - len(alive)} of {total} rejected"


STEP = find("04.step")


def wrong(answer, words, task=STEP):
    finding = task.look(answer)
    assert not finding.passed
    assert words in "\n".join(finding.lines)


def test_a_function_that_returns_nothing_is_told_how_to_end():
    wrong(lambda *arguments: None, "ball_step returned nothing (None); end it with: return w, v")


def test_a_function_that_raises_is_told_what_it_raised():
    wrong(lambda *arguments: 1 / 0, "ball_step raised ZeroDivisionError: division by zero")


def test_a_function_with_too_few_parameters_is_told():
    wrong(lambda w: (w, w), "ball_step raised TypeError")


def test_a_function_that_returns_one_value_of_two_is_told_which_are_wanted():
    wrong(lambda w, *rest: w, "2 values are wanted: w, v")


def test_a_wrong_answer_that_raises_in_a_later_case_is_still_explained():
    def subtracts_and_takes_numbers_only(w, v, g, eta, beta):
        v = beta * v - eta * float(g)
        return w - v, v

    wrong(subtracts_and_takes_numbers_only, "expected  w = 0.8")


def test_words_are_no_numbers():
    wrong(lambda *arguments: ("left", "right"), "which is no number")


def test_an_answer_that_is_no_function_is_told():
    wrong(3.0, "ball_step must be a function; it is 3.0.")


def test_a_wrong_shape_is_named():
    def widens(w, v, g, eta, beta):
        return np.atleast_2d(w), np.atleast_2d(v)

    wrong(widens, "w must be one number; yours has shape (1, 1).")


def test_nan_is_shown_as_what_came_and_explained():
    wrong(lambda *arguments: (np.nan, np.nan), "yours     w = nan   v = nan")
    wrong(lambda *arguments: (np.nan, np.nan), '"not a number", comes from 0/0')


def test_a_wrong_shape_is_told_before_a_nan_that_it_brought():
    wrong(lambda *arguments: ([np.nan, 1.0], 1.0), "w must be one number; yours has shape (2,).")


def test_print_in_the_place_of_return_is_told():
    wrong(lambda *arguments: print("w = 1"), "printed 'w = 1' and returned nothing (None); write")


@pytest.mark.parametrize("swallows", [False, True])
def test_an_endless_loop_is_interrupted_and_told(monkeypatch, swallows):
    def never_ends(w, v, g, eta, beta):
        while True:
            try:
                w = w + v
            except BaseException:
                if not swallows:
                    raise
                break
        while True:
            v = v + w

    monkeypatch.setattr(calling, "LIMIT", 0.2)
    wrong(never_ends, "ball_step has not ended after 0.2 seconds. Look for a loop whose condition")


def test_a_rule_that_must_be_pure_may_not_change_its_arguments():
    def in_place(w, v, g, eta, beta):
        v *= beta
        v -= eta * g
        return w + v, v

    random = np.random.default_rng(0)
    arrays = (Case("two weights", (*random.normal(size=(3, 2)), 0.1, 0.9)),)
    assert replace(STEP, shown=arrays).look(in_place).passed
    wrong(
        in_place, "ball_step changed its argument number 2", replace(STEP, shown=arrays, pure=True)
    )


def test_a_pure_rule_may_be_given_words():
    task = replace(
        STEP,
        results=("count",),
        reference=lambda names: len(names),
        shown=(Case("two names", (["kernel", "bias"],)),),
        draw=lambda random: (["bias"],),
        mistakes=(),
        pure=True,
    )
    assert task.look(len).passed
    wrong(lambda names: [len(names), names.clear()][0], "argument number 1 in place", task)


def test_an_unfilled_number_and_an_unfilled_pair_are_told_where_the_answer_goes():
    wrong(..., "still `...`; put your answer in its place", find("04.terminal"))
    wrong((..., ...), "still `...`; put your answer in its place", find("04.goal"))


def test_a_choice_may_be_written_with_commas_or_as_a_list():
    task = find("04.portrait")
    assert task.look(", ".join(task.reference)).passed
    assert task.look([*task.reference.lower()]).passed


def test_a_known_slip_is_recognised_after_rounding_and_a_rounded_answer_is_not_right():
    task = replace(find("04.terminal"), reference=2 / 3, mistakes=(Mistake(1 / 3, "Twice that."),))
    assert task.look(0.3333).lines[-1].strip() == "Twice that."
    assert not task.look(0.6667).passed


def test_an_unfilled_choice_is_told_where_the_answer_goes():
    wrong(..., "still `...`; put your answer in its place", find("04.portrait"))


def test_a_rule_that_returns_the_dots_is_told():
    wrong(lambda *arguments: ..., "ball_step still returns `...`; put your answer in its place")


def test_a_choice_outside_the_options_lists_them():
    wrong("first", '"ABC", "ACB"', find("04.portrait"))


def test_check_finds_the_answer_in_the_notebook_that_calls(capsys):
    notebook = {"check": check, "ball_step": STEP.reference}
    exec('check("04.step")', notebook)
    assert capsys.readouterr().out.startswith("✓ One step of the ball\n    from rest: w = 0.8")


def test_check_without_an_answer_says_that_it_is_not_there_yet():
    with pytest.raises(CheckFailed, match="ball_step is not there yet"):
        exec('check("04.step")', {"check": check})


def test_a_failed_check_shows_no_traceback_in_jupyter():
    failed = CheckFailed("✗ from rest\n    expected  w = 0.8")
    assert failed._render_traceback_() == ["✗ from rest", "    expected  w = 0.8"]


def test_after_its_last_task_a_sheet_says_where_to_go_on(capsys):
    solution = chapter_tasks("05")[-1].reference
    exec('check("05.goal")', {"check": check, find("05.goal").asks: solution})
    *_, last, following = capsys.readouterr().out.splitlines()
    assert last == "That was the last task of this sheet."
    assert following == "Next: chapter 06, Weight decay, in notebooks/06_weight_decay.ipynb."


def test_the_last_sheet_of_all_leads_to_what_stays_useful(capsys):
    last = chapter_tasks(CHAPTERS[-1])[-1]
    exec(f'check("{last.name}")', {"check": check, last.asks: last.reference})
    said = capsys.readouterr().out
    assert "That was the last task of the last sheet." in said
    assert "notebooks/15_cheat_sheet.ipynb" in said


def test_jupyter_gets_long_sentences_in_lines_that_end_between_words():
    lines = CheckFailed("✗ from rest\n    " + "downhill " * 20)._render_traceback_()
    assert lines[1:] == ["    " + "downhill " * 8 + "downhill"] * 2 + ["    downhill downhill"]


def test_a_mistyped_name_shows_no_traceback_in_jupyter():
    with pytest.raises(KeyError) as failed:
        hint("04.stop")
    assert failed.value._render_traceback_()[0].startswith(
        "No task is called '04.stop'; chapter 04"
    )


def test_hints_go_from_vague_to_concrete_and_stay_at_the_last(capsys):
    for _ in range(4):
        hint("04.goal")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:11] for line in lines] == [
        "Hint 1 of 3",
        "Hint 2 of 3",
        "Hint 3 of 3",
        "Hint 3 of 3",
    ]


def test_an_unknown_task_lists_those_that_exist():
    with pytest.raises(KeyError, match="04.step, 04.terminal"):
        find("04.stop")
    with pytest.raises(KeyError, match="Chapter 99 has no exercises"):
        find("99.step")


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("04.terminal", (-2, 0), "a decimal point is a dot"),
        ("05.landing", (1, 12), "a decimal point is a dot"),
        ("04.goal", (3, 3, 0, 669), "a decimal point is a dot"),
        ("05.landing", "w = 1.12", "Leave out the quotes"),
        ("04.goal", "3.3, 0.67", "Leave out the quotes"),
    ],
)
def test_numbers_in_another_spelling_are_told_how_python_writes_them(name, answer, words):
    wrong(answer, words, find(name))


def test_three_numbers_in_place_of_two_are_no_decimal_commas():
    assert "dot" not in "".join(find("04.goal").look((1.0, 0.5, 0.2)).lines)


FIXED = """def ball_step(variable, velocity, gradient, learning_rate, momentum):
    velocity = 0.9 * velocity - 0.1 * gradient
    return variable + velocity, velocity
"""


def look_at(source, name):
    """The `Finding` on an answer that stands in a cell of this text."""
    names, task = {"np": np}, find(name)
    exec(source, names)
    return task.look(names[task.asks], source)


def test_what_comes_in_and_is_never_used_is_named():
    found = look_at(FIXED, "04.step")
    assert found.because.endswith(
        "What comes in as `learning_rate` and `momentum` is used in none of your lines."
    )
    found = look_at(FIXED.replace("0.1", "learning_rate"), "04.step")
    assert "as `momentum` is used in none" in found.because
    same = "def blame(weights, gradients, learning_rate):\n    return 1\n"
    assert "`weights` and `gradients` and `learning_rate`" in look_at(same, "14.blame").because


def test_who_uses_all_that_comes_in_is_not_told_otherwise():
    used = (
        "def blame(weights, gradients, rate):\n    return 1 + 0 * rate * len([weights, gradients])"
    )
    found = look_at(used, "14.blame")
    assert "same in every case" in found.because and "none of your lines" not in found.because


@pytest.mark.parametrize(
    ("source", "name", "words"),
    [
        (
            "def is_broken(step):\n    assert step(1.0, 0.0, 2.0, 0.1, 0.9)[0] > 0.9",
            "14.catch",
            "An assert in your lines",
        ),
        (
            FIXED.replace("variable + velocity,", "round(variable + velocity, 9),"),
            "04.step",
            "one number",
        ),
    ],
)
def test_an_exception_of_everyday_is_told_what_it_means(source, name, words):
    found = look_at(source, name)
    assert words in found.lines[-1] or words in found.because
    assert not any(line.endswith(":") for line in found.lines)


def test_two_arguments_that_are_changed_are_named_as_two():
    def in_place(variable, velocity, gradient, learning_rate, momentum):
        velocity *= momentum
        velocity -= learning_rate * gradient
        variable += velocity
        return variable, velocity

    (remark,) = find("04.step").look(in_place).remarks
    assert "it changes its arguments variable and velocity in place" in remark
