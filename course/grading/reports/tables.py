"""Tables as text, in which no cell can be taken for a formula, however a spreadsheet splits."""

import csv
import io
import re

# A spreadsheet may split at commas, semicolons or tabs, and drop quotes, whatever we meant. What
# stands before a sign is taken in one go, so that no text takes longer than its length.
_SIGN = re.compile(r"""((?:^|[,;\t\r\n"'])[\s,;"']*+)([=+\-@\uff1d\uff0b\uff0d\uff20]?)""")


def csv_text(head, rows):
    """A table as CSV: its head, and rows of texts and numbers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in (head, *rows):
        writer.writerow(map(no_formula, row))
    return text.getvalue()


def no_formula(value):
    """A cell as it is written: a text with a sign before what could begin a formula."""
    return _SIGN.sub(_guarded, value) if isinstance(value, str) else value


def _guarded(match):
    before, sign = match.groups()
    spaces = len(before) - len(before.rstrip(" \xa0\u3000"))
    return (
        f"{before[: len(before) - spaces]}'{before[len(before) - spaces :]}{sign}"
        if sign
        else before
    )
