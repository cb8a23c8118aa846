"""One learner's result as JSON, for programs that hand it on."""

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from course.grading import whole_file
from course.grading.submissions import is_searched
from course.learner.workspace import Refused


def refuse_several(submissions, json):
    """Refuse, before anything runs, to make JSON of what may be several learners' work."""
    if json is not None and (len(submissions) != 1 or is_searched(submissions[0])):
        raise Refused("--json is of one learner's result: name one notebook file.")


@contextmanager
def folder(out, json):
    """The folder of the reports: `out`, or one that is gone in the end, where only JSON is wanted.

    json: where the JSON goes, None where none is wanted.
    """
    if out is not None:
        yield out
    elif json is None:
        raise Refused("Where do the reports go? Name a folder by --out, or ask for --json alone.")
    else:
        with tempfile.TemporaryDirectory(prefix="course-") as made:
            yield Path(made, "marks")


def write(rows, aside, json):
    """Write the result that `gradebook.Row`s are to a file, or to stdout where `json` is "-".

    Errors: ValueError where they are not one learner's; Refused where it cannot be written.
    """
    from course.grading.reports import result

    text = result.as_json(rows, aside.left)
    if json == "-":
        sys.stdout.write(text)
        return
    try:
        _save(text, Path(json))
    except OSError as problem:
        raise Refused(f"Cannot write to {json}: {problem.strerror}.") from None


def _save(text, path):
    """Write a file whole or not at all; a device or a pipe is written to, and never replaced."""
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as file:
            file.write(text)
        return
    whole_file.write(path.resolve(), text)  # where a link leads, which stays one
