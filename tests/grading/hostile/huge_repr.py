# ruff: noqa (who is hostile keeps no rules)
"""Objects that cannot be shown in any sensible time."""


class Huge:
    def __repr__(self):
        return "x" * 10**9

    def __len__(self):
        return 10**9


def ball_step(*arguments):
    return Huge()


Huge()
