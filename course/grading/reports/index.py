"""The teacher's list: every learner's total for each sheet, with a link to each page."""

import re
from html import escape
from itertools import groupby

from course.grading.gradebook import NO_ASIDE, in_words
from course.grading.reports import page
from course.grading.reports.page import count, sheet_title


def index_page(by_learner, pages, run=page.NO_RUN, aside=NO_ASIDE):
    """The list of all learners as HTML.

    by_learner: learner -> rows; pages: learner -> the feedback page's file name.
    aside:      `gradebook.Aside`, what was left aside and what the journal has lost.
    """
    files = {}
    for learner, rows in by_learner.items():
        for (sheet, file), group in groupby(rows, key=lambda row: (row.sheet, row.file)):
            files.setdefault(sheet, []).append((learner, file, list(group)))
    tables = "".join(_sheet_table(sheet, files[sheet], pages) for sheet in sorted(files))
    found = f"{count(len(by_learner), 'learner')}, {count(sum(map(len, files.values())), 'file')}"
    over = '<p class="over">Marked with the course grader</p><h1>Results</h1>'
    more = (
        f'<p class="lead">{found}. What the class has understood is in the '
        '<a href="summary.html">summary</a>; the same figures as here are in '
        '<a href="grades.csv">grades.csv</a>.</p>'
    )
    everything = [row for rows in by_learner.values() for row in rows]
    beside = page.not_marked(everything, aside)
    return page.page("Results", over + more + beside + tables, everything, run, seed=True)


def _sheet_table(sheet, files, pages):
    tasks = [(row.task, row.title, row.of) for row in files[0][2] if row.task]
    heads = "".join(
        f'<th title="{escape(title)}">{escape(task.partition(".")[2])}'
        f"<small>{of or 'no marks'}</small></th>"
        for task, title, of in tasks
    )
    body = "".join(_line(learner, rows, pages[learner]) for learner, _, rows in files)
    held = [sum(rows[number].right for _, _, rows in files) for number in range(len(tasks))]
    right = "".join(f"<td>{number} of {len(files)}</td>" for number in held)
    return (
        f'<section class="class"><h2>{escape(sheet_title(sheet))}</h2><div class="wide"><table>'
        f"<thead><tr><th>Learner</th>{heads}<th>Points</th><th>Note</th></tr></thead>"
        f"<tbody>{body}</tbody>"
        + (f"<tfoot><tr><th>Right</th>{right}<td></td><td></td></tr></tfoot>" if tasks else "")
        + "</table></div></section>"
    )


def _line(learner, rows, name):
    cells = "".join(_cell(row) for row in rows if row.task)
    # Rows share sentences; one who has the whole file in view needs each only once.
    sentences = [s for row in rows for s in re.split(r"(?<=\.) (?=[A-Z])", row.note)]
    notes = " ".join(dict.fromkeys(sentences))
    return (
        f'<tr><th><a href="feedback/{escape(name)}">{escape(learner)}</a></th>{cells}'
        f'<td class="points">{page.marks_in_words(rows)}</td>'
        f'<td class="remark">{escape(notes)}</td></tr>'
    )


def _cell(row):
    sign = "✓" if row.right else "✗"
    hand = f"<small>{in_words(row.points)}, by hand</small>" if row.by_hand else ""
    return f'<td class="{"pass" if row.right else "fail"}">{sign}{hand}</td>'
