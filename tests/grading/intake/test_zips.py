"""Hostile zips: each is named with a reason, takes no time, and harms nothing beside it."""

import json
import os
import struct
import zipfile

import pytest

from course.grading.intake import zips
from course.grading.intake.entries import exists
from course.grading.notebook_file import Unreadable
from course.grading.papers import read_all
from tests.grading.sheet import submission

RIGHT = json.dumps(submission()).encode()


def zip_of(path, files, **options):
    """A zip with these (name or ZipInfo, bytes), and a right notebook by good beside them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files:
            archive.writestr(name, data)
        archive.writestr("good/x.ipynb", RIGHT)
    return path


def told(path):
    """Learners of all that is marked; and everything that is named, with its reason."""
    handed = read_all([path])
    marked = [paper.submission.learner for paper in handed.papers if paper.answers.sources]
    named = {p.submission.file: p.notes[0] for p in handed.papers if not p.answers.sources}
    named |= {file: why for left in handed.left.values() for file, why in left}
    return marked, named


def info(name, **fields):
    made = zipfile.ZipInfo(name)
    made.compress_type = zipfile.ZIP_DEFLATED
    for field, value in fields.items():
        setattr(made, field, value)
    return made


ODD = {
    "up": ("../../evil.ipynb", zips.OUTSIDE),
    "up within": ("a/../b.ipynb", zips.OUTSIDE),
    "absolute": ("/etc/evil.ipynb", zips.OUTSIDE),
    "a drive": ("C:/evil.ipynb", zips.OUTSIDE),
    "backslashes": ("..\\..\\evil.ipynb", zips.OUTSIDE),
    "nothing between": ("a//b.ipynb", zips.OUTSIDE),
    "a dot": ("./b.ipynb", zips.OUTSIDE),
    "long": ("n" * 300 + ".ipynb", zips.LONG),
    "deep": ("d/" * 40 + "x.ipynb", zips.TOO_DEEP),
    "a link": (info("link.ipynb", external_attr=0o120777 << 16), zips.LINK),
    "a zip": ("inner.zip", zips.NESTED),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_entry_is_named_and_not_read(tmp_path, kind):
    name, why = ODD[kind]
    deep = tmp_path / "in/here"
    deep.mkdir(parents=True)
    marked, named = told(zip_of(deep / "c.zip", [(name, RIGHT)]))
    assert marked == ["good"]
    assert list(named.values()) == [why]
    assert not list(tmp_path.glob("**/evil.ipynb"))


def test_a_bomb_is_named_and_the_rest_is_read(tmp_path):
    path = zip_of(tmp_path / "c.zip", [("bomb/x.ipynb", b"0" * 100_000_000)])
    assert path.stat().st_size < 200_000
    marked, named = told(path)
    assert marked == ["good"] and list(named.values()) == [zips.BOMB]


def test_many_files_that_are_a_bomb_together_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "LARGEST", 40_000_000)
    files = [(f"{n}/x.ipynb", b"0" * 4_000_000) for n in range(20)]
    with pytest.raises(Unreadable, match="as a zip bomb is; nothing of it was read"):
        zips.members(zip_of(tmp_path / "c.zip", files))


def test_too_many_files_are_refused_before_they_are_listed(tmp_path, monkeypatch):
    path = zip_of(tmp_path / "c.zip", [(f"{n}", b"") for n in range(200)])
    with monkeypatch.context() as patched:
        patched.setattr(zips, "MOST_FILES", 100)
        with pytest.raises(Unreadable, match="lists more than"):
            zips.members(path)
    zips._opened.cache_clear()
    monkeypatch.setattr(zips, "LARGEST_LIST", 5000)
    with pytest.raises(Unreadable, match="lists more than"):
        zips.members(path)


def test_files_upon_each_other_are_refused(tmp_path):
    """As in the bomb of one kernel that a thousand entries share."""
    data = bytearray(zip_of(tmp_path / "c.zip", [("a/x.ipynb", b"0" * 5_000_000)]).read_bytes())
    end = data.rfind(b"PK\x05\x06")
    size, start = struct.unpack("<II", data[end + 12 : end + 20])
    one = data[start : start + 46 + struct.unpack("<H", data[start + 28 : start + 30])[0]]
    many = one * 5000
    data[start : start + size] = many
    end = start + len(many)
    data[end + 8 : end + 16] = struct.pack("<HHI", 5000, 5000, len(many))
    (tmp_path / "d.zip").write_bytes(data)
    with pytest.raises(Unreadable, match="lie upon each other"):
        zips.members(tmp_path / "d.zip")


def patched(path, offset, value, form="<I"):
    """The first entry's field in the zip's list of files, overwritten."""
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + offset
    struct.pack_into(form, data, at, value)
    path.write_bytes(data)
    return path


LIES = {
    "smaller than it is": (24, 100, "<I", zips.DAMAGED),
    "its checksum": (16, 7, "<I", zips.DAMAGED),
    "larger than may be": (24, 300_000_000, "<I", zips.TOO_LARGE),
    "locked": (8, 1, "<H", zips.ENCRYPTED),
    "a strange method": (10, 14, "<H", zips.METHOD),
    "where it starts": (42, 10**8, "<I", zips.DAMAGED),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_list_says_falsely_costs_that_file_only(tmp_path, lie):
    offset, value, form, why = LIES[lie]
    path = patched(zip_of(tmp_path / "c.zip", [("bad/x.ipynb", RIGHT)]), offset, value, form)
    marked, named = told(path)
    assert marked == ["good"] and list(named.values()) == [why]


def test_two_files_of_one_name_are_one_that_is_not_read(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zip_of(tmp_path / "c.zip", [("twice/x.ipynb", RIGHT), ("twice/x.ipynb", b"{}")])
    marked, named = told(path)
    assert marked == ["good"] and list(named.values()) == [zips.TWICE]


def test_a_file_and_a_folder_of_one_name_are_both_there(tmp_path):
    path = zip_of(tmp_path / "c.zip", [("anna", b"text"), ("anna/x.ipynb", RIGHT)])
    marked, named = told(path)
    assert sorted(marked) == ["anna", "good"] and len(named) == 1


@pytest.mark.parametrize("size", [0, 3, 30, 300, 3000])
def test_a_zip_that_is_cut_off_or_none_is_one_line(tmp_path, size):
    whole = zip_of(tmp_path / "whole.zip", []).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:size] if size != 3 else b"%PDF")
    marked, named = told(tmp_path / "cut.zip")
    assert marked == [] and len(named) == 1
    assert "zip" in next(iter(named.values()))


@pytest.mark.parametrize("seed", range(60))
def test_whatever_byte_is_wrong_a_zip_is_read_or_named(tmp_path, seed):
    data = bytearray(zip_of(tmp_path / "c.zip", [("a/x.ipynb", RIGHT)]).read_bytes())
    listed = data.index(b"PK\x01\x02")
    at = listed + seed * (len(data) - listed) // 60  # the list of files, and its end
    data[at] ^= 0xFF
    (tmp_path / "c.zip").write_bytes(data)
    marked, named = told(tmp_path / "c.zip")
    assert marked or named


def test_a_list_that_claims_four_gigabytes_costs_no_memory(tmp_path):
    path = zip_of(tmp_path / "c.zip", [])
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, 0xFFFFFFF0)
    path.write_bytes(data)
    with pytest.raises(Unreadable):
        zips.members(path)


def test_names_in_utf_8_without_its_mark_are_read_as_such(tmp_path):
    raw = zip_of(tmp_path / "c.zip", [("Zo\u00eb/x.ipynb", RIGHT)]).read_bytes()
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(signature) + flags
        raw = raw[:at] + b"\0\0" + raw[at + 2 :]
    (tmp_path / "c.zip").write_bytes(raw)
    assert sorted(told(tmp_path / "c.zip")[0]) == ["Zo\u00eb", "good"]


def test_what_lies_in_a_zip_is_known_to_exist(tmp_path):
    path = zip_of(tmp_path / "c.zip", [])
    assert exists(path / "good/x.ipynb") and not exists(path / "good/y.ipynb")
    assert exists(path) and not exists(tmp_path / "d.zip/x.ipynb")


def test_no_more_zips_are_open_than_a_process_may_have(tmp_path):
    """A class in which each packed the notebook: they are opened one after the other."""
    (tmp_path / "in").mkdir()
    for n in range(60):
        zip_of(tmp_path / f"in/learner{n}.zip", [])
    before = len(os.listdir("/proc/self/fd"))
    assert len(read_all([tmp_path / "in"], learner_from="folder").papers) == 60
    assert len(os.listdir("/proc/self/fd")) <= before
