"""Names in Canvas's "Download Submissions", all files of which lie in one folder.

Layout: instructure/canvas-lms, `lib/content_zipper.rb` (`get_filename`, `add_upload_submission`):
the sortable name in small letters without anything but letters, "LATE" where it is, the learner's
number, the file's number and its name, joined by "_"; of anonymous assignments "anon" and five
letters stand in place of name and number. A file of a name that was there before gets "-1", "-2"
and so on (Canvas Instructor Guide, "How do I download all student submissions for an assignment?").
"""

import re

from course.grading.intake.origin import Origin

ANONYMOUS = "anonymous"
_NUMBER = r"[1-9]\d{0,18}"
_NAMED = re.compile(
    rf"(?P<name>\w+?)(?P<late>_LATE)?_(?P<id>{_NUMBER})_(?P<number>{_NUMBER})_(?P<file>.+)",
    flags=re.DOTALL,
)
_ANONYMOUS = re.compile(
    rf"(?P<late>LATE_)?(?P<id>anon_[A-Za-z0-9]{{5}})_(?P<number>{_NUMBER})_(?P<file>.+)",
    flags=re.DOTALL,
)
_AGAIN = re.compile(r"-([1-9]\d?)(?=(\.\w{1,10})*$)")


def origin(part):
    """The `Origin` that one name of a path tells, and the file's own name.

    None where it is no name of such a download.
    """
    match = _ANONYMOUS.fullmatch(part) or _NAMED.fullmatch(part)
    name = match and match.groupdict().get("name", ANONYMOUS)
    if not match or name != name.lower():
        return None
    again = _AGAIN.search(match["file"])
    attempt = 1 + (int(again[1]) if again else 0)
    found = Origin("canvas", name, match["id"], bool(match["late"]), attempt)
    return found._replace(number=int(match["number"])), match["file"]


def first_name(file):
    """A file's name as it was handed in at first: hw.ipynb of hw-2.ipynb."""
    return _AGAIN.sub("", file)
