"""Hidden cells: every right way passes, every known mistake fails, and nothing in them tells."""

import ast
import contextlib
import io
import json
import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import paths
from course.checks import broken_steps, calling, chapter_tasks, resuming
from course.checks.tasks import Case, Goal, Resumed, Rule
from course.grading import check_cells
from course.grading.sandbox.inside import codec
from tests.checks.accepted import ACCEPTED
from tests.checks.mutants import survivors_of

SEEDS = (0, 1, 2, 3, 2**31, 987654321987654321)
FIFTY = range(100, 150)
TASKS = [task for sheet in paths.sheets() for task in chapter_tasks(sheet[:2])]
#: Those whose answer is a function; a Keras class is asked in real children (test_resumed.py).
RULES = [task for task in TASKS if isinstance(task, Rule) and not isinstance(task, Resumed)]


def by_name(each):
    return getattr(each, "name", None)


@pytest.fixture(scope="module", autouse=True)
def keras_has_started():
    """Not within the seconds that an answer may take."""
    from course.quietly import keras  # noqa: F401


@pytest.fixture(scope="module", autouse=True)
def inside():
    """What the marking child has under these names."""
    brought = {"broken_steps": broken_steps, "calling": calling, "resuming": resuming}
    kept = {name: sys.modules.get(name) for name in (*brought, "codec", "check_calls")}
    sys.modules |= brought | {"codec": codec}
    from course.grading.sandbox.inside import check_calls

    sys.modules["check_calls"] = check_calls
    yield
    for name, module in kept.items():
        sys.modules.pop(name) if module is None else sys.modules.update({name: module})


def printed(cell, task, answer):
    """What a cell prints where the answer is defined."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(cell, {task.asks: answer})
    return out.getvalue()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", RULES, ids=by_name)
def test_every_accepted_variant_prints_what_the_reference_prints(task, seed):
    cell = check_cells.hidden_cell(task, seed)
    expected = printed(cell, task, task.reference)
    for variant in ACCEPTED[task.name]:
        assert printed(cell, task, variant) == expected


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", RULES, ids=by_name)
def test_every_known_mistake_prints_something_else_unless_a_shown_case_tells(task, seed):
    cell = check_cells.hidden_cell(task, seed)
    expected = printed(cell, task, task.reference)
    for mistake in task.mistakes:
        if not told_by_a_shown_case(task, mistake.answer):
            assert printed(cell, task, mistake.answer) != expected, mistake.because


def told_by_a_shown_case(task, answer):
    cases = [case.arguments for case in task.shown]
    found = [calling.ask(each, cases, task.asks, task.results) for each in (task.reference, answer)]
    return str(found[0]) != str(found[1])


def in_float32(task):
    """The reference as somebody computes it in 32 bits; its results carry that rounding."""

    def coarse(value):
        if isinstance(value, np.ndarray | np.floating) and value.dtype.kind == "f":
            return value.astype(np.float32)
        if isinstance(value, list | tuple):
            return type(value)(map(coarse, value))
        return value

    def answer(*arguments):
        found = calling.call(task.reference, coarse(arguments), task.asks, task.results)
        found = [value.astype(np.float32) for value in found]
        return found if len(found) > 1 else found[0]

    return answer


def off_by(task, share):
    """The reference, each of its numbers off by so much of its own size or of the largest's."""

    def answer(*arguments):
        found = calling.call(task.reference, arguments, task.asks, task.results)
        for value in found:
            sizes = np.abs(value[np.isfinite(value)])
            value += random.choice([-1, 1], value.shape) * share * max(sizes, default=0.0)
        return found if len(found) > 1 else found[0]

    random = np.random.default_rng(0)
    return answer


@pytest.mark.parametrize("task", RULES, ids=by_name)
def test_a_right_answer_in_32_bits_is_right(task):
    finding = task.look(in_float32(task))
    assert finding.passed, finding.lines


@pytest.mark.parametrize(
    ("name", "seed"), [("02.epoch", 1296), ("12.compare", 3052), ("12.compare", 3413)]
)
def test_no_case_is_drawn_in_which_large_numbers_cancel(name, seed):
    (task,) = [task for task in RULES if task.name == name]
    cell = check_cells.hidden_cell(task, seed)
    assert printed(cell, task, in_float32(task)) == printed(cell, task, task.reference)


