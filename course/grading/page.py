"""What all pages of a report share: one file each, which fetches and runs nothing."""

from html import escape
from pathlib import Path
from typing import NamedTuple

from course import places
from course.grading.marks import in_words, problems


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
    return f'<meta name="generator" content="course grade {escape(run.name)}">'


def page(title, body, rows, run, seed=False):
    """A whole page as HTML: `title` is plain text, `body` is HTML; its foot tells of the run."""
    style = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    # Even a slip in escaping could load or run nothing: the policy allows only this style.
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"{generator(run)}<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{body}</main>{foot(rows, run, seed)}</body></html>\n"
    )


def foot(rows, run, seed=False):
    """The line at a page's end: what held the answers while they ran, and which marking it was."""
    held = sorted({row.confinement for row in rows} - {""})
    words = f"Answers ran confined by: {' / '.join(held)}." if held else "No answer was run."
    if any(each.split(", ")[-1] == "none" for each in held):
        words += " Where that is none, an answer could read the solutions."
    words += f" Marking {run.name}" if run.name else ""
    words += f", seed {run.seed}" if seed else ""
    return f"<footer>{escape(words)}{'.' if run.name or seed else ''}</footer>"


def not_marked(rows, aside):
    """For the teacher: what was handed in and not marked, and what the journal has lost, or ""."""
    beside = named("Left aside", aside.left) + damage_in_words(aside)
    return named("Not marked", problems(rows)) + beside


def damage_in_words(aside):
    """What the journal has lost, or ""."""
    damage = [("journal.jsonl", sentence) for sentence in aside.damage]
    return named("The journal is damaged", damage)


def named(title, lines):
    """A list of pairs of a name and a sentence under a title, or "" where there are none."""
    body = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(words)}</td></tr>" for name, words in lines
    )
    head = f'<section class="class"><h2>{escape(title)}</h2><div class="wide"><table>'
    return f"{head}<tbody>{body}</tbody></table></div></section>" if lines else ""


def sheet_title(sheet):
    """A sheet's name as people say it: "04_momentum_as_friction" is Momentum as friction."""
    if not sheet:
        return "Unknown sheet"
    return f"Exercise {sheet.partition('_')[0]} · {places.words(sheet)}"


def marks_in_words(rows):
    """The points of rows: "3 of 5", or "" where there are no marks."""
    points, of = sum(row.points for row in rows), sum(row.of for row in rows)
    return f"{in_words(points)} of {of}" if of else ""


def count(number, noun):
    """A number with its noun: "1 task", "2 tasks"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
