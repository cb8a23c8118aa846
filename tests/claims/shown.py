"""The code of a chapter: what it shows as text with what that prints, and what its cells define."""

import io
import re
from contextlib import redirect_stdout

from course.publish import notebooks

BLOCK = re.compile(r"```python\n(.+?)```\n```text\n(.+?)```", re.S)


def blocks(number):
    """(code, printed output) of each block of Keras code in a chapter's markdown, in order."""
    (path,) = (p for p in notebooks.sources([number]) if p.parent.parent.name == "notebooks")
    cells = notebooks.read_source(path).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return BLOCK.findall(text)


def names_of(number, *cells):
    """The names that code cells of a chapter define, run in their order, by the cells' names."""
    (path,) = (p for p in notebooks.sources([number]) if p.parent.parent.name == "notebooks")
    sources, names = {c.id: c.source for c in notebooks.read_source(path).cells}, {}
    for cell in cells:
        exec(sources[cell], names)
    return names


def printed(code, names):
    """What a block prints when it is run with the names that the blocks before it left."""
    out = io.StringIO()
    with redirect_stdout(out):
        exec(code, names)
    return out.getvalue()
