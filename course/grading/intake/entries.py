"""Folders and files where they lie: on the disk, or within a zip; the search sees no difference."""

import os
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from course.grading.intake import zips
from course.grading.notebook_file import HEAD, Unreadable


class OnDisk:
    """A file or folder on the disk; a zip is a folder.

    problem: why it is not opened, "" where it is.
    """

    member = None
    problem = ""

    def __init__(self, path):
        self.path, self.name = path, path.name
        self.is_link = path.is_symlink()
        self.is_zip = not self.is_link and zips.is_zip(path)
        self.is_folder = self.is_zip or (not self.is_link and os.path.isdir(path))
        self.leads_to_folder = self.is_link and os.path.isdir(path)

    @property
    def is_file(self):
        """Whether it is an ordinary file."""
        return self.path.is_file()

    def names(self):
        """The names in a folder, in order; errors: OSError, or Unreadable for a zip."""
        if self.is_zip:
            self._inside = _tree(self.path)
            return sorted(self._inside)
        return sorted(os.listdir(self.path))

    def entry(self, name):
        """What lies in it by that name; errors: OSError."""
        return self._inside[name] if self.is_zip else OnDisk(self.path / name)

    def head(self):
        """The first bytes; errors: OSError."""
        with self.path.open("rb") as file:
            return file.read(HEAD)


class InZip:
    """A file or folder within a zip; the fields as `OnDisk` has them.

    path: of the zip, and on from there; nothing lies there on the disk.
    """

    is_link = is_zip = leads_to_folder = False

    def __init__(self, path):
        self.path, self.name = path, path.name
        self.member, self._inside = None, {}

    @property
    def is_folder(self):
        """Whether other entries lie in it."""
        return self.member is None or (self.member.is_folder and not self.problem)

    @property
    def is_file(self):
        """Whether it is a file: within a zip all are ordinary."""
        return not self.is_folder

    @property
    def problem(self):
        """Why it is not opened."""
        if self.member is None:
            return ""
        nested = self.path.suffix.lower() == ".zip" and not self.member.is_folder
        return self.member.problem or (zips.NESTED if nested else "")

    def names(self):
        """The names in it, in order."""
        return sorted(self._inside)

    def entry(self, name):
        """What lies in it by that name."""
        return self._inside[name]

    def head(self):
        """The first bytes; errors: OSError."""
        try:
            return self.member.head()
        except Unreadable as problem:
            raise OSError(0, str(problem).rstrip(".")) from None


def _tree(path):
    """The entries at the top of a zip, by name, a folder's with "/"; errors: Unreadable."""
    top = InZip(path)
    for member in zips.members(path):
        *folders, name = member.names
        if member.problem in (zips.OUTSIDE, zips.TOO_DEEP, zips.LONG):
            # The name itself is bad: all of it is one entry, which is only named.
            folders, name = [], "/".join(member.names)[: zips.LONGEST_NAME]
        place = top
        for folder in folders:
            place = _below(place, folder, "/")
        _below(place, name, "/" * member.is_folder).member = member
    return top._inside


def _below(place, name, end):
    path = place.path / (name.replace("/", "\u2215") or "\u2215")  # as it looks, and no path
    return place._inside.setdefault(name + end, InZip(path))


def exists(path):
    """Whether something lies at a path, also where that leads into a zip."""
    path = Path(path)
    if os.path.lexists(path):
        return True
    archive = next((each for each in path.parents if zips.is_zip(each)), None)
    if archive is None:
        return False
    try:
        return path.relative_to(archive).parts in _all_names(archive, archive.stat().st_mtime_ns)
    except (Unreadable, OSError):
        return False


@lru_cache(maxsize=4)
def _all_names(archive, _saved):
    return {member.names for member in zips.members(archive)}


def saved_at(path, member=None):
    """When a file was last saved, as `origin.Origin` has it; "" where nothing tells."""
    if member is not None:
        return member.at
    try:
        seconds = int(path.lstat().st_mtime)
        return datetime.fromtimestamp(seconds).isoformat()  # of this place, as a zip has it
    except (OSError, OverflowError, ValueError):
        return ""
