"""What is said by rule of a wrong answer is true of every case, and of no other answer."""

from itertools import permutations

import numpy as np
import pytest

from course import paths
from course.checks import answer_text, chapter_tasks, python_text
from course.checks.calling import Results, agree
from course.checks.tasks import Case, Mistake, Number, Order, Resumed, Rule

TASKS = [task for sheet in paths.sheets() for task in chapter_tasks(sheet[:2])]
RULES = [t for t in TASKS if isinstance(t, Rule) and not isinstance(t, Resumed)]


def by_name(each):
    return getattr(each, "name", "")


def pair(rate, gradient, steps):
    return rate * gradient * steps, gradient - rate


def drawn(random):
    return random.uniform(0.1, 0.9), random.normal(size=2), int(random.integers(2, 9))


PAIR = Rule(
    name="99.pair",
    title="Two results",
    asks="pair",
    points=1,
    hints=(),
    results=("move", "rest"),
    reference=pair,
    shown=(Case("one number", (0.5, 4.0, 1)), Case("two steps", (0.5, 3.0, 2))),
    draw=drawn,
    mistakes=(Mistake(lambda rate, gradient, steps: (0.0, 0.0), "Both are 0.", untouched=True),),
)
SERIES = Rule(
    name="99.series",
    title="A series",
    asks="series",
    points=1,
    hints=(),
    results=("table",),
    reference=lambda numbers: 2 * numbers,
    shown=(Case("three numbers", (np.array([1.0, 5.0, 2.0]),)),),
    draw=lambda random: (random.normal(size=5),),
)


def said(answer, task=PAIR, source=None):
    finding = task.look(answer, source)
    assert not finding.passed
    assert not finding.because or finding.lines[-1].strip() == finding.because
    return finding.because


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda r, g, n: pair(r, g, n)[::-1], "in another order: return move, rest."),
        (lambda r, g, n: (1.0, 2.0), "the same in every case"),
        (lambda r, g, n: (-r * g * n, g - r), "rest is right; look at move. move has the right"),
        (lambda r, g, n: (3 * r * g * n, g - r), "move is 3 times what it should be."),
        (lambda r, g, n: (r * g * n / 2, g - r), "move is half of what it should be."),
        (lambda r, g, n: (r * g, g - r), "what would be right if argument 3 were 1"),
        (lambda r, g, n: (r**2 * g * n, g - r), "move would be right if it were divided by arg"),
        (lambda r, g, n: (r * g * n, g + 0 * r), "rest is argument 2 as it came in."),
        (lambda r, g, n: (r * g * n, g + r), "rest is what would be right if argument 1 had the"),
        (lambda r, g, n: (r * g * n - g, g - r), "move would be right with argument 2 added."),
        (lambda r, g, n: (r * g * n, r * g - r), "rest would be right with"),
        (lambda r, g, n: (g - r, g - r), "move is what rest should be."),
        (lambda r, g, n: (r * g * n, (g - r) ** 3), "move is right; look at rest."),
        (
            lambda r, g, n: pair(r, g, n) if n < 2 else (g, g),
            "Not right: “two steps”; right: “one number”.",
        ),
        (
            lambda r, g, n: pair(r, g, n) if np.ndim(g) == 0 else (g, g),
            "The sheet's own cases are right, other numbers are not.",
        ),
        (lambda r, g, n: pair(r, g, n - 1), "if argument 3 were smaller by 1"),
        (lambda r, g, n: pair(1 - r, g, n), "if 1 - argument 1 stood in place of argument 1"),
        (lambda r, g, n: (np.nan, 1.0) if n == 1 else pair(r, g, n), '"not a number"'),
    ],
)
def test_what_is_true_of_all_cases_is_said(answer, sentence):
    assert sentence in said(answer)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x: 2 * x[::-1], "comes in reverse order"),
        (lambda x: 2 * x[1:], "lacks its first entry"),
        (lambda x: [0.0, *2 * x[:-1]], "comes one step late"),
        (lambda x: [0.0, *2 * x], "has one entry too many, its first"),
        (lambda x: 2 * np.sort(x), "has the right values in another order"),
        (lambda x: 2 * np.sum(x), "is the sum of what should be returned"),
        (lambda x: np.cumsum(2 * x), "is cumulated"),
    ],
)
def test_what_was_done_to_a_series_is_said(answer, sentence):
    assert f"table {sentence}" in said(answer, SERIES)


