"""What the chapters ask: the table of predictions and questions, and what comes from it.

    from course.questions import find
    find("04.slope").judge(2)

The table has a file for each chapter. From it come the text in a chapter, the widget `predict`,
`course review`, and the exports for Anki and Moodle.
"""

from dataclasses import replace
from functools import cache
from importlib import import_module
from zlib import crc32

#: The chapters that ask.
CHAPTERS = tuple(f"{number:02}" for number in range(15))


class NoSuchQuestion(KeyError):
    """A question's name that does not exist; its text lists those that do."""

    def __str__(self):
        return self.args[0]


def predictions(chapter):
    """The questions of a chapter, such as "04", that a cell of it answers, in their order."""
    return _table(chapter).PREDICTIONS


def questions(chapter):
    """The folded questions of a chapter, such as "04": before it starts and at its end."""
    return _mixed(chapter)


def everything(chapters=CHAPTERS):
    """All predictions and questions of some chapters, in their order."""
    return [each for one in chapters for each in (*predictions(one), *questions(one))]


def find(name):
    """The prediction or question called `name`, such as "04.slope".

    Errors: NoSuchQuestion with the names that exist.
    """
    chapter = str(name).partition(".")[0]
    found = {each.name: each for each in everything([chapter])}
    if name not in found:
        raise NoSuchQuestion(
            f"No question is called {name!r}; chapter {chapter} has {', '.join(found)}."
        )
    return found[name]


@cache
def _mixed(chapter):
    """The folded questions; the right option, first in the table, stands where the name decides."""
    found = []
    for question in _table(chapter).QUESTIONS:
        wrong = [option for option in question.options if not option.right]
        right = [option for option in question.options if option.right]
        place = crc32(question.name.encode()) % len(question.options)
        options = (*wrong[:place], *right, *wrong[place:])
        found.append(replace(question, options=options))
    return tuple(found)


def _table(chapter):
    if chapter not in CHAPTERS:
        raise NoSuchQuestion(f"Chapter {chapter!r} asks nothing; {', '.join(CHAPTERS)} do.")
    return import_module(f"course.questions.chapter_{chapter}")
