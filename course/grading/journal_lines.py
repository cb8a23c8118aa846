"""The lines of a journal: how one is written, and which in a file are as they were written.

A line is JSON that ends with its number "n" and a checksum "sum" of all that stands before it, and
of the name of its marking, which the first line gives; so no line of another marking fits. No line
is parsed before its checksum fits, so whatever else a file holds is found, and harms nothing.
"""

import hashlib
import json
import math
import re

LONGEST = 10_000_000  # bytes of one line
NEVER_WRITTEN = b" never written"  # the end of a half line, put there by whoever goes on
_END = re.compile(rb',"n":([1-9]\d{0,14}),"sum":"([0-9a-f]{16})"\}\Z')

_NUMBER, _TEXT_OR_NONE = (int, float), (str, type(None))
_TASK = {"task": str, "title": str, "of": _NUMBER, "passed": bool, "words": str}
_TASK |= {"seconds": _NUMBER, "because": str, "notes": [str]}
_MARKED = {"key": str, "learner": str, "file": str, "path": str, "sheet": str, "digest": str}
_MARKED |= {"notes": [str], "tasks": [_TASK]}
_BEGUN = {"format": int, "name": str, "seed": int, "limit": _NUMBER, "memory": int}
_BEGUN |= {"sheet": str, "learner_from": str, "confinement": _TEXT_OR_NONE, "versions": dict}
_BY_HAND = {"learner": str, "task": str, "points": (*_NUMBER, type(None)), "file": str}

_ORIGIN = {"platform": str, "name": str, "id": str, "late": bool, "attempt": int}
_ORIGIN |= {"number": int, "at": str}
_PERSON = {"name": str, "first": str, "last": str, "id": str, "login": str, "email": str}
_PERSON |= {"platform_id": str, "section": str, "platform": str}
_PERSON |= {"at": str, "late": bool}

#: A line's "what" -> what it must hold: a list of one for a list of such, of more for just these.
SHAPES = {
    "begun": _BEGUN,
    "marked": _MARKED,
    "not marked": _MARKED | {"why": str},
    "by hand": _BY_HAND | {"reason": str, "by": str, "on": str},
    "left": {"root": str, "left": [[str, str]]},
    "gone": {"gone": [[str, str, str]]},
    "counts": {"keep": str, "due": str},
    "handed in": {"learner": str, "file": str, "origin": _ORIGIN},
    "class list": {"people": [_PERSON], "heads": [str]},
}
#: What a line may hold besides.
MORE = {"problem": [str], "said": [str], "confinement": str, "only": str, "goes_on": bool}
MORE |= {"keep": str, "due": str, "origin": _ORIGIN}


def parts(line):
    """The lines as which one line is written: a long list of files is split over several.

    Those after the first say "goes_on"; where it matters, `Reading` puts them together again.
    """
    files = line.get(line["what"]) if line["what"] in ("left", "gone") else None
    if not files or len(files) < 2 or len(json.dumps(line)) < LONGEST // 2:
        yield line
        return
    half, name = len(files) // 2, line["what"]
    yield from parts(line | {name: files[:half]})
    yield from parts(line | {name: files[half:], "goes_on": True})


def looks_like_ours(text):
    """Whether a line ends as one of a journal does, whatever its checksum."""
    return bool(_END.search(text.removesuffix(b"\n")))


def written(line, number, marking=""):
    """A line as bytes, with its number, its checksum, and the newline.

    marking: the name of its marking; "" for the first line, which gives it.
    Errors: ValueError where `Reading` would not take it.
    """
    numbered = {name: value for name, value in line.items() if name not in ("n", "sum")}
    text = json.dumps(numbered | {"n": number}, separators=(",", ":"))[:-1].encode("ascii")
    data = text + b',"sum":"' + _sum(text, marking) + b'"}\n'
    if len(data) > LONGEST or not _checked(data[:-1], marking):
        raise ValueError(
            f"A line of the journal holds at most {LONGEST} bytes of what its kind must hold; got "
            f"{len(data)} bytes of {line['what']!r}, so nothing was written. Make it shorter."
        )
    return data


