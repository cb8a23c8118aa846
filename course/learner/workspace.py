"""The learner's copy of the course: made, brought up to date, found, and put back.

`DIR/.course/manifest.json` holds a digest of every notebook as it was delivered, so that a
later start can tell what the learner changed. What was changed is never overwritten.
"""

import itertools
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from course import paths
from course.learner import last_copy, task_cells
from course.learner.delivery import FOLDERS as FOLDERS
from course.learner.delivery import fresh_copy, is_as_in_the_repository, names
from course.learner.files import Refused, digest, digest_of_file, load, read, refusing, save, write


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
        now, before = digest_of_file(folder / name), delivered.get(name)
        if now is None:
            delivery.brought.append(name)
        elif now == newest[name] and is_as_in_the_repository(folder / name, name):
            delivery.replaced.append(name)
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
    now = digest_of_file(mine)
    if now == digest(fresh):
        return None
    if now is not None:
        backup = _free_backup(mine)
        with refusing(f"move {mine}"):
            mine.rename(backup)
    write(mine, fresh)
    save(copy, "manifest", load(copy, "manifest") | {name: digest(fresh)})
    return backup


def reset_task(copy, name, task):
    """Put one task's cells back as they were delivered, also those that were deleted or doubled.

    name:   the sheet's file; task: such as "04.goal".
    Returns the `task_cells.Mended` cells, and the path of a backup of the whole sheet; None and
    None where the task is as it was delivered.
    Errors: Refused where the sheet cannot be read or written.
    """
    mine = copy / name
    try:
        theirs = read(mine)
    except Refused as problem:
        raise Refused(f"{problem} Start the sheet afresh: course reset {task[:2]}") from None
    part = task.partition(".")[2]
    mended = task_cells.mended(theirs["cells"], fresh_copy(name)["cells"], part)
    if not mended.said():
        return None, None
    backup = _free_backup(mine)
    with refusing(f"write {backup}"):
        shutil.copyfile(mine, backup)
    write(mine, theirs | {"cells": mended.cells})
    return mended, backup


def _free_backup(path):
    numbered = (path.with_name(f"{path.stem}.backup-{n}.ipynb") for n in itertools.count(1))
    return next(each for each in numbered if not each.exists())


# ---- finding a copy, and files in it --------------------------------------------------


def locate(folder=None):
    """The learner's copy: `folder`, or else the one around the current folder or last opened.

    Errors: Refused where there is none.
    """
    if folder is not None:
        if os.path.isfile(_manifest(folder)):
            return Path(folder)
        raise Refused(f"{folder} is no copy of the course; make one with: course start {folder}")
    copy = around() or last_opened()
    if copy is None:
        raise Refused("There is no copy of the course here; make one with: course start")
    return copy


def around():
    """The copy around the current folder, or one called my-course beside it, or None."""
    here = Path.cwd()
    for place in (here, *here.parents):
        for candidate in (place, place / "my-course"):
            if os.path.isfile(_manifest(candidate)):
                return candidate
    return None


def last_opened():
    """The copy that was started or opened last, wherever it is, or None."""
    copy = last_copy.path()
    return copy if copy and os.path.isfile(_manifest(copy)) else None


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


# ---- files ----------------------------------------------------------------------------


def _manifest(folder):
    return Path(folder) / ".course/manifest.json"


def _refuse_foreign(folder):
    if os.path.isfile(_manifest(folder)) or not os.path.exists(folder):
        return
    with refusing(f"make a copy in {folder}"):
        if any(folder.iterdir()):
            raise Refused(f"{folder} holds files that are not the course's; choose a new folder.")
