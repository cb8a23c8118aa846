"""What comes out of marking: grades.csv, a feedback page per learner, and an index of them.

A page is one file that fetches nothing. Whatever came from a submission is escaped.
"""

import csv
import hashlib
import io
import os
import re
import tempfile
import textwrap
from collections import Counter
from html import escape
from itertools import groupby
from pathlib import Path

COLUMNS = ("learner", "sheet", "task", "points", "of", "seconds", "note")


def prepare(out):
    """Make the folder `out` ready to be written to; returns its path.

    Errors: OSError, one sentence, if it cannot be made or written to.
    """
    out = Path(out)
    try:
        (out / "feedback").mkdir(parents=True, exist_ok=True)
        for folder in (out, out / "feedback"):
            with tempfile.TemporaryFile(dir=folder):
                pass
    except OSError as problem:
        raise OSError(f"Cannot write to {out}: {problem.strerror}. Name another folder.") from None
    return out


def write(rows, out):
    """Write all reports on `batch.Row`s, in their order, into a folder that was prepared."""
    out, pages = Path(out), page_names({row.learner for row in rows})
    by_learner = {}
    for row in rows:
        by_learner.setdefault(row.learner, []).append(row)
    for learner, theirs in by_learner.items():
        _replace(out / "feedback" / pages[learner], feedback_page(learner, theirs))
    _replace(out / "index.html", index_page(by_learner, pages))
    _replace(out / "grades.csv", table(rows))


def table(rows):
    """The rows as CSV; no cell can be taken for a formula by a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_no_formula(getattr(row, column)) for column in COLUMNS])
    return text.getvalue()


def page_names(learners):
    """Learner -> the file name of the feedback page: safe on any system, no two alike."""
    plain = {
        learner: re.sub(r"[^A-Za-z0-9_-]+", "_", learner)[:60].strip("_-") or "learner"
        for learner in learners
    }
    count = Counter(name.lower() for name in plain.values())
    names = {}
    for learner, name in plain.items():
        if name != learner or count[name.lower()] > 1:
            name += "-" + hashlib.sha256(learner.encode()).hexdigest()[:8]
        names[learner] = f"{name}.html"
    return names


def _no_formula(value):
    risky = isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{value}" if risky else value


def _replace(path, text):
    """Write a file whole or not at all, so that a reader never meets half of one."""
    half = path.with_name(path.name + ".part")
    half.write_text(text, encoding="utf-8")
    os.replace(half, path)


# ---- a learner's page -----------------------------------------------------------------


def feedback_page(learner, rows):
    """One learner's page, as HTML; `rows` are this learner's, each file's together."""
    files = [list(group) for _, group in groupby(rows, key=lambda row: (row.sheet, row.file))]
    several = len({row.sheet for row in rows}) < len(files)
    sections = "".join(_section(each, several) for each in files)
    title = f"{learner}: {', '.join(dict.fromkeys(sheet_title(f[0].sheet) for f in files))}"
    return _page(title, f'<p class="over">Feedback for</p><h1>{escape(learner)}</h1>{sections}')


def sheet_title(sheet):
    """A sheet's name as people say it: "04_momentum_as_friction" is Momentum as friction."""
    number, _, words = sheet.partition("_")
    if not sheet:
        return "Unknown sheet"
    return f"Exercise {number} · {words.replace('_', ' ').capitalize()}"


def _section(rows, several):
    """One file's tasks, with the total above and, if it concerns them all, the note."""
    note = rows[0].note if len({row.note for row in rows}) == 1 else ""
    of_file = f'<p class="file">{escape(rows[0].file)}</p>' if several else ""
    tasks = "".join(_task(row, row.note != note) for row in rows if row.task)
    return (
        f"<section><header><div><h2>{escape(sheet_title(rows[0].sheet))}</h2>{of_file}</div>"
        f"{_total(rows)}</header>{_bar(rows)}{_note(note)}{tasks}</section>"
    )


def _total(rows):
    points, of = sum(row.points for row in rows), sum(row.of for row in rows)
    held, tasks = sum(row.passed for row in rows), sum(bool(row.task) for row in rows)
    if not tasks:
        return ""
    marks = f"<b>{points}</b> of {of} points" if of else "practice, no marks"
    return f'<p class="total">{marks}<span>{held} of {_count(tasks, "task")} right</span></p>'


