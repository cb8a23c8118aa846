"""The learner's copy of the course: made, brought up to date, found, and put back.

`DIR/.course/manifest.json` holds a digest of every notebook as it was delivered, so that a
later start can tell what the learner changed. What was changed is never overwritten.
"""

import contextlib
import hashlib
import itertools
import json
import os
from pathlib import Path
from typing import NamedTuple

from course import paths
from course.questions.fold import fold_answers

FOLDERS = ("notebooks", "exercises", "solutions")


class Refused(Exception):
    """What cannot be done, as a sentence for the person who asked; no work of theirs changed."""


class Delivery(NamedTuple):
    """What a start did, as lists of names such as "exercises/04_momentum_as_friction.ipynb".

    outdated: those of `kept` of which a newer version exists.
    left:     those that are no longer part of the course; they stay where they are.
    """

    brought: list
    replaced: list
    kept: list
    outdated: list
    left: list


# ---- making and mending a copy --------------------------------------------------------


def start(folder):
    """Make a copy of the course in `folder`, or bring one up to date; returns a `Delivery`.

    Errors: Refused for a folder that is something else, or that cannot be written to.
    """
    folder = Path(folder)
    _refuse_foreign(folder)
    course = {name: fresh_copy(name) for name in names()}
    newest = {name: digest(notebook) for name, notebook in course.items()}
    delivered, delivery = load(folder, "manifest"), Delivery([], [], [], [], [])
    for name in course:
        now, before = _digest_of_file(folder / name), delivered.get(name)
        if now is None:
            delivery.brought.append(name)
        elif now != newest[name]:
            (delivery.replaced if now == before else delivery.kept).append(name)
    delivery.outdated.extend(n for n in delivery.kept if delivered.get(n) != newest[n])
    delivery.left.extend(n for n in delivered if n not in course and os.path.exists(folder / n))

    if not os.path.isfile(_manifest(folder)):
        save(folder, "manifest", {})  # the folder is ours, even if we are interrupted here
    for name in delivery.brought + delivery.replaced:
        write(folder / name, course[name])
    manifest = delivered | {n: d for n, d in newest.items() if n not in delivery.kept}
    if manifest != load(folder, "manifest"):
        save(folder, "manifest", manifest)
    return delivery


def reset(copy, name):
    """Put a file back as it was delivered; returns where the learner's went, or None.

    Errors: Refused where it cannot be written.
    """
    mine, backup, fresh = copy / name, None, fresh_copy(name)
    now = _digest_of_file(mine)
    if now == digest(fresh):
        return None
    if now is not None:
        numbered = (mine.with_name(f"{mine.stem}.backup-{n}.ipynb") for n in itertools.count(1))
        backup = next(path for path in numbered if not path.exists())
        with _refusing(f"move {mine}"):
            mine.rename(backup)
    write(mine, fresh)
    save(copy, "manifest", load(copy, "manifest") | {name: digest(fresh)})
    return backup


# ---- finding a copy, and files in it --------------------------------------------------


def locate(folder=None):
    """The learner's copy: `folder`, or else the one around the current folder or ./my-course.

    Errors: Refused where there is none.
    """
    if folder is not None:
        if os.path.isfile(_manifest(folder)):
            return Path(folder)
        raise Refused(f"{folder} is no copy of the course; make one with: course start {folder}")
    here = Path.cwd()
    for candidate in (here, *here.parents, here / "my-course"):
        if os.path.isfile(_manifest(candidate)):
            return candidate
    raise Refused("There is no copy of the course here; make one with: course start")


def find_file(copy, name):
    """The file of the copy that `name` means, such as "exercises/04_momentum_as_friction.ipynb".

    name:   what `paths.find_sheet` takes, or a path to any notebook of the course.
    Errors: Unknown, with the nearest exercises.
    """
    path, copy = Path(name), copy.resolve()
    if path.suffix == ".ipynb" and (os.path.exists(path) or len(path.parts) > 1):
        for candidate in (path.resolve(), (copy / path).resolve()):
            if candidate.is_relative_to(copy):
                inside = candidate.relative_to(copy).as_posix()
                if inside in names():
                    return inside
        raise Refused(f"{name} is no notebook of the course in {copy}.")
    return f"exercises/{paths.find_sheet(name)}.ipynb"


# ---- the course as it is delivered ----------------------------------------------------


def names():
    """The files of the course, such as "notebooks/00_start_here.ipynb", in reading order."""
    found = (sorted((paths.material() / folder).glob("*.ipynb")) for folder in FOLDERS)
    return [f"{path.parent.name}/{path.name}" for path in itertools.chain(*found)]


def fresh_copy(name):
    """One file of the course as a learner gets it, as a dictionary in the notebook format."""
    notebook = read(paths.material() / name)
    if name.startswith("exercises/"):
        # There the checks carry what the right answer prints; nobody should see it before.
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
    if name.startswith("notebooks/"):
        fold_answers(notebook, Path(name).name[:2])
    return notebook


def read(path):
    """A notebook as a dictionary.

    Errors: Refused for a file that is missing or is no notebook.
    """
    with _refusing(f"read {path}"):
        text = Path(path).read_text("utf-8", errors="replace")
    try:
        notebook = json.loads(text)
        digest(notebook)
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Refused(f"{path} is no notebook that can be read.") from None
    return notebook


def digest(notebook):
    """A digest of the cells' types and sources only, so that running a notebook changes nothing."""
    cells = [[cell["cell_type"], "".join(cell["source"])] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _digest_of_file(path):
    """The digest of a notebook, of whatever else lies there, or None where nothing does."""
    if not os.path.exists(path):
        return None
    try:
        return digest(read(path))
    except Refused:
        return "not a notebook"


# ---- files ----------------------------------------------------------------------------


def load(copy, what):
    """A record of the copy, "manifest", "progress" or "hints"; empty where it can't be read."""
    try:
        record = json.loads((Path(copy) / f".course/{what}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def save(copy, what, record):
    """Write a record of the copy."""
    write(Path(copy) / f".course/{what}.json", record)


def write(path, content):
    """Write a dictionary as JSON, whole or not at all.

    Errors: Refused where it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    with _refusing(f"write {path}", " Choose a folder where you can write."):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8", newline="\n")
            os.replace(part, path)
        finally:
            with contextlib.suppress(OSError):
                part.unlink()


@contextlib.contextmanager
def _refusing(what, advice=""):
    """Turn the system's refusal into a sentence."""
    try:
        yield
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise Refused(f"Cannot {what}: {why}.{advice}") from None


def _manifest(folder):
    return Path(folder) / ".course/manifest.json"


def _refuse_foreign(folder):
    if os.path.isfile(_manifest(folder)) or not os.path.exists(folder):
        return
    with _refusing(f"make a copy in {folder}"):
        if any(folder.iterdir()):
            raise Refused(f"{folder} holds files that are not the course's; choose a new folder.")
