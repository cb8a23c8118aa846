"""nbval's own comparison of outputs, without a notebook file and a kernel around it."""

from functools import cache
from types import SimpleNamespace

# What nbval's IPyNbFile leaves out of a comparison; a test holds this equal to its own list.
SKIPPED = (
    "metadata",
    "traceback",
    "prompt_number",
    "output_type",
    "name",
    "execution_count",
    "application/vnd.jupyter.widget-view+json",
    "image/png",
    "image/jpeg",
)
ROOM = 1000  # characters that an output may be longer than twice what is expected


def same(outputs, expected):
    """Whether nbval would let a cell pass that has these outputs where it expects the others.

    outputs, expected: lists of outputs, dictionaries in the notebook format.
    """
    if any(output["output_type"] == "error" for output in outputs):
        return False  # nbval does not come to comparing
    # Its patterns take the square of a text's length, and what is expected is never long.
    if _length(outputs) > 2 * _length(expected) + ROOM:
        return False
    from nbformat import from_dict
    from nbval.plugin import coalesce_streams

    both = [coalesce_streams([from_dict(each) for each in side]) for side in (outputs, expected)]
    return _cell().compare_outputs(*both)


def _length(outputs):
    texts = ((each.get("text", ""), *each.get("data", {}).values()) for each in outputs)
    return sum(len(text) for each in texts for text in each)


@cache
def _cell():
    """A cell of nbval's that can compare, and do nothing else."""
    from nbval.plugin import IPyNbCell, nocolors

    class Cell(IPyNbCell):
        def format_output_compare(self, key, left, right):
            """Nobody reads this."""

    cell = object.__new__(Cell)  # pytest makes one only inside a running session
    cell.parent = SimpleNamespace(sanitize_patterns={}, skip_compare=SKIPPED)
    cell.colors = nocolors
    return cell
