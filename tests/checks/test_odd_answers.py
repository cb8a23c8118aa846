"""Whatever stands in an answer's cell and whatever it gives: a check reads it soon, and says so."""

import json
import warnings

import numpy as np
import pytest

from course import paths
from course.checks import answer_text, calling, chapter_tasks, exceptions, find
from course.checks.calling import Results, Sentence
from course.checks.tasks import Number
from course.grading import check_cells

STEP = find("04.step")
NUMBERS = [t for s in paths.sheets() for t in chapter_tasks(s[:2]) if isinstance(t, Number)]
HEAD = "def ball_step(variable, velocity, gradient, learning_rate, momentum):\n    return "
TINY, HUGE = 5e-324, 1e308


def by_name(each):
    return getattr(each, "name", None)


@pytest.mark.parametrize(
    "source",
    [
        HEAD + "+".join("1" * 2000),
        HEAD + "-" * 2500 + "1",
        HEAD + "a" + ".a" * 2500,
        HEAD + "lambda:" * 1000 + "1",
        HEAD + "(" * 150 + "1" + ")" * 150,
        HEAD + "0x" + "f" * 10_000,
        HEAD + "9" * 10_000,
        HEAD + "1\0",
        "x = 1\n" * 250_000 + HEAD + "1",
        f"def {'ball_step' * 100_000}(w):\n    return w",
        "".join(f"def b{i}(): 0\n" for i in range(60_000)),
    ],
    ids=lambda source: f"{source[-20:]!r}",
)
def test_no_text_of_a_cell_stops_a_check_or_keeps_it_busy(source):
    wrong = [Results([np.asarray(1.2), np.asarray(0.2)])] * len(STEP.cases())
    with calling.time_limit("it"):  # raises NotAnAnswer where it takes seconds
        assert not answer_text.is_untouched(STEP, source)
        assert not STEP.explain(wrong, source).passed
        answer_text.other_name(STEP, source)


def test_a_cell_too_long_to_be_read_is_not_parsed():
    line = "x = 1\n"
    assert answer_text.statements(line * (answer_text.LONGEST // len(line)))
    assert answer_text.statements(line * (answer_text.LONGEST // len(line) + 1)) is None


@pytest.mark.parametrize("text", [r"'\d'", r"'$\theta$'", "1if 1else 2"])
def test_to_read_a_cell_warns_of_nothing(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert answer_text.defines(f"x = {text}", "x")


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in exceptions._MEANS} | {"NameError"}))
@pytest.mark.parametrize(
    "part", ["only ", "unsupported operand type", "name 'a", "'a", "positional argument ball_step "]
)
def test_an_exceptions_text_is_read_in_a_time_that_does_not_grow_with_it(kind, part):
    text = f"ball_step raised {kind}: {part * (100_000 // len(part))}"
    with calling.time_limit("it"):
        exceptions.cause(STEP, Sentence(text, "raised", kind))


def test_such_a_text_in_a_forged_reply_is_told_as_what_it_is():
    text = f"ball_step raised TypeError: {'only ' * 19_000}"
    reply = json.dumps([{"said": text, "ended": "raised", "error": "TypeError"}])
    with calling.time_limit("it"):
        found = check_cells.finding(STEP, reply, HEAD + "1")
    assert (found.passed, found.ended, found.error) == (False, "raised", "TypeError")


@pytest.mark.parametrize("name", ["04.step", "05.step", "06.step"])
@pytest.mark.parametrize(
    "change",
    [
        lambda x: np.full_like(x, TINY),
        lambda x: 1e-310 * x,
        lambda x: np.full_like(x, HUGE),
        lambda x: 1e300 * x,
        lambda x: x / 0,
        lambda x: np.zeros(0),
        lambda x: np.zeros((0, 3)),
        lambda x: np.arange(30_000.0),
    ],
    ids=["tiny", "tiny times", "huge", "huge times", "inf", "empty", "no rows", "many"],
)
def test_no_results_stop_a_check(name, change):
    task = find(name)
    with np.errstate(all="ignore"):
        given = [Results(map(change, task._expected(case))) for case in task.cases()]
        found = task.explain(given)
    assert not found.passed
    assert len(found.because) < 1000


@pytest.mark.parametrize("task", NUMBERS, ids=by_name)
@pytest.mark.parametrize("number", [0.0, TINY, -TINY, HUGE, -HUGE, np.inf, np.nan, np.ones(5)])
def test_no_number_stops_a_check(task, number):
    assert not task.look(number).passed


class NoText:
    """Something that cannot be shown."""

    def __repr__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (10**400, "too large to be a float"),
        (-(10**5000), "too large to be a float"),
        (np.array([10**400]), "too large to be a float"),
        (NoText(), "something of type NoText"),
        ((NoText(), NoText()), "something of type tuple"),
        ({"x": NoText()}, "something of type dict"),
    ],
    ids=["int", "long int", "array of ints", "no text", "in a tuple", "in a dictionary"],
)
def test_what_a_function_returns_is_told_even_where_it_cannot_be_shown(value, says):
    (found,) = calling.ask(lambda: value, [()], "it", ("w",))
    assert says in found
