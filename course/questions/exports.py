"""The table for other programs: cards for Anki, a question bank for Moodle."""

import re

from course.questions.markdown import inline_html


def anki(asked):
    """Questions as a text file that Anki imports: one line a card, its fields parted by tabs.

    Source: Anki's manual, "Text files": the lines that begin with # tell it what it reads. The
    first field is the card's own name, so that a later import brings it up to date.
    """
    head = ["#separator:tab", "#html:true", "#deck:Stochastic gradient descent"]
    head += ["#notetype:Basic", "#guid column:1", "#columns:guid\tFront\tBack\tTags"]
    head += ["#tags column:4"]
    return "\n".join([*head, *map(_card, asked)]) + "\n"


def _card(question):
    front = inline_html(question.text)
    if question.labels:
        front += (
            f"<ul>{''.join(f'<li>{inline_html(label)}</li>' for label in question.labels)}</ul>"
        )
    _, given, sentence = question.answer
    back = f"<b>{inline_html(given)}</b><br>{inline_html(sentence)}"
    for label, why in question.mistakes:
        back += f"<br><i>{inline_html(label)}:</i> {inline_html(why)}"
    fields = (question.name, front, back, f"chapter{question.chapter}")
    # A quote mark would open a quoted field.
    return "\t".join(re.sub(r"\s", " ", field).replace('"', "&quot;") for field in fields)


def gift(asked):
    """Questions as a text file that Moodle imports, in its GIFT format.

    Source: Moodle's documentation, "GIFT format"; ~ = # { } : and \\ are escaped there.
    """
    return "\n\n".join(map(_gift_question, asked)) + "\n"


def _gift_question(question):
    head = f"::{_escaped(question.name)}::[markdown]{_escaped(question.text)}"
    lines = {"choice": _gift_choice, "number": _gift_number, "order": _gift_order}
    return "\n".join(
        [f"{head} {{{'#' if question.kind == 'number' else ''}"]
        + lines[question.kind](question)
        + ["}"]
    )


def _gift_choice(question):
    return [
        f"{'=' if passed else '~'}{_escaped(label)}#{_escaped(sentence)}"
        for label, sentence, passed in question.options
    ]


def _gift_number(question):
    lines = [f"={question.value:.10g}:{question.tolerance:.10g}#{_escaped(question.because)}"]
    for number, sentence in question.slips:
        lines.append(f"=%0%{number:.10g}:{question.tolerance:.10g}#{_escaped(sentence)}")
    return [*lines, f"~#{_escaped(question.otherwise)}"]


def _gift_order(question):
    # GIFT has no kind for an order: each thing is matched with its place.
    lines = [f"={_escaped(label)} -> {place}" for place, (label, _) in enumerate(question.steps, 1)]
    return [*lines, f"####{_escaped(question.answer.sentence)}"]


def _escaped(text):
    return re.sub(r"([~=#{}:\\])", r"\\\1", text)
