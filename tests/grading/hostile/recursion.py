# ruff: noqa (who is hostile keeps no rules)
"""A recursion as deep as the stack, and deeper."""

import sys

sys.setrecursionlimit(10**9)


def ball_step(*arguments):
    return ball_step(*arguments)


def deep(level):
    return deep(level + 1)


deep(0)
