"""What has changed among the submissions since a journal was last written to.

A file that was renamed, moved or taken away takes its old row and page with it; nobody's work
is shown twice, and two learners' work never on one page.
"""

import os

from course.grading import marks
from course.grading.learners import Unclear

MOST = 10  # names in one sentence


def news(handed, known, learner_from=""):
    """The lines that the journal `known` needs: files left aside now, and submissions now gone.

    handed: a `papers.Handed`.
    Errors: Unclear where a learner of the journal and one of these may be two.
    """
    gone = list(_gone(handed, marks.current(known), learner_from))
    before = {line["root"]: line["left"] for line in known if line["what"] == "left"}
    made = [{"what": "gone", "gone": gone}] if gone else []
    for root, left in handed.left.items():
        if left != before.get(root, []):
            made.append({"what": "left", "root": root, "left": left})
    return made


def in_words(news):
    """A sentence on the submissions that are gone, "" where none are."""
    gone = [who for line in news for who in line.get("gone", ())]
    if not gone:
        return ""
    files = ", ".join(dict.fromkeys(file for _, file, _ in gone[:MOST]))
    more = f" and {len(gone) - MOST} more" if len(gone) > MOST else ""
    return f"No longer there under that name, so taken out of the reports: {files}{more}."


def _gone(handed, current, learner_from):
    here = {_who(paper.submission, paper.sheet) for paper in handed.papers}
    paths = {str(paper.submission.path) for paper in handed.papers}
    mine = {(paper.submission.learner, paper.sheet): paper for paper in handed.papers}
    for line in current:
        who = line["learner"], line["file"], line["sheet"]
        if who in here:
            continue
        other = mine.get((line["learner"], line["sheet"])) if line["sheet"] else None
        if line["path"] in paths or _below(line["path"], handed.left):
            yield list(who)  # the same file under another name, or no file any more
        elif other and not os.path.lexists(line["path"]):
            yield list(who)  # its folder was moved, and here it is
        elif other and not learner_from:
            raise Unclear(
                f"The journal has {line['sheet']} of {line['learner']!r} from {line['file']}. Is "
                f"{other.submission.file} by the same learner, or by another one? Nothing tells: "
                "name another folder by --out."
            )


def _who(submission, sheet):
    return submission.learner, submission.file, sheet


def _below(path, roots):
    """Whether a path lies in one of the folders that were searched."""
    parents = set()
    while path not in parents:
        parents.add(path)
        path = os.path.dirname(path)
    return not parents.isdisjoint(roots)
