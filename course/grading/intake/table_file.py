"""A table that somebody saved, in whatever way spreadsheets do: its rows, or a sentence."""

import csv
import io
import re

LARGEST = 20_000_000  # bytes


def read_table(path):
    """The rows of a table of commas, semicolons or tabs, without the empty ones; lists of texts.

    Errors: ValueError for a file that cannot be read, or is no table.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as problem:
        raise ValueError(f"{path} cannot be read: {problem.strerror}.") from None
    if len(data) > LARGEST:
        raise ValueError(f"{path} is larger than {LARGEST / 1e6:.0f} MB, the most that is read.")
    return _rows(_text(data), path)


def _text(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # as spreadsheets in Western Europe save it
        return data.decode("cp1252", "replace")


def _rows(text, path):
    said = re.match(r"\s*sep=([,;\t])\s*?\r?\n", text, re.IGNORECASE)  # spreadsheets can write it
    text = text[said.end() :] if said else text
    # A head in quotes may hold what stands between others: "Last name, first name";ID
    first = re.sub(r'"[^"]*"', "", text.lstrip()).partition("\n")[0]
    mark = said[1] if said else max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", " "), newline=""), delimiter=mark))
    except csv.Error as problem:
        raise ValueError(f"{path} cannot be read as a table: {problem}.") from None
    return [row for row in rows if any(cell.strip() for cell in row)]