@pytest.mark.parametrize("task", RULES, ids=by_name)
def test_no_mark_depends_on_the_seed(task):
    """What the notebook's check refuses is refused at every seed, as it is asked first.

    So only what it lets pass could: other right ways, in 32 bits, too, answers as far off as it
    allows, and the mutants that survive it.
    """
    mutants = [mutant for _, mutant in survivors_of(task)]
    others = [in_float32(task), off_by(task, 9e-7), off_by(task, 5e-6)]
    let_pass = [each for each in others if task.look(each).passed]
    for seed in FIFTY:
        cell = check_cells.hidden_cell(task, seed)
        expected = printed(cell, task, task.reference)
        for answer in (*ACCEPTED[task.name], *let_pass, *mutants):
            assert printed(cell, task, answer) == expected, seed


@pytest.mark.parametrize("task", TASKS, ids=by_name)
def test_a_visible_cell_gives_the_finding_of_the_notebooks_check(task):
    answers = [task.reference, *[mistake.answer for mistake in task.mistakes[:2]]]
    answers += [None, ..., 3.0, "nonsense", lambda *arguments: None, lambda: 1 / 0, print, [1], {}]
    for answer in answers:
        found = check_cells.finding(task, printed(check_cells.visible_cell(task), task, answer))
        assert found == task.look(answer)


@pytest.mark.long
@pytest.mark.parametrize("task", TASKS, ids=by_name)
def test_a_visible_cell_finds_every_known_mistake(task):
    for mistake in task.mistakes:
        found = check_cells.finding(
            task, printed(check_cells.visible_cell(task), task, mistake.answer)
        )
        assert found.because == mistake.because


def cases_in(cell):
    """The cases that stand in a cell."""
    (call,) = ast.parse(cell).body
    return json.loads(ast.literal_eval(call.value.args[3]))


@pytest.mark.parametrize("task", RULES, ids=by_name)
def test_cells_are_the_same_for_a_seed_and_hold_neither_reference_nor_verdict(task):
    for cell in (check_cells.hidden_cell(task, 5), check_cells.visible_cell(task)):
        assert cell in (check_cells.hidden_cell(task, 5), check_cells.visible_cell(task))
        assert cell.startswith("__import__('check_calls').")
        assert not any(word in cell for word in ("assert", "expected", "passed", "course"))


@pytest.mark.parametrize("task", RULES, ids=by_name)
def test_another_seed_draws_other_inputs_and_none_of_the_visible_ones(task):
    cells = {check_cells.hidden_cell(task, seed) for seed in SEEDS}
    assert len(cells) == len(SEEDS)
    drawn = [codec.encode(case.arguments) for case in task.cases()[len(task.shown) :]]
    for cell in cells:
        assert not any(json.dumps(each) in cell for each in drawn)


def test_the_units_do_not_give_the_results_away():
    """They tell how large the largest number is, and of each the half of a step it lies in."""
    cases = cases_in(check_cells.hidden_cell(RULES[0], 3))
    assert len(cases) >= RULES[0].drawn
    for _, units in cases:
        for place, halves in units:
            assert isinstance(place, int) and set(halves) <= {0, 1}


@pytest.mark.parametrize("task", [t for t in TASKS if isinstance(t, Goal)], ids=by_name)
def test_every_choice_that_reaches_a_goal_is_right_and_no_other_one_is(task):
    cell = check_cells.visible_cell(task)
    for answer in (task.reference, *ACCEPTED[task.name]):
        assert check_cells.finding(task, printed(cell, task, answer)).passed
    for mistake in task.mistakes:
        assert not check_cells.finding(task, printed(cell, task, mistake.answer)).passed


@pytest.mark.parametrize("text", ["right", '"right"', "true", "[true]", "passed", "1", "✓", "[[]]"])
def test_no_text_is_a_verdict(text):
    for task in TASKS:
        with contextlib.suppress(ValueError):
            assert not check_cells.finding(task, text).passed


numbers = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=5)


