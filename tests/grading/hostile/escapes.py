# ruff: noqa (who is hostile keeps no rules)
"""Terminal codes and HTML in everything that a learner or a teacher reads."""

EVIL = "\x1b]0;evil\x07\x1b[31m<script>alert(1)</script>\x1b[2J\u202e"


def ball_step(*arguments):
    raise ValueError(EVIL)


print(EVIL)
raise type(EVIL, (Exception,), {})(EVIL)
