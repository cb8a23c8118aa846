"""Stored pictures say in words what they show."""

import nbformat
import pytest

from course.publish.alternative_text import describe, plain

PICTURE = {"output_type": "display_data", "data": {"image/png": "aGk="}, "metadata": {}}


def described(source, beneath, text=None, **metadata):
    """The alternative text of a picture in a code cell with a markdown cell beneath it."""
    picture = nbformat.from_dict(PICTURE | {"data": PICTURE["data"] | {"text/plain": text or ""}})
    cells = [
        nbformat.v4.new_code_cell(source, outputs=[picture], metadata=metadata),
        nbformat.v4.new_markdown_cell(beneath),
    ]
    notebook = describe(nbformat.v4.new_notebook(cells=cells))
    return notebook.cells[0].outputs[0].metadata.get("image/png", {}).get("alt")


def test_the_sentence_beneath_a_picture_is_its_text():
    beneath = "*The picture: two curves\nthat fall.*\n\nBoth fall *because* of η."
    assert described("plt.show()", beneath) == "Two curves that fall."
    beneath = "*The picture, both axes logarithmic: a line.* More."
    assert described("plt.show()", beneath) == "Both axes logarithmic: a line."


def test_a_cells_own_words_come_first():
    assert described("x", "*The picture: other words.*", alt="A bowl.") == "A bowl."


def test_an_explorer_says_what_it_is_and_where_it_starts():
    said = described("Valley()", "", "Valley(momentum=0.8)")
    assert said.startswith("Balls in the bowl ½") and said.endswith(
        "starts as Valley(momentum=0.8)."
    )


def test_an_explorer_says_also_what_the_sentence_beneath_it_says():
    said = described("Valley()", "*The picture: three paths.*", "Valley(momentum=0.8)")
    assert "drives them. Three paths. It starts as" in said


def test_what_stands_at_the_axes_is_told_once_each():
    source = 'left.set(xlabel="step", ylabel="loss")\nright.set(xlabel="step", ylabel="$w_1$")'
    told = "A line. Horizontal axis: step. Vertical axis: loss or w_1."
    assert described(source, "*The picture: a line.*") == told
    assert described('axes.set_ylabel("w")', "*The picture: x.*") == "X. Vertical axis: w."
    assert described('axes.set(xlabel=f"{name}")', "*The picture: x.*") == "X."


def test_a_picture_without_words_has_no_text():
    assert described("plt.show()", "Only a paragraph.") is None


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        (
            "the [velocity](16_glossary.ipynb#Velocity) at $\\beta = 0.9$",
            "The velocity at beta = 0.9",
        ),
        ("`momentum` **falls**", "Momentum falls"),
    ],
)
def test_markup_is_taken_off(markdown, words):
    assert plain(markdown) == words
