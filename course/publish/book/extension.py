"""What Sphinx is taught for the book: formulas as MathML, our docstrings, JupyterLab's headings."""

import inspect
import re

from course.publish.book import formulas

ENTRY = re.compile(r"^([A-Za-z_`]\w*`?(?:, `?\w+`?)*):\s+(\S.*)$")
MARKS = re.compile(r"(`[^`]+`)|([\\*_|])")


def setup(app):
    """Sphinx's entry: a renderer of formulas that needs no script, and a hook for docstrings."""
    app.add_html_math_renderer("mathml", (formulas.inline, None), (formulas.block, None))
    app.connect("autodoc-process-docstring", _process)
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _process(_app, _what, _name, _object, _options, lines):
    lines[:] = as_restructured("\n".join(lines)).splitlines()


def _signature(_app, what, _name, found, _options, signature, returns):
    """A class's own arguments, where its ancestors take any."""
    ours = what == "class" and found.__module__.startswith("course.")
    if ours and "__init__" in vars(found):
        first, *own = inspect.signature(found.__init__).parameters.values()
        signature = str(inspect.Signature(own))
    return signature, returns


def slug(title):
    """A heading's anchor as JupyterLab makes it: case kept, spaces as hyphens."""
    return title.replace(" ", "-")


def as_restructured(docstring):
    """A docstring of this house as reStructuredText.

    A line `Shapes: …` or `learning_rate: …` begins an entry of a list, what is indented is code,
    and the marks that reStructuredText would take for its own are words.
    """
    says, _, rest = docstring.strip("\n").partition("\n")
    parts = re.split(r"\n\s*\n", rest.strip("\n"))
    return "\n\n".join([_plain(says), *(_paragraph(part) for part in parts if part.strip())])


def _paragraph(part):
    lines = part.splitlines()
    if all(line.startswith("    ") for line in lines):
        return ".. code-block:: python\n\n" + part
    if lines[0].startswith("- "):
        return "\n".join(line[:2] + _plain(line[2:]) for line in lines)
    found, entries = [], False
    for line in lines:
        begins = ENTRY.match(line)
        if bool(begins) != entries and not (entries and line.startswith(" ")):
            found, entries = [*found, ""] if found else [], bool(begins)
        if begins:
            found.append(f":{_plain(begins[1])}: {_plain(begins[2])}")
        else:
            found.append(("    " if entries else "") + _plain(line.strip()))
    return "\n".join(found)


def _plain(text):
    return MARKS.sub(lambda mark: f"`{mark[1]}`" if mark[1] else "\\" + mark[2], text)