class Reading:
    """A journal that is being read, line by line.

    lines:   those that are as they were written, in the order in which they were.
    next:    the number of the line that comes next.
    marking: the name of the marking, "" before its first line was read.
    """

    def __init__(self):
        self.first, self._count, self._good, self._bad = b"", 0, {}, []
        self._twice, self._other, self._turned, self.marking = [], [], False, ""

    def take(self, text):
        """Take the next line of the file, as bytes; a last one may lack its newline."""
        self._count += 1
        self.first = self.first or text
        body = text.removesuffix(b"\n").removesuffix(NEVER_WRITTEN)
        half = not text.endswith(b"\n") or text.endswith(NEVER_WRITTEN + b"\n")
        found = _checked(body, self.marking) if len(text) <= LONGEST else None
        if found:
            self._keep(*found)
        elif len(text) > LONGEST or (body.strip() and not half):
            self._bad.append(self._count)

    def _keep(self, number, line):
        same = self._good.setdefault(number, [])
        if line in same:
            self._twice.append(self._count)
            return
        if same:
            self._other.append(self._count)
        if line["what"] == "begun":
            self.marking = line["name"]
        self._turned = self._turned or number < max(self._good)
        same.append(line)

    @property
    def lines(self):
        """The lines, by their numbers; two of one number as they stand in the file."""
        found, left = [], {}
        for line in (line for number in sorted(self._good) for line in self._good[number]):
            if line["what"] == "left" and line.get("goes_on") and line["root"] in left:
                left[line["root"]]["left"] += line["left"]
                continue
            if line["what"] == "left":
                line = left[line["root"]] = line | {"left": list(line["left"])}
            found.append(line)
        return found

    @property
    def next(self):
        """The number of the line that comes next; those that were damaged count."""
        return max(self._good, default=0) + 1

    def damage(self, name):
        """Sentences on what cannot be what was written; `name` is the file's."""
        made = "; if it was a decision by hand, make that again"
        for number in self._bad:
            yield f"Line {number} of {name} is damaged and was left out{made}."
        for number in self._twice:
            yield f"Line {number} of {name} repeats an earlier one and was left out."
        for number in self._other:
            yield (
                f"Line {number} of {name} has the number of an earlier one that says something "
                "else; both count. Look whether two copies of this journal were put together."
            )
        if self._turned:
            yield f"The lines of {name} are out of order; they were read by their numbers."
        missing = self.next - 1 - len(self._good) - len(self._bad)
        if missing > 0:
            what = "a line that was" if missing == 1 else f"{missing} lines that were"
            yield f"{name} lacks {what} written{made}."


def _checked(text, marking):
    """A line's number and the line, without these two and its checksum; None if it is not ours."""
    end = _END.search(text, max(0, len(text) - 60))
    body = end and text[: end.start(2) - len(b',"sum":"')]
    if not end or _sum(body, marking) != end[2]:
        return None
    try:
        line = json.loads(body + b"}")
    except (ValueError, RecursionError):
        return None
    return (line.pop("n"), line) if _is_ours(line) else None


def _is_ours(line):
    """Whether a line holds what its kind must; also one that was made up, checksum and all."""
    what = line.get("what") if isinstance(line, dict) else None
    if not isinstance(what, str):
        return False
    more = {name: shape for name, shape in MORE.items() if name in line}
    return _fits(line, more | SHAPES.get(what, {}))


def _fits(value, shape):
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            name in value and _fits(value[name], inner) for name, inner in shape.items()
        )
    if isinstance(shape, list):
        if not isinstance(value, list) or len(shape) not in (1, len(value)):
            return False
        return all(map(_fits, value, shape if len(shape) > 1 else shape * len(value)))
    return isinstance(value, shape) and not (isinstance(value, float) and not math.isfinite(value))


def _sum(text, marking):
    return (
        hashlib.sha256(marking.encode("utf-8", "replace") + text).hexdigest()[:16].encode("ascii")
    )
