"""An autograder for Gradescope: a zip with setup.sh, run_autograder, and the course itself.

Layout: gradescope-autograders.readthedocs.io, "Autograder Specifications": both scripts at the top;
what a learner handed in lies in /autograder/submission, the zip in /autograder/source; the result
goes to /autograder/results/results.json. There all is one container of Gradescope's for each
submission; what holds the answers within it stands in the result.
"""

import json
import os
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import course
from course import paths
from course.grading import sheets
from course.grading.limits import LEVELS

KEPT = (".py", ".pyi", ".js", ".css", ".html", ".json", ".npz", ".txt", ".svg", ".png", ".ipynb")
STATUS = {True: "passed", False: "failed"}


def write(path, sheet, confinement="landlock"):
    """Write the autograder's zip for one sheet, the same for the same course.

    sheet:       its whole name; confinement: the least level that must hold the answers.
    Errors:      ValueError for a level that is none; OSError where there is a file already, or
                 it cannot be written.
    """
    if confinement not in LEVELS:
        raise ValueError(f"confinement must be one of {', '.join(LEVELS)}; got {confinement!r}.")
    path = Path(path)
    if path.exists():
        raise ValueError(f"{path} is there already; name a new file.")
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.part")
    with ZipFile(half, "w", ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", SETUP.encode(), executable=True)
        run = RUN.format(sheet=sheet, confinement=confinement)
        _add(archive, "run_autograder", run.encode(), executable=True)
        _add(archive, "requirements.txt", "".join(_requirements(sheet)).encode())
        for name, file in sorted(_files().items()):
            _add(archive, name, file.read_bytes())
    os.replace(half, path)


def results(text, trouble=""):
    """Gradescope's results.json, as a text, from what `course grade --json -` printed.

    text:    the JSON; "" where there is none.
    trouble: what was said instead: then nobody gets points by it, and the teacher is to look.
    """
    if not text.strip():
        # Without a score Gradescope shows that the autograder failed, and takes no points away.
        output = f"It could not be marked: {trouble.strip() or 'nothing was said.'}"
        return json.dumps({"output": output, "visibility": "visible", "tests": []}, indent=1)
    result = json.loads(text)
    file = next(each for each in result["files"] if each["counts"])
    notes = [*file["notes"], result["confinement"]]
    made = {
        "score": file["points"],
        "output": "\n".join(notes),
        "output_format": "text",
        "visibility": "visible",
        "tests": [_test(task) for task in file["tasks"]],
        "extra_data": {"course": result["course"], "confinement": result["confinement"]},
    }
    return json.dumps(made, indent=1)


def _test(task):
    words = [task["words"], *task["notes"]]
    return {
        "name": task["title"],
        "number": task["task"],
        "score": task["points"],
        "max_score": task["of"],
        "status": STATUS[task["right"]],
        "output": "\n".join(filter(None, words)),
        "output_format": "text",
    }


def _add(archive, name, data, executable=False):
    info = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    info.external_attr = (0o100755 if executable else 0o100644) << 16
    archive.writestr(info, data)


def _files():
    """Name in the zip -> file: the package, and the sheets with their solutions."""
    package, material = Path(course.__file__).parent, paths.material()
    found = {}
    for file in package.rglob("*"):
        inside = file.relative_to(package)
        if file.suffix in KEPT and file.is_file() and "_material" not in inside.parts:
            found[f"course/{inside.as_posix()}"] = file
    for folder in ("exercises", "solutions"):
        for file in (material / folder).glob("*.ipynb"):
            found[f"course/_material/{folder}/{file.name}"] = file
    return found


def _requirements(sheet):
    """The lines of requirements.txt: what marking needs, in the versions that are here."""
    from importlib.metadata import PackageNotFoundError, version

    more = ("keras", "tensorflow") if sheets.load(sheet).needs == "keras" else ()
    for name in (*NEEDED, *more):
        try:
            yield f"{name}=={version(name)}\n"
        except PackageNotFoundError:
            yield f"{name}\n"


NEEDED = (
    *("jinja2", "markdown-it-py", "matplotlib", "nbclient", "nbformat", "nbval", "numpy"),
    *("psutil", "pyseccomp", "rich", "typer", "ipykernel", "ipython"),
)

SETUP = """#!/usr/bin/env bash
# Run once, where Gradescope builds the image.
set -e
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv libseccomp2
python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || {
  echo "The course needs Python 3.11 to 3.13: choose the base image Ubuntu 24.04." >&2
  exit 1
}
python3 -m venv /autograder/python
/autograder/python/bin/pip install --no-cache-dir -r /autograder/source/requirements.txt
"""

RUN = """#!/usr/bin/env bash
# Run for each submission. AUTOGRADER is another folder where this is tried out elsewhere.
here="${{AUTOGRADER:-/autograder}}"
export PYTHONPATH="$here/source"
python="${{PYTHON:-$here/python/bin/python}}"
mkdir -p "$here/results"
"$python" -m course.grading.exports.gradescope_run \\
  "$here/submission" "$here/results/results.json" {sheet} {confinement}
"""
