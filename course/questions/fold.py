"""A learner's copy of a chapter, in which what answers a prediction is folded."""

import re

from course import questions

#: JupyterLab shows the first line of what is hidden; so the answer must not be the first.
FIRST = {
    "output_type": "display_data",
    "data": {"text/plain": ["After your guess: run this cell, or click here."]},
    "metadata": {},
}
SUMMARY = "<details><summary>After your guess: what it shows</summary>"


def fold_answers(notebook, chapter):
    """Fold what answers the predictions of a chapter; returns the notebook.

    The outputs of the cell that answers, and of the code cells right after it, are hidden: running
    such a cell shows them again, and so does a click on them. The words that read them are folded
    up to the next heading.

    notebook: nested dicts (nbformat 4); changed in place.
    chapter:  its number, such as "04"; one that asks nothing stays as it is.
    """
    asked = questions.predictions(chapter) if chapter in questions.CHAPTERS else ()
    names = [cell["metadata"].get("name") for cell in notebook["cells"]]
    for question in asked:
        if question.cell in names:
            _fold_from(notebook["cells"][names.index(question.cell) :])
    return notebook


def _fold_from(cells):
    """Fold the outputs of the code cells that come first, and the words after them."""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = _folded("".join(cell["source"])).splitlines(keepends=True)
            return
        if cell["outputs"][:1] != [FIRST]:
            cell["outputs"] = [FIRST, *cell["outputs"]]
        jupyter = cell["metadata"].get("jupyter", {})
        cell["metadata"] |= {"jupyter": jupyter | {"outputs_hidden": True}, "collapsed": True}


def _folded(text):
    """Markdown with what stands before its first heading folded; folding twice changes nothing."""
    found = re.search(r"^#+ ", text, flags=re.M)
    end = found.start() if found else len(text)
    before, after = text[:end].strip(), text[end:]
    if not before or before.startswith(SUMMARY):
        return text
    return f"{SUMMARY}\n\n{before}\n\n</details>" + (f"\n\n{after}" if after else "")
