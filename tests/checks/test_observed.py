"""What a task says itself of a wrong result that no known mistake gives: numbers that are true."""

import numpy as np
import pytest

from course.checks import chapter_tasks, find
from course.checks.observed import Observed

CHAPTERS = ("06", "07", "08", "09", "10", "13")
OBSERVED = [t for chapter in CHAPTERS for t in chapter_tasks(chapter) if isinstance(t, Observed)]


def near(answer):
    """A function whose results are all a little off, in a way that nobody listed."""
    return lambda *arguments: [1.37 * np.asarray(part) + 0.11 for part in answer(*arguments)]


@pytest.mark.parametrize("task", OBSERVED, ids=lambda task: task.name)
def test_a_wrong_result_that_nobody_listed_gets_a_sentence_with_what_is_true(task):
    alone = len(task.results) == 1
    all_wrong = near((lambda *given: [task.reference(*given)]) if alone else task.reference)
    wrong = (lambda *given: all_wrong(*given)[0]) if alone else all_wrong
    finding = task.look(wrong)
    assert not finding.passed and finding.because.endswith((".", "?"))
    case = task.cases()[0]
    observed = task.observe(case.arguments, task._answers(wrong)[0], task._expected(case))
    assert observed


@pytest.mark.parametrize("task", OBSERVED, ids=lambda task: task.name)
def test_nothing_is_observed_of_a_wrong_shape_or_of_nan(task):
    for value in (np.nan, np.ones((7, 7))):
        answer = [value] * len(task.results) if len(task.results) > 1 else value
        assert task._observed(task._answers(lambda *given, answer=answer: answer)) == ""


def said(name, answer):
    return find(name).look(answer).because


def test_a_clip_is_told_how_long_its_result_is():
    assert (
        "10 long here. What comes out must be 2 long, as the threshold is 2; yours is 1.667."
        in (said("07.norm", lambda g, c: g * c / (np.linalg.norm(g) + c)))
    )
    assert "Not all entries were multiplied by one and the same factor here." in (
        said("07.norm", lambda g, c: np.sign(g) * np.minimum(abs(g), c / 2))
    )


def test_a_recipe_is_told_with_what_strength_it_acts():
    assert "from_keras * (1 - momentum) = 0.025 here; the recipe acted with 0.005." in said(
        "06.port",
        lambda c, old, new: (c / (1 - new), 2 * c / (1 - new), c * ((1 - old) / (1 - new)) ** 2),
    )


def test_a_lag_that_would_not_last_is_told_what_becomes_of_it():
    calm = find("08.calm").reference
    assert "a step makes it 10, and a pull leaves 0.75 of that, 7.5." in said(
        "08.calm", lambda *given: (calm(*given)[0] ** 2, calm(*given)[1])
    )


def test_a_place_where_the_walker_does_not_settle_is_told_who_pulls_harder():
    for place, words in ((1.9, "all five"), (2.7, "still pulls harder"), (3.4, "pull back harder")):
        assert words in said("07.settles", place)
    assert "the four examples pull back with 3 each" in said("07.settles", 7.0)
