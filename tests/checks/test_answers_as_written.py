"""What is said of answers that no task lists: of words, of None, of powers, shapes and orders."""

from dataclasses import replace

import numpy as np
import pytest

from course.checks import find
from course.checks.chapter_11.stages import STAGES, in_order
from course.checks.tasks import Goal, Mistake, Number, Rule
from tests.checks.accepted.chapter_11 import _given


def said(name, answer, source=None):
    finding = find(name).look(answer, source)
    assert not finding.passed
    return " ".join(finding.lines)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("CA", "Each letter is wanted once: B is missing."),
        (["A", "A", "B"], "A stands there more than once and C is missing."),
        ("CAD", "There are the letters A, B and C; D is none of them."),
        ("8C 32A 128B", "Write the letters alone, without numbers."),
        ({"A": 32, "B": 128, "C": 8}, "Write the letters alone, without numbers."),
        ((8, 32, 128), "Write the letters A, B and C in your order, in quotes."),
        (None, "Write the letters A, B and C in your order, in quotes."),
        (["C", ["B"], "A"], "Batch 8 is right."),
        (b"CBA", "Batch 8 is right."),
    ],
)
def test_a_word_that_is_no_choice_is_told_what_it_lacks(answer, says):
    assert says in said("12.batches", answer)


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("11.by_hand", None, "new_weight is None, which is no number; a number is wanted."),
        ("13.goal", None, "is None, which is no number; 2 numbers are wanted: devices, batch."),
        ("13.goal", (None, 3), "there is None in place of devices."),
        ("13.goal", {8, 1024}, "which has no order; write devices, batch with commas between."),
        ("04.step", lambda *given: (None, 1.0), "there is None in place of w"),
    ],
)
def test_none_and_sets_are_no_numbers(name, answer, says):
    assert says in said(name, answer)


def number(reference, *mistakes):
    return Number(
        name="04.x", title="", asks="x", points=0, hints=(), reference=reference, mistakes=mistakes
    )


@pytest.mark.parametrize(
    ("reference", "answer", "says"),
    [
        (-2.0, -5.0, "It is too far below 0."),
        (-2.0, -1.5, "It is not far enough below 0."),
        (2.0, 0.0, "It is too small."),
        (2.0, 3.0, "It is too large."),
        (0.975, 0.975001, "That is close, but rounded"),
        (-2.0, [-20.0], "The decimal point is at another place."),
    ],
)
def test_a_wrong_number_is_told_on_which_side_it_is(reference, answer, says):
    assert says in number(reference).look(answer).because


def test_one_number_in_a_list_is_that_number():
    assert number(2.0).look([2.0]).passed


def test_a_slips_own_number_goes_before_what_is_true_around_it():
    around = Mistake(4.0, "around", when=lambda x: x > 3)
    task = number(1.0, around, Mistake(5.0, "five"))
    assert [task.look(x).because for x in (5.0, 4.5, 4.0)] == ["five", "around", "around"]
    goal = find("04.goal")
    rates = goal.mistakes[0].answer
    first = Mistake((9.0, 9.0), "everywhere", when=lambda *numbers: True)
    known = replace(goal, mistakes=(first, *goal.mistakes))
    assert isinstance(goal, Goal) and known.look(rates).because == goal.mistakes[0].because


def test_a_slip_is_not_told_of_a_number_that_is_nearer_to_the_right_one():
    # 1 - 0.1 * 16 / 64 is right; the step was divided twice here, and is not 0.
    assert said("10.loop", 1 - 0.1 * 16 / 64**2).endswith("It is too large.")
    assert "it is not 0" in said("10.loop", 1.0)
    assert not find("10.loop").look(0.9751).passed


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (lambda g, h: g ^ h, "In Python `^` is no power: write `**`"),
        (lambda g, h: h @ np.ones(7), "ends with a length of 2, what stands to the right begins"),
        (lambda g, h: np.dot(np.ones(3), g), "The shapes (3,) and (2,) do not fit"),
        (lambda g, h: 2.0 @ g, "One side of `@` is a number"),
        (lambda g, h: np.linalg.inv(0 * h), "This matrix has no inverse"),
        (lambda g, h: np.linalg.inv(g), "of shape (n, n); what came in is 1-dimensional."),
        (lambda g, h: np.linalg.solve(np.ones((2, 3)), g), "A square matrix is wanted here"),
        (lambda g, h: [1, 2][g[0]], "A list is asked by a place, a whole number"),
    ],
)
def test_what_numpy_says_of_shapes_is_put_in_words(line, says):
    assert says in said("01.one_step", line)


def test_a_power_that_python_computes_as_something_else_is_named():
    assert "`^` is no power" in said("11.by_hand", 1 - 2 ^ 3, "new_weight = 1 - 2^3")
    assert "`^` is no power" not in said("11.by_hand", 7.0, "new_weight = 7.0")


ORDER = """def train(w, calls, settings):
    s = begin(w, settings)
    for gradient in calls:
        s.g = gradient
{calls}
    return s.w, s.average
"""
NAMES = {letter: stage.__name__[1:] for letter, stage in STAGES.items()}


def of_order(letters):
    """What is said of stages that are called in this order, as a learner writes them."""
    source = ORDER.format(calls="\n".join(f"        {NAMES[each]}(s)" for each in letters))
    names = _given()
    exec(source, names)
    return find("11.train").look(names["train"], source)


@pytest.mark.parametrize("seed", range(12))
def test_any_wrong_order_of_nine_stages_is_told_what_must_come_before_what(seed):
    letters = "".join(np.random.default_rng(seed).permutation(list(NAMES)))
    finding = of_order(letters)
    assert not finding.passed
    assert "Not right" not in finding.because
    for first, later, because in find("11.train").needs:
        if because in finding.because:
            names = [NAMES[each] for each in letters]
            assert names.index(first) > names.index(later)


def test_stages_that_are_missing_or_called_twice_are_named():
    assert "constrain is not called in the loop." in of_order("uacdmen").because
    assert "decay is called twice." in of_order("uacddmeokn").because


def test_the_order_in_the_text_is_not_spoken_of_where_the_function_does_otherwise():
    wrong = in_order("muacdeokn")
    source = ORDER.format(calls="        count(s)\n        unscale(s)")
    assert "count must come" not in find("11.train").look(wrong, source).because


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda rows: [1.5 * rows[0] - 0.5 * rows[0] + 0 * row for row in rows],
            "all is right; in",
        ),
        (lambda rows: [row + 0.25 for row in rows], "The first step, from rest, is wrong already."),
    ],
)
def test_an_optimizer_is_told_at_which_call_it_went_wrong(change, says):
    task = find("11.torch")
    assert says in said("11.torch", lambda *given: change(task.reference(*given)))


def test_what_is_said_by_rule_can_be_overridden_by_a_kind_of_task():
    class Told(Rule):
        def by_rule(self, answers, source=None):
            return f"{len(answers)} cases, from {source}"

    step = find("04.step")
    fields = {name: getattr(step, name) for name in step.__dataclass_fields__}
    finding = Told(**fields | {"mistakes": ()}).look(lambda *given: (3.0, 4.0), "x = 1")
    assert finding.because == f"{len(step.cases())} cases, from x = 1"
