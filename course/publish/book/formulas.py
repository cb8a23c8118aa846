"""Formulas as MathML, which browsers draw by themselves: no script, no picture, no network."""

import unicodedata
from xml.etree import ElementTree

from docutils.nodes import SkipNode
from latex2mathml.converter import convert

MATHML = "http://www.w3.org/1998/Math/MathML"
UNDERBRACE, BARS = "\u23df", {"|", "\u2016"}
#: What MathML Core has no attribute for, as the letter's own name in Unicode.
LETTERS = {
    "double-struck": "DOUBLE-STRUCK",
    "sans-serif": "SANS-SERIF",
    "bold-italic": "BOLD ITALIC",
}
ElementTree.register_namespace("", MATHML)


def mathml(latex, block=False):
    """A formula, LaTeX -> HTML.

    Errors: ValueError where a part of the formula is no MathML afterwards.
    """
    root = ElementTree.fromstring(convert(latex, display="block" if block else "inline"))
    for parent in root.iter():
        for place, part in enumerate(parent):
            parent[place] = _without_brace(part)
    for part in root.iter():
        _for_every_browser(part)
    words = "".join(root.itertext())
    if "\\" in words:
        raise ValueError(f"No MathML for a part of {latex!r}: {words!r}.")
    root.set("alttext", latex)
    return ElementTree.tostring(root, encoding="unicode")


def _without_brace(part):
    """An underbrace, which few fonts can stretch, as a class that a style draws."""
    while _tag(part) == "munder" and _tag(part[1]) == "mo" and part[1].text == UNDERBRACE:
        part = part[0]
        part.set("class", "course-brace")
    return part


def _for_every_browser(part):
    tag, variant = _tag(part), part.get("mathvariant")
    if tag == "mo" and part.text in BARS:
        part.attrib |= {"lspace": "0", "rspace": "0"}
    if tag == "menclose":
        part.tag, part.attrib = f"{{{MATHML}}}mrow", {"class": "course-boxed"}
    if variant in LETTERS and len(part.text or "") == 1:
        del part.attrib["mathvariant"]
        part.text = _letter(part.text, LETTERS[variant])


def _letter(text, style):
    """𝔼 for E: the letter of that style, or the plain one where Unicode has none."""
    kind, _, name = unicodedata.name(text, "").rpartition(" LETTER ")
    kind = kind.rsplit(" ", 1)[-1]
    try:
        return unicodedata.lookup(f"MATHEMATICAL {style} {kind} {name}")
    except KeyError:
        return text


def _tag(part):
    return part.tag.rpartition("}")[2]


def inline(writer, node):
    """Sphinx's visitor of a formula in a line."""
    writer.body.append(f'<span class="math">{mathml(node.astext())}</span>')
    raise SkipNode


def block(writer, node):
    """Sphinx's visitor of a formula on a line of its own, which can be wider than a phone."""
    writer.body.append(f'<div class="math">{mathml(node.astext(), True)}</div>')
    raise SkipNode
