"""What each stored picture shows, in words, for those who cannot see it.

Written into the output's metadata, where nbconvert, nbviewer and the book look for it; JupyterLab
shows none, so that in a chapter the same sentence stands beneath the picture.
"""

import re

from course import explorers

SENTENCE = re.compile(r"\*The picture[:,] (.+?)\*(?=\s|$)", re.S)
EXPLORER = re.compile(rf"^({'|'.join(explorers.EXPLORERS)})\(", re.M)
AXIS = r'\b(?:set_|sup)?{}label(?:=|\()"([^"{{}}]+)"'


def describe(notebook):
    """Give each stored picture of a notebook its alternative text; changes it in place.

    The words are the cell's `alt`; or else what the explorer in it says of itself, the sentence
    "*The picture: …*" in the text beneath it, and what stands at the axes.
    """
    for position, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                sentence = _beneath(notebook.cells[position + 1 : position + 3])
                words = cell.metadata.get("alt") or _told(cell, output, sentence)
                if words:
                    output.metadata.setdefault("image/png", {})["alt"] = words
    return notebook


def _told(cell, output, sentence):
    """What is known of a picture, or None: an explorer's first line, the sentence, the axes."""
    found = EXPLORER.search(cell.source)
    if not found:
        return sentence and f"{sentence} {axes(cell.source)}".strip()
    explorer = getattr(explorers, found[1])
    values = "".join(output["data"].get("text/plain", ""))
    parts = explorer.__doc__.splitlines()[0], sentence, f"It starts as {values}."
    return " ".join(part for part in parts if part)


def axes(source):
    """What a cell writes at its axes, as a sentence; empty where it writes nothing."""
    told = []
    for name, letter in (("Horizontal axis", "x"), ("Vertical axis", "y")):
        labels = dict.fromkeys(re.findall(AXIS.format(letter), source))
        if labels:
            told.append(f"{name}: {' or '.join(map(unmarked, labels))}.")
    return " ".join(told)


def _beneath(cells):
    """The sentence in the first text among these cells, of which one may print numbers."""
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    found = texts and SENTENCE.search(texts[0])
    return plain(found[1]) if found else None


def plain(markdown):
    """A sentence of markdown as plain words, in one line, with a capital."""
    text = unmarked(markdown)
    return text[0].upper() + text[1:]


def unmarked(markdown):
    """Markdown or a label without its markup, in one line."""
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", markdown)  # a link's words
    return " ".join(re.sub(r"[*`$]|\\(?=[a-z])", "", text).split())
