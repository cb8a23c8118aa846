"""Whose a file is, told by what differs between the paths of all that was handed in.

A folder is a learner's only if no two files of one sheet lie in it; folders that are called as a
week or a sheet is are nobody's. A file of an unknown sheet may be of any. Where two readings are
left, nothing is guessed.
"""

import unicodedata
from collections import Counter
from itertools import groupby, zip_longest
from typing import NamedTuple

from course.grading.submissions import (
    first_copy,
    is_no_learner,
    is_sheets,
    one_line,
    without_zip,
)


class Unclear(ValueError):
    """Nothing tells whose a file is; its text says which readings there are, and what to do."""


class _Place(NamedTuple):
    """A file on its way to a learner.

    folders: those that are still to be looked at.
    passed:  those that turned out to be of several learners.
    """

    number: int
    found: object
    sheet: str
    folders: tuple
    passed: tuple = ()

    @property
    def unit(self):
        """The same for copies of one file in one folder, which have one owner."""
        folders, stem = self.found.folders, self.found.stem or ""
        return (self.found.root, *folders, first_copy(stem) if folders else stem)

    @property
    def owner(self):
        """The same for files that differ in nothing but a week or a sheet."""
        stem = first_copy(self.found.stem or "")
        return *self.passed, *self.folders, "" if is_no_learner(stem) else stem

    @property
    def next(self):
        """The next name on the way, of a folder or else of the file itself."""
        return self.folders[0] if self.folders else self.found.stem


def told_by_paths(found, sheets):
    """The learners' names of a list of `Found`, whose sheets are known or ""; errors: Unclear."""
    rest, told, inner = [], [], False
    for number, each in enumerate(found):
        folders = tuple(folder for folder in each.folders if not is_no_learner(folder))
        rest.append(_Place(number, each, sheets[number], folders))
    while rest:
        told += [(each, _by_itself(each, inner)) for each in rest if not each.folders]
        rest = sorted((each for each in rest if each.folders), key=lambda each: each.next)
        tops = {name: list(group) for name, group in groupby(rest, key=lambda each: each.next)}
        crowded = [name for name, group in tops.items() if _crowded(group)]
        if not crowded:
            told += [(each, each.next) for each in rest]
            break
        _refuse_loners(tops, crowded)
        rest, inner = [_deeper(each) for each in rest], True
    _refuse_shared(told)
    names = {place.number: name for place, name in told}
    return [names[number] for number in range(len(found))]


def _by_itself(place, inner):
    found = place.found
    if found.stem is None:
        return found.folders[-1] if found.folders else _root_name(found)
    if inner and is_sheets(found.stem):
        raise _unclear(found, found.folders[0], found.stem)
    return by_name(found)


def _crowded(group):
    """Whether several files that may be of one sheet, no copies of each other, are in a folder."""
    group = [each for each in group if not each.found.problem]
    units = {each.unit: each.sheet for each in group}
    known = [sheet for sheet in units.values() if sheet]
    unknown = len(known) < len(units) and len({each.owner for each in group}) > 1
    return len(set(known)) < len(known) or (unknown and len(units) > 1)


def _refuse_loners(tops, crowded):
    """Beside folders of several learners, one with one file is a learner's, or one like them."""
    within = {name: {_after(each) for each in group} for name, group in tops.items()}
    held = Counter(name for names in within.values() for name in names)
    for name in tops.keys() - set(crowded):
        files = [each for each in tops[name] if not each.found.problem]
        for each in files:
            if held[_after(each)] < 2:
                raise _unclear(each.found, name, _after(each))


def _after(place):
    return _deeper(place).next


def _deeper(place):
    return place._replace(folders=place.folders[1:], passed=(*place.passed, place.folders[0]))


def _refuse_shared(told):
    """One learner's files of one sheet are copies, and none lie in two folders of several."""
    theirs = {}
    for place, name in told:  # one name may be typed on two systems
        theirs.setdefault(unicodedata.normalize("NFC", name), []).append(place)
    for name, group in theirs.items():
        other = next((each for each in group if each.passed != group[0].passed), None)
        if other:
            raise _shared(name, group[0].found, other.found)
        if len(group) > 1 and _crowded(group):
            known = Counter(each.sheet for each in group)
            shared = [each for each in group if known[each.sheet] > 1] or group
            raise _shared(name, shared[0].found, shared[-1].found)


def _unclear(found, folder, name):
    return Unclear(
        f"Whose is {words_for(found)}? Its folder says {one_line(folder)!r}, what is in there says "
        f"{one_line(name)!r}, and the other files do not tell. {say(found)}"
    )


def _shared(name, one, other):
    return Unclear(
        f"Are {words_for(one)} and {words_for(other)} two files of one learner, "
        f"{one_line(name)!r}, or of two? Nothing tells. {say(one, other)}"
    )


def say(one, other=None):
    """What to do about files: only what tells them apart is advised."""
    ways = []
    if not other or wanted_folder(one) != wanted_folder(other):
        ways.append("--learner-from folder (the first below the given one)")
    if not other or (one.stem != other.stem and not is_sheets(one.stem or "")):
        ways.append("--learner-from file")
    if example := _pattern(one, other):
        ways.append(f"a pattern of the path such as --learner-from {example!r}")
    if not ways:
        return "Nothing could: rename the files, or put each learner's into a folder of its own."
    return f"Say how to tell: {', '.join(ways[:-1])}{', or ' if ways[1:] else ''}{ways[-1]}."


def _pattern(one, other):
    """A pattern that fits both paths and stands for two names; "" where there is none."""
    names, others = (*one.folders, one.stem), (*other.folders, other.stem) if other else ()
    if other and (len(names) != len(others) or None in (one.stem, other.stem)):
        return ""
    differ = [n for n, (mine, its) in enumerate(zip_longest(names, others)) if mine != its]
    if not differ:
        return ""
    place = differ[0] if other else len(names) - 1
    parts = ["{learner}" if n == place else "*" for n in range(len(names))]
    return "/".join(parts) + ".ipynb"


# ---- names ----------------------------------------------------------------------------


def by_name(found):
    """The learner of a file right in the given folder: the file's name, or the folder's."""
    if found.stem and not is_sheets(found.stem):
        return found.stem
    return _root_name(found)


def _root_name(found):
    return without_zip(found.root.resolve().name)


def wanted_folder(found):
    """The first folder below the given one, if any."""
    return found.folders[0] if found.folders else by_name(found)


def words_for(found):
    """A file's path from the given folder, as it is shown."""
    return repr(one_line("/".join(found.inside)) or one_line(found.path.name))
