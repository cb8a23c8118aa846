"""A learner's copy: what answers a prediction is folded, and nothing is lost by it."""

import copy
import json

import pytest

from course import paths, questions
from course.learner import workspace
from course.questions.fold import FIRST, SUMMARY, fold_answers


def chapter(number):
    """The file of a chapter, and the notebook as it is in the course."""
    file = f"notebooks/{paths.chapter(number)}"
    return file, workspace.read(paths.material() / file)


def outputs(notebook):
    """The outputs of each cell, but for the line that stands first where they are folded."""
    return [[o for o in cell.get("outputs", ()) if o != FIRST] for cell in notebook["cells"]]


@pytest.mark.parametrize("number", questions.CHAPTERS)
def test_every_answering_cell_is_folded_and_every_output_kept(number):
    file, plain = chapter(number)
    fresh = workspace.fresh_copy(file)
    assert outputs(fresh) == outputs(plain)
    folded = {
        cell["id"]: cell
        for cell in fresh["cells"]
        if cell["metadata"].get("jupyter", {}).get("outputs_hidden")
    }
    for cell in folded.values():  # JupyterLab shows the first line of what is folded
        assert cell["outputs"][0] == FIRST and cell["outputs"].count(FIRST) == 1
    for question in questions.predictions(number):
        assert not question.cell or question.cell in folded
    for cell in plain["cells"]:
        assert "outputs_hidden" not in json.dumps(cell["metadata"])


def test_the_words_of_an_answer_are_folded_up_to_the_next_heading():
    _, plain = chapter("04")
    folded = fold_answers(copy.deepcopy(plain), "04")
    cells = {cell["id"]: "".join(cell["source"]) for cell in folded["cells"]}
    answer = cells["memory-answer"]
    assert answer.startswith(f"{SUMMARY}\n\nNearly seven hundred")
    assert "\n\n</details>\n\n## Move it by hand" in answer
    for cell in plain["cells"]:
        words = "".join(cell["source"]).split()
        fresh = cells[cell["id"]].replace(SUMMARY, "").split()
        assert words == fresh or words == [word for word in fresh if word != "</details>"]


def test_folding_twice_is_folding_once():
    _, notebook = chapter("04")
    once = fold_answers(copy.deepcopy(notebook), "04")
    assert fold_answers(copy.deepcopy(once), "04") == once != notebook


def test_a_chapter_that_asks_nothing_stays_as_it_is():
    notebook = {"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": []}]}
    assert fold_answers(copy.deepcopy(notebook), "99") == notebook
