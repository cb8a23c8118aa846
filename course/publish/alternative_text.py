"""What each stored picture shows, in words, for those who cannot see it.

Written into the output's metadata, where nbconvert, nbviewer and the book look for it; JupyterLab
shows none, so that in a chapter the same sentence stands beneath the picture.
"""

import re

from course import explorers

SENTENCE = re.compile(r"\*The picture[:,] (.+?)\*(?=\s|$)", re.S)
EXPLORER = re.compile(rf"^({'|'.join(explorers.EXPLORERS)})\(", re.M)


def describe(notebook):
    """Give each stored picture of a notebook its alternative text; changes it in place.

    The words are, in this order: the cell's `alt`; what the explorer in it says of itself; the
    sentence "*The picture: …*" in the text beneath it.
    """
    for position, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                following = notebook.cells[position + 1 : position + 3]
                words = (
                    cell.metadata.get("alt") or _of_explorer(cell, output) or _beneath(following)
                )
                if words:
                    output.metadata.setdefault("image/png", {})["alt"] = words
    return notebook


def _of_explorer(cell, output):
    """What an explorer shows, and the values that it starts with."""
    found = EXPLORER.search(cell.source)
    if not found:
        return None
    explorer = getattr(explorers, found[1])
    values = "".join(output["data"].get("text/plain", ""))
    return f"{explorer.__doc__.splitlines()[0]} It starts as {values}."


def _beneath(cells):
    """The sentence in the first text among these cells, of which one may print numbers."""
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    found = texts and SENTENCE.search(texts[0])
    return plain(found[1]) if found else None


def plain(markdown):
    """A sentence of markdown as plain words, in one line."""
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", markdown)  # a link's words
    text = " ".join(re.sub(r"[*`$]|\\(?=[a-z])", "", text).split())
    return text[0].upper() + text[1:]
