"""A zip read where it lies: nothing is unpacked to disk, and whatever it holds, reading it ends.

Nothing that a zip says of itself is believed: names may lead anywhere, sizes may be false, parts
may lie upon each other. What cannot be read safely is named with a reason, and the rest is read.
"""

import io
import re
import stat
import zlib
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from course.grading.notebook_file import HEAD, LARGEST_FILE, Unreadable

MOST_FILES = 20_000
LARGEST_LIST = 8_000_000  # bytes of a zip's list of files; in memory it takes ten times that
LARGEST = 2_000_000_000  # bytes of all files, where they are packed more tightly than USUAL
USUAL, TIGHTEST = 20, 250  # times smaller: most notebooks, and what none is
SMALL = 5_000_000  # bytes that do no harm, however tightly they are packed
CHUNK = 1_000_000  # bytes that are unpacked at once
LONGEST_NAME = 255  # characters of a file's or a folder's name
DEEPEST = 20  # folders in folders

LINK = "It is a symbolic link, which is not followed."
NESTED = "It is a zip within a zip, which is not opened. Unpack it first."
ENCRYPTED = "It is locked with a password. Take that away and pack it again."
OUTSIDE = "Its name leads out of the zip, so it was not read."
TWICE = "The zip has several files of this one name, and nothing tells which one counts."
LONG = f"Its name, or a folder's, is longer than {LONGEST_NAME} characters."
TOO_DEEP = f"More than {DEEPEST} folders lie in each other here; it was not read."
METHOD = "It is packed in a way that is not read. Pack it again as an ordinary zip."
BOMB = f"It is packed more than {TIGHTEST} times smaller, as no notebook is, so it was not read."
TOO_LARGE = f"It is larger than {LARGEST_FILE / 1e6:.0f} MB, the most that is read."
DAMAGED = "The zip is damaged here, or says something false of itself."


class Member(NamedTuple):
    """A file or an empty folder in a zip.

    names:   of the folders that lead to it, and its own.
    problem: why it is not read, "" where it is.
    """

    archive: Path
    info: ZipInfo
    names: tuple
    problem: str = ""

    @property
    def is_folder(self):
        """Whether it is a folder that the zip lists by itself."""
        return self.info.is_dir()

    def read(self, most=LARGEST_FILE):
        """Its first bytes, `most` of them at the most; errors: Unreadable."""
        if self.problem:
            raise Unreadable(self.problem)
        try:
            with _opened(self.archive, *_state(self.archive)).open(self.info) as file:
                return b"".join(_chunks(file, most))
        except (BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
            raise Unreadable(DAMAGED) from None
        except OSError as problem:
            raise Unreadable(f"It cannot be read: {problem.strerror or DAMAGED}") from None

    def head(self):
        """The first bytes, by which a file is known; errors: Unreadable."""
        return self.read(HEAD)

    @property
    def at(self):
        """When it was last saved, as `origin.Origin` has it; "" where the zip has no such day."""
        year, month, day, hour, minute, second = self.info.date_time
        if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
            return ""
        made_up = (year, month, day) == (1980, 1, 1)  # what stands there where nobody wrote a time
        clock = f"T{hour:02}:{minute:02}:{second:02}"
        return "" if made_up else f"{year:04}-{month:02}-{day:02}{clock}"


def _chunks(file, most):
    while most > 0 and (data := file.read(min(most, CHUNK))):
        most -= len(data)
        yield data


def is_zip(path):
    """Whether a path is that of an ordinary file that is called a zip."""
    try:
        return path.suffix.lower() == ".zip" and stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def members(path):
    """All `Member`s of a zip, in its order.

    Errors: Unreadable, with a sentence on the zip as a whole.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if not start:
            raise Unreadable("It is an empty file, not a zip.")
        if not start.startswith(b"PK"):
            raise Unreadable("It is called a zip, but it is none.")
        infos = _opened(path, *_state(path)).infolist()
    except _TooLong:
        raise Unreadable(_TOO_MANY) from None
    except (BadZipFile, ValueError, NotImplementedError, EOFError, RuntimeError):
        raise Unreadable("The zip is damaged; it cannot be opened.") from None
    except OSError as problem:
        raise Unreadable(f"The zip cannot be read: {problem.strerror}.") from None
    _refuse_bombs(infos, path.stat().st_size)
    found = [Member(path, info, _names(info), _problem(info)) for info in infos]
    return list(_told_twice(found))


_TOO_MANY = f"The zip lists more than {MOST_FILES} files, the most that is read."


def _refuse_bombs(infos, size):
    """Refuse a zip whose files are too many or too much, or lie upon each other."""
    if len(infos) > MOST_FILES:
        raise Unreadable(_TOO_MANY)
    packed = sum(info.compress_size for info in infos)
    whole = sum(info.file_size for info in infos)
    if packed > size:
        raise Unreadable("Files in this zip lie upon each other, as in a zip bomb; none was read.")
    if whole > max(LARGEST, USUAL * packed):
        raise Unreadable(
            f"This zip would be {whole / 1e9:.1f} GB unpacked, from {packed / 1e6:.1f} MB, as a "
            "zip bomb is; nothing of it was read."
        )


def _names(info):
    """The parts of its path; one that leads out of the zip has ".." or "" among them."""
    name = info.filename
    if not info.flag_bits & 0x800:  # no mark of UTF-8: some write it all the same
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return tuple(name.replace("\\", "/").removesuffix("/").split("/"))


def _problem(info):
    names, size, packed = _names(info), info.file_size, info.compress_size
    problems = {
        OUTSIDE: {"", ".", ".."} & {*names} or re.match(r"[A-Za-z]:", names[0]),
        LONG: any(len(name) > LONGEST_NAME for name in names),
        TOO_DEEP: len(names) > DEEPEST + 1,
        LINK: stat.S_ISLNK(info.external_attr >> 16),
        ENCRYPTED: info.flag_bits & 1,
        METHOD: info.compress_type not in (ZIP_STORED, ZIP_DEFLATED),
        TOO_LARGE: size > LARGEST_FILE,
        BOMB: size > SMALL and size > TIGHTEST * packed,
    }
    return next((words for words, is_so in problems.items() if is_so), "")


def _told_twice(found):
    """The members, those of one name as one with a reason why it is not read."""
    by_name = {}
    for member in found:
        by_name.setdefault(member.names, []).append(member)
    for same in by_name.values():
        files = [member for member in same if not member.is_folder] or same[:1]
        yield files[0] if len(files) == 1 else files[0]._replace(problem=TWICE)


# ---- opening --------------------------------------------------------------------------


class _TooLong(Exception):
    """The list of files is longer than is read."""


class _Bounded(io.BufferedReader):
    """A file of which no more is read at once than the longest list of files may have.

    `ZipFile` reads the whole list at once, and makes objects of all of it, before it can be asked.
    """

    def read(self, size=-1):
        """Read, but not that much."""
        if size is None or size > LARGEST_LIST:
            raise _TooLong
        data = super().read(LARGEST_LIST + 1 if size < 0 else size)
        if len(data) > LARGEST_LIST:
            raise _TooLong
        return data


def _state(path):
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)  # files are read zip by zip, and a class can bring more than may be open
def _opened(path, *_state):
    return ZipFile(_Bounded(io.FileIO(path)))


@contextmanager
def closed_after():
    """Close, at the end, the zips that were opened meanwhile."""
    try:
        yield
    finally:
        _opened.cache_clear()
