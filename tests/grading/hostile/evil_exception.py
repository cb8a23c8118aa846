# ruff: noqa (who is hostile keeps no rules)
"""An exception whose text raises, has no end, or never comes."""


class Evil(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def ball_step(*arguments):
    raise Evil


raise Evil
