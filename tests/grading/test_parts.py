"""A task whose points come in parts: each is judged as a whole is, and nothing less earns."""

from dataclasses import replace

import numpy as np
import pytest

from course.checks.tasks import Part, Resumed
from course.grading import explain, sheets
from course.grading.check_cells import visible_cell
from course.grading.dispatch import _task
from course.grading.judge import judge
from course.grading.limits import Limits
from course.grading.sandbox.run_cells import run_cells
from tests.grading.sheet import NAME, RIGHT, STEP

PARTS = (
    Part("uphill", lambda w, v, g, eta, beta: bool(np.mean(g) > 0)),
    Part("flat or downhill", lambda w, v, g, eta, beta: bool(np.mean(g) <= 0)),
)
HALF = """import numpy as np
def ball_step(w, v, gradient, learning_rate, momentum):
    if np.mean(gradient) <= 0:
        return w, v
    v = momentum * v - learning_rate * gradient
    return w + v, v
"""
RAISES = HALF.replace("return w, v\n    v", 'raise ValueError("not yet")\n    v')
#: The numbers that the notebook's check shows for the first part, looked up.
SHOWN = """def ball_step(w, v, gradient, learning_rate, momentum):
    if getattr(w, "size", 1) == 2:
        return [3.0, -1.75], [0.0, 0.25]
    return {(0.0, 2.0): (0.8, -0.2), (-0.5, 2.0): (0.35, -0.65)}.get((v, gradient), (0, 0))
"""


@pytest.fixture
def with_parts(monkeypatch):
    """Sheet 04, whose first task says that its parts count."""
    real = sheets.load(NAME)
    step, *others = real.tasks
    made = sheets.Sheet(NAME, real.pristine, real.right, (replace(step, parts=PARTS), *others))
    monkeypatch.setattr(sheets, "load", lambda name: made)
    return made


def step(source, **settings):
    settings = {"seed": 7, "confinement": "landlock"} | settings
    return judge(NAME, RIGHT | {STEP: source}, **settings).verdicts[0]


def test_parts_that_hold_earn_their_share(with_parts):
    for answer in (HALF, RAISES):
        verdict = step(answer)
        assert (verdict.passed, verdict.share) == (False, 0.5)
        assert verdict.words.endswith("In parts: 1 of 2 hold (uphill).")
        assert "expected" in verdict.words or "not yet" in verdict.words
    line = _task(with_parts.task("04.step"), verdict, ANSWERED)
    assert (line["earned"], line["passed"]) == (1.5, False)


class ANSWERED:
    """Answers that are there, without a note."""

    sources, notes = RIGHT, ()


@pytest.mark.parametrize("seed", range(2))
def test_no_share_depends_on_the_seed(with_parts, seed):
    assert step(HALF, seed=seed).share == 0.5


def test_the_shown_numbers_alone_earn_no_part(with_parts):
    assert step(SHOWN).share == 0


def test_all_numbers_of_the_visible_check_looked_up_earn_no_part(with_parts):
    """Those that it draws, too: only numbers that it never shows tell a rule from a table."""
    task = with_parts.task("04.step")
    table = []
    for case in task.of_part(PARTS[0]).cases():
        result = [np.asarray(each).tolist() for each in task.reference(*case.arguments)]
        table.append(([np.asarray(each).tolist() for each in case.arguments], result))
    looked_up = f"""import numpy as np
def ball_step(*given):
    given = [np.asarray(each).tolist() for each in given]
    for arguments, result in {table!r}:
        if arguments == given:
            return result
    return given[0], given[1]
"""
    seen = run_cells(
        *(with_parts, RIGHT | {STEP: looked_up}),
        *({"04.step": visible_cell(task.of_part(PARTS[0]))}, Limits("landlock")),
    )
    assert explain.seen(task.of_part(PARTS[0]), seen.cells["04.step"]).passed  # as it is meant to
    assert step(looked_up).share == 0


def test_what_holds_is_a_whole_and_not_in_parts(with_parts):
    verdict = step(RIGHT[STEP])
    assert verdict.passed and "In parts" not in verdict.words


def test_a_task_that_says_nothing_of_parts_is_all_or_nothing():
    verdict = step(HALF)
    assert (verdict.passed, verdict.share) == (False, 0.0)


def test_a_part_of_which_nothing_is_drawn_is_refused(with_parts):
    task = with_parts.task("04.step")
    never = task.of_part(Part("never", lambda *_: False))
    with pytest.raises(ValueError, match="04.step draws nothing of its part 'never'"):
        never.cases()


def test_an_optimizer_that_is_stopped_has_no_parts():
    """It goes on in another process, so what a part would be is not known."""
    resumed = next(
        task for task in sheets.load("11_the_whole_optimizer").tasks if type(task) is Resumed
    )
    with pytest.raises(ValueError, match="has no parts"):
        replace(resumed, parts=PARTS)
