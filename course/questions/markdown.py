"""A question as Markdown in its chapter, and one line of Markdown as HTML."""

import re

from markdown_it import MarkdownIt

#: The longest row of options that stands on one line.
ONE_LINE = 90
_PREDICTION = re.compile(r"^> (\d\d\.\w+)$", flags=re.M)
_FOLDED = re.compile(r"^\? (\d\d\.\w+)$", flags=re.M)


def prediction(question):
    """The lines of a prediction: what it asks and, where there are any, its options."""
    lines, row = [f"> **Predict:** {question.text}"], " · ".join(question.labels)
    if row and len(row) <= ONE_LINE:
        lines += [">", f"> {row}"]
    elif row:
        lines += [">", *(f"> - {label}" for label in question.labels)]
    return "\n".join(lines)


def folded(question, number):
    """A question with its answer folded: what holds and why, then what each mistake means."""
    _, given, sentence = question.answer
    stop = "" if given[-1] in ".!?" else "."
    lines = [f"<details><summary>{number}. {inline_html(question.text)}</summary>", ""]
    lines += [f"**{given}{stop}** {sentence}", ""]
    lines += [f"- *{label}:* {sentence}" for label, sentence in question.mistakes]
    return "\n".join([*lines, "</details>"])


def expand(source, find):
    """A chapter's Markdown with its questions written out.

    source: has a line `> 04.slope` for a prediction, and `? 04.speed` for a folded question.
    find:   name -> question; what it raises is raised.
    """
    numbers = iter(range(1, 100))
    source = _FOLDED.sub(lambda found: folded(find(found[1]), next(numbers)), source)
    return _PREDICTION.sub(lambda found: prediction(find(found[1])), source)


def asked(source):
    """The name of the prediction with which a chapter's Markdown ends, or None.

    Errors: ValueError for one that does not end its cell, after which its widget is put.
    """
    found = _PREDICTION.search(source)
    if found and source[found.end() :].strip():
        raise ValueError(f"The prediction {found[1]} must end its cell; part the cell there.")
    return found and found[1]


def inline_html(text):
    """One line of Markdown as HTML; HTML in it is escaped."""
    return MarkdownIt("js-default").renderInline(text)
