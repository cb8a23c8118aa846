"""Whose a file is, told by what differs between the paths of all that was handed in.

A folder is a learner's only if no two files of one sheet lie in it; folders that are called as a
week or a sheet is are nobody's. Where two readings are left, nothing is guessed.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import groupby
from typing import NamedTuple

from course import places
from course.grading.submissions import bears_name_of, first_copy, one_line

#: Folders that are called as a week or a sheet is, and that of nbgrader's, are no learner's.
_NO_LEARNER = re.compile(
    r"(week|wk|ps|hw|homework|problem[ _.-]*set|assignment|sheet|exercises?|ex|chapter|unit|lesson)"
    r"[ _.-]*\d+|submitted|submissions?",
    flags=re.IGNORECASE,
)


class Unclear(ValueError):
    """Nothing tells whose a file is; its text says which readings there are, and what to do."""


class _Place(NamedTuple):
    """A file on its way to a learner: `folders` are those that are still to be looked at."""

    number: int
    found: object
    sheet: str
    folders: tuple

    @property
    def unit(self):
        """The same for copies of one file in one folder, which have one owner."""
        folders, stem = self.found.folders, self.found.stem or ""
        return (self.found.root, *folders, first_copy(stem) if folders else stem)

    @property
    def next(self):
        """The next name on the way, of a folder or else of the file itself."""
        return self.folders[0] if self.folders else self.found.stem


def told_by_paths(found, sheets):
    """The learners' names of a list of `Found`, whose sheets are known or ""; errors: Unclear."""
    names = {}
    numbered = sorted(enumerate(found), key=lambda pair: str(pair[1].root))
    for _, group in groupby(numbered, key=lambda pair: str(pair[1].root)):
        mine = [
            _Place(n, each, sheets[n], tuple(f for f in each.folders if not _is_no_learner(f)))
            for n, each in group
        ]
        names |= _in_one_root(mine)
    every = [_Place(n, each, sheets[n], ()) for n, each in enumerate(found)]
    _refuse_shared(every, names, strictly=False)  # two folders that are given may know one name
    return [names[number] for number in range(len(found))]


def _in_one_root(mine):
    """Number -> name. A file of an unknown sheet may be of any, unless nothing is clear then."""
    try:
        return _names(mine, strictly=True)
    except Unclear as unclear:
        try:
            return _names(mine, strictly=False)
        except Unclear:
            raise unclear from None


def _names(mine, strictly):
    names, rest, inner = {}, mine, False
    while rest:
        names |= {each.number: _by_itself(each, inner) for each in rest if not each.folders}
        rest = sorted((each for each in rest if each.folders), key=lambda each: each.next)
        tops = {name: list(group) for name, group in groupby(rest, key=lambda each: each.next)}
        crowded = [name for name, group in tops.items() if _crowded(group, strictly)]
        if not crowded:
            names |= {each.number: name for name, group in tops.items() for each in group}
            break
        _refuse_loners(tops, crowded)
        rest, inner = [each._replace(folders=each.folders[1:]) for each in rest], True
    _refuse_shared(mine, names, strictly)
    return names


def _by_itself(place, inner):
    found = place.found
    if found.stem is None:
        return found.folders[-1] if found.folders else found.root.resolve().name
    if inner and is_sheets(found.stem):
        raise _unclear(found, found.folders[0], found.stem)
    return by_name(found)


def _crowded(group, strictly):
    """Whether several files of one sheet, no copies of each other, are in one folder."""
    units = {each.unit: each.sheet for each in group if not each.found.problem}
    known = [sheet for sheet in units.values() if sheet]
    unknown = len(units) - len(known)
    return len(set(known)) < len(known) or (strictly and unknown > 0 and len(units) > 1)


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
    return place._replace(folders=place.folders[1:]).next


def _refuse_shared(mine, names, strictly):
    """No two files of one sheet may come to one learner, unless one is a copy of the other."""
    theirs = {}
    for each in mine:
        if not each.found.problem:
            alike = unicodedata.normalize(
                "NFC", names[each.number]
            )  # one name, typed on two systems
            theirs.setdefault(alike, []).append(each)
    for name, group in theirs.items():
        if len(group) > 1 and _crowded(group, strictly):
            known = Counter(each.sheet for each in group)
            shared = [each for each in group if known[each.sheet] > 1] or group
            raise _shared(name, shared[0].found, shared[-1].found)


def _unclear(found, folder, name):
    return Unclear(
        f"Whose is {words_for(found)}? Its folder says {one_line(folder)!r}, what is in there says "
        f"{one_line(name)!r}, and the other files do not tell. {_say(found)}"
    )


def _shared(name, one, other):
    return Unclear(
        f"Are {words_for(one)} and {words_for(other)} two files of one learner, "
        f"{one_line(name)!r}, or of two? Nothing tells. {_say(other)}"
    )


def _say(found):
    stars = "/".join("*" for _ in found.folders)
    example = f"{stars}/{{learner}}.ipynb" if stars else "{learner}.ipynb"
    return (
        "Say how to tell: --learner-from folder (the first below the given one), "
        f"--learner-from file, or a pattern of the path such as --learner-from '{example}'."
    )


# ---- names ----------------------------------------------------------------------------


def by_name(found):
    """The learner of a file right in the given folder: the file's name, or the folder's."""
    if found.stem and not is_sheets(found.stem):
        return found.stem
    return found.root.resolve().name


@cache
def _is_no_learner(folder):
    return bool(_NO_LEARNER.fullmatch(folder)) or is_sheets(folder)


@cache
def is_sheets(stem):
    """Whether a name is that of a sheet, or of a copy of one."""
    return any(bears_name_of(sheet, stem) for sheet in places.sheets())


def words_for(found):
    """A file's path from the given folder, as it is shown."""
    return repr(one_line("/".join(found.inside)) or one_line(found.path.name))
