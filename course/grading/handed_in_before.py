"""What has changed among the submissions since a journal was last written to.

A file that was renamed, moved or taken away takes its old row and page with it; nobody's work
is shown twice, and two learners' work never on one page.
"""

import os

from course.grading import gradebook
from course.grading.intake.entries import exists
from course.grading.learners import Unclear

MOST = 10  # names in one sentence


def keep_names(handed, known):
    """Call files that the journal `known` has as it does, however few are handed in this time.

    handed: a `papers.Handed`, whose papers are changed.
    Errors: Unclear where another file would then come to a learner whose it may not be.
    """
    lines, kept, new = {line["path"]: line for line in gradebook.current(known)}, {}, []
    for paper in handed.papers:
        line, told = lines.get(str(paper.submission.path)), paper.submission.learner
        if line is None:
            new.append(paper.submission)
            continue
        names = {"learner": line["learner"], "file": line["file"]}
        paper.submission = paper.submission._replace(**names)
        if told != line["learner"]:
            kept[line["learner"]] = paper.submission
    for each in new:
        if each.learner in kept:
            raise _unclear("work", kept[each.learner].learner, kept[each.learner].path, each.path)


def _unclear(what, learner, path, other):
    return Unclear(
        f"The journal has {what} of {learner!r} from {path}. Is {other} by the same learner, or by "
        "another one? Nothing tells: name another folder by --out."
    )


def news(handed, known, learner_from=""):
    """The lines that the journal `known` needs: files left aside now, and submissions now gone.

    handed: a `papers.Handed`.
    Errors: Unclear where a learner of the journal and one of these may be two.
    """
    gone = list(_gone(handed, gradebook.current(known), learner_from))
    before = {line["root"]: line["left"] for line in known if line["what"] == "left"}
    made = [{"what": "gone", "gone": gone}] if gone else []
    for root, left in handed.left.items():
        if left != before.get(root, []):
            made.append({"what": "left", "root": root, "left": left})
    return made


def in_words(news, known, handed):
    """Sentences on the submissions that are gone, and what was decided on them; "" for none.

    handed: a `papers.Handed`, what is there now.
    """
    gone = {tuple(who) for line in news for who in line.get("gone", ())}
    if not gone:
        return ""
    files = _few(sorted({file for _, file, _ in gone}))
    words = f"No longer there under that name, so taken out of the reports: {files}."
    here = {(paper.submission.learner, paper.sheet) for paper in handed.papers}
    lost = [
        f"{row.learner}, {row.task}: {gradebook.in_words(row.points)}"
        for row in gradebook.rows(known)
        if row.by_hand
        and (row.learner, row.file, row.sheet) in gone
        and ((row.learner, row.sheet) not in here or gradebook.decision(row, known)["file"])
    ]
    if lost:
        by_hand = f"points that were set by hand ({_few(lost)})"
        words += f" With them go {by_hand}; set them again if due."
    return words


def _few(words):
    words = list(words)
    more = f" and {len(words) - MOST} more" if len(words) > MOST else ""
    return ", ".join(words[:MOST]) + more


def _gone(handed, current, learner_from):
    by_learner, paths = {}, {str(paper.submission.path) for paper in handed.papers}
    for paper in handed.papers:
        by_learner.setdefault(paper.submission.learner, []).append(paper)
    for line in current:
        theirs, there = by_learner.get(line["learner"], []), exists(line["path"])
        searched = is_below(line["path"], handed.left)
        missing = line["path"] not in paths and not searched
        other = there and _other(theirs, line, beside=missing and not learner_from)
        if other:
            what = line["sheet"] or "work"
            raise _unclear(what, line["learner"], line["path"], other.path)
        here = any(
            (each.submission.file, each.sheet) == (line["file"], line["sheet"]) for each in theirs
        )
        # In a folder that was not searched it may still be, unless it has been moved to here, or
        # a platform's newer download was given, which has all that the older one has.
        here_too = [each for each in theirs if each.sheet == line["sheet"] != ""]
        newer = any(each.submission.origin.platform for each in here_too)
        moved = here_too and (newer or not there)
        if not here and (not missing or moved):
            yield [line["learner"], line["file"], line["sheet"]]


def _other(theirs, line, beside):
    """A learner's submission that would be put in a line's place, and comes from elsewhere.

    beside: whether one of the same sheet that would be put beside it counts, too.
    """
    for paper in theirs:
        each = paper.submission
        same = paper.sheet == line["sheet"] != ""
        if each.origin.platform:  # its number tells whose it is
            continue
        if str(each.path) != line["path"] and (each.file == line["file"] or (beside and same)):
            return each
    return None


def is_below(path, folders):
    """Whether a path is one of some folders or lies in one; all are whole paths, as text."""
    parents = set()
    while path not in parents:
        parents.add(path)
        path = os.path.dirname(path)
    return not parents.isdisjoint(folders)
