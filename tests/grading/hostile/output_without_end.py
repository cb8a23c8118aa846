# ruff: noqa (who is hostile keeps no rules)
"""Output that never ends, past Python."""

import os

while True:
    try:
        os.write(1, b"x" * 65536)
    except OSError:
        pass
