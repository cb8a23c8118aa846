"""What becomes of a notebook, a document and a docstring before Sphinx sees them."""

import re

import nbformat
import pytest

from course.publish.book import live, pages
from course.publish.book.extension import as_restructured, slug


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["# T", "### A", "### B", "## C"], ["# T", "## A", "## B", "## C"]),
        (["# T", "#### A", "#### B"], ["# T", "## A", "## B"]),
        (["# T", "## A", "### B", "## C"], ["# T", "## A", "### B", "## C"]),
    ],
)
def test_headings_never_skip_a_level_and_like_stays_like(written, read):
    assert pages._level(["\n".join(written)]) == ["\n".join(read)]


def test_a_comment_in_code_is_no_heading():
    text = "# T\n\n```bash\n# run it\n```"
    assert pages._level([text]) == [text]


def test_anchors_are_those_of_jupyterlab():
    assert slug("Effective rate") == "Effective-rate"


def test_every_term_that_a_chapter_links_to_has_its_meaning():
    meanings = pages.terms()
    assert meanings["Friction"].endswith(".") and "*" not in meanings["Friction"]
    for folder in ("notebooks", "solutions"):
        for path in (pages.ROOT / folder).glob("*.ipynb"):
            linked = re.findall(r"16_glossary\.ipynb#([\w-]+)\)", path.read_text("utf-8"))
            assert {*linked} <= {*meanings}, path.name


def test_a_docstring_s_shapes_units_errors_and_source_become_entries_of_a_list():
    text = (
        "One step.\n\nShapes: one shape,\n        for all.\nUnits:  [w]; |g| * 2.\n\n    code = 1"
    )
    wanted = "One step.\n\n:Shapes: one shape,\n    for all.\n:Units: [w]; \\|g\\| \\* 2."
    assert as_restructured(text) == f"{wanted}\n\n.. code-block:: python\n\n    code = 1"


def test_a_docstring_s_first_line_is_words_though_it_has_a_colon():
    assert as_restructured("Descent: one rule for all.") == "Descent: one rule for all."
    assert as_restructured("") == ""


@pytest.mark.parametrize(
    "line", ["A ball stands where it ended: with ema apart.", "not known: it is nan."]
)
def test_a_sentence_with_a_colon_is_no_entry_of_a_list(line):
    text = f"Descent.\n\n{line}\nUnits: none."
    assert as_restructured(text) == f"Descent.\n\n{line}\n\n:Units: none."
    assert ":seeds, rate:" in as_restructured("Descent.\n\nseeds, rate: arrays.")


def test_an_explorer_is_built_from_its_own_cells_and_no_more():
    code = [
        "raise SystemExit",
        "far = 2.0",
        "from course.explorers import Step\nStep(start=(far, 1))",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in code]
    explorer, own_rule = live.build(cells, 2)
    assert explorer.start == [2.0, 1.0] and not own_rule


def test_an_explorer_with_a_rule_of_the_learner_s_is_built_without_it():
    source = "from course.explorers import Valley\nValley(rule=mine, momentum=0.5)"
    explorer, own_rule = live.build([nbformat.v4.new_code_cell(source)], 0)
    assert own_rule and explorer.momentum == 0.5 and "yours" not in explorer.scene["methods"]


def test_a_link_out_of_the_book_becomes_the_name_of_the_file(tmp_path):
    (tmp_path / "a.md").write_text("# A\n\n[code](../course/sgd.py), [more](b.md), [x](#x)")
    assert pages.document(tmp_path / "a.md").endswith(
        "code (`../course/sgd.py`), [more](b.md), [x](#x)"
    )
