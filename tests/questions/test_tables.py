"""The table: every row can be asked, each option says what it means, and the notebooks agree."""

import itertools
import re

import nbformat
import pytest

from course import questions
from course.checks import NoSuchTask, chapter_tasks
from course.publish import notebooks
from course.questions import markdown

EVERY = questions.everything()
PREDICTIONS = [each for chapter in questions.CHAPTERS for each in questions.predictions(chapter)]
SHOWN = [each for each in PREDICTIONS if each.shown]


def name(question):
    return question.name


def texts(question):
    """All lines of Markdown that a question can show."""
    pairs = [(question.answer.given, question.answer.sentence), *question.mistakes]
    otherwise = [question.otherwise] if question.kind == "number" else []
    return [question.text, *question.labels, *(part for pair in pairs for part in pair), *otherwise]


def chapter(number):
    """The stored notebook of a chapter."""
    (path,) = (notebooks.ROOT / "notebooks").glob(f"{number}_*.ipynb")
    return nbformat.read(path, as_version=4).cells


def printed(cells):
    """What code cells show as text."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in outputs)


def test_names_are_of_their_chapter_and_of_no_other_question_or_task():
    names = [each.name for each in EVERY]
    assert len(names) == len({*names})
    for each in EVERY:
        assert re.fullmatch(r"\d\d\.[a-z_0-9]+", each.name)
        assert questions.find(each.name) is each
    for number in questions.CHAPTERS:
        assert all(q.chapter == number for q in questions.everything([number]))
        try:
            tasks = {task.name for task in chapter_tasks(number)}
        except NoSuchTask:
            continue
        assert not tasks & {*names}


@pytest.mark.parametrize("question", EVERY, ids=name)
def test_a_question_has_one_right_answer_and_a_sentence_for_each_wrong_one(question):
    assert not re.match("[a-z]", question.text)
    assert question.answer.passed
    assert question.mistakes
    for line in texts(question):
        assert line == line.strip() != ""
        assert "\n" not in line and "$" not in line and "](" not in line
        assert line.count("`") % 2 == 0
    for sentence in (question.answer.sentence, *(why for _, why in question.mistakes)):
        assert sentence[-1] in ".!?", sentence
    if question.kind == "choice":
        assert sum(option.right for option in question.options) == 1
        assert len({*question.labels}) == len(question.labels) >= 2
        wrong = [i for i, option in enumerate(question.options) if not option.right]
        assert [question.judge(i).sentence for i in wrong] == [why for _, why in question.mistakes]
    if question.kind == "number":
        for number, sentence in question.slips:
            assert question.judge(str(number)) == (False, f"{number:g}", sentence)
    if question.kind == "order":
        assert question.labels != [label for label, _ in question.steps]


def test_the_right_option_stands_at_every_place():
    for asked in (PREDICTIONS, [each for each in EVERY if each not in PREDICTIONS]):
        rights = [[o.right for o in each.options].index(True) for each in asked if each.labels]
        assert max(map(rights.count, {*rights})) < 0.6 * len(rights), "always the same place"


@pytest.mark.parametrize("number", questions.CHAPTERS)
def test_a_chapter_asks_each_of_its_questions_once_and_in_the_tables_order(number):
    (source,) = (notebooks.ROOT / "notebooks/source").glob(f"{number}_*.py")
    text = source.read_text(encoding="utf-8")
    asked = re.findall(r"^# > (\d\d\.\w+)$", text, re.M)
    folded = re.findall(r"^# \? (\d\d\.\w+)$", text, re.M)
    assert asked == [each.name for each in questions.predictions(number)]
    assert folded == [each.name for each in questions.questions(number)]
    assert "**Predict:**" not in text, "a prediction that is not in the table"


@pytest.mark.parametrize("question", PREDICTIONS, ids=name)
def test_a_prediction_is_answered_below_its_widget_and_nowhere_above(question):
    cells = chapter(question.chapter)
    names = [cell.id for cell in cells]
    at = names.index(f"predict-{question.name[3:]}")
    assert cells[at].source == f'predict("{question.name}")'
    assert f"> **Predict:** {question.text}" in cells[at - 1].source
    if not question.cell:
        assert not question.shown
        return
    below = names.index(question.cell)
    assert below > at
    between = [cell for cell in cells[at:below] if not cell.id.startswith("predict-")]
    assert not any(cell.get("outputs") for cell in between), "an output before the answer"
    if question.shown:
        assert question.shown in printed(until_words(cells[below:]))
        assert question.shown not in printed(cells[:at])


def until_words(cells):
    """The code cells that come first."""
    return list(itertools.takewhile(lambda cell: cell.cell_type == "code", cells))


def test_a_prediction_must_end_its_cell():
    assert markdown.asked("## A\n\n> 04.slope\n") == "04.slope"
    assert markdown.asked("> a quotation") is None
    with pytest.raises(ValueError, match="The prediction 04.slope must end its cell"):
        markdown.asked("> 04.slope\n\nAnd more.")
    with pytest.raises(ValueError, match="must end its cell"):
        markdown.asked("> 04.slope\n\n> 04.edge")


def test_a_name_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(
        questions.NoSuchQuestion, match="'04.slop'; chapter 04 has 04.memory, 04.sl"
    ):
        questions.find("04.slop")
    with pytest.raises(questions.NoSuchQuestion, match="Chapter '99' asks nothing"):
        questions.find("99.slope")


def test_folded_questions_are_numbered_and_html_in_them_is_escaped():
    question = questions.find("04.doubled")
    text = markdown.expand("? 04.doubled\n\n? 04.doubled", lambda _: question)
    assert text.count("<details><summary>1. With β") == text.count("<summary>2. With β") == 1
    assert "**Not at all.** Within" in text
    assert markdown.inline_html("a < b, `c`") == "a &lt; b, <code>c</code>"
