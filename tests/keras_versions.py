"""What to ask pip for: `python -m tests.keras_versions oldest` or `newest`."""

import re
import sys
from pathlib import Path

PROJECT = (Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8")


def wanted(which):
    """Requirements of Keras and TensorFlow: the oldest that pyproject.toml allows, or any newer."""
    floors = re.findall(r'"(keras|tensorflow)>=([\d.]+)"', PROJECT)
    sign = {"oldest": "==", "newest": ">="}[which]
    return sorted({f"{name}{sign}{floor}" for name, floor in floors})


if __name__ == "__main__":
    print(*wanted(sys.argv[1]))
