"""Every formula of the course becomes MathML that browsers without LaTeX can draw."""

import re

import nbformat
import pytest

from course import paths
from course.publish.book.formulas import mathml

TEXTS = [
    cell.source
    for folder in ("notebooks", "solutions")
    for path in sorted((paths.material() / folder).glob("*.ipynb"))
    for cell in nbformat.read(path, as_version=4).cells
    if cell.cell_type == "markdown"
]
CODE = re.compile(r"```.*?```|`[^`]*`", re.S)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+?)\$", re.S)


def test_each_formula_of_the_course_converts_and_leaves_no_latex():
    found = {f[1] or f[2] for text in TEXTS for f in FORMULA.finditer(CODE.sub("", text))}
    assert len(found) > 300
    for latex in found:
        assert mathml(latex).startswith("<math ")


def test_a_command_that_is_not_known_is_refused_and_named():
    with pytest.raises(ValueError, match=r"frobnicate"):
        mathml(r"\frobnicate{w}")


@pytest.mark.parametrize(
    ("latex", "drawn"),
    [
        (r"\mathbb E", "𝔼"),
        (r"g^{\mathsf T}", "𝖳"),
        (r"\boxed{\eta}", 'class="course-boxed"'),
        (r"\underbrace{hc}_{\beta}", 'class="course-brace"'),
        (r"|g|", '<mo stretchy="false" lspace="0" rspace="0">|</mo>'),
    ],
)
def test_what_mathml_core_has_no_word_for_is_a_letter_or_a_style(latex, drawn):
    assert drawn in mathml(latex)
    assert "menclose" not in mathml(latex) and "mathvariant" not in mathml(latex)
