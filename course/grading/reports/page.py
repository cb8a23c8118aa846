"""What all pages of a report share: one file each, which fetches and runs nothing.

The pages are templates in `templates/`, filled by Jinja2, which escapes whatever it is given.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course import paths
from course.grading.gradebook import in_words

TEMPLATES = Path(__file__).parent / "templates"


class Run(NamedTuple):
    """What a report says of its marking.

    seed: of the hidden cases; it stands on the teacher's pages only.
    name: a short name that stands on every page.
    """

    seed: int = 0
    name: str = ""


NO_RUN = Run()


def generator(run):
    """The element by which a page is known as one of ours, and of this marking."""
    return Markup('<meta name="generator" content="course grade {}">').format(run.name)


def filled(name, rows, run, seed=False, **values):
    """A whole page as HTML: a template, filled; its foot tells of the run.

    rows: those that the page is about; seed: whether the foot tells it.
    values: what stands in the template; all text is plain, and none of it markup.
    """
    template = _environment().get_template(name)
    return template.render(
        values, generator=generator(run), style=_style(), foot=foot(rows, run, seed)
    )


@cache
def _environment():
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"points": in_words, "count": count}
    environment.filters |= {"sheet_title": sheet_title, "marks": marks_in_words}
    return environment


@cache
def _style():
    return Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))


def foot(rows, run, seed=False):
    """The line at a page's end: what held the answers while they ran, and which marking it was."""
    held = sorted({row.confinement for row in rows} - {""})
    words = f"Answers ran confined by: {' / '.join(held)}." if held else "No answer was run."
    if any(each.split(", ")[-1] == "none" for each in held):
        words += " Where that is none, an answer could read the solutions."
    words += f" Marking {run.name}" if run.name else ""
    words += f", seed {run.seed}" if seed else ""
    return f"{words}{'.' if run.name or seed else ''}"


def damage_in_words(aside):
    """What the journal has lost: pairs of a name and a sentence."""
    return [("journal.jsonl", sentence) for sentence in aside.damage]


def sheet_title(sheet):
    """A sheet's name as people say it: "04_momentum_as_friction" is Momentum as friction."""
    if not sheet:
        return "Unknown sheet"
    return f"Exercise {sheet.partition('_')[0]} · {paths.words(sheet)}"


def marks_in_words(rows):
    """The points of rows: "3 of 5", or "" where there are no marks."""
    points, of = sum(row.points for row in rows), sum(row.of for row in rows)
    return f"{in_words(points)} of {of}" if of else ""


def count(number, noun):
    """A number with its noun: "1 task", "2 tasks"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
