"""What has changed among the submissions since a journal was last written to.

A file that was renamed, moved or taken away takes its old row and page with it; nobody's work
is shown twice, and two learners' work never on one page.
"""

import os

from course.grading import gradebook
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
        and ((row.learner, row.sheet) not in here or _names_a_file(known, row))
    ]
    if lost:
        words += (
            f" With them go points that were set by hand ({_few(lost)}); set them again if due."
        )
    return words


def _names_a_file(known, row):
    """Whether the last decision on a row's task was on that file alone."""
    decided = [line for line in known if line["what"] == "by hand"]
    mine = [line for line in decided if (line["learner"], line["task"]) == (row.learner, row.task)]
    return [line["file"] for line in mine if line["file"] in ("", row.file)][-1:] == [row.file]


def _few(words):
    words = list(words)
    more = f" and {len(words) - MOST} more" if len(words) > MOST else ""
    return ", ".join(words[:MOST]) + more


def _gone(handed, current, learner_from):
    here = {_who(paper.submission, paper.sheet) for paper in handed.papers}
    paths = {str(paper.submission.path) for paper in handed.papers}
    for line in current:
        who = line["learner"], line["file"], line["sheet"]
        there = os.path.lexists(line["path"])
        other = there and _other(handed, line, learner_from, paths)
        if other:
            what = line["sheet"] or "work"
            raise _unclear(what, line["learner"], line["path"], other.path)
        if who not in here and (line["path"] in paths or _is_gone(handed, line, there)):
            yield list(who)


def _other(handed, line, learner_from, paths):
    """A submission that would be put with a line's or in its place, if it comes from elsewhere."""
    for paper in handed.papers:
        each = paper.submission
        if each.learner != line["learner"] or str(each.path) == line["path"]:
            continue
        in_its_place = each.file == line["file"]
        beside = line["path"] not in paths and paper.sheet == line["sheet"] != ""
        beside = beside and not _below(line["path"], handed.left)
        if in_its_place or (beside and not learner_from):
            return each
    return None


def _is_gone(handed, line, there):
    """Whether its file is no more, in a folder that was searched, or has been moved to here."""
    moved = any(
        (each.submission.learner, each.sheet) == (line["learner"], line["sheet"])
        for each in handed.papers
    )
    return _below(line["path"], handed.left) or (moved and line["sheet"] and not there)


def _who(submission, sheet):
    return submission.learner, submission.file, sheet


def _below(path, roots):
    """Whether a path lies in one of the folders that were searched."""
    parents = set()
    while path not in parents:
        parents.add(path)
        path = os.path.dirname(path)
    return not parents.isdisjoint(roots)
