"""Whose a file is: told by what differs between the paths, or by what the teacher says.

Two learners are never made one. Where a path can be read in two ways, nothing is guessed: it is
refused, and the sentence says how to tell.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from course import places
from course.grading.submissions import bears_name_of, first_copy, one_line

FOLDER, FILE = "folder", "file"
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


def learners(found, sheets, wanted=""):
    """The learners of files, in order, as they are called in every report.

    found:  a list of `submissions.Found`; sheets: the whole name of each one's sheet, or "".
    wanted: "folder" (the first below the given folder), "file" (its name), a pattern of the path
            from the given folder in which {learner} stands once and * for any part of a name, or
            "": what differs tells.
    Errors: Unclear; ValueError for a pattern that is none, or that a path does not fit.
    """
    if wanted in (FOLDER, FILE):
        names = [_wanted(each, wanted) for each in found]
        _refuse_name_of_sheet(names, found)
    elif wanted:
        names = [_matched(each, wanted) for each in found]
    else:
        names = _told_by_structure(found, sheets)
    return _shown(names)


def refuse_nonsense(wanted):
    """Refuse what is no way to tell learners; errors: ValueError."""
    if wanted not in ("", FOLDER, FILE) and wanted.count("{learner}") != 1:
        raise ValueError(
            "learner-from must be folder, file, or a pattern in which {learner} stands once, such "
            f"as '{{learner}}/*.ipynb'; got {wanted!r}."
        )


# ---- said by the teacher --------------------------------------------------------------


def _wanted(found, how):
    if how == FILE and found.stem is not None:
        return found.stem
    return found.folders[0] if found.folders else _outside(found)


def _outside(found):
    """The learner of a file right in the given folder: the file's name, or the folder's."""
    if found.stem and not _is_sheets(found.stem):
        return found.stem
    return found.root.resolve().name


def _refuse_name_of_sheet(names, found):
    for name, number in Counter(names).items():
        if number > 1 and _is_sheets(name):
            file = next(each for each, mine in zip(found, names) if mine == name)
            raise Unclear(
                f"{_file(file)} is called as the sheet is, which tells no learner. "
                "Say --learner-from folder, or a pattern of its path with {learner} in it."
            )


def _matched(found, pattern):
    names = found.inside
    if found.stem is not None and found.path.suffix != ".ipynb":  # x.ipynb.json, x.IPYNB
        names = (*found.folders, f"{found.stem}.ipynb")
    for each in (found.inside, names):
        if match := _compiled(pattern, None).fullmatch("/".join(each)):
            return match["learner"]
    if found.problem:  # a folder, or a link: it need not lead all the way
        match = _compiled(pattern, len(found.inside)).fullmatch("/".join(found.inside))
        return (match and match.groupdict().get("learner")) or _wanted(found, FILE)
    raise ValueError(
        f"{_file(found)} does not fit --learner-from {pattern!r}: from the given folder, its path "
        f"is {one_line('/'.join(found.inside))!r}."
    )


@cache
def _compiled(pattern, depth):
    """The pattern as a regular expression, or its first names only."""
    parts = pattern.strip("/").split("/")[:depth]
    text = re.escape("/".join(parts)).replace(r"\*", "[^/]*")
    return re.compile(text.replace(r"\{learner\}", "(?P<learner>[^/]+)"), flags=re.IGNORECASE)


# ---- told by what differs -------------------------------------------------------------


def _told_by_structure(found, sheets):
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
    if inner and _is_sheets(found.stem):
        raise _unclear(found, found.folders[0], found.stem)
    return _outside(found)


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
    by_name = {}
    for each in mine:
        if not each.found.problem:
            by_name.setdefault(names[each.number], []).append(each)
    for name, group in by_name.items():
        if len(group) > 1 and _crowded(group, strictly):
            known = Counter(each.sheet for each in group)
            shared = [each for each in group if known[each.sheet] > 1] or group
            raise _shared(name, shared[0].found, shared[-1].found)


def _unclear(found, folder, name):
    return Unclear(
        f"Whose is {_file(found)}? By its folder it is {one_line(folder)!r}'s, by what is in there "
        f"{one_line(name)!r}'s, and the other files do not tell. {_say(found)}"
    )


def _shared(name, one, other):
    return Unclear(
        f"Are {_file(one)} and {_file(other)} two files of one learner, {one_line(name)!r}, or of "
        f"two? Nothing tells. {_say(other)}"
    )


def _say(found):
    stars = "/".join("*" for _ in found.folders)
    example = f"{stars}/{{learner}}.ipynb" if stars else "{learner}.ipynb"
    return (
        "Say how to tell: --learner-from folder (the first below the given one), "
        f"--learner-from file, or a pattern of the path such as --learner-from '{example}'."
    )


# ---- names ----------------------------------------------------------------------------


@cache
def _is_no_learner(folder):
    return bool(_NO_LEARNER.fullmatch(folder)) or _is_sheets(folder)


@cache
def _is_sheets(stem):
    return any(bears_name_of(sheet, stem) for sheet in places.sheets())


def _file(found):
    return repr(one_line("/".join(found.inside)) or one_line(found.path.name))


def _shown(names):
    """Names as they can be shown anywhere, of which no two that differ look alike."""
    plain = {raw: unicodedata.normalize("NFC", one_line(raw)) or "(no name)" for raw in names}
    kept = {}  # where two look alike, the one that is as it looks keeps its name
    for raw in sorted(plain, key=lambda raw: (raw != plain[raw], raw)):
        kept.setdefault(plain[raw], raw)
    return [
        plain[raw] if _alike(raw, kept[plain[raw]]) else f"{plain[raw]} ({_digest(raw)})"
        for raw in names
    ]


def _alike(one, other):
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _digest(raw):
    return sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:6]
