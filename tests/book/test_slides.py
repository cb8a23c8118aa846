"""What each chapter's deck holds: every question of its core once, and its answer a slide later."""

import nbformat
import pytest

from course import paths, questions
from course.publish.book import slides

NOTEBOOKS = sorted((paths.material() / "notebooks").glob("0[1-9]_*.ipynb"))
NOTEBOOKS += sorted((paths.material() / "notebooks").glob("1[0-4]_*.ipynb"))


def deck(path):
    page = nbformat.read(path, as_version=4)
    return page, slides.slides(page, path.stem[:2])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_every_prediction_of_a_core_is_asked_once_and_nothing_is_shown_after_it(path):
    page, made = deck(path)
    names = [cell.metadata.get("name", "") for cell in page.cells]
    end = names.index("deeper") if "deeper" in names else len(names)
    core = "\n".join(cell.source for cell in page.cells[:end])
    wanted = [q for q in questions.predictions(path.stem[:2]) if q.text in core]
    assert wanted
    for question in wanted:
        html = slides.TEXT.renderInline(question.text)
        asking = [slide for slide in made if html in slide["html"]]
        assert len(asking) == 1, question.name
        assert "cell_output" not in asking[0]["html"].split(html)[1], question.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_a_sentence_on_a_picture_stands_with_its_picture(path):
    for slide in deck(path)[1]:
        assert slide["html"].count("The picture:") <= slide["html"].count("<img"), slide["heading"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_what_answers_a_prediction_is_never_on_its_slide(path):
    for slide in deck(path)[1]:
        *before, after = slide["html"].split("<strong>Predict:</strong>")
        assert not before or (len(before) == 1 and "cell_output" not in after), slide["heading"]


def test_a_table_of_a_first_slide_is_cut_into_slides_with_its_head():
    rows = "".join(f"| {i} | b |\n" for i in range(9))
    told, *some = slides._first("T", f"What\n\n| n | x |\n|:--|---|\n{rows}\nEnd", [])
    assert "<table>" not in told["html"] and "End" in told["html"]
    assert [part["html"].count("<tr>") for part in some] == [9, 2]
    assert all("<th" in part["html"] for part in some)
