"""How long a chapter takes to its first figure, from the start of its kernel.

python -m course.bench.first_figure NOTEBOOK
"""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def seconds(path, limit=600):
    """Run a notebook, cell by cell, until one shows a picture; returns the seconds till then.

    limit:  seconds for one cell.
    Errors: ValueError for a notebook that shows none; CellExecutionError where a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(Path(path).parent)}}
    client = NotebookClient(notebook, timeout=limit, kernel_name="python3", resources=where)
    begin = time.perf_counter()
    with client.setup_kernel():
        for at, cell in enumerate(notebook.cells):
            client.execute_cell(cell, at)
            if any("image/png" in output.get("data", ()) for output in cell.get("outputs", ())):
                return time.perf_counter() - begin
    raise ValueError(f"{path} shows no figure.")


if __name__ == "__main__":
    print(seconds(sys.argv[1]))
