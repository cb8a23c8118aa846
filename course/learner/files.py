"""Notebooks and records on the disk: read, written whole or not at all, and refused in words."""

import contextlib
import hashlib
import json
import os
from pathlib import Path


class Refused(Exception):
    """What cannot be done, as a sentence for the person who asked; no work of theirs changed."""


def read(path):
    """A notebook as a dictionary.

    Errors: Refused for a file that is missing or is no notebook.
    """
    with refusing(f"read {path}"):
        text = Path(path).read_text("utf-8", errors="replace")
    try:
        notebook = json.loads(text)
        digest(notebook)
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Refused(f"{path} is no notebook that can be read.") from None
    return notebook


def digest(notebook):
    """A digest of the cells' types and sources only, so that running a notebook changes nothing."""
    cells = [[cell["cell_type"], "".join(cell["source"])] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def digest_of_file(path):
    """The digest of a notebook, of whatever else lies there, or None where nothing does."""
    if not os.path.exists(path):
        return None
    try:
        return digest(read(path))
    except Refused:
        return "not a notebook"


def load(copy, what):
    """A record of the copy, "manifest", "progress" or "hints"; empty where it can't be read."""
    try:
        record = json.loads((Path(copy) / f".course/{what}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def save(copy, what, record):
    """Write a record of the copy."""
    write(Path(copy) / f".course/{what}.json", record)


def write(path, content):
    """Write a dictionary as JSON, whole or not at all.

    Errors: Refused where it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    with refusing(f"write {path}", " Choose a folder where you can write."):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8", newline="\n")
            os.replace(part, path)
        finally:
            with contextlib.suppress(OSError):
                part.unlink()


@contextlib.contextmanager
def refusing(what, advice=""):
    """Turn the system's refusal into a sentence."""
    try:
        yield
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise Refused(f"Cannot {what}: {why}.{advice}") from None
