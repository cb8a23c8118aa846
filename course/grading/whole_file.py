"""A file that is written whole or not at all, so that a reader never meets half of one."""

import os
from pathlib import Path


def write(path, text):
    """Put text (as UTF-8) or bytes in a file, in place of what it held; errors: OSError."""
    path = Path(path)
    half = path.with_name(f"{path.name}.part")
    half.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    os.replace(half, path)
