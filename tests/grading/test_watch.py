"""Watching a sheet: each save brings the verdicts of the visible checks."""

import json
import os
import threading

import pytest

from course.grading import sheets
from course.grading.answers import Unreadable
from course.grading.saving import read_saved
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


@pytest.mark.parametrize("part", [0, 1, 1000, -2])
def test_a_file_in_the_middle_of_a_save_is_read_again_in_silence(tmp_path, part):
    """JupyterLab empties the file and writes into it: what is seen between is no trouble."""
    path = write(tmp_path / f"{NAME}.ipynb", submission(WRONG))
    whole = json.dumps(submission())

    def save():
        path.write_text(whole[:part], encoding="utf-8")
        threading.Timer(0.2, path.write_text, [whole], {"encoding": "utf-8"}).start()

    shown, troubles, run = watched(path, [save])
    run()
    assert troubles == []
    assert [passed(each) for each in shown] == [[False, *[True] * 4], [True] * 5]


def test_a_single_check_waits_for_the_end_of_a_save_too(tmp_path):
    whole = json.dumps(submission())
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text("", encoding="utf-8")
    threading.Timer(0.2, path.write_text, [whole], {"encoding": "utf-8"}).start()
    answers, _ = read_saved(path, sheets.load(NAME).pristine)
    assert answers.sources[STEP] == RIGHT[STEP]


def test_what_stays_broken_or_is_not_there_is_said_after_a_limit(tmp_path):
    path = tmp_path / f"{NAME}.ipynb"
    with pytest.raises(Unreadable, match="There is no file"):
        read_saved(path, sheets.load(NAME).pristine)
    path.write_text("", encoding="utf-8")
    with pytest.raises(Unreadable, match="is empty"):
        read_saved(path, sheets.load(NAME).pristine, patience=0.1)


def test_an_unknown_sheet_is_refused(tmp_path):
    with pytest.raises(LookupError, match="No sheet is called 'essay'"):
        watch(write(tmp_path / "essay.ipynb", submission()), print)
