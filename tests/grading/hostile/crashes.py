# ruff: noqa (who is hostile keeps no rules)
"""The interpreter crashes."""

import ctypes


def ball_step(*arguments):
    ctypes.string_at(0)


ctypes.string_at(1)
