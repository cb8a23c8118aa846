"""Watching a sheet: each save brings the verdicts of the visible checks."""

import json
import os

import pytest

from course.grading.watch import watch
from tests.grading.sheet import NAME, RIGHT, STEP, TERMINAL, submission, write

WRONG = {STEP: RIGHT[STEP].replace("variable + velocity", "variable - velocity")}


def watched(path, saves):
    """(what is shown, what is told) while each save is done as soon as the last was seen."""
    shown, troubles, number = [], [], len(saves)

    def heard(into, what):
        into.append(what)
        if saves:
            saves.pop(0)()

    def show(verdicts):
        heard(shown, verdicts)

    def trouble(sentence):
        heard(troubles, sentence)

    return shown, troubles, lambda seen=number: watch(path, show, trouble=trouble, saves=seen)


def passed(verdicts):
    return [verdict.passed for verdict in verdicts]


def test_each_save_is_judged_by_the_visible_checks_with_their_words(tmp_path):
    path = write(tmp_path / f"{NAME}.ipynb", submission(WRONG))
    shown, _, run = watched(path, [lambda: write(path, submission({TERMINAL: ""}))])
    run()
    assert passed(shown[0]) == [False, True, True, True, True]
    assert "you subtracted it: v already points downhill" in shown[0][0].words
    assert shown[0][0].because.startswith("Your velocity is right")
    assert passed(shown[1]) == [True, False, True, True, True]
    assert shown[1][0].words.startswith("✓ One step of the ball\n    from rest: w = 0.8")


def test_a_file_put_in_its_place_is_seen_as_jupyter_saves_it(tmp_path):
    path = write(tmp_path / f"{NAME}.ipynb", submission(WRONG))

    def save():
        other = write(tmp_path / "other", submission())
        os.replace(other, path)

    shown, _, run = watched(path, [save])
    run()
    assert passed(shown[-1]) == [True] * 5


def test_a_half_written_file_is_no_end(tmp_path):
    path = write(tmp_path / f"{NAME}.ipynb", submission())
    half = json.dumps(submission())[:1000]
    saves = [lambda: write(path, half), lambda: write(path, submission(WRONG))]
    shown, troubles, run = watched(path, saves)
    run(1)
    assert troubles == [f"{NAME}.ipynb is not a notebook: its text is not valid JSON."]
    assert [passed(each)[0] for each in shown] == [True, False]


def test_an_unknown_sheet_is_refused(tmp_path):
    with pytest.raises(LookupError, match="No sheet is called 'essay'"):
        watch(write(tmp_path / "essay.ipynb", submission()), print)