def test_what_is_true_of_the_shown_cases_alone_is_not_said():
    def twice_as_much_where_numbers_come_in(rate, gradient, steps):
        move, rest = pair(rate, gradient, steps)
        return move * (2 if np.ndim(gradient) == 0 else rate + 3), rest

    assert "2 times" not in said(twice_as_much_where_numbers_come_in)


def test_a_sentence_on_one_result_says_nothing_of_a_wrong_other():
    both = said(lambda r, g, n: (2 * r * g * n, (g - r) ** 3))
    assert "is right" not in both and "move is 2 times" in both


def test_nothing_is_called_right_that_is_wrong_in_a_case_without_numbers():
    def breaks_on_arrays(rate, gradient, steps):
        move, rest = pair(rate, gradient, steps)
        return (2 * move, rest) if np.ndim(gradient) == 0 else (move, rest[:1])

    def nan_on_arrays(rate, gradient, steps):
        move, rest = pair(rate, gradient, steps)
        return (2 * move, rest) if np.ndim(gradient) == 0 else (move, np.nan * rest)

    for answer in (breaks_on_arrays, nan_on_arrays):
        assert "rest is right" not in said(answer)
        assert "But in “with numbers drawn at random”" in said(answer)


def test_what_a_later_case_raises_is_told_with_what_is_true_before():
    def raises_on_arrays(rate, gradient, steps):
        return 2 * rate * float(gradient) * steps, gradient - rate

    assert "In “with numbers drawn at random”: pair raised TypeError" in said(raises_on_arrays)


def test_a_known_mistake_is_named_only_where_all_cases_are_its():
    assert said(lambda r, g, n: (0.0, 0.0)) == "Both are 0."
    assert said(lambda r, g, n: (0.0, 0.0) if n < 3 else pair(r, g, n)) != "Both are 0."


def test_two_mistakes_that_nobody_can_tell_apart_are_not_told():
    one, other = (Mistake(lambda *given: (5.0, 5.0), because) for because in ("One.", "Other."))
    task = PAIR.__class__(**{**vars(PAIR), "mistakes": (one, other)})
    assert said(lambda *given: (5.0, 5.0), task) not in ("One.", "Other.")


@pytest.mark.parametrize("task", RULES, ids=by_name)
def test_the_call_that_is_shown_gives_the_same_when_it_is_pasted(task):
    given = []
    names = {task.asks: lambda *arguments: given.append(arguments), "np": np}
    for number, case in enumerate(task.cases()):
        call = python_text.call_text(task.asks, case.arguments, task.name, number)
        assert len(call) <= python_text.LONGEST
        if "case.arguments" in call:
            assert f'find("{task.name}").cases()[{number}]' in call
            continue
        exec(call, names)
        assert python_text.value_text(given[-1]) == python_text.value_text(case.arguments)


def test_two_numbers_that_print_alike_are_shown_as_far_as_they_differ():
    lines = PAIR.look(lambda r, g, n: (r * g * n * 1.00003, g - r)).lines
    assert "    move differs in the 5th digit: 2 is expected, 2.0001 came." in lines[4]


def test_long_arrays_that_print_alike_are_told_apart_by_their_first_wrong_entry():
    lone = np.zeros(2000)
    assert python_text.where_they_part("w", lone, lone + (np.arange(2000) == 7)).startswith(
        "w[7] differs in the 4th digit: 0 is expected, 1 came."
    )


@pytest.mark.parametrize("task", RULES, ids=by_name)
def test_the_sheets_own_start_is_told_as_such_and_nothing_else_is(task):
    source = answer_text.starter(task)
    for mistake in (each for each in task.mistakes if each.untouched):
        assert said(mistake.answer, task, source) == mistake.because
        assert said(mistake.answer, task, f"{task.asks} = 3") != mistake.because


