"""The class on one page: what held, which mistakes were made, and how answers ended.

For the teacher, before the next lesson; no learner is named but those whose work was not run.
"""

import re
from collections import Counter
from html import escape

from course.grading.gradebook import NO_ASIDE, NOT_MARKED, in_words
from course.grading.reports import page
from course.grading.reports.page import count, sheet_title

#: How an answer that did not hold ended, told by what the check said: the first that fits.
ENDINGS = (
    ("It was never finished: an endless loop, or very slow", r"has not ended after|took longer"),
    ("It still held the dots of the sheet", r"still `\.\.\.`|put your lines in place of the dots"),
    ("It raised an error", r"\braised [A-Z]\w*"),
    ("It returned nothing", r"nothing \(None\)"),
    ("The process died or was killed", r"\bdied\b|was killed|Not looked at|was stopped"),
    ("It is right for the check's own numbers only", r"but not for others"),
    ("Its name was not defined", r"is not there yet"),
)
NOTHING, UNMARKED = "There was no answer", "It could not be marked"
MOST = 10  # mistakes that are shown: a lesson has no time for more
WRONG, KNOWN = "Another wrong answer", "A known mistake, explained above"


def summary_page(rows, run=page.NO_RUN, aside=NO_ASIDE):
    """The class summary as HTML; `rows` are all `gradebook.Row`s of a marking."""
    learners = len({row.learner for row in rows})
    over = '<p class="over">Before the next lesson</p><h1>What the class has understood</h1>'
    lead = f'<p class="lead">{count(learners, "learner")}. Who earned what is in the '
    lead += '<a href="index.html">results</a>; no one is named here unless nothing was run.</p>'
    sheets = sorted({row.sheet for row in rows if row.task})
    sections = "".join(_sheet([row for row in rows if row.sheet == sheet]) for sheet in sheets)
    body = over + lead + sections + _not_run(rows, aside)
    return page.page("Class summary", body, rows, run, seed=True)


def ending(row):
    """How an answer that does not hold ended, in words that are the same for the whole class."""
    if NOT_MARKED in row.note:
        return UNMARKED
    if not row.words or re.search(r"answer cell \S+ is (missing|empty|no longer)", row.note):
        return NOTHING
    for words, pattern in ENDINGS:
        if re.search(pattern, row.words):
            return words
    return KNOWN if row.because else WRONG


# ---- one sheet ------------------------------------------------------------------------


def _sheet(rows):
    tasks = {}
    for row in rows:
        tasks.setdefault(row.task, []).append(row)
    return (
        f'<section class="summary"><h2>{escape(sheet_title(rows[0].sheet))}</h2>'
        + _points(tasks)
        + _held(tasks)
        + _mistakes(tasks)
        + _endings(rows)
        + "</section>"
    )


def _points(tasks):
    """One sentence on the points, or "" on a sheet without marks."""
    papers = list(zip(*tasks.values()))
    totals = sorted(sum(row.points for row in paper) for paper in papers)
    of = sum(each[0].of for each in tasks.values())
    if not of:
        return ""
    middle = totals[(len(totals) - 1) // 2]
    full = sum(total == of for total in totals)
    none = sum(not total for total in totals)
    return (
        f'<p class="lead">{count(len(totals), "file")}: half of them earned {in_words(middle)} '
        f"of {of} points or more; {full} earned them all, {none} none.</p>"
    )


def _held(tasks):
    legend = '<p class="legend"><i class="pass"></i>right <i class="fail"></i>not right '
    legend += '<i class="none"></i>no answer</p>'
    lines = "".join(_task(rows) for rows in tasks.values())
    return f"<h3>Which tasks held</h3>{legend}<dl>{lines}</dl>"


def _task(rows):
    held = sum(row.right for row in rows)
    none = sum(not row.right and ending(row) == NOTHING for row in rows)
    pieces = {"pass": held, "fail": len(rows) - held - none, "none": none}
    bar = "".join(
        f'<i class="{kind}" style="flex-grow:{number}"></i>'
        for kind, number in pieces.items()
        if number
    )
    return (
        f"<dt>{escape(rows[0].title)} <small>{escape(rows[0].task)}</small></dt>"
        f'<dd><span class="track" aria-hidden="true">{bar}</span>'
        f"<b>{held} of {len(rows)}</b></dd>"
    )


def _mistakes(tasks):
    """The recognised mistakes of all tasks, the most frequent first."""
    found = Counter(
        (task, row.because)
        for task, rows in tasks.items()
        for row in rows
        if row.because and not row.right
    )
    if not found:
        return "<h3>Which mistakes were made</h3><p>None that the checks know.</p>"
    most, kept = max(found.values()), found.most_common(MOST)
    lines = "".join(
        f"<dt>{escape(because)} <small>{escape(task)}</small></dt>{_bar(number, most)}"
        for (task, because), number in kept
    )
    left = count(len(found) - len(kept), "rarer mistake")
    more = f'<p class="legend">And {left}.</p>' if len(found) > len(kept) else ""
    head = "<h3>Which mistakes were made, and what their makers were told</h3>"
    return f"{head}<dl>{lines}</dl>{more}"


def _endings(rows):
    found = Counter(ending(row) for row in rows if not row.right)
    if not found:
        return ""
    most = max(found.values())
    lines = "".join(
        f"<dt>{escape(words)}{_which(words, rows)}</dt>{_bar(number, most)}"
        for words, number in found.most_common()
    )
    return f"<h3>How the answers that are not right ended</h3><dl>{lines}</dl>"


def _which(words, rows):
    """The exceptions that were raised, with their numbers, where that is how answers ended."""
    if words != "It raised an error":
        return ""
    mine = [row for row in rows if not row.right and ending(row) == words]
    kinds = Counter(re.search(r"\braised (\w+)", row.words)[1] for row in mine)
    named = ", ".join(f"{kind} {number}×" for kind, number in kinds.most_common(5))
    return f" <small>{escape(named)}</small>"


def _bar(number, most):
    share = f"{100 * number / most:.3g}%"
    return (
        f'<dd><span class="track" aria-hidden="true"><i class="count" style="width:{share}"></i>'
        f"</span><b>{number}×</b></dd>"
    )


def _not_run(rows, aside):
    """Those whose work was not run at all, with the reason: somebody should talk to them."""
    papers = {}
    for row in rows:
        papers.setdefault((row.learner, row.file), []).append(row)
    lines = [
        (learner, theirs[0].note)
        for (learner, _), theirs in papers.items()
        if not any(row.words for row in theirs)
    ]
    return page.named("Nothing of theirs was run", lines) + _beside(aside)


def _beside(aside):
    """How many files were left aside, whose names may tell people's, and what was lost."""
    words = "What they are called, and why, is in the results, index.html."
    left = [(count(len(aside.left), "file"), words)] if aside.left else []
    return page.named("Left aside", left) + page.damage_in_words(aside)