@given(numbers, st.floats(-2e-5, 2e-5))
def test_what_is_off_by_a_fifty_thousandth_of_the_largest_number_prints_the_same(values, share):
    values, units = np.array(values), check_cells._units(values)
    off = share * max(check_cells.TINY, np.abs(values).max())
    assert codec.in_units(values + off, units) == codec.in_units(values, units)


@given(numbers, st.sampled_from([-1, 1]))
def test_a_percent_of_the_largest_number_is_always_seen(values, sign):
    values, units = np.array(values), check_cells._units(values)
    off = sign * 0.01 * max(check_cells.TINY, np.abs(values).max())
    assert codec.in_units(values + off, units) != codec.in_units(values, units)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0, "0"),
        (1e-12, "0"),
        (-3e-10, "0"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (-0.2, "-2000"),
    ],
)
def test_there_is_no_minus_zero_and_what_is_tiny_or_no_number_is_spelt(value, text):
    assert codec.steps(value, -4) == text


@pytest.mark.parametrize(
    "value",
    [
        1,
        -2.5,
        True,
        None,
        "word",
        np.float32(0.1),
        np.int64(3),
        np.arange(6.0).reshape(2, 3),
        np.zeros((0, 2)),
        np.array([True, False]),
        (1, [2.0, np.array([np.nan, np.inf])]),
        {"a": 1.0, "b": (2, None)},
    ],
)
def test_values_come_back_as_they_were(value):
    back = codec.decode(json.loads(json.dumps(codec.encode(value))))
    assert repr(back) == repr(value)
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "evil",
    [
        {"array": [], "dtype": "<f8", "shape": [10**9, 0]},
        {"array": ["x"], "dtype": "S1000000000", "shape": [1]},
        {"array": [0], "dtype": "V1000000000", "shape": [1]},
        {"array": [0], "dtype": "O", "shape": [1]},
        {"array": [0], "dtype": "f8," * 30_000, "shape": [1]},
        {"array": [1], "dtype": "<f8", "shape": [1] * 50_000},
        {"array": [1], "dtype": "<f8", "shape": [9] * 50_000},
        {"array": [1], "dtype": "<f8", "shape": [2]},
    ],
)
def test_an_array_that_would_fill_the_judges_memory_or_time_is_refused(evil):
    with pytest.raises(ValueError, match=r"no array|reshape"):
        codec.decode(evil)


@pytest.mark.parametrize("task", [t for t in TASKS if isinstance(t, Goal)], ids=by_name)
def test_no_choice_of_numbers_keeps_the_judge_busy(task):
    for size in (0.0, -1.0, 1e-300, 0.5, 1e9, 1e300, -1e300):
        for other in (size, 0.5):
            chosen = [size, *[other] * (len(task.results) - 1)]
            text = json.dumps(codec.encode([np.asarray(x) for x in chosen]))
            with calling.time_limit(task.asks):  # raises NotAnAnswer where it takes seconds
                check_cells.finding(task, text)


def test_what_is_no_plain_value_is_refused():
    with pytest.raises(TypeError, match="function is no plain value"):
        codec.encode(lambda: 0)


def test_a_pure_rules_arguments_are_printed_after_the_call():
    def keeps(a):
        return a * 2

    def changes(a):
        a *= 2
        return a

    task = Rule(
        name="99.pure",
        title="Twice",
        asks="twice",
        points=1,
        hints=(),
        results=("a",),
        reference=keeps,
        shown=(Case("two numbers", (np.array([1.0, 2.0]),)),),
        draw=lambda random: (random.normal(size=2),),
        pure=True,
    )
    cell = check_cells.hidden_cell(task, 0)
    assert printed(cell, task, keeps) == printed(cell, task, lambda a: a + a)
    assert printed(cell, task, keeps) != printed(cell, task, changes)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]x", "[" * 100_000, "[[1]]", '[["x"]]', "[1e999]", "9" * 5000, "[{}]"]
)
def test_what_no_check_prints_is_refused_or_wrong(text):
    for task in TASKS[:8]:
        with contextlib.suppress(ValueError):
            assert not check_cells.finding(task, text).passed
