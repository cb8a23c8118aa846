"""Whose a file is: told by what differs between the paths, or by what the teacher says.

Two learners are never made one. Where a path can be read in two ways, nothing is guessed: it is
refused, and the sentence says how to tell.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from hashlib import sha256

from course.grading.learners_by_path import (
    Unclear,
    say,
    told_by_paths,
    wanted_folder,
    words_for,
)
from course.grading.submissions import is_sheets, one_line

FOLDER, FILE = "folder", "file"


def learners(found, sheets, wanted="", origins=None):
    """The learners of files, in order, as they are called in every report.

    found:  a list of `submissions.Found`; sheets: the whole name of each one's sheet, or "".
    wanted: "folder" (the first below the given folder), "file" (its name), a pattern of the path
            from the given folder in which {learner} stands once, as short as it can be, * for any
            part of a name and # for a number, or "": what differs tells.
    origins: of each, the `intake.origin.Origin` by which a platform's download names it, or None.
    Errors: Unclear; ValueError for a pattern that is none, or that a path does not fit.
    """
    if wanted in (FOLDER, FILE):
        names = [_wanted(each, wanted) for each in found]
        _refuse_name_of_sheet(names, found)
    elif wanted:
        names = _all_matched(found, wanted)
    else:
        names = _by_origins(found, sheets, origins or [None] * len(found))
    return _shown(names)


def refuse_nonsense(wanted):
    """Refuse what is no way to tell learners; errors: ValueError."""
    if wanted not in ("", FOLDER, FILE) and wanted.count("{learner}") != 1:
        raise ValueError(
            "learner-from must be folder, file, or a pattern in which {learner} stands once, such "
            f"as '{{learner}}/*.ipynb'; got {wanted!r}."
        )


# ---- told by a platform's download ----------------------------------------------------


def _by_origins(found, sheets, origins):
    rest = [n for n, origin in enumerate(origins) if origin is None]
    told = told_by_paths([found[n] for n in rest], [sheets[n] for n in rest])
    names = dict(zip(rest, told))
    theirs = {o.learner.casefold(): each for o, each in zip(origins, found) if o is not None}
    for name, n in zip(told, rest):
        if name.casefold() in theirs:
            raise _unclear_beside(found[n], theirs[name.casefold()], name)
    return [names[n] if origin is None else origin.learner for n, origin in enumerate(origins)]


def _unclear_beside(file, other, name):
    """Nobody's file comes to a learner of a download because it is called as that learner is."""
    return Unclear(
        f"Is {words_for(file)} by the learner of {words_for(other)}, or by another one called "
        f"{one_line(name)!r}? Nothing tells: rename the file."
    )


# ---- said by the teacher --------------------------------------------------------------


def _wanted(found, how):
    if how == FILE and found.stem is not None:
        return found.stem
    return wanted_folder(found)


def _refuse_name_of_sheet(names, found):
    for name, number in Counter(names).items():
        if number > 1 and is_sheets(name):
            files = [each for each, mine in zip(found, names) if mine == name]
            raise Unclear(
                f"{words_for(files[0])} is called as the sheet is, which tells no learner. "
                f"{say(files[0], files[-1])}"
            )


def _all_matched(found, pattern):
    """The learners by a pattern; where it can be read in two ways, {learner} is the shorter one.

    Errors: Unclear where that makes one learner of files that the longer one tells apart.
    """
    names, readings = [_matched(each, pattern) for each in found], {}
    for each, name in zip(found, names):
        longest = _matched(each, pattern, longest=True)
        readings.setdefault(name, {}).setdefault(longest, each)
    for name, files in readings.items():
        if len(files) > 1:
            (one, first), (other, second), *_ = files.items()
            raise Unclear(
                f"By --learner-from {pattern!r}, {words_for(first)} and {words_for(second)} are "
                f"both by {one_line(name)!r}, or by {one_line(one)!r} and {one_line(other)!r}. "
                "Write it so that it can be read in one way (# is a number, as in "
                "'{learner}_#_*.ipynb'), or rename the files."
            )
    return names


def _matched(found, pattern, longest=False):
    names = found.inside
    if found.stem is not None and found.path.suffix != ".ipynb":  # x.ipynb.json, x.IPYNB
        names = (*found.folders, f"{found.stem}.ipynb")
    for each in (found.inside, names):
        if match := _compiled(pattern, None, longest).fullmatch("/".join(each)):
            return match["learner"]
    if found.problem:  # a folder, or a link: it need not lead all the way
        match = _compiled(pattern, len(found.inside), longest).fullmatch("/".join(found.inside))
        return (match and match.groupdict().get("learner")) or _wanted(found, FILE)
    raise ValueError(
        f"{words_for(found)}, as its path is from the given folder, does not fit --learner-from "
        f"{pattern!r}."
    )


@cache
def _compiled(pattern, depth, longest):
    """The pattern as a regular expression, or its first names only.

    longest: whether {learner} is as long as it can be, not as short.
    """
    parts = pattern.strip("/").split("/")[:depth]
    text = re.escape("/".join(parts)).replace(r"\#", "[0-9]+")
    text = text.replace(r"\*", "[^/]*?" if longest else "[^/]*")
    name = "[^/]+" if longest else "[^/]+?"
    return re.compile(text.replace(r"\{learner\}", f"(?P<learner>{name})"), flags=re.IGNORECASE)


# ---- names ----------------------------------------------------------------------------


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