def _bar(rows):
    """A bar with one piece for each task with marks, as wide as the task is worth."""
    pieces = "".join(
        f'<i class="{"pass" if row.passed else "fail"}" style="flex-grow:{row.of}"></i>'
        for row in rows
        if row.of
    )
    return f'<div class="bar" aria-hidden="true">{pieces}</div>' if pieces else ""


def _task(row, with_note):
    sign, word, state = ("✓", "right", "pass") if row.passed else ("✗", "not yet", "fail")
    marks = f"{row.points} of {_count(row.of, 'point')}" if row.of else "practice, no marks"
    words = "".join(_line_of_words(line) for line in _said(row))
    return (
        f'<article class="{state}"><span class="sign" role="img" aria-label="{word}">{sign}</span>'
        f"<h3>{escape(row.title)}</h3>"
        f'<p class="marks">{marks}</p><p class="name">{escape(row.task)}</p>'
        + (f"<pre>{words}</pre>" if words else "")
        + _note(row.note if with_note else "")
        + "</article>"
    )


def _said(row):
    """The lines of the check, without those that only make sense in the notebook."""
    lines = [line for line in row.words.splitlines() if line != f"✓ {row.title}"]
    if row.passed and lines and not lines[-1].startswith(" "):
        lines.pop()  # what comes next
    return textwrap.dedent("\n".join(lines)).splitlines()


def _line_of_words(line):
    """One line of a check's text; where it must be broken, its rest is indented as it is."""
    text = line.lstrip(" ")
    return f'<span style="padding-left:{len(line) - len(text)}ch">{escape(text)}\n</span>'


def _note(note):
    return f'<p class="note">{escape(note)}</p>' if note else ""


def _count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# ---- the teacher's index --------------------------------------------------------------


def index_page(by_learner, pages):
    """The list of all learners with their totals and a link to each page, as HTML."""
    files = {}
    for learner, rows in by_learner.items():
        for (sheet, file), group in groupby(rows, key=lambda row: (row.sheet, row.file)):
            files.setdefault(sheet, []).append((learner, file, list(group)))
    tables = "".join(_sheet_table(sheet, files[sheet], pages) for sheet in sorted(files))
    found = f"{_count(len(by_learner), 'learner')}, {_count(sum(map(len, files.values())), 'file')}"
    over = '<p class="over">Marked with the course grader</p><h1>Results</h1>'
    more = '<p class="lead">{}. The same figures are in <a href="grades.csv">grades.csv</a>.</p>'
    return _page("Results", over + more.format(found) + tables)


def _sheet_table(sheet, files, pages):
    tasks = [(row.task, row.title, row.of) for row in files[0][2] if row.task]
    heads = "".join(
        f'<th title="{escape(title)}">{escape(task.partition(".")[2])}'
        f"<small>{of or 'no marks'}</small></th>"
        for task, title, of in tasks
    )
    body = "".join(_line(learner, rows, pages[learner]) for learner, _, rows in files)
    held = [sum(rows[number].passed for _, _, rows in files) for number in range(len(tasks))]
    foot = "".join(f"<td>{count} of {len(files)}</td>" for count in held)
    return (
        f'<section class="class"><h2>{escape(sheet_title(sheet))}</h2><div class="wide"><table>'
        f"<thead><tr><th>Learner</th>{heads}<th>Points</th><th>Note</th></tr></thead>"
        f"<tbody>{body}</tbody>"
        + (f"<tfoot><tr><th>Right</th>{foot}<td></td><td></td></tr></tfoot>" if tasks else "")
        + "</table></div></section>"
    )


def _line(learner, rows, page):
    cells = "".join(
        f'<td class="{"pass" if row.passed else "fail"}">{"✓" if row.passed else "✗"}</td>'
        for row in rows
        if row.task
    )
    points, of = sum(row.points for row in rows), sum(row.of for row in rows)
    marks = f"{points} of {of}" if of else ""
    # Rows share sentences; one who has the whole file in view needs each only once.
    sentences = [s for row in rows for s in re.split(r"(?<=\.) (?=[A-Z])", row.note)]
    notes = " ".join(dict.fromkeys(sentences))
    return (
        f'<tr><th><a href="feedback/{escape(page)}">{escape(learner)}</a></th>{cells}'
        f'<td class="points">{marks}</td><td class="remark">{escape(notes)}</td></tr>'
    )


# ---- the look -------------------------------------------------------------------------


def _page(title, body):
    style = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    # Even a slip in escaping could load or run nothing: the policy allows only this style.
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )
