"""Names in Moodle's "Download all submissions", with one folder for each learner and without.

Layout: moodle/moodle, `mod/assign/classes/downloader.php` (before 4.1 `mod/assign/locallib.php`,
`download_submissions`): full name, participant number, kind and plug-in, joined by "_", which a
full name never holds; then "/" or, before 4.1, "_/" and the file, or without folders "_" and the
file. Anonymous learners are all called "Participant" or as the site's language has it; of a group
the download has the group's name and number. The number belongs to one assignment only.
"""

import re

from course.grading.intake.origin import Origin

_PREFIX = re.compile(
    r"(?P<name>[^_/\\]+)_(?P<id>[1-9]\d{0,18})_assignsubmission_(?P<plugin>file|onlinetext)"
    r"(?:_(?P<file>.*))?",
    flags=re.DOTALL,
)


def origin(part):
    """The `Origin` that one name of a path tells, and the file's own name, "" for a folder's.

    None where it is no name of such a download.
    """
    match = _PREFIX.fullmatch(part)
    if not match or not match["name"].strip():
        return None
    return Origin("moodle", match["name"].strip(), match["id"]), match["file"] or ""