# ---- lines in order --------------------------------------------------------------------

ORDERS = [task for task in TASKS if isinstance(task, Order)]


@pytest.mark.parametrize("task", ORDERS, ids=by_name)
def test_of_each_wrong_order_something_is_said_that_is_true_of_it(task):
    orders = [*permutations(task.right)]
    for names in orders[:: max(1, len(orders) // 60)]:
        finding = task.look(task.arranged(names), f"{task.asks} = 3")
        broken = [
            sentence
            for first, later, sentence in task.needs
            if names.index(first) > names.index(later)
        ]
        assert finding.passed or finding.because in broken, names
        assert not (finding.passed and broken and _counts(task, names)), names


def _counts(task, names):
    """Whether an order gives something else than the right one in any drawn case."""
    cases = [case.arguments for case in task.cases(1)]
    theirs = ([np.asarray(x) for x in task.arranged(names)(*each)] for each in cases)
    ours = ([np.asarray(x) for x in task.reference(*each)] for each in cases)
    return not all(map(agree, theirs, ours))


@pytest.mark.parametrize("task", ORDERS, ids=by_name)
def test_of_a_line_left_out_nothing_is_said_that_is_false(task):
    for name in task.right:
        left = tuple(each for each in task.right if each != name)
        finding = task.look(task.arranged(left), f"{task.asks} = 3")
        broken = [s for first, later, s in task.needs if name in (first, later)]
        assert finding.passed or finding.because in broken, name


# ---- answers in other forms ------------------------------------------------------------


def test_a_number_0_stands_for_zeros_only_where_a_task_says_so():
    strict = Rule(**{**vars(SERIES), "reference": lambda x: 0 * x})
    kind = Rule(**{**vars(strict), "zeros": ("table",)})
    assert not strict.look(lambda x: 0).passed
    assert kind.look(lambda x: 0).passed
    assert not kind.look(lambda x: 1).passed


def halved(gradients):
    return [gradient / 2 for gradient in gradients]


def in_the_lists_places(gradients):
    for i in range(len(gradients)):
        gradients[i] = gradients[i] / 2
    return gradients


def in_the_arrays(gradients):
    for gradient in gradients:
        gradient /= 2
    return gradients


def test_another_array_in_a_lists_place_is_no_change_of_the_callers_array():
    task = Rule(
        **{**vars(SERIES), "reference": halved, "results": ("a", "b"), "pure": True}
        | {"shown": (), "draw": lambda random: ([random.normal(size=2), random.normal(size=3)],)}
    )
    assert task.look(halved) == task.look(halved)._replace(remarks=())
    finding = task.look(in_the_lists_places)
    assert finding.passed and "in place" in finding.remarks[0]
    assert "argument number 1 in place" in "\n".join(task.look(in_the_arrays).lines)


def test_an_answer_that_changes_its_argument_is_told_so_unless_that_is_what_is_asked():
    def in_place(numbers):
        numbers *= 2
        return numbers

    assert "argument number 1 in place" in SERIES.look(in_place).remarks[0]
    assert not Rule(**{**vars(SERIES), "in_place": True}).look(in_place).remarks
    assert not SERIES.look(SERIES.reference).remarks


# ---- numbers ---------------------------------------------------------------------------

THIRD = Number(
    name="99.third",
    title="A third",
    asks="third",
    points=0,
    hints=(),
    reference=1 / 3,
    mistakes=(Mistake(2.0, "Two.", when=lambda number: 1.5 < number < 2.5),),
)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (-1 / 3, "The size is right, the sign is not."),
        (10 / 3, "The decimal point is at another place."),
        (3.0, "upside down"),
        (0.3333, "rounded"),
        (0.2, "It is too small."),
        (-5.0, "Look at the sign first"),
        (2.2, "Two."),
        (np.inf, "finite"),
    ],
)
def test_a_wrong_number_is_told_what_is_true_of_it(number, sentence):
    assert sentence in said(number, THIRD)


def test_a_number_in_32_bits_is_right():
    assert THIRD.look(np.float32(1 / 3)).passed


def test_results_carry_what_was_changed():
    assert Results([1]).changed == ()
