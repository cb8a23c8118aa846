"""The class on one page: what held, which mistakes were made, and how answers ended.

For the teacher, before the next lesson; no learner is named but those whose work was not run.
"""

from collections import Counter

from course.checks.essay import WAITS
from course.grading.gradebook import NO_ASIDE
from course.grading.reports import page
from course.grading.reports.page import count

RAISED = "It raised an error"
#: How an answer that did not hold ended: a `Finding`'s word -> in words.
ENDINGS = {
    "endless": "It was never finished: an endless loop, or very slow",
    "unfilled": "It was still as the sheet gives it",
    "raised": RAISED,
    "nothing": "It returned nothing",
    "died": "The process died or was killed",
    "unseen": "It was not looked at: the time was up, or the process had ended",
    "only there": "It is right for the check's own numbers only",
    "missing": "Its name was not defined",
    WAITS: "It is a text, which a person marks",
}
NOTHING, UNMARKED = "There was no answer", "It could not be marked"
MOST = 10  # mistakes that are shown: a lesson has no time for more
WRONG, KNOWN = "Another wrong answer", "A known mistake, explained above"


def summary_page(rows, run=page.NO_RUN, aside=NO_ASIDE):
    """The class summary as HTML; `rows` are all `gradebook.Row`s of a marking."""
    counting = [row for row in rows if row.counts]
    sheets = sorted({row.sheet for row in counting if row.task})
    words = "What they are called, and why, is in the results, index.html."
    return page.filled(
        "summary.html",
        rows,
        run,
        seed=True,
        title="Class summary",
        learners=len({row.learner for row in rows}),
        sheets=[_sheet(sheet, [row for row in counting if row.sheet == sheet]) for sheet in sheets],
        raised=RAISED,
        not_run=_not_run(rows),
        # Of files that were left aside the names may tell people's, so only how many.
        left=[(count(len(aside.left), "file"), words)] if aside.left else [],
        damage=page.damage_in_words(aside),
    )


def ending(row):
    """How an answer that does not hold ended, in words that are the same for the whole class."""
    if not row.marked:
        return UNMARKED
    if not row.answered:
        return NOTHING
    return ENDINGS.get(row.ended) or (KNOWN if row.because else WRONG)


# ---- one sheet ------------------------------------------------------------------------


def _sheet(name, rows):
    """What the template needs to know of one sheet."""
    tasks, mistakes = {}, Counter()
    for row in rows:
        tasks.setdefault(row.task, []).append(row)
    # Tasks in their order, so that of two mistakes made as often the first task's comes first.
    for task, theirs in tasks.items():
        mistakes.update((task, row.because) for row in theirs if row.because and not row.right)
    endings = Counter(ending(row) for row in rows if not row.right)
    totals = sorted(sum(row.points for row in paper) for paper in zip(*tasks.values()))
    of = sum(each[0].of for each in tasks.values())
    return {
        "name": name,
        "files": len(totals),
        "of": of,
        "middle": totals[(len(totals) - 1) // 2],
        "full": sum(total == of for total in totals),
        "none": sum(not total for total in totals),
        "tasks": [_task(theirs) for theirs in tasks.values()],
        "mistakes": mistakes.most_common(MOST),
        "rarer": max(0, len(mistakes) - MOST),
        "endings": endings.most_common(),
        "exceptions": _exceptions(rows),
    }


def _task(rows):
    held = sum(row.right for row in rows)
    none = sum(not row.right and ending(row) == NOTHING for row in rows)
    pieces = {"pass": held, "fail": len(rows) - held - none, "none": none}
    return {"title": rows[0].title, "task": rows[0].task, "pieces": pieces, "files": len(rows)}


def _exceptions(rows):
    """The exceptions that were raised, with their numbers, where that is how answers ended."""
    mine = [row for row in rows if not row.right and ending(row) == RAISED]
    kinds = Counter(row.error for row in mine)
    return ", ".join(f"{kind} {number}×" for kind, number in kinds.most_common(5))


def _not_run(rows):
    """Those whose work was not run at all, with the reason: somebody should talk to them."""
    files = {}
    for row in rows:
        files.setdefault((row.learner, row.file), []).append(row)
    return [
        (learner, theirs[0].note)
        for (learner, _), theirs in files.items()
        if not any(row.words for row in theirs)
    ]
